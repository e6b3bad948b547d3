/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What two configurations say differently: attribute by attribute, elements paired by what they are about. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/render.h>

#include "config/dump.h"
#include "config/sections.h"

enum change { CHANGED, REMOVED, ADDED };

struct diff {
	const struct jailhouse_config *side[2];
	struct jh_text text;
	bool json;
	size_t count;
	bool no_memory;
};

/* ---- values ---- */

static void add_number(struct jh_text *text, const struct jh_attr *attr, uint64_t value)
{
	const char *name;
	char word[64];

	switch (attr->form) {
	case JH_ATTR_DEC:
		jh_text_add(text, "%llu", (unsigned long long)value);
		return;
	case JH_ATTR_ADDRESS:
		jh_text_add(text, "%02x:%02x.%x", (unsigned int)value >> 8,
			    (unsigned int)value >> 3 & 0x1f, (unsigned int)value & 7);
		return;
	case JH_ATTR_ENUM:
		name = jh_name_of(attr->names, value);
		if (name) {
			jh_text_add(text, "%s", jh_word_of(name, word, sizeof(word)));
			return;
		}
	}
	jh_text_add(text, "0x%llx", (unsigned long long)value);
}

static void add_flags(struct jh_text *text, const struct jh_names *names, uint64_t flags)
{
	const struct jh_value_name *flag;
	const char *bar = "";
	char word[64];

	if (!flags)
		jh_text_add(text, "0");
	while ((flag = jh_take_flag(names, &flags)) != NULL) {
		jh_text_add(text, "%s%s", bar, jh_word_of(flag->name, word, sizeof(word)));
		bar = "|";
	}
	if (flags)
		jh_text_add(text, "%s0x%llx", bar, (unsigned long long)flags);
}

static void add_value(struct jh_text *text, const struct jh_attr *attr, const void *structure)
{
	uint32_t n;

	if (attr->form == JH_ATTR_TEXT) {
		jh_text_add_quoted(text, (const char *)structure + attr->offset, attr->size, false);
		return;
	}
	for (n = 0; n < attr->count; n++) {
		jh_text_add(text, n ? "," : "");
		if (attr->form == JH_ATTR_FLAGS)
			add_flags(text, attr->names, jh_attr_get(attr, structure, n));
		else
			add_number(text, attr, jh_attr_get(attr, structure, n));
	}
}

/* ---- differences ---- */

/* A value of each side, NULL if there is none. */
static void note(struct diff *diff, enum change change, const char *path, const char *left,
		 const char *right)
{
	static const char *const words[] = {"changed", "removed", "added"};

	if (!diff->json) {
		jh_text_add(&diff->text, "%c %s: %s%s%s\n", " -+"[change], path, left ? left : "",
			    left && right ? " -> " : "", right ? right : "");
	} else {
		jh_text_add(&diff->text, "%s\n    {\"change\": \"%s\", \"path\": ",
			    diff->count ? "," : "", words[change]);
		jh_text_add_quoted(&diff->text, path, strlen(path), true);
		if (left) {
			jh_text_add(&diff->text, ", \"left\": ");
			jh_text_add_quoted(&diff->text, left, strlen(left), true);
		}
		if (right) {
			jh_text_add(&diff->text, ", \"right\": ");
			jh_text_add_quoted(&diff->text, right, strlen(right), true);
		}
		jh_text_add(&diff->text, "}");
	}
	diff->count++;
}

/* The same of texts in the making, which are freed. */
static void note_texts(struct diff *diff, enum change change, const char *path, struct jh_text *left,
		       struct jh_text *right)
{
	if (left->no_memory || right->no_memory)
		diff->no_memory = true;
	else
		note(diff, change, path, left->data, right->data);
	jh_text_free(left);
	jh_text_free(right);
}

static bool same(const struct jh_attr *attr, const void *left, const void *right)
{
	const char *a = (const char *)left + attr->offset, *b = (const char *)right + attr->offset;

	if (attr->form == JH_ATTR_TEXT)
		return strncmp(a, b, attr->size) == 0;
	return memcmp(a, b, (size_t)attr->size * attr->count) == 0;
}

