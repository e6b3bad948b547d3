/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A host on the network of a link: it answers ARP, pings and datagrams to port 7. Parameter: ip=0xc0a81302, its
 * address.
 */
#include <inmate.h>
#include <jailhouse/cell-config.h>

#include "ivshmem-layout.h"
#include "net-answer.h"
#include "net-irq.h"
#include "net-ring.h"

#define PCI_CFG_CLASS 0x8
#define REGS_ADDRESS  0xff000000UL /* of BARs, where the cell has nothing else */
#define MSIX_ADDRESS  0xff001000UL
#define FRAMES_MAX    64	   /* in a row, before the peer's state is looked at again */
#define DEFAULT_IP    0xc0a81302   /* 192.168.19.2 */
#define STATE(name)   JAILHOUSE_IVSHMEM_NET_STATE_##name

static struct {
	u16 bdf;
	struct ivshmem_layout at;
	struct net_geometry geometry;
	struct net_slot *slots;
	struct net_tx tx;
	struct net_rx rx;
	struct net_host host;
	u8 *frame; /* copied here first */
	u32 peer, vector, state;
	u32 lost; /* answers that found no room */
} net;

static void write_reg(unsigned int reg, u32 value)
{
	mmio_write32((void *)(REGS_ADDRESS + reg), value);
}

static u32 read_reg(unsigned int reg)
{
	return mmio_read32((void *)(REGS_ADDRESS + reg));
}

static u32 peer_state(void)
{
	return ((volatile u32 *)(unsigned long)net.at.state)[net.peer];
}

static u8 *output(u32 id)
{
	return (u8 *)(unsigned long)(net.at.outputs + id * net.at.output_size);
}

static void ring(void)
{
	write_reg(JAILHOUSE_IVSHMEM_REG_DOORBELL, JAILHOUSE_IVSHMEM_DOORBELL(net.peer, net.vector));
}

static void enter(u32 state)
{
	if (state == STATE(READY))
		net_start(&net.tx, &net.rx, &net.geometry, output(net.at.id), output(net.peer), net.slots);
	if (state == STATE(RESET))
		printk("net-echo: the peer is gone, after %u ARP, %u pings, %u datagrams, %u others; %u lost\n",
		       net.host.arps, net.host.pings, net.host.datagrams, net.host.others, net.lost);
	net.state = state;
	write_reg(JAILHOUSE_IVSHMEM_REG_STATE, state);
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
	write_reg(JAILHOUSE_IVSHMEM_REG_INT_CTRL, JAILHOUSE_IVSHMEM_INT_ENABLE);
	if (net_next_state(net.state, peer_state(), 1) != net.state)
		return false;
	return net.state != STATE(RUN) || !net_rx_want(&net.rx);
}

static u64 read_config64(int where)
{
	return pci_read_config(net.bdf, where, 4) | (u64)pci_read_config(net.bdf, where + 4, 4) << 32;
}

static bool find_device(void)
{
	const u32 class = (u32)JAILHOUSE_IVSHMEM_CLASS << 24 | JAILHOUSE_SHMEM_PROTO_VETH << 8;
	int bdf = -1;

	do {
		bdf = pci_find_device(JAILHOUSE_IVSHMEM_VENDOR_ID, JAILHOUSE_IVSHMEM_DEVICE_ID, bdf + 1);
		if (bdf < 0)
			return false;
	} while (pci_read_config(bdf, PCI_CFG_CLASS, 4) != class);
	net.bdf = bdf;
	return true;
}

static const char *set_up(void)
{
	const char *wrong;
	u64 value;

	pci_write_config(net.bdf, PCI_CFG_BAR, REGS_ADDRESS, 4);
	pci_write_config(net.bdf, PCI_CFG_BAR + 4, MSIX_ADDRESS, 4);
	pci_write_config(net.bdf, PCI_CFG_COMMAND, PCI_CMD_MEM | PCI_CMD_MASTER, 2);
	map_range((void *)REGS_ADDRESS, 2 * PAGE_SIZE, MAP_UNCACHED);
	pci_write_config(net.bdf, JAILHOUSE_IVSHMEM_CFG_PRIV_CNTL, JAILHOUSE_IVSHMEM_PRIV_ONESHOT, 1);

	net.at.id = read_reg(JAILHOUSE_IVSHMEM_REG_ID);
	net.at.peers = read_reg(JAILHOUSE_IVSHMEM_REG_MAX_PEERS);
	net.at.state_size = pci_read_config(net.bdf, JAILHOUSE_IVSHMEM_CFG_STATE_SZ, 4);
	net.at.rw_size = read_config64(JAILHOUSE_IVSHMEM_CFG_RW_SZ);
	net.at.output_size = read_config64(JAILHOUSE_IVSHMEM_CFG_OUTPUT_SZ);
	wrong = ivshmem_layout_init(&net.at, read_config64(JAILHOUSE_IVSHMEM_CFG_ADDRESS), ~0UL, PAGE_SIZE, &value);
	if (wrong)
		return wrong;
	if (net.at.peers != 2)
		return "number of peers";
	if (net_geometry_init(&net.geometry, net.at.output_size))
		return "size of the output sections";
	map_range((void *)(unsigned long)net.at.state, net.at.end - net.at.state, MAP_CACHED);
	net.peer = !net.at.id;
	net.slots = zalloc(net.geometry.qlen * sizeof(*net.slots), 16);
	net.frame = alloc(net.geometry.mtu + NET_FRAME_MORE, 16);
	return NULL;
}

void inmate_main(void)
{
	u32 ip = cmdline_parse_int("ip", DEFAULT_IP), n;
	const char *wrong;

	pci_init();
	if (!find_device()) {
		printk("net-echo: no network link\n");
		return;
	}
	wrong = set_up();
	if (wrong) {
		printk("net-echo: refused: %s\n", wrong);
		return;
	}
	for (n = 0; n < NET_IP_LEN; n++)
		net.host.ip[n] = ip >> (24 - 8 * n);
	net_mac(net.host.mac, 0, net.bdf, net.at.id);
	net.vector = net_irq_init(net.bdf);
	printk("net-echo: %u.%u.%u.%u at %02x:%02x.%u, peer %u, MTU %u\n", net.host.ip[0], net.host.ip[1],
	       net.host.ip[2], net.host.ip[3], net.bdf >> 8, net.bdf >> 3 & 0x1f, net.bdf & 7, net.at.id,
	       net.geometry.mtu);
	write_reg(JAILHOUSE_IVSHMEM_REG_STATE, STATE(RESET));
	for (;;)
		if (!follow() && !(net.state == STATE(RUN) && echo_frames()) && may_sleep())
			net_irq_wait();
}
