/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A peer that does what it is told, good or bad, by peer 0 of its first link (see link-peer.h), and counts its
 * interrupts. Parameters: dev0=, dev1=, the PCI addresses of its links; the second one may be missing.
 */
#include <inmate.h>
#include <jailhouse/ivshmem.h>

#include "link-peer.h"

#define BAR_BASE     0xff000000UL
#define BAR_SPACE    0x10000UL /* between those of both BARs of a device */
#define MIN_BAR_SIZE 0x1000UL
#define NO_DEVICE    0x10000
#define NOTHING_HERE 0xe0000000UL
#define PIN	     0x3d
#define FIRST_SPI    32

struct device {
	u16 bdf;
	u32 id, peers;
	u32 vectors;
	u32 irq; /* of the first vector */
	u64 output_size;
	char *regs;
	volatile u32 *state;
	char *outputs;
};

static struct device devices[LINK_PEER_DEVICES];
static volatile struct link_report *report;

static u32 read_reg(const struct device *dev, unsigned int reg)
{
	return mmio_read32(dev->regs + reg);
}

static void write_reg(const struct device *dev, unsigned int reg, u32 value)
{
	mmio_write32(dev->regs + reg, value);
}

static u64 read_config64(const struct device *dev, int where)
{
	return pci_read_config(dev->bdf, where, 4) | (u64)pci_read_config(dev->bdf, where + 4, 4) << 32;
}

static void count(unsigned int irq)
{
	unsigned int n;

	for (n = 0; n < LINK_PEER_DEVICES; n++)
		if (devices[n].vectors && irq >= devices[n].irq && irq < devices[n].irq + devices[n].vectors)
			report->irqs[n][irq - devices[n].irq]++;
}

static void set_up_irqs(struct device *dev, unsigned int number)
{
#ifdef __x86_64__
	unsigned int n;

	dev->irq = FIRST_INTERRUPT_VECTOR + number * LINK_PEER_VECTORS;
	dev->vectors = (pci_read_config(dev->bdf, JAILHOUSE_IVSHMEM_CFG_MSIX_CTRL, 2) & 0x7ff) + 1;
	for (n = 0; n < dev->vectors; n++)
		pci_msix_set_vector(dev->bdf, dev->irq + n, n);
#else
	(void)number;
	dev->irq = FIRST_SPI + comm_region->vpci_irq_base + pci_read_config(dev->bdf, PIN, 1) - 1;
	dev->vectors = 1;
	irq_enable(dev->irq);
#endif
}

static void set_up(struct device *dev, unsigned int number)
{
	unsigned long bar = BAR_BASE + number * 2 * BAR_SPACE;
	u64 base = read_config64(dev, JAILHOUSE_IVSHMEM_CFG_ADDRESS);
	u64 table = pci_read_config(dev->bdf, JAILHOUSE_IVSHMEM_CFG_STATE_SZ, 4);
	u64 rw = read_config64(dev, JAILHOUSE_IVSHMEM_CFG_RW_SZ);

	pci_write_config(dev->bdf, PCI_CFG_BAR, bar, 4);
	pci_write_config(dev->bdf, PCI_CFG_BAR + 4, bar + BAR_SPACE, 4);
	pci_write_config(dev->bdf, PCI_CFG_COMMAND, PCI_CMD_MEM | PCI_CMD_MASTER, 2);
	map_range((void *)bar, 2 * BAR_SPACE, MAP_UNCACHED);
	dev->regs = (char *)bar;
	dev->id = read_reg(dev, JAILHOUSE_IVSHMEM_REG_ID);
	dev->peers = read_reg(dev, JAILHOUSE_IVSHMEM_REG_MAX_PEERS);
	dev->output_size = read_config64(dev, JAILHOUSE_IVSHMEM_CFG_OUTPUT_SZ);
	map_range((void *)(unsigned long)base, table + rw + dev->peers * dev->output_size, MAP_CACHED);
	dev->state = (u32 *)(unsigned long)base;
	dev->outputs = (char *)(unsigned long)(base + table + rw);
}

static char *output(const struct device *dev, u32 id)
{
	return dev->outputs + id * dev->output_size;
}

static void show_registers(const struct device *dev)
{
	u32 n;

	for (n = 0; n < 5; n++)
		report->words[n] = read_reg(dev, n * sizeof(u32));
	for (n = 0; n < 3; n++)
		report->words[5 + n] = n < dev->peers ? dev->state[n] : ~0U;
}

