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

/* Files about the machine; empty ones if they were not asked for. */
struct machine {
	struct cli_file iomem;
	struct cli_file dtb;
};

static bool read_machine(const struct cli *cli, const struct cli_args *args, struct machine *machine,
			 struct jailhouse_tree_options *options)
{
	const char *iomem = cli_args_value(args, 'i');
	const char *dtb = cli_args_value(args, 't');

	if ((iomem && !cli_file_read(cli, iomem, &machine->iomem)) ||
	    (dtb && !cli_file_read(cli, dtb, &machine->dtb)))
		return false;
	options->root = cli_args_value(args, 'r');
	if (iomem) {
		/* Also if it is empty. */
		options->iomem = machine->iomem.data ? (const char *)machine->iomem.data : "";
		options->iomem_size = machine->iomem.size;
	}
	if (dtb) {
		options->machine_dtb = machine->dtb.data ? (const void *)machine->dtb.data : "";
		options->machine_dtb_size = machine->dtb.size;
	}
	return true;
}

static enum cli_result write_map(struct cli *cli, const struct cli_args *args,
				 const struct jailhouse_tree *tree)
{
	const char *map = jailhouse_tree_get_map(tree);
	const char *path = cli_args_value(args, 'm');

	if (!path)
		return CLI_OK;
	if (strcmp(path, "-") == 0) {
		fputs(map, cli->out);
		return CLI_OK;
	}
	return cli_file_write(cli, path, map, strlen(map)) ? CLI_OK : CLI_FAILED;
}

static enum cli_result build(struct cli *cli, const struct cli_args *args,
			     const struct jailhouse_tree_options *options)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	const char *source = cli_args_word(args, 0);
	struct jailhouse_report *report = NULL;
	struct jailhouse_tree *tree;
	enum cli_result result;
	struct cli_dtc dtc;

	if (!cli_dtc_compile(cli, source, args, &dtc))
		return CLI_FAILED;
	if (jailhouse_tree_new_with_options(dtc.blob.data, dtc.blob.size, options, &tree, &report,
					    &error) != 0) {
		if (report)
			cli_dtc_print_report(cli, source, &dtc, report);
		result = cli_report(cli, source, &error);
	} else {
		result = write_all(cli, args, tree);
		if (result == CLI_OK)
			result = write_map(cli, args, tree);
		jailhouse_tree_free(tree);
	}
	jailhouse_report_free(report);
	cli_dtc_free(&dtc);
	return result;
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	struct jailhouse_tree_options options = JAILHOUSE_TREE_OPTIONS_INIT;
	struct machine machine = {{NULL, 0}, {NULL, 0}};
	enum cli_result result = CLI_FAILED;

	if (cli_args_value(args, 'o') && cli_args_value(args, 'd'))
		return cli_usage_error(cli, "--output and --directory exclude each other");
	if (read_machine(cli, args, &machine, &options))
		result = build(cli, args, &options);
	cli_file_free(&machine.iomem);
	cli_file_free(&machine.dtb);
	return result;
}

static const struct cli_option options[] = {
	{"output", 'o', true, "FILE", "write the one configuration there"},
	{"directory", 'd', true, "DIR", "write NAME.cell for each there (default: this directory)"},
	{"include", 'I', true, "DIR", "look there for files that are included"},
	{"iomem", 'i', false, "FILE", "/proc/iomem of the machine: what is reserved can be used"},
	{"dtb", 't', false, "FILE", "device tree of the machine: for devices, and what is reserved"},
	{"root", 'r', false, "DIR", "look for PCI devices in the sysfs below DIR, \"/\" or recorded"},
	{"map", 'm', false, "FILE", "write there which places and addresses were chosen; -: print"},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_config_build = {
	.name = "build",
	.group = "config",
	.synopsis = "[--output FILE | --directory DIR] [--include DIR]... [--iomem FILE]\n"
		    "[--dtb FILE] [--root DIR] [--map FILE] SOURCE",
	.summary = "Make configurations of device tree source.",
	.details = "SOURCE is run through cpp and dtc; a compiled tree (.dtb) is taken as it is. "
		   "The system is\n"
		   "written to system.cell, and each cell to a file of its node's name.",
	.options = options,
	.min_words = 1,
	.max_words = 1,
	.run = run,
};
