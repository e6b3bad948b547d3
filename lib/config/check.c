/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The table of rules, and what they share. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/check.h"
#include "config/check-root.h"

#define MAX_PAIRS 1000000

/* Size of jailhouse_check_options in the first release. */
#define OPTIONS_SIZE_V1 offsetof(struct jailhouse_check_options, root)

/* Sorted by number, which is for good. 1: memory, 2: devices, 3: cells, 4: device trees. */
static const struct jh_rule rules[] = {
#define ERROR   JAILHOUSE_SEVERITY_ERROR
#define WARNING JAILHOUSE_SEVERITY_WARNING
#define NOTE    JAILHOUSE_SEVERITY_NOTE
	{101, ERROR, "overflow",
	 "A region must end within the 48 bits of address that tables of both kinds can express.",
	 "correct start or size", jh_rule_overflow},
	{102, ERROR, "page-offset",
	 "The physical address and that in the cell must have the same offset in their page.",
	 "make the lowest 12 bits of both addresses equal", jh_rule_page_offset},
	{103, WARNING, "overlap-physical",
	 "A cell that has the same memory twice has it with the flags of one of them only.",
	 "remove or shorten one of the regions", jh_rule_overlap_physical},
	{104, WARNING, "overlap-virtual",
	 "Only one of two regions at the same address can be seen.", "move one of the regions",
	 jh_rule_overlap_virtual},
	{105, ERROR, "hypervisor-memory", "No cell may reach the hypervisor's own memory.",
	 "leave hypervisor_memory out of all regions", jh_rule_hypervisor_memory},
	{106, ERROR, "hypervisor-memory-form",
	 "The hypervisor's memory must consist of whole pages.", "align start and size to 4 KiB",
	 jh_rule_hypervisor_memory_form},
	{107, ERROR, "mmconfig",
	 "Accesses to the PCI configuration window must be intercepted, so that each is checked.",
	 "leave the window out of all regions", jh_rule_mmconfig},
	{108, ERROR, "iommu-window", "Who reaches an IOMMU's registers can switch it off.",
	 "leave the registers out of all regions", jh_rule_iommu_window},
	{109, ERROR, "interrupt-controller",
	 "Who reaches an interrupt controller can send interrupts to other cells.",
	 "leave its registers out of all regions", jh_rule_interrupt_controller},
	{110, ERROR, "root-identity",
	 "The root cell sees memory where it is, because it runs already.",
	 "make virt_start equal to phys_start", jh_rule_root_identity},
	{111, WARNING, "not-in-root",
	 "What a cell gets is taken from the root cell. Memory that the root cell does not have "
	 "can't be "
	 "checked against anything.",
	 "add the memory to the root cell", jh_rule_not_in_root},
	{112, ERROR, "foreign-memory",
	 "Two cells have the same memory, and not both of them say that it is shared.",
	 "move one of the regions, or mark both as ROOTSHARED", jh_rule_foreign_memory},
	{113, ERROR, "comm-region",
	 "A communication region is one page, aligned, and of a cell that is not the root cell.",
	 "give it size 0x1000 and an aligned virt_start", jh_rule_comm_region},
	{114, WARNING, "comm-region-count", "Only the first communication region is used.",
	 "remove the others", jh_rule_comm_region_count},
	{115, WARNING, "memory-flags", "The hypervisor ignores flags that it does not know.",
	 "remove them", jh_rule_memory_flags},
	{116, WARNING, "subpage-width",
	 "No access is allowed to a region that is smaller than a page and has no width of access.",
	 "add one or more of IO_8, IO_16, IO_32 and IO_64", jh_rule_subpage_width},
	{117, WARNING, "page-pool",
	 "Page tables are taken from the hypervisor's memory; regions that are not aligned to 2 "
	 "MiB need "
	 "more of them.",
	 "enlarge hypervisor_memory, or align large regions to 2 MiB", jh_rule_page_pool},
	{118, ERROR, "system-ram", "Linux uses this memory; to take it away would kill it.",
	 "reserve it on the kernel's command line or in the device tree, or mark it ROOTSHARED",
	 jh_rule_system_ram},
	{119, WARNING, "dma",
	 "Without an IOMMU a cell's devices reach all memory, whatever the regions say.",
	 "describe the IOMMU, or trust this cell's drivers", jh_rule_dma},
	{120, WARNING, "reset-address", "The first instruction does not lie in executable memory.",
	 "set cpu_reset_address, or map memory there", jh_rule_reset_address},
	{121, ERROR, "subpage-mapped",
	 "A part of a page can't be taken from the root cell if it has the whole page.",
	 "give the root cell the rest of the page as regions that are smaller than a page, or share "
	 "it",
	 jh_rule_subpage_mapped},
	{122, NOTE, "large-pages",
	 "Memory is mapped in steps of 2 MiB only where physical address and that in the cell have "
	 "the same offset in them.",
	 "make the lowest 21 bits of both addresses equal", jh_rule_large_pages},
	{123, NOTE, "comm-region-write",
	 "A passive cell answers no messages, and has nothing to write there but a wrong state.",
	 "remove WRITE from the region, or PASSIVE_COMMREG from the cell", jh_rule_comm_region_write},
	{124, WARNING, "carved-from-root",
	 "The hypervisor keeps its memory and what it must intercept, whatever the root cell's "
	 "regions cover.",
	 "leave the addresses out of the region, so that it says what the root cell has",
	 jh_rule_carved_from_root},

	{201, WARNING, "config-ports",
	 "Ports 0xcf8 to 0xcff reach the configuration of all PCI devices; they are intercepted "
	 "anyway.",
	 "take them out of the ranges", jh_rule_config_ports},
	{202, ERROR, "foreign-ports", "Two cells have the same port.",
	 "take it out of one of the cells", jh_rule_foreign_ports},
	{203, WARNING, "ports-not-in-root", "What a cell gets is taken from the root cell.",
	 "add the ports to the root cell", jh_rule_ports_not_in_root},
	{204, WARNING, "uart-shared",
	 "The hypervisor prints to a UART that a cell uses as well: texts get mixed.",
	 "use different UARTs, or the virtual console", jh_rule_uart_shared},
	{205, ERROR, "foreign-line", "Two cells have the same interrupt line.",
	 "take it out of one of the cells", jh_rule_foreign_line},
	{206, WARNING, "line-not-in-root", "What a cell gets is taken from the root cell.",
	 "add the line to the root cell", jh_rule_line_not_in_root},
	{207, WARNING, "unknown-irqchip",
	 "The root cell has no interrupt controller at this address; its lines do not work.",
	 "correct the address", jh_rule_unknown_irqchip},
	{208, ERROR, "pci-type", "There are devices, bridges and IVSHMEM devices.",
	 "correct the type", jh_rule_pci_type},
	{209, ERROR, "pci-capabilities", "The capabilities of a device must exist.",
	 "correct caps_start and num_caps", jh_rule_pci_capabilities},
	{210, ERROR, "pci-twice", "A device belongs to one cell, and stands in it once.",
	 "remove one of them", jh_rule_pci_twice},
	{211, ERROR, "pci-bus", "The device is not in the PCI configuration window.",
	 "correct the address, or pci_mmconfig_end_bus", jh_rule_pci_bus},
	{212, NOTE, "pci-not-in-root",
	 "The root cell's configuration does not list this device; Linux can't use it after the "
	 "cell is "
	 "gone.",
	 "add it to the root cell", jh_rule_pci_not_in_root},
	{213, ERROR, "msix-table",
	 "Vectors of MSI-X are checked when they are written, so no region may cover their table.",
	 "cut the pages at msix_address out of the region", jh_rule_msix_table},
	{214, ERROR, "ivshmem-regions",
	 "An IVSHMEM device needs 2 + shmem_peers regions, of whole pages: state table, common "
	 "section, "
	 "and output sections.",
	 "correct shmem_regions_start and shmem_peers", jh_rule_ivshmem_regions},
	{215, ERROR, "ivshmem-id",
	 "Peers of a link have different numbers below shmem_peers, which is at most 12.",
	 "correct shmem_dev_id and shmem_peers", jh_rule_ivshmem_id},
	{216, ERROR, "ivshmem-peers",
	 "Both ends of a link must agree on its memory and its protocol.",
	 "make regions, shmem_peers and shmem_protocol equal", jh_rule_ivshmem_peers},
	{217, WARNING, "ivshmem-output", "An output section is written by its owner only.",
	 "remove WRITE from the sections of other peers", jh_rule_ivshmem_output},
	{218, WARNING, "vpci-lines",
	 "The virtual PCI host raises lines vpci_irq_base to vpci_irq_base + 3. They must be "
	 "spare, and "
	 "the cell's.",
	 "choose another base, or add the lines to the cell", jh_rule_vpci_lines},
	{219, WARNING, "vpci-collision",
	 "Devices of the virtual PCI host with the same interrupt get it from each other, and in two "
	 "cells only one gets it.",
	 "choose another vpci_irq_base, or device numbers that differ modulo 4",
	 jh_rule_vpci_collision},
	{220, WARNING, "iommu-group",
	 "Devices of a group can't be kept apart: they share a source id, or reach each other behind "
	 "the IOMMU.",
	 "give all devices of the group to the same cell", jh_rule_iommu_group},
	{221, ERROR, "pin-base",
	 "Interrupt lines start at 0 on x86, and on ARM at 32, with SPI 0, or another multiple of 32.",
	 "correct pin_base, and pin_bitmap with it", jh_rule_pin_base},
	{222, WARNING, "pci-iommu", "No IOMMU keeps this device in its cell.",
	 "correct the number in .iommu, or describe the unit", jh_rule_pci_iommu},

	{301, ERROR, "architecture", "System and cells are for the same architecture.",
	 "correct the architecture", jh_rule_architecture},
	{302, ERROR, "cell-name", "Cells are told apart by their names, of at most 31 characters.",
	 "choose another name", jh_rule_cell_name},
	{303, WARNING, "cell-flags", "The hypervisor ignores flags that it does not know.",
	 "remove them", jh_rule_cell_flags},
	{304, ERROR, "cpu-not-in-root", "What a cell gets is taken from the root cell.",
	 "choose other CPUs", jh_rule_cpu_not_in_root},
	{305, ERROR, "boot-cpu", "On x86 the boot CPU stays with the root cell.",
	 "choose other CPUs", jh_rule_boot_cpu},
	{306, WARNING, "cpu-shared", "Two cells with the same CPU can't exist at once.",
	 "choose other CPUs, if they should", jh_rule_cpu_shared},
	{307, ERROR, "root-cpu-left", "The root cell must keep a CPU.", "give less CPUs to cells",
	 jh_rule_root_cpu_left},
	{308, WARNING, "console", "The cell can't reach the console that is described for it.",
	 "add its registers or ports to the cell", jh_rule_console},
	{309, WARNING, "console-clash",
	 "Two cells print to the same UART: texts get mixed, and one may reprogram it for the other.",
	 "use different UARTs, or the virtual console", jh_rule_console_clash},
	{310, WARNING, "core-split",
	 "Threads of a core share its caches and units: each cell sees what the other one does in its "
	 "own speed, and can slow it down.",
	 "give all threads of a core to the same cell, or switch them off", jh_rule_core_split},
	{311, WARNING, "not-announced",
	 "What no count announces is not there for the hypervisor: a device or region is missing without a word.",
	 "set the count of the array (num_pci_devices, ...), or remove the bytes", jh_rule_not_announced},

	{401, ERROR, "tree-value", "A property of the device tree has a value that can't be used.",
	 "see docs/config-text.md for its form", NULL},
	{402, ERROR, "tree-unknown",
	 "Nodes and properties that nobody knows are mistakes, most likely in spelling.",
	 "see docs/config-text.md for the names", NULL},
	{403, ERROR, "tree-missing", "Something is needed to make a configuration.", "add it",
	 NULL},
	{404, ERROR, "tree-place",
	 "Memory, addresses and lines without a number are taken from what the root cell can spare.",
	 "reserve more, ask for less, or say which one", NULL},
	{405, ERROR, "tree-device",
	 "A device is described by the machine's device tree, by its PCI configuration space, or by "
	 "the system.",
	 "correct its name, or describe it by hand", NULL},
#undef ERROR
#undef WARNING
#undef NOTE
};

