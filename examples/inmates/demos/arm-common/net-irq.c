/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* INTx: a line of the virtual PCI host for all */
#include "../common/net-irq.h"

#include <jailhouse/ivshmem.h>

#define PCI_CFG_INT_PIN 0x3d
#define FIRST_SPI	32

static void wake_up(unsigned int irq)
{
	(void)irq;
}

u32 net_irq_init(u16 bdf)
{
	irq_init(wake_up);
	irq_enable(FIRST_SPI + comm_region->vpci_irq_base + pci_read_config(bdf, PCI_CFG_INT_PIN, 1) - 1);
	return 0;
}

void net_irq_wait(void)
{
	/* A masked interrupt ends WFI, too. */
	asm volatile("dsb sy; wfi" : : : "memory");
	enable_irqs();
	asm volatile("isb" : : : "memory");
	disable_irqs();
}
