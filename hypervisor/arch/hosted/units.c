// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The table of units: PCI and IVSHMEM between two that the owner of the machine may fill. */
#include <hypervisor/ivshmem.h>
#include <hypervisor/pci.h>
#include <hypervisor/unit.h>
#include "hosted-internal.h"

/* Each function calls that of the machine's setup, if there is one. */
#define CALL(m, which, function, none, ...) \
	(machine_hw(m)->setup.which.function ? machine_hw(m)->setup.which.function(__VA_ARGS__) : (none))

#define DEFINE_UNIT(which)                                                                                     \
	static int which##_init(struct machine *m)                                                             \
	{                                                                                                      \
		return CALL(m, which, init, 0, m);                                                             \
	}                                                                                                      \
	static void which##_shutdown(struct machine *m)                                                        \
	{                                                                                                      \
		CALL(m, which, shutdown, (void)0, m);                                                          \
	}                                                                                                      \
	static int which##_cell_check(struct machine *m, const struct jailhouse_cell_desc *config, bool root)  \
	{                                                                                                      \
		return CALL(m, which, cell_check, 0, m, config, root);                                         \
	}                                                                                                      \
	static int which##_cell_init(struct cell *cell)                                                        \
	{                                                                                                      \
		return CALL(cell->machine, which, cell_init, 0, cell);                                         \
	}                                                                                                      \
	static void which##_cell_exit(struct cell *cell)                                                       \
	{                                                                                                      \
		CALL(cell->machine, which, cell_exit, (void)0, cell);                                          \
	}                                                                                                      \
	static void which##_cell_reset(struct cell *cell)                                                      \
	{                                                                                                      \
		CALL(cell->machine, which, cell_reset, (void)0, cell);                                         \
	}                                                                                                      \
	static const struct unit which##_unit = {                                                              \
		.name = #which,                                                                                \
		.init = which##_init,                                                                          \
		.shutdown = which##_shutdown,                                                                  \
		.cell_check = which##_cell_check,                                                              \
		.cell_init = which##_cell_init,                                                                \
		.cell_exit = which##_cell_exit,                                                                \
		.cell_reset = which##_cell_reset,                                                              \
	}

DEFINE_UNIT(first);
DEFINE_UNIT(last);

const struct unit *const arch_units[] = { &first_unit, &pci_unit, &ivshmem_unit, &last_unit, NULL };
