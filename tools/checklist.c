/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* `hardware check` and `doctor`: tables of what is there and what is missing. */
#include <string.h>

#include <jailhouse/generate.h>

#include "commands.h"

static const char *const results[] = {
	[JAILHOUSE_CHECKLIST_OK] = "ok",
	[JAILHOUSE_CHECKLIST_NOTE] = "missing (optional)",
	[JAILHOUSE_CHECKLIST_UNKNOWN] = "unknown",
	[JAILHOUSE_CHECKLIST_MISSING] = "MISSING",
};

static void print_advice(const struct cli *cli, const char *advice)
{
	char text[512];
	size_t length;

	for (; *advice; advice += length + (advice[length] == '\n')) {
		length = strcspn(advice, "\n");
		snprintf(text, sizeof(text), "%.*s", (int)length, advice);
		/* A node of a device tree is to be copied as it is. */
		fprintf(cli->out, "    %s\n", text);
	}
}

static void print_row(const struct cli *cli, const struct jailhouse_checklist_row *row, bool all)
{
	char found[128];

	fprintf(cli->out, "%-32s%s", row->name, results[row->result]);
	if (*row->found && (all || row->result != JAILHOUSE_CHECKLIST_OK))
		fprintf(cli->out, "  (%s)", cli_printable(row->found, found, sizeof(found)));
	fputc('\n', cli->out);
	print_advice(cli, row->advice);
}

/* Prints all rows and counts those that are missing and unknown. */
static void print_list(const struct cli *cli, const struct jailhouse_checklist *list, bool sections,
		       size_t count[4])
{
	struct jailhouse_checklist_row row = {.size = sizeof(row)};
	const char *section = "";
	size_t n;

	for (n = 0; jailhouse_checklist_get(list, n, &row) == 0; n++) {
		if (sections && strcmp(section, row.section) != 0)
			fprintf(cli->out, "%s%s:\n", n ? "\n" : "", row.section);
		section = row.section;
		print_row(cli, &row, sections);
		count[row.result]++;
	}
}

/* Without a driver that can be asked, as far as it goes without; `why` tells. */
static int check_hardware(struct cli *cli, const struct cli_args *args,
			  struct jailhouse_checklist **ret_list, struct jailhouse_error *why,
			  struct jailhouse_error *error)
{
	const char *root = cli_args_value(args, 'r');

	if (root)
		return jailhouse_hardware_check(root, ret_list, error);
	if (cli_open(cli, error) == 0)
		return jailhouse_check_hardware(cli->jh, ret_list, error);
	if (cli_sim_uri(cli) ||
	    (error->code != JAILHOUSE_ERR_NO_DEVICE && error->code != JAILHOUSE_ERR_PERMISSION))
		return error->code;
	*why = *error;
	return jailhouse_hardware_check(NULL, ret_list, error);
}

static enum cli_result run_hardware(struct cli *cli, const struct cli_args *args)
{
	struct jailhouse_error why = JAILHOUSE_ERROR_INIT, error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_checklist_row without = {
		.size = sizeof(without),
		.result = JAILHOUSE_CHECKLIST_NOTE,
		.name = "Registers by the driver",
		.found = "",
	};
	struct jailhouse_checklist *list;
	size_t count[4] = {0, 0, 0, 0};

	if (check_hardware(cli, args, &list, &why, &error) != 0)
		return cli_report(cli, NULL, &error);
	fprintf(cli->out, "%-32s%s\n", "Feature", "Availability");
	without.advice = why.text;
	if (why.code)
		print_row(cli, &without, false);
	print_list(cli, list, false, count);
	jailhouse_checklist_free(list);
	if (count[JAILHOUSE_CHECKLIST_MISSING]) {
		fputs("\nCheck FAILED!\n", cli->out);
		return CLI_USAGE; /* 2, as scripts expect it */
	}
	fputs("\nCheck passed!\n", cli->out);
	if (!count[JAILHOUSE_CHECKLIST_UNKNOWN])
		return CLI_OK;
	fputs("BUT: Some essential checks had to be skipped!\n", cli->out);
	return CLI_FAILED;
}

/* What Linux and the firmware of this machine lack is of no use to a simulated one. */
static int diagnose(struct cli *cli, const struct cli_args *args, struct jailhouse_checklist **ret_list,
		    struct jailhouse_error *error)
{
	const char *root = cli_args_value(args, 'r');

	if (root || !cli_sim_uri(cli))
		return jailhouse_doctor(root, ret_list, error);
	if (cli_open(cli, error) != 0)
		return error->code;
	return jailhouse_check_hardware(cli->jh, ret_list, error);
}

static enum cli_result run_doctor(struct cli *cli, const struct cli_args *args)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_checklist *list;
	size_t count[4] = {0, 0, 0, 0};

	if (diagnose(cli, args, &list, &error) != 0)
		return cli_report(cli, NULL, &error);
	print_list(cli, list, true, count);
	jailhouse_checklist_free(list);
	fprintf(cli->out, "\n%zu missing, %zu unknown\n", count[JAILHOUSE_CHECKLIST_MISSING],
		count[JAILHOUSE_CHECKLIST_UNKNOWN]);
	return count[JAILHOUSE_CHECKLIST_MISSING] ? CLI_FAILED : CLI_OK;
}

static const struct cli_option options[] = {
	{"root", 'r', true, "DIR", "look below DIR (default: /)"},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_hardware_check = {
	.name = "check",
	.group = "hardware",
	.synopsis = "[--root DIR]",
	.summary = "Tell whether the hardware can run the hypervisor.",
	.details = "Exit code 2: something that is needed is missing; 1: something could not be "
		   "read.\n"
		   "What only the kernel can read is asked of the driver, load it first; without it, on x86, load "
		   "the\nmodule msr and run as root.",
	.options = options,
	.min_words = 0,
	.max_words = 0,
	.run = run_hardware,
};

const struct cli_command cli_doctor = {
	.name = "doctor",
	.synopsis = "[--root DIR]",
	.summary = "Tell what firmware, kernel and installation lack, and what to do.",
	.details = "Exit code 1: something is missing. A simulated machine lacks nothing.",
	.options = options,
	.min_words = 0,
	.max_words = 0,
	.run = run_doctor,
};