uint32_t jailhouse_rule_get_count(void)
{
	return JH_ARRAY_SIZE(rules);
}

int jailhouse_rule_get(uint32_t index, struct jailhouse_rule *ret_rule)
{
	if (index >= JH_ARRAY_SIZE(rules) || !ret_rule || ret_rule->size < sizeof(*ret_rule))
		return JAILHOUSE_ERR_ARGUMENT;
	ret_rule->number = rules[index].number;
	ret_rule->severity = rules[index].severity;
	ret_rule->reserved = 0;
	ret_rule->name = rules[index].name;
	ret_rule->explanation = rules[index].explanation;
	ret_rule->hint = rules[index].hint;
	return 0;
}

int jailhouse_rule_get_by_number(uint32_t number, struct jailhouse_rule *ret_rule)
{
	uint32_t n;

	for (n = 0; n < JH_ARRAY_SIZE(rules); n++)
		if (rules[n].number == number)
			return jailhouse_rule_get(n, ret_rule);
	return JAILHOUSE_ERR_ARGUMENT;
}

const struct jh_rule *jh_rule_by_name(const char *name)
{
	size_t n;

	for (n = 0; n + 1 < JH_ARRAY_SIZE(rules); n++)
		if (strcmp(rules[n].name, name) == 0)
			break;
	return &rules[n];
}

