/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Each code with which a configuration or its text can be refused is reached by a fixture that is named for it. Codes
 * are taken from the sources, and rules from the table, so that a new one without a fixture is noticed. The rules about
 * compiled configurations have their defects in test-check.c.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/reason.h>

#include "config/parse.h"
#include "config-blob.h"
#include "tree-setup.h"
#include "unit.h"

/* As the library's users have it read */
static uint32_t refused(const void *data, size_t size)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_config config;

	assert_int_equal(jailhouse_config_parse(data, size, &config, &error), JAILHOUSE_ERR_CONFIG);
	return error.reason;
}

static uint32_t signature_of_neither(void)
{
	struct cell_blob blob = make_cell_blob();

	blob.cell.signature[0] = 'x';
	return refused(&blob, sizeof(blob));
}

static uint32_t system_in_place_of_a_cell(void)
{
	struct system_blob blob = make_system_blob();
	struct jailhouse_reason reason;
	struct jh_config config;

	assert_true(jh_config_parse(&blob, sizeof(blob), JH_CONFIG_CELL, &config, &reason) < 0);
	return reason.code;
}

static uint32_t revision_13(void)
{
	struct system_blob blob = make_system_blob();

	blob.system.revision = 13;
	return refused(&blob, sizeof(blob));
}

static uint32_t last_byte_missing(void)
{
	struct cell_blob blob = make_cell_blob();

	return refused(&blob, sizeof(blob) - 1);
}

static uint32_t count_beyond_32_bits(void)
{
	struct cell_blob blob = make_cell_blob();

	blob.cell.num_pci_devices = UINT32_MAX;
	return refused(&blob, sizeof(blob));
}

static uint32_t cell_without_a_name(void)
{
	struct cell_blob blob = make_cell_blob();

	blob.cell.name[0] = '\0';
	return refused(&blob, sizeof(blob));
}

static uint32_t cpu_set_of_4097_bytes(void)
{
	static struct {
		struct jailhouse_cell_desc cell;
		uint8_t rest[8192];
	} JAILHOUSE_PACKED blob;

	blob.cell = make_cell_blob().cell;
	blob.cell.cpu_set_size = 4097;
	return refused(&blob, sizeof(blob));
}

static uint32_t no_cpu(void)
{
	struct cell_blob blob = make_cell_blob();

	blob.arrays.cpus[0] = 0;
	return refused(&blob, sizeof(blob));
}

static uint32_t architecture_3(void)
{
	struct cell_blob blob = make_cell_blob();

	blob.cell.architecture = 3;
	return refused(&blob, sizeof(blob));
}

static uint32_t arm64_on_x86(void)
{
	struct cell_blob blob = make_cell_blob();
	struct jailhouse_reason reason;
	struct jh_config config;

	blob.cell.architecture = JAILHOUSE_ARM64;
	assert_int_equal(jh_config_parse(&blob, sizeof(blob), JH_CONFIG_CELL, &config, &reason), 0);
	assert_true(jh_config_check_machine(&config, JAILHOUSE_X86, &reason) < 0);
	return reason.code;
}

static const struct {
	const char *name;
	uint32_t (*refuse)(void);
} defects[] = {
	{"CONFIG_KIND", signature_of_neither},
	{"CONFIG_SIGNATURE", system_in_place_of_a_cell},
	{"CONFIG_REVISION", revision_13},
	{"CONFIG_TRUNCATED", last_byte_missing},
	{"CONFIG_COUNTS", count_beyond_32_bits},
	{"CONFIG_NAME_EMPTY", cell_without_a_name},
	{"CPU_SET_TOO_LARGE", cpu_set_of_4097_bytes},
	{"CPU_SET_EMPTY", no_cpu},
	{"CONFIG_ARCHITECTURE_UNKNOWN", architecture_3},
	{"CONFIG_ARCHITECTURE", arm64_on_x86},
};

static void each_defect_is_refused_with_its_code(void **state)
{
	size_t n;

	(void)state;
	for (n = 0; n < ARRAY_LEN(defects); n++)
		assert_string_equal(jailhouse_reason_get_name(defects[n].refuse()), defects[n].name);
}

