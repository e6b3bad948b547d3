// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The distributor as guests see it: each its own interrupts. What concerns all stays as Linux has programmed it before
 * the hypervisor came.
 */
#include "gic-internal.h"

#define ID_REGISTERS	 0x30 /* at the end of the window */
#define TRIGGERS_PER_REG 16

void gic_priority_access(const struct machine *m, u8 *base, u32 reg, u32 owned, struct mmio_access *access)
{
	u64 value = 0;

	if (access->size != 1 && (access->size != 4 || reg % 4))
		owned = 0;
	for (unsigned int n = 0; n < access->size; n++) {
		u8 priority = (u8)(access->value >> n * 8);

		if (!(owned & BIT(n)))
			continue;
		if (access->write)
			mmio_write8(base, reg + n, MAX(priority, m->arch.gic_state.priority_step));
		else
			value |= (u64)mmio_read8(base, reg + n) << n * 8;
	}
	if (!access->write)
		access->value = value;
}

/* Each bit becomes two. */
static u32 spread(u32 bits)
{
	bits &= 0xffff;
	bits = (bits | bits << 8) & 0x00ff00ff;
	bits = (bits | bits << 4) & 0x0f0f0f0f;
	bits = (bits | bits << 2) & 0x33333333;
	bits = (bits | bits << 1) & 0x55555555;
	return bits | bits << 1;
}

void gic_trigger_access(struct machine *m, u8 *base, u32 reg, u32 owned, struct mmio_access *access)
{
	u32 mask = spread(owned);

	if (access->size != 4 || reg % 4)
		mask = 0;
	if (!access->write) {
		access->value = mask ? mmio_read32(base, reg) & mask : 0;
		return;
	}
	if (!mask)
		return;
	spin_lock(&m->arch.gicd_lock);
	mmio_write32(base, reg, (mmio_read32(base, reg) & ~mask) | ((u32)access->value & mask));
	spin_unlock(&m->arch.gicd_lock);
}

enum mmio_result gic_bad_route(struct percpu *cpu, unsigned int irq, struct mmio_access *access)
{
	if (learn_access(cpu, JAILHOUSE_LEARNED_MEM, access->address, access->size, true))
		return MMIO_HANDLED;
	cpu_printk(cpu, "Attempt to route IRQ%u outside of cell\n", irq);
	VIOLATION(cpu, access->address, IRQ_ROUTE, irq, access->value, 0, 0);
	return MMIO_ERROR;
}

static u32 owned_from(const struct cell *cell, unsigned int irq)
{
	return cell->arch.irqs[irq / 32] >> irq % 32;
}

/* What is the same for everybody, read only. */
static enum mmio_result common_register(const struct percpu *cpu, u32 reg, struct mmio_access *access)
{
	const struct machine *m = cpu->machine;
	u32 value = 0;

	if (access->write)
		return MMIO_HANDLED;
	if (access->size == 4 && reg % 4 == 0 &&
	    (reg <= GICD_TYPER2 || reg >= m->arch.gic->gicd_size - ID_REGISTERS))
		value = mmio_read32(m->arch.gicd, reg);
	/* GICv3: message interrupts reach the root cell only, those of the extended range nobody. */
	if (reg == GICD_TYPER && m->arch.gic_state.gicr)
		value &= ~(GICD_TYPER_ESPI | (cell_is_root(cpu->cell) ? 0 : GICD_TYPER_LPIS));
	access->value = value;
	return MMIO_HANDLED;
}

static enum mmio_result other_access(struct percpu *cpu, u32 reg, struct mmio_access *access)
{
	struct machine *m = cpu->machine;
	unsigned int irq;

	if (reg >= GICD_IPRIORITYR && reg < GICD_ITARGETSR) {
		irq = reg - GICD_IPRIORITYR;
		gic_priority_access(m, m->arch.gicd, reg, owned_from(cpu->cell, irq), access);
		return MMIO_HANDLED;
	}
	if (reg >= GICD_ICFGR && reg < GICD_ICFGR + GIC_IRQ_WORDS * 8) {
		irq = (reg - GICD_ICFGR) / 4 * TRIGGERS_PER_REG;
		/* GICv2: those of PPIs may be the same for all CPUs. */
		if (irq >= FIRST_SPI || !access->write)
			gic_trigger_access(m, m->arch.gicd, reg, owned_from(cpu->cell, irq), access);
		return MMIO_HANDLED;
	}
	if ((reg >= GICD_ITARGETSR && reg < GICD_ICFGR) ||
	    (reg >= GICD_SGIR && reg < m->arch.gic->gicd_size - ID_REGISTERS))
		return m->arch.gic->distributor(cpu, reg, access);
	return common_register(cpu, reg, access);
}

/* Interrupts are masked and unmasked here, with threaded handlers for each one: the short way is for that. */
enum mmio_result gicd_access(struct percpu *cpu, void *arg, struct mmio_access *access)
{
	const struct machine *m = cpu->machine;
	u32 reg = (u32)access->address & ((u32)m->arch.gic->gicd_size - 1);

	(void)arg;
	if (likely(reg >= GICD_IGROUPR && reg < GICD_IPRIORITYR)) {
		if (likely(access->size == 4 && reg % 4 == 0))
			gic_bits_access(m->arch.gicd, reg, cpu->cell->arch.irqs[reg / 4 % 32], access);
		else if (!access->write)
			access->value = 0;
		return MMIO_HANDLED;
	}
	if (reg < GICD_IGROUPR)
		return common_register(cpu, reg, access);
	return other_access(cpu, reg, access);
}