struct jailhouse_place jh_nowhere(void)
{
	return (struct jailhouse_place){
		JAILHOUSE_FINDING_NONE, JAILHOUSE_FINDING_NONE, JAILHOUSE_FINDING_NONE, 0, 1, 0};
}

struct jailhouse_place jh_place_range(uint32_t config, uint32_t section, uint32_t index,
				      uint64_t start, uint64_t last)
{
	return (struct jailhouse_place){config, section, index, 0, start, last};
}

struct jailhouse_place jh_place(uint32_t config, uint32_t section, uint32_t index)
{
	return jh_place_range(config, section, index, 1, 0);
}

struct jailhouse_place jh_place_of(const struct jh_extent *extent)
{
	return jh_place_range(extent->config, JAILHOUSE_SECTION_MEMORY, extent->index,
			      extent->start, extent->last);
}

struct jh_name jh_cell_name(const struct jh_check *check, uint32_t config)
{
	struct jailhouse_config_cell cell;
	struct jh_name name;
	char *c;

	if (check->has_system && config == 0) {
		snprintf(name.text, sizeof(name.text), "root cell");
		return name;
	}
	jailhouse_config_get_cell(&check->config[config], &cell);
	snprintf(name.text, sizeof(name.text), "cell %.31s", cell.name);
	for (c = name.text; *c; c++)
		if (!isprint((unsigned char)*c))
			*c = '?';
	return name;
}

