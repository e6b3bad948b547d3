/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Properties of a device tree as members of structures. */
#include <libfdt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config/tree.h"

#define MAX_PATH_SIZE 160

void jh_tree_complain(struct jh_reading *r, int node, const char *rule_name, const char *format,
		      ...)
{
	const struct jh_rule *rule = jh_rule_by_name(rule_name);
	char path[MAX_PATH_SIZE] = "?";
	char text[JAILHOUSE_FINDING_TEXT_SIZE];
	struct jailhouse_place place = jh_nowhere();
	va_list args;

	place.config = (uint32_t)r->tree->count;
	fdt_get_path(r->fdt, node, path, sizeof(path));
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	jh_find(&r->check, rule, place, jh_nowhere(), "%s: %s", path, text);
}

/* A property of one or more cells of 4 or 8 bytes as numbers. Returns how many, or -1 after a
 * complaint. */
int jh_tree_numbers(struct jh_reading *r, int node, const char *name, const void *data, int size,
		    unsigned int width, uint64_t *value, int max)
{
	const uint8_t *byte = data;
	int n, i;

	if (size == 0 || size % (int)width || size / (int)width > max) {
		jh_tree_complain(r, node, "tree-value",
				 "%s has %d bytes, which is not %s%d number%s of %u bytes", name,
				 size, max > 1 ? "up to " : "", max, max > 1 ? "s" : "", width);
		return -1;
	}
	for (n = 0; n < size / (int)width; n++) {
		value[n] = 0;
		for (i = 0; i < (int)width; i++)
			value[n] = value[n] << 8 | *byte++;
	}
	return n;
}

bool jh_tree_number(struct jh_reading *r, int node, const char *name, const void *data, int size,
		    uint64_t *ret_value)
{
	return jh_tree_numbers(r, node, name, data, size, size == 8 ? 8 : 4, ret_value, 1) == 1;
}

bool jh_tree_is_string(const void *data, int size)
{
	const char *string = data;

	return size > 1 && strnlen(string, (size_t)size) == (size_t)size - 1;
}

static void read_flags(struct jh_reading *r, int node, const char *name,
		       const struct jh_names *names, const char *data, int size,
		       uint64_t *ret_flags)
{
	const char *end = data + size;
	uint64_t bit;

	if (size > 0 && data[size - 1] != '\0') {
		jh_tree_complain(r, node, "tree-value", "%s is not a list of strings", name);
		return;
	}
	*ret_flags = 0;
	for (; data < end; data += strlen(data) + 1) {
		if (jh_value_of_word(names, data, &bit) == 0)
			*ret_flags |= bit;
		else
			jh_tree_complain(r, node, "tree-value", "%s: there is no \"%.40s\"", name,
					 data);
	}
}

/* "1f.2", "00:1f.2": bus << 8 | device << 3 | function */
static bool parse_address(const char *text, uint64_t *ret_value)
{
	unsigned int bus, device, function;
	int end = 0;

	if (sscanf(text, "%2x:%2x.%1u%n", &bus, &device, &function, &end) != 3) {
		bus = 0;
		if (sscanf(text, "%2x.%1u%n", &device, &function, &end) != 2)
			return false;
	}
	if (text[end])
		return false;
	if (device > 31 || function > 7)
		return false;
	*ret_value = bus << 8 | device << 3 | function;
	return true;
}

static void set_number(struct jh_reading *r, int node, const struct jh_attr *attr, void *structure,
		       uint32_t index, uint64_t value)
{
	if (jh_attr_set(attr, structure, index, value) != 0)
		jh_tree_complain(r, node, "tree-value", "%s: 0x%llx does not fit %u bits",
				 attr->word, (unsigned long long)value, 8 * attr->size);
}

