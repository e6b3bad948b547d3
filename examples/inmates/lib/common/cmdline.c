/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Parameters that the loader puts into the image as text. */
#include <inmate.h>

/* An inmate may bring a larger buffer by CMDLINE_BUFFER(). */
char cmdline[256] __attribute__((weak, section(".cmdline")));

/*
 * Finds a word that is the parameter, alone or followed by '='. Returns what follows the name, or
 * NULL. The linker script puts a zero byte behind the buffer, so that the text always ends.
 */
static const char *find_param(const char *param)
{
	unsigned long len = strlen(param);
	const char *p = cmdline;

	while (*p) {
		if (*p == ' ') {
			p++;
			continue;
		}
		if (strncmp(p, param, len) == 0 && (p[len] == '=' || p[len] == ' ' || p[len] == 0))
			return p + len;
		while (*p && *p != ' ')
			p++;
	}
	return NULL;
}

const char *cmdline_parse_str(const char *param, char *value_buffer, unsigned long buffer_size,
			      const char *default_value)
{
	const char *value = find_param(param);
	unsigned long n = 0;

	if (value && *value == '=')
		value++;
	else
		value = default_value;
	while (n + 1 < buffer_size && value[n] && (value[n] != ' ' || value == default_value)) {
		value_buffer[n] = value[n];
		n++;
	}
	value_buffer[n] = 0;
	return value_buffer;
}

static int digit(char c, unsigned int base)
{
	int value = -1;

	if (c >= '0' && c <= '9')
		value = c - '0';
	else if (c >= 'a' && c <= 'f')
		value = c - 'a' + 10;
	else if (c >= 'A' && c <= 'F')
		value = c - 'A' + 10;
	return value < (int)base ? value : -1;
}

long long cmdline_parse_int(const char *param, long long default_value)
{
	const char *p = find_param(param);
	unsigned long long value = 0;
	unsigned int base = 10;
	bool negative = false;

	if (!p || *p != '=')
		return default_value;
	p++;
	if (strncasecmp(p, "0x", 2) == 0) {
		base = 16;
		p += 2;
	} else if (*p == '-' || *p == '+') {
		negative = *p++ == '-';
	}
	if (digit(*p, base) < 0)
		return default_value;
	for (; *p && *p != ' '; p++) {
		if (digit(*p, base) < 0)
			return default_value;
		value = value * base + digit(*p, base);
	}
	return negative ? -value : value;
}

static bool word_is(const char *p, const char *word)
{
	unsigned long len = strlen(word);

	return strncasecmp(p, word, len) == 0 && (p[len] == ' ' || p[len] == 0);
}

bool cmdline_parse_bool(const char *param, bool default_value)
{
	const char *p = find_param(param);

	if (!p)
		return default_value;
	if (*p != '=')
		return true;
	p++;
	if (word_is(p, "true") || word_is(p, "1"))
		return true;
	if (word_is(p, "false") || word_is(p, "0"))
		return false;
	return default_value;
}
