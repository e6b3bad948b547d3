/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "commands.h"

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)args;
	if (!cli_connect(cli))
		return CLI_FAILED;
	if (jailhouse_disable(cli->jh, &error))
		return cli_report(cli, NULL, &error);
	return CLI_OK;
}

const struct cli_command cli_disable = {
	.name = "disable",
	.synopsis = "",
	.summary = "Destroy all cells and remove the hypervisor.",
	.details = "A running cell may deny its shutdown; cells that were destroyed before it stay so.",
	.min_words = 0,
	.max_words = 0,
	.run = run,
};
