/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Links: one node makes an IVSHMEM device and its memory at each end. What the text does not say
 * is chosen so that all ends fit together, on x86 with MSI-X, on ARM with lines of the virtual PCI
 * host.
 */
#include <libfdt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/fields.h"
#include "config/link.h"
#include "config/sections.h"

#define STATE_SIZE      JH_PAGE_SIZE
#define MAX_SECTION     (1ull << 40)
#define DEFAULT_OUTPUT  0x10000u
#define VETH_OUTPUT     0x7f000u /* 1 MiB in all, as JAILHOUSE_SHMEM_NET_REGIONS */
#define NUM_SLOTS       32
#define VIRTUAL_ALIGN   0x200000ull
#define VIRTIO_BACK_BIT (JAILHOUSE_SHMEM_PROTO_VIRTIO_BACK ^ JAILHOUSE_SHMEM_PROTO_VIRTIO_FRONT)

uint64_t *jh_link_start(struct jh_reading *r, uint32_t index)
{
	return &r->link[index].phys_start;
}

static const char *name_of(const struct jh_reading *r, const struct jh_link *link)
{
	return fdt_get_name(r->fdt, link->node, NULL);
}

/* ---- reading ---- */

static void add_peer(struct jh_reading *r, struct jh_link *link, size_t config, const char *what)
{
	struct jh_link_peer *peer;
	uint32_t n;

	if (config == r->tree->count) {
		jh_tree_complain(r, link->node, "tree-value",
				 "peers: there is no configuration \"%.60s\"", what);
		return;
	}
	for (n = 0; n < link->num_peers; n++)
		if (link->peer[n].config == config) {
			jh_tree_complain(r, link->node, "tree-value", "peers: %.60s is there twice",
					 what);
			return;
		}
	if (link->num_peers == JH_LINK_MAX_PEERS) {
		jh_tree_complain(r, link->node, "tree-value", "peers: a link has at most %d",
				 JH_LINK_MAX_PEERS);
		return;
	}
	peer = &link->peer[link->num_peers++];
	memset(peer, 0, sizeof(*peer));
	peer->config = (uint32_t)config;
	peer->virt_start = JH_LINK_NOWHERE;
	peer->msix_vectors = JH_LINK_UNSET;
	peer->protocol = JH_LINK_UNSET;
}

static size_t find_by_name(const struct jh_reading *r, const char *name)
{
	size_t n = 0;

	while (n < r->tree->count &&
	       strcmp(fdt_get_name(r->fdt, r->tree->config[n].node, NULL), name) != 0)
		n++;
	return n;
}

/* Names of nodes, or references to them. */
static void read_peers(struct jh_reading *r, struct jh_link *link, const char *data, int size)
{
	const char *end = data + size;
	char text[16];
	uint64_t phandle;
	int node;

	if (size > 0 && data[0] && data[size - 1] == '\0') {
		for (; data < end; data += strlen(data) + 1)
			add_peer(r, link, find_by_name(r, data), data);
		return;
	}
	for (; data < end; data += 4) {
		if (end - data < 4) {
			jh_tree_complain(r, link->node, "tree-value",
					 "peers is neither a list of names nor of references");
			return;
		}
		jh_tree_numbers(r, link->node, "peers", data, 4, 4, &phandle, 1);
		node = fdt_node_offset_by_phandle(r->fdt, (uint32_t)phandle);
		snprintf(text, sizeof(text), "0x%" PRIx64, phandle);
		add_peer(r, link, node < 0 ? r->tree->count : jh_tree_find_config(r, node), text);
	}
}

static bool is_peers(struct jh_reading *r, int node, const char *name, const void *data, int size)
{
	(void)r;
	(void)node;
	(void)data;
	(void)size;
	return strcmp(name, "peers") == 0;
}

static struct jh_link_peer *find_peer(struct jh_reading *r, struct jh_link *link, const char *name)
{
	size_t config = find_by_name(r, name);
	uint32_t n;

	for (n = 0; n < link->num_peers; n++)
		if (link->peer[n].config == config)
			return &link->peer[n];
	return NULL;
}

static void check_bar_size(struct jh_reading *r, int node, uint32_t size)
{
	if (size && (size < JH_PAGE_SIZE || size & (size - 1)))
		jh_tree_complain(r, node, "tree-value",
				 "bar-size: 0x%x is not a power of two of at least 4096", size);
}

