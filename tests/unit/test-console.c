/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reading of the console, and being told about changes. */
#include <poll.h>
#include <string.h>

#include "open-mock.h"

#define CONSOLE_FD 20
#define MONITOR_FD 30

struct fixture {
	struct jailhouse *jh;
	struct jailhouse_console_reader *reader;
	struct jailhouse_monitor *monitor;
};

static struct fixture fixture;

static void check_mode(void *arg)
{
	struct jailhouse_ioc_mode *mode = arg;

	assert_int_equal(mode->size, sizeof(*mode));
	assert_int_equal(mode->mode, JAILHOUSE_MODE_EAGAIN);
}

static int setup_console(void **state)
{
	mock_setup(state);
	fixture.jh = open_device();
	mock_open("/dev/jailhouse", O_RDONLY | O_NONBLOCK, CONSOLE_FD);
	mock_ioctl(CONSOLE_FD, JAILHOUSE_IOC_SET_MODE, check_mode, 0);
	assert_int_equal(jailhouse_console_open(fixture.jh, 0, &fixture.reader, NULL), 0);
	*state = &fixture;
	return 0;
}

static int teardown_console(void **state)
{
	/* The reader outlives the connection. */
	close_device(fixture.jh);
	mock_close(CONSOLE_FD);
	jailhouse_console_close(fixture.reader);
	return mock_teardown(state);
}

static void text_is_handed_out(void **state)
{
	struct fixture *f = *state;
	char buffer[16];

	assert_int_equal(jailhouse_console_get_fd(f->reader), CONSOLE_FD);
	mock_read(CONSOLE_FD, "Hello", 0);
	assert_int_equal(jailhouse_console_read(f->reader, buffer, sizeof(buffer), NULL), 5);
	assert_memory_equal(buffer, "Hello", 5);
}

static void nothing_new_gives_0(void **state)
{
	struct fixture *f = *state;
	char buffer[16];

	mock_read(CONSOLE_FD, NULL, -EAGAIN);
	mock_poll(CONSOLE_FD, POLLIN, 0, 0, 0);
	assert_int_equal(jailhouse_console_read(f->reader, buffer, sizeof(buffer), NULL), 0);
}

static void hangup_means_not_enabled(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct fixture *f = *state;
	char buffer[16];

	mock_read(CONSOLE_FD, NULL, -EAGAIN);
	mock_poll(CONSOLE_FD, POLLIN, 0, POLLHUP, 1);
	assert_int_equal(jailhouse_console_read(f->reader, buffer, sizeof(buffer), &error),
			 JAILHOUSE_ERR_NOT_ENABLED);
	assert_text(error, "the hypervisor is not enabled");
}

static void text_that_came_meanwhile_is_not_an_error(void **state)
{
	struct fixture *f = *state;
	char buffer[16];

	mock_read(CONSOLE_FD, NULL, -EAGAIN);
	mock_poll(CONSOLE_FD, POLLIN, 0, POLLIN, 1);
	assert_int_equal(jailhouse_console_read(f->reader, buffer, sizeof(buffer), NULL), 0);
}

static void poll_that_fails_is_reported(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct fixture *f = *state;
	char buffer[16];

	mock_read(CONSOLE_FD, NULL, -EAGAIN);
	mock_poll(CONSOLE_FD, POLLIN, 0, 0, -ENOMEM);
	assert_int_equal(jailhouse_console_read(f->reader, buffer, sizeof(buffer), &error),
			 JAILHOUSE_ERR_IO);
	assert_text(error, "polling the console: Cannot allocate memory");
}

static void missing_permission_tells_what_to_configure(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct fixture *f = *state;
	char buffer[16];

	mock_read(CONSOLE_FD, NULL, -EPERM);
	assert_int_equal(jailhouse_console_read(f->reader, buffer, sizeof(buffer), &error),
			 JAILHOUSE_ERR_REFUSED);
	assert_int_equal(error.sys_errno, EPERM);
	assert_text(error,
		    "the system configuration does not switch on the virtual debug console");
	mock_read(CONSOLE_FD, NULL, -EAGAIN);
	mock_poll(CONSOLE_FD, POLLIN, 0, POLLERR, 1);
	assert_int_equal(jailhouse_console_read(f->reader, buffer, sizeof(buffer), NULL),
			 JAILHOUSE_ERR_REFUSED);
}