static void compare_structs(struct diff *diff, const struct jh_schema *schema, const char *path,
			    const void *left, const void *right)
{
	struct jh_text texts[2] = {{0}};
	const struct jh_attr *attr;
	char inner[96];
	uint32_t n;

	for (n = 0; n < schema->count; n++) {
		attr = &schema->attr[n];
		snprintf(inner, sizeof(inner), "%s%s%s", path, *path ? "/" : "", attr->word);
		if (attr->form == JH_ATTR_STRUCT) {
			/* Structures inside these do not exist. */
			compare_structs(diff, attr->schema, inner, (const char *)left + attr->offset,
					(const char *)right + attr->offset);
		} else if (!same(attr, left, right)) {
			add_value(&texts[0], attr, left);
			add_value(&texts[1], attr, right);
			note_texts(diff, CHANGED, inner, &texts[0], &texts[1]);
		}
	}
}

/* ---- elements ---- */

struct key {
	uint64_t major, minor;
	uint32_t index;
};

/* What an element is about */
static struct key key_of(uint32_t section, const void *element, uint32_t index)
{
	const struct jailhouse_config_pci_device *device = element;
	const struct jailhouse_config_irqchip *chip = element;
	const struct jailhouse_config_memory *memory = element;
	const struct jailhouse_config_pci_cap *cap = element;
	const struct jailhouse_config_cache *cache = element;
	const struct jailhouse_config_pio *pio = element;

	switch (section) {
	case JAILHOUSE_SECTION_MEMORY:
		return (struct key){memory->phys_start, memory->virt_start, index};
	case JAILHOUSE_SECTION_CACHE:
		return (struct key){cache->type, cache->start, index};
	case JAILHOUSE_SECTION_IRQCHIP:
		return (struct key){chip->address, chip->pin_base, index};
	case JAILHOUSE_SECTION_PIO:
		return (struct key){pio->base, 0, index};
	case JAILHOUSE_SECTION_PCI_DEVICE:
		return (struct key){device->domain, device->bdf, index};
	case JAILHOUSE_SECTION_PCI_CAP:
		return (struct key){cap->id, cap->start, index};
	}
	return (struct key){*(const uint32_t *)element, 0, index};
}

static int compare_keys(const struct key *a, const struct key *b)
{
	if (a->major != b->major)
		return a->major < b->major ? -1 : 1;
	return a->minor < b->minor ? -1 : a->minor > b->minor;
}

static int by_key(const void *left, const void *right)
{
	const struct key *a = left, *b = right;
	int order = compare_keys(a, b);

	/* Of several with the same key, the first ones belong together. */
	return order ? order : a->index < b->index ? -1 : a->index > b->index;
}

static struct key *sorted_keys(struct diff *diff, unsigned int side, uint32_t section)
{
	uint32_t n, count = diff->side[side]->count[section];
	struct key *keys = calloc(count + 1u, sizeof(*keys));
	_Alignas(8) char element[JH_MAX_SCHEMA_SIZE];

	if (!keys) {
		diff->no_memory = true;
		return NULL;
	}
	for (n = 0; n < count; n++) {
		jh_get_element(diff->side[side], section, n, element);
		keys[n] = key_of(section, element, n);
	}
	qsort(keys, count, sizeof(*keys), by_key);
	return keys;
}

