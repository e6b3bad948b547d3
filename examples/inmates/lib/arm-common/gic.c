/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Interrupts, whatever version the GIC has. */
#include <gic.h>

/* Interrupt ids from here on mean that there is no interrupt. */
#define FIRST_SPECIAL_ID 1020
#define LAST_SPECIAL_ID  1023

/* GICv2 has the sender of an SGI in the upper bits; GICv3 has no upper bits without an ITS. */
#define ID_MASK 0x3ff

static const struct gic *gic;
static irq_handler_t irq_handler;

void irq_init(irq_handler_t handler)
{
	irq_handler = handler;
	gic = comm_region->gic_version >= 3 ? &gic_v3 : &gic_v2;
	gic->init();
}

void irq_wait(void)
{
	/* A masked interrupt ends WFI, too. */
	dsb(sy);
	asm volatile("wfi" : : : "memory");
	enable_irqs();
	instruction_barrier();
	disable_irqs();
}

void irq_enable(unsigned int irq)
{
	gic->enable(irq);
}

void irq_send_ipi(unsigned int cpu_id, unsigned int irq)
{
	/* What was written before is to be seen by the handler. */
	dsb(ishst);
	gic->send_ipi(cpu_id, irq);
}

/* Called by the start code with interrupts off. */
void irq_dispatch(void)
{
	u32 acknowledged, id;

	if (!gic)
		return;
	while (1) {
		acknowledged = gic->acknowledge();
		id = acknowledged & ID_MASK;
		if (id >= FIRST_SPECIAL_ID && id <= LAST_SPECIAL_ID)
			return;
		irq_handler(id);
		gic->end(acknowledged);
	}
}
