/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Rules 1xx: memory regions. What the hypervisor refuses itself is refused here in the same way. */
#include <stdlib.h>
#include <string.h>

#include "config/check.h"
#include "config/windows.h"

#define FLAGS_KNOWN                                                                             \
	(JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE | JAILHOUSE_MEM_DMA | \
	 JAILHOUSE_MEM_IO | JAILHOUSE_MEM_COMM_REGION | JAILHOUSE_MEM_LOADABLE |                \
	 JAILHOUSE_MEM_ROOTSHARED | JAILHOUSE_MEM_NO_HUGEPAGES | JAILHOUSE_MEM_IO_UNALIGNED |   \
	 WIDTHS | JAILHOUSE_MEM_NO_SCRUB)
#define WIDTHS                                                                      \
	(uint64_t)(JAILHOUSE_MEM_IO_8 | JAILHOUSE_MEM_IO_16 | JAILHOUSE_MEM_IO_32 | \
		   JAILHOUSE_MEM_IO_64)

void jh_for_each_region(struct jh_check *check, const struct jh_rule *rule,
			void (*region)(struct jh_check *check, const struct jh_rule *rule,
				       uint32_t config, uint32_t index,
				       const struct jailhouse_config_memory *memory))
{
	struct jailhouse_config_memory memory;
	uint32_t c, n;

	for (c = 0; c < check->count; c++)
		for (n = 0; jailhouse_config_get_memory(&check->config[c], n, &memory) == 0; n++)
			if (memory.size > 0)
				region(check, rule, c, n, &memory);
}

struct jailhouse_place jh_region_place(uint32_t config, uint32_t index,
				       const struct jailhouse_config_memory *memory)
{
	return jh_place_range(config, JAILHOUSE_SECTION_MEMORY, index, memory->phys_start,
			      jh_last(memory->phys_start, memory->size));
}

static void find_overflow(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			  uint32_t index, const struct jailhouse_config_memory *memory)
{
	if (memory->size <= JH_ADDRESS_LIMIT && memory->virt_start <= JH_ADDRESS_LIMIT - memory->size &&
	    (jh_is_comm(memory) || memory->phys_start <= JH_ADDRESS_LIMIT - memory->size))
		return;
	jh_find(check, rule, jh_region_place(config, index, memory), jh_nowhere(),
		"%s: memory region %u (0x%llx, seen at 0x%llx) of 0x%llx bytes ends behind the "
		"48th bit of address",
		jh_cell_name(check, config).text, index, (unsigned long long)memory->phys_start,
		(unsigned long long)memory->virt_start, (unsigned long long)memory->size);
}

JH_RULE(overflow)
{
	jh_for_each_region(check, rule, find_overflow);
}

static void find_page_offset(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			     uint32_t index, const struct jailhouse_config_memory *memory)
{
	if (jh_is_comm(memory) ||
	    ((memory->phys_start ^ memory->virt_start) & (JH_PAGE_SIZE - 1)) == 0)
		return;
	jh_find(check, rule, jh_region_place(config, index, memory), jh_nowhere(),
		"%s: memory region %u starts at 0x%llx, but is seen at 0x%llx, elsewhere in the "
		"page",
		jh_cell_name(check, config).text, index, (unsigned long long)memory->phys_start,
		(unsigned long long)memory->virt_start);
}

JH_RULE(page_offset)
{
	jh_for_each_region(check, rule, find_page_offset);
}

static void report_pair(struct jh_check *check, const struct jh_rule *rule,
			const struct jh_extent *a, const struct jh_extent *b, const char *what)
{
	const struct jh_extent *first = a, *second = b;

	/* By the order of the configurations, not of addresses. */
	if (b->config < a->config || (b->config == a->config && b->index < a->index)) {
		first = b;
		second = a;
	}
	jh_find(check, rule, jh_place_of(first), jh_place_of(second),
		"%s: memory region %u (0x%llx-0x%llx) %s memory region %u (0x%llx-0x%llx)%s%s",
		jh_cell_name(check, first->config).text, first->index,
		(unsigned long long)first->start, (unsigned long long)first->last, what,
		second->index, (unsigned long long)second->start, (unsigned long long)second->last,
		first->config != second->config ? " of " : "",
		first->config != second->config ? jh_cell_name(check, second->config).text : "");
}

