/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Two configurations, one behind the other, shown in each form, and what differs. A configuration
 * differs from itself in nothing.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/render.h>

static void require(int condition)
{
	if (!condition)
		abort();
}

static void show(const struct jailhouse_config *configs, size_t count)
{
	uint32_t form;
	char *text;

	for (form = JAILHOUSE_SHOW_TABLE; form <= JAILHOUSE_SHOW_SVG; form++) {
		if (jailhouse_config_show(configs, count, form, &text, NULL) != 0)
			continue;
		require(strlen(text) > 0);
		jailhouse_text_free(text);
	}
}

static void compare(const struct jailhouse_config *left, const struct jailhouse_config *right)
{
	uint32_t form;
	char *text;
	int ret;

	for (form = JAILHOUSE_DIFF_TEXT; form <= JAILHOUSE_DIFF_JSON; form++) {
		ret = jailhouse_config_diff(left, right, form, &text, NULL);
		require(left != right || ret == 0);
		if (ret < 0)
			continue;
		if (form == JAILHOUSE_DIFF_TEXT)
			require((ret == 0) == (text[0] == '\0'));
		jailhouse_text_free(text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct jailhouse_config configs[2];
	size_t rest;

	if (jailhouse_config_parse(data, size, &configs[0], NULL) != 0)
		return 0;
	show(configs, 1);
	compare(&configs[0], &configs[0]);
	/* What trails the first one is the second one, as far as the first one is concerned. */
	rest = (size_t)configs[0].trailing;
	if (jailhouse_config_parse(data + size - rest, rest, &configs[1], NULL) != 0)
		return 0;
	show(configs, 2);
	compare(&configs[0], &configs[1]);
	return 0;
}
