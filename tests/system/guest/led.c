/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A cell that lets a light blink, by registers that share their page with others of Linux. Linux does not see what it
 * does with them but in the number of exits; that the writes come to the device, and which, is for the host to see.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "handle.h"

#define BLINK_SECONDS 4
#define MIN_CHANGES   8 /* of 16, as the emulator may be slow */

static long exits(uint32_t id)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/devices/jailhouse/cells/%u/statistics/vmexits_mmio", id);
	return atol(guest_first_line(path));
}

static void light_blinks(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t id;
	long before;

	(void)state;
	guest_enable(jh, GUEST_SYSTEM);
	id = guest_cell_make_from(jh, &guest_machine()->light);
	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	sleep(1);
	before = exits(id);
	sleep(BLINK_SECONDS);
	assert_in_range(exits(id) - before, MIN_CHANGES, 1000000);
	assert_int_equal(guest_cell_state(jh, id), JAILHOUSE_CELL_RUNNING);
	guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
	assert_string_equal(guest_online_cpus(), guest_machine()->cpus);
	guest_ok(jailhouse_disable(jh, &error), &error);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(light_blinks),
	};

	return cmocka_run_group_tests(tests, handle_setup, handle_teardown);
}
