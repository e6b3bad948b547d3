/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Two ends of a network link in one process; sections are on the heap with their exact size, for the sanitizers. */
#ifndef NET_BED_H
#define NET_BED_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "net-ring.h"

struct net_end {
	u8 *section;
	struct net_slot *slots;
	struct net_tx tx;
	struct net_rx rx;
};

static inline void net_bed_start(struct net_end ends[2], const struct net_geometry *geometry)
{
	for (int n = 0; n < 2; n++)
		net_start(&ends[n].tx, &ends[n].rx, geometry, ends[n].section, ends[!n].section, ends[n].slots);
}

static inline bool net_bed_open(struct net_end ends[2], u64 size)
{
	struct net_geometry geometry;

	if (net_geometry_init(&geometry, size))
		return false;
	for (int n = 0; n < 2; n++) {
		ends[n].section = aligned_alloc(4096, size);
		ends[n].slots = calloc(geometry.qlen, sizeof(*ends[n].slots));
		if (!ends[n].section || !ends[n].slots)
			abort();
		memset(ends[n].section, 0xaa, size);
	}
	net_bed_start(ends, &geometry);
	return true;
}

static inline void net_bed_close(struct net_end ends[2])
{
	for (int n = 0; n < 2; n++) {
		free(ends[n].section);
		free(ends[n].slots);
	}
}

/* A frame that can be told from others: its length and its bytes follow from a number. */
static inline void net_bed_fill(u8 *frame, u32 len, u32 number)
{
	for (u32 n = 0; n < len; n++)
		frame[n] = (u8)(number * 31 + n * 7);
}

static inline bool net_bed_send(struct net_end *end, u32 len, u32 number)
{
	u8 *frame = net_tx_begin(&end->tx, len);

	if (!frame)
		return false;
	net_bed_fill(frame, len, number);
	net_tx_commit(&end->tx, len);
	return true;
}

#endif /* !NET_BED_H */
