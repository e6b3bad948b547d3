/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Page tables, in the long-descriptor format that both architectures have (ARM DDI 0487, D8.3): a
 * first level of 1 GiB per entry and a second level with blocks of 2 MiB, all mapped at their own
 * address.
 */
#include "mem.h"

#define L1_SHIFT 30
#define L2_SHIFT 21
#define ENTRIES  512

#define DESC_TABLE        3ULL
#define DESC_BLOCK        1ULL
#define DESC_ATTR(index)  ((u64)(index) << 2)
#define DESC_INNER_SHARED (3ULL << 8)
#define DESC_ACCESSED     (1ULL << 10)
#define DESC_NO_EXECUTE   (3ULL << 53) /* ARMv7 ignores the lower bit */

#define ADDRESS_MASK 0x0000fffffffff000ULL

/* Image, stack and a little heap; blocks are larger than that anyway. */
#define INMATE_SIZE 0x10000

extern char __reset_entry[];

u64 mem_root[ENTRIES] __attribute__((aligned(4096)));

static u64 *second_level(u64 address)
{
	u64 *entry = &mem_root[address >> L1_SHIFT];
	void *table;

	if (!*entry) {
		table = zalloc(PAGE_SIZE, PAGE_SIZE);
		*entry = (unsigned long)table | DESC_TABLE;
	}
	return (u64 *)(unsigned long)(*entry & ADDRESS_MASK);
}

void map_range(void *start, unsigned long size, enum map_type map_type)
{
	u64 address = (unsigned long)start & HUGE_PAGE_MASK;
	u64 end = (u64)(unsigned long)start + size;
	u64 flags = DESC_BLOCK | DESC_ACCESSED | DESC_INNER_SHARED;

	if (map_type == MAP_UNCACHED)
		flags |= DESC_ATTR(MEM_ATTR_DEVICE) | DESC_NO_EXECUTE;
	else
		flags |= DESC_ATTR(MEM_ATTR_NORMAL);

	for (; address < end; address += HUGE_PAGE_SIZE)
		second_level(address)[(address >> L2_SHIFT) % ENTRIES] = address | flags;

	/* There may have been another mapping. */
	dsb(ish);
	arch_flush_tlb();
}

/* The tables are written with the caches off, so they are in memory when the walker looks for them. */
void mem_init(void)
{
	map_range(__reset_entry, INMATE_SIZE, MAP_CACHED);
	map_range(comm_region, PAGE_SIZE, MAP_CACHED);
}
