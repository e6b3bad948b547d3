/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "commands.h"
#include "json.h"

#define BUILD_ID_SIZE 20

static const char *hex_id(const uint8_t id[BUILD_ID_SIZE], char text[2 * BUILD_ID_SIZE + 1])
{
	int n;

	for (n = 0; n < BUILD_ID_SIZE; n++)
		snprintf(text + 2 * n, 3, "%02x", id[n]);
	return text;
}

static void print_running(FILE *out, const struct jailhouse_system_info *info)
{
	char text[2 * BUILD_ID_SIZE + 1];
	char isolation[128];

	fprintf(out, "Hypervisor image: build %s\n", hex_id(info->build_id, text));
	fprintf(out, "Memory:           %llu bytes image, %llu bytes for each CPU\n",
		(unsigned long long)info->core_size, (unsigned long long)info->percpu_size);
	fprintf(out, "Isolation:        %s\n",
		cli_isolation(info->isolation, isolation, sizeof(isolation)));
	fprintf(out, "Linux stopped:    %llu us by the last request, %llu us at most\n",
		(unsigned long long)info->stop_last_ns / 1000,
		(unsigned long long)info->stop_max_ns / 1000);
	fprintf(out, "Dropped:          %llu NMIs, %llu PCI writes, %llu console lines\n",
		(unsigned long long)info->dropped_nmis,
		(unsigned long long)info->dropped_pci_writes,
		(unsigned long long)info->suppressed_lines);
	fprintf(out, "Denied:           %llu MSR accesses\n",
		(unsigned long long)info->denied_msrs);
}

static void print_text(struct cli *cli, const struct jailhouse_system_info *info)
{
	bool full = jailhouse_get_features(cli->jh) & JAILHOUSE_FEATURE_INFO;
	FILE *out = cli->out;
	char text[128];

	fprintf(out, "Hypervisor:       %s%s\n", info->enabled ? "enabled" : "not enabled",
		info->permissive ? ", learning mode" : "");
	fprintf(out, "Library:          %s\n", jailhouse_get_version_string());
	if (full)
		fprintf(out, "Driver:           %s, interface %u\n",
			cli_printable(info->driver_version, text, sizeof(text)),
			info->driver_abi);
	else
		fprintf(out, "Driver:           first generation or no permission; it tells little\n");
	if (info->enabled) {
		fprintf(out, "Cells:            %u\n", info->num_cells);
		fprintf(out, "Page pool:        %u of %u pages in use\n", info->mem_pool_used,
			info->mem_pool_size);
	}
	if (info->enabled && full)
		print_running(out, info);
	if (info->learned_total)
		fprintf(out, "Learned:          %u accesses, see \"learned\"\n",
			info->learned_total);
}

static void print_json(struct cli *cli, const struct jailhouse_system_info *info)
{
	struct json json = {.out = cli->out};
	char text[2 * BUILD_ID_SIZE + 1];

	json_open_object(&json, NULL);
	json_bool(&json, "enabled", info->enabled);
	json_bool(&json, "permissive", info->permissive);
	json_string(&json, "library_version", jailhouse_get_version_string());
	json_string(&json, "backend", jailhouse_get_backend_name(cli->jh));
	json_string(&json, "driver_version", info->driver_version);
	json_number(&json, "driver_abi", info->driver_abi);
	json_string(&json, "build_id", hex_id(info->build_id, text));
	json_hex(&json, "image_features", info->image_features);
	cli_json_isolation(&json, info->isolation);
	json_number(&json, "cells", info->num_cells);
	json_number(&json, "max_cpus", info->max_cpus);
	json_number(&json, "pool_pages", info->mem_pool_size);
	json_number(&json, "pool_pages_used", info->mem_pool_used);
	json_number(&json, "core_size", info->core_size);
	json_number(&json, "percpu_size", info->percpu_size);
	json_number(&json, "stop_last_ns", info->stop_last_ns);
	json_number(&json, "stop_max_ns", info->stop_max_ns);
	json_number(&json, "event_seq", info->event_seq);
	json_number(&json, "learned", info->learned_total);
	json_number(&json, "dropped_nmis", info->dropped_nmis);
	json_number(&json, "dropped_pci_writes", info->dropped_pci_writes);
	json_number(&json, "denied_msrs", info->denied_msrs);
	json_number(&json, "suppressed_lines", info->suppressed_lines);
	json_close_object(&json);
	json_end(&json);
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	struct jailhouse_system_info info = JAILHOUSE_SYSTEM_INFO_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	if (!cli_connect(cli))
		return CLI_FAILED;
	if (jailhouse_get_system_info(cli->jh, &info, &error))
		return cli_report(cli, NULL, &error);
	if (cli_args_has(args, 'j'))
		print_json(cli, &info);
	else
		print_text(cli, &info);
	return CLI_OK;
}

static const struct cli_option options[] = {
	{"json", 'j', false, NULL, "print JSON"},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_info = {
	.name = "info",
	.synopsis = "[--json]",
	.summary = "Show versions, memory use, isolation and stop times of the hypervisor.",
	.options = options,
	.min_words = 0,
	.max_words = 0,
	.run = run,
};
