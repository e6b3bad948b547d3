/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Rules 2xx: ports, interrupt lines, PCI and IVSHMEM devices. */
#include <stdio.h>
#include <string.h>

#include "config/check.h"

#define NONE JAILHOUSE_FINDING_NONE

/* ---- ports ---- */

#define CF8      0xcf8
#define CFC_LAST 0xcff

static uint32_t pio_last(const struct jailhouse_config_pio *pio)
{
	return (uint32_t)pio->base + pio->length - 1;
}

static struct jailhouse_place pio_place(uint32_t config, uint32_t index,
					const struct jailhouse_config_pio *pio)
{
	return jh_place_range(config, JAILHOUSE_SECTION_PIO, index, pio->base, pio_last(pio));
}

/* Calls `range` for each range of ports of each cell that is not the root cell. */
static void for_each_ports(struct jh_check *check, const struct jh_rule *rule,
			   void (*range)(struct jh_check *check, const struct jh_rule *rule,
					 uint32_t config, uint32_t index,
					 const struct jailhouse_config_pio *pio))
{
	struct jailhouse_config_pio pio;
	uint32_t c, n;

	for (c = jh_first_cell(check); c < check->count; c++)
		for (n = 0; jailhouse_config_get_pio(&check->config[c], n, &pio) == 0; n++)
			if (pio.length > 0)
				range(check, rule, c, n, &pio);
}

static void find_config_ports(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			      uint32_t index, const struct jailhouse_config_pio *pio)
{
	if (pio->base <= CFC_LAST && pio_last(pio) >= CF8)
		jh_find(check, rule, pio_place(config, index, pio), jh_nowhere(),
			"%s: port range %u (0x%x-0x%x) holds the ports of PCI configuration",
			jh_cell_name(check, config).text, index, pio->base, pio_last(pio));
}

JH_RULE(config_ports)
{
	for_each_ports(check, rule, find_config_ports);
}

static void find_foreign_ports(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			       uint32_t index, const struct jailhouse_config_pio *pio)
{
	struct jailhouse_config_pio other;
	uint32_t c, n;

	for (c = jh_first_cell(check); c < config; c++)
		for (n = 0; jailhouse_config_get_pio(&check->config[c], n, &other) == 0; n++)
			if (other.length > 0 && other.base <= pio_last(pio) &&
			    pio_last(&other) >= pio->base)
				jh_find(check, rule, pio_place(config, index, pio),
					pio_place(c, n, &other),
					"%s: port range %u (0x%x-0x%x) collides with range %u "
					"(0x%x-0x%x) of %s",
					jh_cell_name(check, config).text, index, pio->base,
					pio_last(pio), n, other.base, pio_last(&other),
					jh_cell_name(check, c).text);
}

JH_RULE(foreign_ports)
{
	for_each_ports(check, rule, find_foreign_ports);
}

static bool root_has_port(const struct jh_check *check, uint32_t port)
{
	struct jailhouse_config_pio pio;
	uint32_t n;

	/* The hypervisor opens the timer to every cell. */
	if (check->system.pm_timer_address && port >= check->system.pm_timer_address &&
	    port < check->system.pm_timer_address + 4u)
		return true;
	for (n = 0; jailhouse_config_get_pio(&check->config[0], n, &pio) == 0; n++)
		if (port >= pio.base && port < (uint32_t)pio.base + pio.length)
			return true;
	return false;
}

static void find_ports_not_in_root(struct jh_check *check, const struct jh_rule *rule,
				   uint32_t config, uint32_t index,
				   const struct jailhouse_config_pio *pio)
{
	uint32_t port;

	for (port = pio->base; port <= pio_last(pio) && port <= 0xffff; port++)
		if (!root_has_port(check, port)) {
			jh_find(check, rule, pio_place(config, index, pio), jh_nowhere(),
				"%s: port range %u (0x%x-0x%x): port 0x%x is not part of the root "
				"cell",
				jh_cell_name(check, config).text, index, pio->base, pio_last(pio),
				port);
			return;
		}
}

