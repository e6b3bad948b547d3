// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* See net-answer.h. Numbers are those of RFC 826 (ARP), 791 (IP), 792 (ICMP), 768 (UDP) and 862 (echo). */
#if __STDC_HOSTED__
#include <string.h>
#else
#include <inmate.h>
#endif

#include "net-answer.h"

#define ETH_LEN	 14
#define ETH_FROM 6
#define ETH_TYPE 12
#define TYPE_IP	 0x0800
#define TYPE_ARP 0x0806

#define ARP_LEN	      28
#define ARP_OPERATION 6
#define ARP_REQUEST   1
#define ARP_REPLY     2
#define ARP_FROM_MAC  8
#define ARP_FROM_IP   14
#define ARP_TO_MAC    18
#define ARP_TO_IP     24

#define IP_LEN	    20
#define IP_TOTAL    2
#define IP_FRAGMENT 6 /* but for bit 14, "don't" */
#define IP_TTL	    8
#define IP_PROTOCOL 9
#define IP_CHECKSUM 10
#define IP_FROM	    12
#define IP_TO	    16
#define TTL	    64

#define ICMP		1
#define ICMP_LEN	8
#define ICMP_CHECKSUM	2
#define ICMP_ECHO	8
#define ICMP_ECHO_REPLY 0

#define UDP	     17
#define UDP_LEN	     8
#define UDP_FROM     0
#define UDP_TO	     2
#define UDP_TOTAL    4
#define UDP_CHECKSUM 6
#define PORT_ECHO    7

static u16 get16(const u8 *at)
{
	return (u16)(at[0] << 8 | at[1]);
}

static void put16(u8 *at, u32 value)
{
	at[0] = (u8)(value >> 8);
	at[1] = (u8)value;
}

static u32 add(u32 sum, const u8 *data, u32 len)
{
	for (; len > 1; data += 2, len -= 2)
		sum += get16(data);
	if (len)
		sum += (u32)data[0] << 8;
	return sum;
}

static u16 fold(u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (u16)~sum;
}

static void swap(u8 *a, u8 *b, u32 len)
{
	u8 byte;

	while (len--) {
		byte = a[len];
		a[len] = b[len];
		b[len] = byte;
	}
}

static void send_back(const struct net_host *host, u8 *frame)
{
	memcpy(frame, frame + ETH_FROM, NET_MAC_LEN);
	memcpy(frame + ETH_FROM, host->mac, NET_MAC_LEN);
}

static u32 answer_arp(struct net_host *host, u8 *frame, u32 len)
{
	/* Ethernet and IP, with the lengths of their addresses */
	static const u8 kind[] = { 0, 1, 8, 0, NET_MAC_LEN, NET_IP_LEN, 0, ARP_REQUEST };
	u8 *arp = frame + ETH_LEN;

	if (len < ETH_LEN + ARP_LEN || memcmp(arp, kind, sizeof(kind)) || memcmp(arp + ARP_TO_IP, host->ip, NET_IP_LEN))
		return 0;
	put16(arp + ARP_OPERATION, ARP_REPLY);
	memcpy(arp + ARP_TO_MAC, arp + ARP_FROM_MAC, NET_MAC_LEN);
	memcpy(arp + ARP_TO_IP, arp + ARP_FROM_IP, NET_IP_LEN);
	memcpy(arp + ARP_FROM_MAC, host->mac, NET_MAC_LEN);
	memcpy(arp + ARP_FROM_IP, host->ip, NET_IP_LEN);
	host->arps++;
	return ETH_LEN + ARP_LEN;
}

static int answer_ping(struct net_host *host, u8 *icmp, u32 len)
{
	if (len < ICMP_LEN || icmp[0] != ICMP_ECHO || icmp[1] || fold(add(0, icmp, len)))
		return 0;
	icmp[0] = ICMP_ECHO_REPLY;
	put16(icmp + ICMP_CHECKSUM, 0);
	put16(icmp + ICMP_CHECKSUM, fold(add(0, icmp, len)));
	host->pings++;
	return 1;
}

/* Addresses and ports change sides only, so that the checksum stays what it is. */
static int answer_udp(struct net_host *host, const u8 *ip, u8 *udp, u32 len)
{
	u32 sum;

	if (len < UDP_LEN || get16(udp + UDP_TOTAL) != len || get16(udp + UDP_TO) != PORT_ECHO)
		return 0;
	/* Two that answer each other would never end. */
	if (get16(udp + UDP_FROM) == PORT_ECHO)
		return 0;
	sum = add(UDP + len, ip + IP_FROM, 2 * NET_IP_LEN);
	if (get16(udp + UDP_CHECKSUM) && fold(add(sum, udp, len)))
		return 0;
	swap(udp + UDP_FROM, udp + UDP_TO, 2);
	host->datagrams++;
	return 1;
}

static u32 answer_ip(struct net_host *host, u8 *frame, u32 len)
{
	u8 *ip = frame + ETH_LEN;
	u32 total, header;
	int answered = 0;

	if (len < ETH_LEN + IP_LEN || ip[0] >> 4 != 4)
		return 0;
	header = (ip[0] & 0xf) * 4U;
	total = get16(ip + IP_TOTAL);
	if (header < IP_LEN || total < header || total > len - ETH_LEN || fold(add(0, ip, header)))
		return 0;
	if (get16(ip + IP_FRAGMENT) & 0xbfff || memcmp(ip + IP_TO, host->ip, NET_IP_LEN))
		return 0;
	if (ip[IP_PROTOCOL] == ICMP)
		answered = answer_ping(host, ip + header, total - header);
	else if (ip[IP_PROTOCOL] == UDP)
		answered = answer_udp(host, ip, ip + header, total - header);
	if (!answered)
		return 0;
	swap(ip + IP_FROM, ip + IP_TO, NET_IP_LEN);
	ip[IP_TTL] = TTL;
	put16(ip + IP_CHECKSUM, 0);
	put16(ip + IP_CHECKSUM, fold(add(0, ip, header)));
	return ETH_LEN + total;
}

u32 net_answer(struct net_host *host, u8 *frame, u32 len)
{
	u32 answer = 0;

	/* To us, or to all; an answer goes to one host only. */
	if (len >= ETH_LEN && !(frame[ETH_FROM] & 1) && (frame[0] & 1 || !memcmp(frame, host->mac, NET_MAC_LEN))) {
		if (get16(frame + ETH_TYPE) == TYPE_ARP)
			answer = answer_arp(host, frame, len);
		else if (get16(frame + ETH_TYPE) == TYPE_IP)
			answer = answer_ip(host, frame, len);
	}
	if (answer)
		send_back(host, frame);
	else
		host->others++;
	return answer;
}
