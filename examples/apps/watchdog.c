/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Restarts a cell each time it has failed, until the hypervisor is disabled: watchdog CELL
 *
 * Its memory is as the failed program left it; a program that needs its data new has to be loaded again.
 */
#include <stdio.h>
#include <stdlib.h>

#include <jailhouse/jailhouse.h>

/* Why it failed, as far as the driver tells. */
static void print_failures(struct jailhouse *jh, const struct jailhouse_cell *cell)
{
	struct jailhouse_failure *failure;
	uint64_t failed[4];
	unsigned int cpu;

	jailhouse_cell_get_failed_cpus(cell, failed, 4);
	for (cpu = 0; cpu < 4 * 64; cpu++)
		if ((failed[cpu / 64] >> (cpu % 64) & 1) &&
		    jailhouse_failure_get(jh, cpu, &failure, NULL) == 1) {
			printf("CPU %u: %s\n", cpu, jailhouse_failure_get_text(failure));
			jailhouse_failure_free(failure);
		}
}

/* Returns 0, or an error: also if the cell is there no longer. */
static int look(struct jailhouse *jh, const char *name, struct jailhouse_error *error)
{
	struct jailhouse_cell *cell;
	int err;

	err = jailhouse_cell_get_by_name(jh, name, &cell, error);
	if (err)
		return err;
	if (jailhouse_cell_get_state(cell) == JAILHOUSE_CELL_FAILED) {
		print_failures(jh, cell);
		err = jailhouse_cell_start(jh, jailhouse_cell_get_id(cell), error);
		if (!err)
			printf("%s: restarted\n", name);
	}
	jailhouse_cell_free(cell);
	fflush(stdout);
	return err;
}

int main(int argc, char **argv)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_monitor *monitor;
	struct jailhouse *jh;
	int err;

	if (argc < 2) {
		fprintf(stderr, "usage: %s CELL\n", argv[0]);
		return EXIT_FAILURE;
	}
	if (jailhouse_open(NULL, &jh, &error) < 0 ||
	    jailhouse_monitor_open(jh, &monitor, &error) < 0) {
		fprintf(stderr, "%s\n", error.text);
		return EXIT_FAILURE;
	}
	do {
		/* Acknowledge first, then look: a change in between is reported again. */
		err = jailhouse_monitor_acknowledge(monitor, NULL, &error);
		if (!err)
			err = look(jh, argv[1], &error);
		if (!err)
			err = jailhouse_monitor_wait(monitor, -1, &error);
	} while (err >= 0);
	jailhouse_monitor_close(monitor);
	jailhouse_close(jh);
	if (err == JAILHOUSE_ERR_NOT_ENABLED)
		return EXIT_SUCCESS;
	fprintf(stderr, "%s\n", error.text);
	return EXIT_FAILURE;
}
