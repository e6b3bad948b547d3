/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Sends each message back. Parameters: see channel-demo.h */
#include "channel-demo.h"

#define NAME  "channel-echo"
#define BATCH 16 /* messages that are shown to the peer at once, if it is so far ahead */

/* Return: messages that were sent back, 0: the session is over */
static u32 echo_batch(struct channel *channel)
{
	u32 length, count = 0;
	const void *message = channel_peek(channel, &length);
	void *place;

	while (message) {
		place = channel_reserve(channel, length);
		if (!place)
			return 0;
		memcpy(place, message, length);
		jailhouse_ring_commit(&channel->ring, length);
		if (++count == BATCH)
			break;
		message = jailhouse_ring_peek(&channel->ring, &length);
	}
	channel_release(channel);
	channel_flush(channel);
	return count;
}

void inmate_main(void)
{
	struct channel channel;
	u32 count, batch;

	channel_demo_open(&channel, NAME);
	for (;;) {
		channel_connect(&channel);
		printk(NAME ": peer %u is there\n", channel.peer);
		count = 0;
		while ((batch = echo_batch(&channel)) != 0)
			count += batch;
		printk(NAME ": peer %u has left, after %u messages\n", channel.peer, count);
	}
}
