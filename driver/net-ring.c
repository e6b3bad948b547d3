// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* See net-ring.h. Names and formats of the rings are those of virtio's split ring. */
#ifdef __KERNEL__
#include <linux/string.h>
#elif __STDC_HOSTED__
#include <string.h>
#else
#include <inmate.h>
#endif

#include "net-ring.h"

#define QLEN_MAX   4096
#define QLEN_SMALL 64
#define QLEN_MIN   32
#define LINE	   64 /* alignment of rings and slots */

/* struct vring_desc */
#define DESC_SIZE  16
#define DESC_ADDR  0  /* 64 bits: offset in the section */
#define DESC_LEN   8  /* 32 bits */
#define DESC_FLAGS 12 /* 16 bits: 0, there are no chains */

/* struct vring_avail and struct vring_used, with the event index behind their entries */
#define RING_INDEX    2
#define RING_ENTRIES  4
#define AVAIL_ENTRY   2
#define USED_ENTRY    8
#define USED_ENTRY_ID 0
#define USED_LEN      1 /* what a receiver writes for the length */

/*
 * Both ends are CPUs, whatever Linux is built for: a kernel for one CPU has no barriers between CPUs. So these are
 * the compiler's.
 */
#define fence() __atomic_thread_fence(__ATOMIC_SEQ_CST)

static u16 load16(const u8 *section, u32 offset)
{
	return __atomic_load_n((const u16 *)(const void *)(section + offset), __ATOMIC_ACQUIRE);
}

static u32 load32(const u8 *section, u32 offset)
{
	return __atomic_load_n((const u32 *)(const void *)(section + offset), __ATOMIC_RELAXED);
}

static void store16(u8 *section, u32 offset, u16 value)
{
	__atomic_store_n((u16 *)(void *)(section + offset), value, __ATOMIC_RELEASE);
}

static void store32(u8 *section, u32 offset, u32 value)
{
	__atomic_store_n((u32 *)(void *)(section + offset), value, __ATOMIC_RELAXED);
}

static u32 align_line(u32 value)
{
	return (value + LINE - 1) & ~(u32)(LINE - 1);
}

static u32 used_offset(u32 qlen)
{
	return align_line(qlen * DESC_SIZE + RING_ENTRIES + qlen * AVAIL_ENTRY + 2);
}

static u32 ring_size(u32 qlen)
{
	return align_line(used_offset(qlen) + RING_ENTRIES + qlen * USED_ENTRY + 2);
}

int net_geometry_init(struct net_geometry *geometry, u64 size)
{
	u32 qlen = QLEN_MAX;

	if (size < ring_size(QLEN_MIN) || size > 0x40000000)
		return -1;
	while (qlen >= QLEN_SMALL && ring_size(qlen) >= size / 8)
		qlen /= 2;
	geometry->qlen = qlen;
	geometry->used = used_offset(qlen);
	geometry->data = ring_size(qlen);
	geometry->end = (u32)size;
	geometry->mtu = (geometry->end - geometry->data) / 16;
	if (geometry->mtu > NET_MTU_MAX)
		geometry->mtu = NET_MTU_MAX;
	return geometry->mtu < NET_MTU_MIN ? -1 : 0;
}

u32 net_next_state(u32 own, u32 peer, int up)
{
	switch (own) {
	case JAILHOUSE_IVSHMEM_NET_STATE_RESET:
		return peer < JAILHOUSE_IVSHMEM_NET_STATE_READY ? JAILHOUSE_IVSHMEM_NET_STATE_INIT : own;
	case JAILHOUSE_IVSHMEM_NET_STATE_INIT:
		return peer > JAILHOUSE_IVSHMEM_NET_STATE_RESET ? JAILHOUSE_IVSHMEM_NET_STATE_READY : own;
	case JAILHOUSE_IVSHMEM_NET_STATE_READY:
		if (peer == JAILHOUSE_IVSHMEM_NET_STATE_RESET)
			return JAILHOUSE_IVSHMEM_NET_STATE_RESET;
		return up && peer >= JAILHOUSE_IVSHMEM_NET_STATE_READY ? JAILHOUSE_IVSHMEM_NET_STATE_RUN : own;
	default:
		/* A peer that is not ready while we run has missed that we do: it starts anew, and so do we. */
		return !up || peer < JAILHOUSE_IVSHMEM_NET_STATE_READY ? JAILHOUSE_IVSHMEM_NET_STATE_RESET : own;
	}
}

