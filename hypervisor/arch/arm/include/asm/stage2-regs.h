/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Registers and TLB operations of stage 2. Source: Arm DDI 0406C, B3.10 (TLB maintenance), B4.1.159 (VTCR). */
#ifndef ASM_STAGE2_REGS_H
#define ASM_STAGE2_REGS_H

#include <asm/sysregs.h>

/* The size of a physical address is not part of VTCR here. */
static inline u64 stage2_vtcr_output(unsigned int pa_range)
{
	(void)pa_range;
	return 0;
}

/*
 * All translations of that cell, on all CPUs. Executed in Hyp mode, TLBIALLIS is for the guests of the VMID in VTTBR,
 * and for both stages (Arm DDI 0406C, B3.10). So CPUs of other cells keep theirs, which TLBIALLNSNHIS would take from
 * them, too.
 */
static inline void stage2_flush_all_cpus(u64 vttbr, unsigned int cures)
{
	u64 own = read_cp15_64(CP15_VTTBR);

	(void)cures;
	write_cp15_64(CP15_VTTBR, vttbr);
	__asm__ volatile("isb; dsb ishst" : : : "memory");
	write_cp15(CP15_TLBIALLIS, 0);
	__asm__ volatile("dsb ish; isb" : : : "memory");
	write_cp15_64(CP15_VTTBR, own);
	__asm__ volatile("isb" : : : "memory");
}

static inline void stage2_flush_this_cpu(void)
{
	__asm__ volatile("dsb ishst" : : : "memory");
	write_cp15(CP15_TLBIALLNSNH, 0);
	__asm__ volatile("dsb nsh; isb" : : : "memory");
}

/* What this CPU remembers of code: the memory may hold other code since. Source: DDI 0406C, B2.2.9. */
static inline void stage2_forget_code(void)
{
	write_cp15(CP15_ICIALLU, 0);
	write_cp15(CP15_BPIALL, 0);
	__asm__ volatile("dsb nsh; isb" : : : "memory");
}

/* Entries that were invalid are valid now. */
static inline void stage2_publish(void)
{
	__asm__ volatile("dsb ishst; isb" : : : "memory");
}

#endif /* !ASM_STAGE2_REGS_H */
