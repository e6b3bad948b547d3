// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What is left of the contents of memory that changes hands. */
#include "testbed.h"

#define PATTERN 0xa5

/* Everything that could be a cell's, as its last owner left it. */
static void fill(struct testbed *tb)
{
	memset(hosted_ram(tb->hw, INMATE_START, INMATE_SIZE), PATTERN, INMATE_SIZE);
	memset(hosted_ram(tb->hw, LINUX_START + MIB, LINUX_SIZE - MIB), PATTERN, LINUX_SIZE - MIB);
	memset(tb->registers, PATTERN, 2 * PAGE_SIZE);
}

static bool all_bytes(const u8 *memory, u64 size, u8 value)
{
	for (u64 n = 0; n < size; n++)
		if (memory[n] != value)
			return false;
	return true;
}

#define assert_zero(tb, phys, size) assert_true(all_bytes(hosted_ram((tb)->hw, phys, size), size, 0))
#define assert_kept(tb, phys, size) assert_true(all_bytes(hosted_ram((tb)->hw, phys, size), size, PATTERN))

static void test_ram_is_zeroed_in_both_directions(void **state)
{
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x6);
	/* Code, loadable data, and plain data in the root's RAM; sizes that are no multiple of the work units */
	cell.mem[0].size = 37 * PAGE_SIZE;
	add_mem(&cell, INMATE_START + 2 * MIB, 2 * MIB, 3 * PAGE_SIZE, MEM_RW | JAILHOUSE_MEM_LOADABLE);
	add_mem(&cell, INMATE_START + 4 * MIB, 4 * MIB, 2 * MIB + PAGE_SIZE, MEM_RW);
	add_mem(&cell, INMATE_START + 8 * MIB, 8 * MIB, PAGE_SIZE, JAILHOUSE_MEM_READ);
	fill(tb);
	assert_int_equal(create(tb, &cell), 0);
	for (unsigned int way = 0; way < 2; way++) {
		assert_zero(tb, INMATE_START, 37 * PAGE_SIZE);
		assert_kept(tb, INMATE_START + 37 * PAGE_SIZE, PAGE_SIZE);
		assert_zero(tb, INMATE_START + 2 * MIB, 3 * PAGE_SIZE);
		assert_kept(tb, INMATE_START + 2 * MIB - PAGE_SIZE, PAGE_SIZE);
		assert_kept(tb, INMATE_START + 2 * MIB + 3 * PAGE_SIZE, PAGE_SIZE);
		assert_zero(tb, INMATE_START + 4 * MIB, 2 * MIB + PAGE_SIZE);
		assert_kept(tb, INMATE_START + 6 * MIB + PAGE_SIZE, PAGE_SIZE);
		assert_zero(tb, INMATE_START + 8 * MIB, PAGE_SIZE);
		assert_int_equal(hosted_info(tb->hw)->progress_total, 2 * MIB + (37 + 3 + 1 + 1) * PAGE_SIZE);
		assert_int_equal(hosted_info(tb->hw)->progress_done, hosted_info(tb->hw)->progress_total);
		if (way == 0) {
			fill(tb);
			assert_int_equal(destroy(tb, 1), 0);
		}
	}
}

static void test_what_is_no_ram(void **state)
{
	struct testbed *tb = *state;
	struct config cell;

	/* A part of the root that holds no code: not known to be RAM. */
	tb->root.mem[ROOT_INMATE].size = 8 * MIB;
	add_mem(&tb->root, INMATE_START + 8 * MIB, INMATE_START + 8 * MIB, MIB, MEM_RW);
	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	cell.mem[0].size = PAGE_SIZE;
	add_mem(&cell, INMATE_START + 2 * MIB, 2 * MIB, PAGE_SIZE, MEM_RWX | JAILHOUSE_MEM_IO);
	add_mem(&cell, INMATE_START + 3 * MIB, 3 * MIB, PAGE_SIZE, MEM_RWX | JAILHOUSE_MEM_ROOTSHARED);
	add_mem(&cell, DEVICE_PAGE, 4 * MIB, PAGE_SIZE, MEM_RW);
	add_mem(&cell, SUBPAGE_1, 0x40000100, SUBPAGE_1_SIZE, MEM_RW | JAILHOUSE_MEM_IO_32);
	add_mem(&cell, INMATE_START + 8 * MIB, 8 * MIB, PAGE_SIZE, MEM_RW);
	fill(tb);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(destroy(tb, 1), 0);
	assert_zero(tb, INMATE_START, PAGE_SIZE);
	assert_kept(tb, INMATE_START + 2 * MIB, PAGE_SIZE);
	assert_kept(tb, INMATE_START + 3 * MIB, PAGE_SIZE);
	assert_kept(tb, INMATE_START + 8 * MIB, PAGE_SIZE);
	assert_true(all_bytes(tb->registers, 2 * PAGE_SIZE, PATTERN));
	assert_int_equal(hosted_info(tb->hw)->progress_total, PAGE_SIZE);
}

static void test_a_cell_that_asks_for_it_is_left_alone(void **state)
{
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	cell.cell.flags = JAILHOUSE_CELL_NO_SCRUB;
	fill(tb);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(destroy(tb, 1), 0);
	assert_kept(tb, INMATE_START, MIB);
}

