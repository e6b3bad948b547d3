// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Exits of guests under SVM. */
#include <hypervisor/arch/cpu.h>
#include <asm/area.h>
#include <asm/guest.h>
#include <asm/vmcb.h>
#include <asm/x86.h>

#define NPF_WRITE	(1ULL << 1)
#define NPF_FETCH	(1ULL << 4)
#define NPF_TABLE_WALK	(1ULL << 33)
#define EVENT_SOFT_INT	4
#define EVENT_TYPE(e)	(((e) >> 8) & 7)

bool svm_short_exit(struct percpu *cpu);
void svm_exit(struct percpu *cpu);

static void report(struct percpu *cpu, const struct vmcb *vmcb)
{
	cpu_printk(cpu, "FATAL: Unexpected #VMEXIT, exitcode %llx, exitinfo1 0x%016llx exitinfo2 0x%016llx\n",
		   vmcb->exitcode, vmcb->exitinfo1, vmcb->exitinfo2);
}

/* An NMI of the platform, not ours: belongs to the root cell. */
static void forward_nmi(struct percpu *cpu, struct vmcb *vmcb)
{
	if (!cell_is_root(cpu->cell) || cpu->arch.wait_for_sipi) {
		__atomic_fetch_add(&cpu->machine->info->dropped_nmis, 1, __ATOMIC_RELAXED);
		return;
	}
	if (cpu->arch.vendor.in_nmi || (vmcb->eventinj & SVM_EVENTINJ_VALID)) {
		cpu->arch.nmi_pending = true;
		return;
	}
	vmcb->eventinj = X86_VECTOR_NMI | SVM_EVENTINJ_NMI | SVM_EVENTINJ_VALID;
	vmcb->intercept1 |= SVM_IRET;
	cpu->arch.vendor.in_nmi = true;
	cpu->arch.nmi_pending = false;
}

static void nmi_exit(struct percpu *cpu, struct vmcb *vmcb)
{
	/* The NMI is still pending; take it here, where its gate only returns. */
	__asm__ volatile("stgi; nop; clgi" : : : "memory");
	cpu->arch.nmi_taken = false;
	cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_MANAGEMENT]++;
	if (!__atomic_exchange_n(&cpu->arch.kick_pending, 0, __ATOMIC_ACQ_REL))
		forward_nmi(cpu, vmcb);
}

/* The end of an NMI handler is near. What came meanwhile is delivered at the next exit. */
static void iret_exit(struct percpu *cpu, struct vmcb *vmcb)
{
	vmcb->intercept1 &= ~SVM_IRET;
	cpu->arch.vendor.in_nmi = false;
}

static u64 register_mask(const struct vmcb *vmcb)
{
	return in_64bit_code(vmcb) ? ~0ULL : 0xffffffff;
}

static void hypercall_exit(struct percpu *cpu, struct vmcb *vmcb)
{
	u64 *r = cpu->arch.regs->r;
	u64 mask = register_mask(vmcb);
	u64 code = r[REG_RAX] & mask;
	long result;

	cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_HYPERCALL]++;
	vmcb_skip(vmcb, 3);
	if (unlikely(vmcb->cpl != 0)) {
		r[REG_RAX] = (u64)-EPERM;
		return;
	}
	result = hypercall(cpu, code, r[REG_RDI] & mask, r[REG_RSI] & mask);
	r[REG_RAX] = (u64)result;
	if (unlikely(result == -ENOSYS))
		guest_printk(cpu, "CPU %u: Unknown hypercall %lld, RIP: 0x%016llx\n", cpu->id, code, vmcb->rip - 3);
	if (unlikely(code == JAILHOUSE_HC_DISABLE && result == 0)) {
		vmcb->rax = 0;
		vendor_leave(cpu);
	}
}

static void pio_exit(struct percpu *cpu, struct vmcb *vmcb)
{
	u64 info = vmcb->exitinfo1;

	cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_PIO]++;
	if (guest_pio(cpu, (u16)(info >> 16), (info >> 4) & 7, info & 1, info & 0xc))
		vcpu_set_rip(cpu, vmcb->exitinfo2);
}

