/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/generate/checklist.h"

void jh_row(struct jailhouse_checklist *list, uint32_t result, const char *name, const char *found,
	    const char *format, ...)
{
	struct jh_row *row;
	char text[1024];
	va_list args;

	text[0] = '\0';
	if (format && result != JAILHOUSE_CHECKLIST_OK) {
		va_start(args, format);
		vsnprintf(text, sizeof(text), format, args);
		va_end(args);
	}
	if (!jh_grow(&list->row, &list->room, list->count, sizeof(*list->row))) {
		list->no_memory = true;
		return;
	}
	row = &list->row[list->count++];
	row->result = result;
	row->section = list->section;
	row->name = strdup(name);
	row->found = strdup(found ? found : "");
	row->advice = strdup(text);
	if (!row->name || !row->found || !row->advice)
		list->no_memory = true;
}

void jailhouse_checklist_free(struct jailhouse_checklist *list)
{
	size_t n;

	if (!list)
		return;
	for (n = 0; n < list->count; n++) {
		free(list->row[n].name);
		free(list->row[n].found);
		free(list->row[n].advice);
	}
	free(list->row);
	free(list);
}

size_t jailhouse_checklist_get_count(const struct jailhouse_checklist *list)
{
	return list->count;
}

int jailhouse_checklist_get(const struct jailhouse_checklist *list, size_t index,
			    struct jailhouse_checklist_row *ret_row)
{
	const struct jh_row *row;

	if (!list || index >= list->count || !ret_row || ret_row->size < sizeof(*ret_row))
		return JAILHOUSE_ERR_ARGUMENT;
	row = &list->row[index];
	ret_row->result = row->result;
	ret_row->section = row->section;
	ret_row->name = row->name;
	ret_row->found = row->found;
	ret_row->advice = row->advice;
	return 0;
}