static void pair_physical(struct jh_check *check, const struct jh_rule *rule,
			  const struct jh_extent *a, const struct jh_extent *b)
{
	if (a->config == b->config)
		report_pair(check, rule, a, b, "has the same memory as");
}

JH_RULE(overlap_physical)
{
	jh_for_each_overlap(check, rule, check->extent, check->num_extents, pair_physical);
}

static void pair_virtual(struct jh_check *check, const struct jh_rule *rule,
			 const struct jh_extent *a, const struct jh_extent *b)
{
	report_pair(check, rule, a, b, "is seen at the addresses of");
}

JH_RULE(overlap_virtual)
{
	struct jailhouse_config_memory memory;
	struct jh_extent *extent;
	size_t count;
	uint32_t c, n;

	/* The root cell's are the physical ones. */
	for (c = jh_first_cell(check); c < check->count; c++) {
		extent = calloc(check->config[c].count[JAILHOUSE_SECTION_MEMORY] + 1u,
				sizeof(*extent));
		if (!extent) {
			check->no_memory = true;
			return;
		}
		count = 0;
		for (n = 0; jailhouse_config_get_memory(&check->config[c], n, &memory) == 0; n++)
			if (memory.size > 0)
				extent[count++] = (struct jh_extent){
					memory.virt_start, jh_last(memory.virt_start, memory.size),
					memory.flags, c, n};
		jh_sort_extents(extent, count);
		jh_for_each_overlap(check, rule, extent, count, pair_virtual);
		free(extent);
	}
}

/* Whole pages of the root cell are mapped but for what the hypervisor keeps. */
static bool is_carved(const struct jh_check *check, uint32_t config,
		      const struct jailhouse_config_memory *memory)
{
	return jh_is_root(check, config) && !jh_is_subpage(memory);
}

/*
 * Finds regions that reach into a window, those from which it is carved or the others; whole pages
 * count, as those are mapped.
 */
static void find_in_window(struct jh_check *check, const struct jh_rule *rule, bool carved,
			   uint64_t base, uint64_t size, const char *what)
{
	struct jailhouse_config_memory memory;
	const struct jh_extent *extent;
	uint64_t start, last, end;
	size_t n;

	if (size == 0)
		return;
	end = jh_last(base, size);
	for (n = 0; n < check->num_extents && check->extent[n].start <= end; n++) {
		extent = &check->extent[n];
		start = extent->start;
		last = extent->last;
		jailhouse_config_get_memory(&check->config[extent->config], extent->index, &memory);
		if (!jh_is_subpage(&memory)) {
			start &= ~(uint64_t)(JH_PAGE_SIZE - 1);
			last |= JH_PAGE_SIZE - 1;
		}
		if (last < base || start > end ||
		    is_carved(check, extent->config, &memory) != carved)
			continue;
		jh_find(check, rule, jh_place_of(extent),
			jh_place_range(0, JAILHOUSE_FINDING_NONE, JAILHOUSE_FINDING_NONE, base,
				       end),
			"%s: memory region %u (0x%llx-0x%llx) reaches into %s (0x%llx-0x%llx)",
			jh_cell_name(check, extent->config).text, extent->index,
			(unsigned long long)extent->start, (unsigned long long)extent->last, what,
			(unsigned long long)base, (unsigned long long)end);
	}
}

static void find_in_hypervisor(struct jh_check *check, const struct jh_rule *rule, bool carved)
{
	find_in_window(check, rule, carved, check->system.hypervisor_memory.phys_start,
		       check->system.hypervisor_memory.size, "the hypervisor's memory");
}

JH_RULE(hypervisor_memory)
{
	find_in_hypervisor(check, rule, false);
}

