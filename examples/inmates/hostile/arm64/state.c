/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * State of a CPU and memory across owners: one inmate fills all that it can, the next one compares
 * all that it finds with the values after reset.
 */
#include "hostile.h"

#define PATTERN_ADDRESS 0x5a5a5a00UL

#define DAIF_MASKED 0x3c0
#define CPACR_FP    (3 << 20)
#define TIMER_ON    1
#define FAR_FUTURE  (1ULL << 62)

#define MDSCR_MDE  (1 << 15)
#define MDSCR_KDE  (1 << 13)
#define DBGBCR_ON  0x1e5 /* instructions in EL1 and EL0 */
#define DBGWCR_ON  0x1fff
#define PMCR_N(pmcr) ((pmcr) >> 11 & 0x1f)
#define PMCR_ENABLE 1

/* Written by layout.S before anything else has run. */
struct early_state {
	u64 x[31], sp;
	u64 registers[32];
	u64 v[32][2];
};

extern struct early_state early_state;

static const struct {
	const char *name;
	u64 value;
} early_registers[] = {
	{"DAIF", DAIF_MASKED}, {"SPSel", 1},      {"SP_EL0", 0},      {"ELR_EL1", 0},
	{"SPSR_EL1", 0},       {"ESR_EL1", 0},    {"FAR_EL1", 0},     {"PAR_EL1", 0},
	{"VBAR_EL1", 0},       {"TTBR0_EL1", 0},  {"TTBR1_EL1", 0},   {"TCR_EL1", 0},
	{"MAIR_EL1", 0},       {"AMAIR_EL1", 0},  {"CONTEXTIDR", 0},  {"TPIDR_EL0", 0},
	{"TPIDR_EL1", 0},      {"CSSELR", 0},     {"CPACR", CPACR_FP}, {"MDSCR", 0},
	{"CNTKCTL", 0},        {"CNTV_CTL", 0},   {"CNTV_CVAL", 0},   {"CNTP_CTL", 0},
	{"CNTP_CVAL", 0},      {"AFSR0", 0},      {"AFSR1", 0},       {"FPCR", 0},
	{"FPSR", 0},
};

static void check_early_registers(void)
{
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(early_state.x); n++)
		state_check("a general register", early_state.x[n], 0);
	state_check("SP", early_state.sp, 0);
	for (n = 0; n < ARRAY_SIZE(early_registers); n++)
		state_check(early_registers[n].name, early_state.registers[n], early_registers[n].value);
	for (n = 0; n < ARRAY_SIZE(early_state.v); n++)
		state_check("a SIMD register", early_state.v[n][0] | early_state.v[n][1], 0);
}

static unsigned int breakpoints(void)
{
	u64 features;

	arm_read_sysreg(ID_AA64DFR0_EL1, features);
	return (features >> 12 & 0xf) + 1;
}

static unsigned int watchpoints(void)
{
	u64 features;

	arm_read_sysreg(ID_AA64DFR0_EL1, features);
	return (features >> 20 & 0xf) + 1;
}

static bool has_pmu(void)
{
	u64 features;

	arm_read_sysreg(ID_AA64DFR0_EL1, features);
	return (features >> 8 & 0xf) != 0 && (features >> 8 & 0xf) != 0xf;
}

/* MRS and MSR of the register n of a kind in the debug group: 4 value, 5 control, 6 and 7 for watchpoints */
#define MRS_DEBUG(n, kind) (0xd5300000 | (n) << 8 | (kind) << 5)
#define MSR_DEBUG(n, kind) (0xd5100000 | (n) << 8 | (kind) << 5)

static void check_debug(void)
{
	unsigned int n, kind;
	unsigned long value;

	for (kind = 4; kind < 8; kind++) {
		for (n = 0; n < (kind < 6 ? breakpoints() : watchpoints()); n++) {
			value = 0;
			if (run_insn(MRS_DEBUG(n, kind), &value) == NO_TRAP)
				state_check("a debug register", value, 0);
		}
	}
}

static void fill_debug(void)
{
	unsigned int n, kind;
	unsigned long value;

	for (kind = 4; kind < 8; kind++) {
		for (n = 0; n < (kind < 6 ? breakpoints() : watchpoints()); n++) {
			value = kind == 5 ? DBGBCR_ON : kind == 7 ? DBGWCR_ON : PATTERN_ADDRESS;
			run_insn(MSR_DEBUG(n, kind), &value);
		}
	}
	asm volatile("msr oslar_el1, xzr");
	arm_write_sysreg(MDSCR_EL1, MDSCR_MDE | MDSCR_KDE);
}

static unsigned int counters(void)
{
	u64 pmcr;

	arm_read_sysreg(PMCR_EL0, pmcr);
	return PMCR_N(pmcr);
}

