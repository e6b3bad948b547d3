// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Exits of guests: what both ARM architectures do alike. */
#include <hypervisor/arch/cpu.h>
#include <asm/area.h>
#include <asm/errata.h>
#include <asm/exit.h>
#include <asm/gic.h>
#include <asm/guest.h>
#include <asm/host-regs.h>

#define ABORT_WALK	   (1UL << 7)
#define ABORT_STATUS(e)	   ((unsigned int)(e) & 0x3c)
#define STATUS_PERMISSION  0x0c

#define WFX_IS_WFE	   1UL

/* EC_HVC, EC_SMC from AArch64 */
#define EC_HVC64	   0x16
#define EC_SMC64	   0x17

/* Fields of an AArch32 CPSR */
#define PSR_IS_THUMB	   0x20
#define PSR_IT		   0x0600fc00UL

static unsigned int it_state(u64 psr)
{
	return (unsigned int)((psr >> 8 & 0xfc) | (psr >> 25 & 3));
}

/* In Thumb code the instruction may be part of an IT block, whose state moves on with it. */
void guest_skip_aarch32(u64 esr)
{
	u64 psr = guest_psr();
	unsigned int it = it_state(psr);

	if (likely(!(psr & PSR_IS_THUMB))) {
		guest_set_pc(guest_pc() + 4);
		return;
	}
	guest_set_pc(guest_pc() + (esr & ESR_LONG ? 4 : 2));
	if (it == 0)
		return;
	it = (it & 7) ? (it & 0xe0) | (it << 1 & 0x1f) : 0;
	psr &= ~PSR_IT;
	guest_set_psr(psr | (u64)(it & 0xfc) << 8 | (u64)(it & 3) << 25);
}

/* Not every CPU gives the condition of an instruction in an IT block. */
static unsigned int condition_of(u64 esr, u64 psr)
{
	const unsigned int always = 14;

	if (esr >> 24 & 1)
		return esr >> 20 & 0xf;
	return (psr & PSR_IS_THUMB) && it_state(psr) ? it_state(psr) >> 4 : always;
}

