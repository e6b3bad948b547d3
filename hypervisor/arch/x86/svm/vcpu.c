// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* State of the guest in the control block, for the vendor-independent code. */
#include <hypervisor/arch/cpu.h>
#include <asm/area.h>
#include <asm/guest.h>
#include <asm/vmcb.h>
#include <asm/x86.h>

#define EFER_WRITABLE                                                                                                \
	(X86_EFER_SCE | X86_EFER_LME | X86_EFER_LMA | X86_EFER_NXE | X86_EFER_FFXSR | X86_EFER_TCE | X86_EFER_AIBRSE)
#define ATTR_CODE16 0x09b
#define ATTR_DATA16 0x093
#define ATTR_LDT    0x082
#define ATTR_TSS16  0x08b

void vcpu_inject_exception(struct percpu *cpu, unsigned int vector, bool has_error_code, u32 error_code)
{
	vmcb_of(cpu)->eventinj = vector | SVM_EVENTINJ_EXCP | SVM_EVENTINJ_VALID |
				 (has_error_code ? SVM_EVENTINJ_ERR | (u64)error_code << 32 : 0);
}

void vcpu_set_pat(struct percpu *cpu, u64 pat)
{
	vmcb_of(cpu)->g_pat = pat;
}

bool vcpu_set_efer(struct percpu *cpu, u64 efer)
{
	struct vmcb *vmcb = vmcb_of(cpu);
	u64 known = EFER_WRITABLE & (cpu->arch.vendor.efer_mask | X86_EFER_LMA);

	if (efer & ~(known | X86_EFER_SVME))
		return false;
	if (((vmcb->efer ^ efer) & X86_EFER_LME) && (vmcb->cr0 & X86_CR0_PG))
		return false;
	/* LMA follows CR0.PG, the CPU keeps it. */
	vmcb->efer = (efer & known & ~X86_EFER_LMA) | (vmcb->efer & X86_EFER_LMA) | X86_EFER_SVME;
	return true;
}

/* Registers as after reset, but for where it starts (APM vol. 2, table 14-1). */
static void reset_registers(struct percpu *cpu, u16 cs_selector, u64 cs_base, u64 rip)
{
	struct vmcb *vmcb = vmcb_of(cpu);

	memset(cpu->arch.regs, 0, sizeof(*cpu->arch.regs));
	vmcb->cs = (struct vmcb_segment){ cs_selector, ATTR_CODE16, 0xffff, cs_base };
	vmcb->ds = (struct vmcb_segment){ 0, ATTR_DATA16, 0xffff, 0 };
	vmcb->es = (struct vmcb_segment){ 0, ATTR_DATA16, 0xffff, 0 };
	vmcb->fs = (struct vmcb_segment){ 0, ATTR_DATA16, 0xffff, 0 };
	vmcb->gs = (struct vmcb_segment){ 0, ATTR_DATA16, 0xffff, 0 };
	vmcb->ss = (struct vmcb_segment){ 0, ATTR_DATA16, 0xffff, 0 };
	vmcb->tr = (struct vmcb_segment){ 0, ATTR_TSS16, 0xffff, 0 };
	vmcb->ldtr = (struct vmcb_segment){ 0, ATTR_LDT, 0xffff, 0 };
	vmcb->gdtr = (struct vmcb_segment){ 0, 0, 0xffff, 0 };
	vmcb->idtr = (struct vmcb_segment){ 0, 0, 0xffff, 0 };
	vmcb->cpl = 0;
	vmcb->efer = X86_EFER_SVME;
	/* Caching stays on: old inmates never clear CD, which is without effect on other processors, too. */
	vmcb->cr0 = X86_CR0_ET;
	vmcb->cr2 = 0;
	vmcb->cr3 = 0;
	vmcb->cr4 = 0;
	vmcb->dr6 = 0xffff0ff0;
	vmcb->dr7 = 0x400;
	vmcb->rflags = X86_RFLAGS_FIXED;
	vmcb->rip = rip;
	vmcb->rsp = 0;
	vmcb->rax = 0;
	vmcb->star = vmcb->lstar = vmcb->cstar = vmcb->sfmask = vmcb->kernel_gs_base = 0;
	vmcb->s_cet = vmcb->ssp = vmcb->isst = 0;
	vmcb->sysenter_cs = vmcb->sysenter_esp = vmcb->sysenter_eip = 0;
	vmcb->interrupt_shadow = 0;
	vmcb->eventinj = 0;
	vmcb->exitintinfo = 0;
	vmcb->intercept1 &= ~SVM_IRET;
	cpu->arch.vendor.in_nmi = false;
	cpu->arch.nmi_pending = false;
	cpu->arch.cf8 = 0;
}

