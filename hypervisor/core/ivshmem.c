// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * IVSHMEM unit: the virtual devices of cells and how they find each other. Devices with the same bdf form a link; each
 * knows all others by pointers, so a link is nothing of its own.
 */
#include <hypervisor/unit.h>
#include "ivshmem-internal.h"

#define NUM_WINDOWS 2 /* of a device at most */

struct ivshmem_device *ivshmem_find(const struct cell *cell, u16 bdf)
{
	return cell->ivshmem ? pci_bisect(cell->ivshmem->devices, cell->ivshmem->count, sizeof(*cell->ivshmem->devices),
					  bdf) :
			       NULL;
}

/* ---- check ---- */

/* Windows are powers of two that nothing else is in: with pages, guests can map them. */
static bool bad_window(u32 mask, bool needed)
{
	u32 size = ~mask + 1;

	return mask ? size < PAGE_SIZE || size & (size - 1) : needed;
}

/* The hypervisor itself writes to these, so they are memory. */
static bool bad_section(const struct jailhouse_memory *mem)
{
	return !IS_ALIGNED(mem->phys_start | mem->virt_start | mem->size, PAGE_SIZE) ||
	       mem->flags & (JAILHOUSE_MEM_IO | JAILHOUSE_MEM_COMM_REGION);
}

/* The number of a region by which the cell can write to the section, or that of all. */
static u32 writable_by(const struct jailhouse_cell_desc *config, const struct jailhouse_memory *section)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(config);
	u32 n = 0;

	for (; n < config->num_memory_regions; n++)
		if (mem[n].flags & JAILHOUSE_MEM_WRITE && !(mem[n].flags & JAILHOUSE_MEM_COMM_REGION) && mem[n].size &&
		    ranges_overlap(mem[n].phys_start, mem[n].size, section->phys_start, section->size))
			break;
	return n;
}

static int check_device(struct machine *m, const struct jailhouse_cell_desc *config,
			const struct jailhouse_pci_device *dev, u32 index)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(config) + dev->shmem_regions_start;
	u32 region;

	for (unsigned int n = 0; n < ARRAY_LEN(dev->bar_mask); n++)
		if (n < NUM_WINDOWS ? bad_window(dev->bar_mask[n], n == 0 || dev->num_msix_vectors) : dev->bar_mask[n])
			return REFUSE3(m, -EINVAL, IVSHMEM_BAR, JAILHOUSE_ITEM_PCI_DEVICE, index, dev->bdf, n,
				       dev->bar_mask[n]);
	for (unsigned int n = 0; n < 2U + dev->shmem_peers; n++) {
		if (n == 0 ? !mem->size || bad_section(mem) : mem[n].size && bad_section(&mem[n]))
			return REFUSE2(m, -EINVAL, IVSHMEM_SECTION, JAILHOUSE_ITEM_MEM_REGION,
				       dev->shmem_regions_start + n, dev->bdf, n);
		if (n == 1 || n == 2U + dev->shmem_dev_id || !mem[n].size)
			continue;
		region = writable_by(config, &mem[n]);
		if (region < config->num_memory_regions)
			return REFUSE2(m, -EINVAL, IVSHMEM_WRITABLE, JAILHOUSE_ITEM_MEM_REGION, region, dev->bdf,
				       dev->shmem_dev_id);
	}
	return 0;
}

/* After the PCI unit has looked at what the devices have in common with others, and at ids. */
static int ivshmem_cell_check(struct machine *m, const struct jailhouse_cell_desc *config, bool root)
{
	const struct jailhouse_pci_device *list = jailhouse_cell_pci_devices(config);
	int err = 0;

	(void)root;
	for (u32 n = 0; !err && n < config->num_pci_devices; n++)
		if (pci_is_ivshmem(&list[n]))
			err = check_device(m, config, &list[n], n);
	return err;
}

/* ---- links ---- */

static void set_peer(struct ivshmem_device *dev, const struct ivshmem_device *id_of, struct ivshmem_device *peer)
{
	spin_lock(&dev->lock);
	dev->peers[id_of->config->shmem_dev_id] = peer;
	spin_unlock(&dev->lock);
}

static void join(struct ivshmem_device *dev)
{
	struct machine *m = dev->cell->machine;

	dev->fresh = true;
	set_peer(dev, dev, dev);
	for_each_cell(cell, m) {
		struct ivshmem_device *other = cell == dev->cell ? NULL : ivshmem_find(cell, dev->config->bdf);

		if (!other)
			continue;
		if (dev->fresh)
			printk(m, "Shared memory connection established, peer cells:\n");
		printk(m, " \"%s\"\n", cell->config->name);
		dev->fresh = false;
		set_peer(dev, other, other);
		set_peer(other, dev, dev);
	}
}

