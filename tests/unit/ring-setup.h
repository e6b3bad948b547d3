/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Both ends of a channel on memory of the process. */
#ifndef TESTS_RING_SETUP_H
#define TESTS_RING_SETUP_H

#include <stdlib.h>
#include <string.h>

#include <jailhouse/ivshmem-ring.h>

#include "unit.h"

struct ring_pair {
	uint32_t bytes;
	unsigned char *area[2]; /* that end 0 writes, that end 1 writes */
	uint32_t state[2];
	struct jailhouse_ring end[2];
};

static inline void ring_pair_start(struct ring_pair *pair, unsigned int end, uint32_t seed)
{
	jailhouse_ring_init(&pair->end[end], pair->area[end], pair->area[!end], pair->bytes,
			    &pair->state[!end], seed);
	__atomic_store_n(&pair->state[end], JAILHOUSE_RING_STATE_READY, __ATOMIC_RELEASE);
}

/* On the heap with their exact sizes, so that the sanitizer sees each byte too many. */
static inline void ring_pair_new(struct ring_pair *pair, uint32_t bytes)
{
	unsigned int n;

	memset(pair, 0, sizeof(*pair));
	pair->bytes = bytes;
	for (n = 0; n < 2; n++) {
		pair->area[n] = aligned_alloc(64, bytes);
		assert_non_null(pair->area[n]);
		memset(pair->area[n], 0, bytes);
	}
	ring_pair_start(pair, 0, 1);
	ring_pair_start(pair, 1, 1);
}

static inline void ring_pair_free(struct ring_pair *pair)
{
	free(pair->area[0]);
	free(pair->area[1]);
}

/* Until both say that messages pass. */
static inline void ring_pair_connect(struct ring_pair *pair)
{
	unsigned int n;

	for (n = 0; n < 4; n++)
		jailhouse_ring_poll(&pair->end[n % 2]);
	assert_int_equal(pair->end[0].state, JAILHOUSE_RING_UP);
	assert_int_equal(pair->end[1].state, JAILHOUSE_RING_UP);
	for (n = 0; n < 2; n++)
		jailhouse_ring_wants_doorbell(&pair->end[n]);
}

static inline struct jailhouse_ring_area *ring_area(struct ring_pair *pair, unsigned int end)
{
	return (struct jailhouse_ring_area *)(void *)pair->area[end];
}

/* Of the ends that most tests use */
#define RING_BYTES (JAILHOUSE_RING_DATA + RING_SIZE)
#define RING_SIZE  (32 * JAILHOUSE_RING_UNIT)

static inline void ring_put(struct jailhouse_ring *ring, uint32_t length, unsigned char fill)
{
	unsigned char message[RING_SIZE];

	memset(message, fill, sizeof(message));
	assert_int_equal(jailhouse_ring_send(ring, message, length), 1);
}

static inline void ring_expect(struct jailhouse_ring *ring, uint32_t length, unsigned char fill)
{
	unsigned char message[RING_SIZE], expected[RING_SIZE];
	uint32_t got = 12345;

	memset(expected, fill, sizeof(expected));
	assert_int_equal(jailhouse_ring_receive(ring, message, sizeof(message), &got), 1);
	assert_int_equal(got, length);
	assert_memory_equal(message, expected, length);
}

static inline void ring_expect_nothing(struct jailhouse_ring *ring)
{
	unsigned char message[RING_SIZE];
	uint32_t got;

	assert_int_equal(jailhouse_ring_receive(ring, message, sizeof(message), &got), 0);
}

static inline void ring_pair_setup(struct ring_pair *pair)
{
	ring_pair_new(pair, RING_BYTES);
	ring_pair_connect(pair);
}

#endif /* !TESTS_RING_SETUP_H */
