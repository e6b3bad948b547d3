/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "json.h"

/* Length of a well-formed UTF-8 sequence of more than one byte, 0 if there is none. */
static int utf8_length(const unsigned char *s)
{
	int len = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	uint32_t code;
	int n;

	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	code = s[0] & (0xff >> (len + 1));
	for (n = 1; n < len; n++) {
		if ((s[n] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[n] & 0x3f);
	}
	/* Overlong forms, surrogates, and what lies beyond Unicode. */
	if ((len == 3 && code < 0x800) || (code >= 0xd800 && code < 0xe000) ||
	    (len == 4 && code < 0x10000) || code > 0x10ffff)
		return 0;
	return len;
}

static void write_string(FILE *out, const char *value)
{
	const unsigned char *s = (const unsigned char *)value;
	int len;

	fputc('"', out);
	while (*s) {
		if (*s == '"' || *s == '\\') {
			fprintf(out, "\\%c", *s++);
		} else if (*s >= 0x20 && *s < 0x7f) {
			fputc(*s++, out);
		} else {
			len = utf8_length(s);
			if (len)
				fwrite(s, 1, len, out);
			else
				fprintf(out, "\\u%04x", *s);
			s += len ? len : 1;
		}
	}
	fputc('"', out);
}

static void next_line(struct json *json)
{
	if (!json->line)
		fprintf(json->out, "\n%*s", 2 * json->depth, "");
}

/* What comes before each value. */
static void begin(struct json *json, const char *name)
{
	if (!json->first && json->depth)
		fputs(json->line ? ", " : ",", json->out);
	if (json->depth)
		next_line(json);
	json->first = false;
	if (name) {
		write_string(json->out, name);
		fputs(": ", json->out);
	}
}

static void open_level(struct json *json, const char *name, char bracket)
{
	begin(json, name);
	fputc(bracket, json->out);
	json->depth++;
	json->first = true;
}

static void close_level(struct json *json, char bracket)
{
	json->depth--;
	if (!json->first)
		next_line(json);
	json->first = false;
	fputc(bracket, json->out);
}

void json_open_object(struct json *json, const char *name)
{
	open_level(json, name, '{');
}

void json_close_object(struct json *json)
{
	close_level(json, '}');
}

void json_open_array(struct json *json, const char *name)
{
	open_level(json, name, '[');
}

void json_close_array(struct json *json)
{
	close_level(json, ']');
}

void json_string(struct json *json, const char *name, const char *value)
{
	begin(json, name);
	write_string(json->out, value);
}

void json_number(struct json *json, const char *name, uint64_t value)
{
	begin(json, name);
	fprintf(json->out, "%llu", (unsigned long long)value);
}

void json_bool(struct json *json, const char *name, bool value)
{
	begin(json, name);
	fputs(value ? "true" : "false", json->out);
}

void json_hex(struct json *json, const char *name, uint64_t value)
{
	begin(json, name);
	fprintf(json->out, "\"0x%llx\"", (unsigned long long)value);
}

void json_mask(struct json *json, const char *name, const uint64_t *mask, size_t words)
{
	const char *comma = "";
	size_t n;

	begin(json, name);
	fputc('[', json->out);
	for (n = 0; n < words * 64; n++) {
		if (!(mask[n / 64] >> (n % 64) & 1))
			continue;
		fprintf(json->out, "%s%zu", comma, n);
		comma = ", ";
	}
	fputc(']', json->out);
}

void json_end(struct json *json)
{
	fputc('\n', json->out);
}
