/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/cell-config.h>

#include "config/check.h"
#include "config/map.h"
#include "config/windows.h"

/* So that the end of a range can be computed. */
#define MAX_ADDRESS (UINT64_MAX >> 1)

void jh_map_add(struct jh_map *map, const struct jh_map_range *range)
{
	size_t room = map->room ? 2 * map->room : 64;
	struct jh_map_range *bigger;

	if (range->start > MAX_ADDRESS || map->no_memory)
		return;
	if (map->num_ranges == map->room) {
		bigger = realloc(map->range, room * sizeof(*bigger));
		if (!bigger) {
			map->no_memory = true;
			return;
		}
		map->range = bigger;
		map->room = room;
	}
	map->range[map->num_ranges] = *range;
	if (range->last > MAX_ADDRESS)
		map->range[map->num_ranges].last = MAX_ADDRESS;
	map->num_ranges++;
}

static int by_start(const void *left, const void *right)
{
	const struct jh_map_range *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->owner != b->owner)
		return a->owner < b->owner ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

static int by_last(const void *left, const void *right)
{
	const struct jh_map_range *const *a = left, *const *b = right;

	return (*a)->last < (*b)->last ? -1 : (*a)->last > (*b)->last;
}

/* Who has the present address */
struct sweep {
	uint32_t active[JH_NUM_OWNERS];
	uint32_t unshared[JH_NUM_OWNERS];
	uint64_t flags[JH_NUM_OWNERS];
	uint64_t owners;
};

static void enter(struct sweep *sweep, const struct jh_map_range *range)
{
	sweep->active[range->owner]++;
	sweep->unshared[range->owner] += !range->shared;
	sweep->flags[range->owner] = range->flags;
	sweep->owners |= 1ull << range->owner;
}

static void leave(struct sweep *sweep, const struct jh_map_range *range)
{
	sweep->unshared[range->owner] -= !range->shared;
	if (--sweep->active[range->owner] == 0)
		sweep->owners &= ~(1ull << range->owner);
}

static enum jh_map_kind classify(const struct jh_map *map, const struct sweep *sweep)
{
	const uint64_t special = 1ull << JH_OWNER_HYPERVISOR | 1ull << JH_OWNER_INTERCEPTED;
	uint64_t cells = sweep->owners & ~special & ~(uint64_t)map->has_root;
	uint64_t left;
	bool shared = true;

	if (sweep->owners & special) {
		if (sweep->owners & ~special)
			return JH_MAP_CONFLICT;
		return sweep->owners >> JH_OWNER_HYPERVISOR & 1 ? JH_MAP_HYPERVISOR
								: JH_MAP_INTERCEPTED;
	}
	for (left = cells; left; left &= left - 1)
		if (sweep->unshared[__builtin_ctzll(left)])
			shared = false;
	if (!cells)
		return JH_MAP_ROOT;
	if (shared)
		return JH_MAP_SHARED;
	return cells & (cells - 1) ? JH_MAP_CONFLICT : JH_MAP_CELL;
}

/* Appends a part, or makes the last one longer. */
static void emit(struct jh_map *map, const struct sweep *sweep, uint64_t start, uint64_t last)
{
	struct jh_map_part part = {.start = start, .last = last, .owners = sweep->owners};
	struct jh_map_part *before = map->num_parts ? &map->part[map->num_parts - 1] : NULL;

	part.kind = classify(map, sweep);
	part.flags = sweep->flags[63 - __builtin_clzll(sweep->owners)];
	if (before && !map->every_range && before->last + 1 == start && before->owners == part.owners &&
	    before->kind == part.kind && before->flags == part.flags)
		before->last = last;
	else
		map->part[map->num_parts++] = part;
}

static void sweep_ranges(struct jh_map *map, const struct jh_map_range *const *ends)
{
	struct sweep sweep = {.owners = 0};
	size_t begun = 0, ended = 0;
	uint64_t at = 0, next;

	while (ended < map->num_ranges) {
		next = ends[ended]->last + 1;
		if (begun < map->num_ranges && map->range[begun].start < next)
			next = map->range[begun].start;
		if (sweep.owners && next > at)
			emit(map, &sweep, at, next - 1);
		at = next;
		while (ended < map->num_ranges && ends[ended]->last + 1 == at)
			leave(&sweep, ends[ended++]);
		while (begun < map->num_ranges && map->range[begun].start == at)
			enter(&sweep, &map->range[begun++]);
	}
}

void jh_map_cut(struct jh_map *map)
{
	const struct jh_map_range **ends;
	size_t n;

	if (map->no_memory || map->num_ranges == 0)
		return;
	ends = calloc(map->num_ranges, sizeof(*ends));
	/* Each range begins and ends once, and there is at most one part between two such points. */
	map->part = calloc(2 * map->num_ranges, sizeof(*map->part));
	if (ends && map->part) {
		qsort(map->range, map->num_ranges, sizeof(*map->range), by_start);
		for (n = 0; n < map->num_ranges; n++)
			ends[n] = &map->range[n];
		qsort(ends, map->num_ranges, sizeof(*ends), by_last);
		sweep_ranges(map, ends);
	} else {
		map->no_memory = true;
	}
	free(ends);
}