static void signal_and_other_errors_are_told_apart(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct fixture *f = *state;
	char buffer[16];

	mock_read(CONSOLE_FD, NULL, -EINTR);
	assert_int_equal(jailhouse_console_read(f->reader, buffer, sizeof(buffer), &error),
			 JAILHOUSE_ERR_INTERRUPTED);
	mock_read(CONSOLE_FD, NULL, -EIO);
	assert_int_equal(jailhouse_console_read(f->reader, buffer, sizeof(buffer), &error),
			 JAILHOUSE_ERR_IO);
	assert_text(error, "reading the console: Input/output error");
}

static void empty_buffer_is_refused(void **state)
{
	struct fixture *f = *state;
	char c;

	assert_int_equal(jailhouse_console_read(f->reader, &c, 0, NULL), JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_console_read(f->reader, NULL, 1, NULL), JAILHOUSE_ERR_ARGUMENT);
}

static void follow_opens_without_nonblock(void **state)
{
	struct fixture *f = *state;
	struct jailhouse_console_reader *reader;

	mock_open("/dev/jailhouse", O_RDONLY, 21);
	mock_ioctl(21, JAILHOUSE_IOC_SET_MODE, check_mode, 0);
	assert_int_equal(
		jailhouse_console_open(f->jh, JAILHOUSE_CONSOLE_FOLLOW, &reader, NULL), 0);
	mock_close(21);
	jailhouse_console_close(reader);
}

static void failing_open_leaves_nothing(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_console_reader *reader = (void *)state;
	struct fixture *f = *state;

	mock_open("/dev/jailhouse", O_RDONLY | O_NONBLOCK, -EACCES);
	assert_int_equal(jailhouse_console_open(f->jh, 0, &reader, &error),
			 JAILHOUSE_ERR_PERMISSION);
	mock_open("/dev/jailhouse", O_RDONLY | O_NONBLOCK, -EMFILE);
	assert_int_equal(jailhouse_console_open(f->jh, 0, &reader, &error), JAILHOUSE_ERR_IO);
	mock_open("/dev/jailhouse", O_RDONLY | O_NONBLOCK, 21);
	mock_ioctl(21, JAILHOUSE_IOC_SET_MODE, NULL, -ENODEV);
	mock_close(21);
	assert_int_equal(jailhouse_console_open(f->jh, 0, &reader, &error), JAILHOUSE_ERR_IO);
	assert_text(error, "preparing the console: No such device");
	assert_ptr_equal(reader, state);
}

/* ---- monitor ---- */

static void check_events_mode(void *arg)
{
	struct jailhouse_ioc_mode *mode = arg;

	assert_int_equal(mode->size, sizeof(*mode));
	assert_int_equal(mode->mode, JAILHOUSE_MODE_EVENTS);
}

static int setup_monitor(void **state)
{
	mock_setup(state);
	fixture.jh = open_device();
	mock_open("/dev/jailhouse", O_RDONLY, MONITOR_FD);
	mock_ioctl(MONITOR_FD, JAILHOUSE_IOC_SET_MODE, check_events_mode, 0);
	assert_int_equal(jailhouse_monitor_open(fixture.jh, &fixture.monitor, NULL), 0);
	*state = &fixture;
	return 0;
}

static int teardown_monitor(void **state)
{
	close_device(fixture.jh);
	mock_close(MONITOR_FD);
	jailhouse_monitor_close(fixture.monitor);
	return mock_teardown(state);
}

static void monitor_can_be_polled(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(jailhouse_monitor_get_fd(f->monitor), MONITOR_FD);
	assert_int_equal(jailhouse_monitor_get_poll_events(f->monitor), POLLIN);
}

static void wait_tells_change_from_timeout(void **state)
{
	struct fixture *f = *state;

	mock_poll(MONITOR_FD, POLLIN, 250, POLLIN, 1);
	assert_int_equal(jailhouse_monitor_wait(f->monitor, 250, NULL), 1);
	mock_poll(MONITOR_FD, POLLIN, 250, 0, 0);
	assert_int_equal(jailhouse_monitor_wait(f->monitor, 250, NULL), 0);
	mock_poll(MONITOR_FD, POLLIN, -1, POLLIN | POLLHUP, 1);
	assert_int_equal(jailhouse_monitor_wait(f->monitor, -1, NULL), 1);
}

