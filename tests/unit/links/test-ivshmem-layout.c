// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The driver's view of what an IVSHMEM device says of its memory. */
#include "../unit.h"

#include <string.h>

#include "ivshmem-layout.h"

static struct ivshmem_layout good(void)
{
	return (struct ivshmem_layout){
		.id = 1, .peers = 3, .state_size = 0x1000, .rw_size = 0x3000, .output_size = 0x2000,
	};
}

static void sections_follow_each_other(void **state)
{
	struct ivshmem_layout at = good();
	u64 value;

	(void)state;
	assert_null(ivshmem_layout_init(&at, 0x40000000, ~0ULL, 0x1000, &value));
	assert_int_equal(at.state, 0x40000000);
	assert_int_equal(at.rw, 0x40001000);
	assert_int_equal(at.outputs, 0x40004000);
	assert_int_equal(at.end, 0x4000a000);
}

static void sections_may_be_empty(void **state)
{
	struct ivshmem_layout at = good();
	u64 value;

	(void)state;
	at.rw_size = 0;
	at.output_size = 0;
	assert_null(ivshmem_layout_init(&at, 0x1000, ~0ULL, 0x1000, &value));
	assert_int_equal(at.end, 0x2000);
}

static void memory_may_end_with_the_last_byte(void **state)
{
	struct ivshmem_layout at = good();
	u64 value;

	(void)state;
	assert_null(ivshmem_layout_init(&at, 0x1000, 0xafff, 0x1000, &value));
	at = good();
	assert_string_equal(ivshmem_layout_init(&at, 0x1000, 0xaffe, 0x1000, &value), "size of the output sections");
}

static void what_is_wrong_is_named(void **state)
{
	static const struct {
		const char *item;
		u64 base, value;
		struct ivshmem_layout at;
	} rows[] = {
		{ "number of peers", 0, 1, { .peers = 1, .state_size = 0x1000 } },
		{ "number of peers", 0, 0x10001, { .peers = 0x10001, .state_size = 0x100000 } },
		{ "number of peers", 0, ~0U, { .peers = ~0U, .state_size = 0x1000 } },
		{ "own id", 0, 3, { .id = 3, .peers = 3, .state_size = 0x1000 } },
		{ "own id", 0, ~0U, { .id = ~0U, .peers = 3, .state_size = 0x1000 } },
		{ "address of the shared memory", 0x40000800, 0x40000800, { .peers = 2, .state_size = 0x1000 } },
		{ "size of the state table", 0, 0, { .peers = 2 } },
		{ "size of the state table", 0, 0x801, { .peers = 2, .state_size = 0x801 } },
		{ "size of the state table", 0, 0x1000, { .peers = 0x401, .state_size = 0x1000 } },
		{ "size of the common section", 0, 0x1001, { .peers = 2, .state_size = 0x1000, .rw_size = 0x1001 } },
		{ "size of the common section", 0x40000000, -0x1000ULL,
		  { .peers = 2, .state_size = 0x1000, .rw_size = -0x1000ULL } },
		{ "size of the output sections", 0, 0x7f800,
		  { .peers = 2, .state_size = 0x1000, .output_size = 0x7f800 } },
		{ "size of the output sections", 0, 1ULL << 63,
		  { .peers = 2, .state_size = 0x1000, .output_size = 1ULL << 63 } },
		{ "size of the output sections", 0x1000, 1ULL << 48,
		  { .peers = 0x10000, .state_size = 0x40000, .output_size = 1ULL << 48 } },
		{ "size of the state table", -0x1000ULL, 0x2000, { .peers = 2, .state_size = 0x2000 } },
	};
	struct ivshmem_layout at;
	u64 value;

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(rows); n++) {
		const char *item;

		at = rows[n].at;
		item = ivshmem_layout_init(&at, rows[n].base, ~0ULL, 0x1000, &value);
		if (!item || strcmp(item, rows[n].item) || value != rows[n].value)
			fail_msg("row %zu: %s 0x%llx", n, item ? item : "accepted", (unsigned long long)value);
	}
}

static void memory_must_fit_a_bar(void **state)
{
	struct ivshmem_layout at = good();
	u64 value;

	(void)state;
	assert_string_equal(ivshmem_layout_init(&at, 0x2000, 0x1fff, 0x1000, &value), "address of the shared memory");
	assert_string_equal(ivshmem_layout_init(&at, 0x2000, 0x2ffe, 0x1000, &value), "size of the state table");
	assert_string_equal(ivshmem_layout_init(&at, 0x2000, 0x5ffe, 0x1000, &value), "size of the common section");
	assert_string_equal(ivshmem_layout_init(&at, 0x2000, 0xbffe, 0x1000, &value), "size of the output sections");
	assert_null(ivshmem_layout_init(&at, 0x2000, 0xbfff, 0x1000, &value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sections_follow_each_other),
		cmocka_unit_test(sections_may_be_empty),
		cmocka_unit_test(memory_may_end_with_the_last_byte),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(memory_must_fit_a_bar),
	};

	return cmocka_run_group_tests_name("ivshmem-layout", tests, NULL, NULL);
}
