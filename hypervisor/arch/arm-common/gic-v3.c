// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * GICv3: the hardware. The kick is the PPI of the maintenance interrupt, which nobody needs where there are no list
 * registers in use. Where it can be an FIQ, it reaches also a guest that makes no access to memory. Source: Arm IHI
 * 0069.
 */
#include <hypervisor/arch/memory.h>
#include <asm/gic-sysregs.h>
#include "gic-v3.h"

#define MAX_FRAMES    512
#define ICH_HCR_TC    (1U << 10) /* SGI1R, PMR, CTLR, RPR, DIR */
#define ICH_HCR_TALL0 (1U << 11) /* everything of group 0 */
#define SRE_SRE	      1U
#define SRE_ALL	      7U	 /* SRE, DFB, DIB */
#define SRE_ENABLE    8U
#define IROUTER_ANY   (1ULL << 31)
#define IROUTER_FIELDS (0xff00ffffffULL | IROUTER_ANY)
#define SGIS	      0x0000ffffU
#define PPIS	      0xffff0000U

static u8 *sgi_frame(const struct percpu *cpu)
{
	return cpu->arch.gic.redist + GICR_SGI_FRAME;
}

static u32 kick_bit(const struct percpu *cpu)
{
	return 1U << cpu->machine->arch.gic_state.kick;
}

/* Of this CPU; interrupts that are disabled stay so from the return on. */
static void disable(const struct percpu *cpu, u32 irqs)
{
	mmio_write32(sgi_frame(cpu), GICD_ICENABLER, irqs);
	gic_wait_done(cpu->arch.gic.redist, GICR_CTLR, GICR_CTLR_RWP);
}

/*
 * Message interrupts (LPIs) are the root cell's, whose tables say where they go. So a CPU takes none from the moment on
 * when Linux lets it go until it is switched on again, having sent those of its devices elsewhere; what comes late
 * waits in Linux' memory. A GIC need not let them be switched off: then the CPU stays, see gic.c.
 */
static void take_lpis(struct percpu *cpu, bool take)
{
	u8 *frame = cpu->arch.gic.redist;
	u32 control = mmio_read32(frame, GICR_CTLR) & ~GICR_CTLR_LPIS;

	if (!cpu->arch.gic.linux_lpis)
		return;
	mmio_write32(frame, GICR_CTLR, take ? control | GICR_CTLR_LPIS : control);
	gic_wait_done(frame, GICR_CTLR, GICR_CTLR_RWP);
	if (!take)
		cpu->arch.gic.keeps_lpis = mmio_read32(frame, GICR_CTLR) & GICR_CTLR_LPIS;
}

/* ---- the machine ---- */

/* One after the other, to the one that says it is the last. */
static int find_frames(struct machine *m)
{
	u64 base = gic_platform(m)->gicr_base, typer = 0;
	struct gic_machine *gic = &m->arch.gic_state;
	unsigned int n = 0;
	u32 pidr2;

	gic->gicr_stride = 2 * GICV3_FRAME;
	while (n < MAX_FRAMES && !(typer & GICR_TYPER_LAST)) {
		u64 phys = base + (u64)n * gic->gicr_stride;
		u8 *frame = arch_map_device(m, phys, GICV3_FRAME);

		if (!frame)
			return refuse_no_memory(m, 1);
		pidr2 = mmio_read32(frame, GICR_PIDR2);
		typer = mmio_read64(frame, GICR_TYPER);
		arch_unmap_device(m, frame, GICV3_FRAME);
		if ((pidr2 >> 4 & 0xf) < 3)
			return REFUSE3(m, -ENODEV, GIC_VERSION, JAILHOUSE_ITEM_NONE, 0, 3, phys, pidr2);
		if (typer & GICR_TYPER_VLPIS)
			gic->gicr_stride = 4 * GICV3_FRAME;
		n++;
	}
	if (!(typer & GICR_TYPER_LAST))
		return REFUSE2(m, -ENODEV, GIC_STATE, JAILHOUSE_ITEM_NONE, 0, reason_text("LAST"), n);
	gic->gicr = arch_map_device(m, base, (u64)n * gic->gicr_stride);
	if (!gic->gicr)
		return refuse_no_memory(m, 1);
	gic->gicr_frames = n;
	return 0;
}

