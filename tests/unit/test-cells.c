/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Snapshots of cells from our own driver. */
#include <string.h>

#include "open-mock.h"

static void fill(struct jailhouse_ioc_cell_info *info, int32_t id, const char *name)
{
	uint64_t *mask = (void *)(uintptr_t)info->cpu_mask;
	uint64_t *failed = (void *)(uintptr_t)info->failed_mask;

	assert_int_equal(info->size, sizeof(*info));
	assert_true(info->cpu_mask_words >= 1);
	info->cell_id.id = id;
	if (name != info->cell_id.name)
		strcpy(info->cell_id.name, name);
	info->state = JAILHOUSE_CELL_RUNNING;
	info->flags = 0x40000000;
	info->isolation = JAILHOUSE_ISOLATION_NO_DMA;
	mask[0] = 0x5;
	failed[0] = 0x4;
	info->cpu_mask_words = 1;
}

static void answer_cell_3(void *arg)
{
	struct jailhouse_ioc_cell_info *info = arg;

	assert_int_equal(info->cell_id.id, 3);
	fill(info, 3, "three");
}

static void cell_is_found_by_id(void **state)
{
	struct jailhouse_cell *cell;
	uint64_t mask[2] = {99, 99};

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, answer_cell_3, 0);
	assert_int_equal(jailhouse_cell_get_by_id(*state, 3, &cell, NULL), 0);
	assert_int_equal(jailhouse_cell_get_id(cell), 3);
	assert_string_equal(jailhouse_cell_get_name(cell), "three");
	assert_int_equal(jailhouse_cell_get_state(cell), JAILHOUSE_CELL_RUNNING);
	assert_int_equal(jailhouse_cell_get_flags(cell), 0x40000000);
	assert_int_equal(jailhouse_cell_get_isolation(cell), JAILHOUSE_ISOLATION_NO_DMA);
	assert_int_equal(jailhouse_cell_get_cpus(cell, mask, 2), 1);
	assert_int_equal(mask[0], 0x5);
	assert_int_equal(mask[1], 0);
	assert_int_equal(jailhouse_cell_get_failed_cpus(cell, mask, 1), 1);
	assert_int_equal(mask[0], 0x4);
	jailhouse_cell_free(cell);
}

static void answer_by_name(void *arg)
{
	struct jailhouse_ioc_cell_info *info = arg;

	assert_int_equal(info->cell_id.id, -1);
	assert_string_equal(info->cell_id.name, "1234567890123456789012345678901");
	fill(info, 4, info->cell_id.name);
}

static void cell_is_found_by_the_longest_name(void **state)
{
	struct jailhouse_cell *cell;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, answer_by_name, 0);
	assert_int_equal(jailhouse_cell_get_by_name(*state, "1234567890123456789012345678901",
						    &cell, NULL),
			 0);
	assert_int_equal(jailhouse_cell_get_id(cell), 4);
	jailhouse_cell_free(cell);
}

static void longer_name_is_not_found(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_cell *cell;

	assert_int_equal(jailhouse_cell_get_by_name(*state, "12345678901234567890123456789012",
						    &cell, &error),
			 JAILHOUSE_ERR_NOT_FOUND);
	assert_text(error, "there is no cell \"12345678901234567890123456789012\": names have at "
			   "most 31 bytes");
}

static void refuse_unknown(void *arg)
{
	struct jailhouse_ioc_cell_info *info = arg;

	info->reason.code = JAILHOUSE_REASON_CELL_UNKNOWN;
	info->reason.item = JAILHOUSE_ITEM_CELL;
	info->reason.index = 3;
}

static void unknown_cell_is_not_found(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_cell *cell = (void *)&error;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, refuse_unknown, -ENOENT);
	assert_int_equal(jailhouse_cell_get_by_id(*state, 3, &cell, &error),
			 JAILHOUSE_ERR_NOT_FOUND);
	assert_ptr_equal(cell, &error);
	assert_text(error, "there is no cell 3");
}

static void answer_need_more(void *arg)
{
	struct jailhouse_ioc_cell_info *info = arg;

	assert_int_equal(info->cpu_mask_words, 4);
	info->cpu_mask_words = 5;
}

static void answer_five_words(void *arg)
{
	struct jailhouse_ioc_cell_info *info = arg;
	uint64_t *mask = (void *)(uintptr_t)info->cpu_mask;

	assert_int_equal(info->cpu_mask_words, 5);
	mask[4] = 1;
}

