/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * State of a CPU and memory across owners: one inmate fills all that it can, the next one compares what the start code
 * of the library has left as it was with the values after reset.
 */
#include "hostile.h"

#define PATTERN	   0x5a5a5a00U
#define FAR_FUTURE (1ULL << 62)
#define TIMER_ON   1

/* Registers of 32 bits that hold anything: name, and operands */
#define HOLDERS(X)                                    \
	X("DFSR", CP15_32(0, c5, c0, 0))              \
	X("IFSR", CP15_32(0, c5, c0, 1))              \
	X("DFAR", CP15_32(0, c6, c0, 0))              \
	X("IFAR", CP15_32(0, c6, c0, 2))              \
	X("CONTEXTIDR", CP15_32(0, c13, c0, 1))       \
	X("TPIDRURW", CP15_32(0, c13, c0, 2))         \
	X("TPIDRURO", CP15_32(0, c13, c0, 3))         \
	X("TPIDRPRW", CP15_32(0, c13, c0, 4))

#define CSSELR	  CP15_32(2, c0, c0, 0)
#define PAR	  CP15_64(0, c7)
#define TTBR1	  CP15_64(1, c2)
#define CNTKCTL	  CP15_32(0, c14, c1, 0)
#define PMCR	  CP15_32(0, c9, c12, 0)
#define PMCNTENSET CP15_32(0, c9, c12, 1)
#define PMOVSR	  CP15_32(0, c9, c12, 3)
#define PMCCNTR	  CP15_32(0, c9, c13, 0)
#define PMUSERENR CP15_32(0, c9, c14, 0)
#define PMINTENSET CP15_32(0, c9, c14, 1)
#define ID_DFR0	  CP15_32(0, c0, c1, 2)

static bool has_pmu(void)
{
	u32 features;

	arm_read_sysreg(ID_DFR0, features);
	return (features >> 24 & 0xf) != 0 && (features >> 24 & 0xf) != 0xf;
}

/* d0 to d31 of the FPU, which has to be switched on, or the other way round */
static void simd(bool fill)
{
	u64 d[32], *at = d;
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(d); n++)
		d[n] = STATE_PATTERN;
	fpu_enable();
	if (fill) {
		asm volatile(".fpu neon\n\tvldmia %0!, {d0-d15}\n\tvldmia %0, {d16-d31}" : "+r"(at) : : "memory");
		return;
	}
	asm volatile(".fpu neon\n\tvstmia %0!, {d0-d15}\n\tvstmia %0, {d16-d31}" : "+r"(at) : : "memory");
	for (n = 0; n < ARRAY_SIZE(d); n++)
		state_check("a SIMD register", d[n], 0);
}

static void check_registers(void)
{
	u64 value;

/* The operands of a register are two arguments. */
#define CHECK(name, ...)               \
	cp15_read(__VA_ARGS__, value); \
	state_check(name, value, 0);
	HOLDERS(CHECK)
	CHECK("CSSELR", CSSELR)
	CHECK("PAR", PAR)
	CHECK("TTBR1", TTBR1)
	CHECK("CNTKCTL", CNTKCTL)
	CHECK("CNTV_CTL", CNTV_CTL_EL0)
	CHECK("CNTV_CVAL", CNTV_CVAL_EL0)
	CHECK("CNTP_CTL", CNTP_CTL_EL0)
	CHECK("CNTP_CVAL", CNTP_CVAL_EL0)
	if (has_pmu()) {
		CHECK("PMCNTENSET", PMCNTENSET)
		CHECK("PMINTENSET", PMINTENSET)
		CHECK("PMOVSR", PMOVSR)
		CHECK("PMUSERENR", PMUSERENR)
		CHECK("PMCCNTR", PMCCNTR)
	}
#undef CHECK
}

void state_print(void)
{
	check_registers();
	simd(false);
	state_check_interrupts();
	state_check_ram();
	state_report();
}

static void fill_registers(void)
{
#define FILL(name, ...) cp15_write(__VA_ARGS__, PATTERN);
	HOLDERS(FILL)
#undef FILL
	arm_write_sysreg(CSSELR, 2);
	arm_write_sysreg(PAR, PATTERN);
	arm_write_sysreg(TTBR1, PATTERN);
	arm_write_sysreg(CNTKCTL, 0x303);
	arm_write_sysreg(CNTP_CVAL_EL0, FAR_FUTURE);
	arm_write_sysreg(CNTP_CTL_EL0, TIMER_ON);
	if (!has_pmu())
		return;
	arm_write_sysreg(PMUSERENR, 1);
	arm_write_sysreg(PMCCNTR, 0xfffffff0);
	arm_write_sysreg(PMINTENSET, 0x80000000);
	arm_write_sysreg(PMCNTENSET, 0x80000000);
	arm_write_sysreg(PMCR, 1);
}

static void fill_end(void)
{
	comm_region->cell_state = JAILHOUSE_CELL_SHUT_DOWN;
	sleep_for_ever();
}

void state_fill(void)
{
	state_fill_ram();
	simd(true);
	fill_registers();
	SURVIVED("registers, SIMD, counters and memory filled");
	state_keep_active(fill_end);
}
