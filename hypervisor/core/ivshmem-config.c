// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Configuration space of IVSHMEM devices. Which writes are violations is the matter of pci-config.c. */
#include "ivshmem-internal.h"

#define DEVICE_ID	 ((u32)JAILHOUSE_IVSHMEM_DEVICE_ID << 16 | JAILHOUSE_IVSHMEM_VENDOR_ID)
#define STATUS_CAPS	 0x00100000U /* in the word of the command register */
#define COMMAND_WRITABLE (PCI_CMD_MEMORY | PCI_CMD_MASTER | PCI_CMD_INTX_OFF)
#define ONESHOT_SHIFT	 24 /* in the first word of the vendor's capability */

/* Words 0x44 to 0x5c: what the configuration says. */
static u32 vendor_word(const struct ivshmem_device *dev, u16 reg)
{
	u64 value = ivshmem_region(dev->cell, dev->config, 0)->size;

	if (reg >= JAILHOUSE_IVSHMEM_CFG_ADDRESS)
		value = ivshmem_region(dev->cell, dev->config, 0)->virt_start;
	else if (reg >= JAILHOUSE_IVSHMEM_CFG_OUTPUT_SZ)
		value = ivshmem_region(dev->cell, dev->config, 2)->size;
	else if (reg >= JAILHOUSE_IVSHMEM_CFG_RW_SZ)
		value = ivshmem_region(dev->cell, dev->config, 1)->size;
	return (u32)(reg % 8 && reg > JAILHOUSE_IVSHMEM_CFG_STATE_SZ ? value >> 32 : value);
}

static u32 msix_word(const struct ivshmem_device *dev, u16 reg)
{
	if (!dev->config->num_msix_vectors)
		return 0;
	switch (reg) {
	case JAILHOUSE_IVSHMEM_CFG_MSIX_CAP:
		return PCI_CAP_ID_MSIX | (dev->config->num_msix_vectors - 1U) << 16 | dev->msix_control;
	case JAILHOUSE_IVSHMEM_CFG_MSIX_TABLE:
		return JAILHOUSE_IVSHMEM_MSIX_TABLE | JAILHOUSE_IVSHMEM_MSIX_BAR;
	case JAILHOUSE_IVSHMEM_CFG_MSIX_PBA:
		return JAILHOUSE_IVSHMEM_MSIX_PBA | JAILHOUSE_IVSHMEM_MSIX_BAR;
	}
	return 0;
}

u32 ivshmem_config_read(const struct ivshmem_device *dev, u16 reg)
{
	bool msix = dev->config->num_msix_vectors;

	if (reg >= JAILHOUSE_IVSHMEM_CFG_SIZE)
		return ~0U;
	if (reg >= JAILHOUSE_IVSHMEM_CFG_MSIX_CAP)
		return msix_word(dev, reg);
	if (reg > JAILHOUSE_IVSHMEM_CFG_VENDOR_CAP)
		return vendor_word(dev, reg);
	if (reg >= PCI_BAR0 && reg < PCI_BAR_END)
		return dev->bar[(reg - PCI_BAR0) / 4];
	switch (reg) {
	case PCI_VENDOR:
	case PCI_SUBSYSTEM:
		return DEVICE_ID;
	case PCI_COMMAND:
		return dev->command | STATUS_CAPS;
	case PCI_CLASS:
		return (u32)JAILHOUSE_IVSHMEM_CLASS << 24 | (u32)dev->config->shmem_protocol << 8;
	case PCI_CAP_POINTER:
		return JAILHOUSE_IVSHMEM_CFG_VENDOR_CAP;
	case PCI_INTERRUPT:
		return msix ? 0 : ivshmem_pin(dev) << 8;
	case JAILHOUSE_IVSHMEM_CFG_VENDOR_CAP:
		return PCI_CAP_ID_VNDR | (msix ? JAILHOUSE_IVSHMEM_CFG_MSIX_CAP << 8 : 0) |
		       JAILHOUSE_IVSHMEM_VENDOR_CAP_SIZE << 16 |
		       __atomic_load_n(&dev->oneshot, __ATOMIC_RELAXED) << ONESHOT_SHIFT;
	}
	return 0;
}

static u64 window_size(const struct ivshmem_device *dev, unsigned int n)
{
	return n == JAILHOUSE_IVSHMEM_REG_BAR ? ~dev->config->bar_mask[n] + 1 : JAILHOUSE_IVSHMEM_MSIX_SIZE;
}

