// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The hypervisor image: from the firmware path to its place in reserved memory.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/firmware.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "arch.h"

#define HEADER_FIELD(field) offsetof(struct jailhouse_image_header, field)

static int bad_header(struct jailhouse_reason *r, size_t field, u64 value)
{
	return jh_refuse_args(r, -EINVAL, JAILHOUSE_REASON_IMAGE_HEADER, field, value);
}

/* A page of the image that the root cell reads */
static bool shared_page_fits(u64 offset, u64 core_size)
{
	return offset && IS_ALIGNED(offset, 4096) && offset <= core_size - 4096;
}

static int check_header(const struct firmware *fw, struct jailhouse_reason *r)
{
	const struct jailhouse_image_header *h = (const void *)fw->data;

	if (fw->size < sizeof(*h) ||
	    memcmp(h->signature, JAILHOUSE_IMAGE_SIGNATURE, sizeof(h->signature)))
		return jh_refuse_item(r, -EINVAL, JAILHOUSE_REASON_IMAGE_SIGNATURE,
				      JAILHOUSE_ITEM_NONE, 0);
	if (h->abi != JAILHOUSE_IMAGE_ABI || h->header_size != sizeof(*h))
		return jh_refuse_args(r, -EINVAL, JAILHOUSE_REASON_IMAGE_ABI, h->abi,
				      JAILHOUSE_IMAGE_ABI);
	if (h->image_size != fw->size)
		return jh_refuse_args(r, -EINVAL, JAILHOUSE_REASON_IMAGE_SIZE, fw->size,
				      h->image_size);
	if (h->architecture != jh_arch_architecture)
		return bad_header(r, HEADER_FIELD(architecture), h->architecture);
	if ((h->features & jh_arch_image_feature()) != jh_arch_image_feature())
		return bad_header(r, HEADER_FIELD(features), h->features);
	/* Bounded so that sums of these can't overflow */
	if (!IS_ALIGNED(h->core_size, 4096) || h->core_size < h->image_size ||
	    h->core_size > U32_MAX)
		return bad_header(r, HEADER_FIELD(core_size), h->core_size);
	if (!IS_ALIGNED(h->percpu_size, 4096) || !h->percpu_size || h->percpu_size > U32_MAX)
		return bad_header(r, HEADER_FIELD(percpu_size), h->percpu_size);
	if (!IS_ALIGNED(h->link_base, 4096))
		return bad_header(r, HEADER_FIELD(link_base), h->link_base);
	if (h->entry < sizeof(*h) || h->entry >= h->image_size)
		return bad_header(r, HEADER_FIELD(entry), h->entry);
	if (!shared_page_fits(h->console_page, h->core_size))
		return bad_header(r, HEADER_FIELD(console_page), h->console_page);
	if (!shared_page_fits(h->info_page, h->core_size))
		return bad_header(r, HEADER_FIELD(info_page), h->info_page);
	return 0;
}

static int check_memory(const struct jailhouse_system *config, struct jailhouse_reason *r)
{
	u64 start = config->hypervisor_memory.phys_start;
	u64 size = config->hypervisor_memory.size;
	u64 limit = jh_arch_phys_limit();

	if (!start || !size || !PAGE_ALIGNED(start) || !PAGE_ALIGNED(size) || start > limit ||
	    size - 1 > limit - start || size > SIZE_MAX)
		return jh_refuse(r, -EINVAL, JAILHOUSE_REASON_HYPERVISOR_MEMORY,
				 JAILHOUSE_ITEM_NONE, 0, start, start + size - 1, limit, 0);
	return 0;
}

static int check_size(const struct jailhouse_image_header *h, u64 size, u32 config_size,
		      u32 max_cpus, struct jailhouse_reason *r)
{
	/* At most 2^32 + 2^15 * 2^32 + 2^20. Something must be left for the page pool. */
	u64 needed = h->core_size + max_cpus * h->percpu_size + ALIGN((u64)config_size, 4096) + 4096;

	if (needed > size)
		return jh_refuse_args(r, -EINVAL, JAILHOUSE_REASON_HYPERVISOR_MEMORY_SMALL, size,
				      needed);
	return 0;
}

/* Needs jh.lock; readers of the mapping hold jh.state. Forgets the last session as well. */
void jh_image_release(void)
{
	struct jh_snapshot *snapshot;
	struct jh_memory mem;

	jh_sysfs_core_remove();
	down_write(&jh.state);
	mem = jh.mem;
	jh.mem = (struct jh_memory){ 0 };
	snapshot = jh.snapshot;
	jh.snapshot = NULL;
	up_write(&jh.state);

	kvfree(snapshot);
	if (mem.base) {
		memunmap(mem.base);
		release_mem_region(mem.phys, mem.size);
	}
}

