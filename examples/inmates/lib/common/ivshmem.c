/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Finding and mapping IVSHMEM devices. */
#include <ivshmem.h>

#define PCI_CFG_CLASS 0x8
#define REGS_ADDRESS  0xff000000UL

int ivshmem_find(u16 protocol)
{
	const u32 class = (u32)JAILHOUSE_IVSHMEM_CLASS << 24 | (u32)protocol << 8;
	int bdf = -1;

	do {
		bdf = pci_find_device(JAILHOUSE_IVSHMEM_VENDOR_ID, JAILHOUSE_IVSHMEM_DEVICE_ID,
				      bdf + 1);
	} while (bdf >= 0 && (pci_read_config(bdf, PCI_CFG_CLASS, 4) & ~0xffU) != class);
	return bdf;
}

static u64 read_config64(u16 bdf, unsigned int where)
{
	return pci_read_config(bdf, where, 4) | (u64)pci_read_config(bdf, where + 4, 4) << 32;
}

/* A BAR tells its size by those bits that it keeps. */
static unsigned long bar_size(u16 bdf)
{
	pci_write_config(bdf, PCI_CFG_BAR, ~0U, 4);
	return ~pci_read_config(bdf, PCI_CFG_BAR, 4) + 1;
}

/* BAR 0, and BAR 1, which is as large, where it has MSI-X; else that write has no effect. */
static void place_registers(struct ivshmem *link)
{
	static unsigned long next = REGS_ADDRESS;
	unsigned long size = bar_size(link->bdf);

	next = (next + size - 1) & ~(size - 1);
	link->regs = (char *)next;
	link->regs_size = size;
	next += 2 * size;
	pci_write_config(link->bdf, PCI_CFG_BAR, (unsigned long)link->regs, 4);
	pci_write_config(link->bdf, PCI_CFG_BAR + 4, (unsigned long)link->regs + size, 4);
	pci_write_config(link->bdf, PCI_CFG_COMMAND, PCI_CMD_MEM | PCI_CMD_MASTER, 2);
	map_range(link->regs, 2 * size, MAP_UNCACHED);
	pci_write_config(link->bdf, JAILHOUSE_IVSHMEM_CFG_PRIV_CNTL, JAILHOUSE_IVSHMEM_PRIV_ONESHOT,
			 1);
}

const char *ivshmem_open(struct ivshmem *link, u16 bdf)
{
	struct ivshmem_layout *at = &link->at;
	const char *wrong;
	u64 value;

	link->bdf = bdf;
	link->vectors = 1;
	if (pci_find_cap(bdf, PCI_CAP_VENDOR) != JAILHOUSE_IVSHMEM_CFG_VENDOR_CAP)
		return "vendor capability";
	if (pci_find_cap(bdf, PCI_CAP_MSIX) == JAILHOUSE_IVSHMEM_CFG_MSIX_CAP)
		link->vectors =
			(pci_read_config(bdf, JAILHOUSE_IVSHMEM_CFG_MSIX_CTRL, 2) & 0x7ff) + 1;
	place_registers(link);
	at->id = mmio_read32(link->regs + JAILHOUSE_IVSHMEM_REG_ID);
	at->peers = mmio_read32(link->regs + JAILHOUSE_IVSHMEM_REG_MAX_PEERS);
	at->state_size = pci_read_config(bdf, JAILHOUSE_IVSHMEM_CFG_STATE_SZ, 4);
	at->rw_size = read_config64(bdf, JAILHOUSE_IVSHMEM_CFG_RW_SZ);
	at->output_size = read_config64(bdf, JAILHOUSE_IVSHMEM_CFG_OUTPUT_SZ);
	wrong = ivshmem_layout_init(at, read_config64(bdf, JAILHOUSE_IVSHMEM_CFG_ADDRESS), ~0UL,
				    PAGE_SIZE, &value);
	if (!wrong)
		map_range((void *)(unsigned long)at->state, at->end - at->state, MAP_CACHED);
	return wrong;
}

/* That it came is all there is to know: the CPU goes on. */
static void wake_up(unsigned int irq)
{
	(void)irq;
}

void ivshmem_irq_init(struct ivshmem *link)
{
	ivshmem_irq_handle(link, 0, wake_up);
}