static void wait_for_what_is_gone_does_not_spin(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct fixture *f = *state;

	mock_poll(MONITOR_FD, POLLIN, -1, POLLHUP, 1);
	assert_int_equal(jailhouse_monitor_wait(f->monitor, -1, &error), JAILHOUSE_ERR_NO_DEVICE);
	assert_text(error, "the driver is gone");
}

static void wait_reports_signals(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct fixture *f = *state;

	mock_poll(MONITOR_FD, POLLIN, -1, 0, -EINTR);
	assert_int_equal(jailhouse_monitor_wait(f->monitor, -1, &error),
			 JAILHOUSE_ERR_INTERRUPTED);
	mock_poll(MONITOR_FD, POLLIN, -1, 0, -ENOMEM);
	assert_int_equal(jailhouse_monitor_wait(f->monitor, -1, &error), JAILHOUSE_ERR_IO);
	assert_text(error, "waiting for changes: Cannot allocate memory");
}

static void answer_seq(void *arg)
{
	struct jailhouse_ioc_events *events = arg;

	assert_int_equal(events->size, sizeof(*events));
	events->event_seq = 0xfffffffe;
}

static void acknowledge_returns_the_count(void **state)
{
	struct fixture *f = *state;
	uint32_t seq = 0;

	mock_ioctl(MONITOR_FD, JAILHOUSE_IOC_ACK_EVENTS, answer_seq, 0);
	assert_int_equal(jailhouse_monitor_acknowledge(f->monitor, &seq, NULL), 0);
	assert_int_equal(seq, 0xfffffffe);
	mock_ioctl(MONITOR_FD, JAILHOUSE_IOC_ACK_EVENTS, answer_seq, 0);
	assert_int_equal(jailhouse_monitor_acknowledge(f->monitor, NULL, NULL), 0);
}

static void failing_acknowledge_is_reported(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct fixture *f = *state;
	uint32_t seq = 7;

	mock_ioctl(MONITOR_FD, JAILHOUSE_IOC_ACK_EVENTS, NULL, -ENODEV);
	assert_int_equal(jailhouse_monitor_acknowledge(f->monitor, &seq, &error),
			 JAILHOUSE_ERR_NO_DEVICE);
	assert_text(error, "the driver is gone");
	mock_ioctl(MONITOR_FD, JAILHOUSE_IOC_ACK_EVENTS, NULL, -EFAULT);
	assert_int_equal(jailhouse_monitor_acknowledge(f->monitor, &seq, &error),
			 JAILHOUSE_ERR_IO);
	assert_text(error, "acknowledging changes: Bad address");
	assert_int_equal(seq, 7);
}

/* ---- events ---- */

static struct jailhouse_ioc_event *asked_for(void *arg)
{
	struct jailhouse_ioc_read_events *q = arg;

	assert_int_equal(q->size, sizeof(*q));
	assert_int_equal(q->flags, 0);
	assert_int_equal(q->event_size, sizeof(struct jailhouse_ioc_event));
	assert_int_equal(q->count, 1);
	return (void *)(uintptr_t)q->buffer;
}

static void answer_failed(void *arg)
{
	*asked_for(arg) = (struct jailhouse_ioc_event){
		.type = JAILHOUSE_EVENT_FAILED,
		.cell = 3,
		.seq = 0x1122334455,
		.time = 77,
		.state = JAILHOUSE_CELL_FAILED,
		.cpu = 5,
		.name = "a name of thirty-one characters",
		.reason = {.code = JAILHOUSE_REASON_CPU_NOT_IN_ROOT,
			   .item = JAILHOUSE_ITEM_CPU,
			   .index = 9,
			   .arg = {1, 2, 3, 4}},
	};
}

static void event_is_handed_out(void **state)
{
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;
	struct fixture *f = *state;

	mock_ioctl(MONITOR_FD, JAILHOUSE_IOC_READ_EVENTS, answer_failed, 0);
	assert_int_equal(jailhouse_monitor_read(f->monitor, &event, NULL), 1);
	assert_int_equal(event.size, sizeof(event));
	assert_int_equal(event.type, JAILHOUSE_EVENT_FAILED);
	assert_int_equal(event.cell, 3);
	assert_int_equal(event.seq, 0x1122334455);
	assert_int_equal(event.time_ns, 77);
	assert_int_equal(event.state, JAILHOUSE_CELL_FAILED);
	assert_int_equal(event.cpu, 5);
	assert_int_equal(event.reason, JAILHOUSE_REASON_CPU_NOT_IN_ROOT);
	assert_int_equal(event.item, JAILHOUSE_ITEM_CPU);
	assert_int_equal(event.index, 9);
	assert_int_equal(event.arg[3], 4);
	assert_string_equal(event.name, "a name of thirty-one characters");
	assert_string_equal(event.text, "CPU 9 does not belong to the root cell");
}

