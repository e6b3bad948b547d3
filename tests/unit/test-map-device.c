// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* map-device.c: registers of devices in the hypervisor's real page tables. */
#include "fake-x86/fake.h"
#include <hypervisor/arch/memory.h>
#include <asm/area.h>
#include <asm/paging.h>

#define POOL_PAGES 64
#define LARGE	   0x200000UL
#define DEVICE	   0xfeb40000ULL

static struct {
	u8 pages[POOL_PAGES][PAGE_SIZE] __attribute__((aligned(4096)));
	struct page_pool pool;
} host;

static struct page_table *table;

static int setup(void **state)
{
	fake_reset(state);
	memset(host.pages, 0, sizeof(host.pages));
	page_pool_init(&host.pool, host.pages, 0x80000000, POOL_PAGES);
	table = &fake.machine.arch.hv_table;
	if (paging_create(table, &x86_host_format[0], &host.pool))
		return -1;
	fake.machine.arch.remap_next = REMAP_BASE;
	return 0;
}

/* Maps and checks what is there: the device, uncached, and nothing behind it. */
static u64 map(u64 phys, unsigned long size)
{
	unsigned int flags;
	u64 virt = (u64)arch_map_device(&fake.machine, phys, size);

	assert_int_not_equal(virt, 0);
	assert_int_equal(virt % PAGE_SIZE, phys % PAGE_SIZE);
	for (u64 offset = 0; offset < size; offset += PAGE_SIZE) {
		assert_int_equal(paging_lookup(table, virt + offset, &flags), phys + offset);
		assert_int_equal(flags & (PG_READ | PG_WRITE | PG_EXEC | PG_DEVICE), PG_READ | PG_WRITE | PG_DEVICE);
	}
	assert_int_equal(paging_lookup(table, virt + size - 1, NULL), phys + size - 1);
	assert_int_equal(paging_lookup(table, ALIGN_UP(virt + size, PAGE_SIZE), NULL), PAGING_INVALID_PHYS);
	return virt;
}

static void small_devices_share_their_tables(void **state)
{
	unsigned long used = host.pool.used;
	u64 last = 0, virt;

	(void)state;
	for (unsigned int n = 0; n < 100; n++) {
		virt = map(DEVICE + n * 0x1000000, PAGE_SIZE);
		assert_true(virt > last);
		last = virt;
	}
	/* one table for each level below the root */
	assert_int_equal(host.pool.used, used + 3);
}

static void parts_of_pages(void **state)
{
	u64 a, b;

	(void)state;
	a = map(DEVICE + 0x123, 4);
	b = map(DEVICE + 0xffe, 4); /* over the end of the page */
	assert_true(ALIGN_DOWN(b, PAGE_SIZE) >= ALIGN_UP(a, PAGE_SIZE));
}

static void large_devices_take_large_entries(void **state)
{
	unsigned long used;
	u64 virt;

	(void)state;
	map(DEVICE, PAGE_SIZE);
	used = host.pool.used;
	virt = map(0xb0000000, 256 * LARGE);
	assert_int_equal(virt % LARGE, 0);
	assert_int_equal(host.pool.used, used);
	/* out of line at both ends */
	virt = map(0xe0001000, 2 * LARGE);
	assert_int_equal(virt % LARGE, 0x1000);
	assert_int_equal(host.pool.used, used + 2);
	/* too small for one: the rest of the last table */
	map(0xf0000000, LARGE - PAGE_SIZE);
	assert_int_equal(host.pool.used, used + 2);
}

static void nothing_comes_to_where_a_table_was_freed(void **state)
{
	unsigned long used;
	u64 first, second, third;

	(void)state;
	first = map(DEVICE, PAGE_SIZE);
	second = map(DEVICE, PAGE_SIZE);
	used = host.pool.used;
	arch_unmap_device(&fake.machine, (void *)first, PAGE_SIZE);
	assert_int_equal(paging_lookup(table, first, NULL), PAGING_INVALID_PHYS);
	assert_int_equal(paging_lookup(table, second, NULL), DEVICE);
	assert_int_equal(host.pool.used, used);
	arch_unmap_device(&fake.machine, (void *)second, PAGE_SIZE);
	assert_int_equal(host.pool.used, used - 3);
	third = map(DEVICE, PAGE_SIZE);
	assert_true(third / LARGE > second / LARGE);
	assert_int_equal(host.pool.used, used);
}

static void without_memory_nothing_is_left(void **state)
{
	unsigned long used;

	(void)state;
	map(DEVICE, PAGE_SIZE);
	used = host.pool.used;
	for (unsigned int n = 1; n <= 2; n++) {
		host.pool.fail_at = n;
		assert_null(arch_map_device(&fake.machine, 0xe0001000, 2 * LARGE));
		assert_int_equal(host.pool.used, used);
		assert_int_equal(host.pool.fail_at, 0);
	}
	map(0xe0001000, 2 * LARGE);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(small_devices_share_their_tables),
		TEST(parts_of_pages),
		TEST(large_devices_take_large_entries),
		TEST(nothing_comes_to_where_a_table_was_freed),
		TEST(without_memory_nothing_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
