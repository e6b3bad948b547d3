// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* State of a guest in the CPU's registers. Source: Arm DDI 0406C, B1.3 and B4.1; reset values of the spec for cells. */
#include <hypervisor/arch/cpu.h>
#include <asm/area.h>
#include <asm/gic.h>
#include <asm/guest.h>
#include <asm/stage2-regs.h>
#include <asm/host-regs.h>

/*
 * VM: stage 2; TSC: SMC; TIDCP, TAC, T15 of HSTR: registers that the architecture leaves to the CPU.
 *
 * Cache maintenance by set and way is not trapped (no TSW). A guest keeps its CPUs, so these operations act on the
 * caches they are meant for, and do for the guest what they do without a hypervisor; with SWIO they lose no line of
 * anybody, only write lines back. So they cost no exit, and nobody waits while all of a cell's memory is flushed.
 */
#define HCR_FORCED	(HCR_VM | HCR_SWIO | HCR_TSC | HCR_TIDCP | HCR_TAC)
#define HCPTR_FP	(3U << 10)
#define SCTLR_RESET	0x00c50878
#define PMCR_RESET	0x6 /* counters and the cycle counter to 0, all off */

void arm_wipe_simd(void);
void arm_wipe_debug(void);
void arm_wipe_thumbee(void);
void arm_wipe_banked(void);
extern u8 arm_wipe_end[];

/* ---- registers by number ---- */

/* SP and LR in each mode; those of User mode are in the System mode, too. */
#define FOR_BANKED_MODES(X) \
	X(0x12, irq)        \
	X(0x13, svc)        \
	X(0x17, abt)        \
	X(0x1b, und)

#define FOR_FIQ_REGISTERS(X) \
	X(8, R8_fiq)         \
	X(9, R9_fiq)         \
	X(10, R10_fiq)       \
	X(11, R11_fiq)       \
	X(12, R12_fiq)       \
	X(13, SP_fiq)        \
	X(14, LR_fiq)

static u64 fiq_reg(unsigned int n)
{
#define READ(number, name)                \
	case number:                      \
		return read_banked(name);
	switch (n) {
		FOR_FIQ_REGISTERS(READ)
	default:
		return 0;
	}
#undef READ
}

static void set_fiq_reg(unsigned int n, u64 value)
{
#define WRITE(number, name)                \
	case number:                       \
		write_banked(name, value); \
		break;
	switch (n) {
		FOR_FIQ_REGISTERS(WRITE)
	default:
		break;
	}
#undef WRITE
}

