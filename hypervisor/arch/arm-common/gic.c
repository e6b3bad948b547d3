// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Interrupts of the distributor (SPIs) and who has them.
 *
 * An SPI belongs to one cell. The root cell has what its configuration lists and no other cell has got; it gets it
 * back with the priority, trigger and enable bit that Linux had programmed.
 */
#include <hypervisor/arch/ivshmem.h>
#include <hypervisor/arch/memory.h>
#include <hypervisor/unit.h>
#include "gic-internal.h"

#define WAS_ENABLED 1
#define TRIGGER_MASK 3U /* of one interrupt in ICFGR */

/* ---- the machine ---- */

int gic_init(struct machine *m)
{
	const struct jailhouse_platform_arm *platform = gic_platform(m);

	if (platform->gic_version != 2 && platform->gic_version != 3)
		return REFUSE3(m, -EINVAL, GIC_VERSION, JAILHOUSE_ITEM_NONE, 0, platform->gic_version,
			       platform->gicd_base, 0);
	m->arch.gic = platform->gic_version == 2 ? &gicv2_ops : &gicv3_ops;
	if (!platform->gicd_base || !IS_ALIGNED(platform->gicd_base, m->arch.gic->gicd_size))
		return REFUSE2(m, -EINVAL, GIC_ADDRESS, JAILHOUSE_ITEM_NONE, 0, platform->gicd_base,
			       m->arch.gic->gicd_size);
	m->arch.gicd = arch_map_device(m, platform->gicd_base, m->arch.gic->gicd_size);
	return m->arch.gicd ? m->arch.gic->init(m) : refuse_no_memory(m, 1);
}

static u64 redistributors_size(const struct machine *m)
{
	const struct jailhouse_cell_desc *root = &m->config->root_cell;
	const u8 *cpus = jailhouse_cell_cpu_set(root);
	unsigned int count = 0;

	if (m->arch.gic_state.gicr_frames)
		return (u64)m->arch.gic_state.gicr_frames * m->arch.gic_state.gicr_stride;
	for (u32 id = 0; id < root->cpu_set_size * 8; id++)
		count += test_bit(id, cpus);
	return (u64)count * 2 * GICV3_FRAME;
}

bool gic_range(const struct machine *m, unsigned int n, u64 *start, u64 *size)
{
	const struct jailhouse_platform_arm *platform = gic_platform(m);
	bool v3 = platform->gic_version >= 3;
	const struct {
		u64 start, size;
	} ranges[] = {
		{ platform->gicd_base, v3 ? GICV3_GICD_SIZE : GICV2_GICD_SIZE },
		{ v3 ? platform->gicr_base : 0, redistributors_size(m) },
		{ platform->gicc_base, GICC_SIZE },
		{ platform->gich_base, GICH_SIZE },
		{ platform->gicv_base, GICC_SIZE },
	};

	for (unsigned int i = 0; i < ARRAY_LEN(ranges); i++) {
		if (!ranges[i].start || n-- > 0)
			continue;
		*start = ranges[i].start;
		*size = ranges[i].size;
		return true;
	}
	return false;
}

/* ---- virtual devices ---- */

u32 arch_ivshmem_message(struct cell *cell, u64 address, u32 data)
{
	(void)address;
	return data >= FIRST_SPI && gic_cell_has_irq(cell, data) ? data : IVSHMEM_IRQ_INVALID;
}

u32 arch_ivshmem_intx(struct cell *cell, unsigned int pin)
{
	u32 irq = FIRST_SPI + cell->config->vpci_irq_base + pin - 1;

	return gic_cell_has_irq(cell, irq) ? irq : IVSHMEM_IRQ_NONE;
}

void arch_ivshmem_raise(struct percpu *cpu, struct cell *cell, u32 irq)
{
	(void)cell;
	arch_dsb();
	gic_set_pending(cpu->machine, irq);
}

void gic_set_pending(struct machine *m, unsigned int irq)
{
	mmio_write32(m->arch.gicd, GICD_ISPENDR + irq / 32 * 4, 1U << irq % 32);
}

