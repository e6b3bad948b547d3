// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* State of a guest in the CPU's registers. Source: Arm DDI 0487, chapter D17; reset values of the spec for cells. */
#include <hypervisor/arch/cpu.h>
#include <asm/area.h>
#include <asm/gic.h>
#include <asm/guest.h>
#include <asm/stage2-regs.h>
#include <asm/sysregs.h>

/* VM: stage 2; TSC: SMC; TIDCP, TACR: registers that the architecture leaves to the CPU; SWIO: no lines are lost */
#define HCR_FORCED	(HCR_VM | HCR_SWIO | HCR_TSC | HCR_TIDCP | HCR_TACR)
#define CPTR_NO_SVE	(1UL << 8)
#define CPTR_NO_SME	(1UL << 12)
#define SCTLR_RESET	0x30d00800
#define SCTLR32_RESET	0x00c50838
#define CPACR_FP	0x300000
#define FPEXC_EN	0x40000000
#define PMCR_COUNTERS(pmcr) ((pmcr) >> 11 & 0x1f)
#define PMCR_RESET	0x6 /* counters and the cycle counter to 0, all off */

void arm64_wipe_simd(void);
void arm64_wipe_debug(unsigned int breakpoints, unsigned int watchpoints);

void guest_enter_cell(struct percpu *cpu)
{
	const struct linux_state *found = &cpu_area(cpu)->frame.linux_state;
	u32 flags = cpu->cell->config->flags;
	bool root = cell_is_root(cpu->cell);
	u64 hcr = (found->hcr | HCR_FORCED | HCR_RW) & ~(HCR_IMO | HCR_FMO);

	if (cpu->arch.gic.lowest_mask)
		hcr |= HCR_FMO;
	/* The root cell manages the CPUs, so it may sleep as it likes; others let the hypervisor sleep for them. */
	if (!root && !(flags & JAILHOUSE_CELL_DIRECT_IDLE))
		hcr |= HCR_TWI;
	if (!root && (flags & JAILHOUSE_CELL_AARCH32))
		hcr &= ~HCR_RW;
	write_sysreg(cptr_el2, root ? found->cptr : found->cptr | CPTR_NO_SVE | CPTR_NO_SME);
	write_sysreg(vtcr_el2, cpu->machine->arch.vtcr);
	write_sysreg(vttbr_el2, stage2_vttbr(cpu));
	write_sysreg(hcr_el2, hcr);
	arch_isb();
	stage2_renew(cpu);
}

/* Breakpoints, counters, timers: what would act on the next owner. */
static void wipe_devices(void)
{
	u64 dfr0 = read_sysreg(id_aa64dfr0_el1);
	unsigned int pmu = dfr0 >> 8 & 0xf;

	arm64_wipe_debug((unsigned int)(dfr0 >> 12 & 0xf) + 1, (unsigned int)(dfr0 >> 20 & 0xf) + 1);
	if (pmu != 0 && pmu != 0xf) {
		for (u64 n = 0; n < PMCR_COUNTERS(read_sysreg(pmcr_el0)); n++) {
			write_sysreg(pmselr_el0, n);
			arch_isb();
			write_sysreg(pmxevtyper_el0, 0);
		}
		write_sysreg(pmselr_el0, 0);
		write_sysreg(pmcr_el0, PMCR_RESET);
		write_sysreg(pmcntenclr_el0, ~0U);
		write_sysreg(pmintenclr_el1, ~0U);
		write_sysreg(pmovsclr_el0, ~0U);
		write_sysreg(pmuserenr_el0, 0);
		write_sysreg(pmccfiltr_el0, 0);
	}
	write_sysreg(cntv_ctl_el0, 0);
	write_sysreg(cntv_cval_el0, 0);
	write_sysreg(cntp_ctl_el0, 0);
	write_sysreg(cntp_cval_el0, 0);
	write_sysreg(cntkctl_el1, 0);
}