/* An element that only one side has, with all that is not 0. */
static void note_alone(struct diff *diff, unsigned int side, uint32_t section, uint32_t index)
{
	const struct jh_section_schema *schema = jh_section_schema(section);
	_Alignas(8) char element[JH_MAX_SCHEMA_SIZE];
	struct jh_text texts[2] = {{0}};
	struct jh_text *text = &texts[side];
	const struct jh_attr *attr;
	uint32_t n, i;
	char path[64];
	bool zero;

	jh_get_element(diff->side[side], section, index, element);
	for (n = 0; n < schema->schema.count; n++) {
		attr = &schema->schema.attr[n];
		for (zero = true, i = 0; i < attr->count; i++)
			zero = zero && jh_attr_get(attr, element, i) == 0;
		if (zero && n > 0)
			continue;
		jh_text_add(text, "%s%s=", n ? " " : "", attr->word);
		add_value(text, attr, element);
	}
	snprintf(path, sizeof(path), "%s/%u", schema->word, index);
	note_texts(diff, side == 0 ? REMOVED : ADDED, path, &texts[0], &texts[1]);
}

static void compare_elements(struct diff *diff, uint32_t section, uint32_t left, uint32_t right)
{
	const struct jh_section_schema *schema = jh_section_schema(section);
	_Alignas(8) char elements[2][JH_MAX_SCHEMA_SIZE];
	char path[64];

	jh_get_element(diff->side[0], section, left, elements[0]);
	jh_get_element(diff->side[1], section, right, elements[1]);
	snprintf(path, sizeof(path), "%s/%u", schema->word, left);
	compare_structs(diff, &schema->schema, path, elements[0], elements[1]);
}

static void compare_section(struct diff *diff, uint32_t section)
{
	struct key *left = sorted_keys(diff, 0, section);
	struct key *right = sorted_keys(diff, 1, section);
	uint32_t n = 0, m = 0;
	int order;

	while (left && right &&
	       (n < diff->side[0]->count[section] || m < diff->side[1]->count[section])) {
		if (m == diff->side[1]->count[section])
			order = -1;
		else if (n == diff->side[0]->count[section])
			order = 1;
		else
			order = compare_keys(&left[n], &right[m]);
		if (order < 0)
			note_alone(diff, 0, section, left[n++].index);
		else if (order > 0)
			note_alone(diff, 1, section, right[m++].index);
		else
			compare_elements(diff, section, left[n++].index, right[m++].index);
	}
	free(left);
	free(right);
}

/* ---- heads ---- */

static void add_cpus(struct jh_text *text, const struct jailhouse_config *config)
{
	int32_t cpu = jailhouse_config_next_cpu(config, 0), last;
	const char *comma = "";

	for (; cpu >= 0; cpu = jailhouse_config_next_cpu(config, last + 1)) {
		for (last = cpu; jailhouse_config_next_cpu(config, last + 1) == last + 1; last++)
			;
		jh_text_add(text, last > cpu ? "%s%d-%d" : "%s%d", comma, cpu, last);
		comma = ",";
	}
}

static void compare_cpus(struct diff *diff)
{
	struct jh_text texts[2] = {{0}};
	unsigned int side;

	for (side = 0; side < 2; side++)
		add_cpus(&texts[side], diff->side[side]);
	if (texts[0].data && texts[1].data && strcmp(texts[0].data, texts[1].data) == 0) {
		jh_text_free(&texts[0]);
		jh_text_free(&texts[1]);
		return;
	}
	note_texts(diff, CHANGED, "cpus", &texts[0], &texts[1]);
}

static void compare_heads(struct diff *diff)
{
	struct jailhouse_config_system systems[2];
	struct jailhouse_config_cell cells[2];
	struct jailhouse_config_iommu iommus[2];
	char path[16];
	uint32_t n;

	if (diff->side[0]->architecture != diff->side[1]->architecture)
		note(diff, CHANGED, "architecture",
		     jh_name_of(&jh_arch_names, diff->side[0]->architecture),
		     jh_name_of(&jh_arch_names, diff->side[1]->architecture));
	if (jailhouse_config_get_system(diff->side[0], &systems[0]) == 0 &&
	    jailhouse_config_get_system(diff->side[1], &systems[1]) == 0)
		compare_structs(diff, &jh_schema_system, "system", &systems[0], &systems[1]);
	for (n = 0; jailhouse_config_get_iommu(diff->side[0], n, &iommus[0]) == 0 &&
		    jailhouse_config_get_iommu(diff->side[1], n, &iommus[1]) == 0;
	     n++) {
		snprintf(path, sizeof(path), "iommu-%u", n);
		compare_structs(diff, &jh_schema_iommu, path, &iommus[0], &iommus[1]);
	}
	jailhouse_config_get_cell(diff->side[0], &cells[0]);
	jailhouse_config_get_cell(diff->side[1], &cells[1]);
	compare_structs(diff, &jh_schema_cell, "cell", &cells[0], &cells[1]);
	compare_cpus(diff);
}

