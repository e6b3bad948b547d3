// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Configurations from user space: copied once, and every count checked against what is there.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "arch.h"

static int check_head(const char *signature, const char *expected, u16 revision, u8 architecture,
		      const char *kind, struct jailhouse_reason *r)
{
	if (memcmp(signature, expected, 5))
		return jh_refuse_args(r, -EINVAL, JAILHOUSE_REASON_CONFIG_SIGNATURE, jh_pack(kind),
				      0);
	if (revision != JAILHOUSE_CONFIG_REVISION)
		return jh_refuse_args(r, -EINVAL, JAILHOUSE_REASON_CONFIG_REVISION, revision,
				      JAILHOUSE_CONFIG_REVISION);
	if (architecture != jh_arch_architecture)
		return jh_refuse_args(r, -EINVAL, JAILHOUSE_REASON_CONFIG_ARCHITECTURE,
				      architecture, jh_arch_architecture);
	return 0;
}

/* The counts of a description; its arrays are not looked at. */
static int check_counts(const struct jailhouse_cell_desc *cell, u64 length, u64 size, u64 limit,
			int too_large, struct jailhouse_reason *r)
{
	if (cell->cpu_set_size > JH_MAX_CPU_SET)
		return jh_refuse_args(r, -EINVAL, JAILHOUSE_REASON_CPU_SET_TOO_LARGE,
				      cell->cpu_set_size, JH_MAX_CPU_SET);
	if (length > size)
		return jh_refuse_args(r, -EINVAL, JAILHOUSE_REASON_CONFIG_TRUNCATED, size, length);
	if (length > limit)
		return jh_refuse_args(r, too_large, JAILHOUSE_REASON_CONFIG_TOO_LARGE, length,
				      limit);
	return 0;
}

static int fault(struct jailhouse_reason *r, u64 address)
{
	return jh_refuse_args(r, -EFAULT, JAILHOUSE_REASON_FAULT, address, 0);
}

bool jh_config_has_cpu(const struct jailhouse_cell_desc *cell, u32 cpu)
{
	return cpu / 8 < cell->cpu_set_size &&
	       (jailhouse_cell_cpu_set(cell)[cpu / 8] & (1 << (cpu % 8)));
}

/* Highest CPU id + 1, 0 for an empty set */
u32 jh_config_max_cpus(const struct jailhouse_cell_desc *cell)
{
	const u8 *set = jailhouse_cell_cpu_set(cell);
	u32 n = cell->cpu_set_size;

	while (n > 0 && !set[n - 1])
		n--;
	return n ? (n - 1) * 8 + fls(set[n - 1]) : 0;
}

static int copy_head(void *head, size_t head_size, u64 address, u64 size, struct jailhouse_reason *r)
{
	if (copy_from_user(head, u64_to_user_ptr(address), min_t(u64, size, head_size)))
		return fault(r, address);
	if (size < head_size)
		return jh_refuse_args(r, -EINVAL, JAILHOUSE_REASON_CONFIG_TRUNCATED, size, head_size);
	return 0;
}

/* All that was copied stays as it was checked: the head is put over the second copy of it. */
static int copy_rest(void *copy, const void *head, size_t head_size, u64 address, size_t length,
		     struct jailhouse_reason *r)
{
	memcpy(copy, head, head_size);
	if (copy_from_user(copy + head_size, u64_to_user_ptr(address) + head_size,
			   length - head_size))
		return fault(r, address);
	return 0;
}

/**
 * jh_config_get_system() - copy and check a system configuration
 * @address: user address
 * @size: bytes there, or U64_MAX if the caller does not know (legacy ABI)
 * @config: result, to be freed by kvfree()
 * @config_size: result, what the counts ask for
 * @r: filled in on failure
 */
int jh_config_get_system(u64 address, u64 size, struct jailhouse_system **config,
			 u32 *config_size, struct jailhouse_reason *r)
{
	struct jailhouse_system head;
	struct jailhouse_system *copy;
	u64 length;
	int err;

	err = copy_head(&head, sizeof(head), address, size, r);
	if (err)
		return err;
	err = check_head(head.signature, JAILHOUSE_SYSTEM_SIGNATURE, head.revision,
			 head.architecture, "system", r);
	if (err)
		return err;
	length = jailhouse_system_config_length(&head);
	err = check_counts(&head.root_cell, length, size, JH_MAX_SYSTEM_CONFIG, -EINVAL, r);
	if (err)
		return err;

	copy = kvmalloc(length, GFP_KERNEL);
	if (!copy)
		return jh_refuse_args(r, -ENOMEM, JAILHOUSE_REASON_NO_KERNEL_MEMORY, 0, 0);
	err = copy_rest(copy, &head, sizeof(head), address, length, r);
	if (!err && !jh_config_max_cpus(&copy->root_cell))
		err = jh_refuse_args(r, -EINVAL, JAILHOUSE_REASON_CPU_SET_EMPTY, 0, 0);
	if (err) {
		kvfree(copy);
		return err;
	}
	copy->root_cell.name[JAILHOUSE_CELL_NAME_MAXLEN] = 0;
	*config = copy;
	*config_size = length;
	return 0;
}

