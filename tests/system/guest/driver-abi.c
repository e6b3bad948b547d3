/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The driver's interface without a running hypervisor: every ioctl with nonsense, the legacy error
 * numbers, the rules of sized structures, read, poll, and sysfs. Needs no hypervisor image.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver-registers.h"

#define BAD_POINTER ((void *)16)

/* All of our own ioctls: how long they are, where the reason stands, and what they say now. */
#define COMMAND(number, type, error, code)                                                         \
	{ JAILHOUSE_IOC_##number, #number, sizeof(struct type), offsetof(struct type, reason),     \
	  error, code }
static const struct command {
	unsigned long number;
	const char *name;
	unsigned int size;
	unsigned int reason;
	int error;
	unsigned int code;
} commands[] = {
	COMMAND(GET_INFO, jailhouse_ioc_info, 0, 0),
	COMMAND(ENABLE, jailhouse_ioc_enable, -EINVAL, JAILHOUSE_REASON_CONFIG_TRUNCATED),
	COMMAND(DISABLE, jailhouse_ioc_disable, -EINVAL, JAILHOUSE_REASON_NOT_ENABLED),
	COMMAND(CELL_CREATE, jailhouse_ioc_cell_create, -EINVAL, JAILHOUSE_REASON_CONFIG_TRUNCATED),
	COMMAND(CELL_LOAD, jailhouse_ioc_cell_load, -EINVAL, JAILHOUSE_REASON_NOT_ENABLED),
	COMMAND(CELL_START, jailhouse_ioc_cell, -EINVAL, JAILHOUSE_REASON_NOT_ENABLED),
	COMMAND(CELL_DESTROY, jailhouse_ioc_cell, -EINVAL, JAILHOUSE_REASON_NOT_ENABLED),
	COMMAND(CELL_SHUTDOWN, jailhouse_ioc_cell, -EINVAL, JAILHOUSE_REASON_NOT_ENABLED),
	COMMAND(GET_CONFIG, jailhouse_ioc_get_config, -EINVAL, JAILHOUSE_REASON_NOT_ENABLED),
	COMMAND(CELL_INFO, jailhouse_ioc_cell_info, -EINVAL, JAILHOUSE_REASON_NOT_ENABLED),
	COMMAND(NEXT_CELL, jailhouse_ioc_next_cell, -EINVAL, JAILHOUSE_REASON_NOT_ENABLED),
	COMMAND(CPU_STATS, jailhouse_ioc_cpu_stats, -EINVAL, JAILHOUSE_REASON_NOT_ENABLED),
	COMMAND(CPU_RECORD, jailhouse_ioc_cpu_record, -EINVAL, JAILHOUSE_REASON_NOT_ENABLED),
	COMMAND(LEARNED, jailhouse_ioc_learned, 0, 0),
	COMMAND(SET_MODE, jailhouse_ioc_mode, 0, 0),
	COMMAND(ACK_EVENTS, jailhouse_ioc_events, 0, 0),
	COMMAND(READ_EVENTS, jailhouse_ioc_read_events, -EINVAL, JAILHOUSE_REASON_BAD_ARGUMENT),
	COMMAND(HARDWARE, jailhouse_ioc_hardware, 0, 0),
};
#define NUM_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static uint8_t buffer[8192];

/* The ioctl with a structure of zeros and this size in it. */
static int call_zeros(const struct command *c, uint32_t size)
{
	memset(buffer, 0, sizeof(buffer));
	memcpy(buffer, &size, sizeof(size));
	return call(c->number, buffer);
}

static struct jailhouse_reason buffer_reason(const struct command *c)
{
	struct jailhouse_reason reason;

	memcpy(&reason, buffer + c->reason, sizeof(reason));
	return reason;
}

static void every_command_answers_zeros(void **state)
{
	struct jailhouse_reason reason;

	(void)state;
	for (size_t i = 0; i < NUM_COMMANDS; i++) {
		const struct command *c = &commands[i];
		int err = call_zeros(c, c->size);

		if (err != c->error)
			fail_msg("%s gave %d, not %d", c->name, err, c->error);
		reason = buffer_reason(c);
		expect_reason(&reason, c->error, c->code);
	}
}

