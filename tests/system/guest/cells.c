/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Cells through the library: what is told of those that fail, lock or go; what is refused, and what
 * that leaves. The same program for the driver and for a simulated machine. Below the library:
 * driver-cells, driver-events.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/hypercall.h>
#include <jailhouse/reason.h>

#include "handle.h"
#include "small-cells.h"

#define PATIENCE_MS 10000

static struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
static struct jailhouse_monitor *monitor;

/* Each test has a monitor, which knows nothing of what was before it. */
static int begin(void **state)
{
	(void)state;
	guest_enable(jh, GUEST_SYSTEM);
	guest_ok(jailhouse_monitor_open(jh, &monitor, &error), &error);
	return 0;
}

static int end(void **state)
{
	(void)state;
	jailhouse_monitor_close(monitor);
	return jailhouse_is_enabled(jh, NULL) == 0 ? 0 : guest_disable_at_end(jh);
}

/* ---- cells ---- */

static uint32_t create(const struct small_cell *config)
{
	uint32_t id = 0;

	guest_ok(jailhouse_cell_create(jh, config, sizeof(*config), &id, &error), &error);
	return id;
}

static int load(uint32_t id, uint64_t address, const struct test_code *code)
{
	const struct jailhouse_image image = {address, code->data, code->size};

	return jailhouse_cell_load(jh, id, &image, 1, &error);
}

static uint32_t run(const struct small_cell *config, const struct test_code *code)
{
	uint32_t id = create(config);

	guest_ok(load(id, 0, code), &error);
	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	return id;
}

static void destroy(uint32_t id)
{
	guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
}

#define expect_reason(name) assert_string_equal(jailhouse_reason_get_name(error.reason), (name))

/* ---- events ---- */

/* The next event, which must be this one */
static struct jailhouse_event expect_event_of(struct jailhouse_monitor *from, uint32_t type,
					      uint32_t id, int state)
{
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;
	int ret;

	while ((ret = jailhouse_monitor_read(from, &event, &error)) == 0)
		if (jailhouse_monitor_wait(from, PATIENCE_MS, &error) != 1)
			fail_msg("no event \"%s\"", jailhouse_event_get_type_name(type));
	guest_ok(ret, &error);
	if (event.type != type || event.cell != id || event.state != state)
		fail_msg("event \"%s\" of cell %u, state %d, instead of \"%s\", %u, %d",
			 jailhouse_event_get_type_name(event.type), event.cell, event.state,
			 jailhouse_event_get_type_name(type), id, state);
	return event;
}

static struct jailhouse_event expect_event(uint32_t type, uint32_t id, int state)
{
	return expect_event_of(monitor, type, id, state);
}

static void expect_no_event(void)
{
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;

	assert_int_equal(jailhouse_monitor_read(monitor, &event, &error), 0);
	assert_int_equal(jailhouse_monitor_wait(monitor, 0, &error), 0);
}

static void expect_start_of_life(uint32_t id)
{
	expect_event(JAILHOUSE_EVENT_CREATED, id, JAILHOUSE_CELL_SHUT_DOWN);
	expect_event(JAILHOUSE_EVENT_LOADED, id, JAILHOUSE_CELL_SHUT_DOWN);
	expect_event(JAILHOUSE_EVENT_STARTED, id, JAILHOUSE_CELL_RUNNING);
}

static void events_come_in_order(void **state)
{
	struct small_cell config = small_cell("bad", 3);
	struct jailhouse_event first, event;
	const struct test_code stray = {"x", 1};
	uint32_t id;

	(void)state;
	expect_no_event();
	id = run(&config, &test_arch.violation);
	first = expect_event(JAILHOUSE_EVENT_CREATED, id, JAILHOUSE_CELL_SHUT_DOWN);
	assert_string_equal(first.name, "bad");
	assert_true(first.time_ns > 0);
	expect_event(JAILHOUSE_EVENT_LOADED, id, JAILHOUSE_CELL_SHUT_DOWN);
	expect_event(JAILHOUSE_EVENT_STARTED, id, JAILHOUSE_CELL_RUNNING);
	event = expect_event(JAILHOUSE_EVENT_FAILED, id, JAILHOUSE_CELL_FAILED);
	assert_string_equal(event.name, "bad");
	assert_int_equal(event.cpu, 3);
	assert_int_equal(event.reason, test_arch.violation_reason);
	assert_int_equal(event.arg[1], test_arch.violation_address);
	assert_true(event.time_ns >= first.time_ns);
	guest_ok(jailhouse_cell_shutdown(jh, id, &error), &error);
	expect_event(JAILHOUSE_EVENT_STATE, id, JAILHOUSE_CELL_SHUT_DOWN);
	/* A request that is refused is no event, a load that fails half-way is one. */
	assert_int_equal(jailhouse_cell_start(jh, id + 1, &error), JAILHOUSE_ERR_NOT_FOUND);
	assert_true(load(id, 0xdead0000, &stray) < 0);
	event = expect_event(JAILHOUSE_EVENT_STATE, id, JAILHOUSE_CELL_SHUT_DOWN);
	assert_int_equal(event.reason, error.reason);
	assert_string_equal(event.text, error.text);
	destroy(id);
	event = expect_event(JAILHOUSE_EVENT_DESTROYED, id, JAILHOUSE_CELL_SHUT_DOWN);
	assert_int_equal(event.seq, first.seq + 6);
	expect_no_event();
}

