// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * GICv2: the hardware. The registers of a CPU's private interrupts cannot be reached from another one, so the kick is
 * an SPI to which no device is connected. All share it: an SPI that several CPUs are targets of is signalled to each of
 * them as long as nobody acknowledges it, and adding or removing a target takes effect on a pending one at once.
 * Source: Arm IHI 0048B, above all 4.3.12.
 */
#include <hypervisor/arch/memory.h>
#include <asm/gic-sysregs.h>
#include "gic-v2.h"

#define GICD_PIDR2 0xfe8

#define GICC_CTLR  0x000
#define GICC_PMR   0x004
#define GICC_BPR   0x008
#define GICC_RPR   0x014
#define GICC_APR   0x0d0
#define GICC_NSAPR 0x0e0

#define NUM_AP	    4
#define CTLR_ENABLE 1U	   /* of the group that Linux uses, in either view */
#define CTLR_BYPASS 0x1e0U /* what happens to the CPU's old interrupt inputs */
#define SGIS	    0x0000ffffU
#define PPIS	    0xffff0000U
#define MAX_CPUS    8

static u32 spi_bit(unsigned int irq)
{
	return 1U << irq % 32;
}

static bool spi_is_set(const struct machine *m, u32 bank, unsigned int irq)
{
	return mmio_read32(m->arch.gicd, bank + irq / 32 * 4) & spi_bit(irq);
}

static void spi_write(const struct machine *m, u32 bank, unsigned int irq)
{
	mmio_write32(m->arch.gicd, bank + irq / 32 * 4, spi_bit(irq));
}

/* ---- the machine ---- */

/*
 * Does this SPI, disabled and for nobody, do what a kick has to? One with its line asserted is pending for ever, one of
 * the secure world or one that does not exist reads as zero.
 */
static bool kick_works(const struct machine *m, unsigned int irq, u8 target)
{
	u32 priority = GICD_IPRIORITYR + irq, targets = GICD_ITARGETSR + irq;
	bool works;

	mmio_write8(m->arch.gicd, targets, 0);
	spi_write(m, GICD_ICPENDR, irq);
	works = !spi_is_set(m, GICD_ISPENDR, irq) && !spi_is_set(m, GICD_ISACTIVER, irq);
	spi_write(m, GICD_ISENABLER, irq);
	works = works && spi_is_set(m, GICD_ISENABLER, irq);
	spi_write(m, GICD_ICENABLER, irq);
	mmio_write8(m->arch.gicd, priority, 0xff);
	works = works && mmio_read8(m->arch.gicd, priority);
	mmio_write8(m->arch.gicd, priority, 0);
	works = works && !mmio_read8(m->arch.gicd, priority);
	mmio_write8(m->arch.gicd, targets, target);
	return works && mmio_read8(m->arch.gicd, targets) == target;
}

static bool usable(const struct machine *m, unsigned int irq, u8 target)
{
	u8 priority = mmio_read8(m->arch.gicd, GICD_IPRIORITYR + irq);
	u8 targets = mmio_read8(m->arch.gicd, GICD_ITARGETSR + irq);
	bool works;

	if (spi_is_set(m, GICD_ISENABLER, irq) || spi_is_set(m, GICD_ISPENDR, irq))
		return false;
	works = kick_works(m, irq, target);
	mmio_write8(m->arch.gicd, GICD_IPRIORITYR + irq, priority);
	mmio_write8(m->arch.gicd, GICD_ITARGETSR + irq, targets);
	return works;
}

/* The highest id that the root cell does not list; else one that it lists but Linux does not use. */
static int choose_kick(struct machine *m, u8 target)
{
	for (int listed = 0; listed < 2; listed++)
		for (unsigned int irq = m->arch.num_irqs - 1; irq >= FIRST_SPI; irq--) {
			if (gic_config_lists(m, &m->config->root_cell, irq) != (bool)listed || !usable(m, irq, target))
				continue;
			m->arch.gic_state.kick = irq;
			if (listed)
				printk(m, "WARNING: interrupt %u is not available to the root cell\n", irq);
			return 0;
		}
	return REFUSE1(m, -EBUSY, GIC_NO_KICK, JAILHOUSE_ITEM_NONE, 0, m->arch.num_irqs);
}

/* A CPU sees its own number as target of each private interrupt that exists. 0: there is only one CPU. */
static u8 own_target(const struct machine *m)
{
	u32 targets = 0;

	for (unsigned int irq = 0; irq < FIRST_SPI; irq += 4)
		targets |= mmio_read32(m->arch.gicd, GICD_ITARGETSR + irq);
	return (u8)(targets | targets >> 8 | targets >> 16 | targets >> 24);
}

