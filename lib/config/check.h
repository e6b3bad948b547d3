/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Rules about configurations: each is a function that looks at all of them and notes what it finds.
 * To add one: write it in one of the rules-*.c, add it to the table in check.c with a number that
 * was never used, and give it a defect and a sound neighbour in tests/unit/test-check.c.
 */
#ifndef LIB_CONFIG_CHECK_H
#define LIB_CONFIG_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jailhouse/cell-config.h>
#include <jailhouse/config.h>

#include "internal.h"

#define JH_PAGE_SIZE 4096u

/* 48 bits: the most that four levels of page tables and 44-bit pages of a stage 2 can express. */
#define JH_ADDRESS_LIMIT (1ull << 48)

/* A memory region with a size, by its physical addresses; communication regions are left out. */
struct jh_extent {
	uint64_t start;
	uint64_t last;
	uint64_t flags;
	uint32_t config;
	uint32_t index;
};

struct jh_check {
	const struct jailhouse_config *config;
	size_t count;
	bool has_system;                       /* then it is config[0] */
	struct jailhouse_config_system system; /* zero without one */
	struct jh_extent *extent;              /* of all configurations, by start */
	size_t num_extents;
	const char *iomem; /* may be NULL */
	size_t iomem_size;
	const char *root; /* may be NULL */
	struct jailhouse_report *report;
	bool no_memory;
};

struct jh_rule {
	uint32_t number;
	uint32_t severity;
	const char *name;
	const char *explanation;
	const char *hint;
	void (*run)(struct jh_check *check, const struct jh_rule *rule); /* NULL: see tree.c */
};

/* A rule that is no function: a mistake in a device tree. Never NULL. */
const struct jh_rule *jh_rule_by_name(const char *name);

/* ---- report.c ---- */

struct jailhouse_report *jh_report_new(void);
/* Errors first, else in the order of rules and places. */
void jh_report_sort(struct jailhouse_report *report);

/* Takes out of a sorted report what stands in another one as well: the same rule, places and text. */
void jh_report_subtract(struct jailhouse_report *report, const struct jailhouse_report *known);

/* Notes a finding; without memory check->no_memory is set. */
void jh_find(struct jh_check *check, const struct jh_rule *rule, struct jailhouse_place place,
	     struct jailhouse_place other, const char *format, ...) JH_PRINTF(5, 6);

/* ---- places and their names, check.c ---- */

struct jailhouse_place jh_nowhere(void);
struct jailhouse_place jh_place(uint32_t config, uint32_t section, uint32_t index);
struct jailhouse_place jh_place_range(uint32_t config, uint32_t section, uint32_t index,
				      uint64_t start, uint64_t last);
struct jailhouse_place jh_place_of(const struct jh_extent *extent);

/* "root cell" or "cell guest", for sentences; names are made printable. */
struct jh_name {
	char text[48];
};
struct jh_name jh_cell_name(const struct jh_check *check, uint32_t config);

/* The index of the first cell that is not the root cell. */
static inline uint32_t jh_first_cell(const struct jh_check *check)
{
	return check->has_system ? 1 : 0;
}

static inline bool jh_is_root(const struct jh_check *check, uint32_t config)
{
	return check->has_system && config == 0;
}

static inline bool jh_is_comm(const struct jailhouse_config_memory *memory)
{
	return (memory->flags & JAILHOUSE_MEM_COMM_REGION) != 0;
}

/* Is every access trapped, and are not whole pages mapped? */
static inline bool jh_is_subpage(const struct jailhouse_config_memory *memory)
{
	return ((memory->virt_start | memory->size) & (JH_PAGE_SIZE - 1)) != 0;
}

/* Last address, cut at the end of the address space. */
static inline uint64_t jh_last(uint64_t start, uint64_t size)
{
	return size - 1 > UINT64_MAX - start ? UINT64_MAX : start + (size - 1);
}

/* Calls `pair` for each two of the extents, sorted by start, that overlap; stops at a million of
 * them. */
void jh_for_each_overlap(struct jh_check *check, const struct jh_rule *rule,
			 const struct jh_extent *extent, size_t count,
			 void (*pair)(struct jh_check *check, const struct jh_rule *rule,
				      const struct jh_extent *a, const struct jh_extent *b));
void jh_sort_extents(struct jh_extent *extent, size_t count);

/* ---- rules-memory.c ---- */

/* Calls `region` for each region of each configuration that has a size. */
void jh_for_each_region(struct jh_check *check, const struct jh_rule *rule,
			void (*region)(struct jh_check *check, const struct jh_rule *rule,
				       uint32_t config, uint32_t index,
				       const struct jailhouse_config_memory *memory));
struct jailhouse_place jh_region_place(uint32_t config, uint32_t index,
				       const struct jailhouse_config_memory *memory);

/* ---- rules-*.c ---- */

#define JH_RULE(name) void jh_rule_##name(struct jh_check *check, const struct jh_rule *rule)
JH_RULE(overflow);
JH_RULE(page_offset);
JH_RULE(overlap_physical);
JH_RULE(overlap_virtual);
JH_RULE(hypervisor_memory);
JH_RULE(hypervisor_memory_form);
JH_RULE(mmconfig);
JH_RULE(iommu_window);
JH_RULE(interrupt_controller);
JH_RULE(carved_from_root);
JH_RULE(root_identity);
JH_RULE(not_in_root);
JH_RULE(foreign_memory);
JH_RULE(comm_region);
JH_RULE(comm_region_count);
JH_RULE(memory_flags);
JH_RULE(subpage_width);
JH_RULE(page_pool);
JH_RULE(system_ram);
JH_RULE(dma);
JH_RULE(reset_address);
JH_RULE(subpage_mapped);
JH_RULE(large_pages);
JH_RULE(comm_region_write);

JH_RULE(config_ports);
JH_RULE(foreign_ports);
JH_RULE(ports_not_in_root);
JH_RULE(uart_shared);
JH_RULE(foreign_line);
JH_RULE(line_not_in_root);
JH_RULE(unknown_irqchip);
JH_RULE(pci_type);
JH_RULE(pci_capabilities);
JH_RULE(pci_twice);
JH_RULE(pci_bus);
JH_RULE(pci_not_in_root);
JH_RULE(msix_table);
JH_RULE(ivshmem_regions);
JH_RULE(ivshmem_id);
JH_RULE(ivshmem_peers);
JH_RULE(ivshmem_output);
JH_RULE(vpci_lines);
JH_RULE(vpci_collision);
JH_RULE(iommu_group);
JH_RULE(pin_base);
JH_RULE(pci_iommu);

JH_RULE(architecture);
JH_RULE(cell_name);
JH_RULE(cell_flags);
JH_RULE(cpu_not_in_root);
JH_RULE(boot_cpu);
JH_RULE(cpu_shared);
JH_RULE(root_cpu_left);
JH_RULE(console);
JH_RULE(console_clash);
JH_RULE(core_split);
JH_RULE(not_announced);

/* A set of configurations has its system first, if it has one. Returns 0 or JAILHOUSE_ERR_CONFIG. */
int jh_check_order(const struct jailhouse_config *configs, size_t count,
		   struct jailhouse_error *error);

#endif /* !LIB_CONFIG_CHECK_H */
