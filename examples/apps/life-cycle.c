/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The whole life of a cell: life-cycle SYSTEM.cell CELL.cell PROGRAM
 *
 * Enables the hypervisor, runs PROGRAM (loaded at address 0 of the cell) until the cell changes or ten
 * seconds are over, and takes everything back.
 */
#include <stdio.h>
#include <stdlib.h>

#include <jailhouse/jailhouse.h>

#define MAX_FILE (16 << 20)

static int read_file(const char *path, struct jailhouse_image *image)
{
	FILE *from = fopen(path, "rb");
	void *data = from ? malloc(MAX_FILE) : NULL;

	if (data)
		image->size = fread(data, 1, MAX_FILE, from);
	else
		perror(path);
	if (from)
		fclose(from);
	image->data = data;
	return data ? 0 : -1;
}

static int run_cell(struct jailhouse *jh, uint32_t id, const struct jailhouse_image *program,
		    struct jailhouse_error *error)
{
	struct jailhouse_monitor *monitor;
	int tries = 5;
	int err;

	err = jailhouse_monitor_open(jh, &monitor, error);
	if (err)
		return err;
	err = jailhouse_cell_load(jh, id, program, 1, error);
	if (!err)
		err = jailhouse_cell_start(jh, id, error);
	if (!err)
		err = jailhouse_monitor_acknowledge(monitor, NULL, error);
	/* A second to work in, or less if it ends by itself */
	if (!err)
		err = jailhouse_monitor_wait(monitor, 1000, error);
	/* The cell is asked and may deny, but not for ever. */
	if (err >= 0)
		do
			err = jailhouse_cell_shutdown(jh, id, error);
		while (err == JAILHOUSE_ERR_DENIED && --tries);
	jailhouse_monitor_close(monitor);
	return err;
}

static int run(const struct jailhouse_image files[3], struct jailhouse_error *error)
{
	struct jailhouse *jh;
	uint32_t id;
	int err;

	err = jailhouse_open(NULL, &jh, error);
	if (err)
		return err;
	err = jailhouse_enable(jh, files[0].data, files[0].size, 0, error);
	if (!err) {
		err = jailhouse_cell_create(jh, files[1].data, files[1].size, &id, error);
		if (!err)
			err = run_cell(jh, id, &files[2], error);
		if (!err)
			err = jailhouse_cell_destroy(jh, id, error);
		/* Destroys a cell that is left; only the first error counts. */
		if (jailhouse_disable(jh, err ? NULL : error) && !err)
			err = error->code;
	}
	jailhouse_close(jh);
	return err;
}

int main(int argc, char **argv)
{
	struct jailhouse_image files[3] = {{0, NULL, 0}, {0, NULL, 0}, {0, NULL, 0}};
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	int err = 0;
	int n;

	if (argc != 4) {
		fprintf(stderr, "usage: %s SYSTEM.cell CELL.cell PROGRAM\n", argv[0]);
		return EXIT_FAILURE;
	}
	for (n = 0; n < 3 && !err; n++)
		err = read_file(argv[n + 1], &files[n]);
	if (!err && (err = run(files, &error)) != 0)
		fprintf(stderr, "%s\n", error.text);
	for (n = 0; n < 3; n++)
		free((void *)files[n].data);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
