/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How long the whole life of a simulated machine takes, from open to close: bench-sim SYSTEM.cell
 * CELL.cell Prints the median of many in milliseconds. Needs a host that does little else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jailhouse/sim.h>

#define ROUNDS 101

struct blob {
	size_t size;
	unsigned char data[65536];
};

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int read_blob(const char *path, struct blob *blob)
{
	FILE *from = fopen(path, "rb");

	if (!from) {
		perror(path);
		return -1;
	}
	blob->size = fread(blob->data, 1, sizeof(blob->data), from);
	fclose(from);
	return 0;
}

static int live(const struct blob *system, const struct blob *cell, struct jailhouse_error *error)
{
	static const char text[] = JAILHOUSE_SIM_IMAGE_MARK " idle\n";
	const struct jailhouse_image image = {0, text, sizeof(text) - 1};
	struct jailhouse *jh;
	uint32_t id;
	int err = jailhouse_open("sim:", &jh, error);

	if (err)
		return err;
	err = jailhouse_enable(jh, system->data, system->size, 0, error);
	if (!err)
		err = jailhouse_cell_create(jh, cell->data, cell->size, &id, error);
	if (!err)
		err = jailhouse_cell_load(jh, id, &image, 1, error);
	if (!err)
		err = jailhouse_cell_start(jh, id, error);
	if (!err)
		err = jailhouse_cell_shutdown(jh, id, error);
	if (!err)
		err = jailhouse_cell_destroy(jh, id, error);
	if (!err)
		err = jailhouse_disable(jh, error);
	jailhouse_close(jh);
	return err;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	static struct blob system, cell;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	double took[ROUNDS], start;
	int n;

	if (argc != 3 || read_blob(argv[1], &system) || read_blob(argv[2], &cell))
		return EXIT_FAILURE;
	for (n = 0; n < ROUNDS; n++) {
		start = now_ms();
		if (live(&system, &cell, &error)) {
			fprintf(stderr, "%s\n", error.text);
			return EXIT_FAILURE;
		}
		took[n] = now_ms() - start;
	}
	qsort(took, ROUNDS, sizeof(took[0]), compare);
	printf("%.3f\n", took[ROUNDS / 2]);
	return EXIT_SUCCESS;
}
