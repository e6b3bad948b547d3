/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <string.h>

#include <jailhouse/render.h>

#include "commands.h"
#include "files.h"

/* The text in one form; to a file if there is a path. */
static enum cli_result show(struct cli *cli, const struct cli_files *files, uint32_t form,
			    const char *path)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	enum cli_result result = CLI_OK;
	char *text;

	if (jailhouse_config_show(files->config, files->count, form, &text, &error) != 0)
		return cli_report(cli, NULL, &error);
	if (!path)
		fputs(text, cli->out);
	else if (!cli_file_write(cli, path, text, strlen(text)))
		result = CLI_FAILED;
	jailhouse_text_free(text);
	return result;
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	uint32_t form = cli_args_has(args, 'j') ? JAILHOUSE_SHOW_JSON : JAILHOUSE_SHOW_TABLE;
	const char *svg = cli_args_value(args, 's');
	struct cli_files files = {0};
	enum cli_result result;

	result = cli_files_read(cli, args, &files);
	if (result == CLI_OK && files.count > JAILHOUSE_SHOW_MAX_CONFIGS)
		result = cli_usage_error(cli, "at most %d configurations can be shown at once",
					 JAILHOUSE_SHOW_MAX_CONFIGS);
	if (result == CLI_OK && svg && strcmp(svg, "-") == 0)
		result = show(cli, &files, JAILHOUSE_SHOW_SVG, NULL);
	else if (result == CLI_OK && svg)
		result = show(cli, &files, JAILHOUSE_SHOW_SVG, svg);
	else if (result == CLI_OK)
		result = show(cli, &files, form, NULL);
	cli_files_free(&files);
	return result;
}

static const struct cli_option options[] = {
	{"svg", 's', false, "FILE", "draw the memory to a file; - for the standard output"},
	{"json", 'j', false, NULL, "print JSON"},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_config_show = {
	.name = "show",
	.group = "config",
	.synopsis = "[--json | --svg FILE] CONFIG...",
	.summary = "Show who has what of a machine.",
	.details = "The system comes first, if there is one. All cells are taken as existing at "
		   "once.\n"
		   "CPUs, memory, ports, interrupts and devices are cut where owners change; what two\n"
		   "have that do not both share it is a CONFLICT. The picture shows the memory to\n"
		   "scale.",
	.options = options,
	.min_words = 1,
	.max_words = -1,
	.run = run,
};
