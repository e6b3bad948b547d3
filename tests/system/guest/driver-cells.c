/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The driver's interface with a running hypervisor: refusals that change nothing, the handover of
 * CPUs and PCI devices, sysfs, events, and what must not happen to the machine meanwhile.
 * With the argument "card", the machine has a serial card at 00:03.0, which its configuration knows.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "driver-cells.h"

#define CARD	    "/sys/bus/pci/devices/0000:00:03.0"
#define CARD_BDF    0x18
#define CARD_DRIVER "serial"

static struct guest_file system_file;

static bool have_card;

static struct jailhouse_system *machine(void)
{
	return system_file.data;
}

static struct jailhouse_pci_device *find_card(void)
{
	struct jailhouse_cell_desc *root = &machine()->root_cell;
	struct jailhouse_pci_device *device = (void *)(uintptr_t)jailhouse_cell_pci_devices(root);

	for (uint32_t n = 0; n < root->num_pci_devices; n++)
		if (device[n].bdf == CARD_BDF)
			return &device[n];
	return NULL;
}

/* Enables with the machine's configuration, but with a serial card at 00:03.0 if there is one. */
static int setup(void **state)
{
	struct jailhouse_pci_device *device;
	struct jailhouse_reason reason;

	if (driver_setup(state))
		return -1;
	system_file = guest_config_read(GUEST_SYSTEM);
	if (have_card) {
		device = find_card();
		if (!device)
			return -1;
		memset(device->bar_mask, 0, sizeof(device->bar_mask));
		device->bar_mask[0] = 0xfffffff8;
		device->num_caps = 0;
		device->num_msi_vectors = 0;
		device->msi_64bits = 0;
	}
	return try_enable(system_file.data, system_file.size, &reason);
}

/* With a card that the cell gets */
static struct small_cell card_cell(void)
{
	struct small_cell config = small_cell("card", 3);

	if (!have_card)
		return config;
	config.cell.num_pci_devices = 1;
	config.device.type = JAILHOUSE_PCI_TYPE_DEVICE;
	config.device.bdf = CARD_BDF;
	config.device.bar_mask[0] = 0xfffffff8;
	return config;
}

/* Name of the driver that has the card, "" for none */
static const char *card_driver(void)
{
	static char target[256];
	ssize_t length = readlink(CARD "/driver", target, sizeof(target) - 1);

	if (length < 0)
		return "";
	target[length] = '\0';
	return strrchr(target, '/') + 1;
}

static void card_is_linux(void)
{
	if (have_card)
		assert_string_equal(card_driver(), CARD_DRIVER);
}

/* Between the tests nothing but the root cell is left. */
static int only_root(void **state)
{
	struct jailhouse_ioc_info info = {0};

	(void)state;
	assert_int_equal(call_sized(JAILHOUSE_IOC_GET_INFO, &info), 0);
	assert_int_equal(info.num_cells, 1);
	assert_string_equal(guest_online_cpus(), guest_machine()->cpus);
	assert_string_equal(guest_first_line(SYSFS "/cells/0/cpus_assigned_list"),
			    guest_machine()->cpus);
	card_is_linux();
	return 0;
}

static void second_enable(void **state)
{
	struct jailhouse_reason reason;

	(void)state;
	assert_int_equal(try_enable(system_file.data, system_file.size, &reason), -EBUSY);
	expect_reason(&reason, -EBUSY, JAILHOUSE_REASON_ALREADY_ENABLED);
	assert_int_equal(call(JAILHOUSE_ENABLE, system_file.data), -EBUSY);
}

