/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "driver-read-events.h"

int open_events(void)
{
	struct jailhouse_ioc_mode mode = { .size = sizeof(mode), .mode = JAILHOUSE_MODE_EVENTS };
	int fd = open(NODE, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	assert_true(fd >= 0);
	assert_int_equal(ioctl(fd, JAILHOUSE_IOC_SET_MODE, &mode), 0);
	return fd;
}

int read_events(int fd, void *to, uint32_t size, uint32_t count)
{
	struct jailhouse_ioc_read_events q = {
		.size = sizeof(q), .buffer = (uintptr_t)to, .event_size = size, .count = count,
	};

	return ioctl(fd, JAILHOUSE_IOC_READ_EVENTS, &q) ? -errno : (int)q.count;
}

short poll_events(int fd, int milliseconds)
{
	struct pollfd entry = { .fd = fd, .events = POLLIN };

	assert_in_range(poll(&entry, 1, milliseconds), 0, 1);
	return entry.revents;
}

struct jailhouse_ioc_event expect_event(int fd, uint32_t type, uint32_t id, int state)
{
	struct jailhouse_ioc_event event = {0};
	int count;

	while ((count = read_events(fd, &event, sizeof(event), 1)) == 0)
		assert_int_equal(poll_events(fd, 3000), POLLIN);
	assert_int_equal(count, 1);
	if (event.type != type || event.cell != id || event.state != state)
		fail_msg("event %u of cell %u, state %d, instead of %u, %u, %d", event.type, event.cell,
			 event.state, type, id, state);
	assert_int_equal(event.reserved, 0);
	return event;
}

void expect_no_event(int fd)
{
	struct jailhouse_ioc_event event;

	assert_int_equal(read_events(fd, &event, sizeof(event), 1), 0);
	assert_int_equal(poll_events(fd, 0), 0);
}

void events_come_in_order(void **state)
{
	struct small_cell config = small_cell("bad", 3);
	struct jailhouse_ioc_event first, event;
	struct jailhouse_reason reason;
	int fd = open_events();
	uint32_t id;

	(void)state;
	expect_no_event(fd);
	id = must_run(&config, &test_arch.violation);
	first = expect_event(fd, JAILHOUSE_EVENT_CREATED, id, JAILHOUSE_CELL_SHUT_DOWN);
	assert_string_equal(first.name, "bad");
	assert_true(first.time > 0);
	expect_event(fd, JAILHOUSE_EVENT_LOADED, id, JAILHOUSE_CELL_SHUT_DOWN);
	expect_event(fd, JAILHOUSE_EVENT_STARTED, id, JAILHOUSE_CELL_RUNNING);
	event = expect_event(fd, JAILHOUSE_EVENT_FAILED, id, JAILHOUSE_CELL_FAILED);
	assert_string_equal(event.name, "bad");
	assert_int_equal(event.cpu, 3);
	assert_int_equal(event.reason.code, test_arch.violation_reason);
	assert_int_equal(event.reason.arg[1], test_arch.violation_address);
	assert_true(event.time >= first.time);
	assert_int_equal(cell_call(JAILHOUSE_IOC_CELL_SHUTDOWN, id, &reason), 0);
	expect_event(fd, JAILHOUSE_EVENT_STATE, id, JAILHOUSE_CELL_SHUT_DOWN);
	/* A request that is refused is no event, a load that fails half-way is one. */
	assert_int_equal(cell_call(JAILHOUSE_IOC_CELL_START, id + 1, &reason), -ENOENT);
	assert_int_equal(load(id, "x", 1, 0xdead0000, &reason), -EINVAL);
	event = expect_event(fd, JAILHOUSE_EVENT_STATE, id, JAILHOUSE_CELL_SHUT_DOWN);
	assert_int_equal(event.reason.code, reason.code);
	must_destroy(id);
	event = expect_event(fd, JAILHOUSE_EVENT_DESTROYED, id, JAILHOUSE_CELL_SHUT_DOWN);
	assert_int_equal(event.seq, first.seq + 6);
	expect_no_event(fd);
	close(fd);
}

/* Nobody waits or reads while it fails: that is told before what is done about it, all the same. */
void unseen_failure_comes_before_the_restart(void **state)
{
	struct small_cell config = small_cell("bad", 3);
	uint32_t id = must_create(&config);
	struct jailhouse_reason reason;
	int fd = open_events();
	char path[96];

	(void)state;
	must_load(id, &test_arch.violation);
	snprintf(path, sizeof(path), SYSFS "/cells/%u/state", id);
	for (int round = 0; round < 2; round++) {
		assert_int_equal(cell_call(JAILHOUSE_IOC_CELL_START, id, &reason), 0);
		for (int n = 0; n < 300 && strcmp(guest_first_line(path), "failed"); n++)
			usleep(10000);
		assert_string_equal(guest_first_line(path), "failed");
	}
	must_destroy(id);
	expect_event(fd, JAILHOUSE_EVENT_LOADED, id, JAILHOUSE_CELL_SHUT_DOWN);
	for (int round = 0; round < 2; round++) {
		expect_event(fd, JAILHOUSE_EVENT_STARTED, id, JAILHOUSE_CELL_RUNNING);
		expect_event(fd, JAILHOUSE_EVENT_FAILED, id, JAILHOUSE_CELL_FAILED);
	}
	expect_event(fd, JAILHOUSE_EVENT_DESTROYED, id, JAILHOUSE_CELL_SHUT_DOWN);
	close(fd);
}

void late_reader_is_told_how_much_is_lost(void **state)
{
	struct small_cell config = small_cell("test", 3);
	uint32_t id = must_create(&config);
	struct jailhouse_ioc_event table[300];
	int late = open_events(), quick = open_events();
	struct jailhouse_reason reason;

	(void)state;
	for (int n = 0; n < 280; n++) {
		assert_int_equal(cell_call(JAILHOUSE_IOC_CELL_SHUTDOWN, id, &reason), 0);
		expect_event(quick, JAILHOUSE_EVENT_STATE, id, JAILHOUSE_CELL_SHUT_DOWN);
	}
	expect_no_event(quick);
	assert_int_equal(poll_events(late, 0), POLLIN);
	/* One that says so, and all that the driver keeps, at once */
	assert_int_equal(read_events(late, table, sizeof(table[0]), 300), 1 + 256);
	assert_int_equal(table[0].type, JAILHOUSE_EVENT_LOST);
	assert_int_equal(table[0].lost, 280 - 256);
	assert_string_equal(table[0].name, "");
	for (int n = 1; n <= 256; n++) {
		assert_int_equal(table[n].type, JAILHOUSE_EVENT_STATE);
		assert_int_equal(table[n].seq, table[0].seq + table[0].lost + (uint64_t)n - 1);
	}
	/* That read could not know that it was the last. */
	expect_no_event(late);
	must_destroy(id);
	close(late);
	close(quick);
}

/* An event is taken when it has reached its reader; and readers may know a larger one. */
void events_reach_only_good_memory(void **state)
{
	struct small_cell config = small_cell("test", 3);
	uint8_t *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct jailhouse_ioc_events ack = { .size = sizeof(ack) };
	struct jailhouse_ioc_event event;
	int fd = open_events();
	uint32_t id = must_create(&config);
	char c;

	(void)state;
	assert_ptr_not_equal(pages, MAP_FAILED);
	munmap(pages + 4096, 4096);
	must_load(id, &test_arch.idle);
	assert_int_equal(read_events(fd, NULL, sizeof(event), 1), -EFAULT);
	assert_int_equal(read_events(fd, (void *)-128L, sizeof(event), 0xffffffff), -EFAULT);
	assert_int_equal(read_events(fd, pages + 4096 - 64, sizeof(event), 1), -EFAULT);
	assert_int_equal(read_events(fd, pages + 4096 - 128, 136, 1), -EFAULT);
	assert_int_equal(read_events(fd, pages, sizeof(event), 0), 0);
	assert_int_equal(poll_events(fd, 0), POLLIN);
	memset(pages, 0xee, 4096);
	/* The second one does not fit and stays. */
	assert_int_equal(read_events(fd, pages + 4096 - 200, 136, 0xffffffff), 1);
	memcpy(&event, pages + 4096 - 200, sizeof(event));
	assert_int_equal(event.type, JAILHOUSE_EVENT_CREATED);
	for (int n = 128; n < 136; n++)
		assert_int_equal(pages[4096 - 200 + n], 0);
	expect_event(fd, JAILHOUSE_EVENT_LOADED, id, JAILHOUSE_CELL_SHUT_DOWN);
	/* Of the console such a file knows nothing. */
	assert_int_equal(read(fd, &c, 1), -1);
	assert_int_equal(errno, EINVAL);
	must_destroy(id);
	assert_int_equal(poll_events(fd, 0), POLLIN);
	assert_int_equal(ioctl(fd, JAILHOUSE_IOC_ACK_EVENTS, &ack), 0);
	expect_no_event(fd);
	munmap(pages, 4096);
	close(fd);
}
