/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Several threads on one handle. Its value lies in runs under ThreadSanitizer; without, it still finds
 * results of one thread in the hands of another. The operating system here is stateless.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <jailhouse/ioctl.h>

#include "os.h"
#include "unit.h"

#define NUM_THREADS 4
#define NUM_ROUNDS  2000

int jh_os_open(const char *path, int flags)
{
	(void)path;
	(void)flags;
	return 10;
}

void jh_os_close(int fd)
{
	(void)fd;
}

ssize_t jh_os_read(int fd, void *buffer, size_t size)
{
	(void)fd;
	(void)buffer;
	(void)size;
	return -EAGAIN;
}

int jh_os_poll(int fd, short events, int timeout_ms, short *ret_revents)
{
	(void)fd;
	(void)events;
	(void)timeout_ms;
	(void)ret_revents;
	return 0;
}

const char *jh_os_root(void)
{
	return NULL;
}

int jh_os_machine(char *buffer, size_t size)
{
	snprintf(buffer, size, "aarch64");
	return 0;
}

/* Each start is refused with a reason that repeats the id. */
int jh_os_ioctl(int fd, unsigned long request, void *arg)
{
	struct jailhouse_ioc_cell *cell = arg;

	(void)fd;
	if (request == JAILHOUSE_IOC_GET_INFO) {
		((struct jailhouse_ioc_info *)arg)->abi = 1;
		return 0;
	}
	cell->reason.code = JAILHOUSE_REASON_CELL_UNKNOWN;
	cell->reason.item = JAILHOUSE_ITEM_CELL;
	cell->reason.index = cell->cell_id.id;
	return -ENOENT;
}

struct worker {
	pthread_t thread;
	struct jailhouse *jh;
	uint32_t id;
	int wrong;
};

static void count_lines(void *user, int level, const char *message)
{
	int *lines = user;

	(void)level;
	(void)message;
	__atomic_fetch_add(lines, 1, __ATOMIC_RELAXED);
}

static void *work(void *arg)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct worker *worker = arg;
	char expected[40];
	int round;

	snprintf(expected, sizeof(expected), "there is no cell %u", worker->id);
	for (round = 0; round < NUM_ROUNDS; round++)
		if (jailhouse_cell_start(worker->jh, worker->id, &error) !=
			    JAILHOUSE_ERR_NOT_FOUND ||
		    error.index != worker->id || strcmp(error.text, expected) != 0)
			worker->wrong++;
	return NULL;
}

static void threads_get_their_own_errors(void **state)
{
	struct worker workers[NUM_THREADS] = {0};
	struct jailhouse *jh;
	int lines = 0;
	int n;

	(void)state;
	assert_int_equal(jailhouse_open(NULL, &jh, NULL), 0);
	for (n = 0; n < NUM_THREADS; n++) {
		workers[n].jh = jh;
		workers[n].id = n + 1;
		assert_int_equal(
			pthread_create(&workers[n].thread, NULL, work, &workers[n]), 0);
	}
	for (n = 0; n < NUM_ROUNDS; n++)
		jailhouse_set_log_callback(jh, JAILHOUSE_LOG_DEBUG, n % 2 ? NULL : count_lines,
					   &lines);
	for (n = 0; n < NUM_THREADS; n++) {
		assert_int_equal(pthread_join(workers[n].thread, NULL), 0);
		assert_int_equal(workers[n].wrong, 0);
	}
	jailhouse_close(jh);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_get_their_own_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
