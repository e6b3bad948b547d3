// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Memory regions on their way between the root cell and others. The root cell sees memory at its physical address, so
 * "in the root" always means phys_start.
 */
#include <hypervisor/arch/memory.h>

static u64 region_pages_size(const struct jailhouse_memory *mem)
{
	return PAGES(mem->size) * PAGE_SIZE;
}

static bool moves_with_cell(const struct jailhouse_memory *mem)
{
	return mem->size > 0 && !(mem->flags & (JAILHOUSE_MEM_COMM_REGION | JAILHOUSE_MEM_ROOTSHARED));
}

static bool is_shown_when_loadable(const struct jailhouse_memory *mem)
{
	return moves_with_cell(mem) && (mem->flags & JAILHOUSE_MEM_LOADABLE) && !subpage_region(mem);
}

static int map_region(struct cell *cell, const struct jailhouse_memory *mem)
{
	int err;

	if (mem->size == 0)
		return 0;
	if (subpage_region(mem)) {
		err = subpage_map(cell, mem);
		return err != -EINVAL ? err :
		       REFUSE4(cell->machine, err, MEM_INTERCEPTED, JAILHOUSE_ITEM_MEM_REGION,
			       (u32)(mem - jailhouse_cell_mem_regions(cell->config)), mem->virt_start,
			       mem->virt_start + (mem->size - 1), mem->virt_start, mem->virt_start + (mem->size - 1));
	}
	err = paging_map(&cell->stage2, mem->virt_start,
			 mem->flags & JAILHOUSE_MEM_COMM_REGION ? cell->comm_phys : mem->phys_start,
			 region_pages_size(mem), arch_region_flags(mem));
	return err ? refuse_no_memory(cell->machine, 1) : 0;
}

int regions_map_cell(struct cell *cell)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(cell->config);
	int err;

	for (unsigned int n = 0; n < cell->config->num_memory_regions; n++) {
		err = map_region(cell, &mem[n]);
		if (err)
			return err;
	}
	/* Neighbours may make a large page together. */
	for (unsigned int n = 0; n < cell->config->num_memory_regions; n++)
		if (!subpage_region(&mem[n]))
			paging_tidy(&cell->stage2, mem[n].virt_start, region_pages_size(&mem[n]), false);
	return 0;
}

static int map_hypervisor(struct machine *m)
{
	struct page_table *pt = &m->root.stage2;
	u64 image = m->hv_phys;
	int err = 0;

	/* One page behind all addresses: writes fault, reads give zeros, and memory scanners of Linux are content. */
	for (u64 offset = 0; offset < m->hv_size && !err; offset += PAGE_SIZE)
		err = paging_map(pt, image + offset, page_pool_phys(&m->pool, m->zero_page), PAGE_SIZE,
				 PG_READ | PG_NO_HUGE);
	if (!err && SYS_FLAGS_VIRTUAL_DEBUG_CONSOLE(m->config->flags))
		err = paging_map(pt, image + m->header->console_page, image + m->header->console_page, PAGE_SIZE,
				 PG_READ | PG_NO_HUGE);
	if (!err)
		err = paging_map(pt, image + m->header->info_page, image + m->header->info_page,
				 PAGES(sizeof(struct jailhouse_info)) * PAGE_SIZE, PG_READ | PG_NO_HUGE);
	for (unsigned int id = 0; id < m->max_cpus && !err; id++) {
		u64 offset = m->info->records + id * m->info->record_stride;

		err = paging_map(pt, image + offset, image + offset, PAGE_SIZE, PG_READ | PG_NO_HUGE);
	}
	return err ? refuse_no_memory(m, 1) : 0;
}

/* Whatever its regions cover: what is trapped is not mapped, and behind the hypervisor's addresses lies no memory. */
int regions_map_root(struct machine *m)
{
	struct page_table *pt = &m->root.stage2;
	int err = regions_map_cell(&m->root);
	u64 start, size;

	for (unsigned int n = 0; !err && arch_intercepted_range(m, n, &start, &size); n++) {
		size = PAGES(size) * PAGE_SIZE;
		err = paging_prepare(pt, start, size) ? refuse_no_memory(m, 1) : 0;
		if (!err)
			paging_unmap(pt, start, size);
	}
	return err ? err : map_hypervisor(m);
}

