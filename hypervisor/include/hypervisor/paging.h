/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Page pool and page tables.
 *
 * One engine serves the hypervisor's own tables and all guest tables of all architectures. It knows tables with 512
 * entries of eight bytes per level and learns the rest from a struct paging_format.
 *
 * To change a table that is in use without ever failing half-way: paging_prepare() splits what the change needs split
 * (the translation stays the same), then paging_map()/paging_unmap() of that range cannot fail, and after all users
 * have flushed, paging_tidy() joins what became uniform again.
 */
#ifndef HYPERVISOR_PAGING_H
#define HYPERVISOR_PAGING_H

#include <hypervisor/base.h>

struct machine;

/* Pages behind the per-CPU areas and the system configuration, handed out one by one or in runs. */
struct page_pool {
	u8 *base;		/* hypervisor address of the first page */
	u64 base_phys;
	unsigned long pages;
	unsigned long used;
	unsigned long hint;	/* no free page below this one */
	u8 *bitmap;		/* one bit per page, set = used; lies in the pool's first pages */
	unsigned long fail_at;	/* tests: the n-th allocation from now fails, 0 = never */
};

/* `base` is page aligned and zeroed by the driver. Fails (-ENOMEM) if there is no room for the bitmap. */
int page_pool_init(struct page_pool *pool, void *base, u64 base_phys, unsigned long pages);
/* Returns `num` consecutive zeroed pages aligned to `align` pages (power of two), or NULL. */
void *page_alloc_aligned(struct page_pool *pool, unsigned int num, unsigned int align);
void *page_alloc(struct page_pool *pool, unsigned int num);
/* Frees `num` pages; NULL is allowed. Content is cleared now, so that allocated pages are always zero. */
void page_free(struct page_pool *pool, void *pages, unsigned int num);

static inline u64 page_pool_phys(const struct page_pool *pool, const void *page)
{
	return pool->base_phys + (u64)((const u8 *)page - pool->base);
}

static inline void *page_pool_virt(const struct page_pool *pool, u64 phys)
{
	return pool->base + (phys - pool->base_phys);
}

/* Access rights in the engine's terms; the format translates them. */
#define PG_READ	    0x01
#define PG_WRITE    0x02
#define PG_EXEC	    0x04
#define PG_DEVICE   0x08 /* uncached, no speculation */
#define PG_NO_HUGE  0x10 /* entries of 4 KiB only, never joined */
#define PG_NO_JOIN  0x40 /* paging_tidy must leave the tables above as they are */

#define PAGING_INVALID_PHYS (~0ULL)

struct paging_format {
	unsigned int levels;	 /* 1 = only 4 KiB entries; level 0 is the last one */
	unsigned int root_pages; /* of the first table, which is aligned to its size; a power of two */
	unsigned int max_leaf;	 /* highest level that may hold a leaf: 0 4 KiB, 1 2 MiB, 2 1 GiB */
	u64 address;		 /* mask of the address in an entry; a large leaf's has no bits below its size */
	/* `phys` stands in the entry as it is: the leaf of the next page is by the size of a page more. */
	u64 (*leaf)(u64 phys, unsigned int flags, unsigned int level);
	u64 (*table)(u64 phys);
	bool (*is_valid)(u64 entry);
	bool (*is_leaf)(u64 entry, unsigned int level); /* of a valid entry */
	unsigned int (*flags)(u64 entry, unsigned int level);
	/* Makes a changed entry visible to hardware that does not snoop; may be NULL. */
	void (*sync)(void *entry, unsigned long size);
};

struct page_table {
	const struct paging_format *format;
	struct page_pool *pool;
	u64 *root;
	u64 root_phys;
};

/* Allocates the root. */
int paging_create(struct page_table *pt, const struct paging_format *format, struct page_pool *pool);
/* Frees all tables; nobody may use them any more. A root of NULL is allowed. */
void paging_destroy(struct page_table *pt);

/*
 * Maps [virt, virt + size) to phys. All page aligned. Overwrites what was there. Only fails (-ENOMEM) if a table has to
 * be allocated or a larger entry has to be split; then the range may be partly mapped.
 */
int paging_map(struct page_table *pt, u64 virt, u64 phys, u64 size, unsigned int flags);
/* Unmaps all or nothing; only fails where a larger entry crosses a boundary of the range and was not split before. */
int paging_unmap(struct page_table *pt, u64 virt, u64 size);
/* Splits larger entries that cross the boundaries of the range. -ENOMEM: some may have been split; call tidy. */
int paging_prepare(struct page_table *pt, u64 virt, u64 size);
/*
 * Joins and frees tables in and around the range: uniform ones become a larger entry, and with `free_empty` those
 * without any valid entry go. No CPU may walk the range until its TLB has been flushed.
 */
void paging_tidy(struct page_table *pt, u64 virt, u64 size, bool free_empty);
/* The last-level entry for virt, which must be mapped by 4 KiB pages; NULL if it is not. */
u64 *paging_entry(const struct page_table *pt, u64 virt);
/* Returns the physical address for virt, or PAGING_INVALID_PHYS. ret_flags may be NULL. */
u64 paging_lookup(const struct page_table *pt, u64 virt, unsigned int *ret_flags);

#endif /* !HYPERVISOR_PAGING_H */
