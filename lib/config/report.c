/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Findings of the checker. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/check.h"

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