void guest_wipe(struct percpu *cpu)
{
	u64 cptr = read_sysreg(cptr_el2);

	(void)cpu;
	write_sysreg(cptr_el2, cpu_area(cpu)->frame.linux_state.cptr);
	arch_isb();
	arm64_wipe_simd();
	write_sysreg(cptr_el2, cptr);
	wipe_devices();
	write_sysreg(afsr0_el1, 0);
	write_sysreg(afsr1_el1, 0);
	write_sysreg(amair_el1, 0);
	write_sysreg(contextidr_el1, 0);
	write_sysreg(csselr_el1, 0);
	write_sysreg(esr_el1, 0);
	write_sysreg(far_el1, 0);
	write_sysreg(mair_el1, 0);
	write_sysreg(par_el1, 0);
	write_sysreg(tcr_el1, 0);
	write_sysreg(tpidr_el0, 0);
	write_sysreg(tpidr_el1, 0);
	write_sysreg(tpidrro_el0, 0);
	write_sysreg(ttbr0_el1, 0);
	write_sysreg(ttbr1_el1, 0);
	write_sysreg(vbar_el1, 0);
	write_sysreg(elr_el1, 0);
	write_sysreg(spsr_el1, 0);
	write_sysreg(sp_el0, 0);
	write_sysreg(sp_el1, 0);
}

static bool is_aarch32(const struct percpu *cpu)
{
	return !(read_sysreg(hcr_el2) & HCR_RW) && !cell_is_root(cpu->cell);
}

void guest_reset(struct percpu *cpu, u64 entry, u64 context)
{
	bool narrow = is_aarch32(cpu);

	memset(cpu->arch.regs, 0, sizeof(*cpu->arch.regs));
	cpu->arch.regs->x[0] = context;
	write_sysreg(sctlr_el1, narrow ? SCTLR32_RESET : SCTLR_RESET);
	write_sysreg(cpacr_el1, CPACR_FP);
	if (narrow) {
		write_sysreg(fpexc32_el2, FPEXC_EN);
		write_sysreg(dacr32_el2, 0);
		write_sysreg(ifsr32_el2, 0);
	}
	/* Bit 0 of an address in AArch32 asks for Thumb. */
	write_sysreg(elr_el2, narrow ? entry & ~1ULL : entry);
	write_sysreg(spsr_el2, narrow ? PSTATE_SVC_MASKED | (entry & 1) * PSTATE_THUMB : PSTATE_EL1H_MASKED);
	stage2_forget_code();
}

/* ---- reports ---- */

static u64 stack_pointer(u64 spsr)
{
	return (spsr & 1) ? read_sysreg(sp_el1) : read_sysreg(sp_el0);
}

void arch_cpu_print_registers(struct percpu *cpu)
{
	const struct guest_regs *regs = cpu->arch.regs;
	u64 esr = read_sysreg(esr_el2), spsr = read_sysreg(spsr_el2);

	cpu_printk(cpu, "\nFATAL: forbidden access (exception class 0x%02llx)\nCell state before exception:\n",
		   esr >> 26);
	cpu_printk(cpu, " pc: %016llx   lr: %016llx spsr: %08llx     EL%llu\n", read_sysreg(elr_el2), regs->x[30], spsr,
		   spsr >> 2 & 3);
	cpu_printk(cpu, " sp: %016llx  elr: %016llx  esr: %02llx %01llx %07llx\n", stack_pointer(spsr),
		   read_sysreg(elr_el1), esr >> 26, esr >> 25 & 1, esr & 0x1ffffff);
	for (unsigned int n = 0; n < 30; n += 3)
		cpu_printk(cpu, "%sx%u: %016llx   %sx%u: %016llx   %sx%u: %016llx\n", n < 10 ? " " : "", n, regs->x[n],
			   n + 1 < 10 ? " " : "", n + 1, regs->x[n + 1], n + 2 < 10 ? " " : "", n + 2,
			   regs->x[n + 2]);
}

void arch_cpu_record(struct percpu *cpu, struct jailhouse_cpu_record *record)
{
	u64 spsr = read_sysreg(spsr_el2);

	memcpy(&record->regs[JAILHOUSE_REG_ARM64_X0], cpu->arch.regs->x, sizeof(cpu->arch.regs->x));
	record->regs[JAILHOUSE_REG_ARM64_SP] = stack_pointer(spsr);
	record->regs[JAILHOUSE_REG_ARM64_PC] = read_sysreg(elr_el2);
	record->regs[JAILHOUSE_REG_ARM64_PSTATE] = spsr;
	record->regs[JAILHOUSE_REG_ARM64_ESR] = read_sysreg(esr_el2);
	record->regs[JAILHOUSE_REG_ARM64_FAR] = read_sysreg(far_el2);
	record->num_regs = JAILHOUSE_REG_ARM64_FAR + 1;
	record->insn_len = 0;
}