/* ---- interrupts of a configuration ---- */

bool gic_config_lists(const struct machine *m, const struct jailhouse_cell_desc *config, unsigned int irq)
{
	const struct jailhouse_irqchip *list = jailhouse_cell_irqchips(config);

	for (u32 n = 0; n < config->num_irqchips; n++) {
		u32 bit = irq - list[n].pin_base;

		if (list[n].address == gic_platform(m)->gicd_base && irq >= list[n].pin_base && bit < 128 &&
		    list[n].pin_bitmap[bit / 32] & (1U << bit % 32))
			return true;
	}
	return false;
}

/* Only what exists, and not the kick. Word 0, of SGIs and PPIs, is that of the CPU that reads it, in GICv2. */
static void read_config(const struct machine *m, const struct jailhouse_cell_desc *config, u32 irqs[GIC_IRQ_WORDS])
{
	const struct jailhouse_irqchip *list = jailhouse_cell_irqchips(config);

	memset(irqs, 0, GIC_IRQ_WORDS * sizeof(u32));
	for (u32 n = 0; n < config->num_irqchips; n++)
		for (u32 w = 0; w < ARRAY_LEN(list[n].pin_bitmap) && list[n].address == gic_platform(m)->gicd_base; w++)
			if (list[n].pin_base / 32 + w < GIC_IRQ_WORDS)
				irqs[list[n].pin_base / 32 + w] |= list[n].pin_bitmap[w];
	for (unsigned int irq = m->arch.num_irqs; irq < GIC_IRQ_WORDS * 32; irq++)
		clear_bit(irq, irqs);
	clear_bit(m->arch.gic_state.kick, irqs);
	irqs[0] = 0;
	if (gic_platform(m)->gic_version == 2)
		irqs[0] = ~0U;
}

static int check_irq(struct machine *m, u32 item, unsigned int irq, bool root)
{
	/* What does not exist does the root cell no good and no harm; boards list ids generously. */
	if (root)
		return 0;
	if (irq >= m->arch.num_irqs)
		return REFUSE2(m, -EINVAL, IRQ_RANGE, JAILHOUSE_ITEM_IRQCHIP, item, irq, m->arch.num_irqs);
	if (irq == m->arch.gic_state.kick)
		return REFUSE1(m, -EINVAL, IRQ_RESERVED, JAILHOUSE_ITEM_IRQCHIP, item, irq);
	for_each_non_root_cell(cell, m)
		if (gic_cell_has_irq(cell, irq))
			return REFUSE2(m, -EBUSY, IRQ_OTHER_CELL, JAILHOUSE_ITEM_IRQCHIP, item, irq, cell->config->id);
	return 0;
}

/* CPUs that still take the root cell's message interrupts; they have tried to be without when Linux let them go. */
static int check_messages(struct machine *m, const struct jailhouse_cell_desc *config)
{
	const void *set = jailhouse_cell_cpu_set(config);

	for (unsigned int id = 0; id < config->cpu_set_size * 8 && id < m->max_cpus; id++)
		if (test_bit(id, set) && machine_cpu(m, id)->arch.gic.keeps_lpis)
			return REFUSE2(m, -ENODEV, GIC_STATE, JAILHOUSE_ITEM_CPU, id, reason_text("LPIs"), 1);
	return 0;
}

static int irqchip_cell_check(struct machine *m, const struct jailhouse_cell_desc *config, bool root)
{
	const struct jailhouse_irqchip *list = jailhouse_cell_irqchips(config);
	int err = root ? 0 : check_messages(m, config);

	for (u32 n = 0; !err && n < config->num_irqchips; n++) {
		if (list[n].address != gic_platform(m)->gicd_base)
			return REFUSE1(m, -EINVAL, IRQCHIP_UNKNOWN, JAILHOUSE_ITEM_IRQCHIP, n, list[n].address);
		if (list[n].pin_base % 32 || list[n].pin_base < FIRST_SPI || list[n].pin_base >= GIC_MAX_IRQS)
			return REFUSE1(m, -EINVAL, IRQCHIP_PIN_BASE, JAILHOUSE_ITEM_IRQCHIP, n, list[n].pin_base);
		for (unsigned int bit = 0; !err && bit < 128; bit++)
			if (list[n].pin_bitmap[bit / 32] & (1U << bit % 32))
				err = check_irq(m, n, list[n].pin_base + bit, root);
	}
	return err;
}

