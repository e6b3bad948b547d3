/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/text.h"

static bool make_room(struct jh_text *text, size_t more)
{
	size_t room = text->room ? text->room : 1024;
	char *data;

	while (room - text->length <= more)
		room *= 2;
	if (room == text->room)
		return true;
	data = realloc(text->data, room);
	if (!data) {
		text->no_memory = true;
		return false;
	}
	text->data = data;
	text->room = room;
	return true;
}

void jh_text_add(struct jh_text *text, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0 || text->no_memory || !make_room(text, (size_t)length))
		return;
	va_start(args, format);
	vsnprintf(text->data + text->length, (size_t)length + 1, format, args);
	va_end(args);
	text->length += (size_t)length;
}

void jh_text_add_quoted(struct jh_text *text, const char *string, size_t size, bool json)
{
	unsigned char c;
	size_t n;

	jh_text_add(text, "\"");
	for (n = 0; n < size && string[n]; n++) {
		c = (unsigned char)string[n];
		if (c == '"' || c == '\\')
			jh_text_add(text, "\\%c", c);
		else if (c >= 0x20 && c < 0x7f)
			jh_text_add(text, "%c", c);
		else
			jh_text_add(text, json ? "\\u%04x" : "\\%03o", c);
	}
	jh_text_add(text, "\"");
}

size_t jh_text_column(const struct jh_text *text)
{
	size_t column = 0;
	size_t start = text->length;

	while (start > 0 && text->data[start - 1] != '\n')
		start--;
	for (; start < text->length; start++)
		column += text->data[start] == '\t' ? 8 - column % 8 : 1;
	return column;
}

void jh_text_free(struct jh_text *text)
{
	free(text->data);
	memset(text, 0, sizeof(*text));
}
