/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The root cell and devices as all machines have them: PCI and a clock. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rtc.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "root-life.h"

#define PCI	    "/sys/bus/pci/devices/"
#define STATUS	    6
#define STATUS_INTERRUPT (1 << 3)
#define MAX_DEVICES 16
#define MIN_DEVICES 2

static struct pci_function functions[MAX_DEVICES];
static size_t num_functions;

ssize_t pci_read_config(const char *name, uint8_t *config)
{
	char path[96];
	ssize_t size;
	int fd;

	snprintf(path, sizeof(path), PCI "%s/config", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail_msg("%s: %s", path, strerror(errno));
	size = read(fd, config, PCI_CONFIG_SIZE);
	close(fd);
	return size;
}

void pci_remember(void)
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
		function->size = pci_read_config(function->name, function->config);
		num_functions++;
	}
	closedir(dir);
	assert_true(num_functions >= MIN_DEVICES);
}

/* As lspci -xxxx reads it: the same as without the hypervisor, but for an interrupt that is pending just now */
void pci_looks_as_before(void **state)
{
	uint8_t config[PCI_CONFIG_SIZE];

	(void)state;
	for (size_t n = 0; n < num_functions; n++) {
		const struct pci_function *before = &functions[n];

		assert_int_equal(pci_read_config(before->name, config), before->size);
		for (ssize_t at = 0; at < before->size; at++)
			if ((config[at] ^ before->config[at]) & (at == STATUS ? ~STATUS_INTERRUPT : ~0))
				fail_msg("%s: register %#zx is %#x, was %#x", before->name, at,
					 config[at], before->config[at]);
	}
}

const struct pci_function *pci_before(const char *name)
{
	for (size_t n = 0; n < num_functions; n++)
		if (!strcmp(functions[n].name, name))
			return &functions[n];
	fail_msg("%s was not there", name);
	return NULL;
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
	start = guest_now_ms();
	assert_int_equal(poll(&entry, 1, 10000), 1);
	assert_int_equal(read(entry.fd, &event, sizeof(event)), sizeof(event));
	assert_true(event & RTC_AF);
	assert_in_range(guest_now_ms() - start, 900, 9000);
	close(entry.fd);
}

void file_can_be_read(const char *path, size_t at_least)
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
