/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <jailhouse/config.h>

#include "commands.h"

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	const char *path = cli_args_word(args, 0);
	enum cli_result result = CLI_FAILED;
	struct cli_file config;
	const void *data;

	if (!cli_file_read(cli, path, &config))
		return CLI_FAILED;
	if (!cli_connect(cli)) {
		cli_file_free(&config);
		return CLI_FAILED;
	}
	data = config.data ? (void *)config.data : "";
	if (cli_check(cli, args, path, data, config.size, jailhouse_check_create)) {
		result = CLI_OK;
		if (jailhouse_cell_create(cli->jh, data, config.size, NULL, &error) != 0)
			result = cli_report(cli, path, &error);
	}
	cli_file_free(&config);
	return result;
}

static const struct cli_option options[] = {
	CLI_NO_CHECK_OPTION,
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_cell_create = {
	.name = "create",
	.group = "cell",
	.synopsis = "[--no-check] CELLCONFIG",
	.summary = "Carve a new cell out of Linux.",
	.details = "CELLCONFIG is a compiled cell configuration (.cell). Linux loses the CPUs, memory\n"
		   "and devices that it lists; the memory is zeroed. The cell is shut down until it\n"
		   "is loaded and started. Mistakes that \"config check\" finds, seen with the system\n"
		   "and the cells that exist, are told first; with an error among them nothing is\n"
		   "done.",
	.options = options,
	.min_words = 1,
	.max_words = 1,
	.run = run,
};
