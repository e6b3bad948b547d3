/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "open-mock.h"

static void expect_failure(const char *uri, int code, int sys_errno, const char *text)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse *jh = (void *)&error;

	assert_int_equal(jailhouse_open(uri, &jh, &error), code);
	assert_ptr_equal(jh, &error);
	assert_int_equal(error.code, code);
	assert_int_equal(error.sys_errno, sys_errno);
	assert_text(error, text);
}

static void our_driver_is_recognised(void **state)
{
	struct jailhouse *jh = open_device();

	(void)state;
	assert_string_equal(jailhouse_get_backend_name(jh), "device");
	assert_int_equal(jailhouse_get_features(jh),
			 JAILHOUSE_FEATURE_MANAGE | JAILHOUSE_FEATURE_REASONS |
				 JAILHOUSE_FEATURE_CONFIG | JAILHOUSE_FEATURE_FAILURES |
				 JAILHOUSE_FEATURE_LEARNING | JAILHOUSE_FEATURE_POLL | JAILHOUSE_FEATURE_HARDWARE |
				 JAILHOUSE_FEATURE_INFO | JAILHOUSE_FEATURE_EVENTS);
	close_device(jh);
}

static void enotty_means_an_old_driver(void **state)
{
	struct jailhouse *jh;

	(void)state;
	mock_open("/dev/other", O_RDWR, NODE_FD);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_GET_INFO, NULL, -ENOTTY);
	assert_int_equal(jailhouse_open("device:/dev/other", &jh, NULL), 0);
	assert_string_equal(jailhouse_get_backend_name(jh), "device-legacy");
	assert_int_equal(jailhouse_get_features(jh), JAILHOUSE_FEATURE_MANAGE);
	close_device(jh);
}

static void einval_means_an_old_driver(void **state)
{
	struct jailhouse *jh = open_legacy(NULL);

	(void)state;
	assert_string_equal(jailhouse_get_backend_name(jh), "device-legacy");
	close_device(jh);
}

static void missing_node_is_no_device(void **state)
{
	(void)state;
	mock_open("/dev/jailhouse", O_RDWR, -ENOENT);
	expect_failure(NULL, JAILHOUSE_ERR_NO_DEVICE, ENOENT, "there is no device /dev/jailhouse");
}

static void node_without_driver_is_no_device(void **state)
{
	(void)state;
	mock_open("/dev/jailhouse", O_RDWR, -ENXIO);
	expect_failure(NULL, JAILHOUSE_ERR_NO_DEVICE, ENXIO, "there is no device /dev/jailhouse");
}

static void no_permission_without_sysfs_fails(void **state)
{
	(void)state;
	mock_open("/dev/jailhouse", O_RDWR, -EACCES);
	expect_failure("device:?sysfs=/nowhere", JAILHOUSE_ERR_PERMISSION, EACCES,
		       "no permission to open /dev/jailhouse");
}

static void no_permission_with_sysfs_allows_to_look(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse *jh;

	(void)state;
	mock_open("/dev/jailhouse", O_RDWR, -EACCES);
	assert_int_equal(jailhouse_open("device:?sysfs=" FIXTURES "/sysfs-running", &jh, NULL), 0);
	assert_int_equal(jailhouse_get_features(jh), 0);
	assert_int_equal(jailhouse_is_enabled(jh, NULL), 1);
	assert_int_equal(jailhouse_disable(jh, &error), JAILHOUSE_ERR_PERMISSION);
	assert_text(error, "no permission to open /dev/jailhouse");
	assert_int_equal(jailhouse_cell_start(jh, 1, &error), JAILHOUSE_ERR_PERMISSION);
	assert_int_equal(jailhouse_cell_shutdown(jh, 1, &error), JAILHOUSE_ERR_PERMISSION);
	jailhouse_close(jh);
}

static void other_failures_of_open_are_reported(void **state)
{
	(void)state;
	mock_open("/dev/jailhouse", O_RDWR, -EMFILE);
	expect_failure(NULL, JAILHOUSE_ERR_IO, EMFILE,
		       "opening /dev/jailhouse: Too many open files");
}

