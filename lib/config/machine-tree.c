/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Devices in the machine's device tree: registers through the buses above, interrupts of the GIC,
 * stream ids. The tree was checked as a whole; what its properties hold is not to be trusted.
 */
#include <libfdt.h>
#include <inttypes.h>
#include <string.h>

#include "config/devices.h"

#define MAX_REGISTERS  32
#define MAX_INTERRUPTS 64
#define MAX_DEPTH      32
#define GIC_SPI        0
#define GIC_PPI        1

/* A property as cells; 0 if it is not there or empty. */
static int get_cells(const void *fdt, int node, const char *name, const fdt32_t **ret_cells)
{
	const fdt32_t *cells;
	int size;

	cells = fdt_getprop(fdt, node, name, &size);
	if (!cells)
		return 0;
	*ret_cells = cells;
	return size / 4;
}

static bool get_cell(const void *fdt, int node, const char *name, uint32_t *ret_value)
{
	const fdt32_t *cells;

	if (get_cells(fdt, node, name, &cells) < 1)
		return false;
	*ret_value = fdt32_to_cpu(cells[0]);
	return true;
}

static uint64_t number(const fdt32_t *cell, int count)
{
	uint64_t value = 0;

	while (count-- > 0)
		value = value << 32 | fdt32_to_cpu(*cell++);
	return value;
}

/* NULL if it is no string. */
static const char *get_string(const void *fdt, int node, const char *name)
{
	int size;
	const char *string = fdt_getprop(fdt, node, name, &size);

	return string && jh_tree_is_string(string, size) ? string : NULL;
}

int jh_machine_find(struct jh_reading *r, const struct jh_device *device, const void *data,
		    int size)
{
	const void *fdt = r->options->machine_dtb;
	const char *name = data;
	const char *path;
	uint64_t phandle;
	int node;

	if (!fdt) {
		jh_tree_complain(r, device->node, "tree-device",
				 "the machine's device tree is not given, see --dtb");
		return -1;
	}
	if (!jh_tree_is_string(data, size)) {
		if (!jh_tree_number(r, device->node, "device", data, size, &phandle))
			return -1;
		node = fdt_node_offset_by_phandle(fdt, (uint32_t)phandle);
		if (node < 0)
			jh_tree_complain(r, device->node, "tree-device",
					 "the machine's device tree has no phandle 0x%" PRIx64,
					 phandle);
		return node;
	}
	/* Labels survive compiling with -@ only. */
	if (name[0] == '&') {
		node = fdt_path_offset(fdt, "/__symbols__");
		path = node >= 0 ? get_string(fdt, node, name + 1) : NULL;
		node = path ? fdt_path_offset(fdt, path) : -1;
	} else {
		node = fdt_path_offset(fdt, name);
	}
	if (node < 0)
		jh_tree_complain(r, device->node, "tree-device",
				 "the machine's device tree has no %s \"%.100s\"",
				 name[0] == '&'   ? "label"
				 : name[0] == '/' ? "node"
						  : "alias",
				 name);
	return node;
}

/* ---- registers ---- */

/* From a bus' addresses to those of the bus above. */
static bool translate_step(const void *fdt, int bus, int parent, uint64_t *address)
{
	int child_cells = fdt_address_cells(fdt, bus);
	int parent_cells = fdt_address_cells(fdt, parent);
	int size_cells = fdt_size_cells(fdt, bus);
	int row = child_cells + parent_cells + size_cells;
	const fdt32_t *ranges = NULL;
	uint64_t start, size;
	int count, bytes;

	if (!fdt_getprop(fdt, bus, "ranges", &bytes) || child_cells < 1 || child_cells > 2 ||
	    parent_cells < 1 || parent_cells > 2 || size_cells < 1 || size_cells > 2)
		return false;
	count = get_cells(fdt, bus, "ranges", &ranges);
	/* An empty one: the same addresses. */
	if (count == 0)
		return true;
	for (; count >= row; count -= row, ranges += row) {
		start = number(ranges, child_cells);
		size = number(ranges + child_cells + parent_cells, size_cells);
		if (*address < start || *address - start >= size)
			continue;
		*address = number(ranges + child_cells, parent_cells) + (*address - start);
		return true;
	}
	return false;
}

