// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Regions that are not page aligned: windows of the root that cells cut pieces out of. */
#include "testbed.h"

#define assert_hidden(pt, virt) assert_int_equal(paging_lookup(pt, virt, NULL), PAGING_INVALID_PHYS)

static const struct mmio_window *window_at(const struct testbed *tb, u64 start)
{
	const struct mmio_map *map = &tb->m->root.mmio;

	for (unsigned int n = 0; n < map->count; n++)
		if (map->windows[n].start == start)
			return &map->windows[n];
	return NULL;
}

/* At the addresses that they have */
static void add_registers(struct config *cell, u64 start, u64 size)
{
	add_mem(cell, start, start, size, MEM_RW | JAILHOUSE_MEM_IO_32);
}

static void create_with_registers(struct testbed *tb, const char *name, u32 id, u32 cpus, u64 start)
{
	struct config cell;

	cell_config(&cell, name, id, cpus);
	add_registers(&cell, start, 0x20);
	assert_int_equal(create(tb, &cell), 0);
}

static void test_subpage_windows_do_what_they_allow(void **state)
{
	struct testbed *tb = *state;
	u64 value;

	testbed_start(tb);
	assert_hidden(&tb->m->root.stage2, SUBPAGE_1);
	tb->registers[SUBPAGE_1 - DEVICE_PAGE] = 0x5a;
	assert_true(linux_load(tb, 0, SUBPAGE_1, 1, &value));
	assert_int_equal(value, 0x5a);
	assert_true(linux_store(tb, 0, SUBPAGE_1 + SUBPAGE_1_SIZE - 4, 4, 0x12345678));
	assert_memory_equal(tb->registers + (SUBPAGE_1 - DEVICE_PAGE) + SUBPAGE_1_SIZE - 4, "\x78\x56\x34\x12", 4);
}

static void expect_violation(struct testbed *tb, u64 address, unsigned int size, bool write, u32 code)
{
	const struct jailhouse_cpu_record *record;
	u64 value;

	testbed_start(tb);
	memset(tb->registers, 0x77, 2 * PAGE_SIZE);
	assert_false(write ? linux_store(tb, 3, address, size, 0) : linux_load(tb, 3, address, size, &value));
	record = hosted_record(tb->hw, 3);
	assert_int_equal(record->kind, JAILHOUSE_RECORD_VIOLATION);
	assert_int_equal(record->reason.code, code);
	if (code == JAILHOUSE_REASON_SUBPAGE_ACCESS) {
		assert_int_equal(record->reason.arg[0], write ? JAILHOUSE_ARG_WRITE : JAILHOUSE_ARG_READ);
		assert_int_equal(record->reason.arg[1], address);
		assert_int_equal(record->reason.arg[2], size);
		assert_printed(tb, write ? "FATAL: Invalid MMIO write, address: "
					 : "FATAL: Invalid MMIO read, address: ");
	}
	for (unsigned int n = 0; n < 2 * PAGE_SIZE; n++)
		assert_int_equal(tb->registers[n], 0x77);
	testbed_stop(tb);
}

static void test_subpage_rights(void **state)
{
	struct testbed *tb = *state;

	expect_violation(tb, SUBPAGE_1, 2, false, JAILHOUSE_REASON_SUBPAGE_ACCESS); /* width */
	expect_violation(tb, SUBPAGE_1, 8, true, JAILHOUSE_REASON_SUBPAGE_ACCESS);
	expect_violation(tb, SUBPAGE_1 + 2, 4, false, JAILHOUSE_REASON_SUBPAGE_ACCESS); /* alignment */
	expect_violation(tb, SUBPAGE_1 - 2, 4, false, JAILHOUSE_REASON_MEM_ACCESS); /* over the start */
	expect_violation(tb, SUBPAGE_1 + SUBPAGE_1_SIZE, 1, false, JAILHOUSE_REASON_MEM_ACCESS); /* behind */
	tb->root.mem[ROOT_SUBPAGE_1].flags &= ~(u64)JAILHOUSE_MEM_WRITE;
	expect_violation(tb, SUBPAGE_1, 4, true, JAILHOUSE_REASON_SUBPAGE_ACCESS);
	tb->root.mem[ROOT_SUBPAGE_1].flags = JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO_32;
	expect_violation(tb, SUBPAGE_1, 4, false, JAILHOUSE_REASON_SUBPAGE_ACCESS);
	/* Larger than a page, and an access over the border of two pages */
	tb->root.mem[ROOT_SUBPAGE_2] = (struct jailhouse_memory){
		0xf0000800, 0xf0000800, 0x900, MEM_RW | JAILHOUSE_MEM_IO_32 | JAILHOUSE_MEM_IO_UNALIGNED
	};
	tb->root.mem[ROOT_DEVICE].size = 0;
	expect_violation(tb, 0xf0000ffe, 4, true, JAILHOUSE_REASON_SUBPAGE_ACCESS);
}