static void failing_probe_closes_the_node(void **state)
{
	(void)state;
	mock_open("/dev/jailhouse", O_RDWR, NODE_FD);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_GET_INFO, NULL, -EINTR);
	mock_close(NODE_FD);
	expect_failure(NULL, JAILHOUSE_ERR_IO, EINTR,
		       "asking the driver for its version: Interrupted system call");
}

static void driver_without_version_is_not_believed(void **state)
{
	(void)state;
	mock_open("/dev/jailhouse", O_RDWR, NODE_FD);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_GET_INFO, NULL, 0);
	mock_close(NODE_FD);
	expect_failure(NULL, JAILHOUSE_ERR_PROTOCOL, 0,
		       "the driver behind /dev/jailhouse does not tell its version");
}

static void unknown_machine_is_refused(void **state)
{
	(void)state;
	mock_set_machine("riscv64");
	expect_failure(NULL, JAILHOUSE_ERR_MACHINE, 0, "machine type \"riscv64\" is not supported");
}

static void failing_uname_is_reported(void **state)
{
	(void)state;
	mock_set_machine(NULL);
	expect_failure(NULL, JAILHOUSE_ERR_IO, EFAULT, "uname: Bad address");
}

static void result_must_be_given(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	assert_int_equal(jailhouse_open(NULL, NULL, &error), JAILHOUSE_ERR_ARGUMENT);
	assert_text(error, "invalid argument: ret_jh is NULL");
}

static void null_handle_is_harmless(void **state)
{
	(void)state;
	jailhouse_close(NULL);
	assert_int_equal(jailhouse_get_features(NULL), 0);
	assert_string_equal(jailhouse_get_backend_name(NULL), "");
	jailhouse_set_log_callback(NULL, 0, NULL, NULL);
}

/* Every function with NULL where something is needed: an error, no crash, no call to the driver. */
static void null_arguments_are_refused(void **state)
{
	struct jailhouse_system_info info = JAILHOUSE_SYSTEM_INFO_INIT;
	struct jailhouse *jh = open_device();
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;
	struct jailhouse_cells *cells;
	struct jailhouse_cell *cell;
	uint32_t id;
	size_t size;

	(void)state;
#define REFUSED(call) assert_int_equal(call, JAILHOUSE_ERR_ARGUMENT)
	REFUSED(jailhouse_enable(NULL, "", 0, 0, NULL));
	REFUSED(jailhouse_enable(jh, NULL, 0, 0, NULL));
	REFUSED(jailhouse_enable(jh, "", 0, 2, NULL));
	REFUSED(jailhouse_disable(NULL, NULL));
	REFUSED(jailhouse_is_enabled(NULL, NULL));
	REFUSED(jailhouse_get_system_info(NULL, &info, NULL));
	REFUSED(jailhouse_get_system_info(jh, NULL, NULL));
	info.size = 4;
	REFUSED(jailhouse_get_system_info(jh, &info, NULL));
	REFUSED(jailhouse_get_system_config(NULL, NULL, 0, &size, NULL));
	REFUSED(jailhouse_get_system_config(jh, NULL, 0, NULL, NULL));
	REFUSED(jailhouse_get_system_config(jh, NULL, 1, &size, NULL));
	REFUSED(jailhouse_cell_get_config(jh, 0, NULL, 0, &size, NULL));
	REFUSED(jailhouse_cell_get_config(jh, 0xffffffff, NULL, 0, &size, NULL));
	REFUSED(jailhouse_cell_create(NULL, "", 0, &id, NULL));
	REFUSED(jailhouse_cell_create(jh, NULL, 0, &id, NULL));
	REFUSED(jailhouse_cell_load(jh, 1, NULL, 1, NULL));
	REFUSED(jailhouse_cell_load(jh, 1, &(struct jailhouse_image){0, "x", 1}, 0, NULL));
	REFUSED(jailhouse_cell_load(jh, 1, &(struct jailhouse_image){0, "x", 1}, 65, NULL));
	REFUSED(jailhouse_cell_load(jh, 1, &(struct jailhouse_image){0, NULL, 1}, 1, NULL));
	REFUSED(jailhouse_cell_start(NULL, 1, NULL));
	REFUSED(jailhouse_cell_shutdown(NULL, 1, NULL));
	REFUSED(jailhouse_cell_destroy(NULL, 1, NULL));
	REFUSED(jailhouse_cells_get(NULL, &cells, NULL));
	REFUSED(jailhouse_cells_get(jh, NULL, NULL));
	REFUSED(jailhouse_cell_get_by_id(NULL, 1, &cell, NULL));
	REFUSED(jailhouse_cell_get_by_id(jh, 1, NULL, NULL));
	REFUSED(jailhouse_cell_get_by_name(jh, NULL, &cell, NULL));
	REFUSED(jailhouse_cell_get_by_name(jh, "", &cell, NULL));
	REFUSED(jailhouse_stats_get(NULL, 1, NULL, NULL));
	REFUSED(jailhouse_failure_get(jh, 1, NULL, NULL));
	REFUSED(jailhouse_access_list_get(jh, NULL, NULL));
	REFUSED(jailhouse_console_open(jh, 0, NULL, NULL));
	REFUSED(jailhouse_console_open(jh, 2, (void *)&cells, NULL));
	REFUSED(jailhouse_console_read(NULL, &id, 4, NULL));
	REFUSED(jailhouse_monitor_open(jh, NULL, NULL));
	REFUSED(jailhouse_monitor_wait(NULL, 0, NULL));
	REFUSED(jailhouse_monitor_acknowledge(NULL, NULL, NULL));
	REFUSED(jailhouse_monitor_read(NULL, &event, NULL));
#undef REFUSED
	close_device(jh);
}

