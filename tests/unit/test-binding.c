/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * docs/bindings/jailhouse-config.yaml and the reader of device trees know the same properties of
 * the same nodes. Of YAML only what that file uses is understood: definitions with an indentation
 * of two blanks, their properties with six.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "config/binding.h"
#include "unit.h"

#define MAX_PROPERTIES 512

struct property {
	char node[64];
	char word[64];
};

static struct property property[MAX_PROPERTIES];
static size_t num_properties;

static void read_binding(void)
{
	char line[256], key[64], node[64] = "";
	FILE *file = fopen(BINDING, "r");
	bool in_definitions = false, in_properties = false;
	int indent, end;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		indent = (int)strspn(line, " ");
		end = 0;
		if (indent == 0 && line[0] != '\n')
			in_definitions = strncmp(line, "$defs:", 6) == 0;
		if (!in_definitions || sscanf(line + indent, "%63[a-z0-9-]:%n", key, &end) != 1 ||
		    !end)
			continue;
		if (indent == 2)
			snprintf(node, sizeof(node), "%s", key);
		if (indent <= 4)
			in_properties = indent == 4 && strcmp(key, "properties") == 0;
		if (indent != 6 || !in_properties)
			continue;
		assert_true(num_properties < MAX_PROPERTIES);
		snprintf(property[num_properties].node, sizeof(property[0].node), "%s", node);
		snprintf(property[num_properties++].word, sizeof(property[0].word), "%s", key);
	}
	fclose(file);
}

static const struct jh_binding *find_binding(const char *name)
{
	const struct jh_binding *binding;
	size_t n;

	for (n = 0; (binding = jh_binding(n)) != NULL; n++)
		if (strcmp(binding->name, name) == 0)
			return binding;
	return NULL;
}

static void every_documented_property_is_read(void **state)
{
	const struct jh_binding *binding;
	size_t n;

	(void)state;
	assert_true(num_properties > 100);
	for (n = 0; n < num_properties; n++) {
		binding = find_binding(property[n].node);
		if (!binding || !jh_binding_has(binding, property[n].word))
			fail_msg("nobody reads %s of %s", property[n].word, property[n].node);
	}
}

static void require_documented(const char *node, const char *word)
{
	size_t n;

	for (n = 0; n < num_properties; n++)
		if (strcmp(property[n].node, node) == 0 && strcmp(property[n].word, word) == 0)
			return;
	fail_msg("%s of %s is not documented", word, node);
}

static void require_schema(const char *node, const struct jh_schema *schema)
{
	char raw[64];
	uint32_t n;

	for (n = 0; schema && n < schema->count; n++) {
		if (schema->attr[n].form == JH_ATTR_STRUCT)
			continue;
		require_documented(node, schema->attr[n].word);
		snprintf(raw, sizeof(raw), "%s-raw", schema->attr[n].word);
		if (schema->attr[n].form == JH_ATTR_FLAGS)
			require_documented(node, raw);
	}
}

static void every_property_is_documented(void **state)
{
	const struct jh_section_schema *section;
	const struct jh_binding *binding;
	size_t n, i;

	(void)state;
	for (n = 0; (binding = jh_binding(n)) != NULL; n++) {
		require_schema(binding->name, binding->schema);
		require_schema(binding->name, binding->other);
		section = jh_section_schema(binding->section);
		require_schema(binding->name, section ? &section->schema : NULL);
		for (i = 0; binding->word && binding->word[i]; i++)
			require_documented(binding->name, binding->word[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_documented_property_is_read),
		cmocka_unit_test(every_property_is_documented),
	};

	read_binding();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
