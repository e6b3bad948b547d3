/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The ends of a message channel, without a device. */
#include "ring-setup.h"

/* ---- sessions ---- */

static void nothing_passes_before_both_are_there(void **state)
{
	struct ring_pair pair;

	(void)state;
	ring_pair_new(&pair, RING_BYTES);
	memset(pair.area[1], 0, RING_BYTES);
	assert_int_equal(jailhouse_ring_poll(&pair.end[0]), JAILHOUSE_RING_DOWN);
	assert_null(jailhouse_ring_reserve(&pair.end[0], 1));
	ring_expect_nothing(&pair.end[0]);
	ring_pair_start(&pair, 1, 7);
	pair.state[1] = 0;
	assert_int_equal(jailhouse_ring_poll(&pair.end[0]), JAILHOUSE_RING_DOWN);
	pair.state[1] = JAILHOUSE_RING_STATE_READY;
	assert_int_equal(jailhouse_ring_poll(&pair.end[0]), JAILHOUSE_RING_DOWN);
	/* It has to answer first. */
	assert_int_equal(jailhouse_ring_poll(&pair.end[1]), JAILHOUSE_RING_UP);
	assert_int_equal(jailhouse_ring_poll(&pair.end[0]), JAILHOUSE_RING_UP);
	ring_pair_free(&pair);
}

static void each_step_of_the_handshake_asks_for_a_doorbell(void **state)
{
	struct ring_pair pair;

	(void)state;
	ring_pair_new(&pair, RING_BYTES);
	assert_true(jailhouse_ring_wants_doorbell(&pair.end[0]));
	assert_false(jailhouse_ring_wants_doorbell(&pair.end[0]));
	jailhouse_ring_poll(&pair.end[0]);
	assert_true(jailhouse_ring_wants_doorbell(&pair.end[0]));
	jailhouse_ring_poll(&pair.end[0]);
	assert_false(jailhouse_ring_wants_doorbell(&pair.end[0]));
	ring_pair_free(&pair);
}

static void another_version_is_not_talked_to(void **state)
{
	struct ring_pair pair;

	(void)state;
	ring_pair_new(&pair, RING_BYTES);
	ring_area(&pair, 1)->version = JAILHOUSE_RING_VERSION - 1;
	assert_int_equal(jailhouse_ring_poll(&pair.end[0]), JAILHOUSE_RING_DOWN);
	ring_area(&pair, 1)->version = JAILHOUSE_RING_VERSION;
	ring_area(&pair, 1)->magic++;
	assert_int_equal(jailhouse_ring_poll(&pair.end[0]), JAILHOUSE_RING_DOWN);
	assert_int_equal(ring_area(&pair, 0)->echo, 0);
	ring_pair_free(&pair);
}

/* What was under way is lost, what comes after it is not, and nothing old turns up. */
static void restart_end(struct ring_pair *pair, unsigned int end, uint32_t seed, bool wiped)
{
	ring_put(&pair->end[0], 40, 0x11);
	ring_put(&pair->end[1], 48, 0x22);
	jailhouse_ring_publish(&pair->end[0]);
	jailhouse_ring_publish(&pair->end[1]);
	if (wiped)
		memset(pair->area[end], 0, pair->bytes);
	ring_pair_start(pair, end, seed);
	ring_expect_nothing(&pair->end[!end]);
	ring_pair_connect(pair);
	ring_expect_nothing(&pair->end[0]);
	ring_expect_nothing(&pair->end[1]);
	ring_put(&pair->end[0], 56, 0x33);
	ring_put(&pair->end[1], 64, 0x44);
	jailhouse_ring_publish(&pair->end[0]);
	jailhouse_ring_publish(&pair->end[1]);
	ring_expect(&pair->end[1], 56, 0x33);
	ring_expect(&pair->end[0], 64, 0x44);
}

static void each_end_starts_anew_50_times(void **state)
{
	struct ring_pair pair;
	uint32_t n;

	(void)state;
	ring_pair_setup(&pair);
	/* With the same seed each time: a new life must be seen nevertheless. */
	for (n = 0; n < 200; n++)
		restart_end(&pair, n % 2, n & 2 ? 1 : n, n % 4 == 3);
	ring_pair_free(&pair);
}

