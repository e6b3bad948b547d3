/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How a user names a cell. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define MAX_NAME 31

/* Decimal, 0x hexadecimal or 0 octal, nothing else in the word. 1: a number, 0: none, -1: too large. */
static int parse_id(const char *word, uint32_t *ret_id)
{
	unsigned long long value;
	char *end;

	/* strtoull() takes signs and blanks as well. */
	if (word[0] < '0' || word[0] > '9')
		return 0;
	errno = 0;
	value = strtoull(word, &end, 0);
	if (*end)
		return 0;
	if (errno || value > INT32_MAX)
		return -1;
	*ret_id = value;
	return 1;
}

bool cli_cell_parse(const struct cli *cli, const struct cli_args *args, struct cli_cell *ret_cell,
		    size_t *ret_words)
{
	struct cli_cell cell = {0, cli_args_value(args, 'n')};
	const char *word = cli_args_word(args, 0);
	int ret = 0;

	*ret_words = 0;
	if (!cell.name) {
		if (!word) {
			cli_usage_error(cli, "the cell is missing: " CLI_CELL_SYNOPSIS);
			return false;
		}
		*ret_words = 1;
		ret = parse_id(word, &cell.id);
		if (ret <= 0)
			cell.name = word;
	}
	if (ret < 0) {
		cli_usage_error(cli, "cell id %s is too large; use --name if it is a name", word);
		return false;
	}
	if (cell.name && (!*cell.name || strlen(cell.name) > MAX_NAME)) {
		cli_usage_error(cli, "the name of a cell has 1 to %d bytes", MAX_NAME);
		return false;
	}
	*ret_cell = cell;
	return true;
}

const char *cli_cell_text(const struct cli_cell *spec, char *buffer, size_t size)
{
	if (spec->name)
		return cli_printable(spec->name, buffer, size);
	snprintf(buffer, size, "%u", spec->id);
	return buffer;
}

bool cli_cell_get(struct cli *cli, const struct cli_cell *spec, struct jailhouse_cell **ret_cell)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	char buffer[128];
	int err;

	if (!cli_connect(cli))
		return false;
	if (spec->name)
		err = jailhouse_cell_get_by_name(cli->jh, spec->name, ret_cell, &error);
	else
		err = jailhouse_cell_get_by_id(cli->jh, spec->id, ret_cell, &error);
	if (err == 0)
		return true;
	/* The driver knows numbers only. */
	if (err == JAILHOUSE_ERR_NOT_FOUND && spec->name)
		snprintf(error.text, sizeof(error.text), "there is no cell \"%s\"",
			 cli_printable(spec->name, buffer, sizeof(buffer)));
	cli_report(cli, NULL, &error);
	return false;
}

bool cli_cell_get_id(struct cli *cli, const struct cli_cell *spec, uint32_t *ret_id)
{
	struct jailhouse_cell *cell;

	if (!cli_connect(cli))
		return false;
	if (!spec->name) {
		*ret_id = spec->id;
		return true;
	}
	if (!cli_cell_get(cli, spec, &cell))
		return false;
	*ret_id = jailhouse_cell_get_id(cell);
	jailhouse_cell_free(cell);
	return true;
}

enum cli_result cli_cell_request(struct cli *cli, const struct cli_args *args,
				 int (*request)(struct jailhouse *jh, uint32_t id,
						struct jailhouse_error *error))
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct cli_cell cell;
	const char *surplus;
	char buffer[128];
	uint32_t id;
	size_t used;

	if (!cli_cell_parse(cli, args, &cell, &used))
		return CLI_USAGE;
	surplus = cli_args_word(args, used);
	if (surplus)
		return cli_usage_error(cli, "unexpected argument \"%s\"",
				       cli_printable(surplus, buffer, sizeof(buffer)));
	if (!cli_cell_get_id(cli, &cell, &id))
		return CLI_FAILED;
	if (request(cli->jh, id, &error))
		return cli_report(cli, NULL, &error);
	return CLI_OK;
}
