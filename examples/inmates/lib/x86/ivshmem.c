/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Interrupts of an IVSHMEM device: MSI-X, a vector of this CPU for each of the device as far as
 * there are. */
#include <ivshmem.h>

/* That it came is all there is to know: the CPU goes on. */
static void wake_up(unsigned int vector)
{
	(void)vector;
}

void ivshmem_irq_init(struct ivshmem *link)
{
	u32 n;

	disable_irqs();
	irq_init(wake_up);
	if (link->vectors > MAX_INTERRUPT_VECTORS)
		link->vectors = MAX_INTERRUPT_VECTORS;
	for (n = 0; n < link->vectors; n++)
		pci_msix_set_vector(link->bdf, FIRST_INTERRUPT_VECTOR + n, n);
}
