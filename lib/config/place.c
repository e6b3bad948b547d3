/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Memory that gives its size only. It gets a place that the root cell has and Linux does not use:
 * regions of the root cell that the text marks as pool, and RAM of it that is reserved according to
 * /proc/iomem or the machine's device tree. docs/config-text.md says in which order.
 */
#include <libfdt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "config/sections.h"
#include "config/tree.h"

#define RAM           (JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE)
#define NOT_RAM       (JAILHOUSE_MEM_IO | JAILHOUSE_MEM_COMM_REGION)
#define LARGE_PAGE    0x200000ull
#define HUGE_PAGE     0x40000000ull
#define MAX_ADDRESS   ((1ull << 48) - 1)
#define MAX_FREE_TEXT 4

/* ---- what the text says ---- */

static bool read_alignment(struct jh_reading *r, int node, const void *data, int size,
			   uint64_t *ret_alignment)
{
	uint64_t alignment;

	if (!jh_tree_number(r, node, "alignment", data, size, &alignment))
		return false;
	if (alignment < JH_PAGE_SIZE || alignment & (alignment - 1)) {
		jh_tree_complain(r, node, "tree-value",
				 "alignment: 0x%" PRIx64 " is not a power of two of at least 4096",
				 alignment);
		return false;
	}
	*ret_alignment = alignment;
	return true;
}

bool jh_place_hypervisor_property(struct jh_reading *r, int node, const char *name,
				  const void *data, int size)
{
	uint64_t alignment;

	if (strcmp(name, "alignment") != 0)
		return false;
	read_alignment(r, node, data, size, &alignment);
	return true;
}

bool jh_place_property(struct jh_reading *r, int node, const char *name, const void *data, int size)
{
	static const char pool[] = "pool", identity[] = "identity";
	bool is_pool = strcmp(name, pool) == 0;

	if (!is_pool && strcmp(name, identity) != 0)
		return jh_place_hypervisor_property(r, node, name, data, size);
	if (size != 0)
		jh_tree_complain(r, node, "tree-value", "%s has no value",
				 is_pool ? pool : identity);
	if (is_pool && r->kind != JAILHOUSE_CONFIG_SYSTEM)
		jh_tree_complain(r, node, "tree-unknown",
				 "pool: only memory of the root cell can be given away");
	return true;
}

static bool has_property(const struct jh_reading *r, int node, const char *name)
{
	return fdt_getprop(r->fdt, node, name, NULL) != NULL;
}

static uint64_t alignment_of(struct jh_reading *r, int node)
{
	uint64_t alignment = 0;
	const void *data;
	int size;

	data = fdt_getprop(r->fdt, node, "alignment", &size);
	/* A wrong one was complained about. */
	if (data && (size == 4 || size == 8))
		jh_tree_number(r, node, "alignment", data, size, &alignment);
	return alignment;
}

void jh_place_wish(struct jh_reading *r, const struct jh_wish *wish)
{
	struct jh_wish *more = realloc(r->wish, (r->num_wishes + 1) * sizeof(*more));

	if (!more) {
		r->check.no_memory = true;
		return;
	}
	r->wish = more;
	r->wish[r->num_wishes++] = *wish;
	if ((wish->size & (JH_PAGE_SIZE - 1)) != 0 || wish->size > MAX_ADDRESS)
		jh_tree_complain(r, wish->node, "tree-value",
				 "size: 0x%" PRIx64 " bytes are not whole pages, so phys-start is "
				 "needed",
				 wish->size);
}

static void place_root_region(struct jh_reading *r, int node,
			      const struct jailhouse_config_memory *memory)
{
	bool is_ram = (memory->flags & RAM) == RAM && !(memory->flags & NOT_RAM);

	if (memory->size == 0)
		return;
	if (!has_property(r, node, "phys-start") && !(memory->flags & JAILHOUSE_MEM_COMM_REGION))
		jh_tree_complain(r, node, "tree-missing",
				 "phys-start is needed: the root cell's memory is where it is");
	if (has_property(r, node, "pool")) {
		if (!is_ram)
			jh_tree_complain(
				r, node, "tree-value",
				"pool: the flags are not those of RAM: \"read\", \"write\", "
				"\"execute\"");
		jh_ranges_add(&r->pool, memory->phys_start, memory->size);
	}
	if (is_ram)
		jh_ranges_add(&r->root_ram, memory->phys_start, memory->size);
}

