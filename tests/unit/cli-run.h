/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Runs the command line tool in this process, on the model of the driver, and keeps what it prints. */
#ifndef TESTS_CLI_RUN_H
#define TESTS_CLI_RUN_H

#include "config-blob.h"
#include "fake-driver.h"
#include "unit.h"

struct cli_output {
	char *out;
	char *err;
};

/* The words behind the program's name, NULL at the end. Returns the exit code. */
int cli_run(struct cli_output *output, ...) __attribute__((sentinel));

/*
 * Runs and expects: exit code, and the texts if they are not NULL. For all tests that only look at the
 * result.
 */
#define cli_expect(code, expected_out, expected_err, ...)                                          \
	do {                                                                                       \
		struct cli_output output_;                                                         \
		int code_ = cli_run(&output_, __VA_ARGS__, (char *)NULL);                          \
		cli_compare(&output_, code_, code, expected_out, expected_err);                    \
	} while (0)

void cli_compare(struct cli_output *output, int is_code, int code, const char *out,
		 const char *err);

/* Paths of files that hold a system configuration, a cell configuration, and anything else. */
const char *cli_system_file(const struct system_blob *blob, size_t size);
const char *cli_cell_file(const struct cell_blob *blob, size_t size);
const char *cli_data_file(const char *text);

/* For cmocka: a fresh model; the same, enabled, with the cell "guest" (1) on CPU 3. */
int cli_setup(void **state);
int cli_setup_guest(void **state);
int cli_teardown(void **state);

#endif /* !TESTS_CLI_RUN_H */