/* To what the CPUs see. `bus` is the parent of the device. */
static bool translate(const void *fdt, int bus, uint64_t *address)
{
	int parent, depth;

	for (depth = 0; bus > 0; bus = parent) {
		parent = fdt_parent_offset(fdt, bus);
		if (parent < 0 || depth++ == MAX_DEPTH ||
		    !translate_step(fdt, bus, parent, address))
			return false;
	}
	return bus == 0;
}

static bool get_register(const void *fdt, int node, int index, uint64_t *ret_start,
			 uint64_t *ret_size)
{
	int bus = fdt_parent_offset(fdt, node);
	int address_cells, size_cells, count;
	const fdt32_t *reg = NULL;

	if (bus < 0)
		return false;
	address_cells = fdt_address_cells(fdt, bus);
	size_cells = fdt_size_cells(fdt, bus);
	if (address_cells < 1 || address_cells > 2 || size_cells < 1 || size_cells > 2)
		return false;
	count = get_cells(fdt, node, "reg", &reg);
	if ((index + 1) * (address_cells + size_cells) > count)
		return false;
	reg += index * (address_cells + size_cells);
	*ret_start = number(reg, address_cells);
	*ret_size = number(reg + address_cells, size_cells);
	return translate(fdt, bus, ret_start);
}

static int count_registers(const void *fdt, int node)
{
	int bus = fdt_parent_offset(fdt, node);
	const fdt32_t *reg = NULL;
	int row;

	row = bus < 0 ? 0 : fdt_address_cells(fdt, bus) + fdt_size_cells(fdt, bus);
	return row < 1 ? 0 : get_cells(fdt, node, "reg", &reg) / row;
}

static void add_registers(struct jh_reading *r, const struct jh_device *device, int node)
{
	const void *fdt = r->options->machine_dtb;
	int n, count = count_registers(fdt, node);
	uint64_t start, size;

	for (n = 0; n < count && n < MAX_REGISTERS; n++) {
		if (get_register(fdt, node, n, &start, &size))
			jh_device_add_memory(r, device, start, size);
		else
			jh_tree_complain(r, device->node, "tree-device",
					 "its registers %d are not in the CPUs' address space: the "
					 "device is behind another one",
					 n);
	}
}

/* ---- interrupts ---- */

static bool is_gic(const void *fdt, int node)
{
	const char *name;
	int n, length;

	if (!fdt_getprop(fdt, node, "interrupt-controller", NULL))
		return false;
	for (n = 0; (name = fdt_stringlist_get(fdt, node, "compatible", n, &length)) != NULL; n++)
		if (strncmp(name, "arm,", 4) == 0 &&
		    (strstr(name, "gic") || strcmp(name, "arm,pl390") == 0))
			return true;
	return false;
}

static int find_interrupt_parent(const void *fdt, int node)
{
	uint32_t phandle;
	int depth;

	for (depth = 0; node >= 0 && depth < MAX_DEPTH; depth++) {
		if (get_cell(fdt, node, "interrupt-parent", &phandle))
			return fdt_node_offset_by_phandle(fdt, phandle);
		node = node == 0 ? -1 : fdt_parent_offset(fdt, node);
	}
	return -1;
}

/* The distributor, which must be that of the system. */
static bool find_gicd(struct jh_reading *r, const struct jh_device *device, int gic,
		      uint64_t *ret_address)
{
	struct jailhouse_config_system system;
	uint64_t size;

	if (!get_register(r->options->machine_dtb, gic, 0, ret_address, &size)) {
		jh_tree_complain(r, device->node, "tree-device",
				 "the GIC of the machine's device tree has no address");
		return false;
	}
	if (!jh_tree_system(r))
		return true;
	jh_tree_get_system(jh_tree_system(r), &system);
	if (system.gicd_base == *ret_address)
		return true;
	jh_tree_complain(r, device->node, "tree-device",
			 "the GIC is at 0x%" PRIx64
			 " in the machine's device tree, but at 0x%" PRIx64 " in the system",
			 *ret_address, (uint64_t)system.gicd_base);
	return false;
}