JH_RULE(hypervisor_memory_form)
{
	const struct jailhouse_config_memory *hv = &check->system.hypervisor_memory;

	if (!check->has_system ||
	    (hv->size > 0 && ((hv->phys_start | hv->size) & (JH_PAGE_SIZE - 1)) == 0 &&
	     hv->phys_start + hv->size > hv->phys_start))
		return;
	jh_find(check, rule,
		jh_place_range(0, JAILHOUSE_FINDING_NONE, JAILHOUSE_FINDING_NONE, hv->phys_start,
			       hv->size ? jh_last(hv->phys_start, hv->size) : 0),
		jh_nowhere(),
		"the hypervisor's memory (0x%llx, 0x%llx bytes) is not some whole pages",
		(unsigned long long)hv->phys_start, (unsigned long long)hv->size);
}

struct window_user {
	struct jh_check *check;
	const struct jh_rule *rule;
	enum jh_window_kind kind;
};

static void look_at_window(void *user, const struct jh_window *window)
{
	const struct window_user *mine = user;

	if (window->kind == mine->kind)
		find_in_window(mine->check, mine->rule, false, window->base, window->size,
			       window->what);
}

static void find_in_windows(struct jh_check *check, const struct jh_rule *rule,
			    enum jh_window_kind kind)
{
	struct window_user user = {check, rule, kind};

	jh_for_each_window(&check->config[0], look_at_window, &user);
}

JH_RULE(mmconfig)
{
	find_in_windows(check, rule, JH_WINDOW_MMCONFIG);
}

JH_RULE(iommu_window)
{
	find_in_windows(check, rule, JH_WINDOW_IOMMU);
}

JH_RULE(interrupt_controller)
{
	find_in_windows(check, rule, JH_WINDOW_IRQCHIP);
}

static void look_at_any_window(void *user, const struct jh_window *window)
{
	const struct window_user *mine = user;

	find_in_window(mine->check, mine->rule, true, window->base, window->size, window->what);
}

JH_RULE(carved_from_root)
{
	struct window_user user = {.check = check, .rule = rule};

	if (!check->has_system)
		return;
	find_in_hypervisor(check, rule, true);
	jh_for_each_window(&check->config[0], look_at_any_window, &user);
}

static void find_root_identity(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			       uint32_t index, const struct jailhouse_config_memory *memory)
{
	if (!jh_is_root(check, config) || jh_is_comm(memory) || memory->phys_start == memory->virt_start)
		return;
	jh_find(check, rule, jh_region_place(config, index, memory), jh_nowhere(),
		"root cell: memory region %u starts at 0x%llx, but is seen at 0x%llx", index,
		(unsigned long long)memory->phys_start, (unsigned long long)memory->virt_start);
}

JH_RULE(root_identity)
{
	jh_for_each_region(check, rule, find_root_identity);
}

JH_RULE(not_in_root)
{
	uint64_t covered = 0; /* first address that no root region up to here reaches */
	const struct jh_extent *extent, *later;
	uint64_t end;
	size_t n, m;

	if (!check->has_system)
		return;
	/* By start: those of the root cell in front of a cell's region are known when it is
	 * reached. */
	for (n = 0; n < check->num_extents; n++) {
		extent = &check->extent[n];
		if (extent->config == 0) {
			if (extent->last == UINT64_MAX)
				return;
			if (extent->last + 1 > covered)
				covered = extent->last + 1;
			continue;
		}
		/* Those that start inside it come later. */
		end = covered > extent->start ? covered : extent->start;
		for (m = n + 1; end <= extent->last && m < check->num_extents; m++) {
			later = &check->extent[m];
			if (later->start > end)
				break;
			if (later->config == 0 && later->last >= end)
				end = later->last + 1;
		}
		if (end > extent->last)
			continue;
		jh_find(check, rule, jh_place_of(extent), jh_nowhere(),
			"%s: memory region %u (0x%llx-0x%llx) is not part of the root cell from "
			"0x%llx on",
			jh_cell_name(check, extent->config).text, extent->index,
			(unsigned long long)extent->start, (unsigned long long)extent->last,
			(unsigned long long)end);
	}
}

