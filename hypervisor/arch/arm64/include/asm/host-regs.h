/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the files of both ARM architectures need of the CPU: its own state, and what an exit has left in registers.
 * Source: Arm DDI 0487, chapter D17.
 */
#ifndef ASM_HOST_REGS_H
#define ASM_HOST_REGS_H

#include <hypervisor/base.h>
#include <asm/sysregs.h>

struct percpu;

/* ---- this CPU ---- */

static inline struct percpu *host_this_cpu(void)
{
	return (struct percpu *)(unsigned long)read_sysreg(tpidr_el2);
}

static inline u64 host_mpidr(void)
{
	return read_sysreg(mpidr_el1) & MPIDR_AFFINITY;
}

static inline unsigned int host_pa_range(void)
{
	return read_sysreg(id_aa64mmfr0_el1) & 0xf;
}

static inline void host_set_tables(u64 root)
{
	write_sysreg(ttbr0_el2, root);
	__asm__ volatile("isb; tlbi alle2; dsb nsh; isb" : : : "memory");
}

static inline void host_flush_page(const void *virt)
{
	__asm__ volatile("dsb ishst; tlbi vae2, %0; dsb nsh; isb" : : "r"((u64)virt >> PAGE_SHIFT) : "memory");
}

static inline u64 host_counter(void)
{
	__asm__ volatile("isb" : : : "memory");
	return read_sysreg(cntpct_el0);
}

static inline unsigned long host_cache_line(void)
{
	return 4UL << (read_sysreg(ctr_el0) >> 16 & 0xf);
}

/* Written back to memory, and dropped. */
static inline void host_clean_line(const void *line)
{
	__asm__ volatile("dc civac, %0" : : "r"(line) : "memory");
}

/* ---- the guest that has exited ---- */

static inline u64 guest_pc(void)
{
	return read_sysreg(elr_el2);
}

static inline void guest_set_pc(u64 pc)
{
	write_sysreg(elr_el2, pc);
}

static inline u64 guest_psr(void)
{
	return read_sysreg(spsr_el2);
}

static inline void guest_set_psr(u64 psr)
{
	write_sysreg(spsr_el2, psr);
}

static inline u64 exit_syndrome(void)
{
	return read_sysreg(esr_el2);
}

static inline u64 exit_address(bool instruction)
{
	(void)instruction;
	return read_sysreg(far_el2);
}

/* After faults that the walk of stage 2 has met: page of the guest-physical address */
static inline u64 exit_guest_page(void)
{
	return (read_sysreg(hpfar_el2) & 0xfffffffffff0UL) << 8;
}

/*
 * Stage 1 of the guest again. False: nothing is mapped there. The barriers are for erratum 1508412 of Cortex-A77, which
 * may stop for ever when it reads PAR close to a load from a device.
 */
static inline bool guest_translate(u64 virt, u64 *page)
{
	u64 saved, par;

	__asm__ volatile("dmb sy" : : : "memory");
	saved = read_sysreg(par_el1);
	__asm__ volatile("at s1e1r, %0; isb" : : "r"(virt) : "memory");
	par = read_sysreg(par_el1);
	__asm__ volatile("dmb sy" : : : "memory");
	write_sysreg(par_el1, saved);
	*page = par & 0xffffffffff000UL;
	return !(par & 1);
}

#endif /* !ASM_HOST_REGS_H */