static void answer_none(void *arg)
{
	asked_for(arg);
	((struct jailhouse_ioc_read_events *)arg)->count = 0;
}

static void no_event_leaves_the_callers_alone(void **state)
{
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;
	struct fixture *f = *state;

	event.type = 77;
	mock_ioctl(MONITOR_FD, JAILHOUSE_IOC_READ_EVENTS, answer_none, 0);
	assert_int_equal(jailhouse_monitor_read(f->monitor, &event, NULL), 0);
	assert_int_equal(event.type, 77);
}

/* A type that this library does not know, a name without end, a state that the cell made up */
static void answer_strange(void *arg)
{
	struct jailhouse_ioc_event *event = asked_for(arg);

	memset(event, 'x', sizeof(*event));
	event->reason.code = 0;
	event->state = -EINVAL;
}

static void strange_event_is_made_harmless(void **state)
{
	struct {
		struct jailhouse_event event;
		uint32_t beyond[2];
	} big = {JAILHOUSE_EVENT_INIT, {7, 7}};
	struct fixture *f = *state;

	/* As one of a program that is younger than the library */
	big.event.size += 4;
	mock_ioctl(MONITOR_FD, JAILHOUSE_IOC_READ_EVENTS, answer_strange, 0);
	assert_int_equal(jailhouse_monitor_read(f->monitor, &big.event, NULL), 1);
	assert_int_equal(strlen(big.event.name), JAILHOUSE_EVENT_NAME_SIZE - 1);
	assert_int_equal(big.event.state, JAILHOUSE_CELL_STATE_INVALID);
	assert_int_equal(big.event.type, 0x78787878);
	assert_string_equal(big.event.text, "");
	assert_int_equal(big.event.size, sizeof(big.event) + 4);
	assert_int_equal(big.beyond[0], 0);
	assert_int_equal(big.beyond[1], 7);
	assert_string_equal(jailhouse_event_get_type_name(0x78787878), "unknown");
	assert_string_equal(jailhouse_event_get_type_name(0), "unknown");
}

static void answer_too_many(void *arg)
{
	asked_for(arg);
	((struct jailhouse_ioc_read_events *)arg)->count = 2;
}

static void answer_empty(void *arg)
{
	asked_for(arg);
}

static void event_that_makes_no_sense_is_refused(void **state)
{
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct fixture *f = *state;

	mock_ioctl(MONITOR_FD, JAILHOUSE_IOC_READ_EVENTS, answer_too_many, 0);
	assert_int_equal(jailhouse_monitor_read(f->monitor, &event, &error), JAILHOUSE_ERR_PROTOCOL);
	mock_ioctl(MONITOR_FD, JAILHOUSE_IOC_READ_EVENTS, answer_empty, 0);
	assert_int_equal(jailhouse_monitor_read(f->monitor, &event, &error), JAILHOUSE_ERR_PROTOCOL);
	mock_ioctl(MONITOR_FD, JAILHOUSE_IOC_READ_EVENTS, NULL, -EINTR);
	assert_int_equal(jailhouse_monitor_read(f->monitor, &event, &error),
			 JAILHOUSE_ERR_INTERRUPTED);
	event.size = sizeof(event) - 1;
	assert_int_equal(jailhouse_monitor_read(f->monitor, &event, &error), JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_monitor_read(f->monitor, NULL, &error), JAILHOUSE_ERR_ARGUMENT);
}