static int by_start(const void *left, const void *right)
{
	const struct jh_extent *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->config != b->config)
		return a->config < b->config ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

void jh_sort_extents(struct jh_extent *extent, size_t count)
{
	if (count > 1)
		qsort(extent, count, sizeof(*extent), by_start);
}

void jh_for_each_overlap(struct jh_check *check, const struct jh_rule *rule,
			 const struct jh_extent *extent, size_t count,
			 void (*pair)(struct jh_check *check, const struct jh_rule *rule,
				      const struct jh_extent *a, const struct jh_extent *b))
{
	size_t pairs = 0;
	size_t i, j;

	for (i = 0; i < count; i++) {
		for (j = i + 1; j < count && extent[j].start <= extent[i].last; j++) {
			if (++pairs > MAX_PAIRS) {
				jh_find(check, rule, jh_place_of(&extent[i]), jh_nowhere(),
					"more than a million pairs of regions overlap; the rest "
					"was not looked at");
				return;
			}
			pair(check, rule, &extent[i], &extent[j]);
		}
	}
}

/* All regions that have memory, sorted by their address. */
static int collect_extents(struct jh_check *check)
{
	struct jailhouse_config_memory memory;
	size_t room = 0;
	uint32_t c, n;

	for (c = 0; c < check->count; c++)
		room += check->config[c].count[JAILHOUSE_SECTION_MEMORY];
	check->extent = calloc(room ? room : 1, sizeof(*check->extent));
	if (!check->extent)
		return JAILHOUSE_ERR_NO_MEMORY;
	for (c = 0; c < check->count; c++)
		for (n = 0; jailhouse_config_get_memory(&check->config[c], n, &memory) == 0; n++) {
			if (memory.size == 0 || memory.flags & JAILHOUSE_MEM_COMM_REGION)
				continue;
			check->extent[check->num_extents++] = (struct jh_extent){
				memory.phys_start, jh_last(memory.phys_start, memory.size),
				memory.flags, c, n};
		}
	jh_sort_extents(check->extent, check->num_extents);
	return 0;
}

