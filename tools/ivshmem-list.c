/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <jailhouse/ivshmem-peer.h>

#include "commands.h"
#include "ivshmem.h"
#include "json.h"

/* What is known of a link, as far as its device can be opened. */
struct link {
	struct jailhouse_ivshmem_info info;
	char address[16];
	bool open, up;
	uint32_t id, max_peers;
};

/* Up: at least one other peer is there. */
static void look(struct cli *cli, struct link *link)
{
	struct jailhouse_ivshmem *device;
	uint32_t peer, state;

	cli_ivshmem_address(&link->info, link->address);
	link->open = link->up = false;
	if (jailhouse_ivshmem_open(cli->jh, link->address, &device, NULL) != 0)
		return;
	link->open = true;
	link->id = jailhouse_ivshmem_get_id(device);
	link->max_peers = jailhouse_ivshmem_get_max_peers(device);
	for (peer = 0; peer < link->max_peers; peer++)
		if (peer != link->id &&
		    jailhouse_ivshmem_get_state(device, peer, &state, NULL) == 0 && state)
			link->up = true;
	jailhouse_ivshmem_close(device);
}

static const char *access_name(uint32_t access)
{
	switch (access) {
	case JAILHOUSE_IVSHMEM_ACCESS_NONE:
		return "driver";
	case JAILHOUSE_IVSHMEM_ACCESS_UIO:
		return "uio";
	case JAILHOUSE_IVSHMEM_ACCESS_VFIO:
		return "vfio";
	case JAILHOUSE_IVSHMEM_ACCESS_MEMORY:
		return "polled";
	default:
		return "sim";
	}
}

static void print_row(struct cli *cli, const struct link *link)
{
	char cells[512], name[256], id[16] = "-", peers[16] = "-";

	if (link->open) {
		snprintf(id, sizeof(id), "%u", link->id);
		snprintf(peers, sizeof(peers), "%u", link->max_peers);
	}
	fprintf(cli->out, "%-14s%-12s%-9s0x%04x    %-5s%-7s%-7s%-12s%s\n", link->address,
		link->info.node[0] ? link->info.node : "-", access_name(link->info.access),
		link->info.protocol, id, peers, link->open ? link->up ? "up" : "down" : "-",
		link->info.link[0] ? cli_printable(link->info.link, name, sizeof(name)) : "-",
		cli_printable(link->info.cells, cells, sizeof(cells)));
}

static void print_object(struct json *json, const struct link *link)
{
	json_open_object(json, NULL);
	json_string(json, "device", link->address);
	json_string(json, "node", link->info.node);
	json_string(json, "access", access_name(link->info.access));
	json_hex(json, "protocol", link->info.protocol);
	json_string(json, "link", link->info.link);
	json_string(json, "cells", link->info.cells);
	if (link->open) {
		json_number(json, "id", link->id);
		json_number(json, "max_peers", link->max_peers);
		json_bool(json, "up", link->up);
	}
	json_close_object(json);
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_ivshmem_list *list;
	struct json json = {.out = cli->out};
	bool as_json = cli_args_has(args, 'j');
	struct link link = {.info = JAILHOUSE_IVSHMEM_INFO_INIT};
	size_t n;

	if (!cli_ivshmem_connect(cli))
		return CLI_FAILED;
	if (jailhouse_ivshmem_list_get(cli->jh, &list, &error) != 0)
		return cli_report(cli, NULL, &error);
	if (as_json)
		json_open_array(&json, NULL);
	else if (jailhouse_ivshmem_list_get_count(list))
		fprintf(cli->out, "%-14s%-12s%-9s%-10s%-5s%-7s%-7s%-12s%s\n", "Device", "Node",
			"Access", "Protocol", "ID", "Peers", "State", "Link", "Cells");
	for (n = 0; jailhouse_ivshmem_list_get_info(list, n, &link.info) == 0; n++) {
		look(cli, &link);
		if (as_json)
			print_object(&json, &link);
		else
			print_row(cli, &link);
	}
	if (as_json) {
		json_close_array(&json);
		json_end(&json);
	}
	jailhouse_ivshmem_list_free(list);
	return CLI_OK;
}

static const struct cli_option options[] = {
	{"json", 'j', false, NULL, "print JSON"},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_ivshmem_list = {
	.name = "list",
	.group = "ivshmem",
	.synopsis = "[--json]",
	.summary = "List the shared memory links of this cell.",
	.details = "A link is up if another peer has set a state. What can't be told, since the\n"
		   "device may not be opened, is \"-\". Access is \"polled\" where no driver is\n"
		   "bound to the device, \"driver\" where that is not one for programs. Names of\n"
		   "links come from /etc/jailhouse/links.map, which 'config build --map' writes.",
	.options = options,
	.min_words = 0,
	.max_words = 0,
	.run = run,
};
