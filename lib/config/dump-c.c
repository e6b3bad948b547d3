/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* C source, in the shape in which boards are written. What C can't say is an #error, not a silent
 * loss. */
#include <stdio.h>
#include <string.h>

#include "config/dump.h"

static void line(struct jh_dump *dump, const char *text)
{
	jh_dump_indent(dump);
	jh_text_add(&dump->text, "%s\n", text);
}

static bool is_system(const struct jh_dump *dump)
{
	return dump->config->kind == JAILHOUSE_CONFIG_SYSTEM;
}

/* The CPU set is written in words, if it consists of words. */
static uint32_t cpu_word(const struct jh_dump *dump)
{
	return dump->config->count[JAILHOUSE_SECTION_CPU_SET] % 8 ? 1 : 8;
}

static void begin(struct jh_dump *dump)
{
	const struct jh_section_schema *section;
	uint32_t word = cpu_word(dump);
	uint32_t s;

	jh_text_add(&dump->text,
		    "#include <jailhouse/types.h>\n#include <jailhouse/cell-config.h>\n\n"
		    "struct {\n\tstruct %s;\n\t%s cpus[%u];\n",
		    is_system(dump) ? "jailhouse_system header" : "jailhouse_cell_desc cell",
		    word == 8 ? "__u64" : "__u8",
		    dump->config->count[JAILHOUSE_SECTION_CPU_SET] / word);
	for (s = 0; s < JAILHOUSE_NUM_SECTIONS; s++) {
		section = jh_section_schema(s);
		if (section && dump->config->count[s])
			jh_text_add(&dump->text, "\t%s %s[%u];\n", section->c_type, section->c_name,
				    dump->config->count[s]);
	}
	if (dump->config->trailing)
		jh_text_add(&dump->text, "\t__u8 trailing[%llu];\n",
			    (unsigned long long)dump->config->trailing);
	jh_text_add(&dump->text, "} __attribute__((packed)) config = {\n");
	dump->depth = 1;
}

static void end(struct jh_dump *dump)
{
	jh_text_add(&dump->text, "};\n");
}

static void open_head(struct jh_dump *dump, const struct jh_schema *schema)
{
	const char *first = is_system(dump) ? ".header = {" : ".cell = {";

	if (schema == &jh_schema_cell && is_system(dump)) {
		line(dump, ".root_cell = {");
		dump->depth++;
		return;
	}
	line(dump, first);
	dump->depth++;
	line(dump, is_system(dump) ? ".signature = JAILHOUSE_SYSTEM_SIGNATURE,"
				   : ".signature = JAILHOUSE_CELL_DESC_SIGNATURE,");
	jh_dump_indent(dump);
	jh_text_add(&dump->text, ".architecture = JAILHOUSE_%s,\n",
		    jh_name_of(&jh_arch_names, dump->config->architecture));
	line(dump, ".revision = JAILHOUSE_CONFIG_REVISION,");
}

static void close_head(struct jh_dump *dump, const struct jh_schema *schema)
{
	const struct jh_section_schema *section;
	uint32_t s;

	/* The root cell stands inside the system, which is closed with it. */
	if (schema == &jh_schema_system)
		return;
	line(dump, ".cpu_set_size = sizeof(config.cpus),");
	for (s = 0; s < JAILHOUSE_NUM_SECTIONS; s++) {
		section = jh_section_schema(s);
		if (!section || !dump->config->count[s])
			continue;
		jh_dump_indent(dump);
		jh_text_add(&dump->text, ".%s = ARRAY_SIZE(config.%s),\n", section->count_name,
			    section->c_name);
	}
	dump->depth--;
	line(dump, "},");
	if (is_system(dump)) {
		dump->depth--;
		line(dump, "},");
	}
}

/* Called inside the head of the cell; written behind it, by open_section() or end(). */
static void cpus(struct jh_dump *dump)
{
	(void)dump;
}

static void add_cpus(struct jh_dump *dump)
{
	const struct jailhouse_config *config = dump->config;
	uint32_t word = cpu_word(dump) * 8;
	const char *comma = "";
	uint64_t bits;
	uint32_t n, i;

	jh_dump_indent(dump);
	jh_text_add(&dump->text, ".cpus = {");
	for (n = 0; n < config->count[JAILHOUSE_SECTION_CPU_SET] * 8; n += word) {
		bits = 0;
		for (i = 0; i < word; i++)
			if (jailhouse_config_next_cpu(config, (int32_t)(n + i)) == (int32_t)(n + i))
				bits |= 1ull << i;
		jh_text_add(&dump->text, "%s0x%llx", comma, (unsigned long long)bits);
		comma = ", ";
	}
	jh_text_add(&dump->text, "},\n");
}

