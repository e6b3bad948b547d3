/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Who has what of an address space: ranges of several owners, cut where the owners change. */
#ifndef LIB_CONFIG_MAP_H
#define LIB_CONFIG_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jailhouse/config.h>
#include <jailhouse/render.h>

/* Owners that are no configurations */
#define JH_OWNER_HYPERVISOR  62
#define JH_OWNER_INTERCEPTED 63
#define JH_NUM_OWNERS	     64

enum jh_map_kind {
	JH_MAP_ROOT,
	JH_MAP_CELL,
	JH_MAP_SHARED,
	JH_MAP_HYPERVISOR,
	JH_MAP_INTERCEPTED,
	JH_MAP_CONFLICT,
	JH_MAP_NUM_KINDS,
};

struct jh_map_range {
	uint64_t start;
	uint64_t last;
	uint64_t flags;
	uint32_t owner; /* index of a configuration, or JH_OWNER_... */
	uint32_t index; /* of the region */
	bool shared;
};

struct jh_map_part {
	uint64_t start;
	uint64_t last;
	uint64_t owners; /* bits */
	uint64_t flags;  /* of the region of the last owner */
	enum jh_map_kind kind;
};

struct jh_map {
	struct jh_map_range *range; /* by start */
	size_t num_ranges, room;
	struct jh_map_part *part; /* by address; what nobody has is left out */
	size_t num_parts;
	bool every_range; /* parts end where a range does, even if the next one is like it */
	bool has_root;    /* owner 0 is the root cell */
	bool no_memory;
};

void jh_map_add(struct jh_map *map, const struct jh_map_range *range);
/* Sorts and cuts what was added. */
void jh_map_cut(struct jh_map *map);
void jh_map_free(struct jh_map *map);

/* What the maps of a set are made of; cut already. */
void jh_map_memory(struct jh_map *map, const struct jailhouse_config *configs, size_t count);
void jh_map_ports(struct jh_map *map, const struct jailhouse_config *configs, size_t count);
/* Lines of the interrupt controller at an address */
void jh_map_lines(struct jh_map *map, const struct jailhouse_config *configs, size_t count,
		  uint64_t chip);
void jh_map_cpus(struct jh_map *map, const struct jailhouse_config *configs, size_t count);

/* "root", "cell", "shared", "hypervisor", "intercepted", "CONFLICT" */
const char *jh_map_kind_name(enum jh_map_kind kind);

/* "root cell", or the cell's name made printable, in quotes if it is empty. */
struct jh_owner_name {
	char text[40];
};
struct jh_owner_name jh_owner_name(const struct jailhouse_config *configs, uint32_t owner);

#endif /* !LIB_CONFIG_MAP_H */
