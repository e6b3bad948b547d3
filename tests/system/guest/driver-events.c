/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the driver tells about cells that fail or lock, by poll(), uevents, records and sysfs; and
 * when disable is refused before any cell is touched.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver-read-events.h"

static int uevents = -1;

static int setup(void **state)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	struct guest_file file;
	struct jailhouse_reason reason;
	int err;

	if (driver_setup(state))
		return -1;
	uevents = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	if (uevents < 0 || bind(uevents, (struct sockaddr *)&address, sizeof(address)))
		return -1;
	file = guest_config_read(GUEST_SYSTEM);
	err = try_enable(file.data, file.size, &reason);
	guest_file_free(&file);
	return err;
}

/* Waits for a uevent of the device that has all of these fields; at most 3 s. */
static void expect_uevent(const char *const fields[])
{
	struct pollfd entry = { .fd = uevents, .events = POLLIN };
	char message[2048];
	ssize_t length;
	size_t i;

	while (poll(&entry, 1, 3000) == 1) {
		length = recv(uevents, message, sizeof(message) - 1, 0);
		assert_true(length > 0);
		message[length] = '\0';
		for (i = 0; fields[i]; i++)
			if (!memmem(message, (size_t)length + 1, fields[i], strlen(fields[i]) + 1))
				break;
		if (!fields[i])
			return;
	}
	fail_msg("no uevent with %s", fields[0]);
}

static void drain_uevents(void)
{
	char message[2048];

	/* Also on, if there were so many that some are lost */
	while (recv(uevents, message, sizeof(message), MSG_DONTWAIT) > 0 || errno == ENOBUFS)
		;
}

static void acknowledge(void)
{
	struct jailhouse_ioc_events arg = {0};

	assert_int_equal(call_sized(JAILHOUSE_IOC_ACK_EVENTS, &arg), 0);
}

static short wait_event(int milliseconds)
{
	struct pollfd entry = { .fd = node, .events = POLLPRI };

	assert_in_range(poll(&entry, 1, milliseconds), 0, 1);
	return entry.revents;
}

static void life_gives_uevents(void **state)
{
	struct small_cell config = small_cell("test", 3);
	uint32_t id;

	(void)state;
	drain_uevents();
	id = must_run(&config, &test_arch.idle);
	expect_uevent((const char *[]){ "JAILHOUSE_EVENT=created", "SUBSYSTEM=misc",
					"DEVNAME=jailhouse", "CELL_ID=1", "CELL_NAME=test", NULL });
	expect_uevent((const char *[]){ "JAILHOUSE_EVENT=loaded", "CELL_ID=1", NULL });
	expect_uevent((const char *[]){ "JAILHOUSE_EVENT=started", "CELL_ID=1", NULL });
	must_destroy(id);
	expect_uevent((const char *[]){ "JAILHOUSE_EVENT=destroyed", "CELL_ID=1", NULL });
}

static void waiting_ends_with_a_change(void **state)
{
	struct small_cell config = small_cell("test", 3);
	uint32_t id;

	(void)state;
	id = must_run(&config, &test_arch.idle);
	acknowledge();
	assert_int_equal(wait_event(300), 0);
	must_destroy(id);
	assert_int_equal(wait_event(0), POLLPRI);
	assert_int_equal(wait_event(0), POLLPRI);
	acknowledge();
	assert_int_equal(wait_event(300), 0);
}

