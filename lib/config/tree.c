/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Configurations from a compiled device tree, in the form that docs/config-text.md describes. All
 * mistakes are reported, not only the first one, each with the path of its node.
 */
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/fdt-check.h"
#include "config/fields.h"
#include "config/sections.h"
#include "config/tree.h"

static uint32_t find_section(const char *word)
{
	const struct jh_section_schema *section;
	uint32_t s;

	for (s = 0; s < JAILHOUSE_NUM_SECTIONS; s++) {
		section = jh_section_schema(s);
		if (section && strcmp(section->word, word) == 0)
			return s;
	}
	return JAILHOUSE_NUM_SECTIONS;
}

static void read_section(struct jh_reading *r, int node, uint32_t section)
{
	const struct jh_schema *schema = &jh_section_schema(section)->schema;
	_Alignas(8) char element[JH_MAX_SCHEMA_SIZE];
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	int child;

	jh_tree_no_properties(r, node, NULL);
	fdt_for_each_subnode(child, r->fdt, node)
	{
		int grandchild;

		memset(element, 0, sizeof(element));
		jh_tree_properties(r, child, schema, element,
				   section == JAILHOUSE_SECTION_MEMORY ? jh_place_property : NULL);
		if (section == JAILHOUSE_SECTION_MEMORY)
			jh_place_region(r, child, jh_builder_count(r->builder, section),
					(void *)element);
		fdt_for_each_subnode(grandchild, r->fdt, child)
			jh_tree_complain(r, grandchild, "tree-unknown", "an element has no nodes");
		if (jh_set_element(r->builder, section, JAILHOUSE_CONFIG_END, element, &error) != 0)
			r->check.no_memory = true;
	}
}

static void read_cpus(struct jh_reading *r, int node, const void *data, int size)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint64_t cpu;
	int n, err;

	for (n = 0; n < size / 4; n++) {
		jh_tree_numbers(r, node, "cpus", (const char *)data + 4 * n, 4, 4, &cpu, 1);
		err = jailhouse_builder_set_cpu(r->builder, (uint32_t)cpu, 1, &error);
		if (err == JAILHOUSE_ERR_NO_MEMORY)
			r->check.no_memory = true;
		else if (err)
			jh_tree_complain(r, node, "tree-value", "cpus: there is no CPU %llu",
					 (unsigned long long)cpu);
	}
	if (size % 4)
		jh_tree_complain(r, node, "tree-value", "cpus is not a list of numbers");
}

static void read_cpu_set_size(struct jh_reading *r, int node, const void *data, int size)
{
	uint32_t have = jh_builder_count(r->builder, JAILHOUSE_SECTION_CPU_SET);
	uint64_t bytes;

	if (!jh_tree_number(r, node, "cpu-set-size", data, size, &bytes))
		return;
	if (bytes > 4096 || bytes == 0) {
		jh_tree_complain(r, node, "tree-value", "cpu-set-size: not 1 to 4096");
		return;
	}
	if (bytes < have)
		jailhouse_builder_remove(r->builder, JAILHOUSE_SECTION_CPU_SET, (uint32_t)bytes,
					 have - (uint32_t)bytes);
	else if (jailhouse_builder_insert(r->builder, JAILHOUSE_SECTION_CPU_SET,
					  JAILHOUSE_CONFIG_END, (uint32_t)bytes - have, NULL) != 0)
		r->check.no_memory = true;
}

/* Pairs of first SPI and count: lines of the GIC that nothing is wired to. */
static void read_spare_lines(struct jh_reading *r, int node, const void *data, int size)
{
	uint64_t pair[2], line;
	int n;

	if (size % 8)
		jh_tree_complain(r, node, "tree-value",
				 "spare-spis is not a list of pairs of first SPI and number");
	for (n = 0; n < size / 8; n++) {
		jh_tree_numbers(r, node, "spare-spis", (const char *)data + 8 * n, 8, 4, pair, 2);
		if (pair[0] >= JH_NUM_LINES - 32 || pair[1] > JH_NUM_LINES - 32 - pair[0]) {
			jh_tree_complain(r, node, "tree-value",
					 "spare-spis: there are no SPIs %llu to %llu",
					 (unsigned long long)pair[0],
					 (unsigned long long)(pair[0] + pair[1] - 1));
			continue;
		}
		for (line = 32 + pair[0]; line < 32 + pair[0] + pair[1]; line++)
			r->spare_lines[line / 64] |= 1ull << (line % 64);
	}
}

