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

static void sync(const struct page_table *pt, void *start, u64 size)
{
	if (pt->format->sync)
		pt->format->sync(start, (unsigned long)size);
}

/* `count` entries of a table, each by `step` more than the one before: addresses stand in entries as they are. */
static void set_entries(const struct page_table *pt, u64 *entry, u64 count, u64 value, u64 step)
{
	for (u64 n = 0; n < count; n++, value += step)
		*(volatile u64 *)&entry[n] = value;
	sync(pt, entry, count * sizeof(*entry));
}

static u64 *entry_table(const struct page_table *pt, u64 entry)
{
	return page_pool_virt(pt->pool, entry & pt->format->address);
}

static u64 leaf_phys(const struct paging_format *format, u64 entry, unsigned int level)
{
	return entry & format->address & ~(LEVEL_SIZE(level) - 1);
}

static bool is_table(const struct page_table *pt, u64 entry, unsigned int level)
{
	return pt->format->is_valid(entry) && !pt->format->is_leaf(entry, level);
}

/* The table of the next level. One that is not there yet gets the translation of the large entry, if there is one. */
static u64 *next_table(struct page_table *pt, u64 *entry, unsigned int level)
{
	const struct paging_format *format = pt->format;
	u64 *table;

	if (is_table(pt, *entry, level))
		return entry_table(pt, *entry);
	table = page_alloc(pt->pool, 1);
	if (!table)
		return NULL;
	if (format->is_valid(*entry))
		set_entries(pt, table, ENTRIES,
			    format->leaf(leaf_phys(format, *entry, level), format->flags(*entry, level), level - 1),
			    LEVEL_SIZE(level - 1));
	else
		sync(pt, table, PAGE_SIZE);
	set_entries(pt, entry, 1, format->table(page_pool_phys(pt->pool, table)), 0);
	return table;
}

int paging_create(struct page_table *pt, const struct paging_format *format, struct page_pool *pool)
{
	pt->format = format;
	pt->pool = pool;
	pt->root = page_alloc_aligned(pool, format->root_pages, format->root_pages);
	if (!pt->root)
		return -ENOMEM;
	sync(pt, pt->root, format->root_pages * PAGE_SIZE);
	pt->root_phys = page_pool_phys(pool, pt->root);
	return 0;
}

static void free_tables(struct page_table *pt, u64 *table, unsigned int pages, unsigned int level)
{
	/* Most entries are empty. */
	for (unsigned int n = 0; level > 0 && n < pages * ENTRIES; n++)
		if (table[n] && is_table(pt, table[n], level))
			free_tables(pt, entry_table(pt, table[n]), 1, level - 1);
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
	return level <= pt->format->max_leaf && !(flags & PG_NO_HUGE) && size >= LEVEL_SIZE(level) &&
	       IS_ALIGNED(virt | phys, LEVEL_SIZE(level)) && !is_table(pt, entry, level);
}

/* The part of the range that one entry is for */
static u64 entry_part(u64 virt, u64 size, unsigned int level)
{
	return MIN(size, LEVEL_SIZE(level) - (virt & (LEVEL_SIZE(level) - 1)));
}

static int map_level(struct page_table *pt, u64 *table, unsigned int level, u64 virt, u64 phys, u64 size,
		     unsigned int flags)
{
	u64 *entry = &table[level_index(pt, virt, level)];
	u64 *next;
	u64 part;
	int err;

	if (level == 0) {
		set_entries(pt, entry, size >> PAGE_SHIFT, pt->format->leaf(phys, flags, 0), PAGE_SIZE);
		return 0;
	}
	for (; size > 0; virt += part, phys += part, size -= part, entry++) {
		part = entry_part(virt, size, level);
		if (leaf_fits(pt, *entry, level, virt, phys, size, flags)) {
			set_entries(pt, entry, 1, pt->format->leaf(phys, flags, level), 0);
			continue;
		}
		next = next_table(pt, entry, level);
		if (!next)
			return -ENOMEM;
		err = map_level(pt, next, level - 1, virt, phys, part, flags);
		if (err)
			return err;
	}
	return 0;
}

int paging_map(struct page_table *pt, u64 virt, u64 phys, u64 size, unsigned int flags)
{
	return map_level(pt, pt->root, pt->format->levels - 1, virt, phys, size, flags);
}

