/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One end of a message channel, see <jailhouse/ivshmem-channel.h>: all that is done in the shared
 * memory, for applications (through <jailhouse/ivshmem-peer.h>), inmates and any other software in
 * a cell. It needs a C compiler with GCC's __atomic builtins and memcpy(), and nothing else.
 *
 * A peer writes in its own output section only. What it finds in that of the other one may be
 * anything at any time: each number is read once, checked, and used as it was read. Own positions
 * are kept in struct jailhouse_ring and never read back.
 *
 * One thread at a time uses the sending functions of a ring, and one at a time the receiving ones.
 * jailhouse_ring_poll() belongs to neither: it may begin a new session, so no other call runs with
 * it.
 */
#ifndef JAILHOUSE_IVSHMEM_RING_H
#define JAILHOUSE_IVSHMEM_RING_H

#include <jailhouse/ivshmem-channel.h>

/* What jailhouse_ring_poll() returns: nobody is there; messages pass; the peer broke the rules */
#define JAILHOUSE_RING_DOWN   0
#define JAILHOUSE_RING_UP     1
#define JAILHOUSE_RING_BROKEN 2

/* jailhouse_ring.fault: what was wrong in the area of the peer; jailhouse_ring.fault_value: the
 * number there */
#define JAILHOUSE_RING_FAULT_NONE 0
#define JAILHOUSE_RING_FAULT_SIZE 1 /* size of its ring */
#define JAILHOUSE_RING_FAULT_TAIL 2 /* not a place in the ring, or behind what has not been read \
				     */
#define JAILHOUSE_RING_FAULT_HEAD 3 /* not a place in the ring, or ahead of what was sent */
#define JAILHOUSE_RING_FAULT_LENGTH \
	4 /* of a message: goes beyond the tail, or beyond what is permitted */

/**
 * struct jailhouse_ring - one end of a channel; private to the functions below
 *
 * All positions are offsets in a ring. What other software reads here: @state, @sessions (how often
 * messages could begin to pass), @fault and @fault_value.
 */
struct jailhouse_ring {
	struct jailhouse_ring_area *own;
	const struct jailhouse_ring_area *peer;
	const volatile __u32 *peer_state;
	__u32 state;
	__u32 sessions;
	__u32 fault;
	__u32 fault_value;
	__u32 epoch;
	__u32 peer_epoch; /* that has been accepted, or 0 */
	__u32 kick;       /* the peer has to look at the areas */

	/* sending */
	__u32 size;
	__u32 next;      /* behind what was committed */
	__u32 tail;      /* what the peer knows of it */
	__u32 peer_head; /* as it was last */
	__u32 reserved;  /* where the reserved message begins */
	__u32 skip;      /* bytes in front of it that are left out */
	__u32 write_seq;
	__u32 rung_read; /* the last sleep of the peer that was ended by a doorbell */

	/* receiving */
	__u32 peer_size;
	__u32 read;      /* behind what was peeked at */
	__u32 head;      /* what the peer knows of it */
	__u32 peer_tail; /* as it was last */
	__u32 read_seq;
	__u32 rung_write;
};

/* ---- details ---- */

JAILHOUSE_INLINE __u32 jailhouse_ring_distance(__u32 from, __u32 to, __u32 size)
{
	return to >= from ? to - from : to + size - from;
}

/* Bytes of a message in the ring; 0 if it is too long for any. */
JAILHOUSE_INLINE __u32 jailhouse_ring_bytes(__u32 length, __u32 size)
{
	__u32 limit = size / 2 & ~(__u32)(JAILHOUSE_RING_UNIT - 1);

	if (length > limit - JAILHOUSE_RING_HEAD)
		return 0;
	return JAILHOUSE_RING_HEAD +
	       ((length + JAILHOUSE_RING_UNIT - 1) & ~(__u32)(JAILHOUSE_RING_UNIT - 1));
}

JAILHOUSE_INLINE int jailhouse_ring_valid(__u32 place, __u32 size)
{
	return place < size && place % JAILHOUSE_RING_UNIT == 0;
}

JAILHOUSE_INLINE const __u8 *jailhouse_ring_peer_data(const struct jailhouse_ring *ring)
{
	return (const __u8 *)ring->peer + JAILHOUSE_RING_DATA;
}

JAILHOUSE_INLINE __u8 *jailhouse_ring_own_data(const struct jailhouse_ring *ring)
{
	return (__u8 *)ring->own + JAILHOUSE_RING_DATA;
}