static u32 avail_offset(const struct net_geometry *g)
{
	return g->qlen * DESC_SIZE;
}

/* The sender's wish to hear of used frames, and the receiver's to hear of new ones */
static u32 used_event(const struct net_geometry *g)
{
	return avail_offset(g) + RING_ENTRIES + g->qlen * AVAIL_ENTRY;
}

static u32 avail_event(const struct net_geometry *g)
{
	return g->used + RING_ENTRIES + g->qlen * USED_ENTRY;
}

/* Did the index pass the event on its way from old to now? */
static int passed(u16 event, u16 now, u16 old)
{
	return (u16)(now - event - 1) < (u16)(now - old);
}

void net_start(struct net_tx *tx, struct net_rx *rx, const struct net_geometry *geometry, u8 *own, const u8 *peer,
	       struct net_slot *slots)
{
	memset(own, 0, geometry->end);
	*tx = (struct net_tx){ .geometry = *geometry, .own = own, .peer = peer, .slots = slots };
	tx->head = geometry->data;
	*rx = (struct net_rx){ .geometry = *geometry, .own = own, .peer = peer };
	fence();
}

/* ---- sending ---- */

static struct net_slot *slot_of(const struct net_tx *tx, u16 index)
{
	return &tx->slots[index & (tx->geometry.qlen - 1)];
}

/* Frames are not split: one that does not fit before the end of the section goes to the start of the data. */
static u32 find_room(const struct net_tx *tx, u32 size)
{
	const struct net_geometry *g = &tx->geometry;
	u32 tail;

	if (tx->sent == tx->oldest)
		return size <= g->end - g->data ? g->data : 0;
	tail = slot_of(tx, tx->oldest)->start;
	if (tx->head <= tail)
		return size <= tail - tx->head ? tx->head : 0;
	if (size <= g->end - tx->head)
		return tx->head;
	return size <= tail - g->data ? g->data : 0;
}

u8 *net_tx_begin(struct net_tx *tx, u32 len)
{
	const struct net_geometry *g = &tx->geometry;
	u32 room;

	if (len < NET_HEADER_LEN || len > g->mtu + NET_FRAME_MORE || (u16)(tx->sent - tx->oldest) >= g->qlen)
		return NULL;
	room = find_room(tx, align_line(len + NET_FRAME_MORE));
	if (!room)
		return NULL;
	slot_of(tx, tx->sent)->start = room;
	return tx->own + room;
}

void net_tx_commit(struct net_tx *tx, u32 len)
{
	const struct net_geometry *g = &tx->geometry;
	struct net_slot *slot = slot_of(tx, tx->sent);
	u32 id = tx->sent & (g->qlen - 1);
	u32 desc = id * DESC_SIZE;

	slot->done = 0;
	store32(tx->own, desc + DESC_ADDR, slot->start);
	store32(tx->own, desc + DESC_LEN, len);
	store16(tx->own, avail_offset(g) + RING_ENTRIES + id * AVAIL_ENTRY, (u16)id);
	tx->head = slot->start + align_line(len + NET_FRAME_MORE);
	tx->sent++;
	store16(tx->own, avail_offset(g) + RING_INDEX, tx->sent);
}

int net_tx_kick(struct net_tx *tx)
{
	u16 old = tx->kicked;

	tx->kicked = tx->sent;
	fence();
	return passed(load16(tx->peer, avail_event(&tx->geometry)), tx->sent, old);
}

int net_tx_pending(const struct net_tx *tx)
{
	return load16(tx->peer, tx->geometry.used + RING_INDEX) != tx->seen;
}

