// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Getting rid of interrupts that a guest has left in the APIC of a CPU.
 *
 * The guest may have chosen any vector from 16 on, also one that is an exception to the hypervisor.
 * So an IDT of its own is loaded for the moment: the first gates are the hypervisor's, all others
 * just return.
 */
#include <asm/guest.h>
#include <asm/x86.h>

#define FIRST_APIC_VECTOR 16
#define NUM_VECTORS	  256
#define VECTOR_MC	  18
#define MSR_MCG_STATUS	  0x17a
#define MCG_STATUS_MCIP	  0x4
#define INTERRUPT_GATE	  0x8e00

struct gate {
	u16 offset_low;
	u16 selector;
	u16 flags; /* IST, type, P */
	u16 offset_middle;
	u32 offset_high;
	u32 reserved;
};

struct descriptor_register {
	u16 limit;
	u64 base;
} __attribute__((packed));

void x86_drop_interrupt(void);
__asm__(".pushsection .text\n"
	".globl x86_drop_interrupt\n"
	".hidden x86_drop_interrupt\n"
	".type x86_drop_interrupt, @function\n"
	"x86_drop_interrupt:\n"
	"	iretq\n"
	".size x86_drop_interrupt, . - x86_drop_interrupt\n"
	".popsection");

void x86_fill_drop_idt(void *page)
{
	struct descriptor_register idtr;
	struct gate *gates = page;
	u64 handler = (u64)x86_drop_interrupt;
	u16 cs;

	__asm__ volatile("sidt %0\n\tmov %%cs, %1" : "=m"(idtr), "=r"(cs));
	memcpy(gates, (const void *)idtr.base, FIRST_APIC_VECTOR * sizeof(*gates));
	for (unsigned int n = FIRST_APIC_VECTOR; n < NUM_VECTORS; n++) {
		gates[n].offset_low = (u16)handler;
		gates[n].selector = cs;
		gates[n].flags = INTERRUPT_GATE;
		gates[n].offset_middle = (u16)(handler >> 16);
		gates[n].offset_high = (u32)(handler >> 32);
	}
}

void x86_take_interrupts(struct percpu *cpu)
{
	struct descriptor_register drop = {
		.limit = NUM_VECTORS * sizeof(struct gate) - 1,
		.base = (u64)cpu->machine->arch.drop_idt,
	};
	struct descriptor_register own;
	u64 status;

	/* STI takes effect after the instruction behind it. */
	__asm__ volatile("sidt %0\n\t"
			 "lidt %1\n\t"
			 "sti\n\t"
			 "nop\n\t"
			 "nop\n\t"
			 "cli\n\t"
			 "lidt %0"
			 : "=m"(own)
			 : "m"(drop)
			 : "memory");

	/* A real machine check went the same way, but it leaves a trace. */
	if (read_msr_safe(cpu, MSR_MCG_STATUS, &status) && (status & MCG_STATUS_MCIP))
		panic_stop(cpu, JAILHOUSE_REASON_HYPERVISOR_FAULT, VECTOR_MC, 0, vcpu_rip(cpu), 0);
}
