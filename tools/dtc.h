/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Compiling of device tree source by the programs cpp and dtc. */
#ifndef TOOLS_DTC_H
#define TOOLS_DTC_H

#include <jailhouse/config.h>

#include "cli.h"

struct cli_dtc {
	struct cli_file blob;
	struct cli_file
		annotated; /* source with the places of nodes and properties, empty for a compiled tree */
};

/*
 * Compiles a source, with the include directories of the options -I; takes a blob as it is.
 * Messages of the programs go to err as they are, they name file and line. Reports a failure. Free
 * with cli_dtc_free().
 */
bool cli_dtc_compile(struct cli *cli, const char *source, const struct cli_args *args,
		     struct cli_dtc *ret_dtc);
void cli_dtc_free(struct cli_dtc *dtc);

/* Prints mistakes, "FILE:LINE: /path: what". */
void cli_dtc_print_report(const struct cli *cli, const char *source, const struct cli_dtc *dtc,
			  const struct jailhouse_report *report);

#endif /* !TOOLS_DTC_H */
