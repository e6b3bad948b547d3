// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * PCI devices of cells are taken from their Linux driver and held by a stub; the root cell's
 * virtual devices appear in Linux while the hypervisor runs. Physical devices keep their addresses.
 *
 * The reset of a device is the hypervisor's task: only it can restore the registers that it does
 * not let the root cell write.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "driver.h"
#include "pci-override.h"

#define STUB_NAME "jailhouse-pci-stub"

/* The device that the stub may bind, and nothing else; set with jh.lock held. */
static struct pci_dev *claiming;

static int stub_probe(struct pci_dev *dev, const struct pci_device_id *id)
{
	if (dev != READ_ONCE(claiming))
		return -ENODEV;
	dev_info(&dev->dev, "claimed for use in non-root cell\n");
	return 0;
}

/* No ids: it binds by driver_override only. */
static struct pci_driver stub = {
	.name = STUB_NAME,
	.probe = stub_probe,
	/* Nobody but us binds and unbinds. */
	.driver.suppress_bind_attrs = true,
};

/*
 * The hypervisor lets nobody move a BAR: what Linux writes there is only read back. But a device that
 * Linux finds anew (remove and rescan) gets other addresses than those it has, unless they are
 * claimed before. One without an address is left to Linux: a virtual device, which may have any.
 */
static void keep_addresses(struct pci_dev *dev)
{
	struct resource *bar;
	int n;

	for (n = 0; n < PCI_STD_NUM_BARS; n++) {
		bar = &dev->resource[n];
		if (!bar->flags || bar->flags & IORESOURCE_UNSET || !bar->start || bar->parent)
			continue;
		/* A bridge that is new, too, has no windows yet. */
		if (pci_find_parent_resource(dev, bar))
			pci_claim_resource(dev, n);
	}
}

/* After a device's BARs were read, and before addresses are given */
static int bus_notify(struct notifier_block *block, unsigned long action, void *dev)
{
	if (action == BUS_NOTIFY_ADD_DEVICE && READ_ONCE(jh.enabled))
		keep_addresses(to_pci_dev(dev));
	return NOTIFY_DONE;
}

static struct notifier_block bus_block = { .notifier_call = bus_notify };

int jh_pci_init(void)
{
	int err = bus_register_notifier(&pci_bus_type, &bus_block);

	if (err)
		return err;
	err = pci_register_driver(&stub);
	if (err)
		bus_unregister_notifier(&pci_bus_type, &bus_block);
	return err;
}

void jh_pci_exit(void)
{
	pci_unregister_driver(&stub);
	bus_unregister_notifier(&pci_bus_type, &bus_block);
}

/* Lets the device be bound by its old driver again, and forgets about it. */
static void release(struct jh_pci_claim *claim)
{
	struct device *dev = &claim->dev->dev;

	device_release_driver(dev);
	if (claim->old_driver) {
		/* By name, as the driver may have been unloaded meanwhile. */
		if (jh_pci_set_override(claim->dev, claim->old_driver) || device_attach(dev) <= 0)
			dev_warn(dev, "not bound to driver %s again\n", claim->old_driver);
	}
	if (jh_pci_set_override(claim->dev, claim->old_override ?: ""))
		dev_warn(dev, "driver_override is not restored\n");
	pci_dev_put(claim->dev);
	kfree(claim->old_driver);
	kfree(claim->old_override);
	kfree(claim);
}

/* Remembers which driver the device has. Takes over the reference to it. */
static struct jh_pci_claim *make_claim(struct pci_dev *dev)
{
	struct jh_pci_claim *claim = kzalloc(sizeof(*claim), GFP_KERNEL);
	bool failed = false;

	if (!claim) {
		pci_dev_put(dev);
		return NULL;
	}
	claim->dev = dev;
	claim->old_override = jh_pci_get_override(dev, &failed);
	device_lock(&dev->dev);
	if (dev->dev.driver) {
		claim->old_driver = kstrdup(dev->dev.driver->name, GFP_KERNEL);
		failed = failed || !claim->old_driver;
	}
	device_unlock(&dev->dev);
	if (!failed)
		return claim;
	pci_dev_put(dev);
	kfree(claim->old_driver);
	kfree(claim->old_override);
	kfree(claim);
	return NULL;
}

/* Takes the device from its driver and quiesces it. */
static int take(struct jh_pci_claim *claim)
{
	struct pci_dev *dev = claim->dev;
	int err;

	/* Set first, so that no other driver can get in between. */
	err = jh_pci_set_override(dev, STUB_NAME);
	if (err)
		return err;
	device_release_driver(&dev->dev);
	WRITE_ONCE(claiming, dev);
	err = device_attach(&dev->dev);
	WRITE_ONCE(claiming, NULL);
	if (err <= 0)
		return err ?: -ENODEV;
	pci_clear_master(dev);
	if (!pci_wait_for_pending_transaction(dev))
		dev_warn(&dev->dev, "transactions are still pending\n");
	return 0;
}

static bool has_claimed(const struct jh_cell *cell, const struct pci_dev *dev)
{
	const struct jh_pci_claim *claim;

	list_for_each_entry(claim, &cell->pci_devices, entry)
		if (claim->dev == dev)
			return true;
	return false;
}

