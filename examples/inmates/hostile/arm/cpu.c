/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Coprocessor registers and state of the CPU. Source: ARM DDI 0406C, B3.17 (CP15), C11.11 (CP14). */
#include "hostile.h"

/* MRC and MCR of r0 */
#define MRC(cp, opc1, crn, crm, opc2) \
	(0xee100010U | (opc1) << 21 | (crn) << 16 | (cp) << 8 | (opc2) << 5 | (crm))
#define MCR(cp, opc1, crn, crm, opc2) (MRC(cp, opc1, crn, crm, opc2) & ~0x100000U)

#define ACTLR CP15_32(0, c1, c0, 1)

#define MODE_MON 0x16
#define MODE_HYP 0x1a

#define OS_LOCK 0xc5acce55
#define PMU_IRQ 23

#define ENDIAN_ROUNDS 100

/* Registers that only acknowledge an interrupt when they are read: ICC_IAR0 and IAR1 */
static bool has_side_effect(unsigned int opc1, unsigned int crn, unsigned int crm, unsigned int opc2)
{
	return opc1 == 0 && crn == 12 && (crm == 8 || crm == 12) && opc2 == 0;
}

static unsigned int read_all(unsigned int cp)
{
	unsigned int opc1, crn, crm, opc2, trapped = 0;
	unsigned long value;

	for (opc1 = 0; opc1 < 8; opc1++)
		for (crn = 0; crn < 16; crn++)
			for (crm = 0; crm < 16; crm++)
				for (opc2 = 0; opc2 < 8; opc2++) {
					value = 0;
					if (cp == 15 && has_side_effect(opc1, crn, crm, opc2))
						continue;
					trapped += run_insn(MRC(cp, opc1, crn, crm, opc2), &value) != NO_TRAP;
				}
	return trapped;
}

/* Each must be undefined or do no harm; none may stop the CPU. */
void cp15_scan(void)
{
	SURVIVED("%u are undefined", read_all(15));
}

void cp14_scan(void)
{
	SURVIVED("%u are undefined", read_all(14));
}

/* What a core has beyond the architecture: c9 (but for the counters), c10 (but for MAIR), c11 and c15 */
void cp15_impdef(void)
{
	static const u8 crns[] = {9, 10, 11, 15};
	unsigned int n, opc1, crm, opc2, trapped = 0;
	unsigned long value;

	for (n = 0; n < ARRAY_SIZE(crns); n++)
		for (opc1 = 0; opc1 < 8; opc1++)
			for (crm = 0; crm < 16; crm++)
				for (opc2 = 0; opc2 < 8; opc2++) {
					if ((crns[n] == 9 && crm >= 12) || (crns[n] == 10 && crm >= 2 && crm <= 3))
						continue;
					value = ~0U;
					trapped += run_insn(MCR(15, opc1, crns[n], crm, opc2), &value) != NO_TRAP;
				}
	SURVIVED("%u are undefined", trapped);
}

void actlr_write(void)
{
	u32 before, after;

	arm_read_sysreg(ACTLR, before);
	arm_write_sysreg(ACTLR, ~before);
	arm_read_sysreg(ACTLR, after);
	if (before != after)
		BREACH("it was 0x%x and is 0x%x", before, after);
	else
		SURVIVED("it stays 0x%x", after);
}

/* Registers of Hyp mode and of the secure world: HSCTLR, HCR, HSTR, HCPTR, HVBAR, VPIDR, VMPIDR; SCR, NSACR, MVBAR */
void hyp_registers(void)
{
	static const u32 writes[] = {
		MCR(15, 4, 1, 0, 0), MCR(15, 4, 1, 1, 0), MCR(15, 4, 1, 1, 3), MCR(15, 4, 1, 1, 2),
		MCR(15, 4, 12, 0, 0), MCR(15, 4, 0, 0, 0), MCR(15, 4, 0, 0, 5), MCR(15, 0, 1, 1, 0),
		MCR(15, 0, 1, 1, 2), MCR(15, 0, 12, 0, 1),
	};
	unsigned int n;
	unsigned long value = 0;
	int trap;

	for (n = 0; n < ARRAY_SIZE(writes); n++) {
		trap = run_insn(writes[n], &value);
		if (trap != TRAP_UNDEFINED) {
			BREACH("write %u of them gave %s", n, trap_name(trap));
			return;
		}
	}
	SURVIVED("%u registers are undefined", n);
}

static u32 mode(void)
{
	u32 cpsr;

	asm volatile("mrs %0, cpsr" : "=r"(cpsr));
	return cpsr & 0x1f;
}

static void by_cps(unsigned long to, unsigned long unused)
{
	(void)unused;
	if (to == MODE_HYP)
		asm volatile(".inst 0xf102001a" : : : "memory"); /* CPS #0x1a, which the assembler does not know */
	else
		asm volatile("cps #0x16" : : : "memory");
}

static void by_msr(unsigned long to, unsigned long masks)
{
	asm volatile("msr cpsr_c, %0" : : "r"(to | masks) : "memory");
}

static void by_return(unsigned long to, unsigned long masks)
{
	asm volatile("adr r0, 1f\n\tmov r1, %0\n\tpush {r0, r1}\n\trfeia sp!\n1:"
		     :
		     : "r"(to | masks)
		     : "r0", "r1", "memory");
}