static int gicv3_init(struct machine *m)
{
	const struct jailhouse_platform_arm *platform = gic_platform(m);
	u32 pidr2, control;

	if (!icc_exists())
		return REFUSE3(m, -ENODEV, GIC_VERSION, JAILHOUSE_ITEM_NONE, 0, 3, platform->gicd_base, 0);
	pidr2 = mmio_read32(m->arch.gicd, GICR_PIDR2);
	if ((pidr2 >> 4 & 0xf) < 3)
		return REFUSE3(m, -ENODEV, GIC_VERSION, JAILHOUSE_ITEM_NONE, 0, 3, platform->gicd_base, pidr2);
	if (!platform->gicr_base || !IS_ALIGNED(platform->gicr_base, GICV3_FRAME))
		return REFUSE2(m, -EINVAL, GIC_ADDRESS, JAILHOUSE_ITEM_NONE, 0, platform->gicr_base, GICV3_FRAME);
	control = mmio_read32(m->arch.gicd, GICD_CTLR);
	if (!(control & GICD_CTLR_ARE))
		return REFUSE2(m, -ENODEV, GIC_STATE, JAILHOUSE_ITEM_NONE, 0, reason_text("CTLR"), control);
	m->arch.num_irqs = MIN(((mmio_read32(m->arch.gicd, GICD_TYPER) & 0x1f) + 1) * 32, (u32)GIC_MAX_IRQS);
	m->arch.gic_state.kick = platform->maintenance_irq;
	return find_frames(m);
}

/* ---- this CPU ---- */

static int find_frame(struct percpu *cpu)
{
	struct gic_machine *gic = &cpu->machine->arch.gic_state;
	u64 mpidr = cpu->arch.mpidr;
	u32 affinity = (u32)(mpidr >> 32 & 0xff) << 24 | (u32)(mpidr & 0xffffff);

	for (unsigned int n = 0; n < gic->gicr_frames; n++) {
		u8 *frame = gic->gicr + (u64)n * gic->gicr_stride;

		if (mmio_read64(frame, GICR_TYPER) >> 32 != affinity)
			continue;
		cpu->arch.gic.redist = frame;
		gic->cpu_of_affinity[affinity_hash(mpidr)] = (u16)cpu->id;
		return 0;
	}
	return REFUSE2(cpu->machine, -ENODEV, GIC_NO_FRAME, JAILHOUSE_ITEM_CPU, cpu->id, mpidr,
		       gic_platform(cpu->machine)->gicr_base);
}

/* With the kick disabled and not pending. True if its registers do what they are needed for. */
static bool kick_works(const struct percpu *cpu)
{
	const struct machine *m = cpu->machine;
	u8 *frame = sgi_frame(cpu);
	unsigned int priority = GICD_IPRIORITYR + m->arch.gic_state.kick;
	u32 bit = kick_bit(cpu);
	bool works;

	mmio_write8(frame, priority, 0xff);
	works = mmio_read8(frame, priority) != 0;
	mmio_write8(frame, priority, 0);
	works = works && mmio_read8(frame, priority) == 0;
	mmio_write32(frame, GICD_ISPENDR, bit);
	works = works && mmio_read32(frame, GICD_ISPENDR) & bit;
	mmio_write32(frame, GICD_ICPENDR, bit);
	works = works && !(mmio_read32(frame, GICD_ISPENDR) & bit);
	mmio_write32(frame, GICD_ISENABLER, bit);
	works = works && mmio_read32(frame, GICD_ISENABLER) & bit;
	disable(cpu, bit);
	works = works && !(mmio_read32(frame, GICD_ISENABLER) & bit);
	/* With two security states, this register is not for us. */
	if (mmio_read32(m->arch.gicd, GICD_CTLR) & GICD_CTLR_DS)
		works = works && !(mmio_read32(frame, GICD_IGROUPR) & bit) == kick_is_fiq(cpu);
	return works;
}

/*
 * With one security state, group 0 comes as FIQ, and with HCR_EL2.FMO it comes to EL2, whatever the guest has masked.
 * Nobody else may use the group, and the firmware has to leave it to us: otherwise masks are shifted, and the lowest
 * one is not that which the number of bits gives.
 */
static bool can_be_fiq(const struct percpu *cpu, u32 step)
{
	const struct machine *m = cpu->machine;
	u32 control = mmio_read32(m->arch.gicd, GICD_CTLR);

	if (!ICC_FIQ_TO_HYP || (control & GICD_CTLR_DS_GROUP0) != GICD_CTLR_DS_GROUP0 ||
	    step != 1U << (7 - (icc_read_ctlr() >> 8 & 7)) || mmio_read32(sgi_frame(cpu), GICD_IGROUPR) != ~0U)
		return false;
	for (unsigned int irq = FIRST_SPI; irq < m->arch.num_irqs; irq += 32)
		if ((mmio_read32(m->arch.gicd, GICD_IGROUPR + irq / 8) | (irq + 32 > GIC_MAX_IRQS ? 0xfU << 28 : 0)) !=
		    ~0U)
			return false;
	return icc_read_igrpen0() == 0;
}

