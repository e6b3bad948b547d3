/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The conversation with an old driver: first generation ioctls and recorded sysfs trees. */
#include <string.h>

#include "config-blob.h"
#include "open-mock.h"

#define RUNNING	 "device:?sysfs=" FIXTURES "/sysfs-running"
#define DISABLED "device:?sysfs=" FIXTURES "/sysfs-disabled"
#define BROKEN	 "device:?sysfs=" FIXTURES "/sysfs-broken"

static struct system_blob system_config;
static struct cell_blob cell_config;

static int setup_uri(void **state, const char *uri)
{
	mock_setup(state);
	system_config = make_system_blob();
	cell_config = make_cell_blob();
	*state = open_legacy(uri);
	return 0;
}

static int setup_running(void **state)
{
	return setup_uri(state, RUNNING);
}

static int setup_disabled(void **state)
{
	return setup_uri(state, DISABLED);
}

static int setup_broken(void **state)
{
	return setup_uri(state, BROKEN);
}

static int teardown(void **state)
{
	close_device(*state);
	return mock_teardown(state);
}

/* ---- management ---- */

static void check_enable(void *arg)
{
	/* The configuration itself, not a structure. */
	assert_ptr_equal(arg, &system_config);
}

static void enable_passes_the_bare_pointer(void **state)
{
	mock_ioctl(NODE_FD, JAILHOUSE_ENABLE, check_enable, 0);
	assert_int_equal(
		jailhouse_enable(*state, &system_config, sizeof(system_config), 0, NULL), 0);
}

static void learning_mode_is_not_supported(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	assert_int_equal(jailhouse_enable(*state, &system_config, sizeof(system_config),
					  JAILHOUSE_ENABLE_FLAG_PERMISSIVE, &error),
			 JAILHOUSE_ERR_NOT_SUPPORTED);
	assert_text(error, "learning mode: the driver behind /dev/jailhouse does not support this");
}

static void short_configuration_never_reaches_the_driver(void **state)
{
	/* The old driver would read on behind its end. */
	assert_int_equal(jailhouse_enable(*state, &system_config, sizeof(system_config) - 1, 0,
					  NULL),
			 JAILHOUSE_ERR_CONFIG);
}

static void errno_of_enable_gets_a_sentence(void **state)
{
	static const struct {
		int result;
		int code;
		const char *text;
	} cases[] = {
		{-EBUSY, JAILHOUSE_ERR_ENABLED, "the hypervisor runs already"},
		{-ENODEV, JAILHOUSE_ERR_MACHINE,
		 "enable: no usable hardware virtualization, or another device is missing"},
		{-ENOENT, JAILHOUSE_ERR_MACHINE,
		 "enable: the hypervisor image was not found in the firmware path"},
		{-EINVAL, JAILHOUSE_ERR_REFUSED,
		 "enable: Invalid argument; this driver tells no reason, see the kernel log"},
		{-ENOMEM, JAILHOUSE_ERR_RESOURCES,
		 "enable: the hypervisor's memory or a table is too small"},
		{-EIO, JAILHOUSE_ERR_REFUSED,
		 "enable: Input/output error; this driver tells no reason, see the kernel log"},
		{-EINTR, JAILHOUSE_ERR_INTERRUPTED, "interrupted by a signal"},
	};
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	size_t n;

	for (n = 0; n < ARRAY_LEN(cases); n++) {
		mock_ioctl(NODE_FD, JAILHOUSE_ENABLE, NULL, cases[n].result);
		/* A program of 32 bits tries the other number, see test-conversation.c. */
		if (cases[n].result == -EINVAL && sizeof(void *) == 4)
			mock_ioctl(NODE_FD, 0x40080000, NULL, -EINVAL);
		assert_int_equal(jailhouse_enable(*state, &system_config, sizeof(system_config), 0,
						  &error),
				 cases[n].code);
		assert_int_equal(error.sys_errno, -cases[n].result);
		assert_text(error, cases[n].text);
	}
}

static void busy_while_disabled_is_not_already_enabled(void **state)
{
	mock_ioctl(NODE_FD, JAILHOUSE_ENABLE, NULL, -EBUSY);
	assert_int_equal(
		jailhouse_enable(*state, &system_config, sizeof(system_config), 0, NULL),
		JAILHOUSE_ERR_BUSY);
}

