/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "commands.h"

#define CHUNK 1024

/* Copies text until there is none for now (or ever, when following). */
static enum cli_result copy(struct cli *cli, struct jailhouse_console_reader *reader)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	bool any = false;
	char text[CHUNK];
	int ret;

	for (;;) {
		ret = jailhouse_console_read(reader, text, sizeof(text), &error);
		if (ret == 0)
			return CLI_OK;
		if (ret == JAILHOUSE_ERR_INTERRUPTED)
			continue;
		/* The stored text of the last session was read to its end. */
		if (ret == JAILHOUSE_ERR_NOT_ENABLED && any)
			return CLI_OK;
		if (ret < 0)
			return cli_report(cli, NULL, &error);
		any = true;
		if (fwrite(text, 1, ret, cli->out) != (size_t)ret || fflush(cli->out) != 0)
			return CLI_FAILED;
	}
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t flags = cli_args_has(args, 'f') ? JAILHOUSE_CONSOLE_FOLLOW : 0;
	struct jailhouse_console_reader *reader;
	enum cli_result result;

	if (!cli_connect(cli))
		return CLI_FAILED;
	if (jailhouse_console_open(cli->jh, flags, &reader, &error))
		return cli_report(cli, NULL, &error);
	result = copy(cli, reader);
	jailhouse_console_close(reader);
	return result;
}

static const struct cli_option options[] = {
	{"follow", 'f', true, NULL, "wait for more text; end with Ctrl-C"},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_console = {
	.name = "console",
	.synopsis = "[-f | --follow]",
	.summary = "Print what the hypervisor and the cells have written.",
	.details = "The hypervisor keeps the last 2 KiB if the system configuration has the flag\n"
		   "JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE. After \"disable\" or an \"enable\" that failed\n"
		   "the last text can still be read. With --follow it goes on across both.",
	.options = options,
	.min_words = 0,
	.max_words = 0,
	.run = run,
};
