/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Searches in the PCI configuration space. */
#include <inmate.h>

#define MAX_CAPS 48 /* as many as fit, so that a chain with a loop ends */

int pci_find_device(u16 vendor, u16 device, u16 start_bdf)
{
	unsigned int bdf;
	u32 id;

	/* A cell may hold function 3 of a device without function 0, so each one is looked at. */
	for (bdf = start_bdf; bdf <= 0xffff; bdf++) {
		id = pci_read_config(bdf, PCI_CFG_VENDOR_ID, 4);
		if ((id & 0xffff) == PCI_ID_ANY)
			continue;
		if ((vendor == PCI_ID_ANY || vendor == (id & 0xffff)) &&
		    (device == PCI_ID_ANY || device == id >> 16))
			return bdf;
	}
	return -1;
}

int pci_find_cap(u16 bdf, u16 cap)
{
	unsigned int n, pos = PCI_CFG_CAP_PTR;

	if (!(pci_read_config(bdf, PCI_CFG_STATUS, 2) & PCI_STS_CAPS))
		return -1;

	for (n = 0; n < MAX_CAPS; n++) {
		pos = pci_read_config(bdf, n == 0 ? pos : pos + 1, 1) & ~3U;
		if (pos == 0)
			return -1;
		if (pci_read_config(bdf, pos, 1) == cap)
			return pos;
	}
	return -1;
}
