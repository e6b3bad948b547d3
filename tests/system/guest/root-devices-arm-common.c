/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The root cell and the devices of QEMU's "virt" machine */
#include "root-life.h"

const char *const spare_modules[NUM_SPARE_MODULES] = { "scsi_common", "scsi_mod" };

void machine_devices_setup(void)
{
}

/* lshw, lscpu and the like */
static void firmware_can_be_read(void **state)
{
	static const char *const files[] = {
		"/sys/firmware/fdt", "/proc/device-tree/compatible", "/proc/iomem", "/proc/interrupts",
		"/proc/cpuinfo", "/proc/timer_list",
	};

	(void)state;
	for (size_t n = 0; n < sizeof(files) / sizeof(files[0]); n++)
		file_can_be_read(files[n], 16);
}

size_t add_device_tests(struct CMUnitTest *tests, int with_disk)
{
	assert_false(with_disk);
	tests[0] = (struct CMUnitTest)ROOT_LIFE_TEST(firmware_can_be_read);
	return 1;
}
