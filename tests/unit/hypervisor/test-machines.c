// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Two machines in one process know nothing of each other. */
#include "testbed.h"

static struct testbed a, b;

static int setup(void **state)
{
	(void)state;
	testbed_init(&a);
	testbed_init(&b);
	b.setup.cpus = 2;
	b.setup.levels = 5;
	b.setup.max_leaf = 2;
	b.root.cpus[0] = 0x3;
	strcpy(b.root.cell.name, "second");
	testbed_start(&a);
	testbed_start(&b);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	testbed_stop(&a);
	testbed_stop(&b);
	return 0;
}

static void start_inmate(struct testbed *tb, const char *name)
{
	struct config cell;

	tb->inmates[0].on_shutdown = JAILHOUSE_MSG_REQUEST_APPROVED;
	hosted_set_program(tb->hw, 1, inmate_run, &tb->inmates[0]);
	cell_config(&cell, name, 1, 0x2);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(start(tb, 1), 0);
	assert_alive(&tb->inmates[0]);
}

static void test_same_ids_and_addresses(void **state)
{
	struct snapshot before;
	u64 value;

	(void)state;
	start_inmate(&a, "one");
	take_snapshot(&b, &before);
	assert_true(linux_store(&b, 0, INMATE_START, 8, 0x1234));
	assert_unchanged(&b, &before);
	start_inmate(&b, "one");
	assert_alive(&a.inmates[0]);
	assert_int_equal(a.m->num_cells, 2);
	assert_int_equal(destroy(&a, 1), 0);
	assert_alive(&b.inmates[0]);
	assert_int_equal(a.m->num_cells, 1);
	assert_int_equal(b.m->num_cells, 2);
	assert_true(linux_load(&a, 0, INMATE_START, 8, &value));
	assert_int_equal(value, 0);
}

static void test_reasons_and_text(void **state)
{
	char *text;

	(void)state;
	free(hosted_take_text(a.hw));
	free(hosted_take_text(b.hw));
	assert_int_equal(start(&a, 7), -ENOENT);
	assert_int_equal(hosted_info(a.hw)->reason.code, JAILHOUSE_REASON_CELL_UNKNOWN);
	assert_int_equal(hosted_info(b.hw)->reason.code, JAILHOUSE_REASON_NONE);
	assert_linux_stopped(&b, 1, 0x60000000);
	text = hosted_take_text(a.hw);
	assert_string_equal(text, "");
	free(text);
	assert_printed(&b, "Parking CPU 1 (Cell: \"second\")\n");
}

static void test_one_ends(void **state)
{
	(void)state;
	start_inmate(&a, "one");
	for (unsigned int cpu = 0; cpu < 2; cpu++)
		assert_linux_stopped(&b, cpu, 0x60000000);
	assert_int_equal(hosted_counters(b.hw)->machine_resets, 1);
	assert_int_equal(hosted_counters(a.hw)->machine_resets, 0);
	testbed_stop(&b);
	assert_alive(&a.inmates[0]);
	assert_int_equal(destroy(&a, 1), 0);
	assert_true(hosted_online(a.hw, 0, 1));
	assert_int_equal(hosted_disable(a.hw), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(same_ids_and_addresses),
		TEST(reasons_and_text),
		TEST(one_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
