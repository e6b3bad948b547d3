/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Drives a PCI device through configuration space, MMIO and MSI: an HD Audio controller whose
 * codecs report by MSI, or, with the parameter device=edu, QEMU's teaching device, told to raise an
 * interrupt each second.
 */
#include <inmate.h>

#define IRQ_VECTOR 32

#define PCI_CFG_CLASS 0x8
#define CLASS_HDA     0x0403

#define EDU_VENDOR 0x1234
#define EDU_DEVICE 0x11e8

/* High Definition Audio Specification, 3.3 */
#define HDA_GCTL      0x08
#define HDA_GCTL_CRST (1 << 0)
#define HDA_STATESTS  0x0e
#define HDA_WAKEEN    0x0c
#define HDA_INTCTL    0x20
#define HDA_INT_GIE   (1U << 31)
#define HDA_INT_CIE   (1U << 30)
#define HDA_CODECS    0x7fff

/* docs/specs/edu.txt of QEMU */
#define EDU_IRQ_STATUS 0x24
#define EDU_IRQ_RAISE  0x60
#define EDU_IRQ_ACK    0x64

static char *bar;
static bool is_edu;

static void irq_handler(unsigned int vector)
{
	if (vector != IRQ_VECTOR)
		return;

	if (is_edu) {
		u32 status = mmio_read32(bar + EDU_IRQ_STATUS);

		printk("EDU MSI received (status: %08x)\n", status);
		mmio_write32(bar + EDU_IRQ_ACK, status);
	} else {
		u16 statests = mmio_read16(bar + HDA_STATESTS);

		printk("HDA MSI received (STATESTS: %04x)\n", statests);
		mmio_write16(bar + HDA_STATESTS, statests);
	}
}

static int find_hda(void)
{
	int bdf = -1;

	do {
		bdf = pci_find_device(PCI_ID_ANY, PCI_ID_ANY, bdf + 1);
	} while (bdf >= 0 && bdf < 0xffff &&
		 pci_read_config(bdf, PCI_CFG_CLASS, 4) >> 16 != CLASS_HDA);
	return bdf;
}

/* A new reset makes the codecs report themselves. */
static void start_hda(void)
{
	mmio_write32(bar + HDA_GCTL, 0);
	delay_us(1000);
	mmio_write16(bar + HDA_WAKEEN, HDA_CODECS);
	mmio_write32(bar + HDA_INTCTL, HDA_INT_GIE | HDA_INT_CIE);
	mmio_write32(bar + HDA_GCTL, HDA_GCTL_CRST);
	/* WAKEEN can be lost in a reset. */
	delay_us(1000);
	mmio_write16(bar + HDA_WAKEEN, HDA_CODECS);
	mmio_write32(bar + HDA_INTCTL, HDA_INT_GIE | HDA_INT_CIE);
}

static void run_edu(void)
{
	u32 n;

	for (n = 1;; n++) {
		mmio_write32(bar + EDU_IRQ_RAISE, n);
		delay_us(1000 * 1000);
	}
}

void inmate_main(void)
{
	char device[8];
	u64 address;
	int bdf;

	irq_init(irq_handler);
	pci_init();

	cmdline_parse_str("device", device, sizeof(device), "hda");
	is_edu = strcmp(device, "edu") == 0;
	bdf = is_edu ? pci_find_device(EDU_VENDOR, EDU_DEVICE, 0) : find_hda();
	if (bdf < 0) {
		printk("No device found!\n");
		return;
	}
	printk("Found %04x:%04x at %02x:%02x.%x\n", pci_read_config(bdf, PCI_CFG_VENDOR_ID, 2),
	       pci_read_config(bdf, PCI_CFG_DEVICE_ID, 2), bdf >> 8, bdf >> 3 & 0x1f, bdf & 7);

	address = pci_read_config(bdf, PCI_CFG_BAR, 4);
	if (address & PCI_BAR_64BIT)
		address |= (u64)pci_read_config(bdf, PCI_CFG_BAR + 4, 4) << 32;
	bar = (char *)(address & ~0xfULL);
	map_range(bar, PAGE_SIZE, MAP_UNCACHED);
	printk("%s at %p\n", is_edu ? "EDU BAR" : "HDBAR", bar);

	pci_msi_set_vector(bdf, IRQ_VECTOR);
	pci_write_config(bdf, PCI_CFG_COMMAND, PCI_CMD_MEM | PCI_CMD_MASTER, 2);
	enable_irqs();

	if (is_edu)
		run_edu();
	start_hda();
	halt();
}
