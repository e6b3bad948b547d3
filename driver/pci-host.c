// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Both ARMs: the host bridge of the root cell's virtual PCI devices. Where a configuration says that its window has
 * no hardware behind, Linux knows of no such bridge, so the driver makes one while the hypervisor runs. All accesses
 * to the window trap.
 *
 * Not made of an overlay of the device tree, which stock kernels do not have, and not of pci_ecam_create(): it wants
 * the window for itself, but boards place it where Linux sees an unused part of the interrupt controller.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/acpi.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/pci.h>
#include <linux/sizes.h>

#include "arch-arm-common.h"

#define NUM_PINS	 4
#define NO_DOMAIN	 0xffff	/* of a configuration: any that is free */
/* A device tree's interrupt of a GIC: kind, number, trigger */
#define GIC_SPI		 0

static struct {
	struct pci_host_bridge *bridge;
	void __iomem *window;
	struct resource bus;
	struct resource memory;
	unsigned int irq[NUM_PINS];
} host;

static void __iomem *map_bus(struct pci_bus *bus, unsigned int devfn, int where)
{
	return bus->number ? NULL : host.window + (devfn << 12) + where;
}

static struct pci_ops ops = {
	.map_bus = map_bus,
	.read = pci_generic_config_read,
	.write = pci_generic_config_write,
};

/* As many device trees have it: the function does not matter, only its pin does. */
static int map_irq(const struct pci_dev *dev, u8 slot, u8 pin)
{
	const struct irq_data *gic = jh_gic_irq_data();
	struct irq_fwspec spec = {
		.param_count = 3,
		.param = { GIC_SPI, jh.config->root_cell.vpci_irq_base + pin - 1, IRQ_TYPE_EDGE_RISING },
	};

	if (pin < 1 || pin > NUM_PINS || !gic)
		return -1;
	spec.fwnode = gic->domain->fwnode;
	if (!host.irq[pin - 1])
		host.irq[pin - 1] = irq_create_fwspec_mapping(&spec);
	return host.irq[pin - 1] ?: -1;
}

static int find_domain(void)
{
	int domain = jh.config->platform_info.pci_domain;
	struct pci_bus *bus = NULL;

	if (domain != NO_DOMAIN)
		return domain;
	domain = 0;
	while ((bus = pci_find_next_bus(bus)))
		domain = max(domain, pci_domain_nr(bus) + 1);
	return domain;
}

/* Two pages, or, if that is more, what its registers and messages take; Linux puts the largest first, so all fits. */
static u64 space_of(const struct jailhouse_pci_device *device)
{
	u64 size = 0;
	u32 n;

	if (device->type != JAILHOUSE_PCI_TYPE_IVSHMEM)
		return 0;
	for (n = 0; n < 2; n++)
		if (device->bar_mask[n])
			size += (u32)(~device->bar_mask[n] + 1);
	return max_t(u64, PAGE_ALIGN(size), 2 * PAGE_SIZE);
}

static void set_resources(u64 start)
{
	const struct jailhouse_cell_desc *root = &jh.config->root_cell;
	const struct jailhouse_pci_device *device = jailhouse_cell_pci_devices(root);
	u64 size = 0;
	u32 n;

	for (n = 0; n < root->num_pci_devices; n++)
		size += space_of(&device[n]);

	host.bus = (struct resource){ .name = "jailhouse PCI", .flags = IORESOURCE_BUS };
	pci_add_resource(&host.bridge->windows, &host.bus);
	if (!size)
		return;
	host.memory = (struct resource){
		.name = "jailhouse PCI",
		.start = start + SZ_1M,
		.end = start + SZ_1M + size - 1,
		.flags = IORESOURCE_MEM,
	};
	pci_add_resource(&host.bridge->windows, &host.memory);
	/* For /proc/iomem; some boards have it in the middle of something else. */
	if (request_resource(&iomem_resource, &host.memory))
		pr_debug("%pR is not free\n", &host.memory);
}

static void release(void)
{
	unsigned int n;

	for (n = 0; n < NUM_PINS; n++)
		if (host.irq[n])
			irq_dispose_mapping(host.irq[n]);
	if (host.memory.parent)
		release_resource(&host.memory);
	if (host.window)
		iounmap(host.window);
	if (host.bridge)
		pci_free_host_bridge(host.bridge);
	memset(&host, 0, sizeof(host));
}

static int add(u64 start)
{
	/* The kernel takes the parent of any root bus for one of ACPI's devices then. */
	if (!acpi_disabled)
		return -EOPNOTSUPP;
	host.window = ioremap(start, SZ_1M);
	host.bridge = pci_alloc_host_bridge(0);
	if (!host.window || !host.bridge)
		return -ENOMEM;
	set_resources(start);
	host.bridge->dev.parent = jh.root_dev;
	host.bridge->ops = &ops;
	host.bridge->map_irq = map_irq;
	host.bridge->domain_nr = find_domain();
	return pci_host_probe(host.bridge);
}

/* Whatever goes wrong, the hypervisor runs on; its virtual devices are not seen then. */
void jh_pci_host_add(void)
{
	const struct jailhouse_platform_info *info = &jh.config->platform_info;
	int err;

	if (!info->pci_mmconfig_base || !info->pci_is_virtual)
		return;
	err = add(info->pci_mmconfig_base);
	if (!err)
		return;
	pr_warn("no host bridge for virtual PCI devices at 0x%llx, domain %u: error %d\n",
		info->pci_mmconfig_base, info->pci_domain, err);
	release();
}

void jh_pci_host_remove(void)
{
	if (!host.bridge)
		return;
	pci_lock_rescan_remove();
	pci_stop_root_bus(host.bridge->bus);
	pci_remove_root_bus(host.bridge->bus);
	pci_unlock_rescan_remove();
	release();
}