static void sizes_follow_the_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < NUM_COMMANDS; i++) {
		const struct command *c = &commands[i];

		for (uint32_t size = 0; size < 4; size++)
			assert_int_equal(call_zeros(c, size), -EINVAL);
		/* An older caller: what it lacks is zero, and nothing behind it is written. */
		for (uint32_t size = 4; size < c->size; size += 4) {
			memset(buffer, 0, sizeof(buffer));
			memset(buffer + size, 0xee, c->size - size);
			memcpy(buffer, &size, sizeof(size));
			assert_int_equal(call(c->number, buffer), c->error);
			for (uint32_t at = size; at < c->size; at++)
				assert_int_equal(buffer[at], 0xee);
		}
		/* A newer caller, who uses nothing new, or does */
		assert_int_equal(call_zeros(c, c->size + 8), c->error);
		assert_int_equal(call_zeros(c, 4096), c->error);
		assert_int_equal(call_zeros(c, 4097), -E2BIG);
		assert_int_equal(call_zeros(c, 0xffffffff), -E2BIG);
		call_zeros(c, 4);
		*(uint32_t *)buffer = c->size + 8;
		buffer[c->size + 7] = 1;
		assert_int_equal(call(c->number, buffer), -E2BIG);
	}
}

static void bad_pointers_give_efault(void **state)
{
	uint8_t *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			      0);

	(void)state;
	assert_ptr_not_equal(pages, MAP_FAILED);
	munmap(pages + 4096, 4096);
	for (size_t i = 0; i < NUM_COMMANDS; i++) {
		const struct command *c = &commands[i];
		uint8_t *at = pages + 4096 - 8;

		assert_int_equal(call(c->number, NULL), -EFAULT);
		assert_int_equal(call(c->number, BAD_POINTER), -EFAULT);
		assert_int_equal(call(c->number, (void *)0xffff888000000000), -EFAULT);
		memset(at, 0, 8);
		memcpy(at, &c->size, 4);
		assert_int_equal(call(c->number, at), -EFAULT);
	}
	/* Readable, but not writable */
	for (size_t i = 0; i < NUM_COMMANDS; i++) {
		memset(pages, 0, 4096);
		memcpy(pages, &commands[i].size, 4);
		mprotect(pages, 4096, PROT_READ);
		assert_int_equal(call(commands[i].number, pages), -EFAULT);
		mprotect(pages, 4096, PROT_READ | PROT_WRITE);
	}
	munmap(pages, 4096);
}

static void unknown_numbers_give_enotty(void **state)
{
	struct jailhouse_ioc_disable arg = {0};

	(void)state;
	arg.size = sizeof(arg);
	assert_int_equal(call(_IOWR(JAILHOUSE_IOC_MAGIC, _IOC_NR(JAILHOUSE_IOC_HARDWARE) + 1, arg), &arg), -ENOTTY);
	assert_int_equal(call(_IOWR(JAILHOUSE_IOC_MAGIC, 255, arg), &arg), -ENOTTY);
	assert_int_equal(call(_IOW(JAILHOUSE_IOC_MAGIC, 2, arg), &arg), -ENOTTY);
	assert_int_equal(call(_IO(JAILHOUSE_IOC_MAGIC, 2), &arg), -ENOTTY);
	assert_int_equal(call(_IOWR(0xbb, 2, arg), &arg), -ENOTTY);
	assert_int_equal(call(_IO(0, 6), NULL), -ENOTTY);
	assert_int_equal(call(_IO(0, 0), NULL), -ENOTTY);
	/* That of the legacy call but for its size, which is a pointer's */
	assert_int_equal(call(_IOW(0, 0, uint16_t), NULL), -ENOTTY);
	assert_int_equal(call(0xffffffff, NULL), -ENOTTY);
}

