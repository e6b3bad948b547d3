/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The life of cells, as often as it takes to see a leak. Rows of the threat model: T5, T30, T31. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "handle.h"

#define CYCLES 50

static int enable(void **state)
{
	(void)state;
	guest_enable(jh, GUEST_SYSTEM);
	return 0;
}

static int disable(void **state)
{
	(void)state;
	return guest_disable_at_end(jh);
}

/* T5: each cycle gives back every page, CPU and byte. */
static void many_cycles_leave_nothing_behind(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t used = guest_pool_used(jh);
	uint32_t id;
	int n;

	(void)state;
	for (n = 0; n < CYCLES; n++) {
		id = guest_cell_make_from(jh, &guest_machine()->tiny);
		guest_ok(jailhouse_cell_start(jh, id, &error), &error);
		assert_int_equal(guest_cell_state(jh, id), JAILHOUSE_CELL_RUNNING);
		guest_ok(jailhouse_cell_shutdown(jh, id, &error), &error);
		guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
		assert_int_equal(guest_pool_used(jh), used);
		assert_string_equal(guest_online_cpus(), guest_machine()->cpus);
	}
}

/* T30: the cell denies its first shutdown and nothing changes; the second one it grants. */
static void cell_may_refuse_its_shutdown(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t id = guest_cell_make_from(jh, &guest_machine()->demo);

	(void)state;
	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	guest_cell_wait_state(jh, id, JAILHOUSE_CELL_RUNNING_LOCKED);
	assert_int_equal(jailhouse_cell_shutdown(jh, id, &error), JAILHOUSE_ERR_DENIED);
	assert_string_equal(jailhouse_reason_get_name(error.reason), "CELL_DENIED");
	assert_int_equal(error.item, JAILHOUSE_ITEM_CELL);
	assert_int_equal(error.index, id);
	assert_int_equal(guest_cell_state(jh, id), JAILHOUSE_CELL_RUNNING_LOCKED);
	guest_ok(jailhouse_cell_shutdown(jh, id, &error), &error);
	guest_cell_wait_state(jh, id, JAILHOUSE_CELL_SHUT_DOWN);
	guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
}

/* T30, T31: a locked cell vetoes a new one, and then everything is as before. */
static void locked_cell_vetoes_others(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct guest_file other = guest_config_read(guest_machine()->tiny.config);
	uint32_t id = guest_cell_make_from(jh, &guest_machine()->demo);
	char online[64];
	uint32_t used;

	(void)state;
	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	guest_cell_wait_state(jh, id, JAILHOUSE_CELL_RUNNING_LOCKED);
	used = guest_pool_used(jh);
	strncpy(online, guest_online_cpus(), sizeof(online) - 1);
	online[sizeof(online) - 1] = '\0';
	assert_int_equal(jailhouse_cell_create(jh, other.data, other.size, NULL, &error),
			 JAILHOUSE_ERR_DENIED);
	assert_string_equal(jailhouse_reason_get_name(error.reason), "CELL_LOCKED");
	assert_int_equal(guest_pool_used(jh), used);
	assert_string_equal(guest_online_cpus(), online);
	guest_file_free(&other);
	assert_int_equal(jailhouse_cell_destroy(jh, id, &error), JAILHOUSE_ERR_DENIED);
	guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
}

/* Two cells at once, neither disturbed by the other. */
static void two_cells_at_once(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t tiny = guest_cell_make_from(jh, &guest_machine()->tiny);
	uint32_t demo = guest_cell_make_from(jh, &guest_machine()->demo);

	(void)state;
	guest_ok(jailhouse_cell_start(jh, tiny, &error), &error);
	guest_ok(jailhouse_cell_start(jh, demo, &error), &error);
	guest_cell_wait_state(jh, demo, JAILHOUSE_CELL_RUNNING_LOCKED);
	assert_int_equal(guest_cell_state(jh, tiny), JAILHOUSE_CELL_RUNNING);
	assert_int_equal(jailhouse_cell_destroy(jh, demo, &error), JAILHOUSE_ERR_DENIED);
	guest_ok(jailhouse_cell_destroy(jh, demo, &error), &error);
	assert_int_equal(guest_cell_state(jh, tiny), JAILHOUSE_CELL_RUNNING);
	guest_ok(jailhouse_cell_destroy(jh, tiny, &error), &error);
	assert_string_equal(guest_online_cpus(), guest_machine()->cpus);
}

/* Without load in between: the memory of the cell is kept. */
static void restart_without_load(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t id = guest_cell_make_from(jh, &guest_machine()->tiny);

	(void)state;
	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	guest_ok(jailhouse_cell_shutdown(jh, id, &error), &error);
	assert_int_equal(guest_cell_state(jh, id), JAILHOUSE_CELL_SHUT_DOWN);
	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	assert_int_equal(guest_cell_state(jh, id), JAILHOUSE_CELL_RUNNING);
	guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
}

static void module_stays_while_enabled(void **state)
{
	(void)state;
	/* What the kernel says of a module that is referenced, when asked not to wait. */
	assert_int_equal(guest_rmmod(), -EWOULDBLOCK);
	assert_int_equal(jailhouse_is_enabled(jh, NULL), 1);
}

static void second_enable_is_refused(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct guest_file config = guest_config_read(GUEST_SYSTEM);

	(void)state;
	assert_int_equal(jailhouse_enable(jh, config.data, config.size, 0, &error),
			 JAILHOUSE_ERR_ENABLED);
	guest_file_free(&config);
	assert_int_equal(jailhouse_is_enabled(jh, NULL), 1);
}

static void enable_and_disable_again_and_again(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	int n;

	(void)state;
	for (n = 0; n < 10; n++) {
		guest_enable(jh, GUEST_SYSTEM);
		assert_int_equal(jailhouse_is_enabled(jh, NULL), 1);
		guest_ok(jailhouse_disable(jh, &error), &error);
		assert_int_equal(jailhouse_is_enabled(jh, NULL), 0);
	}
	assert_int_equal(jailhouse_disable(jh, &error), JAILHOUSE_ERR_NOT_ENABLED);
}

static void disable_takes_running_cells_down(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t id;

	(void)state;
	guest_enable(jh, GUEST_SYSTEM);
	id = guest_cell_make_from(jh, &guest_machine()->tiny);
	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	guest_ok(jailhouse_disable(jh, &error), &error);
	assert_string_equal(guest_online_cpus(), guest_machine()->cpus);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(enable_and_disable_again_and_again),
		cmocka_unit_test(disable_takes_running_cells_down),
		cmocka_unit_test_setup_teardown(many_cycles_leave_nothing_behind, enable, disable),
		cmocka_unit_test_setup_teardown(cell_may_refuse_its_shutdown, enable, disable),
		cmocka_unit_test_setup_teardown(locked_cell_vetoes_others, enable, disable),
		cmocka_unit_test_setup_teardown(two_cells_at_once, enable, disable),
		cmocka_unit_test_setup_teardown(restart_without_load, enable, disable),
		cmocka_unit_test_setup_teardown(second_enable_is_refused, enable, disable),
		/* The last one, left out where there is none */
		cmocka_unit_test_setup_teardown(module_stays_while_enabled, enable, disable),
	};

	return _cmocka_run_group_tests("lifecycle", tests,
				       sizeof(tests) / sizeof(tests[0]) - !guest_has_module(),
				       handle_setup, handle_teardown);
}
