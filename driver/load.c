// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Loading images into a cell, shutdown, and start.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "arch.h"

/* Copied at one go, so that a large image needs little address space and can be killed */
#define CHUNK (1024 * 1024)

static int bad_range(struct jailhouse_reason *r, u32 index,
		     const struct jailhouse_preload_image *image)
{
	return jh_refuse(r, -EINVAL, JAILHOUSE_REASON_LOAD_RANGE, JAILHOUSE_ITEM_IMAGE, index,
			 image->target_address, image->target_address + image->size - 1, 0, 0);
}

/* The first region with the start of the image must hold all of it. */
static int find_target(const struct jailhouse_cell_desc *cell, u32 index,
		       const struct jailhouse_preload_image *image, u64 *phys,
		       struct jailhouse_reason *r)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(cell);
	const u64 needed = JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_LOADABLE;
	u64 offset;
	u32 n;

	for (n = 0; n < cell->num_memory_regions; n++, mem++) {
		offset = image->target_address - mem->virt_start;
		if (image->target_address < mem->virt_start || offset >= mem->size)
			continue;
		if (image->size > mem->size - offset || (mem->flags & needed) != needed ||
		    mem->flags & JAILHOUSE_MEM_COMM_REGION)
			return bad_range(r, index, image);
		/* Memory that Linux uses may be shared, but not overwritten from here. */
		if (region_intersects(mem->phys_start + offset, image->size,
				      IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) != REGION_DISJOINT)
			return jh_refuse(r, -EBUSY, JAILHOUSE_REASON_MEM_SYSTEM_RAM,
					 JAILHOUSE_ITEM_MEM_REGION, n, mem->phys_start + offset,
					 mem->phys_start + offset + image->size - 1, 0, 0);
		*phys = mem->phys_start + offset;
		return 0;
	}
	return bad_range(r, index, image);
}

static int copy_chunk(u32 index, u64 phys, const void __user *source, size_t size,
		      struct jailhouse_reason *r)
{
	void *target = memremap(phys, size, MEMREMAP_WB);
	int err = 0;

	if (!target) {
		pr_err("Unable to map cell RAM at %08llx for image loading\n", phys);
		return jh_refuse_args(r, -EBUSY, JAILHOUSE_REASON_MEMORY_MAP, phys,
				      phys + size - 1);
	}
	if (copy_from_user(target, source, size))
		err = jh_refuse(r, -EFAULT, JAILHOUSE_REASON_LOAD_SOURCE, JAILHOUSE_ITEM_IMAGE,
				index, (unsigned long)source, size, 0, 0);
	else
		jh_arch_sync_code(target, size);
	memunmap(target);
	return err;
}

static int load_image(struct jh_cell *cell, u32 index, const struct jailhouse_preload_image *image,
		      struct jailhouse_reason *r)
{
	u64 phys, done, size;
	int err;

	if (!image->size)
		return 0;
	err = find_target(cell->config, index, image, &phys, r);
	for (done = 0; !err && done < image->size; done += size) {
		size = min_t(u64, image->size - done, CHUNK);
		if (fatal_signal_pending(current))
			return jh_refuse_item(r, -EINTR, JAILHOUSE_REASON_INTERRUPTED,
					      JAILHOUSE_ITEM_IMAGE, index);
		err = copy_chunk(index, phys + done,
				 u64_to_user_ptr(image->source_address + done), size, r);
		cond_resched();
	}
	return err;
}

static int load_images(struct jh_cell *cell, u32 num_images, jh_image_fn get_image, void *context,
		       struct jailhouse_reason *r)
{
	struct jailhouse_preload_image image;
	u32 n;
	int err;

	for (n = 0; n < num_images; n++) {
		err = get_image(context, n, &image);
		if (err)
			return jh_refuse(r, err, JAILHOUSE_REASON_FAULT, JAILHOUSE_ITEM_IMAGE, n, 0,
					 0, 0, 0);
		err = load_image(cell, n, &image, r);
		if (err)
			return err;
	}
	return 0;
}

static int load_locked(struct jh_cell *cell, u32 num_images, jh_image_fn get_image, void *context,
		       struct jailhouse_reason *r)
{
	int err;

	if (cell == jh.root)
		return jh_refuse_item(r, -EINVAL, JAILHOUSE_REASON_CELL_IS_ROOT,
				      JAILHOUSE_ITEM_CELL, cell->id);
	jh_event_begin(cell);
	err = jh_request(JAILHOUSE_HC_CELL_SET_LOADABLE, cell->id, r);
	if (err) {
		jh_event_cancel(cell);
		return err;
	}
	if (num_images) {
		err = load_images(cell, num_images, get_image, context, r);
		/* Until the next load succeeds the memory holds something that must not run. */
		cell->load_failed = err != 0;
	}
	jh_event(num_images && !err ? JAILHOUSE_EVENT_LOADED : JAILHOUSE_EVENT_STATE, cell, JAILHOUSE_CELL_SHUT_DOWN,
		 err ? r : NULL);
	return err;
}

/**
 * jh_cell_load() - shut a cell down and copy images into its memory
 * @id: which cell
 * @num_images: 0 only shuts it down
 * @get_image: fetches a descriptor
 * @context: its argument
 * @r: filled in on failure. The cell is loadable then, unless it refused to shut down, and cannot
 *	be started before images are loaded with success.
 */
int jh_cell_load(const struct jailhouse_cell_id *id, u32 num_images, jh_image_fn get_image,
		 void *context, struct jailhouse_reason *r)
{
	struct jh_cell *cell;
	int err;

	err = jh_lock_cell(id, &cell, r);
	if (err)
		return err;
	err = load_locked(cell, num_images, get_image, context, r);
	jh_unlock();
	return err;
}

static int start_locked(struct jh_cell *cell, struct jailhouse_reason *r)
{
	int err;

	if (cell == jh.root)
		return jh_refuse_item(r, -EINVAL, JAILHOUSE_REASON_CELL_IS_ROOT,
				      JAILHOUSE_ITEM_CELL, cell->id);
	if (cell->load_failed)
		return jh_refuse_item(r, -EINVAL, JAILHOUSE_REASON_NOT_LOADED, JAILHOUSE_ITEM_CELL,
				      cell->id);
	jh_event_begin(cell);
	err = jh_request(JAILHOUSE_HC_CELL_START, cell->id, r);
	if (err)
		jh_event_cancel(cell);
	else
		jh_event(JAILHOUSE_EVENT_STARTED, cell, JAILHOUSE_CELL_RUNNING, NULL);
	return err;
}

/**
 * jh_cell_start() - start a cell, or restart one that runs and agrees
 * @id: which
 * @r: filled in on failure
 */
int jh_cell_start(const struct jailhouse_cell_id *id, struct jailhouse_reason *r)
{
	struct jh_cell *cell;
	int err;

	err = jh_lock_cell(id, &cell, r);
	if (err)
		return err;
	err = start_locked(cell, r);
	jh_unlock();
	return err;
}