static void test_subpage_unaligned_if_permitted(void **state)
{
	struct testbed *tb = *state;
	u64 value;

	tb->root.mem[ROOT_SUBPAGE_1].flags |= JAILHOUSE_MEM_IO_UNALIGNED;
	testbed_start(tb);
	memcpy(tb->registers + (SUBPAGE_1 + 2 - DEVICE_PAGE), "\x01\x02\x03\x04", 4);
	assert_true(linux_load(tb, 0, SUBPAGE_1 + 2, 4, &value));
	assert_int_equal(value, 0x04030201);
}

static void test_subpage_cut_and_joined_again(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;

	testbed_start(tb);
	take_snapshot(tb, &before);
	create_with_registers(tb, "one", 1, 0x2, SUBPAGE_1 + 0x40);
	assert_int_equal(window_at(tb, SUBPAGE_1)->size, 0x40);
	assert_int_equal(window_at(tb, SUBPAGE_1 + 0x60)->size, SUBPAGE_1_SIZE - 0x60);
	assert_int_equal(tb->m->root.mmio.count, before.num_windows + 1);
	assert_linux_reads(tb, 0, SUBPAGE_1 + 0x3f);
	assert_linux_reads(tb, 0, SUBPAGE_1 + 0x60);
	assert_linux_stopped(tb, 2, SUBPAGE_1 + 0x40);
	assert_linux_stopped(tb, 3, SUBPAGE_1 + 0x5f);
	assert_int_equal(destroy(tb, 1), 0);
	assert_int_equal(tb->m->root.mmio.count, before.num_windows);
	assert_int_equal(window_at(tb, SUBPAGE_1)->size, SUBPAGE_1_SIZE);
	assert_linux_reads(tb, 0, SUBPAGE_1 + 0x40);
}

static void test_subpage_cut_at_the_edges(void **state)
{
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	add_registers(&cell, SUBPAGE_1, 0x10);
	add_registers(&cell, SUBPAGE_1 + 0xf0, 0x10);
	/* From the end of one window to the other, over what the root does not have */
	add_registers(&cell, SUBPAGE_2, SUBPAGE_2_SIZE + 0x10);
	assert_int_equal(create(tb, &cell), 0);
	assert_null(window_at(tb, SUBPAGE_1));
	assert_int_equal(window_at(tb, SUBPAGE_1 + 0x10)->size, 0xe0);
	assert_null(window_at(tb, SUBPAGE_2));
	assert_int_equal(tb->m->root.mmio.count, 1);
	assert_int_equal(destroy(tb, 1), 0);
	assert_int_equal(tb->m->root.mmio.count, 2);
	assert_int_equal(window_at(tb, SUBPAGE_1)->size, SUBPAGE_1_SIZE);
	assert_int_equal(window_at(tb, SUBPAGE_2)->size, SUBPAGE_2_SIZE);
}