void vcpu_park(struct percpu *cpu)
{
	struct machine *m = cpu->machine;

	reset_registers(cpu, 0, 0, 0);
	vmcb_of(cpu)->n_cr3 = m->arch.parking_table.root_phys;
	arch_cpu_flush_guest(cpu);
}

void vcpu_reset(struct percpu *cpu, u32 cs_selector, u64 cs_base, u64 rip, bool init)
{
	reset_registers(cpu, (u16)cs_selector, cs_base, rip);
	vmcb_of(cpu)->n_cr3 = cpu->cell->stage2.root_phys;
	arch_cpu_flush_guest(cpu);
	if (init)
		return;
	cpu->arch.guest_pat = PAT_RESET;
	cpu->arch.pat_enabled = false;
	vcpu_set_pat(cpu, 0);
	write_msr_safe(cpu, MSR_DEBUGCTL, 0);
}

void vcpu_take_interrupts(struct percpu *cpu)
{
	__asm__ volatile("stgi" : : : "memory");
	x86_take_interrupts(cpu);
	__asm__ volatile("clgi" : : : "memory");
	svm_forget_taken_kick(cpu);
}

/* The one whose stack this is. */
static struct percpu *this_cpu(void)
{
	u64 here = (u64)__builtin_frame_address(0) - (u64)__core_end;

	return (struct percpu *)(__core_end + here / PERCPU_SIZE * PERCPU_SIZE);
}

void arch_cpu_kick(struct percpu *target)
{
	u32 pending = __atomic_exchange_n(&target->arch.kick_pending, 1, __ATOMIC_ACQ_REL);

	if (!pending)
		apic_send_nmi(this_cpu(), target->arch.apic_id);
}

void arch_cpu_print_registers(struct percpu *cpu)
{
	const struct vmcb *vmcb = vmcb_of(cpu);
	const u64 *r = cpu->arch.regs->r;

	cpu_printk(cpu, "RIP: 0x%016llx RSP: 0x%016llx FLAGS: %llx\n", vmcb->rip, vmcb->rsp, vmcb->rflags);
	cpu_printk(cpu, "RAX: 0x%016llx RBX: 0x%016llx RCX: 0x%016llx\n", r[REG_RAX], r[REG_RBX], r[REG_RCX]);
	cpu_printk(cpu, "RDX: 0x%016llx RSI: 0x%016llx RDI: 0x%016llx\n", r[REG_RDX], r[REG_RSI], r[REG_RDI]);
	cpu_printk(cpu, "CS: %x BASE: 0x%016llx AR-BYTES: %x EFER.LMA %u\n", vmcb->cs.selector, vmcb->cs.base,
		   vmcb->cs.attrib, !!(vmcb->efer & X86_EFER_LMA));
	cpu_printk(cpu, "CR0: 0x%016llx CR3: 0x%016llx CR4: 0x%016llx\n", vmcb->cr0, vmcb->cr3, vmcb->cr4);
	cpu_printk(cpu, "EFER: 0x%016llx\n", vmcb->efer);
}

void arch_cpu_record(struct percpu *cpu, struct jailhouse_cpu_record *record)
{
	static const u8 order[16] = { REG_RAX, REG_RBX, REG_RCX, REG_RDX, REG_RSI, REG_RDI, REG_RBP, REG_RSP,
				      8, 9, 10, 11, 12, 13, 14, 15 };
	const struct vmcb *vmcb = vmcb_of(cpu);

	for (unsigned int n = 0; n < ARRAY_LEN(order); n++)
		record->regs[JAILHOUSE_REG_X86_RAX + n] = cpu->arch.regs->r[order[n]];
	record->regs[JAILHOUSE_REG_X86_RAX + 7] = vmcb->rsp;
	record->regs[JAILHOUSE_REG_X86_RIP] = vmcb->rip;
	record->regs[JAILHOUSE_REG_X86_RFLAGS] = vmcb->rflags;
	record->regs[JAILHOUSE_REG_X86_CR0] = vmcb->cr0;
	record->regs[JAILHOUSE_REG_X86_CR2] = vmcb->cr2;
	record->regs[JAILHOUSE_REG_X86_CR3] = vmcb->cr3;
	record->regs[JAILHOUSE_REG_X86_CR4] = vmcb->cr4;
	record->regs[JAILHOUSE_REG_X86_EFER] = vmcb->efer;
	record->regs[JAILHOUSE_REG_X86_CS] = vmcb->cs.selector | (u64)vmcb->cs.attrib << 16;
	record->regs[JAILHOUSE_REG_X86_CSBASE] = vmcb->cs.base;
	record->num_regs = JAILHOUSE_REG_X86_CSBASE + 1;
	record->insn_len = guest_code(cpu, record->insn, sizeof(record->insn));
}
