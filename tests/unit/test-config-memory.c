/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Configurations while memory runs out: each allocation in turn fails in builder, reader of device
 * trees, dump and checker. All say so, leave results untouched, and lose nothing.
 */
#include <stdlib.h>
#include <string.h>

#include <jailhouse/cell-config.h>

#include "failing-alloc.h"
#include "tree-setup.h"
#include "unit.h"

/* All that allocates: three configurations, links, places, devices, iomem; and mistakes below. */
#define SOURCE                                                                                     \
	HEAD "architecture = \"arm64\"; system { cell-name = \"root\"; cpus = <0 1 2 300>; "       \
	     "gic-version = <3>; "                                                                 \
	     "gicd-base = <0x8000000>; gicr-base = <0x80a0000>; pci-mmconfig-base = <0xc000000>; " \
	     "pci-is-virtual = <1>; spare-spis = <112 16>; trailing = [01 02]; hypervisor-memory " \
	     "{ size = <0x400000>; }; "                                                            \
	     "memory-regions { " REGION(                                                           \
		     "ram", "0x40000000", "0x38000000",                                            \
		     RWX) "reserved { phys-start = <0x78000000>; size = <0x8000000>; identity; "   \
			  "flags = " RWX "; pool; }; }; }; "                                       \
			  "cells { " CELL("one", "1",                                              \
					  "devices { uart { device = \"/uart@9000000\"; }; };")    \
				  CELL("two", "2",                                                 \
				       "") "}; links { a { peers = \"system\", \"one\"; }; b { "   \
					   "peers = \"one\", \"two\"; }; }; };"
#define MACHINE                                                                                    \
	"/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; interrupt-parent = <&gic>; gic: "  \
	"gic { compatible = "                                                                      \
	"\"arm,gic-v3\"; interrupt-controller; #interrupt-cells = <3>; reg = <0x8000000 "          \
	"0x10000>; }; "                                                                            \
	"smmu: smmu { #iommu-cells = <1>; }; uart@9000000 { reg = <0x9000000 0x1000>; interrupts " \
	"= <0 1 4>; "                                                                              \
	"iommus = <&smmu 5>; }; reserved-memory { #address-cells = <1>; #size-cells = <1>; a { "   \
	"reg = <0x70000000 0x1000000>; no-map; }; }; };"
#define WRONG                                                                                 \
	HEAD "architecture = \"arm\"; x { }; system { y = <1>; }; cells { a { }; b { cpus = " \
	     "<99999>; }; }; };"

static void *blob, *machine, *wrong;
static size_t blob_size, machine_size, wrong_size;

static bool went_well(int ret, const void *result, const struct jailhouse_error *error)
{
	if (ret >= 0)
		return true;
	assert_int_equal(ret, JAILHOUSE_ERR_NO_MEMORY);
	assert_text(*error, "out of memory");
	assert_ptr_equal(result, error);
	return false;
}

static bool dump(const struct jailhouse_config *config, struct jailhouse_error *error)
{
	uint32_t form;
	char *text;

	for (form = JAILHOUSE_TEXT_DTS; form <= JAILHOUSE_TEXT_JSON; form++) {
		text = (void *)error;
		if (!went_well(jailhouse_config_dump(config, form, &text, error), text, error))
			return false;
		jailhouse_text_free(text);
	}
	return true;
}

static bool edit(const struct jailhouse_config *config, struct jailhouse_error *error)
{
	struct jailhouse_config_memory memory = {.size = 4096};
	struct jailhouse_builder *builder = (void *)error;
	struct jailhouse_config again;
	size_t size;
	bool ok;

	if (!went_well(jailhouse_builder_new_from(config, &builder, error), builder, error))
		return false;
	ok = went_well(jailhouse_builder_set_cpu(builder, 4000, 1, error), error, error) &&
	     went_well(jailhouse_builder_insert(builder, JAILHOUSE_SECTION_PIO, 0, 100, error),
		       error, error) &&
	     went_well(jailhouse_builder_set_memory(builder, JAILHOUSE_CONFIG_END, &memory, error),
		       error, error) &&
	     went_well(jailhouse_builder_set_trailing(builder, "0123456789", 10, error), error,
		       error);
	/* Whatever failed: it is a configuration. */
	assert_int_equal(jailhouse_builder_get_config(builder, &again, &size, NULL), 0);
	jailhouse_builder_free(builder);
	return ok;
}