/* An interrupt as its controller has it. */
static void add_interrupt(struct jh_reading *r, const struct jh_device *device, int controller,
			  const fdt32_t *cells, int count)
{
	const void *fdt = r->options->machine_dtb;
	const char *name;
	uint64_t address;
	uint32_t line;

	if (!is_gic(fdt, controller) || count < 3) {
		name = fdt_get_name(fdt, controller, NULL);
		jh_tree_complain(r, device->node, "tree-device",
				 "its interrupt goes to %.40s, not to the GIC, so that it can't be "
				 "handed over",
				 name ? name : "another controller");
		return;
	}
	/* Those of a CPU come with it. */
	if (fdt32_to_cpu(cells[0]) == GIC_PPI)
		return;
	line = fdt32_to_cpu(cells[1]);
	if (fdt32_to_cpu(cells[0]) != GIC_SPI || line >= JH_NUM_LINES - 32) {
		jh_tree_complain(r, device->node, "tree-device",
				 "its interrupt <%u %u> is none that a configuration can have",
				 fdt32_to_cpu(cells[0]), line);
		return;
	}
	if (find_gicd(r, device, controller, &address))
		jh_device_add_line(r, address, 32 + line);
}

static void add_extended(struct jh_reading *r, const struct jh_device *device, const fdt32_t *cell,
			 int count)
{
	const void *fdt = r->options->machine_dtb;
	int controller, used;
	uint32_t cells;

	for (; count > 0; count -= used, cell += used) {
		controller = fdt_node_offset_by_phandle(fdt, fdt32_to_cpu(cell[0]));
		if (controller < 0 || !get_cell(fdt, controller, "#interrupt-cells", &cells) ||
		    cells >= (uint32_t)count) {
			jh_tree_complain(r, device->node, "tree-device",
					 "its interrupts-extended can't be understood");
			return;
		}
		add_interrupt(r, device, controller, cell + 1, (int)cells);
		used = 1 + (int)cells;
	}
}

static void add_interrupts(struct jh_reading *r, const struct jh_device *device, int node)
{
	const void *fdt = r->options->machine_dtb;
	const fdt32_t *cell = NULL;
	int controller, count;
	uint32_t cells;

	count = get_cells(fdt, node, "interrupts-extended", &cell);
	if (count > 0) {
		add_extended(r, device, cell, count);
		return;
	}
	count = get_cells(fdt, node, "interrupts", &cell);
	if (count == 0)
		return;
	controller = find_interrupt_parent(fdt, node);
	if (controller < 0 || !get_cell(fdt, controller, "#interrupt-cells", &cells) || cells < 1 ||
	    cells > 8) {
		jh_tree_complain(r, device->node, "tree-device",
				 "its interrupts have no controller in the machine's device tree");
		return;
	}
	for (; count >= (int)cells; count -= (int)cells, cell += cells)
		add_interrupt(r, device, controller, cell, (int)cells);
}

/* ---- stream ids ---- */

static void add_iommus(struct jh_reading *r, const struct jh_device *device, int node)
{
	const void *fdt = r->options->machine_dtb;
	const fdt32_t *cell = NULL;
	int iommu, used, count = get_cells(fdt, node, "iommus", &cell);
	uint32_t cells;

	for (; count > 0; count -= used, cell += used) {
		iommu = fdt_node_offset_by_phandle(fdt, fdt32_to_cpu(cell[0]));
		if (iommu < 0 || !get_cell(fdt, iommu, "#iommu-cells", &cells) ||
		    cells >= (uint32_t)count || cells > 2) {
			jh_tree_complain(r, device->node, "tree-device",
					 "its iommus can't be understood");
			return;
		}
		/* An MMU-500's second one is the mask, which belongs into the upper half. */
		if (cells > 0)
			jh_device_add_stream_id(
				r, fdt32_to_cpu(cell[1]) |
					   (cells > 1 ? fdt32_to_cpu(cell[2]) << 16 : 0));
		used = 1 + (int)cells;
	}
}

