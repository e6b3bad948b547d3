/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Registers and instructions of the CPU. */
#include "hostile.h"

#define MRS(op0, op1, crn, crm, op2)                                                                \
	(0xd5200000U | (op0) << 19 | (op1) << 16 | (crn) << 12 | (crm) << 8 | (op2) << 5)
#define MSR(op0, op1, crn, crm, op2) (MRS(op0, op1, crn, crm, op2) & ~0x200000U)

#define CSSELR_LEVEL(n) ((n) << 1)
#define SCTLR_EE  (1ULL << 25)
#define SPSR_EL2H 0x3c9

/* Registers that only acknowledge an interrupt when they are read: ICC_IAR0 and IAR1 */
static bool has_side_effect(unsigned int crn, unsigned int crm, unsigned int op2)
{
	return crn == 12 && (crm == 8 || crm == 12) && op2 == 0;
}

static unsigned int read_group(unsigned int op0, unsigned int crn, unsigned int first_op1)
{
	unsigned int op1, crm, op2, trapped = 0;
	unsigned long value;

	for (op1 = first_op1; op1 < 8; op1++) {
		for (crm = 0; crm < 16; crm++) {
			for (op2 = 0; op2 < 8; op2++) {
				value = 0;
				if (!has_side_effect(crn, crm, op2) &&
				    run_insn(MRS(op0, op1, crn, crm, op2), &value) != NO_TRAP)
					trapped++;
			}
		}
	}
	return trapped;
}

/* Each must be undefined or do no harm; none may stop the CPU. */
void sysreg_scan(void)
{
	unsigned int crn, trapped = 0;

	for (crn = 0; crn < 16; crn++)
		trapped += read_group(3, crn, 0) + read_group(2, crn, 0);
	SURVIVED("%u are undefined", trapped);
}

/* Implementation-defined ones, reads and writes */
void sysreg_impdef(void)
{
	unsigned int op1, crn, crm, op2, trapped = 0;
	unsigned long value;

	for (op1 = 0; op1 < 8; op1++) {
		for (crn = 11; crn < 16; crn += 4) {
			for (crm = 0; crm < 16; crm++) {
				for (op2 = 0; op2 < 8; op2++) {
					value = ~0ULL;
					trapped += run_insn(MSR(3, op1, crn, crm, op2), &value) != NO_TRAP;
					trapped += run_insn(MRS(3, op1, crn, crm, op2), &value) != NO_TRAP;
					/* SYS instructions of that kind */
					trapped += run_insn(MSR(1, op1, crn, crm, op2), &value) != NO_TRAP;
				}
			}
		}
	}
	SURVIVED("%u are undefined", trapped);
}

void actlr_write(void)
{
	u64 before, after;

	arm_read_sysreg(ACTLR_EL1, before);
	arm_write_sysreg(ACTLR_EL1, ~before);
	arm_read_sysreg(ACTLR_EL1, after);
	if (before != after)
		BREACH("it was 0x%llx and is 0x%llx", before, after);
	else
		SURVIVED("it stays 0x%llx", after);
}

/* HCR, VTTBR, VTCR, SCTLR, VBAR, CPTR, CNTHCTL, ICH_HCR, ICH_LR0, ICC_SRE of EL2; SCR and TTBR0 of EL3 */
void el2_registers(void)
{
	static const u32 writes[] = {
		MSR(3, 4, 1, 1, 0), MSR(3, 4, 2, 1, 0), MSR(3, 4, 2, 1, 2), MSR(3, 4, 1, 0, 0),
		MSR(3, 4, 12, 0, 0), MSR(3, 4, 1, 1, 2), MSR(3, 4, 14, 1, 0), MSR(3, 4, 12, 11, 0),
		MSR(3, 4, 12, 12, 0), MSR(3, 4, 12, 9, 5), MSR(3, 6, 1, 1, 0), MSR(3, 6, 2, 0, 0),
	};
	unsigned long value = 0;
	unsigned int n;
	int trap;

	for (n = 0; n < ARRAY_SIZE(writes); n++) {
		trap = run_insn(writes[n], &value);
		if (trap == NO_TRAP)
			BREACH("write %u was carried out", n);
		else if (trap != TRAP_UNDEFINED)
			UNEXPECTED("write %u raised %s", n, trap_name(trap));
	}
	if (!judged)
		SURVIVED("%u registers are undefined", n);
}