bool guest_condition_of_aarch32(u64 esr)
{
	u64 psr = guest_psr();
	bool n = psr >> 31 & 1, z = psr >> 30 & 1, c = psr >> 29 & 1, v = psr >> 28 & 1, holds;
	unsigned int cond;

	cond = condition_of(esr, psr);
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

__attribute__((noinline, cold)) void exit_unexpected(struct percpu *cpu, u64 esr)
{
	u64 address = exit_address(false);

	VIOLATION(cpu, address, UNEXPECTED_EXIT, ESR_CLASS(esr), esr & 0x1ffffff, address, 0);
}

/* ---- memory ---- */

/*
 * Where the access went to. After a permission fault the register that says it need not be valid, so the walk is
 * repeated; and after any on a core that may have mistaken one of the guest's own faults for one of stage 2. False:
 * the guest's tables or the translation have changed meanwhile, and it shall try again.
 */
static inline __attribute__((always_inline)) bool
fault_address(const struct percpu *cpu, u64 esr, bool instruction, u64 *address)
{
	u64 virt = exit_address(instruction), page;

	if ((esr & ABORT_WALK) || (ABORT_STATUS(esr) != STATUS_PERMISSION && !errata_doubtful_page(cpu)))
		page = exit_guest_page();
	else if (!guest_translate(virt, &page))
		return false;
	*address = page | (virt & PAGE_OFFS_MASK);
	return true;
}

/* The processor does not say what the instruction does, or it is for a cache. */
static __attribute__((noinline, cold)) void undescribed_abort(struct percpu *cpu, u64 esr, u64 address)
{
	bool write = esr & ISS_WRITE;

	learn_access(cpu, JAILHOUSE_LEARNED_MEM, address, 0, write);
	cpu_printk(cpu, "Unhandled data %s at 0x%llx(%u)\n", write ? "write" : "read", address, 0);
	VIOLATION(cpu, address, MEM_ACCESS, write ? JAILHOUSE_ARG_WRITE : JAILHOUSE_ARG_READ, address, 0, 0);
}

/* Now and then only, and often enough: a plain load, without the address in a register that atomic ones need. */
static inline u32 glance(const u32 *value)
{
	return *(const volatile u32 *)value;
}

/*
 * Tables that were taken away may have caused any kind of abort, also of an access that is none of the hypervisor's
 * business. The guest repeats it when it has them back.
 */
static bool is_revoked(struct percpu *cpu)
{
	if (likely(!glance(&cpu->arch.revoked)))
		return false;
	exit_count(cpu, JAILHOUSE_CPU_STAT_VMEXITS_MANAGEMENT);
	return true;
}

static void data_abort(struct percpu *cpu, u64 esr)
{
	u64 address;

	if (is_revoked(cpu) || !fault_address(cpu, esr, false, &address))
		return;
	if (unlikely(esr & ABORT_WALK))
		guest_inject_walk_abort(cpu, esr);
	else if (unlikely((esr & (ISS_VALID | ISS_CACHE)) != ISS_VALID))
		undescribed_abort(cpu, esr, address);
	else if (guest_mmio(cpu, address, esr))
		guest_skip_instruction(esr);
}

static void insn_abort(struct percpu *cpu, u64 esr)
{
	u64 address;

	if (is_revoked(cpu) || !fault_address(cpu, esr, true, &address))
		return;
	cpu_printk(cpu, "FATAL: instruction abort at 0x%llx\n", address);
	VIOLATION(cpu, address, MEM_ACCESS, JAILHOUSE_ARG_READ, address, 4, 0);
}

/* ---- calls ---- */

static void call(struct percpu *cpu, u64 esr)
{
	struct guest_regs *regs = cpu->arch.regs;
	unsigned long code = (unsigned long)guest_reg(regs, 0);
	long result;

	if ((esr & 0xffff) == 0) {
		guest_hvc(cpu);
		return;
	}
	if ((esr & 0xffff) != JAILHOUSE_HVC_CODE) {
		exit_unexpected(cpu, esr);
		return;
	}
	exit_count(cpu, code <= JAILHOUSE_HC_CELL_DESTROY ? JAILHOUSE_CPU_STAT_VMEXITS_MANAGEMENT :
							    JAILHOUSE_CPU_STAT_VMEXITS_HYPERCALL);
	result = hypercall(cpu, code, (unsigned long)guest_reg(regs, 1), (unsigned long)guest_reg(regs, 2));
	guest_set_reg(regs, 0, (u64)result);
	if (unlikely(result == -ENOSYS))
		guest_printk(cpu, "CPU %u: Unknown hypercall %lu, pc: 0x%llx\n", cpu->id, code, guest_pc() - 4);
	if (unlikely(code == JAILHOUSE_HC_DISABLE && result == 0)) {
		struct linux_state *state = &cpu_area(cpu)->frame.linux_state;

		state->elr = (unsigned long)guest_pc();
		state->spsr = (unsigned long)guest_psr();
		cpu->machine->arch.gic->cpu_exit(cpu);
		linux_leave(cpu);
	}
}

static void firmware_call(struct percpu *cpu, u64 esr)
{
	if (guest_condition_holds(esr))
		guest_smc(cpu);
	guest_skip_instruction(esr);
}

static void wait_for_interrupt(struct percpu *cpu, u64 esr)
{
	bool waits = guest_condition_holds(esr) && !(esr & WFX_IS_WFE);

	guest_skip_instruction(esr);
	if (waits && !__atomic_load_n(&cpu->requests, __ATOMIC_ACQUIRE))
		gic_wait(cpu, true);
}

static void dispatch(struct percpu *cpu, u64 esr)
{
	/* Devices, of which drivers touch several registers for each interrupt, have the shortest way. */
	if (likely(ESR_CLASS(esr) == EC_DATA_ABORT)) {
		data_abort(cpu, esr);
		return;
	}
	switch (ESR_CLASS(esr)) {
	case EC_HVC64:
	case EC_HVC32:
		call(cpu, esr);
		break;
	case EC_SMC64:
	case EC_SMC32:
		firmware_call(cpu, esr);
		break;
	case EC_WFX:
		wait_for_interrupt(cpu, esr);
		break;
	case EC_INSN_ABORT:
		insn_abort(cpu, esr);
		break;
	default:
		if (!arch_guest_exit(cpu, esr))
			exit_unexpected(cpu, esr);
	}
}

void guest_exit(struct percpu *cpu)
{
	exit_count(cpu, JAILHOUSE_CPU_STAT_VMEXITS_TOTAL);
	dispatch(cpu, exit_syndrome());
	/* What is overlooked here comes back at once: a request takes stage 2 away. */
	if (unlikely(glance(&cpu->requests) | glance(&cpu->arch.revoked) | cpu->arch.parked))
		guest_prepare(cpu);
}