/* Nobody waits or reads while it fails: that is told before what is done about it, all the same. */
static void unseen_failure_comes_before_the_restart(void **state)
{
	struct small_cell config = small_cell("bad", 3);
	uint32_t id = create(&config);

	(void)state;
	guest_ok(load(id, 0, &test_arch.violation), &error);
	for (int round = 0; round < 2; round++) {
		guest_ok(jailhouse_cell_start(jh, id, &error), &error);
		guest_cell_wait_state(jh, id, JAILHOUSE_CELL_FAILED);
	}
	destroy(id);
	expect_event(JAILHOUSE_EVENT_CREATED, id, JAILHOUSE_CELL_SHUT_DOWN);
	expect_event(JAILHOUSE_EVENT_LOADED, id, JAILHOUSE_CELL_SHUT_DOWN);
	for (int round = 0; round < 2; round++) {
		expect_event(JAILHOUSE_EVENT_STARTED, id, JAILHOUSE_CELL_RUNNING);
		expect_event(JAILHOUSE_EVENT_FAILED, id, JAILHOUSE_CELL_FAILED);
	}
	expect_event(JAILHOUSE_EVENT_DESTROYED, id, JAILHOUSE_CELL_SHUT_DOWN);
}

static void late_reader_is_told_how_much_is_lost(void **state)
{
	struct small_cell config = small_cell("test", 3);
	struct jailhouse_monitor *late;
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;
	uint32_t id = create(&config);
	uint64_t seq;

	(void)state;
	expect_event(JAILHOUSE_EVENT_CREATED, id, JAILHOUSE_CELL_SHUT_DOWN);
	guest_ok(jailhouse_monitor_open(jh, &late, &error), &error);
	for (int n = 0; n < 280; n++) {
		guest_ok(jailhouse_cell_shutdown(jh, id, &error), &error);
		expect_event(JAILHOUSE_EVENT_STATE, id, JAILHOUSE_CELL_SHUT_DOWN);
	}
	expect_no_event();
	assert_int_equal(jailhouse_monitor_read(late, &event, &error), 1);
	assert_int_equal(event.type, JAILHOUSE_EVENT_LOST);
	assert_int_equal(event.lost, 280 - 256);
	assert_string_equal(event.name, "");
	seq = event.seq + event.lost;
	for (int n = 0; n < 256; n++, seq++)
		assert_int_equal(
			expect_event_of(late, JAILHOUSE_EVENT_STATE, id, JAILHOUSE_CELL_SHUT_DOWN)
				.seq,
			seq);
	assert_int_equal(jailhouse_monitor_read(late, &event, &error), 0);
	jailhouse_monitor_close(late);
	destroy(id);
}

/* One CPU of two fails: the cell runs on, and each life tells of it once. */
static void cell_of_which_a_cpu_fails(void **state)
{
	struct small_cell config = small_cell("half", 2);
	struct jailhouse_event event;
	struct jailhouse_cell *cell;
	uint64_t mask = 0;
	uint32_t id;

	(void)state;
	config.cpus[0] |= 1 << 3;
	id = run(&config, &test_arch.violation_of_one);
	expect_start_of_life(id);
	for (int round = 0; round < 2; round++) {
		event = expect_event(JAILHOUSE_EVENT_CPU_FAILED, id, JAILHOUSE_CELL_RUNNING);
		assert_in_range(event.cpu, 2, 3);
		assert_int_equal(event.reason, test_arch.violation_reason);
		assert_int_equal(event.arg[1], test_arch.violation_address);
		assert_true(strlen(event.text) > 0);
		guest_ok(jailhouse_cell_get_by_id(jh, id, &cell, &error), &error);
		assert_int_equal(jailhouse_cell_get_state(cell), JAILHOUSE_CELL_RUNNING);
		assert_int_equal(jailhouse_cell_get_failed_cpus(cell, &mask, 1), 1);
		assert_int_equal(mask, 1 << event.cpu);
		jailhouse_cell_free(cell);
		guest_ok(load(id, 0, &test_arch.violation_of_one), &error);
		expect_event(JAILHOUSE_EVENT_LOADED, id, JAILHOUSE_CELL_SHUT_DOWN);
		guest_ok(jailhouse_cell_start(jh, id, &error), &error);
		expect_event(JAILHOUSE_EVENT_STARTED, id, JAILHOUSE_CELL_RUNNING);
	}
	expect_event(JAILHOUSE_EVENT_CPU_FAILED, id, JAILHOUSE_CELL_RUNNING);
	expect_no_event();
	destroy(id);
	expect_event(JAILHOUSE_EVENT_DESTROYED, id, JAILHOUSE_CELL_SHUT_DOWN);
}

