/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Fields that IOAPIC entries and the data of messages have in common (Intel SDM vol. 3, 11.11.2).
 */
#ifndef ASM_INTERRUPT_H
#define ASM_INTERRUPT_H

#include <hypervisor/base.h>

struct cell;

#define MSI_LOGICAL      0x04 /* in the address of a message */
#define INTERRUPT_VECTOR 0x0ff
#define INTERRUPT_MODE   0x700 /* delivery mode: 0 fixed */
#define INTERRUPT_LOWEST 0x100
#define INTERRUPT_FIRST  16 /* lower vectors are those of exceptions */

/*
 * May an interrupt with this data go from a device of the cell to this destination? CPUs of others
 * are taken out of a logical destination of the root cell. False: it must not be sent.
 */
bool filter_interrupt(const struct cell *cell, u32 data, bool logical, u32 *destination);

#endif /* !ASM_INTERRUPT_H */