static void leave(struct ivshmem_device *dev)
{
	for (unsigned int id = 0; id < IVSHMEM_PEERS; id++)
		if (dev->peers[id])
			set_peer(dev->peers[id], dev, NULL);
}

/* ---- life cycle ---- */

static struct percpu *holder(const struct ivshmem_device *dev)
{
	return dev->cell->machine->request.holder;
}

/* No interrupt comes by this device any more, and others hear that it is out of order. */
static void silence(struct percpu *cpu, struct ivshmem_device *dev)
{
	__atomic_store_n(&dev->int_control, 0, __ATOMIC_SEQ_CST);
	ivshmem_settle(dev);
	ivshmem_set_state(cpu, dev, 0, false);
}

static void reset(struct ivshmem_device *dev)
{
	silence(holder(dev), dev);
	ivshmem_config_write(holder(dev), dev, PCI_COMMAND, 0xffff, 0);
	dev->oneshot = 0;
	dev->msix_control = 0;
	memset(dev->bar, 0, sizeof(dev->bar));
	memset(dev->msix, 0, sizeof(dev->msix));
	for (unsigned int n = 0; n < IVSHMEM_VECTORS; n++)
		dev->msix[n * MSIX_WORDS + 3] = MSIX_MASKED;
	ivshmem_update_irqs(dev);
}

#define for_each_device(dev, cell)                                                                                   \
	for (struct ivshmem_device *dev = (cell)->ivshmem ? (cell)->ivshmem->devices : NULL;                         \
	     dev && dev < (cell)->ivshmem->devices + (cell)->ivshmem->count; dev++)

static int ivshmem_cell_init(struct cell *cell)
{
	const struct jailhouse_pci_device *config;
	struct machine *m = cell->machine;
	unsigned int count = 0, pages;
	struct ivshmem_device *dev;
	int err;

	for (int last = -1; (config = pci_next(cell->config, last, true)); last = config->bdf)
		count++;
	if (!count)
		return 0;
	err = mmio_promise(cell, count * NUM_WINDOWS);
	if (err)
		return err;
	pages = (unsigned int)PAGES(sizeof(*cell->ivshmem) + count * sizeof(*dev));
	cell->ivshmem = page_alloc(&m->pool, pages);
	if (!cell->ivshmem)
		return refuse_no_memory(m, pages);
	cell->ivshmem->pages = pages;
	for (int last = -1; (config = pci_next(cell->config, last, true)); last = config->bdf) {
		printk(m, "Adding virtual PCI device " BDF_FORMAT " to cell \"%s\"\n", BDF_ARGS(config->bdf),
		       cell->config->name);
		dev = &cell->ivshmem->devices[cell->ivshmem->count++];
		dev->config = config;
		dev->vectors = config->num_msix_vectors ? config->num_msix_vectors : 1;
		dev->cell = cell;
		join(dev);
		reset(dev);
	}
	return 0;
}

static void ivshmem_cell_exit(struct cell *cell)
{
	struct ivshmem_cell *ivshmem = cell->ivshmem;

	if (!ivshmem)
		return;
	for_each_device(dev, cell) {
		reset(dev);
		leave(dev);
	}
	page_free(&cell->machine->pool, ivshmem, ivshmem->pages);
	cell->ivshmem = NULL;
}

/* The root's devices may be in the middle of interrupting a CPU that it has lost. */
static void ivshmem_cell_reset(struct cell *cell)
{
	for_each_device(dev, cell) {
		dev->fresh = false;
		reset(dev);
	}
	for_each_device(dev, &cell->machine->root)
		ivshmem_settle(dev);
}

void ivshmem_cell_failed(struct percpu *cpu)
{
	for_each_device(dev, cpu->cell)
		silence(cpu, dev);
}

bool ivshmem_scrubs(const struct cell *cell, unsigned int region)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(cell->config) + region;
	bool opted_out = cell->config->flags & JAILHOUSE_CELL_NO_SCRUB || mem->flags & JAILHOUSE_MEM_NO_SCRUB;

	for_each_device(dev, cell) {
		unsigned int n = region - dev->config->shmem_regions_start;

		/* What a state table says has to be true. */
		if (dev->fresh ? n == 0 || (n < 2U + dev->config->shmem_peers && !opted_out) :
				 n == 2U + dev->config->shmem_dev_id && !opted_out)
			return true;
	}
	return false;
}

const struct unit ivshmem_unit = {
	.name = "ivshmem",
	.cell_check = ivshmem_cell_check,
	.cell_init = ivshmem_cell_init,
	.cell_exit = ivshmem_cell_exit,
	.cell_reset = ivshmem_cell_reset,
};