/* They may come back in any order, but each only once, and room is used again in order. */
int net_tx_reclaim(struct net_tx *tx)
{
	const struct net_geometry *g = &tx->geometry;
	u16 now = load16(tx->peer, g->used + RING_INDEX);
	u16 back = (u16)(now - tx->seen);
	u16 flying = (u16)(tx->sent - tx->oldest);
	u32 id;

	if (back > flying)
		return -1;
	for (; tx->seen != now; tx->seen++) {
		id = load32(tx->peer, g->used + RING_ENTRIES + (tx->seen & (g->qlen - 1)) * USED_ENTRY + USED_ENTRY_ID);
		if (id >= g->qlen || ((id - tx->oldest) & (g->qlen - 1)) >= flying || tx->slots[id].done)
			return -1;
		tx->slots[id].done = 1;
	}
	while (tx->oldest != tx->sent && slot_of(tx, tx->oldest)->done)
		tx->oldest++;
	return back;
}

int net_tx_want(struct net_tx *tx)
{
	store16(tx->own, used_event(&tx->geometry), (u16)(tx->seen + (u16)(tx->sent - tx->seen) / 2));
	fence();
	return net_tx_pending(tx);
}

/* ---- receiving ---- */

u32 net_rx_waiting(const struct net_rx *rx)
{
	return (u16)(load16(rx->peer, avail_offset(&rx->geometry) + RING_INDEX) - rx->taken);
}

enum net_rx_result net_rx_peek(const struct net_rx *rx, struct net_frame *frame)
{
	const struct net_geometry *g = &rx->geometry;
	u32 waiting = net_rx_waiting(rx), desc, start, start_high, len, flags;

	if (!waiting)
		return NET_RX_NONE;
	if (waiting > g->qlen)
		return NET_RX_BROKEN;
	frame->id = load16(rx->peer, avail_offset(g) + RING_ENTRIES + (rx->taken & (g->qlen - 1)) * AVAIL_ENTRY);
	if (frame->id >= g->qlen)
		return NET_RX_BROKEN;
	desc = frame->id * DESC_SIZE;
	start = load32(rx->peer, desc + DESC_ADDR);
	start_high = load32(rx->peer, desc + DESC_ADDR + 4);
	len = load32(rx->peer, desc + DESC_LEN);
	flags = load16(rx->peer, desc + DESC_FLAGS);
	frame->data = NULL;
	frame->len = 0;
	if (flags || start_high || start < g->data || start >= g->end || len > g->end - start)
		return NET_RX_INVALID;
	if (len < NET_HEADER_LEN || len > g->mtu + NET_FRAME_MORE)
		return NET_RX_INVALID;
	frame->data = rx->peer + start;
	frame->len = len;
	return NET_RX_FRAME;
}

void net_rx_done(struct net_rx *rx, const struct net_frame *frame)
{
	const struct net_geometry *g = &rx->geometry;
	u32 entry = g->used + RING_ENTRIES + (rx->taken & (g->qlen - 1)) * USED_ENTRY;

	store32(rx->own, entry + USED_ENTRY_ID, frame->id);
	store32(rx->own, entry + 4, USED_LEN);
	rx->taken++;
	store16(rx->own, g->used + RING_INDEX, rx->taken);
}

int net_rx_kick(struct net_rx *rx)
{
	u16 old = rx->kicked;

	rx->kicked = rx->taken;
	fence();
	return passed(load16(rx->peer, used_event(&rx->geometry)), rx->taken, old);
}

int net_rx_want(struct net_rx *rx)
{
	store16(rx->own, avail_event(&rx->geometry), rx->taken);
	fence();
	return net_rx_waiting(rx) != 0;
}

void net_mac(u8 *mac, u32 domain, u16 bdf, u32 id)
{
	mac[0] = 0x02; /* locally administered, one receiver */
	mac[1] = 0x4a;
	mac[2] = (u8)domain;
	mac[3] = (u8)(bdf >> 8);
	mac[4] = (u8)bdf;
	mac[5] = (u8)id;
}
