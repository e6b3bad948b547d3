/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Names of what exists in the text form only: nodes that stand for more than one element. */
#include "config/binding.h"
#include "config/devices.h"
#include "config/link.h"

#define ALL 7

#define VALUES(table, prefix)                       \
	{                                           \
		prefix, JH_ARRAY_SIZE(table), table \
	}
#define ATTR(type, member, word, form, names)                                                     \
	{                                                                                         \
#member, word, offsetof(type, member), sizeof(((type *)0)->member), 1, form, ALL, \
			names, NULL                                                               \
	}
#define SCHEMA(table, type)                               \
	{                                                 \
		table, JH_ARRAY_SIZE(table), sizeof(type) \
	}

/* Of virtio both ends have their own number, see link.c. */
static const struct jh_value_name protocols[] = {
	{JAILHOUSE_SHMEM_PROTO_UNDEFINED, "UNDEFINED"},
	{JAILHOUSE_SHMEM_PROTO_VETH, "VETH"},
	{JAILHOUSE_SHMEM_PROTO_CUSTOM, "CUSTOM"},
	{JAILHOUSE_SHMEM_PROTO_VIRTIO_FRONT + VIRTIO_DEV_NET, "VIRTIO_NET"},
	{JAILHOUSE_SHMEM_PROTO_VIRTIO_FRONT + VIRTIO_DEV_BLOCK, "VIRTIO_BLOCK"},
	{JAILHOUSE_SHMEM_PROTO_VIRTIO_FRONT + VIRTIO_DEV_CONSOLE, "VIRTIO_CONSOLE"},
};
static const struct jh_names protocol_names = VALUES(protocols, "JAILHOUSE_SHMEM_PROTO_");

#define T struct jh_link
static const struct jh_attr link_attrs[] = {
	ATTR(T, protocol, "protocol", JH_ATTR_ENUM, &protocol_names),
	ATTR(T, output_size, "output-size", JH_ATTR_HEX, NULL),
	ATTR(T, rw_size, "rw-size", JH_ATTR_HEX, NULL),
	ATTR(T, phys_start, "phys-start", JH_ATTR_HEX, NULL),
	ATTR(T, bdf, "bdf", JH_ATTR_ADDRESS, NULL),
	ATTR(T, bar_size, "bar-size", JH_ATTR_HEX, NULL),
	ATTR(T, msix_vectors, "msix-vectors", JH_ATTR_DEC, NULL),
};
const struct jh_schema jh_schema_link = SCHEMA(link_attrs, T);
#undef T

#define T struct jh_link_peer
static const struct jh_attr peer_attrs[] = {
	ATTR(T, virt_start, "virt-start", JH_ATTR_HEX, NULL),
	ATTR(T, protocol, "protocol", JH_ATTR_ENUM, &protocol_names),
	ATTR(T, bar_size, "bar-size", JH_ATTR_HEX, NULL),
	ATTR(T, msix_vectors, "msix-vectors", JH_ATTR_DEC, NULL),
	ATTR(T, iommu, "iommu", JH_ATTR_DEC, NULL),
};
const struct jh_schema jh_schema_link_peer = SCHEMA(peer_attrs, T);
#undef T

#define T struct jh_device
static const struct jh_attr device_attrs[] = {
	ATTR(T, bdf, "pci", JH_ATTR_ADDRESS, NULL),
	ATTR(T, domain, "domain", JH_ATTR_HEX, NULL),
	ATTR(T, flags, "flags", JH_ATTR_FLAGS, &jh_memory_names),
};
const struct jh_schema jh_schema_device = SCHEMA(device_attrs, T);
#undef T

/* ---- the whole binding ---- */

static const char *const root_words[] = {"architecture", "compatible", "model", NULL};
static const char *const system_words[] = {"architecture", "cpus",       "cpu-set-size",
					   "trailing",     "spare-spis", NULL};
static const char *const cell_words[] = {"architecture", "cpus", "cpu-set-size", "trailing", NULL};
static const char *const memory_words[] = {"alignment", "identity", "pool", NULL};
static const char *const hypervisor_words[] = {"alignment", NULL};
static const char *const link_words[] = {"peers", NULL};
static const char *const device_words[] = {"device", "bar-start", NULL};

#define SECTION(name, section, words)            \
	{                                        \
		name, NULL, NULL, section, words \
	}
#define NO_SECTION JAILHOUSE_NUM_SECTIONS
static const struct jh_binding binding[] = {
	{"root", NULL, NULL, NO_SECTION, root_words},
	{"system", &jh_schema_cell, &jh_schema_system, NO_SECTION, system_words},
	{"cell", &jh_schema_cell, NULL, NO_SECTION, cell_words},
	{"console", &jh_schema_console, NULL, NO_SECTION, NULL},
	{"hypervisor-memory", &jh_schema_memory, NULL, NO_SECTION, hypervisor_words},
	{"iommu", &jh_schema_iommu, NULL, NO_SECTION, NULL},
	SECTION("memory-region", JAILHOUSE_SECTION_MEMORY, memory_words),
	SECTION("cache-region", JAILHOUSE_SECTION_CACHE, NULL),
	SECTION("irqchip", JAILHOUSE_SECTION_IRQCHIP, NULL),
	SECTION("pio-region", JAILHOUSE_SECTION_PIO, NULL),
	SECTION("pci-device", JAILHOUSE_SECTION_PCI_DEVICE, NULL),
	SECTION("pci-cap", JAILHOUSE_SECTION_PCI_CAP, NULL),
	SECTION("stream-id", JAILHOUSE_SECTION_STREAM_ID, NULL),
	{"device", &jh_schema_device, NULL, NO_SECTION, device_words},
	{"link", &jh_schema_link, NULL, NO_SECTION, link_words},
	{"link-peer", &jh_schema_link_peer, NULL, NO_SECTION, NULL},
};

const struct jh_binding *jh_binding(size_t index)
{
	return index < JH_ARRAY_SIZE(binding) ? &binding[index] : NULL;
}

static bool has_word(const struct jh_schema *schema, const char *word)
{
	const struct jh_attr *attr = schema ? jh_find_attr(schema, word, strlen(word)) : NULL;
	size_t length = strlen(word);

	if (attr)
		return attr->form != JH_ATTR_STRUCT;
	if (!schema || length < 5 || strcmp(word + length - 4, "-raw") != 0)
		return false;
	attr = jh_find_attr(schema, word, length - 4);
	return attr && attr->form == JH_ATTR_FLAGS;
}

bool jh_binding_has(const struct jh_binding *node, const char *word)
{
	const struct jh_section_schema *section = jh_section_schema(node->section);
	size_t n;

	for (n = 0; node->word && node->word[n]; n++)
		if (strcmp(node->word[n], word) == 0)
			return true;
	return has_word(node->schema, word) || has_word(node->other, word) ||
	       (section && has_word(&section->schema, word));
}
