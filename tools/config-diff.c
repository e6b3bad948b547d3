/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <jailhouse/render.h>

#include "commands.h"
#include "files.h"

/* As diff(1): 1 is for a difference, so that a failure is something else. */
#define DIFFERENT ((enum cli_result)1)
#define TROUBLE	  ((enum cli_result)2)

static enum cli_result diff(struct cli *cli, const struct cli_files *files, uint32_t form)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	char *text;
	int ret;

	ret = jailhouse_config_diff(&files->config[0], &files->config[1], form, &text, &error);
	if (ret < 0) {
		cli_report(cli, NULL, &error);
		return TROUBLE;
	}
	fputs(text, cli->out);
	jailhouse_text_free(text);
	return ret ? DIFFERENT : CLI_OK;
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	uint32_t form = cli_args_has(args, 'j') ? JAILHOUSE_DIFF_JSON : JAILHOUSE_DIFF_TEXT;
	struct cli_files files = {0};
	enum cli_result result = TROUBLE;

	if (cli_files_read(cli, args, &files) == CLI_OK)
		result = diff(cli, &files, form);
	cli_files_free(&files);
	return result;
}

static const struct cli_option options[] = {
	{"json", 'j', false, NULL, "print JSON"},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_config_diff = {
	.name = "diff",
	.group = "config",
	.synopsis = "[--json] CONFIG CONFIG",
	.summary = "Show what two configurations say differently.",
	.details = "Both are systems, or both cells. Elements are paired by what they are about: memory\n"
		   "by its physical address, devices by theirs. Exit code 0 if they say the same, 1 if\n"
		   "not, 2 if there was a problem.",
	.options = options,
	.min_words = 2,
	.max_words = 2,
	.run = run,
};