void jh_place_region(struct jh_reading *r, int node, uint32_t index,
		     struct jailhouse_config_memory *memory)
{
	struct jh_wish wish = {
		.config = (uint32_t)r->tree->count,
		.index = index,
		.what = JH_WISH_REGION,
		.node = node,
		.size = memory->size,
		.identity = has_property(r, node, "identity"),
	};

	if (wish.identity)
		memory->virt_start = memory->phys_start;
	if (wish.identity && has_property(r, node, "virt-start"))
		jh_tree_complain(r, node, "tree-value",
				 "identity and virt-start exclude each other");
	if (r->kind == JAILHOUSE_CONFIG_SYSTEM) {
		place_root_region(r, node, memory);
		return;
	}
	if (memory->size == 0 || memory->flags & JAILHOUSE_MEM_COMM_REGION)
		return;
	if (has_property(r, node, "phys-start")) {
		jh_ranges_add(&r->taken, memory->phys_start, memory->size);
		return;
	}
	if (memory->flags & JAILHOUSE_MEM_IO)
		jh_tree_complain(r, node, "tree-missing",
				 "phys-start is needed: a device's registers are where they are");
	wish.alignment = alignment_of(r, node);
	if (!wish.alignment && memory->flags & JAILHOUSE_MEM_NO_HUGEPAGES)
		wish.alignment = JH_PAGE_SIZE;
	jh_place_wish(r, &wish);
}

void jh_place_hypervisor(struct jh_reading *r, int node,
			 const struct jailhouse_config_memory *memory)
{
	struct jh_wish wish = {
		.config = (uint32_t)r->tree->count,
		.what = JH_WISH_HYPERVISOR,
		.node = node,
		.size = memory->size,
	};

	if (node < 0 || memory->size == 0)
		return;
	if (has_property(r, node, "phys-start")) {
		jh_ranges_add(&r->taken, memory->phys_start, memory->size);
		return;
	}
	wish.alignment = alignment_of(r, node);
	jh_place_wish(r, &wish);
}

/* ---- what is reserved ---- */

/* "  3a000000-3f1fffff : Reserved": returns the blanks in front, -1: no such line. */
static int parse_iomem_line(const char *line, size_t length, struct jh_range *range,
			    bool *ret_reserved)
{
	char copy[80], *at, *end;
	int depth;

	if (length >= sizeof(copy))
		length = sizeof(copy) - 1;
	memcpy(copy, line, length);
	copy[length] = '\0';
	depth = (int)strspn(copy, " ");
	at = copy + depth;
	range->start = strtoull(at, &end, 16);
	if (end == at || *end != '-')
		return -1;
	at = end + 1;
	range->last = strtoull(at, &end, 16);
	if (end == at || strncmp(end, " : ", 3) != 0 || range->last < range->start)
		return -1;
	/* x86 and ARM spell it differently. */
	*ret_reserved = strcasecmp(end + 3, "reserved") == 0;
	return depth;
}

/* Without privileges all addresses are 0. */
static bool is_hidden(const struct jh_range *range)
{
	return range->start == 0 && range->last == 0;
}

/* Those of the first level; what lies inside them is in use. */
static void add_iomem(struct jh_reading *r, struct jh_ranges *reserved)
{
	const char *line = r->options->iomem;
	const char *end = line + r->options->iomem_size;
	struct jh_ranges all = {0}, used = {0};
	struct jh_range range;
	bool is_reserved, any = false;
	const char *next;
	int depth;

	for (; line < end; line = next + 1) {
		next = memchr(line, '\n', (size_t)(end - line));
		if (!next)
			next = end;
		depth = parse_iomem_line(line, (size_t)(next - line), &range, &is_reserved);
		if (depth < 0 || is_hidden(&range))
			continue;
		any = true;
		if (depth > 0 || !is_reserved)
			jh_ranges_add(&used, range.start, range.last - range.start + 1);
		else
			jh_ranges_add(&all, range.start, range.last - range.start + 1);
	}
	if (!any)
		jh_tree_complain(
			r, 0, "tree-place",
			"the given iomem has no addresses; /proc/iomem must be read as root");
	jh_ranges_sort(&all);
	jh_ranges_sort(&used);
	jh_ranges_select(reserved, &all, &used, false);
	jh_ranges_free(&all);
	jh_ranges_free(&used);
}

