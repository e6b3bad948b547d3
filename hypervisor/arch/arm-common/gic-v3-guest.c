// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * GICv3: what guests see. Redistributors are trapped in every cell: one's own is filtered, of the others there is only
 * what says which CPU they belong to. Of the CPU interface, only what could disturb others is trapped.
 */
#include <asm/gic-sysregs.h>
#include <asm/sysreg-encoding.h>
#include "gic-v3.h"

#define SPURIOUS     1023
#define SRE_ALL	     7U
#define SGI_LIST     0xffffULL
#define SGI_ID	     0x0f000000ULL
#define SGI_IRM	     (1ULL << 40)
#define SGI_FIELDS   (0xffULL << 48 | 0xfULL << 44 | 0xffULL << 32 | SGI_ID | 0xffULL << 16 | SGI_LIST)
#define AFFINITY_LOW 0xffffffffULL
#define DIR_ID	     0xffffffU

/* ---- redistributors ---- */

static void sgi_frame_access(struct percpu *cpu, u32 reg, struct mmio_access *access)
{
	u32 guests = ~(1U << cpu->machine->arch.gic_state.kick);
	u8 *frame = cpu->arch.gic.redist + GICR_SGI_FRAME;

	if (likely(access->size == 4 && reg >= GICD_IGROUPR && reg < GICD_IPRIORITYR && reg % 0x80 == 0))
		gic_bits_access(frame, reg, guests, access);
	else if (reg >= GICD_IPRIORITYR && reg < GICD_IPRIORITYR + 32)
		gic_priority_access(cpu->machine, frame, reg, guests >> (reg - GICD_IPRIORITYR), access);
	else if (reg >= GICD_ICFGR && reg < GICD_ICFGR + 8)
		gic_trigger_access(cpu->machine, frame, reg, guests >> (reg >= GICD_ICFGR + 4 ? 16 : 0), access);
	else if (!access->write)
		access->value = 0;
}

/* Part of a register of 64 bits. */
static u64 part(const u8 *frame, u32 reg, u64 mask, const struct mmio_access *access)
{
	u64 value = mmio_read64(frame, reg & ~7U) & mask;

	if (access->size == 8)
		return reg % 8 ? 0 : value;
	return access->size == 4 && reg % 4 == 0 ? value >> reg % 8 * 8 & 0xffffffff : 0;
}

/*
 * Read only. The redistributor stays awake (a guest that lets it sleep would not be reached by the kick), and the
 * tables of message interrupts are what Linux gave: no other cell has any, and one that the root cell could change
 * would be a way to write to any memory.
 */
static u64 control_frame_read(const struct percpu *cpu, const u8 *frame, u32 reg, const struct mmio_access *access)
{
	bool root = cell_is_root(cpu->cell), own = frame == cpu->arch.gic.redist;

	if (reg >= GICR_TYPER && reg < GICR_TYPER + 8)
		return part(frame, reg, root ? ~0ULL : ~GICR_TYPER_PLPIS, access);
	if (reg >= GICR_PROPBASER && reg < GICR_PENDBASER + 8)
		return root && own ? part(frame, reg, ~0ULL, access) : 0;
	if (access->size != 4 || reg % 4)
		return 0;
	if (reg == GICR_IIDR || (reg >= GICR_PIDR && reg < GICV3_FRAME))
		return mmio_read32(frame, reg);
	if (own && (reg == GICR_CTLR || reg == GICR_STATUSR || reg == GICR_WAKER))
		return mmio_read32(frame, reg);
	return 0;
}

static enum mmio_result gicr_access(struct percpu *cpu, void *arg, struct mmio_access *access)
{
	const struct machine *m = cpu->machine;
	u64 offset = access->address - gic_platform(m)->gicr_base;
	u32 reg = (u32)offset & (m->arch.gic_state.gicr_stride - 1);
	const u8 *frame = m->arch.gic_state.gicr + (offset - reg);

	(void)arg;
	if (reg >= GICR_SGI_FRAME && reg < 2 * GICV3_FRAME && frame == cpu->arch.gic.redist)
		sgi_frame_access(cpu, reg - GICR_SGI_FRAME, access);
	else if (!access->write)
		access->value = reg < GICV3_FRAME ? control_frame_read(cpu, frame, reg, access) : 0;
	return MMIO_HANDLED;
}

/*
 * Linux reads GICD_CTLR after each mask, until it is done: reads of the first page of the distributor, which change
 * nothing, do not exit in the root cell. It sees the bits of other cells' interrupts there. The mapping ends with the
 * cell's tables.
 */
int gicv3_add_windows(struct cell *cell)
{
	const struct machine *m = cell->machine;
	u64 gicd = gic_platform(m)->gicd_base;

	if (cell_is_root(cell) && paging_map(&cell->stage2, gicd, gicd, PAGE_SIZE, PG_READ | PG_DEVICE))
		return refuse_no_memory(cell->machine, 1);
	return mmio_add(cell, gic_platform(m)->gicr_base,
			(u64)m->arch.gic_state.gicr_frames * m->arch.gic_state.gicr_stride, gicr_access, NULL);
}

void gicv3_remove_windows(struct cell *cell)
{
	mmio_remove(cell, gic_platform(cell->machine)->gicr_base);
}

/* ---- distributor: routes ---- */

/* CPUs of guests with 32 bits write the lower half, which has to name one of them alone. */
static struct percpu *find_target(const struct cell *cell, u64 route, unsigned int size)
{
	u64 mask = size == 8 ? ~0ULL : AFFINITY_LOW;