static void module_stays(void **state)
{
	(void)state;
	close(node);
	assert_int_equal(guest_rmmod(), -EWOULDBLOCK);
	node = open(NODE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	assert_true(node >= 0);
}

static void info_of_the_running_hypervisor(void **state)
{
	struct jailhouse_ioc_info info = {0};

	(void)state;
	assert_int_equal(call_sized(JAILHOUSE_IOC_GET_INFO, &info), 0);
	assert_int_equal(info.state, JAILHOUSE_IOC_ENABLED);
	assert_int_equal(info.max_cpus, 4);
	assert_int_equal(info.features & test_arch.features, test_arch.features);
	assert_true(info.tsc_khz > 0);
	assert_true(info.mem_pool_used > 0 && info.mem_pool_used < info.mem_pool_size);
	assert_true(info.core_size > 0 && info.percpu_size > 0);
	/* No IOMMU in this machine */
	assert_int_equal(info.isolation,
			 JAILHOUSE_ISOLATION_NO_DMA | JAILHOUSE_ISOLATION_NO_MSI_REMAP);
}

static void sysfs_of_the_root_cell(void **state)
{
	char text[64] = "";
	char path[96];
	int fd;

	(void)state;
	assert_string_equal(guest_first_line(SYSFS "/enabled"), "1");
	assert_string_equal(guest_first_line(SYSFS "/cells/0/name"), machine()->root_cell.name);
	assert_string_equal(guest_first_line(SYSFS "/cells/0/state"), "running");
	assert_string_equal(guest_first_line(SYSFS "/cells/0/cpus_failed_list"), "");
	assert_int_equal(strtoul(guest_first_line(SYSFS "/cells/0/cpus_assigned"), NULL, 16), 0xf);
	assert_true(atoi(guest_first_line(SYSFS "/cells/0/statistics/vmexits_total")) > 0);
	for (int cpu = 0; cpu < 4; cpu++) {
		snprintf(path, sizeof(path), SYSFS "/cells/0/statistics/cpu%d/vmexits_hypercall",
			 cpu);
		assert_int_equal(access(path, R_OK), 0);
	}
	/* The hypervisor's memory looks empty from here. */
	fd = open(SYSFS "/core", O_RDONLY);
	assert_true(fd >= 0);
	memset(text, 0xff, sizeof(text));
	assert_int_equal(read(fd, text, sizeof(text)), sizeof(text));
	for (size_t i = 0; i < sizeof(text); i++)
		assert_int_equal(text[i], 0);
	close(fd);
	fd = open(SYSFS "/cells/0/isolation", O_RDONLY);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	assert_string_equal(text, "no DMA protection\nno MSI remapping\n");
}

static void configurations_come_back(void **state)
{
	struct jailhouse_ioc_get_config get = { .cell = JAILHOUSE_IOC_SYSTEM_CONFIG };
	struct small_cell back, config = small_cell("test", 3);
	struct jailhouse_system *copy = calloc(1, 65536);
	uint32_t size, id;

	(void)state;
	assert_int_equal(call_sized(JAILHOUSE_IOC_GET_CONFIG, &get), -ERANGE);
	size = get.config_size;
	assert_in_range(size, sizeof(*copy), system_file.size);
	get.buffer = (uintptr_t)copy;
	get.buffer_size = size - 1;
	assert_int_equal(call_sized(JAILHOUSE_IOC_GET_CONFIG, &get), -ERANGE);
	get.buffer_size = size;
	assert_int_equal(call_sized(JAILHOUSE_IOC_GET_CONFIG, &get), 0);
	test_arch.copy_filled_in(machine(), copy);
	assert_memory_equal(copy, system_file.data, size);
	free(copy);

	config.cell.flags |= JAILHOUSE_CELL_VIRTUAL_CONSOLE_ACTIVE;
	id = must_create(&config);
	get.cell = id;
	get.buffer = (uintptr_t)&back;
	get.buffer_size = sizeof(back);
	assert_int_equal(call_sized(JAILHOUSE_IOC_GET_CONFIG, &get), 0);
	config.cell.id = id;
	config.cell.flags |= JAILHOUSE_CELL_VIRTUAL_CONSOLE_PERMITTED;
	assert_memory_equal(&back, &config, offsetof(struct small_cell, device));
	get.buffer = 16;
	assert_int_equal(call_sized(JAILHOUSE_IOC_GET_CONFIG, &get), -EFAULT);
	get.cell = 0;
	assert_int_equal(call_sized(JAILHOUSE_IOC_GET_CONFIG, &get), -EINVAL);
	expect_reason(&get.reason, -EINVAL, JAILHOUSE_REASON_CELL_IS_ROOT);
	get.cell = 77;
	assert_int_equal(call_sized(JAILHOUSE_IOC_GET_CONFIG, &get), -ENOENT);
	must_destroy(id);
}

/* Refused by the driver or by the hypervisor, by both ABIs, with everything as before */
static void expect_no_cell(const struct small_cell *config, int error, unsigned int code)
{
	struct jailhouse_cell_create create = {
		.config_address = (uintptr_t)config, .config_size = sizeof(*config),
	};
	struct jailhouse_ioc_info before = {0}, after = {0};
	struct jailhouse_reason reason;
	char online[64];

	snprintf(online, sizeof(online), "%s", guest_online_cpus());
	assert_int_equal(call_sized(JAILHOUSE_IOC_GET_INFO, &before), 0);
	assert_int_equal(try_create(config, sizeof(*config), &reason), error);
	expect_reason(&reason, error, code);
	assert_int_equal(call(JAILHOUSE_CELL_CREATE, &create), error);
	assert_int_equal(call_sized(JAILHOUSE_IOC_GET_INFO, &after), 0);
	assert_int_equal(after.mem_pool_used, before.mem_pool_used);
	assert_int_equal(after.num_cells, before.num_cells);
	assert_string_equal(guest_online_cpus(), online);
	card_is_linux();
}

static void cells_with_wrong_cpus(void **state)
{
	struct small_cell config = small_cell("other", 3);
	uint32_t id;

	(void)state;
	config.cpus[0] = 0x10;
	expect_no_cell(&config, -EBUSY, JAILHOUSE_REASON_CPU_NOT_IN_SYSTEM);
	config.cpus[0] = 8;
	config.cpus[7] = 0x80;
	expect_no_cell(&config, -EBUSY, JAILHOUSE_REASON_CPU_NOT_IN_SYSTEM);
	config = small_cell("first", 3);
	id = must_create(&config);
	config = small_cell("other", 3);
	config.cpus[0] |= 1 << 2;
	expect_no_cell(&config, -EBUSY, JAILHOUSE_REASON_CPU_NOT_IN_ROOT);
	must_destroy(id);
}

/* Linux would see what the hypervisor shows, and registers of an IOMMU are not its any more. */
static void registers_are_not_read_while_enabled(void **state)
{
	struct jailhouse_ioc_hardware q = { .cpu = 0 };

	(void)state;
	assert_int_equal(call_sized(JAILHOUSE_IOC_HARDWARE, &q), -EBUSY);
	expect_reason(&q.reason, -EBUSY, JAILHOUSE_REASON_ALREADY_ENABLED);
	assert_int_equal(q.count, 0);
}

static void cells_with_wrong_names(void **state)
{
	struct small_cell config = small_cell("first", 3);
	uint32_t id = must_create(&config);

	(void)state;
	config = small_cell("first", 2);
	expect_no_cell(&config, -EEXIST, JAILHOUSE_REASON_CELL_NAME_USED);
	strcpy(config.cell.name, machine()->root_cell.name);
	expect_no_cell(&config, -EEXIST, JAILHOUSE_REASON_CELL_NAME_USED);
	must_destroy(id);
}

static void cells_with_wrong_memory(void **state)
{
	struct small_cell config = small_cell("other", 3);

	(void)state;
	config.memory[0].phys_start = guest_machine()->linux_ram;
	expect_no_cell(&config, -EINVAL, JAILHOUSE_REASON_MEM_SYSTEM_RAM);
	/* One page of it, at the end of a region */
	config.memory[0].phys_start = guest_machine()->reserved - 0x1000;
	expect_no_cell(&config, -EINVAL, JAILHOUSE_REASON_MEM_SYSTEM_RAM);
	config.memory[0].phys_start = 0xfffffffffffff000;
	config.memory[0].size = 0x2000;
	expect_no_cell(&config, -EINVAL, JAILHOUSE_REASON_MEM_OVERFLOW);
}

/* Only the hypervisor knows this: the driver has taken CPU and card by then, and gives them back. */
static void cell_refused_by_the_hypervisor(void **state)
{
	struct small_cell config = card_cell();
	struct jailhouse_reason reason;

	(void)state;
	config.memory[0].phys_start = HV_MEMORY + 0x10000;
	assert_true(try_create(&config, sizeof(config), &reason) < 0);
	expect_no_cell(&config, reason.error, JAILHOUSE_REASON_MEM_HYPERVISOR);
}

static void cpu_of_a_cell(void **state)
{
	struct small_cell config = small_cell("test", 3);
	uint32_t id = must_create(&config);
	char path[96];
	int fd;

	(void)state;
	assert_string_equal(guest_online_cpus(), "0-2");
	assert_string_equal(guest_first_line(SYSFS "/cells/0/cpus_assigned_list"), "0-2");
	snprintf(path, sizeof(path), SYSFS "/cells/%u/cpus_assigned_list", id);
	assert_string_equal(guest_first_line(path), "3");
	snprintf(path, sizeof(path), SYSFS "/cells/%u/statistics/cpu3", id);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(access(SYSFS "/cells/0/statistics/cpu3", F_OK), -1);
	/* Linux cannot have it back in between. */
	fd = open("/sys/devices/system/cpu/cpu3/online", O_WRONLY);
	assert_int_equal(write(fd, "1", 1), -1);
	assert_int_equal(errno, EBUSY);
	close(fd);
	must_destroy(id);
	assert_int_equal(access(SYSFS "/cells/0/statistics/cpu3", F_OK), 0);
}

/* The CPU with which Linux began stays on x86. Elsewhere it is one like the others, as it can be started again. */
static void boot_cpu_of_a_cell(void **state)
{
	struct small_cell config = small_cell("test", 0);
	uint32_t id;

	(void)state;
	if (test_arch.boot_cpu_stays) {
		expect_no_cell(&config, -EINVAL, JAILHOUSE_REASON_CPU_IS_BOOT);
		return;
	}
	id = must_run(&config, &test_arch.locked);
	assert_string_equal(guest_online_cpus(), "1-3");
	must_become_locked(id);
	must_destroy(id);
	assert_string_equal(guest_online_cpus(), "0-3");
}

/* Given away while offline: it stays offline when it comes back. */
static void cpu_that_was_offline(void **state)
{
	struct small_cell config = small_cell("test", 3);
	uint32_t id;

	(void)state;
	cpu_online(3, 0);
	id = must_create(&config);
	must_destroy(id);
	assert_string_equal(guest_online_cpus(), "0-2");
	cpu_online(3, 1);
}

static void card_of_a_cell(void **state)
{
	struct small_cell config = card_cell();
	uint32_t id;

	(void)state;
	if (!have_card)
		skip();
	id = must_create(&config);
	assert_string_equal(card_driver(), "jailhouse-pci-stub");
	must_destroy(id);
	/* No trace is left that would keep other drivers away. */
	assert_string_equal(guest_first_line(CARD "/driver_override"), "(null)");
}

static void images_that_do_not_fit(void **state)
{
	static const struct {
		uint64_t target, size;
	} bad[] = {
		{ 0x1000, 1 }, { 0xfff, 2 }, { 0, 0x1001 }, { 0, UINT64_MAX },
		{ UINT64_MAX, 1 }, { 0x100000000, 16 }, { 0xfff, UINT64_MAX - 0xffe },
	};
	struct small_cell config = small_cell("test", 3);
	uint32_t id = must_create(&config);
	struct jailhouse_reason reason;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(load(id, "x", bad[i].size, bad[i].target, &reason), -EINVAL);
		expect_reason(&reason, -EINVAL, JAILHOUSE_REASON_LOAD_RANGE);
	}
	assert_int_equal(load(id, (void *)16, 16, 0, &reason), -EFAULT);
	expect_reason(&reason, -EFAULT, JAILHOUSE_REASON_LOAD_SOURCE);
	assert_int_equal(load(id, NULL, 0, 0x99999, &reason), 0);
	must_destroy(id);
}

