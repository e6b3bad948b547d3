// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The way to the configuration space of the machine, and what cells may do about messages: nothing. A message is a
 * write to an interrupt controller, and without an IOMMU only the device decides where it goes. So the devices of
 * cells have INTx, which are SPIs like any other, and the root cell programs its messages as before.
 */
#include <hypervisor/arch/memory.h>
#include <asm/host-regs.h>
#include "pci-internal.h"

/* The window is not mapped: an access that nobody answers must not be the end of the CPU. */
static u32 access_config(struct machine *m, u16 bdf, u16 reg, struct mmio_access *access)
{
	u64 base = m->config->platform_info.pci_mmconfig_base;

	if (!base || m->config->platform_info.pci_is_virtual)
		return ~0U;
	arch_device_access(host_this_cpu(), base + ((u64)bdf << 12) + reg, access);
	return (u32)access->value;
}

u32 arch_pci_read(struct machine *m, u16 bdf, u16 reg, unsigned int size)
{
	struct mmio_access access = { .size = (u8)size };

	return access_config(m, bdf, reg, &access) & (~0U >> (32 - 8 * size));
}

void arch_pci_write(struct machine *m, u16 bdf, u16 reg, unsigned int size, u32 value)
{
	struct mmio_access access = { .size = (u8)size, .write = true, .value = value };

	access_config(m, bdf, reg, &access);
}

/* ---- in place of core/pci-msi.c ---- */

int pci_msi_take(struct pci_device *dev, u32 index)
{
	(void)dev;
	(void)index;
	return 0;
}

void pci_msi_off(struct pci_device *dev)
{
	if (dev->hw.msi)
		pci_write(dev, dev->hw.msi + 2, 2, 0);
	if (dev->hw.msix)
		pci_write(dev, dev->hw.msix + 2, 2, 0);
}

void pci_msi_clear(struct pci_device *dev)
{
	(void)dev;
}

void pci_msi_refresh(struct pci_device *dev)
{
	(void)dev;
}

/* In a cell, messages are off, and stay so. */
u32 pci_msi_shadow(const struct pci_device *dev, u16 reg, u32 *value)
{
	*value = 0;
	if (cell_is_root(dev->cell) || !reg)
		return 0;
	return reg == dev->hw.msi ? MSI_ENABLE : reg == dev->hw.msix ? MSIX_ENABLE : 0;
}

bool pci_msi_write(struct percpu *cpu, struct pci_device *dev, u16 reg, u32 mask, u32 value)
{
	u16 bdf = dev->config->bdf;

	if (!(mask & value))
		return true;
	cpu_printk(cpu, "FATAL: PCI device " BDF_FORMAT " of a cell cannot send messages\n", BDF_ARGS(bdf));
	VIOLATION(cpu, (u64)bdf << 12 | reg, MSI_TARGET, bdf, 0, 0, 0);
	return false;
}

enum mmio_result pci_msix_access(struct percpu *cpu, void *arg, struct mmio_access *access)
{
	const struct pci_device *dev = arg;

	if (!dev->owned)
		return MMIO_UNHANDLED;
	arch_device_access(cpu, access->address, access);
	return MMIO_HANDLED;
}
