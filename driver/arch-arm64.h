/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the ARM64 files of the driver offer each other. */
#ifndef JH_ARCH_ARM64_H
#define JH_ARCH_ARM64_H

#include <linux/types.h>

#include "driver.h"

/* ---- arch-arm64.c ---- */

/* Writes back and drops what the data caches hold of this range, down to memory. */
void jh_clean_to_memory(const void *start, size_t size);

/* ---- tables-arm64.c ---- */

/* Physical address of the boot tables' root */
u64 jh_entry_root(void);

/* ---- entry-arm64.c ---- */

/* Refuses if this is no answer of Linux' own stub to jh_switch_probe(). */
int jh_check_stub(unsigned int cpu, u64 answer, struct jailhouse_reason *r);

/* ---- switch-arm64.S: calls to EL2, on a CPU that was started there ---- */

u64 jh_switch_probe(void);
/* With interrupts off */
u64 jh_switch_enter(unsigned int cpu, u64 entry, u64 root);
int jh_switch_leave(void);

#endif /* !JH_ARCH_ARM64_H */