static void event_types_have_the_numbers_of_the_driver(void **state)
{
	static const struct {
		uint32_t type;
		const char *name;
	} types[] = {
		{JAILHOUSE_EVENT_LOST, "lost"},	      {JAILHOUSE_EVENT_ENABLED, "enabled"},
		{JAILHOUSE_EVENT_DISABLED, "disabled"}, {JAILHOUSE_EVENT_CREATED, "created"},
		{JAILHOUSE_EVENT_LOADED, "loaded"},     {JAILHOUSE_EVENT_STARTED, "started"},
		{JAILHOUSE_EVENT_STATE, "state"},       {JAILHOUSE_EVENT_FAILED, "failed"},
		{JAILHOUSE_EVENT_DESTROYED, "destroyed"}, {JAILHOUSE_EVENT_CPU_FAILED, "cpu-failed"},
	};
	size_t n;

	(void)state;
	for (n = 0; n < ARRAY_LEN(types); n++) {
		assert_int_equal(types[n].type, n + 1);
		assert_string_equal(jailhouse_event_get_type_name(types[n].type), types[n].name);
	}
}

static void connection_has_one_monitor_of_its_own(void **state)
{
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;
	struct fixture *f = *state;

	mock_open("/dev/jailhouse", O_RDONLY, 30);
	mock_ioctl(30, JAILHOUSE_IOC_SET_MODE, check_events_mode, 0);
	assert_int_equal(jailhouse_get_event_fd(f->jh, NULL), 30);
	assert_int_equal(jailhouse_get_event_fd(f->jh, NULL), 30);
	mock_ioctl(30, JAILHOUSE_IOC_READ_EVENTS, answer_failed, 0);
	assert_int_equal(jailhouse_read_event(f->jh, &event, NULL), 1);
	assert_int_equal(event.cell, 3);
	/* It is closed first with the connection. */
	mock_close(30);
}

static void monitor_that_cannot_be_prepared_is_no_monitor(void **state)
{
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct fixture *f = *state;

	mock_open("/dev/jailhouse", O_RDONLY, 30);
	mock_ioctl(30, JAILHOUSE_IOC_SET_MODE, NULL, -EINVAL);
	mock_close(30);
	assert_int_equal(jailhouse_get_event_fd(f->jh, &error), JAILHOUSE_ERR_IO);
	assert_text(error, "preparing the monitor: Invalid argument");
	/* The next one tries again. */
	mock_open("/dev/jailhouse", O_RDONLY, -EMFILE);
	assert_int_equal(jailhouse_read_event(f->jh, &event, &error), JAILHOUSE_ERR_IO);
	assert_int_equal(jailhouse_get_event_fd(NULL, &error), JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_read_event(NULL, &event, &error), JAILHOUSE_ERR_ARGUMENT);
}

static void closing_takes_null(void **state)
{
	(void)state;
	jailhouse_console_close(NULL);
	jailhouse_monitor_close(NULL);
	assert_int_equal(jailhouse_console_get_fd(NULL), -1);
	assert_int_equal(jailhouse_monitor_get_fd(NULL), -1);
	assert_int_equal(jailhouse_monitor_get_poll_events(NULL), 0);
}

#define CONSOLE(name) cmocka_unit_test_setup_teardown(name, setup_console, teardown_console)
#define MONITOR(name) cmocka_unit_test_setup_teardown(name, setup_monitor, teardown_monitor)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CONSOLE(text_is_handed_out),
		CONSOLE(nothing_new_gives_0),
		CONSOLE(hangup_means_not_enabled),
		CONSOLE(text_that_came_meanwhile_is_not_an_error),
		CONSOLE(poll_that_fails_is_reported),
		CONSOLE(missing_permission_tells_what_to_configure),
		CONSOLE(signal_and_other_errors_are_told_apart),
		CONSOLE(empty_buffer_is_refused),
		CONSOLE(follow_opens_without_nonblock),
		CONSOLE(failing_open_leaves_nothing),
		MONITOR(monitor_can_be_polled),
		MONITOR(wait_tells_change_from_timeout),
		MONITOR(wait_for_what_is_gone_does_not_spin),
		MONITOR(wait_reports_signals),
		MONITOR(acknowledge_returns_the_count),
		MONITOR(failing_acknowledge_is_reported),
		MONITOR(event_is_handed_out),
		MONITOR(no_event_leaves_the_callers_alone),
		MONITOR(strange_event_is_made_harmless),
		MONITOR(event_that_makes_no_sense_is_refused),
		cmocka_unit_test(event_types_have_the_numbers_of_the_driver),
		MONITOR(connection_has_one_monitor_of_its_own),
		MONITOR(monitor_that_cannot_be_prepared_is_no_monitor),
		cmocka_unit_test(closing_takes_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
