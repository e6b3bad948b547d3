// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Accesses to CP15 by guests in AArch32, which both architectures have. The syndrome is the same; on ARM64 it names
 * the general registers as AArch64 sees them. Source: Arm DDI 0406C, B3.13.6 (HSR); DDI 0487, ESR_EL2, G1.9.
 */
#include <hypervisor/arch/cpu.h>
#include <asm/exit.h>
#include <asm/gic.h>
#include <asm/guest.h>
#include <asm/sysreg-encoding.h>

/* The fields of SYSREG, but for op0 */
#define CP15_FIELDS	 SYSREG(0U, 7U, 15U, 15U, 7U)
#define CP15_CRN(reg)	 ((reg) >> 10 & 0xf)
#define REG_CBAR	 SYSREG(3U, 4U, 15U, 0U, 0U)

#define RT(esr)		 ((unsigned int)(esr) >> 5 & 0x1f)
#define RT2(esr)	 ((unsigned int)(esr) >> 10 & 0x1f)
#define LOW(value)	 ((value) & 0xffffffffU)

/* What a core has beyond the architecture: it belongs to all of the machine, or nobody knows what it does. */
static bool is_implementation_defined(u32 reg)
{
	unsigned int crn = CP15_CRN(reg);

	return reg == SYSREG_ACTLR || crn == 9 || crn == 10 || crn == 11 || crn == 15;
}

static bool read_register(struct percpu *cpu, u32 reg, u64 *value)
{
	if (guest_core_register(reg, value))
		return true;
	if (reg == REG_CBAR)
		/* On cores that have it, the distributor is in the second page of what it points to. */
		*value = cpu->machine->config->platform_info.arm.gicd_base - PAGE_SIZE;
	else if (is_implementation_defined(reg))
		*value = 0;
	else
		return gicv3_read_register(cpu, reg, value);
	return true;
}

static bool access_32(struct percpu *cpu, u64 esr)
{
	u32 reg = ((u32)esr & CP15_FIELDS) | SYSREG(3U, 0U, 0U, 0U, 0U);
	u64 value;

	if (!(esr & SYSREG_IS_READ))
		return is_implementation_defined(reg) ||
		       gicv3_write_register(cpu, reg, LOW(guest_reg(cpu->arch.regs, RT(esr))));
	if (!read_register(cpu, reg, &value))
		return false;
	guest_set_reg(cpu->arch.regs, RT(esr), LOW(value));
	return true;
}

/* Only the registers that send SGIs have this form, and those of the core. */
static bool access_64(struct percpu *cpu, u64 esr)
{
	static const u32 by_opc1[] = { SYSREG_ICC_SGI1R, SYSREG_ICC_ASGI1R, SYSREG_ICC_SGI0R };
	unsigned int opc1 = esr >> 16 & 0xf, crm = esr >> 1 & 0xf;
	u64 low = guest_reg(cpu->arch.regs, RT(esr)), high = guest_reg(cpu->arch.regs, RT2(esr));

	if (crm == 15 || crm == 9 || crm == 10 || crm == 11) {
		if (esr & SYSREG_IS_READ) {
			guest_set_reg(cpu->arch.regs, RT(esr), 0);
			guest_set_reg(cpu->arch.regs, RT2(esr), 0);
		}
		return true;
	}
	return crm == 12 && opc1 < ARRAY_LEN(by_opc1) && !(esr & SYSREG_IS_READ) &&
	       gicv3_write_register(cpu, by_opc1[opc1], high << 32 | LOW(low));
}

void guest_cp15(struct percpu *cpu, u64 esr)
{
	if (!guest_condition_holds(esr) || (ESR_CLASS(esr) == EC_CP15_32 ? access_32(cpu, esr) : access_64(cpu, esr)))
		guest_skip_instruction(esr);
	else if (!cpu->failed)
		exit_unexpected(cpu, esr);
}