/* The size in the number belongs to the caller's structure; the one inside counts. */
static void number_of_a_grown_structure_is_accepted(void **state)
{
	struct {
		struct jailhouse_ioc_disable arg;
		uint64_t more;
	} grown = {0};

	(void)state;
	grown.arg.size = sizeof(grown);
	assert_int_equal(call(_IOWR(JAILHOUSE_IOC_MAGIC, 2, grown), &grown), -EINVAL);
	expect_reason(&grown.arg.reason, -EINVAL, JAILHOUSE_REASON_NOT_ENABLED);
}

static void expect_bad_argument(unsigned long number, void *arg, struct jailhouse_reason *reason,
				unsigned int offset, uint32_t value)
{
	assert_int_equal(call(number, arg), -EINVAL);
	expect_reason(reason, -EINVAL, JAILHOUSE_REASON_BAD_ARGUMENT);
	assert_int_equal(reason->arg[0], offset);
	assert_int_equal(reason->arg[1], value);
}

#define EXPECT_BAD(number, type, field, value)                                                     \
	do {                                                                                       \
		struct type arg = {0};                                                             \
		arg.size = sizeof(arg);                                                            \
		arg.field = (value);                                                               \
		expect_bad_argument(JAILHOUSE_IOC_##number, &arg, &arg.reason,                     \
				    offsetof(struct type, field), (value));                        \
	} while (0)

static void unknown_flags_are_named(void **state)
{
	(void)state;
	EXPECT_BAD(ENABLE, jailhouse_ioc_enable, flags, 2);
	EXPECT_BAD(ENABLE, jailhouse_ioc_enable, flags, 0x80000001);
	EXPECT_BAD(ENABLE, jailhouse_ioc_enable, reserved, 1);
	EXPECT_BAD(DISABLE, jailhouse_ioc_disable, flags, 1);
	EXPECT_BAD(CELL_CREATE, jailhouse_ioc_cell_create, flags, 4);
	EXPECT_BAD(CELL_LOAD, jailhouse_ioc_cell_load, flags, 1);
	EXPECT_BAD(CELL_LOAD, jailhouse_ioc_cell_load, reserved, 9);
	EXPECT_BAD(CELL_LOAD, jailhouse_ioc_cell_load, num_images, JAILHOUSE_IOC_MAX_IMAGES + 1);
	EXPECT_BAD(CELL_START, jailhouse_ioc_cell, flags, 1);
	EXPECT_BAD(CELL_DESTROY, jailhouse_ioc_cell, flags, 1);
	EXPECT_BAD(CELL_SHUTDOWN, jailhouse_ioc_cell, flags, 1);
	EXPECT_BAD(CELL_INFO, jailhouse_ioc_cell_info, reserved, 1);
	EXPECT_BAD(SET_MODE, jailhouse_ioc_mode, mode, 4);
	EXPECT_BAD(READ_EVENTS, jailhouse_ioc_read_events, flags, 1);
	EXPECT_BAD(HARDWARE, jailhouse_ioc_hardware, reserved, 1);
	EXPECT_BAD(READ_EVENTS, jailhouse_ioc_read_events, event_size, 120);
	EXPECT_BAD(READ_EVENTS, jailhouse_ioc_read_events, event_size, 132);
	EXPECT_BAD(READ_EVENTS, jailhouse_ioc_read_events, event_size, 4104);
	EXPECT_BAD(READ_EVENTS, jailhouse_ioc_read_events, event_size, 0xfffffff8);
}

static void info_without_hypervisor(void **state)
{
	struct jailhouse_ioc_info info;

	(void)state;
	memset(&info, 0xff, sizeof(info));
	assert_int_equal(call_sized(JAILHOUSE_IOC_GET_INFO, &info), 0);
	assert_int_equal(info.abi, JAILHOUSE_IOC_ABI);
	assert_int_equal(info.state, 0);
	assert_int_equal(info.num_cells, 0);
	assert_int_equal(info.max_cpus, 0);
	assert_int_equal(info.mem_pool_size, 0);
	assert_int_equal(info.core_size, 0);
	assert_int_equal(info.learned_total, 0);
	assert_int_equal(info.reason.code, 0);
	assert_true(strlen(info.driver_version) > 0);
	assert_true(strlen(info.driver_version) < sizeof(info.driver_version));
}