/* A file at the end of the console's text */
static int open_console(int flags)
{
	int fd = open(NODE, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char text[4096];

	assert_true(fd >= 0);
	while (read(fd, text, sizeof(text)) > 0)
		;
	assert_int_equal(fcntl(fd, F_SETFL, flags), 0);
	return fd;
}

static void console_follows(void **state)
{
	struct small_cell config = small_cell("follow", 3);
	struct pollfd entry = { .events = POLLIN };
	char text[4096];
	ssize_t length;
	uint32_t id;
	pid_t child;

	(void)state;
	entry.fd = open_console(O_NONBLOCK);
	assert_int_equal(read(entry.fd, text, sizeof(text)), 0);
	assert_int_equal(poll(&entry, 1, 300), 0);
	id = must_create(&config);
	assert_int_equal(poll(&entry, 1, 3000), 1);
	assert_int_equal(entry.revents, POLLIN);
	length = read(entry.fd, text, sizeof(text) - 1);
	assert_true(length > 0);
	text[length] = '\0';
	assert_non_null(strstr(text, "Created cell \"follow\""));
	close(entry.fd);

	/* A reader that sleeps is woken by text. */
	entry.fd = open_console(0);
	child = fork();
	if (!child) {
		struct jailhouse_reason reason;

		usleep(300000);
		_exit(cell_call(JAILHOUSE_IOC_CELL_DESTROY, id, &reason) ? 1 : 0);
	}
	alarm(5);
	length = read(entry.fd, text, sizeof(text) - 1);
	alarm(0);
	assert_true(length > 0);
	text[length] = '\0';
	assert_non_null(strstr(text, "Closing cell"));
	close(entry.fd);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void cell_that_fails(void **state)
{
	struct jailhouse_ioc_cell_info info = {0};
	struct jailhouse_ioc_cpu_record record = { .cpu = 3 };
	struct small_cell config = small_cell("bad", 3);
	uint64_t assigned = 0, failed = 0;
	uint32_t id = must_create(&config);
	struct jailhouse_reason reason;
	char path[96], reason_field[16];

	(void)state;
	must_load(id, &test_arch.violation);
	drain_uevents();
	acknowledge();
	assert_int_equal(cell_call(JAILHOUSE_IOC_CELL_START, id, &reason), 0);
	info.cell_id.id = (int32_t)id;
	info.cpu_mask = (uintptr_t)&assigned;
	info.failed_mask = (uintptr_t)&failed;
	do {
		acknowledge();
		info.cpu_mask_words = 1;
		assert_int_equal(call_sized(JAILHOUSE_IOC_CELL_INFO, &info), 0);
		if (info.state == JAILHOUSE_CELL_FAILED)
			break;
	} while (wait_event(3000) == POLLPRI);
	assert_int_equal(info.state, JAILHOUSE_CELL_FAILED);
	assert_int_equal(info.num_cpus, 1);
	assert_int_equal(info.num_failed_cpus, 1);
	assert_int_equal(assigned, 8);
	assert_int_equal(failed, 8);
	assert_string_equal(info.cell_id.name, "bad");

	assert_int_equal(call_sized(JAILHOUSE_IOC_CPU_RECORD, &record), 0);
	assert_int_equal(record.record.kind, JAILHOUSE_RECORD_VIOLATION);
	assert_int_equal(record.record.cell, id);
	assert_int_equal(record.record.reason.code, test_arch.violation_reason);
	assert_int_equal(record.record.reason.arg[1], test_arch.violation_address);
	assert_int_equal(record.record.regs[test_arch.pc_register], test_arch.violation_pc);

	snprintf(path, sizeof(path), SYSFS "/cells/%u/state", id);
	assert_string_equal(guest_first_line(path), "failed");
	snprintf(path, sizeof(path), SYSFS "/cells/%u/cpus_failed_list", id);
	assert_string_equal(guest_first_line(path), "3");

	/* Changes of the cell's own are told while somebody waits. */
	acknowledge();
	wait_event(300);
	snprintf(reason_field, sizeof(reason_field), "REASON=%u", test_arch.violation_reason);
	expect_uevent((const char *[]){ "JAILHOUSE_EVENT=failed", "CELL_NAME=bad", reason_field,
					NULL });
	must_destroy(id);
	assert_int_equal(call_sized(JAILHOUSE_IOC_CPU_RECORD, &record), 0);
	assert_int_equal(record.record.kind, JAILHOUSE_RECORD_NONE);
}

/* The other one runs on, and so does the cell. */
static void cpu_that_fails_beside_another(void **state)
{
	struct small_cell config = small_cell("half", 2);
	struct jailhouse_ioc_event event;
	int fd = open_events();
	uint32_t id;
	char path[96];

	(void)state;
	config.cpus[0] |= 1 << 3;
	drain_uevents();
	id = must_run(&config, &test_arch.violation_of_one);
	expect_event(fd, JAILHOUSE_EVENT_CREATED, id, JAILHOUSE_CELL_SHUT_DOWN);
	expect_event(fd, JAILHOUSE_EVENT_LOADED, id, JAILHOUSE_CELL_SHUT_DOWN);
	expect_event(fd, JAILHOUSE_EVENT_STARTED, id, JAILHOUSE_CELL_RUNNING);
	event = expect_event(fd, JAILHOUSE_EVENT_CPU_FAILED, id, JAILHOUSE_CELL_RUNNING);
	assert_in_range(event.cpu, 2, 3);
	assert_int_equal(event.reason.code, test_arch.violation_reason);
	expect_uevent((const char *[]){ "JAILHOUSE_EVENT=cpu-failed", "CELL_NAME=half", NULL });
	snprintf(path, sizeof(path), SYSFS "/cells/%u/cpus_failed_list", id);
	assert_string_equal(guest_first_line(path), event.cpu == 2 ? "2" : "3");
	expect_no_event(fd);
	must_destroy(id);
	expect_event(fd, JAILHOUSE_EVENT_DESTROYED, id, JAILHOUSE_CELL_SHUT_DOWN);
	close(fd);
}

/* The hypervisor has no part in it, so that nothing but looking can tell. */
static void cell_that_changes_its_state(void **state)
{
	struct small_cell config = small_cell("test", 3);
	int fd = open(NODE, O_RDONLY | O_CLOEXEC);
	struct jailhouse_ioc_event table[8];
	uint32_t id;
	char path[96];

	(void)state;
	drain_uevents();
	id = must_run(&config, &test_arch.locked);
	snprintf(path, sizeof(path), SYSFS "/cells/%u/state", id);
	do {
		acknowledge();
	} while (strcmp(guest_first_line(path), "running/locked") && wait_event(3000) == POLLPRI);
	assert_string_equal(guest_first_line(path), "running/locked");
	/* Also who looked before it was noticed is told; after that, it is quiet. */
	wait_event(300);
	expect_uevent((const char *[]){ "JAILHOUSE_EVENT=locked", "CELL_NAME=test", NULL });
	acknowledge();
	assert_int_equal(wait_event(300), 0);
	/* Without a mode events can be read just so. */
	assert_int_equal(read_events(fd, table, sizeof(table[0]), 8), 4);
	assert_int_equal(table[3].type, JAILHOUSE_EVENT_STATE);
	assert_int_equal(table[3].state, JAILHOUSE_CELL_RUNNING_LOCKED);
	close(fd);
	must_destroy(id);
}

static int try_disable(struct jailhouse_reason *reason)
{
	struct jailhouse_ioc_disable arg = {0};
	int err = call_sized(JAILHOUSE_IOC_DISABLE, &arg);

	*reason = arg.reason;
	return err;
}

static unsigned int num_cells(void)
{
	struct jailhouse_ioc_info info = {0};

	assert_int_equal(call_sized(JAILHOUSE_IOC_GET_INFO, &info), 0);
	return info.num_cells;
}

/* Also the cell that comes first, and would agree, is still there afterwards. */
static void locked_cell_keeps_all(void **state)
{
	struct small_cell first = small_cell("first", 3), second = small_cell("second", 2);
	struct small_cell third = small_cell("third", 1);
	uint32_t id1, id2;
	struct jailhouse_reason reason;

	(void)state;
	id1 = must_run(&first, &test_arch.idle);
	id2 = must_run(&second, &test_arch.locked);
	must_become_locked(id2);
	assert_int_equal(try_disable(&reason), -EPERM);
	expect_reason(&reason, -EPERM, JAILHOUSE_REASON_CELL_LOCKED);
	assert_int_equal(reason.index, id2);
	assert_int_equal(call(JAILHOUSE_DISABLE, NULL), -EPERM);
	assert_int_equal(num_cells(), 3);
	assert_int_equal(try_create(&third, sizeof(third), &reason), -EPERM);
	expect_reason(&reason, -EPERM, JAILHOUSE_REASON_CELL_LOCKED);
	assert_string_equal(guest_online_cpus(), "0-1");
	assert_int_equal(cell_call(JAILHOUSE_IOC_CELL_DESTROY, id1, &reason), -EPERM);
	/* It does not answer, so it is stopped after its time. */
	must_destroy(id2);
	must_destroy(id1);
}

static void offline_cpu_keeps_all(void **state)
{
	struct small_cell config = small_cell("test", 3);
	struct jailhouse_reason reason;
	uint32_t id;

	(void)state;
	id = must_run(&config, &test_arch.idle);
	cpu_online(2, 0);
	assert_int_equal(try_disable(&reason), -EBUSY);
	expect_reason(&reason, -EBUSY, JAILHOUSE_REASON_CPU_OFFLINE);
	assert_int_equal(reason.index, 2);
	assert_int_equal(num_cells(), 2);
	cpu_online(2, 1);
	must_destroy(id);
	/* One that was offline when it was given away counts as well. */
	cpu_online(3, 0);
	id = must_create(&config);
	assert_int_equal(try_disable(&reason), -EBUSY);
	assert_int_equal(reason.index, 3);
	assert_int_equal(num_cells(), 2);
	must_destroy(id);
	cpu_online(3, 1);
}

static void disable_with_running_cells(void **state)
{
	int fd = open_events();
	struct small_cell first = small_cell("first", 3), second = small_cell("second", 2);
	struct jailhouse_ioc_cpu_record record = { .cpu = 2 };

	must_run(&first, &test_arch.idle);
	must_run(&second, &test_arch.violation);
	drain_uevents();
	hypervisor_leaves(state);
	expect_uevent((const char *[]){ "JAILHOUSE_EVENT=destroyed", "CELL_NAME=first", NULL });
	expect_uevent((const char *[]){ "JAILHOUSE_EVENT=destroyed", "CELL_NAME=second", NULL });
	expect_uevent((const char *[]){ "JAILHOUSE_EVENT=disabled", NULL });
	for (uint32_t n = 0; n < 2; n++) {
		expect_event(fd, JAILHOUSE_EVENT_CREATED, 1 + n, JAILHOUSE_CELL_SHUT_DOWN);
		expect_event(fd, JAILHOUSE_EVENT_LOADED, 1 + n, JAILHOUSE_CELL_SHUT_DOWN);
		expect_event(fd, JAILHOUSE_EVENT_STARTED, 1 + n, JAILHOUSE_CELL_RUNNING);
	}
	/* The second one had failed by then. */
	expect_event(fd, JAILHOUSE_EVENT_DESTROYED, 1, JAILHOUSE_CELL_SHUT_DOWN);
	expect_event(fd, JAILHOUSE_EVENT_FAILED, 2, JAILHOUSE_CELL_FAILED);
	expect_event(fd, JAILHOUSE_EVENT_DESTROYED, 2, JAILHOUSE_CELL_SHUT_DOWN);
	expect_event(fd, JAILHOUSE_EVENT_DISABLED, 0, 0);
	expect_no_event(fd);
	close(fd);
	/* Records can still be asked for; there is none of a CPU that went back to the root. */
	assert_int_equal(call_sized(JAILHOUSE_IOC_CPU_RECORD, &record), 0);
	assert_int_equal(record.record.kind, JAILHOUSE_RECORD_NONE);
	record.cpu = 4;
	assert_int_equal(call_sized(JAILHOUSE_IOC_CPU_RECORD, &record), -EINVAL);
}

static struct jailhouse_learned *find_learned(struct jailhouse_learned *table, uint32_t count,
					      uint64_t address)
{
	for (uint32_t n = 0; n < count; n++)
		if (table[n].kind == test_arch.stray_kind && table[n].address == address)
			return &table[n];
	fail_msg("0x%llx was not learned", (unsigned long long)address);
	return NULL;
}

/* What the configuration lacks is answered and noted, and can be read also after disable. */
static void learning_mode(void **state)
{
	struct jailhouse_learned table[JAILHOUSE_NUM_LEARNED];
	struct jailhouse_ioc_learned learned = { .buffer = (uintptr_t)table };
	struct jailhouse_ioc_disable disable = {0};
	struct jailhouse_ioc_enable enable = { .flags = JAILHOUSE_IOC_ENABLE_PERMISSIVE };
	struct jailhouse_ioc_info info = {0};
	struct guest_file file = guest_config_read(GUEST_SYSTEM);
	struct jailhouse_learned *entry;

	(void)state;
	enable.config_address = (uintptr_t)file.data;
	enable.config_size = (uint32_t)file.size;
	assert_int_equal(call_sized(JAILHOUSE_IOC_ENABLE, &enable), 0);
	guest_file_free(&file);
	assert_int_equal(call_sized(JAILHOUSE_IOC_GET_INFO, &info), 0);
	assert_int_equal(info.state, JAILHOUSE_IOC_ENABLED | JAILHOUSE_IOC_PERMISSIVE);
	test_arch.stray_read();
	test_arch.stray_read();
	test_arch.stray_write();
	for (int round = 0; round < 2; round++) {
		memset(table, 0, sizeof(table));
		learned.start = 0;
		learned.count = JAILHOUSE_NUM_LEARNED;
		assert_int_equal(call_sized(JAILHOUSE_IOC_LEARNED, &learned), 0);
		assert_in_range(learned.count, 2, learned.total);
		entry = find_learned(table, learned.count, test_arch.stray_read_address);
		assert_int_equal(entry->count, 2);
		assert_int_equal(entry->write, 2);
		entry = find_learned(table, learned.count, test_arch.stray_write_address);
		assert_int_equal(entry->write, 1);
		/* Entry by entry, and behind the end */
		learned.start = learned.count - 1;
		learned.count = 5;
		assert_int_equal(call_sized(JAILHOUSE_IOC_LEARNED, &learned), 0);
		assert_int_equal(learned.count, 1);
		learned.start = 0xffffffff;
		assert_int_equal(call_sized(JAILHOUSE_IOC_LEARNED, &learned), 0);
		assert_int_equal(learned.count, 0);
		if (!round)
			assert_int_equal(call_sized(JAILHOUSE_IOC_DISABLE, &disable), 0);
	}
}

static void console_that_is_not_permitted(void **state)
{
	struct guest_file file = guest_config_read(GUEST_SYSTEM);
	struct pollfd entry = { .fd = node, .events = POLLIN };
	struct jailhouse_system *system = file.data;
	struct jailhouse_ioc_disable disable = {0};
	struct jailhouse_reason reason;
	char c;
	int fd;

	(void)state;
	system->flags &= ~(uint32_t)JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE;
	assert_int_equal(try_enable(file.data, file.size, &reason), 0);
	guest_file_free(&file);
	assert_int_equal(read(node, &c, 1), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(poll(&entry, 1, 0), 1);
	assert_int_equal(entry.revents, POLLERR);
	acknowledge();
	assert_int_equal(wait_event(300), 0);
	fd = open(SYSFS "/console", O_RDONLY);
	assert_int_equal(read(fd, &c, 1), -1);
	assert_int_equal(errno, EPERM);
	close(fd);
	assert_int_equal(call_sized(JAILHOUSE_IOC_DISABLE, &disable), 0);
	assert_int_equal(read(node, &c, 1), -1);
	assert_int_equal(errno, EAGAIN);
}

/* Who waits for the hypervisor to come is not told all the time that there is no console. */
static void waiting_while_disabled(void **state)
{
	struct pollfd entry = { .fd = node, .events = POLLIN };
	struct jailhouse_ioc_disable disable = {0};
	struct jailhouse_reason reason;
	struct guest_file file;
	int fd = open_events();

	(void)state;
	acknowledge();
	assert_int_equal(wait_event(300), 0);
	assert_int_equal(poll_events(fd, 0), 0);
	assert_int_equal(poll(&entry, 1, 0), 1);
	assert_int_equal(entry.revents, POLLHUP);
	file = guest_config_read(GUEST_SYSTEM);
	assert_int_equal(try_enable(file.data, file.size, &reason), 0);
	guest_file_free(&file);
	assert_int_equal(wait_event(3000), POLLPRI);
	assert_int_equal(expect_event(fd, JAILHOUSE_EVENT_ENABLED, 0, JAILHOUSE_CELL_RUNNING).cpu, 0);
	assert_int_equal(call_sized(JAILHOUSE_IOC_DISABLE, &disable), 0);
	expect_event(fd, JAILHOUSE_EVENT_DISABLED, 0, 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(life_gives_uevents),
		cmocka_unit_test(waiting_ends_with_a_change),
		cmocka_unit_test(console_follows),
		cmocka_unit_test(cell_that_fails),
		cmocka_unit_test(cpu_that_fails_beside_another),
		cmocka_unit_test(cell_that_changes_its_state),
		cmocka_unit_test(events_come_in_order),
		cmocka_unit_test(unseen_failure_comes_before_the_restart),
		cmocka_unit_test(late_reader_is_told_how_much_is_lost),
		cmocka_unit_test(events_reach_only_good_memory),
		cmocka_unit_test(locked_cell_keeps_all),
		cmocka_unit_test(offline_cpu_keeps_all),
		cmocka_unit_test(disable_with_running_cells),
		cmocka_unit_test(learning_mode),
		cmocka_unit_test(console_that_is_not_permitted),
		cmocka_unit_test(waiting_while_disabled),
		cmocka_unit_test(module_unloads),
		cmocka_unit_test(kernel_does_not_complain),
	};

	return cmocka_run_group_tests_name("driver-events", tests, setup, NULL);
}
