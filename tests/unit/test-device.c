/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Management through our own driver: what is sent, and what becomes of the answers. */
#include <string.h>

#include "config-blob.h"
#include "open-mock.h"

static struct system_blob system_config;
static struct cell_blob cell_config;

static int setup(void **state)
{
	mock_setup(state);
	system_config = make_system_blob();
	cell_config = make_cell_blob();
	*state = open_device();
	return 0;
}

static int teardown(void **state)
{
	close_device(*state);
	return mock_teardown(state);
}

/* ---- enable, disable ---- */

static void check_enable(void *arg)
{
	struct jailhouse_ioc_enable *enable = arg;

	assert_int_equal(enable->size, sizeof(*enable));
	assert_int_equal(enable->flags, 0);
	assert_ptr_equal((void *)(uintptr_t)enable->config_address, &system_config);
	assert_int_equal(enable->config_size, sizeof(system_config));
	assert_int_equal(enable->reserved, 0);
}

static void enable_passes_the_configuration(void **state)
{
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_ENABLE, check_enable, 0);
	assert_int_equal(
		jailhouse_enable(*state, &system_config, sizeof(system_config), 0, NULL), 0);
}

static void check_permissive(void *arg)
{
	struct jailhouse_ioc_enable *enable = arg;

	assert_int_equal(enable->flags, JAILHOUSE_IOC_ENABLE_PERMISSIVE);
	/* The surplus of the file stays here. */
	assert_int_equal(enable->config_size, sizeof(system_config) - 4);
}

static void enable_passes_learning_mode(void **state)
{
	system_config.system.root_cell.num_stream_ids = 0;
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_ENABLE, check_permissive, 0);
	assert_int_equal(jailhouse_enable(*state, &system_config, sizeof(system_config),
					  JAILHOUSE_ENABLE_FLAG_PERMISSIVE, NULL),
			 0);
}

static void bad_configuration_never_reaches_the_driver(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	assert_int_equal(jailhouse_enable(*state, &system_config, 200, 0, &error),
			 JAILHOUSE_ERR_CONFIG);
	assert_int_equal(error.reason, JAILHOUSE_REASON_CONFIG_TRUNCATED);
	assert_text(error, "the configuration ends after 200 bytes, its counts ask for 488");

	system_config.system.architecture = JAILHOUSE_ARM64;
	assert_int_equal(
		jailhouse_enable(*state, &system_config, sizeof(system_config), 0, &error),
		JAILHOUSE_ERR_CONFIG);
	assert_text(error, "the configuration is for architecture 2, this machine is 0");

	cell_config.cell.revision = 13;
	assert_int_equal(
		jailhouse_cell_create(*state, &cell_config, sizeof(cell_config), NULL, &error),
		JAILHOUSE_ERR_CONFIG);
	assert_text(error, "configuration revision 13 is not supported, only 14");
}

static void refuse_hvm(void *arg)
{
	struct jailhouse_ioc_enable *enable = arg;

	enable->reason.code = JAILHOUSE_REASON_HVM_IN_USE;
	enable->reason.error = -EBUSY;
	enable->reason.item = JAILHOUSE_ITEM_CPU;
	enable->reason.index = 2;
}

static void reason_of_the_driver_arrives(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_ENABLE, refuse_hvm, -EBUSY);
	assert_int_equal(
		jailhouse_enable(*state, &system_config, sizeof(system_config), 0, &error),
		JAILHOUSE_ERR_MACHINE);
	assert_int_equal(error.sys_errno, EBUSY);
	assert_int_equal(error.reason, JAILHOUSE_REASON_HVM_IN_USE);
	assert_int_equal(error.item, JAILHOUSE_ITEM_CPU);
	assert_int_equal(error.index, 2);
	assert_text(error, "hardware virtualization is in use on CPU 2 (KVM?): unload its module "
			   "first");
}

static void errno_without_reason_is_reported_as_it_is(void **state)
{
	static const struct {
		int result;
		int code;
		const char *text;
	} cases[] = {
		{-EINTR, JAILHOUSE_ERR_INTERRUPTED, "disable: interrupted by a signal"},
		{-EPERM, JAILHOUSE_ERR_PERMISSION, "disable: no permission"},
		{-ENODEV, JAILHOUSE_ERR_NO_DEVICE, "disable: the driver is going away"},
		{-ENOTTY, JAILHOUSE_ERR_NOT_SUPPORTED,
		 "disable: the driver behind /dev/jailhouse does not support this"},
		{-EFAULT, JAILHOUSE_ERR_REFUSED, "disable: Bad address"},
	};
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	size_t n;

	for (n = 0; n < ARRAY_LEN(cases); n++) {
		mock_ioctl(NODE_FD, JAILHOUSE_IOC_DISABLE, NULL, cases[n].result);
		assert_int_equal(jailhouse_disable(*state, &error), cases[n].code);
		assert_int_equal(error.sys_errno, -cases[n].result);
		assert_int_equal(error.reason, 0);
		assert_text(error, cases[n].text);
	}
}