/* The hypervisor has no part in it, so that nothing but looking can tell. */
static void cell_that_changes_its_state(void **state)
{
	struct small_cell config = small_cell("test", 3);
	uint32_t id = run(&config, &test_arch.locked);

	(void)state;
	expect_start_of_life(id);
	expect_event(JAILHOUSE_EVENT_STATE, id, JAILHOUSE_CELL_RUNNING_LOCKED);
	assert_int_equal(guest_cell_state(jh, id), JAILHOUSE_CELL_RUNNING_LOCKED);
	expect_no_event();
	/* It does not answer, so it is stopped after its time. */
	destroy(id);
	expect_event(JAILHOUSE_EVENT_DESTROYED, id, JAILHOUSE_CELL_SHUT_DOWN);
}

static void waiting_ends_with_enable_and_disable(void **state)
{
	(void)state;
	guest_ok(jailhouse_disable(jh, &error), &error);
	expect_event(JAILHOUSE_EVENT_DISABLED, 0, 0);
	expect_no_event();
	guest_enable(jh, GUEST_SYSTEM);
	expect_event(JAILHOUSE_EVENT_ENABLED, 0, JAILHOUSE_CELL_RUNNING);
}

static void disable_with_running_cells(void **state)
{
	struct small_cell first = small_cell("first", 3), second = small_cell("second", 2);
	uint32_t id1 = run(&first, &test_arch.idle), id2 = run(&second, &test_arch.violation);
	struct jailhouse_failure *failure;

	(void)state;
	guest_cell_wait_state(jh, id2, JAILHOUSE_CELL_FAILED);
	expect_start_of_life(id1);
	expect_start_of_life(id2);
	expect_event(JAILHOUSE_EVENT_FAILED, id2, JAILHOUSE_CELL_FAILED);
	guest_ok(jailhouse_disable(jh, &error), &error);
	expect_event(JAILHOUSE_EVENT_DESTROYED, id1, JAILHOUSE_CELL_SHUT_DOWN);
	expect_event(JAILHOUSE_EVENT_DESTROYED, id2, JAILHOUSE_CELL_SHUT_DOWN);
	expect_event(JAILHOUSE_EVENT_DISABLED, 0, 0);
	expect_no_event();
	assert_string_equal(guest_online_cpus(), guest_machine()->cpus);
	/* Records can still be asked for; there is none of a CPU that went back to the root. */
	assert_int_equal(jailhouse_failure_get(jh, 2, &failure, &error), 0);
	assert_int_equal(jailhouse_failure_get(jh, 4, &failure, &error), JAILHOUSE_ERR_NOT_FOUND);
}

/* ---- what is seen of a cell ---- */

static void cell_that_fails(void **state)
{
	struct small_cell config = small_cell("bad", 3);
	uint32_t id = run(&config, &test_arch.violation);
	struct jailhouse_failure *failure = NULL;
	struct jailhouse_cell *cell;
	uint64_t mask = 0;

	(void)state;
	guest_cell_wait_state(jh, id, JAILHOUSE_CELL_FAILED);
	guest_ok(jailhouse_cell_get_by_name(jh, "bad", &cell, &error), &error);
	assert_int_equal(jailhouse_cell_get_id(cell), id);
	assert_int_equal(jailhouse_cell_get_cpus(cell, &mask, 1), 1);
	assert_int_equal(mask, 1 << 3);
	assert_int_equal(jailhouse_cell_get_failed_cpus(cell, &mask, 1), 1);
	assert_int_equal(mask, 1 << 3);
	jailhouse_cell_free(cell);
	assert_int_equal(jailhouse_failure_get(jh, 3, &failure, &error), 1);
	assert_int_equal(jailhouse_failure_get_kind(failure), JAILHOUSE_RECORD_VIOLATION);
	assert_int_equal(jailhouse_failure_get_cell(failure), id);
	assert_int_equal(jailhouse_failure_get_reason(failure), test_arch.violation_reason);
	assert_true(strlen(jailhouse_failure_get_text(failure)) > 0);
	jailhouse_failure_free(failure);
	assert_int_equal(jailhouse_failure_get(jh, 2, &failure, &error), 0);
	destroy(id);
	assert_int_equal(jailhouse_failure_get(jh, 3, &failure, &error), 0);
}

