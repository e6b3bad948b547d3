/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * ARMv7: Linux gives its Hyp stub up for good when a CPU comes up under the hypervisor, and one that it switches off
 * and on afterwards has none, so that a call would go anywhere. The driver has to remember which, and refuse to enter
 * through it. Those that stayed on have their stub back at disable.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <jailhouse/reason-text.h>
#include "driver-util.h"

#define LOST	    1 /* CPU that has no stub in the end */
#define CELL_ROUNDS 2

static struct jailhouse *jh;

static int setup(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	if (driver_setup(state))
		return -1;
	guest_ok(jailhouse_open("device:", &jh, &error), &error);
	return 0;
}

/* The module stays, as it said in the log when the first CPU came back. */
static int teardown(void **state)
{
	(void)state;
	jailhouse_close(jh);
	close(node);
	return guest_rmmod_at_end();
}

static void verdict_is(const char *name)
{
	struct jailhouse_ioc_hardware q = {.cpu = JAILHOUSE_IOC_MACHINE};

	assert_int_equal(call_sized(JAILHOUSE_IOC_HARDWARE, &q), 0);
	assert_string_equal(jailhouse_reason_name(q.verdict.code), name);
}

static void off_and_on(unsigned int cpu)
{
	cpu_online(cpu, 0);
	cpu_online(cpu, 1);
	assert_string_equal(guest_online_cpus(), guest_machine()->cpus);
}

/* As long as nothing was given up, a CPU that comes back has a stub. */
static void hotplug_before(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	off_and_on(LOST);
	verdict_is("NONE");
	guest_enable(jh, GUEST_SYSTEM);
	guest_ok(jailhouse_disable(jh, &error), &error);
	off_and_on(LOST);
	verdict_is("NONE");
}

/* The CPU of a cell comes back under the hypervisor, so all stubs are restored by it, the new CPU's, too. */
static void cells_leave_the_stubs(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t id;
	int n;

	(void)state;
	for (n = 0; n < CELL_ROUNDS; n++) {
		guest_enable(jh, GUEST_SYSTEM);
		id = guest_cell_make_from(jh, &guest_machine()->tiny);
		guest_ok(jailhouse_cell_start(jh, id, &error), &error);
		guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
		assert_string_equal(guest_online_cpus(), guest_machine()->cpus);
		guest_ok(jailhouse_disable(jh, &error), &error);
		verdict_is("NONE");
	}
}

/* Not entered: on a CPU without stub that would be the end of the machine. */
static void refused_without_stub(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct guest_file config = guest_config_read(GUEST_SYSTEM);

	(void)state;
	off_and_on(LOST);
	verdict_is("HYP_STUB_LOST");
	assert_int_equal(jailhouse_enable(jh, config.data, config.size, 0, &error), JAILHOUSE_ERR_MACHINE);
	assert_string_equal(jailhouse_reason_get_name(error.reason), "HYP_STUB_LOST");
	assert_int_equal(error.index, LOST);
	assert_string_equal(guest_online_cpus(), guest_machine()->cpus);
	/* It does not come back by a further round. */
	off_and_on(LOST);
	assert_int_equal(jailhouse_enable(jh, config.data, config.size, 0, &error), JAILHOUSE_ERR_MACHINE);
	guest_file_free(&config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hotplug_before),
		cmocka_unit_test(cells_leave_the_stubs),
		cmocka_unit_test(refused_without_stub),
		cmocka_unit_test(kernel_does_not_complain),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