static void pair_foreign(struct jh_check *check, const struct jh_rule *rule,
			 const struct jh_extent *a, const struct jh_extent *b)
{
	uint32_t first = jh_first_cell(check);

	if (a->config != b->config && a->config >= first && b->config >= first &&
	    !(a->flags & b->flags & JAILHOUSE_MEM_ROOTSHARED))
		report_pair(check, rule, a, b, "has the same memory as");
}

JH_RULE(foreign_memory)
{
	jh_for_each_overlap(check, rule, check->extent, check->num_extents, pair_foreign);
}

static void find_comm_region(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			     uint32_t index, const struct jailhouse_config_memory *memory)
{
	const char *what = NULL;

	if (!jh_is_comm(memory))
		return;
	if (jh_is_root(check, config))
		what = "the root cell has none";
	else if (memory->size != JH_PAGE_SIZE)
		what = "it must have 0x1000 bytes";
	else if (memory->virt_start & (JH_PAGE_SIZE - 1))
		what = "it must start with a page";
	if (what)
		jh_find(check, rule, jh_region_place(config, index, memory), jh_nowhere(),
			"%s: memory region %u (seen at 0x%llx, 0x%llx bytes) can't be the "
			"communication region: %s",
			jh_cell_name(check, config).text, index,
			(unsigned long long)memory->virt_start, (unsigned long long)memory->size,
			what);
}

JH_RULE(comm_region)
{
	jh_for_each_region(check, rule, find_comm_region);
}

JH_RULE(comm_region_count)
{
	struct jailhouse_config_memory memory;
	uint32_t c, n, count;

	for (c = jh_first_cell(check); c < check->count; c++) {
		count = 0;
		for (n = 0; jailhouse_config_get_memory(&check->config[c], n, &memory) == 0; n++)
			if (memory.size > 0 && jh_is_comm(&memory) && count++ > 0)
				jh_find(check, rule, jh_region_place(c, n, &memory), jh_nowhere(),
					"%s: memory region %u is another communication region",
					jh_cell_name(check, c).text, n);
	}
}

static void find_memory_flags(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			      uint32_t index, const struct jailhouse_config_memory *memory)
{
	uint64_t unknown = memory->flags & ~FLAGS_KNOWN;

	if (unknown)
		jh_find(check, rule, jh_region_place(config, index, memory), jh_nowhere(),
			"%s: memory region %u has unknown flags: 0x%llx",
			jh_cell_name(check, config).text, index, (unsigned long long)unknown);
}

JH_RULE(memory_flags)
{
	jh_for_each_region(check, rule, find_memory_flags);
}

static void find_subpage_width(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			       uint32_t index, const struct jailhouse_config_memory *memory)
{
	if (!jh_is_subpage(memory) || jh_is_comm(memory) || memory->flags & WIDTHS)
		return;
	jh_find(check, rule, jh_region_place(config, index, memory), jh_nowhere(),
		"%s: memory region %u (0x%llx, 0x%llx bytes) is smaller than its pages, and has no "
		"width of access",
		jh_cell_name(check, config).text, index, (unsigned long long)memory->phys_start,
		(unsigned long long)memory->size);
}

JH_RULE(subpage_width)
{
	jh_for_each_region(check, rule, find_subpage_width);
}

/* A line "  00100000-3fffffff : System RAM" of /proc/iomem, without those that are parts of
 * another. */
static bool parse_iomem_line(const char *line, size_t length, uint64_t *start, uint64_t *last)
{
	static const char ram[] = " : System RAM";
	char copy[80], *end;

	if (length >= sizeof(copy) || length < sizeof(ram) - 1)
		return false;
	memcpy(copy, line, length);
	copy[length] = '\0';
	*start = strtoull(copy, &end, 16);
	if (end == copy || *end != '-')
		return false;
	*last = strtoull(end + 1, &end, 16);
	return strcmp(end, ram) == 0 && *last > *start;
}

