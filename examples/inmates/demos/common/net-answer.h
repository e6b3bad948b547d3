/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The smallest host on a network: it says who it is (ARP), that it is there (ICMP echo), and what it is told (UDP,
 * port 7). Frames come from others, so nothing in them is trusted.
 */
#ifndef NET_ANSWER_H
#define NET_ANSWER_H

#include <jailhouse/types.h>

#define NET_MAC_LEN 6
#define NET_IP_LEN  4

/**
 * struct net_host - who we are, and what we did
 * @mac, @ip: addresses
 * @arps, @pings, @datagrams: answers by kind
 * @others: frames without an answer
 */
struct net_host {
	u8 mac[NET_MAC_LEN];
	u8 ip[NET_IP_LEN];
	u32 arps;
	u32 pings;
	u32 datagrams;
	u32 others;
};

/**
 * net_answer() - make the answer to a frame
 * @host: us
 * @frame: the frame, which the answer takes the place of
 * @len: its bytes
 *
 * Return: bytes of the answer, at most @len, or 0 if there is none
 */
u32 net_answer(struct net_host *host, u8 *frame, u32 len);

#endif /* !NET_ANSWER_H */