static void add_bytes(struct jh_text *text, const uint8_t *bytes, size_t size)
{
	size_t n;

	for (n = 0; n < size; n++)
		jh_text_add(text, "%02x", bytes[n]);
}

static void note_bytes(struct diff *diff, const char *path, const uint8_t *left, size_t left_size,
		       const uint8_t *right, size_t right_size)
{
	struct jh_text texts[2] = {{0}};

	add_bytes(&texts[0], left, left_size);
	add_bytes(&texts[1], right, right_size);
	note_texts(diff, CHANGED, path, &texts[0], &texts[1]);
}

/* Bytes of the heads that have no name, the size of the CPU set, and what stands behind the arrays. */
static void compare_rest(struct diff *diff)
{
	const struct jailhouse_config *left = diff->side[0], *right = diff->side[1];
	const uint8_t *a = left->data, *b = right->data;
	uint32_t n, start, size = (uint32_t)jh_head_size(left->kind);
	uint8_t *nameless[2] = {jh_nameless_bytes(left), jh_nameless_bytes(right)};
	char path[32], texts[2][16];

	if (left->count[JAILHOUSE_SECTION_CPU_SET] != right->count[JAILHOUSE_SECTION_CPU_SET]) {
		snprintf(texts[0], sizeof(texts[0]), "%u", left->count[JAILHOUSE_SECTION_CPU_SET]);
		snprintf(texts[1], sizeof(texts[1]), "%u", right->count[JAILHOUSE_SECTION_CPU_SET]);
		note(diff, CHANGED, "cpu-set-size", texts[0], texts[1]);
	}
	if (!nameless[0] || !nameless[1])
		diff->no_memory = true;
	for (n = 0; !diff->no_memory && n < size; n++) {
		for (start = n; n < size && nameless[0][n] != nameless[1][n]; n++)
			;
		snprintf(path, sizeof(path), "raw-%u", start);
		if (n > start)
			note_bytes(diff, path, a + start, n - start, b + start, n - start);
	}
	free(nameless[0]);
	free(nameless[1]);
	if (left->trailing != right->trailing ||
	    memcmp(a + left->length, b + right->length, (size_t)left->trailing) != 0)
		note_bytes(diff, "trailing", a + left->length, (size_t)left->trailing,
			   b + right->length, (size_t)right->trailing);
}

int jailhouse_config_diff(const struct jailhouse_config *left, const struct jailhouse_config *right,
			  uint32_t form, char **ret_text, struct jailhouse_error *error)
{
	struct diff diff = {.side = {left, right}, .json = form == JAILHOUSE_DIFF_JSON};
	uint32_t section;

	if (!left || !right || !ret_text || form > JAILHOUSE_DIFF_JSON)
		return jh_error_argument(error, "left, right, form or ret_text");
	if (left->kind != right->kind)
		return jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0,
				    "one is a system, the other one a cell");
	jh_text_add(&diff.text, diff.json ? "{\n  \"differences\": [" : "");
	compare_heads(&diff);
	for (section = 0; section < JAILHOUSE_NUM_SECTIONS; section++)
		if (jh_section_schema(section))
			compare_section(&diff, section);
	compare_rest(&diff);
	if (diff.json)
		jh_text_add(&diff.text, diff.count ? "\n  ]\n}\n" : "]\n}\n");
	if (diff.no_memory || diff.text.no_memory) {
		jh_text_free(&diff.text);
		return jh_error_no_memory(error);
	}
	*ret_text = diff.text.data;
	return diff.count > 0;
}
