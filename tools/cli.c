/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Finding the command, and help. */
#include <string.h>

#include "cli.h"

#define DEFAULT_PROGRAM "jailhouse"

static void print_usage(const struct cli *cli, FILE *to)
{
	size_t n;

	fprintf(to, "Usage: %s [--backend URI] { COMMAND | --help | --version }\n\n"
		    "Available commands:\n",
		cli->program);
	for (n = 0; n < cli_num_commands; n++) {
		const struct cli_command *command = cli_commands[n];
		int indent = 4 + strlen(command->name) +
			     (command->group ? strlen(command->group) + 1 : 0);
		const char *line = command->synopsis;

		fprintf(to, "   %s%s%s", command->group ? command->group : "",
			command->group ? " " : "", command->name);
		while (*line) {
			size_t len = strcspn(line, "\n");

			fprintf(to, " %.*s\n", (int)len, line);
			line += len;
			if (*line == '\n')
				fprintf(to, "%*s", indent - 1, "");
			line += *line == '\n';
		}
		if (!*command->synopsis)
			fputc('\n', to);
	}
	fprintf(to, "\n\"%s COMMAND --help\" tells more about a command.\n", cli->program);
}

static void print_group(const struct cli *cli, const char *group, FILE *to)
{
	size_t n;

	fprintf(to, "Usage: %s %s COMMAND ...\n\nCommands:\n", cli->program, group);
	for (n = 0; n < cli_num_commands; n++)
		if (cli_commands[n]->group && strcmp(cli_commands[n]->group, group) == 0)
			fprintf(to, "   %-10s %s\n", cli_commands[n]->name,
				cli_commands[n]->summary);
	fprintf(to, "\n\"%s %s COMMAND --help\" tells more about a command.\n", cli->program, group);
}

static void print_option(FILE *to, const struct cli_option *option)
{
	char text[64];

	snprintf(text, sizeof(text), "%s%c%s--%s%s%s", option->short_form ? "-" : "  ",
		 option->short_form ? option->letter : ' ', option->short_form ? ", " : " ",
		 option->name, option->arg ? " " : "", option->arg ? option->arg : "");
	fprintf(to, "   %-26s %s\n", text, option->help);
}

static void print_help(const struct cli *cli, const struct cli_command *command, FILE *to)
{
	const struct cli_option *option;
	const char *c;

	fprintf(to, "Usage: %s %s%s%s ", cli->program, command->group ? command->group : "",
		command->group ? " " : "", command->name);
	for (c = command->synopsis; *c; c++)
		fputs(*c == '\n' ? "\n          " : (char[]){*c, '\0'}, to);
	fprintf(to, "\n\n%s\n", command->summary);
	if (command->details)
		fprintf(to, "\n%s\n", command->details);
	fprintf(to, "\nOptions:\n");
	for (option = command->options; option && option->name; option++)
		print_option(to, option);
	fprintf(to, "   %-26s %s\n", "-h, --help", "show this text");
}

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* Help wins over everything else, wherever it stands, up to "--". */
static bool wants_help(int argc, char **argv)
{
	int n;

	for (n = 0; n < argc && strcmp(argv[n], "--") != 0; n++)
		if (is_help(argv[n]))
			return true;
	return false;
}

static enum cli_result run_command(struct cli *cli, const struct cli_command *command, int argc,
				   char **argv)
{
	struct cli_args args;
	enum cli_result result;

	cli->command = command;
	if (wants_help(argc, argv)) {
		print_help(cli, command, cli->out);
		return CLI_OK;
	}
	result = cli_args_parse(cli, argc, argv, &args);
	if (result != CLI_OK)
		return result;
	result = command->run(cli, &args);
	cli_args_free(&args);
	return result;
}

const struct cli_command *cli_find_command(const char *group, const char *name)
{
	size_t n;

	for (n = 0; n < cli_num_commands; n++) {
		const struct cli_command *command = cli_commands[n];

		if (!command->group != !group)
			continue;
		if (strcmp(command->name, name) == 0 &&
		    (!group || strcmp(command->group, group) == 0))
			return command;
	}
	return NULL;
}

bool cli_is_group(const char *name)
{
	size_t n;

	for (n = 0; n < cli_num_commands; n++)
		if (cli_commands[n]->group && strcmp(cli_commands[n]->group, name) == 0)
			return true;
	return false;
}

static enum cli_result run_group(struct cli *cli, const char *group, int argc, char **argv)
{
	const struct cli_command *command;
	char buffer[64];

	if (argc == 0) {
		print_group(cli, group, cli->err);
		return CLI_USAGE;
	}
	if (is_help(argv[0])) {
		print_group(cli, group, cli->out);
		return CLI_OK;
	}
	command = cli_find_command(group, argv[0]);
	if (command)
		return run_command(cli, command, argc - 1, argv + 1);
	fprintf(cli->err, "%s: unknown command \"%s %s\"\n", cli->program, group,
		cli_printable(argv[0], buffer, sizeof(buffer)));
	print_group(cli, group, cli->err);
	return CLI_USAGE;
}

static enum cli_result dispatch(struct cli *cli, int argc, char **argv)
{
	const struct cli_command *command;
	char buffer[64];

	while (argc >= 1 && strcmp(argv[0], "--backend") == 0) {
		if (argc < 2) {
			fprintf(cli->err, "%s: option --backend needs a URI\n", cli->program);
			return CLI_USAGE;
		}
		cli->uri = argv[1];
		argc -= 2;
		argv += 2;
	}
	if (argc == 0) {
		print_usage(cli, cli->err);
		return CLI_USAGE;
	}
	if (strcmp(argv[0], "--complete") == 0)
		return cli_complete(cli, argc - 1, argv + 1);
	if (is_help(argv[0])) {
		print_usage(cli, cli->out);
		return CLI_OK;
	}
	if (strcmp(argv[0], "--version") == 0) {
		fprintf(cli->out, "Jailhouse management tool v%s\n", CLI_VERSION);
		return CLI_OK;
	}
	if (cli_is_group(argv[0]))
		return run_group(cli, argv[0], argc - 1, argv + 1);
	command = cli_find_command(NULL, argv[0]);
	if (command)
		return run_command(cli, command, argc - 1, argv + 1);
	fprintf(cli->err, "%s: unknown command \"%s\"\n", cli->program,
		cli_printable(argv[0], buffer, sizeof(buffer)));
	print_usage(cli, cli->err);
	return CLI_USAGE;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

enum cli_result cli_main(int argc, char **argv, FILE *out, FILE *err)
{
	struct cli cli = {
		.out = out,
		.err = err,
		.program = argc > 0 ? base_name(argv[0]) : DEFAULT_PROGRAM,
	};
	enum cli_result result;

	result = argc > 0 ? dispatch(&cli, argc - 1, argv + 1) : CLI_USAGE;
	jailhouse_close(cli.jh);
	/* A full disk or a closed pipe must not look like success. */
	if (fflush(out) != 0 || ferror(out)) {
		fprintf(err, "%s: writing the output failed\n", cli.program);
		return CLI_FAILED;
	}
	return result;
}

bool cli_connect(struct cli *cli)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	if (cli_open(cli, &error) == 0)
		return true;
	cli_report(cli, NULL, &error);
	return false;
}
