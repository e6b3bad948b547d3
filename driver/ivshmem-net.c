// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Ethernet over an IVSHMEM link of two peers (see docs/ivshmem-net.md); net-ring.c knows what lies in the memory.
 *
 * Who does what:
 *
 *   work  follows the states of the peer, with n->state_lock; it lets traffic begin and end. n->running changes with
 *         NAPI and transmission off only
 *   poll  receives, and looks at all that an interrupt may mean: new frames, room, another state of the peer. The
 *         device is in one-shot mode: there is no interrupt until poll is through, and what came meanwhile is lost,
 *         so poll looks again after it has enabled interrupts
 *   xmit  copies a frame into our section
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include "ivshmem-pci.h"
#include "net-ring.h"

#define NUM_VECTORS 2
#define STATE(name) JAILHOUSE_IVSHMEM_NET_STATE_##name

/* A peer may ring as often as it likes. After so many polls in a row with nothing to do interrupts come by the tick. */
#define IDLE_POLLS_MAX 64
/* It may change its state as often as it likes, too: we follow so often in a second at once, and then each 100 ms. */
#define FAST_CHANGES  20
#define TURNS_AT_ONCE 8

/* In the order of counter_names */
struct counters {
	u64 interrupts;
	u64 idle_polls;
	u64 held_back;
	u64 rx_doorbells;
	u64 rx_invalid;
	u64 tx_doorbells;
	u64 tx_stopped;
	u64 tx_woken;
	u64 peer_errors;
	u64 state_changes;
	u64 starts;
};

static const char counter_names[][ETH_GSTRING_LEN] = {
	"interrupts", "idle_polls", "held_back", "rx_doorbells", "rx_invalid", "tx_doorbells", "tx_stopped", "tx_woken",
	"peer_errors", "state_changes", "starts",
};
static_assert(sizeof(struct counters) == sizeof(u64) * ARRAY_SIZE(counter_names));

struct ivshmem_net {
	struct net_device *netdev;
	struct pci_dev *dev;
	void __iomem *regs;
	const u32 *state_table;
	u8 *own;	/* our output section */
	const u8 *other; /* that of the peer */
	u32 peer;
	u32 vector; /* of doorbells for frames */
	int num_irqs;
	struct net_geometry geometry;
	struct net_slot *slots;
	struct net_tx tx;
	struct net_rx rx;
	struct napi_struct napi;
	struct delayed_work work;

	struct mutex state_lock; /* of the next four */
	u32 state;
	bool up;
	bool gone;
	bool running;	 /* frames come and go */

	bool broken;	 /* the peer does not keep to the rules; traffic rests until the link is reset */
	u32 noticed;	 /* state of the peer that work knows of or will */
	u32 idle_polls;	 /* in a row */
	u32 fast_changes; /* since */
	unsigned long since;
	struct counters counters;
};

/* ---- states ---- */

static u32 peer_state(const struct ivshmem_net *n)
{
	return READ_ONCE(n->state_table[n->peer]);
}

static void set_state(struct ivshmem_net *n, u32 state)
{
	n->state = state;
	n->counters.state_changes++;
	writel(state, n->regs + JAILHOUSE_IVSHMEM_REG_STATE);
}

static void begin_traffic(struct ivshmem_net *n)
{
	napi_disable(&n->napi);
	n->running = true;
	n->broken = false;
	n->counters.starts++;
	napi_enable(&n->napi);
}

static void end_traffic(struct ivshmem_net *n)
{
	if (!n->running)
		return;
	netif_carrier_off(n->netdev);
	netif_tx_disable(n->netdev);
	napi_disable(&n->napi);
	n->running = false;
	napi_enable(&n->napi);
}

static void enter(struct ivshmem_net *n, u32 state)
{
	switch (state) {
	case STATE(RESET):
		end_traffic(n);
		break;
	case STATE(READY):
		net_start(&n->tx, &n->rx, &n->geometry, n->own, n->other, n->slots);
		break;
	case STATE(RUN):
		begin_traffic(n);
		break;
	}
	set_state(n, state);
}