/* raw-OFFSET: bytes of the head that have no name. They come last, when the heads have been
 * written. */
static void read_raw(struct jh_reading *r, int node)
{
	const char *name, *end;
	const void *data;
	int property, size;
	unsigned long offset;

	fdt_for_each_property_offset(property, r->fdt, node)
	{
		data = fdt_getprop_by_offset(r->fdt, property, &name, &size);
		if (!data || strncmp(name, "raw-", 4) != 0)
			continue;
		offset = strtoul(name + 4, (char **)&end, 10);
		if (end == name + 4 || *end || offset > 1000 ||
		    jailhouse_builder_set_bytes(r->builder, (uint32_t)offset, data,
						(uint32_t)size) != 0)
			jh_tree_complain(r, node, "tree-value",
					 "%.60s: not in the head, or not free", name);
	}
}

/* Properties of a configuration that are in no schema; those of the other head are read beside. */
static bool read_other(struct jh_reading *r, int node, const char *name, const void *data, int size)
{
	const struct jh_schema *other =
		r->kind == JAILHOUSE_CONFIG_SYSTEM ? &jh_schema_system : NULL;
	size_t length = strlen(name);
	const struct jh_attr *attr;

	if (strcmp(name, "cpus") == 0) {
		read_cpus(r, node, data, size);
	} else if (strcmp(name, "spare-spis") == 0 && other) {
		read_spare_lines(r, node, data, size);
	} else if (strcmp(name, "trailing") == 0) {
		if (jailhouse_builder_set_trailing(r->builder, data, (size_t)size, NULL) != 0)
			r->check.no_memory = true;
	} else if (strcmp(name, "architecture") != 0 && strcmp(name, "cpu-set-size") != 0 &&
		   strncmp(name, "raw-", 4) != 0) {
		if (length > 4 && strcmp(name + length - 4, "-raw") == 0)
			length -= 4;
		attr = other ? jh_find_attr(other, name, length) : NULL;
		return attr && attr->form != JH_ATTR_STRUCT;
	}
	return true;
}

/* All that belongs to the cell, or was read as that, is no mistake in the system. */
static bool is_of_cell(struct jh_reading *r, int node, const char *name, const void *data, int size)
{
	size_t length = strlen(name);

	(void)r;
	(void)node;
	(void)data;
	(void)size;
	if (length > 4 && strcmp(name + length - 4, "-raw") == 0)
		length -= 4;
	/* What is in neither was complained about when the cell was read. */
	return jh_find_attr(&jh_schema_system, name, length) == NULL;
}

static void read_children(struct jh_reading *r, int node, struct jailhouse_config_system *system,
			  struct jailhouse_config_cell *cell)
{
	struct jailhouse_config_iommu iommu;
	unsigned int index;
	const char *name;
	uint32_t section;
	int child, end;

	fdt_for_each_subnode(child, r->fdt, node)
	{
		name = fdt_get_name(r->fdt, child, NULL);
		section = find_section(name);
		end = 0;
		if (section < JAILHOUSE_NUM_SECTIONS) {
			read_section(r, child, section);
		} else if (r->kind == JAILHOUSE_CONFIG_SYSTEM &&
			   sscanf(name, "iommu-%1u%n", &index, &end) == 1 && !name[end] &&
			   index < JAILHOUSE_CONFIG_NUM_IOMMUS) {
			memset(&iommu, 0, sizeof(iommu));
			jh_tree_properties(r, child, &jh_schema_iommu, &iommu, NULL);
			jailhouse_builder_set_iommu(r->builder, index, &iommu);
		} else if (strcmp(name, "devices") == 0) {
			/* Those come last: they add to the sections. */
		} else if (!jh_tree_inside(r, child, &jh_schema_cell, cell, NULL) &&
			   !(r->kind == JAILHOUSE_CONFIG_SYSTEM &&
			     jh_tree_inside(r, child, &jh_schema_system, system,
					    strcmp(name, "hypervisor-memory") == 0
						    ? jh_place_hypervisor_property
						    : NULL))) {
			jh_tree_complain(r, child, "tree-unknown", "there is no such node");
		}
	}
}

