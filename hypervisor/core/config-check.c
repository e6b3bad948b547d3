// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Validation of configurations: everything that can be said no to without touching anything. The driver has checked
 * much of this too; the hypervisor believes nobody.
 */
#include <hypervisor/unit.h>
#include <hypervisor/arch/memory.h>

#define MAX_CPU_SET_SIZE 4096

static int check_size(struct machine *m, const struct jailhouse_cell_desc *config, u32 size)
{
	if (size < sizeof(*config))
		return REFUSE2(m, -EINVAL, CONFIG_TRUNCATED, JAILHOUSE_ITEM_NONE, 0, size, sizeof(*config));
	if (config->cpu_set_size > MAX_CPU_SET_SIZE)
		return REFUSE2(m, -EINVAL, CPU_SET_TOO_LARGE, JAILHOUSE_ITEM_NONE, 0, config->cpu_set_size,
			       MAX_CPU_SET_SIZE);
	if (jailhouse_cell_config_length(config) > size)
		return REFUSE2(m, -EINVAL, CONFIG_TRUNCATED, JAILHOUSE_ITEM_NONE, 0, size,
			       jailhouse_cell_config_length(config));
	return 0;
}

int system_config_check(struct machine *m, const struct jailhouse_system *config, u32 size)
{
	const struct jailhouse_memory *hv = &config->hypervisor_memory;

	if (size < sizeof(*config))
		return REFUSE2(m, -EINVAL, CONFIG_TRUNCATED, JAILHOUSE_ITEM_NONE, 0, size, sizeof(*config));
	if (memcmp(config->signature, JAILHOUSE_SYSTEM_SIGNATURE, sizeof(config->signature)))
		return REFUSE1(m, -EINVAL, CONFIG_SIGNATURE, JAILHOUSE_ITEM_NONE, 0, reason_text("system"));
	if (config->revision != JAILHOUSE_CONFIG_REVISION)
		return REFUSE2(m, -EINVAL, CONFIG_REVISION, JAILHOUSE_ITEM_NONE, 0, config->revision,
			       JAILHOUSE_CONFIG_REVISION);
	if (config->architecture != m->header->architecture)
		return REFUSE2(m, -EINVAL, CONFIG_ARCHITECTURE, JAILHOUSE_ITEM_NONE, 0, config->architecture,
			       m->header->architecture);
	if (!IS_ALIGNED(hv->phys_start | hv->size, PAGE_SIZE) || hv->size == 0 || hv->phys_start + hv->size < hv->size)
		return REFUSE3(m, -EINVAL, HYPERVISOR_MEMORY, JAILHOUSE_ITEM_NONE, 0, hv->phys_start,
			       hv->phys_start + hv->size, ~0ULL);
	return check_size(m, &config->root_cell, size - (u32)__builtin_offsetof(struct jailhouse_system, root_cell));
}

int cell_identity_check(struct machine *m, const struct jailhouse_cell_desc *config)
{
	if (memcmp(config->signature, JAILHOUSE_CELL_DESC_SIGNATURE, sizeof(config->signature)))
		return REFUSE1(m, -EINVAL, CONFIG_SIGNATURE, JAILHOUSE_ITEM_NONE, 0, reason_text("cell"));
	if (config->revision != JAILHOUSE_CONFIG_REVISION)
		return REFUSE2(m, -EINVAL, CONFIG_REVISION, JAILHOUSE_ITEM_NONE, 0, config->revision,
			       JAILHOUSE_CONFIG_REVISION);
	if (config->architecture != m->header->architecture)
		return REFUSE2(m, -EINVAL, CONFIG_ARCHITECTURE, JAILHOUSE_ITEM_NONE, 0, config->architecture,
			       m->header->architecture);
	if (!config->name[0] || config->name[JAILHOUSE_CELL_NAME_MAXLEN])
		return REFUSE0(m, -EINVAL, CONFIG_NAME_EMPTY, JAILHOUSE_ITEM_NONE, 0);
	for_each_cell(cell, m) {
		if (strncmp(cell->config->name, config->name, sizeof(config->name)) == 0)
			return REFUSE1(m, -EEXIST, CELL_NAME_USED, JAILHOUSE_ITEM_NONE, 0, cell->config->id);
		if (cell->config->id == config->id || config->id == 0)
			return REFUSE1(m, -EEXIST, CELL_ID_USED, JAILHOUSE_ITEM_NONE, 0, config->id);
	}
	return 0;
}

