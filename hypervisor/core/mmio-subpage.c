// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Regions that are not page aligned: never mapped, each access is checked and done by the
 * hypervisor.
 *
 * The window's argument is the region in the cell's own configuration; the device page is mapped
 * per access through a window of the CPU, so that a region costs no page tables.
 */
#include <hypervisor/machine.h>
#include <hypervisor/arch/memory.h>

bool subpage_region(const struct jailhouse_memory *mem)
{
	return JAILHOUSE_MEMORY_IS_SUBPAGE(mem);
}

static bool access_allowed(const struct jailhouse_memory *mem, const struct mmio_access *access)
{
	u64 right = access->write ? JAILHOUSE_MEM_WRITE : JAILHOUSE_MEM_READ;

	/* The hypervisor maps one page for it. */
	if ((access->address & PAGE_OFFS_MASK) + access->size > PAGE_SIZE)
		return false;
	if (!(mem->flags & right) || !(mem->flags & ((u64)access->size << JAILHOUSE_MEM_IO_WIDTH_SHIFT)))
		return false;
	return IS_ALIGNED(access->address, access->size) || (mem->flags & JAILHOUSE_MEM_IO_UNALIGNED);
}

static enum mmio_result subpage_access(struct percpu *cpu, void *arg, struct mmio_access *access)
{
	const struct jailhouse_memory *mem = arg;
	u64 phys = mem->phys_start + (access->address - mem->virt_start);

	if (!access_allowed(mem, access)) {
		cpu_printk(cpu, "FATAL: Invalid MMIO %s, address: %llx, size: %x\n", access->write ? "write" : "read",
			   access->address, access->size);
		VIOLATION(cpu, access->address, SUBPAGE_ACCESS, access_arg(access->write), access->address,
			  access->size, (u64)(mem - jailhouse_cell_mem_regions(cpu->cell->config)));
		return MMIO_ERROR;
	}
	arch_device_access(cpu, phys, access);
	return MMIO_HANDLED;
}

int subpage_map(struct cell *cell, const struct jailhouse_memory *mem)
{
	return mmio_add(cell, mem->virt_start, mem->size, subpage_access, (void *)mem);
}

bool subpage_overlaps(const struct cell *cell, u64 start, u64 size)
{
	const struct mmio_map *map = &cell->mmio;

	for (unsigned int n = 0; n < map->count; n++)
		if (map->windows[n].handler == subpage_access &&
		    ranges_overlap(map->windows[n].start, map->windows[n].size, start, size))
			return true;
	return false;
}

/*
 * Takes a range out of the sub-page windows. What remains of a window keeps its region, so that addresses and rights
 * stay right. The caller has reserved room for the pieces.
 */
void subpage_cut(struct cell *cell, u64 start, u64 size)
{
	struct mmio_map *map = &cell->mmio;

	for (unsigned int n = 0; n < map->count; n++) {
		struct mmio_window window = map->windows[n];
		u64 tail = start + size;

		if (window.handler != subpage_access || !ranges_overlap(window.start, window.size, start, size))
			continue;
		mmio_remove(cell, window.start);
		n--;
		if (window.start < start)
			mmio_add(cell, window.start, start - window.start, window.handler, window.arg);
		if (tail < window.start + window.size)
			mmio_add(cell, tail, window.start + window.size - tail, window.handler, window.arg);
	}
}

/* Gives a part of `mem` back, even twice, and joins it with the neighbours that belong to the same region. */
void subpage_restore(struct cell *cell, const struct jailhouse_memory *mem, u64 start, u64 size)
{
	struct mmio_map *map = &cell->mmio;

	subpage_cut(cell, start, size);
	for (unsigned int n = 0; n < map->count; n++) {
		struct mmio_window window = map->windows[n];

		if (window.handler != subpage_access || window.arg != mem)
			continue;
		if (window.start + window.size == start)
			start = window.start;
		else if (start + size != window.start)
			continue;
		size += window.size;
		mmio_remove(cell, window.start);
		n--;
	}
	mmio_add(cell, start, size, subpage_access, (void *)mem);
}