static void read_config(struct jh_reading *r, int node)
{
	struct jailhouse_config_system system = {0};
	struct jailhouse_config_cell cell = {0};
	const void *data;
	int size;

	jh_tree_properties(r, node, &jh_schema_cell, &cell, read_other);
	if (r->kind == JAILHOUSE_CONFIG_SYSTEM)
		jh_tree_properties(r, node, &jh_schema_system, &system, is_of_cell);
	/* A node among the cells is called as its cell. */
	if (!cell.name[0] && r->kind == JAILHOUSE_CONFIG_CELL)
		snprintf(cell.name, sizeof(cell.name), "%s", fdt_get_name(r->fdt, node, NULL));
	read_children(r, node, &system, &cell);
	jailhouse_builder_set_cell(r->builder, &cell);
	if (r->kind == JAILHOUSE_CONFIG_SYSTEM) {
		jailhouse_builder_set_system(r->builder, &system);
		jh_place_hypervisor(r, fdt_subnode_offset(r->fdt, node, "hypervisor-memory"),
				    &system.hypervisor_memory);
	}
	data = fdt_getprop(r->fdt, node, "cpu-set-size", &size);
	if (data)
		read_cpu_set_size(r, node, data, size);
	read_raw(r, node);
}

static bool find_architecture(struct jh_reading *r, int node)
{
	uint64_t value;
	const void *data;
	int size;

	data = fdt_getprop(r->fdt, node, "architecture", &size);
	if (!data) {
		/* Said once for a whole file. */
		data = fdt_getprop(r->fdt, 0, "architecture", &size);
		if (!data) {
			jh_tree_complain(r, node, "tree-missing",
					 "there is no property \"architecture\"");
			return false;
		}
	}
	if (!jh_tree_is_string(data, size) || jh_value_of_word(&jh_arch_names, data, &value) != 0) {
		jh_tree_complain(r, node, "tree-value",
				 "architecture is not \"x86\", \"arm\" or \"arm64\"");
		return false;
	}
	r->architecture = (uint32_t)value;
	return true;
}

/* It is also that of the configuration's file, and how links call it. */
static void check_name(struct jh_reading *r, int node)
{
	const char *name = fdt_get_name(r->fdt, node, NULL);
	size_t n;

	if (strlen(name) >= sizeof(r->tree->config->name))
		jh_tree_complain(r, node, "tree-value", "the name is longer than %zu characters",
				 sizeof(r->tree->config->name) - 1);
	/* dtc lets none through, but a blob may come from elsewhere. */
	if (strchr(name, '/'))
		jh_tree_complain(r, node, "tree-value", "there is a slash in the name");
	for (n = 0; n < r->tree->count; n++)
		if (strcmp(r->tree->config[n].name, name) == 0)
			jh_tree_complain(r, node, "tree-value",
					 "another configuration is called \"%s\", too", name);
}

static void add_config(struct jh_reading *r, int node, uint32_t kind)
{
	struct jailhouse_tree *tree = r->tree;
	struct jh_tree_config *config;

	check_name(r, node);
	if (!find_architecture(r, node))
		return;
	config = realloc(tree->config, (tree->count + 1) * sizeof(*config));
	if (config)
		tree->config = config;
	if (!config || jailhouse_builder_new(kind, r->architecture, &r->builder, NULL) != 0) {
		r->check.no_memory = true;
		return;
	}
	r->kind = kind;
	config += tree->count;
	memset(config, 0, sizeof(*config));
	snprintf(config->name, sizeof(config->name), "%s", fdt_get_name(r->fdt, node, NULL));
	config->builder = r->builder;
	config->node = node;
	config->kind = kind;
	config->architecture = r->architecture;
	read_config(r, node);
	tree->count++;
}

/* Once all sections are there. */
static void read_devices(struct jh_reading *r)
{
	struct jh_tree_config *config;
	size_t n;
	int node;

	for (n = 0; n < r->tree->count; n++) {
		config = &r->tree->config[n];
		node = fdt_subnode_offset(r->fdt, config->node, "devices");
		if (node < 0)
			continue;
		r->config = config;
		r->builder = config->builder;
		r->kind = config->kind;
		r->architecture = config->architecture;
		jh_devices_read(r, node);
	}
}

