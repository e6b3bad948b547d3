/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Writing of JSON, indented by two blanks, with the commas in the right places. */
#ifndef TOOLS_JSON_H
#define TOOLS_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *out;
	int depth;
	bool first; /* nothing stands in the present object or array yet */
	bool line;  /* all in one line */
};

/* Each value takes the name of its member; NULL in an array and at the top. */
void json_open_object(struct json *json, const char *name);
void json_close_object(struct json *json);
void json_open_array(struct json *json, const char *name);
void json_close_array(struct json *json);
/* Bytes that are no UTF-8 are taken for Latin-1. */
void json_string(struct json *json, const char *name, const char *value);
void json_number(struct json *json, const char *name, uint64_t value);
void json_bool(struct json *json, const char *name, bool value);
/* "0x...", because JSON's numbers are exact only to 2^53. */
void json_hex(struct json *json, const char *name, uint64_t value);
/* An array of the numbers of the bits that are set. */
void json_mask(struct json *json, const char *name, const uint64_t *mask, size_t words);
/* The newline at the very end. */
void json_end(struct json *json);

#endif /* !TOOLS_JSON_H */
