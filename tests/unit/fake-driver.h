/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A small model of our driver with a machine of four CPUs behind it, linked in place of lib/os.c. It
 * keeps state, so that a life cycle can run on it, and refuses with reasons as the driver would. For
 * what the library and the command line make of it; what a driver must do is tested elsewhere.
 */
#ifndef TESTS_FAKE_DRIVER_H
#define TESTS_FAKE_DRIVER_H

#include <stdbool.h>
#include <stdint.h>

#include <jailhouse/info.h>

#define FAKE_NUM_CPUS 4

/* Nothing enabled, all permitted, no text. */
void fake_reset(void);

/* open() of the node fails with this errno from now on; 0: it works. */
void fake_set_open_error(int error);

/*
 * Another machine than "x86_64", as uname() names it, and one that has files below a directory; NULL
 * for neither. Not copied.
 */
void fake_set_host(const char *machine, const char *root);

/* A legacy driver answers: the new ioctls give ENOTTY. The model itself stays as it is. */
void fake_set_legacy(bool legacy);

/* The next shutdown of this cell is denied. */
void fake_deny_shutdown(uint32_t id);

/* Cells that are created from now on deny their first shutdown. */
void fake_set_reluctant(bool reluctant);

/* The cell writes its state itself. */
void fake_set_cell_state(uint32_t id, int state);

/* Stops a CPU of a cell with this record; cpu and cell are filled in. */
void fake_fail_cpu(uint32_t cpu, const struct jailhouse_cpu_record *record);

/* Counts exits of a CPU. */
void fake_count(uint32_t cpu, unsigned int counter, uint32_t value);

/* Records an access in learning mode. */
void fake_learn(const struct jailhouse_learned *access);

/* Appends to the console. */
void fake_print(const char *text);

/*
 * Registers that the driver finds (not copied), of CPUs 0 to 3 and of none, and why ENABLE would refuse the machine
 * (NULL: it would not). Without: an older driver, which does not know the request.
 */
struct jailhouse_ioc_register;
void fake_set_hardware(const struct jailhouse_ioc_register *regs, uint32_t count,
		       const struct jailhouse_reason *verdict);

/* Isolation of the machine, JAILHOUSE_ISOLATION_...; set by fake_reset() to NO_DMA. */
void fake_set_isolation(uint32_t isolation);

/* What the last load put at an address of a cell; NULL if nothing is there. Bytes are kept. */
const char *fake_memory(uint32_t id, uint64_t address);

/* Descriptors that are open; 0 when all were closed. */
int fake_open_files(void);

#endif /* !TESTS_FAKE_DRIVER_H */
