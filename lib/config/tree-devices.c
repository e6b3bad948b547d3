/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Nodes below "devices": each names a device, which brings all along that it consists of. */
#include <libfdt.h>
#include <inttypes.h>
#include <string.h>

#include "config/devices.h"
#include "config/sections.h"

#define DEVICE_FLAGS (JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO)
#define WIDTHS \
	(JAILHOUSE_MEM_IO_8 | JAILHOUSE_MEM_IO_16 | JAILHOUSE_MEM_IO_32 | JAILHOUSE_MEM_IO_64)

static bool has_memory(const struct jh_tree_config *config, uint64_t start, uint64_t size)
{
	struct jailhouse_config_memory memory;
	uint32_t n;

	for (n = 0; jh_tree_get(config, JAILHOUSE_SECTION_MEMORY, n, &memory); n++)
		if (memory.phys_start == start && memory.size == size &&
		    !(memory.flags & JAILHOUSE_MEM_COMM_REGION))
			return true;
	return false;
}

void jh_device_add_memory(struct jh_reading *r, const struct jh_device *device, uint64_t start,
			  uint64_t size)
{
	struct jailhouse_config_memory memory = {
		.phys_start = start,
		.virt_start = start,
		.size = size,
		.flags = DEVICE_FLAGS | device->flags,
	};

	if (size == 0)
		return;
	if (start >> 48 || size >> 48) {
		jh_tree_complain(r, device->node, "tree-device",
				 "its registers (0x%" PRIx64 ", 0x%" PRIx64
				 " bytes) are behind what can be mapped",
				 start, size);
		return;
	}
	if (jh_is_subpage(&memory) && !(memory.flags & WIDTHS))
		memory.flags |= WIDTHS;
	/* Two devices in one page, or the text has it already. */
	if (has_memory(r->config, start, size))
		return;
	if (r->kind == JAILHOUSE_CONFIG_SYSTEM) {
		jh_root_add_memory(r, &memory);
		return;
	}
	jh_tree_set(r, r->config, JAILHOUSE_SECTION_MEMORY, JAILHOUSE_CONFIG_END, &memory);
	jh_root_add_memory(r, &memory);
}

static void add_ports(struct jh_reading *r, const struct jh_tree_config *config, uint32_t base,
		      uint32_t length)
{
	struct jailhouse_config_pio pio;
	uint32_t n;

	for (n = 0; jh_tree_get(config, JAILHOUSE_SECTION_PIO, n, &pio); n++)
		if (base >= pio.base && base + length <= (uint32_t)pio.base + pio.length)
			return;
	pio = (struct jailhouse_config_pio){(uint16_t)base, (uint16_t)length};
	jh_tree_set(r, config, JAILHOUSE_SECTION_PIO, JAILHOUSE_CONFIG_END, &pio);
}

void jh_device_add_ports(struct jh_reading *r, uint32_t base, uint32_t length)
{
	add_ports(r, r->config, base, length);
	if (jh_tree_system(r))
		add_ports(r, jh_tree_system(r), base, length);
}

void jh_device_add_line(struct jh_reading *r, uint64_t address, uint32_t line)
{
	jh_config_add_line(r, r->config, address, line);
	if (jh_tree_system(r))
		jh_config_add_line(r, jh_tree_system(r), address, line);
}

static void add_stream_id(struct jh_reading *r, const struct jh_tree_config *config, uint32_t id)
{
	uint32_t have, n;

	for (n = 0; jh_tree_get(config, JAILHOUSE_SECTION_STREAM_ID, n, &have); n++)
		if (have == id)
			return;
	jh_tree_set(r, config, JAILHOUSE_SECTION_STREAM_ID, JAILHOUSE_CONFIG_END, &id);
}

void jh_device_add_stream_id(struct jh_reading *r, uint32_t id)
{
	add_stream_id(r, r->config, id);
	if (jh_tree_system(r))
		add_stream_id(r, jh_tree_system(r), id);
}

static bool other_property(struct jh_reading *r, int node, const char *name, const void *data,
			   int size)
{
	uint64_t start[JH_DEVICE_NUM_BARS];

	if (strcmp(name, "device") == 0)
		return true;
	if (strcmp(name, "bar-start") != 0)
		return false;
	jh_tree_numbers(r, node, name, data, size, 8, start, JH_DEVICE_NUM_BARS);
	return true;
}

static void read_device(struct jh_reading *r, int node)
{
	struct jh_device device = {.node = node, .bdf = JH_DEVICE_UNSET};
	const void *data, *bars;
	int child, size, bars_size, found;

	jh_tree_properties(r, node, &jh_schema_device, &device, other_property);
	fdt_for_each_subnode(child, r->fdt, node)
		jh_tree_complain(r, child, "tree-unknown", "a device has no nodes");
	bars = fdt_getprop(r->fdt, node, "bar-start", &bars_size);
	if (bars && bars_size % 8 == 0 && bars_size / 8 <= JH_DEVICE_NUM_BARS)
		device.num_bar_starts = jh_tree_numbers(r, node, "bar-start", bars, bars_size, 8,
							device.bar_start, JH_DEVICE_NUM_BARS);
	data = fdt_getprop(r->fdt, node, "device", &size);
	if ((data != NULL) == (device.bdf != JH_DEVICE_UNSET)) {
		jh_tree_complain(r, node, "tree-missing",
				 "one of device and pci is needed, to tell which device it is");
		return;
	}
	if (device.bdf != JH_DEVICE_UNSET) {
		jh_pci_add_function(r, &device);
		return;
	}
	found = jh_machine_find(r, &device, data, size);
	if (found >= 0)
		jh_machine_add_device(r, &device, found);
}

void jh_devices_read(struct jh_reading *r, int node)
{
	int child;

	jh_tree_no_properties(r, node, NULL);
	fdt_for_each_subnode(child, r->fdt, node) read_device(r, child);
}
