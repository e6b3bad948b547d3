/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Message channels on IVSHMEM devices: the rings of <jailhouse/ivshmem-ring.h>, and waiting. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <jailhouse/ivshmem-ring.h>

#include "ivshmem/device.h"

struct jailhouse_channel {
	struct jailhouse_ivshmem *device;
	uint32_t peer;
	uint32_t sessions; /* that the user knows of */
	bool up;	   /* so far as the user knows */
	uint32_t reserved;
	struct jailhouse_ring ring;
};

/* What is waited for */
enum direction { CONNECT, SEND, DRAIN, RECEIVE };

/* ---- open and close ---- */

static uint32_t seed(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint32_t)now.tv_nsec ^ (uint32_t)now.tv_sec << 20 ^ (uint32_t)getpid() << 8;
}

static int ring_doorbell(struct jailhouse_channel *channel, int wanted,
			 struct jailhouse_error *error)
{
	return wanted ? jailhouse_ivshmem_ring(channel->device, channel->peer, 0, error) : 0;
}

static int too_small(const struct jailhouse_ivshmem *device, uint32_t peer,
		     struct jailhouse_error *error)
{
	if (peer == device->id || peer >= device->max_peers)
		return jh_error_set(error, JAILHOUSE_ERR_ARGUMENT, 0,
				    "IVSHMEM device %s: there is no other peer %u; ids are below "
				    "%u, and the own one is %u",
				    device->name, peer, device->max_peers, device->id);
	return jh_error_set(error, JAILHOUSE_ERR_RESOURCES, 0,
			    "IVSHMEM device %s: output sections of %llu bytes are too small for "
			    "channels of %u peers",
			    device->name, (unsigned long long)device->output_size,
			    device->max_peers);
}

int jailhouse_channel_open(struct jailhouse_ivshmem *device, uint32_t peer,
			   struct jailhouse_channel **ret_channel, struct jailhouse_error *error)
{
	struct jailhouse_channel *channel;
	__u64 own, other;
	uint32_t bytes;
	int err;

	if (!device || !ret_channel)
		return jh_error_argument(error, "device or ret_channel is NULL");
	bytes = jailhouse_ring_locate(device->output_size, device->max_peers, device->id, peer,
				      &own);
	if (!bytes ||
	    !jailhouse_ring_locate(device->output_size, device->max_peers, peer, device->id, &other))
		return too_small(device, peer, error);
	channel = calloc(1, sizeof(*channel));
	if (!channel)
		return jh_error_no_memory(error);
	channel->device = device;
	channel->peer = peer;
	jailhouse_ring_init(&channel->ring, (char *)device->output.base + own,
			    (const char *)jailhouse_ivshmem_get_input(device, peer, NULL) + other,
			    bytes, (const uint32_t *)device->state_table.base + peer, seed());
	err = jailhouse_ivshmem_set_state(device, JAILHOUSE_RING_STATE_READY, error);
	if (!err)
		err = ring_doorbell(channel, jailhouse_ring_wants_doorbell(&channel->ring), error);
	if (err) {
		free(channel);
		return err;
	}
	*ret_channel = channel;
	return 0;
}

void jailhouse_channel_close(struct jailhouse_channel *channel)
{
	if (!channel)
		return;
	jailhouse_ring_end(&channel->ring);
	ring_doorbell(channel, 1, NULL);
	free(channel);
}

size_t jailhouse_channel_get_max_size(const struct jailhouse_channel *channel)
{
	return channel ? jailhouse_ring_max_send(&channel->ring) : 0;
}

/* ---- sessions ---- */

