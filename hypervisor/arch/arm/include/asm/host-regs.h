/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the files of both ARM architectures need of the CPU: its own state, and what an exit has left in registers.
 * Source: Arm DDI 0406C, B3.13 (fault reporting in Hyp mode), B3.17.
 */
#ifndef ASM_HOST_REGS_H
#define ASM_HOST_REGS_H

#include <hypervisor/base.h>
#include <asm/sysregs.h>

struct percpu;

/* ---- this CPU ---- */

static inline struct percpu *host_this_cpu(void)
{
	return (struct percpu *)(unsigned long)read_cp15(CP15_HTPIDR);
}

static inline u64 host_mpidr(void)
{
	return read_cp15(CP15_MPIDR) & MPIDR_AFFINITY;
}

/* As ID_AA64MMFR0_EL1 would say it: 40 bits, with the large format of tables that Hyp mode has anyway. */
static inline unsigned int host_pa_range(void)
{
	return 2;
}

static inline void host_set_tables(u64 root)
{
	write_cp15_64(CP15_HTTBR, root);
	__asm__ volatile("isb" : : : "memory");
	write_cp15(CP15_TLBIALLH, 0);
	__asm__ volatile("dsb nsh; isb" : : : "memory");
}

static inline void host_flush_page(const void *virt)
{
	__asm__ volatile("dsb ishst" : : : "memory");
	write_cp15(CP15_TLBIMVAH, (unsigned long)virt & PAGE_MASK);
	__asm__ volatile("dsb nsh; isb" : : : "memory");
}

static inline u64 host_counter(void)
{
	__asm__ volatile("isb" : : : "memory");
	return read_cp15_64(CP15_CNTPCT);
}

static inline unsigned long host_cache_line(void)
{
	return 4UL << (read_cp15(CP15_CTR) >> 16 & 0xf);
}

/* Written back to memory, and dropped. */
static inline void host_clean_line(const void *line)
{
	write_cp15(CP15_DCCIMVAC, (unsigned long)line);
}

/* ---- the guest that has exited ---- */

static inline u64 guest_pc(void)
{
	return read_banked(ELR_hyp);
}

static inline void guest_set_pc(u64 pc)
{
	write_banked(ELR_hyp, pc);
}

static inline u64 guest_psr(void)
{
	return read_banked(SPSR);
}

static inline void guest_set_psr(u64 psr)
{
	/* All of it; the plain name would be only two fields. */
	write_banked(SPSR_cxsf, psr);
}

static inline u64 exit_syndrome(void)
{
	return read_cp15(CP15_HSR);
}

static inline u64 exit_address(bool instruction)
{
	return instruction ? read_cp15(CP15_HIFAR) : read_cp15(CP15_HDFAR);
}

/* After faults that the walk of stage 2 has met: page of the guest-physical address */
static inline u64 exit_guest_page(void)
{
	return (u64)(read_cp15(CP15_HPFAR) & ~0xfU) << 8;
}

/* Stage 1 of the guest again. False: nothing is mapped there. */
static inline bool guest_translate(u64 virt, u64 *page)
{
	u64 saved = read_cp15_64(CP15_PAR), par;

	write_cp15(CP15_ATS1CPR, virt);
	__asm__ volatile("isb" : : : "memory");
	par = read_cp15_64(CP15_PAR);
	write_cp15_64(CP15_PAR, saved);
	*page = par & 0xfffffff000ULL;
	return !(par & 1);
}

#endif /* !ASM_HOST_REGS_H */