static void write_command(struct ivshmem_device *dev, u32 mask, u32 value)
{
	u32 old = dev->command;

	mask &= COMMAND_WRITABLE;
	dev->command = (old & ~mask) | (value & mask);
	for (unsigned int n = 0; n < ARRAY_LEN(dev->window); n++) {
		if (!((old ^ dev->command) & PCI_CMD_MEMORY))
			break;
		if (dev->window[n])
			mmio_hide(dev->cell, dev->window[n]);
		dev->window[n] = dev->command & PCI_CMD_MEMORY ? dev->bar[n] : 0;
		/* Where another window is, there is none of this device. */
		if (dev->window[n] && !mmio_show(dev->cell, dev->window[n], window_size(dev, n),
						 n == JAILHOUSE_IVSHMEM_REG_BAR ? ivshmem_register : ivshmem_msix, dev))
			dev->window[n] = 0;
	}
}

bool ivshmem_config_write(struct percpu *cpu, struct ivshmem_device *dev, u16 reg, u32 mask, u32 value)
{
	unsigned int bad = IVSHMEM_VECTORS, n;

	spin_lock(&dev->lock);
	if (reg >= PCI_BAR0 && reg < PCI_BAR_END) {
		n = (reg - PCI_BAR0) / 4;
		mask &= dev->config->bar_mask[n];
		dev->bar[n] = (dev->bar[n] & ~mask) | (value & mask);
	} else if (reg == PCI_COMMAND) {
		write_command(dev, mask, value);
		bad = ivshmem_update_irqs(dev);
	} else if (reg == JAILHOUSE_IVSHMEM_CFG_VENDOR_CAP && mask >> ONESHOT_SHIFT) {
		__atomic_store_n(&dev->oneshot, value >> ONESHOT_SHIFT & JAILHOUSE_IVSHMEM_PRIV_ONESHOT,
				 __ATOMIC_RELAXED);
	} else if (reg == JAILHOUSE_IVSHMEM_CFG_MSIX_CAP && dev->config->num_msix_vectors) {
		mask &= MSIX_WRITABLE;
		dev->msix_control = (dev->msix_control & ~mask) | (value & mask);
		bad = ivshmem_update_irqs(dev);
	}
	spin_unlock(&dev->lock);
	return ivshmem_check_update(cpu, dev, bad);
}

/* ---- regions over windows ---- */

/* The number of a window of which the guest reaches memory instead, or that of all. */
static unsigned int covered_window(const struct ivshmem_device *dev)
{
	unsigned int n = 0;

	for (; n < ARRAY_LEN(dev->window); n++)
		for (u64 offset = 0; dev->window[n] && offset < window_size(dev, n); offset += PAGE_SIZE)
			if (paging_lookup(&dev->cell->stage2, dev->window[n] + offset, NULL) != PAGING_INVALID_PHYS)
				return n;
	return n;
}

/* Not RAM: where Linux thinks that there is some, it does not put registers, and misses it if it goes. */
static bool gives_way(const struct cell *cell, u64 start, u64 size)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(cell->config);

	for (unsigned int n = 0; n < cell->config->num_memory_regions; n++)
		if (mem[n].flags & JAILHOUSE_MEM_EXECUTE && ranges_overlap(mem[n].virt_start, mem[n].size, start, size))
			return false;
	return cell_is_root(cell);
}

/* The root cell's CPUs stand still. False: something stays over a window. */
static bool uncover(const struct ivshmem_device *dev)
{
	unsigned int n;

	while ((n = covered_window(dev)) < ARRAY_LEN(dev->window))
		if (!gives_way(dev->cell, dev->window[n], window_size(dev, n)) ||
		    paging_unmap(&dev->cell->stage2, dev->window[n], PAGES(window_size(dev, n)) * PAGE_SIZE))
			return false;
	return true;
}

/*
 * A window's pages do not come back until disable: nothing else is there as long as Linux does not move devices around,
 * and to tell what the root cell would have there by then is more than this is worth.
 */
void ivshmem_uncover(struct percpu *cpu, struct ivshmem_device *dev)
{
	struct cell *cell = dev->cell;
	struct machine *m = cell->machine;
	bool done = false;
	unsigned int n = covered_window(dev);

	if (n == ARRAY_LEN(dev->window))
		return;
	if (gives_way(cell, dev->window[n], window_size(dev, n))) {
		if (!request_wait(cpu))
			return;
		/* Others may have moved them by now. */
		if (cpus_stop_root(cpu)) {
			done = uncover(dev);
			cpus_release_root(cpu, CPU_REQ_FLUSH);
		}
		request_leave(&m->request);
	}
	if (!done)
		guest_printk(cpu, "WARNING: memory of cell \"%s\" hides registers of PCI device " BDF_FORMAT "\n",
			     cell->config->name, BDF_ARGS(dev->config->bdf));
}
