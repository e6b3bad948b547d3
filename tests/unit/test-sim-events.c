/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The events of simulated machines: of one in this process, or with the path of the server as
 * argument of one there.
 */
#include <fcntl.h>
#include <poll.h>

#include "sim-server-start.h"

#define SYSTEM "x86/qemu-q35"
#define APIC   "x86/qemu-q35-apic-demo"
#define TINY   "x86/qemu-q35-tiny-demo"

static const char *uri = "sim:";
static struct jailhouse *jh;

static int setup(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	sim_ok(jailhouse_open(uri, &jh, &error));
	return 0;
}

static int setup_enabled(void **state)
{
	setup(state);
	sim_enable_board(jh, SYSTEM, 0);
	return 0;
}

/* A server lives as long as it has something to do. */
static int teardown(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	if (jailhouse_is_enabled(jh, &error) == 1)
		sim_ok(jailhouse_disable(jh, &error));
	jailhouse_close(jh);
	return 0;
}

/* Waits for the next event, which must be this one. */
static struct jailhouse_event next_event(struct jailhouse_monitor *monitor, uint32_t type,
					 uint32_t id, int cell_state)
{
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	int ret;

	while ((ret = jailhouse_monitor_read(monitor, &event, &error)) == 0)
		assert_int_equal(jailhouse_monitor_wait(monitor, 10000, &error), 1);
	sim_ok(ret);
	assert_string_equal(jailhouse_event_get_type_name(event.type),
			    jailhouse_event_get_type_name(type));
	assert_int_equal(event.cell, id);
	assert_int_equal(event.state, cell_state);
	return event;
}

static void expect_no_event(struct jailhouse_monitor *monitor)
{
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	assert_int_equal(jailhouse_monitor_read(monitor, &event, &error), 0);
	assert_int_equal(jailhouse_monitor_wait(monitor, 0, &error), 0);
}

static void events_tell_a_whole_life(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_monitor *monitor;
	struct jailhouse_event event;
	uint64_t seq;
	uint32_t id;

	(void)state;
	sim_ok(jailhouse_monitor_open(jh, &monitor, &error));
	expect_no_event(monitor);
	sim_enable_board(jh, SYSTEM, 0);
	event = next_event(monitor, JAILHOUSE_EVENT_ENABLED, 0, JAILHOUSE_CELL_RUNNING);
	assert_true(event.time_ns > 0);
	seq = event.seq;
	id = sim_run(jh, APIC, "crash");
	event = next_event(monitor, JAILHOUSE_EVENT_CREATED, id, JAILHOUSE_CELL_SHUT_DOWN);
	assert_string_equal(event.name, "apic-demo");
	next_event(monitor, JAILHOUSE_EVENT_LOADED, id, JAILHOUSE_CELL_SHUT_DOWN);
	next_event(monitor, JAILHOUSE_EVENT_STARTED, id, JAILHOUSE_CELL_RUNNING);
	event = next_event(monitor, JAILHOUSE_EVENT_FAILED, id, JAILHOUSE_CELL_FAILED);
	assert_int_equal(event.cpu, 3);
	assert_int_not_equal(event.reason, 0);
	assert_non_null(strstr(event.text, "0x"));
	sim_ok(jailhouse_cell_shutdown(jh, id, &error));
	next_event(monitor, JAILHOUSE_EVENT_STATE, id, JAILHOUSE_CELL_SHUT_DOWN);
	sim_ok(jailhouse_cell_destroy(jh, id, &error));
	next_event(monitor, JAILHOUSE_EVENT_DESTROYED, id, JAILHOUSE_CELL_SHUT_DOWN);
	sim_ok(jailhouse_disable(jh, &error));
	event = next_event(monitor, JAILHOUSE_EVENT_DISABLED, 0, 0);
	assert_int_equal(event.seq, seq + 7);
	assert_string_equal(event.name, "");
	/* A refusal changes nothing. */
	assert_int_not_equal(jailhouse_disable(jh, &error), 0);
	expect_no_event(monitor);
	jailhouse_monitor_close(monitor);
}