static void configurations_come_back(void **state)
{
	struct small_cell back, config = small_cell("test", 3);
	size_t size = 0;
	uint32_t id;

	(void)state;
	config.cell.flags |= JAILHOUSE_CELL_VIRTUAL_CONSOLE_ACTIVE;
	id = create(&config);
	assert_int_equal(jailhouse_cell_get_config(jh, id, &back, 100, &size, &error),
			 JAILHOUSE_ERR_TOO_SMALL);
	guest_ok(jailhouse_cell_get_config(jh, id, &back, sizeof(back), &size, &error), &error);
	assert_int_equal(size, offsetof(struct small_cell, device));
	/* As it was accepted */
	config.cell.id = id;
	config.cell.flags |= JAILHOUSE_CELL_VIRTUAL_CONSOLE_PERMITTED;
	assert_memory_equal(&back, &config, size);
	assert_true(jailhouse_cell_get_config(jh, 0, &back, sizeof(back), &size, &error) < 0);
	assert_int_equal(jailhouse_cell_get_config(jh, 77, &back, sizeof(back), &size, &error),
			 JAILHOUSE_ERR_NOT_FOUND);
	destroy(id);
}

/* Words that the hypervisor says, in time, to a reader that waits for them */
static void console_follows(void **state)
{
	struct small_cell config = small_cell("follow", 3);
	struct jailhouse_console_reader *reader;
	struct pollfd entry = {.events = POLLIN};
	char text[4096];
	uint32_t id;
	int length;

	(void)state;
	guest_ok(jailhouse_console_open(jh, 0, &reader, &error), &error);
	while ((length = jailhouse_console_read(reader, text, sizeof(text), &error)) > 0)
		;
	guest_ok(length, &error);
	entry.fd = jailhouse_console_get_fd(reader);
	assert_int_equal(poll(&entry, 1, 200), 0);
	id = create(&config);
	assert_int_equal(poll(&entry, 1, PATIENCE_MS), 1);
	assert_int_equal(entry.revents, POLLIN);
	length = jailhouse_console_read(reader, text, sizeof(text) - 1, &error);
	assert_true(length > 0);
	text[length] = '\0';
	assert_non_null(strstr(text, "Created cell \"follow\""));
	jailhouse_console_close(reader);
	destroy(id);
}

/* ---- refusals ---- */

/* Everything is as before. */
static void expect_no_cell(const struct small_cell *config, const char *reason)
{
	struct jailhouse_system_info before = JAILHOUSE_SYSTEM_INFO_INIT,
				     after = JAILHOUSE_SYSTEM_INFO_INIT;
	uint32_t id = 77;
	char online[64];

	strncpy(online, guest_online_cpus(), sizeof(online) - 1);
	online[sizeof(online) - 1] = '\0';
	guest_ok(jailhouse_get_system_info(jh, &before, &error), &error);
	assert_true(jailhouse_cell_create(jh, config, sizeof(*config), &id, &error) < 0);
	expect_reason(reason);
	assert_int_equal(id, 77);
	guest_ok(jailhouse_get_system_info(jh, &after, &error), &error);
	assert_int_equal(after.mem_pool_used, before.mem_pool_used);
	assert_int_equal(after.num_cells, before.num_cells);
	assert_string_equal(guest_online_cpus(), online);
}

