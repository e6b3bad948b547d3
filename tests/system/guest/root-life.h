/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The root cell goes on living while the hypervisor is enabled; see root-life.c. */
#ifndef TESTS_SYSTEM_ROOT_LIFE_H
#define TESTS_SYSTEM_ROOT_LIFE_H

#include <sys/types.h>

#include "driver-util.h"
#include "heart.h"

/* Load a module of /lib/modules; false: this kernel has none of that name. */
int load_module(const char *name);
void unload_module(const char *name);
void write_file(const char *path, const char *text);

/* ---- devices that all machines have (root-devices.c) ---- */

#define PCI_CONFIG_SIZE 4096

struct pci_function {
	char name[32];
	uint8_t config[PCI_CONFIG_SIZE];
	ssize_t size;
};

/* What the functions look like before enable, and as it was then */
void pci_remember(void);
const struct pci_function *pci_before(const char *name);
ssize_t pci_read_config(const char *name, uint8_t *config);
/* Reads a file to its end. */
void file_can_be_read(const char *path, size_t at_least);

void pci_looks_as_before(void **state);
void clock_rings(void **state);

/* ---- devices of the machine (root-devices-*.c) ---- */

/* Modules that nothing needs, in this order */
#define NUM_SPARE_MODULES 2
extern const char *const spare_modules[NUM_SPARE_MODULES];

/* Before enable: drivers */
void machine_devices_setup(void);
/* Adds the tests, returns their number; those of the disk if the machine has one. */
size_t add_device_tests(struct CMUnitTest *tests, int with_disk);

/* Around each test: the root cell stays whole, and the other one alive. */
int remember_beats(void **state);
int all_alive(void **state);
#define ROOT_LIFE_TEST(name) cmocka_unit_test_setup_teardown(name, remember_beats, all_alive)

#endif /* !TESTS_SYSTEM_ROOT_LIFE_H */