static void both_ends_start_anew_at_once(void **state)
{
	struct ring_pair pair;
	unsigned int n;

	(void)state;
	ring_pair_setup(&pair);
	for (n = 0; n < 50; n++) {
		ring_put(&pair.end[0], 24, 1);
		jailhouse_ring_publish(&pair.end[0]);
		ring_pair_start(&pair, n % 2, 0);
		ring_pair_start(&pair, !(n % 2), 0);
		ring_pair_connect(&pair);
		ring_expect_nothing(&pair.end[1]);
	}
	ring_pair_free(&pair);
}

static void a_peer_that_crashes_ends_the_session(void **state)
{
	struct ring_pair pair;

	(void)state;
	ring_pair_setup(&pair);
	pair.state[1] = 0;
	assert_int_equal(jailhouse_ring_poll(&pair.end[0]), JAILHOUSE_RING_DOWN);
	assert_true(jailhouse_ring_wants_doorbell(&pair.end[0]));
	assert_null(jailhouse_ring_reserve(&pair.end[0], 8));
	/* It was not gone at all: both notice, and agree again. */
	pair.state[1] = JAILHOUSE_RING_STATE_READY;
	ring_put(&pair.end[1], 8, 5);
	jailhouse_ring_publish(&pair.end[1]);
	ring_pair_connect(&pair);
	assert_int_equal(pair.end[1].sessions, 2);
	ring_expect_nothing(&pair.end[0]);
	ring_pair_free(&pair);
}

static void a_crash_in_the_middle_of_a_message_shows_nothing_of_it(void **state)
{
	struct ring_pair pair;
	void *place;

	(void)state;
	ring_pair_setup(&pair);
	ring_put(&pair.end[0], 16, 1);
	jailhouse_ring_publish(&pair.end[0]);
	place = jailhouse_ring_reserve(&pair.end[0], 100);
	assert_non_null(place);
	memset(place, 0xee, 50);
	jailhouse_ring_commit(&pair.end[0], 100);
	pair.state[0] = 0;
	ring_expect(&pair.end[1], 16, 1);
	ring_expect_nothing(&pair.end[1]);
	ring_pair_start(&pair, 0, 9);
	ring_pair_connect(&pair);
	ring_expect_nothing(&pair.end[1]);
	ring_pair_free(&pair);
}

/* The hypervisor zeroes the output section of a cell that starts again. */
static void a_wiped_area_gives_no_messages(void **state)
{
	struct ring_pair pair;

	(void)state;
	ring_pair_setup(&pair);
	ring_put(&pair.end[0], 16, 1);
	ring_put(&pair.end[0], 16, 1);
	jailhouse_ring_publish(&pair.end[0]);
	ring_expect(&pair.end[1], 16, 1);
	memset(pair.area[0], 0, RING_BYTES);
	ring_expect_nothing(&pair.end[1]);
	assert_int_equal(jailhouse_ring_poll(&pair.end[1]), JAILHOUSE_RING_DOWN);
	assert_int_equal(pair.end[1].fault, JAILHOUSE_RING_FAULT_NONE);
	ring_pair_free(&pair);
}

/* ---- messages ---- */

static void messages_of_all_lengths_wrap_around(void **state)
{
	struct ring_pair pair;
	uint32_t n, max;

	(void)state;
	ring_pair_setup(&pair);
	max = jailhouse_ring_max_send(&pair.end[0]);
	assert_int_equal(max, RING_SIZE / 2 - JAILHOUSE_RING_HEAD);
	for (n = 0; n < 5000; n++) {
		ring_put(&pair.end[0], n * 7 % (max + 1), (unsigned char)n);
		jailhouse_ring_publish(&pair.end[0]);
		ring_expect(&pair.end[1], n * 7 % (max + 1), (unsigned char)n);
		jailhouse_ring_release(&pair.end[1]);
	}
	ring_pair_free(&pair);
}

