// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* All CPUs become guests or none does; and the way back. */
#include <stdio.h>
#include "testbed.h"

static void wait_native(struct testbed *tb)
{
	for (unsigned int cpu = 0; cpu < tb->setup.cpus; cpu++)
		assert_true(hosted_wait_state(tb->hw, cpu, HOSTED_NATIVE, 10000));
}

/* After a failure the same machine can be enabled again. */
static void expect_second_try(struct testbed *tb)
{
	wait_native(tb);
	memset(hosted_faults(tb->hw), 0, sizeof(struct hosted_faults));
	assert_int_equal(testbed_enable(tb), 0);
	for (unsigned int cpu = 0; cpu < tb->setup.cpus; cpu++)
		assert_int_equal(hosted_cpu_state(tb->hw, cpu), HOSTED_LINUX);
	assert_int_equal(hosted_disable(tb->hw), 0);
	wait_native(tb);
}

static void test_enable_and_disable(void **state)
{
	struct testbed *tb = *state;

	testbed_build(tb);
	for (unsigned int n = 0; n < 10; n++) {
		assert_int_equal(testbed_enable(tb), 0);
		assert_true(tb->m->enabled);
		assert_int_equal(hosted_disable(tb->hw), 0);
		assert_false(tb->m->enabled);
		wait_native(tb);
		assert_int_equal(hosted_counters(tb->hw)->machine_exits, n + 1);
	}
}

static void test_what_is_printed(void **state)
{
	struct testbed *tb = *state;
	const char *lines[] = {
		"Initializing Jailhouse hypervisor ", "Page pool usage after early setup: mem ",
		"Initializing processors:\r\n", "Initializing unit: PCI\r\n", "Page pool usage after late setup: mem ",
		"Activating hypervisor\r\n", "Shutting down hypervisor\r\n", " Releasing CPU "
	};
	char *text, *at;

	testbed_start(tb);
	assert_int_equal(hosted_disable(tb->hw), 0);
	text = at = hosted_take_text(tb->hw);
	for (unsigned int n = 0; n < ARRAY_LEN(lines); n++) {
		at = strstr(at, lines[n]);
		assert_non_null(at);
	}
	for (unsigned int cpu = 0; cpu < 4; cpu++) {
		char line[64];

		snprintf(line, sizeof(line), " CPU %u... (hardware id %u) OK\r\n", cpu, cpu);
		assert_non_null(strstr(text, line));
	}
	free(text);
}

static void test_info_page(void **state)
{
	struct testbed *tb = *state;
	const struct jailhouse_info *info;

	testbed_start(tb);
	info = hosted_info(tb->hw);
	assert_memory_equal(info->signature, JAILHOUSE_INFO_SIGNATURE, 8);
	assert_int_equal(info->abi, JAILHOUSE_IMAGE_ABI);
	assert_int_equal(info->tsc_khz, tb->setup.tsc_khz);
	assert_int_equal(info->num_records, 4);
	assert_int_equal(info->records, tb->m->header->core_size);
	assert_int_equal(info->record_stride, tb->m->header->percpu_size);
	assert_int_equal(info->reason.code, JAILHOUSE_REASON_NONE);
}

static void test_one_cpu_fails_in_the_entry(void **state)
{
	struct testbed *tb = *state;

	for (unsigned int cpu = 0; cpu < 4; cpu++) {
		testbed_build(tb);
		hosted_faults(tb->hw)->entry = 1U << cpu;
		assert_int_equal(testbed_enable(tb), -ENODEV);
		assert_reason(tb, NO_HVM, JAILHOUSE_ITEM_CPU, cpu);
		/* Nobody has gone through the later steps. */
		assert_int_equal(hosted_counters(tb->hw)->cpu_exits, 0);
		expect_second_try(tb);
		testbed_stop(tb);
	}
}

static void test_one_cpu_fails_in_the_middle(void **state)
{
	struct testbed *tb = *state;
	unsigned int up = 0;

	for (unsigned int cpu = 0; cpu < 4; cpu++) {
		testbed_build(tb);
		hosted_faults(tb->hw)->cpu_init = 1U << cpu;
		assert_int_equal(testbed_enable(tb), -EIO);
		assert_reason(tb, HVM_FEATURE, JAILHOUSE_ITEM_CPU, cpu);
		/* Exactly those that had succeeded are undone. */
		for (unsigned int n = 0; n < 4; n++)
			up += machine_cpu(tb->m, n)->up;
		assert_int_equal(hosted_counters(tb->hw)->cpu_exits, up);
		assert_int_equal(hosted_counters(tb->hw)->machine_exits, 1);
		assert_printed(tb, " FAILED\n");
		up = 0;
		expect_second_try(tb);
		testbed_stop(tb);
	}
}