/* Memory that a device's driver uses is not free. */
static bool is_used_by_device(const void *fdt, int node)
{
	uint32_t phandle = fdt_get_phandle(fdt, node);
	const fdt32_t *list;
	int other, size, n;

	if (phandle == 0)
		return false;
	for (other = fdt_next_node(fdt, -1, NULL); other >= 0;
	     other = fdt_next_node(fdt, other, NULL)) {
		list = fdt_getprop(fdt, other, "memory-region", &size);
		for (n = 0; list && n < size / 4; n++)
			if (fdt32_to_cpu(list[n]) == phandle)
				return true;
	}
	return false;
}

static uint64_t read_cells(const fdt32_t *cell, int count)
{
	uint64_t value = 0;

	while (count-- > 0)
		value = value << 32 | fdt32_to_cpu(*cell++);
	return value;
}

/* Children of /reserved-memory that Linux keeps its hands off. */
static void add_reserved_memory(struct jh_reading *r, struct jh_ranges *reserved)
{
	const void *fdt = r->options->machine_dtb;
	int parent = fdt_path_offset(fdt, "/reserved-memory");
	int address_cells, size_cells, node, size, n;
	const fdt32_t *reg;

	if (parent < 0)
		return;
	address_cells = fdt_address_cells(fdt, parent);
	size_cells = fdt_size_cells(fdt, parent);
	if (address_cells < 1 || address_cells > 2 || size_cells < 1 || size_cells > 2)
		return;
	fdt_for_each_subnode(node, fdt, parent)
	{
		reg = fdt_getprop(fdt, node, "reg", &size);
		if (!reg || !fdt_getprop(fdt, node, "no-map", NULL) || is_used_by_device(fdt, node))
			continue;
		for (n = size / 4 / (address_cells + size_cells); n > 0; n--) {
			jh_ranges_add(reserved, read_cells(reg, address_cells),
				      read_cells(reg + address_cells, size_cells));
			reg += address_cells + size_cells;
		}
	}
}

/* Whole pages, below the limit of all page tables. */
static void trim(struct jh_ranges *ranges)
{
	struct jh_range range;
	size_t n, kept = 0;

	for (n = 0; n < ranges->count; n++) {
		range = ranges->range[n];
		range.start = (range.start + JH_PAGE_SIZE - 1) & ~(uint64_t)(JH_PAGE_SIZE - 1);
		if (range.last > MAX_ADDRESS)
			range.last = MAX_ADDRESS;
		range.last = ((range.last + 1) & ~(uint64_t)(JH_PAGE_SIZE - 1)) - 1;
		/* Page 0 stands for "nowhere" in too many places. */
		if (range.start == 0)
			range.start = JH_PAGE_SIZE;
		if (range.last != UINT64_MAX && range.start < range.last)
			ranges->range[kept++] = range;
	}
	ranges->count = kept;
}

static void find_free(struct jh_reading *r, struct jh_ranges *ret_free)
{
	struct jh_ranges reserved = {0}, offered = {0};
	size_t n;

	if (r->options->iomem)
		add_iomem(r, &reserved);
	if (r->options->machine_dtb)
		add_reserved_memory(r, &reserved);
	jh_ranges_sort(&reserved);
	jh_ranges_sort(&r->root_ram);
	jh_ranges_select(&offered, &reserved, &r->root_ram, true);
	for (n = 0; n < r->pool.count; n++)
		jh_ranges_add(&offered, r->pool.range[n].start,
			      r->pool.range[n].last - r->pool.range[n].start + 1);
	jh_ranges_sort(&offered);
	jh_ranges_sort(&r->taken);
	jh_ranges_select(ret_free, &offered, &r->taken, false);
	trim(ret_free);
	r->check.no_memory |= reserved.no_memory || offered.no_memory || ret_free->no_memory;
	jh_ranges_free(&reserved);
	jh_ranges_free(&offered);
}

/* ---- the search ---- */

/* Mapped by pages as large as possible. */
static uint64_t natural_alignment(uint64_t size)
{
	return size >= HUGE_PAGE ? HUGE_PAGE : size >= LARGE_PAGE ? LARGE_PAGE : JH_PAGE_SIZE;
}

static uint64_t first_alignment(const struct jh_wish *wish)
{
	return wish->alignment ? wish->alignment : natural_alignment(wish->size);
}

