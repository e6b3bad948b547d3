// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * PCI unit: which function belongs to which cell. Every cell has a table of the physical functions
 * that its configuration lists; a function that another cell has taken stays in the root cell's
 * table, not owned, until it comes back.
 */
#include <jailhouse/ivshmem.h>
#include <hypervisor/unit.h>
#include <hypervisor/arch/memory.h>
#include "pci-internal.h"

#define MSIX_ENTRY_SIZE 16

void *pci_bisect(void *array, unsigned int count, unsigned long size, u16 bdf)
{
	unsigned int low = 0, high = count;

	while (low < high) {
		unsigned int mid = (low + high) / 2;
		u8 *element = (u8 *)array + mid * size;
		u16 found = (*(const struct jailhouse_pci_device **)element)->bdf;

		if (found == bdf)
			return element;
		if (found < bdf)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

struct pci_device *pci_find(const struct cell *cell, u16 bdf)
{
	return cell->pci ? pci_bisect(cell->pci->devices, cell->pci->count, sizeof(*cell->pci->devices),
				      bdf) :
			   NULL;
}

const struct jailhouse_pci_device *pci_next(const struct jailhouse_cell_desc *config, int last,
					    bool ivshmem)
{
	const struct jailhouse_pci_device *list = jailhouse_cell_pci_devices(config), *best = NULL;

	for (unsigned int n = 0; n < config->num_pci_devices; n++)
		if (pci_is_ivshmem(&list[n]) == ivshmem && list[n].bdf > last &&
		    (!best || list[n].bdf < best->bdf))
			best = &list[n];
	return best;
}

static bool has_msix_window(const struct jailhouse_pci_device *config)
{
	return !pci_is_ivshmem(config) && config->msix_address && config->num_msix_vectors;
}

static u64 mmconfig_size(const struct machine *m)
{
	return m->config->platform_info.pci_mmconfig_base ?
		       (m->config->platform_info.pci_mmconfig_end_bus + 1ULL) << 20 :
		       0;
}

/* ---- check ---- */

static int refuse_device(struct machine *m, int err, u32 code,
			 const struct jailhouse_pci_device *dev, u32 index, u64 a1, u64 a2, u64 a3)
{
	return refuse(m, err, code, JAILHOUSE_ITEM_PCI_DEVICE, index, dev->bdf, a1, a2, a3);
}

#define REFUSE_DEVICE(err, code, a1, a2, a3) \
	refuse_device(m, err, JAILHOUSE_REASON_##code, dev, index, a1, a2, a3)

static int check_ivshmem(struct machine *m, const struct jailhouse_cell_desc *config,
			 const struct jailhouse_pci_device *dev, u32 index)
{
	unsigned int peers = MIN(dev->shmem_peers, JAILHOUSE_IVSHMEM_MAX_PEERS);
	u64 end = (u64)dev->shmem_regions_start + 2 + dev->shmem_peers;

	if (end > config->num_memory_regions)
		return REFUSE_DEVICE(-EINVAL, IVSHMEM_REGIONS, dev->shmem_regions_start, end - 1,
				     config->num_memory_regions);
	if (dev->num_msix_vectors > JAILHOUSE_IVSHMEM_MAX_VECTORS)
		return REFUSE_DEVICE(-EINVAL, IVSHMEM_VECTORS, dev->num_msix_vectors,
				     JAILHOUSE_IVSHMEM_MAX_VECTORS, 0);
	if (dev->shmem_dev_id >= peers)
		return REFUSE_DEVICE(-EINVAL, IVSHMEM_ID, dev->shmem_dev_id, peers, 0);
	return 0;
}

static int check_msix(struct machine *m, const struct jailhouse_pci_device *dev, u32 index)
{
	u64 size = dev->msix_region_size;
	u64 limit = 1ULL << arch_phys_bits(m);

	if (!has_msix_window(dev))
		return 0;
	if (!IS_ALIGNED(dev->msix_address | size, PAGE_SIZE) || size > limit ||
	    dev->msix_address > limit - size || dev->num_msix_vectors * MSIX_ENTRY_SIZE > size ||
	    ranges_overlap(dev->msix_address, size, m->hv_phys, m->hv_size))
		return REFUSE_DEVICE(-EINVAL, PCI_MSIX_TABLE, dev->msix_address, size, 0);
	return 0;
}

static int check_device(struct machine *m, const struct jailhouse_cell_desc *config, u32 index,
			bool root)
{
	const struct jailhouse_pci_device *list = jailhouse_cell_pci_devices(config),
					  *dev = &list[index];

	if (dev->type < JAILHOUSE_PCI_TYPE_DEVICE || dev->type > JAILHOUSE_PCI_TYPE_IVSHMEM ||
	    (dev->type == JAILHOUSE_PCI_TYPE_BRIDGE && !root))
		return REFUSE_DEVICE(-EINVAL, PCI_TYPE, dev->type, 0, 0);
	if (mmconfig_size(m) && dev->bdf >> 8 > m->config->platform_info.pci_mmconfig_end_bus)
		return REFUSE_DEVICE(-EINVAL, PCI_BUS_RANGE,
				     m->config->platform_info.pci_mmconfig_end_bus, 0, 0);
	if ((u32)dev->caps_start + dev->num_caps > config->num_pci_caps)
		return REFUSE_DEVICE(-EINVAL, PCI_CAPS_RANGE, dev->caps_start,
				     dev->caps_start + dev->num_caps - 1, config->num_pci_caps);
	for (u32 n = 0; n < index; n++)
		if (list[n].bdf == dev->bdf)
			return REFUSE_DEVICE(-EINVAL, PCI_DUPLICATE, 0, 0, 0);
	return pci_is_ivshmem(dev) ? check_ivshmem(m, config, dev, index) : check_msix(m, dev, index);
}

/* A function belongs to one cell, and the root cell gives its own away. Of a link, each peer exists
 * once. */
static int check_owner(struct machine *m, const struct jailhouse_pci_device *dev, u32 index)
{
	for_each_cell (cell, m) {
		const struct jailhouse_pci_device *list = jailhouse_cell_pci_devices(cell->config);
		u32 id = cell->config->id;

		for (unsigned int n = 0; n < cell->config->num_pci_devices; n++) {
			if (list[n].bdf != dev->bdf || pci_is_ivshmem(&list[n]) != pci_is_ivshmem(dev))
				continue;
			if (pci_is_ivshmem(dev) && list[n].shmem_dev_id == dev->shmem_dev_id)
				return REFUSE_DEVICE(-EBUSY, IVSHMEM_USED, dev->shmem_dev_id, id,
						     0);
			if (!pci_is_ivshmem(dev) && !cell_is_root(cell))
				return REFUSE_DEVICE(-EBUSY, PCI_OTHER_CELL, id, 0, 0);
		}
	}
	return 0;
}

/* A mapped page never traps, so no region may cover an MSI-X table of the same or of another cell.
 */
static int check_memory(struct machine *m, const struct jailhouse_cell_desc *config,
			const struct jailhouse_cell_desc *other)
{
	const struct jailhouse_pci_device *list = jailhouse_cell_pci_devices(other);
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(config);

	for (unsigned int d = 0; d < other->num_pci_devices; d++) {
		u64 start = list[d].msix_address, size = list[d].msix_region_size;

		for (unsigned int n = 0;
		     has_msix_window(&list[d]) && n < config->num_memory_regions; n++) {
			if (mem[n].size == 0 || mem[n].flags & JAILHOUSE_MEM_COMM_REGION)
				continue;
			if (!ranges_overlap(start, size, mem[n].phys_start, mem[n].size) &&
			    !(other == config &&
			      ranges_overlap(start, size, mem[n].virt_start, mem[n].size)))
				continue;
			return REFUSE4(m, -EINVAL, MEM_INTERCEPTED, JAILHOUSE_ITEM_MEM_REGION, n,
				       mem[n].phys_start, mem[n].phys_start + (mem[n].size - 1),
				       start, start + size - 1);
		}
	}
	return 0;
}

static int pci_cell_check(struct machine *m, const struct jailhouse_cell_desc *config, bool root)
{
	int err = 0;

	for (u32 n = 0; !err && n < config->num_pci_devices; n++) {
		err = check_device(m, config, n, root);
		if (!err && !root)
			err = check_owner(m, jailhouse_cell_pci_devices(config) + n, n);
	}
	if (!err)
		err = check_memory(m, config, config);
	for_each_cell (cell, m)
		if (!err && !root)
			err = check_memory(m, config, cell->config);
	return err;
}

/* ---- hand-over ---- */

static void move_function(struct pci_device *from, struct pci_device *to)
{
	struct machine *m = to->cell->machine;
	u16 bdf = to->config->bdf;

	if (from) {
		printk(m, "Removing PCI device " BDF_FORMAT " from cell \"%s\"\n", BDF_ARGS(bdf),
		       from->cell->config->name);
		from->owned = false;
	}
	if (from && from->resetting) {
		/* It goes on; touching the function now would disturb it. */
		to->ready_at = from->ready_at;
		pci_clear_shadows(to);
		to->resetting = true;
		from->resetting = false;
	} else {
		pci_reset_begin(to);
	}
	to->owned = true;
	printk(m, "Adding PCI device " BDF_FORMAT " to cell \"%s\"\n", BDF_ARGS(bdf),
	       to->cell->config->name);
}

/* ---- tables ---- */

static enum mmio_result pci_mmconfig(struct percpu *cpu, void *arg, struct mmio_access *access)
{
	u64 offset = access->address - cpu->machine->config->platform_info.pci_mmconfig_base;
	u16 bdf = (u16)(offset >> 12), reg = offset & 0xfff;

	(void)arg;
	if (reg % 4 + access->size > 4)
		return MMIO_UNHANDLED;
	if (!access->write)
		access->value = pci_config_read(cpu, bdf, reg, access->size);
	else if (!pci_config_write(cpu, "MMCONFIG", bdf, reg, access->size, (u32)access->value))
		return MMIO_ERROR;
	return MMIO_HANDLED;
}

/* A table that is not where the configuration says would make the hypervisor write into something
 * else. */
static bool msix_table_is_there(const struct pci_device *dev, const struct pci_device *root)
{
	if (dev->hw.msix_phys)
		return ALIGN_DOWN(dev->hw.msix_phys, PAGE_SIZE) == dev->config->msix_address;
	/* A virtual function has no BARs: the system configuration is believed. */
	return cell_is_root(dev->cell) ||
	       (root && root->config->msix_address == dev->config->msix_address);
}

static int init_msix(struct pci_device *dev, const struct pci_device *root, u32 index)
{
	const struct jailhouse_pci_device *config = dev->config;
	struct machine *m = dev->cell->machine;
	int err = -EINVAL;

	if (!has_msix_window(config) || !dev->hw.msix)
		return 0;
	if (msix_table_is_there(dev, root)) {
		dev->msix_page = arch_map_device(m, config->msix_address, config->msix_region_size);
		if (!dev->msix_page)
			return refuse_no_memory(m, 1);
		err = mmio_add(dev->cell, config->msix_address, config->msix_region_size,
			       pci_msix_access, dev);
	}
	if (err == -EINVAL)
		return REFUSE3(m, err, PCI_MSIX_TABLE, JAILHOUSE_ITEM_PCI_DEVICE, index,
			       config->bdf, config->msix_address, config->msix_region_size);
	dev->msix_offset = dev->hw.msix_phys & PAGE_OFFS_MASK;
	dev->msix_vectors = MIN(config->num_msix_vectors, (dev->hw.msix_word >> 16 & 0x7ff) + 1);
	dev->msix_vectors = MIN(dev->msix_vectors,
				(config->msix_region_size - dev->msix_offset) / MSIX_ENTRY_SIZE);
	return err;
}

static int init_function(struct pci_device *dev)
{
	const struct pci_device *root =
		cell_is_root(dev->cell) ? NULL :
					  pci_find(&dev->cell->machine->root, dev->config->bdf);
	u32 index = (u32)(dev->config - jailhouse_cell_pci_devices(dev->cell->config));
	struct machine *m = dev->cell->machine;
	u16 bdf = dev->config->bdf;
	int err;

	if (root)
		dev->hw = root->hw;
	else
		pci_probe(m, bdf, &dev->hw);
	if (!dev->hw.present) {
		printk(m, "WARNING: PCI device " BDF_FORMAT " is absent, skipped\n", BDF_ARGS(bdf));
		return 0;
	}
	if (dev->config->type == JAILHOUSE_PCI_TYPE_BRIDGE)
		dev->hw.bridge = true;
	if (dev->hw.bridge && !cell_is_root(dev->cell))
		return REFUSE2(m, -EINVAL, PCI_TYPE, JAILHOUSE_ITEM_PCI_DEVICE, index, bdf,
			       JAILHOUSE_PCI_TYPE_BRIDGE);
	memcpy(dev->bar, &dev->hw.header[PCI_BAR0 / 4], sizeof(dev->bar));
	err = init_msix(dev, root, index);
	return err || !cell_is_root(dev->cell) ? err : pci_msi_take(dev, index);
}

static void free_table(struct cell *cell)
{
	struct pci_cell *pci = cell->pci;

	for (unsigned int n = 0; n < pci->count; n++) {
		struct pci_device *dev = &pci->devices[n];

		if (!dev->msix_page)
			continue;
		mmio_remove(cell, dev->config->msix_address);
		arch_unmap_device(cell->machine, dev->msix_page, dev->config->msix_region_size);
	}
	page_free(&cell->machine->pool, pci, pci->pages);
	cell->pci = NULL;
}

/* Everything that can fail; the hardware is only read. */
static int build_table(struct cell *cell)
{
	const struct jailhouse_cell_desc *config = cell->config;
	const struct jailhouse_pci_device *function;
	unsigned long size = sizeof(struct pci_cell);
	unsigned int pages, count = 0;
	u32 *shadows;
	int err;

	for (int last = -1; (function = pci_next(config, last, false)); last = function->bdf, count++)
		size += sizeof(struct pci_device) +
			(has_msix_window(function) ? function->num_msix_vectors * MSIX_ENTRY_SIZE :
						     0);
	if (!count)
		return 0;
	pages = (unsigned int)PAGES(size);
	cell->pci = page_alloc(&cell->machine->pool, pages);
	if (!cell->pci)
		return refuse_no_memory(cell->machine, pages);
	cell->pci->pages = pages;
	shadows = (u32 *)&cell->pci->devices[count];

	for (int last = -1; (function = pci_next(config, last, false)); last = function->bdf) {
		struct pci_device *dev = &cell->pci->devices[cell->pci->count++];

		dev->config = function;
		dev->cell = cell;
		dev->msix = shadows;
		if (has_msix_window(function))
			shadows += function->num_msix_vectors * MSIX_ENTRY_SIZE / sizeof(*shadows);
		err = init_function(dev);
		if (err) {
			free_table(cell);
			return err;
		}
	}
	return 0;
}

static int pci_cell_init(struct cell *cell)
{
	struct machine *m = cell->machine;
	u64 base = m->config->platform_info.pci_mmconfig_base;
	int err = 0;

	if (mmconfig_size(m))
		err = mmio_add(cell, base, mmconfig_size(m), pci_mmconfig, NULL);
	if (err == -EINVAL)
		return REFUSE4(m, err, MEM_INTERCEPTED, JAILHOUSE_ITEM_NONE, 0, base, base, base,
			       base + mmconfig_size(m) - 1);
	if (err)
		return err;
	err = build_table(cell);
	if (err) {
		mmio_remove(cell, base);
		return err;
	}

	for (unsigned int n = 0; cell->pci && n < cell->pci->count; n++) {
		struct pci_device *dev = &cell->pci->devices[n];
		struct pci_device *root = pci_find(&m->root, dev->config->bdf);

		if (!dev->hw.present)
			continue;
		if (cell_is_root(cell)) {
			dev->owned = true;
			printk(m, "Adding PCI device " BDF_FORMAT " to cell \"%s\"\n",
			       BDF_ARGS(dev->config->bdf), cell->config->name);
			continue;
		}
		if (dev->hw.reset == PCI_RESET_NONE || dev->hw.sriov)
			printk(m, "WARNING: PCI device " BDF_FORMAT " %s\n",
			       BDF_ARGS(dev->config->bdf),
			       dev->hw.sriov ? "controls virtual functions" :
					       "cannot be reset, it keeps its state");
		move_function(root, dev);
	}
	return 0;
}

static void release_function(struct pci_device *dev)
{
	struct pci_device *root = pci_find(&dev->cell->machine->root, dev->config->bdf);

	if (root && root->config->domain == dev->config->domain) {
		move_function(dev, root);
		return;
	}
	/* Nobody's from now on. */
	printk(dev->cell->machine, "Removing PCI device " BDF_FORMAT " from cell \"%s\"\n",
	       BDF_ARGS(dev->config->bdf), dev->cell->config->name);
	pci_ready(dev);
	pci_quiesce(dev);
}

/* All CPUs belong to the root cell by now, so its messages are valid as Linux wrote them. */
static void give_back_to_linux(struct pci_device *dev)
{
	pci_ready(dev);
	for (u16 n = 0; n < PCI_NUM_BARS && !dev->hw.bridge; n++)
		if (dev->bar[n] != dev->hw.header[PCI_BAR0 / 4 + n])
			pci_write(dev, PCI_BAR0 + n * 4, 4, dev->bar[n]);
	pci_msi_refresh(dev);
}

static void pci_cell_exit(struct cell *cell)
{
	for (unsigned int n = 0; cell->pci && n < cell->pci->count; n++) {
		struct pci_device *dev = &cell->pci->devices[n];

		if (!dev->owned)
			continue;
		if (cell_is_root(cell))
			give_back_to_linux(dev);
		else
			release_function(dev);
	}
	if (cell->pci)
		free_table(cell);
	if (mmconfig_size(cell->machine))
		mmio_remove(cell, cell->machine->config->platform_info.pci_mmconfig_base);
}

static void pci_cell_reset(struct cell *cell)
{
	struct pci_cell *root = cell->machine->root.pci;

	for (unsigned int n = 0; cell->pci && n < cell->pci->count; n++)
		if (cell->pci->devices[n].owned)
			pci_reset_begin(&cell->pci->devices[n]);
	/* Messages of the root cell may still point to a CPU that the cell has got. */
	for (unsigned int n = 0; root && n < root->count; n++)
		pci_msi_refresh(&root->devices[n]);
}

const struct unit pci_unit = {
	.name = "PCI",
	.cell_check = pci_cell_check,
	.cell_init = pci_cell_init,
	.cell_exit = pci_cell_exit,
	.cell_reset = pci_cell_reset,
};