static void show_carrier(struct ivshmem_net *n, u32 peer)
{
	bool on = n->state == STATE(RUN) && peer == STATE(RUN);

	if (on == netif_carrier_ok(n->netdev))
		return;
	if (on) {
		netif_carrier_on(n->netdev);
		netif_wake_queue(n->netdev);
	} else {
		netif_carrier_off(n->netdev);
	}
}

/* With state_lock held. Return: whether there is more to do later, as the peer does not come to rest */
static bool follow(struct ivshmem_net *n)
{
	u32 peer, next;
	int turns;

	for (turns = 0; turns < TURNS_AT_ONCE; turns++) {
		peer = peer_state(n);
		next = net_next_state(n->state, peer, n->up);
		if (n->state == STATE(RUN) && READ_ONCE(n->broken))
			next = STATE(RESET);
		if (next == n->state) {
			show_carrier(n, peer);
			return false;
		}
		enter(n, next);
	}
	return true;
}

static void work(struct work_struct *item)
{
	struct ivshmem_net *n = container_of(to_delayed_work(item), struct ivshmem_net, work);

	mutex_lock(&n->state_lock);
	if (!n->gone) {
		if (follow(n))
			schedule_delayed_work(&n->work, HZ / 10);
		/* Interrupts are off until it has looked. */
		local_bh_disable();
		napi_schedule(&n->napi);
		local_bh_enable();
	}
	mutex_unlock(&n->state_lock);
}

static void follow_soon(struct ivshmem_net *n)
{
	if (time_after(jiffies, n->since + HZ)) {
		n->since = jiffies;
		n->fast_changes = 0;
	}
	schedule_delayed_work(&n->work, n->fast_changes++ < FAST_CHANGES ? 0 : HZ / 10);
}

static void peer_is_broken(struct ivshmem_net *n)
{
	if (READ_ONCE(n->broken))
		return;
	WRITE_ONCE(n->broken, true);
	n->counters.peer_errors++;
	schedule_delayed_work(&n->work, 0);
}

/* ---- sending ---- */

static void ring(struct ivshmem_net *n)
{
	writel(JAILHOUSE_IVSHMEM_DOORBELL(n->peer, n->vector), n->regs + JAILHOUSE_IVSHMEM_REG_DOORBELL);
}

static bool has_room(struct ivshmem_net *n)
{
	return net_tx_begin(&n->tx, n->netdev->mtu + NET_FRAME_MORE);
}

static void reclaim(struct ivshmem_net *n)
{
	if (net_tx_reclaim(&n->tx) < 0)
		peer_is_broken(n);
}

/* The queue stops before a frame has to be refused. */
static void stop_if_full(struct ivshmem_net *n)
{
	if (has_room(n))
		return;
	reclaim(n);
	if (has_room(n))
		return;
	netif_stop_queue(n->netdev);
	n->counters.tx_stopped++;
	if (net_tx_want(&n->tx))
		napi_schedule(&n->napi);
}

static netdev_tx_t start_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct ivshmem_net *n = netdev_priv(netdev);
	bool more = netdev_xmit_more();
	u8 *slot = NULL;

	if (n->running && !READ_ONCE(n->broken)) {
		slot = net_tx_begin(&n->tx, skb->len);
		/* The MTU may be larger than it was when the last frame went. */
		if (!slot) {
			reclaim(n);
			slot = net_tx_begin(&n->tx, skb->len);
		}
	}
	if (slot && !skb_copy_bits(skb, 0, slot, skb->len)) {
		net_tx_commit(&n->tx, skb->len);
		netdev->stats.tx_packets++;
		netdev->stats.tx_bytes += skb->len;
		stop_if_full(n);
	} else {
		netdev->stats.tx_dropped++;
	}
	dev_kfree_skb_any(skb);
	if (n->running && (!more || netif_queue_stopped(netdev)) && net_tx_kick(&n->tx)) {
		n->counters.tx_doorbells++;
		ring(n);
	}
	return NETDEV_TX_OK;
}