static void test_subpage_of_two_cells(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;

	testbed_start(tb);
	take_snapshot(tb, &before);
	create_with_registers(tb, "one", 1, 0x2, SUBPAGE_1 + 0x40);
	create_with_registers(tb, "two", 2, 0x4, SUBPAGE_1 + 0x60);
	assert_int_equal(destroy(tb, 1), 0);
	assert_int_equal(window_at(tb, SUBPAGE_1)->size, 0x60);
	assert_int_equal(window_at(tb, SUBPAGE_1 + 0x80)->size, 0x80);
	assert_int_equal(destroy(tb, 2), 0);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_true(hosted_online(tb->hw, 0, 2));
	assert_unchanged(tb, &before);
}

/* A whole page of registers of which the root only has windows: they go as well. */
static void test_page_takes_subpage_windows(void **state)
{
	const u64 page = SUBPAGE_1 & PAGE_MASK;
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;

	testbed_start(tb);
	take_snapshot(tb, &before);
	cell_config(&cell, "one", 1, 0x2);
	add_mem(&cell, page, page, PAGE_SIZE, MEM_RW | JAILHOUSE_MEM_IO);
	assert_int_equal(create(tb, &cell), 0);
	assert_linux_stopped(tb, 2, SUBPAGE_1);
	assert_linux_stopped(tb, 3, SUBPAGE_2);
	assert_int_equal(tb->m->root.mmio.count, 0);
	assert_int_equal(destroy(tb, 1), 0);
	assert_int_equal(tb->m->root.mmio.count, before.num_windows);
	assert_linux_reads(tb, 0, SUBPAGE_1);
}

/* If it is loadable, they come and go with it. */
static void test_loadable_page_with_subpage_windows(void **state)
{
	const u64 page = SUBPAGE_1 & PAGE_MASK;
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	cell.cell.flags = JAILHOUSE_CELL_PASSIVE_COMMREG;
	add_mem(&cell, page, page, PAGE_SIZE, MEM_RW | JAILHOUSE_MEM_IO | JAILHOUSE_MEM_LOADABLE);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(set_loadable(tb, 1), 0);
	assert_linux_reads(tb, 0, SUBPAGE_1);
	assert_int_equal(start(tb, 1), 0);
	assert_linux_stopped(tb, 2, SUBPAGE_1);
	assert_linux_stopped(tb, 3, SUBPAGE_2);
	assert_int_equal(destroy(tb, 1), 0);
	assert_linux_reads(tb, 0, SUBPAGE_1);
	assert_int_equal(tb->m->root.mmio.count, 2);
}

/* Two regions for the same registers give them back once. */
static void test_subpage_region_twice(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;

	testbed_start(tb);
	take_snapshot(tb, &before);
	cell_config(&cell, "one", 1, 0x2);
	add_mem(&cell, SUBPAGE_1 + 0x40, 0x20000140, 0x20, MEM_RW | JAILHOUSE_MEM_IO_32);
	add_mem(&cell, SUBPAGE_1 + 0x50, 0x20001150, 0x20, MEM_RW | JAILHOUSE_MEM_IO_32);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(destroy(tb, 1), 0);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_unchanged(tb, &before);
}

static void test_subpage_region_of_a_cell(void **state)
{
	struct testbed *tb = *state;
	struct config cell;
	struct cell *one;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	add_mem(&cell, SUBPAGE_1, 0x20000100, 0x20, MEM_RW | JAILHOUSE_MEM_IO_32);
	assert_int_equal(create(tb, &cell), 0);
	one = cell_by_id(tb->m, 1);
	assert_hidden(&one->stage2, 0x20000100);
	assert_int_equal(one->mmio.count, 1);
	assert_int_equal(one->mmio.windows[0].start, 0x20000100);
	assert_int_equal(one->mmio.windows[0].size, 0x20);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, testbed_setup, testbed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(subpage_windows_do_what_they_allow),
		TEST(subpage_rights),
		TEST(subpage_unaligned_if_permitted),
		TEST(subpage_cut_and_joined_again),
		TEST(subpage_cut_at_the_edges),
		TEST(subpage_of_two_cells),
		TEST(page_takes_subpage_windows),
		TEST(loadable_page_with_subpage_windows),
		TEST(subpage_region_twice),
		TEST(subpage_region_of_a_cell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
