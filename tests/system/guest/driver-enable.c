/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Enables that the driver must refuse, each with its reason, and one that gets as far as the entry
 * of an image, which refuses. Nothing may have changed after any of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver-util.h"

static char online_before[64];

static int setup(void **state)
{
	if (driver_setup(state))
		return -1;
	snprintf(online_before, sizeof(online_before), "%s", guest_online_cpus());
	return 0;
}

/* The file with this text, e.g. in /proc/iomem */
static int file_has(const char *path, const char *text)
{
	FILE *file = fopen(path, "re");
	char line[256];
	int found = 0;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		found |= strstr(line, text) != NULL;
	fclose(file);
	return found;
}

static int install(void **state)
{
	struct test_image image = refusing_image();

	(void)state;
	image_install(&image, sizeof(image));
	return 0;
}

static int unchanged(void **state)
{
	struct stat info;

	(void)state;
	assert_string_equal(guest_first_line(SYSFS "/enabled"), "0");
	assert_string_equal(guest_online_cpus(), online_before);
	assert_false(file_has("/proc/iomem", "Jailhouse"));
	assert_int_equal(stat(SYSFS "/core", &info), -1);
	assert_int_equal(stat(SYSFS "/cells/0", &info), -1);
	return 0;
}

static void header_of_configuration(void **state)
{
	struct test_system config = system_config();

	(void)state;
	config.system.signature[4] = 'T';
	expect_refused(&config, -EINVAL, JAILHOUSE_REASON_CONFIG_SIGNATURE);
	config = system_config();
	config.system.revision = 15;
	expect_refused(&config, -EINVAL, JAILHOUSE_REASON_CONFIG_REVISION);
	config = system_config();
	config.system.architecture = test_arch.other_number;
	expect_refused(&config, -EINVAL, JAILHOUSE_REASON_CONFIG_ARCHITECTURE);
	config = system_config();
	memset(config.cpus, 0, sizeof(config.cpus));
	expect_refused(&config, -EINVAL, JAILHOUSE_REASON_CPU_SET_EMPTY);
	config = system_config();
	config.system.root_cell.cpu_set_size = 5000;
	expect_refused(&config, -EINVAL, JAILHOUSE_REASON_CPU_SET_TOO_LARGE);
}

static void truncated_configuration(void **state)
{
	struct test_system config = system_config();
	struct jailhouse_reason reason;

	(void)state;
	for (size_t size = 0; size < sizeof(config); size++) {
		assert_int_equal(try_enable(&config, size, &reason), -EINVAL);
		expect_reason(&reason, -EINVAL, JAILHOUSE_REASON_CONFIG_TRUNCATED);
	}
	assert_int_equal(try_enable((void *)16, sizeof(config), &reason), -EFAULT);
	expect_reason(&reason, -EFAULT, JAILHOUSE_REASON_FAULT);
}

static void image_is_missing(void **state)
{
	struct test_system config = system_config();

	(void)state;
	image_remove();
	expect_refused(&config, -ENOENT, JAILHOUSE_REASON_IMAGE_MISSING);
}

static void expect_bad_image(const void *image, size_t size, unsigned int code)
{
	struct test_system config = system_config();

	image_install(image, size);
	expect_refused(&config, -EINVAL, code);
}

static void image_is_none(void **state)
{
	struct test_image image = refusing_image();

	(void)state;
	expect_bad_image("x", 1, JAILHOUSE_REASON_IMAGE_SIGNATURE);
	expect_bad_image(&image, sizeof(image.header) - 1, JAILHOUSE_REASON_IMAGE_SIGNATURE);
	/* What an image of another project starts with */
	memcpy(image.header.signature, "JAILHOUS", 8);
	expect_bad_image(&image, sizeof(image), JAILHOUSE_REASON_IMAGE_SIGNATURE);
	image = refusing_image();
	image.header.abi++;
	expect_bad_image(&image, sizeof(image), JAILHOUSE_REASON_IMAGE_ABI);
	image = refusing_image();
	image.header.header_size -= 8;
	expect_bad_image(&image, sizeof(image), JAILHOUSE_REASON_IMAGE_ABI);
	image = refusing_image();
	expect_bad_image(&image, sizeof(image) - 1, JAILHOUSE_REASON_IMAGE_SIZE);
}