/* As in GICv3. */
static u32 find_priority_step(const struct machine *m)
{
	u8 *gicc = m->arch.gic_state.gicc;
	u32 found = mmio_read32(gicc, GICC_PMR), step = 1;

	for (; step < 0x100; step <<= 1) {
		mmio_write32(gicc, GICC_PMR, step);
		if (mmio_read32(gicc, GICC_PMR))
			break;
	}
	mmio_write32(gicc, GICC_PMR, found);
	return step & 0xff;
}

static int gicv2_init(struct machine *m)
{
	const struct jailhouse_platform_arm *platform = gic_platform(m);
	u32 pidr2 = mmio_read32(m->arch.gicd, GICD_PIDR2), step;

	if ((pidr2 >> 4 & 0xf) != 2)
		return REFUSE3(m, -ENODEV, GIC_VERSION, JAILHOUSE_ITEM_NONE, 0, 2, platform->gicd_base, pidr2);
	if (!platform->gicc_base || !IS_ALIGNED(platform->gicc_base, PAGE_SIZE))
		return REFUSE2(m, -EINVAL, GIC_ADDRESS, JAILHOUSE_ITEM_NONE, 0, platform->gicc_base, PAGE_SIZE);
	m->arch.gic_state.gicc = arch_map_device(m, platform->gicc_base, GICC_SIZE);
	if (!m->arch.gic_state.gicc)
		return refuse_no_memory(m, 1);
	m->arch.num_irqs = MIN(((mmio_read32(m->arch.gicd, GICD_TYPER) & 0x1f) + 1) * 32, (u32)GIC_MAX_IRQS);
	step = find_priority_step(m);
	if (!step)
		return REFUSE2(m, -ENODEV, GIC_STATE, JAILHOUSE_ITEM_NONE, 0, reason_text("PMR"),
			       mmio_read32(m->arch.gic_state.gicc, GICC_PMR));
	m->arch.gic_state.priority_step = (u8)step;
	return choose_kick(m, own_target(m));
}

static void gicv2_take_kick(struct machine *m)
{
	unsigned int kick = m->arch.gic_state.kick;

	m->arch.gic_state.linux_priority = mmio_read8(m->arch.gicd, GICD_IPRIORITYR + kick);
	m->arch.gic_state.linux_targets = mmio_read8(m->arch.gicd, GICD_ITARGETSR + kick);
	mmio_write8(m->arch.gicd, GICD_IPRIORITYR + kick, 0);
	mmio_write8(m->arch.gicd, GICD_ITARGETSR + kick, 0);
}

static void end_kick(const struct machine *m)
{
	spi_write(m, GICD_ICENABLER, m->arch.gic_state.kick);
	spi_write(m, GICD_ICPENDR, m->arch.gic_state.kick);
	spi_write(m, GICD_ICACTIVER, m->arch.gic_state.kick);
}

static void gicv2_give_kick(struct machine *m)
{
	unsigned int kick = m->arch.gic_state.kick;

	end_kick(m);
	mmio_write8(m->arch.gicd, GICD_IPRIORITYR + kick, m->arch.gic_state.linux_priority);
	mmio_write8(m->arch.gicd, GICD_ITARGETSR + kick, m->arch.gic_state.linux_targets);
}

/* ---- this CPU ---- */

static int gicv2_cpu_init(struct percpu *cpu)
{
	u8 target = own_target(cpu->machine);

	for (u8 n = 0; n < MAX_CPUS; n++)
		if (target == 1U << n || (!target && n == 0)) {
			cpu->arch.gic.interface = n;
			return 0;
		}
	return REFUSE2(cpu->machine, -ENODEV, GIC_NO_FRAME, JAILHOUSE_ITEM_CPU, cpu->id, cpu->arch.mpidr,
		       gic_platform(cpu->machine)->gicd_base);
}

/* The CPU interface needs no traps. */
static void gicv2_cpu_exit(struct percpu *cpu)
{
	(void)cpu;
}

static void set_active(u8 *gicc, u32 bank, const u32 active[NUM_AP])
{
	for (u32 n = 0; n < NUM_AP; n++)
		mmio_write32(gicc, bank + n * 4, active ? active[n] : 0);
}

static void gicv2_cpu_reset(struct percpu *cpu)
{
	const struct machine *m = cpu->machine;
	u8 *gicc = m->arch.gic_state.gicc, *gicd = m->arch.gicd;

	mmio_write32(gicc, GICC_CTLR, mmio_read32(gicc, GICC_CTLR) & CTLR_BYPASS);
	mmio_write32(gicc, GICC_PMR, 0);
	mmio_write32(gicc, GICC_BPR, 0);
	set_active(gicc, GICC_APR, NULL);
	set_active(gicc, GICC_NSAPR, NULL);
	mmio_write32(gicd, GICD_ICENABLER, PPIS);
	mmio_write32(gicd, GICD_ICPENDR, PPIS);
	for (u32 n = 0; n < 16; n += 4)
		mmio_write32(gicd, GICD_CPENDSGIR + n, ~0U);
	mmio_write32(gicd, GICD_ICACTIVER, ~0U);
	for (unsigned int irq = 0; irq < FIRST_SPI; irq++)
		mmio_write8(gicd, GICD_IPRIORITYR + irq, gic_default_priority(m));
	mmio_write32(gicd, GICD_ISENABLER, SGIS);
	arch_dsb();
}

