/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/config.h>

#include "commands.h"
#include "dtc.h"

/* Where a configuration goes: the name given, or for one of several a file in that directory. */
static char *output_path(const struct cli_args *args, const struct jailhouse_tree *tree,
			 size_t index)
{
	const char *output = cli_args_value(args, 'o');
	const char *directory = cli_args_value(args, 'd');
	size_t size;
	char *path;

	if (output)
		return strdup(output);
	if (!directory)
		directory = ".";
	size = strlen(directory) + strlen(jailhouse_tree_get_name(tree, index)) + sizeof("/.cell");
	path = malloc(size);
	if (path)
		snprintf(path, size, "%s/%s.cell", directory, jailhouse_tree_get_name(tree, index));
	return path;
}

static enum cli_result write_config(struct cli *cli, const struct cli_args *args,
				    const struct jailhouse_tree *tree, size_t index)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_config config;
	enum cli_result result;
	size_t size;
	char *path;

	if (jailhouse_builder_get_config(jailhouse_tree_get_builder(tree, index), &config, &size,
					 &error) != 0)
		return cli_report(cli, jailhouse_tree_get_name(tree, index), &error);
	path = output_path(args, tree, index);
	if (!path)
		return cli_no_memory(cli);
	result = cli_file_write(cli, path, config.data, size) ? CLI_OK : CLI_FAILED;
	free(path);
	return result;
}

/* All are valid before the first one is written. */
static enum cli_result write_all(struct cli *cli, const struct cli_args *args,
				 const struct jailhouse_tree *tree)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	size_t count = jailhouse_tree_get_count(tree);
	enum cli_result result = CLI_OK;
	struct jailhouse_config config;
	size_t n;

	if (count > 1 && cli_args_value(args, 'o'))
		return cli_usage_error(cli, "this makes %zu configurations: use --directory",
				       count);
	for (n = 0; n < count; n++)
		if (jailhouse_builder_get_config(jailhouse_tree_get_builder(tree, n), &config, NULL,
						 &error) != 0)
			result = cli_report(cli, jailhouse_tree_get_name(tree, n), &error);
	for (n = 0; n < count && result == CLI_OK; n++)
		result = write_config(cli, args, tree, n);
	return result;
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	const char *source = cli_args_word(args, 0);
	struct jailhouse_report *report = NULL;
	struct jailhouse_tree *tree;
	enum cli_result result;
	struct cli_dtc dtc;

	if (cli_args_value(args, 'o') && cli_args_value(args, 'd'))
		return cli_usage_error(cli, "--output and --directory exclude each other");
	if (!cli_dtc_compile(cli, source, args, &dtc))
		return CLI_FAILED;
	if (jailhouse_tree_new(dtc.blob.data, dtc.blob.size, &tree, &report, &error) != 0) {
		if (report)
			cli_dtc_print_report(cli, source, &dtc, report);
		result = cli_report(cli, source, &error);
	} else {
		result = write_all(cli, args, tree);
		jailhouse_tree_free(tree);
	}
	jailhouse_report_free(report);
	cli_dtc_free(&dtc);
	return result;
}

static const struct cli_option options[] = {
	{"output", 'o', true, "FILE", "write the one configuration there"},
	{"directory", 'd', true, "DIR", "write NAME.cell for each there (default: this directory)"},
	{"include", 'I', true, "DIR", "look there for files that are included"},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_config_build = {
	.name = "build",
	.group = "config",
	.synopsis = "[--output FILE | --directory DIR] [--include DIR]... SOURCE",
	.summary = "Make configurations of device tree source.",
	.details = "SOURCE is run through cpp and dtc; a compiled tree (.dtb) is taken as it is. "
		   "The system is\n"
		   "written to system.cell, and each cell to a file of its node's name.",
	.options = options,
	.min_words = 1,
	.max_words = 1,
	.run = run,
};
