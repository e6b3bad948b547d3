// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The image's own memory functions, under other names beside those of the host. */
#define memset	hv_memset
#define memcpy	hv_memcpy
#define memcmp	hv_memcmp
#define strncmp hv_strncmp
#include "../../../hypervisor/core/string.c"
#undef memset
#undef memcpy
#undef memcmp
#undef strncmp

#include "testbed.h"

#define SIZE  48
#define GUARD 0x77

static void test_memset(void **state)
{
	u8 expected[SIZE], buffer[SIZE] __attribute__((aligned(8)));

	(void)state;
	for (unsigned long start = 0; start < 10; start++)
		for (unsigned long size = 0; start + size <= SIZE; size++) {
			memset(buffer, GUARD, SIZE);
			memset(expected, GUARD, SIZE);
			memset(expected + start, 0xa5, size);
			assert_ptr_equal(hv_memset(buffer + start, 0x1a5, size), buffer + start);
			assert_memory_equal(buffer, expected, SIZE);
		}
}

static void test_memcpy(void **state)
{
	u8 from[SIZE], expected[SIZE], buffer[SIZE];

	(void)state;
	for (unsigned int n = 0; n < SIZE; n++)
		from[n] = (u8)(n + 1);
	for (unsigned long start = 0; start < 10; start++)
		for (unsigned long size = 0; start + size <= SIZE; size++) {
			memset(buffer, GUARD, SIZE);
			memset(expected, GUARD, SIZE);
			memcpy(expected + start, from, size);
			assert_ptr_equal(hv_memcpy(buffer + start, from, size), buffer + start);
			assert_memory_equal(buffer, expected, SIZE);
		}
}

static int sign(int value)
{
	return (value > 0) - (value < 0);
}

static void test_memcmp(void **state)
{
	static const char *const texts[] = { "", "a", "ab", "b", "ba", "a\xff", "\xff", "\x01" };

	(void)state;
	for (unsigned int a = 0; a < ARRAY_LEN(texts); a++)
		for (unsigned int b = 0; b < ARRAY_LEN(texts); b++)
			for (unsigned long size = 0; size <= MIN(strlen(texts[a]), strlen(texts[b])); size++)
				assert_int_equal(sign(hv_memcmp(texts[a], texts[b], size)),
						 sign(memcmp(texts[a], texts[b], size)));
}

static void test_strncmp(void **state)
{
	static const char *const texts[] = { "", "a", "ab", "abc", "abd", "b", "a\xff", "\xff", "\x01" };

	(void)state;
	for (unsigned int a = 0; a < ARRAY_LEN(texts); a++)
		for (unsigned int b = 0; b < ARRAY_LEN(texts); b++)
			for (unsigned long size = 0; size < 6; size++)
				assert_int_equal(sign(hv_strncmp(texts[a], texts[b], size)),
						 sign(strncmp(texts[a], texts[b], size)));
	/* Nothing is read behind the end. */
	assert_int_equal(hv_strncmp("ab", "ab", ~0UL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memset),
		cmocka_unit_test(test_memcpy),
		cmocka_unit_test(test_memcmp),
		cmocka_unit_test(test_strncmp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