void jh_machine_add_device(struct jh_reading *r, const struct jh_device *device, int machine_node)
{
	const void *fdt = r->options->machine_dtb;
	const char *status = get_string(fdt, machine_node, "status");

	/* "reserved" and "fail": the firmware's, or broken. */
	if (status && strcmp(status, "okay") != 0 && strcmp(status, "ok") != 0 &&
	    strcmp(status, "disabled") != 0) {
		jh_tree_complain(r, device->node, "tree-device",
				 "its status in the machine's device tree is \"%.20s\"", status);
		return;
	}
	if (count_registers(fdt, machine_node) == 0 &&
	    !fdt_getprop(fdt, machine_node, "interrupts", NULL) &&
	    !fdt_getprop(fdt, machine_node, "interrupts-extended", NULL)) {
		jh_tree_complain(
			r, device->node, "tree-device",
			"it has neither registers nor interrupts in the machine's device tree");
		return;
	}
	add_registers(r, device, machine_node);
	add_interrupts(r, device, machine_node);
	add_iommus(r, device, machine_node);
}

/* ---- PCI functions ---- */

static int find_host(const void *fdt, uint32_t domain)
{
	const char *type;
	uint32_t have;
	int node;

	for (node = fdt_next_node(fdt, -1, NULL); node >= 0;
	     node = fdt_next_node(fdt, node, NULL)) {
		type = get_string(fdt, node, "device_type");
		if (!type || strcmp(type, "pci") != 0 || !fdt_getprop(fdt, node, "reg", NULL))
			continue;
		if (!get_cell(fdt, node, "linux,pci-domain", &have))
			have = 0;
		if (have == domain)
			return node;
	}
	return -1;
}

/* <first id, IOMMU, first stream id, number> */
static void add_mapped_stream_id(struct jh_reading *r, const struct jh_device *device, int host)
{
	const void *fdt = r->options->machine_dtb;
	const fdt32_t *row = NULL;
	uint32_t id = device->bdf, mask, first;
	int count = get_cells(fdt, host, "iommu-map", &row);

	if (get_cell(fdt, host, "iommu-map-mask", &mask))
		id &= mask;
	for (; count >= 4; count -= 4, row += 4) {
		first = fdt32_to_cpu(row[0]);
		if (id < first || id - first >= fdt32_to_cpu(row[3]))
			continue;
		jh_device_add_stream_id(r, fdt32_to_cpu(row[2]) + (id - first));
		return;
	}
}

/* Rows of interrupt-map: address of three cells, pin, controller, its address, its interrupt. */
static void add_mapped_line(struct jh_reading *r, const struct jh_device *device, int host,
			    uint32_t pin)
{
	const void *fdt = r->options->machine_dtb;
	const fdt32_t *row = NULL, *mask = NULL;
	int controller, used, count = get_cells(fdt, host, "interrupt-map", &row);
	uint32_t address_cells, cells;

	if (get_cells(fdt, host, "interrupt-map-mask", &mask) != 4)
		return;
	for (; count > 5; count -= used, row += used) {
		controller = fdt_node_offset_by_phandle(fdt, fdt32_to_cpu(row[4]));
		if (controller < 0 || !get_cell(fdt, controller, "#interrupt-cells", &cells))
			return;
		if (!get_cell(fdt, controller, "#address-cells", &address_cells))
			address_cells = 0;
		if (address_cells > 4 || cells > 8 || 5 + (int)(address_cells + cells) > count)
			return;
		used = 5 + (int)(address_cells + cells);
		if (((uint32_t)device->bdf << 8 & fdt32_to_cpu(mask[0])) != fdt32_to_cpu(row[0]) ||
		    (pin & fdt32_to_cpu(mask[3])) != fdt32_to_cpu(row[3]))
			continue;
		add_interrupt(r, device, controller, row + 5 + address_cells, (int)cells);
		return;
	}
}

void jh_machine_add_function(struct jh_reading *r, const struct jh_device *device, uint32_t pin)
{
	const void *fdt = r->options->machine_dtb;
	int host = fdt ? find_host(fdt, device->domain) : -1;

	if (host < 0)
		return;
	add_mapped_stream_id(r, device, host);
	if (pin > 0)
		add_mapped_line(r, device, host, pin);
}