struct log {
	struct jailhouse *jh;
	int lines;
	int last_level;
	char last[128];
};

static void keep(void *user, int level, const char *message)
{
	struct log *log = user;

	log->lines++;
	log->last_level = level;
	snprintf(log->last, sizeof(log->last), "%s", message);
	/* The callback may use the handle. */
	if (log->lines == 2)
		jailhouse_set_log_callback(log->jh, 0, NULL, NULL);
}

static void callback_hears_up_to_its_level(void **state)
{
	struct jailhouse *jh = open_device();
	struct log log = {.jh = jh};

	(void)state;
	jailhouse_set_log_callback(jh, JAILHOUSE_LOG_INFO, keep, &log);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_DISABLE, NULL, 0);
	assert_int_equal(jailhouse_disable(jh, NULL), 0);
	assert_int_equal(log.lines, 1);
	assert_int_equal(log.last_level, JAILHOUSE_LOG_INFO);
	assert_string_equal(log.last, "disable done");

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_DISABLE, NULL, -EBUSY);
	assert_int_equal(jailhouse_disable(jh, NULL), JAILHOUSE_ERR_REFUSED);
	assert_int_equal(log.lines, 2);
	assert_int_equal(log.last_level, JAILHOUSE_LOG_ERROR);
	assert_string_equal(log.last, "disable failed: REFUSED");

	/* It removed itself. */
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_DISABLE, NULL, 0);
	assert_int_equal(jailhouse_disable(jh, NULL), 0);
	assert_int_equal(log.lines, 2);
	close_device(jh);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, mock_setup, mock_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(our_driver_is_recognised),
		TEST(enotty_means_an_old_driver),
		TEST(einval_means_an_old_driver),
		TEST(missing_node_is_no_device),
		TEST(node_without_driver_is_no_device),
		TEST(no_permission_without_sysfs_fails),
		TEST(no_permission_with_sysfs_allows_to_look),
		TEST(other_failures_of_open_are_reported),
		TEST(failing_probe_closes_the_node),
		TEST(driver_without_version_is_not_believed),
		TEST(unknown_machine_is_refused),
		TEST(failing_uname_is_reported),
		TEST(result_must_be_given),
		TEST(null_handle_is_harmless),
		TEST(null_arguments_are_refused),
		TEST(callback_hears_up_to_its_level),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