static void make_fiq(struct percpu *cpu, u32 step)
{
	mmio_write32(sgi_frame(cpu), GICD_IGROUPR, ~kick_bit(cpu));
	icc_write_bpr0(0);
	icc_write_igrpen0(1);
	cpu->arch.gic.lowest_mask = (u8)step;
}

static void restore_kick(struct percpu *cpu)
{
	u8 *frame = sgi_frame(cpu);

	disable(cpu, kick_bit(cpu));
	mmio_write32(frame, GICD_ICPENDR, kick_bit(cpu));
	if (kick_is_fiq(cpu)) {
		icc_write_igrpen0(0);
		mmio_write32(frame, GICD_IGROUPR, ~0U);
		cpu->arch.gic.lowest_mask = 0;
	}
	mmio_write8(frame, GICD_IPRIORITYR + cpu->machine->arch.gic_state.kick, cpu->arch.gic.linux_kick_priority);
	if (cpu->arch.gic.linux_kick_enabled)
		mmio_write32(frame, GICD_ISENABLER, kick_bit(cpu));
}

static int take_kick(struct percpu *cpu, u32 step)
{
	struct machine *m = cpu->machine;
	unsigned int kick = m->arch.gic_state.kick;
	u8 *frame = sgi_frame(cpu);

	if (kick < FIRST_PPI || kick >= FIRST_SPI)
		return REFUSE1(m, -EINVAL, GIC_KICK, JAILHOUSE_ITEM_CPU, cpu->id, kick);
	cpu->arch.gic.linux_kick_enabled = mmio_read32(frame, GICD_ISENABLER) & kick_bit(cpu);
	cpu->arch.gic.linux_kick_priority = mmio_read8(frame, GICD_IPRIORITYR + kick);
	disable(cpu, kick_bit(cpu));
	mmio_write32(frame, GICD_ICPENDR, kick_bit(cpu));
	if (can_be_fiq(cpu, step))
		make_fiq(cpu, step);
	if (kick_works(cpu))
		return 0;
	restore_kick(cpu);
	return REFUSE1(m, -EINVAL, GIC_KICK, JAILHOUSE_ITEM_CPU, cpu->id, kick);
}

/* The lowest mask that lets priority 0 through, and nothing else. 0: PMR cannot be written from here. */
static u32 find_priority_step(void)
{
	u64 found = icc_read_pmr();
	u32 step = 1;

	for (; step < 0x100; step <<= 1) {
		icc_write_pmr(step);
		arch_isb();
		if (icc_read_pmr())
			break;
	}
	icc_write_pmr(found);
	arch_isb();
	return step & 0xff;
}

static int gicv3_cpu_init(struct percpu *cpu)
{
	struct machine *m = cpu->machine;
	unsigned int bits = (icc_read_ctlr() >> 8 & 7) + 1;
	u64 sre = icc_read_sre_el2();
	u32 step;
	int err;

	if (!(sre & SRE_SRE))
		return REFUSE2(m, -ENODEV, GIC_STATE, JAILHOUSE_ITEM_CPU, cpu->id, reason_text("SRE"), sre);
	step = find_priority_step();
	if (!step)
		return REFUSE2(m, -ENODEV, GIC_STATE, JAILHOUSE_ITEM_CPU, cpu->id, reason_text("PMR"), icc_read_pmr());
	m->arch.gic_state.priority_step = (u8)MAX((u32)m->arch.gic_state.priority_step, step);
	cpu->arch.gic.num_ap = bits <= 5 ? 1 : bits == 6 ? 2 : 4;
	err = find_frame(cpu);
	if (!err)
		err = take_kick(cpu, step);
	if (err)
		return err;
	cpu->arch.gic.linux_lpis = mmio_read32(cpu->arch.gic.redist, GICR_CTLR) & GICR_CTLR_LPIS;
	cpu->arch.gic.linux_sre = sre;
	cpu->arch.gic.linux_ich_hcr = icc_read_ich_hcr();
	icc_write_ich_hcr(ICH_HCR_TC | ICH_HCR_TALL0);
	/* Where SRE_EL1 is not fixed, nobody may switch the registers off behind the hypervisor's back. */
	icc_write_sre_el2(sre & ~(u64)SRE_ENABLE);
	arch_isb();
	return 0;
}

static void gicv3_cpu_exit(struct percpu *cpu)
{
	restore_kick(cpu);
	icc_write_ich_hcr(cpu->arch.gic.linux_ich_hcr);
	icc_write_sre_el2(cpu->arch.gic.linux_sre);
	arch_isb();
}

