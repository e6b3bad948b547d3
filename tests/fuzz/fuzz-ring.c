// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * libFuzzer target: a channel whose peer writes what it likes. Each step is a byte that says what
 * happens, with a number behind it: the peer stores it somewhere, or this end calls a function.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/ivshmem-ring.h>

#define RING  (6 * JAILHOUSE_RING_UNIT)
#define BYTES (JAILHOUSE_RING_DATA + RING)

#define CHECK(condition)          \
	do {                      \
		if (!(condition)) \
			abort();  \
	} while (0)

struct channel {
	struct jailhouse_ring ring;
	unsigned char *own, *peer;
	uint32_t peer_state;
};

/* The words that matter, and the ring. */
static void peer_stores(struct channel *c, unsigned int where, uint32_t value)
{
	static const unsigned short words[] = {8, 12, 16, 128, 256, 384, 388, 392};
	size_t offset =
		where < 8 ? words[where]
			  : JAILHOUSE_RING_DATA + (where - 8) * JAILHOUSE_RING_UNIT / 2 % RING;

	memcpy(c->peer + offset, &value, sizeof(value));
}

/* What an honest peer would say, so that sessions come about. */
static void peer_answers(struct channel *c)
{
	peer_stores(c, 1, 77);
	peer_stores(c, 2, c->ring.epoch);
	c->peer_state = 1;
}

static void send_one(struct channel *c, uint32_t length)
{
	unsigned char *place = jailhouse_ring_reserve(&c->ring, length);

	if (!place)
		return;
	CHECK(place >= c->own + JAILHOUSE_RING_DATA && place + length <= c->own + BYTES);
	memset(place, 0x5a, length);
	jailhouse_ring_commit(&c->ring, length);
}

static void receive_one(struct channel *c)
{
	unsigned char copy[RING];
	uint32_t length;
	const unsigned char *place = jailhouse_ring_peek(&c->ring, &length);

	if (!place)
		return;
	CHECK(place >= c->peer + JAILHOUSE_RING_DATA && length <= RING / 2 - JAILHOUSE_RING_HEAD);
	CHECK(place + length <= c->peer + BYTES);
	memcpy(copy, place, length);
}

static void step(struct channel *c, unsigned int what, uint32_t value)
{
	unsigned char copy[64];
	uint32_t length;

	switch (what % 12) {
	case 0:
		jailhouse_ring_poll(&c->ring);
		break;
	case 1:
		peer_answers(c);
		break;
	case 2:
		send_one(c, value);
		break;
	case 3:
		jailhouse_ring_publish(&c->ring);
		break;
	case 4:
		receive_one(c);
		break;
	case 5:
		jailhouse_ring_release(&c->ring);
		break;
	case 6:
		CHECK(jailhouse_ring_receive(&c->ring, copy, sizeof(copy), &length) < 1 ||
		      length <= sizeof(copy));
		break;
	case 7:
		jailhouse_ring_sleep_for_room(&c->ring, value % RING);
		break;
	case 8:
		jailhouse_ring_sleep_for_message(&c->ring);
		break;
	case 9:
		c->peer_state = value;
		break;
	case 10:
		jailhouse_ring_reset(&c->ring);
		break;
	default:
		peer_stores(c, what / 12, value);
	}
	/* What is wrong is said, and stays so until the reset. */
	CHECK((c->ring.state == JAILHOUSE_RING_BROKEN) ==
	      (c->ring.fault != JAILHOUSE_RING_FAULT_NONE));
	CHECK(c->ring.next < RING && c->ring.read < RING);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct channel c = {.peer_state = 1};
	uint32_t value;
	size_t n;

	c.own = aligned_alloc(64, BYTES);
	c.peer = aligned_alloc(64, BYTES);
	CHECK(c.own && c.peer);
	memset(c.own, 0, BYTES);
	memset(c.peer, 0, BYTES);
	/* A head that an honest peer would have, with nothing behind it. */
	((struct jailhouse_ring_area *)(void *)c.peer)->magic = JAILHOUSE_RING_MAGIC;
	((struct jailhouse_ring_area *)(void *)c.peer)->version = JAILHOUSE_RING_VERSION;
	peer_stores(&c, 0, RING);
	jailhouse_ring_init(&c.ring, c.own, c.peer, BYTES, &c.peer_state, 0);
	for (n = 0; n + 3 <= size; n += 3) {
		value = data[n + 1] | (uint32_t)data[n + 2] << 8;
		step(&c, data[n], value >= 0xff00 ? value | 0xffff0000 : value);
	}
	free(c.own);
	free(c.peer);
	return 0;
}
