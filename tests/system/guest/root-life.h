/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The root cell goes on living while the hypervisor is enabled; see root-life.c. */
#ifndef TESTS_SYSTEM_ROOT_LIFE_H
#define TESTS_SYSTEM_ROOT_LIFE_H

#include "driver-util.h"
#include "heart.h"

int64_t now_ms(void);
/* Load a module of /lib/modules; false: this kernel has none of that name. */
int load_module(const char *name);
void unload_module(const char *name);
void write_file(const char *path, const char *text);

/* Before enable: what devices look like without the hypervisor, and their drivers */
void devices_setup(void);

/* Tests of root-devices.c */
void pci_looks_as_before(void **state);
void pci_devices_go_and_come(void **state);
void disk_works(void **state);
void disk_driver_goes_and_comes(void **state);
void clock_rings(void **state);
void registers_can_be_read(void **state);
void firmware_can_be_read(void **state);

#endif /* !TESTS_SYSTEM_ROOT_LIFE_H */
