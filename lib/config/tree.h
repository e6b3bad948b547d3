/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reading of a device tree: what its nodes and properties share. */
#ifndef LIB_CONFIG_TREE_H
#define LIB_CONFIG_TREE_H

#include "config/check.h"
#include "config/schema.h"

struct jailhouse_tree {
	size_t count;
	struct jailhouse_builder **builder;
	char (*name)[32];
};

struct jh_reading {
	const void *fdt;
	struct jh_check check; /* collects the findings */
	struct jailhouse_tree *tree;
	struct jailhouse_builder *builder; /* of the node that is being read */
	uint32_t kind;
	uint32_t architecture;
};

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
			void *structure,
			bool (*other)(struct jh_reading *r, int node, const char *name,
				      const void *data, int size));

/* A node that is a structure inside another one; false if the schema has no such. */
bool jh_tree_inside(struct jh_reading *r, int node, const struct jh_schema *schema,
		    void *structure);

#endif /* !LIB_CONFIG_TREE_H */
