/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Published boards pass the checks of "enable" and their cells those of "cell create". Boards and cells
 * are those of the sections of fixtures/board-findings, "== SYSTEM CELL...".
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/config.h>

#include "fake-driver.h"
#include "unit.h"

struct blob {
	size_t size;
	char data[32768];
};

/* False: not built, for want of a compiler. */
static bool read_blob(const char *name, struct blob *blob)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), BOARDS "/%s.cell", name);
	file = fopen(path, "rb");
	if (!file)
		return false;
	blob->size = fread(blob->data, 1, sizeof(blob->data), file);
	assert_true(blob->size < sizeof(blob->data));
	fclose(file);
	return true;
}

static const char *machine_of(const char *name)
{
	if (strncmp(name, "x86/", 4) == 0)
		return "x86_64";
	return strncmp(name, "arm/", 4) == 0 ? "armv7l" : "aarch64";
}

/* Errors of a report, each printed. */
static size_t errors_of(struct jailhouse_report *report, const char *name)
{
	struct jailhouse_finding finding = {.size = sizeof(finding)};
	size_t errors = jailhouse_report_get_number_of(report, JAILHOUSE_SEVERITY_ERROR);
	size_t n;

	for (n = 0; n < errors; n++) {
		jailhouse_report_get_finding(report, n, &finding);
		print_error("%s: %s\n", name, finding.text);
	}
	jailhouse_report_free(report);
	return errors;
}

/* Returns the number of cells that were checked. */
static unsigned int check_board(const char *system_name, char *cells, size_t *bad)
{
	static struct blob system, cell;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_report *report;
	struct jailhouse *jh;
	unsigned int count = 0;
	const char *name;

	if (!read_blob(system_name, &system))
		return 0;
	fake_reset();
	fake_set_host(machine_of(system_name), NULL);
	assert_int_equal(jailhouse_open(NULL, &jh, NULL), 0);
	if (jailhouse_check_enable(jh, system.data, system.size, &report, &error) != 0)
		fail_msg("%s: %s", system_name, error.text);
	*bad += errors_of(report, system_name);
	assert_int_equal(jailhouse_enable(jh, system.data, system.size, 0, NULL), 0);
	for (name = strtok(cells, " \n"); name; name = strtok(NULL, " \n")) {
		assert_true(read_blob(name, &cell));
		if (jailhouse_check_create(jh, cell.data, cell.size, &report, &error) != 0)
			fail_msg("%s: %s", name, error.text);
		*bad += errors_of(report, name);
		count++;
	}
	jailhouse_close(jh);
	return count;
}

static void published_boards_need_no_exception(void **state)
{
	FILE *file = fopen(FINDINGS, "r");
	unsigned int checked = 0;
	char line[1024], *name;
	size_t bad = 0;

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, "== ", 3) != 0)
			continue;
		name = line + 3;
		name[strcspn(name, " \n")] = '\0';
		checked += check_board(name, name + strlen(name) + 1, &bad);
	}
	fclose(file);
	assert_int_equal(bad, 0);
	assert_in_range(checked, 1, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_boards_need_no_exception),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
