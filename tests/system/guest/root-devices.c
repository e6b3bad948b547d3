/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The root cell and its devices: PCI, disk, clock, and what tools like to read. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rtc.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "root-life.h"

#define PCI	    "/sys/bus/pci/devices/"
#define AHCI	    "0000:00:1f.2"
#define SMBUS	    "0000:00:1f.3"
#define DISK	    "/dev/sda"
#define CONFIG_SIZE 4096
#define BARS	    0x10
#define BARS_SIZE   (6 * 4)
#define MAX_DEVICES 16

static struct pci_function {
	char name[32];
	uint8_t config[CONFIG_SIZE];
	ssize_t size;
} functions[MAX_DEVICES];
static size_t num_functions;

static ssize_t read_config(const char *name, uint8_t *config)
{
	char path[96];
	ssize_t size;
	int fd;

	snprintf(path, sizeof(path), PCI "%s/config", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail_msg("%s: %s", path, strerror(errno));
	size = read(fd, config, CONFIG_SIZE);
	close(fd);
	return size;
}

static void find_functions(void)
{
	DIR *dir = opendir(PCI);
	struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		struct pci_function *function = &functions[num_functions];

		if (entry->d_name[0] == '.')
			continue;
		assert_true(num_functions < MAX_DEVICES);
		snprintf(function->name, sizeof(function->name), "%.31s", entry->d_name);
		function->size = read_config(function->name, function->config);
		num_functions++;
	}
	closedir(dir);
	assert_true(num_functions >= 4);
}

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
	const int64_t end = now_ms() + 10000;

	while (disk_is_there() != wanted) {
		if (now_ms() > end)
			return 0;
		usleep(50000);
	}
	return 1;
}

void devices_setup(void)
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
	find_functions();
}

/* As lspci -xxxx reads it: all of it, byte by byte the same as without the hypervisor */
void pci_looks_as_before(void **state)
{
	uint8_t config[CONFIG_SIZE];

	(void)state;
	for (size_t n = 0; n < num_functions; n++) {
		const struct pci_function *before = &functions[n];

		assert_int_equal(read_config(before->name, config), before->size);
		for (ssize_t at = 0; at < before->size; at++)
			if (config[at] != before->config[at])
				fail_msg("%s: register %#zx is %#x, was %#x", before->name, at,
					 config[at], before->config[at]);
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

void disk_works(void **state)
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
void disk_driver_goes_and_comes(void **state)
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

static const struct pci_function *function_before(const char *name)
{
	for (size_t n = 0; n < num_functions; n++)
		if (!strcmp(functions[n].name, name))
			return &functions[n];
	fail_msg("%s was not there", name);
	return NULL;
}

/* Found anew: the size of each BAR is probed. Its address stays, as nothing moves it in the hardware. */
void pci_devices_go_and_come(void **state)
{
	static const char *const names[] = { AHCI, SMBUS };
	const int with_disk = !access(DISK, F_OK);
	uint8_t config[CONFIG_SIZE];
	char path[96];

	for (size_t n = 0; n < 2; n++) {
		snprintf(path, sizeof(path), PCI "%s/remove", names[n]);
		write_file(path, "1");
		assert_int_equal(access(path, F_OK), -1);
	}
	write_file("/sys/bus/pci/rescan", "1");
	for (size_t n = 0; n < 2; n++) {
		assert_true(read_config(names[n], config) > 0);
		assert_memory_equal(config + BARS, function_before(names[n])->config + BARS, BARS_SIZE);
	}
	if (with_disk) {
		assert_true(wait_for_disk(1));
		read_disk();
	}
	(void)state;
}

/* hwclock, and rtcwake -m no: the time is read and set, and an alarm comes when it should. */
void clock_rings(void **state)
{
	struct pollfd entry = { .events = POLLIN };
	struct rtc_wkalrm alarm = { .enabled = 1 };
	struct rtc_time now;
	unsigned long event = 0;
	int64_t start;

	(void)state;
	entry.fd = open("/dev/rtc0", O_RDWR | O_CLOEXEC);
	assert_true(entry.fd >= 0);
	assert_int_equal(ioctl(entry.fd, RTC_RD_TIME, &now), 0);
	now.tm_hour = 12;
	now.tm_min = now.tm_sec = 0;
	assert_int_equal(ioctl(entry.fd, RTC_SET_TIME, &now), 0);
	assert_int_equal(ioctl(entry.fd, RTC_RD_TIME, &now), 0);
	assert_int_equal(now.tm_hour, 12);
	alarm.time = now;
	alarm.time.tm_sec += 2;
	assert_int_equal(ioctl(entry.fd, RTC_WKALM_SET, &alarm), 0);
	start = now_ms();
	assert_int_equal(poll(&entry, 1, 10000), 1);
	assert_int_equal(read(entry.fd, &event, sizeof(event)), sizeof(event));
	assert_true(event & RTC_AF);
	assert_in_range(now_ms() - start, 900, 9000);
	close(entry.fd);
}

/*
 * Every number that fits the bitmap of MSRs: a value or an error, but no harm. An error left in the
 * APIC would show, too: Linux could start no CPU from there.
 */
void registers_can_be_read(void **state)
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

static void read_whole(const char *path, size_t at_least)
{
	static char buffer[65536];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t sum = 0;
	ssize_t length;

	if (fd < 0)
		fail_msg("%s: %s", path, strerror(errno));
	while ((length = read(fd, buffer, sizeof(buffer))) > 0)
		sum += (size_t)length;
	if (length < 0 || sum < at_least)
		fail_msg("%s: %zu bytes: %s", path, sum, strerror(errno));
	close(fd);
}

/* dmidecode, acpidump and the like */
void firmware_can_be_read(void **state)
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
		read_whole(files[n], 32);
	assert_true(fd >= 0);
	for (off_t at = 0xf0000; at < 0x100000; at += (off_t)sizeof(bios))
		assert_int_equal(pread(fd, bios, sizeof(bios), at), sizeof(bios));
	/* The first instruction of the PC: a far jump */
	assert_int_equal(bios[0xff0], 0xea);
	close(fd);
}