static void check_vectors(struct jh_reading *r, int node, uint32_t vectors)
{
	if (vectors != JH_LINK_UNSET && vectors > JAILHOUSE_IVSHMEM_MAX_VECTORS)
		jh_tree_complain(r, node, "tree-value", "msix-vectors: %u are more than %d",
				 vectors, JAILHOUSE_IVSHMEM_MAX_VECTORS);
}

static void check_size(struct jh_reading *r, const struct jh_link *link, const char *what,
		       uint64_t size)
{
	if (size & (JH_PAGE_SIZE - 1) || size > MAX_SECTION)
		jh_tree_complain(r, link->node, "tree-value",
				 "%s: 0x%" PRIx64 " bytes are not whole pages of at most 1 TiB",
				 what, size);
}

static void check_start(struct jh_reading *r, int node, const char *what, uint64_t start)
{
	if (start != JH_LINK_NOWHERE && start & (JH_PAGE_SIZE - 1))
		jh_tree_complain(r, node, "tree-value", "%s: 0x%" PRIx64 " is not the start of a page",
				 what, start);
}

static void check_link(struct jh_reading *r, const struct jh_link *link)
{
	check_bar_size(r, link->node, link->bar_size);
	check_vectors(r, link->node, link->msix_vectors);
	check_size(r, link, "output-size", link->output_size);
	check_size(r, link, "rw-size", link->rw_size);
	check_start(r, link->node, "phys-start", link->phys_start);
	if (link->phys_start != JH_LINK_NOWHERE && link->phys_start >> 47)
		jh_tree_complain(r, link->node, "tree-value",
				 "phys-start: 0x%" PRIx64 " is behind what can be mapped",
				 link->phys_start);
	if (link->num_peers < 2)
		jh_tree_complain(r, link->node, "tree-value", "peers: a link has at least 2");
	if (link->protocol & JAILHOUSE_SHMEM_PROTO_VIRTIO_FRONT && link->num_peers > 2)
		jh_tree_complain(r, link->node, "tree-value",
				 "virtio has two ends: the device's driver and the device");
}

static void read_link(struct jh_reading *r, int node)
{
	struct jh_link *link = realloc(r->link, (r->num_links + 1) * sizeof(*link));
	struct jh_link_peer *peer;
	const void *data;
	int child, size;

	if (!link) {
		r->check.no_memory = true;
		return;
	}
	r->link = link;
	link += r->num_links++;
	memset(link, 0, sizeof(*link));
	link->node = node;
	link->phys_start = JH_LINK_NOWHERE;
	link->bdf = JH_LINK_UNSET;
	link->msix_vectors = JH_LINK_UNSET;
	link->output_size = UINT64_MAX;
	jh_tree_properties(r, node, &jh_schema_link, link, is_peers);
	if (link->output_size == UINT64_MAX)
		link->output_size =
			link->protocol == JAILHOUSE_SHMEM_PROTO_VETH ? VETH_OUTPUT : DEFAULT_OUTPUT;
	data = fdt_getprop(r->fdt, node, "peers", &size);
	if (data)
		read_peers(r, link, data, size);
	fdt_for_each_subnode(child, r->fdt, node)
	{
		peer = find_peer(r, link, fdt_get_name(r->fdt, child, NULL));
		if (!peer) {
			jh_tree_complain(r, child, "tree-unknown", "this is not one of the peers");
			continue;
		}
		jh_tree_properties(r, child, &jh_schema_link_peer, peer, NULL);
		check_bar_size(r, child, peer->bar_size);
		check_vectors(r, child, peer->msix_vectors);
		check_start(r, child, "virt-start", peer->virt_start);
	}
	check_link(r, link);
}

void jh_links_read(struct jh_reading *r, int node)
{
	int child;

	/* Of all of them it is the same. */
	if (jh_tree_system(r))
		r->architecture = jh_tree_system(r)->architecture;
	else
		jh_tree_complain(
			r, node, "tree-missing",
			"links need the system in the same file: it has the memory, and the "
			"addresses that are taken");
	jh_tree_no_properties(r, node, NULL);
	fdt_for_each_subnode(child, r->fdt, node) read_link(r, child);
}

/* ---- choosing ---- */

static uint64_t total_size(const struct jh_link *link)
{
	return STATE_SIZE + link->rw_size + link->num_peers * link->output_size;
}