static void expect_bad_field(size_t offset, size_t size, uint64_t value)
{
	struct test_system config = system_config();
	struct test_image image = refusing_image();
	struct jailhouse_reason reason;

	memcpy((uint8_t *)&image.header + offset, &value, size);
	image_install(&image, sizeof(image));
	assert_int_equal(try_enable(&config, sizeof(config), &reason), -EINVAL);
	expect_reason(&reason, -EINVAL, JAILHOUSE_REASON_IMAGE_HEADER);
	assert_int_equal(reason.arg[0], offset);
	assert_int_equal(reason.arg[1], value);
}

/* Each field of the header with values that must not be believed */
static void image_header_is_damaged(void **state)
{
#define OF_FIELD(name) offsetof(struct jailhouse_image_header, name), \
	sizeof(((struct jailhouse_image_header *)0)->name)
#define FIELD(name, value) { OF_FIELD(name), value }
	static const struct {
		size_t offset, size;
		uint64_t value;
	} bad[] = {
		FIELD(core_size, 0),
		FIELD(core_size, 0x2000),
		FIELD(core_size, 0x3001),
		FIELD(core_size, 0x100000000),
		FIELD(core_size, 0xfffffffffffff000),
		FIELD(percpu_size, 0),
		FIELD(percpu_size, 0x1800),
		FIELD(percpu_size, 0xfffffffffffff000),
		FIELD(entry, 0),
		FIELD(entry, sizeof(struct test_image)),
		FIELD(entry, 0xffffffffffffffff),
		FIELD(console_page, 0),
		FIELD(console_page, 0x1010),
		FIELD(console_page, 0x3000),
		FIELD(console_page, 0xfffffffffffff000),
		FIELD(info_page, 0),
		FIELD(info_page, 0x3000),
		FIELD(info_page, 0x8000000000001000),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect_bad_field(bad[i].offset, bad[i].size, bad[i].value);
	expect_bad_field(OF_FIELD(architecture), test_arch.other_number);
	expect_bad_field(OF_FIELD(link_base), test_arch.link_base + 0x800);
	for (size_t i = 0; i < test_arch.wrong_features.count; i++)
		expect_bad_field(OF_FIELD(features), test_arch.wrong_features.value[i]);
}

/* An address that is no place for the image */
static void link_address_is_unusable(void **state)
{
	(void)state;
	for (size_t i = 0; i < test_arch.wrong_link_bases.count; i++) {
		struct test_image image = refusing_image();

		image.header.link_base = test_arch.wrong_link_bases.value[i];
		expect_bad_image(&image, sizeof(image), JAILHOUSE_REASON_ENTRY_SLOT);
	}
}

static void hypervisor_memory_is_unusable(void **state)
{
	const uint64_t bad[][2] = {
		{ 0, HV_SIZE }, { HV_MEMORY, 0 }, { HV_MEMORY + 0x800, HV_SIZE },
		{ HV_MEMORY, HV_SIZE + 1 }, { HV_MEMORY, 0xfffffffffffff000 },
		{ 0xfffffffffffff000, 0x2000 }, { 0x8000000000000000, HV_SIZE },
	};
	struct test_system config;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		config = system_config();
		config.system.hypervisor_memory.phys_start = bad[i][0];
		config.system.hypervisor_memory.size = bad[i][1];
		expect_refused(&config, -EINVAL, JAILHOUSE_REASON_HYPERVISOR_MEMORY);
	}
}

static void hypervisor_memory_is_too_small(void **state)
{
	struct test_system config = system_config();

	(void)state;
	config.system.hypervisor_memory.size = 0x1000;
	expect_refused(&config, -EINVAL, JAILHOUSE_REASON_HYPERVISOR_MEMORY_SMALL);
	/* image, four CPUs, configuration, one page for the pool */
	config.system.hypervisor_memory.size = 0x3000 + 4 * 0x1000 + 0x1000;
	expect_refused(&config, -EINVAL, JAILHOUSE_REASON_HYPERVISOR_MEMORY_SMALL);
	/* Enough memory, but of Linux */
	config.system.hypervisor_memory.size += 0x1000;
	config.system.hypervisor_memory.phys_start = guest_machine()->linux_ram;
	expect_refused(&config, -EINVAL, JAILHOUSE_REASON_MEMORY_NOT_RESERVED);
}

static void hypervisor_memory_is_in_use(void **state)
{
	struct test_system config = system_config();

	(void)state;
	/* Reaches beyond the hole, before it and behind it */
	config.system.hypervisor_memory.phys_start = guest_machine()->reserved - 0x1000;
	expect_refused(&config, -EINVAL, JAILHOUSE_REASON_MEMORY_NOT_RESERVED);
	if (!guest_machine()->ram_behind)
		return;
	config = system_config();
	config.system.hypervisor_memory.size = guest_machine()->ram_behind - HV_MEMORY + 0x1000;
	expect_refused(&config, -EINVAL, JAILHOUSE_REASON_MEMORY_NOT_RESERVED);
}

