/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include <jailhouse/reason-text.h>

#include "internal.h"
#include "unit.h"

static void every_code_has_its_own_name(void **state)
{
	int code, other;

	(void)state;
	for (code = 0; code >= JAILHOUSE_ERR_PEER; code--) {
		assert_string_not_equal(jailhouse_code_get_name(code), "UNKNOWN");
		for (other = 0; other > code; other--)
			assert_string_not_equal(jailhouse_code_get_name(code),
						jailhouse_code_get_name(other));
	}
}

static void other_codes_are_unknown(void **state)
{
	(void)state;
	assert_string_equal(jailhouse_code_get_name(1), "UNKNOWN");
	assert_string_equal(jailhouse_code_get_name(JAILHOUSE_ERR_PEER - 1), "UNKNOWN");
}

static void reason_names_are_those_of_the_header(void **state)
{
	(void)state;
	assert_string_equal(jailhouse_reason_get_name(JAILHOUSE_REASON_CPU_NOT_IN_ROOT),
			    "CPU_NOT_IN_ROOT");
	assert_string_equal(jailhouse_reason_get_name(JAILHOUSE_REASON_INTERNAL), "INTERNAL");
	assert_null(jailhouse_reason_get_name(0));
	assert_null(jailhouse_reason_get_name(399));
}

static void reasons_become_the_fitting_code(void **state)
{
	static const struct {
		uint32_t reason;
		int code;
	} cases[] = {
		{JAILHOUSE_REASON_CONFIG_TRUNCATED, JAILHOUSE_ERR_CONFIG},
		{JAILHOUSE_REASON_CPU_NOT_IN_ROOT, JAILHOUSE_ERR_CONFIG},
		{JAILHOUSE_REASON_MEM_SHARED_MISMATCH, JAILHOUSE_ERR_CONFIG},
		{JAILHOUSE_REASON_CELL_NAME_USED, JAILHOUSE_ERR_EXISTS},
		{JAILHOUSE_REASON_CELL_DENIED, JAILHOUSE_ERR_DENIED},
		{JAILHOUSE_REASON_NO_MEMORY, JAILHOUSE_ERR_RESOURCES},
		{JAILHOUSE_REASON_NO_HVM, JAILHOUSE_ERR_MACHINE},
		{JAILHOUSE_REASON_NESTED_LEVELS, JAILHOUSE_ERR_MACHINE},
		{JAILHOUSE_REASON_MEM_ACCESS, JAILHOUSE_ERR_REFUSED},
		{JAILHOUSE_REASON_NOT_ENABLED, JAILHOUSE_ERR_NOT_ENABLED},
		{JAILHOUSE_REASON_INTERRUPTED, JAILHOUSE_ERR_INTERRUPTED},
		{JAILHOUSE_REASON_INTERNAL, JAILHOUSE_ERR_REFUSED},
		{54321, JAILHOUSE_ERR_REFUSED},
	};
	size_t n;

	(void)state;
	for (n = 0; n < ARRAY_LEN(cases); n++)
		assert_int_equal(jh_reason_to_code(cases[n].reason), cases[n].code);
}

static void reason_fills_all_members(void **state)
{
	const struct jailhouse_reason reason = {
		.code = JAILHOUSE_REASON_MEM_HYPERVISOR,
		.error = -EINVAL,
		.item = JAILHOUSE_ITEM_MEM_REGION,
		.index = 7,
		.arg = {0x1000, 0x1fff, 0x0, 0x2fff},
	};
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	assert_int_equal(jh_error_from_reason(&error, &reason, -EPERM), JAILHOUSE_ERR_CONFIG);
	assert_int_equal(error.size, sizeof(error));
	assert_int_equal(error.code, JAILHOUSE_ERR_CONFIG);
	assert_int_equal(error.sys_errno, EPERM);
	assert_int_equal(error.reason, JAILHOUSE_REASON_MEM_HYPERVISOR);
	assert_int_equal(error.item, JAILHOUSE_ITEM_MEM_REGION);
	assert_int_equal(error.index, 7);
	assert_int_equal(error.arg[1], 0x1fff);
	assert_int_equal(error.arg[3], 0x2fff);
	assert_text(error, "memory region 7: 0x1000-0x1fff overlaps the hypervisor's own memory "
			   "0x0-0x2fff");
}

