/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "commands.h"

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	const char *path = cli_args_word(args, 0);
	struct cli_file config;
	int err;

	if (!cli_file_read(cli, path, &config))
		return CLI_FAILED;
	if (!cli_connect(cli)) {
		cli_file_free(&config);
		return CLI_FAILED;
	}
	err = jailhouse_cell_create(cli->jh, config.data ? (void *)config.data : "", config.size,
				    NULL, &error);
	cli_file_free(&config);
	return err ? cli_report(cli, path, &error) : CLI_OK;
}

const struct cli_command cli_cell_create = {
	.name = "create",
	.group = "cell",
	.synopsis = "CELLCONFIG",
	.summary = "Carve a new cell out of Linux.",
	.details = "CELLCONFIG is a compiled cell configuration (.cell). Linux loses the CPUs, memory\n"
		   "and devices that it lists; the memory is zeroed. The cell is shut down until it\n"
		   "is loaded and started.",
	.min_words = 1,
	.max_words = 1,
	.run = run,
};
