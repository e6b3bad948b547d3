/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* GICv2, see the Architecture Specification (ARM IHI 0048), chapter 4. */
#include <gic.h>

#define GICC_CTLR 0x00
#define GICC_PMR  0x04
#define GICC_IAR  0x0c
#define GICC_EOIR 0x10

#define CTLR_ENABLE  1
#define PMR_VALUE    0xf0
#define SGIR_TARGETS 16
#define SGIR_SELF    (2 << 24)

#define GICD_SIZE 0x1000
#define GICC_SIZE 0x1000

/* Bit of each CPU in the lists of targets, which only the CPU itself can find out */
static u32 target_bits[SMP_MAX_CPUS];

static void *gicd(unsigned int reg)
{
	return (void *)((unsigned long)comm_region->gicd_base + reg);
}

static void *gicc(unsigned int reg)
{
	return (void *)((unsigned long)comm_region->gicc_base + reg);
}

/*
 * The target of a private interrupt is the CPU that reads; which of them exist depends. With a single
 * CPU all of it reads as 0.
 */
static u32 own_target_bit(void)
{
	unsigned int reg;
	u32 targets;

	for (reg = 0; reg < 32; reg += 4) {
		targets = mmio_read32(gicd(GICD_ITARGETSR + reg));
		targets |= targets >> 16;
		targets |= targets >> 8;
		if (targets & 0xff)
			return targets & 0xff;
	}
	return 0;
}

static unsigned int own_index(void)
{
	return smp_cpu_index(cpu_id());
}

static void gic_v2_init(void)
{
	map_range(gicd(0), GICD_SIZE, MAP_UNCACHED);
	map_range(gicc(0), GICC_SIZE, MAP_UNCACHED);

	mmio_write32(gicc(GICC_CTLR), CTLR_ENABLE);
	mmio_write32(gicc(GICC_PMR), PMR_VALUE);
	/* On bare metal; a hypervisor ignores it. */
	mmio_write32(gicd(GICD_CTLR), CTLR_ENABLE);

	target_bits[own_index()] = own_target_bit();
}

static void gic_v2_enable(unsigned int irq)
{
	gic_enable_bit(comm_region->gicd_base, irq);
}

static u32 gic_v2_acknowledge(void)
{
	return mmio_read32(gicc(GICC_IAR));
}

static void gic_v2_end(u32 acknowledged)
{
	mmio_write32(gicc(GICC_EOIR), acknowledged);
}

static void gic_v2_send_ipi(unsigned int cpu_id, unsigned int irq)
{
	unsigned int target = smp_cpu_index(cpu_id);

	if (target == own_index())
		mmio_write32(gicd(GICD_SGIR), SGIR_SELF | irq);
	else
		mmio_write32(gicd(GICD_SGIR), target_bits[target] << SGIR_TARGETS | irq);
}

const struct gic gic_v2 = {
	.init = gic_v2_init,
	.enable = gic_v2_enable,
	.acknowledge = gic_v2_acknowledge,
	.end = gic_v2_end,
	.send_ipi = gic_v2_send_ipi,
};