static int broken(const struct jailhouse_channel *channel, struct jailhouse_error *error)
{
	static const char *const what[] = {
		[JAILHOUSE_RING_FAULT_NONE] = "the channel",
		[JAILHOUSE_RING_FAULT_SIZE] = "the size of its ring",
		[JAILHOUSE_RING_FAULT_TAIL] = "its tail",
		[JAILHOUSE_RING_FAULT_HEAD] = "its head",
		[JAILHOUSE_RING_FAULT_LENGTH] = "the length of a message",
	};

	return jh_error_set(error, JAILHOUSE_ERR_PROTOCOL, 0,
			    "IVSHMEM device %s: peer %u broke the rules of the channel: %s is 0x%x",
			    channel->device->name, channel->peer, what[channel->ring.fault],
			    channel->ring.fault_value);
}

/* Returns 1 if messages pass, 0 if not, or the error to hand on; the end of a session is told once. */
static int settle(struct jailhouse_channel *channel, struct jailhouse_error *error)
{
	uint32_t state = jailhouse_ring_poll(&channel->ring);
	bool was_up = channel->up;
	int err = ring_doorbell(channel, jailhouse_ring_wants_doorbell(&channel->ring), error);

	if (err)
		return err;
	if (state == JAILHOUSE_RING_BROKEN)
		return broken(channel, error);
	channel->up = state == JAILHOUSE_RING_UP;
	if (was_up && (!channel->up || channel->sessions != channel->ring.sessions)) {
		channel->up = false;
		return jh_error_set(error, JAILHOUSE_ERR_PEER, 0,
				    "IVSHMEM device %s: peer %u went away or started anew",
				    channel->device->name, channel->peer);
	}
	channel->sessions = channel->ring.sessions;
	return channel->up;
}

int jailhouse_channel_reset(struct jailhouse_channel *channel, struct jailhouse_error *error)
{
	if (!channel)
		return jh_error_argument(error, "channel is NULL");
	jailhouse_ring_reset(&channel->ring);
	channel->up = false;
	return ring_doorbell(channel, jailhouse_ring_wants_doorbell(&channel->ring), error);
}

/* ---- waiting ---- */

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Looks again after the event is enabled and the peer knows. Returns 1 to sleep, 0 not to, or an error. */
static int may_sleep(struct jailhouse_channel *channel, enum direction direction, uint32_t size,
		     struct jailhouse_error *error)
{
	int ret = jailhouse_ivshmem_arm(channel->device, error);
	bool up = channel->up;

	if (ret < 0)
		return ret;
	/* Not up: the next step of the handshake, which is not to be told as an end. */
	if (!up || direction == CONNECT) {
		ret = settle(channel, error);
		return ret < 0 ? ret : !ret;
	}
	if (direction == DRAIN)
		return jailhouse_ring_sleep_until_drained(&channel->ring);
	return direction == SEND ? jailhouse_ring_sleep_for_room(&channel->ring, size)
				 : jailhouse_ring_sleep_for_message(&channel->ring);
}

static void awake(struct jailhouse_channel *channel)
{
	jailhouse_ring_awake_for_room(&channel->ring);
	jailhouse_ring_awake_for_message(&channel->ring);
}

/* Until something may have changed. Returns 1, 0 if the time is over, or an error. */
static int sleep_once(struct jailhouse_channel *channel, enum direction direction, uint32_t size,
		      int64_t end, struct jailhouse_error *error)
{
	int64_t left = end < 0 ? -1 : end - now_ms();
	int ret;

	if (end >= 0 && left <= 0)
		return 0;
	ret = may_sleep(channel, direction, size, error);
	if (ret > 0) {
		ret = jailhouse_ivshmem_wait(channel->device, (int)left, error);
		/* The time is over, but look once more. */
		ret = ret < 0 ? ret : 1;
	} else if (ret == 0) {
		ret = 1;
	}
	awake(channel);
	return ret;
}

/* What the functions below try: true if it is done. */
typedef bool (*try_func)(struct jailhouse_channel *channel, void *arg);

