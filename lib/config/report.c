/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Findings of the checker. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/check.h"
#include "config/schema.h"

#define MAX_KEPT 1000

struct jailhouse_report {
	size_t count;
	size_t room;
	size_t number_of[JAILHOUSE_SEVERITY_ERROR + 1];
	struct jailhouse_finding *finding;
};

static const char *const severity_names[] = {
	[JAILHOUSE_SEVERITY_NOTE] = "note",
	[JAILHOUSE_SEVERITY_WARNING] = "warning",
	[JAILHOUSE_SEVERITY_ERROR] = "error",
};

const char *jailhouse_severity_get_name(uint32_t severity)
{
	return severity < JH_ARRAY_SIZE(severity_names) ? severity_names[severity] : NULL;
}

struct jailhouse_report *jh_report_new(void)
{
	return calloc(1, sizeof(struct jailhouse_report));
}

void jailhouse_report_free(struct jailhouse_report *report)
{
	if (!report)
		return;
	free(report->finding);
	free(report);
}

static struct jailhouse_finding *add(struct jailhouse_report *report)
{
	struct jailhouse_finding *finding;
	size_t room;

	if (report->count == report->room) {
		room = report->room ? 2 * report->room : 16;
		finding = realloc(report->finding, room * sizeof(*finding));
		if (!finding)
			return NULL;
		report->finding = finding;
		report->room = room;
	}
	finding = &report->finding[report->count++];
	memset(finding, 0, sizeof(*finding));
	return finding;
}

void jh_find(struct jh_check *check, const struct jh_rule *rule, struct jailhouse_place place,
	     struct jailhouse_place other, const char *format, ...)
{
	struct jailhouse_report *report = check->report;
	struct jailhouse_finding *finding;
	va_list args;

	report->number_of[rule->severity]++;
	if (report->count >= MAX_KEPT)
		return;
	finding = add(report);
	if (!finding) {
		check->no_memory = true;
		return;
	}
	finding->size = sizeof(*finding);
	finding->rule = rule->number;
	finding->severity = rule->severity;
	finding->place = place;
	finding->other = other;
	va_start(args, format);
	vsnprintf(finding->text, sizeof(finding->text), format, args);
	va_end(args);
}

static int by_severity(const void *left, const void *right)
{
	const struct jailhouse_finding *a = left, *b = right;

	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	if (a->place.config != b->place.config)
		return a->place.config < b->place.config ? -1 : 1;
	if (a->place.index != b->place.index)
		return a->place.index < b->place.index ? -1 : 1;
	/* The same for each run and each qsort(). */
	return memcmp(&a->other, &b->other, sizeof(a->other));
}

void jh_report_sort(struct jailhouse_report *report)
{
	if (report->count > 1)
		qsort(report->finding, report->count, sizeof(*report->finding), by_severity);
}

static bool knows(const struct jailhouse_report *report, const struct jailhouse_finding *finding)
{
	size_t n;

	for (n = 0; n < report->count; n++)
		if (report->finding[n].rule == finding->rule &&
		    memcmp(&report->finding[n].place, &finding->place, sizeof(finding->place)) == 0 &&
		    memcmp(&report->finding[n].other, &finding->other, sizeof(finding->other)) == 0 &&
		    strcmp(report->finding[n].text, finding->text) == 0)
			return true;
	return false;
}

void jh_report_subtract(struct jailhouse_report *report, const struct jailhouse_report *known)
{
	size_t n, kept = 0;

	for (n = 0; n < report->count; n++) {
		if (knows(known, &report->finding[n]))
			report->number_of[report->finding[n].severity]--;
		else
			report->finding[kept++] = report->finding[n];
	}
	report->count = kept;
}

int jailhouse_place_format(const struct jailhouse_config *configs, size_t count,
			   const struct jailhouse_place *place, char *buffer, size_t size)
{
	const struct jh_section_schema *schema;
	struct jailhouse_config_cell cell;
	char name[sizeof(cell.name) + 1];
	size_t n;

	if (!configs || !place || !buffer || size == 0 || place->config >= count ||
	    (place->section >= JAILHOUSE_NUM_SECTIONS && place->section != JAILHOUSE_FINDING_NONE))
		return JAILHOUSE_ERR_ARGUMENT;
	jailhouse_config_get_cell(&configs[place->config], &cell);
	snprintf(name, sizeof(name), "%.32s",
		 configs[place->config].kind == JAILHOUSE_CONFIG_SYSTEM ? "system" : cell.name);
	for (n = 0; name[n]; n++)
		if (!isprint((unsigned char)name[n]))
			name[n] = '?';
	schema = jh_section_schema(place->section);
	if (place->section == JAILHOUSE_FINDING_NONE)
		snprintf(buffer, size, "%s", name);
	else if (!schema)
		snprintf(buffer, size, "%s/cpus", name);
	else if (place->index == JAILHOUSE_FINDING_NONE)
		snprintf(buffer, size, "%s/%s", name, schema->word);
	else
		snprintf(buffer, size, "%s/%s/%u", name, schema->word, place->index);
	return 0;
}

size_t jailhouse_report_get_count(const struct jailhouse_report *report)
{
	return report ? report->count : 0;
}

size_t jailhouse_report_get_number_of(const struct jailhouse_report *report, uint32_t severity)
{
	return report && severity <= JAILHOUSE_SEVERITY_ERROR ? report->number_of[severity] : 0;
}

int jailhouse_report_get_finding(const struct jailhouse_report *report, size_t index,
				 struct jailhouse_finding *ret_finding)
{
	uint32_t size;

	if (!report || !ret_finding || index >= report->count ||
	    ret_finding->size < sizeof(*ret_finding))
		return JAILHOUSE_ERR_ARGUMENT;
	size = ret_finding->size;
	memcpy(ret_finding, &report->finding[index], sizeof(*ret_finding));
	ret_finding->size = size;
	return 0;
}
