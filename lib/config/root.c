/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The root cell's side of what cells and links get. */
#include <string.h>

#include "config/sections.h"
#include "config/tree.h"

/* IVSHMEM devices point into the regions. */
static void remove_region(struct jh_reading *r, struct jh_tree_config *root, uint32_t index)
{
	struct jailhouse_config_pci_device device;
	uint32_t n;

	jailhouse_builder_remove(root->builder, JAILHOUSE_SECTION_MEMORY, index, 1);
	for (n = 0; jh_tree_get(root, JAILHOUSE_SECTION_PCI_DEVICE, n, &device); n++) {
		if (device.type != JAILHOUSE_PCI_TYPE_IVSHMEM ||
		    device.shmem_regions_start <= index)
			continue;
		device.shmem_regions_start--;
		jh_tree_set(r, root, JAILHOUSE_SECTION_PCI_DEVICE, n, &device);
	}
}

static void set_range(struct jailhouse_config_memory *memory, uint64_t start, uint64_t last)
{
	/* The root cell sees memory where it is. */
	memory->virt_start += start - memory->phys_start;
	memory->phys_start = start;
	memory->size = last - start + 1;
}

void jh_root_cut(struct jh_reading *r, uint64_t start, uint64_t last)
{
	struct jh_tree_config *root = jh_tree_system(r);
	struct jailhouse_config_memory memory, rest;
	uint64_t end;
	uint32_t n;

	for (n = 0; root && jh_tree_get(root, JAILHOUSE_SECTION_MEMORY, n, &memory);) {
		end = jh_last(memory.phys_start, memory.size);
		if (memory.size == 0 || memory.phys_start > last || end < start) {
			n++;
			continue;
		}
		if (memory.phys_start >= start && end <= last) {
			remove_region(r, root, n);
			continue;
		}
		rest = memory;
		if (memory.phys_start < start) {
			set_range(&memory, memory.phys_start, start - 1);
			/* At the end, so that the others keep their indices. */
			if (end > last) {
				set_range(&rest, last + 1, end);
				jh_tree_set(r, root, JAILHOUSE_SECTION_MEMORY, JAILHOUSE_CONFIG_END,
					    &rest);
			}
		} else {
			set_range(&memory, last + 1, end);
		}
		jh_tree_set(r, root, JAILHOUSE_SECTION_MEMORY, n, &memory);
		if (r->check.no_memory)
			return;
		n++;
	}
}

void jh_root_add_memory(struct jh_reading *r, const struct jailhouse_config_memory *memory)
{
	struct jh_tree_config *root = jh_tree_system(r);
	struct jailhouse_config_memory have;
	struct jh_ranges ranges = {0};
	bool covered;
	uint32_t n;

	if (!root)
		return;
	for (n = 0; jh_tree_get(root, JAILHOUSE_SECTION_MEMORY, n, &have); n++)
		if (!(have.flags & JAILHOUSE_MEM_COMM_REGION))
			jh_ranges_add(&ranges, have.phys_start, have.size);
	jh_ranges_sort(&ranges);
	covered = jh_ranges_contain(&ranges, memory->phys_start,
				    jh_last(memory->phys_start, memory->size));
	r->check.no_memory |= ranges.no_memory;
	jh_ranges_free(&ranges);
	if (covered)
		return;
	have = *memory;
	have.virt_start = have.phys_start;
	jh_tree_set(r, root, JAILHOUSE_SECTION_MEMORY, JAILHOUSE_CONFIG_END, &have);
}

void jh_config_add_line(struct jh_reading *r, const struct jh_tree_config *config, uint64_t address,
			uint32_t line)
{
	struct jailhouse_config_irqchip chip;
	uint32_t n;

	for (n = 0; jh_tree_get(config, JAILHOUSE_SECTION_IRQCHIP, n, &chip); n++)
		if (chip.address == address && line >= chip.pin_base && line - chip.pin_base < 128)
			break;
	if (n == jh_builder_count(config->builder, JAILHOUSE_SECTION_IRQCHIP)) {
		memset(&chip, 0, sizeof(chip));
		chip.address = address;
		/* Lines of the GIC that have a wire start at 32. */
		chip.pin_base =
			config->architecture == JAILHOUSE_X86 ? 0 : 32 + (line - 32) / 128 * 128;
		n = JAILHOUSE_CONFIG_END;
	}
	line -= chip.pin_base;
	chip.pin_bitmap[line / 32] |= 1u << (line % 32);
	jh_tree_set(r, config, JAILHOUSE_SECTION_IRQCHIP, n, &chip);
}
