// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <hypervisor/paging.h>

#define ENTRIES		 512
#define LEVEL_SHIFT(lvl) (PAGE_SHIFT + 9 * (lvl))
#define LEVEL_SIZE(lvl)	 (1ULL << LEVEL_SHIFT(lvl))

/* The root may be several pages long, so its index has no upper limit. */
static u64 level_index(const struct page_table *pt, u64 virt, unsigned int level)
{
	u64 index = virt >> LEVEL_SHIFT(level);

	return level + 1 == pt->format->levels ? index : index & (ENTRIES - 1);
}

static void set_entry(const struct page_table *pt, u64 *entry, u64 value)
{
	*(volatile u64 *)entry = value;
	if (pt->format->sync)
		pt->format->sync(entry, sizeof(*entry));
}

static u64 *entry_table(const struct page_table *pt, u64 entry, unsigned int level)
{
	return page_pool_virt(pt->pool, pt->format->phys(entry, level));
}

static bool is_table(const struct page_table *pt, u64 entry, unsigned int level)
{
	return pt->format->is_valid(entry) && level > 0 && !pt->format->is_leaf(entry, level);
}

static u64 *new_table(struct page_table *pt, u64 *entry)
{
	u64 *table = page_alloc(pt->pool, 1);

	if (!table)
		return NULL;
	if (pt->format->sync)
		pt->format->sync(table, PAGE_SIZE);
	set_entry(pt, entry, pt->format->table(page_pool_phys(pt->pool, table)));
	return table;
}

/* Replaces a large entry by a table of the next level with the same translation. */
static u64 *split_entry(struct page_table *pt, u64 *entry, unsigned int level)
{
	const struct paging_format *format = pt->format;
	unsigned int flags = format->flags(*entry, level);
	u64 phys = format->phys(*entry, level);
	u64 *table = page_alloc(pt->pool, 1);

	if (!table)
		return NULL;
	for (unsigned int n = 0; n < ENTRIES; n++)
		table[n] = format->leaf(phys + n * LEVEL_SIZE(level - 1), flags, level - 1);
	if (format->sync)
		format->sync(table, PAGE_SIZE);
	set_entry(pt, entry, format->table(page_pool_phys(pt->pool, table)));
	return table;
}

int paging_create(struct page_table *pt, const struct paging_format *format, struct page_pool *pool)
{
	pt->format = format;
	pt->pool = pool;
	pt->root = page_alloc_aligned(pool, format->root_pages, format->root_pages);
	if (!pt->root)
		return -ENOMEM;
	if (format->sync)
		format->sync(pt->root, format->root_pages * PAGE_SIZE);
	pt->root_phys = page_pool_phys(pool, pt->root);
	return 0;
}

static void free_tables(struct page_table *pt, u64 *table, unsigned int pages, unsigned int level)
{
	for (unsigned int n = 0; level > 0 && n < pages * ENTRIES; n++)
		if (is_table(pt, table[n], level))
			free_tables(pt, entry_table(pt, table[n], level), 1, level - 1);
	page_free(pt->pool, table, pages);
}

void paging_destroy(struct page_table *pt)
{
	if (pt->root)
		free_tables(pt, pt->root, pt->format->root_pages, pt->format->levels - 1);
	pt->root = NULL;
}

/* A larger entry may be written if the format has it, the range covers it, and no finer table is there already. */
static bool leaf_fits(const struct page_table *pt, u64 entry, unsigned int level, u64 virt, u64 phys, u64 size,
		      unsigned int flags)
{
	if (level == 0)
		return true;
	return level <= pt->format->max_leaf && !(flags & PG_NO_HUGE) && size >= LEVEL_SIZE(level) &&
	       IS_ALIGNED(virt | phys, LEVEL_SIZE(level)) && !is_table(pt, entry, level);
}

static int map_level(struct page_table *pt, u64 *table, unsigned int level, u64 virt, u64 phys, u64 size,
		     unsigned int flags)
{
	while (size > 0) {
		u64 chunk = MIN(size, LEVEL_SIZE(level) - (virt & (LEVEL_SIZE(level) - 1)));
		u64 *entry = &table[level_index(pt, virt, level)];
		u64 *next;
		int err;

		if (leaf_fits(pt, *entry, level, virt, phys, size, flags)) {
			set_entry(pt, entry, pt->format->leaf(phys, flags, level));
		} else {
			if (is_table(pt, *entry, level))
				next = entry_table(pt, *entry, level);
			else if (pt->format->is_valid(*entry))
				next = split_entry(pt, entry, level);
			else
				next = new_table(pt, entry);
			if (!next)
				return -ENOMEM;
			err = map_level(pt, next, level - 1, virt, phys, chunk, flags);
			if (err)
				return err;
		}
		virt += chunk;
		phys += chunk;
		size -= chunk;
	}
	return 0;
}

