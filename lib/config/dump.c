/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The walk over a configuration for all forms of text. */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "config/dump.h"
#include "config/sections.h"

/* Lines are broken here. */
#define MAX_COLUMN 100

void jh_dump_indent(struct jh_dump *dump)
{
	unsigned int n;

	for (n = 0; n < dump->depth; n++)
		jh_text_add(&dump->text, "\t");
}

void jh_dump_item(struct jh_dump *dump, const char *item)
{
	if (jh_text_column(&dump->text) + strlen(item) >= MAX_COLUMN) {
		jh_text_add(&dump->text, "\n");
		jh_dump_indent(dump);
		jh_text_add(&dump->text, "\t");
	}
	jh_text_add(&dump->text, "%s", item);
}

static bool is_zero(const struct jh_attr *attr, const void *structure)
{
	uint32_t n;

	for (n = 0; n < attr->count; n++)
		if (jh_attr_get(attr, structure, n) != 0)
			return false;
	return true;
}

static bool is_all_zero(const void *structure, size_t size)
{
	const char *byte = structure;
	size_t n;

	for (n = 0; n < size; n++)
		if (byte[n])
			return false;
	return true;
}

/* In device tree source memory without an address is given one, so 0 has to be said. */
static bool is_address_zero(const struct jh_dump *dump, const struct jh_attr *attr,
			    const void *structure)
{
	const struct jailhouse_config_memory *memory = structure;

	return dump->form == &jh_form_dts && strcmp(attr->word, "phys-start") == 0 &&
	       memory->size > 0 && !(memory->flags & JAILHOUSE_MEM_COMM_REGION);
}

static void dump_scalars(struct jh_dump *dump, const struct jh_schema *schema,
			 const void *structure)
{
	const struct jh_attr *attr;
	uint32_t n;

	for (n = 0; n < schema->count; n++) {
		attr = &schema->attr[n];
		if (!(attr->archs >> dump->config->architecture & 1) ||
		    attr->form == JH_ATTR_STRUCT)
			continue;
		if (attr->form == JH_ATTR_TEXT || dump->form->zeros || !is_zero(attr, structure) ||
		    is_address_zero(dump, attr, structure))
			dump->form->attr(dump, attr, structure);
	}
}

static void dump_structs(struct jh_dump *dump, const struct jh_schema *schema,
			 const void *structure)
{
	const struct jh_attr *attr;
	const void *inside;
	uint32_t n;

	for (n = 0; n < schema->count; n++) {
		attr = &schema->attr[n];
		inside = (const char *)structure + attr->offset;
		if (attr->form != JH_ATTR_STRUCT ||
		    (!dump->form->zeros && is_all_zero(inside, attr->schema->size)))
			continue;
		/* Structures inside these do not exist. */
		dump->form->open_struct(dump, attr->name, attr->word);
		dump_scalars(dump, attr->schema, inside);
		dump->form->close_struct(dump);
	}
}

static void dump_iommus(struct jh_dump *dump)
{
	struct jailhouse_config_iommu iommu;
	char c_name[48], word[24];
	uint32_t n;

	for (n = 0; jailhouse_config_get_iommu(dump->config, n, &iommu) == 0; n++) {
		if (is_all_zero(&iommu, sizeof(iommu)))
			continue;
		snprintf(c_name, sizeof(c_name), "platform_info.iommu_units[%u]", n);
		snprintf(word, sizeof(word), "iommu-%u", n);
		dump->form->open_struct(dump, c_name, word);
		dump_scalars(dump, &jh_schema_iommu, &iommu);
		dump->form->close_struct(dump);
	}
}

static void dump_sections(struct jh_dump *dump)
{
	const struct jh_section_schema *section;
	_Alignas(8) char element[JH_MAX_SCHEMA_SIZE];
	uint32_t s, n;

	for (s = 0; s < JAILHOUSE_NUM_SECTIONS; s++) {
		section = jh_section_schema(s);
		if (!section || dump->config->count[s] == 0)
			continue;
		dump->form->open_section(dump, section);
		for (n = 0; jh_get_element(dump->config, s, n, element) == 0; n++) {
			dump->form->open_element(dump, section, n);
			dump_scalars(dump, &section->schema, element);
			dump->form->close_element(dump);
		}
		dump->form->close_section(dump, section);
	}
}

/* A head with nothing in it but what has a name. */
static struct jailhouse_builder *named_head(const struct jailhouse_config *config)
{
	struct jailhouse_config_system system;
	struct jailhouse_config_iommu iommu;
	struct jailhouse_config_cell cell;
	struct jailhouse_builder *builder;
	size_t length;
	uint32_t n;

