// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* AMD SVM: switching it on and off, control blocks, cells. Source: AMD APM vol. 2, chapter 15. */
#include <hypervisor/arch/cpu.h>
#include <hypervisor/arch/memory.h>
#include <asm/area.h>
#include <asm/guest.h>
#include <asm/vmcb.h>
#include <asm/x86.h>

#define CPUID_SVM_FEATURES     0x8000000a
#define CPUID_EXT_ECX_SVM      (1U << 2)
#define SVM_FEATURE_NPT	       (1U << 0)
#define SVM_FEATURE_FLUSH_ASID (1U << 6)
#define CPUID_ENCRYPTION       0x8000001f
#define SYSCFG_MEM_ENCRYPTION  (1ULL << 23)

#define MSR_BITMAP_PAGES 2
#define TLB_FLUSH_ALL	 1
#define TLB_FLUSH_ASID	 3

/*
 * What leaves the guest, and why. Not intercepted: interrupts, HLT, PAUSE, MWAIT, RDTSC, RDPMC, INVLPG, WBINVD, control
 * and debug registers (the guest's own, switched by VMRUN or wiped), CR0 (CD and NW act on this CPU only), XSETBV (the
 * CPU checks it), task switches (the CPU does them), SMI (belongs to the firmware).
 */
#define INTERCEPT1                                                                         \
	(SVM_NMI |     /* the hypervisor's kick; guests must not be able to hold it off */ \
	 SVM_INIT |    /* would take the CPU away from the hypervisor */                   \
	 SVM_CPUID |   /* hide virtualization, show the signature */                       \
	 SVM_RSM |     /* #UD outside SMM, never to reach the hypervisor's state */        \
	 SVM_INVD |    /* throws away what others have written */                          \
	 SVM_INVLPGA | /* acts on address spaces of others */                              \
	 SVM_IOIO |    /* by the bitmap of the cell */                                     \
	 SVM_MSR |     /* by the bitmap of the cell */                                     \
	 SVM_FERR |    /* a frozen FPU waits for an interrupt, deaf to NMIs */             \
	 SVM_SHUTDOWN) /* a triple fault resets the machine */
#define INTERCEPT2                                                                          \
	(SVM_VMRUN |               /* must be intercepted; nested guests are not offered */ \
	 SVM_VMMCALL |             /* hypercalls */                                         \
	 SVM_VMLOAD | SVM_VMSAVE | /* take physical addresses */                            \
	 SVM_STGI | SVM_CLGI |     /* would hold off the kick */                            \
	 SVM_SKINIT)               /* resets the CPU into a secure loader */
/* A handler that faults again with the same exception never ends and never takes an NMI (CVE-2015-8104, -5307). */
#define INTERCEPT_EXCEPTIONS (1U << X86_VECTOR_DB | 1U << X86_VECTOR_AC)

static int check_vendor(struct percpu *cpu)
{
	u32 a, b, c, d;

	cpuid(0, 0, &a, &b, &c, &d);
	/* Hygon's processors have SVM, but inmates choose their hypercall instruction by this very string. */
	if (b != 0x68747541 || d != 0x69746e65 || c != 0x444d4163)
		return REFUSE1(cpu->machine, -ENODEV, VENDOR, JAILHOUSE_ITEM_CPU, cpu->id, b | (u64)d << 32);
	if (!(cpuid_ecx(0x80000001, 0) & CPUID_EXT_ECX_SVM))
		return REFUSE1(cpu->machine, -ENODEV, NO_HVM, JAILHOUSE_ITEM_CPU, cpu->id, reason_text("SVM"));
	return 0;
}