static void einval_while_disabled_is_not_enabled(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	mock_ioctl(NODE_FD, JAILHOUSE_DISABLE, NULL, -EINVAL);
	assert_int_equal(jailhouse_disable(*state, &error), JAILHOUSE_ERR_NOT_ENABLED);
	assert_text(error, "the hypervisor is not enabled");
	mock_ioctl(NODE_FD, JAILHOUSE_CELL_START, NULL, -EINVAL);
	assert_int_equal(jailhouse_cell_start(*state, 1, NULL), JAILHOUSE_ERR_NOT_ENABLED);
}

static void einval_while_enabled_stays_a_riddle(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	mock_ioctl(NODE_FD, JAILHOUSE_DISABLE, NULL, -EINVAL);
	assert_int_equal(jailhouse_disable(*state, &error), JAILHOUSE_ERR_REFUSED);
	assert_text(error, "disable: Invalid argument; this driver tells no reason, see the kernel "
			   "log");
}

static void check_create(void *arg)
{
	struct jailhouse_cell_create *create = arg;

	assert_ptr_equal((void *)(uintptr_t)create->config_address, &cell_config);
	assert_int_equal(create->config_size, sizeof(cell_config));
	assert_int_equal(create->padding, 0);
}

static void id_of_a_new_cell_is_found_in_sysfs(void **state)
{
	uint32_t id = 0;

	strcpy(cell_config.cell.name, "tiny");
	mock_ioctl(NODE_FD, JAILHOUSE_CELL_CREATE, check_create, 0);
	assert_int_equal(
		jailhouse_cell_create(*state, &cell_config, sizeof(cell_config), &id, NULL), 0);
	assert_int_equal(id, 10);
}

static void false_success_of_create_is_found_out(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t id = 77;

	strcpy(cell_config.cell.name, "nowhere");
	mock_ioctl(NODE_FD, JAILHOUSE_CELL_CREATE, NULL, 0);
	assert_int_equal(
		jailhouse_cell_create(*state, &cell_config, sizeof(cell_config), &id, &error),
		JAILHOUSE_ERR_REFUSED);
	assert_text(error, "create: the driver reported success but created no cell \"nowhere\"");
	assert_int_equal(id, 77);
}

static void errno_of_create_gets_a_sentence(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	mock_ioctl(NODE_FD, JAILHOUSE_CELL_CREATE, NULL, -EEXIST);
	assert_int_equal(
		jailhouse_cell_create(*state, &cell_config, sizeof(cell_config), NULL, &error),
		JAILHOUSE_ERR_EXISTS);
	assert_text(error, "create: a cell of this name exists already");
	mock_ioctl(NODE_FD, JAILHOUSE_CELL_CREATE, NULL, -EBUSY);
	assert_int_equal(
		jailhouse_cell_create(*state, &cell_config, sizeof(cell_config), NULL, &error),
		JAILHOUSE_ERR_BUSY);
	assert_text(error, "create: a CPU or another resource is in use or offline");
}

static void check_load(void *arg)
{
	struct jailhouse_cell_load *load = arg;

	assert_int_equal(load->cell_id.id, 2);
	assert_int_equal(load->num_preload_images, 2);
	assert_string_equal((char *)(uintptr_t)load->image[0].source_address, "one");
	assert_int_equal(load->image[0].size, 3);
	assert_int_equal(load->image[1].target_address, 0x1000);
}

static void load_passes_all_images_in_one_call(void **state)
{
	const struct jailhouse_image images[2] = {{0, "one", 3}, {0x1000, "three", 5}};

	mock_ioctl(NODE_FD, JAILHOUSE_CELL_LOAD, check_load, 0);
	assert_int_equal(jailhouse_cell_load(*state, 2, images, 2, NULL), 0);
}

static void check_shutdown(void *arg)
{
	struct jailhouse_cell_load *load = arg;

	assert_int_equal(load->cell_id.id, 2);
	assert_int_equal(load->num_preload_images, 0);
}

static void shutdown_is_a_load_of_nothing(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	mock_ioctl(NODE_FD, JAILHOUSE_CELL_LOAD, check_shutdown, 0);
	assert_int_equal(jailhouse_cell_shutdown(*state, 2, NULL), 0);
	mock_ioctl(NODE_FD, JAILHOUSE_CELL_LOAD, check_shutdown, -EPERM);
	assert_int_equal(jailhouse_cell_shutdown(*state, 2, &error), JAILHOUSE_ERR_DENIED);
	assert_text(error, "shutdown: denied by this cell, or another cell is locked");
}