static void large_cpu_set_is_asked_for_again(void **state)
{
	struct jailhouse_cell *cell;
	uint64_t mask[5];

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, answer_need_more, 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, answer_five_words, 0);
	assert_int_equal(jailhouse_cell_get_by_id(*state, 0, &cell, NULL), 0);
	assert_int_equal(jailhouse_cell_get_cpus(cell, mask, 5), 5);
	assert_int_equal(mask[4], 1);
	/* Too little room: said so, and what fits is right. */
	assert_int_equal(jailhouse_cell_get_cpus(cell, mask, 4), 5);
	assert_int_equal(jailhouse_cell_get_cpus(cell, NULL, 0), 5);
	jailhouse_cell_free(cell);
}

static void answer_absurd_size(void *arg)
{
	((struct jailhouse_ioc_cell_info *)arg)->cpu_mask_words = 0x20000000;
}

static void absurd_cpu_set_is_not_believed(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_cell *cell;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, answer_absurd_size, 0);
	assert_int_equal(jailhouse_cell_get_by_id(*state, 0, &cell, &error),
			 JAILHOUSE_ERR_PROTOCOL);
	assert_text(error, "the driver's answer makes no sense: a CPU set is too large");
}

static void answer_negative_id(void *arg)
{
	((struct jailhouse_ioc_cell_info *)arg)->cell_id.id = -5;
}

static void negative_id_is_not_believed(void **state)
{
	struct jailhouse_cell *cell;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, answer_negative_id, 0);
	assert_int_equal(jailhouse_cell_get_by_id(*state, 0, &cell, NULL), JAILHOUSE_ERR_PROTOCOL);
}

static void answer_invented_state(void *arg)
{
	struct jailhouse_ioc_cell_info *info = arg;

	fill(info, 0, "");
	info->state = 5;
	/* Not terminated. */
	memset(info->cell_id.name, 'n', sizeof(info->cell_id.name));
}

static void invented_state_and_endless_name_are_tamed(void **state)
{
	struct jailhouse_cell *cell;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, answer_invented_state, 0);
	assert_int_equal(jailhouse_cell_get_by_id(*state, 0, &cell, NULL), 0);
	assert_int_equal(jailhouse_cell_get_state(cell), JAILHOUSE_CELL_STATE_INVALID);
	assert_int_equal(strlen(jailhouse_cell_get_name(cell)), 31);
	jailhouse_cell_free(cell);
}

/* ---- lists ---- */

static void next_0(void *arg)
{
	struct jailhouse_ioc_next_cell *next = arg;

	assert_int_equal(next->size, sizeof(*next));
	assert_int_equal(next->cell, 0);
}

static void next_3(void *arg)
{
	struct jailhouse_ioc_next_cell *next = arg;

	assert_int_equal(next->cell, 1);
	next->cell = 3;
}

static void next_ends(void *arg)
{
	assert_int_equal(((struct jailhouse_ioc_next_cell *)arg)->cell, 4);
}

static void answer_root(void *arg)
{
	struct jailhouse_ioc_cell_info *info = arg;

	assert_int_equal(info->cell_id.id, 0);
	fill(info, 0, "root");
}

static void expect_two_ids(void)
{
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_NEXT_CELL, next_0, 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_NEXT_CELL, next_3, 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_NEXT_CELL, next_ends, -ENOENT);
}

static void list_has_all_cells_in_order(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_cells *cells;

	expect_two_ids();
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, answer_root, 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, answer_cell_3, 0);
	assert_int_equal(jailhouse_cells_get(*state, &cells, &error), 0);
	/* The end of the list is no error. */
	assert_int_equal(error.code, 0);
	assert_int_equal(jailhouse_cells_get_count(cells), 2);
	assert_string_equal(jailhouse_cell_get_name(jailhouse_cells_get_cell(cells, 0)), "root");
	assert_string_equal(jailhouse_cell_get_name(jailhouse_cells_get_cell(cells, 1)), "three");
	assert_null(jailhouse_cells_get_cell(cells, 2));
	jailhouse_cells_free(cells);
}

static void vanished_cell_is_left_out(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_cells *cells;

	expect_two_ids();
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, answer_root, 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, refuse_unknown, -ENOENT);
	assert_int_equal(jailhouse_cells_get(*state, &cells, &error), 0);
	assert_int_equal(error.code, 0);
	assert_int_equal(jailhouse_cells_get_count(cells), 1);
	jailhouse_cells_free(cells);
}

