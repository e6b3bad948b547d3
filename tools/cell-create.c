/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <jailhouse/config.h>

#include "commands.h"

static int create(struct cli *cli, const struct cli_args *args, const void *config, size_t size,
		  struct jailhouse_error *error)
{
	(void)args;
	return jailhouse_cell_create(cli->jh, config, size, NULL, error);
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	return cli_config_request(cli, args, jailhouse_check_create, create);
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
