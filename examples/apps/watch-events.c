/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Prints a line when a cell comes, goes, or changes its state, until the hypervisor is disabled. Waits
 * with poll(), so that it would fit into any event loop.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/jailhouse.h>

/* The cell of that id, NULL if the list has none. */
static const struct jailhouse_cell *find(const struct jailhouse_cells *cells, uint32_t id)
{
	size_t n;

	for (n = 0; n < jailhouse_cells_get_count(cells); n++)
		if (jailhouse_cell_get_id(jailhouse_cells_get_cell(cells, n)) == id)
			return jailhouse_cells_get_cell(cells, n);
	return NULL;
}

/* `before` may be NULL. */
static void compare(const struct jailhouse_cells *before, const struct jailhouse_cells *now)
{
	size_t n;

	for (n = 0; n < jailhouse_cells_get_count(now); n++) {
		const struct jailhouse_cell *cell = jailhouse_cells_get_cell(now, n);
		const struct jailhouse_cell *old = find(before, jailhouse_cell_get_id(cell));

		if (!old || jailhouse_cell_get_state(old) != jailhouse_cell_get_state(cell))
			printf("%s: %s\n", jailhouse_cell_get_name(cell),
			       jailhouse_state_get_name(jailhouse_cell_get_state(cell)));
	}
	for (n = 0; n < jailhouse_cells_get_count(before); n++) {
		const struct jailhouse_cell *cell = jailhouse_cells_get_cell(before, n);

		if (!find(now, jailhouse_cell_get_id(cell)))
			printf("%s: destroyed\n", jailhouse_cell_get_name(cell));
	}
	fflush(stdout);
}

/* Returns 0 when the hypervisor was disabled, or an error. */
static int watch(struct jailhouse *jh, struct jailhouse_monitor *monitor,
		 struct jailhouse_error *error)
{
	struct jailhouse_cells *before = NULL, *now;
	struct pollfd pfd;
	int err;

	memset(&pfd, 0, sizeof(pfd));
	pfd.fd = jailhouse_monitor_get_fd(monitor);
	pfd.events = jailhouse_monitor_get_poll_events(monitor);
	do {
		/* Acknowledge first, then look: a change in between is reported again. */
		err = jailhouse_monitor_acknowledge(monitor, NULL, error);
		if (!err)
			err = jailhouse_cells_get(jh, &now, error);
		if (err)
			break;
		compare(before, now);
		jailhouse_cells_free(before);
		before = now;
	} while (jailhouse_cells_get_count(now) > 0 && poll(&pfd, 1, -1) > 0);
	jailhouse_cells_free(before);
	return err;
}

int main(void)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_monitor *monitor;
	struct jailhouse *jh;
	int err;

	if (jailhouse_open(NULL, &jh, &error) < 0 ||
	    jailhouse_monitor_open(jh, &monitor, &error) < 0) {
		fprintf(stderr, "%s\n", error.text);
		return EXIT_FAILURE;
	}
	err = watch(jh, monitor, &error);
	if (err)
		fprintf(stderr, "%s\n", error.text);
	jailhouse_monitor_close(monitor);
	jailhouse_close(jh);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
