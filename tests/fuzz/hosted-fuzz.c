// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "hosted-fuzz.h"
#include "configs.h"
#include "translation.h"

#define BDF	  0x0018 /* 00:03.0 */
#define MSIX_PHYS 0xf0010000UL

#define CPU_TIMEOUT_MS 10000

void fuzz_failed(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: %s does not hold\n", file, line, condition);
	abort();
}

/* ---- the machine ---- */

static const struct hosted_setup setup = {
	.cpus = FUZZ_CPUS,
	.levels = 4,
	.max_leaf = 1,
	.phys_bits = 40,
	.architecture = JAILHOUSE_X86,
	/* Nobody is late, however busy the host is. */
	.tsc_khz = 100 * 1000000U,
	.ram_start = 0x100000,
	.ram_size = 0x3fe00000,
};

struct jailhouse_pci_device fuzz_link(struct config *config, unsigned int id)
{
	const struct jailhouse_pci_device dev = {
		.type = JAILHOUSE_PCI_TYPE_IVSHMEM,
		.bdf = FUZZ_LINK,
		.bar_mask = JAILHOUSE_IVSHMEM_BAR_MASK_MSIX,
		.num_msix_vectors = FUZZ_VECTORS,
		.shmem_regions_start = (u8)config->cell.num_memory_regions,
		.shmem_dev_id = (u8)id,
		.shmem_peers = FUZZ_PEERS,
	};

	for (unsigned int n = 0; n < FUZZ_PEERS + 2; n++)
		add_mem(config, FUZZ_SHMEM + n * PAGE_SIZE, FUZZ_SHMEM + n * PAGE_SIZE, PAGE_SIZE,
			JAILHOUSE_MEM_ROOTSHARED | (n == 1 || n == id + 2 ? MEM_RW : JAILHOUSE_MEM_READ));
	return dev;
}

static void list_function(struct config *root)
{
	root->cell.num_pci_devices = 2;
	root->pci[0] = (struct jailhouse_pci_device){
		.type = JAILHOUSE_PCI_TYPE_DEVICE,
		.bdf = BDF,
		.bar_mask = { 0xfffff000 },
		.num_msix_vectors = 2,
		.msix_region_size = PAGE_SIZE,
		.msix_address = MSIX_PHYS,
	};
	root->pci[1] = fuzz_link(root, 0);
}

static void fuzz_root(struct config *root)
{
	root_config(root);
	root->system.hypervisor_memory.phys_start = FUZZ_HV_PHYS;
	root->system.hypervisor_memory.size = FUZZ_HV_SIZE;
	root->system.platform_info.pci_mmconfig_base = FUZZ_MMCONFIG;
	root->system.platform_info.pci_mmconfig_end_bus = 0xff;
	root->cell.num_memory_regions = 0;
	add_mem(root, 0x100000, 0x100000, 0x39f00000, MEM_RWX);
	add_mem(root, CELLS_PHYS, CELLS_PHYS, CELLS_SIZE, MEM_RWX);
	add_mem(root, 0x3f200000, 0x3f200000, 0xc00000, MEM_RWX);
	add_mem(root, 0x40000000, 0x40000000, 0x70000000, MEM_RW | JAILHOUSE_MEM_IO);
	add_mem(root, 0xc0000000, 0xc0000000, MSIX_PHYS - 0xc0000000, MEM_RW | JAILHOUSE_MEM_IO);
	add_mem(root, FUZZ_SUBPAGE, FUZZ_SUBPAGE, 0x200, MEM_RW | JAILHOUSE_MEM_IO_32 | JAILHOUSE_MEM_IO_8);
	list_function(root);
}

void fuzz_enable(struct fuzz_machine *f)
{
	static u8 blob[MAX_BLOB];
	struct config root;
	u32 size;

	/* Enable waits for all CPUs' share of its work. */
	__atomic_store_n(&hosted_faults(f->hw)->slow_memory, 0, __ATOMIC_SEQ_CST);
	fuzz_root(&root);
	size = write_system(&root, blob);
	require(hosted_enable(f->hw, (const struct jailhouse_system *)blob, size) == 0);
	f->pool_used = f->m->pool.used;
	f->root_hash = fuzz_root_hash(f);
	f->root_windows = f->m->root.mmio.count;
}