/* What a failed load leaves is not started; a shutdown does not make it better. */
static void start_after_a_failed_load(void **state)
{
	struct small_cell config = small_cell("test", 3);
	uint32_t id = must_create(&config);
	struct jailhouse_cell_id legacy = { .id = (int32_t)id };
	struct jailhouse_reason reason;

	(void)state;
	assert_int_equal(load(id, (void *)16, 16, 0, &reason), -EFAULT);
	assert_int_equal(cell_call(JAILHOUSE_IOC_CELL_START, id, &reason), -EINVAL);
	expect_reason(&reason, -EINVAL, JAILHOUSE_REASON_NOT_LOADED);
	assert_int_equal(cell_call(JAILHOUSE_IOC_CELL_SHUTDOWN, id, &reason), 0);
	assert_int_equal(call(JAILHOUSE_CELL_START, &legacy), -EINVAL);
	must_load(id, &test_arch.idle);
	assert_int_equal(cell_call(JAILHOUSE_IOC_CELL_START, id, &reason), 0);
	must_destroy(id);
}

static void requests_for_wrong_cells(void **state)
{
	static const unsigned long numbers[] = {
		JAILHOUSE_IOC_CELL_START, JAILHOUSE_IOC_CELL_SHUTDOWN, JAILHOUSE_IOC_CELL_DESTROY,
	};
	struct jailhouse_cell_id legacy = { .id = -2 };
	struct jailhouse_reason reason;

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		assert_int_equal(cell_call(numbers[i], 55, &reason), -ENOENT);
		expect_reason(&reason, -ENOENT, JAILHOUSE_REASON_CELL_UNKNOWN);
		assert_int_equal(cell_call(numbers[i], 0, &reason), -EINVAL);
		expect_reason(&reason, -EINVAL, JAILHOUSE_REASON_CELL_IS_ROOT);
	}
	assert_int_equal(call(JAILHOUSE_CELL_START, &legacy), -ENOENT);
	legacy.id = JAILHOUSE_CELL_ID_UNUSED;
	strcpy(legacy.name, "nobody");
	assert_int_equal(call(JAILHOUSE_CELL_DESTROY, &legacy), -ENOENT);
}

