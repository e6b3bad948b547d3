/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One way: sends messages as fast as they go, or takes and checks them, and tells how many bytes a
 * second that are. An empty message is the end.
 *
 * Parameters: see channel-demo.h, and take (a switch: this side receives), size=BYTES,
 * count=MESSAGES, batch=MESSAGES (that are shown to the peer at once)
 */
#include "channel-demo.h"

#define NAME "channel-throughput"

static u32 size, count, batch;

static void fill(u32 *place, u32 number)
{
	u32 n;

	for (n = 0; n < size / sizeof(u32); n++)
		place[n] = channel_demo_word(number, n);
}

/* Return: false: the session is over */
static bool give(struct channel *channel)
{
	u32 n, *place;

	for (n = 0; n < count; n++) {
		place = channel_reserve(channel, size);
		if (!place)
			return false;
		fill(place, n);
		jailhouse_ring_commit(&channel->ring, size);
		if ((n + 1) % batch == 0)
			channel_flush(channel);
	}
	return channel_send(channel, NULL, 0) && channel_drain(channel);
}

static bool is_right(const u32 *message, u32 length, u32 number)
{
	u32 n;

	for (n = 0; n < length / sizeof(u32); n++)
		if (message[n] != channel_demo_word(number, n))
			return false;
	return true;
}

/* What is looked at is a copy, as the peer could change the message. Return: false: the session is
 * over */
static bool take(struct channel *channel, u32 *copy)
{
	const void *message;
	u32 length, wrong = 0;

	size = 0;
	for (count = 0;; count++) {
		message = channel_peek(channel, &length);
		if (!message)
			return false;
		memcpy(copy, message, length);
		channel_release(channel);
		if (!length)
			break;
		size = length;
		wrong += !is_right(copy, length, count);
	}
	printk(NAME ": %u messages came, %u wrong\n", count, wrong);
	return true;
}

void inmate_main(void)
{
	bool takes = cmdline_parse_bool("take", false), whole;
	struct channel channel;
	u64 start, bytes, ns;
	u32 limit;
	u32 *copy;

	channel_demo_open(&channel, NAME);
	limit = jailhouse_ring_max_send(&channel.ring);
	size = cmdline_parse_int("size", 4096);
	if (size < sizeof(u32) || size > limit)
		size = limit;
	count = cmdline_parse_int("count", 1000);
	batch = cmdline_parse_int("batch", 1);
	if (!batch)
		batch = 1;
	copy = alloc(limit, 16);
	do {
		channel_connect(&channel);
		start = clock_ns();
		whole = takes ? take(&channel, copy) : give(&channel);
		if (!whole)
			printk(NAME ": the peer has left\n");
	} while (!whole);
	ns = clock_ns() - start;
	bytes = (u64)count * size;
	printk(NAME ": %u messages of %u bytes in %llu us: %llu KiB/s\n", count, size,
	       ns / NS_PER_USEC, bytes * 1000 / (ns / 1000 + 1) * 1000 / 1024);
	channel_demo_end(&channel, NAME);
}
