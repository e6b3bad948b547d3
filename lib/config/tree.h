/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reading of a device tree: what its nodes and properties share. */
#ifndef LIB_CONFIG_TREE_H
#define LIB_CONFIG_TREE_H

#include "config/check.h"
#include "config/ranges.h"
#include "config/schema.h"
#include "config/text.h"

/* Interrupts that the format can express, those of the GIC */
#define JH_NUM_LINES 1024

struct jh_tree_config {
	struct jailhouse_builder *builder;
	char name[32];
	int node;
	uint32_t kind;
	uint32_t architecture;
	bool has_pins; /* vpci_irq_base was chosen */
};

struct jailhouse_tree {
	size_t count;
	struct jh_tree_config *config;
	struct jh_text map; /* see jailhouse_tree_get_map() */
};

/* Memory that gave its size only. */
struct jh_wish {
	uint32_t config;
	uint32_t index; /* of the region or link */
	uint32_t what;	/* enum */
	int node;
	uint64_t size;
	uint64_t alignment; /* 0: by its size */
	uint64_t start;	    /* once it was found */
	bool identity;	    /* the cell sees it where it is */
};

enum {
	JH_WISH_REGION,
	JH_WISH_HYPERVISOR,
	JH_WISH_LINK,
};

struct jh_reading {
	const void *fdt;
	const struct jailhouse_tree_options *options; /* never NULL */
	struct jh_check check;			      /* collects the findings */
	struct jailhouse_tree *tree;
	struct jailhouse_builder *builder; /* of the node that is being read */
	struct jh_tree_config *config;	   /* the same, once all of them have been read */
	uint32_t kind;
	uint32_t architecture;

	struct jh_wish *wish;
	size_t num_wishes;
	struct jh_ranges root_ram; /* of the root cell: RAM */
	struct jh_ranges pool;	   /* what the text gives away */
	struct jh_ranges taken;
	uint64_t spare_lines[JH_NUM_LINES / 64];
	struct jh_link *link;
	size_t num_links;
};

/* Properties that are in no schema; true: known. */
typedef bool jh_other_property(struct jh_reading *r, int node, const char *name, const void *data,
			       int size);

/* Notes a mistake at a node, by the name of its rule. */
void jh_tree_complain(struct jh_reading *r, int node, const char *rule_name, const char *format,
		      ...) JH_PRINTF(4, 5);

/*
 * A property of one or more cells of 4 or 8 bytes as numbers, at most `max`. Returns how many, or
 * -1 after a complaint.
 */
int jh_tree_numbers(struct jh_reading *r, int node, const char *name, const void *data, int size,
		    unsigned int width, uint64_t *value, int max);

/* One number, of either width. */
bool jh_tree_number(struct jh_reading *r, int node, const char *name, const void *data, int size,
		    uint64_t *ret_value);

/* Is it a string, and nothing behind it? */
bool jh_tree_is_string(const void *data, int size);

const struct jh_attr *jh_find_attr(const struct jh_schema *schema, const char *word, size_t length);

/*
 * Reads the properties of a node that a schema knows. `other` may take the rest; what it does not
 * take is complained about. Flags come before their raw bits, since dtc keeps the order, and a list
 * replaces what was.
 */
void jh_tree_properties(struct jh_reading *r, int node, const struct jh_schema *schema,
			void *structure, jh_other_property *other);

/* The same of a node that is there for what is below it. */
void jh_tree_no_properties(struct jh_reading *r, int node, jh_other_property *other);

/* A node that is a structure inside another one; false if the schema has no such. */
bool jh_tree_inside(struct jh_reading *r, int node, const struct jh_schema *schema, void *structure,
		    jh_other_property *other);

/* The configuration of a node, by its index; tree->count if there is none. */
size_t jh_tree_find_config(const struct jh_reading *r, int node);
/* The system; NULL if there is none. */
struct jh_tree_config *jh_tree_system(const struct jh_reading *r);

/* Elements of configurations that are being made, valid or not. False: there is none. */
bool jh_tree_get(const struct jh_tree_config *config, uint32_t section, uint32_t index,
		 void *element);
/* Writes one; JAILHOUSE_CONFIG_END adds it. */
void jh_tree_set(struct jh_reading *r, const struct jh_tree_config *config, uint32_t section,
		 uint32_t index, const void *element);
void jh_tree_get_system(const struct jh_tree_config *config,
			struct jailhouse_config_system *system);

/* ---- place.c: memory that can be at any place ---- */

/* Words of regions and of the hypervisor's memory that are in no schema. */
bool jh_place_property(struct jh_reading *r, int node, const char *name, const void *data,
		       int size);
bool jh_place_hypervisor_property(struct jh_reading *r, int node, const char *name,
				  const void *data, int size);
/* Notes what a region takes, offers or wishes; completes it. `index` is what it will have. */
void jh_place_region(struct jh_reading *r, int node, uint32_t index,
		     struct jailhouse_config_memory *memory);
void jh_place_hypervisor(struct jh_reading *r, int node,
			 const struct jailhouse_config_memory *memory);
/* Adds a wish of the configuration with that index. */
void jh_place_wish(struct jh_reading *r, const struct jh_wish *wish);
/* Finds a place for all wishes, and writes it down. */
void jh_place_all(struct jh_reading *r);

/* ---- root.c: what the root cell must have, or must not ---- */

/* Takes memory out of its regions. */
void jh_root_cut(struct jh_reading *r, uint64_t start, uint64_t last);
/* Adds what it lacks. */
void jh_root_add_memory(struct jh_reading *r, const struct jailhouse_config_memory *memory);
void jh_config_add_line(struct jh_reading *r, const struct jh_tree_config *config, uint64_t address,
			uint32_t line);

/* ---- link.c ---- */

void jh_links_read(struct jh_reading *r, int node);
/* Chooses what was not said, and wishes for memory. */
void jh_links_choose(struct jh_reading *r);
/* Writes them to all peers, once their memory has its place. */
void jh_links_write(struct jh_reading *r);
uint64_t *jh_link_start(struct jh_reading *r, uint32_t index);

/* ---- tree-devices.c ---- */

/* The devices of a cell; `r` is at that cell. */
void jh_devices_read(struct jh_reading *r, int node);

#endif /* !LIB_CONFIG_TREE_H */
