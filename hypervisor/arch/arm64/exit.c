// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Exits of guests, and exceptions of the hypervisor itself. Source: Arm DDI 0487, ESR_EL2 and D1.3. */
#include <hypervisor/arch/cpu.h>
#include <asm/area.h>
#include <asm/exit.h>
#include <asm/gic.h>
#include <asm/guest.h>
#include <asm/host-regs.h>
#include <asm/sysreg-encoding.h>
#include <asm/sysregs.h>

#define EC_UNKNOWN	 0x00
#define EC_SVE		 0x19
#define EC_SYSREG	 0x18

#define ESR_EL1_UNKNOWN	 (ESR_LONG)
#define ESR_EL1_WALK	 0x14 /* synchronous external abort on a table walk, level 0 */

/* Of whatever group: instructions (1), debug (2), registers (3) */
#define IS_IMPLEMENTATION_DEFINED(reg) \
	(((reg) & SYSREG(0U, 0U, 11U, 0U, 0U)) == SYSREG(0U, 0U, 11U, 0U, 0U))

/* An exception of the guest at EL1, AArch64. Source: DDI 0487, AArch64.TakeException */
static void inject(u64 esr)
{
	u64 spsr = read_sysreg(spsr_el2);
	u64 offset = 0x400; /* from EL0, AArch64 */

	if (spsr & 0x10)
		offset = 0x600;
	else if ((spsr & 0xf) == 5)
		offset = 0x200;
	else if ((spsr & 0xf) == 4)
		offset = 0;
	write_sysreg(spsr_el1, spsr);
	write_sysreg(elr_el1, read_sysreg(elr_el2));
	write_sysreg(esr_el1, esr);
	write_sysreg(elr_el2, read_sysreg(vbar_el1) + offset);
	write_sysreg(spsr_el2, PSTATE_EL1H_MASKED);
}

/* Only for AArch64: an AArch32 guest that touches what it must not is stopped. */
static void inject_undefined(struct percpu *cpu, u64 esr)
{
	if (read_sysreg(hcr_el2) & HCR_RW)
		inject(ESR_EL1_UNKNOWN);
	else
		exit_unexpected(cpu, esr);
}

void guest_inject_walk_abort(struct percpu *cpu, u64 esr)
{
	bool from_el0 = !(read_sysreg(spsr_el2) & 0xf);

	if (!(read_sysreg(hcr_el2) & HCR_RW)) {
		exit_unexpected(cpu, esr);
		return;
	}
	write_sysreg(far_el1, read_sysreg(far_el2));
	inject((u64)(from_el0 ? EC_DATA_ABORT : EC_DATA_ABORT + 1) << 26 | ESR_LONG | ESR_EL1_WALK);
}

/* ---- registers ---- */

bool guest_core_register(u32 reg, u64 *value)
{
	if (reg != SYSREG_ACTLR)
		return false;
	*value = read_sysreg(actlr_el1);
	return true;
}

static void sysreg(struct percpu *cpu, u64 esr)
{
	u32 reg = (u32)esr & SYSREG_MASK;
	unsigned int rt = esr >> 5 & 0x1f;
	u64 value = guest_reg(cpu->arch.regs, rt);
	bool done;

	if (esr & SYSREG_IS_READ) {
		done = gicv3_read_register(cpu, reg, &value);
		done = done || guest_core_register(reg, &value);
		if (done)
			guest_set_reg(cpu->arch.regs, rt, value);
	} else {
		done = gicv3_write_register(cpu, reg, value) || reg == SYSREG_ACTLR;
	}
	if (done)
		guest_skip_instruction(esr);
	else if (IS_IMPLEMENTATION_DEFINED(reg))
		inject_undefined(cpu, esr);
	else if (!cpu->failed)
		exit_unexpected(cpu, esr);
}

bool arch_guest_exit(struct percpu *cpu, u64 esr)
{
	switch (ESR_CLASS(esr)) {
	case EC_SYSREG:
		sysreg(cpu, esr);
		return true;
	case ESR_CLASS(EXIT_FIQ):
		exit_count(cpu, JAILHOUSE_CPU_STAT_VMEXITS_MANAGEMENT);
		return true;
	case EC_CP15_32:
	case EC_CP15_64:
		guest_cp15(cpu, esr);
		return true;
	case EC_SVE:
		inject_undefined(cpu, esr);
		return true;
	default:
		return false;
	}
}

/* ---- the hypervisor's own ---- */

/* Where the firmware allows no calls (SCR_EL3.SMD), the instruction is undefined, as if the call were unknown. */
void arch_firmware_call(u64 x[18])
{
	struct percpu *cpu = host_this_cpu();
	u64 pc = guest_pc(), psr = guest_psr();

	cpu->arch.fixup = (unsigned long)arm64_firmware_absent;
	arm64_firmware_call(x);
	cpu->arch.fixup = 0;
	guest_set_pc(pc);
	guest_set_psr(psr);
}

void own_exception(struct percpu *cpu, unsigned long vector)
{
	u64 esr = read_sysreg(esr_el2);

	if (vector == 4 && (ESR_CLASS(esr) == EC_DATA_ABORT_OWN || ESR_CLASS(esr) == EC_UNKNOWN) && cpu->arch.fixup) {
		write_sysreg(elr_el2, cpu->arch.fixup);
		return;
	}
	console_panic_begin(cpu);
	cpu_printk(cpu, "FATAL: Unhandled HYP exception: vector %lu, esr %llx, far %llx\nPhysical CPU ID: %llx\n",
		   vector, esr, read_sysreg(far_el2), cpu->arch.mpidr);
	cpu_printk(cpu, " pc: %016llx spsr: %08llx\n", read_sysreg(elr_el2), read_sysreg(spsr_el2));
	panic_stop(cpu, JAILHOUSE_REASON_HYPERVISOR_FAULT, vector, esr, read_sysreg(elr_el2), read_sysreg(far_el2));
}
