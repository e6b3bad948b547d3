/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Interrupts of an IVSHMEM device: INTx, a line of the virtual PCI host for all. */
#include <ivshmem.h>

#define PCI_CFG_INT_PIN 0x3d
#define FIRST_SPI       32

void ivshmem_irq_handle(struct ivshmem *link, unsigned int first, irq_handler_t handler)
{
	disable_irqs();
	irq_init(handler);
	link->vectors = 1;
	link->irq = first ? first
			  : FIRST_SPI + comm_region->vpci_irq_base +
				    pci_read_config(link->bdf, PCI_CFG_INT_PIN, 1) - 1;
	irq_enable(link->irq);
}