static void check_cell(void *arg)
{
	struct jailhouse_cell_id *cell = arg;

	assert_int_equal(cell->id, 2);
	assert_int_equal(cell->padding, 0);
	assert_string_equal(cell->name, "");
}

static void start_and_destroy_name_the_cell(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	mock_ioctl(NODE_FD, JAILHOUSE_CELL_START, check_cell, 0);
	assert_int_equal(jailhouse_cell_start(*state, 2, NULL), 0);
	mock_ioctl(NODE_FD, JAILHOUSE_CELL_DESTROY, check_cell, 0);
	assert_int_equal(jailhouse_cell_destroy(*state, 2, NULL), 0);
	mock_ioctl(NODE_FD, JAILHOUSE_CELL_DESTROY, check_cell, -ENOENT);
	assert_int_equal(jailhouse_cell_destroy(*state, 2, &error), JAILHOUSE_ERR_NOT_FOUND);
	assert_text(error, "destroy: there is no such cell");
}

static void what_the_old_driver_lacks_is_not_supported(void **state)
{
	struct jailhouse_access_list *list;
	struct jailhouse_failure *failure;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;
	struct jailhouse_monitor *monitor;
	size_t size;

	assert_int_equal(jailhouse_get_system_config(*state, NULL, 0, &size, NULL),
			 JAILHOUSE_ERR_NOT_SUPPORTED);
	assert_int_equal(jailhouse_failure_get(*state, 0, &failure, NULL),
			 JAILHOUSE_ERR_NOT_SUPPORTED);
	assert_int_equal(jailhouse_access_list_get(*state, &list, NULL),
			 JAILHOUSE_ERR_NOT_SUPPORTED);
	assert_int_equal(jailhouse_monitor_open(*state, &monitor, &error),
			 JAILHOUSE_ERR_NOT_SUPPORTED);
	assert_text(error, "reporting of changes: the driver behind /dev/jailhouse does not support this");
	assert_int_equal(jailhouse_get_event_fd(*state, &error), JAILHOUSE_ERR_NOT_SUPPORTED);
	assert_int_equal(jailhouse_read_event(*state, &event, &error), JAILHOUSE_ERR_NOT_SUPPORTED);
	assert_int_equal(jailhouse_get_features(*state) & JAILHOUSE_FEATURE_EVENTS, 0);
}

/* ---- sysfs ---- */

static void info_comes_from_sysfs(void **state)
{
	struct jailhouse_system_info info = JAILHOUSE_SYSTEM_INFO_INIT;

	assert_int_equal(jailhouse_get_system_info(*state, &info, NULL), 0);
	assert_int_equal(info.enabled, 1);
	assert_int_equal(info.num_cells, 3);
	assert_int_equal(info.mem_pool_size, 1520);
	assert_int_equal(info.mem_pool_used, 231);
	assert_int_equal(info.driver_abi, 0);
	assert_int_equal(info.isolation, JAILHOUSE_ISOLATION_UNKNOWN);
}

static void damaged_info_is_reported(void **state)
{
	struct jailhouse_system_info info = JAILHOUSE_SYSTEM_INFO_INIT;

	assert_int_equal(jailhouse_get_system_info(*state, &info, NULL), JAILHOUSE_ERR_IO);
}

static void cells_are_sorted_by_number(void **state)
{
	static const uint32_t ids[] = {0, 2, 10};
	struct jailhouse_cells *cells;
	size_t n;

	assert_int_equal(jailhouse_cells_get(*state, &cells, NULL), 0);
	assert_int_equal(jailhouse_cells_get_count(cells), 3);
	for (n = 0; n < 3; n++)
		assert_int_equal(jailhouse_cell_get_id(jailhouse_cells_get_cell(cells, n)), ids[n]);
	jailhouse_cells_free(cells);
}

static void cell_is_read_in_full(void **state)
{
	struct jailhouse_cell *cell;
	uint64_t mask[2];

	assert_int_equal(jailhouse_cell_get_by_name(*state, "tiny", &cell, NULL), 0);
	assert_int_equal(jailhouse_cell_get_id(cell), 10);
	assert_int_equal(jailhouse_cell_get_state(cell), JAILHOUSE_CELL_FAILED);
	assert_int_equal(jailhouse_cell_get_cpus(cell, mask, 2), 2);
	assert_int_equal(mask[0], 0x8);
	assert_int_equal(mask[1], 0x3);
	assert_int_equal(jailhouse_cell_get_failed_cpus(cell, mask, 2), 1);
	assert_int_equal(mask[0], 0x8);
	assert_int_equal(jailhouse_cell_get_isolation(cell), JAILHOUSE_ISOLATION_UNKNOWN);
	jailhouse_cell_free(cell);
}

