// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Exits of guests, and exceptions of the hypervisor itself. Source: Arm DDI 0487, ESR_EL2 and D1.3. */
#include <hypervisor/arch/cpu.h>
#include <asm/area.h>
#include <asm/gic.h>
#include <asm/guest.h>
#include <asm/sysreg-encoding.h>
#include <asm/sysregs.h>

#define ESR_CLASS(esr)	 ((unsigned int)((esr) >> 26) & 0x3f)
#define ESR_LONG	 (1UL << 25) /* 32-bit instruction */
#define EC_UNKNOWN	 0x00
#define EC_WFX		 0x01
#define EC_CP15_32	 0x03
#define EC_CP15_64	 0x04
#define EC_CP14_32	 0x05
#define EC_SVE		 0x19
#define EC_HVC32	 0x12
#define EC_SMC32	 0x13
#define EC_HVC64	 0x16
#define EC_SMC64	 0x17
#define EC_SYSREG	 0x18
#define EC_INSN_ABORT	 0x20
#define EC_DATA_ABORT	 0x24
#define EC_DATA_ABORT_EL2 0x25

#define DABT_VALID	 (1UL << 24)
#define DABT_SIGN	 (1UL << 21)
#define DABT_WIDE	 (1UL << 15)
#define DABT_CACHE	 (1UL << 8)
#define ABORT_WALK	 (1UL << 7)
#define DABT_WRITE	 (1UL << 6)
#define ABORT_STATUS(e)	 ((unsigned int)(e) & 0x3c)
#define STATUS_TRANSLATION 0x04
#define STATUS_PERMISSION 0x0c

#define WFX_IS_WFE	 1UL
#define SYSREG_IS_READ	 1UL

#define ESR_EL1_UNKNOWN	 (ESR_LONG)
#define ESR_EL1_WALK	 0x14 /* synchronous external abort on a table walk, level 0 */

#define SYSREG_ACTLR	 SYSREG(3U, 0U, 1U, 0U, 1U)
#define IS_IMPLEMENTATION_DEFINED(reg) \
	(((reg) & SYSREG(3U, 0U, 11U, 0U, 0U)) == SYSREG(3U, 0U, 11U, 0U, 0U))

static void count(struct percpu *cpu, unsigned int stat)
{
	cpu->stats[stat]++;
}

/* In Thumb code the instruction may be part of an IT block, whose state moves on with it. */
static void skip_instruction(u64 esr)
{
	u64 spsr = read_sysreg(spsr_el2);
	u64 it;

	write_sysreg(elr_el2, read_sysreg(elr_el2) + (esr & ESR_LONG ? 4 : 2));
	if (!(spsr & 0x10))
		return;
	it = (spsr >> 8 & 0xfc) | (spsr >> 25 & 3);
	if (it == 0)
		return;
	it = (it & 7) ? (it & 0xe0) | (it << 1 & 0x1f) : 0;
	spsr &= ~0x0600fc00UL;
	write_sysreg(spsr_el2, spsr | (it & 0xfc) << 8 | (it & 3) << 25);
}

/* AArch32: the instruction traps even if its condition fails, and then does nothing. */
static bool condition_holds(u64 esr)
{
	u64 spsr = read_sysreg(spsr_el2);
	bool n = spsr >> 31 & 1, z = spsr >> 30 & 1, c = spsr >> 29 & 1, v = spsr >> 28 & 1, holds = true;
	unsigned int cond;

	if (!(spsr & 0x10) || !(esr >> 24 & 1))
		return true;
	cond = esr >> 20 & 0xf;
	switch (cond >> 1) {
	case 0:
		holds = z;
		break;
	case 1:
		holds = c;
		break;
	case 2:
		holds = n;
		break;
	case 3:
		holds = v;
		break;
	case 4:
		holds = c && !z;
		break;
	case 5:
		holds = n == v;
		break;
	case 6:
		holds = !z && n == v;
		break;
	default:
		return true;
	}
	return holds != (cond & 1);
}

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

static void unexpected(struct percpu *cpu, u64 esr)
{
	VIOLATION(cpu, read_sysreg(far_el2), UNEXPECTED_EXIT, ESR_CLASS(esr), esr & 0x1ffffff, read_sysreg(far_el2), 0);
}

/* Only for AArch64: an AArch32 guest that touches what it must not is stopped. */
static void inject_undefined(struct percpu *cpu, u64 esr)
{
	if (read_sysreg(hcr_el2) & HCR_RW)
		inject(ESR_EL1_UNKNOWN);
	else
		unexpected(cpu, esr);
}

/* ---- memory ---- */