void jh_config_put_cell(struct jailhouse_cell_desc *config, size_t config_size)
{
	if (config)
		free_pages_exact(config, PAGE_ALIGN(config_size));
}

/**
 * jh_config_get_cell() - copy and check a cell's configuration
 * @address: user address
 * @size: bytes there; a surplus is ignored
 * @config: result, physically contiguous and page aligned, as the hypervisor reads it; to be freed
 *	by jh_config_put_cell()
 * @config_size: result, what the counts ask for
 * @r: filled in on failure
 */
int jh_config_get_cell(u64 address, u64 size, struct jailhouse_cell_desc **config,
		       size_t *config_size, struct jailhouse_reason *r)
{
	struct jailhouse_cell_desc head;
	struct jailhouse_cell_desc *copy;
	u64 length;
	int err;

	err = copy_head(&head, sizeof(head), address, size, r);
	if (err)
		return err;
	err = check_head(head.signature, JAILHOUSE_CELL_DESC_SIGNATURE, head.revision,
			 head.architecture, "cell", r);
	if (err)
		return err;
	length = jailhouse_cell_config_length(&head);
	err = check_counts(&head, length, size, JH_MAX_CELL_CONFIG, -E2BIG, r);
	if (err)
		return err;
	head.name[JAILHOUSE_CELL_NAME_MAXLEN] = 0;
	if (!head.name[0])
		return jh_refuse_args(r, -EINVAL, JAILHOUSE_REASON_CONFIG_NAME_EMPTY, 0, 0);
	if (CELL_FLAGS_VIRTUAL_CONSOLE_ACTIVE(head.flags))
		head.flags |= JAILHOUSE_CELL_VIRTUAL_CONSOLE_PERMITTED;

	/* Whole pages of its own: the hypervisor maps all of them. */
	copy = alloc_pages_exact(PAGE_ALIGN(length), GFP_KERNEL | __GFP_ZERO);
	if (!copy)
		return jh_refuse_args(r, -ENOMEM, JAILHOUSE_REASON_NO_KERNEL_MEMORY, 0, 0);
	err = copy_rest(copy, &head, sizeof(head), address, length, r);
	if (!err && !jh_config_max_cpus(copy))
		err = jh_refuse_args(r, -EINVAL, JAILHOUSE_REASON_CPU_SET_EMPTY, 0, 0);
	if (err) {
		jh_config_put_cell(copy, length);
		return err;
	}
	*config = copy;
	*config_size = length;
	return 0;
}

/*
 * Memory that Linux uses would vanish under it. The rest of the rules about memory is checked by
 * the hypervisor, which knows all owners.
 */
int jh_config_check_memory(const struct jailhouse_cell_desc *cell, struct jailhouse_reason *r)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(cell);
	u64 end;
	u32 n;

	for (n = 0; n < cell->num_memory_regions; n++, mem++) {
		if (!mem->size || mem->flags & JAILHOUSE_MEM_COMM_REGION)
			continue;
		if (check_add_overflow((u64)mem->phys_start, (u64)mem->size - 1, &end))
			return jh_refuse(r, -EINVAL, JAILHOUSE_REASON_MEM_OVERFLOW,
					 JAILHOUSE_ITEM_MEM_REGION, n, mem->phys_start, mem->size,
					 64, 0);
		if (mem->flags & JAILHOUSE_MEM_ROOTSHARED)
			continue;
		if (region_intersects(mem->phys_start, mem->size, IORESOURCE_SYSTEM_RAM,
				      IORES_DESC_NONE) != REGION_DISJOINT)
			return jh_refuse(r, -EINVAL, JAILHOUSE_REASON_MEM_SYSTEM_RAM,
					 JAILHOUSE_ITEM_MEM_REGION, n, mem->phys_start, end, 0, 0);
	}
	return 0;
}
