/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * driver_override of a PCI device. It moved from struct pci_dev to struct device, in stable series
 * too, so Kbuild looks into the kernel's headers for it.
 */
#ifndef JH_PCI_OVERRIDE_H
#define JH_PCI_OVERRIDE_H

#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>

#ifdef JH_DEVICE_DRIVER_OVERRIDE

static inline int jh_pci_set_override(struct pci_dev *dev, const char *name)
{
	return device_set_driver_override(&dev->dev, name);
}

/* A copy of the name, NULL if there is none; @failed is set if there is no memory for it. */
static inline char *jh_pci_get_override(struct pci_dev *dev, bool *failed)
{
	char *name = NULL;

	spin_lock(&dev->dev.driver_override.lock);
	if (dev->dev.driver_override.name) {
		name = kstrdup(dev->dev.driver_override.name, GFP_ATOMIC);
		*failed = !name;
	}
	spin_unlock(&dev->dev.driver_override.lock);
	return name;
}

#else

static inline int jh_pci_set_override(struct pci_dev *dev, const char *name)
{
	return driver_set_override(&dev->dev, &dev->driver_override, name, strlen(name));
}

static inline char *jh_pci_get_override(struct pci_dev *dev, bool *failed)
{
	char *name = NULL;

	device_lock(&dev->dev);
	if (dev->driver_override) {
		name = kstrdup(dev->driver_override, GFP_KERNEL);
		*failed = !name;
	}
	device_unlock(&dev->dev);
	return name;
}

#endif

#endif /* !JH_PCI_OVERRIDE_H */
