/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Restarts a cell each time it has failed, until the hypervisor is disabled: watchdog CELL
 *
 * Its memory is as the failed program left it; a program that needs its data new has to be loaded again.
 */
#define _POSIX_C_SOURCE 200809L /* nanosleep() */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jailhouse/jailhouse.h>

/* A program that fails at once would keep the machine busy with its restarts, and other readers of events with them. */
#define PAUSE_MS 100

static int restart(struct jailhouse *jh, const char *name, uint32_t id, struct jailhouse_error *error)
{
	const struct timespec pause = {PAUSE_MS / 1000, PAUSE_MS % 1000 * 1000000L};
	int err;

	nanosleep(&pause, NULL);
	err = jailhouse_cell_start(jh, id, error);
	if (!err)
		printf("%s: restarted\n", name);
	fflush(stdout);
	return err;
}

/* It may have failed before we were there, or while events were lost. A cell that is yet to come is no error. */
static int look(struct jailhouse *jh, const char *name, struct jailhouse_error *error)
{
	struct jailhouse_cell *cell;
	int err;

	err = jailhouse_cell_get_by_name(jh, name, &cell, error);
	if (err)
		return err == JAILHOUSE_ERR_NOT_FOUND ? 0 : err;
	if (jailhouse_cell_get_state(cell) == JAILHOUSE_CELL_FAILED)
		err = restart(jh, name, jailhouse_cell_get_id(cell), error);
	jailhouse_cell_free(cell);
	return err;
}

/* Returns 0, or an error; JAILHOUSE_ERR_NOT_ENABLED at the end. */
static int handle(struct jailhouse *jh, const char *name, const struct jailhouse_event *event,
		  struct jailhouse_error *error)
{
	switch (event->type) {
	case JAILHOUSE_EVENT_DISABLED:
		return JAILHOUSE_ERR_NOT_ENABLED;
	case JAILHOUSE_EVENT_LOST:
		return look(jh, name, error);
	case JAILHOUSE_EVENT_FAILED:
		if (strcmp(event->name, name) != 0)
			return 0;
		printf("%s: %s\n", name, event->reason ? event->text : "says that it failed");
		/* Not if somebody was faster: then it has another state by now. */
		return look(jh, name, error);
	default:
		return 0;
	}
}

int main(int argc, char **argv)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;
	struct jailhouse_monitor *monitor;
	struct jailhouse *jh;
	int err;

	if (argc < 2) {
		fprintf(stderr, "usage: %s CELL\n", argv[0]);
		return EXIT_FAILURE;
	}
	/* First the monitor, then a look: what happens in between is an event. */
	if (jailhouse_open(NULL, &jh, &error) < 0 ||
	    jailhouse_monitor_open(jh, &monitor, &error) < 0) {
		fprintf(stderr, "%s\n", error.text);
		return EXIT_FAILURE;
	}
	err = look(jh, argv[1], &error);
	while (err >= 0) {
		err = jailhouse_monitor_wait(monitor, -1, &error);
		if (err == 1)
			err = jailhouse_monitor_read(monitor, &event, &error);
		if (err == 1)
			err = handle(jh, argv[1], &event, &error);
	}
	jailhouse_monitor_close(monitor);
	jailhouse_close(jh);
	if (err == JAILHOUSE_ERR_NOT_ENABLED)
		return EXIT_SUCCESS;
	fprintf(stderr, "%s\n", error.text);
	return EXIT_FAILURE;
}