static void check_pmu(void)
{
	unsigned int n;
	u64 value;

	if (!has_pmu())
		return;
	arm_read_sysreg(PMCR_EL0, value);
	state_check("PMCR", value & 0x39, 0);
	arm_read_sysreg(PMCNTENSET_EL0, value);
	state_check("PMCNTENSET", value, 0);
	arm_read_sysreg(PMINTENSET_EL1, value);
	state_check("PMINTENSET", value, 0);
	arm_read_sysreg(PMOVSSET_EL0, value);
	state_check("PMOVSSET", value, 0);
	arm_read_sysreg(PMUSERENR_EL0, value);
	state_check("PMUSERENR", value, 0);
	arm_read_sysreg(PMCCFILTR_EL0, value);
	state_check("PMCCFILTR", value, 0);
	arm_read_sysreg(PMCCNTR_EL0, value);
	state_check("PMCCNTR", value, 0);
	for (n = 0; n < counters(); n++) {
		arm_write_sysreg(PMSELR_EL0, n);
		instruction_barrier();
		arm_read_sysreg(PMXEVTYPER_EL0, value);
		state_check("PMEVTYPER", value, 0);
		arm_read_sysreg(PMXEVCNTR_EL0, value);
		state_check("PMEVCNTR", value, 0);
	}
}

static void fill_pmu(void)
{
	unsigned int n;

	if (!has_pmu())
		return;
	for (n = 0; n < counters(); n++) {
		arm_write_sysreg(PMSELR_EL0, n);
		instruction_barrier();
		arm_write_sysreg(PMXEVTYPER_EL0, 0x11);
		arm_write_sysreg(PMXEVCNTR_EL0, PATTERN_ADDRESS);
	}
	/* They overflow soon, again and again, and ask for an interrupt. */
	arm_write_sysreg(PMCCFILTR_EL0, 1 << 27);
	arm_write_sysreg(PMUSERENR_EL0, 0xf);
	arm_write_sysreg(PMCCNTR_EL0, 0xfffffff0);
	arm_write_sysreg(PMINTENSET_EL1, 0xffffffff);
	arm_write_sysreg(PMCNTENSET_EL0, 0xffffffff);
	arm_write_sysreg(PMCR_EL0, PMCR_ENABLE);
}

void state_print(void)
{
	check_early_registers();
	state_check_interrupts();
	check_debug();
	check_pmu();
	state_check_ram();
	state_report();
}

static void fill_vectors(void)
{
#define FILL(n) asm volatile("dup v" #n ".2d, %0" : : "r"(STATE_PATTERN))
	FILL(0);
	FILL(1);
	FILL(7);
	FILL(8);
	FILL(15);
	FILL(16);
	FILL(30);
	FILL(31);
#undef FILL
	arm_write_sysreg(FPCR, 3 << 22);
	arm_write_sysreg(FPSR, 1 << 27);
}

static void fill_registers(void)
{
	arm_write_sysreg(CONTEXTIDR_EL1, PATTERN_ADDRESS);
	arm_write_sysreg(TPIDR_EL0, STATE_PATTERN);
	arm_write_sysreg(TPIDR_EL1, STATE_PATTERN);
	arm_write_sysreg(TPIDRRO_EL0, STATE_PATTERN);
	arm_write_sysreg(TTBR1_EL1, PATTERN_ADDRESS);
	arm_write_sysreg(PAR_EL1, PATTERN_ADDRESS);
	arm_write_sysreg(FAR_EL1, STATE_PATTERN);
	arm_write_sysreg(ESR_EL1, PATTERN_ADDRESS);
	arm_write_sysreg(SP_EL0, PATTERN_ADDRESS);
	arm_write_sysreg(CSSELR_EL1, 2);
	arm_write_sysreg(CNTKCTL_EL1, 0x303);
	arm_write_sysreg(CNTP_CVAL_EL0, FAR_FUTURE);
	arm_write_sysreg(CNTP_CTL_EL0, TIMER_ON);
}

static void __attribute__((noreturn)) fill_end(void)
{
	comm_region->cell_state = JAILHOUSE_CELL_SHUT_DOWN;
	asm volatile("mov x0, %0\n\t"
		     "mov x1, x0\n\t"
		     "mov x2, x0\n\t"
		     "mov x8, x0\n\t"
		     "mov x17, x0\n\t"
		     "mov x18, x0\n\t"
		     "mov x19, x0\n\t"
		     "mov x28, x0\n\t"
		     "mov x29, x0\n\t"
		     "mov x30, x0\n\t"
		     "mov sp, x0\n\t"
		     "1:\twfi\n\t"
		     "b 1b"
		     :
		     : "r"(STATE_PATTERN));
	__builtin_unreachable();
}

void state_fill(void)
{
	state_fill_ram();
	fill_vectors();
	fill_debug();
	fill_pmu();
	fill_registers();
	SURVIVED("registers, SIMD, debug, counters and memory filled");
	state_keep_active(fill_end);
}
