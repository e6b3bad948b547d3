// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Exits of guests on ARMv7, and exceptions of the hypervisor itself. Source: Arm DDI 0406C, B1.9 (exceptions), B3.13.6
 * (HSR).
 */
#include <hypervisor/arch/cpu.h>
#include <hypervisor/arch/memory.h>
#include <hypervisor/image.h>
#include <asm/area.h>
#include <asm/exit.h>
#include <asm/gic.h>
#include <asm/guest.h>
#include <asm/host-regs.h>
#include <asm/sysreg-encoding.h>

#define VECTOR_UNDEFINED 1
#define VECTOR_DATA	 4

#define SCTLR_V		 (1U << 13)
#define SCTLR_EE	 (1U << 25)
#define SCTLR_TE	 (1U << 30)
#define TTBCR_EAE	 (1U << 31)

#define PSR_KEPT	 0xf80f01c0U /* flags, GE, A, I, F */
#define PSR_A		 (1U << 8)
#define PSR_I		 (1U << 7)
#define PSR_E		 (1U << 9)
#define PSR_MODE_ABT	 0x17
#define PSR_MODE_UND	 0x1b
#define OFFSET_UNDEFINED 0x04
#define OFFSET_DATA	 0x10

/* DFSR: synchronous external abort on a table walk, first level, in either format */
#define DFSR_WALK_SHORT	 0x00c
#define DFSR_WALK_LONG	 0x215
#define DFSR_WRITE	 0x800

#define REG_L2CTLR	 SYSREG(3U, 1U, 9U, 0U, 2U)

/* MIDR of cores that have L2CTLR: Cortex-A7, A15, A17 */
#define MIDR_PART(midr)	 ((midr) & 0xff00fff0U)
#define MIDR_A7		 0x4100c070U
#define MIDR_A15	 0x4100c0f0U
#define MIDR_A17	 0x4100c0e0U

/* ---- exceptions of the guest ---- */

/* The mode has been given its return address and SPSR. */
static void take_exception(unsigned int mode, u32 offset, u32 masked)
{
	u32 sctlr = read_cp15(CP15_SCTLR), psr = (u32)guest_psr() & PSR_KEPT;

	psr |= mode | masked | PSR_I | (sctlr & SCTLR_EE ? PSR_E : 0) | (sctlr & SCTLR_TE ? PSR_THUMB : 0);
	guest_set_psr(psr);
	guest_set_pc((sctlr & SCTLR_V ? 0xffff0000U : read_cp15(CP15_VBAR)) + offset);
}

static void inject_undefined(void)
{
	write_banked(LR_und, guest_pc() + (guest_psr() & PSR_THUMB ? 2 : 4));
	write_banked(SPSR_und, guest_psr());
	take_exception(PSR_MODE_UND, OFFSET_UNDEFINED, 0);
}

void guest_inject_walk_abort(struct percpu *cpu, u64 esr)
{
	bool long_format = read_cp15(CP15_TTBCR) & TTBCR_EAE;

	(void)cpu;
	write_cp15(CP15_DFAR, exit_address(false));
	write_cp15(CP15_DFSR, (long_format ? DFSR_WALK_LONG : DFSR_WALK_SHORT) | (esr & 0x40 ? DFSR_WRITE : 0));
	write_banked(LR_abt, guest_pc() + 8);
	write_banked(SPSR_abt, guest_psr());
	take_exception(PSR_MODE_ABT, OFFSET_DATA, PSR_A);
}

/* ---- registers ---- */

static bool has_l2ctlr(void)
{
	u32 part = MIDR_PART(read_cp15(CP15_MIDR));

	return part == MIDR_A7 || part == MIDR_A15 || part == MIDR_A17;
}

bool guest_core_register(u32 reg, u64 *value)
{
	if (reg == SYSREG_ACTLR)
		*value = read_cp15(CP15_ACTLR);
	else if (reg == REG_L2CTLR && has_l2ctlr())
		*value = read_cp15(CP15_L2CTLR);
	else
		return false;
	return true;
}

bool arch_guest_exit(struct percpu *cpu, u64 esr)
{
	unsigned int class = ESR_CLASS(esr);

	if (class == EC_CP15_32 || class == EC_CP15_64) {
		exit_count(cpu, JAILHOUSE_CPU_STAT_VMEXITS_CP15);
		guest_cp15(cpu, esr);
		return true;
	}
	/* Coprocessors that Linux' stub has left trapped */
	if (class >= EC_CP14_32 && class < EC_HVC32) {
		if (guest_condition_holds(esr))
			inject_undefined();
		else
			guest_skip_instruction(esr);
		return true;
	}
	return false;
}

/* ---- the hypervisor's own ---- */

void own_exception(struct percpu *cpu, unsigned long vector)
{
	u32 hsr = read_cp15(CP15_HSR), hdfar = read_cp15(CP15_HDFAR);

	if ((vector == VECTOR_UNDEFINED || vector == VECTOR_DATA) && cpu->arch.fixup) {
		guest_set_pc(cpu->arch.fixup);
		return;
	}
	console_panic_begin(cpu);
	cpu_printk(cpu, "FATAL: Unhandled HYP exception: vector %lu, hsr %x, hdfar %x\nPhysical CPU ID: %llx\n", vector,
		   hsr, hdfar, cpu->arch.mpidr);
	cpu_printk(cpu, " pc: %08llx spsr: %08llx\n", guest_pc(), guest_psr());
	panic_stop(cpu, JAILHOUSE_REASON_HYPERVISOR_FAULT, vector, hsr, guest_pc(), hdfar);
}

/*
 * One access to a register that may not answer. The fix-up is the instruction behind it; what was read then is all
 * ones, as a bus without device gives. The abort has taken the registers by which the guest is resumed.
 */
void arch_device_access(struct percpu *cpu, u64 phys, struct mmio_access *access)
{
	u8 *reg = own_memory_window(cpu, phys & PAGE_MASK, 1, PG_DEVICE) + (phys & PAGE_OFFS_MASK);
	u32 value = access->write ? (u32)access->value : ~0U, scratch;
	u64 pc = guest_pc(), psr = guest_psr();

#define ACCESS(insn)                                                                                             \
	__asm__ volatile("adr %3, 1f; str %3, %2; dsb sy; " insn " %0, [%1]; dsb sy; 1:"                         \
			 : "+r"(value), "+r"(reg), "=m"(*(u32 *)&cpu->arch.fixup), "=&r"(scratch)                \
			 :                                                                                       \
			 : "memory")
	switch (access->size | (unsigned int)access->write << 8) {
	case 0x001:
		ACCESS("ldrb");
		break;
	case 0x002:
		ACCESS("ldrh");
		break;
	case 0x004:
		ACCESS("ldr");
		break;
	case 0x101:
		ACCESS("strb");
		break;
	case 0x102:
		ACCESS("strh");
		break;
	case 0x104:
		ACCESS("str");
		break;
	}
#undef ACCESS
	cpu->arch.fixup = 0;
	guest_set_pc(pc);
	guest_set_psr(psr);
	if (!access->write)
		access->value = value;
}