static int attempt(struct jailhouse_channel *channel, enum direction direction, uint32_t size,
		   int timeout_ms, try_func try, void *arg, struct jailhouse_error *error)
{
	int64_t end = -1;
	int ret;

	for (;;) {
		ret = settle(channel, error);
		if (ret < 0)
			return ret;
		if (ret && (!try || try(channel, arg)))
			return 1;
		if (channel->ring.state == JAILHOUSE_RING_BROKEN)
			return broken(channel, error);
		if (timeout_ms == 0)
			return 0;
		if (timeout_ms > 0 && end < 0)
			end = now_ms() + timeout_ms;
		ret = sleep_once(channel, direction, size, end, error);
		if (ret <= 0)
			return ret;
	}
}

int jailhouse_channel_connect(struct jailhouse_channel *channel, int timeout_ms,
			      struct jailhouse_error *error)
{
	if (!channel)
		return jh_error_argument(error, "channel is NULL");
	return attempt(channel, CONNECT, 0, timeout_ms, NULL, NULL, error);
}

/* ---- sending ---- */

struct reservation {
	uint32_t size;
	void *place;
};

/* Whoever waits for room lets the peer see what is in the way. */
static bool try_reserve(struct jailhouse_channel *channel, void *arg)
{
	struct reservation *r = arg;

	r->place = jailhouse_ring_reserve(&channel->ring, r->size);
	if (!r->place)
		ring_doorbell(channel, jailhouse_ring_publish(&channel->ring), NULL);
	return r->place;
}

int jailhouse_channel_reserve(struct jailhouse_channel *channel, size_t size, void **ret_place,
			      int timeout_ms, struct jailhouse_error *error)
{
	struct reservation r;
	int ret;

	if (!channel || !ret_place)
		return jh_error_argument(error, "channel or ret_place is NULL");
	if (size > jailhouse_ring_max_send(&channel->ring))
		return jh_error_set(error, JAILHOUSE_ERR_ARGUMENT, 0,
				    "a message of %zu bytes is too long for the channel: at most %u",
				    size, jailhouse_ring_max_send(&channel->ring));
	r.size = (uint32_t)size;
	channel->reserved = 0;
	ret = attempt(channel, SEND, r.size, timeout_ms, try_reserve, &r, error);
	if (ret > 0) {
		channel->reserved = r.size + 1;
		*ret_place = r.place;
	}
	return ret;
}

int jailhouse_channel_commit(struct jailhouse_channel *channel, size_t size,
			     struct jailhouse_error *error)
{
	if (!channel || size >= channel->reserved)
		return jh_error_argument(error, "channel is NULL, or less than size was reserved");
	jailhouse_ring_commit(&channel->ring, (uint32_t)size);
	channel->reserved = 0;
	return 0;
}

int jailhouse_channel_flush(struct jailhouse_channel *channel, struct jailhouse_error *error)
{
	if (!channel)
		return jh_error_argument(error, "channel is NULL");
	return ring_doorbell(channel, jailhouse_ring_publish(&channel->ring), error);
}

int jailhouse_channel_send(struct jailhouse_channel *channel, const void *data, size_t size,
			   int timeout_ms, struct jailhouse_error *error)
{
	void *place;
	int ret;

	if (!data && size)
		return jh_error_argument(error, "data is NULL");
	ret = jailhouse_channel_reserve(channel, size, &place, timeout_ms, error);
	if (ret <= 0)
		return ret;
	if (size)
		memcpy(place, data, size);
	jailhouse_channel_commit(channel, size, NULL);
	ret = jailhouse_channel_flush(channel, error);
	return ret ? ret : 1;
}

static bool try_drain(struct jailhouse_channel *channel, void *arg)
{
	(void)arg;
	return jailhouse_ring_is_drained(&channel->ring);
}

int jailhouse_channel_drain(struct jailhouse_channel *channel, int timeout_ms,
			    struct jailhouse_error *error)
{
	int err = jailhouse_channel_flush(channel, error);

	return err ? err : attempt(channel, DRAIN, 0, timeout_ms, try_drain, NULL, error);
}

/* ---- receiving ---- */

struct delivery {
	const void *place;
	void *buffer;
	size_t size;
	uint32_t length;
	int result;
};