static void errno_of_the_reason_counts_without_another(void **state)
{
	const struct jailhouse_reason reason = {
		.code = JAILHOUSE_REASON_CELL_LOCKED, .error = -EPERM, .item = JAILHOUSE_ITEM_CELL};
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	assert_int_equal(jh_error_from_reason(&error, &reason, 0), JAILHOUSE_ERR_DENIED);
	assert_int_equal(error.sys_errno, EPERM);
}

static void every_sentence_fits(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_reason reason;
	uint32_t code;

	(void)state;
	memset(&reason, 0xff, sizeof(reason));
	for (code = 0; code < 1000; code++) {
		char whole[4 * JAILHOUSE_REASON_TEXT_SIZE];

		reason.code = code;
		jh_error_from_reason(&error, &reason, 0);
		jailhouse_reason_format(whole, sizeof(whole), &reason);
		assert_string_equal(error.text, whole);
		assert_int_not_equal(strlen(error.text), 0);
	}
}

static void null_error_is_allowed(void **state)
{
	const struct jailhouse_reason reason = {.code = JAILHOUSE_REASON_CELL_LOCKED};

	(void)state;
	assert_int_equal(jh_error_set(NULL, JAILHOUSE_ERR_IO, EIO, "x"), JAILHOUSE_ERR_IO);
	assert_int_equal(jh_error_from_reason(NULL, &reason, 0), JAILHOUSE_ERR_DENIED);
}

static void error_without_size_is_left_alone(void **state)
{
	struct jailhouse_error error, copy;

	(void)state;
	memset(&error, 0x5a, sizeof(error));
	error.size = sizeof(error) - 1;
	copy = error;
	assert_int_equal(jh_error_set(&error, JAILHOUSE_ERR_IO, EIO, "x"), JAILHOUSE_ERR_IO);
	assert_memory_equal(&error, &copy, sizeof(error));
}

static void size_of_a_later_release_is_kept(void **state)
{
	struct {
		struct jailhouse_error error;
		char later[16];
	} big;

	(void)state;
	memset(&big, 0x5a, sizeof(big));
	big.error.size = sizeof(big);
	jh_error_set(&big.error, JAILHOUSE_ERR_IO, EIO, "x");
	assert_int_equal(big.error.size, sizeof(big));
	assert_int_equal(big.later[0], 0x5a);
	assert_int_equal(big.error.reason, 0);
}

static void long_sentence_is_cut_and_terminated(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	char text[2 * JAILHOUSE_ERROR_TEXT_SIZE];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	jh_error_set(&error, JAILHOUSE_ERR_IO, 0, "%s", text);
	assert_int_equal(strlen(error.text), JAILHOUSE_ERROR_TEXT_SIZE - 1);
}

static void versions_agree_with_the_header(void **state)
{
	(void)state;
	assert_int_equal(jailhouse_get_version(), JAILHOUSE_VERSION_NUMBER);
	assert_string_equal(jailhouse_get_version_string(), PROJECT_VERSION);
	assert_int_equal(jailhouse_get_api_version(), JAILHOUSE_API_VERSION);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_its_own_name),
		cmocka_unit_test(other_codes_are_unknown),
		cmocka_unit_test(reason_names_are_those_of_the_header),
		cmocka_unit_test(reasons_become_the_fitting_code),
		cmocka_unit_test(reason_fills_all_members),
		cmocka_unit_test(errno_of_the_reason_counts_without_another),
		cmocka_unit_test(every_sentence_fits),
		cmocka_unit_test(null_error_is_allowed),
		cmocka_unit_test(error_without_size_is_left_alone),
		cmocka_unit_test(size_of_a_later_release_is_kept),
		cmocka_unit_test(long_sentence_is_cut_and_terminated),
		cmocka_unit_test(versions_agree_with_the_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