/* A failure that nobody has seen is told before what is done about it. */
static void unseen_failure_comes_before_the_restart(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_monitor *monitor;
	uint32_t id = sim_run(jh, TINY, "fail 0");

	(void)state;
	sim_wait_state(jh, id, JAILHOUSE_CELL_FAILED);
	sim_ok(jailhouse_cell_shutdown(jh, id, &error));
	sim_ok(jailhouse_monitor_open(jh, &monitor, &error));
	sim_ok(jailhouse_cell_start(jh, id, &error));
	sim_wait_state(jh, id, JAILHOUSE_CELL_FAILED);
	sim_ok(jailhouse_cell_start(jh, id, &error));
	next_event(monitor, JAILHOUSE_EVENT_STARTED, id, JAILHOUSE_CELL_RUNNING);
	next_event(monitor, JAILHOUSE_EVENT_FAILED, id, JAILHOUSE_CELL_FAILED);
	next_event(monitor, JAILHOUSE_EVENT_STARTED, id, JAILHOUSE_CELL_RUNNING);
	jailhouse_monitor_close(monitor);
}

/* Without a monitor: nobody has the machine looked at its cells. */
static void wait_until_failed(uint32_t id)
{
	unsigned int n;

	for (n = 0; n < 10000 && sim_state(jh, id) != JAILHOUSE_CELL_FAILED; n++)
		usleep(1000);
	assert_int_equal(sim_state(jh, id), JAILHOUSE_CELL_FAILED);
}

static uint64_t seq_of_shutdown(uint32_t id)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_monitor *monitor;
	uint64_t seq;

	sim_ok(jailhouse_monitor_open(jh, &monitor, &error));
	sim_ok(jailhouse_cell_shutdown(jh, id, &error));
	seq = next_event(monitor, JAILHOUSE_EVENT_STATE, id, JAILHOUSE_CELL_SHUT_DOWN).seq;
	jailhouse_monitor_close(monitor);
	return seq;
}

/* Each failure is an event, also one that was over before anybody could look. */
static void unseen_failures_are_counted(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t idle = sim_run(jh, APIC, "idle"), id;
	uint64_t seq = seq_of_shutdown(idle);
	unsigned int n;

	(void)state;
	id = sim_run(jh, TINY, "fail 0"); /* created, loaded, started */
	for (n = 0; n < 3; n++) {
		wait_until_failed(id);
		sim_ok(jailhouse_cell_start(jh, id, &error)); /* failed, started */
	}
	wait_until_failed(id);
	sim_ok(jailhouse_cell_destroy(jh, id, &error)); /* failed, destroyed */
	assert_int_equal(seq_of_shutdown(idle), seq + 3 + 3 * 2 + 2 + 1);
}

static void late_reader_is_told_how_much_is_lost(void **state)
{
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_monitor *late, *quick;
	uint32_t id = sim_run(jh, APIC, "idle");
	unsigned int n;
	uint64_t seq;

	(void)state;
	sim_ok(jailhouse_monitor_open(jh, &late, &error));
	sim_ok(jailhouse_monitor_open(jh, &quick, &error));
	sim_ok(jailhouse_get_event_fd(jh, &error));
	for (n = 0; n < 300; n++) {
		sim_ok(jailhouse_cell_shutdown(jh, id, &error));
		next_event(quick, JAILHOUSE_EVENT_STATE, id, JAILHOUSE_CELL_SHUT_DOWN);
	}
	expect_no_event(quick);
	sim_ok(jailhouse_monitor_read(late, &event, &error));
	assert_int_equal(event.type, JAILHOUSE_EVENT_LOST);
	assert_int_equal(event.lost, 300 - 256);
	assert_string_equal(event.name, "");
	seq = event.seq + event.lost;
	for (n = 0; n < 256; n++)
		assert_int_equal(
			next_event(late, JAILHOUSE_EVENT_STATE, id, JAILHOUSE_CELL_SHUT_DOWN).seq,
			seq + n);
	expect_no_event(late);
	/* Whoever acknowledges has not lost anything. */
	assert_int_equal(jailhouse_read_event(jh, &event, &error), 1);
	assert_int_equal(event.type, JAILHOUSE_EVENT_LOST);
	sim_ok(jailhouse_cell_destroy(jh, id, &error));
	sim_ok(jailhouse_monitor_acknowledge(quick, NULL, &error));
	expect_no_event(quick);
	jailhouse_monitor_close(late);
	jailhouse_monitor_close(quick);
}