static int check_cpus(struct machine *m, const struct jailhouse_cell_desc *config, const struct percpu *caller)
{
	const void *set = jailhouse_cell_cpu_set(config);
	unsigned int count = 0;

	for (unsigned int id = 0; id < config->cpu_set_size * 8; id++) {
		if (!test_bit(id, set))
			continue;
		count++;
		if (id == caller->id)
			return REFUSE0(m, -EBUSY, CPU_IS_CALLER, JAILHOUSE_ITEM_CPU, id);
		if (id >= m->max_cpus || !cell_has_cpu(&m->root, id))
			return REFUSE0(m, -EBUSY, CPU_NOT_IN_ROOT, JAILHOUSE_ITEM_CPU, id);
		if (machine_cpu(m, id)->failed)
			return REFUSE0(m, -EBUSY, ROOT_CPU_FAILED, JAILHOUSE_ITEM_CPU, id);
	}
	if (count == 0)
		return REFUSE0(m, -EINVAL, CPU_SET_EMPTY, JAILHOUSE_ITEM_NONE, 0);
	return 0;
}

/* Region `index` reaches into what only the hypervisor may touch. The root cell gets the rest of whole pages. */
static int into_forbidden(struct machine *m, const struct jailhouse_memory *mem, unsigned int index, bool root,
			  u32 code, u64 start, u64 size)
{
	u64 last = mem->phys_start + (mem->size - 1);

	if (!root || subpage_region(mem))
		return refuse(m, -EINVAL, code, JAILHOUSE_ITEM_MEM_REGION, index, mem->phys_start, last, start,
			      start + size - 1);
	printk(m, "WARNING: memory region %u (0x%llx-0x%llx) is without 0x%llx-0x%llx\n", index, mem->phys_start, last,
	       start, start + size - 1);
	return 0;
}

static int check_forbidden(struct machine *m, const struct jailhouse_memory *mem, unsigned int index, bool root)
{
	/* Whole pages get mapped. */
	u64 start = ALIGN_DOWN(mem->phys_start, PAGE_SIZE);
	u64 size = subpage_region(mem) ? mem->size + (mem->phys_start - start) : PAGES(mem->size) * PAGE_SIZE;
	u64 other, other_size;
	int err = 0;

	if (ranges_overlap(start, size, m->hv_phys, m->hv_size))
		err = into_forbidden(m, mem, index, root, JAILHOUSE_REASON_MEM_HYPERVISOR, m->hv_phys, m->hv_size);
	for (unsigned int n = 0; !err && arch_intercepted_range(m, n, &other, &other_size); n++)
		if (ranges_overlap(start, size, other, other_size))
			err = into_forbidden(m, mem, index, root, JAILHOUSE_REASON_MEM_INTERCEPTED, other, other_size);
	return err;
}

static int check_other_cells(struct machine *m, const struct jailhouse_memory *mem, unsigned int index)
{
	for_each_non_root_cell(cell, m) {
		const struct jailhouse_memory *theirs = jailhouse_cell_mem_regions(cell->config);

		for (unsigned int n = 0; n < cell->config->num_memory_regions; n++) {
			if ((theirs[n].flags & JAILHOUSE_MEM_COMM_REGION) ||
			    !ranges_overlap(theirs[n].phys_start, theirs[n].size, mem->phys_start, mem->size))
				continue;
			if (theirs[n].flags & mem->flags & JAILHOUSE_MEM_ROOTSHARED)
				continue;
			return REFUSE4(m, -EBUSY, MEM_OTHER_CELL, JAILHOUSE_ITEM_MEM_REGION, index, mem->phys_start,
				       mem->phys_start + (mem->size - 1), cell->config->id, n);
		}
	}
	return 0;
}

