/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Extension of the page tables that start-64.S has made. */
#include <inmate.h>

#define ENTRIES       512
#define ENTRY_ADDRESS 0x000ffffffffff000UL
#define PML4_SHIFT    39
#define PDPT_SHIFT    30
#define PD_SHIFT      21

extern unsigned long boot_pml4[ENTRIES];

/* The table below an entry, made if there is none. */
static unsigned long *next_table(unsigned long *table, unsigned long address, unsigned int shift)
{
	unsigned long *entry = &table[(address >> shift) % ENTRIES];

	if (!(*entry & PAGE_FLAG_PRESENT))
		*entry = (unsigned long)zalloc(PAGE_SIZE, PAGE_SIZE) | PAGE_FLAG_PRESENT |
			 PAGE_FLAG_RW | PAGE_FLAG_US;
	return (unsigned long *)(*entry & ENTRY_ADDRESS);
}

void map_range(void *start, unsigned long size, enum map_type map_type)
{
	unsigned long flags = PAGE_FLAG_PRESENT | PAGE_FLAG_RW | PAGE_FLAG_PS;
	unsigned long address = (unsigned long)start & HUGE_PAGE_MASK;
	unsigned long end = (unsigned long)start + size;
	unsigned long *table;

	if (map_type == MAP_UNCACHED)
		flags |= PAGE_FLAG_UNCACHED;
	for (; address < end; address += HUGE_PAGE_SIZE) {
		table = next_table(boot_pml4, address, PML4_SHIFT);
		table = next_table(table, address, PDPT_SHIFT);
		table[(address >> PD_SHIFT) % ENTRIES] = address | flags;
	}
	/* There may have been another mapping. */
	write_cr3(read_cr3());
}