/* The page by HPFAR; after a permission fault that register need not be valid, so the walk is repeated. */
static bool fault_address(u64 esr, u64 *address)
{
	u64 far = read_sysreg(far_el2), par, saved;

	if (ABORT_STATUS(esr) != STATUS_PERMISSION || (esr & ABORT_WALK)) {
		*address = (read_sysreg(hpfar_el2) & 0xfffffffffff0UL) << 8 | (far & PAGE_OFFS_MASK);
		return true;
	}
	saved = read_sysreg(par_el1);
	__asm__ volatile("at s1e1r, %0; isb" : : "r"(far) : "memory");
	par = read_sysreg(par_el1);
	write_sysreg(par_el1, saved);
	if (par & 1)
		return false;
	*address = (par & 0xffffffffff000UL) | (far & PAGE_OFFS_MASK);
	return true;
}

static void data_abort(struct percpu *cpu, u64 esr)
{
	struct guest_access access = {
		.size = (u8)(1U << (esr >> 22 & 3)),
		.write = esr & DABT_WRITE,
		.sign_extend = esr & DABT_SIGN,
		.reg = esr >> 16 & 0x1f,
		.wide = esr & DABT_WIDE,
	};

	/* The guest's tables or the translation have changed meanwhile: it shall try again. */
	if (!fault_address(esr, &access.address))
		return;
	if (esr & ABORT_WALK) {
		write_sysreg(far_el1, read_sysreg(far_el2));
		inject((u64)0x25 << 26 | ESR_LONG | ESR_EL1_WALK);
	} else if (!(esr & DABT_VALID) || (esr & DABT_CACHE)) {
		access.size = 0;
		learn_access(cpu, JAILHOUSE_LEARNED_MEM, access.address, 0, access.write);
		cpu_printk(cpu, "Unhandled data %s at 0x%llx(%u)\n", access.write ? "write" : "read", access.address,
			   access.size);
		VIOLATION(cpu, access.address, MEM_ACCESS, access.write ? JAILHOUSE_ARG_WRITE : JAILHOUSE_ARG_READ,
			  access.address, 0, 0);
	} else if (guest_mmio(cpu, &access)) {
		skip_instruction(esr);
	}
}

static void insn_abort(struct percpu *cpu, u64 esr)
{
	u64 address;

	if (!fault_address(esr, &address))
		return;
	cpu_printk(cpu, "FATAL: instruction abort at 0x%llx\n", address);
	VIOLATION(cpu, address, MEM_ACCESS, JAILHOUSE_ARG_READ, address, 4, 0);
}

/* ---- registers and calls ---- */

static void sysreg(struct percpu *cpu, u64 esr)
{
	u32 reg = (u32)esr & SYSREG_MASK;
	unsigned int rt = esr >> 5 & 0x1f;
	u64 value = guest_reg(cpu->arch.regs, rt);
	bool done;

	if (esr & SYSREG_IS_READ) {
		done = gicv3_read_register(cpu, reg, &value);
		if (reg == SYSREG_ACTLR) {
			value = read_sysreg(actlr_el1);
			done = true;
		}
		if (done)
			guest_set_reg(cpu->arch.regs, rt, value);
	} else {
		done = gicv3_write_register(cpu, reg, value) || reg == SYSREG_ACTLR;
	}
	if (done)
		skip_instruction(esr);
	else if (IS_IMPLEMENTATION_DEFINED(reg))
		inject_undefined(cpu, esr);
	else if (!cpu->failed)
		unexpected(cpu, esr);
}

static void call(struct percpu *cpu, u64 esr)
{
	struct guest_regs *regs = cpu->arch.regs;
	u64 code = regs->x[0];
	long result;

	if ((esr & 0xffff) == 0) {
		guest_hvc(cpu);
		return;
	}
	if ((esr & 0xffff) != JAILHOUSE_HVC_CODE) {
		unexpected(cpu, esr);
		return;
	}
	count(cpu, code <= JAILHOUSE_HC_CELL_DESTROY ? JAILHOUSE_CPU_STAT_VMEXITS_MANAGEMENT :
						       JAILHOUSE_CPU_STAT_VMEXITS_HYPERCALL);
	result = hypercall(cpu, code, regs->x[1], regs->x[2]);
	regs->x[0] = (u64)result;
	if (unlikely(result == -ENOSYS))
		guest_printk(cpu, "CPU %u: Unknown hypercall %llu, pc: 0x%llx\n", cpu->id, code, read_sysreg(elr_el2) - 4);
	if (unlikely(code == JAILHOUSE_HC_DISABLE && result == 0)) {
		struct linux_state *state = &cpu_area(cpu)->frame.linux_state;

		state->elr = read_sysreg(elr_el2);
		state->spsr = read_sysreg(spsr_el2);
		cpu->machine->arch.gic->cpu_exit(cpu);
		arm64_leave(cpu);
	}
}

