/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Messages to and from another cell over an IVSHMEM device: docs/ivshmem-channel.md. What is done
 * in the shared memory is <jailhouse/ivshmem-ring.h>, the same as in libjailhouse; here is the
 * waiting. Interrupts of the CPU stay off but while it sleeps.
 */
#ifndef INMATE_CHANNEL_H
#define INMATE_CHANNEL_H

#include <ivshmem.h>
#include <jailhouse/ivshmem-ring.h>

/**
 * struct channel - a channel to one peer
 * @link: the device
 * @peer: id of the peer
 * @polls: it never sleeps while messages pass, so that the peer needs no doorbell
 * @session: the session that is in use
 * @ring: the rings, for what needs no waiting
 */
struct channel {
	const struct ivshmem *link;
	u32 peer;
	bool polls;
	u32 session;
	struct jailhouse_ring ring;
};

/**
 * channel_open() - begin a channel
 * @channel: it; @polls is false
 * @link: device, open and with its interrupts
 * @peer: id of the peer, which need not be there yet
 *
 * Return: NULL, or the name of what is wrong: "peer", "size of the output sections"
 */
const char *channel_open(struct channel *channel, const struct ivshmem *link, u32 peer);

/**
 * channel_accept() - take the session that there is; does not wait
 *
 * A peer that has broken the rules gets a new chance, and this is told on the console. Return:
 * whether there is one
 */
bool channel_accept(struct channel *channel);
/** channel_connect() - wait for the peer, and take the session */
void channel_connect(struct channel *channel);
/** channel_is_up() - is the session still the one that was taken? Does not wait */
bool channel_is_up(struct channel *channel);

/**
 * channel_reserve() - wait for room for a message, which is then written in place
 * @length: its bytes, at most jailhouse_ring_max_send()
 *
 * What was committed is shown to the peer if it has to be waited for. Return: the place, or NULL:
 * the session is over.
 */
void *channel_reserve(struct channel *channel, u32 length);
/** channel_flush() - show all messages of jailhouse_ring_commit() to the peer, and wake it if it
 * sleeps */
void channel_flush(struct channel *channel);
/** channel_send() - send a copy at once. Return: false: the session is over */
bool channel_send(struct channel *channel, const void *message, u32 length);
/** channel_drain() - wait until the peer has all messages. Return: false: the session is over */
bool channel_drain(struct channel *channel);

/**
 * channel_peek() - wait for the next message, where it is
 * @ret_length: its length
 *
 * It, and all before it, may be used until channel_release(); the peer can change it. Return: NULL:
 * the session is over
 */
const void *channel_peek(struct channel *channel, u32 *ret_length);
/** channel_release() - give the room of all peeked messages back, and wake the peer if it waits for
 * it */
void channel_release(struct channel *channel);

#endif /* !INMATE_CHANNEL_H */