static struct fuzz_machine machine;

struct fuzz_machine *fuzz_start(void)
{
	static const u8 space[0x60] = {
		[0x00] = 0xf4, 0x1a, 0x00, 0x10, [0x04] = 0x06, 0x00, 0x10, 0x00, [0x10] = 0x00, 0x00, 0x01, 0xf0,
		[0x34] = 0x40, [0x40] = 0x11, 0x50, 0x01, 0x00, [0x50] = 0x01, 0x00, 0x00, 0x00, [0x54] = 0x08,
	};
	struct fuzz_machine *f = &machine;

	if (f->hw)
		return f;
	f->broken = false;
	f->hw = hosted_new(&setup);
	require(f->hw);
	f->m = hosted_core(f->hw);
	require(hosted_add_pci(f->hw, BDF, space, sizeof(space)));
	require(hosted_add_registers(f->hw, MSIX_PHYS, PAGE_SIZE));
	fuzz_enable(f);
	return f;
}

static void destroy_all(struct fuzz_machine *f)
{
	long result;

	for (struct cell *cell = f->m->root.next; cell; cell = cell->next)
		fuzz_set_word(cell, offsetof(struct jailhouse_comm_region, cell_state), JAILHOUSE_CELL_SHUT_DOWN);
	while (f->m->root.next) {
		/* Another request may be under way, and may even be the same one. */
		result = fuzz_manage(f, JAILHOUSE_HC_CELL_DESTROY, f->m->root.next->config->id);
		require(result == 0 || result == -EBUSY || result == -ENOENT);
	}
}

void fuzz_bring_back_cpus(struct fuzz_machine *f)
{
	for (unsigned int cpu = 0; cpu < FUZZ_CPUS; cpu++) {
		/* A CPU that was let go may not have parked yet, and look as if it were Linux' all the time. */
		require(hosted_wait_idle(f->hw, cpu, CPU_TIMEOUT_MS));
		if (hosted_cpu_state(f->hw, cpu) != HOSTED_LINUX)
			require(hosted_online(f->hw, 0, cpu));
	}
}

static void check_free_pages(const struct page_pool *pool)
{
	for (unsigned long n = 0; n < pool->pages; n++)
		for (unsigned int at = 0; !test_bit((unsigned int)n, pool->bitmap) && at < PAGE_SIZE; at += 8)
			require(*(const u64 *)(pool->base + n * PAGE_SIZE + at) == 0);
}

void fuzz_end(struct fuzz_machine *f)
{
	static unsigned int runs;

	__atomic_store_n(&hosted_faults(f->hw)->slow_memory, 0, __ATOMIC_SEQ_CST);
	f->m->pool.fail_at = 0;
	free(hosted_take_text(f->hw));
	destroy_all(f);
	require(f->m->pool.used == f->pool_used);
	require(fuzz_root_hash(f) == f->root_hash);
	require(f->m->root.mmio.count == f->root_windows);
	fuzz_check(f);
	if (runs++ % 64 == 0)
		check_free_pages(&f->m->pool);
	if (f->broken) {
		hosted_free(f->hw);
		f->hw = NULL;
	} else {
		fuzz_bring_back_cpus(f);
	}
}

long fuzz_manage(struct fuzz_machine *f, unsigned long code, unsigned long arg)
{
	long result;

	do
		result = hosted_call(f->hw, 0, code, arg, 0);
	while (result == -EAGAIN);
	return result;
}

void fuzz_set_word(struct cell *cell, unsigned long offset, u32 value)
{
	__atomic_store_n((u32 *)((u8 *)cell->comm + offset), value, __ATOMIC_SEQ_CST);
}

/* ---- what must hold ---- */

struct seen {
	const struct fuzz_machine *f;
	const struct cell *cell;
	u64 hash;
	u64 phys, size;
	bool found;
};

static void add_to_hash(void *arg, const struct run *run)
{
	struct seen *seen = arg;

	seen->hash = (seen->hash ^ run->virt) * 0x100000001b3ULL;
	seen->hash = (seen->hash ^ run->phys) * 0x100000001b3ULL;
	seen->hash = (seen->hash ^ run->size) * 0x100000001b3ULL;
	seen->hash = (seen->hash ^ run->flags) * 0x100000001b3ULL;
}

