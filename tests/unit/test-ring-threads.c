/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Both ends of a message channel in threads of their own; also built for ThreadSanitizer. Doorbells are
 * eventfds, which are read like the events of a device: a lost one is a test that hangs.
 */
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "ring-setup.h"

#ifdef SHORT_RUN
#define MESSAGES 20000u
#else
#define MESSAGES 100000u
#endif
#define BYTES	   (JAILHOUSE_RING_DATA + 1024)
#define TIMEOUT_MS 60000

struct side {
	struct jailhouse_ring *ring;
	int own_bell, peer_bell;
	uint32_t messages, doorbells, sleeps, sessions;
	bool sleeps_often;
	unsigned int seed;
	const char *failure;
};

static void ring_bell(struct side *side)
{
	side->doorbells++;
	if (eventfd_write(side->peer_bell, 1) < 0)
		side->failure = "the doorbell cannot be rung";
}

static void wait_for_bell(struct side *side)
{
	struct pollfd pfd = {.fd = side->own_bell, .events = POLLIN};
	eventfd_t count;

	side->sleeps++;
	if (poll(&pfd, 1, TIMEOUT_MS) != 1 || eventfd_read(side->own_bell, &count) < 0)
		side->failure = "no doorbell";
}

static bool connected(struct side *side)
{
	uint32_t state = jailhouse_ring_poll(side->ring);

	if (jailhouse_ring_wants_doorbell(side->ring))
		ring_bell(side);
	if (state == JAILHOUSE_RING_BROKEN)
		side->failure = "the peer is said to have broken the rules";
	if (state == JAILHOUSE_RING_DOWN && !side->failure)
		wait_for_bell(side);
	return state == JAILHOUSE_RING_UP && !side->failure;
}

/* The content follows from the number of the message. */
static uint32_t make(uint32_t number, unsigned char *message)
{
	uint32_t length = 4 + number * 2654435761u % 300, n;

	memcpy(message, &number, 4);
	for (n = 4; n < length; n++)
		message[n] = (unsigned char)(number + n);
	return length;
}

static void *send_all(void *arg)
{
	struct side *side = arg;
	unsigned char message[512];
	uint32_t length;

	while (side->messages < MESSAGES && !side->failure) {
		if (!connected(side))
			continue;
		length = make(side->messages, message);
		if (jailhouse_ring_send(side->ring, message, length)) {
			side->messages++;
			if (rand_r(&side->seed) % 4 && side->messages < MESSAGES)
				continue;
		}
		if (jailhouse_ring_publish(side->ring))
			ring_bell(side);
		if (!jailhouse_ring_reserve(side->ring, length)) {
			if (jailhouse_ring_sleep_for_room(side->ring, length))
				wait_for_bell(side);
			jailhouse_ring_awake_for_room(side->ring);
		}
		if (side->sleeps_often && side->messages % 16 == 0)
			usleep(50);
	}
	return NULL;
}

static void *receive_all(void *arg)
{
	struct side *side = arg;
	unsigned char message[512], expected[512];
	uint32_t length;

	while (side->messages < MESSAGES && !side->failure) {
		if (!connected(side))
			continue;
		if (jailhouse_ring_receive(side->ring, message, sizeof(message), &length) == 1) {
			if (length != make(side->messages, expected) ||
			    memcmp(message, expected, length) != 0)
				side->failure = "a message is not what was sent";
			side->messages++;
			if (rand_r(&side->seed) % 2)
				continue;
		}
		if (jailhouse_ring_release(side->ring))
			ring_bell(side);
		if (jailhouse_ring_sleep_for_message(side->ring) && side->messages < MESSAGES)
			wait_for_bell(side);
		jailhouse_ring_awake_for_message(side->ring);
	}
	return NULL;
}