/* ---- hand-over ---- */

#define for_each_spi(irq, irqs)                                                                                      \
	for (unsigned int irq = FIRST_SPI; irq < GIC_MAX_IRQS; irq++)                                                \
		if (!(irqs)[irq / 32]) {                                                                             \
			irq |= 31;                                                                                   \
		} else if (!test_bit(irq, irqs)) {                                                                   \
		} else

/* Disabled, not pending, not active. */
static void quiesce(const struct machine *m, const u32 irqs[GIC_IRQ_WORDS])
{
	for (unsigned int n = 1; n < GIC_IRQ_WORDS; n++)
		if (irqs[n])
			mmio_write32(m->arch.gicd, GICD_ICENABLER + n * 4, irqs[n]);
	gic_wait_done(m->arch.gicd, GICD_CTLR, GICD_CTLR_RWP);
	for (unsigned int n = 1; n < GIC_IRQ_WORDS; n++)
		if (irqs[n]) {
			mmio_write32(m->arch.gicd, GICD_ICPENDR + n * 4, irqs[n]);
			mmio_write32(m->arch.gicd, GICD_ICACTIVER + n * 4, irqs[n]);
		}
}

static void set_trigger(struct machine *m, unsigned int irq, u32 trigger)
{
	u64 reg = GICD_ICFGR + irq / 16 * 4;
	unsigned int shift = irq % 16 * 2;
	u32 value;

	spin_lock(&m->arch.gicd_lock);
	value = mmio_read32(m->arch.gicd, reg);
	if ((value >> shift & TRIGGER_MASK) != trigger)
		mmio_write32(m->arch.gicd, reg, (value & ~(TRIGGER_MASK << shift)) | trigger << shift);
	spin_unlock(&m->arch.gicd_lock);
}

static void save_root_state(struct machine *m, unsigned int irq)
{
	u32 enabled = mmio_read32(m->arch.gicd, GICD_ISENABLER + irq / 32 * 4) >> irq % 32 & 1;
	u32 trigger = mmio_read32(m->arch.gicd, GICD_ICFGR + irq / 16 * 4) >> irq % 16 * 2 & TRIGGER_MASK;

	m->arch.gic_state.root_priority[irq] = mmio_read8(m->arch.gicd, GICD_IPRIORITYR + irq);
	m->arch.gic_state.root_state[irq] = (u8)(trigger << 1 | enabled);
}

/* The same at each start: at a priority that each guest lets through, for its first CPU, triggered as Linux knew it. */
static void reset_spis(struct cell *cell, const struct percpu *first)
{
	struct machine *m = cell->machine;

	quiesce(m, cell->arch.irqs);
	for_each_spi(irq, cell->arch.irqs) {
		mmio_write8(m->arch.gicd, GICD_IPRIORITYR + irq, gic_default_priority(m));
		set_trigger(m, irq, m->arch.gic_state.root_state[irq] >> 1);
		m->arch.gic->route(m, irq, first);
	}
}

static struct percpu *first_cpu(const struct cell *cell)
{
	for_each_cell_cpu(id, cell)
		if (!machine_cpu(cell->machine, id)->arch.gic.leaving)
			return machine_cpu(cell->machine, id);
	return NULL;
}

/* Marks the CPUs that the cell is about to get, and returns the first of them. */
static struct percpu *mark_leaving(const struct cell *cell, bool leaving)
{
	const u8 *set = jailhouse_cell_cpu_set(cell->config);
	struct percpu *first = NULL;

