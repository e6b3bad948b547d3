/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

#define MAX_REFUSALS     8 /* of the end: one of each cell that a test has */
#define STATE_TIMEOUT_MS 10000

/* Where things are installed, unless the build says otherwise */
#ifndef GUEST_CONFIGS
#define GUEST_CONFIGS "/usr/share/jailhouse/cells"
#endif
#ifndef GUEST_INMATES
#define GUEST_INMATES "/usr/libexec/jailhouse/demos"
#endif

void guest_expect_ok(int result, const struct jailhouse_error *error, const char *what,
		     const char *file, int line)
{
	if (result >= 0)
		return;
	print_error("%s:%d: %s gave %s: %s\n", file, line, what, jailhouse_code_get_name(result),
		    error ? error->text : "");
	_fail(file, line);
}

struct guest_file guest_file_read(const char *path)
{
	struct guest_file file = {NULL, 0};
	struct stat info;
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &info) < 0)
		fail_msg("%s: %s", path, strerror(errno));
	file.data = malloc((size_t)info.st_size + 1);
	if (!file.data)
		fail_msg("no memory for %s", path);
	while (file.size < (size_t)info.st_size) {
		got = read(fd, (char *)file.data + file.size, (size_t)info.st_size - file.size);
		if (got <= 0)
			fail_msg("%s: %s", path, got ? strerror(errno) : "ends too early");
		file.size += (size_t)got;
	}
	close(fd);
	return file;
}

static struct guest_file read_named(const char *dir, const char *name, const char *suffix)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s%s", dir, name, suffix);
	return guest_file_read(path);
}

struct guest_file guest_config_read(const char *name)
{
	return read_named(GUEST_CONFIGS, name, ".cell");
}

struct guest_file guest_inmate_read(const char *name)
{
	return read_named(GUEST_INMATES, name, ".bin");
}

void guest_file_free(struct guest_file *file)
{
	free(file->data);
	file->data = NULL;
	file->size = 0;
}

void guest_enable(struct jailhouse *jh, const char *config)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct guest_file file = guest_config_read(config);

	guest_ok(jailhouse_enable(jh, file.data, file.size, 0, &error), &error);
	guest_file_free(&file);
}

void guest_disable(struct jailhouse *jh)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	guest_ok(jailhouse_disable(jh, &error), &error);
}

int guest_disable_at_end(struct jailhouse *jh)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	int tries, err = -1;

	for (tries = 0; tries < MAX_REFUSALS && err < 0; tries++)
		err = jailhouse_disable(jh, &error);
	if (err < 0)
		print_error("disable: %s\n", error.text);
	return err;
}

uint32_t guest_cell_make(struct jailhouse *jh, const char *config, const char *inmate)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct guest_file file = guest_config_read(config);
	struct jailhouse_image image = {0, NULL, 0};
	uint32_t id = 0;

	guest_ok(jailhouse_cell_create(jh, file.data, file.size, &id, &error), &error);
	guest_file_free(&file);
	if (inmate) {
		file = guest_inmate_read(inmate);
		image.data = file.data;
		image.size = file.size;
		guest_ok(jailhouse_cell_load(jh, id, &image, 1, &error), &error);
		guest_file_free(&file);
	}
	return id;
}

uint32_t guest_cell_make_from(struct jailhouse *jh, const struct guest_cell *cell)
{
	return guest_cell_make(jh, cell->config, cell->inmate);
}

int guest_cell_state(struct jailhouse *jh, uint32_t id)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_cell *cell;
	int state;

	guest_ok(jailhouse_cell_get_by_id(jh, id, &cell, &error), &error);
	state = jailhouse_cell_get_state(cell);
	jailhouse_cell_free(cell);
	return state;
}

int64_t guest_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void guest_pin(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		fail_msg("CPU %u: %s", cpu, strerror(errno));
}

void guest_cell_wait_state(struct jailhouse *jh, uint32_t id, int state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	const int64_t end = guest_now_ms() + STATE_TIMEOUT_MS;
	struct jailhouse_monitor *monitor;
	int64_t left = STATE_TIMEOUT_MS;

	guest_ok(jailhouse_monitor_open(jh, &monitor, &error), &error);
	for (;;) {
		/* Before looking, so that no change gets lost. */
		guest_ok(jailhouse_monitor_acknowledge(monitor, NULL, &error), &error);
		if (guest_cell_state(jh, id) == state)
			break;
		left = end - guest_now_ms();
		if (left <= 0)
			fail_msg("cell %u is in state \"%s\", not \"%s\"", id,
				 jailhouse_state_get_name(guest_cell_state(jh, id)),
				 jailhouse_state_get_name(state));
		guest_ok(jailhouse_monitor_wait(monitor, (int)left, &error), &error);
	}
	jailhouse_monitor_close(monitor);
}

uint64_t guest_exits(struct jailhouse *jh, uint32_t id, const char *counter)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_stats *stats;
	uint64_t value = 0;
	bool found = false;
	size_t n;

	guest_ok(jailhouse_stats_get(jh, id, &stats, &error), &error);
	for (n = 0; n < jailhouse_stats_get_num_counters(stats); n++) {
		if (strcmp(jailhouse_stats_get_name(stats, n), counter) != 0)
			continue;
		value = jailhouse_stats_get_sum(stats, n);
		found = true;
	}
	jailhouse_stats_free(stats);
	if (!found)
		fail_msg("there is no counter %s", counter);
	return value;
}

uint32_t guest_pool_used(struct jailhouse *jh)
{
	struct jailhouse_system_info info = JAILHOUSE_SYSTEM_INFO_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	guest_ok(jailhouse_get_system_info(jh, &info, &error), &error);
	return info.mem_pool_used;
}
