/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <jailhouse/config.h>

#include "commands.h"

static int enable(struct cli *cli, const struct cli_args *args, const void *config, size_t size,
		  struct jailhouse_error *error)
{
	uint32_t flags = cli_args_has(args, 'p') ? JAILHOUSE_ENABLE_FLAG_PERMISSIVE : 0;

	return jailhouse_enable(cli->jh, config, size, flags, error);
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	return cli_config_request(cli, args, jailhouse_check_enable, enable);
}

static const struct cli_option options[] = {
	{"permissive", 'p', false, NULL, "learning mode, see \"learned\""},
	CLI_NO_CHECK_OPTION,
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_enable = {
	.name = "enable",
	.synopsis = "[--permissive] [--no-check] SYSCONFIG",
	.summary = "Start the hypervisor below the running Linux.",
	.details = "SYSCONFIG is a compiled system configuration (.cell). All CPUs that it lists must\n"
		   "be online and its memory reserved. If anything is in the way, Linux goes on as\n"
		   "before and the reason is printed. Mistakes that \"config check\" finds are told\n"
		   "first; with an error among them nothing is done.",
	.options = options,
	.min_words = 1,
	.max_words = 1,
	.run = run,
};
