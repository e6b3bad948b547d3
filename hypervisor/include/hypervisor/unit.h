/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Units: subsystems of the hypervisor, each with its part in the life of machine and cells. They are set up in the
 * order of the table and undone in reverse from the failing one. A function may be NULL.
 */
#ifndef HYPERVISOR_UNIT_H
#define HYPERVISOR_UNIT_H

#include <hypervisor/machine.h>

struct unit {
	const char *name;
	/* Enable: on one CPU, Linux still runs natively on the others (they wait). Undone by shutdown. */
	int (*init)(struct machine *m);
	/* Hardware goes back to what Linux programmed. */
	void (*shutdown)(struct machine *m);
	/* Checks the unit's part of a configuration; no side effects. Root cell: at enable. */
	int (*cell_check)(struct machine *m, const struct jailhouse_cell_desc *config, bool root);
	/* Moves the unit's resources to a new cell. Root CPUs are stopped, the cell's CPUs do not run it yet. */
	int (*cell_init)(struct cell *cell);
	/* Gives them back. Cannot fail. */
	void (*cell_exit)(struct cell *cell);
	/*
	 * Start or set loadable: devices into reset state. The cell's CPUs are stopped. In reverse order, as with
	 * cell_exit: what interrupts comes before the interrupt controller.
	 */
	void (*cell_reset)(struct cell *cell);
};

/* Ended by NULL; given by the architecture, as data. */
extern const struct unit *const arch_units[];

int units_init(struct machine *m);
void units_shutdown(struct machine *m);
int units_cell_check(struct machine *m, const struct jailhouse_cell_desc *config, bool root);
int units_cell_init(struct cell *cell);
void units_cell_exit(struct cell *cell);
void units_cell_reset(struct cell *cell);

#endif /* !HYPERVISOR_UNIT_H */