static void cells_with_what_is_not_theirs(void **state)
{
	struct small_cell config = small_cell("other", 3);
	uint32_t id;

	(void)state;
	config.cpus[0] = 0;
	config.cpus[7] = 0x80;
	expect_no_cell(&config, "CPU_NOT_IN_SYSTEM");
	config = small_cell("other", 3);
	config.memory[0].phys_start = 0xfffffffffffff000;
	config.memory[0].size = 0x2000;
	expect_no_cell(&config, "MEM_OVERFLOW");
	config = small_cell("other", 3);
	config.memory[0].phys_start = guest_machine()->hypervisor + 0x10000;
	expect_no_cell(&config, "MEM_HYPERVISOR");
	config = small_cell("first", 3);
	id = create(&config);
	config.cpus[0] = 1 << 2;
	expect_no_cell(&config, "CELL_NAME_USED");
	config = small_cell("other", 3);
	config.cpus[0] |= 1 << 2;
	expect_no_cell(&config, "CPU_NOT_IN_ROOT");
	config = small_cell("other", 2);
	config.memory[0].phys_start = guest_machine()->cells + 3 * 0x1000;
	expect_no_cell(&config, "MEM_OTHER_CELL");
	destroy(id);
}

static void images_that_do_not_fit(void **state)
{
	static const struct {
		uint64_t address;
		size_t size;
	} bad[] = {{0x1000, 1}, {0xfff, 2}, {0, 0x1001}, {UINT64_MAX, 1}, {0x100000000, 16}};
	static unsigned char data[0x1001];
	struct small_cell config = small_cell("test", 3);
	uint32_t id = create(&config);

	(void)state;
	for (size_t n = 0; n < sizeof(bad) / sizeof(bad[0]); n++) {
		const struct test_code code = {data, bad[n].size};

		assert_int_equal(load(id, bad[n].address, &code), JAILHOUSE_ERR_CONFIG);
		expect_reason("LOAD_RANGE");
		assert_int_equal(error.item, JAILHOUSE_ITEM_IMAGE);
	}
	/* What a failed load leaves is not started; a shutdown does not make it better. */
	assert_int_equal(jailhouse_cell_start(jh, id, &error), JAILHOUSE_ERR_REFUSED);
	expect_reason("NOT_LOADED");
	guest_ok(jailhouse_cell_shutdown(jh, id, &error), &error);
	assert_int_equal(jailhouse_cell_start(jh, id, &error), JAILHOUSE_ERR_REFUSED);
	guest_ok(load(id, 0, &test_arch.idle), &error);
	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	destroy(id);
}

static void requests_for_wrong_cells(void **state)
{
	static int (*const requests[])(struct jailhouse *, uint32_t, struct jailhouse_error *) = {
		jailhouse_cell_start,
		jailhouse_cell_shutdown,
		jailhouse_cell_destroy,
	};

	(void)state;
	for (size_t n = 0; n < sizeof(requests) / sizeof(requests[0]); n++) {
		assert_int_equal(requests[n](jh, 55, &error), JAILHOUSE_ERR_NOT_FOUND);
		expect_reason("CELL_UNKNOWN");
		assert_true(requests[n](jh, 0, &error) < 0);
	}
}

/* Also the cell that comes first, and would agree, is still there afterwards. */
static void locked_cell_keeps_all(void **state)
{
	struct small_cell first = small_cell("first", 3), second = small_cell("second", 2);
	struct small_cell third = small_cell("third", 1);
	uint32_t id1 = run(&first, &test_arch.idle), id2 = run(&second, &test_arch.locked);
	struct jailhouse_system_info info = JAILHOUSE_SYSTEM_INFO_INIT;

	(void)state;
	guest_cell_wait_state(jh, id2, JAILHOUSE_CELL_RUNNING_LOCKED);
	assert_int_equal(jailhouse_disable(jh, &error), JAILHOUSE_ERR_DENIED);
	expect_reason("CELL_LOCKED");
	assert_int_equal(error.index, id2);
	guest_ok(jailhouse_get_system_info(jh, &info, &error), &error);
	assert_int_equal(info.num_cells, 3);
	expect_no_cell(&third, "CELL_LOCKED");
	assert_string_equal(guest_online_cpus(), "0-1");
	assert_int_equal(jailhouse_cell_destroy(jh, id1, &error), JAILHOUSE_ERR_DENIED);
	destroy(id2);
	destroy(id1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(events_come_in_order),
		TEST(unseen_failure_comes_before_the_restart),
		TEST(late_reader_is_told_how_much_is_lost),
		TEST(cell_of_which_a_cpu_fails),
		TEST(cell_that_changes_its_state),
		TEST(waiting_ends_with_enable_and_disable),
		TEST(disable_with_running_cells),
		TEST(cell_that_fails),
		TEST(configurations_come_back),
		TEST(console_follows),
		TEST(cells_with_what_is_not_theirs),
		TEST(images_that_do_not_fit),
		TEST(requests_for_wrong_cells),
		TEST(locked_cell_keeps_all),
	};

	return cmocka_run_group_tests_name("cells", tests, handle_setup, handle_teardown);
}