	for_each_cpu(id, cell->machine) {
		struct percpu *cpu = machine_cpu(cell->machine, id);

		if (id >= cell->config->cpu_set_size * 8 || !test_bit(id, set))
			continue;
		cpu->arch.gic.leaving = leaving;
		first = first ? first : cpu;
	}
	return first;
}

/* Before the CPUs move. What the root cell keeps must not point to one of them. */
static void take_from_root(struct cell *cell)
{
	struct machine *m = cell->machine;
	const struct percpu *first = mark_leaving(cell, true), *keeper = first_cpu(&m->root);

	for_each_spi(irq, cell->arch.irqs)
		save_root_state(m, irq);
	for (unsigned int n = 1; n < GIC_IRQ_WORDS; n++)
		m->root.arch.irqs[n] &= ~cell->arch.irqs[n];
	for_each_spi(irq, m->root.arch.irqs)
		if (keeper && m->arch.gic->leaves(m, irq))
			m->arch.gic->route(m, irq, keeper);
	if (first)
		reset_spis(cell, first);
	mark_leaving(cell, false);
}

static void give_to_root(struct cell *cell)
{
	struct machine *m = cell->machine;
	const struct percpu *first = first_cpu(&m->root);
	u32 listed[GIC_IRQ_WORDS];

	reset_spis(cell, first);
	read_config(m, m->root.config, listed);
	for_each_spi(irq, cell->arch.irqs) {
		mmio_write8(m->arch.gicd, GICD_IPRIORITYR + irq, m->arch.gic_state.root_priority[irq]);
		if (!test_bit(irq, listed))
			continue;
		set_bit(irq, m->root.arch.irqs);
		if (m->arch.gic_state.root_state[irq] & WAS_ENABLED)
			mmio_write32(m->arch.gicd, GICD_ISENABLER + irq / 32 * 4, 1U << irq % 32);
	}
}

/* ---- unit ---- */

static int irqchip_init(struct machine *m)
{
	if (m->arch.gic->take_kick)
		m->arch.gic->take_kick(m);
	printk(m, "GIC: %u interrupt ids, %u is the hypervisor's\n", m->arch.num_irqs, m->arch.gic_state.kick);
	return 0;
}

static void irqchip_shutdown(struct machine *m)
{
	if (m->arch.gic->give_kick)
		m->arch.gic->give_kick(m);
}

static int add_windows(struct cell *cell)
{
	struct machine *m = cell->machine;
	u64 base = gic_platform(m)->gicd_base, last = base + m->arch.gic->gicd_size - 1;
	int err = mmio_add(cell, base, m->arch.gic->gicd_size, gicd_access, NULL);

	if (!err) {
		err = m->arch.gic->add_windows(cell);
		if (err)
			mmio_remove(cell, base);
	}
	/* The rest have said why themselves. */
	return err == -EINVAL ? REFUSE4(m, err, MEM_INTERCEPTED, JAILHOUSE_ITEM_NONE, 0, base, last, base, last) : err;
}

static int irqchip_cell_init(struct cell *cell)
{
	int err = add_windows(cell);

	if (err)
		return err;
	read_config(cell->machine, cell->config, cell->arch.irqs);
	if (!cell_is_root(cell))
		take_from_root(cell);
	return 0;
}

static void irqchip_cell_exit(struct cell *cell)
{
	if (!cell_is_root(cell))
		give_to_root(cell);
	memset(cell->arch.irqs, 0, sizeof(cell->arch.irqs));
	cell->machine->arch.gic->remove_windows(cell);
	mmio_remove(cell, gic_platform(cell->machine)->gicd_base);
}

static void irqchip_cell_reset(struct cell *cell)
{
	reset_spis(cell, first_cpu(cell));
}

const struct unit irqchip_unit = {
	.name = "irqchip",
	.init = irqchip_init,
	.shutdown = irqchip_shutdown,
	.cell_check = irqchip_cell_check,
	.cell_init = irqchip_cell_init,
	.cell_exit = irqchip_cell_exit,
	.cell_reset = irqchip_cell_reset,
};