static void do_eret(unsigned long spsr, unsigned long unused)
{
	(void)unused;
	asm volatile("adr x9, 1f\n\tmsr elr_el1, x9\n\tmsr spsr_el1, %0\n\tisb\n\teret\n1:\tnop"
		     :
		     : "r"(spsr)
		     : "x9", "memory");
}

/* An illegal return stays in EL1, where the next instruction is an exception. */
void eret_up(void)
{
	static const unsigned long modes[] = {SPSR_EL2H, 0x3c8, 0x3cd, 0x3c6, 0x1da, 0x1d6};
	unsigned int n;
	int trap;

	for (n = 0; n < ARRAY_SIZE(modes); n++) {
		trap = trap_call(do_eret, modes[n], 0);
		if (trap != TRAP_ILLEGAL)
			UNEXPECTED("mode 0x%lx: %s", modes[n], trap_name(trap));
	}
	if (!judged)
		SURVIVED("illegal states");
}

/* ---- debug and counters ---- */

void debug_registers(void)
{
	unsigned int n, kind;
	unsigned long value;

	asm volatile("msr osdlr_el1, xzr\n\tmsr oslar_el1, xzr\n\tisb");
	for (n = 0; n < 16; n++) {
		for (kind = 4; kind < 8; kind++) {
			value = kind & 1 ? ~0ULL : HYPERVISOR_ADDRESS;
			run_insn(MSR(2, 0, 0, n, kind), &value);
		}
	}
	/* OSECCR, DBGCLAIM, the channel to a debugger, and the power of the core */
	value = ~0ULL;
	run_insn(MSR(2, 0, 0, 6, 2), &value);
	run_insn(MSR(2, 0, 7, 8, 6), &value);
	run_insn(MSR(2, 3, 0, 5, 0), &value);
	run_insn(MSR(2, 0, 1, 4, 4), &value);
	mask_all();
	arm_write_sysreg(MDSCR_EL1, 1 << 15 | 1 << 13);
	value = 1;
	run_insn(MSR(2, 0, 1, 0, 4), &value);
	run_insn(MSR(2, 0, 1, 3, 4), &value);
	SURVIVED("all are on, and locked");
}

void pmu_registers(void)
{
	arm_write_sysreg(PMSELR_EL0, 31);
	arm_write_sysreg(PMXEVTYPER_EL0, ~0U);
	arm_write_sysreg(PMINTENSET_EL1, 0xffffffff);
	arm_write_sysreg(PMCNTENSET_EL0, 0xffffffff);
	arm_write_sysreg(PMCCNTR_EL0, ~0ULL - 16);
	arm_write_sysreg(PMOVSSET_EL0, 0xffffffff);
	arm_write_sysreg(PMUSERENR_EL0, 0xf);
	arm_write_sysreg(PMCR_EL0, 0x7f);
	irq_init(NULL);
	disable_irqs();
	irq_enable(23);
	SURVIVED("counters overflow");
}

/* ---- maintenance ---- */

static void clean_by_sets(unsigned int form)
{
	unsigned int level, way, set;
	u64 value;

	for (level = 0; level < 7; level++) {
		for (way = 0; way < 16; way++) {
			for (set = 0; set < 64; set++) {
				value = (u64)way << 28 | set << 6 | level << 1;
				if (form == 0)
					asm volatile("dc isw, %0" : : "r"(value));
				else if (form == 1)
					asm volatile("dc csw, %0" : : "r"(value));
				else
					asm volatile("dc cisw, %0" : : "r"(value));
			}
		}
	}
}

void cache_sets(void)
{
	clean_by_sets(0);
	clean_by_sets(1);
	clean_by_sets(2);
	dsb(sy);
	SURVIVED("caches are clean");
}

