/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Devices in the machine's device tree: registers through the buses above, interrupts of the GIC,
 * stream ids. The tree was checked as a whole; what its properties hold is not to be trusted.
 */
#include <libfdt.h>
#include <inttypes.h>
#include <string.h>

#include "config/devices.h"
#include "config/dt.h"

#define MAX_REGISTERS  32
#define MAX_INTERRUPTS 64
#define GIC_SPI        0
#define GIC_PPI        1

static bool get_cell(const void *fdt, int node, const char *name, uint32_t *ret_value)
{
	const fdt32_t *cells;

	if (jh_fdt_cells(fdt, node, name, &cells) < 1)
		return false;
	*ret_value = fdt32_to_cpu(cells[0]);
	return true;
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

/* Where a node is, and what is wrong with what is above it. */
struct place {
	struct jh_dt dt;
	struct jailhouse_error error;
};

static void complain(struct jh_reading *r, const struct jh_device *device,
		     const struct place *place)
{
	jh_tree_complain(r, device->node, "tree-device", "the machine's %s", place->error.text);
}

static bool go_to(struct jh_reading *r, const struct jh_device *device, int node,
		  struct place *ret_place)
{
	*ret_place = (struct place){.error = JAILHOUSE_ERROR_INIT};
	if (jh_dt_at(&ret_place->dt, r->options->machine_dtb, node, &ret_place->error) == 0)
		return true;
	complain(r, device, ret_place);
	return false;
}

/* ---- registers ---- */

static void add_registers(struct jh_reading *r, const struct jh_device *device,
			  const struct place *place)
{
	uint32_t n, count = jh_dt_num_regs(&place->dt);
	struct jh_dt_range range;
	int found = 1;

	for (n = 0; n < count && n < MAX_REGISTERS && found >= 0; n++) {
		found = jh_dt_reg(&place->dt, n, &range);
		if (found > 0)
			jh_device_add_memory(r, device, range.start, range.size);
		else if (found == 0)
			jh_tree_complain(r, device->node, "tree-device",
					 "its registers %u are not in the CPUs' address space: the "
					 "device is behind another one",
					 n);
	}
	if (found < 0)
		complain(r, device, place);
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

/* The distributor, which must be that of the system. */
static bool find_gicd(struct jh_reading *r, const struct jh_device *device, int gic,
		      uint64_t *ret_address)
{
	struct jailhouse_config_system system;
	struct jh_dt_range range;
	struct place place;

	if (!go_to(r, device, gic, &place))
		return false;
	if (jh_dt_reg(&place.dt, 0, &range) <= 0) {
		jh_tree_complain(r, device->node, "tree-device",
				 "the GIC of the machine's device tree has no address");
		return false;
	}
	*ret_address = range.start;
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

static void add_interrupts(struct jh_reading *r, const struct jh_device *device,
			   const struct jh_dt *dt)
{
	const fdt32_t *cell = NULL;
	int controller, count;
	uint32_t cells;

	count = (int)jh_dt_cells(dt, "interrupts-extended", &cell);
	if (count > 0) {
		add_extended(r, device, cell, count);
		return;
	}
	count = (int)jh_dt_cells(dt, "interrupts", &cell);
	if (count == 0)
		return;
	controller = fdt_node_offset_by_phandle(dt->fdt, dt->level[dt->depth].interrupt_parent);
	if (controller < 0 || !get_cell(dt->fdt, controller, "#interrupt-cells", &cells) ||
	    cells < 1 || cells > 8) {
		jh_tree_complain(r, device->node, "tree-device",
				 "its interrupts have no controller in the machine's device tree");
		return;
	}
	for (; count >= (int)cells; count -= (int)cells, cell += cells)
		add_interrupt(r, device, controller, cell, (int)cells);
}

/* ---- stream ids ---- */

static void add_iommus(struct jh_reading *r, const struct jh_device *device,
		       const struct jh_dt *dt)
{
	const void *fdt = dt->fdt;
	const fdt32_t *cell = NULL;
	int iommu, used, count = (int)jh_dt_cells(dt, "iommus", &cell);
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
	struct place place;

	/* "reserved" and "fail": the firmware's, or broken. */
	if (status && strcmp(status, "okay") != 0 && strcmp(status, "ok") != 0 &&
	    strcmp(status, "disabled") != 0) {
		jh_tree_complain(r, device->node, "tree-device",
				 "its status in the machine's device tree is \"%.20s\"", status);
		return;
	}
	if (!go_to(r, device, machine_node, &place))
		return;
	if (jh_dt_num_regs(&place.dt) == 0 &&
	    !fdt_getprop(fdt, machine_node, "interrupts", NULL) &&
	    !fdt_getprop(fdt, machine_node, "interrupts-extended", NULL)) {
		jh_tree_complain(
			r, device->node, "tree-device",
			"it has neither registers nor interrupts in the machine's device tree");
		return;
	}
	add_registers(r, device, &place);
	add_interrupts(r, device, &place.dt);
	add_iommus(r, device, &place.dt);
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
	int count = (int)jh_fdt_cells(fdt, host, "iommu-map", &row);

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
	int controller, used, count = (int)jh_fdt_cells(fdt, host, "interrupt-map", &row);
	uint32_t address_cells, cells;

	if (jh_fdt_cells(fdt, host, "interrupt-map-mask", &mask) != 4)
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
