/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Configuration space through the ports 0xcf8 and 0xcfc, and message-signalled interrupts. */
#include <inmate.h>

#define PCI_REG_ADDR 0xcf8
#define PCI_REG_DATA 0xcfc
#define PCI_ENABLE   (1U << 31)

#define MSI_CONTROL      0x2
#define MSI_CTRL_ENABLE  0x1
#define MSI_CTRL_VECTORS 0x70 /* log2 of the number in use */
#define MSI_CTRL_64BIT   0x80
#define MSI_ADDRESS      0x4
#define MSI_ADDRESS_HI   0x8
#define MSI_DATA_32      0x8
#define MSI_DATA_64      0xc

#define MSIX_CONTROL    0x2
#define MSIX_TABLE      0x4
#define MSIX_BIR_MASK   0x7
#define MSIX_ENTRY_SIZE 16

#define MSI_ADDRESS_BASE 0xfee00000U
#define MSI_DEST_SHIFT   12

#define BAR_ADDRESS_MASK (~0xfULL)

void pci_init(void)
{
}

static u16 select(u16 bdf, unsigned int addr)
{
	outl(PCI_ENABLE | (u32)bdf << 8 | (addr & 0xfc), PCI_REG_ADDR);
	return PCI_REG_DATA + (addr & 3);
}

u32 pci_read_config(u16 bdf, unsigned int addr, unsigned int size)
{
	u16 port = select(bdf, addr);

	switch (size) {
	case 1:
		return inb(port);
	case 2:
		return inw(port);
	case 4:
		return inl(port);
	default:
		return -1;
	}
}

void pci_write_config(u16 bdf, unsigned int addr, u32 value, unsigned int size)
{
	u16 port = select(bdf, addr);

	switch (size) {
	case 1:
		outb(value, port);
		break;
	case 2:
		outw(value, port);
		break;
	case 4:
		outl(value, port);
		break;
	}
}

static u32 msi_address(void)
{
	return MSI_ADDRESS_BASE | cpu_id() << MSI_DEST_SHIFT;
}

void pci_msi_set_vector(u16 bdf, unsigned int vector)
{
	int cap = pci_find_cap(bdf, PCI_CAP_MSI);
	unsigned int data = MSI_DATA_32;
	u16 control;

	if (cap < 0)
		return;

	control = pci_read_config(bdf, cap + MSI_CONTROL, 2);
	pci_write_config(bdf, cap + MSI_ADDRESS, msi_address(), 4);
	if (control & MSI_CTRL_64BIT) {
		pci_write_config(bdf, cap + MSI_ADDRESS_HI, 0, 4);
		data = MSI_DATA_64;
	}
	pci_write_config(bdf, cap + data, vector, 2);
	control = (control & ~MSI_CTRL_VECTORS) | MSI_CTRL_ENABLE;
	pci_write_config(bdf, cap + MSI_CONTROL, control, 2);
}

static u64 bar_address(u16 bdf, unsigned int bar)
{
	u64 address = pci_read_config(bdf, PCI_CFG_BAR + bar * 4, 4);

	if (address & PCI_BAR_64BIT)
		address |= (u64)pci_read_config(bdf, PCI_CFG_BAR + bar * 4 + 4, 4) << 32;
	return address & BAR_ADDRESS_MASK;
}

void pci_msix_set_vector(u16 bdf, unsigned int vector, u32 index)
{
	int cap = pci_find_cap(bdf, PCI_CAP_MSIX);
	u32 table_reg, *entry;
	u16 control;
	u64 table;

	if (cap < 0)
		return;

	control = pci_read_config(bdf, cap + MSIX_CONTROL, 2);
	pci_write_config(bdf, cap + MSIX_CONTROL, control | MSIX_CTRL_ENABLE | MSIX_CTRL_FMASK, 2);

	table_reg = pci_read_config(bdf, cap + MSIX_TABLE, 4);
	table = bar_address(bdf, table_reg & MSIX_BIR_MASK) + (table_reg & ~MSIX_BIR_MASK);
	map_range((void *)table, (index + 1) * MSIX_ENTRY_SIZE, MAP_UNCACHED);

	entry = (u32 *)(table + index * MSIX_ENTRY_SIZE);
	mmio_write32(&entry[0], msi_address());
	mmio_write32(&entry[1], 0);
	mmio_write32(&entry[2], vector);
	mmio_write32(&entry[3], 0);

	control = (control & ~MSIX_CTRL_FMASK) | MSIX_CTRL_ENABLE;
	pci_write_config(bdf, cap + MSIX_CONTROL, control, 2);
}