static void test_a_region_that_asks_for_it_is_left_alone(void **state)
{
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	cell.mem[0].flags |= JAILHOUSE_MEM_NO_SCRUB;
	add_mem(&cell, INMATE_START + 4 * MIB, 4 * MIB, MIB, MEM_RWX);
	fill(tb);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(destroy(tb, 1), 0);
	assert_kept(tb, INMATE_START, MIB);
	assert_zero(tb, INMATE_START + 4 * MIB, MIB);
}

/* Where no RAM is, nothing can be zeroed, and nothing else may be instead. */
static void test_region_over_the_end_of_ram(void **state)
{
	const u64 end = RAM_START + RAM_SIZE;
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	cell.mem[0].phys_start = end - 3 * PAGE_SIZE;
	add_mem(&cell, 0x100000000UL, 0x10000000, MIB, MEM_RWX);
	fill(tb);
	assert_int_equal(create(tb, &cell), 0);
	assert_zero(tb, end - 3 * PAGE_SIZE, 3 * PAGE_SIZE);
	assert_kept(tb, end - 4 * PAGE_SIZE, PAGE_SIZE);
	assert_int_equal(destroy(tb, 1), 0);
}

static void secret_run(struct hosted_cpu *cpu, void *arg)
{
	u32 *done = arg;

	for (u64 address = 0; address < MIB; address += PAGE_SIZE)
		vm_store(cpu, address, 8, 0x5ec2e75ec2e75ec2);
	__atomic_store_n(done, 1, __ATOMIC_SEQ_CST);
	for (;;)
		vm_halt(cpu);
}

/* The root sees the loadable memory of a stopped cell with what is in it, but nothing of it after destroy. */
static void test_secrets_of_a_cell(void **state)
{
	struct testbed *tb = *state;
	struct config cell;
	u64 value;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	cell.cell.flags = JAILHOUSE_CELL_PASSIVE_COMMREG;
	hosted_set_program(tb->hw, 1, secret_run, &tb->flag);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(start(tb, 1), 0);
	wait_for(&tb->flag, 1);
	assert_int_equal(set_loadable(tb, 1), 0);
	assert_true(linux_load(tb, 0, INMATE_START, 8, &value));
	assert_int_equal(value, 0x5ec2e75ec2e75ec2);
	assert_int_equal(destroy(tb, 1), 0);
	for (u64 address = INMATE_START; address < INMATE_START + MIB; address += PAGE_SIZE) {
		assert_true(linux_load(tb, 0, address, 8, &value));
		assert_int_equal(value, 0);
	}
}

/* A CPU that is stopped in the middle goes on afterwards, and another one helps. */
static void test_scrubbing_can_be_interrupted(void **state)
{
	struct hosted_faults *faults;
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	faults = hosted_faults(tb->hw);
	cell_config(&cell, "one", 1, 0x6);
	fill(tb);
	put_config(tb, &cell);
	__atomic_store_n(&faults->slow_memory, 0x2, __ATOMIC_SEQ_CST);
	/* CPU 2 has to do all but one piece. */
	assert_int_equal(manage_once(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS), -EAGAIN);
	for (unsigned int n = 0; n < 100000; n++) {
		assert_int_equal(manage_once(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS), -EAGAIN);
		if (hosted_info(tb->hw)->progress_done == MIB - 16 * PAGE_SIZE)
			break;
	}
	assert_int_equal(hosted_info(tb->hw)->progress_done, MIB - 16 * PAGE_SIZE);
	__atomic_store_n(&faults->slow_memory, 0, __ATOMIC_SEQ_CST);
	assert_int_equal(manage(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS), 0);
	assert_zero(tb, INMATE_START, MIB);
}

/* Two pieces of work in the hands of one CPU: it has to answer between them. */
static void test_scrubbing_cpu_answers(void **state)
{
	struct testbed *tb = *state;
	struct config cell;
	struct cell *one;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	assert_int_equal(create(tb, &cell), 0);
	one = cell_by_id(tb->m, 1);
	fill(tb);
	assert_true(cpu_stop(machine_cpu(tb->m, 1)));
	scrub_start(one, SCRUB_RAM);
	__atomic_store_n(&hosted_faults(tb->hw)->slow_memory, 0x2, __ATOMIC_SEQ_CST);
	cpu_release(machine_cpu(tb->m, 1), CPU_REQ_PARK | CPU_REQ_SCRUB);
	cpu_request(machine_cpu(tb->m, 1), CPU_REQ_STOP);
	__atomic_store_n(&hosted_faults(tb->hw)->slow_memory, 0, __ATOMIC_SEQ_CST);
	assert_true(cpu_stop(machine_cpu(tb->m, 1)));
	assert_true(one->scrub.done <= 16 * PAGE_SIZE);
	assert_false(scrub_finished(one));
	cpu_release(machine_cpu(tb->m, 1), 0);
	for (unsigned int n = 0; n < 1000000 && !scrub_finished(one); n++)
		arch_relax();
	assert_true(scrub_finished(one));
	assert_zero(tb, INMATE_START, MIB);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, testbed_setup, testbed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(ram_is_zeroed_in_both_directions),
		TEST(what_is_no_ram),
		TEST(a_cell_that_asks_for_it_is_left_alone),
		TEST(a_region_that_asks_for_it_is_left_alone),
		TEST(region_over_the_end_of_ram),
		TEST(secrets_of_a_cell),
		TEST(scrubbing_can_be_interrupted),
		TEST(scrubbing_cpu_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