static bool try_peek(struct jailhouse_channel *channel, void *arg)
{
	struct delivery *d = arg;

	d->place = jailhouse_ring_peek(&channel->ring, &d->length);
	return d->place;
}

static bool try_receive(struct jailhouse_channel *channel, void *arg)
{
	struct delivery *d = arg;

	d->result = jailhouse_ring_receive(&channel->ring, d->buffer,
					   d->size > UINT32_MAX ? UINT32_MAX : (uint32_t)d->size,
					   &d->length);
	return d->result;
}

int jailhouse_channel_peek(struct jailhouse_channel *channel, const void **ret_data,
			   size_t *ret_size, int timeout_ms, struct jailhouse_error *error)
{
	struct delivery d;
	int ret;

	if (!channel || !ret_data || !ret_size)
		return jh_error_argument(error, "channel, ret_data or ret_size is NULL");
	ret = attempt(channel, RECEIVE, 0, timeout_ms, try_peek, &d, error);
	if (ret > 0) {
		*ret_data = d.place;
		*ret_size = d.length;
	}
	return ret;
}

int jailhouse_channel_release(struct jailhouse_channel *channel, struct jailhouse_error *error)
{
	if (!channel)
		return jh_error_argument(error, "channel is NULL");
	return ring_doorbell(channel, jailhouse_ring_release(&channel->ring), error);
}

int jailhouse_channel_receive(struct jailhouse_channel *channel, void *buffer, size_t size,
			      size_t *ret_size, int timeout_ms, struct jailhouse_error *error)
{
	struct delivery d = {.buffer = buffer, .size = size};
	int ret;

	if (!channel || !ret_size || (!buffer && size))
		return jh_error_argument(error, "channel, buffer or ret_size is NULL");
	ret = attempt(channel, RECEIVE, 0, timeout_ms, try_receive, &d, error);
	if (ret <= 0)
		return ret;
	*ret_size = d.length;
	if (d.result < 0)
		return jh_error_set(error, JAILHOUSE_ERR_TOO_SMALL, 0,
				    "a message of %u bytes does not fit a buffer of %zu", d.length,
				    size);
	ret = jailhouse_channel_release(channel, error);
	return ret ? ret : 1;
}

/* ---- event loops ---- */

static uint32_t possible(struct jailhouse_channel *channel, uint32_t wanted, bool announce)
{
	uint32_t longest = jailhouse_ring_max_send(&channel->ring), can = 0;

	if (wanted & JAILHOUSE_CHANNEL_READ &&
	    (announce ? !jailhouse_ring_sleep_for_message(&channel->ring)
		      : jailhouse_ring_is_readable(&channel->ring)))
		can |= JAILHOUSE_CHANNEL_READ;
	if (wanted & JAILHOUSE_CHANNEL_WRITE &&
	    (announce ? !jailhouse_ring_sleep_for_room(&channel->ring, longest)
		      : jailhouse_ring_reserve(&channel->ring, longest) != NULL))
		can |= JAILHOUSE_CHANNEL_WRITE;
	return can;
}

int jailhouse_channel_prepare(struct jailhouse_channel *channel, uint32_t wanted,
			      struct jailhouse_error *error)
{
	uint32_t can = 0;
	int ret;

	if (!channel || wanted & ~(uint32_t)(JAILHOUSE_CHANNEL_READ | JAILHOUSE_CHANNEL_WRITE))
		return jh_error_argument(error, "channel is NULL, or wanted has unknown bits");
	awake(channel);
	ret = settle(channel, error);
	if (ret > 0)
		can = possible(channel, wanted, false);
	if (ret < 0 || can)
		return ret < 0 ? ret : (int)can;
	ret = jailhouse_ivshmem_arm(channel->device, error);
	if (!ret)
		ret = settle(channel, error);
	if (ret > 0)
		can = possible(channel, wanted, true);
	if (channel->ring.state == JAILHOUSE_RING_BROKEN)
		return broken(channel, error);
	return ret < 0 ? ret : (int)can;
}
