/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "commands.h"

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	return cli_cell_request(cli, args, jailhouse_cell_start);
}

static const struct cli_option options[] = {
	CLI_CELL_NAME_OPTION,
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_cell_start = {
	.name = "start",
	.group = "cell",
	.synopsis = CLI_CELL_SYNOPSIS,
	.summary = "Start a cell, or start it anew.",
	.details = "A running cell is asked to shut down first.",
	.options = options,
	.min_words = 0,
	.max_words = 1,
	.run = run,
};
