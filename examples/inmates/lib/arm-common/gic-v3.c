/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* GICv3, see the Architecture Specification (ARM IHI 0069), chapter 12. */
#include <gic.h>

#define GICR_TYPER     0x00008 /* affinity in the upper half */
#define GICR_PIDR2     0x0ffe8
#define GICR_SGI_BASE  0x10000
#define TYPER_VLPIS    (1 << 1)
#define TYPER_LAST     (1 << 4)
#define PIDR2_ARCH_REV 4
#define REV_GICV3      3
#define REV_GICV4      4

#define GICD_SIZE       0x10000
#define GICR_SIZE       0x20000
#define GICR_SIZE_VLPIS 0x40000

#define PMR_VALUE    0xf0
#define IGRP1_ENABLE 1
#define IAR_ID_MASK  0xffffff

#define SGI1R_AFF1 16
#define SGI1R_IRQ  24
#define SGI1R_AFF2 32

/* Affinity of this CPU in the order of GICR_TYPER. */
static u32 own_affinity(void)
{
	u64 mpidr;

	arm_read_sysreg(MPIDR, mpidr);
	return (mpidr & 0xffffff) | (mpidr >> 32 & 0xff) << 24;
}

/* Redistributor of this CPU, or 0 if there is none. */
static unsigned long own_redistributor(void)
{
	unsigned long redist = comm_region->gicr_base;
	u32 type, revision, affinity = own_affinity();

	do {
		map_range((void *)redist, GICR_SIZE, MAP_UNCACHED);
		revision = mmio_read32((void *)(redist + GICR_PIDR2)) >> PIDR2_ARCH_REV & 0xf;
		if (revision != REV_GICV3 && revision != REV_GICV4)
			return 0;
		/* 32 bits at a time, which is what a hypervisor has to emulate anyway */
		type = mmio_read32((void *)(redist + GICR_TYPER));
		if (mmio_read32((void *)(redist + GICR_TYPER + 4)) == affinity)
			return redist;
		redist += type & TYPER_VLPIS ? GICR_SIZE_VLPIS : GICR_SIZE;
	} while (!(type & TYPER_LAST));
	return 0;
}

static void gic_v3_init(void)
{
	map_range((void *)(unsigned long)comm_region->gicd_base, GICD_SIZE, MAP_UNCACHED);

	arm_write_sysreg(ICC_CTLR_EL1, 0);
	arm_write_sysreg(ICC_PMR_EL1, PMR_VALUE);
	arm_write_sysreg(ICC_IGRPEN1_EL1, IGRP1_ENABLE);
	instruction_barrier();
}

static void gic_v3_enable(unsigned int irq)
{
	unsigned long redist;

	if (is_spi(irq)) {
		gic_enable_bit(comm_region->gicd_base, irq);
		return;
	}
	redist = own_redistributor();
	if (redist)
		gic_enable_bit(redist + GICR_SGI_BASE, irq);
}

static u32 gic_v3_acknowledge(void)
{
	u32 id;

	arm_read_sysreg(ICC_IAR1_EL1, id);
	dsb(sy);
	return id & IAR_ID_MASK;
}

static void gic_v3_end(u32 acknowledged)
{
	arm_write_sysreg(ICC_EOIR1_EL1, acknowledged);
	instruction_barrier();
}

static void gic_v3_send_ipi(unsigned int cpu_id, unsigned int irq)
{
	u64 sgi = (u64)(cpu_id >> 16 & 0xff) << SGI1R_AFF2 | irq << SGI1R_IRQ |
		  (cpu_id >> 8 & 0xff) << SGI1R_AFF1 | 1U << (cpu_id & 0xf);

	arm_write_sysreg64(ICC_SGI1R_EL1, sgi);
	instruction_barrier();
}

const struct gic gic_v3 = {
	.init = gic_v3_init,
	.enable = gic_v3_enable,
	.acknowledge = gic_v3_acknowledge,
	.end = gic_v3_end,
	.send_ipi = gic_v3_send_ipi,
};