static void unknown_cells_are_not_found(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_cell *cell;

	assert_int_equal(jailhouse_cell_get_by_id(*state, 1, &cell, &error),
			 JAILHOUSE_ERR_NOT_FOUND);
	assert_text(error, "there is no cell 1");
	assert_int_equal(jailhouse_cell_get_by_name(*state, "tin", &cell, &error),
			 JAILHOUSE_ERR_NOT_FOUND);
	assert_text(error, "there is no cell \"tin\"");
}

static void without_hypervisor_there_are_no_cells(void **state)
{
	struct jailhouse_cells *cells;
	struct jailhouse_cell *cell;

	assert_int_equal(jailhouse_is_enabled(*state, NULL), 0);
	assert_int_equal(jailhouse_cells_get(*state, &cells, NULL), 0);
	assert_int_equal(jailhouse_cells_get_count(cells), 0);
	jailhouse_cells_free(cells);
	assert_int_equal(jailhouse_cell_get_by_id(*state, 0, &cell, NULL),
			 JAILHOUSE_ERR_NOT_ENABLED);
	assert_int_equal(jailhouse_cell_get_by_name(*state, "x", &cell, NULL),
			 JAILHOUSE_ERR_NOT_ENABLED);
}

static void damaged_cpu_list_is_reported(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_cells *cells;
	struct jailhouse_cell *cell;

	assert_int_equal(jailhouse_cell_get_by_id(*state, 1, &cell, &error),
			 JAILHOUSE_ERR_PROTOCOL);
	assert_text(error,
		    "the CPU lists of cell 1 below " FIXTURES "/sysfs-broken make no sense");
	assert_int_equal(jailhouse_cells_get(*state, &cells, NULL), JAILHOUSE_ERR_PROTOCOL);
	assert_int_equal(jailhouse_cell_get_by_name(*state, "bad-state", &cell, NULL),
			 JAILHOUSE_ERR_PROTOCOL);
}

static void unknown_state_is_invalid(void **state)
{
	struct jailhouse_cell *cell;

	assert_int_equal(jailhouse_cell_get_by_id(*state, 2, &cell, NULL), 0);
	assert_int_equal(jailhouse_cell_get_state(cell), JAILHOUSE_CELL_STATE_INVALID);
	jailhouse_cell_free(cell);
}

static void cell_that_is_just_vanishing_is_not_found(void **state)
{
	struct jailhouse_cell *cell;

	/* Its directory is there, but not all files. */
	assert_int_equal(jailhouse_cell_get_by_id(*state, 3, &cell, NULL), JAILHOUSE_ERR_NOT_FOUND);
}

static void counters_come_in_the_order_of_their_numbers(void **state)
{
	static const char *const names[] = {
		"vmexits_total",      "vmexits_mmio",  "vmexits_management",
		"vmexits_hypercall",  "vmexits_pio",   "vmexits_xapic",
		"vmexits_msr_x2apic_icr", "vmexits_new_kind",
	};
	struct jailhouse_stats *stats;
	size_t n;

	assert_int_equal(jailhouse_stats_get(*state, 10, &stats, NULL), 0);
	assert_int_equal(jailhouse_stats_get_num_counters(stats), ARRAY_LEN(names));
	for (n = 0; n < ARRAY_LEN(names); n++)
		assert_string_equal(jailhouse_stats_get_name(stats, n), names[n]);
	assert_int_equal(jailhouse_stats_get_num_cpus(stats), 3);
	assert_int_equal(jailhouse_stats_get_cpu(stats, 0), 3);
	assert_int_equal(jailhouse_stats_get_cpu(stats, 2), 65);
	/* The fixtures count 100 * cpu + 8 for the first. */
	assert_int_equal(jailhouse_stats_get_value(stats, 0, 0), 308);
	assert_int_equal(jailhouse_stats_get_sum(stats, 0), 308 + 6408 + 6508);
	assert_int_equal(jailhouse_stats_get_sum(stats, 7), 15);
	jailhouse_stats_free(stats);
}

