/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Looks for mistakes in a system and its cells: lint-config FILE.cell...
 *
 * A system comes first, if there is one. Ends with 1 if there are errors.
 */
#include <stdio.h>
#include <stdlib.h>

#include <jailhouse/config.h>

#include "read-config.h"

#define MAX_FILES 32

static void print_finding(const struct jailhouse_config *configs, size_t count,
			  const struct jailhouse_finding *finding)
{
	char place[128] = "";

	jailhouse_place_format(configs, count, &finding->place, place, sizeof(place));
	printf("%s: %s: %s [rule %u]\n", place, jailhouse_severity_get_name(finding->severity),
	       finding->text, (unsigned int)finding->rule);
}

int main(int argc, char **argv)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_config configs[MAX_FILES];
	struct jailhouse_report *report = NULL;
	struct jailhouse_finding finding;
	size_t count = 0, n, errors = 1;

	if (argc < 2 || argc - 1 > MAX_FILES) {
		fprintf(stderr, "usage: %s FILE.cell...\n", argv[0]);
		return EXIT_FAILURE;
	}
	while (count < (size_t)argc - 1 && read_config(argv[count + 1], &configs[count]) == 0)
		count++;
	if (count == (size_t)argc - 1) {
		if (jailhouse_check(configs, count, NULL, &report, &error) < 0)
			fprintf(stderr, "%s\n", error.text);
		else
			errors = jailhouse_report_get_number_of(report, JAILHOUSE_SEVERITY_ERROR);
	}
	finding.size = sizeof(finding);
	for (n = 0; n < jailhouse_report_get_count(report); n++)
		if (jailhouse_report_get_finding(report, n, &finding) == 0)
			print_finding(configs, count, &finding);
	jailhouse_report_free(report);
	for (n = 0; n < count; n++)
		free((void *)configs[n].data);
	return errors ? EXIT_FAILURE : EXIT_SUCCESS;
}
