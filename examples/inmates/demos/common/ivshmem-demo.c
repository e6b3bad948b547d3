/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One end of an IVSHMEM link between up to three peers: tells its state, rings the doorbell of another peer each
 * second, and shows what the peers have written whenever it is interrupted.
 *
 * Parameters: target=PEER, irq_base=NUMBER (of the vector or interrupt that the first one of the device becomes)
 */
#include <inmate.h>
#include <jailhouse/ivshmem.h>

#define CFG_CLASS 0x8
#define CLASS	  ((u32)JAILHOUSE_IVSHMEM_CLASS << 24)

#define BAR_BASE  0xff000000U
#define BAR_SIZE  0x1000
#define VECTORS	  4
#define PEERS	  3 /* that are shown */
#define SHOWN_OUT 0x2000 /* bytes from one output that is shown to the next */

#ifndef __x86_64__
#define CFG_INT_PIN 0x3d
#define FIRST_SPI   32
#endif

struct device {
	u16 bdf;
	bool msix;
	u32 id, peers;
	volatile u32 *state, *rw, *in, *out;
	char *regs;
};

static struct device dev;
static unsigned int irq_base, irq_count;

static void show_memory(void)
{
	unsigned int n;

	for (n = 0; n < PEERS; n++)
		printk("state[%d] = %d\n", n, dev.state[n]);
	for (n = 0; n < PEERS; n++)
		printk("rw[%d] = %d\n", n, dev.rw[n]);
	for (n = 0; n < PEERS; n++)
		printk("in@0x%04x = %d\n", n * SHOWN_OUT, dev.in[n * SHOWN_OUT / sizeof(u32)]);
}

static void irq_handler(unsigned int irq)
{
	if (irq < irq_base || irq >= irq_base + (dev.msix ? VECTORS : 1))
		return;
	printk("\nIVSHMEM: got interrupt %d (#%d)\n", irq - irq_base, ++irq_count);
	dev.rw[dev.id] = irq_count;
	dev.out[0] = irq_count * 10;
	show_memory();
}

static long long default_irq_base(void)
{
#ifdef __x86_64__
	return 32;
#else
	/* One line of the virtual PCI host for each pin */
	return (long long)comm_region->vpci_irq_base + FIRST_SPI + pci_read_config(dev.bdf, CFG_INT_PIN, 1) - 1;
#endif
}

static u64 read_cap64(int cap, unsigned int offset)
{
	return pci_read_config(dev.bdf, cap + offset, 4) | (u64)pci_read_config(dev.bdf, cap + offset + 4, 4) << 32;
}

static void init_device(int cap)
{
	u64 table_size = pci_read_config(dev.bdf, cap + 4, 4), rw_size = read_cap64(cap, 8);
	u64 out_size = read_cap64(cap, 16), base = read_cap64(cap, 24);
	char *bar1 = (char *)(unsigned long)(BAR_BASE + BAR_SIZE);
	unsigned int n;

	dev.regs = (char *)(unsigned long)BAR_BASE;
	pci_write_config(dev.bdf, PCI_CFG_BAR, BAR_BASE, 4);
	printk("IVSHMEM: bar0 is at %p\n", dev.regs);
	dev.msix = pci_find_cap(dev.bdf, PCI_CAP_MSIX) > 0;
	if (dev.msix)
		pci_write_config(dev.bdf, PCI_CFG_BAR + 4, BAR_BASE + BAR_SIZE, 4);
	printk("IVSHMEM: bar1 is at %p\n", bar1);
	pci_write_config(dev.bdf, PCI_CFG_COMMAND, PCI_CMD_MEM | PCI_CMD_MASTER, 2);
	map_range(dev.regs, 2 * BAR_SIZE, MAP_UNCACHED);

	dev.id = mmio_read32(dev.regs + JAILHOUSE_IVSHMEM_REG_ID);
	dev.peers = mmio_read32(dev.regs + JAILHOUSE_IVSHMEM_REG_MAX_PEERS);
	printk("IVSHMEM: ID is %d\n", dev.id);
	printk("IVSHMEM: max. peers is %d\n", dev.peers);
	map_range((void *)(unsigned long)base, table_size + rw_size + dev.peers * out_size, MAP_CACHED);
	dev.state = (u32 *)(unsigned long)base;
	dev.rw = (u32 *)(unsigned long)(base + table_size);
	dev.in = (u32 *)(unsigned long)(base + table_size + rw_size);
	dev.out = (u32 *)(unsigned long)(base + table_size + rw_size + dev.id * out_size);
	printk("IVSHMEM: state table is at %p\n", (void *)dev.state);
	printk("IVSHMEM: R/W section is at %p\n", (void *)dev.rw);
	printk("IVSHMEM: input sections start at %p\n", (void *)dev.in);
	printk("IVSHMEM: output section is at %p\n", (void *)dev.out);

	for (n = 0; n < (dev.msix ? VECTORS : 1); n++) {
#ifdef __x86_64__
		if (dev.msix)
			pci_msix_set_vector(dev.bdf, irq_base + n, n);
#endif
		irq_enable(irq_base + n);
	}
	printk("IVSHMEM: initialized device\n");
}

void inmate_main(void)
{
	int bdf, cap;
	u32 class, target;

	pci_init();
	bdf = pci_find_device(JAILHOUSE_IVSHMEM_VENDOR_ID, JAILHOUSE_IVSHMEM_DEVICE_ID, 0);
	if (bdf < 0) {
		printk("IVSHMEM: No PCI devices found .. nothing to do.\n");
		return;
	}
	dev.bdf = bdf;
	printk("IVSHMEM: Found device at %02x:%02x.%x\n", bdf >> 8, bdf >> 3 & 0x1f, bdf & 3);
	class = pci_read_config(bdf, CFG_CLASS, 4);
	if (class != CLASS) {
		printk("IVSHMEM: class/revision %08x, not supported\n", class);
		return;
	}
	cap = pci_find_cap(bdf, PCI_CAP_VENDOR);
	if (cap < 0) {
		printk("IVSHMEM ERROR: missing vendor capability\n");
		return;
	}
	irq_base = cmdline_parse_int("irq_base", default_irq_base());
	irq_init(irq_handler);
	init_device(cap);
	target = cmdline_parse_int("target", dev.id + 1);

	enable_irqs();
	mmio_write32(dev.regs + JAILHOUSE_IVSHMEM_REG_INT_CTRL, JAILHOUSE_IVSHMEM_INT_ENABLE);
	mmio_write32(dev.regs + JAILHOUSE_IVSHMEM_REG_STATE, dev.id + 1);
	show_memory();
	for (;;) {
		u32 vector = dev.msix ? dev.id + 1 : 0;

		delay_us(1000 * 1000);
		disable_irqs();
		printk("\nIVSHMEM: sending IRQ %d to peer %d\n", vector, target);
		enable_irqs();
		mmio_write32(dev.regs + JAILHOUSE_IVSHMEM_REG_DOORBELL, JAILHOUSE_IVSHMEM_DOORBELL(target, vector));
	}
}