static void counters_of_no_cell_are_not_found(void **state)
{
	struct jailhouse_stats *stats;

	assert_int_equal(jailhouse_stats_get(*state, 1, &stats, NULL), JAILHOUSE_ERR_NOT_FOUND);
}

static void missing_tree_is_reported(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_cells *cells;
	struct jailhouse *jh;

	(void)state;
	mock_setup(NULL);
	jh = open_legacy("device:?sysfs=/nowhere");
	assert_int_equal(jailhouse_cells_get(jh, &cells, &error), JAILHOUSE_ERR_IO);
	assert_text(error, "reading a directory below /nowhere: No such file or directory");
	close_device(jh);
	assert_int_equal(mock_teardown(NULL), 0);
}

static void isolation_is_read_where_the_driver_tells(void **state)
{
	static const struct {
		uint32_t id;
		uint32_t isolation;
	} cases[] = {
		{0, JAILHOUSE_ISOLATION_NO_DMA | JAILHOUSE_ISOLATION_NO_MSI_REMAP},
		{2, 0},
		{10, JAILHOUSE_ISOLATION_UNKNOWN},
	};
	struct jailhouse_cell *cell;
	size_t n;

	for (n = 0; n < ARRAY_LEN(cases); n++) {
		assert_int_equal(jailhouse_cell_get_by_id(*state, cases[n].id, &cell, NULL), 0);
		assert_int_equal(jailhouse_cell_get_isolation(cell), cases[n].isolation);
		jailhouse_cell_free(cell);
	}
}

/* ---- console ---- */

static void console_of_an_old_driver_cannot_be_polled(void **state)
{
	struct jailhouse_console_reader *reader;
	char buffer[8];

	mock_open("/dev/jailhouse", O_RDONLY | O_NONBLOCK, 20);
	assert_int_equal(jailhouse_console_open(*state, 0, &reader, NULL), 0);
	mock_read(20, "text", 0);
	assert_int_equal(jailhouse_console_read(reader, buffer, 8, NULL), 4);
	/* Nothing new: it returns 0 itself. */
	mock_read(20, "", 0);
	assert_int_equal(jailhouse_console_read(reader, buffer, 8, NULL), 0);
	/* Not enabled. */
	mock_read(20, NULL, -EAGAIN);
	assert_int_equal(jailhouse_console_read(reader, buffer, 8, NULL),
			 JAILHOUSE_ERR_NOT_ENABLED);
	mock_close(20);
	jailhouse_console_close(reader);
}

#define RUN(name)      cmocka_unit_test_setup_teardown(name, setup_running, teardown)
#define WHEN_OFF(name) cmocka_unit_test_setup_teardown(name, setup_disabled, teardown)
#define WITH_BAD(name) cmocka_unit_test_setup_teardown(name, setup_broken, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RUN(enable_passes_the_bare_pointer),
		RUN(learning_mode_is_not_supported),
		RUN(short_configuration_never_reaches_the_driver),
		RUN(errno_of_enable_gets_a_sentence),
		WHEN_OFF(busy_while_disabled_is_not_already_enabled),
		WHEN_OFF(einval_while_disabled_is_not_enabled),
		RUN(einval_while_enabled_stays_a_riddle),
		RUN(id_of_a_new_cell_is_found_in_sysfs),
		RUN(false_success_of_create_is_found_out),
		RUN(errno_of_create_gets_a_sentence),
		RUN(load_passes_all_images_in_one_call),
		RUN(shutdown_is_a_load_of_nothing),
		RUN(start_and_destroy_name_the_cell),
		RUN(what_the_old_driver_lacks_is_not_supported),
		RUN(info_comes_from_sysfs),
		WITH_BAD(damaged_info_is_reported),
		RUN(cells_are_sorted_by_number),
		RUN(cell_is_read_in_full),
		RUN(unknown_cells_are_not_found),
		WHEN_OFF(without_hypervisor_there_are_no_cells),
		WITH_BAD(damaged_cpu_list_is_reported),
		WITH_BAD(unknown_state_is_invalid),
		WITH_BAD(cell_that_is_just_vanishing_is_not_found),
		RUN(counters_come_in_the_order_of_their_numbers),
		RUN(counters_of_no_cell_are_not_found),
		RUN(isolation_is_read_where_the_driver_tells),
		cmocka_unit_test(missing_tree_is_reported),
		RUN(console_of_an_old_driver_cannot_be_polled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
