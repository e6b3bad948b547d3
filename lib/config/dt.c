/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "config/fdt-check.h"
#include "config/dt.h"

#define MAX_RANGES 1024

static void stand_in_front(struct jh_dt *dt, const void *fdt, struct jailhouse_error *error)
{
	memset(dt, 0, sizeof(*dt));
	dt->fdt = fdt;
	dt->node = -1;
	dt->depth = -1;
	dt->error = error;
}

int jh_dt_start(struct jh_dt *dt, const void *fdt, size_t size, struct jailhouse_error *error)
{
	const char *problem = jh_fdt_problem(fdt, size);

	if (problem)
		return jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0, JH_DT_NAME ": %s", problem);
	stand_in_front(dt, fdt, error);
	return 0;
}

int jh_dt_malformed(const struct jh_dt *dt, const char *format, ...)
{
	char path[160], text[128];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (dt->node < 0 || fdt_get_path(dt->fdt, dt->node, path, sizeof(path)) != 0)
		snprintf(path, sizeof(path), "offset %d", dt->node);
	return jh_error_set(dt->error, JAILHOUSE_ERR_CONFIG, 0, JH_DT_NAME ": %s: %s", path, text);
}

uint32_t jh_fdt_cells(const void *fdt, int node, const char *name, const fdt32_t **ret_cells)
{
	int length = 0;
	const void *data = fdt_getprop(fdt, node, name, &length);

	if (!data || length < 0 || length % 4)
		return 0;
	*ret_cells = data;
	return (uint32_t)length / 4;
}

uint32_t jh_dt_cell(const struct jh_dt *dt, const char *name, uint32_t otherwise)
{
	const fdt32_t *cells;

	return jh_dt_cells(dt, name, &cells) ? fdt32_to_cpu(*cells) : otherwise;
}

/* A node without a status is enabled. */
static bool has_good_status(const struct jh_dt *dt)
{
	int length;
	const char *status = fdt_getprop(dt->fdt, dt->node, "status", &length);

	return !status ||
	       (length > 0 && (strcmp(status, "okay") == 0 || strcmp(status, "ok") == 0));
}

static int enter(struct jh_dt *dt)
{
	const struct jh_dt_level *parent = jh_dt_parent(dt);
	struct jh_dt_level *level = &dt->level[dt->depth];
	int length;

	if (dt->depth >= JH_DT_DEPTH)
		return jh_dt_malformed(dt, "nested too deeply");
	level->node = dt->node;
	level->address_cells = jh_dt_cell(dt, "#address-cells", 2);
	level->size_cells = jh_dt_cell(dt, "#size-cells", 1);
	level->interrupt_parent =
		jh_dt_cell(dt, "interrupt-parent", parent ? parent->interrupt_parent : 0);
	level->enabled = has_good_status(dt) && (!parent || parent->enabled);
	level->mapped =
		!parent || (parent->mapped && fdt_getprop(dt->fdt, dt->node, "ranges", &length));
	if (level->address_cells > 4 || level->size_cells > 4)
		return jh_dt_malformed(dt, "addresses of %u and sizes of %u cells",
				       level->address_cells, level->size_cells);
	return 1;
}

int jh_dt_next(struct jh_dt *dt)
{
	int next = fdt_next_node(dt->fdt, dt->node, &dt->depth);

	if (next == -FDT_ERR_NOTFOUND || (next >= 0 && dt->depth < 0))
		return 0;
	if (next < 0)
		return jh_error_set(dt->error, JAILHOUSE_ERR_CONFIG, 0,
				    JH_DT_NAME ": offset %d: %s", dt->node, fdt_strerror(next));
	dt->node = next;
	return enter(dt);
}

int jh_dt_at(struct jh_dt *dt, const void *fdt, int node, struct jailhouse_error *error)
{
	int depth = fdt_node_depth(fdt, node), entered = 1;

	stand_in_front(dt, fdt, error);
	while (entered > 0 && dt->depth < depth) {
		dt->depth++;
		dt->node = fdt_supernode_atdepth_offset(fdt, node, dt->depth, NULL);
		entered = enter(dt);
	}
	return entered < 0 ? entered : 0;
}

