// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The page-table engine against a model: an array with one translation for each page. */
#include "testbed.h"
#include "hosted-internal.h"

#define POOL_PAGES  1600
#define POOL_PHYS   0x40000000UL
#define WINDOW	    0x7fc0000000ULL /* aligned to 1 GiB, crosses a boundary of the fourth level */
#define WINDOW_SIZE (2UL << 30)
#define WINDOW_PAGES (WINDOW_SIZE / PAGE_SIZE)
#define NOT_MAPPED  (~0ULL)

static u8 memory[POOL_PAGES * PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
/* What a table walker sees that does not look into caches: only what was handed to sync(). */
static u8 shadow[POOL_PAGES * PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

static void sync_shadow(void *entry, unsigned long size)
{
	u8 *from = entry;

	assert_true(from >= memory && from + size <= memory + sizeof(memory));
	memcpy(shadow + (from - memory), from, size);
}

struct bench {
	struct paging_format format;
	struct page_pool pool;
	struct page_table pt;
	u64 *model;
	unsigned int seed;
};

static void bench_init(struct bench *b, unsigned int levels, unsigned int max_leaf)
{
	memset(b, 0, sizeof(*b));
	memset(memory, 0, sizeof(memory));
	memset(shadow, 0xff, sizeof(shadow));
	b->format = hosted_formats[levels - 4][max_leaf];
	b->format.sync = sync_shadow;
	assert_int_equal(page_pool_init(&b->pool, memory, POOL_PHYS, POOL_PAGES), 0);
	assert_int_equal(paging_create(&b->pt, &b->format, &b->pool), 0);
	assert_int_equal(b->pt.root_phys, page_pool_phys(&b->pool, b->pt.root));
	b->model = malloc(WINDOW_PAGES * sizeof(*b->model));
	memset(b->model, 0xff, WINDOW_PAGES * sizeof(*b->model));
	b->seed = levels * 10 + max_leaf;
}

static void bench_exit(struct bench *b)
{
	paging_destroy(&b->pt);
	assert_null(b->pt.root);
	assert_int_equal(b->pool.used, 1);
	check_pool(&b->pool);
	free(b->model);
}

/* Translation of one page with the flags in the low bits. */
static u64 look(const struct page_table *pt, u64 virt)
{
	unsigned int flags = 0;
	u64 phys = paging_lookup(pt, virt, &flags);

	return phys == PAGING_INVALID_PHYS ? NOT_MAPPED : phys | flags;
}

static struct page_table walker(const struct bench *b, struct page_pool *pool)
{
	struct page_table pt = b->pt;

	*pool = b->pool;
	pool->base = shadow;
	pt.pool = pool;
	pt.root = (u64 *)(shadow + ((u8 *)b->pt.root - memory));
	return pt;
}

static void compare_every(const struct bench *b, unsigned int stride)
{
	struct page_pool pool;
	struct page_table pt = walker(b, &pool);

	for (u64 n = 0; n < WINDOW_PAGES; n += stride) {
		assert_int_equal(look(&b->pt, WINDOW + n * PAGE_SIZE), b->model[n]);
		assert_int_equal(look(&pt, WINDOW + n * PAGE_SIZE), b->model[n]);
	}
}

static void compare_around(const struct bench *b, u64 page, u64 pages)
{
	u64 from = page > 2 ? page - 2 : 0, to = MIN(page + pages + 2, WINDOW_PAGES);
	u64 step = MAX((to - from) / 64, 1);

	for (u64 n = from; n < to; n += step)
		assert_int_equal(look(&b->pt, WINDOW + n * PAGE_SIZE), b->model[n]);
	if (from > 0)
		assert_int_equal(look(&b->pt, WINDOW + (page - 1) * PAGE_SIZE), b->model[page - 1]);
	if (page + pages < WINDOW_PAGES)
		assert_int_equal(look(&b->pt, WINDOW + (page + pages) * PAGE_SIZE), b->model[page + pages]);
}

static u64 draw(struct bench *b, u64 limit)
{
	return ((u64)rand_r(&b->seed) << 31 | (u64)rand_r(&b->seed)) % limit;
}

/* A range of pages in the window, often aligned to larger ones. */
static void draw_range(struct bench *b, u64 *page, u64 *pages)
{
	static const unsigned int grain[] = { 1, 1, 1, 8, 8, 64, 256, 512, 512, 512, 1024, 1024, 4096, 262144 };
	u64 unit = grain[draw(b, ARRAY_LEN(grain))];
	u64 units = WINDOW_PAGES / unit;

	*page = draw(b, units) * unit;
	*pages = (1 + draw(b, 3)) * unit;
	*pages = MIN(*pages, WINDOW_PAGES - *page);
}

static unsigned int draw_flags(struct bench *b)
{
	static const unsigned int flags[] = {
		PG_READ,
		PG_READ | PG_WRITE,
		PG_READ | PG_WRITE | PG_EXEC,
		PG_READ | PG_WRITE | PG_DEVICE,
		PG_READ | PG_NO_HUGE,
		PG_READ | PG_WRITE | PG_NO_JOIN,
	};

	return flags[draw(b, ARRAY_LEN(flags))];
}

/* Without memory half-way, each page has its old or its new translation. */
static void learn_partly_mapped(struct bench *b, u64 page, u64 pages, u64 phys, unsigned int flags)
{
	for (u64 n = 0; n < pages; n++) {
		u64 now = look(&b->pt, WINDOW + (page + n) * PAGE_SIZE);

		assert_true(now == b->model[page + n] || now == ((phys + n * PAGE_SIZE) | flags));
		b->model[page + n] = now;
	}
}

static void random_map(struct bench *b, u64 page, u64 pages)
{
	u64 virt = WINDOW + page * PAGE_SIZE;
	/* As far away as large pages allow, or just anywhere. */
	u64 phys = draw(b, 2) ? virt + 0x8000000000ULL : 0x100000000ULL + draw(b, 1 << 20) * PAGE_SIZE;
	unsigned int flags = draw_flags(b);

	if (paging_map(&b->pt, virt, phys, pages * PAGE_SIZE, flags)) {
		learn_partly_mapped(b, page, pages, phys, flags);
		return;
	}
	for (u64 n = 0; n < pages; n++)
		b->model[page + n] = (phys + n * PAGE_SIZE) | flags;
}

static void forget(struct bench *b, u64 page, u64 pages)
{
	for (u64 n = 0; n < pages; n++)
		b->model[page + n] = NOT_MAPPED;
}

/* A prepared range can be unmapped, and mapped again as it was, without a single page. */
static void random_prepare(struct bench *b, u64 page, u64 pages)
{
	u64 virt = WINDOW + page * PAGE_SIZE, size = pages * PAGE_SIZE, first = b->model[page];
	unsigned long used = b->pool.used;
	bool uniform = first != NOT_MAPPED;

	if (paging_prepare(&b->pt, virt, size)) {
		compare_around(b, page, pages);
		paging_tidy(&b->pt, WINDOW, WINDOW_SIZE, false);
		assert_true(b->pool.used <= used);
		return;
	}
	compare_around(b, page, pages);
	for (u64 n = 0; n < pages && uniform; n++)
		uniform = b->model[page + n] == first + n * PAGE_SIZE;
	b->pool.fail_at = 1;
	assert_int_equal(paging_unmap(&b->pt, virt, size), 0);
	forget(b, page, pages);
	compare_around(b, page, pages);
	if (uniform && draw(b, 2)) {
		assert_int_equal(paging_map(&b->pt, virt, first & PAGE_MASK, size,
					    (unsigned int)(first & PAGE_OFFS_MASK)), 0);
		for (u64 n = 0; n < pages; n++)
			b->model[page + n] = first + n * PAGE_SIZE;
	}
	assert_int_equal(b->pool.fail_at, 1);
	b->pool.fail_at = 0;
}

static void random_unmap(struct bench *b, u64 page, u64 pages)
{
	if (paging_unmap(&b->pt, WINDOW + page * PAGE_SIZE, pages * PAGE_SIZE)) {
		/* Only the end can need a split; what comes before it is gone. */
		for (u64 n = 0; n < pages; n++) {
			u64 now = look(&b->pt, WINDOW + (page + n) * PAGE_SIZE);

			assert_true(now == b->model[page + n] || now == NOT_MAPPED);
			b->model[page + n] = now;
		}
		return;
	}
	forget(b, page, pages);
}

static void run_against_model(unsigned int levels, unsigned int max_leaf)
{
	struct bench b;

	bench_init(&b, levels, max_leaf);
	for (unsigned int step = 0; step < 1500; step++) {
		u64 page, pages;

		draw_range(&b, &page, &pages);
		switch (draw(&b, 5)) {
		case 0:
		case 1:
			random_map(&b, page, pages);
			break;
		case 2:
			random_unmap(&b, page, pages);
			break;
		case 3:
			random_prepare(&b, page, pages);
			break;
		default:
			paging_tidy(&b.pt, WINDOW + page * PAGE_SIZE, pages * PAGE_SIZE, draw(&b, 2));
		}
		compare_around(&b, page, pages);
		if (step % 100 == 0)
			compare_every(&b, 61);
	}
	compare_every(&b, 1);
	/* Nothing is left of a range that was unmapped and tidied. */
	assert_int_equal(paging_unmap(&b.pt, WINDOW, WINDOW_SIZE), 0);
	paging_tidy(&b.pt, WINDOW, WINDOW_SIZE, true);
	assert_int_equal(b.pool.used, 1 + 1);
	bench_exit(&b);
}

static void test_random_4_levels(void **state)
{
	(void)state;
	for (unsigned int max_leaf = 0; max_leaf <= 2; max_leaf++)
		run_against_model(4, max_leaf);
}

static void test_random_5_levels(void **state)
{
	(void)state;
	for (unsigned int max_leaf = 0; max_leaf <= 2; max_leaf++)
		run_against_model(5, max_leaf);
}

/* A root of several pages, as ARM has for 40 and 42 address bits: the border between them is none for ranges. */
static void test_concatenated_roots(void **state)
{
	const u64 border = 1ULL << 39, large = 0x200000;
	struct bench b = { 0 };
	unsigned int flags;

	(void)state;
	memset(memory, 0, sizeof(memory));
	b.format = hosted_formats[0][1];
	b.format.levels = 3;
	b.format.root_pages = 2;
	assert_int_equal(page_pool_init(&b.pool, memory, POOL_PHYS, POOL_PAGES), 0);
	assert_int_equal(paging_create(&b.pt, &b.format, &b.pool), 0);
	assert_int_equal(b.pool.used, 1 + 2);
	assert_int_equal(((u64)b.pt.root - (u64)memory) % (2 * PAGE_SIZE), 0);
	assert_int_equal(paging_map(&b.pt, border - large, border - large, 2 * large, PG_READ | PG_WRITE), 0);
	assert_int_equal(paging_lookup(&b.pt, border - 1, &flags), border - 1);
	assert_int_equal(paging_lookup(&b.pt, border, &flags), border);
	assert_int_equal(flags, PG_READ | PG_WRITE);
	assert_int_equal(paging_lookup(&b.pt, border + large, NULL), PAGING_INVALID_PHYS);
	/* Beyond the last root page, where another CPU's table or anything else lies. */
	assert_int_equal(paging_lookup(&b.pt, 2 * border, NULL), PAGING_INVALID_PHYS);
	assert_int_equal(paging_lookup(&b.pt, ~0ULL, NULL), PAGING_INVALID_PHYS);
	assert_int_equal(paging_unmap(&b.pt, border - large, 2 * large), 0);
	paging_tidy(&b.pt, border - large, 2 * large, true);
	assert_int_equal(b.pool.used, 1 + 2);
	paging_destroy(&b.pt);
	assert_int_equal(b.pool.used, 1);
}

/* The tables that a mapping costs, without the root. */
static unsigned long cost(struct bench *b, u64 virt, u64 phys, u64 size, unsigned int flags)
{
	unsigned long used = b->pool.used;

	assert_int_equal(paging_map(&b->pt, virt, phys, size, flags), 0);
	used = b->pool.used - used;
	assert_int_equal(paging_unmap(&b->pt, virt, size), 0);
	paging_tidy(&b->pt, virt, size, true);
	return used;
}

static void test_size_of_pages(void **state)
{
	const u64 two_mib = 2 * MIB, gib = 1 << 30;
	struct bench b;

	(void)state;
	bench_init(&b, 4, 2);
	assert_int_equal(cost(&b, 0, 0, gib, PG_READ), 1);
	assert_int_equal(cost(&b, 0, two_mib, gib, PG_READ), 2);
	assert_int_equal(cost(&b, 0, 0, two_mib, PG_READ), 2);
	assert_int_equal(cost(&b, 0, PAGE_SIZE, two_mib, PG_READ), 3);
	assert_int_equal(cost(&b, PAGE_SIZE, 0, two_mib, PG_READ), 4);
	assert_int_equal(cost(&b, 0, 0, two_mib, PG_READ | PG_NO_HUGE), 3);
	/* 2 MiB in the middle, 4 KiB at both ends */
	assert_int_equal(cost(&b, two_mib - PAGE_SIZE, two_mib - PAGE_SIZE, two_mib + 2 * PAGE_SIZE, PG_READ), 4);
	bench_exit(&b);

	bench_init(&b, 4, 1);
	assert_int_equal(cost(&b, 0, 0, gib, PG_READ), 2);
	bench_exit(&b);

	bench_init(&b, 5, 0);
	assert_int_equal(cost(&b, 0, 0, two_mib, PG_READ), 4);
	bench_exit(&b);
}

static void test_tidy_joins_what_is_uniform(void **state)
{
	const u64 gib = 1 << 30;
	struct bench b;

	(void)state;
	bench_init(&b, 4, 2);
	for (u64 virt = 0; virt < gib; virt += PAGE_SIZE)
		assert_int_equal(paging_map(&b.pt, virt, gib + virt, PAGE_SIZE, PG_READ | PG_WRITE), 0);
	assert_int_equal(b.pool.used, 2 + 1 + 1 + 512);
	paging_tidy(&b.pt, 0, gib, false);
	assert_int_equal(b.pool.used, 2 + 1);
	assert_int_equal(look(&b.pt, 0), gib | PG_READ | PG_WRITE);
	assert_int_equal(look(&b.pt, gib - PAGE_SIZE), (2 * gib - PAGE_SIZE) | PG_READ | PG_WRITE);
	bench_exit(&b);
}

static void expect_no_join(unsigned int flags, u64 phys, u64 holes, unsigned int other)
{
	struct bench b;
	unsigned long used;

	bench_init(&b, 4, 1);
	for (u64 virt = 0; virt < 2 * MIB; virt += PAGE_SIZE)
		if (virt != holes)
			assert_int_equal(paging_map(&b.pt, virt, phys + virt, PAGE_SIZE, flags), 0);
	if (other)
		assert_int_equal(paging_map(&b.pt, MIB, phys + MIB, PAGE_SIZE, other), 0);
	used = b.pool.used;
	paging_tidy(&b.pt, 0, 2 * MIB, true);
	assert_int_equal(b.pool.used, used);
	bench_exit(&b);
}

static void test_tidy_leaves_the_rest_alone(void **state)
{
	(void)state;
	expect_no_join(PG_READ | PG_NO_HUGE, 0, ~0ULL, 0);
	expect_no_join(PG_READ | PG_NO_JOIN, 0, ~0ULL, 0);
	expect_no_join(PG_READ, PAGE_SIZE, ~0ULL, 0);		/* not aligned */
	expect_no_join(PG_READ, 0, MIB, 0);			/* a hole */
	expect_no_join(PG_READ, 0, 2 * MIB - PAGE_SIZE, 0);	/* at the end */
	expect_no_join(PG_READ, 0, 0, 0);			/* at the start */
	expect_no_join(PG_READ, 0, ~0ULL, PG_READ | PG_WRITE);	/* other rights */
	expect_no_join(PG_READ, 0, ~0ULL, PG_READ | PG_DEVICE); /* other kind */
}

static void test_empty_tables_stay_unless_asked(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 4, 1);
	assert_int_equal(paging_map(&b.pt, 0, 0, PAGE_SIZE, PG_READ), 0);
	assert_int_equal(paging_unmap(&b.pt, 0, PAGE_SIZE), 0);
	paging_tidy(&b.pt, 0, PAGE_SIZE, false);
	assert_int_equal(b.pool.used, 2 + 3);
	b.pool.fail_at = 1;
	assert_int_equal(paging_map(&b.pt, 0, PAGE_SIZE, PAGE_SIZE, PG_READ), 0);
	b.pool.fail_at = 0;
	assert_int_equal(paging_unmap(&b.pt, 0, PAGE_SIZE), 0);
	paging_tidy(&b.pt, 0, PAGE_SIZE, true);
	assert_int_equal(b.pool.used, 2);
	bench_exit(&b);
}

/* Without memory at each of its allocations in turn. */
static void test_map_without_memory(void **state)
{
	struct bench b;
	int err = -ENOMEM;

	(void)state;
	for (unsigned long n = 1; err == -ENOMEM; n++) {
		assert_true(n < 10);
		bench_init(&b, 5, 1);
		assert_int_equal(paging_map(&b.pt, 0, 0, 4 * MIB, PG_READ), 0);
		b.pool.fail_at = n;
		err = paging_map(&b.pt, MIB, 0x100000000ULL, 8 * MIB, PG_READ | PG_WRITE);
		b.pool.fail_at = 0;
		assert_int_equal(look(&b.pt, 0), 0 | PG_READ);
		assert_int_equal(look(&b.pt, MIB - PAGE_SIZE), (MIB - PAGE_SIZE) | PG_READ);
		assert_int_equal(look(&b.pt, 9 * MIB), NOT_MAPPED);
		bench_exit(&b);
	}
	assert_int_equal(err, 0);
}

static void test_prepare_without_memory_changes_nothing(void **state)
{
	struct bench b;
	int err = -ENOMEM;

	(void)state;
	for (unsigned long n = 1; err == -ENOMEM; n++) {
		unsigned long used;

		assert_true(n < 10);
		bench_init(&b, 4, 2);
		assert_int_equal(paging_map(&b.pt, 0, 0, 2UL << 30, PG_READ | PG_EXEC), 0);
		used = b.pool.used;
		b.pool.fail_at = n;
		err = paging_prepare(&b.pt, PAGE_SIZE, (1UL << 30) + PAGE_SIZE);
		b.pool.fail_at = 0;
		for (u64 virt = 0; virt < 2UL << 30; virt += 256 * PAGE_SIZE)
			assert_int_equal(look(&b.pt, virt), virt | PG_READ | PG_EXEC);
		paging_tidy(&b.pt, PAGE_SIZE, (1UL << 30) + PAGE_SIZE, false);
		assert_int_equal(b.pool.used, used);
		bench_exit(&b);
	}
	assert_int_equal(err, 0);
}

static void test_create_without_memory(void **state)
{
	struct page_pool pool;
	struct page_table pt;

	(void)state;
	memset(memory, 0, sizeof(memory));
	memset(&pool, 0, sizeof(pool));
	assert_int_equal(page_pool_init(&pool, memory, POOL_PHYS, 4), 0);
	pool.fail_at = 1;
	assert_int_equal(paging_create(&pt, &hosted_formats[0][1], &pool), -ENOMEM);
	paging_destroy(&pt);
	assert_int_equal(pool.used, 1);
}

static void test_beyond_the_last_address(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 4, 1);
	assert_int_equal(paging_map(&b.pt, 0, 0, PAGE_SIZE, PG_READ), 0);
	assert_int_equal(paging_map(&b.pt, (1ULL << 48) - PAGE_SIZE, 0x5000, PAGE_SIZE, PG_READ), 0);
	assert_int_equal(look(&b.pt, (1ULL << 48) - 1), 0x5fff | PG_READ);
	assert_int_equal(look(&b.pt, 1ULL << 48), NOT_MAPPED);
	assert_int_equal(look(&b.pt, ~0ULL), NOT_MAPPED);
	bench_exit(&b);

	bench_init(&b, 5, 1);
	assert_int_equal(paging_map(&b.pt, 0, 0, PAGE_SIZE, PG_READ), 0);
	assert_int_equal(paging_map(&b.pt, 1ULL << 48, 0x5000, PAGE_SIZE, PG_READ), 0);
	assert_int_equal(look(&b.pt, 1ULL << 48), 0x5000 | PG_READ);
	assert_int_equal(look(&b.pt, 1ULL << 57), NOT_MAPPED);
	bench_exit(&b);
}