/* Calls f for each part of `mem` that a region of the root cell covers, up to the first error. */
static int for_each_root_part(struct machine *m, const struct jailhouse_memory *mem,
			      int (*f)(struct machine *m, const struct jailhouse_memory *root, u64 start, u64 size,
				       unsigned int extra_flags),
			      unsigned int extra_flags)
{
	const struct jailhouse_memory *root = jailhouse_cell_mem_regions(m->root.config);
	int err = 0;

	for (unsigned int n = 0; n < m->root.config->num_memory_regions && !err; n++) {
		u64 start, last;

		if (!ranges_overlap(root[n].phys_start, root[n].size, mem->phys_start, mem->size))
			continue;
		start = MAX(root[n].phys_start, mem->phys_start);
		last = MIN(root[n].phys_start + (root[n].size - 1), mem->phys_start + (mem->size - 1));
		err = f(m, &root[n], start, last - start + 1, extra_flags);
	}
	return err;
}

/* Each part comes back on its own, so what was joined over its borders has to be split beforehand. */
static int prepare_part(struct machine *m, const struct jailhouse_memory *root, u64 start, u64 size,
			unsigned int extra_flags)
{
	(void)extra_flags;
	return subpage_region(root) ? 0 : paging_prepare(&m->root.stage2, start, PAGES(size) * PAGE_SIZE);
}

static int give_part(struct machine *m, const struct jailhouse_memory *root, u64 start, u64 size,
		     unsigned int extra_flags)
{
	if (subpage_region(root))
		subpage_restore(&m->root, root, start, size);
	else
		/* The tables were kept when the range was taken, so this allocates nothing. */
		paging_map(&m->root.stage2, start, start, PAGES(size) * PAGE_SIZE,
			   arch_region_flags(root) | extra_flags);
	return 0;
}

int regions_prepare_root(struct cell *cell)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(cell->config);
	struct cell *root = &cell->machine->root;
	struct page_table *pt = &root->stage2;
	unsigned int count = cell->config->num_memory_regions;
	unsigned int pieces = 0;
	int err;

	for (unsigned int n = 0; n < count; n++)
		pieces += moves_with_cell(&mem[n]) && subpage_overlaps(root, mem[n].phys_start, mem[n].size);
	err = mmio_reserve(root, pieces);
	for (unsigned int n = 0; n < count && !err; n++)
		if (moves_with_cell(&mem[n]) && !subpage_region(&mem[n]))
			if (paging_prepare(pt, mem[n].phys_start, region_pages_size(&mem[n])) ||
			    for_each_root_part(cell->machine, &mem[n], prepare_part, 0))
				err = refuse_no_memory(cell->machine, 1);
	if (err)
		regions_tidy_root(cell);
	return err;
}

void regions_tidy_root(struct cell *cell)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(cell->config);

	for (unsigned int n = 0; n < cell->config->num_memory_regions; n++)
		if (moves_with_cell(&mem[n]) && !subpage_region(&mem[n]))
			paging_tidy(&cell->machine->root.stage2, mem[n].phys_start, region_pages_size(&mem[n]), false);
}

void regions_take_from_root(struct cell *cell)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(cell->config);
	struct cell *root = &cell->machine->root;

	for (unsigned int n = 0; n < cell->config->num_memory_regions; n++) {
		if (!moves_with_cell(&mem[n]))
			continue;
		/* Of a page of registers the root may have windows only. */
		subpage_cut(root, mem[n].phys_start, mem[n].size);
		if (!subpage_region(&mem[n]))
			paging_unmap(&root->stage2, mem[n].phys_start, region_pages_size(&mem[n]));
	}
}

void regions_give_to_root(struct cell *cell)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(cell->config);
	struct machine *m = cell->machine;

	for (unsigned int n = 0; n < cell->config->num_memory_regions; n++)
		if (moves_with_cell(&mem[n]))
			for_each_root_part(m, &mem[n], give_part, 0);
	regions_tidy_root(cell);
	cell->loadable = false;
}

void regions_show_loadable(struct cell *cell)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(cell->config);

	/* Not to be joined with what lies around: the way back must find the tables that it needs. */
	for (unsigned int n = 0; n < cell->config->num_memory_regions; n++)
		if (is_shown_when_loadable(&mem[n]))
			for_each_root_part(cell->machine, &mem[n], give_part, PG_NO_JOIN);
	cell->loadable = true;
}

void regions_hide_loadable(struct cell *cell)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(cell->config);

	for (unsigned int n = 0; n < cell->config->num_memory_regions; n++)
		if (is_shown_when_loadable(&mem[n])) {
			subpage_cut(&cell->machine->root, mem[n].phys_start, mem[n].size);
			paging_unmap(&cell->machine->root.stage2, mem[n].phys_start, region_pages_size(&mem[n]));
		}
	cell->loadable = false;
}
