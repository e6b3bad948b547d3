/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The kernel's text forms: trees of resources, and lists of CPUs. */
#include <stdlib.h>
#include <string.h>

#include "config/generate/machine.h"

#define MAX_DEPTH 32

struct line {
	const char *at;
	const char *end;
	const char *file;
	size_t number;
};

static int bad_line(const struct line *line, struct jailhouse_error *error, const char *what)
{
	return jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0, "%s: line %zu: %s", line->file,
			    line->number, what);
}

static bool take_hex(struct line *line, uint64_t *ret_value)
{
	uint64_t value = 0;
	int digits = 0;
	char c;

	for (; line->at < line->end; line->at++, digits++) {
		c = *line->at;
		if (c >= '0' && c <= '9')
			value = value << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (uint64_t)(c - 'a' + 10);
		else
			break;
	}
	*ret_value = value;
	return digits > 0 && digits <= 16;
}

static bool take(struct line *line, const char *text)
{
	size_t length = strlen(text);

	if ((size_t)(line->end - line->at) < length || memcmp(line->at, text, length) != 0)
		return false;
	line->at += length;
	return true;
}

/* "  fec00000-fec003ff : IOAPIC 0" */
static int parse_line(struct line *line, struct jh_resource *resource,
		      struct jailhouse_error *error)
{
	size_t n;

	resource->depth = 0;
	while (take(line, "  "))
		resource->depth++;
	if (resource->depth >= MAX_DEPTH)
		return bad_line(line, error, "indented too deeply");
	if (!take_hex(line, &resource->start) || !take(line, "-") ||
	    !take_hex(line, &resource->last) || !take(line, " : "))
		return bad_line(line, error, "not of the form START-END : NAME");
	if (resource->start > resource->last)
		return bad_line(line, error, "ends before it starts");
	for (n = 0; n + 1 < sizeof(resource->name) && line->at + n < line->end; n++)
		resource->name[n] = line->at[n] >= 0x20 && line->at[n] < 0x7f ? line->at[n] : '?';
	resource->name[n] = '\0';
	return 0;
}

/* Who follows deeper is inside of the one before. `above` is the last one at each depth. */
static int nest(struct jh_resources *list, uint32_t *above, const struct line *line,
		struct jailhouse_error *error)
{
	struct jh_resource *resource = &list->resource[list->count];
	struct jh_resource *parent;

	resource->leaf = true;
	resource->parent = JH_NO_PARENT;
	if (resource->depth > 0) {
		if (list->count == 0 || resource->depth > resource[-1].depth + 1)
			return bad_line(line, error, "indented more than the line before allows");
		resource->parent = above[resource->depth - 1];
		parent = &list->resource[resource->parent];
		if (resource->start < parent->start || resource->last > parent->last)
			return bad_line(line, error, "not within the range above it");
		parent->leaf = false;
	}
	above[resource->depth] = (uint32_t)list->count;
	return 0;
}

int jh_resources_parse(const char *text, size_t size, const char *name,
		       struct jh_resources *ret_resources, struct jailhouse_error *error)
{
	struct jh_resources list = {NULL, 0, 0};
	const char *end = text + size;
	struct line line = {text, text, name, 0};
	uint32_t above[MAX_DEPTH];
	const char *next;
	int err = 0;

	for (; !err && text < end; text = next) {
		next = memchr(text, '\n', (size_t)(end - text));
		line.at = text;
		line.end = next ? next : end;
		line.number++;
		next = next ? next + 1 : end;
		if (!jh_grow(&list.resource, &list.room, list.count, sizeof(*list.resource)))
			err = jh_error_no_memory(error);
		else
			err = parse_line(&line, &list.resource[list.count], error);
		if (!err)
			err = nest(&list, above, &line, error);
		list.count++;
	}
	if (err) {
		jh_resources_free(&list);
		return err;
	}
	*ret_resources = list;
	return 0;
}

void jh_resources_free(struct jh_resources *resources)
{
	free(resources->resource);
	memset(resources, 0, sizeof(*resources));
}

/* ---- CPU lists ---- */

static bool take_number(const char **text, uint32_t max, uint32_t *ret_number)
{
	uint32_t number = 0;
	const char *at = *text;

	for (; *at >= '0' && *at <= '9'; at++) {
		number = number * 10 + (uint32_t)(*at - '0');
		if (number >= max)
			return false;
	}
	if (at == *text)
		return false;
	*text = at;
	*ret_number = number;
	return true;
}

int jh_cpu_list_parse(const char *text, const char *name, uint64_t *set, uint32_t max,
		      struct jailhouse_error *error)
{
	const char *at = text;
	uint32_t first = 0, last;
	bool good;

	for (;; at++) {
		good = take_number(&at, max, &first);
		last = first;
		if (good && *at == '-') {
			at++;
			good = take_number(&at, max, &last) && last >= first;
		}
		for (; good && first <= last; first++)
			set[first / 64] |= 1ull << (first % 64);
		if (!good || *at != ',')
			break;
	}
	if (!good || (*at && *at != '\n'))
		return jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0,
				    "%s: offset %zu: not a list of CPUs below %u", name,
				    (size_t)(at - text), max);
	return 0;
}
