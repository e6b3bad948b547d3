/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The process runs out of memory at each allocation in turn, in a run through all functions: the
 * function says so, results stay untouched, nothing leaks, and the same run works afterwards.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "config-blob.h"
#include "failing-alloc.h"
#include "fake-driver.h"
#include "unit.h"

/* ---- the run ---- */

#define SYSFS "?sysfs=" FIXTURES "/sysfs-running"

static struct system_blob system_config;
static struct cell_blob cell_config;

/* Returns false if it failed, which must be for want of memory and leave `result` alone. */
static bool went_well(int ret, const void *result, const struct jailhouse_error *error)
{
	if (ret >= 0)
		return true;
	assert_int_equal(ret, JAILHOUSE_ERR_NO_MEMORY);
	assert_text(*error, "out of memory");
	assert_ptr_equal(result, error);
	return false;
}

static bool look_at_cells(struct jailhouse *jh, struct jailhouse_error *error)
{
	struct jailhouse_cells *cells = (void *)error;
	struct jailhouse_cell *cell = (void *)error;
	struct jailhouse_stats *stats = (void *)error;

	if (!went_well(jailhouse_cells_get(jh, &cells, error), cells, error))
		return false;
	jailhouse_cells_free(cells);
	if (!went_well(jailhouse_cell_get_by_id(jh, 0, &cell, error), cell, error))
		return false;
	jailhouse_cell_free(cell);
	cell = (void *)error;
	if (!went_well(jailhouse_cell_get_by_name(jh, "tiny", &cell, error), cell, error))
		return false;
	jailhouse_cell_free(cell);
	if (!went_well(jailhouse_stats_get(jh, 0, &stats, error), stats, error))
		return false;
	jailhouse_stats_free(stats);
	return true;
}

static bool look_at_the_rest(struct jailhouse *jh, struct jailhouse_error *error)
{
	struct jailhouse_failure *failure = (void *)error;
	struct jailhouse_access_list *list = (void *)error;
	struct jailhouse_console_reader *reader = (void *)error;
	struct jailhouse_monitor *monitor = (void *)error;

	if (!went_well(jailhouse_failure_get(jh, 3, &failure, error), failure, error))
		return false;
	jailhouse_failure_free(failure);
	if (!went_well(jailhouse_access_list_get(jh, &list, error), list, error))
		return false;
	jailhouse_access_list_free(list);
	if (!went_well(jailhouse_console_open(jh, 0, &reader, error), reader, error))
		return false;
	jailhouse_console_close(reader);
	if (!went_well(jailhouse_monitor_open(jh, &monitor, error), monitor, error))
		return false;
	jailhouse_monitor_close(monitor);
	return true;
}

static const struct jailhouse_image image = {0, "code", 4};

static bool run_device(void)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse *jh = (void *)&error;
	struct jailhouse_cpu_record record = {.kind = JAILHOUSE_RECORD_VIOLATION};
	uint32_t id;
	bool ok;

	fake_reset();
	if (!went_well(jailhouse_open("device:/n", &jh, &error), jh, &error))
		return false;
	/* None of these needs memory at all. */
	assert_int_equal(jailhouse_enable(jh, &system_config, sizeof(system_config), 0, NULL), 0);
	assert_int_equal(
		jailhouse_cell_create(jh, &cell_config, sizeof(cell_config), &id, NULL), 0);
	assert_int_equal(jailhouse_cell_load(jh, id, &image, 1, NULL), 0);
	assert_int_equal(jailhouse_cell_start(jh, id, NULL), 0);
	fake_fail_cpu(3, &record);
	ok = look_at_cells(jh, &error) && look_at_the_rest(jh, &error);
	assert_int_equal(jailhouse_cell_shutdown(jh, id, NULL), 0);
	assert_int_equal(jailhouse_cell_destroy(jh, id, NULL), 0);
	assert_int_equal(jailhouse_disable(jh, NULL), 0);
	jailhouse_close(jh);
	return ok;
}

/* An old driver: management fails for other reasons, so only what allocates. */
static bool run_legacy(void)
{
	struct jailhouse_system_info info = JAILHOUSE_SYSTEM_INFO_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse *jh = (void *)&error;
	bool ok;
	int ret;

	fake_reset();
	fake_set_legacy(true);
	if (!went_well(jailhouse_open("device:" SYSFS, &jh, &error), jh, &error))
		return false;
	ok = look_at_cells(jh, &error) &&
	     went_well(jailhouse_get_system_info(jh, &info, &error), &error, &error);
	if (ok) {
		ret = jailhouse_cell_load(jh, 2, &image, 1, &error);
		assert_true(ret == JAILHOUSE_ERR_NO_MEMORY || ret == JAILHOUSE_ERR_REFUSED);
		ok = ret != JAILHOUSE_ERR_NO_MEMORY;
	}
	jailhouse_close(jh);
	return ok;
}

static void exhaust(bool (*run)(void), long at_least)
{
	long before = alloc_live();
	long total, n;

	system_config = make_system_blob();
	cell_config = make_cell_blob();
	strcpy(cell_config.cell.name, "tiny");

	alloc_fail_at(0);
	assert_true(run());
	total = alloc_count();
	assert_int_equal(alloc_live(), before);
	/* The linker's trick works. */
	assert_true(total >= at_least);
	for (n = 1; n <= total; n++) {
		alloc_fail_at(n);
		assert_false(run());
		assert_int_equal(alloc_live(), before);
		assert_int_equal(fake_open_files(), 0);
	}
}

static void our_driver_without_memory(void **state)
{
	(void)state;
	exhaust(run_device, 20);
}

static void old_driver_without_memory(void **state)
{
	(void)state;
	exhaust(run_legacy, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_driver_without_memory),
		cmocka_unit_test(old_driver_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
