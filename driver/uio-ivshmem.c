// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * IVSHMEM devices for programs: registers and shared memory can be mapped, interrupts are counted (see
 * docs/ivshmem-uio.md).
 *
 * Mappings are our own, not those of the UIO core, which maps all memory writable and uncached. What a program may not
 * write it cannot, neither now nor by mprotect(): the hypervisor takes such a write for an attack by the root cell.
 * Pages are put in by faults, so that all of them can be taken away when the device goes while programs have it open.
 */
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/uio_driver.h>

#include "ivshmem-pci.h"

#define VERSION	 "1"
#define NUM_MAPS MAX_UIO_MAPS

struct uio_ivshmem;

/* One of the maps, as the mapped areas of programs know it */
struct section_map {
	struct uio_ivshmem *owner;
	phys_addr_t start;
	bool writable;
	bool device; /* registers, not memory */
};

/* A file through which programs have it open; there may be several in containers. */
struct open_inode {
	struct list_head entry;
	struct inode *inode;
	unsigned int opened;
};

struct uio_ivshmem {
	struct uio_info info;
	struct pci_dev *dev;
	void __iomem *regs;
	char name[64];
	struct kref refs; /* the device, and each mapped area */
	struct section_map maps[NUM_MAPS];
	unsigned int num_maps;
	int num_irqs;
	struct mutex lock; /* of the list */
	struct list_head inodes;
	struct rw_semaphore alive_lock; /* faults read, removal writes */
	bool alive;
};

static struct uio_ivshmem *of_info(struct uio_info *info)
{
	return container_of(info, struct uio_ivshmem, info);
}

static void free_uio(struct kref *refs)
{
	kfree(container_of(refs, struct uio_ivshmem, refs));
}

/* ---- mapping ---- */

static void area_open(struct vm_area_struct *vma)
{
	const struct section_map *map = vma->vm_private_data;

	kref_get(&map->owner->refs);
}

static void area_close(struct vm_area_struct *vma)
{
	const struct section_map *map = vma->vm_private_data;

	kref_put(&map->owner->refs, free_uio);
}

static vm_fault_t area_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	const struct section_map *map = vma->vm_private_data;
	unsigned long page = vmf->pgoff - (map - map->owner->maps);
	vm_fault_t result = VM_FAULT_SIGBUS;

	down_read(&map->owner->alive_lock);
	if (map->owner->alive)
		result = vmf_insert_pfn(vma, vmf->address, PHYS_PFN(map->start) + page);
	up_read(&map->owner->alive_lock);
	return result;
}

static const struct vm_operations_struct area_ops = {
	.open = area_open,
	.close = area_close,
	.fault = area_fault,
};

static void change_flags(struct vm_area_struct *vma, unsigned long set, unsigned long clear)
{
#ifdef JH_VM_FLAGS_FUNCTIONS
	vm_flags_set(vma, set);
	vm_flags_clear(vma, clear);
#else
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
#endif
}

