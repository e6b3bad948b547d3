/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One handle on a simulated machine, and several threads that change it, look at all that there is
 * and follow what happens, at the same time. Its value lies in runs under ThreadSanitizer; without,
 * it finds results that cannot be. With the path of the server as argument the machine is one
 * there.
 */
#include <pthread.h>

#include "sim-server-start.h"

#define SYSTEM "x86/qemu-q35"
#define APIC   "x86/qemu-q35-apic-demo"
#define TINY   "x86/qemu-q35-tiny-demo"
#define CYCLES 20

static const char *uri = "sim:";
static struct jailhouse *jh;
static unsigned int managers; /* that still work */

/* Of threads other than the first nothing of cmocka may be called. */
static void require(int condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "test-sim-threads: %s\n", what);
	abort();
}

struct manager {
	struct sim_blob blob;
	const char *program;
};

/* Cells come and go; the names of the two differ, so neither is in the other's way. */
static void *manage(void *arg)
{
	const struct manager *manager = arg;
	const struct jailhouse_image image = {.data = manager->program,
					      .size = strlen(manager->program)};
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t id;
	int n;

	for (n = 0; n < CYCLES; n++) {
		require(!jailhouse_cell_create(jh, manager->blob.data, manager->blob.size, &id,
					       &error),
			"create");
		require(!jailhouse_cell_load(jh, id, &image, 1, &error), "load");
		require(!jailhouse_cell_start(jh, id, &error), "start");
		require(!jailhouse_cell_shutdown(jh, id, &error), "shutdown");
		require(!jailhouse_cell_destroy(jh, id, &error), "destroy");
	}
	__atomic_fetch_sub(&managers, 1, __ATOMIC_RELEASE);
	return NULL;
}

static int managed(void)
{
	return __atomic_load_n(&managers, __ATOMIC_ACQUIRE) != 0;
}

static void look_at_cell(const struct jailhouse_cell *cell)
{
	static _Thread_local unsigned char config[16384];
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t id = jailhouse_cell_get_id(cell);
	struct jailhouse_stats *stats;
	size_t size;
	int err;

	/* It may be gone meanwhile. */
	err = jailhouse_stats_get(jh, id, &stats, &error);
	require(!err || err == JAILHOUSE_ERR_NOT_FOUND, "statistics");
	if (!err)
		jailhouse_stats_free(stats);
	if (id == 0)
		return;
	err = jailhouse_cell_get_config(jh, id, config, sizeof(config), &size, &error);
	require(!err || err == JAILHOUSE_ERR_NOT_FOUND, "configuration");
}

static void *look(void *arg)
{
	struct jailhouse_system_info info = JAILHOUSE_SYSTEM_INFO_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_failure *failure;
	struct jailhouse_cells *cells;
	uint32_t cpu;
	size_t n;
	int err;

	(void)arg;
	while (managed()) {
		require(!jailhouse_cells_get(jh, &cells, &error), "cells");
		require(jailhouse_cells_get_count(cells) >= 1, "the root cell is missing");
		for (n = 0; n < jailhouse_cells_get_count(cells); n++)
			look_at_cell(jailhouse_cells_get_cell(cells, n));
		jailhouse_cells_free(cells);
		require(!jailhouse_get_system_info(jh, &info, &error), "information");
		require(info.num_cells >= 1 && info.num_cells <= 3, "the number of cells");
		for (cpu = 0; cpu < 4; cpu++) {
			err = jailhouse_failure_get(jh, cpu, &failure, &error);
			require(!err, "a CPU has failed, or cannot be looked at");
		}
	}
	return NULL;
}

/* Each event is followed by the next one, and each of a cell's life by one that may follow it. */
static void *follow(void *arg)
{
	struct jailhouse_monitor *monitor = arg;
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	unsigned int destroyed = 0;
	uint64_t seq = 0;
	int ret;

	while (destroyed < 2 * CYCLES) {
		ret = jailhouse_monitor_read(monitor, &event, &error);
		require(ret >= 0, "event");
		if (!ret) {
			require(jailhouse_monitor_wait(monitor, 10000, &error) == 1, "no event");
			continue;
		}
		require(!seq || event.seq == seq + 1, "an event is missing");
		seq = event.seq;
		destroyed += event.type == JAILHOUSE_EVENT_DESTROYED;
	}
	return NULL;
}

/* Lines of two writers, whole. */
static void *read_console(void *arg)
{
	struct jailhouse_console_reader *reader = arg;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	char text[512];

	while (managed())
		require(jailhouse_console_read(reader, text, sizeof(text), &error) >= 0, "console");
	return NULL;
}

static void all_at_once(void **state)
{
	static struct manager tiny = {.program = JAILHOUSE_SIM_IMAGE_MARK " timer 1\n"};
	static struct manager apic = {.program = JAILHOUSE_SIM_IMAGE_MARK " idle\n"};
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_console_reader *reader;
	struct jailhouse_monitor *monitor;
	pthread_t thread[6];
	size_t n;

	(void)state;
	sim_ok(jailhouse_open(uri, &jh, &error));
	sim_enable_board(jh, SYSTEM, 0);
	sim_ok(jailhouse_monitor_open(jh, &monitor, &error));
	sim_ok(jailhouse_console_open(jh, 0, &reader, &error));
	tiny.blob = sim_read(TINY);
	apic.blob = sim_read(APIC);
	managers = 2;
	assert_int_equal(pthread_create(&thread[0], NULL, manage, &tiny), 0);
	assert_int_equal(pthread_create(&thread[1], NULL, manage, &apic), 0);
	assert_int_equal(pthread_create(&thread[2], NULL, look, NULL), 0);
	assert_int_equal(pthread_create(&thread[3], NULL, look, NULL), 0);
	assert_int_equal(pthread_create(&thread[4], NULL, follow, monitor), 0);
	assert_int_equal(pthread_create(&thread[5], NULL, read_console, reader), 0);
	for (n = 0; n < 6; n++)
		pthread_join(thread[n], NULL);
	jailhouse_console_close(reader);
	jailhouse_monitor_close(monitor);
	sim_ok(jailhouse_disable(jh, &error));
	jailhouse_close(jh);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(all_at_once)};
	int failed;

	if (argc > 1 && !(uri = sim_start_server(argv[1])))
		return EXIT_FAILURE;
	failed = cmocka_run_group_tests_name(uri, tests, NULL, NULL);
	sim_remove_directory(uri);
	return failed;
}
