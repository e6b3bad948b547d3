/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Configurations of cells of one page, made on the spot */
#ifndef TESTS_SYSTEM_SMALL_CELLS_H
#define TESTS_SYSTEM_SMALL_CELLS_H

#include "driver-arch.h"
#include "guest.h"

/* One page of RAM at 0, the communication region behind it, and room for a PCI device */
struct small_cell {
	struct jailhouse_cell_desc cell;
	uint8_t cpus[8];
	struct jailhouse_memory memory[2];
	struct jailhouse_pci_device device;
} JAILHOUSE_PACKED;

/* @cpu also picks the page. */
struct small_cell small_cell(const char *name, unsigned int cpu);

#endif /* !TESTS_SYSTEM_SMALL_CELLS_H */