/* The whole life through the ioctls of existing tools, the cell addressed by its name */
static void legacy_life(void **state)
{
	struct small_cell config = small_cell("test", 3);
	struct jailhouse_cell_create create = {
		.config_address = (uintptr_t)&config, .config_size = sizeof(config),
	};
	/* struct jailhouse_cell_load with its array: standard C has no struct around a flexible one */
	struct {
		struct jailhouse_cell_id cell_id;
		__u32 num_preload_images;
		__u32 padding;
		struct jailhouse_preload_image image[2];
	} load = {
		.cell_id = { .id = JAILHOUSE_CELL_ID_UNUSED, .name = "test" },
		.num_preload_images = 2,
		.image = {
			{ .source_address = (uintptr_t)test_arch.idle.data,
			  .size = test_arch.idle.size },
			{ .source_address = 16, .size = 0, .target_address = 16 },
		},
	};

	(void)state;
	_Static_assert(__builtin_offsetof(__typeof__(load), image) ==
		       __builtin_offsetof(struct jailhouse_cell_load, image), "the same layout");
	assert_int_equal(call(JAILHOUSE_CELL_CREATE, &create), 0);
	assert_int_equal(call(JAILHOUSE_CELL_LOAD, &load), 0);
	assert_int_equal(call(JAILHOUSE_CELL_START, &load.cell_id), 0);
	assert_string_equal(guest_first_line(SYSFS "/cells/1/state"), "running");
	load.num_preload_images = 0;
	assert_int_equal(call(JAILHOUSE_CELL_LOAD, &load), 0);
	assert_string_equal(guest_first_line(SYSFS "/cells/1/state"), "shut down");
	assert_int_equal(call(JAILHOUSE_CELL_DESTROY, &load.cell_id), 0);
}