/* Return: whether anything came back */
static bool clean_tx(struct ivshmem_net *n)
{
	struct netdev_queue *queue = netdev_get_tx_queue(n->netdev, 0);
	bool back;

	if (!netif_tx_queue_stopped(queue))
		return false;
	__netif_tx_lock(queue, smp_processor_id());
	back = net_tx_pending(&n->tx);
	reclaim(n);
	if (has_room(n)) {
		netif_tx_wake_queue(queue);
		n->counters.tx_woken++;
	} else {
		net_tx_want(&n->tx);
	}
	__netif_tx_unlock(queue);
	return back;
}

/* ---- receiving ---- */

static void receive_frame(struct ivshmem_net *n, const struct net_frame *frame)
{
	struct sk_buff *skb = napi_alloc_skb(&n->napi, frame->len);

	if (!skb) {
		n->netdev->stats.rx_dropped++;
		return;
	}
	skb_put_data(skb, frame->data, frame->len);
	skb->protocol = eth_type_trans(skb, n->netdev);
	n->netdev->stats.rx_packets++;
	n->netdev->stats.rx_bytes += frame->len;
	napi_gro_receive(&n->napi, skb);
}

static int receive(struct ivshmem_net *n, int budget)
{
	enum net_rx_result result = NET_RX_NONE;
	struct net_frame frame;
	int done;

	for (done = 0; done < budget; done++) {
		result = net_rx_peek(&n->rx, &frame);
		if (result == NET_RX_NONE || result == NET_RX_BROKEN)
			break;
		if (result == NET_RX_FRAME) {
			receive_frame(n, &frame);
		} else {
			n->netdev->stats.rx_errors++;
			n->counters.rx_invalid++;
		}
		net_rx_done(&n->rx, &frame);
	}
	if (result == NET_RX_BROKEN)
		peer_is_broken(n);
	if (done && net_rx_kick(&n->rx)) {
		n->counters.rx_doorbells++;
		ring(n);
	}
	return done;
}

static bool notice_state(struct ivshmem_net *n)
{
	u32 peer = peer_state(n);

	if (peer == n->noticed)
		return false;
	n->noticed = peer;
	follow_soon(n);
	return true;
}

/* Is there anything that no interrupt will tell? */
static bool look_again(struct ivshmem_net *n)
{
	if (peer_state(n) != n->noticed)
		return true;
	if (!n->running || READ_ONCE(n->broken))
		return false;
	return net_rx_want(&n->rx) || (netif_queue_stopped(n->netdev) && net_tx_pending(&n->tx));
}

static int poll(struct napi_struct *napi, int budget)
{
	struct ivshmem_net *n = container_of(napi, struct ivshmem_net, napi);
	bool busy = notice_state(n);
	int done = 0;

	if (n->running && !READ_ONCE(n->broken)) {
		busy |= clean_tx(n);
		done = receive(n, budget);
	}
	if (done >= budget)
		return budget;
	n->idle_polls = busy || done ? 0 : n->idle_polls + 1;
	if (n->idle_polls)
		n->counters.idle_polls++;
	if (n->idle_polls > IDLE_POLLS_MAX) {
		/* The work lets us look again, and one interrupt come. */
		n->idle_polls = IDLE_POLLS_MAX - 1;
		n->counters.held_back++;
		napi_complete_done(napi, done);
		schedule_delayed_work(&n->work, 1);
		return done;
	}
	writel(JAILHOUSE_IVSHMEM_INT_ENABLE, n->regs + JAILHOUSE_IVSHMEM_REG_INT_CTRL);
	if (look_again(n))
		return budget;
	napi_complete_done(napi, done);
	return done;
}

