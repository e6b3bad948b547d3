/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The ring of events of driver and simulation. */
#include <stdlib.h>
#include <string.h>

#include "event-ring.h"
#include "unit.h"

static struct jh_event_ring *ring;

static int setup(void **state)
{
	(void)state;
	ring = calloc(1, sizeof(*ring));
	return ring ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	free(ring);
	return 0;
}

/* The time of an event is 10 times its number here. */
static void push(unsigned int count)
{
	while (count--)
		jh_ring_push(ring, JAILHOUSE_EVENT_STATE, 10 * (ring->pushed + 1));
}

/* Reads one event, which must be that one, of that kind. */
static uint64_t expect(uint64_t position, uint64_t seq, uint32_t type)
{
	struct jailhouse_ioc_event event = {0};
	uint64_t next = jh_ring_peek(ring, position, &event);

	assert_int_not_equal(next, position);
	assert_int_equal(event.type, type);
	assert_int_equal(event.seq, seq);
	if (type != JAILHOUSE_EVENT_LOST) {
		assert_int_equal(event.time, 10 * seq);
		assert_int_equal(event.lost, 0);
	}
	return next;
}

static void expect_none(uint64_t position)
{
	struct jailhouse_ioc_event event = {.type = 77};

	assert_int_equal(jh_ring_peek(ring, position, &event), position);
	assert_int_equal(event.type, 77);
}

static void an_empty_ring_has_nothing(void **state)
{
	(void)state;
	expect_none(0);
	push(3);
	expect_none(3);
}

static void events_come_in_order_from_one_on(void **state)
{
	uint64_t position = 0, n;

	(void)state;
	push(5);
	for (n = 1; n <= 5; n++)
		position = expect(position, n, JAILHOUSE_EVENT_STATE);
	expect_none(position);
}

static void looking_takes_nothing(void **state)
{
	(void)state;
	push(2);
	expect(0, 1, JAILHOUSE_EVENT_STATE);
	expect(0, 1, JAILHOUSE_EVENT_STATE);
}

static void two_readers_do_not_disturb_each_other(void **state)
{
	uint64_t fast = 0, slow = 0;

	(void)state;
	push(2);
	fast = expect(fast, 1, JAILHOUSE_EVENT_STATE);
	fast = expect(fast, 2, JAILHOUSE_EVENT_STATE);
	slow = expect(slow, 1, JAILHOUSE_EVENT_STATE);
	push(1);
	fast = expect(fast, 3, JAILHOUSE_EVENT_STATE);
	expect_none(fast);
	slow = expect(slow, 2, JAILHOUSE_EVENT_STATE);
	slow = expect(slow, 3, JAILHOUSE_EVENT_STATE);
	expect_none(slow);
}

static void a_full_ring_has_lost_nothing(void **state)
{
	uint64_t position = 0, n;

	(void)state;
	push(JH_RING_EVENTS);
	for (n = 1; n <= JH_RING_EVENTS; n++)
		position = expect(position, n, JAILHOUSE_EVENT_STATE);
	expect_none(position);
}

static void what_is_gone_is_counted_once(void **state)
{
	struct jailhouse_ioc_event event = {0};
	uint64_t position, n;

	(void)state;
	push(JH_RING_EVENTS + 1);
	position = jh_ring_peek(ring, 0, &event);
	assert_int_equal(event.type, JAILHOUSE_EVENT_LOST);
	assert_int_equal(event.seq, 1);
	assert_int_equal(event.lost, 1);
	assert_int_equal(event.time, 20);
	for (n = 2; n <= JH_RING_EVENTS + 1; n++)
		position = expect(position, n, JAILHOUSE_EVENT_STATE);
	expect_none(position);

	/* From the middle, and much later */
	push(1000);
	position = jh_ring_peek(ring, position - 7, &event);
	assert_int_equal(event.type, JAILHOUSE_EVENT_LOST);
	assert_int_equal(event.seq, JH_RING_EVENTS + 1 - 7 + 1);
	assert_int_equal(event.seq + event.lost, ring->pushed - JH_RING_EVENTS + 1);
	expect(position, event.seq + event.lost, JAILHOUSE_EVENT_STATE);
}

static void a_new_event_has_nothing_of_the_old_one(void **state)
{
	struct jailhouse_ioc_event *event;

	(void)state;
	event = jh_ring_push(ring, JAILHOUSE_EVENT_FAILED, 1);
	event->reason.code = 5;
	strcpy(event->name, "old");
	push(JH_RING_EVENTS - 1);
	assert_ptr_equal(jh_ring_push(ring, JAILHOUSE_EVENT_CREATED, 2), event);
	assert_int_equal(event->reason.code, 0);
	assert_string_equal(event->name, "");
}

int main(void)
{
#define RUN(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		RUN(an_empty_ring_has_nothing),
		RUN(events_come_in_order_from_one_on),
		RUN(looking_takes_nothing),
		RUN(two_readers_do_not_disturb_each_other),
		RUN(a_full_ring_has_lost_nothing),
		RUN(what_is_gone_is_counted_once),
		RUN(a_new_event_has_nothing_of_the_old_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
