/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Contract: what the core needs from an architecture about memory and cells. */
#ifndef HYPERVISOR_ARCH_MEMORY_H
#define HYPERVISOR_ARCH_MEMORY_H

#include <hypervisor/machine.h>

/*
 * Called by machine_init_early once the page pool exists: the hypervisor's own tables, CPU features. After it
 * arch_map_device works. Undone by arch_machine_exit.
 */
int arch_machine_init(struct machine *m);
void arch_machine_exit(struct machine *m);
/* After all CPUs are initialized, before the units. */
int arch_machine_init_late(struct machine *m);

/* Bits of a physical address that guests may use. Known after arch_machine_init. */
unsigned int arch_phys_bits(const struct machine *m);

/*
 * Maps device registers into the hypervisor, uncached. NULL without memory, and nothing is left then. Same page twice:
 * same address or another one. on: request holder, or the only CPU at enable.
 */
void *arch_map_device(struct machine *m, u64 phys, unsigned long size);
void arch_unmap_device(struct machine *m, void *virt, unsigned long size);

/*
 * Maps up to ARCH_TEMP_PAGES pages of RAM for this CPU alone until its next call. Cached. Used for guest memory
 * and scrubbing. on: self.
 */
#define ARCH_TEMP_PAGES 16
void *arch_map_temp(struct percpu *cpu, u64 phys, unsigned int pages);

/* One access to a device register at a physical address, inside one page, uncached. on: self. */
void arch_device_access(struct percpu *cpu, u64 phys, struct mmio_access *access);

/* Stage 2 of a new cell: creates cell->stage2 and maps what the architecture adds. Undone by arch_cell_exit. */
int arch_cell_init(struct cell *cell);
void arch_cell_exit(struct cell *cell);

/* Engine flags (PG_...) for a memory region of a configuration. */
unsigned int arch_region_flags(const struct jailhouse_memory *mem);

/*
 * The hypervisor has written guest memory through a mapping of its own. Guests that run without caches must see it.
 * x86: nothing. ARM: cleaned from the caches. on: self.
 */
void arch_memory_written(const void *start, unsigned long size);

/* Fills the architecture's part of the communication region at START. */
void arch_comm_init(struct cell *cell);

/* Ranges that no cell may own or map: interrupt controllers, ... Returns false at the end of the list. */
bool arch_intercepted_range(const struct machine *m, unsigned int n, u64 *start, u64 *size);

/* Checks the architecture's part of a cell configuration; REFUSE with the reason. caller is NULL at enable. */
int arch_config_check(struct machine *m, const struct jailhouse_cell_desc *config, bool root);

#endif /* !HYPERVISOR_ARCH_MEMORY_H */
