/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Exit counters from our own driver. */
#include <string.h>

#include "open-mock.h"

/* CPUs 1 and 70. */
static void answer_cell(void *arg)
{
	struct jailhouse_ioc_cell_info *info = arg;
	uint64_t *mask = (void *)(uintptr_t)info->cpu_mask;

	mask[0] = 0x2;
	mask[1] = 0x40;
	info->cpu_mask_words = 2;
	info->cell_id.id = 6;
}

static void answer_cpu_1(void *arg)
{
	struct jailhouse_ioc_cpu_stats *stats = arg;

	assert_int_equal(stats->size, sizeof(*stats));
	assert_int_equal(stats->cpu, 1);
	stats->cell = 6;
	stats->num_stats = 12;
	stats->stats[0] = 0x7fffffff;
	stats->stats[4] = 4;
	stats->stats[11] = 11;
}

static void answer_cpu_70(void *arg)
{
	struct jailhouse_ioc_cpu_stats *stats = arg;

	assert_int_equal(stats->cpu, 70);
	stats->cell = 6;
	stats->num_stats = 13;
	stats->stats[0] = 0x7fffffff;
	stats->stats[12] = 12;
}

static void counters_have_names_and_sums(void **state)
{
	struct jailhouse_stats *stats;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, answer_cell, 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CPU_STATS, answer_cpu_1, 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CPU_STATS, answer_cpu_70, 0);
	assert_int_equal(jailhouse_stats_get(*state, 6, &stats, NULL), 0);
	assert_int_equal(jailhouse_stats_get_num_cpus(stats), 2);
	assert_int_equal(jailhouse_stats_get_cpu(stats, 0), 1);
	assert_int_equal(jailhouse_stats_get_cpu(stats, 1), 70);
	assert_int_equal(jailhouse_stats_get_cpu(stats, 2), -1);
	/* As many as the CPU with the most. */
	assert_int_equal(jailhouse_stats_get_num_counters(stats), 13);
	assert_string_equal(jailhouse_stats_get_name(stats, 0), "vmexits_total");
	assert_string_equal(jailhouse_stats_get_name(stats, 4), "vmexits_pio");
	assert_string_equal(jailhouse_stats_get_name(stats, 11), "vmexits_msr_x2apic_icr");
	assert_string_equal(jailhouse_stats_get_name(stats, 12), "vmexits_12");
	assert_null(jailhouse_stats_get_name(stats, 13));
	/* The sum does not wrap as a counter does. */
	assert_int_equal(jailhouse_stats_get_sum(stats, 0), 0xfffffffe);
	assert_int_equal(jailhouse_stats_get_value(stats, 0, 11), 11);
	assert_int_equal(jailhouse_stats_get_value(stats, 1, 11), 0);
	assert_int_equal(jailhouse_stats_get_value(stats, 1, 12), 12);
	assert_int_equal(jailhouse_stats_get_value(stats, 2, 0), 0);
	assert_int_equal(jailhouse_stats_get_value(stats, 0, 13), 0);
	assert_int_equal(jailhouse_stats_get_sum(stats, 13), 0);
	jailhouse_stats_free(stats);
}

static void names_follow_the_machine(void **state)
{
	struct jailhouse_stats *stats;
	struct jailhouse *jh;

	(void)state;
	mock_set_machine("armv8l");
	jh = open_device();
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, answer_cell, 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CPU_STATS, answer_cpu_1, 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CPU_STATS, answer_cpu_70, 0);
	assert_int_equal(jailhouse_stats_get(jh, 6, &stats, NULL), 0);
	assert_string_equal(jailhouse_stats_get_name(stats, 8), "vmexits_smccc");
	assert_string_equal(jailhouse_stats_get_name(stats, 9), "vmexits_9");
	jailhouse_stats_free(stats);
	close_device(jh);
}

static void answer_moved(void *arg)
{
	struct jailhouse_ioc_cpu_stats *stats = arg;

	stats->cell = 0;
	stats->num_stats = 12;
	stats->stats[0] = 99;
}

static void cpu_that_moved_on_is_left_out(void **state)
{
	struct jailhouse_stats *stats;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, answer_cell, 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CPU_STATS, answer_moved, 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CPU_STATS, answer_cpu_70, 0);
	assert_int_equal(jailhouse_stats_get(*state, 6, &stats, NULL), 0);
	assert_int_equal(jailhouse_stats_get_num_cpus(stats), 1);
	assert_int_equal(jailhouse_stats_get_cpu(stats, 0), 70);
	assert_int_equal(jailhouse_stats_get_sum(stats, 0), 0x7fffffff);
	assert_int_equal(jailhouse_stats_get_value(stats, 0, 12), 12);
	jailhouse_stats_free(stats);
}

static void answer_too_many(void *arg)
{
	((struct jailhouse_ioc_cpu_stats *)arg)->num_stats = 33;
}

static void too_many_counters_are_not_believed(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_stats *stats = (void *)&error;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, answer_cell, 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CPU_STATS, answer_too_many, 0);
	assert_int_equal(jailhouse_stats_get(*state, 6, &stats, &error), JAILHOUSE_ERR_PROTOCOL);
	assert_ptr_equal(stats, &error);
	assert_text(error, "the driver's answer makes no sense: too many counters");
}

static void answer_no_cpus(void *arg)
{
	((struct jailhouse_ioc_cell_info *)arg)->cpu_mask_words = 0;
}

static void cell_without_cpus_has_no_counters(void **state)
{
	struct jailhouse_stats *stats;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, answer_no_cpus, 0);
	assert_int_equal(jailhouse_stats_get(*state, 0, &stats, NULL), 0);
	assert_int_equal(jailhouse_stats_get_num_cpus(stats), 0);
	assert_int_equal(jailhouse_stats_get_num_counters(stats), 0);
	jailhouse_stats_free(stats);
}

static void unknown_cell_is_not_found(void **state)
{
	struct jailhouse_stats *stats;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, NULL, -ENOENT);
	assert_int_equal(jailhouse_stats_get(*state, 6, &stats, NULL), JAILHOUSE_ERR_NOT_FOUND);
	assert_int_equal(jailhouse_stats_get(*state, 0x80000000, &stats, NULL),
			 JAILHOUSE_ERR_NOT_FOUND);
}

static void getters_take_null(void **state)
{
	(void)state;
	jailhouse_stats_free(NULL);
	assert_int_equal(jailhouse_stats_get_num_counters(NULL), 0);
	assert_int_equal(jailhouse_stats_get_num_cpus(NULL), 0);
	assert_null(jailhouse_stats_get_name(NULL, 0));
	assert_int_equal(jailhouse_stats_get_sum(NULL, 0), 0);
	assert_int_equal(jailhouse_stats_get_cpu(NULL, 0), -1);
	assert_int_equal(jailhouse_stats_get_value(NULL, 0, 0), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, device_setup, device_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(counters_have_names_and_sums),
		TEST(names_follow_the_machine),
		TEST(cpu_that_moved_on_is_left_out),
		TEST(too_many_counters_are_not_believed),
		TEST(cell_without_cpus_has_no_counters),
		TEST(unknown_cell_is_not_found),
		TEST(getters_take_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