static void a_message_that_is_too_long_never_fits(void **state)
{
	struct ring_pair pair;
	uint32_t max;

	(void)state;
	ring_pair_setup(&pair);
	max = jailhouse_ring_max_send(&pair.end[0]);
	assert_non_null(jailhouse_ring_reserve(&pair.end[0], max));
	assert_null(jailhouse_ring_reserve(&pair.end[0], max + 1));
	assert_null(jailhouse_ring_reserve(&pair.end[0], UINT32_MAX));
	assert_null(jailhouse_ring_reserve(&pair.end[0], UINT32_MAX - 6));
	ring_pair_free(&pair);
}

/* Wherever it begins in the ring. */
static void the_longest_message_fits_an_empty_ring(void **state)
{
	struct ring_pair pair;
	uint32_t n;

	(void)state;
	ring_pair_setup(&pair);
	for (n = 0; n < RING_SIZE / JAILHOUSE_RING_UNIT; n++) {
		ring_put(&pair.end[0], jailhouse_ring_max_send(&pair.end[0]), (unsigned char)n);
		jailhouse_ring_publish(&pair.end[0]);
		ring_expect(&pair.end[1], jailhouse_ring_max_send(&pair.end[0]), (unsigned char)n);
		jailhouse_ring_release(&pair.end[1]);
		/* The next one begins a head further on. */
		ring_put(&pair.end[0], 0, 0);
		jailhouse_ring_publish(&pair.end[0]);
		ring_expect(&pair.end[1], 0, 0);
		jailhouse_ring_release(&pair.end[1]);
	}
	ring_pair_free(&pair);
}

static void a_full_ring_takes_more_after_a_release_only(void **state)
{
	struct ring_pair pair;
	unsigned int n, round;

	(void)state;
	ring_pair_setup(&pair);
	for (round = 0; round < 20; round++) {
		for (n = 0; jailhouse_ring_reserve(&pair.end[0], 8); n++)
			ring_put(&pair.end[0], 8, (unsigned char)n);
		assert_int_equal(n, 15);
		jailhouse_ring_publish(&pair.end[0]);
		ring_expect(&pair.end[1], 8, 0);
		assert_null(jailhouse_ring_reserve(&pair.end[0], 8));
		jailhouse_ring_release(&pair.end[1]);
		assert_non_null(jailhouse_ring_reserve(&pair.end[0], 8));
		assert_null(jailhouse_ring_reserve(&pair.end[0], 2 * JAILHOUSE_RING_UNIT + 1));
		for (n = 1; n < 15; n++)
			ring_expect(&pair.end[1], 8, (unsigned char)n);
		ring_expect_nothing(&pair.end[1]);
		jailhouse_ring_release(&pair.end[1]);
	}
	ring_pair_free(&pair);
}

static void a_batch_is_seen_when_it_is_published(void **state)
{
	struct ring_pair pair;
	unsigned int n;

	(void)state;
	ring_pair_setup(&pair);
	for (n = 0; n < 5; n++)
		ring_put(&pair.end[0], 16, (unsigned char)n);
	ring_expect_nothing(&pair.end[1]);
	jailhouse_ring_publish(&pair.end[0]);
	for (n = 0; n < 5; n++)
		ring_expect(&pair.end[1], 16, (unsigned char)n);
	ring_pair_free(&pair);
}

static void less_than_reserved_can_be_sent_and_nothing_is_a_message_too(void **state)
{
	struct ring_pair pair;
	const void *got;
	uint32_t length;

	(void)state;
	ring_pair_setup(&pair);
	memset(jailhouse_ring_reserve(&pair.end[0], 100), 7, 100);
	jailhouse_ring_commit(&pair.end[0], 33);
	ring_put(&pair.end[0], 0, 0);
	jailhouse_ring_publish(&pair.end[0]);
	got = jailhouse_ring_peek(&pair.end[1], &length);
	assert_int_equal(length, 33);
	assert_int_equal(((const unsigned char *)got)[32], 7);
	assert_int_equal((uintptr_t)got % JAILHOUSE_RING_UNIT, 0);
	assert_non_null(jailhouse_ring_peek(&pair.end[1], &length));
	assert_int_equal(length, 0);
	assert_null(jailhouse_ring_peek(&pair.end[1], &length));
	ring_pair_free(&pair);
}