static void clock_gate_beyond_the_register(void **state)
{
	struct test_system config = system_config();

	(void)state;
	config.system.debug_console.clock_reg = 0xfed00000;
	config.system.debug_console.gate_nr = 32;
	expect_refused(&config, -EINVAL, JAILHOUSE_REASON_CONFIG_COUNTS);
}

static void cpus_are_not_those_that_run(void **state)
{
	struct test_system config = system_config();

	(void)state;
	config.cpus[0] &= ~4;
	expect_refused(&config, -EINVAL, JAILHOUSE_REASON_CPU_UNEXPECTED);
	config = system_config();
	config.cpus[0] |= 0x10;
	expect_refused(&config, -EINVAL, JAILHOUSE_REASON_CPU_MISSING);
	config = system_config();
	config.cpus[7] = 0x80;
	expect_refused(&config, -EINVAL, JAILHOUSE_REASON_CPU_MISSING);
}

static void offline_cpu(void **state)
{
	struct test_system config = system_config();

	(void)state;
	cpu_online(2, 0);
	expect_refused(&config, -EINVAL, JAILHOUSE_REASON_CPU_OFFLINE);
	config.cpus[0] &= ~4;
	if (test_arch.may_stay_offline)
		expect_refused(&config, TEST_IMAGE_ERROR, JAILHOUSE_REASON_APIC_OFF);
	else /* It would go on running Linux' code, outside the hypervisor. */
		expect_refused(&config, -EBUSY, JAILHOUSE_REASON_CPU_NATIVE);
	cpu_online(2, 1);
}

/* The entry is reached on all CPUs, on its own page tables, and its refusal undoes everything. */
static void entry_refuses(void **state)
{
	struct test_system config = system_config();
	struct jailhouse_reason reason;

	(void)state;
	for (int n = 0; n < 20; n++) {
		assert_int_equal(try_enable(&config, sizeof(config), &reason), TEST_IMAGE_ERROR);
		expect_reason(&reason, TEST_IMAGE_ERROR, JAILHOUSE_REASON_APIC_OFF);
		assert_int_equal(reason.item, JAILHOUSE_ITEM_CPU);
		assert_int_equal(reason.index, 1);
		assert_int_equal(reason.arg[0], test_arch.refuse_marks);
	}
	expect_refused(&config, TEST_IMAGE_ERROR, JAILHOUSE_REASON_APIC_OFF);
}

/* The reason in the image belongs to another error: it is not passed on. */
static void entry_refuses_without_reason(void **state)
{
	struct test_system config = system_config();
	struct test_image image = refusing_image();

	(void)state;
	image.info.reason.error = -ENOMEM;
	image_install(&image, sizeof(image));
	expect_refused(&config, TEST_IMAGE_ERROR, JAILHOUSE_REASON_NONE);
	/* A reason that is never complete must not keep anyone busy for ever. */
	image = refusing_image();
	image.info.reason_seq = 1;
	image_install(&image, sizeof(image));
	expect_refused(&config, TEST_IMAGE_ERROR, JAILHOUSE_REASON_NONE);
}