static __attribute__((cold, noinline)) void foreign_code_or_table(struct percpu *cpu, u64 address, u64 info)
{
	cpu_printk(cpu, "FATAL: Invalid MMIO/RAM %s, addr: 0x%016llx size: 0\n", info & NPF_WRITE ? "write" : "read",
		   address);
	VIOLATION(cpu, address, MEM_ACCESS, info & NPF_FETCH ? JAILHOUSE_ARG_EXEC : access_arg(info & NPF_WRITE),
		  address, 0, 0);
}

static inline void nested_fault(struct percpu *cpu, const struct vmcb *vmcb)
{
	u64 address = vmcb->exitinfo2, info = vmcb->exitinfo1;

	if (unlikely(info & (NPF_FETCH | NPF_TABLE_WALK)))
		foreign_code_or_table(cpu, address, info);
	else if ((address & PAGE_MASK) == XAPIC_BASE && !cpu->cell->arch.x2apic)
		guest_xapic_page(cpu, address, info & NPF_WRITE);
	else
		guest_mmio(cpu, address, info & NPF_WRITE);
}

static __attribute__((noinline)) void other_exit(struct percpu *cpu, struct vmcb *vmcb)
{
	switch (vmcb->exitcode) {
	case SVM_EXIT_MSR:
		if (vmcb->exitinfo1 ? guest_wrmsr(cpu) : guest_rdmsr(cpu))
			vmcb_skip(vmcb, 2);
		break;
	case SVM_EXIT_VMMCALL:
		hypercall_exit(cpu, vmcb);
		break;
	case SVM_EXIT_CPUID:
		guest_cpuid(cpu);
		vmcb_skip(vmcb, 2);
		break;
	case SVM_EXIT_IOIO:
		pio_exit(cpu, vmcb);
		break;
	case SVM_EXIT_NMI:
		nmi_exit(cpu, vmcb);
		break;
	case SVM_EXIT_IRET:
		iret_exit(cpu, vmcb);
		break;
	case SVM_EXIT_INIT:
		/* The signal becomes #SX here, whose gate only returns. */
		__asm__ volatile("stgi; nop; clgi" : : : "memory");
		svm_forget_taken_kick(cpu);
		break;
	case SVM_EXIT_EXCP_BASE + X86_VECTOR_DB:
		cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_EXCEPTION]++;
		vcpu_inject_exception(cpu, X86_VECTOR_DB, false, 0);
		break;
	case SVM_EXIT_EXCP_BASE + X86_VECTOR_AC:
		cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_EXCEPTION]++;
		vcpu_inject_exception(cpu, X86_VECTOR_AC, true, (u32)vmcb->exitinfo1);
		break;
	case SVM_EXIT_VMRUN:
	case SVM_EXIT_VMLOAD:
	case SVM_EXIT_VMSAVE:
	case SVM_EXIT_STGI:
	case SVM_EXIT_CLGI:
	case SVM_EXIT_SKINIT:
	case SVM_EXIT_INVLPGA:
	case SVM_EXIT_RSM:
		vcpu_inject_exception(cpu, X86_VECTOR_UD, false, 0);
		break;
	case SVM_EXIT_INVD:
		report(cpu, vmcb);
		VIOLATION(cpu, 0, INVD, 0, 0, 0, 0);
		break;
	case SVM_EXIT_SHUTDOWN:
		/* The state save area is undefined now (APM vol. 2, 15.14.3): the dump shows what was left. */
		report(cpu, vmcb);
		VIOLATION(cpu, 0, SHUTDOWN, 0, 0, 0, 0);
		break;
	case SVM_EXIT_INVALID:
		cpu_printk(cpu, "FATAL: VM-Entry failure\n");
		VIOLATION(cpu, 0, BAD_VMCB, 0, 0, 0, 0);
		break;
	default:
		report(cpu, vmcb);
		VIOLATION(cpu, 0, UNEXPECTED_EXIT, vmcb->exitcode, vmcb->exitinfo1, vmcb->exitinfo2, 0);
	}
}

