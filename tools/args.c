/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Splitting of a command line by the command's table of options. Not getopt, because order matters to
 * `cell load`, and because mistakes deserve better messages.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static const struct cli_option *find_long(const struct cli_option *option, const char *name,
					  size_t len)
{
	for (; option && option->name; option++)
		if (strlen(option->name) == len && strncmp(option->name, name, len) == 0)
			return option;
	return NULL;
}

static const struct cli_option *find_short(const struct cli_option *option, char letter)
{
	for (; option && option->name; option++)
		if (option->short_form && option->letter == letter)
			return option;
	return NULL;
}

/* The option that a word names; *ret_value is the part behind '=' or NULL. */
static const struct cli_option *find_option(const struct cli_command *command, const char *word,
					    const char **ret_value)
{
	size_t len;

	*ret_value = NULL;
	if (word[1] != '-')
		return word[2] ? NULL : find_short(command->options, word[1]);
	len = strcspn(word + 2, "=");
	if (word[2 + len] == '=')
		*ret_value = word + 2 + len + 1;
	return find_long(command->options, word + 2, len);
}

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] != '\0';
}

/* Takes an option and its argument; *n is the index of the last word used. */
static enum cli_result take_option(struct cli *cli, int argc, char **argv, int *n,
				   struct cli_item *item)
{
	const struct cli_option *option;
	char buffer[64];

	option = find_option(cli->command, argv[*n], &item->value);
	if (!option)
		return cli_usage_error(cli, "unknown option \"%s\"",
				       cli_printable(argv[*n], buffer, sizeof(buffer)));
	item->letter = option->letter;
	if (!option->arg && item->value)
		return cli_usage_error(cli, "option --%s takes no argument", option->name);
	if (option->arg && !item->value) {
		if (*n + 1 == argc)
			return cli_usage_error(cli, "option %s needs an argument: %s", argv[*n],
					       option->arg);
		item->value = argv[++*n];
	}
	return CLI_OK;
}

static enum cli_result check_words(const struct cli *cli, const struct cli_args *args)
{
	const struct cli_command *command = cli->command;
	const char *surplus;
	char buffer[64];
	int words = 0;
	size_t n;

	for (n = 0; n < args->count; n++)
		words += args->item[n].letter == '\0';
	if (words < command->min_words)
		return cli_usage_error(cli, "arguments are missing: %s", command->synopsis);
	if (command->max_words < 0 || words <= command->max_words)
		return CLI_OK;
	surplus = cli_args_word(args, command->max_words);
	return cli_usage_error(cli, "unexpected argument \"%s\"",
			       cli_printable(surplus, buffer, sizeof(buffer)));
}

enum cli_result cli_args_parse(struct cli *cli, int argc, char **argv, struct cli_args *ret_args)
{
	struct cli_args args = {0, calloc(argc + 1, sizeof(struct cli_item))};
	enum cli_result result = CLI_OK;
	bool options = true;
	int n;

	if (!args.item)
		return cli_no_memory(cli);
	for (n = 0; n < argc && result == CLI_OK; n++) {
		struct cli_item *item = &args.item[args.count];

		if (options && strcmp(argv[n], "--") == 0) {
			options = false;
			continue;
		}
		args.count++;
		if (options && is_option(argv[n]))
			result = take_option(cli, argc, argv, &n, item);
		else
			item->value = argv[n];
	}
	if (result == CLI_OK)
		result = check_words(cli, &args);
	if (result != CLI_OK)
		cli_args_free(&args);
	else
		*ret_args = args;
	return result;
}

void cli_args_free(struct cli_args *args)
{
	free(args->item);
	args->item = NULL;
	args->count = 0;
}

bool cli_args_has(const struct cli_args *args, char letter)
{
	size_t n;

	for (n = 0; n < args->count; n++)
		if (args->item[n].letter == letter)
			return true;
	return false;
}

const char *cli_args_value(const struct cli_args *args, char letter)
{
	const char *value = NULL;
	size_t n;

	for (n = 0; n < args->count; n++)
		if (args->item[n].letter == letter)
			value = args->item[n].value;
	return value;
}

const char *cli_args_word(const struct cli_args *args, size_t n)
{
	size_t i;

	for (i = 0; i < args->count; i++)
		if (args->item[i].letter == '\0' && n-- == 0)
			return args->item[i].value;
	return NULL;
}
