/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* All nodes and properties of the text form, for the test that docs/bindings/ lists the same. */
#ifndef LIB_CONFIG_BINDING_H
#define LIB_CONFIG_BINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "config/schema.h"
#include "internal.h"

struct jh_binding {
	const char *name; /* as in the file of the schema */
	const struct jh_schema *schema;
	const struct jh_schema *other;
	uint32_t section;        /* JAILHOUSE_SECTION_..., or none */
	const char *const *word; /* that are in no schema; NULL at the end; may be NULL */
};

/* NULL behind the last one. */
const struct jh_binding *jh_binding(size_t index);
/* Is it a property of that node? */
bool jh_binding_has(const struct jh_binding *node, const char *word);

#endif /* !LIB_CONFIG_BINDING_H */