/* The hypervisor says the same, but after the device was taken from the stub of its owner. */
static int check_unclaimed(const struct jh_cell *cell, u32 index,
			   const struct jailhouse_pci_device *config, const struct pci_dev *dev,
			   struct jailhouse_reason *r)
{
	const struct jh_cell *other;

	if (has_claimed(cell, dev))
		return jh_refuse(r, -EINVAL, JAILHOUSE_REASON_PCI_DUPLICATE,
				 JAILHOUSE_ITEM_PCI_DEVICE, index, config->bdf, 0, 0, 0);
	list_for_each_entry(other, &jh.cells, entry)
		if (has_claimed(other, dev))
			return jh_refuse(r, -EBUSY, JAILHOUSE_REASON_PCI_OTHER_CELL,
					 JAILHOUSE_ITEM_PCI_DEVICE, index, config->bdf, other->id,
					 0, 0);
	return 0;
}

static int claim_one(struct jh_cell *cell, u32 index, const struct jailhouse_pci_device *config,
		     struct jailhouse_reason *r)
{
	struct jh_pci_claim *claim;
	struct pci_dev *dev;
	int err;

	dev = pci_get_domain_bus_and_slot(config->domain, PCI_BUS_NUM(config->bdf),
					  config->bdf & 0xff);
	if (!dev)
		return 0;
	err = check_unclaimed(cell, index, config, dev, r);
	if (err) {
		pci_dev_put(dev);
		return err;
	}
	if (pci_is_bridge(dev)) {
		pci_dev_put(dev);
		return jh_refuse(r, -EINVAL, JAILHOUSE_REASON_PCI_TYPE, JAILHOUSE_ITEM_PCI_DEVICE,
				 index, config->bdf, config->type, 0, 0);
	}
	/* The virtual functions would go on living in the root cell. */
	if (pci_num_vf(dev)) {
		pci_dev_put(dev);
		return jh_refuse(r, -EBUSY, JAILHOUSE_REASON_PCI_IN_USE, JAILHOUSE_ITEM_PCI_DEVICE,
				 index, config->bdf, EBUSY, 0, 0);
	}
	claim = make_claim(dev);
	if (!claim)
		return jh_refuse_args(r, -ENOMEM, JAILHOUSE_REASON_NO_KERNEL_MEMORY, 0, 0);
	err = take(claim);
	if (err) {
		release(claim);
		return jh_refuse(r, err, JAILHOUSE_REASON_PCI_IN_USE, JAILHOUSE_ITEM_PCI_DEVICE,
				 index, config->bdf, -err, 0, 0);
	}
	list_add_tail(&claim->entry, &cell->pci_devices);
	return 0;
}

/* Takes the physical devices of a cell from Linux, all or none. It may not know some: skipped. */
int jh_pci_claim(struct jh_cell *cell, struct jailhouse_reason *r)
{
	const struct jailhouse_pci_device *device = jailhouse_cell_pci_devices(cell->config);
	u32 n;
	int err;

	for (n = 0; n < cell->config->num_pci_devices; n++, device++) {
		if (device->type != JAILHOUSE_PCI_TYPE_DEVICE)
			continue;
		err = claim_one(cell, n, device, r);
		if (err) {
			jh_pci_release(cell);
			return err;
		}
	}
	return 0;
}

/* Gives them back, once the root cell may touch them again. */
void jh_pci_release(struct jh_cell *cell)
{
	struct jh_pci_claim *claim, *next;

	list_for_each_entry_safe_reverse(claim, next, &cell->pci_devices, entry) {
		list_del(&claim->entry);
		release(claim);
	}
}

/* Calls a function for the bus of each virtual device of the root cell, if Linux has that bus. */
static void for_each_virtual(void (*function)(struct pci_bus *bus, unsigned int devfn))
{
	const struct jailhouse_cell_desc *root = &jh.config->root_cell;
	const struct jailhouse_pci_device *device = jailhouse_cell_pci_devices(root);
	struct pci_bus *bus;
	u32 n;

	pci_lock_rescan_remove();
	for (n = 0; n < root->num_pci_devices; n++, device++) {
		if (device->type != JAILHOUSE_PCI_TYPE_IVSHMEM)
			continue;
		bus = pci_find_bus(device->domain, PCI_BUS_NUM(device->bdf));
		if (bus)
			function(bus, device->bdf & 0xff);
	}
	pci_unlock_rescan_remove();
}

static void add_virtual(struct pci_bus *bus, unsigned int devfn)
{
	if (pci_scan_slot(bus, devfn)) {
		pci_bus_assign_resources(bus);
		pci_bus_add_devices(bus);
	}
}

static void remove_virtual(struct pci_bus *bus, unsigned int devfn)
{
	struct pci_dev *dev = pci_get_slot(bus, devfn);

	if (dev)
		pci_stop_and_remove_bus_device(dev);
	pci_dev_put(dev);
}

/* With the hypervisor running and jh.lock held */
void jh_pci_add_virtual(void)
{
	jh_pci_host_add();
	for_each_virtual(add_virtual);
}

void jh_pci_remove_virtual(void)
{
	for_each_virtual(remove_virtual);
	jh_pci_host_remove();
}