	if (jailhouse_builder_new(config->kind, config->architecture, &builder, NULL) != 0)
		return NULL;
	if (jailhouse_config_get_system(config, &system) == 0)
		jailhouse_builder_set_system(builder, &system);
	for (n = 0; jailhouse_config_get_iommu(config, n, &iommu) == 0; n++)
		jailhouse_builder_set_iommu(builder, n, &iommu);
	jailhouse_config_get_cell(config, &cell);
	length = strnlen(cell.name, sizeof(cell.name));
	memset(cell.name + length, 0, sizeof(cell.name) - length);
	jailhouse_builder_set_cell(builder, &cell);
	return builder;
}

uint8_t *jh_nameless_bytes(const struct jailhouse_config *config)
{
	struct jailhouse_builder *builder = named_head(config);
	uint32_t size = (uint32_t)jh_head_size(config->kind);
	uint32_t counts = size - sizeof(struct jailhouse_cell_desc) + jh_section_count_offset(0);
	const uint8_t *bytes = config->data, *named;
	uint8_t *nameless = calloc(size, 1);
	uint32_t n;

	if (builder && nameless) {
		named = jh_builder_data(builder);
		/* The counts come from the sections. */
		for (n = 0; n < size; n++)
			if (n < counts || n >= counts + 4 * JAILHOUSE_NUM_SECTIONS)
				nameless[n] = bytes[n] ^ named[n];
	} else {
		free(nameless);
		nameless = NULL;
	}
	jailhouse_builder_free(builder);
	return nameless;
}

static void dump_raw(struct jh_dump *dump)
{
	uint32_t size = (uint32_t)jh_head_size(dump->config->kind);
	uint8_t *nameless = jh_nameless_bytes(dump->config);
	const uint8_t *bytes = dump->config->data;
	uint32_t start, n;

	if (!nameless) {
		dump->text.no_memory = true;
		return;
	}
	for (n = 0; n < size; n++) {
		for (start = n; n < size && nameless[n]; n++)
			;
		if (n > start)
			dump->form->raw(dump, start, bytes + start, n - start);
	}
	free(nameless);
}

static void dump_trailing(struct jh_dump *dump)
{
	const struct jailhouse_config *config = dump->config;

	if (config->trailing)
		dump->form->trailing(dump, (const uint8_t *)config->data + config->length,
				     (size_t)config->trailing);
}

/* Head by head, then the sections. */
static void walk_nested(struct jh_dump *dump, const struct jailhouse_config_system *system,
			const struct jailhouse_config_cell *cell)
{
	if (system) {
		dump->form->open_head(dump, &jh_schema_system);
		dump_scalars(dump, &jh_schema_system, system);
		dump_structs(dump, &jh_schema_system, system);
		dump_iommus(dump);
		dump->form->close_head(dump, &jh_schema_system);
	}
	dump->form->open_head(dump, &jh_schema_cell);
	dump_scalars(dump, &jh_schema_cell, cell);
	dump_structs(dump, &jh_schema_cell, cell);
	dump->form->cpus(dump);
	dump->form->close_head(dump, &jh_schema_cell);
	dump_sections(dump);
	dump_raw(dump);
	dump_trailing(dump);
}

/* All that is no structure first, whatever head it belongs to. */
static void walk_flat(struct jh_dump *dump, const struct jailhouse_config_system *system,
		      const struct jailhouse_config_cell *cell)
{
	dump_scalars(dump, &jh_schema_cell, cell);
	dump->form->cpus(dump);
	if (system)
		dump_scalars(dump, &jh_schema_system, system);
	dump_raw(dump);
	dump_trailing(dump);
	if (system) {
		dump_structs(dump, &jh_schema_system, system);
		dump_iommus(dump);
	}
	dump_structs(dump, &jh_schema_cell, cell);
	dump_sections(dump);
}

static void walk(struct jh_dump *dump)
{
	struct jailhouse_config_system system;
	struct jailhouse_config_cell cell;
	bool has_system = jailhouse_config_get_system(dump->config, &system) == 0;

	jailhouse_config_get_cell(dump->config, &cell);
	dump->form->begin(dump);
	if (dump->form->flat)
		walk_flat(dump, has_system ? &system : NULL, &cell);
	else
		walk_nested(dump, has_system ? &system : NULL, &cell);
	dump->form->end(dump);
}

int jailhouse_config_dump(const struct jailhouse_config *config, uint32_t form, char **ret_text,
			  struct jailhouse_error *error)
{
	static const struct jh_form *const forms[] = {
		[JAILHOUSE_TEXT_DTS] = &jh_form_dts,
		[JAILHOUSE_TEXT_C] = &jh_form_c,
		[JAILHOUSE_TEXT_JSON] = &jh_form_json,
	};
	struct jh_dump dump = {.config = config, .first = true};

	if (!config || !ret_text || form >= JH_ARRAY_SIZE(forms))
		return jh_error_argument(error, "config, form or ret_text");
	dump.form = forms[form];
	walk(&dump);
	if (dump.text.no_memory) {
		jh_text_free(&dump.text);
		return jh_error_no_memory(error);
	}
	*ret_text = dump.text.data;
	return 0;
}

void jailhouse_text_free(char *text)
{
	free(text);
}
