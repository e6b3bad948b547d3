// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* From the entry to the first guest instruction on each CPU, and back to Linux if bring-up fails. */
#include <hypervisor/arch/cpu.h>
#include <hypervisor/arch/memory.h>
#include <hypervisor/pci.h>
#include <hypervisor/ivshmem.h>
#include <hypervisor/unit.h>
#include <asm/area.h>
#include <asm/guest.h>
#include <asm/x86.h>

/* Control bits that are understood: what they do to a guest and to its way in and out of the hypervisor. */
#define CR0_KNOWN                                                                                                    \
	(X86_CR0_PE | X86_CR0_MP | X86_CR0_EM | X86_CR0_TS | X86_CR0_ET | X86_CR0_NE | X86_CR0_WP | X86_CR0_AM |     \
	 X86_CR0_PG)
#define CR4_KNOWN                                                                                                    \
	(X86_CR4_VME | X86_CR4_PVI | X86_CR4_TSD | X86_CR4_DE | X86_CR4_PSE | X86_CR4_PAE | X86_CR4_MCE |            \
	 X86_CR4_PGE | X86_CR4_PCE | X86_CR4_OSFXSR | X86_CR4_OSXMMEXCPT | X86_CR4_UMIP | X86_CR4_LA57 |             \
	 X86_CR4_FSGSBASE | X86_CR4_PCIDE | X86_CR4_OSXSAVE | X86_CR4_SMEP | X86_CR4_SMAP | X86_CR4_PKE |            \
	 X86_CR4_PKS)
#define EFER_KNOWN                                                                                                   \
	(X86_EFER_SCE | X86_EFER_LME | X86_EFER_LMA | X86_EFER_NXE | X86_EFER_FFXSR | X86_EFER_TCE | X86_EFER_AIBRSE)
/* What of Linux' CR4 stays on in the hypervisor; no PCIDs, no global pages, no shadow stacks. */
#define CR4_HOST                                                                                                     \
	(X86_CR4_PAE | X86_CR4_MCE | X86_CR4_LA57 | X86_CR4_OSFXSR | X86_CR4_OSXMMEXCPT | X86_CR4_OSXSAVE |          \
	 X86_CR4_SMEP | X86_CR4_SMAP)

void x86_far_return(u16 cs);

const struct unit *const arch_units[] = { &pio_unit, &ioapic_unit, &pci_unit, &ivshmem_unit, NULL };

static void save_linux(struct percpu *cpu)
{
	struct linux_state *linux_state = &cpu->arch.linux_state;
	struct guest_frame *frame = &cpu_area(cpu)->frame;

	linux_state->rsp = frame->regs.r[REG_RSP] + 8;
	linux_state->rip = *(const u64 *)frame->regs.r[REG_RSP];
	linux_state->cr0 = read_cr0();
	linux_state->cr3 = read_cr3();
	linux_state->cr4 = read_cr4();
	linux_state->efer = read_msr(MSR_EFER);
	linux_state->pat = read_msr(MSR_PAT);
	__asm__ volatile("sgdt %0" : "=m"(linux_state->gdt));
	__asm__ volatile("sidt %0" : "=m"(linux_state->idt));
	__asm__ volatile("mov %%cs, %0" : "=r"(linux_state->cs));
	__asm__ volatile("mov %%ds, %0" : "=r"(linux_state->ds));
	__asm__ volatile("mov %%es, %0" : "=r"(linux_state->es));
	__asm__ volatile("mov %%ss, %0" : "=r"(linux_state->ss));
}

static int check_bits(struct percpu *cpu, const char *name, u64 value, u64 known)
{
	if (value & ~known)
		return REFUSE3(cpu->machine, -EIO, CR_UNKNOWN_BITS, JAILHOUSE_ITEM_CPU, cpu->id,
			       reason_text(name), value, value & ~known);
	return 0;
}

