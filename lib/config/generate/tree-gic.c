/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Interrupt controllers of a device tree. */
#include <string.h>

#include "config/generate/tree.h"

#define GICR_FRAMES 0x20000ull
#define NUM_LINES   1020 /* ids behind that are special */
#define MAINTENANCE 25   /* where ARM says that it be */

static const char *const gic_v2[] = {"arm,gic-400",       "arm,cortex-a15-gic", "arm,cortex-a7-gic",
				     "arm,cortex-a9-gic", "arm,eb11mp-gic",     NULL};
static const char *const gic_v3[] = {"arm,gic-v3", NULL};

bool jh_tree_is_gic(const struct jh_dt *dt)
{
	return jh_dt_compatible(dt, gic_v2) || jh_dt_compatible(dt, gic_v3);
}

static int take_window(struct jailhouse_machine *machine, const struct jh_dt *dt, uint32_t index,
		       const char *what, uint64_t *ret_base, uint64_t *ret_size)
{
	struct jh_dt_range range;
	int found = jh_dt_reg(dt, index, &range);

	if (found < 0)
		return found;
	if (found == 0)
		return jh_dt_malformed(dt, "there are no addresses of the %s", what);
	if (range.start % JH_PAGE)
		return jh_dt_malformed(dt, "the %s at 0x%llx does not start a page", what,
				       (unsigned long long)range.start);
	*ret_base = range.start;
	*ret_size = range.size;
	jh_regions_add(&machine->forbidden, range.start,
		       (range.start + range.size - 1) | (JH_PAGE - 1), 0);
	return 0;
}

static int read_v2(struct jailhouse_machine *machine, const struct jh_dt *dt)
{
	struct jh_gic *gic = &machine->gic;
	uint64_t size;
	int err = take_window(machine, dt, 0, "distributor", &gic->gicd, &size);

	if (!err)
		err = take_window(machine, dt, 1, "CPU interface", &gic->gicc, &size);
	if (!err)
		err = take_window(machine, dt, 2, "hypervisor interface", &gic->gich, &size);
	if (!err)
		err = take_window(machine, dt, 3, "virtual CPU interface", &gic->gicv, &size);
	return err;
}

static int read_v3(struct jailhouse_machine *machine, const struct jh_dt *dt)
{
	struct jh_gic *gic = &machine->gic;
	uint32_t regions = jh_dt_cell(dt, "#redistributor-regions", 1);
	uint64_t size;
	int err = take_window(machine, dt, 0, "distributor", &gic->gicd, &size);

	if (!err)
		err = take_window(machine, dt, 1, "redistributors", &gic->gicr, &gic->gicr_size);
	if (err)
		return err;
	if (regions > 1 && gic->gicr_size < machine->num_cpus * GICR_FRAMES)
		return jh_error_set(dt->error, JAILHOUSE_ERR_NOT_SUPPORTED, 0,
				    JH_DT_NAME ": the GIC's redistributors lie in %u places; a "
					       "configuration can name one",
				    regions);
	return 0;
}

static void read_maintenance(struct jh_gic *gic, const struct jh_dt *dt)
{
	const fdt32_t *cells;
	uint32_t count = jh_dt_cells(dt, "interrupts", &cells);

	gic->maintenance = MAINTENANCE;
	if (count >= 3 && fdt32_to_cpu(cells[0]) == 1 && fdt32_to_cpu(cells[1]) < 16)
		gic->maintenance = 16 + fdt32_to_cpu(cells[1]);
}

int jh_tree_gic(struct jailhouse_machine *machine, const struct jh_dt *dt)
{
	struct jh_gic *gic = &machine->gic;

	if (gic->version)
		return jh_error_set(dt->error, JAILHOUSE_ERR_NOT_SUPPORTED, 0,
				    JH_DT_NAME ": there are two GICs");
	read_maintenance(gic, dt);
	gic->version = jh_dt_compatible(dt, gic_v3) ? 3 : 2;
	/* More than there may be, as the tree does not tell. What does not exist does no harm. */
	gic->num_lines = NUM_LINES;
	return gic->version == 3 ? read_v3(machine, dt) : read_v2(machine, dt);
}
