/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/config.h>

#include "commands.h"
#include "files.h"
#include "json.h"

static void json_place(struct json *json, const char *name, const struct cli_files *files,
		       const struct jailhouse_place *place)
{
	char path[160];

	if (jailhouse_place_format(files->config, files->count, place, path, sizeof(path)) != 0)
		return;
	json_open_object(json, name);
	json_string(json, "file", files->path[place->config]);
	json_string(json, "path", path);
	if (place->section != JAILHOUSE_FINDING_NONE) {
		json_string(json, "section", jailhouse_section_get_name(place->section));
		if (place->index != JAILHOUSE_FINDING_NONE)
			json_number(json, "index", place->index);
	}
	if (place->start <= place->last) {
		json_hex(json, "start", place->start);
		json_hex(json, "last", place->last);
	}
	json_close_object(json);
}

static void print_json(const struct cli *cli, const struct cli_files *files,
		       const struct jailhouse_report *report)
{
	struct jailhouse_finding finding = {.size = sizeof(finding)};
	struct jailhouse_rule rule = {.size = sizeof(rule)};
	struct json json = {.out = cli->out, .first = true};
	uint32_t severity;
	size_t n;

	json_open_object(&json, NULL);
	json_open_array(&json, "findings");
	for (n = 0; jailhouse_report_get_finding(report, n, &finding) == 0; n++) {
		jailhouse_rule_get_by_number(finding.rule, &rule);
		json_open_object(&json, NULL);
		json_string(&json, "severity", jailhouse_severity_get_name(finding.severity));
		json_number(&json, "rule", finding.rule);
		json_string(&json, "name", rule.name);
		json_string(&json, "text", finding.text);
		json_string(&json, "explanation", rule.explanation);
		json_string(&json, "hint", rule.hint);
		json_place(&json, "place", files, &finding.place);
		json_place(&json, "other", files, &finding.other);
		json_close_object(&json);
	}
	json_close_array(&json);
	json_open_object(&json, "count");
	for (severity = JAILHOUSE_SEVERITY_NOTE; severity <= JAILHOUSE_SEVERITY_ERROR; severity++)
		json_number(&json, jailhouse_severity_get_name(severity),
			    jailhouse_report_get_number_of(report, severity));
	json_close_object(&json);
	json_close_object(&json);
	json_end(&json);
}

static enum cli_result list_rules(const struct cli *cli, bool as_json)
{
	struct jailhouse_rule rule = {.size = sizeof(rule)};
	struct json json = {.out = cli->out, .first = true};
	uint32_t n;

	if (as_json)
		json_open_array(&json, NULL);
	for (n = 0; jailhouse_rule_get(n, &rule) == 0; n++) {
		if (!as_json) {
			fprintf(cli->out, "%u %-7s %s\n   %s\n", rule.number,
				jailhouse_severity_get_name(rule.severity), rule.name,
				rule.explanation);
			continue;
		}
		json_open_object(&json, NULL);
		json_number(&json, "rule", rule.number);
		json_string(&json, "severity", jailhouse_severity_get_name(rule.severity));
		json_string(&json, "name", rule.name);
		json_string(&json, "explanation", rule.explanation);
		json_string(&json, "hint", rule.hint);
		json_close_object(&json);
	}
	if (as_json) {
		json_close_array(&json);
		json_end(&json);
	}
	return CLI_OK;
}

/* Is there a line with a range that is not 0? Others than root see the lines, but all addresses are 0. */
static bool has_addresses(const struct cli_file *iomem)
{
	const char *line = (const char *)iomem->data, *end = line + iomem->size, *next, *c;
	bool any, is_range;

	for (; line < end; line = next + 1) {
		next = memchr(line, '\n', (size_t)(end - line));
		if (!next)
			next = end;
		any = is_range = false;
		for (c = line; c < next && (isxdigit((unsigned char)*c) || *c == '-' || *c == ' '); c++) {
			any = any || (*c != '0' && *c != '-' && *c != ' ');
			is_range = is_range || *c == '-';
		}
		if (any && is_range)
			return true;
	}
	return false;
}

/* Without addresses nothing would be found, whatever Linux uses. */
static bool read_iomem(const struct cli *cli, const char *path, struct cli_file *iomem)
{
	char name[128];

	if (!path)
		return true;
	if (!cli_file_read(cli, path, iomem))
		return false;
	if (has_addresses(iomem))
		return true;
	cli_error(cli, "%s: there are no addresses in it; /proc/iomem must be read as root",
		  cli_printable(path, name, sizeof(name)));
	cli_file_free(iomem);
	return false;
}

static enum cli_result check(struct cli *cli, const struct cli_args *args,
			     const struct cli_files *files)
{
	struct jailhouse_check_options options = JAILHOUSE_CHECK_OPTIONS_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct cli_file iomem = {NULL, 0};
	struct jailhouse_report *report;
	size_t bad;

	if (!read_iomem(cli, cli_args_value(args, 'i'), &iomem))
		return CLI_FAILED;
	options.iomem = (const char *)iomem.data;
	options.iomem_size = iomem.size;
	options.root = cli_args_value(args, 'R');
	if (jailhouse_check(files->config, files->count, &options, &report, &error) != 0) {
		cli_file_free(&iomem);
		return cli_report(cli, NULL, &error);
	}
	if (cli_args_has(args, 'j'))
		print_json(cli, files, report);
	else
		cli_print_findings(cli->out, report, files->path, files->count);
	bad = jailhouse_report_get_number_of(report, JAILHOUSE_SEVERITY_ERROR);
	if (cli_args_has(args, 's'))
		bad += jailhouse_report_get_number_of(report, JAILHOUSE_SEVERITY_WARNING);
	jailhouse_report_free(report);
	cli_file_free(&iomem);
	return bad ? CLI_FAILED : CLI_OK;
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	struct cli_files files = {0};
	enum cli_result result;

	if (cli_args_has(args, 'r')) {
		if (cli_args_word(args, 0))
			return cli_usage_error(cli, "--rules takes no files");
		return list_rules(cli, cli_args_has(args, 'j'));
	}
	if (!cli_args_word(args, 0))
		return cli_usage_error(cli, "arguments are missing: %s", cli->command->synopsis);
	result = cli_files_read(cli, args, &files);
	if (result == CLI_OK)
		result = check(cli, args, &files);
	cli_files_free(&files);
	return result;
}

static const struct cli_option options[] = {
	{"json", 'j', false, NULL, "print JSON"},
	{"iomem", 'i', false, "FILE", "copy of /proc/iomem: memory that Linux uses is an error"},
	{"root", 'R', false, "DIR", "directory with the proc and sys of the machine, / for this one"},
	{"strict", 's', false, NULL, "fail for warnings, too"},
	{"rules", 'r', false, NULL, "list all rules, and check nothing"},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_config_check = {
	.name = "check",
	.group = "config",
	.synopsis = "[--json] [--strict] [--iomem FILE] [--root DIR] CONFIG...\n[--json] --rules",
	.summary = "Look for mistakes in a system configuration and its cells.",
	.details = "The system comes first, if there is one. All cells are taken as existing at "
		   "once.\n"
		   "Needs no hypervisor; configurations of any architecture can be checked.\n"
		   "With --root it is also looked at what Linux uses (proc/iomem), which devices an\n"
		   "IOMMU can't keep apart, and which CPUs are threads of a core.\n"
		   "Exit code 1 if there are errors.",
	.options = options,
	.max_words = -1,
	.run = run,
};
