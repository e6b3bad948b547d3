/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the drivers of IVSHMEM devices have in common. Each is a module of its own, so it stands here. */
#ifndef IVSHMEM_PCI_H
#define IVSHMEM_PCI_H

#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/limits.h>
#include <linux/pci.h>

#include <jailhouse/cell-config.h>
#include <jailhouse/ivshmem.h>

#include "ivshmem-layout.h"

#ifndef PCI_IRQ_INTX /* before Linux 6.8 */
#define PCI_IRQ_INTX PCI_IRQ_LEGACY
#endif

#define IVSHMEM_MEMORY_BAR 2

static inline int ivshmem_refuse(struct pci_dev *dev, const char *item, u64 value)
{
	dev_err(&dev->dev, "refused: %s: 0x%llx\n", item, value);
	return -EINVAL;
}

static inline u64 ivshmem_read_config64(struct pci_dev *dev, int where)
{
	u32 low = 0, high = 0;

	pci_read_config_dword(dev, where, &low);
	pci_read_config_dword(dev, where + 4, &high);
	return (u64)high << 32 | low;
}

static inline int ivshmem_read_layout(struct pci_dev *dev, void __iomem *regs, struct ivshmem_layout *at, u64 align)
{
	int cap = pci_find_capability(dev, PCI_CAP_ID_VNDR);
	u64 base, last = PHYS_ADDR_MAX, value;
	const char *wrong;
	u32 state_size;
	u8 length;

	if (!cap)
		return ivshmem_refuse(dev, "no vendor capability, status", PCI_STATUS_CAP_LIST);
	pci_read_config_byte(dev, cap + PCI_CAP_FLAGS, &length);
	pci_read_config_dword(dev, cap + offsetof(struct jailhouse_ivshmem_vendor_cap, state_table_size), &state_size);
	*at = (struct ivshmem_layout){
		.id = readl(regs + JAILHOUSE_IVSHMEM_REG_ID),
		.peers = readl(regs + JAILHOUSE_IVSHMEM_REG_MAX_PEERS),
		.state_size = state_size,
		.rw_size = ivshmem_read_config64(dev,
			cap + offsetof(struct jailhouse_ivshmem_vendor_cap, rw_section_size)),
		.output_size = ivshmem_read_config64(dev,
			cap + offsetof(struct jailhouse_ivshmem_vendor_cap, output_section_size)),
	};
	if (pci_resource_len(dev, IVSHMEM_MEMORY_BAR)) {
		base = pci_resource_start(dev, IVSHMEM_MEMORY_BAR);
		last = pci_resource_end(dev, IVSHMEM_MEMORY_BAR);
	} else if (length < JAILHOUSE_IVSHMEM_VENDOR_CAP_SIZE) {
		return ivshmem_refuse(dev, "no address of the shared memory, length of the vendor capability", length);
	} else {
		base = ivshmem_read_config64(dev,
			cap + offsetof(struct jailhouse_ivshmem_vendor_cap, base_address));
	}
	wrong = ivshmem_layout_init(at, base, last, align, &value);
	if (wrong)
		return ivshmem_refuse(dev, wrong, value);
	if (region_intersects(at->state, at->end - at->state, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) !=
	    REGION_DISJOINT)
		return ivshmem_refuse(dev, "shared memory is in System RAM", at->state);
	return 0;
}

/* Interrupts of this peer end with the first one, until it enables them again. */
static inline void ivshmem_one_shot(struct pci_dev *dev)
{
	int cap = pci_find_capability(dev, PCI_CAP_ID_VNDR);

	pci_write_config_byte(dev, cap + offsetof(struct jailhouse_ivshmem_vendor_cap, priv_control),
			      JAILHOUSE_IVSHMEM_PRIV_ONESHOT);
}

/* Enables the device, maps its registers, and looks where its memory is; it is quiet then. */
static inline int ivshmem_setup(struct pci_dev *dev, void __iomem **ret_regs, struct ivshmem_layout *at, u64 align)
{
	resource_size_t start = pci_resource_start(dev, JAILHOUSE_IVSHMEM_REG_BAR);
	void __iomem *regs;
	int err;

	err = pcim_enable_device(dev);
	if (err)
		return err;
	if (!(pci_resource_flags(dev, JAILHOUSE_IVSHMEM_REG_BAR) & IORESOURCE_MEM) || !start || start & (align - 1))
		return ivshmem_refuse(dev, "BAR 0", start);
	if (pci_resource_len(dev, JAILHOUSE_IVSHMEM_REG_BAR) < max_t(u64, align, 0x1000))
		return ivshmem_refuse(dev, "size of BAR 0", pci_resource_len(dev, JAILHOUSE_IVSHMEM_REG_BAR));
	err = pci_request_region(dev, JAILHOUSE_IVSHMEM_REG_BAR, pci_name(dev));
	if (err)
		return err;
	regs = pcim_iomap(dev, JAILHOUSE_IVSHMEM_REG_BAR, 0);
	if (!regs)
		return -ENOMEM;
	*ret_regs = regs;
	writel(0, regs + JAILHOUSE_IVSHMEM_REG_INT_CTRL);
	err = ivshmem_read_layout(dev, regs, at, align);
	if (!err)
		ivshmem_one_shot(dev);
	return err;
}

/* Requests all interrupts that the device has, at most @max. Return: how many, or an error */
static inline int ivshmem_request_irqs(struct pci_dev *dev, int max, irq_handler_t handler, const char *name, void *arg)
{
	int count, n, err;

	count = pci_alloc_irq_vectors(dev, 1, max, PCI_IRQ_MSIX | PCI_IRQ_INTX);
	for (n = 0; n < count; n++) {
		err = request_irq(pci_irq_vector(dev, n), handler, dev->msix_enabled ? 0 : IRQF_SHARED, name, arg);
		if (!err)
			continue;
		while (n--)
			free_irq(pci_irq_vector(dev, n), arg);
		pci_free_irq_vectors(dev);
		return err;
	}
	return count;
}

static inline void ivshmem_free_irqs(struct pci_dev *dev, int count, void *arg)
{
	int n;

	for (n = 0; n < count; n++)
		free_irq(pci_irq_vector(dev, n), arg);
	pci_free_irq_vectors(dev);
}

#endif /* !IVSHMEM_PCI_H */
