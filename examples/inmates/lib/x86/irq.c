/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Interrupt descriptor table and the one interrupt handler. */
#include <inmate.h>

#define NUM_GATES    (FIRST_INTERRUPT_VECTOR + MAX_INTERRUPT_VECTORS)
#define STUB_SIZE    16
#define GATE_PRESENT 0x8e00 /* 32- or 64-bit interrupt gate, ring 0 */

extern char irq_entries[];

/* 8 bytes per gate in 32-bit mode, 16 in 64-bit mode */
unsigned long idt[NUM_GATES * 2] __attribute__((aligned(16)));

static irq_handler_t irq_handler;

void idt_set_gate(unsigned int vector, unsigned long entry)
{
#ifdef __x86_64__
	idt[vector * 2] = (entry & 0xffff) | (unsigned long)INMATE_CS64 << 16 |
			  (unsigned long)GATE_PRESENT << 32 | (entry >> 16 & 0xffff) << 48;
	idt[vector * 2 + 1] = entry >> 32;
#else
	idt[vector * 2] = (entry & 0xffff) | INMATE_CS32 << 16;
	idt[vector * 2 + 1] = (entry & 0xffff0000) | GATE_PRESENT;
#endif
}

void idt_init(void)
{
	struct {
		u16 limit;
		unsigned long base;
	} __attribute__((packed)) descriptor = {sizeof(idt) - 1, (unsigned long)idt};

	asm volatile("lidt %0" : : "m"(descriptor));
}

void irq_init(irq_handler_t handler)
{
	unsigned int n;

	irq_handler = handler;
	for (n = 0; n < MAX_INTERRUPT_VECTORS; n++)
		idt_set_gate(FIRST_INTERRUPT_VECTOR + n,
			     (unsigned long)irq_entries + n * STUB_SIZE);
	idt_init();
	apic_init();
}

void irq_wait(void)
{
	/* An interrupt is taken behind the instruction that follows STI, at the earliest. */
	asm volatile("sti; hlt; cli" : : : "memory");
}

void irq_enable(unsigned int irq)
{
	(void)irq;
}

/* Called by irq-entry.S */
void irq_dispatch(unsigned int vector);
void irq_dispatch(unsigned int vector)
{
	irq_handler(vector);
	apic_write(X2APIC_EOI, 0);
}

unsigned long arch_irq_save(void)
{
	unsigned long flags;

	asm volatile("pushf; pop %0; cli" : "=r"(flags) : : "memory");
	return flags;
}

void arch_irq_restore(unsigned long flags)
{
	asm volatile("push %0; popf" : : "r"(flags) : "memory", "cc");
}
