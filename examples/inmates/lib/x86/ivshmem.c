/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Interrupts of an IVSHMEM device: MSI-X, a vector of this CPU for each of the device as far as
 * there are. */
#include <ivshmem.h>

#define END_OF_VECTORS (FIRST_INTERRUPT_VECTOR + MAX_INTERRUPT_VECTORS)

void ivshmem_irq_handle(struct ivshmem *link, unsigned int first, irq_handler_t handler)
{
	u32 room, n;

	disable_irqs();
	irq_init(handler);
	link->irq = first ? first : FIRST_INTERRUPT_VECTOR;
	room = link->irq < FIRST_INTERRUPT_VECTOR || link->irq > END_OF_VECTORS
		       ? 0
		       : END_OF_VECTORS - link->irq;
	if (link->vectors > room)
		link->vectors = room;
	for (n = 0; n < link->vectors; n++)
		pci_msix_set_vector(link->bdf, link->irq + n, n);
}