/* Slots of bus 0 where something is; complains about links that want the place of a device. */
static uint32_t find_used_slots(struct jh_reading *r)
{
	struct jailhouse_config_pci_device device;
	uint32_t used = 0, n, m;
	size_t c;

	for (c = 0; c < r->tree->count; c++)
		for (n = 0;
		     jh_tree_get(&r->tree->config[c], JAILHOUSE_SECTION_PCI_DEVICE, n, &device);
		     n++) {
			if (device.bdf >> 8 == 0)
				used |= 1u << (device.bdf >> 3);
			for (m = 0; m < r->num_links; m++)
				if (r->link[m].bdf == device.bdf)
					jh_tree_complain(r, r->link[m].node, "tree-value",
							 "bdf: %s has a device there",
							 r->tree->config[c].name);
		}
	for (m = 0; m < r->num_links; m++)
		if (r->link[m].bdf >> 8 == 0)
			used |= 1u << (r->link[m].bdf >> 3);
	return used;
}

/* On a host of its own from the first slot on, so that lines differ as long as they can; beside
 * real devices from slot 14 on, where machines have none. */
static uint32_t first_slot(const struct jailhouse_config_system *system, uint32_t architecture)
{
	return architecture != JAILHOUSE_X86 && system->pci_is_virtual ? 0 : 14;
}

static void choose_bdf(struct jh_reading *r, struct jh_link *link, uint32_t first, uint32_t *used)
{
	uint32_t n, slot;

	if (link->bdf != JH_LINK_UNSET)
		return;
	for (n = 0; n < NUM_SLOTS; n++) {
		slot = (first + n) % NUM_SLOTS;
		if (*used & 1u << slot)
			continue;
		*used |= 1u << slot;
		link->bdf = (uint16_t)(slot << 3);
		return;
	}
	jh_tree_complain(r, link->node, "tree-place", "all %d slots of PCI bus 0 are taken",
			 NUM_SLOTS);
}

static void choose_vectors(struct jh_link *link, uint32_t architecture)
{
	bool net = link->protocol == JAILHOUSE_SHMEM_PROTO_VETH;
	bool virtio = link->protocol & JAILHOUSE_SHMEM_PROTO_VIRTIO_FRONT;

	if (link->msix_vectors != JH_LINK_UNSET)
		return;
	/* State and frames; configuration and queues. */
	link->msix_vectors = architecture != JAILHOUSE_X86 ? 0
			     : net                         ? 2
			     : virtio                      ? 3
							   : JAILHOUSE_IVSHMEM_MAX_VECTORS;
}

void jh_links_choose(struct jh_reading *r)
{
	struct jailhouse_config_system system;
	struct jh_wish wish = {.what = JH_WISH_LINK};
	struct jh_link *link;
	uint32_t used, n;

	if (r->num_links == 0)
		return;
	jh_tree_get_system(jh_tree_system(r), &system);
	if (r->architecture != JAILHOUSE_X86 && !system.pci_mmconfig_base)
		jh_tree_complain(r, r->link[0].node, "tree-missing",
				 "the system needs pci-mmconfig-base for links, most likely with "
				 "pci-is-virtual");
	used = find_used_slots(r);
	for (n = 0; n < r->num_links; n++) {
		link = &r->link[n];
		choose_bdf(r, link, first_slot(&system, r->architecture), &used);
		choose_vectors(link, r->architecture);
		if (link->phys_start != JH_LINK_NOWHERE) {
			jh_ranges_add(&r->taken, link->phys_start, total_size(link));
			continue;
		}
		wish.index = n;
		wish.node = link->node;
		wish.size = total_size(link);
		jh_place_wish(r, &wish);
	}
}

/* ---- writing ---- */

static struct jailhouse_cell_desc *head_of(const struct jh_tree_config *config)
{
	return (void *)(jh_builder_data(config->builder) +
			(config->kind == JAILHOUSE_CONFIG_SYSTEM
				 ? offsetof(struct jailhouse_system, root_cell)
				 : 0));
}

/* Four lines that nobody has, for the four pins of a virtual host. */
static bool take_spare_lines(struct jh_reading *r, uint32_t *ret_base)
{
	uint32_t line, n;

	for (line = 32; line + 4 <= JH_NUM_LINES; line++) {
		for (n = 0; n < 4 && r->spare_lines[(line + n) / 64] >> ((line + n) % 64) & 1; n++)
			;
		if (n < 4)
			continue;
		for (n = 0; n < 4; n++)
			r->spare_lines[(line + n) / 64] &= ~(1ull << ((line + n) % 64));
		*ret_base = line - 32;
		return true;
	}
	return false;
}

