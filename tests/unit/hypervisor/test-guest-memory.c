// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reading what a guest points to: all of it, or a no. */
#include "testbed.h"

static bool read_root(struct testbed *tb, u64 address, void *buffer, unsigned int size)
{
	return guest_read(machine_cpu(tb->m, 0), &tb->m->root, address, buffer, size);
}

static void number(struct testbed *tb, u64 phys, u64 size)
{
	u8 *memory = hosted_ram(tb->hw, phys, size);

	for (u64 n = 0; n < size; n++)
		memory[n] = (u8)(n * 7 + (n >> 8));
}

static void test_over_pages(void **state)
{
	struct testbed *tb = *state;
	u8 buffer[3 * PAGE_SIZE + 2];

	testbed_start(tb);
	number(tb, LINUX_START, 8 * PAGE_SIZE);
	for (unsigned int offset = 0; offset < 3; offset++) {
		u64 start = LINUX_START + PAGE_SIZE - 1 + offset;

		memset(buffer, 0xee, sizeof(buffer));
		assert_true(read_root(tb, start, buffer, sizeof(buffer) - 1));
		assert_memory_equal(buffer, hosted_ram(tb->hw, start, sizeof(buffer)), sizeof(buffer) - 1);
		assert_int_equal(buffer[sizeof(buffer) - 1], 0xee);
	}
	assert_true(read_root(tb, LINUX_START, buffer, 0));
}

/* Pages that lie apart in memory are put together again. */
static void test_translation(void **state)
{
	struct testbed *tb = *state;
	struct config cell;
	u8 buffer[16];

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	add_mem(&cell, INMATE_START + 4 * MIB, 0x40000000, PAGE_SIZE, MEM_RWX);
	add_mem(&cell, INMATE_START + 2 * MIB, 0x40001000, PAGE_SIZE, MEM_RWX);
	assert_int_equal(create(tb, &cell), 0);
	memset(hosted_ram(tb->hw, INMATE_START + 4 * MIB, PAGE_SIZE), 'a', PAGE_SIZE);
	memset(hosted_ram(tb->hw, INMATE_START + 2 * MIB, PAGE_SIZE), 'b', PAGE_SIZE);
	assert_true(guest_read(machine_cpu(tb->m, 1), cell_by_id(tb->m, 1), 0x40000ff8, buffer, 16));
	assert_memory_equal(buffer, "aaaaaaaabbbbbbbb", 16);
	assert_false(guest_read(machine_cpu(tb->m, 1), cell_by_id(tb->m, 1), 0x40001ff8, buffer, 16));
	assert_false(guest_read(machine_cpu(tb->m, 1), cell_by_id(tb->m, 1), INMATE_START, buffer, 1));
}

static void test_what_cannot_be_read(void **state)
{
	struct testbed *tb = *state;
	struct config cell;
	u8 buffer[PAGE_SIZE];

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	add_mem(&cell, INMATE_START + 4 * MIB, 0x40000000, PAGE_SIZE, JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_DMA);
	assert_int_equal(create(tb, &cell), 0);
	/* Nothing there, another cell's, registers, windows, around the end of the address space */
	assert_false(read_root(tb, 0x60000000, buffer, 1));
	assert_false(read_root(tb, INMATE_START, buffer, 1));
	assert_false(read_root(tb, INMATE_START - 1, buffer, 2));
	assert_false(read_root(tb, DEVICE_PAGE, buffer, 4));
	assert_false(read_root(tb, SUBPAGE_1, buffer, 4));
	assert_false(read_root(tb, ~0ULL, buffer, 2));
	assert_false(read_root(tb, (1ULL << 48) - 1, buffer, 2));
	assert_false(read_root(tb, (1ULL << 48) + LINUX_START, buffer, 1));
	/* Write only */
	assert_false(guest_read(machine_cpu(tb->m, 1), cell_by_id(tb->m, 1), 0x40000000, buffer, 1));
}

/* Of the hypervisor's memory only the zeros behind which it hides. */
static void test_own_memory_is_hidden(void **state)
{
	struct testbed *tb = *state;
	u8 buffer[PAGE_SIZE], zero[PAGE_SIZE] = { 0 };

	testbed_start(tb);
	assert_true(read_root(tb, HV_START + HV_SIZE - PAGE_SIZE, buffer, PAGE_SIZE));
	assert_memory_equal(buffer, zero, PAGE_SIZE);
	assert_true(read_root(tb, HV_START, buffer, PAGE_SIZE));
	assert_memory_equal(buffer, zero, PAGE_SIZE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, testbed_setup, testbed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(over_pages),
		TEST(translation),
		TEST(what_cannot_be_read),
		TEST(own_memory_is_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