/* Both rings are empty from now on, as far as this end is concerned. */
JAILHOUSE_INLINE void jailhouse_ring_empty(struct jailhouse_ring *ring)
{
	ring->next = ring->tail = ring->peer_head = ring->reserved = ring->skip = 0;
	ring->read = ring->head = ring->peer_tail = 0;
	ring->rung_read = ring->rung_write = 0;
	__atomic_store_n(&ring->own->tail, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&ring->own->head, 0, __ATOMIC_RELEASE);
}

/* A new life of this end: the peer sees that what it knows is void. */
JAILHOUSE_INLINE void jailhouse_ring_begin(struct jailhouse_ring *ring)
{
	__u32 remembered = __atomic_load_n(&ring->peer->echo, __ATOMIC_RELAXED);

	do
		ring->epoch++;
	while (ring->epoch == 0 || ring->epoch == remembered);
	ring->state = JAILHOUSE_RING_DOWN;
	ring->peer_epoch = 0;
	ring->kick = 1;
	__atomic_store_n(&ring->own->epoch, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&ring->own->echo, 0, __ATOMIC_RELEASE);
	jailhouse_ring_empty(ring);
	__atomic_store_n(&ring->own->read_sleep, ring->read_seq, __ATOMIC_RELAXED);
	__atomic_store_n(&ring->own->write_sleep, ring->write_seq, __ATOMIC_RELAXED);
	__atomic_store_n(&ring->own->epoch, ring->epoch, __ATOMIC_RELEASE);
}

JAILHOUSE_INLINE int jailhouse_ring_peer_is_here(const struct jailhouse_ring *ring)
{
	return !ring->peer_state || __atomic_load_n(ring->peer_state, __ATOMIC_ACQUIRE) != 0;
}

/*
 * Is it still the one that was accepted, and does it still know this end? Who starts anew clears
 * the epoch first, so what was read before a yes belongs to the session.
 */
JAILHOUSE_INLINE int jailhouse_ring_same_peer(const struct jailhouse_ring *ring)
{
	return __atomic_load_n(&ring->peer->epoch, __ATOMIC_ACQUIRE) == ring->peer_epoch &&
	       __atomic_load_n(&ring->peer->echo, __ATOMIC_ACQUIRE) == ring->epoch;
}

JAILHOUSE_INLINE int jailhouse_ring_in_session(const struct jailhouse_ring *ring)
{
	return jailhouse_ring_peer_is_here(ring) && jailhouse_ring_same_peer(ring);
}

/* A peer that starts anew is no liar: the next poll() sees that it did. */
JAILHOUSE_INLINE void jailhouse_ring_fail(struct jailhouse_ring *ring, __u32 fault, __u32 value)
{
	if (!jailhouse_ring_same_peer(ring))
		return;
	ring->state = JAILHOUSE_RING_BROKEN;
	ring->fault = fault;
	ring->fault_value = value;
}

/* ---- both directions ---- */

/**
 * jailhouse_ring_init() - set up one end
 * @ring: the end
 * @own: own area, aligned to 64 bytes
 * @peer: area that the peer writes for this end, of the same size
 * @bytes: size of each, from jailhouse_ring_locate()
 * @peer_state: entry of the peer in the state table, or NULL: it counts as present always
 * @seed: best a number that was not used before, such as a time
 *
 * The State register is then to be set to JAILHOUSE_RING_STATE_READY by the caller.
 */
JAILHOUSE_INLINE void jailhouse_ring_init(struct jailhouse_ring *ring, void *own, const void *peer,
					  __u32 bytes, const volatile __u32 *peer_state, __u32 seed)
{
	__builtin_memset(ring, 0, sizeof(*ring));
	ring->own = (struct jailhouse_ring_area *)own;
	ring->peer = (const struct jailhouse_ring_area *)peer;
	ring->peer_state = peer_state;
	ring->size = (bytes - JAILHOUSE_RING_DATA) & ~(__u32)(JAILHOUSE_RING_UNIT - 1);
	/* Not the one of the life before, if it left one. */
	ring->epoch = __atomic_load_n(&ring->own->epoch, __ATOMIC_RELAXED) + (seed & 0x7fffffff);
	__atomic_store_n(&ring->own->epoch, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&ring->own->size, ring->size, __ATOMIC_RELEASE);
	__atomic_store_n(&ring->own->version, JAILHOUSE_RING_VERSION, __ATOMIC_RELAXED);
	__atomic_store_n(&ring->own->reserved, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&ring->own->magic, JAILHOUSE_RING_MAGIC, __ATOMIC_RELAXED);
	jailhouse_ring_begin(ring);
}