/* Splits what lies on both sides of the address. */
static int split_at(struct page_table *pt, u64 virt)
{
	u64 *table = pt->root;

	for (unsigned int level = pt->format->levels - 1; !IS_ALIGNED(virt, LEVEL_SIZE(level)); level--) {
		u64 *entry = &table[level_index(pt, virt, level)];

		if (!pt->format->is_valid(*entry))
			return 0;
		table = next_table(pt, entry, level);
		if (!table)
			return -ENOMEM;
	}
	return 0;
}

int paging_prepare(struct page_table *pt, u64 virt, u64 size)
{
	int err = split_at(pt, virt);

	return err ? err : split_at(pt, virt + size);
}

static void unmap_level(struct page_table *pt, u64 *table, unsigned int level, u64 virt, u64 size)
{
	u64 *entry = &table[level_index(pt, virt, level)];
	u64 part;

	if (level == 0) {
		set_entries(pt, entry, size >> PAGE_SHIFT, 0, 0);
		return;
	}
	for (; size > 0; virt += part, size -= part, entry++) {
		part = entry_part(virt, size, level);
		if (is_table(pt, *entry, level))
			unmap_level(pt, entry_table(pt, *entry), level - 1, virt, part);
		else
			set_entries(pt, entry, 1, 0, 0);
	}
}

int paging_unmap(struct page_table *pt, u64 virt, u64 size)
{
	int err = paging_prepare(pt, virt, size);

	if (!err)
		unmap_level(pt, pt->root, pt->format->levels - 1, virt, size);
	return err;
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
	phys = leaf_phys(format, table[0], level);
	if ((flags & (PG_NO_HUGE | PG_NO_JOIN)) || !IS_ALIGNED(phys, LEVEL_SIZE(level + 1)))
		return false;
	for (unsigned int n = 1; n < ENTRIES; n++)
		if (table[n] != table[0] + n * LEVEL_SIZE(level))
			return false;
	*ret_leaf = format->leaf(phys, flags, level + 1);
	return true;
}

static void tidy_level(struct page_table *pt, u64 *table, unsigned int level, u64 virt, u64 size, bool free_empty)
{
	u64 *entry = &table[level_index(pt, virt, level)];
	u64 part;

	for (; size > 0; virt += part, size -= part, entry++) {
		u64 leaf = 0;
		u64 *next;

		part = entry_part(virt, size, level);
		if (!is_table(pt, *entry, level))
			continue;
		next = entry_table(pt, *entry);
		if (level > 1)
			tidy_level(pt, next, level - 1, virt, part, free_empty);
		if (table_is_uniform(pt, next, level - 1, &leaf) || (free_empty && table_is_empty(pt, next))) {
			set_entries(pt, entry, 1, leaf, 0);
			page_free(pt->pool, next, 1);
		}
	}
}

void paging_tidy(struct page_table *pt, u64 virt, u64 size, bool free_empty)
{
	tidy_level(pt, pt->root, pt->format->levels - 1, virt, size, free_empty);
}

/* The entry that translates virt, or NULL */
static u64 *find_leaf(const struct page_table *pt, u64 virt, unsigned int *ret_level)
{
	unsigned int level = pt->format->levels - 1;
	u64 *table = pt->root;
	u64 *entry;

	if (virt >> LEVEL_SHIFT(level) >= (u64)pt->format->root_pages * ENTRIES)
		return NULL;
	for (;; level--) {
		entry = &table[level_index(pt, virt, level)];
		if (!pt->format->is_valid(*entry))
			return NULL;
		if (pt->format->is_leaf(*entry, level))
			break;
		table = entry_table(pt, *entry);
	}
	*ret_level = level;
	return entry;
}

u64 *paging_entry(const struct page_table *pt, u64 virt)
{
	unsigned int level;
	u64 *entry = find_leaf(pt, virt, &level);

	return entry && level == 0 ? entry : NULL;
}

u64 paging_lookup(const struct page_table *pt, u64 virt, unsigned int *ret_flags)
{
	unsigned int level;
	const u64 *entry = find_leaf(pt, virt, &level);

	if (!entry)
		return PAGING_INVALID_PHYS;
	if (ret_flags)
		*ret_flags = pt->format->flags(*entry, level);
	return leaf_phys(pt->format, *entry, level) + (virt & (LEVEL_SIZE(level) - 1));
}