static void nothing_was_learned_yet(void **state)
{
	struct jailhouse_ioc_learned learned = { .count = 5, .buffer = 16 };

	(void)state;
	assert_int_equal(call_sized(JAILHOUSE_IOC_LEARNED, &learned), 0);
	assert_int_equal(learned.count, 0);
	assert_int_equal(learned.total, 0);
}

static void legacy_commands_need_the_hypervisor(void **state)
{
	struct jailhouse_cell_load load = { .cell_id.id = 1, .num_preload_images = 1 };
	struct test_cell config = cell_config();
	struct jailhouse_cell_create create = {
		.config_address = (uintptr_t)&config, .config_size = sizeof(config),
	};

	(void)state;
	assert_int_equal(call(JAILHOUSE_DISABLE, NULL), -EINVAL);
	assert_int_equal(call(JAILHOUSE_CELL_CREATE, &create), -EINVAL);
	assert_int_equal(call(JAILHOUSE_CELL_LOAD, &load), -EINVAL);
	assert_int_equal(call(JAILHOUSE_CELL_START, &load.cell_id), -EINVAL);
	assert_int_equal(call(JAILHOUSE_CELL_DESTROY, &load.cell_id), -EINVAL);
}

static void legacy_bad_pointers_give_efault(void **state)
{
	struct jailhouse_cell_create create = { .config_address = 16, .config_size = 1000 };

	(void)state;
	assert_int_equal(call(JAILHOUSE_ENABLE, NULL), -EFAULT);
	assert_int_equal(call(JAILHOUSE_ENABLE, BAD_POINTER), -EFAULT);
	/* As a program of 32 bits has it */
	assert_int_equal(call(_IOW(0, 0, uint32_t), BAD_POINTER), -EFAULT);
	assert_int_equal(call(JAILHOUSE_CELL_CREATE, BAD_POINTER), -EFAULT);
	assert_int_equal(call(JAILHOUSE_CELL_CREATE, &create), -EFAULT);
	assert_int_equal(call(JAILHOUSE_CELL_LOAD, BAD_POINTER), -EFAULT);
	assert_int_equal(call(JAILHOUSE_CELL_START, BAD_POINTER), -EFAULT);
	assert_int_equal(call(JAILHOUSE_CELL_DESTROY, BAD_POINTER), -EFAULT);
}

static void expect_bad_cell(const void *config, size_t size, int error, unsigned int code)
{
	struct jailhouse_cell_create create = {
		.config_address = (uintptr_t)config, .config_size = (uint32_t)size,
	};
	struct jailhouse_reason reason;

	assert_int_equal(try_create(config, size, &reason), error);
	expect_reason(&reason, error, code);
	assert_int_equal(call(JAILHOUSE_CELL_CREATE, &create), error);
}

/* Headers are checked before anything else, so this needs no hypervisor. */
static void cell_configurations_are_checked(void **state)
{
	struct test_cell config = cell_config();

	(void)state;
	for (size_t size = 0; size < sizeof(config); size++)
		expect_bad_cell(&config, size, -EINVAL, JAILHOUSE_REASON_CONFIG_TRUNCATED);
	expect_bad_cell(&config, sizeof(config), -EINVAL, JAILHOUSE_REASON_NOT_ENABLED);

	config.cell.signature[0] = 'X';
	expect_bad_cell(&config, sizeof(config), -EINVAL, JAILHOUSE_REASON_CONFIG_SIGNATURE);
	config = cell_config();
	config.cell.revision = 13;
	expect_bad_cell(&config, sizeof(config), -EINVAL, JAILHOUSE_REASON_CONFIG_REVISION);
	config = cell_config();
	config.cell.architecture = test_arch.other_number;
	expect_bad_cell(&config, sizeof(config), -EINVAL, JAILHOUSE_REASON_CONFIG_ARCHITECTURE);
	config = cell_config();
	config.cell.name[0] = 0;
	expect_bad_cell(&config, sizeof(config), -EINVAL, JAILHOUSE_REASON_CONFIG_NAME_EMPTY);
	config = cell_config();
	memset(config.cpus, 0, sizeof(config.cpus));
	expect_bad_cell(&config, sizeof(config), -EINVAL, JAILHOUSE_REASON_CPU_SET_EMPTY);
	config = cell_config();
	config.cell.cpu_set_size = 4097;
	expect_bad_cell(&config, sizeof(config), -EINVAL, JAILHOUSE_REASON_CPU_SET_TOO_LARGE);
	config.cell.cpu_set_size = 0xffffffff;
	expect_bad_cell(&config, sizeof(config), -EINVAL, JAILHOUSE_REASON_CPU_SET_TOO_LARGE);
}