/* Ends the session, if there is one, and begins anew; also after the peer has broken the rules. */
JAILHOUSE_INLINE void jailhouse_ring_reset(struct jailhouse_ring *ring)
{
	ring->fault = JAILHOUSE_RING_FAULT_NONE;
	jailhouse_ring_begin(ring);
}

/* Before the memory is no longer looked at: the peer sees that nobody is there. */
JAILHOUSE_INLINE void jailhouse_ring_end(struct jailhouse_ring *ring)
{
	ring->state = JAILHOUSE_RING_DOWN;
	__atomic_store_n(&ring->own->epoch, 0, __ATOMIC_RELEASE);
}

/* The peer has an area: makes this end ready for it, once for each epoch. */
JAILHOUSE_INLINE void jailhouse_ring_accept(struct jailhouse_ring *ring, __u32 epoch)
{
	__u32 size = __atomic_load_n(&ring->peer->size, __ATOMIC_RELAXED);

	if (size < JAILHOUSE_RING_MIN_BYTES - JAILHOUSE_RING_DATA || size > ring->size ||
	    size % JAILHOUSE_RING_UNIT != 0) {
		ring->state = JAILHOUSE_RING_BROKEN;
		ring->fault = JAILHOUSE_RING_FAULT_SIZE;
		ring->fault_value = size;
		return;
	}
	jailhouse_ring_empty(ring);
	ring->peer_size = size;
	ring->peer_epoch = epoch;
	ring->kick = 1;
	__atomic_store_n(&ring->own->echo, epoch, __ATOMIC_RELEASE);
}

JAILHOUSE_INLINE void jailhouse_ring_shake_hands(struct jailhouse_ring *ring)
{
	__u32 epoch = __atomic_load_n(&ring->peer->epoch, __ATOMIC_ACQUIRE);

	if (epoch == 0 ||
	    __atomic_load_n(&ring->peer->magic, __ATOMIC_RELAXED) != JAILHOUSE_RING_MAGIC ||
	    __atomic_load_n(&ring->peer->version, __ATOMIC_RELAXED) != JAILHOUSE_RING_VERSION)
		return;
	if (epoch != ring->peer_epoch)
		jailhouse_ring_accept(ring, epoch);
	if (ring->state == JAILHOUSE_RING_DOWN && jailhouse_ring_same_peer(ring)) {
		ring->state = JAILHOUSE_RING_UP;
		ring->sessions++;
	}
}

/**
 * jailhouse_ring_poll() - look whether the peer came, went or started anew
 * @ring: the end
 *
 * Call it before sending or receiving, each time; it costs little. When a session ends, messages
 * that were not received are lost, as is what was reserved or peeked at. Afterwards ask
 * jailhouse_ring_wants_doorbell().
 *
 * Returns JAILHOUSE_RING_DOWN, _UP or _BROKEN (until jailhouse_ring_reset()).
 */
JAILHOUSE_INLINE __u32 jailhouse_ring_poll(struct jailhouse_ring *ring)
{
	if (ring->state == JAILHOUSE_RING_UP && !jailhouse_ring_in_session(ring))
		jailhouse_ring_begin(ring);
	if (ring->state == JAILHOUSE_RING_DOWN && jailhouse_ring_peer_is_here(ring))
		jailhouse_ring_shake_hands(ring);
	return ring->state;
}

/* Is the peer to be told that a session begins or ends? True once: then ring the doorbell. */
JAILHOUSE_INLINE int jailhouse_ring_wants_doorbell(struct jailhouse_ring *ring)
{
	int kick = ring->kick != 0;

	ring->kick = 0;
	return kick;
}

/* ---- sending ---- */

/* Longest message that can be sent. */
JAILHOUSE_INLINE __u32 jailhouse_ring_max_send(const struct jailhouse_ring *ring)
{
	return (ring->size / 2 & ~(__u32)(JAILHOUSE_RING_UNIT - 1)) - JAILHOUSE_RING_HEAD;
}

JAILHOUSE_INLINE __u32 jailhouse_ring_room(const struct jailhouse_ring *ring)
{
	return ring->size - JAILHOUSE_RING_UNIT -
	       jailhouse_ring_distance(ring->peer_head, ring->next, ring->size);
}