static irqreturn_t interrupt(int irq, void *arg)
{
	struct ivshmem_net *n = arg;

	n->counters.interrupts++;
	napi_schedule(&n->napi);
	return IRQ_HANDLED;
}

/* ---- the interface ---- */

static int set_up(struct ivshmem_net *n, bool up)
{
	mutex_lock(&n->state_lock);
	n->up = up;
	if (follow(n))
		schedule_delayed_work(&n->work, HZ / 10);
	mutex_unlock(&n->state_lock);
	/* Traffic that ended may have taken an interrupt along. */
	schedule_delayed_work(&n->work, 0);
	return 0;
}

static int open_net(struct net_device *netdev)
{
	netif_start_queue(netdev);
	return set_up(netdev_priv(netdev), true);
}

static int stop_net(struct net_device *netdev)
{
	netif_stop_queue(netdev);
	return set_up(netdev_priv(netdev), false);
}

static const struct net_device_ops net_ops = {
	.ndo_open = open_net,
	.ndo_stop = stop_net,
	.ndo_start_xmit = start_xmit,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_set_mac_address = eth_mac_addr,
};

static int count_strings(struct net_device *netdev, int set)
{
	return set == ETH_SS_STATS ? ARRAY_SIZE(counter_names) : -EOPNOTSUPP;
}

static void get_strings(struct net_device *netdev, u32 set, u8 *data)
{
	if (set == ETH_SS_STATS)
		memcpy(data, counter_names, sizeof(counter_names));
}

static void get_counters(struct net_device *netdev, struct ethtool_stats *stats, u64 *data)
{
	const struct ivshmem_net *n = netdev_priv(netdev);

	memcpy(data, &n->counters, sizeof(n->counters));
}

static const struct ethtool_ops ethtool_ops = {
	.get_link = ethtool_op_get_link,
	.get_sset_count = count_strings,
	.get_strings = get_strings,
	.get_ethtool_stats = get_counters,
};

/* ---- coming and going ---- */

static void *map_cached(struct pci_dev *dev, u64 start, u64 size)
{
	return devm_memremap(&dev->dev, start, size, MEMREMAP_WB);
}

static int map_memory(struct ivshmem_net *n)
{
	struct ivshmem_layout at;
	int err;

	err = ivshmem_setup(n->dev, &n->regs, &at, 0x1000);
	if (err)
		return err;
	if (at.peers != 2)
		return ivshmem_refuse(n->dev, "number of peers", at.peers);
	if (net_geometry_init(&n->geometry, at.output_size))
		return ivshmem_refuse(n->dev, "size of the output sections", at.output_size);
	n->peer = !at.id;
	n->state_table = map_cached(n->dev, at.state, at.state_size);
	n->own = map_cached(n->dev, at.outputs + at.id * at.output_size, at.output_size);
	n->other = map_cached(n->dev, at.outputs + n->peer * at.output_size, at.output_size);
	if (IS_ERR(n->state_table) || IS_ERR(n->own) || IS_ERR(n->other))
		return -ENOMEM;
	n->slots = devm_kcalloc(&n->dev->dev, n->geometry.qlen, sizeof(*n->slots), GFP_KERNEL);
	return n->slots ? 0 : -ENOMEM;
}

static int request_irqs(struct ivshmem_net *n)
{
	n->num_irqs = ivshmem_request_irqs(n->dev, NUM_VECTORS, interrupt, n->netdev->name, n);
	if (n->num_irqs < 0)
		return n->num_irqs;
	if (n->dev->msix_enabled && n->num_irqs < NUM_VECTORS) {
		ivshmem_free_irqs(n->dev, n->num_irqs, n);
		return ivshmem_refuse(n->dev, "number of MSI-X vectors", n->num_irqs);
	}
	n->vector = n->dev->msix_enabled ? JAILHOUSE_IVSHMEM_NET_VECTOR_RX_TX : JAILHOUSE_IVSHMEM_NET_VECTOR_STATE;
	return 0;
}