JH_RULE(ports_not_in_root)
{
	if (check->has_system)
		for_each_ports(check, rule, find_ports_not_in_root);
}

JH_RULE(uart_shared)
{
	const struct jailhouse_config_console *uart = &check->system.debug_console;
	bool mmio = uart->flags & JAILHOUSE_CON_ACCESS_MMIO;
	struct jailhouse_config_memory memory;
	struct jailhouse_config_pio pio;
	uint32_t c, n;

	if (uart->type == JAILHOUSE_CON_TYPE_NONE || !check->has_system)
		return;
	for (c = 1; c < check->count; c++) {
		for (n = 0; mmio && jailhouse_config_get_memory(&check->config[c], n, &memory) == 0;
		     n++)
			if (memory.size > 0 && !(memory.flags & JAILHOUSE_MEM_COMM_REGION) &&
			    uart->address >= memory.phys_start &&
			    uart->address <= jh_last(memory.phys_start, memory.size))
				jh_find(check, rule,
					jh_place_range(c, JAILHOUSE_SECTION_MEMORY, n,
						       uart->address, uart->address),
					jh_place(0, NONE, NONE),
					"%s: memory region %u holds the hypervisor's UART at "
					"0x%llx",
					jh_cell_name(check, c).text, n,
					(unsigned long long)uart->address);
		for (n = 0; !mmio && jailhouse_config_get_pio(&check->config[c], n, &pio) == 0; n++)
			if (pio.length > 0 && uart->address >= pio.base &&
			    uart->address <= pio_last(&pio))
				jh_find(check, rule, pio_place(c, n, &pio), jh_place(0, NONE, NONE),
					"%s: port range %u holds the hypervisor's UART at port "
					"0x%llx",
					jh_cell_name(check, c).text, n,
					(unsigned long long)uart->address);
	}
}

/* ---- interrupt lines ---- */

static bool has_line(const struct jailhouse_config *config, uint64_t address, uint32_t line)
{
	struct jailhouse_config_irqchip chip;
	uint32_t n;

	for (n = 0; jailhouse_config_get_irqchip(config, n, &chip) == 0; n++)
		if (chip.address == address && line >= chip.pin_base &&
		    line - chip.pin_base < 128 &&
		    chip.pin_bitmap[(line - chip.pin_base) / 32] >> ((line - chip.pin_base) % 32) &
			    1)
			return true;
	return false;
}

/* Calls `line` for each interrupt line of each cell that is not the root cell. */
static void for_each_line(struct jh_check *check, const struct jh_rule *rule,
			  void (*line)(struct jh_check *check, const struct jh_rule *rule,
				       uint32_t config, uint32_t chip, uint64_t address,
				       uint32_t line))
{
	struct jailhouse_config_irqchip chip;
	uint32_t c, n, bit;

	for (c = jh_first_cell(check); c < check->count; c++)
		for (n = 0; jailhouse_config_get_irqchip(&check->config[c], n, &chip) == 0; n++)
			for (bit = 0; bit < 128; bit++)
				if (chip.pin_bitmap[bit / 32] >> (bit % 32) & 1)
					line(check, rule, c, n, chip.address, chip.pin_base + bit);
}

static struct jailhouse_place line_place(uint32_t config, uint32_t chip, uint32_t line)
{
	return jh_place_range(config, JAILHOUSE_SECTION_IRQCHIP, chip, line, line);
}

static void find_foreign_line(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			      uint32_t chip, uint64_t address, uint32_t line)
{
	uint32_t c;

	for (c = jh_first_cell(check); c < config; c++)
		if (has_line(&check->config[c], address, line))
			jh_find(check, rule, line_place(config, chip, line),
				line_place(c, NONE, line),
				"%s: interrupt line %u of the controller at 0x%llx belongs to %s",
				jh_cell_name(check, config).text, line, (unsigned long long)address,
				jh_cell_name(check, c).text);
}

