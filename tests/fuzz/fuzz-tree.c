/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Any bytes as a device tree of configurations. What follows the blob is another one, the
 * machine's, or else a text of /proc/iomem. What is read can be checked and written as text; what
 * is not has mistakes, which name their node.
 */
#include <libfdt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/check.h>
#include <jailhouse/config.h>

#define MAX_CONFIGS 16

static void require(int condition)
{
	if (!condition)
		abort();
}

/* The parts in blocks of their own, so that one byte too far is noticed. */
static void *copy_of(const uint8_t *data, size_t size)
{
	void *copy = malloc(size ? size : 1);

	require(copy != NULL);
	memcpy(copy, data, size);
	return copy;
}

static size_t blob_size(const uint8_t *data, size_t size)
{
	fdt32_t total;

	if (size < 8)
		return size;
	memcpy(&total, data + 4, sizeof(total));
	return fdt32_to_cpu(total) < size ? fdt32_to_cpu(total) : size;
}

static void look_at_mistakes(const struct jailhouse_report *report)
{
	struct jailhouse_finding finding = {.size = sizeof(finding)};
	size_t n;

	for (n = 0; jailhouse_report_get_finding(report, n, &finding) == 0; n++) {
		require(finding.rule >= 400 && finding.severity == JAILHOUSE_SEVERITY_ERROR);
		require(finding.text[0] == '/' || finding.text[0] == '?');
	}
	require(n > 0);
}

static void look_at_configs(struct jailhouse_tree *tree)
{
	struct jailhouse_config config[MAX_CONFIGS];
	size_t count = jailhouse_tree_get_count(tree), n, good = 0;
	struct jailhouse_report *report;
	char *text;

	for (n = 0; n < count && good < MAX_CONFIGS; n++) {
		require(jailhouse_tree_get_name(tree, n) != NULL);
		if (jailhouse_builder_get_config(jailhouse_tree_get_builder(tree, n), &config[good],
						 NULL, NULL) != 0)
			continue;
		require(jailhouse_config_dump(&config[good], JAILHOUSE_TEXT_DTS, &text, NULL) == 0);
		jailhouse_text_free(text);
		good++;
	}
	if (good == 0)
		return;
	require(jailhouse_check(config, good, NULL, &report, NULL) == 0);
	jailhouse_report_free(report);
}

static void read_tree(const void *blob, size_t size, const struct jailhouse_tree_options *options)
{
	struct jailhouse_report *report = NULL;
	struct jailhouse_tree *tree = NULL;

	if (jailhouse_tree_new_with_options(blob, size, options, &tree, &report, NULL) == 0) {
		require(jailhouse_report_get_count(report) == 0);
		require(jailhouse_tree_get_map(tree) != NULL);
		look_at_configs(tree);
	} else {
		require(tree == NULL);
		if (report)
			look_at_mistakes(report);
	}
	jailhouse_tree_free(tree);
	jailhouse_report_free(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct jailhouse_tree_options options = JAILHOUSE_TREE_OPTIONS_INIT;
	size_t first = blob_size(data, size);
	void *blob = copy_of(data, first);
	void *rest = copy_of(data + first, size - first);

	if (size - first >= 4 && memcmp(rest, "\xd0\x0d\xfe\xed", 4) == 0) {
		options.machine_dtb_size = blob_size(rest, size - first);
		options.machine_dtb = rest;
	} else if (size > first) {
		options.iomem = rest;
		options.iomem_size = size - first;
	}
	read_tree(blob, first, &options);
	free(blob);
	free(rest);
	return 0;
}
