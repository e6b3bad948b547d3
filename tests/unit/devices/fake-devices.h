/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A machine for unit tests of the device units: four CPUs, a root cell and one more, both built
 * from configurations that the test assembles. The page pool and the map of trapped windows are the
 * real ones; PCI functions are models.
 */
#ifndef FAKE_DEVICES_H
#define FAKE_DEVICES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../fake-core.h"
#include <hypervisor/unit.h>
#include <hypervisor/pci.h>

#define FAKE_CPUS      4
#define FAKE_POOL      32 /* pages */
#define FAKE_FUNCTIONS 6
#define FAKE_HV_PHYS   0x3a000000ULL
#define FAKE_MMCONFIG  0xb0000000ULL

/* A PCI function. Its registers behave like memory, but for what fake-pci.c knows about resets and
 * base addresses. */
struct fake_function {
	bool present;
	u16 bdf;
	u8 space[4096];
	u32 bar_mask[6]; /* writable bits of the hardware */
	u8 msi, msix, pcie, af, pm;
	u64 busy_until;         /* in a reset */
	bool stuck;             /* transactions never end */
	unsigned int resets;    /* of any kind */
	unsigned int disturbed; /* accesses during a reset */
	u16 command_at_reset;
	unsigned int writes;
};

struct fake_config {
	const struct jailhouse_memory *mem;
	unsigned int num_mem;
	const struct jailhouse_irqchip *irqchips;
	unsigned int num_irqchips;
	const struct jailhouse_pio *pio;
	unsigned int num_pio;
	const struct jailhouse_pci_device *pci;
	unsigned int num_pci;
	const struct jailhouse_pci_capability *caps;
	unsigned int num_caps;
};

struct fake {
	struct machine machine;
	struct percpu cpus[FAKE_CPUS];
	struct cell cells[2];
	struct jailhouse_info info;
	struct jailhouse_system system;
	FAKE_CORE_MEMBERS
	unsigned int num_resets;          /* of the machine */
	u64 now;                          /* ms, advances when somebody waits */
	unsigned int mapped;              /* device mappings */
	u8 *device_memory;                /* what arch_map_device() gives */
	struct fake_function functions[FAKE_FUNCTIONS];
};

extern struct fake fake;

#define ROOT     (&fake.machine.root)
#define CELL     (&fake.cells[0])
#define OTHER    (&fake.cells[1])
#define ROOT_CPU (&fake.cpus[0])
#define CELL_CPU (&fake.cpus[2])

/* For cmocka: everything as new; checks at the end that no page and no mapping is left over. */
int fake_setup(void **state);
int fake_teardown(void **state);

/* A configuration in memory that lives until teardown. */
const struct jailhouse_cell_desc *fake_make_config(const char *name, u32 id,
						   const struct fake_config *parts);
/* Check and init of a unit, for the root cell or another one (linked into the machine, CPUs 2 and 3
 * move). */
int fake_start_root(const struct unit *unit, const struct jailhouse_cell_desc *config);
int fake_create(const struct unit *unit, struct cell *cell,
		const struct jailhouse_cell_desc *config);
void fake_destroy(const struct unit *unit, struct cell *cell);
/* Disable. */
void fake_stop_root(const struct unit *unit);
void fake_give_cpus(struct cell *cell);

/* A function with one BAR at 0xfe000000; capabilities are added to its list. */
struct fake_function *fake_add_function(u16 bdf);
u8 fake_add_cap(struct fake_function *function, u8 offset, u8 id);
u32 fake_get(const struct fake_function *function, unsigned int reg, unsigned int size);
void fake_put(struct fake_function *function, unsigned int reg, unsigned int size, u32 value);

enum mmio_result fake_mmio(struct percpu *cpu, u64 address, unsigned int size, bool write,
			   u64 *value);

#define DEVICE_TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)

#endif /* !FAKE_DEVICES_H */
