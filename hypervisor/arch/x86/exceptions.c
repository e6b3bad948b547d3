// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Descriptor tables of the hypervisor, and what happens when it fails itself. */
#include <hypervisor/arch/cpu.h>
#include <asm/area.h>
#include <asm/x86.h>

#define GDT_CODE64 0x00af9b000000ffffULL
#define GDT_DATA   0x00cf93000000ffffULL
#define IDT_GATE   0x8e00ULL
#define IST_FAULT  1
#define NUM_GATES  32
#define STUB_SIZE  16

struct idt_gate {
	u16 offset_low;
	u16 selector;
	u16 attributes;
	u16 offset_mid;
	u32 offset_high;
	u32 reserved;
};

extern u8 exception_stubs[];
void x86_reload_segments(void);

/* Filled once by the first CPU, the same for all. */
static struct idt_gate idt[NUM_GATES];

static void init_idt(void)
{
	for (unsigned int n = 0; n < NUM_GATES; n++) {
		u64 stub = (u64)&exception_stubs[n * STUB_SIZE];

		idt[n].offset_low = (u16)stub;
		idt[n].offset_mid = (u16)(stub >> 16);
		idt[n].offset_high = (u32)(stub >> 32);
		idt[n].selector = HV_CS;
		idt[n].attributes = IDT_GATE | (n == X86_VECTOR_DF ? IST_FAULT : 0);
	}
}

void exceptions_init_cpu(struct percpu *cpu)
{
	struct percpu_area *area = cpu_area(cpu);
	u64 tss = (u64)&area->tss;

	init_idt();
	area->gdt[HV_CS / 8] = GDT_CODE64;
	area->gdt[HV_DS / 8] = GDT_DATA;
	area->gdt[HV_TSS / 8] = (sizeof(area->tss) - 1) | (tss & 0xffffff) << 16 | 0x89ULL << 40 |
				(tss & 0xff000000) << 32;
	area->gdt[HV_TSS / 8 + 1] = tss >> 32;
	area->tss.ist[IST_FAULT - 1] = (u64)&area->fault_stack[sizeof(area->fault_stack)];
	area->tss.io_map = sizeof(area->tss);
}

void exceptions_load(struct percpu *cpu)
{
	struct percpu_area *area = cpu_area(cpu);
	struct table_pointer gdtr = { sizeof(area->gdt) - 1, (u64)area->gdt };
	struct table_pointer idtr = { sizeof(idt) - 1, (u64)idt };

	/* The descriptor is marked busy by ltr; a second enable of the same memory starts from a fresh image. */
	__asm__ volatile("lgdt %0" : : "m"(gdtr));
	__asm__ volatile("lidt %0" : : "m"(idtr));
	x86_reload_segments();
	__asm__ volatile("ltr %w0" : : "r"(HV_TSS));
}

/* The stack tells which CPU this is, even when everything else is in doubt. */
static struct percpu *cpu_of_stack(const void *stack)
{
	const struct machine *m = &image_machine;

	for (unsigned int id = 0; id < m->header->max_cpus; id++)
		if ((u64)stack - (u64)machine_cpu(m, id) < PERCPU_SIZE)
			return machine_cpu(m, id);
	return NULL;
}

void exception_handler(struct exception_frame *frame)
{
	struct percpu *cpu = cpu_of_stack(frame);

	if (!cpu)
		arch_cpu_stop();
	if (frame->vector == X86_VECTOR_NMI) {
		/* Let in on purpose by stgi; clgi */
		cpu->arch.nmi_taken = true;
		return;
	}
	if (frame->vector == X86_VECTOR_GP && cpu->arch.msr_fixup) {
		frame->rip = cpu->arch.msr_fixup;
		return;
	}
	console_panic_begin(cpu);
	cpu_printk(cpu, "FATAL: Jailhouse triggered exception #%llu\nError code: %llx\nPhysical CPU ID: %u\n",
		   frame->vector, frame->error_code, cpu->arch.apic_id);
	cpu_printk(cpu, "RIP: 0x%016llx RSP: 0x%016llx FLAGS: %llx\n", frame->rip, frame->rsp, frame->rflags);
	if (frame->vector == X86_VECTOR_PF)
		cpu_printk(cpu, "CR2: 0x%016llx\n", read_cr2());
	panic_stop(cpu, JAILHOUSE_REASON_HYPERVISOR_FAULT, frame->vector, frame->error_code, frame->rip, read_cr2());
}
