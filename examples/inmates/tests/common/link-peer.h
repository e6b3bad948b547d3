/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the inmate link-peer and the program that commands it have in common. Peer 0 of a link has a command for each
 * other peer in its output section; each peer has a report at the start of its own.
 */
#ifndef LINK_PEER_H
#define LINK_PEER_H

#include <jailhouse/types.h>

#define LINK_PEER_MAGIC	  0x72656570
#define LINK_PEER_DEVICES 2
#define LINK_PEER_VECTORS 16
#define LINK_PEER_WORDS	  8
#define LINK_PEER_TEXT	  0x800 /* offset in an output section that LINK_WRITE begins at */

/* Devices are numbered as the parameters of the inmate: 0 has the commands. */
enum link_op {
	LINK_NOTHING,
	LINK_STATE,	/* write State: value, how often (others than the last are value + 1, + 2, ...) */
	LINK_RING,	/* ring: peer, vector, how often */
	LINK_CONTROL,	/* write Interrupt Control: value; one-shot mode: 0 or 1 */
	LINK_REGISTERS, /* words: the first registers; then the states of peers 0 to 2 */
	LINK_WRITE,	/* to the own output section: how many bytes of n & 0xff */
	LINK_WRITE_TO,	/* to the output section of: peer */
	LINK_WRITE_TABLE, /* to the state table */
	LINK_WILD,	/* values without sense to any register and to the capabilities: how often, seed */
	LINK_FAULT,	/* access what is not there */
	LINK_PARK,	/* switch interrupts off and halt */
};

struct link_command {
	__u32 number; /* changes with each command, and is written last */
	__u32 op;
	__u32 device;
	__u32 arg[3];
	__u32 life; /* the peer says it after its start, so that its report is not taken for one of before */
	__u32 reserved[9];
};

JAILHOUSE_ASSERT_SIZE(struct link_command, 64);

struct link_report {
	__u32 magic; /* written last */
	__u32 done;  /* number of the last command */
	__u32 life;
	__u32 words[LINK_PEER_WORDS];
	__u32 irqs[LINK_PEER_DEVICES][LINK_PEER_VECTORS];
};

#endif /* !LINK_PEER_H */
