// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "testbed.h"

#define PAGES_IN_POOL 64
#define BASE_PHYS     0x7f003000UL /* not aligned to anything but a page */

static u8 memory[PAGES_IN_POOL * PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static const u8 zero[PAGE_SIZE];

static void init(struct page_pool *pool, unsigned long pages)
{
	memset(memory, 0, sizeof(memory));
	memset(pool, 0, sizeof(*pool));
	assert_int_equal(page_pool_init(pool, memory, BASE_PHYS, pages), 0);
}

static void test_init_needs_room_for_the_bitmap(void **state)
{
	struct page_pool pool = { 0 };

	(void)state;
	memset(memory, 0, sizeof(memory));
	assert_int_equal(page_pool_init(&pool, memory, BASE_PHYS, 0), -ENOMEM);
	assert_int_equal(page_pool_init(&pool, memory, BASE_PHYS, 1), -ENOMEM);
	assert_int_equal(page_pool_init(&pool, memory, BASE_PHYS, 2), 0);
	assert_int_equal(pool.used, 1);
	assert_ptr_equal(page_alloc(&pool, 1), memory + PAGE_SIZE);
	assert_null(page_alloc(&pool, 1));
}

static void test_all_pages_once(void **state)
{
	struct page_pool pool;
	bool seen[PAGES_IN_POOL] = { false };

	(void)state;
	init(&pool, PAGES_IN_POOL);
	for (unsigned int n = pool.used; n < PAGES_IN_POOL; n++) {
		u8 *page = page_alloc(&pool, 1);
		unsigned long index = (unsigned long)(page - memory) / PAGE_SIZE;

		assert_non_null(page);
		assert_true(index > 0 && index < PAGES_IN_POOL && !seen[index]);
		assert_memory_equal(page, zero, PAGE_SIZE);
		assert_int_equal(page_pool_phys(&pool, page), BASE_PHYS + index * PAGE_SIZE);
		assert_ptr_equal(page_pool_virt(&pool, BASE_PHYS + index * PAGE_SIZE), page);
		seen[index] = true;
	}
	assert_int_equal(pool.used, PAGES_IN_POOL);
	assert_null(page_alloc(&pool, 1));
	assert_int_equal(pool.used, PAGES_IN_POOL);
}

static void test_freed_pages_come_back_empty(void **state)
{
	struct page_pool pool;
	u8 *pages;

	(void)state;
	init(&pool, 8);
	pages = page_alloc(&pool, 3);
	memset(pages, 0xa5, 3 * PAGE_SIZE);
	page_free(&pool, pages, 3);
	check_pool(&pool);
	assert_ptr_equal(page_alloc(&pool, 3), pages);
	for (unsigned int n = 0; n < 3; n++)
		assert_memory_equal(pages + n * PAGE_SIZE, zero, PAGE_SIZE);
}

static void test_freeing_nothing(void **state)
{
	struct page_pool pool;

	(void)state;
	init(&pool, 8);
	page_free(&pool, NULL, 3);
	assert_int_equal(pool.used, 1);
}

static void test_runs_need_a_hole_of_their_size(void **state)
{
	struct page_pool pool;
	u8 *page[8];

	(void)state;
	init(&pool, 8); /* 7 to give away */
	for (unsigned int n = 1; n < 8; n++)
		page[n] = page_alloc(&pool, 1);
	page_free(&pool, page[2], 1);
	page_free(&pool, page[4], 1);
	page_free(&pool, page[5], 1);
	assert_null(page_alloc(&pool, 3));
	assert_int_equal(pool.used, 5);
	assert_ptr_equal(page_alloc(&pool, 2), page[4]);
	assert_null(page_alloc(&pool, 2));
	assert_ptr_equal(page_alloc(&pool, 1), page[2]);
	assert_int_equal(pool.used, 8);
}

static void test_absurd_sizes(void **state)
{
	struct page_pool pool;

	(void)state;
	init(&pool, 8);
	assert_null(page_alloc(&pool, 0));
	assert_null(page_alloc(&pool, 8));
	assert_null(page_alloc(&pool, 9));
	assert_null(page_alloc(&pool, ~0U));
	assert_int_equal(pool.used, 1);
	assert_non_null(page_alloc(&pool, 7));
}

static void test_alignment_is_physical(void **state)
{
	struct page_pool pool;
	u8 *one, *four;

	(void)state;
	init(&pool, PAGES_IN_POOL);
	one = page_alloc(&pool, 1);
	four = page_alloc_aligned(&pool, 4, 4);
	assert_true(IS_ALIGNED(page_pool_phys(&pool, four), 4 * PAGE_SIZE));
	assert_int_equal(pool.used, 6);
	/* What was skipped for the alignment is not lost. */
	for (unsigned int n = pool.used; n < PAGES_IN_POOL; n++)
		assert_non_null(page_alloc(&pool, 1));
	assert_null(page_alloc(&pool, 1));
	page_free(&pool, four, 4);
	page_free(&pool, one, 1);
	assert_ptr_equal(page_alloc_aligned(&pool, 4, 4), four);
}

static void test_injected_failure(void **state)
{
	struct page_pool pool;

	(void)state;
	init(&pool, 16);
	pool.fail_at = 3;
	assert_non_null(page_alloc(&pool, 1));
	assert_non_null(page_alloc(&pool, 2));
	assert_null(page_alloc(&pool, 1));
	assert_int_equal(pool.used, 4);
	assert_non_null(page_alloc(&pool, 1));
}

/* Random sequences against a plain array. */
static void test_against_model(void **state)
{
	struct page_pool pool;
	unsigned int run[PAGES_IN_POOL] = { 0 }; /* length, at its first page */
	bool used[PAGES_IN_POOL] = { true };
	unsigned int seed = 1;

	(void)state;
	init(&pool, PAGES_IN_POOL);
	for (unsigned int step = 0; step < 20000; step++) {
		unsigned int num = 1 + (unsigned int)rand_r(&seed) % 6, align = 1U << rand_r(&seed) % 3;
		unsigned int index = (unsigned int)rand_r(&seed) % PAGES_IN_POOL, count = 0;
		bool fits = false;
		u8 *pages;

		if (run[index]) {
			for (unsigned int n = 0; n < run[index]; n++)
				used[index + n] = false;
			page_free(&pool, memory + index * PAGE_SIZE, run[index]);
			run[index] = 0;
			continue;
		}
		for (unsigned int first = 0; first + num <= PAGES_IN_POOL; first++) {
			bool is_free = IS_ALIGNED(BASE_PHYS / PAGE_SIZE + first, align);

			for (unsigned int n = 0; n < num; n++)
				is_free = is_free && !used[first + n];
			fits = fits || is_free;
		}
		pages = page_alloc_aligned(&pool, num, align);
		assert_int_equal(pages != NULL, fits);
		if (pages) {
			index = (unsigned int)((unsigned long)(pages - memory) / PAGE_SIZE);
			assert_true(IS_ALIGNED(page_pool_phys(&pool, pages), align * PAGE_SIZE));
			for (unsigned int n = 0; n < num; n++) {
				assert_false(used[index + n]);
				used[index + n] = true;
			}
			run[index] = num;
			memset(pages, 0xff, num * PAGE_SIZE);
		}
		for (unsigned int n = 0; n < PAGES_IN_POOL; n++)
			count += used[n];
		assert_int_equal(pool.used, count);
	}
	check_pool(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_init_needs_room_for_the_bitmap),
		cmocka_unit_test(test_all_pages_once),
		cmocka_unit_test(test_freed_pages_come_back_empty),
		cmocka_unit_test(test_freeing_nothing),
		cmocka_unit_test(test_runs_need_a_hole_of_their_size),
		cmocka_unit_test(test_absurd_sizes),
		cmocka_unit_test(test_alignment_is_physical),
		cmocka_unit_test(test_injected_failure),
		cmocka_unit_test(test_against_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
