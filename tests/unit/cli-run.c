/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "cli-run.h"

#define MAX_WORDS 80

int cli_run(struct cli_output *output, ...)
{
	char *words[MAX_WORDS + 1] = {(char *)"/usr/sbin/jailhouse"};
	size_t out_size, err_size;
	FILE *out, *err;
	va_list args;
	int count = 1;
	int code;

	va_start(args, output);
	while ((words[count] = va_arg(args, char *)) != NULL)
		assert_true(++count < MAX_WORDS);
	va_end(args);

	out = open_memstream(&output->out, &out_size);
	err = open_memstream(&output->err, &err_size);
	assert_non_null(out);
	assert_non_null(err);
	code = cli_main(count, words, out, err);
	fclose(out);
	fclose(err);
	assert_int_equal(fake_open_files(), 0);
	return code;
}

void cli_compare(struct cli_output *output, int is_code, int code, const char *out, const char *err)
{
	if (out && strcmp(out, output->out) != 0)
		fail_msg("standard output is\n%s\nshould be\n%s", output->out, out);
	if (err && strcmp(err, output->err) != 0)
		fail_msg("standard error is\n%s\nshould be\n%s", output->err, err);
	if (is_code != code)
		fail_msg("exit code is %d, should be %d; standard error is\n%s", is_code, code,
			 output->err);
	free(output->out);
	free(output->err);
}

/* ---- files ---- */

static char system_path[] = "/tmp/test-cli-system-XXXXXX";
static char cell_path[] = "/tmp/test-cli-cell-XXXXXX";
static char data_path[] = "/tmp/test-cli-data-XXXXXX";

static const char *write_file(const char *path, const void *data, size_t size)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
	return path;
}

const char *cli_system_file(const struct system_blob *blob, size_t size)
{
	return write_file(system_path, blob, size);
}

const char *cli_cell_file(const struct cell_blob *blob, size_t size)
{
	return write_file(cell_path, blob, size);
}

const char *cli_data_file(const char *text)
{
	return write_file(data_path, text, strlen(text));
}

static void make_file(char *path)
{
	int fd;

	memcpy(path + strlen(path) - 6, "XXXXXX", 6);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
}

int cli_setup(void **state)
{
	(void)state;
	fake_reset();
	make_file(system_path);
	make_file(cell_path);
	make_file(data_path);
	return 0;
}

int cli_setup_guest(void **state)
{
	struct system_blob system = make_system_blob();
	struct cell_blob cell = make_cell_blob();

	cli_setup(state);
	cli_expect(0, "", "", "enable", cli_system_file(&system, sizeof(system)));
	cli_expect(0, "", "", "cell", "create", cli_cell_file(&cell, sizeof(cell)));
	return 0;
}

int cli_teardown(void **state)
{
	(void)state;
	unlink(system_path);
	unlink(cell_path);
	unlink(data_path);
	return 0;
}
