/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The last events, in order, and how a reader goes through them. The simulation and the tests use the same; whoever
 * includes this has memset() and brings a lock for the ring and the positions in it.
 */
#ifndef JH_EVENT_RING_H
#define JH_EVENT_RING_H

#include <jailhouse/ioctl.h>

#define JH_RING_EVENTS 256

/* All zero: empty. */
struct jh_event_ring {
	__u64 pushed; /* events ever; the number of the last one */
	struct jailhouse_ioc_event event[JH_RING_EVENTS]; /* number n is at n % JH_RING_EVENTS */
};

/* Adds an event, which may cost the oldest one. To be filled in by the caller. */
static inline struct jailhouse_ioc_event *jh_ring_push(struct jh_event_ring *ring, __u32 type, __u64 time)
{
	__u64 seq = ++ring->pushed;
	struct jailhouse_ioc_event *event = &ring->event[seq % JH_RING_EVENTS];

	memset(event, 0, sizeof(*event));
	event->type = type;
	event->seq = seq;
	event->time = time;
	return event;
}

/*
 * The first event behind a position, which is the number of the last one that a reader knows. Returns the position
 * behind it, or @position if there is none. What is gone already is one event that says so.
 */
static inline __u64 jh_ring_peek(const struct jh_event_ring *ring, __u64 position,
				 struct jailhouse_ioc_event *event)
{
	__u64 oldest = ring->pushed < JH_RING_EVENTS ? 1 : ring->pushed - JH_RING_EVENTS + 1;

	if (position >= ring->pushed)
		return position;
	if (position + 1 >= oldest) {
		*event = ring->event[(position + 1) % JH_RING_EVENTS];
		return position + 1;
	}
	memset(event, 0, sizeof(*event));
	event->type = JAILHOUSE_EVENT_LOST;
	event->seq = position + 1;
	event->time = ring->event[oldest % JH_RING_EVENTS].time;
	event->lost = oldest - 1 - position;
	return oldest - 1;
}

#endif /* !JH_EVENT_RING_H */
