/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A string that grows. */
#ifndef LIB_CONFIG_TEXT_H
#define LIB_CONFIG_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "internal.h"

struct jh_text {
	char *data; /* terminated, NULL while empty */
	size_t length;
	size_t room;
	bool no_memory; /* what was added since is lost */
};

void jh_text_add(struct jh_text *text, const char *format, ...) JH_PRINTF(2, 3);

/* A string in double quotes; what is not printable is escaped in octal, or for JSON as \u00NN. */
void jh_text_add_quoted(struct jh_text *text, const char *string, size_t size, bool json);

/* Columns since the last newline, a tab for eight. */
size_t jh_text_column(const struct jh_text *text);

void jh_text_free(struct jh_text *text);

#endif /* !LIB_CONFIG_TEXT_H */
