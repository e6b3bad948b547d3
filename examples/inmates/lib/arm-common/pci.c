/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Configuration space through the memory-mapped window; a cell has bus 0 only. */
#include <inmate.h>

#define BUS_SIZE   0x100000
#define MAX_BDF    0xff
#define NO_DEVICE  0xffffffff
#define BDF_SHIFT  12

void pci_init(void)
{
	if (comm_region->pci_mmconfig_base)
		map_range((void *)(unsigned long)comm_region->pci_mmconfig_base, BUS_SIZE,
			  MAP_UNCACHED);
}

static void *config_reg(u16 bdf, unsigned int addr)
{
	return (void *)((unsigned long)comm_region->pci_mmconfig_base +
			((unsigned long)bdf << BDF_SHIFT) + addr);
}

static bool reachable(u16 bdf)
{
	return bdf <= MAX_BDF && comm_region->pci_mmconfig_base;
}

u32 pci_read_config(u16 bdf, unsigned int addr, unsigned int size)
{
	if (!reachable(bdf))
		return NO_DEVICE;

	switch (size) {
	case 1:
		return mmio_read8(config_reg(bdf, addr));
	case 2:
		return mmio_read16(config_reg(bdf, addr));
	case 4:
		return mmio_read32(config_reg(bdf, addr));
	default:
		return NO_DEVICE;
	}
}

void pci_write_config(u16 bdf, unsigned int addr, u32 value, unsigned int size)
{
	if (!reachable(bdf))
		return;

	switch (size) {
	case 1:
		mmio_write8(config_reg(bdf, addr), value);
		break;
	case 2:
		mmio_write16(config_reg(bdf, addr), value);
		break;
	case 4:
		mmio_write32(config_reg(bdf, addr), value);
		break;
	}
}
