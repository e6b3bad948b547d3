/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The configurations of a command line. */
#ifndef TOOLS_FILES_H
#define TOOLS_FILES_H

#include <jailhouse/config.h>

#include "cli.h"

struct cli_files {
	size_t count;
	const char **path;
	struct cli_file *file;
	struct jailhouse_config *config;
};

/* Reads and parses all plain words. Reports each failure. Free with cli_files_free(), also then. */
enum cli_result cli_files_read(struct cli *cli, const struct cli_args *args,
			       struct cli_files *ret_files);
void cli_files_free(struct cli_files *files);

#endif /* !TOOLS_FILES_H */
