/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the tests of simulated machines share: the emulated PC and its cells. */
#ifndef TESTS_SIM_SETUP_H
#define TESTS_SIM_SETUP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include <jailhouse/cell-config.h>
#include <jailhouse/hypercall.h>
#include <jailhouse/sim.h>

/* A configuration that the build made: "x86/qemu-q35". */
struct sim_blob {
	size_t size;
	_Alignas(8) unsigned char data[16384];
};

static inline struct sim_blob sim_read(const char *name)
{
	struct sim_blob blob;
	char path[512];
	FILE *from;

	snprintf(path, sizeof(path), "%s/%s.cell", BOARDS, name);
	from = fopen(path, "rb");
	if (!from)
		fail_msg("%s cannot be read", path);
	blob.size = fread(blob.data, 1, sizeof(blob.data), from);
	fclose(from);
	return blob;
}

#define sim_ok(result) sim_expect_ok((result), &error, #result, __FILE__, __LINE__)
static inline void sim_expect_ok(int result, const struct jailhouse_error *error, const char *what,
				 const char *file, int line)
{
	if (result >= 0)
		return;
	print_error("%s gave %s: %s\n", what, jailhouse_code_get_name(result), error->text);
	_fail(file, line);
}

static inline void sim_enable_board(struct jailhouse *jh, const char *name, uint32_t flags)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct sim_blob blob = sim_read(name);

	sim_ok(jailhouse_enable(jh, blob.data, blob.size, flags, &error));
}

/* Creates a cell, loads an image for the simulation at 0, starts it. */
static inline uint32_t sim_run(struct jailhouse *jh, const char *cell, const char *guest)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct sim_blob blob = sim_read(cell);
	struct jailhouse_image image;
	char text[160];
	uint32_t id;

	snprintf(text, sizeof(text), JAILHOUSE_SIM_IMAGE_MARK " %s\n", guest);
	image.address = 0;
	image.data = text;
	image.size = strlen(text);
	sim_ok(jailhouse_cell_create(jh, blob.data, blob.size, &id, &error));
	sim_ok(jailhouse_cell_load(jh, id, &image, 1, &error));
	sim_ok(jailhouse_cell_start(jh, id, &error));
	return id;
}

static inline int sim_state(struct jailhouse *jh, uint32_t id)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_cell *cell;
	int state;

	sim_ok(jailhouse_cell_get_by_id(jh, id, &cell, &error));
	state = jailhouse_cell_get_state(cell);
	jailhouse_cell_free(cell);
	return state;
}

/* Waits by the monitor; ten seconds are enough for the slowest host. */
static inline void sim_wait_state(struct jailhouse *jh, uint32_t id, int state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_monitor *monitor;

	sim_ok(jailhouse_monitor_open(jh, &monitor, &error));
	for (;;) {
		sim_ok(jailhouse_monitor_acknowledge(monitor, NULL, &error));
		if (sim_state(jh, id) == state)
			break;
		if (jailhouse_monitor_wait(monitor, 10000, &error) != 1)
			fail_msg("cell %u is \"%s\"", id,
				 jailhouse_state_get_name(sim_state(jh, id)));
	}
	jailhouse_monitor_close(monitor);
}

#endif /* !TESTS_SIM_SETUP_H */