static int check_linux(struct percpu *cpu)
{
	const struct linux_state *linux_state = &cpu->arch.linux_state;
	int err = check_bits(cpu, "CR0", linux_state->cr0, CR0_KNOWN);

	if (!err)
		err = check_bits(cpu, "CR4", linux_state->cr4, CR4_KNOWN);
	/* SVME has its own, clearer reason in vendor_enable. */
	return err ? err : check_bits(cpu, "EFER", linux_state->efer, EFER_KNOWN | X86_EFER_SVME);
}

static void restore_linux(struct percpu *cpu)
{
	const struct linux_state *linux_state = &cpu->arch.linux_state;

	/* PCIDE can only be set while the PCID is 0, which the driver's tables guarantee. */
	write_cr3(linux_state->cr3);
	write_cr0(linux_state->cr0);
	write_cr4(linux_state->cr4);
	__asm__ volatile("lgdt %0" : : "m"(linux_state->gdt));
	x86_far_return(linux_state->cs);
	__asm__ volatile("mov %0, %%ds" : : "r"(linux_state->ds));
	__asm__ volatile("mov %0, %%es" : : "r"(linux_state->es));
	__asm__ volatile("mov %0, %%ss" : : "r"(linux_state->ss));
	__asm__ volatile("lidt %0" : : "m"(linux_state->idt));
}

int entry_main(struct percpu *cpu)
{
	struct guest_frame *frame = &cpu_area(cpu)->frame;
	u64 rsp = frame->regs.r[REG_RSP];
	bool ours = false;
	int err;

	image_find_machine(cpu);
	cpu->machine->arch.paging_levels = read_cr4() & X86_CR4_LA57 ? 5 : 4;
	cpu->arch.regs = &frame->regs;
	save_linux(cpu);
	cpu->result = check_linux(cpu);
	if (!cpu->result) {
		cpu->result = vendor_enable(cpu);
		ours = !cpu->result;
	}
	if (ours) {
		exceptions_init_cpu(cpu);
		exceptions_load(cpu);
	}

	err = bringup(cpu);

	/* The frame is what the assembly takes Linux' registers from. */
	frame->regs.r[REG_RSP] = rsp;
	if (ours) {
		restore_linux(cpu);
		vendor_disable(cpu);
	}
	return err;
}

int arch_cpu_init(struct percpu *cpu)
{
	struct machine *m = cpu->machine;
	int err;

	write_cr4(cpu->arch.linux_state.cr4 & CR4_HOST);
	write_cr3(m->arch.hv_table.root_phys);
	write_cr0(X86_CR0_PE | X86_CR0_MP | X86_CR0_ET | X86_CR0_NE | X86_CR0_WP | X86_CR0_PG);

	err = apic_cpu_init(cpu);
	if (err)
		return err;
	cpu->arch.pat_enabled = true;
	cpu->arch.guest_pat = cpu->arch.linux_state.pat;
	if (cpu->id == 0 || m->arch.apic_khz == 0)
		m->arch.apic_khz = apic_measure_khz(cpu);
	return 0;
}

void arch_cpu_exit(struct percpu *cpu)
{
	/* entry_main restores Linux; the APIC was only looked at. */
	(void)cpu;
}

void __noreturn arch_cpu_activate(struct percpu *cpu)
{
	struct guest_frame *frame = &cpu_area(cpu)->frame;

	frame->cpu = cpu;
	frame->regs.r[REG_RAX] = 0;
	vendor_cpu_init(cpu);
	vendor_run(frame);
}

u64 arch_cpu_hw_id(const struct percpu *cpu)
{
	return cpu->arch.apic_id;
}

void __noreturn arch_cpu_stop(void)
{
	for (;;)
		__asm__ volatile("cli; hlt" : : : "memory");
}

void arch_machine_reset(struct machine *m)
{
	static const struct table_pointer no_idt = { 0, 0 };

	/* Three ways, in the order in which Linux finds them to work: keyboard controller, chipset, triple fault. */
	outb(0xfe, 0x64);
	wait_until(deadline_ms(m, 50));
	outb(0x02, 0xcf9);
	outb(0x06, 0xcf9);
	wait_until(deadline_ms(m, 50));
	__asm__ volatile("lidt %0; int3" : : "m"(no_idt));
}