/* EFER bits by CPUID: the guest's EFER is written by us, so the CPU would not complain before VMRUN fails. */
static u64 efer_bits(void)
{
	u32 ecx = cpuid_ecx(0x80000001, 0), edx = cpuid_edx(0x80000001, 0);
	u64 bits = X86_EFER_SCE | X86_EFER_LME;

	if (edx & (1U << 20))
		bits |= X86_EFER_NXE;
	if (edx & (1U << 25))
		bits |= X86_EFER_FFXSR;
	if (ecx & (1U << 17))
		bits |= X86_EFER_TCE;
	if (cpuid_eax(0x80000000, 0) >= 0x80000021 && (cpuid_eax(0x80000021, 0) & (1U << 8)))
		bits |= X86_EFER_AIBRSE;
	return bits;
}

static int check_features(struct percpu *cpu)
{
	struct vendor_percpu *vendor = &cpu->arch.vendor;
	struct machine *m = cpu->machine;
	u32 features = cpuid_edx(CPUID_SVM_FEATURES, 0);
	u64 vm_cr;

	if (!(features & SVM_FEATURE_NPT))
		return REFUSE1(m, -ENODEV, HVM_FEATURE, JAILHOUSE_ITEM_CPU, cpu->id, reason_text("NPT"));
	vendor->flush_by_asid = features & SVM_FEATURE_FLUSH_ASID;
	vendor->efer_mask = efer_bits();

	vm_cr = read_msr(MSR_VM_CR);
	if (vm_cr & SVM_VM_CR_SVMDIS)
		return REFUSE2(m, -EPERM, HVM_DISABLED, JAILHOUSE_ITEM_CPU, cpu->id, MSR_VM_CR, vm_cr);
	if (cpu->arch.linux_state.efer & X86_EFER_SVME)
		return REFUSE0(m, -EBUSY, HVM_IN_USE, JAILHOUSE_ITEM_CPU, cpu->id);
	if (cpuid_eax(0x80000000, 0) >= CPUID_ENCRYPTION && (cpuid_eax(CPUID_ENCRYPTION, 0) & 1) &&
	    (read_msr(MSR_SYSCFG) & SYSCFG_MEM_ENCRYPTION))
		return REFUSE0(m, -ENODEV, MEMORY_ENCRYPTION, JAILHOUSE_ITEM_CPU, cpu->id);
	return 0;
}

static void vmsave(u64 phys)
{
	__asm__ volatile("vmsave %0" : : "a"(phys) : "memory");
}

static void vmload(u64 phys)
{
	__asm__ volatile("vmload %0" : : "a"(phys) : "memory");
}

int vendor_enable(struct percpu *cpu)
{
	struct percpu_area *area = cpu_area(cpu);
	struct vendor_percpu *vendor = &cpu->arch.vendor;
	struct machine *m = cpu->machine;
	int err = check_vendor(cpu);

	if (!err)
		err = check_features(cpu);
	if (err)
		return err;

	vendor->vmcb = (struct vmcb *)area->vmcb;
	vendor->vmcb_phys = hv_virt_to_phys(m, area->vmcb);
	vendor->host_vmcb_phys = hv_virt_to_phys(m, area->host_vmcb);
	area->frame.vmcb_phys = vendor->vmcb_phys;
	area->frame.host_vmcb_phys = vendor->host_vmcb_phys;

	vendor->saved_hsave = read_msr(MSR_VM_HSAVE_PA);
	vendor->saved_vm_cr = read_msr(MSR_VM_CR);
	write_msr(MSR_EFER, cpu->arch.linux_state.efer | X86_EFER_SVME);
	write_msr(MSR_VM_HSAVE_PA, hv_virt_to_phys(m, area->hsave));
	/* An INIT signal becomes an exception, taken where we want it, instead of a reset. Not all have it. */
	if (!(vendor->saved_vm_cr & SVM_VM_CR_LOCK))
		write_msr(MSR_VM_CR, vendor->saved_vm_cr | SVM_VM_CR_R_INIT);
	/* FS, GS, TR, LDTR with their hidden parts, and the MSRs of system calls: Linux' ones wait
	 * in the control block. */
	vmsave(vendor->vmcb_phys);
	return 0;
}