static void test_last_step_fails(void **state)
{
	struct testbed *tb = *state;

	testbed_build(tb);
	hosted_faults(tb->hw)->machine_init_late = true;
	assert_int_equal(testbed_enable(tb), -ENODEV);
	assert_int_equal(hosted_counters(tb->hw)->cpu_exits, 4);
	assert_int_equal(hosted_counters(tb->hw)->machine_exits, 1);
	assert_false(tb->m->enabled);
	expect_second_try(tb);
}

/* A division by it must not be what finds out. */
static void test_header_without_a_clock(void **state)
{
	struct testbed *tb = *state;

	testbed_build(tb);
	hosted_faults(tb->hw)->no_tsc_khz = true;
	assert_int_equal(testbed_enable(tb), -EINVAL);
	assert_reason(tb, IMAGE_HEADER, JAILHOUSE_ITEM_NONE, 0);
	assert_args(tb, offsetof(struct jailhouse_image_header, tsc_khz), 0, 0, 0);
	assert_int_equal(hosted_counters(tb->hw)->cpu_exits, 0);
	expect_second_try(tb);
}

static void test_a_cpu_does_not_come(void **state)
{
	struct testbed *tb = *state;

	tb->setup.tsc_khz = 400000; /* 5 s are 2 s, which a busy host needs for those who come */
	testbed_build(tb);
	hosted_faults(tb->hw)->absent = 0x4;
	assert_int_equal(testbed_enable(tb), -EBUSY);
	assert_reason(tb, ENTRY_TIMEOUT, JAILHOUSE_ITEM_NONE, 0);
	assert_args(tb, 3, 4, 5000, 0);
	assert_int_equal(hosted_counters(tb->hw)->cpu_exits, 0);
	assert_int_equal(hosted_counters(tb->hw)->machine_exits, 0);
}

/* ---- units ---- */

static char calls[256];

static void note(const char *what)
{
	strcat(calls, what);
	strcat(calls, " ");
}

/* Which of the functions fails, 0: none. */
static int failing;

