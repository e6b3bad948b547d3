/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Rules 117 and 121 to 123: what regions look like in page tables. */
#include "config/check.h"

#define LARGE_PAGE (2u << 20)

/* Can the 2 MiB pages inside it be mapped as a whole? */
static bool fits_large_pages(const struct jailhouse_config_memory *memory)
{
	return ((memory->phys_start ^ memory->virt_start) & (LARGE_PAGE - 1)) == 0;
}

/*
 * Pages of the last two levels of tables: one for each 2 MiB that is not mapped as a whole, one for
 * each GiB that is not. An upper bound for one region, as neighbours may share a table.
 */
static uint64_t tables_of(const struct jailhouse_config_memory *memory)
{
	uint64_t last = jh_last(memory->virt_start, memory->size);
	uint64_t megs = (last >> 21) - (memory->virt_start >> 21) + 1;
	uint64_t gigs = (last >> 30) - (memory->virt_start >> 30) + 1;
	bool large = !(memory->flags & JAILHOUSE_MEM_NO_HUGEPAGES) && fits_large_pages(memory);

	if (jh_is_subpage(memory) && !jh_is_comm(memory))
		return 0;
	/* Only the ends are split then. */
	if (large && megs > 2)
		megs = 2;
	return megs + gigs;
}

JH_RULE(page_pool)
{
	/* Image with areas of four CPUs and tables of an idle system, in pages; see
	 * docs/benchmarks.md. */
	uint64_t have = check->system.hypervisor_memory.size / JH_PAGE_SIZE;
	uint64_t need = 160;
	struct jailhouse_config_memory memory;
	uint32_t c, n;

	if (!check->has_system)
		return;
	for (c = 0; c < check->count; c++)
		for (n = 0; jailhouse_config_get_memory(&check->config[c], n, &memory) == 0; n++)
			if (memory.size > 0 && memory.size <= JH_ADDRESS_LIMIT)
				need += tables_of(&memory);
	if (need > have)
		jh_find(check, rule, jh_place(0, JAILHOUSE_FINDING_NONE, JAILHOUSE_FINDING_NONE),
			jh_nowhere(),
			"page tables may need up to %llu pages, the hypervisor's memory has %llu",
			(unsigned long long)need, (unsigned long long)have);
}

static void find_subpage_mapped(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
				uint32_t index, const struct jailhouse_config_memory *memory)
{
	uint64_t last = jh_last(memory->phys_start, memory->size);
	struct jailhouse_config_memory whole;
	const struct jh_extent *extent;
	size_t n;

	if (jh_is_root(check, config) || !jh_is_subpage(memory) || jh_is_comm(memory) ||
	    memory->flags & JAILHOUSE_MEM_ROOTSHARED)
		return;
	for (n = 0; n < check->num_extents && check->extent[n].start <= last; n++) {
		extent = &check->extent[n];
		if (extent->config != 0 || extent->last < memory->phys_start)
			continue;
		jailhouse_config_get_memory(&check->config[0], extent->index, &whole);
		if (jh_is_subpage(&whole))
			continue;
		jh_find(check, rule, jh_region_place(config, index, memory), jh_place_of(extent),
			"%s: memory region %u (0x%llx-0x%llx) is a part of a page that region %u "
			"(0x%llx-0x%llx) maps for the root cell",
			jh_cell_name(check, config).text, index,
			(unsigned long long)memory->phys_start, (unsigned long long)last,
			extent->index, (unsigned long long)extent->start,
			(unsigned long long)extent->last);
	}
}

JH_RULE(subpage_mapped)
{
	if (check->has_system)
		jh_for_each_region(check, rule, find_subpage_mapped);
}

static void find_large_pages(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			     uint32_t index, const struct jailhouse_config_memory *memory)
{
	/* Half of a misaligned one would not hold a large page either. */
	if (memory->size < 2 * LARGE_PAGE || jh_is_comm(memory) || fits_large_pages(memory) ||
	    memory->flags & JAILHOUSE_MEM_NO_HUGEPAGES)
		return;
	jh_find(check, rule, jh_region_place(config, index, memory), jh_nowhere(),
		"%s: memory region %u (0x%llx, seen at 0x%llx) needs up to %llu pages of tables, "
		"as the addresses have different offsets in 2 MiB",
		jh_cell_name(check, config).text, index, (unsigned long long)memory->phys_start,
		(unsigned long long)memory->virt_start, (unsigned long long)tables_of(memory));
}

JH_RULE(large_pages)
{
	jh_for_each_region(check, rule, find_large_pages);
}

static void find_comm_write(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			    uint32_t index, const struct jailhouse_config_memory *memory)
{
	struct jailhouse_config_cell cell;

	jailhouse_config_get_cell(&check->config[config], &cell);
	if (jh_is_comm(memory) && memory->flags & JAILHOUSE_MEM_WRITE &&
	    cell.flags & JAILHOUSE_CELL_PASSIVE_COMMREG)
		jh_find(check, rule, jh_region_place(config, index, memory), jh_nowhere(),
			"%s: memory region %u, the communication region, can be written, though "
			"the cell is passive",
			jh_cell_name(check, config).text, index);
}

JH_RULE(comm_region_write)
{
	jh_for_each_region(check, rule, find_comm_write);
}
