/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Ethernet between two peers of an IVSHMEM link: what lies in the output sections, and how the states of both ends
 * follow each other. docs/ivshmem-net.md has the layout byte by byte.
 *
 * Plain C without any environment, for the driver, for guests without an operating system, and for tests. The peer is
 * not trusted: its section is only read, each value once, and nothing is done that its contents could make endless or
 * lead out of the sections. Own values that matter are kept outside of the shared memory.
 */
#ifndef NET_RING_H
#define NET_RING_H

#include <jailhouse/ivshmem.h>

#define NET_HEADER_LEN 14 /* of an Ethernet frame */
#define NET_FRAME_MORE 18 /* longest header: with a VLAN tag */
#define NET_MTU_MIN    68
#define NET_MTU_MAX    16384

/**
 * struct net_geometry - places in a section; all follows from its size
 * @qlen: descriptors, a power of two
 * @used: offset of the used ring; descriptors are at 0, the available ring is right behind them
 * @data: offset of the frames
 * @end: size of the section
 * @mtu: largest payload of a frame
 */
struct net_geometry {
	u32 qlen;
	u32 used;
	u32 data;
	u32 end;
	u32 mtu;
};

/* A frame on its way: where its slot is, and whether it came back */
struct net_slot {
	u32 start;
	u32 done;
};

/**
 * struct net_tx - what we send
 * @geometry: of both sections
 * @own: our output section
 * @peer: that of the peer, has our used ring
 * @slots: one for each descriptor
 * @head: offset of the next slot
 * @sent: index of the available ring
 * @kicked: the same when net_tx_kick() was called last
 * @seen: index of the used ring as looked at
 * @oldest: index of the oldest frame that is not back
 */
struct net_tx {
	struct net_geometry geometry;
	u8 *own;
	const u8 *peer;
	struct net_slot *slots;
	u32 head;
	u16 sent;
	u16 kicked;
	u16 seen;
	u16 oldest;
};

/**
 * struct net_rx - what we receive
 * @geometry: of both sections
 * @own: our output section, has the peer's used ring
 * @peer: that of the peer
 * @taken: index of the available ring up to which frames are done
 * @kicked: the same when net_rx_kick() was called last
 */
struct net_rx {
	struct net_geometry geometry;
	u8 *own;
	const u8 *peer;
	u16 taken;
	u16 kicked;
};

/**
 * struct net_frame - a frame in the memory of the peer, which may change it at any time: copy it, then look at it
 * @data: its first byte
 * @len: bytes
 * @id: its descriptor
 */
struct net_frame {
	const u8 *data;
	u32 len;
	u32 id;
};

enum net_rx_result {
	NET_RX_NONE,	/* no frame */
	NET_RX_FRAME,	/* one, to be followed by net_rx_done() */
	NET_RX_INVALID, /* one that cannot be received; by net_rx_done(), too */
	NET_RX_BROKEN,	/* the peer does not keep to the rules; only a reset helps */
};

/* net_geometry_init() - where things are in a section of @size bytes. Return: 0, or -1 if the size will not do */
int net_geometry_init(struct net_geometry *geometry, u64 size);

/**
 * net_next_state() - the state that follows
 * @own: our state, JAILHOUSE_IVSHMEM_NET_STATE_*
 * @peer: that of the peer, any value
 * @up: our interface is up
 *
 * A change to INIT or RESET needs nothing else; before READY is announced, net_start() has to be called; before RUN
 * is announced, frames must be expected. Return: the next state, or @own.
 */
u32 net_next_state(u32 own, u32 peer, int up);

/**
 * net_start() - empty rings
 * @tx, @rx: are set up
 * @geometry: of both sections
 * @own: our output section, is zeroed
 * @peer: the output section of the peer
 * @slots: @geometry->qlen of them
 */
void net_start(struct net_tx *tx, struct net_rx *rx, const struct net_geometry *geometry, u8 *own, const u8 *peer,
	       struct net_slot *slots);

/* net_tx_begin() - room for a frame of @len bytes. Return: where to write it, or NULL if there is none */
u8 *net_tx_begin(struct net_tx *tx, u32 len);
/* net_tx_commit() - hand over the frame of @len bytes that was written */
void net_tx_commit(struct net_tx *tx, u32 len);
/* net_tx_kick() - after some frames: does the peer want a doorbell? */
int net_tx_kick(struct net_tx *tx);
/* net_tx_reclaim() - take slots back. Return: how many, or -1 if the peer does not keep to the rules */
int net_tx_reclaim(struct net_tx *tx);
/* net_tx_pending() - is there anything for net_tx_reclaim()? */
int net_tx_pending(const struct net_tx *tx);
/*
 * net_tx_want() - ask for a doorbell when half of the frames are back.
 * Return: whether some came back meanwhile, so that there may be no doorbell.
 */
int net_tx_want(struct net_tx *tx);

/* net_rx_peek() - the next frame */
enum net_rx_result net_rx_peek(const struct net_rx *rx, struct net_frame *frame);
/* net_rx_done() - give the frame back */
void net_rx_done(struct net_rx *rx, const struct net_frame *frame);
/* net_rx_kick() - after some frames: does the peer want a doorbell? */
int net_rx_kick(struct net_rx *rx);
/* net_rx_waiting() - frames that the peer has sent and that are not done; more than qlen if it breaks the rules */
u32 net_rx_waiting(const struct net_rx *rx);
/* net_rx_want() - ask for a doorbell with the next frame. Return: whether there is one already */
int net_rx_want(struct net_rx *rx);

/**
 * net_mac() - address of our end, the same each time
 * @mac: 6 bytes, locally administered
 * @domain, @bdf: of the PCI device; the latter is the name of the link
 * @id: number of the peer
 */
void net_mac(u8 *mac, u32 domain, u16 bdf, u32 id);

#endif /* !NET_RING_H */
