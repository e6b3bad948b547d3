/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdlib.h>

#include "files.h"

void cli_files_free(struct cli_files *files)
{
	size_t n;

	for (n = 0; files->file && n < files->count; n++)
		cli_file_free(&files->file[n]);
	free(files->path);
	free(files->file);
	free(files->config);
}

enum cli_result cli_files_read(struct cli *cli, const struct cli_args *args,
			       struct cli_files *files)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	enum cli_result result = CLI_OK;
	const char *path;
	size_t n;

	while (cli_args_word(args, files->count))
		files->count++;
	files->path = calloc(files->count, sizeof(*files->path));
	files->file = calloc(files->count, sizeof(*files->file));
	files->config = calloc(files->count, sizeof(*files->config));
	if (!files->path || !files->file || !files->config)
		return cli_no_memory(cli);
	/* All of them are tried, so that one run tells all mistakes. */
	for (n = 0; n < files->count; n++) {
		path = cli_args_word(args, n);
		files->path[n] = path;
		if (!cli_file_read(cli, path, &files->file[n]))
			result = CLI_FAILED;
		else if (jailhouse_config_parse(files->file[n].data, files->file[n].size,
						&files->config[n], &error) != 0)
			result = cli_report(cli, path, &error);
	}
	return result;
}