static void run(bool sender_sleeps_often)
{
	struct side side[2] = {{.seed = 1, .sleeps_often = sender_sleeps_often}, {.seed = 2}};
	struct ring_pair pair;
	pthread_t thread[2];
	unsigned int n;

	ring_pair_new(&pair, BYTES);
	for (n = 0; n < 2; n++) {
		side[n].ring = &pair.end[n];
		side[n].own_bell = eventfd(0, EFD_CLOEXEC);
		assert_true(side[n].own_bell >= 0);
	}
	side[0].peer_bell = side[1].own_bell;
	side[1].peer_bell = side[0].own_bell;
	assert_int_equal(pthread_create(&thread[0], NULL, send_all, &side[0]), 0);
	assert_int_equal(pthread_create(&thread[1], NULL, receive_all, &side[1]), 0);
	for (n = 0; n < 2; n++)
		pthread_join(thread[n], NULL);
	for (n = 0; n < 2; n++) {
		if (side[n].failure)
			fail_msg("end %u: %s", n, side[n].failure);
		assert_int_equal(side[n].messages, MESSAGES);
		assert_int_equal(pair.end[n].sessions, 1);
		/* Those of the handshake, and not more than one for each sleep of the other one. */
		assert_true(side[n].doorbells <= side[!n].sleeps + MESSAGES / 2);
		close(side[n].own_bell);
	}
	ring_pair_free(&pair);
}

static void messages_pass_in_order_between_threads_that_sleep(void **state)
{
	(void)state;
	run(false);
}

static void a_receiver_that_sleeps_for_each_batch_misses_none(void **state)
{
	(void)state;
	run(true);
}

/* ---- one end starts anew again and again while the other one works ---- */

struct restarts {
	struct ring_pair pair;
	uint32_t stop;
};

static void *restart_again_and_again(void *arg)
{
	struct restarts *r = arg;
	unsigned char message[64];
	uint32_t n, k;

	for (n = 0; n < 50; n++) {
		memset(message, (int)n, sizeof(message));
		ring_pair_start(&r->pair, 0, 1);
		/* More than the ring holds, so the peer has taken part. */
		for (k = 0; k < 100;) {
			if (jailhouse_ring_poll(&r->pair.end[0]) == JAILHOUSE_RING_UP &&
			    jailhouse_ring_send(&r->pair.end[0], message, sizeof(message)))
				k++;
			else
				sched_yield();
			jailhouse_ring_publish(&r->pair.end[0]);
		}
	}
	__atomic_store_n(&r->stop, 1, __ATOMIC_RELEASE);
	return NULL;
}

static void restarts_are_seen_by_a_peer_that_never_stops(void **state)
{
	unsigned char message[64];
	struct restarts r = {0};
	uint32_t length, messages = 0;
	int newest = -1;
	pthread_t thread;

	(void)state;
	ring_pair_new(&r.pair, BYTES);
	assert_int_equal(pthread_create(&thread, NULL, restart_again_and_again, &r), 0);
	while (!__atomic_load_n(&r.stop, __ATOMIC_ACQUIRE)) {
		assert_int_not_equal(jailhouse_ring_poll(&r.pair.end[1]), JAILHOUSE_RING_BROKEN);
		if (jailhouse_ring_receive(&r.pair.end[1], message, sizeof(message), &length) != 1) {
			sched_yield();
			continue;
		}
		assert_int_equal(length, sizeof(message));
		assert_int_equal(message[0], message[63]);
		/* Nothing of an earlier life turns up in a later one. */
		assert_true(message[0] >= newest);
		newest = message[0];
		messages++;
		jailhouse_ring_release(&r.pair.end[1]);
	}
	pthread_join(thread, NULL);
	assert_true(messages >= 50 * 80);
	assert_true(r.pair.end[1].sessions >= 50);
	ring_pair_free(&r.pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_pass_in_order_between_threads_that_sleep),
		cmocka_unit_test(a_receiver_that_sleeps_for_each_batch_misses_none),
		cmocka_unit_test(restarts_are_seen_by_a_peer_that_never_stops),
	};

	return cmocka_run_group_tests_name("ring-threads", tests, NULL, NULL);
}