JH_RULE(foreign_line)
{
	for_each_line(check, rule, find_foreign_line);
}

static bool root_has_chip(const struct jh_check *check, uint64_t address)
{
	struct jailhouse_config_irqchip chip;
	uint32_t n;

	for (n = 0; jailhouse_config_get_irqchip(&check->config[0], n, &chip) == 0; n++)
		if (chip.address == address)
			return true;
	return check->config[0].architecture != JAILHOUSE_X86 && address == check->system.gicd_base;
}

static void find_line_not_in_root(struct jh_check *check, const struct jh_rule *rule,
				  uint32_t config, uint32_t chip, uint64_t address, uint32_t line)
{
	if (root_has_chip(check, address) && !has_line(&check->config[0], address, line))
		jh_find(check, rule, line_place(config, chip, line), jh_nowhere(),
			"%s: interrupt line %u of the controller at 0x%llx is not part of the root "
			"cell",
			jh_cell_name(check, config).text, line, (unsigned long long)address);
}

JH_RULE(line_not_in_root)
{
	if (check->has_system)
		for_each_line(check, rule, find_line_not_in_root);
}

JH_RULE(unknown_irqchip)
{
	struct jailhouse_config_irqchip chip;
	uint32_t c, n;

	for (c = 1; check->has_system && c < check->count; c++)
		for (n = 0; jailhouse_config_get_irqchip(&check->config[c], n, &chip) == 0; n++)
			if (!root_has_chip(check, chip.address))
				jh_find(check, rule, jh_place(c, JAILHOUSE_SECTION_IRQCHIP, n),
					jh_nowhere(),
					"%s: interrupt controller %u at 0x%llx is not one of the "
					"root cell",
					jh_cell_name(check, c).text, n,
					(unsigned long long)chip.address);
}

/* ---- PCI ---- */

/* Calls `device` for each PCI device of each configuration. */
static void for_each_device(struct jh_check *check, const struct jh_rule *rule,
			    void (*device)(struct jh_check *check, const struct jh_rule *rule,
					   uint32_t config, uint32_t index,
					   const struct jailhouse_config_pci_device *dev))
{
	struct jailhouse_config_pci_device dev;
	uint32_t c, n;

	for (c = 0; c < check->count; c++)
		for (n = 0; jailhouse_config_get_pci_device(&check->config[c], n, &dev) == 0; n++)
			device(check, rule, c, n, &dev);
}

static struct jailhouse_place device_place(uint32_t config, uint32_t index)
{
	return jh_place(config, JAILHOUSE_SECTION_PCI_DEVICE, index);
}

/* "cell guest: PCI device 2 (0000:00:1f.2)" */
struct device_name {
	char text[96];
};

static struct device_name name_of(const struct jh_check *check, uint32_t config, uint32_t index,
				  const struct jailhouse_config_pci_device *dev)
{
	struct device_name name;

	snprintf(name.text, sizeof(name.text), "%s: PCI device %u (%04x:%02x:%02x.%x)",
		 jh_cell_name(check, config).text, index, dev->domain, dev->bdf >> 8,
		 dev->bdf >> 3 & 0x1f, dev->bdf & 7);
	return name;
}

static bool is_ivshmem(const struct jailhouse_config_pci_device *dev)
{
	return dev->type == JAILHOUSE_PCI_TYPE_IVSHMEM;
}

static bool same_address(const struct jailhouse_config_pci_device *a,
			 const struct jailhouse_config_pci_device *b)
{
	return a->domain == b->domain && a->bdf == b->bdf;
}

static void find_pci_type(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			  uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	if (dev->type < JAILHOUSE_PCI_TYPE_DEVICE || dev->type > JAILHOUSE_PCI_TYPE_IVSHMEM)
		jh_find(check, rule, device_place(config, index), jh_nowhere(),
			"%s has the unknown type %u", name_of(check, config, index, dev).text,
			dev->type);
}

JH_RULE(pci_type)
{
	for_each_device(check, rule, find_pci_type);
}

