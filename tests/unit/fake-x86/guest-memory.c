// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "guest-memory.h"
#include <hypervisor/arch/memory.h>
#include <asm/paging.h>

#define POOL_PHYS 0x80000000ULL

struct guest_memory host;

/* Only now the processor takes notice of a changed entry of the window. */
void invlpg(const void *address)
{
	size_t n = (size_t)((const u8 *)address - host.window) / PAGE_SIZE;
	u64 phys, page;

	assert_in_range(n, ARCH_TEMP_PAGES, WINDOW_PAGES - 1);
	/* present, read-only, no code */
	assert_int_equal(host.window_pte[n] & 0x8000000000000003ULL, 0x8000000000000001ULL);
	phys = host.window_pte[n] & 0x000ffffffffff000ULL;
	page = (phys - RAM_PHYS) / PAGE_SIZE % GUEST_PAGES;
	assert_true(phys >= RAM_PHYS);
	assert_ptr_equal(mmap(host.window + n * PAGE_SIZE, PAGE_SIZE, PROT_READ, MAP_SHARED | MAP_FIXED, host.file,
			      (off_t)(page * PAGE_SIZE)),
			 host.window + n * PAGE_SIZE);
	host.num_mapped++;
}

int guest_memory_map(u64 virt, u64 phys, u64 size, unsigned int flags)
{
	guest_forget_memory(CELL_CPU);
	return paging_map(&fake.cell.stage2, virt, phys, size, flags);
}

static int setup_levels(const struct paging_format *format)
{
	fake_reset(NULL);
	memset(host.ram, 0, RAM_SIZE);
	memset(host.window_pte, 0xff, sizeof(host.window_pte));
	memset(host.pool_pages, 0, sizeof(host.pool_pages));
	host.num_mapped = 0;
	CELL_CPU->arch.temp_base = host.window;
	CELL_CPU->arch.temp_pte = host.window_pte;
	page_pool_init(&host.pool, host.pool_pages, POOL_PHYS, POOL_PAGES);
	if (paging_create(&fake.cell.stage2, format, &host.pool))
		return -1;
	return guest_memory_map(0, RAM_PHYS, RAM_SIZE, PG_READ | PG_WRITE | PG_EXEC);
}

int guest_memory_setup(void **state)
{
	(void)state;
	return setup_levels(&x86_nested_format[0]);
}

int guest_memory_setup_5_levels(void **state)
{
	(void)state;
	return setup_levels(&x86_nested_format[1]);
}

static void store(u64 addr, const void *data, unsigned int size)
{
	memcpy(host.ram + addr, data, size);
}

void set64(u64 table, unsigned int index, u64 entry)
{
	store(table + index * 8, &entry, 8);
}

void set32(u64 table, unsigned int index, u32 entry)
{
	store(table + index * 4, &entry, 4);
}

void set_mode(u64 cr0, u64 cr3, u64 cr4, u64 efer)
{
	CELL_CPU->arch.vendor.cr0 = cr0;
	CELL_CPU->arch.vendor.cr3 = cr3;
	CELL_CPU->arch.vendor.cr4 = cr4;
	CELL_CPU->arch.vendor.efer = efer;
}

void set_long_mode(unsigned int levels)
{
	set_mode(PAGING, ROOT | 0xfff, X86_CR4_PAE | (levels == 5 ? X86_CR4_LA57 : 0),
		 X86_EFER_LMA | X86_EFER_LME);
}

void build_long(u64 linear, unsigned int levels, unsigned int leaf_level, u64 leaf)
{
	unsigned int table = 0;

	for (unsigned int level = levels - 1; level > leaf_level; level--, table++)
		set64(TABLE(table), (linear >> (12 + 9 * level)) & 511, TABLE(table + 1) | 0xe67 /* P and others */);
	set64(TABLE(table), (linear >> (12 + 9 * leaf_level)) & 511, leaf);
}

int guest_memory_setup_host(void **state)
{
	(void)state;
	host.file = memfd_create("ram", 0);
	if (host.file < 0 || ftruncate(host.file, RAM_SIZE))
		return -1;
	host.ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, host.file, 0);
	host.window = mmap(NULL, WINDOW_PAGES * PAGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return host.ram == MAP_FAILED || host.window == MAP_FAILED ? -1 : 0;
}
