/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Registers and TLB operations of stage 2. Source: Arm DDI 0487, D8.14 (TLB maintenance). */
#ifndef ASM_STAGE2_REGS_H
#define ASM_STAGE2_REGS_H

#include <asm/errata.h>
#include <asm/sysregs.h>

static inline u64 stage2_vtcr_output(unsigned int pa_range)
{
	return (u64)pa_range << 16;
}

#define TCR_NO_WALKS (1UL << 7 | 1UL << 23) /* EPD0, EPD1 */
#define SCTLR_MMU    1UL

/*
 * Of the VMID in `vttbr`, which need not be this CPU's own.
 * CURE_FOREIGN_WALK: the CPU may walk at any time, and would remember what the tables of its own guest give under the
 * other VMID. So nothing is walked meanwhile, and nothing translated without a walk.
 * CURE_REPEAT_TLBI: the second DSB cannot come back before the first invalidation is done by all.
 */
static inline void stage2_flush_all_cpus(u64 vttbr, unsigned int cures)
{
	u64 own = read_sysreg(vttbr_el2), tcr = 0, sctlr = 0;

	if (cures & CURE_FOREIGN_WALK) {
		tcr = read_sysreg(tcr_el1);
		sctlr = read_sysreg(sctlr_el1);
		write_sysreg(tcr_el1, tcr | TCR_NO_WALKS);
		__asm__ volatile("isb" : : : "memory");
		write_sysreg(sctlr_el1, sctlr | SCTLR_MMU);
		__asm__ volatile("isb" : : : "memory");
	}
	write_sysreg(vttbr_el2, vttbr);
	__asm__ volatile("isb; dsb ishst; tlbi vmalls12e1is; dsb ish" : : : "memory");
	if (cures & CURE_REPEAT_TLBI)
		__asm__ volatile("tlbi vmalls12e1is; dsb ish" : : : "memory");
	__asm__ volatile("isb" : : : "memory");
	write_sysreg(vttbr_el2, own);
	__asm__ volatile("isb" : : : "memory");
	if (cures & CURE_FOREIGN_WALK) {
		write_sysreg(sctlr_el1, sctlr);
		__asm__ volatile("isb" : : : "memory");
		write_sysreg(tcr_el1, tcr);
	}
}

static inline void stage2_flush_this_cpu(void)
{
	__asm__ volatile("dsb ishst; tlbi vmalls12e1; dsb nsh; isb" : : : "memory");
}

/* What this CPU remembers of code: the memory may hold other code since. Source: DDI 0487, B2.4.4. */
static inline void stage2_forget_code(void)
{
	__asm__ volatile("ic iallu; dsb nsh; isb" : : : "memory");
}

/* Entries that were invalid are valid now. */
static inline void stage2_publish(void)
{
	__asm__ volatile("dsb ishst; isb" : : : "memory");
}

#endif /* !ASM_STAGE2_REGS_H */