static void read_attr(struct jh_reading *r, int node, const struct jh_attr *attr, const void *data,
		      int size, void *structure)
{
	uint64_t value[8];
	int n, count;

	if (attr->form == JH_ATTR_TEXT) {
		if (!jh_tree_is_string(data, size) || size > attr->size)
			jh_tree_complain(r, node, "tree-value",
					 "%s is not a string of 1 to %u characters", attr->word,
					 attr->size - 1);
		else
			memcpy((char *)structure + attr->offset, data, (size_t)size);
		return;
	}
	if (attr->form == JH_ATTR_FLAGS) {
		value[0] = jh_attr_get(attr, structure, 0);
		read_flags(r, node, attr->word, attr->names, data, size, &value[0]);
		set_number(r, node, attr, structure, 0, value[0]);
		return;
	}
	if (attr->form == JH_ATTR_ENUM && jh_tree_is_string(data, size)) {
		/* A word of three letters could be a number as well. */
		if (jh_value_of_word(attr->names, data, &value[0]) == 0) {
			set_number(r, node, attr, structure, 0, value[0]);
			return;
		}
		if (size != 4) {
			jh_tree_complain(r, node, "tree-value", "%s: there is no \"%.40s\"",
					 attr->word, (const char *)data);
			return;
		}
	}
	/* "1.0" has four bytes as well; as a number it would be too large. */
	if (attr->form == JH_ATTR_ADDRESS && jh_tree_is_string(data, size)) {
		if (parse_address(data, &value[0]))
			set_number(r, node, attr, structure, 0, value[0]);
		else
			jh_tree_complain(r, node, "tree-value",
					 "%s: \"%.40s\" is not a PCI address like 00:1f.2",
					 attr->word, (const char *)data);
		return;
	}
	if (attr->count == 1) {
		if (jh_tree_number(r, node, attr->word, data, size, &value[0]))
			set_number(r, node, attr, structure, 0, value[0]);
		return;
	}
	count = jh_tree_numbers(r, node, attr->word, data, size, 4, value, attr->count);
	for (n = 0; n < count; n++)
		set_number(r, node, attr, structure, (uint32_t)n, value[n]);
}

const struct jh_attr *jh_find_attr(const struct jh_schema *schema, const char *word, size_t length)
{
	uint32_t n;

	for (n = 0; n < schema->count; n++)
		if (strlen(schema->attr[n].word) == length &&
		    memcmp(schema->attr[n].word, word, length) == 0)
			return &schema->attr[n];
	return NULL;
}

/* NAME-raw: bits of a flags property that have no name. */
static bool read_raw_flags(struct jh_reading *r, int node, const struct jh_schema *schema,
			   const char *name, const void *data, int size, void *structure)
{
	size_t length = strlen(name);
	const struct jh_attr *attr;
	uint64_t value;

	if (length < 5 || strcmp(name + length - 4, "-raw") != 0)
		return false;
	attr = jh_find_attr(schema, name, length - 4);
	if (!attr || attr->form != JH_ATTR_FLAGS)
		return false;
	if (jh_tree_number(r, node, name, data, size, &value))
		set_number(r, node, attr, structure, 0, jh_attr_get(attr, structure, 0) | value);
	return true;
}

static bool has_architecture(const struct jh_reading *r, const struct jh_attr *attr)
{
	return attr->archs >> r->architecture & 1;
}

void jh_tree_properties(struct jh_reading *r, int node, const struct jh_schema *schema,
			void *structure, jh_other_property *other)
{
	const struct jh_attr *attr;
	const char *name;
	const void *data;
	int property, size;

	fdt_for_each_property_offset(property, r->fdt, node)
	{
		data = fdt_getprop_by_offset(r->fdt, property, &name, &size);
		if (!data)
			continue;
		attr = jh_find_attr(schema, name, strlen(name));
		if (attr && attr->form != JH_ATTR_STRUCT && has_architecture(r, attr))
			read_attr(r, node, attr, data, size, structure);
		else if (attr && attr->form != JH_ATTR_STRUCT)
			jh_tree_complain(r, node, "tree-unknown",
					 "%s does not exist on this architecture", name);
		else if (!read_raw_flags(r, node, schema, name, data, size, structure) &&
			 !(other && other(r, node, name, data, size)) &&
			 strcmp(name, "phandle") != 0)
			jh_tree_complain(r, node, "tree-unknown", "there is no property \"%.60s\"",
					 name);
	}
}

void jh_tree_no_properties(struct jh_reading *r, int node, jh_other_property *other)
{
	static const struct jh_schema none;

	jh_tree_properties(r, node, &none, NULL, other);
}

bool jh_tree_inside(struct jh_reading *r, int node, const struct jh_schema *schema, void *structure,
		    jh_other_property *other)
{
	const char *name = fdt_get_name(r->fdt, node, NULL);
	const struct jh_attr *attr = name ? jh_find_attr(schema, name, strlen(name)) : NULL;
	int child;

	if (!attr || attr->form != JH_ATTR_STRUCT)
		return false;
	jh_tree_properties(r, node, attr->schema, (char *)structure + attr->offset, other);
	fdt_for_each_subnode(child, r->fdt, node)
		jh_tree_complain(r, child, "tree-unknown", "a structure has no nodes");
	return true;
}
