/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Exit counters in the order in which they matter. */
#ifndef TOOLS_STATS_TABLE_H
#define TOOLS_STATS_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include <jailhouse/jailhouse.h>

#include "cli.h"

#define STATS_ALL_CPUS (-1)

struct stats_row {
	char name[40];
	uint64_t value;
	uint64_t delta; /* since `before` */
	uint64_t rate;	/* per second, rounded */
};

struct stats_table {
	size_t count;
	struct stats_row row[64];
};

/*
 * Fills a table with the counters of one CPU or the sums of all. Without `before` deltas are 0. Sorted
 * by largest delta, then largest value, then name.
 */
void stats_table_make(struct stats_table *table, const struct jailhouse_stats *now,
		      const struct jailhouse_stats *before, int64_t cpu, double seconds);

/* The live screen. Returns when the user quits or the cell cannot be read any more. */
enum cli_result stats_screen(struct cli *cli, uint32_t id, const char *name);

/* Is there one in this build? */
extern const bool stats_has_screen;

#endif /* !TOOLS_STATS_TABLE_H */
