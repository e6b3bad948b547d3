/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Interrupts across owners of a CPU. */
#include "hostile.h"

#define PMU_OVERFLOW_IRQ 23

/* Offsets that distributor and the frame for private interrupts have in common */
#define ISENABLER 0x100
#define ISPENDR   0x200
#define ISACTIVER 0x300

#define GICC_CTLR     0x00
#define GICC_PMR      0x04
#define GICC_BPR      0x08
#define GICC_RPR      0x14
#define GICC_APR      0xd0
#define GICC_NSAPR    0xe0
#define PRIORITY_IDLE 0xff

static void check_gic_v3(void)
{
	u64 value;

	arm_read_sysreg(ICC_PMR_EL1, value);
	state_check("ICC_PMR", value, 0);
	arm_read_sysreg(ICC_IGRPEN1_EL1, value);
	state_check("ICC_IGRPEN1", value, 0);
	arm_read_sysreg(ICC_AP1R0_EL1, value);
	state_check("ICC_AP1R0", value, 0);
	arm_read_sysreg(ICC_RPR_EL1, value);
	state_check("ICC_RPR", value, PRIORITY_IDLE);
	arm_read_sysreg(ICC_CTLR_EL1, value);
	state_check("ICC_CTLR.EOImode", value >> 1 & 1, 0);
}

static void check_gic_v2(void)
{
	state_check("GICC_CTLR", mmio_read32(gicc(GICC_CTLR)), 0);
	state_check("GICC_PMR", mmio_read32(gicc(GICC_PMR)), 0);
	state_check("GICC_RPR", mmio_read32(gicc(GICC_RPR)), PRIORITY_IDLE);
	state_check("GICC_APR", mmio_read32(gicc(GICC_APR)), 0);
	state_check("GICC_NSAPR", mmio_read32(gicc(GICC_NSAPR)), 0);
}

/* SGIs are always enabled on some GICs. */
static void check_distributor(void)
{
	unsigned long own = private_interrupts();
	unsigned int word = own_pin() / 32 * 4;

	state_check("enabled private interrupts", mmio_read32((void *)(own + ISENABLER)) & 0xffff0000, 0);
	state_check("pending private interrupts", mmio_read32((void *)(own + ISPENDR)), 0);
	state_check("active private interrupts", mmio_read32((void *)(own + ISACTIVER)), 0);
	state_check("enabled interrupts", mmio_read32(gicd(ISENABLER + word)), 0);
	state_check("pending interrupts", mmio_read32(gicd(ISPENDR + word)), 0);
	state_check("active interrupts", mmio_read32(gicd(ISACTIVER + word)), 0);
}

void state_check_interrupts(void)
{
	if (is_gicv3())
		check_gic_v3();
	else
		check_gic_v2();
	check_distributor();
}

static void (*fill_end)(void);

/* The first one is taken and stays active: its handler never comes back. The timer and the pin stay pending. */
static void keep_active(unsigned int irq)
{
	(void)irq;
	timer_start(0);
	mmio_write32(gicd(ISPENDR + own_pin() / 32 * 4), 1U << own_pin() % 32);
	irq_send_ipi(cpu_id(), 3);
	fill_end();
}

void state_keep_active(void (*end)(void))
{
	fill_end = end;
	irq_init(keep_active);
	irq_enable(TIMER_IRQ);
	irq_enable(PMU_OVERFLOW_IRQ);
	irq_enable(own_pin());
	enable_irqs();
	irq_send_ipi(cpu_id(), 2);
	halt();
}
