/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/sysfs.h"
#include "unit.h"

static void expect_cpus(const char *text, int end, uint64_t word0, uint64_t word1)
{
	uint64_t mask[2] = {7, 7};

	assert_int_equal(jh_sysfs_parse_cpus(text, mask, 2), end);
	assert_int_equal(mask[0], word0);
	assert_int_equal(mask[1], word1);
}

static void cpu_lists_are_parsed(void **state)
{
	(void)state;
	expect_cpus("", 0, 0, 0);
	expect_cpus("0", 1, 1, 0);
	expect_cpus("63-64", 65, 1ULL << 63, 1);
	expect_cpus("0-3,5,127", 128, 0x2f, 1ULL << 63);
	expect_cpus("5,1", 6, 0x22, 0);
}

static void cpus_beyond_the_mask_are_counted(void **state)
{
	(void)state;
	expect_cpus("1,128-200", 201, 2, 0);
}

static void bad_cpu_lists_are_refused(void **state)
{
	static const char *const bad[] = {
		"a", "-1", "1-", "1-a", "3-1", "1,", ",1", "1,,2", "1 ", " 1", "1-2-3", "0x3",
		"32768", "99999999999999999999", "0-32768",
	};
	uint64_t mask[2];
	size_t n;

	(void)state;
	for (n = 0; n < ARRAY_LEN(bad); n++)
		assert_int_equal(jh_sysfs_parse_cpus(bad[n], mask, 2), -EINVAL);
	assert_int_equal(jh_sysfs_parse_cpus("32767", mask, 2), 32768);
}

static void numbers_are_digits_within_a_limit(void **state)
{
	static const char *const bad[] = {"", "-1", "+1", " 1", "1 ", "0x1", "11",
					  "18446744073709551616"};
	uint32_t number;
	size_t n;

	(void)state;
	assert_true(jh_sysfs_number("0", 10, &number));
	assert_int_equal(number, 0);
	assert_true(jh_sysfs_number("010", 10, &number));
	assert_int_equal(number, 10);
	for (n = 0; n < ARRAY_LEN(bad); n++)
		assert_false(jh_sysfs_number(bad[n], 10, &number));
}

static char path[] = "/tmp/test-sysfs-XXXXXX";

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static void write_file(const char *text, size_t len)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void one_newline_is_cut(void **state)
{
	char value[JH_SYSFS_VALUE];

	(void)state;
	write_file("a\n", 2);
	assert_int_equal(jh_sysfs_read(value, "%s", path), 0);
	assert_string_equal(value, "a");
	write_file("a\n\n", 3);
	assert_int_equal(jh_sysfs_read(value, "%s", path), 0);
	assert_string_equal(value, "a\n");
	write_file("", 0);
	assert_int_equal(jh_sysfs_read(value, "%s", path), 0);
	assert_string_equal(value, "");
}

static void value_that_is_too_long_is_refused(void **state)
{
	char value[JH_SYSFS_VALUE];
	char text[JH_SYSFS_VALUE];

	(void)state;
	memset(text, '1', sizeof(text));
	write_file(text, sizeof(text) - 1);
	assert_int_equal(jh_sysfs_read(value, "%s", path), 0);
	assert_int_equal(strlen(value), sizeof(text) - 1);
	write_file(text, sizeof(text));
	assert_int_equal(jh_sysfs_read(value, "%s", path), -EOVERFLOW);
}

static void value_that_is_no_number_is_refused(void **state)
{
	uint64_t number = 5;

	(void)state;
	write_file("12x\n", 4);
	assert_int_equal(jh_sysfs_read_u64(&number, "%s", path), -EINVAL);
	assert_int_equal(number, 5);
	write_file("18446744073709551615\n", 21);
	assert_int_equal(jh_sysfs_read_u64(&number, "%s", path), 0);
	assert_int_equal(number, UINT64_MAX);
}

static void missing_file_and_long_path_are_reported(void **state)
{
	char value[JH_SYSFS_VALUE];

	(void)state;
	assert_int_equal(jh_sysfs_read(value, "/nowhere/%d", 1), -ENOENT);
	assert_int_equal(jh_sysfs_read(value, "/%0600d", 1), -ENAMETOOLONG);
	assert_int_equal(jh_sysfs_read(value, "/tmp"), -EISDIR);
}

static int count(void *context, const char *name)
{
	int *left = context;

	assert_int_not_equal(name[0], '.');
	return --*left == 0 ? 42 : 0;
}

static void listing_stops_when_told_so(void **state)
{
	int left = 2;

	(void)state;
	assert_int_equal(jh_sysfs_list(FIXTURES "/sysfs-running/cells", count, &left), 42);
	left = 100;
	assert_int_equal(jh_sysfs_list(FIXTURES "/sysfs-running/cells", count, &left), 0);
	assert_int_equal(left, 97);
	assert_int_equal(jh_sysfs_list("/nowhere", count, &left), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cpu_lists_are_parsed),
		cmocka_unit_test(cpus_beyond_the_mask_are_counted),
		cmocka_unit_test(bad_cpu_lists_are_refused),
		cmocka_unit_test(numbers_are_digits_within_a_limit),
		cmocka_unit_test(one_newline_is_cut),
		cmocka_unit_test(value_that_is_too_long_is_refused),
		cmocka_unit_test(value_that_is_no_number_is_refused),
		cmocka_unit_test(missing_file_and_long_path_are_reported),
		cmocka_unit_test(listing_stops_when_told_so),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