/* ---- the kick ---- */

static void gicv2_kick(struct percpu *target)
{
	struct machine *m = target->machine;
	struct gic_machine *gic = &m->arch.gic_state;

	spin_lock(&m->arch.gicd_lock);
	gic->kick_targets |= (u8)(1U << target->arch.gic.interface);
	mmio_write8(m->arch.gicd, GICD_ITARGETSR + gic->kick, gic->kick_targets);
	spi_write(m, GICD_ISENABLER, gic->kick);
	spi_write(m, GICD_ISPENDR, gic->kick);
	arch_dsb();
	spin_unlock(&m->arch.gicd_lock);
}

static void gicv2_kick_end(struct percpu *cpu)
{
	struct machine *m = cpu->machine;
	struct gic_machine *gic = &m->arch.gic_state;

	spin_lock(&m->arch.gicd_lock);
	gic->kick_targets &= (u8)~(1U << cpu->arch.gic.interface);
	mmio_write8(m->arch.gicd, GICD_ITARGETSR + gic->kick, gic->kick_targets);
	if (!gic->kick_targets)
		end_kick(m);
	/* The write has arrived when the read has returned. */
	mmio_read32(m->arch.gicd, GICD_ISENABLER + gic->kick / 32 * 4);
	arch_dsb();
	spin_unlock(&m->arch.gicd_lock);
}

static void wait_for_kick(const struct machine *m)
{
	u8 *gicc = m->arch.gic_state.gicc;
	u32 control = mmio_read32(gicc, GICC_CTLR), mask = mmio_read32(gicc, GICC_PMR);
	u32 active[NUM_AP], ns_active[NUM_AP];

	for (u32 n = 0; n < NUM_AP; n++) {
		active[n] = mmio_read32(gicc, GICC_APR + n * 4);
		ns_active[n] = mmio_read32(gicc, GICC_NSAPR + n * 4);
	}
	set_active(gicc, GICC_APR, NULL);
	set_active(gicc, GICC_NSAPR, NULL);
	mmio_write32(gicc, GICC_PMR, m->arch.gic_state.priority_step);
	mmio_write32(gicc, GICC_CTLR, control | CTLR_ENABLE);
	gic_wfi();
	mmio_write32(gicc, GICC_CTLR, control);
	mmio_write32(gicc, GICC_PMR, mask);
	set_active(gicc, GICC_APR, active);
	set_active(gicc, GICC_NSAPR, ns_active);
	arch_dsb();
}

/* As in GICv3. */
static void gicv2_wait(struct percpu *cpu, bool guest_irqs)
{
	u8 *gicc = cpu->machine->arch.gic_state.gicc;
	u32 control = mmio_read32(gicc, GICC_CTLR);

	if (unlikely(!guest_irqs || !mmio_read32(gicc, GICC_PMR) || !mmio_read32(gicc, GICC_RPR))) {
		wait_for_kick(cpu->machine);
		return;
	}
	if (unlikely(!(control & CTLR_ENABLE)))
		mmio_write32(gicc, GICC_CTLR, control | CTLR_ENABLE);
	gic_wfi();
	if (unlikely(!(control & CTLR_ENABLE)))
		mmio_write32(gicc, GICC_CTLR, control);
}

/* ---- routing of SPIs ---- */

static void gicv2_route(struct machine *m, unsigned int irq, const struct percpu *target)
{
	mmio_write8(m->arch.gicd, GICD_ITARGETSR + irq, (u8)(1U << target->arch.gic.interface));
}

static bool gicv2_leaves(const struct machine *m, unsigned int irq)
{
	u8 targets = mmio_read8(m->arch.gicd, GICD_ITARGETSR + irq);

	for_each_cpu(id, m)
		if (machine_cpu(m, id)->arch.gic.leaving && targets & 1U << machine_cpu(m, id)->arch.gic.interface)
			return true;
	return false;
}

const struct gic_ops gicv2_ops = {
	.gicd_size = GICV2_GICD_SIZE,
	.init = gicv2_init,
	.take_kick = gicv2_take_kick,
	.give_kick = gicv2_give_kick,
	.cpu_init = gicv2_cpu_init,
	.cpu_exit = gicv2_cpu_exit,
	.cpu_reset = gicv2_cpu_reset,
	.kick = gicv2_kick,
	.kick_end = gicv2_kick_end,
	.wait = gicv2_wait,
	.add_windows = gicv2_add_windows,
	.remove_windows = gicv2_remove_windows,
	.route = gicv2_route,
	.leaves = gicv2_leaves,
	.distributor = gicv2_distributor,
};