/* A root has some properties in every devicetree. Source: Devicetree Specification, 3.2 */
static bool is_of_the_root(struct jh_reading *r, int node, const char *name, const void *data, int size)
{
	static const char names[][16] = {"architecture", "compatible", "model", "#address-cells", "#size-cells"};
	size_t n;

	(void)r;
	(void)node;
	(void)data;
	(void)size;
	for (n = 0; n < JH_ARRAY_SIZE(names); n++)
		if (strcmp(name, names[n]) == 0)
			return true;
	return false;
}

static void read_nodes(struct jh_reading *r)
{
	int system = fdt_subnode_offset(r->fdt, 0, "system");
	int node, child;
	const char *name;

	jh_tree_no_properties(r, 0, is_of_the_root);
	if (system >= 0)
		add_config(r, system, JAILHOUSE_CONFIG_SYSTEM);
	fdt_for_each_subnode(node, r->fdt, 0)
	{
		name = fdt_get_name(r->fdt, node, NULL);
		if (strcmp(name, "cell") == 0) {
			add_config(r, node, JAILHOUSE_CONFIG_CELL);
		} else if (strcmp(name, "cells") == 0) {
			jh_tree_no_properties(r, node, NULL);
			fdt_for_each_subnode(child, r->fdt, node)
				add_config(r, child, JAILHOUSE_CONFIG_CELL);
		} else if (strcmp(name, "system") != 0 && strcmp(name, "links") != 0 &&
			 strncmp(name, "__", 2) != 0) { /* dtc's own: labels */
			jh_tree_complain(r, node, "tree-unknown",
					 "there is no such node; \"system\", \"cell\", \"cells\" and "
					 "\"links\" are known");
		}
	}
	if (r->tree->count == 0 && jailhouse_report_get_count(r->check.report) == 0)
		jh_tree_complain(r, 0, "tree-missing", "there is neither a system nor a cell");
}

static bool has_mistakes(const struct jh_reading *r)
{
	return jailhouse_report_get_number_of(r->check.report, JAILHOUSE_SEVERITY_ERROR) > 0;
}

/* What belongs to one configuration, then what lies between them. Places are looked for only if all else is right: a
 * mistake in one of them would make others up. */
static void read_root(struct jh_reading *r)
{
	int links = fdt_subnode_offset(r->fdt, 0, "links");

	read_nodes(r);
	read_devices(r);
	if (links >= 0)
		jh_links_read(r, links);
	if (r->check.no_memory || has_mistakes(r))
		return;
	jh_links_choose(r);
	if (r->check.no_memory || has_mistakes(r))
		return;
	jh_place_all(r);
	if (r->check.no_memory || has_mistakes(r))
		return;
	jh_links_write(r);
}

static void finish_reading(struct jh_reading *r)
{
	r->check.no_memory |= r->root_ram.no_memory || r->pool.no_memory || r->taken.no_memory;
	if (r->tree)
		r->check.no_memory |= r->tree->map.no_memory;
	jh_ranges_free(&r->root_ram);
	jh_ranges_free(&r->pool);
	jh_ranges_free(&r->taken);
	free(r->wish);
	free(r->link);
}

static int check_options(const struct jailhouse_tree_options *options, struct jailhouse_error *error)
{
	const char *problem;

	if (options->size < sizeof(*options))
		return jh_error_argument(error, "options->size");
	if (!options->machine_dtb)
		return 0;
	problem = jh_fdt_problem(options->machine_dtb, options->machine_dtb_size);
	if (problem)
		return jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0,
				    "the machine's device tree is not a valid blob: %s", problem);
	return 0;
}

int jailhouse_tree_new(const void *dtb, size_t size, struct jailhouse_tree **ret_tree,
		       struct jailhouse_report **ret_report, struct jailhouse_error *error)
{
	return jailhouse_tree_new_with_options(dtb, size, NULL, ret_tree, ret_report, error);
}

