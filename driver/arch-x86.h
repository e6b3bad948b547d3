/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the x86 files of the driver offer each other. */
#ifndef JH_ARCH_X86_H
#define JH_ARCH_X86_H

#ifndef __ASSEMBLY__

#include <linux/types.h>

#include "driver.h"

/* ---- tables-x86.c: page tables for entering and leaving ---- */

void jh_entry_refresh(void);
u64 jh_entry_cr3(void);

/* ---- switch-x86.S: on the tables of cr3, with interrupts off ---- */

int jh_switch_enter(unsigned int cpu, u64 entry, u64 cr3);
int jh_switch_vmcall(u64 cr3);
int jh_switch_vmmcall(u64 cr3);

#endif /* !__ASSEMBLY__ */

#endif /* !JH_ARCH_X86_H */