/* How far has the peer read? Only what was sent can have been. */
JAILHOUSE_INLINE int jailhouse_ring_look_at_head(struct jailhouse_ring *ring)
{
	__u32 head = __atomic_load_n(&ring->peer->head, __ATOMIC_SEQ_CST);

	if (!jailhouse_ring_valid(head, ring->size) ||
	    jailhouse_ring_distance(ring->peer_head, head, ring->size) >
		    jailhouse_ring_distance(ring->peer_head, ring->tail, ring->size)) {
		jailhouse_ring_fail(ring, JAILHOUSE_RING_FAULT_HEAD, head);
		return 0;
	}
	if (!jailhouse_ring_same_peer(ring))
		return 0;
	ring->peer_head = head;
	return 1;
}

/* Free bytes that a message of that size in the ring takes where the next one goes. */
JAILHOUSE_INLINE __u32 jailhouse_ring_need(const struct jailhouse_ring *ring, __u32 bytes)
{
	__u32 to_end = ring->size - ring->next;

	return bytes > to_end ? to_end + bytes : bytes;
}

/**
 * jailhouse_ring_reserve() - room for a message, to be written in place
 * @ring: the end, in state JAILHOUSE_RING_UP
 * @length: bytes
 *
 * A second call without jailhouse_ring_commit() replaces the first one.
 *
 * Returns its place, aligned to JAILHOUSE_RING_UNIT bytes, or NULL: there is no room at present,
 * @length is more than jailhouse_ring_max_send(), or the ring is not up.
 */
JAILHOUSE_INLINE void *jailhouse_ring_reserve(struct jailhouse_ring *ring, __u32 length)
{
	__u32 bytes = jailhouse_ring_bytes(length, ring->size), need;

	if (ring->state != JAILHOUSE_RING_UP || bytes == 0)
		return (void *)0;
	need = jailhouse_ring_need(ring, bytes);
	if (jailhouse_ring_room(ring) < need &&
	    (!jailhouse_ring_look_at_head(ring) || jailhouse_ring_room(ring) < need))
		return (void *)0;
	ring->skip = need - bytes;
	ring->reserved = ring->skip ? 0 : ring->next;
	return jailhouse_ring_own_data(ring) + ring->reserved + JAILHOUSE_RING_HEAD;
}

JAILHOUSE_INLINE void jailhouse_ring_put_length(struct jailhouse_ring *ring, __u32 place,
						__u32 length)
{
	__atomic_store_n((__u32 *)(void *)(jailhouse_ring_own_data(ring) + place), length,
			 __ATOMIC_RELAXED);
}

/*
 * The reserved message is complete; its length may be less than what was reserved. The peer sees it
 * after jailhouse_ring_publish().
 */
JAILHOUSE_INLINE void jailhouse_ring_commit(struct jailhouse_ring *ring, __u32 length)
{
	if (ring->skip)
		jailhouse_ring_put_length(ring, ring->next, JAILHOUSE_RING_SKIP);
	ring->skip = 0;
	jailhouse_ring_put_length(ring, ring->reserved, length);
	ring->next = ring->reserved + jailhouse_ring_bytes(length, ring->size);
	if (ring->next == ring->size)
		ring->next = 0;
}

/* Does the peer sleep, and was it not told yet? */
JAILHOUSE_INLINE int jailhouse_ring_sleeps(const __u32 *sleep, __u32 *rung)
{
	__u32 seq = __atomic_load_n(sleep, __ATOMIC_SEQ_CST);

	if (!(seq & 1) || seq == *rung)
		return 0;
	*rung = seq;
	return 1;
}

/* Shows all committed messages to the peer. Returns 1 if it sleeps: then ring its doorbell. */
JAILHOUSE_INLINE int jailhouse_ring_publish(struct jailhouse_ring *ring)
{
	if (ring->next == ring->tail || ring->state != JAILHOUSE_RING_UP)
		return 0;
	ring->tail = ring->next;
	__atomic_store_n(&ring->own->tail, ring->tail, __ATOMIC_SEQ_CST);
	return jailhouse_ring_sleeps(&ring->peer->read_sleep, &ring->rung_read);
}

