/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Drives QEMU's teaching device (edu) through configuration space, MMIO and INTx: it is told to raise an interrupt
 * each second. Registers: docs/specs/edu.txt of QEMU.
 *
 * Parameter: irq, the interrupt that its pin is wired to.
 */
#include <inmate.h>

#define EDU_VENDOR     0x1234
#define EDU_DEVICE     0x11e8
#define EDU_LIVENESS   0x04 /* reads as the inverse of what was written */
#define EDU_IRQ_STATUS 0x24
#define EDU_IRQ_RAISE  0x60
#define EDU_IRQ_ACK    0x64

#define DEFAULT_IRQ 38 /* of slot 3 of the "virt" machine */

static char *bar;
static unsigned int device_irq;

static void irq_handler(unsigned int irq)
{
	u32 status;

	if (irq != device_irq)
		return;
	status = mmio_read32(bar + EDU_IRQ_STATUS);
	printk("EDU INTx received (status: %08x)\n", status);
	mmio_write32(bar + EDU_IRQ_ACK, status);
}

void inmate_main(void)
{
	int bdf;
	u32 n;

	pci_init();
	bdf = pci_find_device(EDU_VENDOR, EDU_DEVICE, 0);
	if (bdf < 0) {
		printk("No device found!\n");
		return;
	}
	/* Nothing else is there for this cell. */
	printk("Found %04x:%04x at %02x:%02x.%x, next at %d\n", pci_read_config(bdf, PCI_CFG_VENDOR_ID, 2),
	       pci_read_config(bdf, PCI_CFG_DEVICE_ID, 2), bdf >> 8, bdf >> 3 & 0x1f, bdf & 7,
	       pci_find_device(PCI_ID_ANY, PCI_ID_ANY, bdf + 1));

	bar = (char *)(unsigned long)(pci_read_config(bdf, PCI_CFG_BAR, 4) & ~0xfU);
	map_range(bar, PAGE_SIZE, MAP_UNCACHED);
	pci_write_config(bdf, PCI_CFG_COMMAND, PCI_CMD_MEM, 2);
	mmio_write32(bar + EDU_LIVENESS, 0x12345678);
	printk("EDU BAR at %p: %08x\n", bar, mmio_read32(bar + EDU_LIVENESS));

	device_irq = (unsigned int)cmdline_parse_int("irq", DEFAULT_IRQ);
	irq_init(irq_handler);
	irq_enable(device_irq);
	enable_irqs();
	for (n = 1;; n++) {
		mmio_write32(bar + EDU_IRQ_RAISE, n);
		delay_us(1000 * 1000);
	}
}