/* All encodings of SYS, which are caches, translations and TLB; those of EL2 must be undefined */
void sys_instructions(void)
{
	unsigned int op1, crn, crm, op2, trapped = 0, wrong = 0;
	int trap;
	unsigned long value;

	for (op1 = 0; op1 < 8; op1++) {
		for (crn = 7; crn < 9; crn++) {
			for (crm = 0; crm < 16; crm++) {
				for (op2 = 0; op2 < 8; op2++) {
					/* An address of its own, as DC ZVA and DC IVAC write */
					value = (unsigned long)WINDOW;
					if (crn == 7 && op1 == 3 && crm == 4)
						continue;
					trap = run_insn(MSR(1, op1, crn, crm, op2), &value);
					trapped += trap != NO_TRAP;
					if ((op1 == 4 || op1 == 6) && trap == NO_TRAP) {
						wrong++;
						BREACH("SYS %u, C%u, C%u, %u was executed", op1, crn, crm, op2);
					}
				}
			}
		}
	}
	if (!wrong)
		SURVIVED("%u are undefined or abort", trapped);
}

/* ---- what a guest does to itself ---- */

/* Nothing of the interrupt controller comes through that a guest can keep away by means of the architecture. */
static void close_interface(void)
{
	mask_all();
	if (!is_gicv3())
		return;
	arm_write_sysreg(ICC_IGRPEN1_EL1, 0);
	arm_write_sysreg(ICC_BPR1_EL1, 7);
	arm_write_sysreg(ICC_PMR_EL1, 0);
}

void tcr_wild(void)
{
	close_interface();
	arm_write_sysreg(TCR_EL1, ~0ULL);
	arm_write_sysreg(MAIR_EL1, 0x5a5a5a5a5a5a5a5aULL);
	arm_write_sysreg(TTBR1_EL1, ~0ULL);
	arch_flush_tlb();
	while (1)
		asm volatile("" : : : "memory");
}

/* Vectors at an address that no table can have */
void vbar_wild(void)
{
	close_interface();
	arm_write_sysreg(VBAR_EL1, 0x5a5a5a5a5a5a5800ULL);
	instruction_barrier();
	while (1)
		asm volatile(".inst 0" : : : "memory");
}

/* Data in the other order of bytes, to a trapped window. Tables would have that order, too, so the MMU is off. */
void big_endian(void)
{
	void *reg = gicd(4);
	u64 sctlr;
	u32 value;

	arm_read_sysreg(SCTLR_EL1, sctlr);
	asm volatile("msr sctlr_el1, %1\n\tisb\n\tldr %w0, [%3]\n\tmsr sctlr_el1, %2\n\tisb"
		     : "=&r"(value)
		     : "r"(SCTLR_RESET | SCTLR_EE), "r"(sctlr), "r"(reg)
		     : "memory");
	SURVIVED("read 0x%x", value);
}

/* SVE, SME and pointer authentication, where the hypervisor does not give them */
void extensions(void)
{
	unsigned long value = 0;
	int trap = run_insn(0x04bf5020, &value);

	if (trap == NO_TRAP)
		BREACH("RDVL was executed: 0x%lx", value);
	run_insn(0x04bf5820, &value);
	run_insn(MRS(3, 0, 1, 2, 0), &value);
	run_insn(MRS(3, 0, 1, 2, 6), &value);
	if (!judged)
		SURVIVED("no vectors of variable length");
}

/* ---- EL0 ---- */

/* HVC of both kinds, SMC, IC IALLU; registers of the implementation and of EL2; DC CIVAC, TPIDR_EL1 */
void el0_calls(void)
{
	static const u32 insns[] = {0xd4000002, 0xd4094902, 0xd4000003, 0xd508751f, 0xd51bf000,
				    0xd53bf000, 0xd51cc000, 0xd50b7e20, 0xd538d080};
	static u32 code[16] __attribute__((aligned(64)));
	unsigned int n;
	int trap;

	for (n = 0; n < ARRAY_SIZE(insns); n++) {
		code[0] = insns[n];
		code[1] = 0xd4000001; /* SVC #0 */
		code_written(code);
		trap = user_call(code, 0);
		if (trap != TRAP_UNDEFINED && trap != 0x18 && trap != TRAP_SVC && trap != TRAP_DATA_EL0)
			UNEXPECTED("instruction 0x%x in EL0: %s %d", insns[n], trap_name(trap), trap);
		else if (trap == TRAP_SVC && n < 4)
			BREACH("instruction 0x%x in EL0 was executed", insns[n]);
	}
	if (!judged)
		SURVIVED("%u instructions in EL0", n);
}
