/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <string.h>

#include <jailhouse/config.h>

#include "commands.h"

static const struct {
	const char *name;
	uint32_t form;
} forms[] = {
	{"dts", JAILHOUSE_TEXT_DTS},
	{"c", JAILHOUSE_TEXT_C},
	{"json", JAILHOUSE_TEXT_JSON},
};

static enum cli_result dump(struct cli *cli, const char *path, uint32_t form)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_config config;
	struct cli_file file;
	char *text;
	int err;

	if (!cli_file_read(cli, path, &file))
		return CLI_FAILED;
	err = jailhouse_config_parse(file.data, file.size, &config, &error);
	if (!err)
		err = jailhouse_config_dump(&config, form, &text, &error);
	cli_file_free(&file);
	if (err)
		return cli_report(cli, path, &error);
	fputs(text, cli->out);
	jailhouse_text_free(text);
	return CLI_OK;
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	const char *name = cli_args_value(args, 'f');
	char buffer[64];
	size_t n;

	if (!name)
		name = "dts";
	for (n = 0; n < CLI_ARRAY_SIZE(forms); n++)
		if (strcmp(forms[n].name, name) == 0)
			return dump(cli, cli_args_word(args, 0), forms[n].form);
	return cli_usage_error(cli, "there is no format \"%s\": dts, c or json",
			       cli_printable(name, buffer, sizeof(buffer)));
}

static const struct cli_option options[] = {
	{"format", 'f', true, "dts|c|json", "dts (device tree source, the default), c or json"},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_config_dump = {
	.name = "dump",
	.group = "config",
	.synopsis = "[--format FORMAT] CONFIG",
	.summary = "Print a configuration as text.",
	.details = "\"jailhouse config build\" makes the same bytes of device tree source again, "
		   "and a compiler\n"
		   "of C source.",
	.options = options,
	.min_words = 1,
	.max_words = 1,
	.run = run,
};