static int open_node(void)
{
	int fd = open(NODE, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static void expect_poll(int fd, short events)
{
	struct pollfd entry = { .fd = fd, .events = POLLIN | POLLPRI };

	assert_int_equal(poll(&entry, 1, 0), events ? 1 : 0);
	assert_int_equal(entry.revents, events);
}

static void log_of_a_failed_entry_is_kept(void **state)
{
	struct test_system config = system_config();
	char text[256] = "";
	int fd, other;

	(void)state;
	expect_refused(&config, TEST_IMAGE_ERROR, JAILHOUSE_REASON_APIC_OFF);
	fd = open_node();
	other = open_node();
	expect_poll(fd, POLLIN);
	assert_int_equal(read(fd, text, 4), 4);
	assert_int_equal(read(fd, text + 4, sizeof(text) - 4), strlen(TEST_IMAGE_LOG) - 4);
	assert_string_equal(text, TEST_IMAGE_LOG);
	/* The end is shown once. */
	assert_int_equal(read(fd, text, sizeof(text)), 0);
	assert_int_equal(read(fd, text, sizeof(text)), -1);
	assert_int_equal(errno, EAGAIN);
	expect_poll(fd, POLLHUP);
	/* Each file reads for itself. */
	assert_int_equal(read(other, text, sizeof(text)), strlen(TEST_IMAGE_LOG));
	/* A new session starts from its beginning. */
	expect_refused(&config, TEST_IMAGE_ERROR, JAILHOUSE_REASON_APIC_OFF);
	assert_int_equal(read(fd, text, sizeof(text)), strlen(TEST_IMAGE_LOG));
	close(fd);
	close(other);
}

static void log_that_is_longer_than_the_ring(void **state)
{
	static const char missed[] = "<missed 1000 bytes of console log>\n";
	struct test_system config = system_config();
	struct test_image image = refusing_image();
	char text[4096] = "";
	int fd = open_node();

	(void)state;
	image.console.tail = JAILHOUSE_CONSOLE_RING_SIZE + 1000;
	for (unsigned int at = 1000; at < image.console.tail; at++)
		image.console.content[at % JAILHOUSE_CONSOLE_RING_SIZE] = (char)('a' + at % 26);
	image_install(&image, sizeof(image));
	expect_refused(&config, TEST_IMAGE_ERROR, JAILHOUSE_REASON_APIC_OFF);
	assert_int_equal(read(fd, text, sizeof(text)), strlen(missed));
	assert_string_equal(text, missed);
	assert_int_equal(read(fd, text, sizeof(text)), JAILHOUSE_CONSOLE_RING_SIZE);
	for (unsigned int at = 0; at < JAILHOUSE_CONSOLE_RING_SIZE; at++)
		assert_int_equal(text[at], 'a' + (at + 1000) % 26);
	/* A writer that never finishes must not keep readers busy for ever. */
	image.console.busy = 1;
	image_install(&image, sizeof(image));
	expect_refused(&config, TEST_IMAGE_ERROR, JAILHOUSE_REASON_APIC_OFF);
	assert_int_equal(read(fd, text, 3), 3);
	assert_memory_equal(text, missed, 3);
	close(fd);
}

static void log_without_virtual_console(void **state)
{
	struct test_system config = system_config();
	int fd = open_node();
	char c;

	(void)state;
	config.system.flags = 0;
	expect_refused(&config, TEST_IMAGE_ERROR, JAILHOUSE_REASON_APIC_OFF);
	assert_int_equal(read(fd, &c, 1), -1);
	assert_int_equal(errno, EAGAIN);
	expect_poll(fd, POLLHUP);
	close(fd);
}

/* Instead of "nothing" by 0, if the reader asks for it */
static void eagain_mode(void **state)
{
	struct jailhouse_ioc_mode mode = { .size = sizeof(mode), .mode = JAILHOUSE_MODE_EAGAIN };
	struct test_system config = system_config();
	char text[256];

	(void)state;
	expect_refused(&config, TEST_IMAGE_ERROR, JAILHOUSE_REASON_APIC_OFF);
	assert_int_equal(call(JAILHOUSE_IOC_SET_MODE, &mode), 0);
	assert_true(read(node, text, sizeof(text)) > 0);
	assert_int_equal(read(node, text, sizeof(text)), -1);
	assert_int_equal(errno, EAGAIN);
	mode.mode = 0;
	assert_int_equal(call(JAILHOUSE_IOC_SET_MODE, &mode), 0);
}

int main(void)
{
#define REFUSAL(name) cmocka_unit_test_setup_teardown(name, install, unchanged)
	const struct CMUnitTest tests[] = {
		REFUSAL(header_of_configuration),
		REFUSAL(truncated_configuration),
		REFUSAL(image_is_missing),
		REFUSAL(image_is_none),
		REFUSAL(image_header_is_damaged),
		REFUSAL(link_address_is_unusable),
		REFUSAL(hypervisor_memory_is_unusable),
		REFUSAL(hypervisor_memory_is_too_small),
		REFUSAL(hypervisor_memory_is_in_use),
		REFUSAL(clock_gate_beyond_the_register),
		REFUSAL(cpus_are_not_those_that_run),
		REFUSAL(offline_cpu),
		REFUSAL(entry_refuses),
		REFUSAL(entry_refuses_without_reason),
		REFUSAL(log_of_a_failed_entry_is_kept),
		REFUSAL(log_that_is_longer_than_the_ring),
		REFUSAL(log_without_virtual_console),
		REFUSAL(eagain_mode),
		cmocka_unit_test(module_unloads),
		cmocka_unit_test(kernel_does_not_complain),
	};

	return cmocka_run_group_tests_name("driver-enable", tests, setup, NULL);
}
