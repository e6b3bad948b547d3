/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A guest's memory with page tables in it, behind real nested tables, and the window through which walk.c sees it. */
#ifndef FAKE_GUEST_MEMORY_H
#define FAKE_GUEST_MEMORY_H

#include "fake.h"

#define GUEST_PAGES 64
#define POOL_PAGES  64
#define RAM_PHYS    0x40000000ULL /* of the host; the cell sees it from 0 on */

#define P  0x01ULL
#define PS 0x80ULL

/* Guest-physical places of the guest's tables */
#define ROOT	  0x1000
#define TABLE(n)  (ROOT + 0x1000 * (n))
#define CODE_PAGE 0x20000

#define RAM_SIZE (GUEST_PAGES * PAGE_SIZE)
#define PAGING	 (X86_CR0_PG | X86_CR0_PE)

struct guest_memory {
	int file;     /* the host's memory, so that it can be mapped a second time */
	u8 *ram;
	u8 *window;   /* of the CPU */
	u64 window_pte[WINDOW_PAGES];
	u8 pool_pages[POOL_PAGES][PAGE_SIZE] __attribute__((aligned(4096)));
	struct page_pool pool;
	unsigned int num_mapped;
};
extern struct guest_memory host;

/* Of the group; and of a test, with nested tables of 4 or 5 levels, and nothing in the memory. */
int guest_memory_setup_host(void **state);
int guest_memory_setup(void **state);
int guest_memory_setup_5_levels(void **state);
int guest_memory_map(u64 virt, u64 phys, u64 size, unsigned int flags);

void set64(u64 table, unsigned int index, u64 entry);
void set32(u64 table, unsigned int index, u32 entry);
void set_mode(u64 cr0, u64 cr3, u64 cr4, u64 efer);
void set_long_mode(unsigned int levels);
/* Tables one behind the other; the entry of each level is the index that `linear` selects. */
void build_long(u64 linear, unsigned int levels, unsigned int leaf_level, u64 leaf);

#endif /* !FAKE_GUEST_MEMORY_H */