#define UNIT(name, init_number, cell_number)                        \
	static int name##_init(struct machine *m)                   \
	{                                                           \
		(void)m;                                            \
		note("+" #name);                                    \
		return failing == init_number ? -EIO : 0;           \
	}                                                           \
	static void name##_shutdown(struct machine *m)              \
	{                                                           \
		(void)m;                                            \
		note("-" #name);                                    \
	}                                                           \
	static int name##_cell_init(struct cell *cell)              \
	{                                                           \
		(void)cell;                                         \
		note("+c" #name);                                   \
		return failing == cell_number ? -EIO : 0;           \
	}                                                           \
	static void name##_cell_exit(struct cell *cell)             \
	{                                                           \
		(void)cell;                                         \
		note("-c" #name);                                   \
	}

UNIT(a, 1, 2)
UNIT(b, 3, 4)

static void build_with_units(struct testbed *tb, int fail)
{
	calls[0] = '\0';
	failing = fail;
	tb->setup.first = (struct hosted_unit){ a_init, a_shutdown, NULL, a_cell_init, a_cell_exit, NULL };
	tb->setup.last = (struct hosted_unit){ b_init, b_shutdown, NULL, b_cell_init, b_cell_exit, NULL };
	testbed_build(tb);
}

static void test_units_in_order_and_back(void **state)
{
	struct testbed *tb = *state;

	build_with_units(tb, 0);
	assert_int_equal(testbed_enable(tb), 0);
	assert_string_equal(calls, "+a +b +ca +cb ");
	assert_int_equal(hosted_disable(tb->hw), 0);
	assert_string_equal(calls, "+a +b +ca +cb -cb -ca -b -a ");
}

static void test_units_are_undone_from_the_failing_one(void **state)
{
	static const char *const expected[] = {
		NULL, "+a ", "+a +b +ca -b -a ", "+a +b -a ", "+a +b +ca +cb -ca -b -a "
	};
	struct testbed *tb = *state;

	for (int fail = 1; fail <= 4; fail++) {
		build_with_units(tb, fail);
		assert_int_equal(testbed_enable(tb), -EIO);
		assert_string_equal(calls, expected[fail]);
		assert_int_equal(hosted_counters(tb->hw)->cpu_exits, 4);
		failing = 0;
		expect_second_try(tb);
		testbed_stop(tb);
	}
}

/* Without memory at each allocation in turn: the reason, and nobody is a guest. The pool has no other use yet. */
static void test_enable_without_memory(void **state)
{
	struct testbed *tb = *state;
	unsigned int failures = 0;
	int err = -ENOMEM;

	for (unsigned long pages = 1; err; pages++) {
		assert_true(pages < 40);
		testbed_build(tb);
		tb->root.system.hypervisor_memory.size = (3 + 4 * 2 + 1 + pages) * PAGE_SIZE;
		err = testbed_enable(tb);
		if (err) {
			assert_int_equal(err, -ENOMEM);
			assert_true(hosted_info(tb->hw)->reason.code == JAILHOUSE_REASON_NO_MEMORY ||
				    hosted_info(tb->hw)->reason.code == JAILHOUSE_REASON_HYPERVISOR_MEMORY_SMALL);
			wait_native(tb);
			failures++;
		}
		testbed_stop(tb);
	}
	assert_true(failures > 5);
}

/* ---- disable ---- */

static void test_disable_with_a_cell(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	assert_int_equal(create(tb, &cell), 0);
	take_snapshot(tb, &before);
	for (unsigned int n = 0; n < 2; n++) {
		assert_int_equal(hosted_call(tb->hw, 2, JAILHOUSE_HC_DISABLE, 0, 0), -EBUSY);
		assert_reason(tb, CELLS_EXIST, JAILHOUSE_ITEM_NONE, 0);
		assert_args(tb, 1, 0, 0, 0);
		assert_int_equal(hosted_call(tb->hw, 0, JAILHOUSE_HC_DISABLE, 0, 0), -EBUSY);
		assert_int_equal(hosted_call(tb->hw, 3, JAILHOUSE_HC_DISABLE, 0, 0), -EBUSY);
		assert_unchanged(tb, &before);
	}
	/* Without the cell it goes at once, not only after the time limit of the refused round. */
	assert_int_equal(destroy(tb, 1), 0);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_int_equal(hosted_disable(tb->hw), 0);
	wait_native(tb);
}

/* The driver asks one CPU first, and is told no. */
static void test_disable_refused_on_one_cpu(void **state)
{
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(hosted_call(tb->hw, 0, JAILHOUSE_HC_DISABLE, 0, 0), -EBUSY);
	assert_int_equal(destroy(tb, 1), 0);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_int_equal(hosted_disable(tb->hw), 0);
}

static void disable_job(struct hosted_cpu *cpu, void *arg)
{
	*(long *)arg = vm_call(cpu, JAILHOUSE_HC_DISABLE, 0, 0);
}

static void test_disable_without_all_cpus(void **state)
{
	struct testbed *tb = *state;
	static long results[4];

	tb->setup.tsc_khz = 400000; /* 5 s are 2 s, which a busy host needs for those who come */
	testbed_start(tb);
	for (unsigned int cpu = 0; cpu < 3; cpu++)
		assert_true(hosted_begin(tb->hw, cpu, disable_job, &results[cpu]));
	for (unsigned int cpu = 0; cpu < 3; cpu++) {
		assert_true(hosted_finish(tb->hw, cpu));
		assert_int_equal(results[cpu], -EBUSY);
	}
	assert_reason(tb, ENTRY_TIMEOUT, JAILHOUSE_ITEM_NONE, 0);
	assert_args(tb, 3, 4, 5000, 0);
	assert_true(tb->m->enabled);
	assert_int_equal(hosted_disable(tb->hw), 0);
	wait_native(tb);
}

static void test_no_cell_can_disable(void **state)
{
	static long result;
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	cell.cell.flags = JAILHOUSE_CELL_PASSIVE_COMMREG;
	hosted_set_program(tb->hw, 1, disable_job, &result);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(start(tb, 1), 0);
	assert_true(hosted_wait_state(tb->hw, 1, HOSTED_ENDED, 10000));
	assert_int_equal(result, -EPERM);
	assert_int_equal(destroy(tb, 1), 0);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_int_equal(hosted_disable(tb->hw), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, testbed_setup, testbed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(enable_and_disable),
		TEST(what_is_printed),
		TEST(info_page),
		TEST(one_cpu_fails_in_the_entry),
		TEST(one_cpu_fails_in_the_middle),
		TEST(last_step_fails),
		TEST(header_without_a_clock),
		TEST(a_cpu_does_not_come),
		TEST(units_in_order_and_back),
		TEST(units_are_undone_from_the_failing_one),
		TEST(enable_without_memory),
		TEST(disable_with_a_cell),
		TEST(disable_refused_on_one_cpu),
		TEST(disable_without_all_cpus),
		TEST(no_cell_can_disable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