static void find_capabilities(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			      uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	uint32_t have = check->config[config].count[JAILHOUSE_SECTION_PCI_CAP];

	if (dev->num_caps > 0 && (uint32_t)dev->caps_start + dev->num_caps > have)
		jh_find(check, rule, device_place(config, index), jh_nowhere(),
			"%s has capabilities %u to %u, of %u",
			name_of(check, config, index, dev).text, dev->caps_start,
			dev->caps_start + dev->num_caps - 1, have);
}

JH_RULE(pci_capabilities)
{
	for_each_device(check, rule, find_capabilities);
}

static void find_twice(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
		       uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	struct jailhouse_config_pci_device other;
	uint32_t c, n;

	for (c = 0; c <= config; c++) {
		/* Devices of cells stand in the root cell as well; links are all the same address.
		 */
		if (c != config && (c < jh_first_cell(check) || is_ivshmem(dev)))
			continue;
		for (n = 0; (c < config || n < index) &&
			    jailhouse_config_get_pci_device(&check->config[c], n, &other) == 0;
		     n++)
			if (same_address(dev, &other))
				jh_find(check, rule, device_place(config, index),
					device_place(c, n), "%s stands in %s, too",
					name_of(check, config, index, dev).text,
					name_of(check, c, n, &other).text);
	}
}

JH_RULE(pci_twice)
{
	for_each_device(check, rule, find_twice);
}

static void find_bus(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
		     uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	if (dev->bdf >> 8 > check->system.pci_mmconfig_end_bus)
		jh_find(check, rule, device_place(config, index), jh_nowhere(),
			"%s is on a bus behind the last one, %u",
			name_of(check, config, index, dev).text,
			check->system.pci_mmconfig_end_bus);
}

JH_RULE(pci_bus)
{
	if (check->system.pci_mmconfig_base)
		for_each_device(check, rule, find_bus);
}

static void find_pci_not_in_root(struct jh_check *check, const struct jh_rule *rule,
				 uint32_t config, uint32_t index,
				 const struct jailhouse_config_pci_device *dev)
{
	struct jailhouse_config_pci_device other;
	uint32_t n;

	if (config == 0 || is_ivshmem(dev))
		return;
	for (n = 0; jailhouse_config_get_pci_device(&check->config[0], n, &other) == 0; n++)
		if (same_address(dev, &other))
			return;
	jh_find(check, rule, device_place(config, index), jh_nowhere(),
		"%s is not listed by the root cell", name_of(check, config, index, dev).text);
}

JH_RULE(pci_not_in_root)
{
	if (check->has_system)
		for_each_device(check, rule, find_pci_not_in_root);
}

static void find_msix_table(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			    uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	uint64_t last = jh_last(dev->msix_address, dev->msix_region_size);
	const struct jh_extent *extent;
	size_t n;

	if (dev->num_msix_vectors == 0 || dev->msix_region_size == 0 || is_ivshmem(dev))
		return;
	for (n = 0; n < check->num_extents && check->extent[n].start <= last; n++) {
		extent = &check->extent[n];
		if (extent->config != config || extent->last < dev->msix_address)
			continue;
		jh_find(check, rule, device_place(config, index), jh_place_of(extent),
			"%s: its MSI-X table (0x%llx-0x%llx) is covered by memory region %u "
			"(0x%llx-0x%llx)",
			name_of(check, config, index, dev).text,
			(unsigned long long)dev->msix_address, (unsigned long long)last,
			extent->index, (unsigned long long)extent->start,
			(unsigned long long)extent->last);
	}
}

JH_RULE(msix_table)
{
	for_each_device(check, rule, find_msix_table);
}

/* ---- IVSHMEM ---- */

/* State table, common section, and an output section of each peer; older files have no shmem_peers.
 */
static uint32_t regions_of(const struct jailhouse_config_pci_device *dev)
{
	return 2 + (dev->shmem_peers ? dev->shmem_peers : 2u);
}