void vendor_disable(struct percpu *cpu)
{
	struct vendor_percpu *vendor = &cpu->arch.vendor;

	vmload(vendor->vmcb_phys);
	write_msr(MSR_VM_CR, vendor->saved_vm_cr);
	write_msr(MSR_VM_HSAVE_PA, vendor->saved_hsave);
	write_msr(MSR_EFER, cpu->arch.linux_state.efer);
}

static void set_intercepts(struct vmcb *vmcb)
{
	vmcb->intercept_exceptions = INTERCEPT_EXCEPTIONS;
	vmcb->intercept1 = INTERCEPT1;
	vmcb->intercept2 = INTERCEPT2;
	vmcb->asid = 1;
	vmcb->np_enable = 1;
	vmcb->tlb_control = TLB_FLUSH_ALL;
}

void vendor_set_cell(struct percpu *cpu)
{
	struct vmcb *vmcb = vmcb_of(cpu);
	struct cell *cell = cpu->cell;
	struct machine *m = cpu->machine;

	vmcb->iopm_base = page_pool_phys(&m->pool, cell->arch.io_bitmap);
	vmcb->msrpm_base = page_pool_phys(&m->pool, cell->arch.vendor.msr_bitmap);
	vmcb->n_cr3 = cell->stage2.root_phys;
	vmcb->tlb_control = TLB_FLUSH_ALL;
	guest_forget_memory(cpu);
}

void vendor_cpu_init(struct percpu *cpu)
{
	const struct linux_state *linux_state = &cpu->arch.linux_state;
	struct vmcb *vmcb = vmcb_of(cpu);

	/* The hypervisor's own values of what VMSAVE saves: TR above all. */
	vmsave(cpu->arch.vendor.host_vmcb_phys);

	set_intercepts(vmcb);
	vendor_set_cell(cpu);
	vmcb->cs = (struct vmcb_segment){ linux_state->cs, 0xa9b, 0xffffffff, 0 };
	vmcb->ss = (struct vmcb_segment){ linux_state->ss, 0xc93, 0xffffffff, 0 };
	vmcb->ds = (struct vmcb_segment){ linux_state->ds, 0xc93, 0xffffffff, 0 };
	vmcb->es = (struct vmcb_segment){ linux_state->es, 0xc93, 0xffffffff, 0 };
	vmcb->gdtr = (struct vmcb_segment){ 0, 0, linux_state->gdt.limit, linux_state->gdt.base };
	vmcb->idtr = (struct vmcb_segment){ 0, 0, linux_state->idt.limit, linux_state->idt.base };
	vmcb->cpl = 0;
	vmcb->efer = linux_state->efer | X86_EFER_SVME;
	vmcb->cr0 = linux_state->cr0;
	vmcb->cr3 = linux_state->cr3;
	vmcb->cr4 = linux_state->cr4;
	vmcb->cr2 = read_cr2();
	__asm__ volatile("mov %%db7, %0" : "=r"(vmcb->dr7));
	__asm__ volatile("mov %%db6, %0" : "=r"(vmcb->dr6));
	vmcb->rflags = X86_RFLAGS_FIXED;
	vmcb->rip = linux_state->rip;
	vmcb->rsp = linux_state->rsp;
	vmcb->rax = 0;
	vmcb->g_pat = linux_state->pat;
}

/* Bit pairs (read, write) for three ranges of 8192 MSRs, APM vol. 2, 15.11. What lies outside always exits. */
static void fill_msr_bitmap(const struct machine *m, u8 *bitmap, bool root, bool x2apic)
{
	static const u32 range[] = { 0, 0xc0000000, 0xc0010000 };

	for (unsigned int r = 0; r < ARRAY_LEN(range); r++) {
		for (u32 n = 0; n < 8192;) {
			u32 last = MIN(msr_same_until(range[r] + n) - range[r], 8191U);
			bool read = msr_trapped(m, range[r] + n, false, root, x2apic);
			bool write = msr_trapped(m, range[r] + n, true, root, x2apic);

			for (; n <= last; n++) {
				if (read)
					set_bit(r * 0x4000 + 2 * n, bitmap);
				if (write)
					set_bit(r * 0x4000 + 2 * n + 1, bitmap);
			}
		}
	}
}

