/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * PCI functions by address. The machine's sysfs describes all of it; without, the system in the
 * same file has the entry and the capabilities, and the text says where the base addresses point.
 */
#include <inttypes.h>
#include <string.h>

#include "config/function.h"
#include "config/sections.h"

#define LAST_PORT 0xffffu

static bool find_in_system(const struct jh_reading *r, uint16_t domain, uint16_t bdf,
			   struct jailhouse_config_pci_device *ret_entry)
{
	const struct jh_tree_config *root = jh_tree_system(r);
	uint32_t n;

	for (n = 0; root && jh_tree_get(root, JAILHOUSE_SECTION_PCI_DEVICE, n, ret_entry); n++)
		if (ret_entry->domain == domain && ret_entry->bdf == bdf &&
		    ret_entry->type != JAILHOUSE_PCI_TYPE_IVSHMEM)
			return true;
	return false;
}

/* A base address of 64 bits goes on in the next one, where memory below 4 GiB has all ones. */
static uint64_t size_of_bar(const struct jailhouse_config_pci_device *entry, uint32_t bar,
			    bool *ret_is_long)
{
	uint64_t mask = entry->bar_mask[bar];
	uint32_t upper = bar + 1 < JH_DEVICE_NUM_BARS ? entry->bar_mask[bar + 1] : 0;

	/* No base address of its own could have such a mask: it would be larger than 2 GiB, or have
	 * one byte. */
	*ret_is_long = upper == UINT32_MAX || (upper > 0x80000000u && mask == 0);
	if (*ret_is_long)
		return ~((uint64_t)upper << 32 | mask) + 1;
	return mask ? (uint32_t)~mask + 1u : 0;
}

/* By what the system says of it. */
static bool describe_by_system(struct jh_reading *r, const struct jh_device *device,
			       struct jh_function *function)
{
	const struct jh_tree_config *root = jh_tree_system(r);
	bool is_long;
	uint32_t n;

	if (!find_in_system(r, device->domain, device->bdf, &function->entry)) {
		jh_tree_complain(r, device->node, "tree-device",
				 "the system does not list PCI device %04x:%02x:%02x.%x, and the "
				 "machine's sysfs is not given, see --root",
				 device->domain, device->bdf >> 8, device->bdf >> 3 & 0x1f,
				 device->bdf & 7);
		return false;
	}
	for (n = 0; n < function->entry.num_caps && n < JH_FUNCTION_MAX_CAPS; n++)
		if (!jh_tree_get(root, JAILHOUSE_SECTION_PCI_CAP,
				 (uint32_t)function->entry.caps_start + n, &function->cap[n]))
			break;
	function->num_caps = n;
	/* Most functions have that one. */
	function->pin = 1;
	for (n = 0; n < JH_DEVICE_NUM_BARS; n += is_long ? 2 : 1) {
		function->size[n] = size_of_bar(&function->entry, n, &is_long);
		if (function->size[n] == 0)
			continue;
		if ((int)n >= device->num_bar_starts) {
			jh_tree_complain(r, device->node, "tree-device",
					 "bar-start is needed up to BAR %u: without --root nobody "
					 "knows where it points",
					 n);
			return false;
		}
		function->start[n] = device->bar_start[n];
		function->is_port[n] = function->start[n] <= LAST_PORT && function->size[n] <= 256;
	}
	return true;
}

/* The table of MSI-X is intercepted, so it is in no region. */
static void add_bar(struct jh_reading *r, const struct jh_device *device,
		    const struct jailhouse_config_pci_device *entry, uint64_t start, uint64_t size)
{
	uint64_t table = entry->msix_address & ~(uint64_t)(JH_PAGE_SIZE - 1);
	uint64_t behind = table + ((entry->msix_region_size + JH_PAGE_SIZE - 1) &
				   ~(uint64_t)(JH_PAGE_SIZE - 1));

	if (entry->num_msix_vectors == 0 || behind <= start || table >= start + size) {
		jh_device_add_memory(r, device, start, size);
		return;
	}
	if (table > start)
		jh_device_add_memory(r, device, start, table - start);
	if (behind < start + size)
		jh_device_add_memory(r, device, behind, start + size - behind);
}

static void add_entry(struct jh_reading *r, const struct jh_tree_config *config,
		      const struct jh_function *function)
{
	struct jailhouse_config_pci_device entry = function->entry;
	uint32_t n;

	entry.caps_start = (uint16_t)jh_builder_count(config->builder, JAILHOUSE_SECTION_PCI_CAP);
	entry.num_caps = (uint16_t)function->num_caps;
	if (entry.num_caps == 0)
		entry.caps_start = 0;
	for (n = 0; n < function->num_caps; n++)
		jh_tree_set(r, config, JAILHOUSE_SECTION_PCI_CAP, JAILHOUSE_CONFIG_END,
			    &function->cap[n]);
	jh_tree_set(r, config, JAILHOUSE_SECTION_PCI_DEVICE, JAILHOUSE_CONFIG_END, &entry);
}

void jh_pci_add_function(struct jh_reading *r, const struct jh_device *device)
{
	struct jailhouse_config_pci_device entry;
	struct jh_function function;
	uint32_t n;

	memset(&function, 0, sizeof(function));
	if (!(r->options->root ? jh_function_read(r, device, &function)
			       : describe_by_system(r, device, &function)))
		return;
	if (r->kind == JAILHOUSE_CONFIG_CELL)
		add_entry(r, r->config, &function);
	if (jh_tree_system(r) && !find_in_system(r, device->domain, device->bdf, &entry))
		add_entry(r, jh_tree_system(r), &function);
	for (n = 0; n < JH_DEVICE_NUM_BARS; n++) {
		if (function.size[n] == 0)
			continue;
		if (!function.is_port[n])
			add_bar(r, device, &function.entry, function.start[n], function.size[n]);
		else if (r->architecture == JAILHOUSE_X86)
			jh_device_add_ports(r, (uint32_t)function.start[n],
					    (uint32_t)function.size[n]);
	}
	/* Messages need no line. */
	if (function.entry.num_msi_vectors || function.entry.num_msix_vectors)
		jh_machine_add_function(r, device, 0);
	else
		jh_machine_add_function(r, device, function.pin);
}
