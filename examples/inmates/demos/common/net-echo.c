/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A host on the network of a link: it answers ARP, pings and datagrams to port 7. Parameters: ip=0xc0a81302, its
 * address; hold=1: once it has answered a ping it takes nothing until the peer's ring is full, so that a sender has to
 * stop.
 */
#include <ivshmem.h>
#include <jailhouse/cell-config.h>

#include "net-answer.h"
#include "net-ring.h"

#define FRAMES_MAX  64		 /* in a row, before the peer's state is looked at again */
#define DEFAULT_IP  0xc0a81302 /* 192.168.19.2 */
#define STATE(name) JAILHOUSE_IVSHMEM_NET_STATE_##name

static struct {
	struct ivshmem link;
	struct net_geometry geometry;
	struct net_slot *slots;
	struct net_tx tx;
	struct net_rx rx;
	struct net_host host;
	u8 *frame; /* copied here first */
	u32 peer, vector, state;
	u32 lost; /* answers that found no room */
	bool hold;
} net;

static u32 peer_state(void)
{
	return *ivshmem_state(&net.link, net.peer);
}

static void ring(void)
{
	ivshmem_ring(&net.link, net.peer, net.vector);
}

static void enter(u32 state)
{
	if (state == STATE(READY))
		net_start(&net.tx, &net.rx, &net.geometry, ivshmem_output(&net.link, net.link.at.id),
			  ivshmem_output(&net.link, net.peer), net.slots);
	if (state == STATE(RESET))
		printk("net-echo: the peer is gone, after %u ARP, %u pings, %u datagrams, %u others; %u lost\n",
		       net.host.arps, net.host.pings, net.host.datagrams, net.host.others, net.lost);
	net.state = state;
	ivshmem_set_state(&net.link, state);
	if (state == STATE(RUN))
		printk("net-echo: running\n");
}

/* Return: whether there was anything to do */
static bool follow(void)
{
	u32 next = net_next_state(net.state, peer_state(), 1);

	if (next == net.state)
		return false;
	enter(next);
	return true;
}

static void send(u32 len)
{
	u8 *slot = net_tx_begin(&net.tx, len);

	if (!slot) {
		net.lost++;
		return;
	}
	memcpy(slot, net.frame, len);
	net_tx_commit(&net.tx, len);
}

static bool holds(void)
{
	if (net.hold && net_rx_waiting(&net.rx) >= net.geometry.qlen)
		net.hold = false;
	return net.hold && net.host.pings;
}

static bool echo_frames(void)
{
	enum net_rx_result result = NET_RX_NONE;
	struct net_frame frame;
	u32 count, len;

	if (net_tx_reclaim(&net.tx) < 0) {
		enter(STATE(RESET));
		return true;
	}
	for (count = 0; count < FRAMES_MAX; count++) {
		result = net_rx_peek(&net.rx, &frame);
		if (result == NET_RX_NONE || result == NET_RX_BROKEN)
			break;
		len = frame.len;
		memcpy(net.frame, frame.data, len);
		net_rx_done(&net.rx, &frame);
		len = net_answer(&net.host, net.frame, len);
		if (len)
			send(len);
	}
	/* Not one after the other: both have to take note of what was done. */
	if (count && (net_tx_kick(&net.tx) | net_rx_kick(&net.rx)))
		ring();
	if (result == NET_RX_BROKEN)
		enter(STATE(RESET));
	return count || result == NET_RX_BROKEN;
}

/* Events that come while interrupts are off are lost, so look again once they are on. */
static bool may_sleep(void)
{
	ivshmem_arm(&net.link);
	if (net_next_state(net.state, peer_state(), 1) != net.state)
		return false;
	return net.state != STATE(RUN) || !net_rx_want(&net.rx);
}

static const char *set_up(u16 bdf)
{
	const char *wrong = ivshmem_open(&net.link, bdf);

	if (wrong)
		return wrong;
	if (net.link.at.peers != 2)
		return "number of peers";
	if (net_geometry_init(&net.geometry, net.link.at.output_size))
		return "size of the output sections";
	net.peer = !net.link.at.id;
	net.slots = zalloc(net.geometry.qlen * sizeof(*net.slots), 16);
	net.frame = alloc(net.geometry.mtu + NET_FRAME_MORE, 16);
	return NULL;
}

void inmate_main(void)
{
	u32 ip = cmdline_parse_int("ip", DEFAULT_IP), n;
	const char *wrong;
	int bdf;

	net.hold = cmdline_parse_bool("hold", false);
	pci_init();
	bdf = ivshmem_find(JAILHOUSE_SHMEM_PROTO_VETH);
	if (bdf < 0) {
		printk("net-echo: no network link\n");
		return;
	}
	wrong = set_up(bdf);
	if (wrong) {
		printk("net-echo: refused: %s\n", wrong);
		return;
	}
	for (n = 0; n < NET_IP_LEN; n++)
		net.host.ip[n] = ip >> (24 - 8 * n);
	net_mac(net.host.mac, 0, bdf, net.link.at.id);
	ivshmem_irq_init(&net.link);
	if (net.link.vectors > JAILHOUSE_IVSHMEM_NET_VECTOR_RX_TX)
		net.vector = JAILHOUSE_IVSHMEM_NET_VECTOR_RX_TX;
	printk("net-echo: %u.%u.%u.%u at %02x:%02x.%u, peer %u, MTU %u\n", net.host.ip[0], net.host.ip[1],
	       net.host.ip[2], net.host.ip[3], bdf >> 8, bdf >> 3 & 0x1f, bdf & 7, net.link.at.id,
	       net.geometry.mtu);
	ivshmem_set_state(&net.link, STATE(RESET));
	for (;;)
		if (!follow() && !(net.state == STATE(RUN) && !holds() && echo_frames()) && may_sleep())
			irq_wait();
}