static void error_is_untouched_by_success(void **state)
{
	struct jailhouse_error error, copy;

	memset(&error, 0x5a, sizeof(error));
	error.size = sizeof(error);
	copy = error;
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_DISABLE, NULL, 0);
	assert_int_equal(jailhouse_disable(*state, &error), 0);
	assert_memory_equal(&error, &copy, sizeof(error));
}

/* ---- information ---- */

static void answer_info(void *arg)
{
	struct jailhouse_ioc_info *info = arg;

	info->abi = 1;
	info->state = JAILHOUSE_IOC_ENABLED | JAILHOUSE_IOC_PERMISSIVE;
	info->isolation = JAILHOUSE_ISOLATION_NO_DMA;
	info->features = 0x1;
	info->build_id[19] = 0xab;
	info->num_cells = 3;
	info->max_cpus = 4;
	info->tsc_khz = 3000000;
	info->mem_pool_size = 1500;
	info->mem_pool_used = 123;
	info->core_size = 0x20000;
	info->percpu_size = 0x4000;
	info->stop_last = 3000;
	info->stop_max = UINT64_MAX;
	info->event_seq = 5;
	info->learned_total = 6;
	info->dropped_nmis = 7;
	info->dropped_pci_writes = 8;
	info->denied_msrs = 9;
	info->suppressed_lines = 10;
	/* Not terminated. */
	memset(info->driver_version, 'v', sizeof(info->driver_version));
}

static void info_takes_all_over(void **state)
{
	struct jailhouse_system_info info = JAILHOUSE_SYSTEM_INFO_INIT;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_GET_INFO, answer_info, 0);
	assert_int_equal(jailhouse_get_system_info(*state, &info, NULL), 0);
	assert_int_equal(info.size, sizeof(info));
	assert_int_equal(info.enabled, 1);
	assert_int_equal(info.permissive, 1);
	assert_int_equal(info.isolation, JAILHOUSE_ISOLATION_NO_DMA);
	assert_int_equal(info.num_cells, 3);
	assert_int_equal(info.max_cpus, 4);
	assert_int_equal(info.driver_abi, 1);
	assert_int_equal(info.mem_pool_size, 1500);
	assert_int_equal(info.mem_pool_used, 123);
	assert_int_equal(info.event_seq, 5);
	assert_int_equal(info.learned_total, 6);
	assert_int_equal(info.tsc_khz, 3000000);
	assert_int_equal(info.core_size, 0x20000);
	assert_int_equal(info.percpu_size, 0x4000);
	assert_int_equal(info.image_features, 1);
	assert_int_equal(info.stop_last_ns, 1000);
	assert_int_equal(info.stop_max_ns, 6148914691236517205ULL);
	assert_int_equal(info.dropped_nmis, 7);
	assert_int_equal(info.dropped_pci_writes, 8);
	assert_int_equal(info.denied_msrs, 9);
	assert_int_equal(info.suppressed_lines, 10);
	assert_int_equal(info.build_id[19], 0xab);
	assert_int_equal(strlen(info.driver_version), 31);
}

static void answer_disabled(void *arg)
{
	struct jailhouse_ioc_info *info = arg;

	info->abi = 1;
	info->isolation = 0x3; /* left over */
}

static void info_without_clock_or_hypervisor_has_zeros(void **state)
{
	struct jailhouse_system_info info = JAILHOUSE_SYSTEM_INFO_INIT;

	info.stop_max_ns = 99;
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_GET_INFO, answer_disabled, 0);
	assert_int_equal(jailhouse_get_system_info(*state, &info, NULL), 0);
	assert_int_equal(info.enabled, 0);
	assert_int_equal(info.isolation, 0);
	assert_int_equal(info.stop_max_ns, 0);
}

static void info_of_a_later_caller_ends_in_zeros(void **state)
{
	struct {
		struct jailhouse_system_info info;
		uint64_t later;
		uint64_t behind;
	} big;

	memset(&big, 0x5a, sizeof(big));
	big.info.size = offsetof(typeof(big), behind);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_GET_INFO, answer_info, 0);
	assert_int_equal(jailhouse_get_system_info(*state, &big.info, NULL), 0);
	assert_int_equal(big.info.size, offsetof(typeof(big), behind));
	assert_int_equal(big.info.num_cells, 3);
	assert_int_equal(big.later, 0);
	assert_int_equal(big.behind, 0x5a5a5a5a5a5a5a5a);
}