/* Each cell has lines of its own, so that one can't raise those of another. */
static void add_pin(struct jh_reading *r, const struct jh_link *link, struct jh_tree_config *config)
{
	const struct jh_tree_config *root = jh_tree_system(r);
	struct jailhouse_config_system system;
	struct jailhouse_config_cell cell;
	uint32_t line;

	jh_tree_get_system(root, &system);
	/* Those of a real host are wired to other lines. */
	if (config == root && !system.pci_is_virtual) {
		jh_tree_complain(r, link->node, "tree-missing",
				 "lines of a real PCI host are not the hypervisor's to raise: the "
				 "system needs one with pci-is-virtual, or the link msix-vectors");
		return;
	}
	memset(&cell, 0, sizeof(cell));
	jh_fields_read(&jh_fields_cell, &cell, head_of(config));
	if (!config->has_pins && !fdt_getprop(r->fdt, config->node, "vpci-irq-base", NULL)) {
		if (!take_spare_lines(r, &cell.vpci_irq_base)) {
			jh_tree_complain(r, config->node, "tree-place",
					 "link %s needs vpci-irq-base here, or four more lines in "
					 "spare-spis of the system",
					 name_of(r, link));
			return;
		}
		jailhouse_builder_set_cell(config->builder, &cell);
	}
	config->has_pins = true;
	line = 32 + cell.vpci_irq_base + (link->bdf >> 3 & 3);
	if (cell.vpci_irq_base > JH_NUM_LINES - 36) {
		jh_tree_complain(r, config->node, "tree-value", "vpci-irq-base: there is no SPI %u",
				 cell.vpci_irq_base);
		return;
	}
	jh_config_add_line(r, config, system.gicd_base, line);
	if (config != root)
		jh_config_add_line(r, root, system.gicd_base, line);
}

/* Does the cell see something at [start, start + size) already? Then where that ends. */
static bool find_seen(const struct jh_tree_config *config, uint64_t start, uint64_t size,
		      uint64_t *ret_end)
{
	struct jailhouse_config_memory memory;
	uint32_t n;

	for (n = 0; jh_tree_get(config, JAILHOUSE_SECTION_MEMORY, n, &memory); n++) {
		if (memory.size == 0 || memory.virt_start > jh_last(start, size) ||
		    jh_last(memory.virt_start, memory.size) < start)
			continue;
		*ret_end = jh_last(memory.virt_start, memory.size);
		return true;
	}
	return false;
}

/* Where it is, or behind what is in the way. */
static uint64_t choose_virtual(struct jh_reading *r, const struct jh_link *link,
			       const struct jh_tree_config *config)
{
	uint64_t start = link->phys_start;
	uint64_t end;

	while (find_seen(config, start, total_size(link), &end)) {
		start = (end + VIRTUAL_ALIGN) & ~(VIRTUAL_ALIGN - 1);
		if (start < end || start >> 48) {
			jh_tree_complain(r, link->node, "tree-place",
					 "there is no address in %s where nothing else is",
					 config->name);
			break;
		}
	}
	return start;
}

/* State table, common section, output sections, one behind the other. */
static void add_sections(struct jh_reading *r, const struct jh_link *link,
			 const struct jh_tree_config *config, uint32_t id, uint64_t virt_start)
{
	struct jailhouse_config_memory memory = {.phys_start = link->phys_start,
						 .virt_start = virt_start};
	struct jailhouse_config_memory empty = {0};
	uint32_t n;

	for (n = 0; n < 2 + link->num_peers; n++) {
		memory.size = n == 0 ? STATE_SIZE : n == 1 ? link->rw_size : link->output_size;
		memory.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_ROOTSHARED;
		if (n == 1 || n == 2 + id)
			memory.flags |= JAILHOUSE_MEM_WRITE;
		jh_tree_set(r, config, JAILHOUSE_SECTION_MEMORY, JAILHOUSE_CONFIG_END,
			    memory.size ? &memory : &empty);
		memory.phys_start += memory.size;
		memory.virt_start += memory.size;
	}
}

static uint16_t protocol_of(const struct jh_link *link, uint32_t id)
{
	if (link->peer[id].protocol != JH_LINK_UNSET)
		return link->peer[id].protocol;
	/* The first one has the device, the other one its driver. */
	if (id == 0 && link->protocol & JAILHOUSE_SHMEM_PROTO_VIRTIO_FRONT)
		return link->protocol | VIRTIO_BACK_BIT;
	return link->protocol;
}

