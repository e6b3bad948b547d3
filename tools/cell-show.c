/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdlib.h>

#include "commands.h"
#include "json.h"

/* All of one cell, fetched before anything is printed. */
struct view {
	struct jailhouse_cell *cell;
	uint64_t *cpus, *failed;
	size_t cpu_words, failed_words;
	size_t num_failures;
	struct jailhouse_failure **failure;
};

static void free_view(struct view *view)
{
	size_t n;

	for (n = 0; n < view->num_failures; n++)
		jailhouse_failure_free(view->failure[n]);
	free(view->failure);
	free(view->cpus);
	free(view->failed);
	jailhouse_cell_free(view->cell);
}

/* Records of the CPUs that have failed. An old driver has none; then the list stays empty. */
static enum cli_result fetch_failures(struct cli *cli, struct view *view)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	size_t cpu;
	int ret;

	view->failure = calloc(view->failed_words * 64 + 1, sizeof(*view->failure));
	if (!view->failure)
		return cli_no_memory(cli);
	if (!(jailhouse_get_features(cli->jh) & JAILHOUSE_FEATURE_FAILURES))
		return CLI_OK;
	for (cpu = 0; cpu < view->failed_words * 64; cpu++) {
		if (!(view->failed[cpu / 64] >> (cpu % 64) & 1))
			continue;
		ret = jailhouse_failure_get(cli->jh, cpu, &view->failure[view->num_failures],
					    &error);
		if (ret < 0)
			return cli_report(cli, NULL, &error);
		view->num_failures += ret;
	}
	return CLI_OK;
}

static enum cli_result fetch(struct cli *cli, const struct cli_cell *spec, struct view *view)
{
	if (!cli_cell_get(cli, spec, &view->cell))
		return CLI_FAILED;
	view->cpus = cli_cell_mask(view->cell, false, &view->cpu_words);
	view->failed = cli_cell_mask(view->cell, true, &view->failed_words);
	if (!view->cpus || !view->failed)
		return cli_no_memory(cli);
	return fetch_failures(cli, view);
}

/* ---- text ---- */

static void print_registers(FILE *out, const struct jailhouse_failure *failure)
{
	size_t count = jailhouse_failure_get_num_registers(failure);
	size_t n;

	for (n = 0; n < count; n++)
		fprintf(out, "%s%-7s 0x%016llx%s", n % 3 ? "  " : "    ",
			jailhouse_failure_get_register_name(failure, n),
			(unsigned long long)jailhouse_failure_get_register(failure, n),
			n % 3 == 2 || n + 1 == count ? "\n" : "");
}

static void print_failure(FILE *out, const struct jailhouse_failure *failure)
{
	const char *reason = jailhouse_reason_get_name(jailhouse_failure_get_reason(failure));
	char text[2 * JAILHOUSE_ERROR_TEXT_SIZE];
	const uint8_t *bytes;
	size_t size, n;

	fprintf(out, "\nCPU %u stopped%s: %s", jailhouse_failure_get_cpu(failure),
		jailhouse_failure_get_kind(failure) == JAILHOUSE_RECORD_PANIC
			? " by a failure of the hypervisor" : "",
		cli_printable(jailhouse_failure_get_text(failure), text, sizeof(text)));
	if (reason)
		fprintf(out, " [%s]", reason);
	fprintf(out, "\n    address 0x%llx\n",
		(unsigned long long)jailhouse_failure_get_address(failure));
	bytes = jailhouse_failure_get_instruction(failure, &size);
	if (size) {
		fputs("    instruction", out);
		for (n = 0; n < size; n++)
			fprintf(out, " %02x", bytes[n]);
		fputc('\n', out);
	}
	print_registers(out, failure);
}

static enum cli_result print_text(struct cli *cli, const struct view *view)
{
	char *cpus = cli_cpu_list(view->cpus, view->cpu_words);
	char *failed = cli_cpu_list(view->failed, view->failed_words);
	const struct jailhouse_cell *cell = view->cell;
	char name[128], isolation[128];
	FILE *out = cli->out;
	size_t n;

