/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Registers and TLB operations of stage 2. Source: Arm DDI 0487, D8.14 (TLB maintenance). */
#ifndef ASM_STAGE2_REGS_H
#define ASM_STAGE2_REGS_H

#include <asm/sysregs.h>

static inline u64 stage2_vtcr_output(unsigned int pa_range)
{
	return (u64)pa_range << 16;
}

/* Of the VMID in `vttbr`, which need not be this CPU's own. */
static inline void stage2_flush_all_cpus(u64 vttbr)
{
	u64 own = read_sysreg(vttbr_el2);

	write_sysreg(vttbr_el2, vttbr);
	__asm__ volatile("isb; dsb ishst; tlbi vmalls12e1is; dsb ish; isb" : : : "memory");
	write_sysreg(vttbr_el2, own);
	__asm__ volatile("isb" : : : "memory");
}

static inline void stage2_flush_this_cpu(void)
{
	__asm__ volatile("dsb ishst; tlbi vmalls12e1; dsb nsh; isb" : : : "memory");
}

/* Entries that were invalid are valid now. */
static inline void stage2_publish(void)
{
	__asm__ volatile("dsb ishst; isb" : : : "memory");
}

#endif /* !ASM_STAGE2_REGS_H */