static void wait_for_interrupt(struct percpu *cpu, u64 esr)
{
	skip_instruction(esr);
	if (!(esr & WFX_IS_WFE) && !__atomic_load_n(&cpu->requests, __ATOMIC_ACQUIRE))
		gic_wait(cpu, true);
}

static void dispatch(struct percpu *cpu, u64 esr)
{
	switch (ESR_CLASS(esr)) {
	case EC_DATA_ABORT:
		data_abort(cpu, esr);
		break;
	case EC_SYSREG:
		sysreg(cpu, esr);
		break;
	case EC_HVC64:
	case EC_HVC32:
		call(cpu, esr);
		break;
	case EC_SMC64:
	case EC_SMC32:
		if (condition_holds(esr))
			guest_smc(cpu);
		skip_instruction(esr);
		break;
	case EC_WFX:
		if (condition_holds(esr))
			wait_for_interrupt(cpu, esr);
		else
			skip_instruction(esr);
		break;
	case EC_INSN_ABORT:
		insn_abort(cpu, esr);
		break;
	case EC_SVE:
		inject_undefined(cpu, esr);
		break;
	default:
		unexpected(cpu, esr);
	}
}

/*
 * Tables that were taken away may have caused any kind of abort, also of an access that is none of the hypervisor's
 * business. The guest repeats it when it has them back.
 */
static bool is_abort(u64 esr)
{
	return ESR_CLASS(esr) == EC_INSN_ABORT || ESR_CLASS(esr) == EC_DATA_ABORT;
}

void guest_exit(struct percpu *cpu)
{
	u64 esr = read_sysreg(esr_el2);

	count(cpu, JAILHOUSE_CPU_STAT_VMEXITS_TOTAL);
	if (is_abort(esr) && __atomic_load_n(&cpu->arch.revoked, __ATOMIC_ACQUIRE))
		count(cpu, JAILHOUSE_CPU_STAT_VMEXITS_MANAGEMENT);
	else
		dispatch(cpu, esr);
	if (__atomic_load_n(&cpu->requests, __ATOMIC_ACQUIRE) | __atomic_load_n(&cpu->arch.revoked, __ATOMIC_ACQUIRE) |
	    cpu->arch.parked)
		guest_prepare(cpu);
}

/* ---- the hypervisor's own ---- */

void own_exception(struct percpu *cpu, u64 vector)
{
	u64 esr = read_sysreg(esr_el2);

	if (vector == 4 && ESR_CLASS(esr) == EC_DATA_ABORT_EL2 && cpu->arch.fixup) {
		write_sysreg(elr_el2, cpu->arch.fixup);
		return;
	}
	console_panic_begin(cpu);
	cpu_printk(cpu, "FATAL: Unhandled HYP exception: vector %llu, esr %llx, far %llx\nPhysical CPU ID: %llx\n", vector,
		   esr, read_sysreg(far_el2), cpu->arch.mpidr);
	cpu_printk(cpu, " pc: %016llx spsr: %08llx\n", read_sysreg(elr_el2), read_sysreg(spsr_el2));
	panic_stop(cpu, JAILHOUSE_REASON_HYPERVISOR_FAULT, vector, esr, read_sysreg(elr_el2), read_sysreg(far_el2));
}

/*
 * One access to a register that may not answer. The fix-up is the instruction behind it; what was read then is all
 * ones, as a bus without device gives.
 */
void arch_device_access(struct percpu *cpu, u64 phys, struct mmio_access *access)
{
	u8 *reg = own_memory_window(cpu, phys & PAGE_MASK, 1, PG_DEVICE) + (phys & PAGE_OFFS_MASK);
	u64 value = access->write ? access->value : ~0ULL;

#define ACCESS(insn, width)                                                                              \
	__asm__ volatile("adr x9, 1f; str x9, %2; dsb sy; " insn " %" width "0, [%1]; dsb sy; 1: str xzr, %2" \
			 : "+r"(value), "+r"(reg), "=m"(cpu->arch.fixup)                                 \
			 :                                                                               \
			 : "x9", "memory")
	switch (access->size | (unsigned int)access->write << 8) {
	case 0x001:
		ACCESS("ldrb", "w");
		break;
	case 0x002:
		ACCESS("ldrh", "w");
		break;
	case 0x004:
		ACCESS("ldr", "w");
		break;
	case 0x008:
		ACCESS("ldr", "x");
		break;
	case 0x101:
		ACCESS("strb", "w");
		break;
	case 0x102:
		ACCESS("strh", "w");
		break;
	case 0x104:
		ACCESS("str", "w");
		break;
	case 0x108:
		ACCESS("str", "x");
		break;
	}
#undef ACCESS
	if (!access->write)
		access->value = value;
}