static void refuse_not_enabled(void *arg)
{
	struct jailhouse_ioc_next_cell *next = arg;

	next->reason.code = JAILHOUSE_REASON_NOT_ENABLED;
}

static void list_is_empty_when_not_enabled(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_cells *cells;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_NEXT_CELL, refuse_not_enabled, -EINVAL);
	assert_int_equal(jailhouse_cells_get(*state, &cells, &error), 0);
	assert_int_equal(error.code, 0);
	assert_int_equal(jailhouse_cells_get_count(cells), 0);
	assert_null(jailhouse_cells_get_cell(cells, 0));
	jailhouse_cells_free(cells);
}

static void failure_in_the_middle_frees_all(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_cells *cells;

	expect_two_ids();
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, answer_root, 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_INFO, NULL, -EINTR);
	assert_int_equal(jailhouse_cells_get(*state, &cells, &error), JAILHOUSE_ERR_INTERRUPTED);
	assert_text(error, "cell info: interrupted by a signal");
}

static void failing_enumeration_is_reported(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_cells *cells;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_NEXT_CELL, next_0, 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_NEXT_CELL, NULL, -EINTR);
	assert_int_equal(jailhouse_cells_get(*state, &cells, &error), JAILHOUSE_ERR_INTERRUPTED);
	assert_text(error, "list of cells: interrupted by a signal");
}

static void next_backwards(void *arg)
{
	((struct jailhouse_ioc_next_cell *)arg)->cell = 0;
}

static void list_that_turns_back_is_not_believed(void **state)
{
	struct jailhouse_cells *cells;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_NEXT_CELL, next_0, 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_NEXT_CELL, next_backwards, 0);
	assert_int_equal(jailhouse_cells_get(*state, &cells, NULL), JAILHOUSE_ERR_PROTOCOL);
}

static void states_have_the_names_of_sysfs(void **state)
{
	(void)state;
	assert_string_equal(jailhouse_state_get_name(JAILHOUSE_CELL_RUNNING), "running");
	assert_string_equal(jailhouse_state_get_name(JAILHOUSE_CELL_RUNNING_LOCKED),
			    "running/locked");
	assert_string_equal(jailhouse_state_get_name(JAILHOUSE_CELL_SHUT_DOWN), "shut down");
	assert_string_equal(jailhouse_state_get_name(JAILHOUSE_CELL_FAILED), "failed");
	assert_string_equal(jailhouse_state_get_name(JAILHOUSE_CELL_FAILED_COMM_REV),
			    "Comm ABI mismatch");
	assert_string_equal(jailhouse_state_get_name(5), "invalid");
	assert_string_equal(jailhouse_state_get_name(-1), "invalid");
}

static void getters_take_null(void **state)
{
	uint64_t mask = 5;

	(void)state;
	jailhouse_cell_free(NULL);
	jailhouse_cells_free(NULL);
	assert_int_equal(jailhouse_cells_get_count(NULL), 0);
	assert_null(jailhouse_cells_get_cell(NULL, 0));
	assert_int_equal(jailhouse_cell_get_id(NULL), 0);
	assert_string_equal(jailhouse_cell_get_name(NULL), "");
	assert_int_equal(jailhouse_cell_get_state(NULL), JAILHOUSE_CELL_STATE_INVALID);
	assert_int_equal(jailhouse_cell_get_flags(NULL), 0);
	assert_int_equal(jailhouse_cell_get_isolation(NULL), JAILHOUSE_ISOLATION_UNKNOWN);
	assert_int_equal(jailhouse_cell_get_cpus(NULL, &mask, 1), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, device_setup, device_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(cell_is_found_by_id),
		TEST(cell_is_found_by_the_longest_name),
		TEST(longer_name_is_not_found),
		TEST(unknown_cell_is_not_found),
		TEST(large_cpu_set_is_asked_for_again),
		TEST(absurd_cpu_set_is_not_believed),
		TEST(negative_id_is_not_believed),
		TEST(invented_state_and_endless_name_are_tamed),
		TEST(list_has_all_cells_in_order),
		TEST(vanished_cell_is_left_out),
		TEST(list_is_empty_when_not_enabled),
		TEST(failure_in_the_middle_frees_all),
		TEST(failing_enumeration_is_reported),
		TEST(list_that_turns_back_is_not_believed),
		TEST(states_have_the_names_of_sysfs),
		TEST(getters_take_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
