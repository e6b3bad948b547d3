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
		{"overlap-virtual", "reset-address"},
		{"overlap-physical", "not-in-root"},
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
	size_t n, i, count, bad = 0;
	struct setup setup;

	(void)state;
	for (n = 0; n < num_defects; n++) {
		setup = make_setup();
		defects[n].make(&setup);
		report = check(&setup);
		count = 0;
		for (i = 0; jailhouse_report_get_finding(report, i, &finding) == 0; i++) {
			assert_int_equal(jailhouse_rule_get_by_number(finding.rule, &rule), 0);
			if (strcmp(rule.name, defects[n].name) != 0) {
				if (!is_companion(defects[n].name, rule.name)) {
					print_error("%s: also found by %s: %s\n", defects[n].name,
						    rule.name, finding.text);
					bad++;
				}
				continue;
			}
			if (count++ == 0 && strcmp(finding.text, defects[n].text) != 0) {
				print_error("%s: \"%s\"\n", defects[n].name, finding.text);
				bad++;
			}
		}
		if (defects[n].findings ? count != defects[n].findings : count == 0) {
			print_error("%s: %zu findings\n", defects[n].name, count);
			bad++;
		}
		jailhouse_report_free(report);
	}
	assert_int_equal(bad, 0);
}

static void each_rule_has_a_defect(void **state)
{
	struct jailhouse_rule rule = {.size = sizeof(rule)};
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
		for (i = 0; i < num_defects && strcmp(defects[i].name, rule.name) != 0; i++)
			;
		if (i == num_defects)
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_machine_has_no_finding),
		cmocka_unit_test(each_defect_is_found_by_its_rule),
		cmocka_unit_test(each_rule_has_a_defect),
		cmocka_unit_test(findings_beyond_the_limit_are_counted),
		cmocka_unit_test(a_second_system_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