static void on_alarm(int number)
{
	(void)number;
}

/* Signals every few milliseconds: each request is done in full, or not begun. */
static void signals_in_the_middle(void **state)
{
	const struct itimerval often = { .it_interval.tv_usec = 3000, .it_value.tv_usec = 3000 };
	struct itimerval never = {0};
	struct sigaction action = { .sa_handler = on_alarm };
	struct small_cell config = small_cell("test", 3);
	struct jailhouse_reason reason;
	uint32_t id;

	(void)state;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	for (int n = 0; n < 3; n++) {
		id = must_create(&config);
		must_load(id, &test_arch.idle);
		assert_int_equal(cell_call(JAILHOUSE_IOC_CELL_START, id, &reason), 0);
		must_destroy(id);
	}
	setitimer(ITIMER_REAL, &never, NULL);
}

static void suspend_is_refused(void **state)
{
	int fd = open("/sys/power/state", O_WRONLY);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "freeze", 6), -1);
	assert_int_equal(errno, EBUSY);
	close(fd);
}

int main(int argc, char **argv)
{
#define TEST(name) cmocka_unit_test_teardown(name, only_root)
	const struct CMUnitTest tests[] = {
		TEST(second_enable),
		TEST(module_stays),
		TEST(info_of_the_running_hypervisor),
		TEST(sysfs_of_the_root_cell),
		TEST(configurations_come_back),
		TEST(cells_with_wrong_cpus),
		TEST(registers_are_not_read_while_enabled),
		TEST(cells_with_wrong_names),
		TEST(cells_with_wrong_memory),
		TEST(cell_refused_by_the_hypervisor),
		TEST(cpu_of_a_cell),
		TEST(boot_cpu_of_a_cell),
		TEST(cpu_that_was_offline),
		TEST(card_of_a_cell),
		TEST(images_that_do_not_fit),
		TEST(start_after_a_failed_load),
		TEST(requests_for_wrong_cells),
		TEST(legacy_life),
		TEST(signals_in_the_middle),
		TEST(suspend_is_refused),
		cmocka_unit_test(hypervisor_leaves),
		cmocka_unit_test(module_unloads),
		cmocka_unit_test(kernel_does_not_complain),
	};

	have_card = argc > 1 && !strcmp(argv[1], "card");
	return cmocka_run_group_tests_name("driver-cells", tests, setup, NULL);
}