int paging_map(struct page_table *pt, u64 virt, u64 phys, u64 size, unsigned int flags)
{
	return map_level(pt, pt->root, pt->format->levels - 1, virt, phys, size, flags);
}

/* `clear`: unmap the range; otherwise only split what crosses its boundaries. */
static int unmap_level(struct page_table *pt, u64 *table, unsigned int level, u64 virt, u64 size, bool clear)
{
	while (size > 0) {
		u64 chunk = MIN(size, LEVEL_SIZE(level) - (virt & (LEVEL_SIZE(level) - 1)));
		u64 *entry = &table[level_index(pt, virt, level)];
		u64 *next = NULL;
		int err;

		if (is_table(pt, *entry, level)) {
			next = entry_table(pt, *entry, level);
		} else if (pt->format->is_valid(*entry) && chunk < LEVEL_SIZE(level)) {
			next = split_entry(pt, entry, level);
			if (!next)
				return -ENOMEM;
		} else if (clear) {
			set_entry(pt, entry, 0);
		}
		if (next) {
			err = unmap_level(pt, next, level - 1, virt, chunk, clear);
			if (err)
				return err;
		}
		virt += chunk;
		size -= chunk;
	}
	return 0;
}

int paging_unmap(struct page_table *pt, u64 virt, u64 size)
{
	return unmap_level(pt, pt->root, pt->format->levels - 1, virt, size, true);
}

int paging_prepare(struct page_table *pt, u64 virt, u64 size)
{
	return unmap_level(pt, pt->root, pt->format->levels - 1, virt, size, false);
}

static bool table_is_empty(const struct page_table *pt, const u64 *table)
{
	for (unsigned int n = 0; n < ENTRIES; n++)
		if (pt->format->is_valid(table[n]))
			return false;
	return true;
}

/* True if a table of leaves at `level` says the same as one entry above it. */
static bool table_is_uniform(const struct page_table *pt, const u64 *table, unsigned int level, u64 *ret_leaf)
{
	const struct paging_format *format = pt->format;
	unsigned int flags;
	u64 phys;

	if (level + 1 > format->max_leaf || !format->is_valid(table[0]) || !format->is_leaf(table[0], level))
		return false;
	flags = format->flags(table[0], level);
	phys = format->phys(table[0], level);
	if ((flags & (PG_NO_HUGE | PG_NO_JOIN)) || !IS_ALIGNED(phys, LEVEL_SIZE(level + 1)))
		return false;
	for (unsigned int n = 1; n < ENTRIES; n++)
		if (table[n] != format->leaf(phys + n * LEVEL_SIZE(level), flags, level))
			return false;
	*ret_leaf = format->leaf(phys, flags, level + 1);
	return true;
}

static void tidy_level(struct page_table *pt, u64 *table, unsigned int level, u64 virt, u64 size, bool free_empty)
{
	while (size > 0) {
		u64 chunk = MIN(size, LEVEL_SIZE(level) - (virt & (LEVEL_SIZE(level) - 1)));
		u64 *entry = &table[level_index(pt, virt, level)];
		u64 leaf = 0;
		u64 *next;

		if (is_table(pt, *entry, level)) {
			next = entry_table(pt, *entry, level);
			if (level > 1)
				tidy_level(pt, next, level - 1, virt, chunk, free_empty);
			if (table_is_uniform(pt, next, level - 1, &leaf) ||
			    (free_empty && table_is_empty(pt, next))) {
				set_entry(pt, entry, leaf);
				page_free(pt->pool, next, 1);
			}
		}
		virt += chunk;
		size -= chunk;
	}
}

void paging_tidy(struct page_table *pt, u64 virt, u64 size, bool free_empty)
{
	tidy_level(pt, pt->root, pt->format->levels - 1, virt, size, free_empty);
}

u64 *paging_entry(const struct page_table *pt, u64 virt)
{
	unsigned int level = pt->format->levels - 1;
	u64 *table = pt->root;

	for (; level > 0; level--) {
		u64 entry = table[level_index(pt, virt, level)];

		if (!is_table(pt, entry, level))
			return NULL;
		table = entry_table(pt, entry, level);
	}
	return &table[level_index(pt, virt, 0)];
}

u64 paging_lookup(const struct page_table *pt, u64 virt, unsigned int *ret_flags)
{
	unsigned int level = pt->format->levels - 1;
	const u64 *table = pt->root;
	u64 entry;

	if (virt >> LEVEL_SHIFT(level) >= (u64)pt->format->root_pages * ENTRIES)
		return PAGING_INVALID_PHYS;
	for (;; level--) {
		entry = table[level_index(pt, virt, level)];
		if (!pt->format->is_valid(entry))
			return PAGING_INVALID_PHYS;
		if (level == 0 || pt->format->is_leaf(entry, level))
			break;
		table = entry_table(pt, entry, level);
	}
	if (ret_flags)
		*ret_flags = pt->format->flags(entry, level);
	return pt->format->phys(entry, level) + (virt & (LEVEL_SIZE(level) - 1));
}
