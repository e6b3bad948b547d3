/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Takes the ACPI interrupt away from Linux and reports each one, e.g. when the power button is
 * pressed. The cell needs GSI 9 and the ports of the PM1 event block.
 */
#include <inmate.h>

#define IRQ_VECTOR 32
#define ACPI_GSI   9

/* The PM1 event block lies 8 ports below the PM timer on the machines that this is meant for. */
#define PM1_STATUS (comm_region->pm_timer_address - 8)
#define PM1_ENABLE (PM1_STATUS + 2)

#define PM1_TIMER_EN  (1 << 0)
#define PM1_PWRBTN_EN (1 << 8)
#define PM1_RTC_EN    (1 << 10)

static void irq_handler(unsigned int vector)
{
	u16 status;

	if (vector != IRQ_VECTOR)
		return;

	status = inw(PM1_STATUS);
	printk("ACPI IRQ received, status: %04x\n", status);
	/* Bits are cleared by writing them back; the level goes down then. */
	outw(status, PM1_STATUS);
}

void inmate_main(void)
{
	irq_init(irq_handler);

	ioapic_init();
	ioapic_pin_set_vector(ACPI_GSI, TRIGGER_LEVEL_ACTIVE_HIGH, IRQ_VECTOR);

	outw(PM1_TIMER_EN | PM1_PWRBTN_EN | PM1_RTC_EN, PM1_ENABLE);
	printk("Note: ACPI IRQs are broken for Linux now.\n");

	enable_irqs();
	halt();
}
