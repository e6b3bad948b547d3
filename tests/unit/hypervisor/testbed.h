/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the tests of the hypervisor's core share: configurations to start from, a machine that runs, snapshots. */
#ifndef TESTBED_H
#define TESTBED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <hypervisor/machine.h>
#include <hosted.h>
#include "configs.h"
#include "translation.h"

/* ---- a machine ---- */

/* Polls its communication region at 1 MiB and answers as told. All members are atomic. */
struct inmate {
	u32 on_shutdown;   /* JAILHOUSE_MSG_... to reply with; NONE: silent */
	u32 silent_on_info;
	u32 rounds;	   /* counts polls */
	u32 shutdown_seen; /* requests */
	u32 info_seen;
};

/* What an inmate finds at address 0, see image_run(). */
struct image {
	u32 starts;
	u64 found;
	u32 left;
};

struct testbed {
	struct hosted_setup setup;
	struct config root;
	struct hosted_machine *hw;
	struct machine *m;
	u8 *registers; /* host address of DEVICE_PAGE, two pages */
	/* What cells use lives as long as the machine: it goes on running after the end of a test. */
	struct inmate inmates[2];
	struct image image;
	u32 flag;
};

/* Default setup and root configuration, to be changed before testbed_start. */
void testbed_init(struct testbed *tb);
/* Builds the machine without starting the hypervisor. */
void testbed_build(struct testbed *tb);
/* The same with the hypervisor running. */
void testbed_start(struct testbed *tb);
int testbed_enable(struct testbed *tb);
void testbed_stop(struct testbed *tb);

/* A hypercall on CPU 0, repeated while it says -EAGAIN (for some seconds of real time). */
long manage(struct testbed *tb, unsigned long code, unsigned long arg);
/* One try. */
long manage_once(struct testbed *tb, unsigned long code, unsigned long arg);
/* Puts the configuration into Linux' memory and creates the cell; its CPUs are parked then. */
long create(struct testbed *tb, const struct config *config);
void put_config(struct testbed *tb, const struct config *config);
#define start(tb, id)	     manage(tb, JAILHOUSE_HC_CELL_START, id)
#define set_loadable(tb, id) manage(tb, JAILHOUSE_HC_CELL_SET_LOADABLE, id)
#define destroy(tb, id)	     manage(tb, JAILHOUSE_HC_CELL_DESTROY, id)

/* Accesses by Linux. False: the CPU was stopped. */
bool linux_load(struct testbed *tb, unsigned int cpu, u64 address, unsigned int size, u64 *value);
bool linux_store(struct testbed *tb, unsigned int cpu, u64 address, unsigned int size, u64 value);
/* Fails the test if Linux on that CPU cannot read a byte there; so its translation is remembered. */
#define assert_linux_reads(tb, cpu, address)        \
	do {                                        \
		u64 byte;                           \
		assert_true(linux_load(tb, cpu, address, 1, &byte)); \
	} while (0)
/* Fails unless reading stops that CPU for an access to unassigned memory. */
#define assert_linux_stopped(tb, cpu, address) check_stopped(tb, cpu, address, __FILE__, __LINE__)
void check_stopped(struct testbed *tb, unsigned int cpu, u64 address, const char *file, int line);

/* What the cell's communication region says; by the hypervisor's eyes. */
struct jailhouse_comm_region *comm_of(struct testbed *tb, u32 id);

/* Fails the test unless the last refusal was this one. */
#define assert_reason(tb, name, item, index) check_reason(tb, JAILHOUSE_REASON_##name, item, index, __FILE__, __LINE__)
void check_reason(const struct testbed *tb, u32 code, u32 item, u32 index, const char *file, int line);
/* The arguments of the last refusal. */
#define assert_args(tb, a0, a1, a2, a3) check_args(tb, a0, a1, a2, a3, __FILE__, __LINE__)
void check_args(const struct testbed *tb, u64 a0, u64 a1, u64 a2, u64 a3, const char *file, int line);

/* Everything printed so far contains this. Takes the text away. */
#define assert_printed(tb, text) check_printed(tb, text, __FILE__, __LINE__)
void check_printed(struct testbed *tb, const char *text, const char *file, int line);

/* Waits until this is printed, by an enable on another thread. Takes the text away. */
void await_text(struct testbed *tb, const char *text);

/* Lets a time pass that the hypervisor takes for so many milliseconds. */
void skip_ms(const struct testbed *tb, u64 ms);

/* ---- software of cells ---- */

/* A hosted_program; the argument is a struct inmate. */
void inmate_run(struct hosted_cpu *cpu, void *arg);
/* Waits until it has polled once more after now. */
#define assert_alive(inmate) check_alive(inmate, __FILE__, __LINE__)
void check_alive(const struct inmate *inmate, const char *file, int line);
/* Waits until a counter of an inmate (or any other word) has a value. */
#define wait_for(word, value) check_word(word, value, __FILE__, __LINE__)
void check_word(const u32 *word, u32 value, const char *file, int line);

/* ---- snapshots of what a failed request must not change ---- */

struct snapshot {
	unsigned long pool_used;
	struct translation root;
	unsigned int num_cells;
	const struct cell *cells[8];
	const struct cell *owner[HOSTED_MAX_CPUS];
	bool failed[HOSTED_MAX_CPUS];
	enum hosted_cpu_state state[HOSTED_MAX_CPUS];
	unsigned int root_cpus;
	unsigned int num_windows;
	struct mmio_window windows[64];
	unsigned int mapped_devices;
};

void take_snapshot(struct testbed *tb, struct snapshot *snapshot);
#define assert_unchanged(tb, before) check_unchanged(tb, before, __FILE__, __LINE__)
void check_unchanged(struct testbed *tb, const struct snapshot *before, const char *file, int line);
/* Free pages are zero and the used ones are counted right. */
void check_pool(const struct page_pool *pool);

/* ---- for every test of a machine ---- */

/* A testbed in *state, not built yet. */
int testbed_setup(void **state);
int testbed_teardown(void **state);

#endif /* !TESTBED_H */
