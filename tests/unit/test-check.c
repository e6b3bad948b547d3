/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The rules of the checker. A sound machine with two cells gives no finding; then one defect at a
 * time is put in, named for the rule that must find it, and no other rule may.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/config.h>

#include "check-setup.h"
#include "unit.h"

#define INIT(error) struct jailhouse_error error = JAILHOUSE_ERROR_INIT

static void print_report(const struct jailhouse_report *report)
{
	struct jailhouse_finding finding = {.size = sizeof(finding)};
	size_t n;

	for (n = 0; jailhouse_report_get_finding(report, n, &finding) == 0; n++)
		print_error("%u: %s\n", finding.rule, finding.text);
}

static void a_sound_machine_has_no_finding(void **state)
{
	struct setup setup = make_setup();
	struct jailhouse_report *report = check(&setup);

	(void)state;
	print_report(report);
	assert_int_equal(jailhouse_report_get_count(report), 0);
	jailhouse_report_free(report);
	setup.without_system = true;
	report = check(&setup);
	print_report(report);
	assert_int_equal(jailhouse_report_get_count(report), 0);
	jailhouse_report_free(report);
}

/* Rules that a defect of another one may set off as well: the same mistake, seen from two sides. */
static bool is_companion(const char *name, const char *other)
{
	static const char *const pairs[][2] = {
		{"hypervisor-memory", "not-in-root"},
		{"interrupt-controller", "not-in-root"},
		{"iommu-window", "carved-from-root"},
		{"mmconfig", "carved-from-root"},
		{"carved-from-root", "iommu-window"},
		{"carved-from-root", "mmconfig"},
		{"overlap-virtual", "reset-address"},
		{"overlap-physical", "not-in-root"},
		{"hypervisor-memory", "subpage-mapped"},
		{"subpage-width", "subpage-mapped"},
		{"architecture", "pin-base"},
		{"vpci-collision", "foreign-line"},
		{"msix-table", "not-in-root"},
		{"ivshmem-output", "overlap-physical"},
	};
	size_t n;

	for (n = 0; n < ARRAY_LEN(pairs); n++)
		if (strcmp(pairs[n][0], name) == 0 && strcmp(pairs[n][1], other) == 0)
			return true;
	return false;
}

static void each_defect_is_found_by_its_rule(void **state)
{
	struct jailhouse_finding finding = {.size = sizeof(finding)};
	struct jailhouse_rule rule = {.size = sizeof(rule)};
	struct jailhouse_report *report;
	const struct defect *defect;
	size_t n, i, count, bad = 0;
	struct setup setup;

	(void)state;
	for (n = 0; (defect = defect_get(n)) != NULL; n++) {
		setup = make_setup();
		defect->make(&setup);
		report = check(&setup);
		count = 0;
		for (i = 0; jailhouse_report_get_finding(report, i, &finding) == 0; i++) {
			assert_int_equal(jailhouse_rule_get_by_number(finding.rule, &rule), 0);
			if (strcmp(rule.name, defect->name) != 0) {
				if (!is_companion(defect->name, rule.name)) {
					print_error("%s: also found by %s: %s\n", defect->name,
						    rule.name, finding.text);
					bad++;
				}
				continue;
			}
			if (count++ == 0 && strcmp(finding.text, defect->text) != 0) {
				print_error("%s: \"%s\"\n", defect->name, finding.text);
				bad++;
			}
		}
		if (defect->findings ? count != defect->findings : count == 0) {
			print_error("%s: %zu findings\n", defect->name, count);
			bad++;
		}
		jailhouse_report_free(report);
	}
	assert_int_equal(bad, 0);
}

static void each_rule_has_a_defect(void **state)
{
	struct jailhouse_rule rule = {.size = sizeof(rule)};
	const struct defect *defect;
	uint32_t n, last = 0;
	size_t i;

	(void)state;
	for (n = 0; jailhouse_rule_get(n, &rule) == 0; n++) {
		assert_true(rule.number > last);
		last = rule.number;
		/* Those about device trees are tested with them. */
		if (rule.number >= 400)
			continue;
		assert_non_null(jailhouse_severity_get_name(rule.severity));
		for (i = 0; (defect = defect_get(i)) && strcmp(defect->name, rule.name) != 0; i++)
			;
		if (!defect)
			fail_msg("rule %s has no defect", rule.name);
	}
	assert_int_equal(n, jailhouse_rule_get_count());
	assert_int_equal(jailhouse_rule_get_by_number(999, &rule), JAILHOUSE_ERR_ARGUMENT);
	rule.size -= 8;
	assert_int_equal(jailhouse_rule_get(0, &rule), JAILHOUSE_ERR_ARGUMENT);
}