u64 guest_reg(const struct guest_regs *regs, unsigned int n)
{
	unsigned int mode;

	if (n < 8)
		return regs->r[n];
	mode = guest_psr() & PSR_MODE;
	if (mode == PSR_MODE_FIQ)
		return fiq_reg(n);
	if (n < 13)
		return regs->r[n];
	if (n > 14)
		return 0;
#define READ(number, name)                                                    \
	case number:                                                          \
		return n == 13 ? read_banked(SP_##name) : read_banked(LR_##name);
	switch (mode) {
		FOR_BANKED_MODES(READ)
	default:
		return n == 13 ? read_banked(SP_usr) : regs->usr_lr;
	}
#undef READ
}

void guest_set_reg(struct guest_regs *regs, unsigned int n, u64 value)
{
	unsigned int mode = guest_psr() & PSR_MODE;

	if (n >= 8 && mode == PSR_MODE_FIQ) {
		set_fiq_reg(n, value);
		return;
	}
	if (n < 13) {
		regs->r[n] = (u32)value;
		return;
	}
	if (n > 14)
		return;
#define WRITE(number, name)                             \
	case number:                                    \
		if (n == 13)                            \
			write_banked(SP_##name, value); \
		else                                    \
			write_banked(LR_##name, value); \
		break;
	switch (mode) {
		FOR_BANKED_MODES(WRITE)
	default:
		if (n == 13)
			write_banked(SP_usr, value);
		else
			regs->usr_lr = (u32)value;
	}
#undef WRITE
}

/* ---- owners ---- */

void guest_enter_cell(struct percpu *cpu)
{
	const struct linux_state *found = &cpu_area(cpu)->frame.linux_state;
	u32 hcr = (found->hcr | HCR_FORCED) & ~(HCR_IMO | HCR_FMO);

	/* The root cell manages the CPUs, so it may sleep as it likes; others let the hypervisor sleep for them. */
	if (!cell_is_root(cpu->cell) && !(cpu->cell->config->flags & JAILHOUSE_CELL_DIRECT_IDLE))
		hcr |= HCR_TWI;
	write_cp15(CP15_HSTR, found->hstr | HSTR_T15);
	write_cp15(CP15_VTCR, cpu->machine->arch.vtcr);
	write_cp15_64(CP15_VTTBR, stage2_vttbr(cpu));
	write_cp15(CP15_HCR, hcr);
	arch_isb();
	stage2_renew(cpu);
}

/* What is undefined on this CPU is not there to be wiped. */
static void wipe_optional(struct percpu *cpu)
{
	u32 hcptr = read_cp15(CP15_HCPTR);

	cpu->arch.fixup = (unsigned long)arm_wipe_end;
	arch_isb();
	write_cp15(CP15_HCPTR, hcptr & ~HCPTR_FP);
	arch_isb();
	arm_wipe_simd();
	write_cp15(CP15_HCPTR, hcptr);
	arm_wipe_debug();
	arm_wipe_thumbee();
	cpu->arch.fixup = 0;
}

/* Counters and timers: what would act on the next owner. */
static void wipe_devices(void)
{
	unsigned int pmu = read_cp15(CP15_ID_DFR0) >> 24 & 0xf;

	if (pmu != 0 && pmu != 0xf) {
		write_cp15(CP15_PMCR, PMCR_RESET);
		write_cp15(CP15_PMCNTENCLR, ~0U);
		write_cp15(CP15_PMINTENCLR, ~0U);
		write_cp15(CP15_PMOVSR, ~0U);
		write_cp15(CP15_PMUSERENR, 0);
	}
	write_cp15(CP15_CNTV_CTL, 0);
	write_cp15_64(CP15_CNTV_CVAL, 0);
	write_cp15(CP15_CNTP_CTL, 0);
	write_cp15_64(CP15_CNTP_CVAL, 0);
	write_cp15(CP15_CNTKCTL, 0);
}

void guest_wipe(struct percpu *cpu)
{
	wipe_optional(cpu);
	wipe_devices();
	arm_wipe_banked();
	write_cp15(CP15_CPACR, 0);
	write_cp15(CP15_CONTEXTIDR, 0);
	write_cp15_64(CP15_PAR, 0);
	write_cp15(CP15_TTBCR, 0);
	write_cp15_64(CP15_TTBR0, 0);
	write_cp15_64(CP15_TTBR1, 0);
	write_cp15(CP15_DACR, 0);
	write_cp15(CP15_VBAR, 0);
	write_cp15(CP15_DFSR, 0);
	write_cp15(CP15_DFAR, 0);
	write_cp15(CP15_IFSR, 0);
	write_cp15(CP15_IFAR, 0);
	write_cp15(CP15_ADFSR, 0);
	write_cp15(CP15_AIFSR, 0);
	write_cp15(CP15_MAIR0, 0);
	write_cp15(CP15_MAIR1, 0);
	write_cp15(CP15_AMAIR0, 0);
	write_cp15(CP15_AMAIR1, 0);
	write_cp15(CP15_TPIDRURW, 0);
	write_cp15(CP15_TPIDRURO, 0);
	write_cp15(CP15_TPIDRPRW, 0);
	write_cp15(CP15_CSSELR, 0);
}

/* Bit 0 of the entry asks for Thumb, as in PSCI. */
void guest_reset(struct percpu *cpu, u64 entry, u64 context)
{
	memset(cpu->arch.regs, 0, sizeof(*cpu->arch.regs));
	cpu->arch.regs->r[0] = (u32)context;
	write_cp15(CP15_SCTLR, SCTLR_RESET);
	guest_set_pc(entry & ~1ULL);
	guest_set_psr(PSTATE_SVC_MASKED | (entry & 1 ? PSR_THUMB : 0));
	stage2_forget_code();
}

/* ---- reports ---- */

void arch_cpu_print_registers(struct percpu *cpu)
{
	u32 hsr = read_cp15(CP15_HSR);

	cpu_printk(cpu, "FATAL: forbidden access (exception class 0x%02x)\npc=0x%08llx cpsr=0x%08llx hsr=0x%08x\n",
		   hsr >> 26, guest_pc(), guest_psr(), hsr);
	for (unsigned int n = 0; n < 15; n++)
		cpu_printk(cpu, "r%u=0x%08llx%s", n, guest_reg(cpu->arch.regs, n), n % 4 == 3 || n == 14 ? "\n" : " ");
}

void arch_cpu_record(struct percpu *cpu, struct jailhouse_cpu_record *record)
{
	for (unsigned int n = 0; n < 15; n++)
		record->regs[JAILHOUSE_REG_ARM_R0 + n] = guest_reg(cpu->arch.regs, n);
	record->regs[JAILHOUSE_REG_ARM_PC] = guest_pc();
	record->regs[JAILHOUSE_REG_ARM_CPSR] = guest_psr();
	record->regs[JAILHOUSE_REG_ARM_HSR] = read_cp15(CP15_HSR);
	record->regs[JAILHOUSE_REG_ARM_HDFAR] = read_cp15(CP15_HDFAR);
	record->num_regs = JAILHOUSE_REG_ARM_HDFAR + 1;
	record->insn_len = 0;
}
