/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a guest does to its own CPU, and A32 instructions in EL0. */
#include "hostile.h"

void mmu_off(void)
{
	arm_write_sysreg(SCTLR_EL1, SCTLR_RESET);
	instruction_barrier();
	arch_flush_tlb();
	arch_mmu_enable();
	SURVIVED("on again");
}

void sctlr_wild(void)
{
	arm_write_sysreg(SCTLR_EL1, ~0ULL);
	instruction_barrier();
	while (1)
		mmio_read32(comm_region);
}

/* The first of these must be undefined. */
#define CALLS 2

/* Calls, registers of coprocessors, WFI, WFE and SMC whose condition fails */
void el0_aarch32(void)
{
	static const u32 insns[] = {
		0xe1400070, /* HVC #0 */
		0xe1600070, /* SMC #0 */
		0x01600070, /* SMCEQ #0 */
		0x0320f003, /* WFIEQ */
		0x0320f002, /* WFEEQ */
		0xee1b0f10, /* MRC p15, 0, r0, c11, c0, 0 */
		0xee0b0f10, /* MCR p15, 0, r0, c11, c0, 0 */
		0xee190f10, /* MRC p15, 0, r0, c9, c0, 0 */
		0xee1a0f10, /* MRC p15, 0, r0, c10, c0, 0 */
		0xee1f0f10, /* MRC p15, 0, r0, c15, c0, 0 */
		0xee3f0f10, /* MRC p15, 1, r0, c15, c0, 0 */
		0xec510f0f, /* MRRC p15, 0, r0, r1, c15 */
		0xee100e11, /* MRC p14, 0, r0, c0, c1, 0 */
		0xee170e10, /* MRC p14, 0, r0, c7, c0, 0 */
		0xee012f10, /* MCR p15, 0, r2, c1, c0, 0 */
		0xee012f30, /* MCR p15, 0, r2, c1, c0, 1 */
		0xe1200070, /* BKPT #0 */
		0xee0b0f50, /* MCR p15, 0, r0, c11, c0, 2 */
	};
	static u32 code[16] __attribute__((aligned(64)));
	unsigned int n;
	int trap;

	if (!user_has_32()) {
		SURVIVED("the CPU has no AArch32 in EL0");
		return;
	}
	for (n = 0; n < ARRAY_SIZE(insns); n++) {
		code[0] = insns[n];
		code[1] = 0xef000000; /* SVC #0 */
		code_written(code);
		/* 32 bits reach a lower address only. */
		trap = user_call(code, USER_32);
		if (!user_code_ran(trap))
			UNEXPECTED("instruction 0x%x: %s %d", insns[n], trap_name(trap), trap);
		else if (trap == TRAP_SVC32 && n < CALLS)
			BREACH("instruction 0x%x in EL0 was executed", insns[n]);
	}
	if (!judged)
		SURVIVED("%u instructions in 32 bits", n);
}