/* The UIO core has found the map, whose number is the offset in pages, and has compared the sizes. */
static int map_section(struct uio_info *info, struct vm_area_struct *vma)
{
	struct uio_ivshmem *uio = of_info(info);
	struct section_map *map;

	if (vma->vm_pgoff >= uio->num_maps || !(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	map = &uio->maps[vma->vm_pgoff];
	/* Nothing in there may be executed in the root cell. */
	if (vma->vm_flags & VM_EXEC)
		return -EACCES;
	if (!map->writable && vma->vm_flags & VM_WRITE)
		return -EACCES;
	change_flags(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP,
		     VM_MAYEXEC | (map->writable ? 0 : VM_MAYWRITE));
	if (map->device)
		vma->vm_page_prot = pgprot_device(vma->vm_page_prot);
	vma->vm_private_data = map;
	vma->vm_ops = &area_ops;
	area_open(vma);
	return 0;
}

/* ---- files ---- */

static struct open_inode *find_inode(struct uio_ivshmem *uio, struct inode *inode)
{
	struct open_inode *known;

	list_for_each_entry(known, &uio->inodes, entry)
		if (known->inode == inode)
			return known;
	known = kzalloc(sizeof(*known), GFP_KERNEL);
	if (!known)
		return NULL;
	known->inode = inode;
	ihold(inode);
	list_add(&known->entry, &uio->inodes);
	return known;
}

static void forget_inode(struct open_inode *known)
{
	list_del(&known->entry);
	iput(known->inode);
	kfree(known);
}

static int open_device(struct uio_info *info, struct inode *inode)
{
	struct uio_ivshmem *uio = of_info(info);
	struct open_inode *known;

	mutex_lock(&uio->lock);
	known = find_inode(uio, inode);
	if (known)
		known->opened++;
	mutex_unlock(&uio->lock);
	return known ? 0 : -ENOMEM;
}

static int close_device(struct uio_info *info, struct inode *inode)
{
	struct uio_ivshmem *uio = of_info(info);
	struct open_inode *known;

	mutex_lock(&uio->lock);
	known = find_inode(uio, inode);
	if (known && !--known->opened)
		forget_inode(known);
	if (list_empty(&uio->inodes))
		writel(0, uio->regs + JAILHOUSE_IVSHMEM_REG_STATE);
	mutex_unlock(&uio->lock);
	return 0;
}

static irqreturn_t count_interrupt(int irq, void *uio)
{
	uio_event_notify(&((struct uio_ivshmem *)uio)->info);
	return IRQ_HANDLED;
}

/* ---- coming and going ---- */

static void add_map(struct uio_ivshmem *uio, const char *name, phys_addr_t start, u64 size, bool writable, bool device)
{
	if (!size)
		return;
	uio->maps[uio->num_maps] = (struct section_map){
		.owner = uio, .start = start, .writable = writable, .device = device,
	};
	uio->info.mem[uio->num_maps] = (struct uio_mem){
		.name = name, .addr = start, .size = size, .memtype = UIO_MEM_PHYS,
	};
	uio->num_maps++;
}

static void add_maps(struct uio_ivshmem *uio, const struct ivshmem_layout *at)
{
	add_map(uio, "registers", pci_resource_start(uio->dev, JAILHOUSE_IVSHMEM_REG_BAR),
		PAGE_ALIGN(pci_resource_len(uio->dev, JAILHOUSE_IVSHMEM_REG_BAR)), true, true);
	add_map(uio, "state_table", at->state, at->state_size, false, false);
	add_map(uio, "rw_section", at->rw, at->rw_size, true, false);
	add_map(uio, "input_sections", at->outputs, at->output_size * at->peers, false, false);
	add_map(uio, "output_section", at->outputs + at->output_size * at->id, at->output_size, true, false);
}

/*
 * The type of memory of a page that nobody has claimed is uncached on x86, so the kernel claims them for as long as the
 * device is there.
 */
static int claim_cached(struct pci_dev *dev, const struct ivshmem_layout *at)
{
	if (!IS_ENABLED(CONFIG_X86))
		return 0;
	return PTR_ERR_OR_ZERO(devm_memremap(&dev->dev, at->state, at->end - at->state, MEMREMAP_WB));
}

static int probe(struct pci_dev *dev, const struct pci_device_id *id)
{
	struct ivshmem_layout at;
	struct uio_ivshmem *uio;
	int err;

	uio = kzalloc(sizeof(*uio), GFP_KERNEL);
	if (!uio)
		return -ENOMEM;
	kref_init(&uio->refs);
	mutex_init(&uio->lock);
	init_rwsem(&uio->alive_lock);
	INIT_LIST_HEAD(&uio->inodes);
	uio->dev = dev;
	uio->alive = true;
	snprintf(uio->name, sizeof(uio->name), "uio_ivshmem[%s]", pci_name(dev));
	err = ivshmem_setup(dev, &uio->regs, &at, PAGE_SIZE);
	if (!err)
		err = claim_cached(dev, &at);
	if (err)
		goto failed;
	add_maps(uio, &at);
	uio->info.name = uio->name;
	uio->info.version = VERSION;
	uio->info.irq = UIO_IRQ_CUSTOM;
	uio->info.mmap = map_section;
	uio->info.open = open_device;
	uio->info.release = close_device;
	pci_set_drvdata(dev, uio);
	err = uio_register_device(&dev->dev, &uio->info);
	if (err)
		goto failed;
	uio->num_irqs = ivshmem_request_irqs(dev, JAILHOUSE_IVSHMEM_MAX_VECTORS, count_interrupt, uio->name, uio);
	if (uio->num_irqs < 0) {
		err = uio->num_irqs;
		uio_unregister_device(&uio->info);
		goto failed;
	}
	pci_set_master(dev);
	return 0;

failed:
	kref_put(&uio->refs, free_uio);
	return err;
}

/* Programs may have it open and mapped: they get EIO from the UIO core then, and SIGBUS from what is mapped. */
static void remove(struct pci_dev *dev)
{
	struct uio_ivshmem *uio = pci_get_drvdata(dev);
	struct open_inode *known, *next;

	writel(0, uio->regs + JAILHOUSE_IVSHMEM_REG_INT_CTRL);
	ivshmem_free_irqs(dev, uio->num_irqs, uio);
	uio_unregister_device(&uio->info);
	down_write(&uio->alive_lock);
	uio->alive = false;
	up_write(&uio->alive_lock);
	list_for_each_entry_safe(known, next, &uio->inodes, entry) {
		unmap_mapping_range(known->inode->i_mapping, 0, 0, 1);
		forget_inode(known);
	}
	/* Its users can say nothing to the peers any more. */
	writel(0, uio->regs + JAILHOUSE_IVSHMEM_REG_STATE);
	pci_clear_master(dev);
	kref_put(&uio->refs, free_uio);
}

static const struct pci_device_id ids[] = {
	{ PCI_DEVICE(JAILHOUSE_IVSHMEM_VENDOR_ID, JAILHOUSE_IVSHMEM_DEVICE_ID),
	  JAILHOUSE_IVSHMEM_CLASS << 16 | JAILHOUSE_SHMEM_PROTO_UNDEFINED, 0xffffff },
	{}
};
MODULE_DEVICE_TABLE(pci, ids);

static struct pci_driver uio_ivshmem = {
	.name = "uio_ivshmem",
	.id_table = ids,
	.probe = probe,
	.remove = remove,
};
module_pci_driver(uio_ivshmem);

MODULE_DESCRIPTION("IVSHMEM devices of the Jailhouse hypervisor for programs");
MODULE_LICENSE("Dual BSD/GPL");
MODULE_VERSION("0.1.0");