/* What is hard to place comes first; else the order of the text. */
static int by_difficulty(const void *left, const void *right)
{
	const struct jh_wish *a = left, *b = right;

	if (first_alignment(a) != first_alignment(b))
		return first_alignment(a) > first_alignment(b) ? -1 : 1;
	if (a->size != b->size)
		return a->size > b->size ? -1 : 1;
	return a->node < b->node ? -1 : a->node > b->node;
}

static bool find_place(struct jh_wish *wish, struct jh_ranges *free_ranges)
{
	uint64_t alignment = first_alignment(wish);

	for (;;) {
		if (jh_ranges_take(free_ranges, wish->size, alignment, &wish->start))
			return true;
		if (wish->alignment || alignment == JH_PAGE_SIZE)
			return false;
		alignment = natural_alignment(alignment - 1);
	}
}

/* "0x70000000-0x7fbfffff, 0x80000000-0x800fffff and 3 more" */
static void describe(const struct jh_ranges *ranges, char *text, size_t size)
{
	size_t n, length = 0;

	snprintf(text, size, "nothing");
	for (n = 0; n < ranges->count && n < MAX_FREE_TEXT; n++)
		length += (size_t)snprintf(text + length, size - length,
					   "%s0x%" PRIx64 "-0x%" PRIx64, n ? ", " : "",
					   ranges->range[n].start, ranges->range[n].last);
	if (n < ranges->count)
		snprintf(text + length, size - length, " and %zu more", ranges->count - n);
}

static void complain(struct jh_reading *r, const struct jh_wish *wish, const struct jh_ranges *left,
		     bool any)
{
	char text[MAX_FREE_TEXT * 40 + 40], aligned[40] = "";

	if (!any) {
		jh_tree_complain(r, wish->node, "tree-place",
				 "0x%" PRIx64
				 " bytes have no phys-start, and no memory is reserved: "
				 "give --iomem or --dtb, or mark a region of the system as pool",
				 wish->size);
		return;
	}
	describe(left, text, sizeof(text));
	if (wish->alignment)
		snprintf(aligned, sizeof(aligned), ", aligned to 0x%" PRIx64 ",", wish->alignment);
	jh_tree_complain(r, wish->node, "tree-place",
			 "0x%" PRIx64 " bytes%s do not fit; free is %s", wish->size, aligned, text);
}

static void write_place(struct jh_reading *r, const struct jh_wish *wish)
{
	struct jh_tree_config *config = &r->tree->config[wish->config];
	struct jailhouse_config_system system;
	struct jailhouse_config_memory memory;
	const char *what = fdt_get_name(r->fdt, wish->node, NULL);

	switch (wish->what) {
	case JH_WISH_REGION:
		if (!jh_tree_get(config, JAILHOUSE_SECTION_MEMORY, wish->index, &memory))
			return;
		memory.phys_start = wish->start;
		if (wish->identity)
			memory.virt_start = wish->start;
		jh_tree_set(r, config, JAILHOUSE_SECTION_MEMORY, wish->index, &memory);
		break;
	case JH_WISH_HYPERVISOR:
		jh_tree_get_system(config, &system);
		system.hypervisor_memory.phys_start = wish->start;
		jailhouse_builder_set_system(config->builder, &system);
		jh_root_cut(r, wish->start, wish->start + (wish->size - 1));
		break;
	default:
		*jh_link_start(r, wish->index) = wish->start;
		return;
	}
	jh_text_add(&r->tree->map, "memory 0x%" PRIx64 " 0x%" PRIx64 " %s %s\n", wish->start,
		    wish->size, config->name, what);
}

void jh_place_all(struct jh_reading *r)
{
	struct jh_ranges left = {0};
	bool any;
	size_t n;

	if (r->num_wishes == 0)
		return;
	find_free(r, &left);
	any = left.count > 0;
	if (r->num_wishes > 1)
		qsort(r->wish, r->num_wishes, sizeof(*r->wish), by_difficulty);
	for (n = 0; n < r->num_wishes; n++)
		if (!find_place(&r->wish[n], &left))
			complain(r, &r->wish[n], &left, any);
	r->check.no_memory |= left.no_memory;
	jh_ranges_free(&left);
	if (r->check.no_memory ||
	    jailhouse_report_get_number_of(r->check.report, JAILHOUSE_SEVERITY_ERROR) > 0)
		return;
	for (n = 0; n < r->num_wishes; n++)
		write_place(r, &r->wish[n]);
}
