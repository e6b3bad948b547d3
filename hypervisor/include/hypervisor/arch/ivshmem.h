/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Contract: interrupts of IVSHMEM devices. What a guest has programmed is translated when it does so and kept as a word
 * of the architecture's choice, so that raising it is short. 0: no interrupt.
 */
#ifndef HYPERVISOR_ARCH_IVSHMEM_H
#define HYPERVISOR_ARCH_IVSHMEM_H

#include <hypervisor/machine.h>

#define IVSHMEM_IRQ_NONE    0U
#define IVSHMEM_IRQ_INVALID (~0U) /* leaves the cell */

/*
 * Translates a message that a guest of `cell` has written completely (data is not 0). Called by core/ivshmem.c with the
 * device locked. on: the CPU that programs it, any of the cell.
 */
u32 arch_ivshmem_message(struct cell *cell, u64 address, u32 data);
/* The same for INTA to INTD (pin 1 to 4); NONE if the cell has no such interrupt. Also on: request holder, at reset. */
u32 arch_ivshmem_intx(struct cell *cell, unsigned int pin);
/*
 * Interrupts `cell`, by a word of one of the above that was made for it. All that this CPU has written before is
 * visible to who takes the interrupt. Called with the sender's device locked, while `cell` exists; it must not wait for
 * another CPU. `cpu` is the caller: any CPU of any cell, or the request holder.
 */
void arch_ivshmem_raise(struct percpu *cpu, struct cell *cell, u32 irq);

#endif /* !HYPERVISOR_ARCH_IVSHMEM_H */
