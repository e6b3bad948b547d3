/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Rules 201 to 213: ports, interrupt lines, PCI devices. */
#include "config/check-devices.h"

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
		if (jh_has_line(&check->config[c], address, line))
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
	if (root_has_chip(check, address) && !jh_has_line(&check->config[0], address, line))
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

JH_RULE(pin_base)
{
	struct jailhouse_config_irqchip chip;
	uint32_t c, n;
	bool good;

	for (c = 0; c < check->count; c++)
		for (n = 0; jailhouse_config_get_irqchip(&check->config[c], n, &chip) == 0; n++) {
			if (check->config[c].architecture == JAILHOUSE_X86)
				good = chip.pin_base == 0;
			else
				good = chip.pin_base % 32 == 0 && chip.pin_base >= 32 &&
				       chip.pin_base < 1020;
			if (!good)
				jh_find(check, rule, jh_place(c, JAILHOUSE_SECTION_IRQCHIP, n),
					jh_nowhere(),
					"%s: interrupt controller %u at 0x%llx starts with line %u",
					jh_cell_name(check, c).text, n,
					(unsigned long long)chip.address, chip.pin_base);
		}
}

/* ---- PCI ---- */

static void find_pci_type(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			  uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	if (dev->type < JAILHOUSE_PCI_TYPE_DEVICE || dev->type > JAILHOUSE_PCI_TYPE_IVSHMEM)
		jh_find(check, rule, jh_device_place(config, index), jh_nowhere(),
			"%s has the unknown type %u",
			jh_device_name(check, config, index, dev).text, dev->type);
}

JH_RULE(pci_type)
{
	jh_for_each_device(check, rule, find_pci_type);
}

static void find_capabilities(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			      uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	uint32_t have = check->config[config].count[JAILHOUSE_SECTION_PCI_CAP];

	if (dev->num_caps > 0 && (uint32_t)dev->caps_start + dev->num_caps > have)
		jh_find(check, rule, jh_device_place(config, index), jh_nowhere(),
			"%s has capabilities %u to %u, of %u",
			jh_device_name(check, config, index, dev).text, dev->caps_start,
			dev->caps_start + dev->num_caps - 1, have);
}

JH_RULE(pci_capabilities)
{
	jh_for_each_device(check, rule, find_capabilities);
}

static void find_twice(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
		       uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	struct jailhouse_config_pci_device other;
	uint32_t c, n;

	for (c = 0; c <= config; c++) {
		/* Devices of cells stand in the root cell as well; links are all the same address.
		 */
		if (c != config && (c < jh_first_cell(check) || jh_is_ivshmem(dev)))
			continue;
		for (n = 0; (c < config || n < index) &&
			    jailhouse_config_get_pci_device(&check->config[c], n, &other) == 0;
		     n++)
			if (jh_same_address(dev, &other))
				jh_find(check, rule, jh_device_place(config, index),
					jh_device_place(c, n), "%s stands in %s, too",
					jh_device_name(check, config, index, dev).text,
					jh_device_name(check, c, n, &other).text);
	}
}

JH_RULE(pci_twice)
{
	jh_for_each_device(check, rule, find_twice);
}

static void find_bus(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
		     uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	if (dev->bdf >> 8 > check->system.pci_mmconfig_end_bus)
		jh_find(check, rule, jh_device_place(config, index), jh_nowhere(),
			"%s is on a bus behind the last one, %u",
			jh_device_name(check, config, index, dev).text,
			check->system.pci_mmconfig_end_bus);
}

JH_RULE(pci_bus)
{
	if (check->system.pci_mmconfig_base)
		jh_for_each_device(check, rule, find_bus);
}

static void find_pci_not_in_root(struct jh_check *check, const struct jh_rule *rule,
				 uint32_t config, uint32_t index,
				 const struct jailhouse_config_pci_device *dev)
{
	struct jailhouse_config_pci_device other;
	uint32_t n;

	if (config == 0 || jh_is_ivshmem(dev))
		return;
	for (n = 0; jailhouse_config_get_pci_device(&check->config[0], n, &other) == 0; n++)
		if (jh_same_address(dev, &other))
			return;
	jh_find(check, rule, jh_device_place(config, index), jh_nowhere(),
		"%s is not listed by the root cell",
		jh_device_name(check, config, index, dev).text);
}

JH_RULE(pci_not_in_root)
{
	if (check->has_system)
		jh_for_each_device(check, rule, find_pci_not_in_root);
}

static bool lists_device(const struct jailhouse_config *config,
			 const struct jailhouse_config_pci_device *dev)
{
	struct jailhouse_config_pci_device other;
	uint32_t n;

	for (n = 0; jailhouse_config_get_pci_device(config, n, &other) == 0; n++)
		if (jh_same_address(dev, &other))
			return true;
	return false;
}

static void find_msix_table(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			    uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	uint64_t last = jh_last(dev->msix_address, dev->msix_region_size);
	const struct jh_extent *extent;
	bool own;
	size_t n;

	if (dev->num_msix_vectors == 0 || dev->msix_region_size == 0 || jh_is_ivshmem(dev))
		return;
	for (n = 0; n < check->num_extents && check->extent[n].start <= last; n++) {
		extent = &check->extent[n];
		own = extent->config == config;
		/* Who lists the device, too, gets a finding of its own. */
		if (extent->last < dev->msix_address ||
		    (!own && lists_device(&check->config[extent->config], dev)))
			continue;
		jh_find(check, rule, jh_device_place(config, index), jh_place_of(extent),
			"%s: its MSI-X table (0x%llx-0x%llx) is covered by memory region %u "
			"(0x%llx-0x%llx)%s%s",
			jh_device_name(check, config, index, dev).text,
			(unsigned long long)dev->msix_address, (unsigned long long)last,
			extent->index, (unsigned long long)extent->start,
			(unsigned long long)extent->last, own ? "" : " of ",
			own ? "" : jh_cell_name(check, extent->config).text);
	}
}

JH_RULE(msix_table)
{
	jh_for_each_device(check, rule, find_msix_table);
}

static void find_pci_iommu(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			   uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	struct jailhouse_config_iommu unit;

	if (jh_is_ivshmem(dev) ||
	    (jailhouse_config_get_iommu(&check->config[0], dev->iommu, &unit) == 0 && unit.base))
		return;
	jh_find(check, rule, jh_device_place(config, index), jh_nowhere(),
		"%s is behind IOMMU %u, which the system does not describe",
		jh_device_name(check, config, index, dev).text, dev->iommu);
}

JH_RULE(pci_iommu)
{
	struct jailhouse_config_iommu unit;

	/* Without any, see rule 119. */
	if (check->has_system && jailhouse_config_get_iommu(&check->config[0], 0, &unit) == 0 &&
	    unit.base)
		jh_for_each_device(check, rule, find_pci_iommu);
}
