/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "json.h"

/*
 * Columns have at least these widths, the same as ever. One that holds longer text grows, so that
 * there is always a blank between two.
 */
enum { COL_ID, COL_NAME, COL_STATE, COL_ASSIGNED, COL_FAILED, NUM_COLS };
static const int min_width[NUM_COLS] = {8, 24, 18, 24, 24};

struct row {
	char id[12];
	char name[128];
	const char *state;
	char *assigned;
	char *failed;
};

static const char *column(const struct row *row, int col)
{
	switch (col) {
	case COL_ID:
		return row->id;
	case COL_NAME:
		return row->name;
	case COL_STATE:
		return row->state;
	case COL_ASSIGNED:
		return row->assigned;
	default:
		return row->failed;
	}
}

static char *cell_cpus(const struct jailhouse_cell *cell, bool failed)
{
	size_t words;
	uint64_t *mask = cli_cell_mask(cell, failed, &words);
	char *list = mask ? cli_cpu_list(mask, words) : NULL;

	free(mask);
	return list;
}

static bool fill_row(const struct jailhouse_cell *cell, struct row *row)
{
	snprintf(row->id, sizeof(row->id), "%u", jailhouse_cell_get_id(cell));
	cli_printable(jailhouse_cell_get_name(cell), row->name, sizeof(row->name));
	row->state = jailhouse_state_get_name(jailhouse_cell_get_state(cell));
	row->assigned = cell_cpus(cell, false);
	row->failed = cell_cpus(cell, true);
	return row->assigned && row->failed;
}

static void print_rows(FILE *out, const struct row *rows, size_t count)
{
	static const struct row head = {"ID", "Name", "State", (char *)"Assigned CPUs",
					(char *)"Failed CPUs"};
	int width[NUM_COLS];
	size_t n;
	int col;

	memcpy(width, min_width, sizeof(width));
	for (n = 0; n < count; n++)
		for (col = 0; col < NUM_COLS; col++)
			if ((int)strlen(column(&rows[n], col)) >= width[col])
				width[col] = strlen(column(&rows[n], col)) + 1;
	for (n = 0; n <= count; n++) {
		for (col = 0; col < NUM_COLS; col++)
			fprintf(out, "%-*s", width[col], column(n ? &rows[n - 1] : &head, col));
		fputc('\n', out);
	}
}

static enum cli_result print_table(struct cli *cli, const struct jailhouse_cells *cells)
{
	size_t count = jailhouse_cells_get_count(cells);
	struct row *rows;
	bool ok = true;
	size_t n;

	if (count == 0)
		return CLI_OK;
	rows = calloc(count, sizeof(*rows));
	if (!rows)
		return cli_no_memory(cli);
	for (n = 0; n < count && ok; n++)
		ok = fill_row(jailhouse_cells_get_cell(cells, n), &rows[n]);
	if (ok)
		print_rows(cli->out, rows, count);
	for (n = 0; n < count; n++) {
		free(rows[n].assigned);
		free(rows[n].failed);
	}
	free(rows);
	return ok ? CLI_OK : cli_no_memory(cli);
}

static enum cli_result print_json(struct cli *cli, const struct jailhouse_cells *cells)
{
	struct json json = {.out = cli->out};
	size_t n;

	json_open_array(&json, NULL);
	for (n = 0; n < jailhouse_cells_get_count(cells); n++) {
		const struct jailhouse_cell *cell = jailhouse_cells_get_cell(cells, n);

		json_open_object(&json, NULL);
		if (!cli_json_cell(&json, cell))
			return cli_no_memory(cli);
		json_close_object(&json);
	}
	json_close_array(&json);
	json_end(&json);
	return CLI_OK;
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	bool as_json = cli_args_has(args, 'j');
	struct jailhouse_cells *cells;
	enum cli_result result;

	if (cli_open(cli, &error) == JAILHOUSE_ERR_NO_DEVICE) {
		/* Without a driver there are no cells; scripts rely on that being no failure. */
		cli_report(cli, NULL, &error);
		return as_json ? print_json(cli, NULL) : CLI_OK;
	}
	if (!cli->jh || jailhouse_cells_get(cli->jh, &cells, &error))
		return cli_report(cli, NULL, &error);
	result = as_json ? print_json(cli, cells) : print_table(cli, cells);
	jailhouse_cells_free(cells);
	return result;
}

static const struct cli_option options[] = {
	{"json", 'j', false, NULL, "print JSON"},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_cell_list = {
	.name = "list",
	.group = "cell",
	.synopsis = "[--json]",
	.summary = "List the cells and their CPUs.",
	.details = "Prints nothing if the hypervisor is not enabled or the driver not loaded.",
	.options = options,
	.min_words = 0,
	.max_words = 0,
	.run = run,
};
