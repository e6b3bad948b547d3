/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Interrupts of an IVSHMEM device: INTx, a line of the virtual PCI host for all. */
#include <ivshmem.h>

#define PCI_CFG_INT_PIN 0x3d
#define FIRST_SPI       32

/* That it came is all there is to know: the CPU goes on. */
static void wake_up(unsigned int irq)
{
	(void)irq;
}

void ivshmem_irq_init(struct ivshmem *link)
{
	disable_irqs();
	irq_init(wake_up);
	link->vectors = 1;
	irq_enable(FIRST_SPI + comm_region->vpci_irq_base +
		   pci_read_config(link->bdf, PCI_CFG_INT_PIN, 1) - 1);
}
