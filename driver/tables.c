// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Page tables that are not Linux'. Written as plain numbers, as the kernel's accessors may be
 * paravirtualised, and are for the kernel's own number of levels.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/bits.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>

#include "tables.h"

#define VALID	   BIT_ULL(0)
#define PAGE_BYTES 4096 /* of an entry; Linux' own pages may be larger */

int jh_tables_init(struct jh_tables *tables)
{
	INIT_LIST_HEAD(&tables->pages);
	tables->root = (u64 *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, tables->root_order);
	return tables->root ? 0 : -ENOMEM;
}

/* The next table below an entry, made if there is none */
static u64 *next_table(struct jh_tables *tables, u64 *entry)
{
	struct page *page;

	if (*entry & VALID)
		return phys_to_virt(*entry & JH_TABLE_ADDRESS);
	page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!page)
		return NULL;
	list_add(&page->lru, &tables->pages);
	*entry = page_to_phys(page) | tables->table_flags;
	return page_address(page);
}

static int map_page(struct jh_tables *tables, u64 virt, phys_addr_t phys)
{
	unsigned int level;
	u64 *table = tables->root;

	for (level = tables->levels; level > 1; level--) {
		table = next_table(tables,
				   &table[(virt >> (12 + 9 * (level - 1))) % JH_TABLE_ENTRIES]);
		if (!table)
			return -ENOMEM;
	}
	table[(virt >> 12) % JH_TABLE_ENTRIES] = phys | tables->page_flags;
	return 0;
}

int jh_tables_map(struct jh_tables *tables, u64 virt, phys_addr_t phys, u64 size)
{
	u64 offset;
	int err = 0;

	for (offset = 0; !err && offset < size; offset += PAGE_BYTES)
		err = map_page(tables, virt + offset, phys + offset);
	return err;
}

void jh_tables_free(struct jh_tables *tables)
{
	struct page *page, *next;

	if (!tables->root)
		return;
	list_for_each_entry_safe(page, next, &tables->pages, lru) {
		list_del(&page->lru);
		__free_page(page);
	}
	free_pages((unsigned long)tables->root, tables->root_order);
	tables->root = NULL;
}
