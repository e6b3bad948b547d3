/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tree-setup.h"
#include "unit.h"

#define MAX_BLOB 65536

const char *read_root;

void *compile(const char *source, size_t *ret_size)
{
	char name[] = "/tmp/test-tree-XXXXXX";
	char command[80], *blob = malloc(MAX_BLOB);
	int fd = mkstemp(name);
	FILE *out;

	assert_non_null(blob);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, source, strlen(source)), (ssize_t)strlen(source));
	close(fd);
	/* -f: wrong phandles are for the reader to find. */
	snprintf(command, sizeof(command), "dtc -q -f -@ -I dts -O dtb %s", name);
	out = popen(command, "r");
	assert_non_null(out);
	*ret_size = fread(blob, 1, MAX_BLOB, out);
	pclose(out);
	unlink(name);
	if (*ret_size == 0 || *ret_size == MAX_BLOB)
		fail_msg("dtc has not compiled: %s", source);
	return blob;
}

const char *findings(const struct jailhouse_report *report, char *buffer, size_t size)
{
	struct jailhouse_finding finding = {.size = sizeof(finding)};
	size_t n, length = 0;

	buffer[0] = '\0';
	for (n = 0; jailhouse_report_get_finding(report, n, &finding) == 0 && length < size; n++)
		length += (size_t)snprintf(buffer + length, size - length, "%s\n", finding.text);
	return buffer;
}

struct text read_text(const char *source, const char *machine, const char *iomem)
{
	struct jailhouse_tree_options options = JAILHOUSE_TREE_OPTIONS_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct text text = {NULL, NULL, 0, {{0}}};
	void *blob, *machine_blob = NULL;
	size_t size, n;
	int ret;

	blob = compile(source, &size);
	if (machine) {
		machine_blob = compile(machine, &options.machine_dtb_size);
		options.machine_dtb = machine_blob;
	}
	options.iomem = iomem;
	options.iomem_size = iomem ? strlen(iomem) : 0;
	options.root = read_root;
	ret = jailhouse_tree_new_with_options(blob, size, &options, &text.tree, &text.report,
					      &error);
	free(blob);
	free(machine_blob);
	if (ret != 0) {
		assert_int_equal(ret, JAILHOUSE_ERR_CONFIG);
		assert_null(text.tree);
		assert_non_null(text.report);
		return text;
	}
	text.count = jailhouse_tree_get_count(text.tree);
	assert_true(text.count <= ARRAY_LEN(text.config));
	for (n = 0; n < text.count; n++)
		if (jailhouse_builder_get_config(jailhouse_tree_get_builder(text.tree, n),
						 &text.config[n], NULL, &error) != 0)
			fail_msg("%s: %s", jailhouse_tree_get_name(text.tree, n), error.text);
	return text;
}

struct text read_sound(const char *source, const char *machine, const char *iomem)
{
	struct text text = read_text(source, machine, iomem);
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_report *report;
	char buffer[4096];

	if (!text.tree || jailhouse_report_get_count(text.report) != 0)
		fail_msg("%s", findings(text.report, buffer, sizeof(buffer)));
	if (jailhouse_check(text.config, text.count, NULL, &report, &error) != 0)
		fail_msg("%s", error.text);
	if (jailhouse_report_get_number_of(report, JAILHOUSE_SEVERITY_ERROR) +
	    jailhouse_report_get_number_of(report, JAILHOUSE_SEVERITY_WARNING))
		fail_msg("%s", findings(report, buffer, sizeof(buffer)));
	jailhouse_report_free(report);
	return text;
}

void free_text(struct text *text)
{
	jailhouse_tree_free(text->tree);
	jailhouse_report_free(text->report);
}