void jh_map_free(struct jh_map *map)
{
	free(map->range);
	free(map->part);
	memset(map, 0, sizeof(*map));
}

/* ---- what there is ---- */

static void add_window(void *user, const struct jh_window *window)
{
	jh_map_add(user, &(struct jh_map_range){.start = window->base,
						.last = jh_last(window->base, window->size),
						.owner = JH_OWNER_INTERCEPTED});
}

void jh_map_memory(struct jh_map *map, const struct jailhouse_config *configs, size_t count)
{
	struct jailhouse_config_system system;
	struct jailhouse_config_memory memory;
	uint32_t c, n;

	map->has_root = configs[0].kind == JAILHOUSE_CONFIG_SYSTEM;
	if (jailhouse_config_get_system(&configs[0], &system) == 0 &&
	    system.hypervisor_memory.size > 0)
		jh_map_add(map, &(struct jh_map_range){
					.start = system.hypervisor_memory.phys_start,
					.last = jh_last(system.hypervisor_memory.phys_start,
							system.hypervisor_memory.size),
					.owner = JH_OWNER_HYPERVISOR});
	jh_for_each_window(&configs[0], add_window, map);
	for (c = 0; c < count; c++)
		for (n = 0; jailhouse_config_get_memory(&configs[c], n, &memory) == 0; n++)
			if (memory.size > 0 && !(memory.flags & JAILHOUSE_MEM_COMM_REGION))
				jh_map_add(map, &(struct jh_map_range){
							memory.phys_start,
							jh_last(memory.phys_start, memory.size),
							memory.flags, c, n,
							memory.flags & JAILHOUSE_MEM_ROOTSHARED});
	jh_map_cut(map);
}

void jh_map_ports(struct jh_map *map, const struct jailhouse_config *configs, size_t count)
{
	struct jailhouse_config_pio pio;
	uint32_t c, n;

	map->has_root = configs[0].kind == JAILHOUSE_CONFIG_SYSTEM;
	for (c = 0; c < count; c++)
		for (n = 0; jailhouse_config_get_pio(&configs[c], n, &pio) == 0; n++)
			if (pio.length > 0)
				jh_map_add(map, &(struct jh_map_range){
							.start = pio.base,
							.last = pio.base + pio.length - 1u,
							.owner = c,
							.index = n});
	jh_map_cut(map);
}

void jh_map_lines(struct jh_map *map, const struct jailhouse_config *configs, size_t count,
		  uint64_t address)
{
	struct jailhouse_config_irqchip chip;
	uint32_t c, n, bit;

	map->has_root = configs[0].kind == JAILHOUSE_CONFIG_SYSTEM;
	for (c = 0; c < count; c++)
		for (n = 0; jailhouse_config_get_irqchip(&configs[c], n, &chip) == 0; n++)
			for (bit = 0; bit < 128 && chip.address == address; bit++)
				if (chip.pin_bitmap[bit / 32] >> (bit % 32) & 1)
					jh_map_add(map, &(struct jh_map_range){
								.start = (uint64_t)chip.pin_base + bit,
								.last = (uint64_t)chip.pin_base + bit,
								.owner = c,
								.index = n});
	jh_map_cut(map);
}

void jh_map_cpus(struct jh_map *map, const struct jailhouse_config *configs, size_t count)
{
	int32_t cpu;
	uint32_t c;

	map->has_root = configs[0].kind == JAILHOUSE_CONFIG_SYSTEM;
	for (c = 0; c < count; c++)
		for (cpu = jailhouse_config_next_cpu(&configs[c], 0); cpu >= 0;
		     cpu = jailhouse_config_next_cpu(&configs[c], cpu + 1))
			jh_map_add(map, &(struct jh_map_range){.start = (uint64_t)cpu,
							       .last = (uint64_t)cpu,
							       .owner = c});
	jh_map_cut(map);
}

const char *jh_map_kind_name(enum jh_map_kind kind)
{
	static const char *const names[JH_MAP_NUM_KINDS] = {
		[JH_MAP_ROOT] = "root",
		[JH_MAP_CELL] = "cell",
		[JH_MAP_SHARED] = "shared",
		[JH_MAP_HYPERVISOR] = "hypervisor",
		[JH_MAP_INTERCEPTED] = "intercepted",
		[JH_MAP_CONFLICT] = "CONFLICT",
	};

	return names[kind];
}

struct jh_owner_name jh_owner_name(const struct jailhouse_config *configs, uint32_t owner)
{
	struct jailhouse_config_cell cell;
	struct jh_owner_name name;
	char *c;

	if (owner == JH_OWNER_HYPERVISOR || owner == JH_OWNER_INTERCEPTED) {
		snprintf(name.text, sizeof(name.text), "hypervisor");
		return name;
	}
	if (configs[owner].kind == JAILHOUSE_CONFIG_SYSTEM) {
		snprintf(name.text, sizeof(name.text), "root cell");
		return name;
	}
	jailhouse_config_get_cell(&configs[owner], &cell);
	snprintf(name.text, sizeof(name.text), "%.32s", cell.name);
	for (c = name.text; *c; c++)
		if (!isprint((unsigned char)*c))
			*c = '?';
	return name;
}
