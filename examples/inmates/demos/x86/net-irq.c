/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* MSI-X: one vector for the state of the peer, one for frames */
#include "../common/net-irq.h"

#include <jailhouse/ivshmem.h>

/* That it came is all there is to know: the CPU goes on. */
static void wake_up(unsigned int vector)
{
	(void)vector;
}

u32 net_irq_init(u16 bdf)
{
	irq_init(wake_up);
	pci_msix_set_vector(bdf, FIRST_INTERRUPT_VECTOR, JAILHOUSE_IVSHMEM_NET_VECTOR_STATE);
	pci_msix_set_vector(bdf, FIRST_INTERRUPT_VECTOR + 1, JAILHOUSE_IVSHMEM_NET_VECTOR_RX_TX);
	return JAILHOUSE_IVSHMEM_NET_VECTOR_RX_TX;
}

void net_irq_wait(void)
{
	/* An interrupt is taken behind the instruction that follows STI, at the earliest. */
	asm volatile("sti; hlt; cli" : : : "memory");
}