/* Each count in turn so large that the sum of the sizes wraps around in 32 bits */
static void counts_cannot_overflow(void **state)
{
	static const size_t counts[] = {
		offsetof(struct jailhouse_cell_desc, num_memory_regions),
		offsetof(struct jailhouse_cell_desc, num_cache_regions),
		offsetof(struct jailhouse_cell_desc, num_irqchips),
		offsetof(struct jailhouse_cell_desc, num_pio_regions),
		offsetof(struct jailhouse_cell_desc, num_pci_devices),
		offsetof(struct jailhouse_cell_desc, num_pci_caps),
		offsetof(struct jailhouse_cell_desc, num_stream_ids),
	};
	static const uint32_t values[] = { 2, 0x08000000, 0x10000000, 0x40000000, 0x80000000,
					   0xffffffff };

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		for (size_t j = 0; j < sizeof(values) / sizeof(values[0]); j++) {
			struct test_cell config = cell_config();
			struct test_system system = system_config();

			memcpy((uint8_t *)&config.cell + counts[i], &values[j], 4);
			expect_bad_cell(&config, sizeof(config), -EINVAL,
					JAILHOUSE_REASON_CONFIG_TRUNCATED);
			memcpy((uint8_t *)&system.system.root_cell + counts[i], &values[j], 4);
			struct jailhouse_reason reason;
			assert_int_equal(try_enable(&system, sizeof(system), &reason), -EINVAL);
			expect_reason(&reason, -EINVAL, JAILHOUSE_REASON_CONFIG_TRUNCATED);
		}
	}
}

static void large_cell_configuration_is_refused(void **state)
{
	size_t size = sizeof(struct test_cell) + 2048 * sizeof(struct jailhouse_memory);
	struct test_cell *config = calloc(1, size);

	(void)state;
	assert_non_null(config);
	*config = cell_config();
	config->cell.num_memory_regions = 2048;
	expect_bad_cell(config, size, -E2BIG, JAILHOUSE_REASON_CONFIG_TOO_LARGE);
	free(config);
}