bool jh_dt_enabled(const struct jh_dt *dt)
{
	return dt->level[dt->depth].enabled;
}

bool jh_dt_compatible(const struct jh_dt *dt, const char *const *names)
{
	for (; *names; names++)
		if (fdt_node_check_compatible(dt->fdt, dt->node, *names) == 0)
			return true;
	return false;
}

bool jh_dt_number(const fdt32_t *cells, uint32_t count, uint64_t *ret_number)
{
	uint64_t number = 0;
	uint32_t n;

	for (n = 0; n < count; n++) {
		if (number >> 32)
			return false;
		number = number << 32 | fdt32_to_cpu(cells[n]);
	}
	*ret_number = number;
	return true;
}

/* One step up, through the ranges of the level. */
static int translate_step(const struct jh_dt *dt, int depth, struct jh_dt_range *range)
{
	const struct jh_dt_level *level = &dt->level[depth], *above = level - 1;
	uint32_t n, count, entry = level->address_cells + above->address_cells + level->size_cells;
	uint64_t child, parent, size;
	const fdt32_t *cells;
	int length;

	cells = fdt_getprop(dt->fdt, level->node, "ranges", &length);
	if (!cells)
		return 0;
	if (length == 0)
		return 1;
	count = (uint32_t)length / 4 / (entry ? entry : 1);
	if (length % 4 || !entry || (uint32_t)length / 4 % entry || count > MAX_RANGES)
		return jh_dt_malformed(dt, "a bus above it has ranges of %d bytes", length);
	for (n = 0; n < count; n++, cells += entry) {
		if (!jh_dt_number(cells, level->address_cells, &child) ||
		    !jh_dt_number(cells + level->address_cells, above->address_cells, &parent) ||
		    !jh_dt_number(cells + level->address_cells + above->address_cells,
				  level->size_cells, &size))
			continue;
		if (range->start < child || range->start - child >= size ||
		    range->size > size - (range->start - child))
			continue;
		range->start = parent + (range->start - child);
		return 1;
	}
	return 0;
}

int jh_dt_translate(const struct jh_dt *dt, int depth, struct jh_dt_range *range)
{
	int found = 1;

	if (depth >= 0 && !dt->level[depth].mapped)
		return 0;
	for (; found > 0 && depth > 0; depth--)
		found = translate_step(dt, depth, range);
	if (found > 0 && (range->size == 0 || range->start > UINT64_MAX - range->size ||
			  (range->start + range->size - 1) >> 52))
		return 0;
	return found;
}

static uint32_t cells_of_reg(const struct jh_dt *dt)
{
	const struct jh_dt_level *parent = jh_dt_parent(dt);

	return parent ? parent->address_cells + parent->size_cells : 0;
}

uint32_t jh_dt_num_regs(const struct jh_dt *dt)
{
	uint32_t entry = cells_of_reg(dt);
	const fdt32_t *cells;

	return entry ? (jh_dt_cells(dt, "reg", &cells) + entry - 1) / entry : 0;
}

int jh_dt_reg(const struct jh_dt *dt, uint32_t index, struct jh_dt_range *ret_range)
{
	const struct jh_dt_level *parent = jh_dt_parent(dt);
	struct jh_dt_range range;
	const fdt32_t *cells;
	uint32_t entry = cells_of_reg(dt), count;
	int found;

	if (!parent)
		return 0;
	count = jh_dt_cells(dt, "reg", &cells);
	if (count == 0)
		return 0;
	if (entry == 0 || count % entry)
		return jh_dt_malformed(dt, "reg has %u cells, which are no entries of %u", count,
				       entry);
	if (index >= count / entry)
		return 0;
	cells += index * entry;
	if (!jh_dt_number(cells, parent->address_cells, &range.start) ||
	    !jh_dt_number(cells + parent->address_cells, parent->size_cells, &range.size))
		return 0;
	found = jh_dt_translate(dt, dt->depth - 1, &range);
	if (found > 0)
		*ret_range = range;
	return found;
}
