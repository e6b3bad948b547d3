/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The message channel between two peers of an IVSHMEM link: layout of the shared memory,
 * little-endian. What it means is specified in docs/ivshmem-channel.md; <jailhouse/ivshmem-ring.h>
 * implements it.
 */
#ifndef JAILHOUSE_IVSHMEM_CHANNEL_H
#define JAILHOUSE_IVSHMEM_CHANNEL_H

#include <jailhouse/types.h>

#define JAILHOUSE_RING_MAGIC   0x4843484aU /* "JHCH" */
#define JAILHOUSE_RING_VERSION 2
/* Where messages begin in an area */
#define JAILHOUSE_RING_DATA 512
/* Messages start and end at multiples of this: a cache line, which then is never that of two
 * messages. */
#define JAILHOUSE_RING_UNIT 64
/* In front of each message: its length (32 bits); the rest means nothing */
#define JAILHOUSE_RING_HEAD 64
/* In place of a length: the next message is at the start of the ring */
#define JAILHOUSE_RING_SKIP 0xffffffffU
/* The smallest area: room for messages of 64 bytes */
#define JAILHOUSE_RING_MIN_BYTES (JAILHOUSE_RING_DATA + 256)
#define JAILHOUSE_RING_MAX_BYTES 0x80000000U
/* State register of a peer that has areas. 0: it has none, or is gone. */
#define JAILHOUSE_RING_STATE_READY 1

/**
 * struct jailhouse_ring_area - what a peer writes for one other peer, at the start of the area
 * @magic: JAILHOUSE_RING_MAGIC
 * @version: JAILHOUSE_RING_VERSION
 * @reserved: 0
 * @size: bytes of the ring, a multiple of JAILHOUSE_RING_UNIT
 * @epoch: names this life of the writer; 0 while the area is being set up
 * @echo: the epoch of the other peer that the writer has made itself ready for, 0 for none
 * @tail: writer as sender: where the next message will be put
 * @head: writer as receiver: the first byte in the other one's ring that is still needed
 * @read_sleep: odd: the writer waits for messages; another value each time that it begins to
 * @write_sleep: the same for room
 * @write_need: free bytes that it waits for
 */
struct jailhouse_ring_area {
	__u32 magic;
	__u16 version;
	__u16 reserved;
	__u32 size;
	__u32 epoch;
	__u32 echo;
	__u8 pad0[108];
	__u32 tail;
	__u8 pad1[124];
	__u32 head;
	__u8 pad2[124];
	__u32 read_sleep;
	__u32 write_sleep;
	__u32 write_need;
	__u8 pad3[116];
};

JAILHOUSE_ASSERT_SIZE(struct jailhouse_ring_area, JAILHOUSE_RING_DATA);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ring_area, size, 8);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ring_area, epoch, 12);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ring_area, echo, 16);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ring_area, tail, 128);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ring_area, head, 256);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ring_area, read_sleep, 384);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ring_area, write_need, 392);

/**
 * jailhouse_ring_locate() - where the area is that one peer writes for another one
 * @section: bytes of an output section
 * @max_peers: peers that the link can have
 * @writer: id of the peer whose output section it is in
 * @reader: id of the other one
 * @ret_offset: offset in the output section of @writer
 *
 * Returns its size in bytes, 0 if there is no such area or no room for one.
 */
JAILHOUSE_INLINE __u32 jailhouse_ring_locate(__u64 section, __u32 max_peers, __u32 writer,
					     __u32 reader, __u64 *ret_offset)
{
	__u32 lines, bytes;

	if (writer == reader || writer >= max_peers || reader >= max_peers)
		return 0;
	/* Software for 32 bits that has no library can't divide larger numbers. */
	lines = section >> 38 ? 0xffffffffU : (__u32)(section >> 6);
	lines /= max_peers - 1;
	bytes = lines > JAILHOUSE_RING_MAX_BYTES >> 6 ? JAILHOUSE_RING_MAX_BYTES : lines << 6;
	if (bytes < JAILHOUSE_RING_MIN_BYTES)
		return 0;
	*ret_offset = (__u64)bytes * (reader < writer ? reader : reader - 1);
	return bytes;
}

#endif /* !JAILHOUSE_IVSHMEM_CHANNEL_H */