static void is_enabled_is_part_of_info(void **state)
{
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_GET_INFO, answer_info, 0);
	assert_int_equal(jailhouse_is_enabled(*state, NULL), 1);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_GET_INFO, answer_disabled, 0);
	assert_int_equal(jailhouse_is_enabled(*state, NULL), 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_GET_INFO, NULL, -EINTR);
	assert_int_equal(jailhouse_is_enabled(*state, NULL), JAILHOUSE_ERR_INTERRUPTED);
}

/* ---- configurations ---- */

static void answer_config(void *arg)
{
	struct jailhouse_ioc_get_config *get = arg;

	assert_int_equal(get->cell, JAILHOUSE_IOC_SYSTEM_CONFIG);
	assert_int_equal(get->buffer_size, 8);
	memcpy((void *)(uintptr_t)get->buffer, "JHSYS", 5);
	get->config_size = 5;
}

static void configuration_is_read_back(void **state)
{
	char buffer[8];
	size_t size;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_GET_CONFIG, answer_config, 0);
	assert_int_equal(jailhouse_get_system_config(*state, buffer, 8, &size, NULL), 0);
	assert_int_equal(size, 5);
	assert_memory_equal(buffer, "JHSYS", 5);
}

static void answer_size(void *arg)
{
	struct jailhouse_ioc_get_config *get = arg;

	assert_int_equal(get->cell, 4);
	get->config_size = 1234;
}

static void size_is_had_without_a_buffer(void **state)
{
	size_t size;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_GET_CONFIG, answer_size, -ERANGE);
	assert_int_equal(jailhouse_cell_get_config(*state, 4, NULL, 0, &size, NULL), 0);
	assert_int_equal(size, 1234);
}

static void small_buffer_is_refused_with_the_size(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	char buffer[8];
	size_t size = 77;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_GET_CONFIG, answer_size, -ERANGE);
	assert_int_equal(jailhouse_cell_get_config(*state, 4, buffer, 8, &size, &error),
			 JAILHOUSE_ERR_TOO_SMALL);
	assert_int_equal(size, 77);
	assert_text(error, "the configuration has 1234 bytes, the buffer 8");
}

static void configuration_of_an_unknown_cell_is_not_found(void **state)
{
	size_t size;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_GET_CONFIG, NULL, -ENOENT);
	assert_int_equal(jailhouse_cell_get_config(*state, 4, NULL, 0, &size, NULL),
			 JAILHOUSE_ERR_NOT_FOUND);
}

/* ---- cells ---- */

static void check_create(void *arg)
{
	struct jailhouse_ioc_cell_create *create = arg;

	assert_int_equal(create->size, sizeof(*create));
	assert_int_equal(create->flags, 0);
	assert_ptr_equal((void *)(uintptr_t)create->config_address, &cell_config);
	assert_int_equal(create->config_size, sizeof(cell_config));
	create->id = 5;
}

static void create_returns_the_id(void **state)
{
	uint32_t id = 0;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_CREATE, check_create, 0);
	assert_int_equal(
		jailhouse_cell_create(*state, &cell_config, sizeof(cell_config), &id, NULL), 0);
	assert_int_equal(id, 5);
	/* Whoever does not want it passes NULL. */
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_CREATE, check_create, 0);
	assert_int_equal(
		jailhouse_cell_create(*state, &cell_config, sizeof(cell_config), NULL, NULL), 0);
}

static void refuse_name(void *arg)
{
	struct jailhouse_ioc_cell_create *create = arg;

	create->id = 9;
	create->reason.code = JAILHOUSE_REASON_CELL_NAME_USED;
	create->reason.arg[0] = 3;
}

static void refused_create_leaves_the_id_alone(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t id = 77;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_CREATE, refuse_name, -EEXIST);
	assert_int_equal(
		jailhouse_cell_create(*state, &cell_config, sizeof(cell_config), &id, &error),
		JAILHOUSE_ERR_EXISTS);
	assert_int_equal(id, 77);
	assert_text(error, "a cell of this name exists already, with id 3");
}