/* Copies a message into the ring and commits it. Returns 1, or 0 as jailhouse_ring_reserve(). */
JAILHOUSE_INLINE int jailhouse_ring_send(struct jailhouse_ring *ring, const void *message,
					 __u32 length)
{
	void *place = jailhouse_ring_reserve(ring, length);

	if (!place)
		return 0;
	if (length)
		__builtin_memcpy(place, message, length);
	jailhouse_ring_commit(ring, length);
	return 1;
}

JAILHOUSE_INLINE int jailhouse_ring_sleep_for_bytes(struct jailhouse_ring *ring, __u32 need)
{
	ring->write_seq = (ring->write_seq + 2) | 1;
	__atomic_store_n(&ring->own->write_need, need, __ATOMIC_RELAXED);
	__atomic_store_n(&ring->own->write_sleep, ring->write_seq, __ATOMIC_SEQ_CST);
	return jailhouse_ring_look_at_head(ring) && jailhouse_ring_room(ring) < need &&
	       jailhouse_ring_in_session(ring);
}

/**
 * jailhouse_ring_sleep_for_room() - announce that this end will sleep until a message fits
 * @ring: the end
 * @length: bytes of the message
 *
 * Interrupts of the device are enabled before, so that no doorbell is lost. After the sleep, or if
 * there is none: jailhouse_ring_awake_for_room().
 *
 * Returns 1: sleep now; 0: there is something to do, do not sleep.
 */
JAILHOUSE_INLINE int jailhouse_ring_sleep_for_room(struct jailhouse_ring *ring, __u32 length)
{
	return jailhouse_ring_sleep_for_bytes(
		ring, jailhouse_ring_need(ring, jailhouse_ring_bytes(length, ring->size)));
}

/* Has the peer taken all that was published? */
JAILHOUSE_INLINE int jailhouse_ring_is_drained(struct jailhouse_ring *ring)
{
	return ring->state == JAILHOUSE_RING_UP && jailhouse_ring_look_at_head(ring) &&
	       ring->peer_head == ring->tail;
}

/* As jailhouse_ring_sleep_for_room(), until that is so. */
JAILHOUSE_INLINE int jailhouse_ring_sleep_until_drained(struct jailhouse_ring *ring)
{
	return jailhouse_ring_sleep_for_bytes(ring, ring->size - JAILHOUSE_RING_UNIT);
}

JAILHOUSE_INLINE void jailhouse_ring_awake_for_room(struct jailhouse_ring *ring)
{
	ring->write_seq &= ~1U;
	__atomic_store_n(&ring->own->write_sleep, ring->write_seq, __ATOMIC_RELAXED);
}

/* ---- receiving ---- */

/* How far has the peer written? Never into what has not been given back. */
JAILHOUSE_INLINE int jailhouse_ring_look_at_tail(struct jailhouse_ring *ring)
{
	__u32 tail = __atomic_load_n(&ring->peer->tail, __ATOMIC_SEQ_CST);

	if (!jailhouse_ring_valid(tail, ring->peer_size) ||
	    jailhouse_ring_distance(ring->head, tail, ring->peer_size) <
		    jailhouse_ring_distance(ring->head, ring->peer_tail, ring->peer_size)) {
		jailhouse_ring_fail(ring, JAILHOUSE_RING_FAULT_TAIL, tail);
		return 0;
	}
	if (tail == ring->read || !jailhouse_ring_same_peer(ring))
		return 0;
	ring->peer_tail = tail;
	return 1;
}

/* Is there a message, as far as can be said without taking it? */
JAILHOUSE_INLINE int jailhouse_ring_is_readable(struct jailhouse_ring *ring)
{
	return ring->state == JAILHOUSE_RING_UP &&
	       (ring->read != ring->peer_tail || jailhouse_ring_look_at_tail(ring));
}

/* The length at a place. It is read once; what the peer writes there later plays no part. */
JAILHOUSE_INLINE __u32 jailhouse_ring_get_length(const struct jailhouse_ring *ring, __u32 place)
{
	return __atomic_load_n(
		(const __u32 *)(const void *)(jailhouse_ring_peer_data(ring) + place),
		__ATOMIC_RELAXED);
}

/**
 * jailhouse_ring_peek() - the next message, where it is
 * @ring: the end, in state JAILHOUSE_RING_UP
 * @ret_length: its length
 *
 * Each call gives one more message; they may be used until jailhouse_ring_release(). A hostile peer
 * can change the bytes meanwhile: copy what is checked before it is checked.
 *
 * Returns its place, aligned to JAILHOUSE_RING_UNIT bytes, or NULL: there is none at present, or
 * the ring is not up.
 */