static void findings_beyond_the_limit_are_counted(void **state)
{
	struct jailhouse_config_memory memory = {0x1001, 0x1001, 4, 3};
	struct jailhouse_config_cell cell = {.name = "many"};
	struct jailhouse_builder *builder;
	struct jailhouse_report *report;
	struct jailhouse_config config;
	unsigned int n;

	(void)state;
	assert_int_equal(jailhouse_builder_new(JAILHOUSE_CONFIG_CELL, 0, &builder, NULL), 0);
	jailhouse_builder_set_cell(builder, &cell);
	jailhouse_builder_set_cpu(builder, 1, 1, NULL);
	for (n = 0; n < 2500; n++, memory.phys_start += 8, memory.virt_start += 8)
		jailhouse_builder_set_memory(builder, JAILHOUSE_CONFIG_END, &memory, NULL);
	assert_int_equal(jailhouse_builder_get_config(builder, &config, NULL, NULL), 0);
	assert_int_equal(jailhouse_check(&config, 1, NULL, &report, NULL), 0);
	assert_int_equal(jailhouse_report_get_count(report), 1000);
	assert_int_equal(jailhouse_report_get_number_of(report, JAILHOUSE_SEVERITY_WARNING), 2501);
	jailhouse_report_free(report);
	jailhouse_builder_free(builder);
}

static void a_second_system_is_refused(void **state)
{
	struct setup setup = make_setup();
	struct jailhouse_builder *builder = build(&setup, 0);
	struct jailhouse_config config[2];
	struct jailhouse_report *report;
	INIT(error);

	(void)state;
	assert_int_equal(jailhouse_builder_get_config(builder, &config[0], NULL, NULL), 0);
	config[1] = config[0];
	assert_int_equal(jailhouse_check(config, 2, NULL, &report, &error), JAILHOUSE_ERR_CONFIG);
	assert_text(error, "configuration 1 is a system, which must come first, and there can be "
			   "only one");
	assert_int_equal(jailhouse_check(config, 0, NULL, &report, &error), JAILHOUSE_ERR_ARGUMENT);
	jailhouse_builder_free(builder);
}

/* A caller that was compiled before there was a root. */
static void options_of_an_older_release_are_understood(void **state)
{
	struct jailhouse_check_options options = JAILHOUSE_CHECK_OPTIONS_INIT;
	struct setup setup = make_setup();
	struct jailhouse_builder *builder = build(&setup, 0);
	struct jailhouse_report *report;
	struct jailhouse_config config;

	(void)state;
	assert_int_equal(jailhouse_builder_get_config(builder, &config, NULL, NULL), 0);
	options.size = offsetof(struct jailhouse_check_options, root);
	options.root = (const char *)1;
	assert_int_equal(jailhouse_check(&config, 1, &options, &report, NULL), 0);
	jailhouse_report_free(report);
	options.size--;
	assert_int_equal(jailhouse_check(&config, 1, &options, &report, NULL),
			 JAILHOUSE_ERR_ARGUMENT);
	jailhouse_builder_free(builder);
}

static void a_root_without_files_tells_nothing(void **state)
{
	struct setup setup = make_setup();
	struct jailhouse_report *report;

	(void)state;
	setup.root = "/nowhere";
	report = check(&setup);
	assert_int_equal(jailhouse_report_get_count(report), 0);
	jailhouse_report_free(report);
}

static void places_have_paths(void **state)
{
	struct setup setup = make_setup();
	struct jailhouse_builder *builder[2];
	struct jailhouse_config config[2];
	char path[64];
	size_t n;
	const struct {
		struct jailhouse_place place;
		const char *path;
	} cases[] = {
		{{0, JAILHOUSE_FINDING_NONE, 0, 0, 0, 0}, "system"},
		{{0, JAILHOUSE_SECTION_PIO, 1, 0, 0, 0}, "system/pio-regions/1"},
		{{1, JAILHOUSE_FINDING_NONE, 0, 0, 0, 0}, "o?e"},
		{{1, JAILHOUSE_SECTION_CPU_SET, 0, 0, 3, 3}, "o?e/cpus"},
		{{1, JAILHOUSE_SECTION_IRQCHIP, JAILHOUSE_FINDING_NONE, 0, 0, 0}, "o?e/irqchips"},
	};

	(void)state;
	setup.cell[1].head.name[1] = '\n';
	for (n = 0; n < 2; n++) {
		builder[n] = build(&setup, n);
		assert_int_equal(jailhouse_builder_get_config(builder[n], &config[n], NULL, NULL), 0);
	}
	for (n = 0; n < ARRAY_LEN(cases); n++) {
		assert_int_equal(jailhouse_place_format(config, 2, &cases[n].place, path, sizeof(path)),
				 0);
		assert_string_equal(path, cases[n].path);
	}
	assert_int_equal(jailhouse_place_format(config, 2, &cases[1].place, path, 7), 0);
	assert_string_equal(path, "system");
	assert_int_equal(jailhouse_place_format(config, 1, &cases[2].place, path, sizeof(path)),
			 JAILHOUSE_ERR_ARGUMENT);
	jailhouse_builder_free(builder[0]);
	jailhouse_builder_free(builder[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_of_an_older_release_are_understood),
		cmocka_unit_test(a_root_without_files_tells_nothing),
		cmocka_unit_test(places_have_paths),
		cmocka_unit_test(a_sound_machine_has_no_finding),
		cmocka_unit_test(each_defect_is_found_by_its_rule),
		cmocka_unit_test(each_rule_has_a_defect),
		cmocka_unit_test(findings_beyond_the_limit_are_counted),
		cmocka_unit_test(a_second_system_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