static int check_against_root(struct machine *m, const struct jailhouse_memory *mem, unsigned int index)
{
	const struct jailhouse_memory *root = jailhouse_cell_mem_regions(m->root.config);
	u64 covered = 0;

	for (unsigned int n = 0; n < m->root.config->num_memory_regions; n++) {
		if (!ranges_overlap(root[n].phys_start, root[n].size, mem->phys_start, mem->size))
			continue;
		/* Half a page cannot be taken from a page that is mapped. */
		if (subpage_region(mem) && !subpage_region(&root[n]) && !(mem->flags & JAILHOUSE_MEM_ROOTSHARED))
			return REFUSE2(m, -EINVAL, MEM_SUBPAGE_MAPPED, JAILHOUSE_ITEM_MEM_REGION,
				       index, mem->phys_start, mem->phys_start + (mem->size - 1));
		covered += MIN(root[n].phys_start + (root[n].size - 1), mem->phys_start + (mem->size - 1)) -
			   MAX(root[n].phys_start, mem->phys_start) + 1;
	}
	if (covered < mem->size)
		printk(m, "WARNING: memory region %u (0x%llx-0x%llx) is not part of the root cell\n", index,
		       mem->phys_start, mem->phys_start + (mem->size - 1));
	return 0;
}

static int check_region(struct machine *m, const struct jailhouse_memory *mem, unsigned int index, bool root)
{
	u64 limit = 1ULL << arch_phys_bits(m);
	int err;

	if (mem->size == 0)
		return 0;
	if (mem->flags & JAILHOUSE_MEM_COMM_REGION) {
		if (!IS_ALIGNED(mem->virt_start, PAGE_SIZE) || mem->size != PAGE_SIZE || root ||
		    mem->virt_start >= limit)
			return REFUSE2(m, -EINVAL, MEM_COMM_REGION, JAILHOUSE_ITEM_MEM_REGION, index, mem->size,
				       mem->virt_start);
		return 0;
	}
	if (mem->size > limit || mem->phys_start > limit - mem->size || mem->virt_start > limit - mem->size)
		return REFUSE3(m, -EINVAL, MEM_OVERFLOW, JAILHOUSE_ITEM_MEM_REGION, index,
			       MAX(mem->phys_start, mem->virt_start), mem->size, arch_phys_bits(m));
	if ((mem->phys_start ^ mem->virt_start) & PAGE_OFFS_MASK)
		return REFUSE2(m, -EINVAL, MEM_UNALIGNED, JAILHOUSE_ITEM_MEM_REGION, index, mem->phys_start,
			       mem->virt_start);
	err = check_forbidden(m, mem, index, root);
	if (err)
		return err;
	if (root)
		return mem->phys_start == mem->virt_start ? 0 :
		       REFUSE2(m, -EINVAL, MEM_ROOT_NOT_IDENTITY, JAILHOUSE_ITEM_MEM_REGION, index, mem->phys_start,
			       mem->virt_start);
	err = check_other_cells(m, mem, index);
	return err ? err : check_against_root(m, mem, index);
}

int cell_config_check(struct machine *m, const struct jailhouse_cell_desc *config, u32 size, struct percpu *caller)
{
	const struct jailhouse_memory *mem;
	bool root = !caller;
	int err = check_size(m, config, size);

	if (!err && !root)
		err = cell_identity_check(m, config);
	if (!err && !root)
		err = check_cpus(m, config, caller);
	if (err)
		return err;
	mem = jailhouse_cell_mem_regions(config);
	for (unsigned int n = 0; n < config->num_memory_regions; n++) {
		err = check_region(m, &mem[n], n, root);
		if (err)
			return err;
	}
	err = arch_config_check(m, config, root);
	return err ? err : units_cell_check(m, config, root);
}
