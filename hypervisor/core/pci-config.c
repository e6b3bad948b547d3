// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Moderation of configuration space: what a guest reads and what of its writes gets through. */
#include <jailhouse/ivshmem.h>
#include <hypervisor/ivshmem.h>
#include "pci-internal.h"

/* Rules for writes to each byte of the header. */
#define DENY '-' /* a violation */
#define PASS 'w'
#define DROP '.' /* ignored */
#define BAR  'b' /* changes the guest's view of a base address, not the hardware */

/* "-" vendor, device, revision, class; see the offsets on the right */
static const char endpoint_rules[PCI_CAPS + 1] = "----wwww----wwww"  /* 0x00 command, cache line */
						 "bbbbbbbbbbbbbbbb"  /* 0x10 */
						 "bbbbbbbb--------"  /* 0x20 */
						 "....--------w---"; /* 0x30 ROM, interrupt line */

static const char bridge_rules[PCI_CAPS + 1] =
	"----wwww----wwww"  /* 0x00 command, cache line */
	"------------..--"  /* 0x10 port window */
	"................"  /* 0x20 memory windows */
	"....--------w-ww"; /* 0x30 ROM, interrupt line, control */

static u32 size_mask(unsigned int size)
{
	return size == 4 ? ~0U : (1U << (size * 8)) - 1;
}

/* A function that the cell holds, ready for access. */
static struct pci_device *held_device(const struct cell *cell, u16 bdf)
{
	struct pci_device *dev = pci_find(cell, bdf);

	if (!dev || !dev->owned)
		return NULL;
	pci_ready(dev);
	return dev;
}

/* All ones: there is nothing. */
static u32 read_virtual(const struct cell *cell, u16 bdf, u16 word)
{
	const struct ivshmem_device *dev = ivshmem_find(cell, bdf);

	return dev ? ivshmem_config_read(dev, word) : ~0U;
}

u32 pci_config_read(struct percpu *cpu, u16 bdf, u16 reg, unsigned int size)
{
	struct pci_device *dev = held_device(cpu->cell, bdf);
	unsigned int shift = reg % 4 * 8;
	u16 word = ALIGN_DOWN(reg, 4);
	u32 value, mask;

	if (!dev)
		return read_virtual(cpu->cell, bdf, word) >> shift & size_mask(size);
	if (!dev->hw.bridge && word >= PCI_BAR0 && word < PCI_BAR_END)
		return dev->bar[(word - PCI_BAR0) / 4] >> shift & size_mask(size);
	if (!dev->hw.bridge && word == PCI_ROM)
		return 0;
	mask = pci_msi_shadow(dev, word, &value);
	if (!mask)
		return pci_read(dev, reg, size);
	value = (value & mask) | (pci_read(dev, word, 4) & ~mask);
	return value >> shift & size_mask(size);
}

/* Only a capability that is listed as writable may be written. */
static bool cap_writable(const struct pci_device *dev, u16 reg)
{
	const struct jailhouse_pci_capability *cap =
		jailhouse_cell_pci_caps(dev->cell->config) + dev->config->caps_start;

	for (unsigned int n = 0; n < dev->config->num_caps; n++, cap++)
		if (reg >= cap->start && reg - cap->start < cap->len)
			return cap->flags & JAILHOUSE_PCICAPS_WRITE;
	return false;
}

static char rule(const struct pci_device *dev, u16 reg)
{
	if (reg < PCI_CAPS)
		return dev->hw.bridge ? bridge_rules[reg] : endpoint_rules[reg];
	return cap_writable(dev, reg) ? PASS : DENY;
}

static bool deny(struct percpu *cpu, const char *via, u16 bdf, u16 reg, unsigned int size,
		 u32 value)
{
	u64 address = (u64)bdf << 12 | reg;

	if (learn_access(cpu, JAILHOUSE_LEARNED_PCI, address, size, true))
		return true;
	cpu_printk(cpu, "FATAL: Invalid PCI %s write, device " BDF_FORMAT ", reg: 0x%x, size: %u\n",
		   via, BDF_ARGS(bdf), reg, size);
	VIOLATION(cpu, address, PCI_ACCESS, JAILHOUSE_ARG_WRITE, bdf, reg, value);
	return false;
}

static bool write_unlisted(struct percpu *cpu, const char *via, u16 bdf, u16 reg, unsigned int size,
			   u32 value)
{
	if (!cell_is_root(cpu->cell))
		return deny(cpu, via, bdf, reg, size, value);
	__atomic_fetch_add(&cpu->machine->info->dropped_pci_writes, 1, __ATOMIC_RELAXED);
	learn_access(cpu, JAILHOUSE_LEARNED_PCI, (u64)bdf << 12 | reg, size, true);
	return true;
}

static bool write_virtual(struct percpu *cpu, struct ivshmem_device *dev, const char *via, u16 bdf,
			  u16 reg, unsigned int size, u32 value)
{
	unsigned int shift = reg % 4 * 8;

	for (u16 n = reg; n < reg + size; n++)
		if (n < PCI_CAPS ? endpoint_rules[n] == DENY : n >= JAILHOUSE_IVSHMEM_CFG_SIZE)
			return deny(cpu, via, bdf, reg, size, value);
	if (!ivshmem_config_write(cpu, dev, ALIGN_DOWN(reg, 4), size_mask(size) << shift, value << shift))
		return false;
	if (ALIGN_DOWN(reg, 4) == PCI_COMMAND)
		ivshmem_uncover(cpu, dev);
	return true;
}

static void write_bar(struct pci_device *dev, u16 word, u32 mask, u32 value)
{
	unsigned int n = (word - PCI_BAR0) / 4;

	mask &= dev->config->bar_mask[n];
	dev->bar[n] = (dev->bar[n] & ~mask) | (value & mask);
}

bool pci_config_write(struct percpu *cpu, const char *via, u16 bdf, u16 reg, unsigned int size,
		      u32 value)
{
	struct pci_device *dev = held_device(cpu->cell, bdf);
	struct ivshmem_device *ivshmem = dev ? NULL : ivshmem_find(cpu->cell, bdf);
	unsigned int shift = reg % 4 * 8;
	u16 word = ALIGN_DOWN(reg, 4);
	u32 mask = size_mask(size) << shift, shadow;

	if (ivshmem)
		return write_virtual(cpu, ivshmem, via, bdf, reg, size, value);
	if (!dev)
		return write_unlisted(cpu, via, bdf, reg, size, value);
	for (u16 n = 0; n < size; n++)
		if (rule(dev, reg + n) == DENY)
			return deny(cpu, via, bdf, reg, size, value);

	/* In no word of the header the other rules are mixed. */
	switch (rule(dev, reg)) {
	case DROP:
		return true;
	case BAR:
		write_bar(dev, word, mask, value << shift);
		return true;
	}
	mask &= pci_msi_shadow(dev, word, &shadow);
	if (mask)
		return pci_msi_write(cpu, dev, word, mask, value << shift);
	if (pci_msi_shadow(dev, word, &shadow))
		return true; /* read-only or reserved bits beside shadowed ones */
	/* The guest may have reset its function, or let it sleep. */
	if (!dev->hw.bridge && word == PCI_COMMAND && (value << shift & PCI_CMD_DECODE))
		pci_restore_addresses(dev);
	pci_write(dev, reg, size, value);
	return true;
}