static u8 *make_msr_bitmap(struct machine *m, bool root, bool x2apic)
{
	u8 *bitmap = page_alloc(&m->pool, MSR_BITMAP_PAGES);

	if (bitmap)
		fill_msr_bitmap(m, bitmap, root, x2apic);
	return bitmap;
}

/* The same for all cells but the root. It takes long, so it is not made with the first of them. */
int vendor_machine_init_late(struct machine *m)
{
	m->arch.msr_bitmap_cells = make_msr_bitmap(m, false, m->arch.has_x2apic);
	return m->arch.msr_bitmap_cells ? 0 : refuse_no_memory(m, MSR_BITMAP_PAGES);
}

int vendor_cell_init(struct cell *cell)
{
	struct machine *m = cell->machine;

	cell->arch.vendor.msr_bitmap =
		cell_is_root(cell) ? make_msr_bitmap(m, true, cell->arch.x2apic) : m->arch.msr_bitmap_cells;
	return cell->arch.vendor.msr_bitmap ? 0 : refuse_no_memory(m, MSR_BITMAP_PAGES);
}

void arch_cpu_flush_guest(struct percpu *cpu)
{
	vmcb_of(cpu)->tlb_control = cpu->arch.vendor.flush_by_asid ? TLB_FLUSH_ASID : TLB_FLUSH_ALL;
	guest_forget_memory(cpu);
}

void svm_return(const struct guest_frame *frame, const u64 *iret, u64 rax) __noreturn;
void x86_far_return(u16 cs);

void __noreturn vendor_leave(struct percpu *cpu)
{
	const struct vmcb *vmcb = vmcb_of(cpu);
	struct vendor_percpu *vendor = &cpu->arch.vendor;
	struct table_pointer gdt = { (u16)vmcb->gdtr.limit, vmcb->gdtr.base };
	struct table_pointer idt = { (u16)vmcb->idtr.limit, vmcb->idtr.base };
	u64 *iret = (u64 *)(vmcb->rsp - 5 * sizeof(u64));

	__asm__ volatile("stgi");
	write_msr(MSR_PAT, vmcb->g_pat);
	write_cr3(vmcb->cr3);
	write_cr0(vmcb->cr0);
	write_cr4(vmcb->cr4);
	write_cr2(vmcb->cr2);
	/* Linux' stack can be reached only now; the hypervisor is mapped in the driver's tables, too. */
	iret[0] = vmcb->rip;
	iret[1] = vmcb->cs.selector;
	iret[2] = vmcb->rflags;
	iret[3] = vmcb->rsp;
	iret[4] = vmcb->ss.selector;

	__asm__ volatile("lgdt %0" : : "m"(gdt));
	x86_far_return(vmcb->cs.selector);
	__asm__ volatile("mov %0, %%ds" : : "r"(vmcb->ds.selector));
	__asm__ volatile("mov %0, %%es" : : "r"(vmcb->es.selector));
	__asm__ volatile("mov %0, %%ss" : : "r"(vmcb->ss.selector));
	vmload(vendor->vmcb_phys);
	__asm__ volatile("lidt %0" : : "m"(idt));
	__asm__ volatile("mov %0, %%db7" : : "r"(vmcb->dr7));
	__asm__ volatile("mov %0, %%db6" : : "r"(vmcb->dr6));
	write_msr(MSR_VM_CR, vendor->saved_vm_cr);
	write_msr(MSR_VM_HSAVE_PA, vendor->saved_hsave);
	write_msr(MSR_EFER, vmcb->efer & ~X86_EFER_SVME);
	svm_return(&cpu_area(cpu)->frame, iret, vmcb->rax);
}
