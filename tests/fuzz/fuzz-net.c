// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * libFuzzer target: a network link with a hostile peer. The input is what the peer writes into its section between our
 * steps. Whatever it is, we stay within the sections, work is bounded, and we never write into the peer's section.
 */
#include "../unit/links/net-bed.h"

#define SIZE 0x1000 /* 32 descriptors */

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

/* Bytes of the input, 0 behind its end */
struct input {
	const uint8_t *at;
	size_t left;
};

static u8 next(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->at++;
}

static u32 receive(struct net_end *us)
{
	struct net_frame frame;
	enum net_rx_result result;
	u32 count, sum = 0;
	u8 copy[256];

	for (count = 0; count < 64; count++) {
		result = net_rx_peek(&us->rx, &frame);
		if (result == NET_RX_NONE || result == NET_RX_BROKEN)
			break;
		if (result == NET_RX_FRAME) {
			CHECK(frame.len >= NET_HEADER_LEN && frame.len <= sizeof(copy));
			memcpy(copy, frame.data, frame.len);
			sum += copy[frame.len - 1];
		}
		net_rx_done(&us->rx, &frame);
	}
	CHECK(count <= us->rx.geometry.qlen);
	return sum + (u32)net_rx_kick(&us->rx) + (u32)net_rx_want(&us->rx);
}

static bool step(struct net_end *us, struct input *in)
{
	u32 in_flight = (u16)(us->tx.sent - us->tx.oldest);
	int back;

	switch (next(in) % 4) {
	case 0:
		receive(us);
		return true;
	case 1:
		net_bed_send(us, 14 + next(in) % 200, 1);
		net_tx_kick(&us->tx);
		return true;
	case 2:
		back = net_tx_reclaim(&us->tx);
		CHECK(back <= (int)in_flight);
		CHECK((u16)(us->tx.sent - us->tx.oldest) <= us->tx.geometry.qlen);
		return back >= 0;
	default:
		net_tx_want(&us->tx);
		return true;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct net_end ends[2];
	u8 *peer;

	CHECK(net_bed_open(ends, SIZE));
	peer = malloc(SIZE);
	CHECK(peer);
	while (in.left) {
		/* Offsets near the indices are as likely as all others together. */
		u32 writes = next(&in) % 8;

		while (writes--) {
			u32 offset = next(&in), rings[] = { 0, 512, 640, 900 };

			if (offset & 0x80)
				offset = (offset & 0x1f) + rings[offset >> 5 & 3];
			else
				offset = (offset << 5 | next(&in)) % SIZE;
			ends[1].section[offset] = next(&in);
		}
		memcpy(peer, ends[1].section, SIZE);
		if (!step(&ends[0], &in))
			net_bed_start(ends, &ends[0].tx.geometry);
		else
			CHECK(!memcmp(peer, ends[1].section, SIZE));
	}
	free(peer);
	net_bed_close(ends);
	return 0;
}
