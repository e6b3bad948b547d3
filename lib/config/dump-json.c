/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* JSON: everything, zeros included; addresses as strings, as JSON's numbers are exact only to 2^53.
 */
#include <stdio.h>
#include <string.h>

#include "config/dump.h"

static void new_member(struct jh_dump *dump, const char *name)
{
	const char *c;

	jh_text_add(&dump->text, dump->first ? "\n" : ",\n");
	jh_dump_indent(dump);
	dump->first = false;
	if (!name)
		return;
	jh_text_add(&dump->text, "\"");
	for (c = name; *c; c++)
		jh_text_add(&dump->text, "%c", *c == '-' ? '_' : *c);
	jh_text_add(&dump->text, "\": ");
}

static void open_bracket(struct jh_dump *dump, const char *name, char bracket)
{
	new_member(dump, name);
	jh_text_add(&dump->text, "%c", bracket);
	dump->depth++;
	dump->first = true;
}

static void close_bracket(struct jh_dump *dump, char bracket)
{
	dump->depth--;
	if (!dump->first) {
		jh_text_add(&dump->text, "\n");
		jh_dump_indent(dump);
	}
	jh_text_add(&dump->text, "%c", bracket);
	dump->first = false;
}

static void begin(struct jh_dump *dump)
{
	char word[16];

	jh_text_add(&dump->text, "{");
	dump->depth = 1;
	new_member(dump, "kind");
	jh_text_add(&dump->text, "\"%s\"",
		    dump->config->kind == JAILHOUSE_CONFIG_SYSTEM ? "system" : "cell");
	new_member(dump, "architecture");
	jh_text_add(&dump->text, "\"%s\"",
		    jh_word_of(jh_name_of(&jh_arch_names, dump->config->architecture), word,
			       sizeof(word)));
}

static void end(struct jh_dump *dump)
{
	jh_text_add(&dump->text, "\n}\n");
}

static void open_head(struct jh_dump *dump, const struct jh_schema *schema)
{
	open_bracket(dump, schema == &jh_schema_system ? "system" : "cell", '{');
}

static void close_head(struct jh_dump *dump, const struct jh_schema *schema)
{
	(void)schema;
	close_bracket(dump, '}');
}

static void cpus(struct jh_dump *dump)
{
	const char *comma = "";
	int32_t cpu;

	new_member(dump, "cpu_set_size");
	jh_text_add(&dump->text, "%u", dump->config->count[JAILHOUSE_SECTION_CPU_SET]);
	new_member(dump, "cpus");
	jh_text_add(&dump->text, "[");
	for (cpu = jailhouse_config_next_cpu(dump->config, 0); cpu >= 0;
	     cpu = jailhouse_config_next_cpu(dump->config, cpu + 1)) {
		jh_text_add(&dump->text, "%s%d", comma, cpu);
		comma = ", ";
	}
	jh_text_add(&dump->text, "]");
}

static void open_struct(struct jh_dump *dump, const char *c_name, const char *word)
{
	(void)c_name;
	open_bracket(dump, word, '{');
}

static void close_struct(struct jh_dump *dump)
{
	close_bracket(dump, '}');
}

static void open_section(struct jh_dump *dump, const struct jh_section_schema *section)
{
	open_bracket(dump, section->word, '[');
}

static void close_section(struct jh_dump *dump, const struct jh_section_schema *section)
{
	(void)section;
	close_bracket(dump, ']');
}

static void open_element(struct jh_dump *dump, const struct jh_section_schema *section,
			 uint32_t index)
{
	(void)section;
	(void)index;
	open_bracket(dump, NULL, '{');
}

static void add_flags(struct jh_dump *dump, const struct jh_names *names, uint64_t flags)
{
	const struct jh_value_name *flag;
	const char *comma = "";
	char word[64];

	jh_text_add(&dump->text, "[");
	while ((flag = jh_take_flag(names, &flags)) != NULL) {
		jh_text_add(&dump->text, "%s\"%s\"", comma,
			    jh_word_of(flag->name, word, sizeof(word)));
		comma = ", ";
	}
	if (flags)
		jh_text_add(&dump->text, "%s\"0x%llx\"", comma, (unsigned long long)flags);
	jh_text_add(&dump->text, "]");
}

static void add_number(struct jh_dump *dump, const struct jh_attr *attr, uint64_t value)
{
	const char *name;
	char word[64];

	switch (attr->form) {
	case JH_ATTR_DEC:
		jh_text_add(&dump->text, "%llu", (unsigned long long)value);
		return;
	case JH_ATTR_ENUM:
		name = jh_name_of(attr->names, value);
		if (name)
			jh_text_add(&dump->text, "\"%s\"", jh_word_of(name, word, sizeof(word)));
		else
			jh_text_add(&dump->text, "%llu", (unsigned long long)value);
		return;
	case JH_ATTR_ADDRESS:
		jh_text_add(&dump->text, "\"%02x:%02x.%x\"", (unsigned int)value >> 8,
			    (unsigned int)value >> 3 & 0x1f, (unsigned int)value & 7);
		return;
	}
	jh_text_add(&dump->text, "\"0x%llx\"", (unsigned long long)value);
}

static void attr(struct jh_dump *dump, const struct jh_attr *attr, const void *structure)
{
	uint32_t n;

	new_member(dump, attr->word);
	if (attr->form == JH_ATTR_TEXT) {
		jh_text_add_quoted(&dump->text, (const char *)structure + attr->offset, attr->size,
				   true);
		return;
	}
	if (attr->form == JH_ATTR_FLAGS) {
		add_flags(dump, attr->names, jh_attr_get(attr, structure, 0));
		return;
	}
	if (attr->count > 1)
		jh_text_add(&dump->text, "[");
	for (n = 0; n < attr->count; n++) {
		jh_text_add(&dump->text, n ? ", " : "");
		add_number(dump, attr, jh_attr_get(attr, structure, n));
	}
	if (attr->count > 1)
		jh_text_add(&dump->text, "]");
}

static void add_bytes(struct jh_dump *dump, const uint8_t *bytes, size_t size)
{
	size_t n;

	jh_text_add(&dump->text, "\"");
	for (n = 0; n < size; n++)
		jh_text_add(&dump->text, "%02x", bytes[n]);
	jh_text_add(&dump->text, "\"");
}

static void raw(struct jh_dump *dump, uint32_t offset, const uint8_t *bytes, uint32_t size)
{
	char name[24];

	snprintf(name, sizeof(name), "raw_%u", offset);
	new_member(dump, name);
	add_bytes(dump, bytes, size);
}

static void trailing(struct jh_dump *dump, const uint8_t *bytes, size_t size)
{
	new_member(dump, "trailing");
	add_bytes(dump, bytes, size);
}

const struct jh_form jh_form_json = {
	.zeros = true,
	.begin = begin,
	.end = end,
	.open_head = open_head,
	.close_head = close_head,
	.cpus = cpus,
	.open_struct = open_struct,
	.close_struct = close_struct,
	.open_section = open_section,
	.close_section = close_section,
	.open_element = open_element,
	.close_element = close_struct,
	.attr = attr,
	.raw = raw,
	.trailing = trailing,
};
