/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The whole life of a cell: life-cycle SYSTEM.cell CELL.cell IMAGE
 *
 * Enables the hypervisor, runs IMAGE (loaded at address 0 of the cell) until the cell changes or ten
 * seconds are over, and takes everything back.
 */
#include <stdio.h>
#include <stdlib.h>

#include <jailhouse/jailhouse.h>

struct file {
	size_t size;
	char *data;
};

static int read_file(const char *path, struct file *file)
{
	const size_t limit = 16 << 20;
	FILE *from = fopen(path, "rb");

	file->data = malloc(limit);
	if (!from || !file->data) {
		perror(path);
		if (from)
			fclose(from);
		return -1;
	}
	file->size = fread(file->data, 1, limit, from);
	fclose(from);
	return 0;
}

static int run_cell(const struct file *system, const struct file *cell, const struct file *program)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_image image = {0, program->data, program->size};
	struct jailhouse_monitor *monitor;
	struct jailhouse *jh;
	uint32_t id;

	if (jailhouse_open(NULL, &jh, &error) < 0)
		goto failed;
	if (jailhouse_enable(jh, system->data, system->size, 0, &error) < 0)
		goto close;
	if (jailhouse_cell_create(jh, cell->data, cell->size, &id, &error) < 0)
		goto disable;
	if (jailhouse_monitor_open(jh, &monitor, &error) < 0)
		goto destroy;
	if (jailhouse_cell_load(jh, id, &image, 1, &error) == 0 &&
	    jailhouse_cell_start(jh, id, &error) == 0 &&
	    jailhouse_monitor_acknowledge(monitor, NULL, &error) == 0 &&
	    jailhouse_monitor_wait(monitor, 10000, &error) >= 0)
		jailhouse_cell_shutdown(jh, id, &error);
	jailhouse_monitor_close(monitor);
destroy:
	jailhouse_cell_destroy(jh, id, &error);
disable:
	jailhouse_disable(jh, &error);
close:
	jailhouse_close(jh);
failed:
	/* An error is written on failure only: this is the last one, if there was any. */
	if (error.code < 0)
		fprintf(stderr, "%s\n", error.text);
	return error.code;
}

int main(int argc, char **argv)
{
	struct file files[3] = {{0, NULL}, {0, NULL}, {0, NULL}};
	int result = EXIT_FAILURE;
	int n;

	if (argc != 4) {
		fprintf(stderr, "usage: %s SYSTEM.cell CELL.cell IMAGE\n", argv[0]);
		return EXIT_FAILURE;
	}
	for (n = 0; n < 3; n++)
		if (read_file(argv[n + 1], &files[n]) < 0)
			break;
	if (n == 3 && run_cell(&files[0], &files[1], &files[2]) == 0)
		result = EXIT_SUCCESS;
	for (n = 0; n < 3; n++)
		free(files[n].data);
	return result;
}
