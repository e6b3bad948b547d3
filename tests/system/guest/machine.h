/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the test programs have to know of the machine that they run on. All that differs between the
 * machines of tests/system/machines.list stands here: one row each.
 */
#ifndef TESTS_SYSTEM_MACHINE_H
#define TESTS_SYSTEM_MACHINE_H

#include <stdint.h>

/* A cell: the names of its configuration (without .cell) and of the inmate for it (without .bin) */
struct guest_cell {
	const char *config;
	const char *inmate;
};

struct guest_machine {
	const char *name;   /* as in the list */
	const char *system; /* configuration of the machine itself */
	const char *cpus;   /* all of its CPUs, as Linux lists them */

	uint64_t linux_ram;  /* some MiB of Linux' RAM, without holes */
	uint64_t reserved;   /* RAM that its kernel command line sets aside; Linux' own is before it */
	uint64_t ram_behind; /* and there behind it; 0: the machine has no more RAM */
	uint64_t hypervisor, hypervisor_size; /* part of the reserved RAM, as in the configuration */
	uint64_t cells;			      /* 16 MiB of it that are for cells */

	/* A cell that grants whatever it is asked */
	struct guest_cell tiny;
	/* A cell that locks itself once it runs, and denies its first shutdown; beside the other one */
	struct guest_cell demo;
	/* A cell that lets a light blink, where there is one */
	struct guest_cell light;

	/* Cells for the hostile inmate: CPU 2; CPUs 1 and 2; and one that only lives, on CPU 3 */
	const char *hostile, *hostile_smp, *heart;
	const char *hostile_parameters; /* for the inmate */
	const char *features;		/* what it has of that which attacks may need, comma-separated */
};

/* The machine that this program runs on; ends the program if it has no row. */
const struct guest_machine *guest_machine(void);

#endif /* !TESTS_SYSTEM_MACHINE_H */