static void check_load(void *arg)
{
	struct jailhouse_ioc_cell_load *load = arg;
	struct jailhouse_preload_image *list = (void *)(uintptr_t)load->images;

	assert_int_equal(load->size, sizeof(*load));
	assert_int_equal(load->cell_id.id, 3);
	assert_int_equal(load->num_images, 2);
	assert_string_equal((char *)(uintptr_t)list[0].source_address, "one");
	assert_int_equal(list[0].size, 3);
	assert_int_equal(list[0].target_address, 0);
	assert_string_equal((char *)(uintptr_t)list[1].source_address, "three");
	assert_int_equal(list[1].size, 5);
	assert_int_equal(list[1].target_address, 0xfffffffffffff000);
	assert_int_equal(list[1].padding, 0);
}

static void load_passes_all_images(void **state)
{
	const struct jailhouse_image images[] = {
		{0, "one", 3},
		{0xfffffffffffff000, "three", 5},
	};

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_LOAD, check_load, 0);
	assert_int_equal(jailhouse_cell_load(*state, 3, images, 2, NULL), 0);
}

static void refuse_image(void *arg)
{
	struct jailhouse_ioc_cell_load *load = arg;

	load->reason.code = JAILHOUSE_REASON_LOAD_RANGE;
	load->reason.item = JAILHOUSE_ITEM_IMAGE;
	load->reason.index = 1;
	load->reason.arg[0] = 0x1000;
	load->reason.arg[1] = 0x1004;
}

static void refused_image_is_named(void **state)
{
	const struct jailhouse_image images[2] = {{0, "one", 3}, {0x1000, "three", 5}};
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_LOAD, refuse_image, -EINVAL);
	assert_int_equal(jailhouse_cell_load(*state, 3, images, 2, &error), JAILHOUSE_ERR_CONFIG);
	assert_int_equal(error.item, JAILHOUSE_ITEM_IMAGE);
	assert_int_equal(error.index, 1);
	assert_text(error, "image 1: 0x1000-0x1004 is in no loadable, writable region of the cell");
}

static void check_cell(void *arg)
{
	struct jailhouse_ioc_cell *cell = arg;

	assert_int_equal(cell->size, sizeof(*cell));
	assert_int_equal(cell->flags, 0);
	assert_int_equal(cell->cell_id.id, 7);
}

static void start_shutdown_destroy_name_the_cell(void **state)
{
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_START, check_cell, 0);
	assert_int_equal(jailhouse_cell_start(*state, 7, NULL), 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_SHUTDOWN, check_cell, 0);
	assert_int_equal(jailhouse_cell_shutdown(*state, 7, NULL), 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CELL_DESTROY, check_cell, 0);
	assert_int_equal(jailhouse_cell_destroy(*state, 7, NULL), 0);
}

static void root_cell_is_refused_here(void **state)
{
	const struct jailhouse_image image = {0, "x", 1};
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	assert_int_equal(jailhouse_cell_start(*state, 0, &error), JAILHOUSE_ERR_REFUSED);
	assert_text(error, "the root cell cannot be the target of this request");
	assert_int_equal(jailhouse_cell_load(*state, 0, &image, 1, NULL), JAILHOUSE_ERR_REFUSED);
	assert_int_equal(jailhouse_cell_shutdown(*state, 0, NULL), JAILHOUSE_ERR_REFUSED);
	assert_int_equal(jailhouse_cell_destroy(*state, 0, NULL), JAILHOUSE_ERR_REFUSED);
}

static void id_that_is_negative_for_the_driver_is_not_found(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	assert_int_equal(jailhouse_cell_destroy(*state, 0xffffffff, &error),
			 JAILHOUSE_ERR_NOT_FOUND);
	assert_text(error, "there is no cell 4294967295");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(enable_passes_the_configuration),
		TEST(enable_passes_learning_mode),
		TEST(bad_configuration_never_reaches_the_driver),
		TEST(reason_of_the_driver_arrives),
		TEST(errno_without_reason_is_reported_as_it_is),
		TEST(error_is_untouched_by_success),
		TEST(info_takes_all_over),
		TEST(info_without_clock_or_hypervisor_has_zeros),
		TEST(info_of_a_later_caller_ends_in_zeros),
		TEST(is_enabled_is_part_of_info),
		TEST(configuration_is_read_back),
		TEST(size_is_had_without_a_buffer),
		TEST(small_buffer_is_refused_with_the_size),
		TEST(configuration_of_an_unknown_cell_is_not_found),
		TEST(create_returns_the_id),
		TEST(refused_create_leaves_the_id_alone),
		TEST(load_passes_all_images),
		TEST(refused_image_is_named),
		TEST(start_shutdown_destroy_name_the_cell),
		TEST(root_cell_is_refused_here),
		TEST(id_that_is_negative_for_the_driver_is_not_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