static bool look(struct jailhouse_tree *tree, struct jailhouse_error *error)
{
	struct jailhouse_report *report = (void *)error;
	struct jailhouse_config config[3];
	size_t n;

	for (n = 0; n < 3; n++)
		assert_int_equal(jailhouse_builder_get_config(jailhouse_tree_get_builder(tree, n),
							      &config[n], NULL, NULL),
				 0);
	if (!went_well(jailhouse_check(config, 3, NULL, &report, error), report, error))
		return false;
	jailhouse_report_free(report);
	return dump(&config[0], error) && dump(&config[1], error) && edit(&config[0], error);
}

/* Everything. Returns false if it did not come to its end. */
static bool run(void)
{
	struct jailhouse_tree_options options = JAILHOUSE_TREE_OPTIONS_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_report *report = (void *)&error;
	struct jailhouse_tree *tree = (void *)&error;
	bool ok;
	int ret;

	options.machine_dtb = machine;
	options.machine_dtb_size = machine_size;
	options.iomem = "40000000-77ffffff : System RAM\n60000000-6fffffff : reserved\n";
	options.iomem_size = strlen(options.iomem);
	ret = jailhouse_tree_new_with_options(blob, blob_size, &options, &tree, &report, &error);
	if (!went_well(ret, tree, &error)) {
		assert_ptr_equal(report, &error);
		return false;
	}
	ok = look(tree, &error);
	jailhouse_tree_free(tree);
	jailhouse_report_free(report);
	if (!ok)
		return false;
	tree = (void *)&error;
	report = (void *)&error;
	ret = jailhouse_tree_new(wrong, wrong_size, &tree, &report, &error);
	assert_ptr_equal(tree, &error);
	if (ret == JAILHOUSE_ERR_NO_MEMORY) {
		assert_ptr_equal(report, &error);
		return false;
	}
	assert_int_equal(ret, JAILHOUSE_ERR_CONFIG);
	jailhouse_report_free(report);
	return true;
}

static void each_allocation_may_fail(void **state)
{
	long before = alloc_live();
	long n, total;

	(void)state;
	alloc_fail_at(0);
	assert_true(run());
	total = alloc_count();
	assert_int_equal(alloc_live(), before);
	/* All of them: otherwise something was not reached. */
	assert_true(total > 60);
	for (n = 1; n <= total; n++) {
		alloc_fail_at(n);
		if (run())
			fail_msg("allocation %ld of %ld failed, and nobody has noticed", n, total);
		assert_int_equal(alloc_live(), before);
	}
	alloc_fail_at(0);
	assert_true(run());
	assert_int_equal(alloc_count(), total);
}

/* Parsing and looking at everything. */
static void reading_allocates_nothing(void **state)
{
	struct jailhouse_config_pci_device device;
	struct jailhouse_config_memory memory;
	struct jailhouse_config_irqchip chip;
	struct jailhouse_config_system system;
	struct jailhouse_config_cell cell;
	struct jailhouse_config config, again;
	struct text text = read_text(SOURCE, MACHINE, NULL);
	uint32_t n;
	int32_t cpu;

	(void)state;
	assert_non_null(text.tree);
	config = text.config[0];
	alloc_fail_at(1);
	assert_int_equal(
		jailhouse_config_parse(config.data, config.length + config.trailing, &again, NULL),
		0);
	assert_int_equal(jailhouse_config_get_system(&again, &system), 0);
	assert_int_equal(jailhouse_config_get_cell(&again, &cell), 0);
	for (n = 0; jailhouse_config_get_memory(&again, n, &memory) == 0; n++)
		;
	for (n = 0; jailhouse_config_get_irqchip(&again, n, &chip) == 0; n++)
		;
	for (n = 0; jailhouse_config_get_pci_device(&again, n, &device) == 0; n++)
		;
	for (cpu = 0; cpu >= 0; cpu = jailhouse_config_next_cpu(&again, cpu + 1))
		;
	assert_int_equal(alloc_count(), 0);
	alloc_fail_at(0);
	free_text(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_allocation_may_fail),
		cmocka_unit_test(reading_allocates_nothing),
	};
	int ret;

	blob = compile(SOURCE, &blob_size);
	machine = compile(MACHINE, &machine_size);
	wrong = compile(WRONG, &wrong_size);
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	free(blob);
	free(machine);
	free(wrong);
	return ret;
}
