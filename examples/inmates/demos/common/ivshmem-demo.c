/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One end of an IVSHMEM link between up to three peers: tells its state, rings the doorbell of another peer each
 * second, and shows what the peers have written whenever it is interrupted.
 *
 * Parameters: target=PEER, irq_base=NUMBER (of the vector or interrupt that the first one of the device becomes)
 */
#include <ivshmem.h>

#define CFG_CLASS 0x8
#define CLASS	  ((u32)JAILHOUSE_IVSHMEM_CLASS << 24)

#define VECTORS	  4
#define PEERS	  3 /* that are shown */
#define SHOWN_OUT 0x2000 /* bytes from one output that is shown to the next */

static struct ivshmem link;
static volatile u32 *rw, *in, *out;
static unsigned int irq_count;

static void show_memory(void)
{
	unsigned int n;

	for (n = 0; n < PEERS; n++)
		printk("state[%d] = %d\n", n, *ivshmem_state(&link, n));
	for (n = 0; n < PEERS; n++)
		printk("rw[%d] = %d\n", n, rw[n]);
	for (n = 0; n < PEERS; n++)
		printk("in@0x%04x = %d\n", n * SHOWN_OUT, in[n * SHOWN_OUT / sizeof(u32)]);
}

static void irq_handler(unsigned int irq)
{
	if (irq < link.irq || irq >= link.irq + link.vectors)
		return;
	printk("\nIVSHMEM: got interrupt %d (#%d)\n", irq - link.irq, ++irq_count);
	rw[link.at.id] = irq_count;
	out[0] = irq_count * 10;
	show_memory();
}

static const char *init_device(u16 bdf)
{
	const char *wrong = ivshmem_open(&link, bdf);

	if (wrong)
		return wrong;
	/* Each interrupt is shown, so none must be lost until the next one is wanted. */
	pci_write_config(bdf, JAILHOUSE_IVSHMEM_CFG_PRIV_CNTL, 0, 1);
	rw = (u32 *)(unsigned long)link.at.rw;
	in = ivshmem_output(&link, 0);
	out = ivshmem_output(&link, link.at.id);
	printk("IVSHMEM: bar0 is at %p\n", link.regs);
	printk("IVSHMEM: bar1 is at %p\n", link.regs + link.regs_size);
	printk("IVSHMEM: ID is %d\n", link.at.id);
	printk("IVSHMEM: max. peers is %d\n", link.at.peers);
	printk("IVSHMEM: state table is at %p\n", (void *)(unsigned long)link.at.state);
	printk("IVSHMEM: R/W section is at %p\n", (void *)rw);
	printk("IVSHMEM: input sections start at %p\n", (void *)in);
	printk("IVSHMEM: output section is at %p\n", (void *)out);
	if (link.vectors > VECTORS)
		link.vectors = VECTORS;
	ivshmem_irq_handle(&link, cmdline_parse_int("irq_base", 0), irq_handler);
	printk("IVSHMEM: initialized device\n");
	return NULL;
}

void inmate_main(void)
{
	const char *wrong;
	u32 class, target;
	bool msix;
	int bdf;

	pci_init();
	bdf = pci_find_device(JAILHOUSE_IVSHMEM_VENDOR_ID, JAILHOUSE_IVSHMEM_DEVICE_ID, 0);
	if (bdf < 0) {
		printk("IVSHMEM: No PCI devices found .. nothing to do.\n");
		return;
	}
	printk("IVSHMEM: Found device at %02x:%02x.%x\n", bdf >> 8, bdf >> 3 & 0x1f, bdf & 3);
	class = pci_read_config(bdf, CFG_CLASS, 4);
	if (class != CLASS) {
		printk("IVSHMEM: class/revision %08x, not supported\n", class);
		return;
	}
	if (pci_find_cap(bdf, PCI_CAP_VENDOR) < 0) {
		printk("IVSHMEM ERROR: missing vendor capability\n");
		return;
	}
	wrong = init_device(bdf);
	if (wrong) {
		printk("IVSHMEM ERROR: %s\n", wrong);
		return;
	}
	msix = pci_find_cap(bdf, PCI_CAP_MSIX) > 0;
	target = cmdline_parse_int("target", link.at.id + 1);

	enable_irqs();
	ivshmem_arm(&link);
	ivshmem_set_state(&link, link.at.id + 1);
	show_memory();
	for (;;) {
		u32 vector = msix ? link.at.id + 1 : 0;

		delay_us(1000 * 1000);
		disable_irqs();
		printk("\nIVSHMEM: sending IRQ %d to peer %d\n", vector, target);
		enable_irqs();
		ivshmem_ring(&link, target, vector);
	}
}