static bool regions_exist(const struct jailhouse_config *config,
			  const struct jailhouse_config_pci_device *dev)
{
	uint32_t have = config->count[JAILHOUSE_SECTION_MEMORY];

	return dev->shmem_regions_start <= have &&
	       regions_of(dev) <= have - dev->shmem_regions_start;
}

static void find_ivshmem_regions(struct jh_check *check, const struct jh_rule *rule,
				 uint32_t config, uint32_t index,
				 const struct jailhouse_config_pci_device *dev)
{
	struct jailhouse_config_memory memory;
	uint32_t n;

	if (!is_ivshmem(dev))
		return;
	if (!regions_exist(&check->config[config], dev)) {
		jh_find(check, rule, device_place(config, index), jh_nowhere(),
			"%s needs memory regions %u to %llu, of %u",
			name_of(check, config, index, dev).text, dev->shmem_regions_start,
			(unsigned long long)dev->shmem_regions_start + regions_of(dev) - 1,
			check->config[config].count[JAILHOUSE_SECTION_MEMORY]);
		return;
	}
	for (n = 0; n < regions_of(dev); n++) {
		jailhouse_config_get_memory(&check->config[config], dev->shmem_regions_start + n,
					    &memory);
		if (((memory.phys_start | memory.size) & (JH_PAGE_SIZE - 1)) == 0 &&
		    (memory.size > 0 || n != 0))
			continue;
		jh_find(check, rule, device_place(config, index),
			jh_place(config, JAILHOUSE_SECTION_MEMORY, dev->shmem_regions_start + n),
			"%s: its memory region %u (0x%llx, 0x%llx bytes) %s",
			name_of(check, config, index, dev).text, dev->shmem_regions_start + n,
			(unsigned long long)memory.phys_start, (unsigned long long)memory.size,
			memory.size ? "does not consist of whole pages"
				    : "must hold the state table, and is empty");
	}
}

JH_RULE(ivshmem_regions)
{
	for_each_device(check, rule, find_ivshmem_regions);
}

static void find_ivshmem_id(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			    uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	struct jailhouse_config_pci_device other;
	uint32_t c, n;

	if (!is_ivshmem(dev))
		return;
	if (dev->shmem_peers > JAILHOUSE_IVSHMEM_MAX_PEERS ||
	    dev->shmem_dev_id >= regions_of(dev) - 2)
		jh_find(check, rule, device_place(config, index), jh_nowhere(),
			"%s is peer %u of %u", name_of(check, config, index, dev).text,
			dev->shmem_dev_id, regions_of(dev) - 2);
	for (c = 0; c < config; c++)
		for (n = 0; jailhouse_config_get_pci_device(&check->config[c], n, &other) == 0; n++)
			if (is_ivshmem(&other) && same_address(dev, &other) &&
			    other.shmem_dev_id == dev->shmem_dev_id)
				jh_find(check, rule, device_place(config, index),
					device_place(c, n), "%s and %s are both peer %u",
					name_of(check, config, index, dev).text,
					name_of(check, c, n, &other).text, dev->shmem_dev_id);
}

JH_RULE(ivshmem_id)
{
	for_each_device(check, rule, find_ivshmem_id);
}