static void gicv3_cpu_reset(struct percpu *cpu)
{
	const struct machine *m = cpu->machine;
	u32 guests = ~kick_bit(cpu);
	u8 *frame = sgi_frame(cpu);

	icc_write_sre_el1(SRE_ALL);
	arch_isb();
	icc_write_igrpen1(0);
	gicv3_mask(cpu, 0);
	icc_write_ctlr(0);
	icc_write_bpr1(0);
	for (unsigned int n = 0; n < cpu->arch.gic.num_ap; n++)
		icc_write_ap1r(n, 0);
	arch_isb();
	take_lpis(cpu, false);
	disable(cpu, PPIS & guests);
	mmio_write32(frame, GICD_ICPENDR, guests);
	mmio_write32(frame, GICD_ICACTIVER, guests);
	for (unsigned int irq = 0; irq < FIRST_SPI; irq++)
		if (irq != m->arch.gic_state.kick)
			mmio_write8(frame, GICD_IPRIORITYR + irq, gic_default_priority(m));
	mmio_write32(frame, GICD_ISENABLER, SGIS);
	arch_dsb();
}

static void gicv3_cpu_on(struct percpu *cpu)
{
	if (cell_is_root(cpu->cell))
		take_lpis(cpu, true);
}

/* ---- the kick ---- */

static void gicv3_kick(struct percpu *target)
{
	mmio_write32(sgi_frame(target), GICD_ISENABLER, kick_bit(target));
	mmio_write32(sgi_frame(target), GICD_ISPENDR, kick_bit(target));
	arch_dsb();
}

/* It may also be active: a guest that was in the middle of its handler's first instructions can have taken it. */
static void gicv3_kick_end(struct percpu *cpu)
{
	disable(cpu, kick_bit(cpu));
	mmio_write32(sgi_frame(cpu), GICD_ICPENDR, kick_bit(cpu));
	mmio_write32(sgi_frame(cpu), GICD_ICACTIVER, kick_bit(cpu));
	arch_dsb();
}

/* Nothing but the kick ends it, whatever waits and is masked. */
static void wait_for_kick(const struct percpu *cpu)
{
	u64 enable = icc_read_igrpen1(), mask = icc_read_pmr(), active[4];

	for (unsigned int n = 0; n < cpu->arch.gic.num_ap; n++) {
		active[n] = icc_read_ap1r(n);
		icc_write_ap1r(n, 0);
	}
	icc_write_pmr(cpu->machine->arch.gic_state.priority_step);
	icc_write_igrpen1(1);
	arch_isb();
	gic_wfi();
	icc_write_igrpen1(enable);
	icc_write_pmr(mask);
	for (unsigned int n = 0; n < cpu->arch.gic.num_ap; n++)
		icc_write_ap1r(n, active[n]);
	arch_isb();
}

/*
 * Where mask and running priority let any interrupt through, they let the kick through. The enable bit does not count:
 * Linux clears it before it asks the firmware for a deep sleep, from which interrupts wake all the same.
 */
static void gicv3_wait(struct percpu *cpu, bool guest_irqs)
{
	u64 enable = icc_read_igrpen1();

	if (unlikely(!guest_irqs || !icc_read_pmr() || !icc_read_rpr())) {
		wait_for_kick(cpu);
		return;
	}
	if (unlikely(!(enable & 1)))
		icc_write_igrpen1(1);
	gic_wfi();
	if (unlikely(!(enable & 1)))
		icc_write_igrpen1(enable);
}

/* ---- routing of SPIs ---- */

static void gicv3_route(struct machine *m, unsigned int irq, const struct percpu *target)
{
	mmio_write64(m->arch.gicd, GICD_IROUTER + irq * 8, target->arch.mpidr);
}

static bool gicv3_leaves(const struct machine *m, unsigned int irq)
{
	u64 route = mmio_read64(m->arch.gicd, GICD_IROUTER + irq * 8) & IROUTER_FIELDS;

	for_each_cpu(id, m)
		if (machine_cpu(m, id)->arch.gic.leaving &&
		    (route & IROUTER_ANY || route == machine_cpu(m, id)->arch.mpidr))
			return true;
	return false;
}

const struct gic_ops gicv3_ops = {
	.gicd_size = GICV3_GICD_SIZE,
	.init = gicv3_init,
	.cpu_init = gicv3_cpu_init,
	.cpu_exit = gicv3_cpu_exit,
	.cpu_reset = gicv3_cpu_reset,
	.cpu_on = gicv3_cpu_on,
	.kick = gicv3_kick,
	.kick_end = gicv3_kick_end,
	.wait = gicv3_wait,
	.add_windows = gicv3_add_windows,
	.remove_windows = gicv3_remove_windows,
	.route = gicv3_route,
	.leaves = gicv3_leaves,
	.distributor = gicv3_distributor,
};
