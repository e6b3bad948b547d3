/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the test programs of the emulated machine share. All functions end the running test with a
 * message when something does not work, so callers need not check.
 */
#ifndef TESTS_SYSTEM_GUEST_H
#define TESTS_SYSTEM_GUEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jailhouse/jailhouse.h>
#include "machine.h"

#define GUEST_MODULE "/lib/modules/jailhouse.ko"
#define GUEST_SYSTEM (guest_machine()->system)

/* A library call that must succeed: guest_ok(jailhouse_disable(jh, &error), &error). */
#define guest_ok(result, error) guest_expect_ok((result), (error), #result, __FILE__, __LINE__)
void guest_expect_ok(int result, const struct jailhouse_error *error, const char *what,
		     const char *file, int line);

/* A file of the machine in memory. */
struct guest_file {
	void *data;
	size_t size;
};
/* The file at a path; free with guest_file_free(). */
struct guest_file guest_file_read(const char *path);
/* The configuration of that name (without .cell), or the inmate (without .bin). */
struct guest_file guest_config_read(const char *name);
struct guest_file guest_inmate_read(const char *name);
void guest_file_free(struct guest_file *file);

/* Opens the driver, or the simulated machine that the program was built for. */
int guest_open(struct jailhouse **ret_jh, struct jailhouse_error *error);
/* Is there a driver that can be loaded and unloaded? */
bool guest_has_module(void);

/* Load and unload the driver. The result of the latter is 0 or a negative errno. */
void guest_insmod(void);
int guest_rmmod(void);
/*
 * Unload it when nothing needs it any more. On ARMv7 it has to stay once Linux has taken a CPU back under the
 * hypervisor, and has said so. Returns 0 if all is as it should be.
 */
int guest_rmmod_at_end(void);

/* Milliseconds since some moment in the past; never set. */
int64_t guest_now_ms(void);
/* The caller runs on that CPU from now on. */
void guest_pin(unsigned int cpu);

/* First line of a file of sysfs or procfs, without its newline; overwritten by the next call. */
const char *guest_first_line(const char *path);
/* The CPUs that Linux has, as a list: "0-3". */
const char *guest_online_cpus(void);

/* Enable with the configuration of that name (GUEST_SYSTEM for the machine's own). */
void guest_enable(struct jailhouse *jh, const char *config);
/* Disable, which no cell may refuse. */
void guest_disable(struct jailhouse *jh);
/* For the end of a test, whatever it left; cells that are locked give in once they were asked. Says why not. */
int guest_disable_at_end(struct jailhouse *jh);
/* Create a cell from a configuration, load the inmate at address 0 (NULL: none); returns its id. */
uint32_t guest_cell_make(struct jailhouse *jh, const char *config, const char *inmate);
/* The same for one of the machine's cells. */
uint32_t guest_cell_make_from(struct jailhouse *jh, const struct guest_cell *cell);
/* State of a cell: JAILHOUSE_CELL_... */
int guest_cell_state(struct jailhouse *jh, uint32_t id);
/* Wait until a cell has a state; at most 10 seconds. */
void guest_cell_wait_state(struct jailhouse *jh, uint32_t id, int state);
/* A counter of a cell, such as "vmexits_total", over its CPUs. */
uint64_t guest_exits(struct jailhouse *jh, uint32_t id, const char *counter);
/* Pages of the hypervisor's pool in use. */
uint32_t guest_pool_used(struct jailhouse *jh);

#endif /* !TESTS_SYSTEM_GUEST_H */