static int claim_memory(const struct jailhouse_system *config, struct jailhouse_reason *r)
{
	struct jh_memory mem = {
		.phys = config->hypervisor_memory.phys_start,
		.size = config->hypervisor_memory.size,
	};
	u64 end = mem.phys + mem.size - 1;

	if (!request_mem_region(mem.phys, mem.size, "Jailhouse hypervisor")) {
		return jh_refuse(r, -EINVAL, JAILHOUSE_REASON_MEMORY_NOT_RESERVED,
				 JAILHOUSE_ITEM_NONE, 0, mem.phys, end,
				 jh_pack(jh_arch_hint_reserve(mem.phys, mem.size)), 0);
	}
	mem.base = memremap(mem.phys, mem.size, MEMREMAP_WB);
	if (!mem.base) {
		release_mem_region(mem.phys, mem.size);
		return jh_refuse_args(r, -EINVAL, JAILHOUSE_REASON_MEMORY_MAP, mem.phys, end);
	}
	down_write(&jh.state);
	jh.mem = mem;
	up_write(&jh.state);
	return 0;
}

/* Writes the image, zero behind it, and the configuration. */
static void fill_memory(const struct firmware *fw, const struct jailhouse_system *config,
			u32 config_size)
{
	struct jailhouse_image_header *header = &jh.mem.header;
	void *base = jh.mem.base;
	size_t config_offset = header->core_size + header->max_cpus * header->percpu_size;

	memcpy(base, header, sizeof(*header));
	memcpy(base + sizeof(*header), fw->data + sizeof(*header), fw->size - sizeof(*header));
	memset(base + fw->size, 0, jh.mem.size - fw->size);
	memcpy(base + config_offset, config, config_size);
	jh_arch_sync_code(base, jh.mem.size);
}

static int place_image(const struct firmware *fw, struct jailhouse_system *config, u32 config_size,
		       u32 max_cpus, u32 enable_flags, struct jailhouse_reason *r)
{
	struct jailhouse_image_header header;
	int err;

	err = check_header(fw, r);
	if (err)
		return err;
	memcpy(&header, fw->data, sizeof(header));
	err = check_memory(config, r);
	if (!err)
		err = check_size(&header, config->hypervisor_memory.size, config_size, max_cpus, r);
	if (err)
		return err;

	header.max_cpus = max_cpus;
	header.online_cpus = num_online_cpus();
	header.config_size = config_size;
	header.enable_flags = enable_flags;
	header.reserved0 = 0;
	header.hyp_vectors = 0;
	header.hypervisor_phys = config->hypervisor_memory.phys_start;
	header.hypervisor_size = config->hypervisor_memory.size;
	header.reserved = 0;
	err = jh_arch_complete(config, &header, r);
	if (err)
		return err;

	jh_image_release();
	err = claim_memory(config, r);
	if (err)
		return err;
	err = jh_sysfs_core_add(header.core_size);
	if (err) {
		jh_image_release();
		return jh_refuse_args(r, err, JAILHOUSE_REASON_NO_KERNEL_MEMORY, 0, 0);
	}
	down_write(&jh.state);
	jh.mem.header = header;
	fill_memory(fw, config, config_size);
	up_write(&jh.state);
	return 0;
}

/**
 * jh_image_load() - get the image and put it into the hypervisor's memory
 * @config: accepted configuration; the fields that it leaves to the driver are filled in
 * @config_size: its size
 * @max_cpus: highest CPU id + 1
 * @enable_flags: for the header
 * @r: filled in on failure
 *
 * Called with CPU hotplug disabled. On success jh.mem is set up, and jh_image_release() undoes it.
 * The memory and the log of the last session are given up only when nothing but the memory itself
 * can be in the way.
 */
int jh_image_load(struct jailhouse_system *config, u32 config_size, u32 max_cpus, u32 enable_flags,
		  struct jailhouse_reason *r)
{
	const struct firmware *fw;
	int err;

	err = firmware_request_nowarn(&fw, jh_arch_image_name(), jh.misc.this_device);
	if (err) {
		pr_err("no %s in the firmware path\n", jh_arch_image_name());
		return jh_refuse_args(r, err, JAILHOUSE_REASON_IMAGE_MISSING,
				      jh_pack(jh_arch_image_kind()), -err);
	}
	err = place_image(fw, config, config_size, max_cpus, enable_flags, r);
	release_firmware(fw);
	return err;
}
