/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sends a message, waits until the peer has sent it back, and tells how long that takes. For a peer
 * that echoes.
 *
 * Parameters: see channel-demo.h, and size=BYTES, count=ROUNDS
 */
#include <bench.h>

#include "channel-demo.h"

#define NAME      "channel-pingpong"
#define MAX_COUNT 10000

static s64 times[MAX_COUNT];
static u32 size;

/* Return: false: the session is over, or what came back is not what was sent */
static bool play(struct channel *channel, u32 *message, u32 number)
{
	const void *answer;
	u32 length, n;
	u64 start;
	bool same;

	for (n = 0; n < size / sizeof(u32); n++)
		message[n] = channel_demo_word(number, n);
	start = clock_ns();
	if (!channel_send(channel, message, size))
		return false;
	answer = channel_peek(channel, &length);
	times[number] = clock_ns() - start;
	if (!answer)
		return false;
	same = length == size && memcmp(answer, message, size) == 0;
	channel_release(channel);
	if (!same)
		printk(NAME ": WRONG: round %u\n", number);
	return same;
}

void inmate_main(void)
{
	struct channel channel;
	u32 count, n;
	u32 *message;

	channel_demo_open(&channel, NAME);
	size = cmdline_parse_int("size", 64);
	count = cmdline_parse_int("count", 1000);
	if (count == 0 || count > MAX_COUNT)
		count = MAX_COUNT;
	if (size > jailhouse_ring_max_send(&channel.ring))
		size = jailhouse_ring_max_send(&channel.ring);
	message = zalloc(size + sizeof(u32), 16);
	do {
		channel_connect(&channel);
		for (n = 0; n < count && play(&channel, message, n); n++)
			;
		if (n < count)
			printk(NAME ": ended after %u rounds\n", n);
	} while (n < count);
	bench_sort(times, count);
	printk(NAME ": %u rounds of %u bytes, %s: min %llu, median %llu, max %llu ns\n", count,
	       size, channel.polls ? "polling" : "sleeping", (u64)times[0], (u64)times[count / 2],
	       (u64)times[count - 1]);
	channel_demo_end(&channel, NAME);
}