	for_each_cell_cpu(id, cell)
		if ((machine_cpu(cell->machine, id)->arch.mpidr & mask) == (route & mask))
			return machine_cpu(cell->machine, id);
	return NULL;
}

enum mmio_result gicv3_distributor(struct percpu *cpu, u32 reg, struct mmio_access *access)
{
	unsigned int irq = (reg - GICD_IROUTER) / 8;
	const struct percpu *target;

	if (!access->write)
		access->value = reg >= GICD_IROUTER && gic_cell_has_irq(cpu->cell, irq) ?
				part(cpu->machine->arch.gicd, reg, ~0ULL, access) : 0;
	else if (reg >= GICD_IROUTER && gic_cell_has_irq(cpu->cell, irq) && reg % 8 == 0 && access->size >= 4) {
		target = find_target(cpu->cell, access->value, access->size);
		if (!target)
			return gic_bad_route(cpu, irq, access);
		cpu->machine->arch.gic->route(cpu->machine, irq, target);
	}
	return MMIO_HANDLED;
}

/* ---- CPU interface ---- */

/* An interrupt for this CPU alone; range selector and list are by 16 CPUs. */
static u64 sgi_for(u64 id, u64 mpidr)
{
	return (mpidr >> 32 & 0xff) << 48 | (mpidr >> 4 & 0xf) << 44 | (mpidr >> 16 & 0xff) << 32 | id |
	       (mpidr >> 8 & 0xff) << 16 | 1ULL << (mpidr & 0xf);
}

static void send_to_others(const struct percpu *cpu, u64 id)
{
	for_each_cell_cpu(other, cpu->cell)
		if (other != cpu->id)
			icc_write_sgi1r(sgi_for(id, machine_cpu(cpu->machine, other)->arch.mpidr));
}

static void send_sgi(const struct percpu *cpu, u64 value)
{
	const struct machine *m = cpu->machine;
	u64 first, list = value & SGI_LIST, allowed = 0, mpidr;
	const struct percpu *target;
	unsigned int guess;

	if (unlikely(value & SGI_IRM)) {
		send_to_others(cpu, value & SGI_ID);
		return;
	}
	if (!list)
		return;
	/* Affinity of the CPU that the first bit of the list stands for */
	first = (value >> 48 & 0xff) << 32 | (value >> 32 & 0xff) << 16 | (value >> 16 & 0xff) << 8 |
		(value >> 44 & 0xf) << 4;
	if (likely((list & (list - 1)) == 0)) {
		mpidr = first | (u64)__builtin_ctzll(list);
		guess = m->arch.gic_state.cpu_of_affinity[affinity_hash(mpidr)];
		target = machine_cpu(m, guess);
		if (likely(target->arch.mpidr == mpidr && target->cell == cpu->cell && target->present)) {
			icc_write_sgi1r(value & SGI_FIELDS);
			return;
		}
	}
	for_each_cell_cpu(id, cpu->cell) {
		mpidr = machine_cpu(m, id)->arch.mpidr;
		if ((mpidr & ~0xfULL) == first)
			allowed |= 1ULL << (mpidr & 0xf);
	}
	if (list & allowed)
		icc_write_sgi1r((value & SGI_FIELDS & ~SGI_LIST) | (list & allowed));
}

static void deactivate(const struct percpu *cpu, u64 value)
{
	unsigned int irq = value & DIR_ID;

	/* Message interrupts, which no cell holds by its configuration, have no active state. */
	if (gic_may_deactivate(cpu, irq))
		icc_write_dir(irq);
}

bool gicv3_read_register(struct percpu *cpu, u32 encoding, u64 *value)
{
	switch (encoding) {
	case SYSREG_ICC_PMR:
		*value = cpu->arch.gic.mask_is_zero ? 0 : icc_read_pmr();
		return true;
	case SYSREG_ICC_CTLR:
		*value = icc_read_ctlr();
		return true;
	case SYSREG_ICC_RPR:
		*value = icc_read_rpr();
		return true;
	case SYSREG_ICC_SRE:
		*value = SRE_ALL;
		return true;
	case SYSREG_ICC_IAR0:
	case SYSREG_ICC_HPPIR0:
		*value = SPURIOUS;
		return true;
	case SYSREG_ICC_BPR0:
	case SYSREG_ICC_AP0R0:
	case SYSREG_ICC_AP0R1:
	case SYSREG_ICC_AP0R2:
	case SYSREG_ICC_AP0R3:
	case SYSREG_ICC_IGRPEN0:
		*value = 0;
		return true;
	}
	return false;
}

bool gicv3_write_register(struct percpu *cpu, u32 encoding, u64 value)
{
	if (likely(encoding == SYSREG_ICC_SGI1R)) {
		cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_VSGI]++;
		send_sgi(cpu, value);
		return true;
	}
	switch (encoding) {
	case SYSREG_ICC_DIR:
		cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_MAINTENANCE]++;
		deactivate(cpu, value);
		return true;
	case SYSREG_ICC_PMR:
		gicv3_mask(cpu, value);
		return true;
	case SYSREG_ICC_CTLR:
		icc_write_ctlr(value);
		return true;
	/* No guest has interrupts of group 0 or of the secure world, and none needs the old way to the registers. */
	case SYSREG_ICC_SGI0R:
	case SYSREG_ICC_ASGI1R:
	case SYSREG_ICC_SRE:
	case SYSREG_ICC_EOIR0:
	case SYSREG_ICC_BPR0:
	case SYSREG_ICC_AP0R0:
	case SYSREG_ICC_AP0R1:
	case SYSREG_ICC_AP0R2:
	case SYSREG_ICC_AP0R3:
	case SYSREG_ICC_IGRPEN0:
		return true;
	}
	return false;
}
