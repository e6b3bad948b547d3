/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the tests of the driver's own interface share: they use its ioctls, not the library, with
 * configurations and hypervisor images made here.
 */
#ifndef TESTS_SYSTEM_DRIVER_UTIL_H
#define TESTS_SYSTEM_DRIVER_UTIL_H

#include <jailhouse/cell-config.h>
#include <jailhouse/image.h>
#include <jailhouse/ioctl.h>
#include "driver-arch.h"
#include "guest.h"

#define NODE  "/dev/jailhouse"
#define SYSFS "/sys/devices/jailhouse"

#define HV_MEMORY (guest_machine()->hypervisor)
#define HV_SIZE	  (guest_machine()->hypervisor_size)

/* A system configuration with CPUs 0 to 63 at most and nothing else */
struct test_system {
	struct jailhouse_system system;
	uint8_t cpus[8];
} JAILHOUSE_PACKED;

/* The same for a cell, with one memory region */
struct test_cell {
	struct jailhouse_cell_desc cell;
	uint8_t cpus[8];
	struct jailhouse_memory memory;
} JAILHOUSE_PACKED;

/* An image of three pages whose entry does nothing but to return an error. */
#define TEST_IMAGE_ERROR (-EIO)
#define TEST_IMAGE_LOG	 "text of the image\n"
struct test_image {
	struct jailhouse_image_header header;
	uint8_t code[4096 - sizeof(struct jailhouse_image_header)];
	struct jailhouse_virt_console console;
	uint8_t pad1[4096 - sizeof(struct jailhouse_virt_console)];
	struct jailhouse_info info;
	uint8_t pad2[4096 - sizeof(struct jailhouse_info)];
};

extern int node; /* the device, opened non-blocking */

int driver_setup(void **state);
/* The last two tests of each program */
void module_unloads(void **state);
void kernel_does_not_complain(void **state);

struct test_system system_config(void);
struct test_cell cell_config(void);
struct test_image refusing_image(void);
void image_install(const void *data, size_t size);
void image_remove(void);

/* An ioctl: 0 or a negative errno. The size field of the structure is set. */
int call(unsigned long number, void *arg);
#define call_sized(number, arg) ((arg)->size = sizeof(*(arg)), call(number, arg))

/* Enable by our own ioctl; returns 0 or a negative errno, and the reason. */
int try_enable(const void *config, size_t size, struct jailhouse_reason *reason);
/* The same, which must fail with this error and reason; by the legacy ioctl as well. */
void expect_refused(const struct test_system *config, int error, unsigned int code);
int try_create(const void *config, size_t size, struct jailhouse_reason *reason);
void expect_reason(const struct jailhouse_reason *reason, int error, unsigned int code);

/* A line that is on the console when the call returns */
void klog_line(const char *text);

void cpu_online(unsigned int cpu, int online);

#endif /* !TESTS_SYSTEM_DRIVER_UTIL_H */