/* The reason of a load that failed goes with the state that it has left. */
static void failed_load_gives_its_reason(void **state)
{
	static const struct jailhouse_image image = {0xdead0000, "x", 1};
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_monitor *monitor;
	struct jailhouse_event event;
	uint32_t id = sim_run(jh, APIC, "idle");

	(void)state;
	sim_ok(jailhouse_monitor_open(jh, &monitor, &error));
	assert_int_not_equal(jailhouse_cell_load(jh, id, &image, 1, &error), 0);
	event = next_event(monitor, JAILHOUSE_EVENT_STATE, id, JAILHOUSE_CELL_SHUT_DOWN);
	assert_int_equal(event.reason, error.reason);
	assert_string_equal(event.text, error.text);
	jailhouse_monitor_close(monitor);
}

/* A request that is refused, as another cell has locked the system, leaves the cell watched. */
static void refused_request_hides_no_failure(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_monitor *monitor;
	uint32_t fails = sim_run(jh, APIC, "fail 2000"), locks;

	(void)state;
	sim_ok(jailhouse_monitor_open(jh, &monitor, &error));
	locks = sim_run(jh, TINY, "locked");
	sim_wait_state(jh, locks, JAILHOUSE_CELL_RUNNING_LOCKED);
	assert_int_equal(jailhouse_cell_destroy(jh, fails, &error), JAILHOUSE_ERR_DENIED);
	next_event(monitor, JAILHOUSE_EVENT_CREATED, locks, JAILHOUSE_CELL_SHUT_DOWN);
	next_event(monitor, JAILHOUSE_EVENT_LOADED, locks, JAILHOUSE_CELL_SHUT_DOWN);
	next_event(monitor, JAILHOUSE_EVENT_STARTED, locks, JAILHOUSE_CELL_RUNNING);
	next_event(monitor, JAILHOUSE_EVENT_STATE, locks, JAILHOUSE_CELL_RUNNING_LOCKED);
	next_event(monitor, JAILHOUSE_EVENT_FAILED, fails, JAILHOUSE_CELL_FAILED);
	sim_ok(jailhouse_cell_shutdown(jh, locks, &error));
	jailhouse_monitor_close(monitor);
}

/* poll() says so as long as there is something to read, and only then. */
static void descriptor_is_readable_while_events_are_there(void **state)
{
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct pollfd pfd = {.events = POLLIN};
	uint32_t id = sim_run(jh, APIC, "idle");

	(void)state;
	pfd.fd = jailhouse_get_event_fd(jh, &error);
	assert_true(pfd.fd >= 0);
	assert_int_equal(jailhouse_get_event_fd(jh, &error), pfd.fd);
	while (jailhouse_read_event(jh, &event, &error) == 1)
		;
	assert_int_equal(poll(&pfd, 1, 0), 0);
	sim_ok(jailhouse_cell_shutdown(jh, id, &error));
	sim_ok(jailhouse_cell_start(jh, id, &error));
	assert_int_equal(poll(&pfd, 1, 10000), 1);
	assert_int_equal(pfd.revents, POLLIN);
	assert_int_equal(jailhouse_read_event(jh, &event, &error), 1);
	assert_int_equal(event.type, JAILHOUSE_EVENT_STATE);
	assert_int_equal(poll(&pfd, 1, 0), 1);
	assert_int_equal(jailhouse_read_event(jh, &event, &error), 1);
	assert_int_equal(event.type, JAILHOUSE_EVENT_STARTED);
	assert_int_equal(jailhouse_read_event(jh, &event, &error), 0);
	assert_int_equal(poll(&pfd, 1, 0), 0);
}

int main(int argc, char **argv)
{
#define TEST(name)    cmocka_unit_test_setup_teardown(name, setup, teardown)
#define ENABLED(name) cmocka_unit_test_setup_teardown(name, setup_enabled, teardown)
	const struct CMUnitTest tests[] = {
		TEST(events_tell_a_whole_life),
		ENABLED(unseen_failure_comes_before_the_restart),
		ENABLED(unseen_failures_are_counted),
		ENABLED(late_reader_is_told_how_much_is_lost),
		ENABLED(failed_load_gives_its_reason),
		ENABLED(refused_request_hides_no_failure),
		ENABLED(descriptor_is_readable_while_events_are_there),
	};
	int failed;

	if (argc > 1 && !(uri = sim_start_server(argv[1])))
		return EXIT_FAILURE;
	failed = cmocka_run_group_tests_name(uri, tests, NULL, NULL);
	sim_remove_directory(uri);
	return failed;
}
