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

/* Syndrome of an access to CP15: the fields of SYSREG, but for op0 */
#define CP15_FIELDS	 SYSREG(0U, 7U, 15U, 15U, 7U)
#define CP15_ENCODING(opc1, crn, crm, opc2) SYSREG(3U, opc1, crn, crm, opc2)
#define CP15_CRN(reg)	 ((reg) >> 10 & 0xf)
#define REG_ACTLR	 CP15_ENCODING(0U, 1U, 0U, 1U)
#define REG_L2CTLR	 CP15_ENCODING(1U, 9U, 0U, 2U)
#define REG_CBAR	 CP15_ENCODING(4U, 15U, 0U, 0U)

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

/* What a core has beyond the architecture: it belongs to all of the machine, or nobody knows what it does. */
static bool is_implementation_defined(u32 reg)
{
	unsigned int crn = CP15_CRN(reg);

	return reg == REG_ACTLR || crn == 9 || crn == 10 || crn == 11 || crn == 15;
}

static bool read_register(struct percpu *cpu, u32 reg, u64 *value)
{
	if (reg == REG_ACTLR)
		*value = read_cp15(CP15_ACTLR);
	else if (reg == REG_L2CTLR && has_l2ctlr())
		*value = read_cp15(CP15_L2CTLR);
	else if (reg == REG_CBAR)
		/* On cores that have it, the distributor is in the second page of what it points to. */
		*value = cpu->machine->config->platform_info.arm.gicd_base - PAGE_SIZE;
	else if (is_implementation_defined(reg))
		*value = 0;
	else
		return gicv3_read_register(cpu, reg, value);
	return true;
}

static void finish_register(struct percpu *cpu, u64 esr, bool done)
{
	if (done)
		guest_skip_instruction(esr);
	else if (!cpu->failed)
		exit_unexpected(cpu, esr);
}

static void cp15_32(struct percpu *cpu, u64 esr)
{
	u32 reg = ((u32)esr & CP15_FIELDS) | SYSREG(3U, 0U, 0U, 0U, 0U);
	unsigned int rt = esr >> 5 & 0xf;
	u64 value;
	bool done;

	if (esr & SYSREG_IS_READ) {
		done = read_register(cpu, reg, &value);
		if (done)
			guest_set_reg(cpu->arch.regs, rt, value);
	} else {
		done = is_implementation_defined(reg) ||
		       gicv3_write_register(cpu, reg, guest_reg(cpu->arch.regs, rt));
	}
	finish_register(cpu, esr, done);
}

/* Only the registers that send SGIs have this form. */
static void cp15_64(struct percpu *cpu, u64 esr)
{
	static const u32 by_opc1[] = { SYSREG_ICC_SGI1R, SYSREG_ICC_ASGI1R, SYSREG_ICC_SGI0R };
	unsigned int opc1 = esr >> 16 & 0xf, crm = esr >> 1 & 0xf;
	u64 low = guest_reg(cpu->arch.regs, esr >> 5 & 0xf), high = guest_reg(cpu->arch.regs, esr >> 10 & 0xf);
	bool done = crm == 12 && opc1 < ARRAY_LEN(by_opc1) && !(esr & SYSREG_IS_READ) &&
		    gicv3_write_register(cpu, by_opc1[opc1], high << 32 | low);

	/* Those of the core have it, too. */
	if (crm == 15 || crm == 9 || crm == 10 || crm == 11) {
		if (esr & SYSREG_IS_READ) {
			guest_set_reg(cpu->arch.regs, esr >> 5 & 0xf, 0);
			guest_set_reg(cpu->arch.regs, esr >> 10 & 0xf, 0);
		}
		done = true;
	}
	finish_register(cpu, esr, done);
}

bool arch_guest_exit(struct percpu *cpu, u64 esr)
{
	unsigned int class = ESR_CLASS(esr);

	if (class == EC_CP15_32 || class == EC_CP15_64) {
		exit_count(cpu, JAILHOUSE_CPU_STAT_VMEXITS_CP15);
		if (!guest_condition_holds(esr))
			guest_skip_instruction(esr);
		else if (class == EC_CP15_32)
			cp15_32(cpu, esr);
		else
			cp15_64(cpu, esr);
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
