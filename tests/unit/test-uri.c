/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "internal.h"
#include "unit.h"

static void expect_parts(const char *text, const char *node, const char *sysfs)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jh_uri uri;

	assert_int_equal(jh_uri_parse(text, &uri, &error), 0);
	assert_int_equal(error.code, 0);
	assert_false(uri.sim);
	assert_string_equal(uri.node, node);
	assert_string_equal(uri.sysfs, sysfs);
	jh_uri_free(&uri);
}

static void expect_error(const char *text, int code, const char *sentence)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jh_uri uri = {false, (char *)"untouched", NULL};

	assert_int_equal(jh_uri_parse(text, &uri, &error), code);
	assert_int_equal(error.code, code);
	assert_text(error, sentence);
	assert_string_equal(uri.node, "untouched");
}

static void null_is_the_default_device(void **state)
{
	(void)state;
	expect_parts(NULL, "/dev/jailhouse", "/sys/devices/jailhouse");
}

static void device_without_path_is_the_default_device(void **state)
{
	(void)state;
	expect_parts("device:", "/dev/jailhouse", "/sys/devices/jailhouse");
}

static void path_replaces_the_node(void **state)
{
	(void)state;
	expect_parts("device:/tmp/a:b", "/tmp/a:b", "/sys/devices/jailhouse");
}

static void option_sysfs_replaces_the_root(void **state)
{
	(void)state;
	expect_parts("device:?sysfs=/s", "/dev/jailhouse", "/s");
	expect_parts("device:/n?sysfs=/s=?/t", "/n", "/s=?/t");
}

static void simulation_has_a_path_or_none(void **state)
{
	struct jh_uri uri;

	(void)state;
	assert_int_equal(jh_uri_parse("sim:", &uri, NULL), 0);
	assert_true(uri.sim);
	assert_null(uri.node);
	jh_uri_free(&uri);
	assert_int_equal(jh_uri_parse("sim:a?b=c", &uri, NULL), 0);
	assert_true(uri.sim);
	assert_string_equal(uri.node, "a?b=c");
	jh_uri_free(&uri);
}

static void unknown_scheme_names_what_is_built_in(void **state)
{
	(void)state;
	expect_error("tcp:x", JAILHOUSE_ERR_NO_BACKEND,
		     "no backend \"tcp:\" is built into this library, only \"device:\" and \"sim:\"");
}

static void empty_scheme_is_no_backend(void **state)
{
	(void)state;
	expect_error(":", JAILHOUSE_ERR_NO_BACKEND,
		     "no backend \":\" is built into this library, only \"device:\" and \"sim:\"");
}

static void plain_path_is_refused(void **state)
{
	(void)state;
	expect_error("/dev/jailhouse", JAILHOUSE_ERR_URI,
		     "\"/dev/jailhouse\" is no URI; expected \"device:\", \"device:PATH\" or "
		     "\"sim:PATH\"");
}

static void empty_text_is_refused(void **state)
{
	(void)state;
	expect_error("", JAILHOUSE_ERR_URI,
		     "\"\" is no URI; expected \"device:\", \"device:PATH\" or "
		     "\"sim:PATH\"");
}

static void unknown_option_is_refused(void **state)
{
	(void)state;
	expect_error("device:?root=/", JAILHOUSE_ERR_URI,
		     "unknown or empty option \"root=/\" in URI; \"sysfs=PATH\" is known");
}

static void empty_option_is_refused(void **state)
{
	(void)state;
	expect_error("device:?sysfs=", JAILHOUSE_ERR_URI,
		     "unknown or empty option \"sysfs=\" in URI; \"sysfs=PATH\" is known");
	expect_error("device:?", JAILHOUSE_ERR_URI,
		     "unknown or empty option \"\" in URI; \"sysfs=PATH\" is known");
	expect_error("device:?sysfs=/a&", JAILHOUSE_ERR_URI,
		     "unknown or empty option \"\" in URI; \"sysfs=PATH\" is known");
}

static void option_given_twice_is_refused(void **state)
{
	(void)state;
	expect_error("device:?sysfs=/a&sysfs=/b", JAILHOUSE_ERR_URI,
		     "option sysfs is given twice in URI");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(null_is_the_default_device),
		cmocka_unit_test(device_without_path_is_the_default_device),
		cmocka_unit_test(path_replaces_the_node),
		cmocka_unit_test(option_sysfs_replaces_the_root),
		cmocka_unit_test(simulation_has_a_path_or_none),
		cmocka_unit_test(unknown_scheme_names_what_is_built_in),
		cmocka_unit_test(empty_scheme_is_no_backend),
		cmocka_unit_test(plain_path_is_refused),
		cmocka_unit_test(empty_text_is_refused),
		cmocka_unit_test(unknown_option_is_refused),
		cmocka_unit_test(empty_option_is_refused),
		cmocka_unit_test(option_given_twice_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
