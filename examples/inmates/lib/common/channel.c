/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Waiting at the rings of a channel. */
#include <channel.h>

/* What is waited for; of these FOR_ROOM has a number of bytes. */
enum reason { FOR_PEER, FOR_MESSAGE, FOR_ROOM, FOR_DRAIN };

static void kick(struct channel *channel, int wanted)
{
	if (wanted)
		ivshmem_ring(channel->link, channel->peer, 0);
}

const char *channel_open(struct channel *channel, const struct ivshmem *link, u32 peer)
{
	const struct ivshmem_layout *at = &link->at;
	u64 own, other;
	u32 bytes;

	if (peer >= at->peers || peer == at->id)
		return "peer";
	bytes = jailhouse_ring_locate(at->output_size, at->peers, at->id, peer, &own);
	if (!bytes || !jailhouse_ring_locate(at->output_size, at->peers, peer, at->id, &other))
		return "size of the output sections";
	channel->link = link;
	channel->peer = peer;
	channel->polls = false;
	jailhouse_ring_init(&channel->ring, (u8 *)ivshmem_output(link, at->id) + own,
			    (u8 *)ivshmem_output(link, peer) + other, bytes,
			    ivshmem_state(link, peer), (u32)clock_ns());
	ivshmem_set_state(link, JAILHOUSE_RING_STATE_READY);
	kick(channel, jailhouse_ring_wants_doorbell(&channel->ring));
	return NULL;
}

static bool is_up(struct channel *channel)
{
	u32 state = jailhouse_ring_poll(&channel->ring);

	kick(channel, jailhouse_ring_wants_doorbell(&channel->ring));
	return state == JAILHOUSE_RING_UP;
}

bool channel_is_up(struct channel *channel)
{
	return is_up(channel) && channel->ring.sessions == channel->session;
}

/* Events that come while interrupts are off are lost, so this looks once more after they are on. */
static bool may_sleep(struct channel *channel, enum reason reason, u32 bytes)
{
	ivshmem_arm(channel->link);
	switch (reason) {
	case FOR_MESSAGE:
		return jailhouse_ring_sleep_for_message(&channel->ring);
	case FOR_ROOM:
		return jailhouse_ring_sleep_for_room(&channel->ring, bytes);
	case FOR_DRAIN:
		return jailhouse_ring_sleep_until_drained(&channel->ring);
	default:
		return !is_up(channel) && channel->ring.state != JAILHOUSE_RING_BROKEN;
	}
}

static void wait(struct channel *channel, enum reason reason, u32 bytes)
{
	if (channel->polls && reason != FOR_PEER) {
		cpu_relax();
		return;
	}
	if (may_sleep(channel, reason, bytes))
		irq_wait();
	jailhouse_ring_awake_for_message(&channel->ring);
	jailhouse_ring_awake_for_room(&channel->ring);
}

bool channel_accept(struct channel *channel)
{
	bool up = is_up(channel);

	if (channel->ring.state == JAILHOUSE_RING_BROKEN) {
		printk("channel: peer %u broke the rules: fault %u, value 0x%x\n", channel->peer,
		       channel->ring.fault, channel->ring.fault_value);
		jailhouse_ring_reset(&channel->ring);
	}
	channel->session = channel->ring.sessions;
	return up;
}

void channel_connect(struct channel *channel)
{
	while (!channel_accept(channel))
		wait(channel, FOR_PEER, 0);
}

/* ---- sending ---- */

void channel_flush(struct channel *channel)
{
	kick(channel, jailhouse_ring_publish(&channel->ring));
}

void *channel_reserve(struct channel *channel, u32 length)
{
	void *place;

	if (length > jailhouse_ring_max_send(&channel->ring))
		return NULL;
	while (channel_is_up(channel)) {
		place = jailhouse_ring_reserve(&channel->ring, length);
		if (place)
			return place;
		channel_flush(channel);
		wait(channel, FOR_ROOM, length);
	}
	return NULL;
}

bool channel_send(struct channel *channel, const void *message, u32 length)
{
	void *place = channel_reserve(channel, length);

	if (!place)
		return false;
	memcpy(place, message, length);
	jailhouse_ring_commit(&channel->ring, length);
	channel_flush(channel);
	return true;
}

bool channel_drain(struct channel *channel)
{
	channel_flush(channel);
	while (channel_is_up(channel)) {
		if (jailhouse_ring_is_drained(&channel->ring))
			return true;
		wait(channel, FOR_DRAIN, 0);
	}
	return false;
}

/* ---- receiving ---- */

const void *channel_peek(struct channel *channel, u32 *ret_length)
{
	const void *place;

	while (channel_is_up(channel)) {
		place = jailhouse_ring_peek(&channel->ring, ret_length);
		if (place)
			return place;
		wait(channel, FOR_MESSAGE, 0);
	}
	return NULL;
}

void channel_release(struct channel *channel)
{
	kick(channel, jailhouse_ring_release(&channel->ring));
}