static void open_struct(struct jh_dump *dump, const char *c_name, const char *word)
{
	(void)word;
	jh_dump_indent(dump);
	jh_text_add(&dump->text, ".%s = {\n", c_name);
	dump->depth++;
}

static void close_struct(struct jh_dump *dump)
{
	dump->depth--;
	line(dump, "},");
}

static void open_section(struct jh_dump *dump, const struct jh_section_schema *section)
{
	if (dump->first)
		add_cpus(dump);
	dump->first = false;
	jh_dump_indent(dump);
	jh_text_add(&dump->text, ".%s = {\n", section->c_name);
	dump->depth++;
}

static void close_section(struct jh_dump *dump, const struct jh_section_schema *section)
{
	(void)section;
	close_struct(dump);
}

static void open_element(struct jh_dump *dump, const struct jh_section_schema *section,
			 uint32_t index)
{
	(void)section;
	jh_dump_indent(dump);
	jh_text_add(&dump->text, "{ /* %u */\n", index);
	dump->depth++;
}

static void add_flags(struct jh_dump *dump, const struct jh_names *names, uint64_t flags)
{
	const struct jh_value_name *flag;
	const char *bar = "";
	char item[64];

	while ((flag = jh_take_flag(names, &flags)) != NULL) {
		jh_text_add(&dump->text, "%s", bar);
		snprintf(item, sizeof(item), "%s%s", names->prefix, flag->name);
		jh_dump_item(dump, item);
		bar = " | ";
	}
	if (flags)
		jh_text_add(&dump->text, "%s0x%llx", bar, (unsigned long long)flags);
}

static void add_number(struct jh_dump *dump, const struct jh_attr *attr, uint64_t value)
{
	const char *name;

	if (attr->form == JH_ATTR_FLAGS) {
		add_flags(dump, attr->names, value);
		return;
	}
	if (attr->form == JH_ATTR_ENUM) {
		name = jh_name_of(attr->names, value);
		if (name) {
			jh_text_add(&dump->text, "%s%s", attr->names->prefix, name);
			return;
		}
	}
	jh_text_add(&dump->text, attr->form == JH_ATTR_DEC ? "%llu" : "0x%llx",
		    (unsigned long long)value);
}

/* Two bits have names of their own in C. */
static void add_msi_flags(struct jh_dump *dump, uint64_t flags)
{
	if (flags & 1)
		line(dump, ".msi_64bits = 1,");
	if (flags & 2)
		line(dump, ".msi_maskable = 1,");
	if (flags & ~3ull)
		jh_text_add(&dump->text, "#error \"reserved bits beside msi_maskable: 0x%llx\"\n",
			    (unsigned long long)flags & ~3ull);
}

static void attr(struct jh_dump *dump, const struct jh_attr *attr, const void *structure)
{
	const char *string = (const char *)structure + attr->offset;
	uint32_t n;

	if (strcmp(attr->name, "msi_flags") == 0) {
		add_msi_flags(dump, jh_attr_get(attr, structure, 0));
		return;
	}
	jh_dump_indent(dump);
	if (attr->form == JH_ATTR_TEXT) {
		jh_text_add(&dump->text, ".%s = ", attr->name);
		jh_text_add_quoted(&dump->text, string, attr->size, false);
		jh_text_add(&dump->text, ",\n");
		return;
	}
	jh_text_add(&dump->text, ".%s = %s", attr->name, attr->count > 1 ? "{" : "");
	for (n = 0; n < attr->count; n++) {
		jh_text_add(&dump->text, n ? ", " : "");
		add_number(dump, attr, jh_attr_get(attr, structure, n));
	}
	jh_text_add(&dump->text, attr->count > 1 ? "},\n" : ",\n");
}

static void raw(struct jh_dump *dump, uint32_t offset, const uint8_t *bytes, uint32_t size)
{
	(void)bytes;
	jh_text_add(&dump->text, "#error \"%u bytes at offset %u have no name in C\"\n", size,
		    offset);
}

static void trailing(struct jh_dump *dump, const uint8_t *bytes, size_t size)
{
	char item[16];
	size_t n;

	jh_dump_indent(dump);
	jh_text_add(&dump->text, ".trailing = {");
	for (n = 0; n < size; n++) {
		snprintf(item, sizeof(item), "0x%02x,", bytes[n]);
		jh_dump_item(dump, item);
	}
	jh_text_add(&dump->text, "},\n");
}

static void end_with_cpus(struct jh_dump *dump)
{
	if (dump->first)
		add_cpus(dump);
	end(dump);
}

const struct jh_form jh_form_c = {
	.begin = begin,
	.end = end_with_cpus,
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