static void find_ram(struct jh_check *check, const struct jh_rule *rule, uint64_t start,
		     uint64_t last)
{
	const struct jailhouse_config_memory *hv = &check->system.hypervisor_memory;
	const struct jh_extent *extent;
	size_t n;

	if (hv->size > 0 && hv->phys_start <= last && jh_last(hv->phys_start, hv->size) >= start)
		jh_find(check, rule,
			jh_place_range(0, JAILHOUSE_FINDING_NONE, JAILHOUSE_FINDING_NONE,
				       hv->phys_start, jh_last(hv->phys_start, hv->size)),
			jh_nowhere(),
			"the hypervisor's memory (0x%llx-0x%llx) is used by Linux (0x%llx-0x%llx)",
			(unsigned long long)hv->phys_start,
			(unsigned long long)jh_last(hv->phys_start, hv->size),
			(unsigned long long)start, (unsigned long long)last);
	for (n = 0; n < check->num_extents && check->extent[n].start <= last; n++) {
		extent = &check->extent[n];
		if (extent->config < jh_first_cell(check) || extent->last < start ||
		    extent->flags & JAILHOUSE_MEM_ROOTSHARED)
			continue;
		jh_find(check, rule, jh_place_of(extent), jh_nowhere(),
			"%s: memory region %u (0x%llx-0x%llx) is used by Linux (0x%llx-0x%llx)",
			jh_cell_name(check, extent->config).text, extent->index,
			(unsigned long long)extent->start, (unsigned long long)extent->last,
			(unsigned long long)start, (unsigned long long)last);
	}
}

JH_RULE(system_ram)
{
	const char *line = check->iomem;
	const char *end, *next;
	uint64_t start, last;

	if (!line)
		return;
	end = line + check->iomem_size;
	while (line < end) {
		next = memchr(line, '\n', (size_t)(end - line));
		if (!next)
			next = end;
		if (parse_iomem_line(line, (size_t)(next - line), &start, &last))
			find_ram(check, rule, start, last);
		line = next + 1;
	}
}

JH_RULE(dma)
{
	struct jailhouse_config_pci_device device;
	struct jailhouse_config_iommu iommu;
	uint32_t c, n;

	if (!check->has_system ||
	    (jailhouse_config_get_iommu(&check->config[0], 0, &iommu) == 0 && iommu.base))
		return;
	for (c = 1; c < check->count; c++)
		for (n = 0; jailhouse_config_get_pci_device(&check->config[c], n, &device) == 0;
		     n++)
			if (device.type != JAILHOUSE_PCI_TYPE_IVSHMEM)
				jh_find(check, rule, jh_place(c, JAILHOUSE_SECTION_PCI_DEVICE, n),
					jh_nowhere(),
					"%s: PCI device %04x:%02x:%02x.%x reaches all memory, as "
					"the system describes no IOMMU",
					jh_cell_name(check, c).text, device.domain, device.bdf >> 8,
					device.bdf >> 3 & 0x1f, device.bdf & 7);
}

JH_RULE(reset_address)
{
	struct jailhouse_config_memory memory;
	struct jailhouse_config_cell cell;
	uint64_t flags;
	uint32_t c, n;
	bool found;

	for (c = jh_first_cell(check); c < check->count; c++) {
		jailhouse_config_get_cell(&check->config[c], &cell);
		/* READ implies it on ARM. */
		flags = check->config[c].architecture == JAILHOUSE_X86 ? JAILHOUSE_MEM_EXECUTE
								       : JAILHOUSE_MEM_READ;
		found = false;
		for (n = 0; jailhouse_config_get_memory(&check->config[c], n, &memory) == 0; n++)
			if (memory.size > 0 && memory.flags & flags && !jh_is_comm(&memory) &&
			    cell.cpu_reset_address >= memory.virt_start &&
			    cell.cpu_reset_address <= jh_last(memory.virt_start, memory.size))
				found = true;
		if (!found)
			jh_find(check, rule,
				jh_place(c, JAILHOUSE_FINDING_NONE, JAILHOUSE_FINDING_NONE),
				jh_nowhere(),
				"%s: no executable memory at its reset address 0x%llx",
				jh_cell_name(check, c).text,
				(unsigned long long)cell.cpu_reset_address);
	}
}