int jailhouse_tree_new_with_options(const void *dtb, size_t size,
				    const struct jailhouse_tree_options *options,
				    struct jailhouse_tree **ret_tree,
				    struct jailhouse_report **ret_report,
				    struct jailhouse_error *error)
{
	static const struct jailhouse_tree_options no_options = JAILHOUSE_TREE_OPTIONS_INIT;
	struct jh_reading r = {.fdt = dtb, .options = options ? options : &no_options};
	const char *problem;
	int err;

	if (!dtb || !ret_tree || !ret_report)
		return jh_error_argument(error, "dtb, ret_tree or ret_report is NULL");
	/* All offsets and strings of the blob, so that nothing has to be doubted from here on. */
	problem = jh_fdt_problem(dtb, size);
	if (problem)
		return jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0,
				    "this is not a valid device tree blob: %s", problem);
	err = check_options(r.options, error);
	if (err)
		return err;
	r.check.report = jh_report_new();
	r.tree = calloc(1, sizeof(*r.tree));
	if (r.check.report && r.tree)
		read_root(&r);
	else
		r.check.no_memory = true;
	finish_reading(&r);
	if (r.check.no_memory) {
		jailhouse_report_free(r.check.report);
		jailhouse_tree_free(r.tree);
		return jh_error_no_memory(error);
	}
	*ret_report = r.check.report;
	if (has_mistakes(&r)) {
		jailhouse_tree_free(r.tree);
		return jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0,
				    "the device tree does not describe a configuration");
	}
	*ret_tree = r.tree;
	return 0;
}

void jailhouse_tree_free(struct jailhouse_tree *tree)
{
	size_t n;

	if (!tree)
		return;
	for (n = 0; n < tree->count; n++)
		jailhouse_builder_free(tree->config[n].builder);
	free(tree->config);
	jh_text_free(&tree->map);
	free(tree);
}

size_t jailhouse_tree_get_count(const struct jailhouse_tree *tree)
{
	return tree ? tree->count : 0;
}

const char *jailhouse_tree_get_name(const struct jailhouse_tree *tree, size_t index)
{
	return tree && index < tree->count ? tree->config[index].name : NULL;
}

struct jailhouse_builder *jailhouse_tree_get_builder(const struct jailhouse_tree *tree,
						     size_t index)
{
	return tree && index < tree->count ? tree->config[index].builder : NULL;
}

const char *jailhouse_tree_get_map(const struct jailhouse_tree *tree)
{
	return tree ? tree->map.data ? tree->map.data : "" : NULL;
}

/* ---- for the other parts of the reader ---- */

size_t jh_tree_find_config(const struct jh_reading *r, int node)
{
	size_t n = 0;

	while (n < r->tree->count && r->tree->config[n].node != node)
		n++;
	return n;
}

struct jh_tree_config *jh_tree_system(const struct jh_reading *r)
{
	return r->tree->count > 0 && r->tree->config[0].kind == JAILHOUSE_CONFIG_SYSTEM
		       ? &r->tree->config[0]
		       : NULL;
}

bool jh_tree_get(const struct jh_tree_config *config, uint32_t section, uint32_t index,
		 void *element)
{
	const struct jh_fields *fields = jh_fields_of_section(section);
	uint32_t count[JAILHOUSE_NUM_SECTIONS];
	uint32_t n;

	for (n = 0; n < JAILHOUSE_NUM_SECTIONS; n++)
		count[n] = jh_builder_count(config->builder, n);
	if (index >= count[section])
		return false;
	memset(element, 0, fields->our_size);
	jh_fields_read(fields, element,
		       jh_builder_data(config->builder) +
			       jh_section_offset(config->kind, count, section) +
			       (size_t)index * fields->their_size);
	return true;
}

void jh_tree_set(struct jh_reading *r, const struct jh_tree_config *config, uint32_t section,
		 uint32_t index, const void *element)
{
	if (jh_set_element(config->builder, section, index, element, NULL) != 0)
		r->check.no_memory = true;
}

void jh_tree_get_system(const struct jh_tree_config *config, struct jailhouse_config_system *system)
{
	memset(system, 0, sizeof(*system));
	jh_fields_read(&jh_fields_system, system, jh_builder_data(config->builder));
	jh_fields_read(jh_fields_of_platform(config->architecture), system,
		       jh_builder_data(config->builder));
}
