/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The root cell and the devices of a PC: disk, and what tools like to read. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "root-life.h"

#define PCI	    "/sys/bus/pci/devices/"
#define AHCI	    "0000:00:1f.2"
#define SMBUS	    "0000:00:1f.3"
#define DISK	    "/dev/sda"
#define BARS	    0x10
#define BARS_SIZE   (6 * 4)

const char *const spare_modules[NUM_SPARE_MODULES] = { "irqbypass", "msr" };

/* There: it can be opened. Its node is made before that, and until then gives ENXIO. */
static int disk_is_there(void)
{
	int fd = open(DISK, O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		close(fd);
		return 1;
	}
	if (errno != ENOENT && errno != ENXIO)
		fail_msg("%s: %s", DISK, strerror(errno));
	return 0;
}

static int wait_for_disk(int wanted)
{
	const int64_t end = guest_now_ms() + 10000;

	while (disk_is_there() != wanted) {
		if (guest_now_ms() > end)
			return 0;
		usleep(50000);
	}
	return 1;
}

void machine_devices_setup(void)
{
	static const char *const modules[] = { "scsi_common", "scsi_mod", "sd_mod", "libata",
					       "libahci" };

	/* Not every kernel has a driver for the disk. */
	if (!access("/lib/modules/ahci.ko", F_OK)) {
		for (size_t n = 0; n < sizeof(modules) / sizeof(modules[0]); n++)
			assert_true(load_module(modules[n]));
		assert_true(load_module("ahci"));
		assert_true(wait_for_disk(1));
	}
}

static uint64_t disk_interrupts(void)
{
	FILE *file = fopen("/proc/interrupts", "re");
	unsigned long long counts[4];
	char line[512];
	uint64_t sum = 0;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		int got = sscanf(line, " %*[^:]: %llu %llu %llu %llu", &counts[0], &counts[1],
				 &counts[2], &counts[3]);

		if (!strstr(line, "ahci"))
			continue;
		while (got > 0)
			sum += counts[--got];
	}
	fclose(file);
	return sum;
}

/* Its blocks are zero. */
static void read_disk(void)
{
	static uint8_t buffer[65536];
	int fd = open(DISK, O_RDONLY | O_CLOEXEC);
	int blocks = 0;
	ssize_t length;

	assert_true(fd >= 0);
	for (;;) {
		memset(buffer, 0xff, sizeof(buffer));
		length = read(fd, buffer, sizeof(buffer));
		if (length <= 0)
			break;
		for (ssize_t n = 0; n < length; n++)
			if (buffer[n])
				fail_msg("byte %zd of block %d is %#x", n, blocks, buffer[n]);
		blocks++;
	}
	assert_int_equal(length, 0);
	assert_int_equal(blocks, 32);
	close(fd);
}

static void drop_caches(void)
{
	write_file("/proc/sys/vm/drop_caches", "1");
}

static void disk_works(void **state)
{
	uint64_t interrupts;

	(void)state;
	assert_true(access(DISK, F_OK) == 0);
	interrupts = disk_interrupts();
	for (int n = 0; n < 3; n++) {
		drop_caches();
		read_disk();
	}
	assert_true(disk_interrupts() >= interrupts + 3);
}

/* Its driver resets it, sets up its messages and reads again. */
static void disk_driver_goes_and_comes(void **state)
{
	(void)state;
	assert_true(access(DISK, F_OK) == 0);
	for (int n = 0; n < 2; n++) {
		write_file("/sys/bus/pci/drivers/ahci/unbind", AHCI);
		assert_true(wait_for_disk(0));
		write_file("/sys/bus/pci/drivers/ahci/bind", AHCI);
		assert_true(wait_for_disk(1));
		drop_caches();
		read_disk();
	}
	unload_module("ahci");
	assert_true(wait_for_disk(0));
	assert_true(load_module("ahci"));
	assert_true(wait_for_disk(1));
	read_disk();
}

/* Found anew: the size of each BAR is probed. Its address stays, as nothing moves it in the hardware. */
static void pci_devices_go_and_come(void **state)
{
	static const char *const names[] = { AHCI, SMBUS };
	const int with_disk = !access(DISK, F_OK);
	uint8_t config[PCI_CONFIG_SIZE];
	char path[96];

	for (size_t n = 0; n < 2; n++) {
		snprintf(path, sizeof(path), PCI "%s/remove", names[n]);
		write_file(path, "1");
		assert_int_equal(access(path, F_OK), -1);
	}
	write_file("/sys/bus/pci/rescan", "1");
	for (size_t n = 0; n < 2; n++) {
		assert_true(pci_read_config(names[n], config) > 0);
		assert_memory_equal(config + BARS, pci_before(names[n])->config + BARS, BARS_SIZE);
	}
	if (with_disk) {
		assert_true(wait_for_disk(1));
		read_disk();
	}
	(void)state;
}

/*
 * Every number that fits the bitmap of MSRs: a value or an error, but no harm. An error left in the
 * APIC would show, too: Linux could start no CPU from there.
 */
static void registers_can_be_read(void **state)
{
	static const uint32_t bases[] = { 0, 0xc0000000, 0xc0010000 };
	unsigned int good = 0, bad = 0;
	uint64_t value;
	int fd;

	(void)state;
	assert_true(load_module("msr"));
	fd = open("/dev/cpu/1/msr", O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	for (size_t n = 0; n < sizeof(bases) / sizeof(bases[0]); n++)
		for (uint32_t msr = 0; msr < 0x2000; msr++) {
			if (pread(fd, &value, sizeof(value), bases[n] + msr) == sizeof(value)) {
				good++;
			} else {
				assert_int_equal(errno, EIO);
				bad++;
			}
		}
	assert_true(good > 50 && bad > 50);
	close(fd);
	unload_module("msr");
}

/* dmidecode, acpidump and the like */
static void firmware_can_be_read(void **state)
{
	static const char *const files[] = {
		"/sys/firmware/acpi/tables/DSDT", "/sys/firmware/acpi/tables/FACP",
		"/sys/firmware/acpi/tables/APIC", "/sys/firmware/dmi/tables/DMI", "/proc/iomem",
		"/proc/ioports", "/proc/interrupts", "/proc/mtrr", "/proc/cpuinfo",
	};
	uint8_t bios[4096];
	int fd = open("/dev/mem", O_RDONLY | O_CLOEXEC);

	(void)state;
	for (size_t n = 0; n < sizeof(files) / sizeof(files[0]); n++)
		file_can_be_read(files[n], 32);
	assert_true(fd >= 0);
	for (off_t at = 0xf0000; at < 0x100000; at += (off_t)sizeof(bios))
		assert_int_equal(pread(fd, bios, sizeof(bios), at), sizeof(bios));
	/* The first instruction of the PC: a far jump */
	assert_int_equal(bios[0xff0], 0xea);
	close(fd);
}

size_t add_device_tests(struct CMUnitTest *tests, int with_disk)
{
	const struct CMUnitTest disk[] = {
		ROOT_LIFE_TEST(disk_works),
		ROOT_LIFE_TEST(disk_driver_goes_and_comes),
	};
	const struct CMUnitTest others[] = {
		ROOT_LIFE_TEST(firmware_can_be_read),
		ROOT_LIFE_TEST(registers_can_be_read),
		ROOT_LIFE_TEST(pci_devices_go_and_come),
	};
	size_t count = 0;

	if (with_disk) {
		memcpy(tests, disk, sizeof(disk));
		count = sizeof(disk) / sizeof(disk[0]);
	}
	memcpy(tests + count, others, sizeof(others));
	return count + sizeof(others) / sizeof(others[0]);
}
