/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Telling what went wrong: what, which item, what to do. */
#include <stdarg.h>
#include <string.h>

#include "cli.h"

static void print_prefix(const struct cli *cli)
{
	fputs(cli->program, cli->err);
	if (cli->command && cli->command->group)
		fprintf(cli->err, " %s", cli->command->group);
	if (cli->command)
		fprintf(cli->err, " %s", cli->command->name);
	fputs(": ", cli->err);
}

/* Words of the command line are in it as they are; they are not to move the cursor of a terminal. */
static void print_text(const struct cli *cli, const char *format, va_list args)
{
	char text[1024];
	const char *c;

	vsnprintf(text, sizeof(text), format, args);
	for (c = text; *c; c++)
		fprintf(cli->err, *c == '\n' || (*c >= ' ' && *c <= '~') ? "%c" : "\\x%02x",
			(unsigned char)*c);
}

void cli_error(const struct cli *cli, const char *format, ...)
{
	va_list args;

	print_prefix(cli);
	va_start(args, format);
	print_text(cli, format, args);
	va_end(args);
	fputc('\n', cli->err);
}

enum cli_result cli_usage_error(const struct cli *cli, const char *format, ...)
{
	va_list args;

	print_prefix(cli);
	va_start(args, format);
	print_text(cli, format, args);
	va_end(args);
	fprintf(cli->err, "\nSee \"%s %s%s%s --help\".\n", cli->program,
		cli->command->group ? cli->command->group : "", cli->command->group ? " " : "",
		cli->command->name);
	return CLI_USAGE;
}

/* Those of the library's codes are about the driver, and about cells. */
static const char *hint_of(const struct cli *cli, const struct jailhouse_error *error)
{
	const char *group = cli->command ? cli->command->group : NULL;

	if (error->code == JAILHOUSE_ERR_NO_DEVICE && cli_sim_uri(cli))
		return NULL;
	/* A UART, a link, a tree's alias */
	if (error->code == JAILHOUSE_ERR_NOT_FOUND && !error->reason && (!group || strcmp(group, "cell") != 0))
		return NULL;
	return cli_hint(error);
}

enum cli_result cli_report(const struct cli *cli, const char *subject,
			   const struct jailhouse_error *error)
{
	const char *reason = jailhouse_reason_get_name(error->reason);
	const char *hint = hint_of(cli, error);
	char text[2 * JAILHOUSE_ERROR_TEXT_SIZE];
	char name[128];

	print_prefix(cli);
	if (subject)
		fprintf(cli->err, "%s: ", cli_printable(subject, name, sizeof(name)));
	fputs(cli_printable(error->text, text, sizeof(text)), cli->err);
	if (reason)
		fprintf(cli->err, " [%s]", reason);
	fputc('\n', cli->err);
	if (hint)
		fprintf(cli->err, "Hint: %s\n", hint);
	return CLI_FAILED;
}

enum cli_result cli_no_memory(const struct cli *cli)
{
	cli_error(cli, "insufficient memory");
	return CLI_FAILED;
}
