// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The table of trapped windows, without any CPU. */
#include "testbed.h"

#define POOL_PAGES 16

static u8 memory[POOL_PAGES * PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

struct bench {
	struct machine m;
	struct jailhouse_info info;
	struct cell cell;
	struct percpu cpu;
	/* what the handler was called with */
	void *arg;
	u64 address;
	unsigned int calls;
};

static struct bench bench;

static int setup(void **state)
{
	(void)state;
	memset(&bench, 0, sizeof(bench));
	memset(memory, 0, sizeof(memory));
	bench.m.info = &bench.info;
	bench.cell.machine = &bench.m;
	bench.cpu.machine = &bench.m;
	bench.cpu.cell = &bench.cell;
	assert_int_equal(page_pool_init(&bench.m.pool, memory, 0x1000, POOL_PAGES), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	mmio_destroy(&bench.cell);
	assert_int_equal(bench.m.pool.used, 1);
	return 0;
}

static enum mmio_result handle(struct percpu *cpu, void *arg, struct mmio_access *access)
{
	assert_ptr_equal(cpu, &bench.cpu);
	bench.arg = arg;
	bench.address = access->address;
	bench.calls++;
	return MMIO_HANDLED;
}

static enum mmio_result refuse_access(struct percpu *cpu, void *arg, struct mmio_access *access)
{
	(void)cpu;
	(void)arg;
	(void)access;
	return MMIO_ERROR;
}

static enum mmio_result dispatch(u64 address, unsigned int size)
{
	struct mmio_access access = { .address = address, .size = (u8)size };

	bench.arg = NULL;
	return mmio_dispatch(&bench.cpu, &access);
}

static int add(u64 start, u64 size)
{
	return mmio_add(&bench.cell, start, size, handle, (void *)start);
}

static void check_order(void)
{
	const struct mmio_map *map = &bench.cell.mmio;

	for (unsigned int n = 1; n < map->count; n++)
		assert_true(map->windows[n - 1].start + (map->windows[n - 1].size - 1) < map->windows[n].start);
}

static void test_nothing_there(void **state)
{
	(void)state;
	assert_int_equal(dispatch(0, 4), MMIO_UNHANDLED);
	assert_int_equal(dispatch(~0ULL, 1), MMIO_UNHANDLED);
	mmio_remove(&bench.cell, 0x1000);
	assert_int_equal(bench.cell.mmio.count, 0);
}

static void test_only_inside(void **state)
{
	(void)state;
	assert_int_equal(add(0x1000, 0x10), 0);
	assert_int_equal(add(0x1010, 0x10), 0);
	assert_int_equal(dispatch(0xfff, 1), MMIO_UNHANDLED);
	assert_int_equal(dispatch(0x1000, 1), MMIO_HANDLED);
	assert_ptr_equal(bench.arg, (void *)0x1000);
	assert_int_equal(dispatch(0x1008, 8), MMIO_HANDLED);
	assert_int_equal(bench.address, 0x1008);
	assert_int_equal(dispatch(0x1010, 4), MMIO_HANDLED);
	assert_ptr_equal(bench.arg, (void *)0x1010);
	/* From one window into the next, into and out of both */
	assert_int_equal(dispatch(0x100e, 4), MMIO_UNHANDLED);
	assert_int_equal(dispatch(0xffe, 4), MMIO_UNHANDLED);
	assert_int_equal(dispatch(0x101e, 4), MMIO_UNHANDLED);
	assert_int_equal(dispatch(0x1020, 1), MMIO_UNHANDLED);
	assert_int_equal(bench.calls, 3);
}

static void test_both_ends_of_the_address_space(void **state)
{
	(void)state;
	assert_int_equal(add(0, 8), 0);
	assert_int_equal(add(0xfffffffffffffff8ULL, 8), 0);
	assert_int_equal(dispatch(0, 8), MMIO_HANDLED);
	assert_int_equal(dispatch(0xfffffffffffffff8ULL, 8), MMIO_HANDLED);
	/* Around the end: not to be taken for the window at 0. */
	assert_int_equal(dispatch(0xfffffffffffffffcULL, 8), MMIO_UNHANDLED);
	assert_int_equal(dispatch(8, 1), MMIO_UNHANDLED);
}

static void test_answer_of_the_handler(void **state)
{
	(void)state;
	assert_int_equal(mmio_add(&bench.cell, 0x2000, 4, refuse_access, NULL), 0);
	assert_int_equal(dispatch(0x2000, 4), MMIO_ERROR);
}

static void test_overlaps_are_refused(void **state)
{
	(void)state;
	assert_int_equal(add(0x1000, 0x100), 0);
	assert_int_equal(add(0x3000, 0x100), 0);
	assert_int_equal(add(0x1000, 0x100), -EINVAL);
	assert_int_equal(add(0x10ff, 1), -EINVAL);
	assert_int_equal(add(0xf00, 0x101), -EINVAL);
	assert_int_equal(add(0xf00, 0x1000), -EINVAL);
	assert_int_equal(add(0x1010, 0x10), -EINVAL);
	assert_int_equal(add(0x1100, 0x1f01), -EINVAL);
	assert_int_equal(add(0, ~0ULL), -EINVAL);
	assert_int_equal(bench.cell.mmio.count, 2);
	assert_int_equal(add(0x1100, 0x1f00), 0);
	assert_int_equal(add(0x3100, 1), 0);
	assert_int_equal(add(0xfff, 1), 0);
	check_order();
}

static void test_any_order_of_adding(void **state)
{
	(void)state;
	/* 7 is prime to 101, so all are met in another order. */
	for (u64 n = 0; n < 101; n++) {
		assert_int_equal(add(0x10000 + n * 7 % 101 * 0x20, 0x10), 0);
		check_order();
	}
	for (u64 n = 0; n < 101; n++) {
		assert_int_equal(dispatch(0x10000 + n * 0x20, 4), MMIO_HANDLED);
		assert_ptr_equal(bench.arg, (void *)(0x10000 + n * 0x20));
		assert_int_equal(dispatch(0x10000 + n * 0x20 + 0x10, 4), MMIO_UNHANDLED);
	}
	for (u64 n = 0; n < 101; n++) {
		mmio_remove(&bench.cell, 0x10000 + n * 13 % 101 * 0x20);
		check_order();
		assert_int_equal(dispatch(0x10000 + n * 13 % 101 * 0x20, 4), MMIO_UNHANDLED);
	}
	assert_int_equal(bench.cell.mmio.count, 0);
}

/* Which ones were met last is remembered: that must not matter, nor that some are gone or have moved meanwhile. */
static void test_windows_in_turn(void **state)
{
	const u64 size = PAGE_SIZE / 2, num = 3 * MMIO_GUESSES;

	(void)state;
	for (u64 n = 0; n < num; n++)
		assert_int_equal(add(n * PAGE_SIZE, size), 0);
	for (u64 gone = 0; gone < num; gone++) {
		for (u64 n = 0; n < 100; n++) {
			u64 start = n * 5 % num * PAGE_SIZE;

			assert_int_equal(dispatch(start + size - 4, 4), start < gone * PAGE_SIZE ? MMIO_UNHANDLED :
												   MMIO_HANDLED);
			assert_ptr_equal(bench.arg, start < gone * PAGE_SIZE ? NULL : (void *)start);
			assert_int_equal(dispatch(start + size, 4), MMIO_UNHANDLED);
		}
		mmio_remove(&bench.cell, gone * PAGE_SIZE);
	}
}

static void test_removal_needs_the_start(void **state)
{
	(void)state;
	assert_int_equal(add(0x1000, 0x100), 0);
	mmio_remove(&bench.cell, 0x1001);
	mmio_remove(&bench.cell, 0xfff);
	assert_int_equal(bench.cell.mmio.count, 1);
	mmio_remove(&bench.cell, 0x1000);
	assert_int_equal(bench.cell.mmio.count, 0);
}

static void test_grows_and_gives_back(void **state)
{
	unsigned int one_page = PAGE_SIZE / sizeof(struct mmio_window);

	(void)state;
	for (u64 n = 0; n < 2 * one_page; n++)
		assert_int_equal(add(n * 0x10, 0x10), 0);
	assert_int_equal(bench.cell.mmio.pages, 2);
	assert_int_equal(bench.m.pool.used, 1 + 2);
	for (u64 n = 0; n < 2 * one_page; n++) {
		assert_int_equal(dispatch(n * 0x10, 8), MMIO_HANDLED);
		assert_ptr_equal(bench.arg, (void *)(n * 0x10));
	}
}

static void test_reserved_room_needs_no_memory(void **state)
{
	unsigned int one_page = PAGE_SIZE / sizeof(struct mmio_window);

	(void)state;
	for (u64 n = 0; n < one_page; n++)
		assert_int_equal(add(n * 0x10, 0x10), 0);
	assert_int_equal(mmio_reserve(&bench.cell, 5), 0);
	bench.m.pool.fail_at = 1;
	for (u64 n = 0; n < 5; n++)
		assert_int_equal(add((one_page + n) * 0x10, 0x10), 0);
	assert_int_equal(mmio_reserve(&bench.cell, one_page - 5), 0);
	assert_int_equal(bench.m.pool.fail_at, 1);
	bench.m.pool.fail_at = 0;
}

static void test_without_memory(void **state)
{
	unsigned int one_page = PAGE_SIZE / sizeof(struct mmio_window);

	(void)state;
	bench.m.pool.fail_at = 1;
	assert_int_equal(add(0, 0x10), -ENOMEM);
	assert_int_equal(bench.info.reason.code, JAILHOUSE_REASON_NO_MEMORY);
	for (u64 n = 0; n < one_page; n++)
		assert_int_equal(add(n * 0x10, 0x10), 0);
	bench.m.pool.fail_at = 1;
	assert_int_equal(add(one_page * 0x10, 0x10), -ENOMEM);
	/* The old table is still there. */
	assert_int_equal(bench.cell.mmio.count, one_page);
	assert_int_equal(dispatch((one_page - 1) * 0x10, 8), MMIO_HANDLED);
}

static void test_bytes_of_windows_are_trapped(void **state)
{
	(void)state;
	assert_false(mmio_is_trapped(&bench.cell, 0));
	assert_int_equal(add(0x1000, 0x10), 0);
	assert_int_equal(add(0x1010, 1), 0);
	assert_false(mmio_is_trapped(&bench.cell, 0xfff));
	assert_true(mmio_is_trapped(&bench.cell, 0x1000));
	assert_true(mmio_is_trapped(&bench.cell, 0x100f));
	assert_true(mmio_is_trapped(&bench.cell, 0x1010));
	assert_false(mmio_is_trapped(&bench.cell, 0x1011));
	assert_int_equal(bench.calls, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(nothing_there),
		TEST(only_inside),
		TEST(both_ends_of_the_address_space),
		TEST(answer_of_the_handler),
		TEST(overlaps_are_refused),
		TEST(any_order_of_adding),
		TEST(windows_in_turn),
		TEST(removal_needs_the_start),
		TEST(bytes_of_windows_are_trapped),
		TEST(grows_and_gives_back),
		TEST(reserved_room_needs_no_memory),
		TEST(without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
