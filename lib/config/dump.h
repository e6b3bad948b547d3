/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A configuration as text. The walk over it is the same for all forms; a form writes what the walk
 * meets. Each form can say everything, down to bytes that have no name, so that what is built from
 * the text is the same again.
 */
#ifndef LIB_CONFIG_DUMP_H
#define LIB_CONFIG_DUMP_H

#include "config/schema.h"
#include "config/text.h"

struct jh_dump;

struct jh_form {
	bool zeros; /* members that are 0 are written, too */
	bool flat;  /* both heads are one; what is no structure comes first */
	void (*begin)(struct jh_dump *dump);
	void (*end)(struct jh_dump *dump);
	/* The head of the system, then that of the (root) cell; in the latter stands the CPU set.
	 */
	void (*open_head)(struct jh_dump *dump, const struct jh_schema *schema);
	void (*close_head)(struct jh_dump *dump, const struct jh_schema *schema);
	void (*cpus)(struct jh_dump *dump);
	void (*open_struct)(struct jh_dump *dump, const char *c_name, const char *word);
	void (*close_struct)(struct jh_dump *dump);
	void (*open_section)(struct jh_dump *dump, const struct jh_section_schema *section);
	void (*close_section)(struct jh_dump *dump, const struct jh_section_schema *section);
	void (*open_element)(struct jh_dump *dump, const struct jh_section_schema *section,
			     uint32_t index);
	void (*close_element)(struct jh_dump *dump);
	void (*attr)(struct jh_dump *dump, const struct jh_attr *attr, const void *structure);
	/* Bytes of the head without a name, and what stands behind the sections */
	void (*raw)(struct jh_dump *dump, uint32_t offset, const uint8_t *bytes, uint32_t size);
	void (*trailing)(struct jh_dump *dump, const uint8_t *bytes, size_t size);
};

struct jh_dump {
	const struct jh_form *form;
	const struct jailhouse_config *config;
	struct jh_text text;
	unsigned int depth;
	bool first; /* nothing stands in the present structure yet */
};

extern const struct jh_form jh_form_c;
extern const struct jh_form jh_form_json;
extern const struct jh_form jh_form_dts;

/*
 * For each byte of the head which of its bits differ from a head made of what has names; 0 for the counts.
 * Allocated; NULL without memory.
 */
uint8_t *jh_nameless_bytes(const struct jailhouse_config *config);

/* Tabs, one for each level. */
void jh_dump_indent(struct jh_dump *dump);
/* An item of a list; in the next line, one tab deeper, if it does not fit into this one. */
void jh_dump_item(struct jh_dump *dump, const char *item);

#endif /* !LIB_CONFIG_DUMP_H */
