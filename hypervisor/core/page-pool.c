// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <hypervisor/paging.h>

int page_pool_init(struct page_pool *pool, void *base, u64 base_phys, unsigned long pages)
{
	unsigned long bitmap_pages = PAGES((pages + 7) / 8);

	if (pages <= bitmap_pages)
		return -ENOMEM;

	pool->base = base;
	pool->base_phys = base_phys;
	pool->pages = pages;
	pool->bitmap = base;
	pool->used = bitmap_pages;
	pool->hint = bitmap_pages;
	for (unsigned long n = 0; n < bitmap_pages; n++)
		set_bit(n, pool->bitmap);
	return 0;
}

static bool run_is_free(const struct page_pool *pool, unsigned long first, unsigned int num)
{
	for (unsigned int n = 0; n < num; n++)
		if (test_bit(first + n, pool->bitmap))
			return false;
	return true;
}

void *page_alloc_aligned(struct page_pool *pool, unsigned int num, unsigned int align)
{
	u64 base_page = pool->base_phys >> PAGE_SHIFT;

	if (num == 0 || num > pool->pages)
		return NULL;
	if (pool->fail_at > 0 && --pool->fail_at == 0)
		return NULL;

	for (unsigned long first = pool->hint; first <= pool->pages - num; first++) {
		if (!IS_ALIGNED(base_page + first, align) || !run_is_free(pool, first, num))
			continue;
		for (unsigned int n = 0; n < num; n++)
			set_bit(first + n, pool->bitmap);
		if (first == pool->hint)
			pool->hint += num;
		pool->used += num;
		return pool->base + (first << PAGE_SHIFT);
	}
	return NULL;
}

void *page_alloc(struct page_pool *pool, unsigned int num)
{
	return page_alloc_aligned(pool, num, 1);
}

void page_free(struct page_pool *pool, void *pages, unsigned int num)
{
	unsigned long first = (unsigned long)((u8 *)pages - pool->base) >> PAGE_SHIFT;

	if (!pages)
		return;
	memset(pages, 0, (unsigned long)num << PAGE_SHIFT);
	for (unsigned int n = 0; n < num; n++)
		clear_bit(first + n, pool->bitmap);
	pool->used -= num;
	if (first < pool->hint)
		pool->hint = first;
}