/* Members that came later are 0 if the caller does not know them. */
static int take_options(struct jh_check *check, const struct jailhouse_check_options *options,
			char **ret_iomem)
{
	*ret_iomem = NULL;
	if (!options)
		return 0;
	check->iomem = options->iomem;
	check->iomem_size = options->iomem_size;
	if (options->size >= sizeof(*options))
		check->root = options->root;
	if (!check->root || check->iomem)
		return 0;
	if (jh_root_read(check->root, "proc/iomem", ret_iomem, &check->iomem_size) != 0)
		return JAILHOUSE_ERR_NO_MEMORY;
	check->iomem = *ret_iomem;
	return 0;
}

static void run_rules(struct jh_check *check)
{
	size_t n;

	for (n = 0; !check->no_memory && n < JH_ARRAY_SIZE(rules); n++)
		if (rules[n].run)
			rules[n].run(check, &rules[n]);
}

int jh_check_order(const struct jailhouse_config *configs, size_t count,
		   struct jailhouse_error *error)
{
	size_t n;

	for (n = 1; n < count; n++)
		if (configs[n].kind == JAILHOUSE_CONFIG_SYSTEM)
			return jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0,
					    "configuration %zu is a system, which must come first, "
					    "and there can be only one",
					    n);
	return 0;
}

int jailhouse_check(const struct jailhouse_config *configs, size_t count,
		    const struct jailhouse_check_options *options,
		    struct jailhouse_report **ret_report, struct jailhouse_error *error)
{
	struct jh_check check = {.config = configs, .count = count};
	char *iomem = NULL;
	int err;

	if (!configs || count == 0 || count > UINT32_MAX || !ret_report)
		return jh_error_argument(error, "configs, count or ret_report");
	if (options && options->size < OPTIONS_SIZE_V1)
		return jh_error_argument(error, "options->size");
	err = jh_check_order(configs, count, error);
	if (err)
		return err;
	check.has_system = configs[0].kind == JAILHOUSE_CONFIG_SYSTEM;
	if (check.has_system)
		jailhouse_config_get_system(&configs[0], &check.system);
	check.report = jh_report_new();
	check.no_memory = !check.report || take_options(&check, options, &iomem) != 0 ||
			  collect_extents(&check) != 0;
	run_rules(&check);
	free(check.extent);
	free(iomem);
	if (check.no_memory) {
		jailhouse_report_free(check.report);
		return jh_error_no_memory(error);
	}
	jh_report_sort(check.report);
	*ret_report = check.report;
	return 0;
}