static void compare_peers(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			  uint32_t index, const struct jailhouse_config_pci_device *dev,
			  uint32_t other_config, uint32_t other_index,
			  const struct jailhouse_config_pci_device *other)
{
	struct jailhouse_config_memory ours, theirs;
	uint32_t n;

	if (regions_of(dev) != regions_of(other) || dev->shmem_protocol != other->shmem_protocol) {
		/* Front-end and back-end of virtio differ by these bits. */
		if (regions_of(dev) == regions_of(other) &&
		    (dev->shmem_protocol ^ other->shmem_protocol) == 0x4000 &&
		    dev->shmem_protocol & 0x8000)
			goto regions;
		jh_find(check, rule, device_place(config, index),
			device_place(other_config, other_index),
			"%s: %u peers, protocol 0x%x, but %s: %u peers, protocol 0x%x",
			name_of(check, config, index, dev).text, regions_of(dev) - 2,
			dev->shmem_protocol, jh_cell_name(check, other_config).text,
			regions_of(other) - 2, other->shmem_protocol);
		return;
	}
regions:
	if (!regions_exist(&check->config[config], dev) ||
	    !regions_exist(&check->config[other_config], other))
		return;
	for (n = 0; n < regions_of(dev); n++) {
		jailhouse_config_get_memory(&check->config[config], dev->shmem_regions_start + n,
					    &ours);
		jailhouse_config_get_memory(&check->config[other_config],
					    other->shmem_regions_start + n, &theirs);
		if (ours.size == theirs.size &&
		    (ours.size == 0 || ours.phys_start == theirs.phys_start))
			continue;
		jh_find(check, rule,
			jh_place(config, JAILHOUSE_SECTION_MEMORY, dev->shmem_regions_start + n),
			jh_place(other_config, JAILHOUSE_SECTION_MEMORY,
				 other->shmem_regions_start + n),
			"%s: section %u is 0x%llx, 0x%llx bytes, but of %s 0x%llx, 0x%llx bytes",
			name_of(check, config, index, dev).text, n,
			(unsigned long long)ours.phys_start, (unsigned long long)ours.size,
			jh_cell_name(check, other_config).text,
			(unsigned long long)theirs.phys_start, (unsigned long long)theirs.size);
	}
}

static void find_ivshmem_peers(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			       uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	struct jailhouse_config_pci_device other;
	uint32_t c, n;

	for (c = 0; is_ivshmem(dev) && c < config; c++)
		for (n = 0; jailhouse_config_get_pci_device(&check->config[c], n, &other) == 0; n++)
			if (is_ivshmem(&other) && same_address(dev, &other))
				compare_peers(check, rule, config, index, dev, c, n, &other);
}

JH_RULE(ivshmem_peers)
{
	for_each_device(check, rule, find_ivshmem_peers);
}

static void find_output(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	struct jailhouse_config_memory memory;
	uint32_t n;

	if (!is_ivshmem(dev) || !regions_exist(&check->config[config], dev))
		return;
	for (n = 0; n < regions_of(dev); n++) {
		if (n == 1 || n == 2u + dev->shmem_dev_id)
			continue;
		jailhouse_config_get_memory(&check->config[config], dev->shmem_regions_start + n,
					    &memory);
		if (memory.size > 0 && memory.flags & JAILHOUSE_MEM_WRITE)
			jh_find(check, rule,
				jh_place(config, JAILHOUSE_SECTION_MEMORY,
					 dev->shmem_regions_start + n),
				device_place(config, index), "%s: it may write to %s",
				name_of(check, config, index, dev).text,
				n == 0 ? "the state table" : "the output section of another peer");
	}
}

JH_RULE(ivshmem_output)
{
	for_each_device(check, rule, find_output);
}

JH_RULE(vpci_lines)
{
	struct jailhouse_config_pci_device dev;
	struct jailhouse_config_cell cell;
	uint32_t c, n, line;
	uint64_t gic = check->system.gicd_base;

	if (!check->has_system || check->config[0].architecture == JAILHOUSE_X86)
		return;
	for (c = 0; c < check->count; c++) {
		jailhouse_config_get_cell(&check->config[c], &cell);
		for (n = 0; jailhouse_config_get_pci_device(&check->config[c], n, &dev) == 0; n++) {
			if (!is_ivshmem(&dev) || dev.num_msix_vectors > 0)
				continue;
			/* INTA to INTD by the number of the device; lines of the GIC start with SPI
			 * 0 at 32. */
			line = 32 + cell.vpci_irq_base + (dev.bdf >> 3 & 3);
			if (!has_line(&check->config[c], gic, line))
				jh_find(check, rule, device_place(c, n), jh_nowhere(),
					"%s raises interrupt %u, which the cell does not have",
					name_of(check, c, n, &dev).text, line);
		}
	}
}