/* Architecturally nothing is said of what comes of it, but not that. */
void mode_up(void)
{
	static void (*const ways[])(unsigned long to, unsigned long masks) = {by_cps, by_msr, by_return};
	static const unsigned long modes[] = {MODE_HYP, MODE_MON};
	unsigned int n, way;

	for (n = 0; n < ARRAY_SIZE(modes); n++)
		for (way = 0; way < ARRAY_SIZE(ways); way++) {
			trap_call(ways[way], modes[n], CPSR_MASKED);
			if (mode() == modes[n])
				BREACH("way %u led to mode 0x%lx", way, modes[n]);
		}
	if (!judged)
		SURVIVED("still in mode 0x%x", mode());
}

/* ---- debug, counters and maintenance ---- */

/* All breakpoints and watchpoints on, on code of the hypervisor; monitor mode; and locked */
void debug_registers(void)
{
	unsigned int n, kind;
	unsigned long value = 0;

	run_insn(MCR(14, 0, 1, 3, 4), &value); /* DBGOSDLR */
	run_insn(MCR(14, 0, 1, 0, 4), &value); /* DBGOSLAR */
	for (n = 0; n < 16; n++)
		for (kind = 4; kind < 8; kind++) {
			value = kind & 1 ? ~0U : HYPERVISOR_ADDRESS;
			run_insn(MCR(14, 0, 0, n, kind), &value);
		}
	/* DBGECCR, DBGDTRTX, DBGCLAIMSET, DBGPRCR */
	value = ~0U;
	run_insn(MCR(14, 0, 0, 6, 2), &value);
	run_insn(MCR(14, 0, 0, 3, 2), &value);
	run_insn(MCR(14, 0, 7, 8, 6), &value);
	run_insn(MCR(14, 0, 1, 4, 4), &value);
	mask_all();
	value = 1 << 15 | 1 << 14; /* DBGDSCRext: both debug modes */
	run_insn(MCR(14, 0, 0, 2, 2), &value);
	value = OS_LOCK;
	run_insn(MCR(14, 0, 1, 0, 4), &value);
	value = 1;
	run_insn(MCR(14, 0, 1, 3, 4), &value);
	SURVIVED("all are on, and locked");
}

void pmu_registers(void)
{
	unsigned long all = ~0U, value;

	value = 31;
	run_insn(MCR(15, 0, 9, 12, 5), &value); /* PMSELR */
	run_insn(MCR(15, 0, 9, 13, 1), &all);	/* PMXEVTYPER */
	run_insn(MCR(15, 0, 9, 14, 1), &all);	/* PMINTENSET */
	run_insn(MCR(15, 0, 9, 12, 1), &all);	/* PMCNTENSET */
	value = ~0U - 16;
	run_insn(MCR(15, 0, 9, 13, 0), &value); /* PMCCNTR */
	run_insn(MCR(15, 0, 9, 14, 3), &all);	/* PMOVSSET */
	value = 0xf;
	run_insn(MCR(15, 0, 9, 14, 0), &value); /* PMUSERENR */
	value = 0x7f;
	run_insn(MCR(15, 0, 9, 12, 0), &value); /* PMCR */
	irq_init(NULL);
	disable_irqs();
	irq_enable(PMU_IRQ);
	SURVIVED("counters overflow");
}

/* DCISW, DCCSW, DCCISW on all sets and levels */
void cache_sets(void)
{
	unsigned int level, way, set;

	for (level = 0; level < 7; level++)
		for (way = 0; way < 16; way++)
			for (set = 0; set < 64; set++) {
				u32 value = way << 28 | set << 6 | level << 1;

				asm volatile("mcr p15, 0, %0, c7, c6, 2\n\t"
					     "mcr p15, 0, %0, c7, c10, 2\n\t"
					     "mcr p15, 0, %0, c7, c14, 2"
					     :
					     : "r"(value)
					     : "memory");
			}
	dsb(sy);
	SURVIVED("caches are clean");
}

/* All of c7 and c8, which are caches, translations and TLB; those of Hyp mode must be undefined. */
void cp15_maintenance(void)
{
	unsigned int opc1, crn, crm, opc2, trapped = 0;
	unsigned long value;
	int trap;

	for (opc1 = 0; opc1 < 8; opc1++)
		for (crn = 7; crn < 9; crn++)
			for (crm = 0; crm < 16; crm++)
				for (opc2 = 0; opc2 < 8; opc2++) {
					/* An address of its own, as DCIMVAC writes */
					value = WINDOW;
					trap = run_insn(MCR(15, opc1, crn, crm, opc2), &value);
					trapped += trap != NO_TRAP;
					if (opc1 == 4 && trap == NO_TRAP)
						BREACH("MCR p15, 4, c%u, c%u, %u was executed", crn, crm, opc2);
				}
	if (!judged)
		SURVIVED("%u are undefined or abort", trapped);
}

/* A trapped access in the other order of bytes: nothing but a wrong number may come of it. */
void big_endian(void)
{
	unsigned int n;
	u32 value = 0;

	gicd(0);
	for (n = 0; n < ENDIAN_ROUNDS; n++)
		asm volatile("setend be\n\tldr %0, [%1]\n\tstr %0, [%1]\n\tsetend le"
			     : "=&r"(value)
			     : "r"(gicd(GICD_ISENABLER))
			     : "memory");
	SURVIVED("read 0x%x", value);
}