/* Words "JAILHOUSE_REASON_..." of a file that have no fixture; counts all in *found. */
static unsigned int without_fixture(const char *path, unsigned int *found)
{
	static const char prefix[] = "JAILHOUSE_REASON_";
	FILE *file = fopen(path, "r");
	unsigned int missing = 0;
	char line[1024], *word;
	size_t length, n;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		for (word = strstr(line, prefix); word; word = strstr(word, prefix)) {
			word += strlen(prefix);
			length = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
			for (n = 0; n < ARRAY_LEN(defects); n++)
				if (strlen(defects[n].name) == length && memcmp(word, defects[n].name, length) == 0)
					break;
			if (length == 4 && memcmp(word, "NONE", 4) == 0)
				continue;
			++*found;
			if (n < ARRAY_LEN(defects))
				continue;
			print_error("%s: %.*s has no fixture\n", path, (int)length, word);
			missing++;
		}
	fclose(file);
	return missing;
}

static void each_code_has_a_defect(void **state)
{
	static const char *const directories[] = {SOURCES, SOURCES "/generate"};
	unsigned int found = 0, missing = 0;
	struct dirent **entry;
	char path[1024];
	size_t d;
	int n;

	(void)state;
	for (d = 0; d < ARRAY_LEN(directories); d++) {
		n = scandir(directories[d], &entry, NULL, alphasort);
		assert_true(n > 0);
		while (n-- > 0) {
			snprintf(path, sizeof(path), "%s/%s", directories[d], entry[n]->d_name);
			if (strlen(path) > 2 && strcmp(path + strlen(path) - 2, ".c") == 0)
				missing += without_fixture(path, &found);
			free(entry[n]);
		}
		free(entry);
	}
	assert_true(found >= ARRAY_LEN(defects));
	assert_int_equal(missing, 0);
}

/* ---- text ---- */

#define ONE_CELL(memory) \
	HEAD X86_SYSTEM(FIXED, X86_RAM, "") "cells { one { cpus = <1>; memory-regions { " memory " }; }; }; };"

static const struct {
	const char *rule, *source;
} mistakes[] = {
	{"tree-value", ONE_CELL("ram { phys-start = <0xd000000>; size = \"much\"; flags = \"read\"; };")},
	{"tree-unknown", ONE_CELL("ram { phys-start = <0xd000000>; size = <0x1000>; sise = <1>; };")},
	{"tree-missing", HEAD X86_SYSTEM(FIXED, X86_RAM "more { size = <0x1000>; };", "") "};"},
	{"tree-place", ONE_CELL("ram { size = <0x100000>; flags = " RWX "; };")},
	{"tree-device", HEAD X86_SYSTEM(FIXED, X86_RAM, "") "cells { one { cpus = <1>; devices { uart { "
							    "device = \"/soc/uart@1000\"; }; }; }; }; };"},
};

static void each_mistake_is_found_by_its_rule(void **state)
{
	struct jailhouse_finding finding = {.size = sizeof(finding)};
	struct jailhouse_rule rule = {.size = sizeof(rule)};
	unsigned int bad = 0;
	struct text text;
	size_t n, i;

	(void)state;
	for (n = 0; n < ARRAY_LEN(mistakes); n++) {
		text = read_text(mistakes[n].source, NULL, NULL);
		for (i = 0; jailhouse_report_get_finding(text.report, i, &finding) == 0; i++) {
			assert_int_equal(jailhouse_rule_get_by_number(finding.rule, &rule), 0);
			if (strcmp(rule.name, mistakes[n].rule) == 0)
				continue;
			print_error("%s: found by %s: %s\n", mistakes[n].rule, rule.name, finding.text);
			bad++;
		}
		if (i != 1) {
			print_error("%s: %zu findings\n", mistakes[n].rule, i);
			bad++;
		}
		free_text(&text);
	}
	assert_int_equal(bad, 0);
}

static void each_rule_of_the_text_has_a_mistake(void **state)
{
	struct jailhouse_rule rule = {.size = sizeof(rule)};
	unsigned int count = 0;
	uint32_t n;
	size_t i;

	(void)state;
	for (n = 0; jailhouse_rule_get(n, &rule) == 0; n++) {
		if (rule.number < 400)
			continue;
		for (i = 0; i < ARRAY_LEN(mistakes) && strcmp(mistakes[i].rule, rule.name) != 0; i++)
			;
		if (i == ARRAY_LEN(mistakes))
			fail_msg("rule %s has no mistake", rule.name);
		count++;
	}
	assert_int_equal(count, ARRAY_LEN(mistakes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_defect_is_refused_with_its_code),
		cmocka_unit_test(each_code_has_a_defect),
		cmocka_unit_test(each_mistake_is_found_by_its_rule),
		cmocka_unit_test(each_rule_of_the_text_has_a_mistake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