u64 fuzz_root_hash(const struct fuzz_machine *f)
{
	struct seen seen = { .hash = 0xcbf29ce484222325ULL };

	for_each_run(&f->m->root.stage2, add_to_hash, &seen);
	return seen.hash;
}

static void look_for(void *arg, const struct run *run)
{
	struct seen *seen = arg;

	seen->found = seen->found || ranges_overlap(run->phys, run->size, seen->phys, seen->size);
}

/* A cell has nothing of what is the hypervisor's alone, but its communication region. */
static void check_run(void *arg, const struct run *run)
{
	const struct seen *seen = arg;

	if (ranges_overlap(run->phys, run->size, seen->f->m->hv_phys, seen->f->m->hv_size))
		require(run->phys == seen->cell->comm_phys && run->size == PAGE_SIZE);
	require(!ranges_overlap(run->phys, run->size, FUZZ_MMCONFIG, 0x10000000));
	require(!ranges_overlap(run->phys, run->size, FUZZ_IOAPIC, PAGE_SIZE));
}

static bool is_private(const struct jailhouse_memory *mem)
{
	return mem->size > 0 && !(mem->flags & (JAILHOUSE_MEM_COMM_REGION | JAILHOUSE_MEM_ROOTSHARED));
}

static bool overlaps_loadable(const struct cell *cell, u64 start, u64 size)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(cell->config);

	for (unsigned int n = 0; n < cell->config->num_memory_regions; n++)
		if (is_private(&mem[n]) && (mem[n].flags & JAILHOUSE_MEM_LOADABLE) &&
		    ranges_overlap(mem[n].phys_start, mem[n].size, start, size))
			return true;
	return false;
}

/* What a cell has for itself, nobody else sees. */
static void check_private(const struct fuzz_machine *f, const struct cell *cell, const struct jailhouse_memory *mem)
{
	const struct mmio_map *windows = &f->m->root.mmio;
	struct seen seen = { .phys = mem->phys_start, .size = mem->size };
	bool shown = cell->loadable && overlaps_loadable(cell, seen.phys, seen.size);

	for (unsigned int n = 0; n < windows->count; n++)
		require(shown || !ranges_overlap(windows->windows[n].start, windows->windows[n].size, seen.phys,
						 seen.size));
	if (JAILHOUSE_MEMORY_IS_SUBPAGE(mem))
		return;
	for_each_run(&f->m->root.stage2, look_for, &seen);
	require(shown || !seen.found);
	for (const struct cell *other = f->m->root.next; other; other = other->next) {
		seen.found = false;
		if (other != cell)
			for_each_run(&other->stage2, look_for, &seen);
		require(!seen.found);
	}
}

static void check_cell(const struct fuzz_machine *f, const struct cell *cell)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(cell->config);
	struct seen seen = { .f = f, .cell = cell };
	unsigned int cpus = 0;

	for (unsigned int cpu = 0; cpu < FUZZ_CPUS; cpu++)
		cpus += machine_cpu(f->m, cpu)->cell == cell;
	require(cpus == cell->num_cpus && cpus > 0);
	if (cell == &f->m->root)
		return;
	require(machine_cpu(f->m, 0)->cell != cell);
	for_each_run(&cell->stage2, check_run, &seen);
	for (unsigned int n = 0; n < cell->config->num_memory_regions; n++)
		if (is_private(&mem[n]))
			check_private(f, cell, &mem[n]);
}

void fuzz_check(const struct fuzz_machine *f)
{
	const struct page_pool *pool = &f->m->pool;
	unsigned long used = 0;
	unsigned int cells = 0;

	for (unsigned long n = 0; n < pool->pages; n++)
		used += test_bit((unsigned int)n, pool->bitmap);
	require(used == pool->used);
	for (const struct cell *cell = &f->m->root; cell; cell = cell->next, cells++)
		check_cell(f, cell);
	require(cells == f->m->num_cells);
	require(hosted_counters(f->hw)->machine_resets == 0);
}
