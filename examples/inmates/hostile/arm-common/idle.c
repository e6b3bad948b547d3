/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* CPUs that do not want to be reached: none of these may keep the root cell from taking them back. */
#include "hostile.h"

#define GICC_CTLR     0x00
#define GICC_PMR      0x04
#define GICC_BPR      0x08
#define GICC_APR      0xd0
#define GICC_NSAPR    0xe0
#define GICD_IPRIORITYR 0x400

#define TICK_HZ 10000

void sleep_for_ever(void)
{
	mask_all();
	while (1)
		asm volatile("wfi" : : : "memory");
}

static void __attribute__((noreturn)) spin(void)
{
	mask_all();
	while (1)
		asm volatile("" : : : "memory");
}

void spin_masked(void)
{
	spin();
}

void wfi_masked(void)
{
	sleep_for_ever();
}

void wfe_masked(void)
{
	mask_all();
	while (1)
		asm volatile("wfe" : : : "memory");
}

/* Something is pending all the time, so it never sleeps. */
void wfi_pending(void)
{
	mask_all();
	irq_init(NULL);
	irq_enable(TIMER_IRQ);
	timer_start(0);
	sleep_for_ever();
}

static void unused(unsigned int irq)
{
	(void)irq;
}

static void interface_on(void)
{
	disable_irqs();
	irq_init(unused);
	irq_enable(TIMER_IRQ);
}

static void close_group(void)
{
	if (is_gicv3())
		arm_write_sysreg(ICC_IGRPEN1_EL1, 0);
	else
		mmio_write32(gicc(GICC_CTLR), 0);
}

static void close_mask(void)
{
	if (is_gicv3())
		arm_write_sysreg(ICC_PMR_EL1, 0);
	else
		mmio_write32(gicc(GICC_PMR), 0);
}

static void close_binary_point(void)
{
	if (is_gicv3())
		arm_write_sysreg(ICC_BPR1_EL1, 7);
	else
		mmio_write32(gicc(GICC_BPR), 7);
}

static void close_active(void)
{
	unsigned int n;

	if (is_gicv3()) {
		arm_write_sysreg(ICC_AP1R0_EL1, 0xffffffff);
		return;
	}
	for (n = 0; n < 16; n += 4) {
		mmio_write32(gicc(GICC_APR + n), 0xffffffff);
		mmio_write32(gicc(GICC_NSAPR + n), 0xffffffff);
	}
}

void group_wfi(void)
{
	interface_on();
	close_group();
	sleep_for_ever();
}

void mask_wfi(void)
{
	interface_on();
	close_mask();
	sleep_for_ever();
}

void active_wfi(void)
{
	interface_on();
	close_active();
	sleep_for_ever();
}

void closed_wfi(void)
{
	interface_on();
	close_binary_point();
	close_active();
	close_mask();
	close_group();
	sleep_for_ever();
}

void closed_spin(void)
{
	interface_on();
	close_binary_point();
	close_active();
	close_mask();
	close_group();
	spin();
}

static void sleep_in_handler(unsigned int irq)
{
	(void)irq;
	sleep_for_ever();
}

static void spin_in_handler(unsigned int irq)
{
	(void)irq;
	spin();
}

static void take_timer(irq_handler_t handler, u8 priority)
{
	irq_init(handler);
	mmio_write8((void *)(private_interrupts() + GICD_IPRIORITYR + TIMER_IRQ), priority);
	irq_enable(TIMER_IRQ);
	timer_start(0);
	enable_irqs();
	halt();
}

void wfi_handler(void)
{
	take_timer(sleep_in_handler, 0);
}

void spin_handler(void)
{
	take_timer(spin_in_handler, 0);
}

/* With such a binary point all priorities of the upper half are one. */
void bpr_handler(void)
{
	disable_irqs();
	irq_init(unused);
	close_binary_point();
	take_timer(sleep_in_handler, 0x40);
}

/* The level stays, as the handler does nothing about it. */
void timer_storm(void)
{
	irq_init(unused);
	irq_enable(TIMER_IRQ);
	irq_enable(30);
	arm_write_sysreg(CNTP_CVAL_EL0, 0);
	arm_write_sysreg(CNTP_CTL_EL0, 1);
	timer_start(0);
	enable_irqs();
	halt();
}

static void tick(unsigned int irq)
{
	(void)irq;
	timer_start(timer_get_frequency() / TICK_HZ);
}

void timer_flood(void)
{
	irq_init(tick);
	irq_enable(TIMER_IRQ);
	enable_irqs();
	tick(0);
	SURVIVED("%d interrupts per second", TICK_HZ);
}

/* ---- exceptions without end, all of them its own ---- */

void undefined_loop(void)
{
	trap_loop = true;
	undefined_instruction();
}

/* The handler's page is mapped nowhere, so each fetch of it raises the next one. */
void vector_loop(void)
{
	arm_write_sysreg(VBAR, VECTORS_NOWHERE);
	instruction_barrier();
	undefined_instruction();
}

void vector_foreign(void)
{
	arm_write_sysreg(SCTLR, SCTLR_RESET);
	arm_write_sysreg(VBAR, ROOT_ADDRESS);
	instruction_barrier();
	undefined_instruction();
	BREACH("runs on");
}
