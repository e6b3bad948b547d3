// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Zeroing of a cell's RAM when it changes hands, by the cell's own CPUs while they are parked and the root cell runs,
 * and of its part of shared memory.
 */
#include <hypervisor/arch/cpu.h>
#include <hypervisor/ivshmem.h>
#include <hypervisor/arch/memory.h>

#define CHUNK (ARCH_TEMP_PAGES * PAGE_SIZE)

static bool in_executable_root_region(const struct machine *m, const struct jailhouse_memory *mem)
{
	const struct jailhouse_memory *root = jailhouse_cell_mem_regions(m->root.config);

	for (unsigned int n = 0; n < m->root.config->num_memory_regions; n++)
		if ((root[n].flags & JAILHOUSE_MEM_EXECUTE) &&
		    ranges_overlap(root[n].phys_start, root[n].size, mem->phys_start, mem->size))
			return true;
	return false;
}

bool mem_is_scrubbed(const struct cell *cell, const struct jailhouse_memory *mem)
{
	if (mem->size == 0 || JAILHOUSE_MEMORY_IS_SUBPAGE(mem) || (cell->config->flags & JAILHOUSE_CELL_NO_SCRUB) ||
	    (mem->flags & (JAILHOUSE_MEM_IO | JAILHOUSE_MEM_COMM_REGION | JAILHOUSE_MEM_ROOTSHARED |
			   JAILHOUSE_MEM_NO_SCRUB)))
		return false;
	return (mem->flags & (JAILHOUSE_MEM_LOADABLE | JAILHOUSE_MEM_EXECUTE)) ||
	       in_executable_root_region(cell->machine, mem);
}

static bool is_scrubbed(const struct cell *cell, unsigned int region)
{
	return (cell->scrub.what & SCRUB_RAM &&
		mem_is_scrubbed(cell, jailhouse_cell_mem_regions(cell->config) + region)) ||
	       (cell->scrub.what & SCRUB_SHARED && ivshmem_scrubs(cell, region));
}

void scrub_start(struct cell *cell, u32 what)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(cell->config);
	struct scrub *scrub = &cell->scrub;

	scrub->what = what;
	scrub->region = 0;
	scrub->offset = 0;
	scrub->done = 0;
	scrub->total = 0;
	for (unsigned int n = 0; n < cell->config->num_memory_regions; n++)
		if (is_scrubbed(cell, n))
			scrub->total += mem[n].size;
	__atomic_store_n(&scrub->active, scrub->total > 0, __ATOMIC_RELEASE);
}

bool scrub_finished(struct cell *cell)
{
	struct jailhouse_info *info = cell->machine->info;

	publish(&info->progress_done, __atomic_load_n(&cell->scrub.done, __ATOMIC_RELAXED));
	publish(&info->progress_total, cell->scrub.total);
	return !__atomic_load_n(&cell->scrub.active, __ATOMIC_ACQUIRE);
}

/* The next piece of work, at most CHUNK bytes inside one region. False: all is taken. */
static bool next_chunk(struct cell *cell, u64 *phys, unsigned long *size)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(cell->config);
	struct scrub *scrub = &cell->scrub;

	for (; scrub->region < cell->config->num_memory_regions; scrub->region++, scrub->offset = 0) {
		const struct jailhouse_memory *region = &mem[scrub->region];

		if (!is_scrubbed(cell, scrub->region) || scrub->offset >= region->size)
			continue;
		*phys = region->phys_start + scrub->offset;
		*size = (unsigned long)MIN(region->size - scrub->offset, (u64)CHUNK);
		scrub->offset += *size;
		return true;
	}
	return false;
}

void scrub_work(struct percpu *cpu)
{
	struct cell *cell = cpu->cell;
	struct scrub *scrub = &cell->scrub;
	unsigned long size = 0;
	void *memory;
	u64 phys = 0;
	bool more;

	while (__atomic_load_n(&scrub->active, __ATOMIC_ACQUIRE)) {
		if (__atomic_load_n(&cpu->requests, __ATOMIC_ACQUIRE) & CPU_REQ_STOP) {
			__atomic_fetch_or(&cpu->requests, CPU_REQ_SCRUB, __ATOMIC_ACQ_REL);
			return;
		}
		spin_lock(&scrub->lock);
		more = next_chunk(cell, &phys, &size);
		spin_unlock(&scrub->lock);
		if (!more) {
			/* The last pieces are in the hands of others. Who is parked need not wait for them. */
			if (scrub->what & SCRUB_RAM)
				return;
			arch_relax();
			continue;
		}
		memory = arch_map_temp(cpu, phys, (unsigned int)PAGES(size));
		memset(memory, 0, size);
		arch_memory_written(memory, size);
		if (__atomic_add_fetch(&scrub->done, size, __ATOMIC_ACQ_REL) == scrub->total) {
			__atomic_store_n(&scrub->active, false, __ATOMIC_RELEASE);
			count_event(cell->machine);
		}
		/* As in clean.c */
		arch_relax();
	}
}
