// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * GICv2: what guests see. The first page of the CPU interface is theirs; the second one holds the register that could
 * end interrupts of others.
 */
#include "gic-v2.h"

#define GICC_DIR	  0x1000
#define DIR_FIELDS	  0x1fffU /* id, and for SGIs the CPU that has sent it */
#define SGIR_LIST_SHIFT	  16
#define SGIR_FILTER_SHIFT 24

/* ---- CPU interface ---- */

static enum mmio_result dir_access(struct percpu *cpu, void *arg, struct mmio_access *access)
{
	bool dir = ((u32)access->address & PAGE_OFFS_MASK) == 0; /* first register of the second page */

	(void)arg;
	if (!access->write)
		access->value = 0;
	else if (dir && access->size == 4 && gic_may_deactivate(cpu, access->value & 0x3ff))
		mmio_write32(cpu->machine->arch.gic_state.gicc, GICC_DIR, (u32)access->value & DIR_FIELDS);
	return MMIO_HANDLED;
}

/* The mapping needs no undoing, it ends with the cell's tables. */
int gicv2_add_windows(struct cell *cell)
{
	u64 base = gic_platform(cell->machine)->gicc_base;

	if (paging_map(&cell->stage2, base, base, PAGE_SIZE, PG_READ | PG_WRITE | PG_DEVICE))
		return refuse_no_memory(cell->machine, 1);
	return mmio_add(cell, base + PAGE_SIZE, PAGE_SIZE, dir_access, NULL);
}

void gicv2_remove_windows(struct cell *cell)
{
	mmio_remove(cell, gic_platform(cell->machine)->gicc_base + PAGE_SIZE);
}

/* ---- distributor: targets and SGIs ---- */

static u8 targets_of(const struct cell *cell)
{
	u8 targets = 0;

	for_each_cell_cpu(id, cell)
		targets |= (u8)(1U << machine_cpu(cell->machine, id)->arch.gic.interface);
	return targets;
}

static void send_sgi(const struct percpu *cpu, u32 value)
{
	u8 own = (u8)(1U << cpu->arch.gic.interface), targets = (u8)(value >> SGIR_LIST_SHIFT);

	switch (value >> SGIR_FILTER_SHIFT & 3) {
	case 0:
		break;
	case 1:
		targets = (u8)~own;
		break;
	case 2:
		targets = own;
		break;
	default:
		return;
	}
	targets &= targets_of(cpu->cell);
	if (targets)
		mmio_write32(cpu->machine->arch.gicd, GICD_SGIR, (u32)targets << SGIR_LIST_SHIFT | (value & 0xf));
}

/* One interrupt, or four. All is checked before the first one is changed. */
static enum mmio_result targets_write(struct percpu *cpu, u32 reg, struct mmio_access *access)
{
	unsigned int irq = reg - GICD_ITARGETSR;
	u8 forbidden = (u8)~targets_of(cpu->cell);

	for (unsigned int n = 0; n < access->size; n++)
		if (gic_cell_has_irq(cpu->cell, irq + n) && (u8)(access->value >> n * 8) & forbidden)
			return gic_bad_route(cpu, irq + n, access);
	for (unsigned int n = 0; n < access->size; n++)
		if (gic_cell_has_irq(cpu->cell, irq + n))
			mmio_write8(cpu->machine->arch.gicd, reg + n, (u8)(access->value >> n * 8));
	return MMIO_HANDLED;
}

static u64 targets_read(const struct percpu *cpu, u32 reg, unsigned int size)
{
	unsigned int irq = reg - GICD_ITARGETSR;
	u64 value = 0;

	for (unsigned int n = 0; n < size; n++)
		if (gic_cell_has_irq(cpu->cell, irq + n))
			value |= (u64)mmio_read8(cpu->machine->arch.gicd, reg + n) << n * 8;
	return value;
}

enum mmio_result gicv2_distributor(struct percpu *cpu, u32 reg, struct mmio_access *access)
{
	bool target = reg < GICD_ICFGR && (access->size == 1 || (access->size == 4 && reg % 4 == 0));

	if (!access->write)
		access->value = target ? targets_read(cpu, reg, access->size) : 0;
	/* The targets of private interrupts are fixed. */
	else if (target && reg >= GICD_ITARGETSR + FIRST_SPI)
		return targets_write(cpu, reg, access);
	else if (reg == GICD_SGIR && access->size == 4)
		send_sgi(cpu, (u32)access->value);
	return MMIO_HANDLED;
}