	if (cpus && failed) {
		fprintf(out, "Cell %u \"%s\"\n", jailhouse_cell_get_id(cell),
			cli_printable(jailhouse_cell_get_name(cell), name, sizeof(name)));
		fprintf(out, "State:         %s\n",
			jailhouse_state_get_name(jailhouse_cell_get_state(cell)));
		fprintf(out, "Assigned CPUs: %s\n", *cpus ? cpus : "none");
		fprintf(out, "Failed CPUs:   %s\n", *failed ? failed : "none");
		fprintf(out, "Isolation:     %s\n",
			cli_isolation(jailhouse_cell_get_isolation(cell), isolation,
				      sizeof(isolation)));
		fprintf(out, "Flags:         0x%08x\n", jailhouse_cell_get_flags(cell));
		for (n = 0; n < view->num_failures; n++)
			print_failure(out, view->failure[n]);
	}
	free(cpus);
	free(failed);
	return cpus && failed ? CLI_OK : cli_no_memory(cli);
}

/* ---- JSON ---- */

static void json_failure(struct json *json, const struct jailhouse_failure *failure)
{
	const char *reason = jailhouse_reason_get_name(jailhouse_failure_get_reason(failure));
	char hex[2 * 16 + 1] = "";
	const uint8_t *bytes;
	size_t size, n;

	json_open_object(json, NULL);
	json_number(json, "cpu", jailhouse_failure_get_cpu(failure));
	json_string(json, "kind",
		    jailhouse_failure_get_kind(failure) == JAILHOUSE_RECORD_PANIC ? "panic"
										   : "violation");
	json_string(json, "reason", reason ? reason : "");
	json_string(json, "text", jailhouse_failure_get_text(failure));
	json_hex(json, "address", jailhouse_failure_get_address(failure));
	bytes = jailhouse_failure_get_instruction(failure, &size);
	for (n = 0; n < size && n < 16; n++)
		snprintf(hex + 2 * n, 3, "%02x", bytes[n]);
	json_string(json, "instruction", hex);
	json_open_object(json, "registers");
	for (n = 0; n < jailhouse_failure_get_num_registers(failure); n++)
		json_hex(json, jailhouse_failure_get_register_name(failure, n),
			 jailhouse_failure_get_register(failure, n));
	json_close_object(json);
	json_close_object(json);
}

static enum cli_result print_json(struct cli *cli, const struct view *view)
{
	struct json json = {.out = cli->out};
	size_t n;

	json_open_object(&json, NULL);
	if (!cli_json_cell(&json, view->cell))
		return cli_no_memory(cli);
	json_open_array(&json, "failures");
	for (n = 0; n < view->num_failures; n++)
		json_failure(&json, view->failure[n]);
	json_close_array(&json);
	json_close_object(&json);
	json_end(&json);
	return CLI_OK;
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	struct view view = {.cell = NULL};
	enum cli_result result;
	struct cli_cell spec;
	size_t used;

	if (!cli_cell_parse(cli, args, &spec, &used))
		return CLI_USAGE;
	if (cli_args_word(args, used))
		return cli_usage_error(cli, "more than one cell");
	result = fetch(cli, &spec, &view);
	if (result == CLI_OK)
		result = cli_args_has(args, 'j') ? print_json(cli, &view) : print_text(cli, &view);
	free_view(&view);
	return result;
}

static const struct cli_option options[] = {
	CLI_CELL_NAME_OPTION,
	{"json", 'j', false, NULL, "print JSON"},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_cell_show = {
	.name = "show",
	.group = "cell",
	.synopsis = CLI_CELL_SYNOPSIS " [--json]",
	.summary = "Show one cell, and why its CPUs failed.",
	.details = "For each CPU that was stopped after a violation: the reason, the address, the bytes\n"
		   "of the instruction, and the registers.",
	.options = options,
	.min_words = 0,
	.max_words = 1,
	.run = run,
};