static __attribute__((noinline)) void finish_exit(struct percpu *cpu, struct vmcb *vmcb)
{
	if (cpu->arch.nmi_pending && !cpu->arch.vendor.in_nmi)
		forward_nmi(cpu, vmcb);
	if (__atomic_load_n(&cpu->requests, __ATOMIC_ACQUIRE))
		cpu_handle_requests(cpu);
}

static inline bool short_end(struct percpu *cpu, struct vmcb *vmcb, unsigned int length)
{
	vmcb_skip(vmcb, length);
	vmcb->tlb_control = 0;
	vmcb->eventinj = 0;
	cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_TOTAL]++;
	return true;
}

static __attribute__((noinline)) bool short_cpuid(struct percpu *cpu, struct vmcb *vmcb)
{
	u64 *rax = &cpu->arch.regs->r[REG_RAX];

	*rax = vmcb->rax;
	guest_cpuid(cpu);
	vmcb->rax = *rax;
	return short_end(cpu, vmcb, 2);
}

static __attribute__((noinline)) bool short_hypercall(struct percpu *cpu, struct vmcb *vmcb)
{
	if (vmcb->cpl != 0 || vmcb->rax != JAILHOUSE_HC_HYPERVISOR_GET_INFO)
		return false;
	cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_HYPERCALL]++;
	vmcb->rax = (u64)hypercall(cpu, JAILHOUSE_HC_HYPERVISOR_GET_INFO,
				    cpu->arch.regs->r[REG_RDI] & register_mask(vmcb), 0);
	return short_end(cpu, vmcb, 3);
}

static __attribute__((noinline)) bool short_wrmsr(struct percpu *cpu, struct vmcb *vmcb)
{
	const u64 *r = cpu->arch.regs->r;

	if (vmcb->exitinfo1 != 1 || !guest_apic_wrmsr_plain(cpu, (u32)r[REG_RCX], (u32)vmcb->rax, (u32)r[REG_RDX]))
		return false;
	return short_end(cpu, vmcb, 2);
}

/*
 * Exits that guests cause often, that need no registers but RAX to RDI and R8 to R11, cannot end in a violation,
 * and that no event delivery can lead to. False: none of those, or there is more to do; nothing has been changed.
 */
bool svm_short_exit(struct percpu *cpu)
{
	struct vmcb *vmcb = cpu->arch.vendor.vmcb;

	/* By far the longest of the frequent ones, so it shall not wait for these. */
	if (vmcb->exitcode == SVM_EXIT_NPF)
		return false;
	if (unlikely(cpu->arch.nmi_pending || __atomic_load_n(&cpu->requests, __ATOMIC_ACQUIRE)))
		return false;
	if (vmcb->exitcode == SVM_EXIT_CPUID)
		return short_cpuid(cpu, vmcb);
	if (vmcb->exitcode == SVM_EXIT_VMMCALL)
		return short_hypercall(cpu, vmcb);
	if (vmcb->exitcode == SVM_EXIT_MSR)
		return short_wrmsr(cpu, vmcb);
	return false;
}

/* All others, with all registers in the frame */
void svm_exit(struct percpu *cpu)
{
	struct vmcb *vmcb = cpu->arch.vendor.vmcb;

	cpu->arch.regs->r[REG_RAX] = vmcb->rax;
	vmcb->tlb_control = 0;
	vmcb->eventinj = 0;
	cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_TOTAL]++;
	/* An event whose delivery was interrupted by the exit must not get lost; a software interrupt runs again. */
	if (unlikely(vmcb->exitintinfo & SVM_EVENTINJ_VALID) && EVENT_TYPE(vmcb->exitintinfo) != EVENT_SOFT_INT)
		vmcb->eventinj = vmcb->exitintinfo;
	if (likely(vmcb->exitcode == SVM_EXIT_NPF))
		nested_fault(cpu, vmcb);
	else
		other_exit(cpu, vmcb);
	if (unlikely(cpu->arch.nmi_pending || __atomic_load_n(&cpu->requests, __ATOMIC_ACQUIRE)))
		finish_exit(cpu, vmcb);
	vmcb->rax = cpu->arch.regs->r[REG_RAX];
}
