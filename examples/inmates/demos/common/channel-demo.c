/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "channel-demo.h"

#include <jailhouse/cell-config.h>

static struct ivshmem link;

static void __attribute__((noreturn)) give_up(const char *name, const char *what)
{
	printk("%s: refused: %s\n", name, what);
	stop();
}

void channel_demo_open(struct channel *channel, const char *name)
{
	const char *wrong;
	int bdf;

	pci_init();
	bdf = ivshmem_find(JAILHOUSE_SHMEM_PROTO_UNDEFINED);
	if (bdf < 0)
		give_up(name, "there is no link with protocol \"undefined\"");
	wrong = ivshmem_open(&link, bdf);
	if (wrong)
		give_up(name, wrong);
	ivshmem_irq_init(&link);
	wrong = channel_open(channel, &link, cmdline_parse_int("peer", link.at.id == 0));
	if (wrong)
		give_up(name, wrong);
	channel->polls = cmdline_parse_bool("poll", false);
	printk("%s: peer %u on %02x:%02x.%u, to peer %u%s\n", name, link.at.id, bdf >> 8,
	       bdf >> 3 & 0x1f, bdf & 7, channel->peer, channel->polls ? ", polling" : "");
}

void channel_demo_end(struct channel *channel, const char *name)
{
	printk("%s: done\n", name);
	jailhouse_ring_end(&channel->ring);
	ivshmem_set_state(channel->link, 0);
	stop();
}
