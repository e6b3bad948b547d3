/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A message channel whose peer breaks the rules. */
#include "ring-setup.h"

static void expect_broken(struct ring_pair *pair, uint32_t fault, uint32_t value)
{
	assert_int_equal(jailhouse_ring_poll(&pair->end[0]), JAILHOUSE_RING_BROKEN);
	assert_int_equal(pair->end[0].fault, fault);
	assert_int_equal(pair->end[0].fault_value, value);
	ring_expect_nothing(&pair->end[0]);
	assert_null(jailhouse_ring_reserve(&pair->end[0], 1));
	assert_false(jailhouse_ring_publish(&pair->end[0]));
	assert_false(jailhouse_ring_release(&pair->end[0]));
}

static void expect_recovery(struct ring_pair *pair)
{
	jailhouse_ring_reset(&pair->end[0]);
	ring_pair_start(pair, 1, 1);
	ring_pair_connect(pair);
	ring_put(&pair->end[1], 20, 9);
	jailhouse_ring_publish(&pair->end[1]);
	ring_expect(&pair->end[0], 20, 9);
}

static void a_tail_outside_the_ring_is_named(void **state)
{
	static const uint32_t bad[] = {
		RING_SIZE, 4, 8, UINT32_MAX, 0x80000000, RING_SIZE + JAILHOUSE_RING_UNIT, 255};
	struct ring_pair pair;
	size_t n;

	(void)state;
	ring_pair_setup(&pair);
	for (n = 0; n < ARRAY_LEN(bad); n++) {
		ring_area(&pair, 1)->tail = bad[n];
		ring_expect_nothing(&pair.end[0]);
		expect_broken(&pair, JAILHOUSE_RING_FAULT_TAIL, bad[n]);
		expect_recovery(&pair);
	}
	ring_pair_free(&pair);
}

static void a_tail_that_goes_back_is_named(void **state)
{
	struct ring_pair pair;

	(void)state;
	ring_pair_setup(&pair);
	ring_put(&pair.end[1], 24, 1);
	jailhouse_ring_publish(&pair.end[1]);
	ring_expect(&pair.end[0], 24, 1);
	ring_area(&pair, 1)->tail = JAILHOUSE_RING_UNIT;
	ring_expect_nothing(&pair.end[0]);
	expect_broken(&pair, JAILHOUSE_RING_FAULT_TAIL, JAILHOUSE_RING_UNIT);
	ring_pair_free(&pair);
}

static void a_head_outside_what_was_sent_is_named(void **state)
{
	static const uint32_t bad[] = {RING_SIZE, 4, UINT32_MAX, 8, JAILHOUSE_RING_UNIT};
	struct ring_pair pair;
	size_t n;

	(void)state;
	ring_pair_setup(&pair);
	for (n = 0; n < ARRAY_LEN(bad); n++) {
		ring_area(&pair, 1)->head = bad[n];
		assert_false(jailhouse_ring_sleep_for_room(&pair.end[0], 8));
		expect_broken(&pair, JAILHOUSE_RING_FAULT_HEAD, bad[n]);
		expect_recovery(&pair);
	}
	ring_pair_free(&pair);
}

static void a_length_beyond_the_tail_is_named(void **state)
{
	static const uint32_t bad[] = {JAILHOUSE_RING_UNIT + 1,
				       2 * JAILHOUSE_RING_UNIT + 1,
				       RING_SIZE,
				       UINT32_MAX,
				       UINT32_MAX - 1,
				       0x7fffffff};
	struct ring_pair pair;
	size_t n;

	(void)state;
	ring_pair_setup(&pair);
	for (n = 0; n < ARRAY_LEN(bad); n++) {
		ring_put(&pair.end[1], 8, 1);
		jailhouse_ring_publish(&pair.end[1]);
		memcpy(pair.area[1] + JAILHOUSE_RING_DATA, &bad[n], 4);
		ring_expect_nothing(&pair.end[0]);
		expect_broken(&pair, JAILHOUSE_RING_FAULT_LENGTH, bad[n]);
		expect_recovery(&pair);
		ring_pair_start(&pair, 1, 1);
		ring_pair_connect(&pair);
	}
	ring_pair_free(&pair);
}

static void a_ring_size_that_does_not_fit_is_named(void **state)
{
	static const uint32_t bad[] = {0,
				       8,
				       JAILHOUSE_RING_UNIT,
				       3 * JAILHOUSE_RING_UNIT,
				       RING_SIZE + JAILHOUSE_RING_UNIT,
				       RING_SIZE - 8,
				       UINT32_MAX,
				       100};
	struct ring_pair pair;
	size_t n;

	(void)state;
	for (n = 0; n < ARRAY_LEN(bad); n++) {
		ring_pair_new(&pair, RING_BYTES);
		ring_area(&pair, 1)->size = bad[n];
		assert_int_equal(jailhouse_ring_poll(&pair.end[0]), JAILHOUSE_RING_BROKEN);
		expect_broken(&pair, JAILHOUSE_RING_FAULT_SIZE, bad[n]);
		expect_recovery(&pair);
		ring_pair_free(&pair);
	}
}

/* Whatever the numbers are: nothing is read or written outside the areas, and each call ends. */
static void random_numbers_do_no_harm(void **state)
{
	static const size_t words[] = {8, 12, 16, 128, 256, 384, 388, 392};
	unsigned char buffer[RING_SIZE];
	struct ring_pair pair;
	uint32_t n, length, value, up = 0;

	(void)state;
	srand(1);
	ring_pair_setup(&pair);
	for (n = 0; n < 200000; n++) {
		value = rand() % 4 ? (uint32_t)rand() % (RING_SIZE / JAILHOUSE_RING_UNIT + 2) *
					     JAILHOUSE_RING_UNIT
				   : (uint32_t)rand() * 3u;
		if (rand() % 3)
			memcpy(pair.area[1] + JAILHOUSE_RING_DATA +
				       (size_t)(rand() % RING_SIZE &
						~(rand() % 2 ? 3 : JAILHOUSE_RING_UNIT - 1)),
			       &value, 4);
		else if (rand() % 8 == 0)
			memcpy(pair.area[1] + words[(size_t)rand() % ARRAY_LEN(words)], &value, 4);
		else
			memcpy(pair.area[1] + 128 + 128 * (rand() % 2), &value, 4);
		up += jailhouse_ring_poll(&pair.end[0]) == JAILHOUSE_RING_UP;
		jailhouse_ring_send(&pair.end[0], buffer, (uint32_t)rand() % RING_SIZE);
		jailhouse_ring_publish(&pair.end[0]);
		jailhouse_ring_receive(&pair.end[0], buffer, sizeof(buffer), &length);
		jailhouse_ring_release(&pair.end[0]);
		if (pair.end[0].state == JAILHOUSE_RING_BROKEN || rand() % 100 == 0) {
			jailhouse_ring_reset(&pair.end[0]);
			ring_pair_start(&pair, 1, 1);
			ring_pair_connect(&pair);
		}
	}
	assert_true(up > 1000);
	ring_pair_free(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tail_outside_the_ring_is_named),
		cmocka_unit_test(a_tail_that_goes_back_is_named),
		cmocka_unit_test(a_head_outside_what_was_sent_is_named),
		cmocka_unit_test(a_length_beyond_the_tail_is_named),
		cmocka_unit_test(a_ring_size_that_does_not_fit_is_named),
		cmocka_unit_test(random_numbers_do_no_harm),
	};

	return cmocka_run_group_tests_name("ring-hostile", tests, NULL, NULL);
}
