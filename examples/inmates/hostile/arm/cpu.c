/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Coprocessor registers and state of the CPU. Source: ARM DDI 0406C, B3.17 (CP15), C11.11 (CP14). */
#include "hostile.h"

/* MRC and MCR of r0 */
#define MRC(cp, opc1, crn, crm, opc2) \
	(0xee100010U | (opc1) << 21 | (crn) << 16 | (cp) << 8 | (opc2) << 5 | (crm))
#define MCR(cp, opc1, crn, crm, opc2) (MRC(cp, opc1, crn, crm, opc2) & ~0x100000U)

#define ACTLR CP15_32(0, c1, c0, 1)

#define ENDIAN_ROUNDS 100

/* Registers that only acknowledge an interrupt when they are read: ICC_IAR0 and IAR1 */
static bool has_side_effect(unsigned int opc1, unsigned int crn, unsigned int crm, unsigned int opc2)
{
	return opc1 == 0 && crn == 12 && (crm == 8 || crm == 12) && opc2 == 0;
}

static unsigned int read_all(unsigned int cp)
{
	unsigned int opc1, crn, crm, opc2, trapped = 0;
	u32 value;

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
	u32 value;

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
	u32 value = 0;
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

/* Accesses to a trapped window of which the CPU does not say what they are */
static void *window(unsigned int reg)
{
	return gicd(reg);
}

void window_pair(void)
{
	u32 a, b;

	asm volatile("ldm %2, {%0, %1}" : "=&r"(a), "=&r"(b) : "r"(window(0)));
	BREACH("read 0x%x 0x%x", a, b);
}

void window_writeback(void)
{
	void *address = window(0);
	u32 value;

	asm volatile("ldr %0, [%1], #4" : "=&r"(value), "+r"(address));
	BREACH("read 0x%x", value);
}
