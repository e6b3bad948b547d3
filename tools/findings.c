/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the checker has found, as text; and requests that wait for its verdict. */
#include <jailhouse/config.h>

#include "cli.h"

static const char *plural(size_t number)
{
	return number == 1 ? "" : "s";
}

static void print_finding(FILE *to, const char *path, const struct jailhouse_finding *finding,
			  const struct jailhouse_rule *rule)
{
	char name[256];

	fprintf(to, "%s: %s: %s [%s]\n", cli_printable(path, name, sizeof(name)),
		jailhouse_severity_get_name(finding->severity), finding->text, rule->name);
}

static void print_help(FILE *to, const struct jailhouse_rule *rule)
{
	fprintf(to, "   why:  %s\n   help: %s\n", rule->explanation, rule->hint);
}

/* Findings of a severity or above. The hint stands once, behind all findings of its rule. */
static void print_findings(FILE *to, const struct jailhouse_report *report,
			   const char *const *paths, size_t num_paths, uint32_t severity)
{
	struct jailhouse_finding finding = {.size = sizeof(finding)};
	struct jailhouse_rule rule = {.size = sizeof(rule)};
	uint32_t last_rule = 0;
	size_t n, place;

	for (n = 0; jailhouse_report_get_finding(report, n, &finding) == 0; n++) {
		if (finding.severity < severity)
			continue;
		if (last_rule && last_rule != finding.rule)
			print_help(to, &rule);
		jailhouse_rule_get_by_number(finding.rule, &rule);
		last_rule = finding.rule;
		place = finding.place.config < num_paths ? finding.place.config : num_paths - 1;
		print_finding(to, paths[place], &finding, &rule);
	}
	if (last_rule)
		print_help(to, &rule);
}

void cli_print_findings(FILE *to, const struct jailhouse_report *report, const char *const *paths,
			size_t num_paths)
{
	size_t count = jailhouse_report_get_count(report);
	size_t errors = jailhouse_report_get_number_of(report, JAILHOUSE_SEVERITY_ERROR);
	size_t warnings = jailhouse_report_get_number_of(report, JAILHOUSE_SEVERITY_WARNING);
	size_t notes = jailhouse_report_get_number_of(report, JAILHOUSE_SEVERITY_NOTE);

	print_findings(to, report, paths, num_paths, JAILHOUSE_SEVERITY_NOTE);
	if (errors + warnings + notes > count)
		fprintf(to, "%zu more are not shown.\n", errors + warnings + notes - count);
	fprintf(to, "%zu error%s, %zu warning%s, %zu note%s\n", errors, plural(errors), warnings,
		plural(warnings), notes, plural(notes));
}

/* One line for each warning: they are known, or "config check" tells more. */
static void print_warnings(FILE *to, const struct jailhouse_report *report, const char *path)
{
	struct jailhouse_finding finding = {.size = sizeof(finding)};
	struct jailhouse_rule rule = {.size = sizeof(rule)};
	size_t n;

	for (n = 0; jailhouse_report_get_finding(report, n, &finding) == 0; n++)
		if (finding.severity == JAILHOUSE_SEVERITY_WARNING &&
		    jailhouse_rule_get_by_number(finding.rule, &rule) == 0)
			print_finding(to, path, &finding, &rule);
}

/* Prints warnings and errors, unless the command line says --no-check. Reports a failure, errors are one. */
static bool passes(struct cli *cli, const struct cli_args *args, const char *path, const void *config,
		   size_t size,
		   int (*check)(struct jailhouse *jh, const void *config, size_t size,
				struct jailhouse_report **ret_report, struct jailhouse_error *error))
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_report *report;
	char name[128];
	size_t errors;

	if (cli_args_has(args, 'C'))
		return true;
	if (check(cli->jh, config, size, &report, &error) != 0) {
		cli_report(cli, path, &error);
		return false;
	}
	errors = jailhouse_report_get_number_of(report, JAILHOUSE_SEVERITY_ERROR);
	print_findings(cli->err, report, &path, 1, JAILHOUSE_SEVERITY_ERROR);
	print_warnings(cli->err, report, path);
	jailhouse_report_free(report);
	if (errors)
		cli_error(cli, "%s: %zu error%s, so nothing was done; --no-check skips this",
			  cli_printable(path, name, sizeof(name)), errors, plural(errors));
	return errors == 0;
}

enum cli_result cli_config_request(
	struct cli *cli, const struct cli_args *args,
	int (*check)(struct jailhouse *jh, const void *config, size_t size,
		     struct jailhouse_report **ret_report, struct jailhouse_error *error),
	int (*request)(struct cli *cli, const struct cli_args *args, const void *config, size_t size,
		       struct jailhouse_error *error))
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	const char *path = cli_args_word(args, 0);
	enum cli_result result = CLI_FAILED;
	struct cli_file config;
	const void *data;

	if (!cli_file_read(cli, path, &config))
		return CLI_FAILED;
	data = config.data ? (void *)config.data : "";
	if (cli_connect(cli) && passes(cli, args, path, data, config.size, check)) {
		result = CLI_OK;
		if (request(cli, args, data, config.size, &error) != 0)
			result = cli_report(cli, path, &error);
	}
	cli_file_free(&config);
	return result;
}
