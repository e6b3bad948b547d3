/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Page tables for the moment of entry: 512 entries of eight bytes in each, pages of 4 KiB, bit 0 of
 * an entry says that it is valid. x86 and ARM64 both have them in this form.
 */
#ifndef JH_TABLES_H
#define JH_TABLES_H

#include <linux/list.h>
#include <linux/types.h>

#define JH_TABLE_ENTRIES 512
#define JH_TABLE_ADDRESS GENMASK_ULL(51, 12)

struct jh_tables {
	u64 *root;		/* one table, in 1 << root_order pages */
	unsigned int root_order;
	unsigned int levels;
	u64 table_flags;	/* of an entry for the next level's table */
	u64 page_flags;		/* of an entry for a page */
	struct list_head pages;	/* struct page of the tables below the root */
};

/* Allocates the root. */
int jh_tables_init(struct jh_tables *tables);
/* Makes the tables that it takes; on failure those made are kept. Addresses and size in pages. */
int jh_tables_map(struct jh_tables *tables, u64 virt, phys_addr_t phys, u64 size);
/* Frees all; may be called where nothing is left. */
void jh_tables_free(struct jh_tables *tables);

#endif /* !JH_TABLES_H */