/* Returns the number of its messages. */
static uint32_t add_device(struct jh_reading *r, const struct jh_link *link,
			   const struct jh_tree_config *config, uint32_t id, uint16_t domain,
			   uint32_t regions_start)
{
	const struct jh_link_peer *peer = &link->peer[id];
	uint32_t bar_size = peer->bar_size   ? peer->bar_size
			    : link->bar_size ? link->bar_size
					     : JH_PAGE_SIZE;
	struct jailhouse_config_pci_device device = {
		.type = JAILHOUSE_PCI_TYPE_IVSHMEM,
		.iommu = peer->iommu,
		.domain = domain,
		.bdf = link->bdf,
		.num_msix_vectors = peer->msix_vectors != JH_LINK_UNSET ? peer->msix_vectors
									: link->msix_vectors,
		.shmem_regions_start = regions_start,
		.shmem_dev_id = (uint8_t)id,
		.shmem_peers = (uint8_t)link->num_peers,
		.shmem_protocol = protocol_of(link, id),
	};

	device.bar_mask[0] = ~(bar_size - 1);
	if (device.num_msix_vectors)
		device.bar_mask[1] = ~(bar_size - 1);
	jh_tree_set(r, config, JAILHOUSE_SECTION_PCI_DEVICE, JAILHOUSE_CONFIG_END, &device);
	return device.num_msix_vectors;
}

/* Returns whether it is the root cell. */
static bool write_peer(struct jh_reading *r, const struct jh_link *link, uint32_t id,
		       uint16_t domain)
{
	const struct jh_link_peer *peer = &link->peer[id];
	struct jh_tree_config *config = &r->tree->config[peer->config];
	uint64_t virt_start = peer->virt_start;
	uint32_t regions_start;

	if (config->kind == JAILHOUSE_CONFIG_SYSTEM && virt_start != JH_LINK_NOWHERE &&
	    virt_start != link->phys_start)
		jh_tree_complain(r, link->node, "tree-value",
				 "virt-start: the root cell sees memory where it is");
	if (config->kind == JAILHOUSE_CONFIG_SYSTEM)
		virt_start = link->phys_start;
	else if (virt_start == JH_LINK_NOWHERE)
		virt_start = choose_virtual(r, link, config);
	regions_start = jh_builder_count(config->builder, JAILHOUSE_SECTION_MEMORY);
	add_sections(r, link, config, id, virt_start);
	if (add_device(r, link, config, id, domain, regions_start) == 0 &&
	    config->architecture != JAILHOUSE_X86)
		add_pin(r, link, config);
	jh_text_add(&r->tree->map, "peer %s %u 0x%" PRIx64 " %s\n", name_of(r, link), id,
		    virt_start, config->name);
	return config->kind == JAILHOUSE_CONFIG_SYSTEM;
}

/* The root cell reads links between others: it reaches them anyway, but should not spoil them. */
static void show_root(struct jh_reading *r, const struct jh_link *link)
{
	struct jailhouse_config_memory memory = {
		.phys_start = link->phys_start,
		.virt_start = link->phys_start,
		.size = total_size(link),
		.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_ROOTSHARED,
	};

	jh_root_add_memory(r, &memory);
}

void jh_links_write(struct jh_reading *r)
{
	struct jailhouse_config_system system;
	struct jh_link *link;
	uint16_t domain;
	uint32_t n, id;
	bool has_root;

	if (r->num_links == 0)
		return;
	jh_tree_get_system(jh_tree_system(r), &system);
	/* 0xffff: Linux chooses that of its host, and nobody else looks at it. */
	domain = r->architecture != JAILHOUSE_X86 && system.pci_domain != 0xffff ? system.pci_domain
										 : 0;
	for (n = 0; n < r->num_links; n++) {
		link = &r->link[n];
		jh_text_add(&r->tree->map,
			    "link %s %04x:%02x:%02x.%x 0x%04x 0x%" PRIx64 " 0x%" PRIx64 "\n",
			    name_of(r, link), domain, link->bdf >> 8, link->bdf >> 3 & 0x1f,
			    link->bdf & 7, link->protocol, link->phys_start, total_size(link));
		/* Else it could write to all of it. */
		jh_root_cut(r, link->phys_start, link->phys_start + (total_size(link) - 1));
		has_root = false;
		for (id = 0; id < link->num_peers; id++)
			has_root |= write_peer(r, link, id, domain);
		if (!has_root)
			show_root(r, link);
	}
}