static void test_offset_in_large_page(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 4, 2);
	assert_int_equal(paging_map(&b.pt, 0, 1UL << 30, 1UL << 30, PG_READ), 0);
	assert_int_equal(paging_lookup(&b.pt, 0x12345678, NULL), 0x52345678);
	bench_exit(&b);
}

static void test_entry(void **state)
{
	struct bench b;
	u64 *entry;

	(void)state;
	bench_init(&b, 4, 1);
	assert_int_equal(paging_map(&b.pt, 0, 0, 2 * MIB, PG_READ), 0);
	assert_int_equal(paging_map(&b.pt, 4 * MIB, 0x7000, PAGE_SIZE, PG_READ | PG_WRITE), 0);
	assert_null(paging_entry(&b.pt, 0));
	assert_null(paging_entry(&b.pt, 1UL << 39));
	entry = paging_entry(&b.pt, 4 * MIB);
	assert_non_null(entry);
	*entry = b.format.leaf(0x9000, PG_READ, 0);
	assert_int_equal(look(&b.pt, 4 * MIB), 0x9000 | PG_READ);
	bench_exit(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_size_of_pages),
		cmocka_unit_test(test_tidy_joins_what_is_uniform),
		cmocka_unit_test(test_tidy_leaves_the_rest_alone),
		cmocka_unit_test(test_empty_tables_stay_unless_asked),
		cmocka_unit_test(test_map_without_memory),
		cmocka_unit_test(test_prepare_without_memory_changes_nothing),
		cmocka_unit_test(test_create_without_memory),
		cmocka_unit_test(test_beyond_the_last_address),
		cmocka_unit_test(test_offset_in_large_page),
		cmocka_unit_test(test_entry),
		cmocka_unit_test(test_random_4_levels),
		cmocka_unit_test(test_random_5_levels),
		cmocka_unit_test(test_concatenated_roots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
