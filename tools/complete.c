/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What may come next on a command line, for the completion of shells: `jailhouse --complete
 * WORD...`, where the last word is the one being typed. Prints candidates, one a line, each with a
 * tab and what it means; whether they begin with what was typed is the shell's matter. A line
 * ":files" or ":files .SUFFIX" asks for files.
 */
#include <string.h>

#include "cli.h"
#include "ivshmem.h"

#define FILES      ":files"
#define FILES_CELL ":files .cell"

static void offer(const struct cli *cli, const char *text, const char *meaning)
{
	fprintf(cli->out, "%s\t%s\n", text, meaning);
}

/* Names are bytes from a configuration; those with control characters can't be offered in lines. */
static bool is_line(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

/* Ids and names of the cells. Without a hypervisor or the right to look there are none. */
static void offer_cells(struct cli *cli, bool with_root)
{
	struct jailhouse_cells *cells;
	char id[16];
	size_t n;

	if (cli_open(cli, NULL) < 0 || jailhouse_cells_get(cli->jh, &cells, NULL) < 0)
		return;
	for (n = 0; n < jailhouse_cells_get_count(cells); n++) {
		const struct jailhouse_cell *cell = jailhouse_cells_get_cell(cells, n);
		const char *name = jailhouse_cell_get_name(cell);

		if ((jailhouse_cell_get_id(cell) == 0 && !with_root) || !is_line(name))
			continue;
		snprintf(id, sizeof(id), "%u", (unsigned int)jailhouse_cell_get_id(cell));
		offer(cli, id, name);
		offer(cli, name, "cell");
	}
	jailhouse_cells_free(cells);
}

/* Addresses and names of the shared memory links, and the cells at their other ends. */
static void offer_links(struct cli *cli)
{
	struct jailhouse_ivshmem_info info = JAILHOUSE_IVSHMEM_INFO_INIT;
	struct jailhouse_ivshmem_list *list;
	char address[16];
	size_t n;

	if (cli_open(cli, NULL) < 0 || jailhouse_ivshmem_list_get(cli->jh, &list, NULL) < 0)
		return;
	for (n = 0; jailhouse_ivshmem_list_get_info(list, n, &info) == 0; n++) {
		cli_ivshmem_address(&info, address);
		offer(cli, address, is_line(info.cells) ? info.cells : "");
		if (info.link[0] && is_line(info.link))
			offer(cli, info.link, "link");
		/* One of several is no name of its own. */
		if (info.cells[0] && !strchr(info.cells, ',') && is_line(info.cells))
			offer(cli, info.cells, "cell at the other end");
	}
	jailhouse_ivshmem_list_free(list);
}

/* These look at a cell; the others change it, which is not possible with the root cell. */
static bool takes_root(const struct cli_command *command)
{
	return strcmp(command->name, "show") == 0 || strcmp(command->name, "stats") == 0;
}

static bool takes_cell(const struct cli_command *command)
{
	return strncmp(command->synopsis, CLI_CELL_SYNOPSIS, strlen(CLI_CELL_SYNOPSIS)) == 0;
}

/* "dts|c|json" */
static void offer_choices(const struct cli *cli, const char *choices)
{
	while (*choices) {
		size_t len = strcspn(choices, "|");

		fprintf(cli->out, "%.*s\t\n", (int)len, choices);
		choices += len;
		choices += *choices == '|';
	}
}

static void offer_argument(struct cli *cli, const struct cli_command *command,
			   const struct cli_option *option)
{
	if (strchr(option->arg, '|'))
		offer_choices(cli, option->arg);
	else if (strcmp(option->arg, "FILE") == 0 || strcmp(option->arg, "DIR") == 0)
		fprintf(cli->out, "%s\n", FILES);
	else if (strcmp(option->name, "name") == 0 && takes_cell(command))
		offer_cells(cli, takes_root(command));
}

static void offer_options(const struct cli *cli, const struct cli_command *command)
{
	const struct cli_option *option;
	char text[64];

	for (option = command->options; option && option->name; option++) {
		snprintf(text, sizeof(text), "--%s", option->name);
		offer(cli, text, option->help);
		if (option->short_form) {
			snprintf(text, sizeof(text), "-%c", option->letter);
			offer(cli, text, option->help);
		}
	}
	offer(cli, "--help", "show help");
}

/* A plain word, of which `before` are there already. */
static void offer_word(struct cli *cli, const struct cli_command *command, int before)
{
	if (command->max_words >= 0 && before >= command->max_words)
		return;
	if (takes_cell(command) && before == 0)
		offer_cells(cli, takes_root(command));
	else if (command->group && strcmp(command->group, "ivshmem") == 0)
		offer_links(cli);
	else if (strstr(command->synopsis, "CONFIG"))
		fprintf(cli->out, "%s\n", FILES_CELL);
	else
		fprintf(cli->out, "%s\n", FILES);
}

static const struct cli_option *find_option(const struct cli_command *command, const char *word)
{
	const struct cli_option *option;

	for (option = command->options; option && option->name; option++)
		if ((strncmp(word, "--", 2) == 0 && strcmp(word + 2, option->name) == 0) ||
		    (option->short_form && word[0] == '-' && word[1] == option->letter && !word[2]))
			return option;
	return NULL;
}

static void complete_command(struct cli *cli, const struct cli_command *command, int argc,
			     char **argv)
{
	const struct cli_option *option;
	int before = 0;
	int n;

	for (n = 0; n < argc - 1; n++) {
		option = argv[n][0] == '-' ? find_option(command, argv[n]) : NULL;
		if (option && option->arg && ++n == argc - 1) {
			offer_argument(cli, command, option);
			return;
		}
		before += !option && argv[n][0] != '-';
		before += option && takes_cell(command) && strcmp(option->name, "name") == 0;
	}
	if (argv[argc - 1][0] != '-')
		offer_word(cli, command, before);
	offer_options(cli, command);
}

/* Is it the first one of its group in the table? */
static bool is_first(size_t index)
{
	size_t n;

	for (n = 0; n < index; n++)
		if (cli_commands[n]->group &&
		    strcmp(cli_commands[n]->group, cli_commands[index]->group) == 0)
			return false;
	return true;
}

/* Commands of a group, or those of one word and the groups. */
static void offer_commands(const struct cli *cli, const char *group)
{
	size_t n;

	for (n = 0; n < cli_num_commands; n++) {
		const struct cli_command *command = cli_commands[n];

		if (!command->group ? !group : group && strcmp(command->group, group) == 0)
			offer(cli, command->name, command->summary);
		else if (!group && is_first(n))
			offer(cli, command->group, "several commands");
	}
}

enum cli_result cli_complete(struct cli *cli, int argc, char **argv)
{
	const struct cli_command *command;
	const char *group = NULL;

	while (argc > 2 && strcmp(argv[0], "--backend") == 0) {
		cli->uri = argv[1];
		argc -= 2;
		argv += 2;
	}
	if (argc == 0 || (argc == 2 && strcmp(argv[0], "--backend") == 0))
		return CLI_OK;
	if (argc > 1 && cli_is_group(argv[0])) {
		group = *argv++;
		argc--;
	}
	if (argc == 1) {
		offer_commands(cli, group);
		if (!group) {
			offer(cli, "--backend", "which hypervisor: device:, sim:");
			offer(cli, "--version", "show the version");
		}
		offer(cli, "--help", "show help");
		return CLI_OK;
	}
	command = cli_find_command(group, argv[0]);
	if (command)
		complete_command(cli, command, argc - 1, argv + 1);
	return CLI_OK;
}
