/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "commands.h"

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	const char *path = cli_args_word(args, 0);
	uint32_t flags = cli_args_has(args, 'p') ? JAILHOUSE_ENABLE_FLAG_PERMISSIVE : 0;
	struct cli_file config;
	int err;

	if (!cli_file_read(cli, path, &config))
		return CLI_FAILED;
	if (!cli_connect(cli)) {
		cli_file_free(&config);
		return CLI_FAILED;
	}
	err = jailhouse_enable(cli->jh, config.data ? (void *)config.data : "", config.size, flags,
			       &error);
	cli_file_free(&config);
	return err ? cli_report(cli, path, &error) : CLI_OK;
}

static const struct cli_option options[] = {
	{"permissive", 'p', false, NULL, "learning mode, see \"learned\""},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_enable = {
	.name = "enable",
	.synopsis = "[--permissive] SYSCONFIG",
	.summary = "Start the hypervisor below the running Linux.",
	.details = "SYSCONFIG is a compiled system configuration (.cell). All CPUs that it lists must\n"
		   "be online and its memory reserved. If anything is in the way, Linux goes on as\n"
		   "before and the reason is printed.",
	.options = options,
	.min_words = 1,
	.max_words = 1,
	.run = run,
};