JAILHOUSE_INLINE const void *jailhouse_ring_peek(struct jailhouse_ring *ring, __u32 *ret_length)
{
	__u32 place = ring->read, length, bytes, avail;

	if (!jailhouse_ring_is_readable(ring))
		return (const void *)0;
	length = jailhouse_ring_get_length(ring, place);
	if (length == JAILHOUSE_RING_SKIP && ring->peer_tail < place) {
		place = 0;
		if (ring->peer_tail == 0) {
			jailhouse_ring_fail(ring, JAILHOUSE_RING_FAULT_LENGTH, length);
			return (const void *)0;
		}
		length = jailhouse_ring_get_length(ring, place);
	}
	bytes = jailhouse_ring_bytes(length, ring->peer_size);
	avail = ring->peer_tail > place ? ring->peer_tail - place : ring->peer_size - place;
	if (bytes == 0 || bytes > avail) {
		jailhouse_ring_fail(ring, JAILHOUSE_RING_FAULT_LENGTH, length);
		return (const void *)0;
	}
	/* Else these may be the zeros of a peer that is reset. */
	if (!jailhouse_ring_same_peer(ring))
		return (const void *)0;
	ring->read = place + bytes == ring->peer_size ? 0 : place + bytes;
	*ret_length = length;
	return jailhouse_ring_peer_data(ring) + place + JAILHOUSE_RING_HEAD;
}

/**
 * jailhouse_ring_receive() - copy the next message
 * @ring: the end
 * @buffer: where to
 * @size: bytes there
 * @ret_length: length of the message
 *
 * Give the room back by jailhouse_ring_release(), at once or after some messages.
 *
 * Returns 1, 0 as jailhouse_ring_peek(), or -1: @size is less than @ret_length, and the message
 * stays.
 */
JAILHOUSE_INLINE int jailhouse_ring_receive(struct jailhouse_ring *ring, void *buffer, __u32 size,
					    __u32 *ret_length)
{
	__u32 before = ring->read, length;
	const void *place = jailhouse_ring_peek(ring, &length);

	if (!place)
		return 0;
	*ret_length = length;
	if (length > size) {
		ring->read = before;
		return -1;
	}
	if (length)
		__builtin_memcpy(buffer, place, length);
	return jailhouse_ring_same_peer(ring);
}

/* Gives back all messages that were peeked at. Returns 1 if the peer waits for room: then ring its
 * doorbell. */
JAILHOUSE_INLINE int jailhouse_ring_release(struct jailhouse_ring *ring)
{
	__u32 used, need;

	if (ring->head == ring->read || ring->state != JAILHOUSE_RING_UP)
		return 0;
	ring->head = ring->read;
	__atomic_store_n(&ring->own->head, ring->head, __ATOMIC_SEQ_CST);
	if (!(__atomic_load_n(&ring->peer->write_sleep, __ATOMIC_SEQ_CST) & 1))
		return 0;
	used = jailhouse_ring_distance(ring->head, ring->peer_tail, ring->peer_size);
	need = __atomic_load_n(&ring->peer->write_need, __ATOMIC_RELAXED);
	return ring->peer_size - JAILHOUSE_RING_UNIT - used >= need &&
	       jailhouse_ring_sleeps(&ring->peer->write_sleep, &ring->rung_write);
}

/*
 * As jailhouse_ring_sleep_for_room(), until there is a message. After the sleep, or if there is
 * none: jailhouse_ring_awake_for_message().
 */
JAILHOUSE_INLINE int jailhouse_ring_sleep_for_message(struct jailhouse_ring *ring)
{
	ring->read_seq = (ring->read_seq + 2) | 1;
	__atomic_store_n(&ring->own->read_sleep, ring->read_seq, __ATOMIC_SEQ_CST);
	return !jailhouse_ring_is_readable(ring) && ring->state == JAILHOUSE_RING_UP &&
	       jailhouse_ring_in_session(ring);
}

JAILHOUSE_INLINE void jailhouse_ring_awake_for_message(struct jailhouse_ring *ring)
{
	ring->read_seq &= ~1U;
	__atomic_store_n(&ring->own->read_sleep, ring->read_seq, __ATOMIC_RELAXED);
}

#endif /* !JAILHOUSE_IVSHMEM_RING_H */
