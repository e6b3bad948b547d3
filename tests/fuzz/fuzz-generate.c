/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Any bytes as a machine's device tree. Of a tree that is accepted a system and a cell are made,
 * which can be checked together; for a tree that is not there is a sentence.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/check.h>
#include <jailhouse/generate.h>

static void require(int condition)
{
	if (!condition)
		abort();
}

static void check(const struct jailhouse_config *configs, size_t count)
{
	struct jailhouse_report *report;

	require(jailhouse_check(configs, count, NULL, &report, NULL) == 0);
	jailhouse_report_free(report);
}

static void make_cell(struct jailhouse_machine *machine, struct jailhouse_config *configs)
{
	struct jailhouse_cell_options options = JAILHOUSE_CELL_OPTIONS_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_builder *builder;

	options.name = "cell";
	options.cpus = "1";
	options.ram = 0x100000;
	if (jailhouse_generate_cell(machine, &configs[0], &options, &builder, &error) != 0) {
		require(error.text[0] != '\0');
		return;
	}
	require(jailhouse_builder_get_config(builder, &configs[1], NULL, NULL) == 0);
	check(configs, 2);
	jailhouse_builder_free(builder);
}

static void make_system(struct jailhouse_machine *machine)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_builder *builder;
	struct jailhouse_config configs[2];

	if (jailhouse_generate_system(machine, NULL, &builder, &error) != 0) {
		require(error.text[0] != '\0');
		return;
	}
	require(jailhouse_builder_get_config(builder, &configs[0], NULL, NULL) == 0);
	check(configs, 1);
	make_cell(machine, configs);
	jailhouse_builder_free(builder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct jailhouse_machine_options options = JAILHOUSE_MACHINE_OPTIONS_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_machine *machine;
	void *copy = malloc(size ? size : 1);

	/* In a block of its own, which is aligned and shows one byte too far. */
	require(copy != NULL);
	memcpy(copy, data, size);
	options.dtb = copy;
	options.dtb_size = size;
	if (jailhouse_machine_read(&options, &machine, &error) == 0) {
		make_system(machine);
		jailhouse_machine_free(machine);
	} else {
		require(error.text[0] != '\0');
	}
	free(copy);
	return 0;
}