static void a_message_that_the_buffer_cannot_hold_stays(void **state)
{
	unsigned char small[8];
	struct ring_pair pair;
	uint32_t length = 0;

	(void)state;
	ring_pair_setup(&pair);
	ring_put(&pair.end[0], 16, 3);
	jailhouse_ring_publish(&pair.end[0]);
	assert_int_equal(jailhouse_ring_receive(&pair.end[1], small, sizeof(small), &length), -1);
	assert_int_equal(length, 16);
	ring_expect(&pair.end[1], 16, 3);
	ring_pair_free(&pair);
}

/* ---- doorbells ---- */

static void a_peer_that_is_awake_gets_no_doorbell(void **state)
{
	struct ring_pair pair;
	unsigned int n;

	(void)state;
	ring_pair_setup(&pair);
	for (n = 0; n < 100; n++) {
		ring_put(&pair.end[0], 8, 1);
		assert_false(jailhouse_ring_publish(&pair.end[0]));
		ring_expect(&pair.end[1], 8, 1);
		assert_false(jailhouse_ring_release(&pair.end[1]));
	}
	ring_pair_free(&pair);
}

static void a_peer_that_sleeps_gets_one_doorbell_for_each_sleep(void **state)
{
	struct ring_pair pair;
	unsigned int n;

	(void)state;
	ring_pair_setup(&pair);
	for (n = 0; n < 3; n++) {
		assert_true(jailhouse_ring_sleep_for_message(&pair.end[1]));
		ring_put(&pair.end[0], 8, 1);
		assert_true(jailhouse_ring_publish(&pair.end[0]));
		ring_put(&pair.end[0], 8, 2);
		assert_false(jailhouse_ring_publish(&pair.end[0]));
		jailhouse_ring_awake_for_message(&pair.end[1]);
		ring_put(&pair.end[0], 8, 3);
		assert_false(jailhouse_ring_publish(&pair.end[0]));
		ring_expect(&pair.end[1], 8, 1);
		ring_expect(&pair.end[1], 8, 2);
		ring_expect(&pair.end[1], 8, 3);
		jailhouse_ring_release(&pair.end[1]);
	}
	ring_pair_free(&pair);
}

static void nobody_sleeps_over_a_message_or_a_restart(void **state)
{
	struct ring_pair pair;

	(void)state;
	ring_pair_setup(&pair);
	ring_put(&pair.end[0], 8, 1);
	jailhouse_ring_publish(&pair.end[0]);
	assert_false(jailhouse_ring_sleep_for_message(&pair.end[1]));
	jailhouse_ring_awake_for_message(&pair.end[1]);
	ring_expect(&pair.end[1], 8, 1);
	ring_pair_start(&pair, 0, 3);
	assert_false(jailhouse_ring_sleep_for_message(&pair.end[1]));
	assert_false(jailhouse_ring_sleep_for_room(&pair.end[1], 8));
	ring_pair_connect(&pair);
	pair.state[0] = 0;
	assert_false(jailhouse_ring_sleep_for_message(&pair.end[1]));
	ring_pair_free(&pair);
}

static void who_waits_for_room_is_woken_when_it_is_enough(void **state)
{
	struct ring_pair pair;
	unsigned int n;

	(void)state;
	ring_pair_setup(&pair);
	for (n = 0; jailhouse_ring_reserve(&pair.end[0], 8); n++)
		ring_put(&pair.end[0], 8, 1);
	jailhouse_ring_publish(&pair.end[0]);
	assert_true(jailhouse_ring_sleep_for_room(&pair.end[0], 5 * JAILHOUSE_RING_UNIT));
	ring_expect(&pair.end[1], 8, 1);
	assert_false(jailhouse_ring_release(&pair.end[1]));
	/* Two units at the end are too few: they are left out. */
	for (n = 0; n < 3; n++) {
		ring_expect(&pair.end[1], 8, 1);
		assert_int_equal(jailhouse_ring_release(&pair.end[1]), n == 2);
	}
	jailhouse_ring_awake_for_room(&pair.end[0]);
	assert_non_null(jailhouse_ring_reserve(&pair.end[0], 5 * JAILHOUSE_RING_UNIT));
	ring_pair_free(&pair);
}

