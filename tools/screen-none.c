/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Built without ncurses: there is no live screen, and nobody asks for it. */
#include "stats-table.h"

const bool stats_has_screen = false;

enum cli_result stats_screen(struct cli *cli, uint32_t id, const char *name)
{
	(void)id;
	(void)name;
	cli_error(cli, "this program was built without ncurses; use --once");
	return CLI_FAILED;
}
