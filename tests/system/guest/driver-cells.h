/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Cells of one page by the ioctls of the driver, with a running hypervisor */
#ifndef TESTS_SYSTEM_DRIVER_CELLS_H
#define TESTS_SYSTEM_DRIVER_CELLS_H

#include "driver-util.h"
#include "small-cells.h"

int cell_call(unsigned long number, uint32_t id, struct jailhouse_reason *reason);
int load(uint32_t id, const void *data, uint64_t size, uint64_t target,
	 struct jailhouse_reason *reason);

uint32_t must_create(const struct small_cell *config);
void must_load(uint32_t id, const struct test_code *code);
void must_destroy(uint32_t id);
/* Create, load and start at once */
uint32_t must_run(const struct small_cell *config, const struct test_code *code);
/* Waits until a cell that runs test_arch.locked says so. */
void must_become_locked(uint32_t id);

/* A test: disable, and look at what is left. */
void hypervisor_leaves(void **state);

#endif /* !TESTS_SYSTEM_DRIVER_CELLS_H */