/* Nothing runs any more, and the peer knows. */
static void quiet(struct ivshmem_net *n)
{
	mutex_lock(&n->state_lock);
	n->gone = true;
	mutex_unlock(&n->state_lock);
	cancel_delayed_work_sync(&n->work);
	napi_disable(&n->napi);
	/* The last poll may have queued it again, which does nothing now. */
	cancel_delayed_work_sync(&n->work);
	netif_napi_del(&n->napi);
	writel(0, n->regs + JAILHOUSE_IVSHMEM_REG_INT_CTRL);
	writel(STATE(RESET), n->regs + JAILHOUSE_IVSHMEM_REG_STATE);
}

static void init_netdev(struct ivshmem_net *n)
{
	struct pci_dev *dev = n->dev;
	u8 mac[ETH_ALEN];

	net_mac(mac, pci_domain_nr(dev->bus), pci_dev_id(dev), !n->peer);
	eth_hw_addr_set(n->netdev, mac);
	SET_NETDEV_DEV(n->netdev, &dev->dev);
	n->netdev->netdev_ops = &net_ops;
	n->netdev->ethtool_ops = &ethtool_ops;
	n->netdev->min_mtu = NET_MTU_MIN;
	n->netdev->max_mtu = n->geometry.mtu;
	n->netdev->mtu = n->geometry.mtu;
	netif_carrier_off(n->netdev);
}

static int start(struct ivshmem_net *n)
{
	int err;

	mutex_init(&n->state_lock);
	INIT_DELAYED_WORK(&n->work, work);
	n->since = jiffies;
	writel(STATE(RESET), n->regs + JAILHOUSE_IVSHMEM_REG_STATE);
	netif_napi_add(n->netdev, &n->napi, poll);
	napi_enable(&n->napi);
	err = register_netdev(n->netdev);
	if (err)
		goto failed;
	err = request_irqs(n);
	if (err)
		goto registered;
	pci_set_master(n->dev);
	schedule_delayed_work(&n->work, 0);
	return 0;

registered:
	unregister_netdev(n->netdev);
failed:
	quiet(n);
	return err;
}

static int probe(struct pci_dev *dev, const struct pci_device_id *id)
{
	struct net_device *netdev = alloc_etherdev(sizeof(struct ivshmem_net));
	struct ivshmem_net *n;
	int err;

	if (!netdev)
		return -ENOMEM;
	n = netdev_priv(netdev);
	n->netdev = netdev;
	n->dev = dev;
	pci_set_drvdata(dev, n);
	err = map_memory(n);
	if (!err) {
		init_netdev(n);
		err = start(n);
	}
	if (err)
		free_netdev(netdev);
	return err;
}

static void remove(struct pci_dev *dev)
{
	struct ivshmem_net *n = pci_get_drvdata(dev);

	unregister_netdev(n->netdev);
	ivshmem_free_irqs(dev, n->num_irqs, n);
	quiet(n);
	pci_clear_master(dev);
	free_netdev(n->netdev);
}

static const struct pci_device_id ids[] = {
	{ PCI_DEVICE(JAILHOUSE_IVSHMEM_VENDOR_ID, JAILHOUSE_IVSHMEM_DEVICE_ID),
	  JAILHOUSE_IVSHMEM_CLASS << 16 | JAILHOUSE_SHMEM_PROTO_VETH, 0xffffff },
	{}
};
MODULE_DEVICE_TABLE(pci, ids);

static struct pci_driver ivshmem_net = {
	.name = "ivshmem_net",
	.id_table = ids,
	.probe = probe,
	.remove = remove,
};
module_pci_driver(ivshmem_net);

MODULE_DESCRIPTION("Ethernet between cells of the Jailhouse hypervisor");
MODULE_LICENSE("Dual BSD/GPL");
MODULE_VERSION("0.1.0");
