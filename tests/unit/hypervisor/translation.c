// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdlib.h>
#include "translation.h"

struct walk {
	const struct page_table *pt;
	run_function f;
	void *arg;
	struct run run;
};

static void add(struct walk *walk, u64 virt, u64 phys, u64 size, unsigned int flags)
{
	struct run *run = &walk->run;

	if (run->size && run->virt + run->size == virt && run->phys + run->size == phys && run->flags == flags) {
		run->size += size;
		return;
	}
	if (run->size)
		walk->f(walk->arg, run);
	*run = (struct run){ virt, phys, size, flags };
}

static void walk_level(struct walk *walk, const u64 *table, unsigned int level, u64 virt)
{
	const struct paging_format *format = walk->pt->format;
	u64 size = 1ULL << (PAGE_SHIFT + 9 * level);

	for (unsigned int n = 0; n < 512; n++, virt += size) {
		u64 phys = table[n] & format->address;

		if (!format->is_valid(table[n]))
			continue;
		if (level == 0 || format->is_leaf(table[n], level))
			add(walk, virt, phys & ~(size - 1), size, format->flags(table[n], level));
		else
			walk_level(walk, page_pool_virt(walk->pt->pool, phys), level - 1, virt);
	}
}

void for_each_run(const struct page_table *pt, run_function f, void *arg)
{
	struct walk walk = { .pt = pt, .f = f, .arg = arg };

	walk_level(&walk, pt->root, pt->format->levels - 1, 0);
	if (walk.run.size)
		f(arg, &walk.run);
}

static void keep(void *arg, const struct run *run)
{
	struct translation *translation = arg;

	if (translation->count == MAX_RUNS)
		abort();
	translation->runs[translation->count++] = *run;
}

void translate_all(const struct page_table *pt, struct translation *translation)
{
	translation->count = 0;
	for_each_run(pt, keep, translation);
}