static u32 random(u32 *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* One in four is a doorbell or a state that might be taken for one. */
static void be_wild(const struct device *dev, u32 times, u32 seed)
{
	u32 what, value;

	seed |= 1;
	while (times--) {
		what = random(&seed);
		value = random(&seed);
		if (what % 4 == 0)
			write_reg(dev, JAILHOUSE_IVSHMEM_REG_DOORBELL + (what & 4), value & 0x0003001f);
		else if (what % 4 == 1)
			pci_write_config(dev->bdf, JAILHOUSE_IVSHMEM_CFG_VENDOR_CAP + (what >> 8 & 0x3c), value, 4);
		else if (what % 4 == 2)
			write_reg(dev, what >> 8 & (MIN_BAR_SIZE - 4), value);
		else
			read_reg(dev, what >> 8 & (MIN_BAR_SIZE - 4));
	}
	write_reg(dev, JAILHOUSE_IVSHMEM_REG_STATE, 0);
}

static void park(void)
{
	disable_irqs();
	for (;;)
#ifdef __x86_64__
		asm volatile("hlt");
#else
		asm volatile("wfi");
#endif
}

static void repeat(const struct device *dev, unsigned int reg, u32 value, u32 step, u32 times)
{
	while (times--)
		write_reg(dev, reg, value + step * times);
}

static void obey(const volatile struct link_command *command)
{
	const u32 arg[3] = { command->arg[0], command->arg[1], command->arg[2] };
	const struct device *dev = &devices[command->device % LINK_PEER_DEVICES];
	u32 n;

	switch (command->op) {
	case LINK_STATE:
		repeat(dev, JAILHOUSE_IVSHMEM_REG_STATE, arg[0], 1, arg[1]);
		break;
	case LINK_RING:
		repeat(dev, JAILHOUSE_IVSHMEM_REG_DOORBELL, JAILHOUSE_IVSHMEM_DOORBELL(arg[0], arg[1]), 0, arg[2]);
		break;
	case LINK_CONTROL:
		pci_write_config(dev->bdf, JAILHOUSE_IVSHMEM_CFG_PRIV_CNTL, arg[1], 1);
		write_reg(dev, JAILHOUSE_IVSHMEM_REG_INT_CTRL, arg[0]);
		break;
	case LINK_REGISTERS:
		show_registers(dev);
		break;
	case LINK_WRITE:
		for (n = 0; n < arg[0]; n++)
			output(dev, dev->id)[LINK_PEER_TEXT + n] = (char)n;
		break;
	case LINK_WRITE_TO:
		*(volatile u32 *)output(dev, arg[0]) = ~0U;
		break;
	case LINK_WRITE_TABLE:
		((volatile u32 *)dev->state)[dev->id] = ~0U;
		break;
	case LINK_WILD:
		be_wild(dev, arg[0], arg[1]);
		break;
	case LINK_FAULT:
		map_range((void *)NOTHING_HERE, PAGE_SIZE, MAP_UNCACHED);
		mmio_read32((void *)NOTHING_HERE);
		break;
	case LINK_PARK:
		park();
		break;
	}
}

void inmate_main(void)
{
	static const char *const names[LINK_PEER_DEVICES] = { "dev0", "dev1" };
	const volatile struct link_command *command;
	unsigned int n;
	long long bdf;

	pci_init();
	irq_init(count);
	for (n = 0; n < LINK_PEER_DEVICES; n++) {
		bdf = cmdline_parse_int(names[n], NO_DEVICE);
		if (bdf == NO_DEVICE)
			break;
		devices[n].bdf = (u16)bdf;
		set_up(&devices[n], n);
	}
	if (!n) {
		printk("link-peer: no device\n");
		return;
	}
	report = (volatile struct link_report *)output(&devices[0], devices[0].id);
	command = (const volatile struct link_command *)output(&devices[0], 0) + devices[0].id;
	/* What stands there was for the peer's last life. */
	report->done = command->number;
	report->life = command->life;
	while (n--) {
		set_up_irqs(&devices[n], n);
		write_reg(&devices[n], JAILHOUSE_IVSHMEM_REG_INT_CTRL, JAILHOUSE_IVSHMEM_INT_ENABLE);
	}
	enable_irqs();
	__atomic_store_n(&report->magic, LINK_PEER_MAGIC, __ATOMIC_RELEASE);
	for (;;) {
		n = __atomic_load_n(&command->number, __ATOMIC_ACQUIRE);
		if (n == report->done)
			continue;
		obey(command);
		__atomic_store_n(&report->done, n, __ATOMIC_RELEASE);
	}
}
