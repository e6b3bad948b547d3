/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <jailhouse/config.h>

#include "commands.h"

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	const char *path = cli_args_word(args, 0);
	uint32_t flags = cli_args_has(args, 'p') ? JAILHOUSE_ENABLE_FLAG_PERMISSIVE : 0;
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
	if (cli_check(cli, args, path, data, config.size, jailhouse_check_enable)) {
		result = CLI_OK;
		if (jailhouse_enable(cli->jh, data, config.size, flags, &error) != 0)
			result = cli_report(cli, path, &error);
	}
	cli_file_free(&config);
	return result;
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
