/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Device tree source, as docs/config-text.md describes it and tree.c reads it. */
#include <stdio.h>

#include "config/dump.h"

static void open_node(struct jh_dump *dump, const char *name)
{
	jh_dump_indent(dump);
	jh_text_add(&dump->text, "%s {\n", name);
	dump->depth++;
}

static void close_node(struct jh_dump *dump)
{
	dump->depth--;
	jh_dump_indent(dump);
	jh_text_add(&dump->text, "};\n");
}

static void begin(struct jh_dump *dump)
{
	char word[16];

	jh_text_add(&dump->text, "/dts-v1/;\n\n");
	open_node(dump, "/");
	open_node(dump, dump->config->kind == JAILHOUSE_CONFIG_SYSTEM ? "system" : "cell");
	jh_dump_indent(dump);
	jh_text_add(&dump->text, "architecture = \"%s\";\n",
		    jh_word_of(jh_name_of(&jh_arch_names, dump->config->architecture), word,
			       sizeof(word)));
}

static void end(struct jh_dump *dump)
{
	close_node(dump);
	close_node(dump);
}

static void cpus(struct jh_dump *dump)
{
	uint32_t size = dump->config->count[JAILHOUSE_SECTION_CPU_SET];
	const char *blank = "";
	int32_t cpu, last = 0;
	char item[16];

	jh_dump_indent(dump);
	jh_text_add(&dump->text, "cpus = <");
	for (cpu = jailhouse_config_next_cpu(dump->config, 0); cpu >= 0;
	     cpu = jailhouse_config_next_cpu(dump->config, cpu + 1)) {
		snprintf(item, sizeof(item), "%s%d", blank, cpu);
		jh_dump_item(dump, item);
		blank = " ";
		last = cpu;
	}
	jh_text_add(&dump->text, ">;\n");
	/* What a reader would choose by itself. */
	if (size != ((uint32_t)last / 64 + 1) * 8) {
		jh_dump_indent(dump);
		jh_text_add(&dump->text, "cpu-set-size = <%u>;\n", size);
	}
}

static void open_struct(struct jh_dump *dump, const char *c_name, const char *word)
{
	(void)c_name;
	open_node(dump, word);
}

static void open_section(struct jh_dump *dump, const struct jh_section_schema *section)
{
	open_node(dump, section->word);
}

static void close_section(struct jh_dump *dump, const struct jh_section_schema *section)
{
	(void)section;
	close_node(dump);
}

static void open_element(struct jh_dump *dump, const struct jh_section_schema *section,
			 uint32_t index)
{
	char name[32];

	snprintf(name, sizeof(name), "%s-%u", section->element, index);
	open_node(dump, name);
}

/* Names of the bits that have one; the others as a number in a property of its own. */
static void add_flags(struct jh_dump *dump, const struct jh_attr *attr, uint64_t flags)
{
	const struct jh_value_name *flag;
	const char *equals = " = ";
	char item[72], word[64];

	jh_dump_indent(dump);
	jh_text_add(&dump->text, "%s", attr->word);
	while ((flag = jh_take_flag(attr->names, &flags)) != NULL) {
		jh_text_add(&dump->text, "%s", equals);
		snprintf(item, sizeof(item), "\"%s\"",
			 jh_word_of(flag->name, word, sizeof(word)));
		jh_dump_item(dump, item);
		equals = ", ";
	}
	jh_text_add(&dump->text, ";\n");
	if (!flags)
		return;
	jh_dump_indent(dump);
	jh_text_add(&dump->text, "%s-raw = /bits/ 64 <0x%llx>;\n", attr->word,
		    (unsigned long long)flags);
}

static void attr(struct jh_dump *dump, const struct jh_attr *attr, const void *structure)
{
	uint64_t value = jh_attr_get(attr, structure, 0);
	const char *name = NULL;
	char word[64];
	uint32_t n;

	if (attr->form == JH_ATTR_FLAGS) {
		add_flags(dump, attr, value);
		return;
	}
	jh_dump_indent(dump);
	jh_text_add(&dump->text, "%s = ", attr->word);
	if (attr->form == JH_ATTR_ENUM)
		name = jh_name_of(attr->names, value);
	if (attr->form == JH_ATTR_TEXT) {
		jh_text_add_quoted(&dump->text, (const char *)structure + attr->offset, attr->size,
				   false);
	} else if (name) {
		jh_text_add(&dump->text, "\"%s\"", jh_word_of(name, word, sizeof(word)));
	} else if (attr->form == JH_ATTR_ADDRESS) {
		jh_text_add(&dump->text, "\"%02x:%02x.%x\"", (unsigned int)value >> 8,
			    (unsigned int)value >> 3 & 0x1f, (unsigned int)value & 7);
	} else {
		jh_text_add(&dump->text, attr->size == 8 ? "/bits/ 64 <" : "<");
		for (n = 0; n < attr->count; n++)
			jh_text_add(&dump->text, attr->form == JH_ATTR_DEC ? "%s%llu" : "%s0x%llx",
				    n ? " " : "",
				    (unsigned long long)jh_attr_get(attr, structure, n));
		jh_text_add(&dump->text, ">");
	}
	jh_text_add(&dump->text, ";\n");
}

static void add_bytes(struct jh_dump *dump, const char *name, const uint8_t *bytes, size_t size)
{
	char item[4];
	size_t n;

	jh_dump_indent(dump);
	jh_text_add(&dump->text, "%s = [", name);
	for (n = 0; n < size; n++) {
		snprintf(item, sizeof(item), "%02x", bytes[n]);
		jh_dump_item(dump, item);
	}
	jh_text_add(&dump->text, "];\n");
}

static void raw(struct jh_dump *dump, uint32_t offset, const uint8_t *bytes, uint32_t size)
{
	char name[24];

	snprintf(name, sizeof(name), "raw-%u", offset);
	add_bytes(dump, name, bytes, size);
}

static void trailing(struct jh_dump *dump, const uint8_t *bytes, size_t size)
{
	add_bytes(dump, "trailing", bytes, size);
}

const struct jh_form jh_form_dts = {
	/* dtc wants properties before nodes. */
	.flat = true,
	.begin = begin,
	.end = end,
	.cpus = cpus,
	.open_struct = open_struct,
	.close_struct = close_node,
	.open_section = open_section,
	.close_section = close_section,
	.open_element = open_element,
	.close_element = close_node,
	.attr = attr,
	.raw = raw,
	.trailing = trailing,
};
