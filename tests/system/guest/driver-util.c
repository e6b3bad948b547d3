/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jailhouse/reason-text.h>
#include "driver-util.h"

/* Of syslog(2); the C library has no names for these. */
#define KLOG_READ_ALL	   3
#define KLOG_CONSOLE_LEVEL 8

int node = -1;

/*
 * The driver logs each refusal, which would tear the lines of the results apart. Alerts are still
 * printed; what else the kernel complains about is looked for at the end.
 */
static void quiet_console(void)
{
	klogctl(KLOG_CONSOLE_LEVEL, NULL, 2);
}

void kernel_does_not_complain(void **state)
{
	static const char *const alarms[] = {"BUG:",  "WARNING: CPU",   "Call Trace",
					     "Call trace", "Internal error", "general protection"};
	static char log[1 << 20];
	int length = klogctl(KLOG_READ_ALL, log, sizeof(log) - 1);
	const char *at;

	(void)state;
	assert_true(length > 0);
	log[length] = '\0';
	for (size_t i = 0; i < sizeof(alarms) / sizeof(alarms[0]); i++) {
		at = strstr(log, alarms[i]);
		if (at)
			fail_msg("%.1500s", at);
	}
}

void module_unloads(void **state)
{
	(void)state;
	close(node);
	assert_int_equal(guest_rmmod_at_end(), 0);
}

int driver_setup(void **state)
{
	(void)state;
	quiet_console();
	guest_insmod();
	node = open(NODE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	return node < 0 ? -1 : 0;
}

struct test_system system_config(void)
{
	struct test_system config;

	memset(&config, 0, sizeof(config));
	memcpy(config.system.signature, JAILHOUSE_SYSTEM_SIGNATURE, 5);
	config.system.architecture = test_arch.number;
	config.system.revision = JAILHOUSE_CONFIG_REVISION;
	config.system.flags = JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE;
	config.system.hypervisor_memory.phys_start = HV_MEMORY;
	config.system.hypervisor_memory.size = HV_SIZE;
	strcpy(config.system.root_cell.name, "root");
	config.system.root_cell.cpu_set_size = sizeof(config.cpus);
	config.cpus[0] = (uint8_t)((1U << sysconf(_SC_NPROCESSORS_ONLN)) - 1);
	return config;
}

struct test_cell cell_config(void)
{
	struct test_cell config;

	memset(&config, 0, sizeof(config));
	memcpy(config.cell.signature, JAILHOUSE_CELL_DESC_SIGNATURE, 5);
	config.cell.architecture = test_arch.number;
	config.cell.revision = JAILHOUSE_CONFIG_REVISION;
	strcpy(config.cell.name, "test");
	config.cell.cpu_set_size = sizeof(config.cpus);
	config.cell.num_memory_regions = 1;
	config.cpus[0] = 1 << 3;
	config.memory.phys_start = guest_machine()->cells;
	config.memory.size = 0x100000;
	config.memory.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
		JAILHOUSE_MEM_LOADABLE;
	return config;
}

struct test_image refusing_image(void)
{
	struct test_image image;
	struct jailhouse_image_header *header = &image.header;

	memset(&image, 0, sizeof(image));
	memcpy(header->signature, JAILHOUSE_IMAGE_SIGNATURE, sizeof(header->signature));
	header->abi = JAILHOUSE_IMAGE_ABI;
	header->header_size = sizeof(*header);
	header->architecture = test_arch.number;
	header->features = test_arch.features;
	header->image_size = header->core_size = sizeof(image);
	header->percpu_size = 4096;
	header->link_base = test_arch.link_base;
	header->entry = offsetof(struct test_image, code);
	header->console_page = offsetof(struct test_image, console);
	header->info_page = offsetof(struct test_image, info);
	memcpy(image.code, test_arch.refuse.data, test_arch.refuse.size);
	strcpy(image.console.content, TEST_IMAGE_LOG);
	image.console.tail = strlen(TEST_IMAGE_LOG);
	image.info.reason.code = JAILHOUSE_REASON_APIC_OFF;
	image.info.reason.error = TEST_IMAGE_ERROR;
	image.info.reason.item = JAILHOUSE_ITEM_CPU;
	image.info.reason.index = 1;
	return image;
}

void image_install(const void *data, size_t size)
{
	int fd;

	mkdir("/lib/firmware", 0755);
	fd = open(test_arch.image, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), size);
	close(fd);
}

void image_remove(void)
{
	assert_true(!unlink(test_arch.image) || errno == ENOENT);
}

void klog_line(const char *text)
{
	char line[128];
	int length = snprintf(line, sizeof(line), "<0>%s\n", text);
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, line, (size_t)length) < 0)
		abort();
	close(fd);
}

int call(unsigned long number, void *arg)
{
	return ioctl(node, number, arg) < 0 ? -errno : 0;
}

int try_enable(const void *config, size_t size, struct jailhouse_reason *reason)
{
	struct jailhouse_ioc_enable arg = {
		.config_address = (uintptr_t)config,
		.config_size = (uint32_t)size,
	};
	int err = call_sized(JAILHOUSE_IOC_ENABLE, &arg);

	*reason = arg.reason;
	return err;
}

int try_create(const void *config, size_t size, struct jailhouse_reason *reason)
{
	struct jailhouse_ioc_cell_create arg = {
		.config_address = (uintptr_t)config,
		.config_size = (uint32_t)size,
	};
	int err = call_sized(JAILHOUSE_IOC_CELL_CREATE, &arg);

	*reason = arg.reason;
	return err;
}

void expect_reason(const struct jailhouse_reason *reason, int error, unsigned int code)
{
	char sentence[JAILHOUSE_REASON_TEXT_SIZE];

	if (reason->code == code && reason->error == error)
		return;
	jailhouse_reason_format(sentence, sizeof(sentence), reason);
	fail_msg("reason %u, error %d instead of %u, %d: %s", reason->code, reason->error, code,
		 error, sentence);
}

void expect_refused(const struct test_system *config, int error, unsigned int code)
{
	struct jailhouse_reason reason;

	assert_int_equal(try_enable(config, sizeof(*config), &reason), error);
	expect_reason(&reason, error, code);
	assert_int_equal(call(JAILHOUSE_ENABLE, (void *)(uintptr_t)config), error);
	assert_string_equal(guest_first_line(SYSFS "/enabled"), "0");
}

void cpu_online(unsigned int cpu, int online)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/online", cpu);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	if (write(fd, online ? "1" : "0", 1) != 1)
		fail_msg("CPU %u does not go %s: %s", cpu, online ? "online" : "offline",
			 strerror(errno));
	close(fd);
}