/* ---- where the areas are ---- */

static void two_peers_use_the_whole_section(void **state)
{
	__u64 offset = 1;

	(void)state;
	assert_int_equal(jailhouse_ring_locate(0x7f000, 2, 0, 1, &offset), 0x7f000);
	assert_int_equal(offset, 0);
	assert_int_equal(jailhouse_ring_locate(0x7f000, 2, 1, 0, &offset), 0x7f000);
	assert_int_equal(offset, 0);
}

static void more_peers_share_it_without_overlap(void **state)
{
	__u64 offset, last;
	uint32_t reader, bytes;

	(void)state;
	for (last = 0, reader = 0; reader < 12; reader++) {
		if (reader == 5)
			continue;
		bytes = jailhouse_ring_locate(0x10000, 12, 5, reader, &offset);
		assert_int_equal(bytes, 0x10000 / 11 / 64 * 64);
		assert_int_equal(offset, last);
		last = offset + bytes;
	}
	assert_true(last <= 0x10000);
}

static void areas_that_cannot_be_are_refused(void **state)
{
	__u64 offset;

	(void)state;
	assert_int_equal(jailhouse_ring_locate(0x1000, 2, 1, 1, &offset), 0);
	assert_int_equal(jailhouse_ring_locate(0x1000, 2, 2, 1, &offset), 0);
	assert_int_equal(jailhouse_ring_locate(0x1000, 2, 1, 2, &offset), 0);
	assert_int_equal(jailhouse_ring_locate(0x1000, 0, 0, 0, &offset), 0);
	assert_int_equal(jailhouse_ring_locate(0x1000, 12, 0, 1, &offset), 0);
	assert_int_equal(jailhouse_ring_locate(0, 2, 0, 1, &offset), 0);
	assert_int_equal(jailhouse_ring_locate(1ull << 40, 2, 0, 1, &offset), 0x80000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_passes_before_both_are_there),
		cmocka_unit_test(each_step_of_the_handshake_asks_for_a_doorbell),
		cmocka_unit_test(another_version_is_not_talked_to),
		cmocka_unit_test(each_end_starts_anew_50_times),
		cmocka_unit_test(both_ends_start_anew_at_once),
		cmocka_unit_test(a_peer_that_crashes_ends_the_session),
		cmocka_unit_test(a_crash_in_the_middle_of_a_message_shows_nothing_of_it),
		cmocka_unit_test(a_wiped_area_gives_no_messages),
		cmocka_unit_test(messages_of_all_lengths_wrap_around),
		cmocka_unit_test(a_message_that_is_too_long_never_fits),
		cmocka_unit_test(the_longest_message_fits_an_empty_ring),
		cmocka_unit_test(a_full_ring_takes_more_after_a_release_only),
		cmocka_unit_test(a_batch_is_seen_when_it_is_published),
		cmocka_unit_test(less_than_reserved_can_be_sent_and_nothing_is_a_message_too),
		cmocka_unit_test(a_message_that_the_buffer_cannot_hold_stays),
		cmocka_unit_test(a_peer_that_is_awake_gets_no_doorbell),
		cmocka_unit_test(a_peer_that_sleeps_gets_one_doorbell_for_each_sleep),
		cmocka_unit_test(nobody_sleeps_over_a_message_or_a_restart),
		cmocka_unit_test(who_waits_for_room_is_woken_when_it_is_enough),
		cmocka_unit_test(two_peers_use_the_whole_section),
		cmocka_unit_test(more_peers_share_it_without_overlap),
		cmocka_unit_test(areas_that_cannot_be_are_refused),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
