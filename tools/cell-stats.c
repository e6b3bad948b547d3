/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "json.h"
#include "stats-table.h"

static void print_text(FILE *out, const struct jailhouse_stats *stats, const char *name)
{
	size_t num_cpus = jailhouse_stats_get_num_cpus(stats);
	struct stats_table table;
	char head[32];
	size_t n, counter, cpu;

	stats_table_make(&table, stats, NULL, STATS_ALL_CPUS, 0);
	fprintf(out, "Statistics for %s cell\n\n%-30s%10s", name, "COUNTER", "SUM");
	for (cpu = 0; cpu < num_cpus; cpu++) {
		snprintf(head, sizeof(head), "CPU %lld",
			 (long long)jailhouse_stats_get_cpu(stats, cpu));
		fprintf(out, " %10s", head);
	}
	fputc('\n', out);
	for (n = 0; n < table.count; n++) {
		fprintf(out, "%-30s%10llu", table.row[n].name,
			(unsigned long long)table.row[n].value);
		/* The table is sorted; find the counter again. */
		for (counter = 0; strcmp(jailhouse_stats_get_name(stats, counter),
					 table.row[n].name) != 0;)
			counter++;
		for (cpu = 0; cpu < num_cpus; cpu++)
			fprintf(out, " %10llu",
				(unsigned long long)jailhouse_stats_get_value(stats, cpu, counter));
		fputc('\n', out);
	}
}

static void print_json(FILE *out, const struct jailhouse_stats *stats,
		       const struct jailhouse_cell *cell)
{
	struct json json = {.out = out};
	size_t counter, cpu;
	char name[24];

	json_open_object(&json, NULL);
	json_number(&json, "id", jailhouse_cell_get_id(cell));
	json_string(&json, "name", jailhouse_cell_get_name(cell));
	json_open_object(&json, "counters");
	for (counter = 0; counter < jailhouse_stats_get_num_counters(stats); counter++) {
		json_open_object(&json, jailhouse_stats_get_name(stats, counter));
		json_number(&json, "sum", jailhouse_stats_get_sum(stats, counter));
		json_open_object(&json, "cpus");
		for (cpu = 0; cpu < jailhouse_stats_get_num_cpus(stats); cpu++) {
			snprintf(name, sizeof(name), "%lld",
				 (long long)jailhouse_stats_get_cpu(stats, cpu));
			json_number(&json, name, jailhouse_stats_get_value(stats, cpu, counter));
		}
		json_close_object(&json);
		json_close_object(&json);
	}
	json_close_object(&json);
	json_close_object(&json);
	json_end(&json);
}

static enum cli_result print_once(struct cli *cli, const struct jailhouse_cell *cell,
				  const char *name, bool as_json)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_stats *stats;

	if (jailhouse_stats_get(cli->jh, jailhouse_cell_get_id(cell), &stats, &error))
		return cli_report(cli, NULL, &error);
	if (as_json)
		print_json(cli->out, stats, cell);
	else
		print_text(cli->out, stats, name);
	jailhouse_stats_free(stats);
	return CLI_OK;
}

/* Someone looks at the output, and there is a screen in this build. */
static bool is_live(const struct cli *cli, const struct cli_args *args)
{
	return stats_has_screen && !cli_args_has(args, 'o') && !cli_args_has(args, 'j') &&
	       cli->out == stdout && isatty(STDOUT_FILENO) && isatty(STDIN_FILENO);
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	struct jailhouse_cell *cell;
	enum cli_result result;
	struct cli_cell spec;
	char name[128];
	size_t used;

	if (!cli_cell_parse(cli, args, &spec, &used))
		return CLI_USAGE;
	if (cli_args_word(args, used))
		return cli_usage_error(cli, "more than one cell");
	if (!cli_cell_get(cli, &spec, &cell))
		return CLI_FAILED;
	cli_printable(jailhouse_cell_get_name(cell), name, sizeof(name));
	if (is_live(cli, args))
		result = stats_screen(cli, jailhouse_cell_get_id(cell), name);
	else
		result = print_once(cli, cell, name, cli_args_has(args, 'j'));
	jailhouse_cell_free(cell);
	return result;
}

static const struct cli_option options[] = {
	CLI_CELL_NAME_OPTION,
	{"once", 'o', false, NULL, "print the counters once, no screen"},
	{"json", 'j', false, NULL, "print JSON once"},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_cell_stats = {
	.name = "stats",
	.group = "cell",
	.synopsis = CLI_CELL_SYNOPSIS " [--once | --json]",
	.summary = "Watch how often a cell's CPUs leave it for the hypervisor.",
	.details = "On a terminal a screen shows the counters and their rates:\n"
		   "   q quit, c next CPU, a all CPUs\n"
		   "Counters have 31 bits and start at 0 when a CPU comes to the cell.",
	.options = options,
	.min_words = 0,
	.max_words = 1,
	.run = run,
};