static void read_without_log(void **state)
{
	char c;

	(void)state;
	assert_int_equal(read(node, &c, 1), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(read(node, &c, 0), 0);
	assert_int_equal(lseek(node, 5, SEEK_SET), 0);
	assert_int_equal(write(node, "x", 1), -1);
	assert_int_equal(errno, EINVAL);
}

static void on_alarm(int number)
{
	(void)number;
}

static void blocking_read_ends_with_a_signal(void **state)
{
	const struct itimerval soon = { .it_value.tv_usec = 200000 };
	struct sigaction action = { .sa_handler = on_alarm };
	int fd = open(NODE, O_RDONLY | O_CLOEXEC);
	char c;

	(void)state;
	assert_true(fd >= 0);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	assert_int_equal(read(fd, &c, 1), -1);
	assert_int_equal(errno, EINTR);
	close(fd);
}

static void poll_says_not_enabled(void **state)
{
	struct pollfd entry = { .fd = node, .events = POLLIN | POLLPRI };

	(void)state;
	assert_int_equal(poll(&entry, 1, 1000), 1);
	assert_int_equal(entry.revents, POLLHUP);
}

static void sysfs_without_hypervisor(void **state)
{
	static const char *const zeros[] = {
		"enabled", "mem_pool_size", "mem_pool_used", "remap_pool_size", "remap_pool_used",
	};
	struct stat info;
	char path[80];
	char c;
	int fd;

	(void)state;
	for (size_t i = 0; i < sizeof(zeros) / sizeof(zeros[0]); i++) {
		snprintf(path, sizeof(path), SYSFS "/%s", zeros[i]);
		assert_string_equal(guest_first_line(path), "0");
		assert_int_equal(stat(path, &info), 0);
		assert_int_equal(info.st_mode & 07777, 0444);
	}
	fd = open(SYSFS "/console", O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(read(fd, &c, 1), 0);
	close(fd);
	assert_int_equal(stat(SYSFS "/cells", &info), 0);
	assert_int_equal(info.st_nlink, 2);
	assert_int_equal(stat(SYSFS "/core", &info), -1);
	assert_int_equal(stat("/sys/bus/pci/drivers/jailhouse-pci-stub", &info), 0);
}

static void node_is_for_root_only(void **state)
{
	struct stat info;
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(stat(NODE, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	pid = fork();
	if (!pid)
		_exit(setgid(65534) || setuid(65534) || open(NODE, O_RDWR) >= 0 ? 99 : errno);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), EACCES);
}

static void module_cannot_go_while_open(void **state)
{
	(void)state;
	assert_int_equal(guest_rmmod(), -EWOULDBLOCK);
}

/* Random numbers in every field of every ioctl: none may do more than to fail. */
static void random_arguments_do_no_harm(void **state)
{
	(void)state;
	srandom(1);
	for (int n = 0; n < 20000; n++) {
		const struct command *c = &commands[(size_t)random() % NUM_COMMANDS];
		uint32_t size = c->size + 8 * (uint32_t)(random() % 3);
		int err;

		for (size_t i = 0; i < sizeof(buffer) / 16; i += 4) {
			uint32_t value = (uint32_t)random();
			/* Many zeros and small numbers, or nothing gets past the first check */
			value = value & 1 ? 0 : value & 2 ? value >> 28 : value;
			memcpy(buffer + i, &value, 4);
		}
		memset(buffer + c->size, 0, 16);
		memcpy(buffer, &size, 4);
		err = call(c->number, buffer);
		assert_in_range(-err, 0, 133);
		assert_int_not_equal(err, -ENOTTY);
	}
	struct jailhouse_ioc_mode mode = { .mode = 0 };
	assert_int_equal(call_sized(JAILHOUSE_IOC_SET_MODE, &mode), 0);
	assert_string_equal(guest_first_line(SYSFS "/enabled"), "0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_answers_zeros),
		cmocka_unit_test(sizes_follow_the_rules),
		cmocka_unit_test(bad_pointers_give_efault),
		cmocka_unit_test(unknown_numbers_give_enotty),
		cmocka_unit_test(number_of_a_grown_structure_is_accepted),
		cmocka_unit_test(unknown_flags_are_named),
		cmocka_unit_test(info_without_hypervisor),
		cmocka_unit_test(registers_of_each_cpu),
		cmocka_unit_test(registers_of_the_machine),
		cmocka_unit_test(registers_that_have_no_room),
		cmocka_unit_test(registers_of_a_cpu_that_is_not_there),
		cmocka_unit_test(nothing_was_learned_yet),
		cmocka_unit_test(legacy_commands_need_the_hypervisor),
		cmocka_unit_test(legacy_bad_pointers_give_efault),
		cmocka_unit_test(cell_configurations_are_checked),
		cmocka_unit_test(counts_cannot_overflow),
		cmocka_unit_test(large_cell_configuration_is_refused),
		cmocka_unit_test(read_without_log),
		cmocka_unit_test(blocking_read_ends_with_a_signal),
		cmocka_unit_test(poll_says_not_enabled),
		cmocka_unit_test(sysfs_without_hypervisor),
		cmocka_unit_test(node_is_for_root_only),
		cmocka_unit_test(module_cannot_go_while_open),
		cmocka_unit_test(random_arguments_do_no_harm),
		cmocka_unit_test(module_unloads),
		cmocka_unit_test(kernel_does_not_complain),
	};

	return cmocka_run_group_tests_name("driver-abi", tests, driver_setup, NULL);
}
