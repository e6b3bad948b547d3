/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "stats-table.h"

/* Counters have 31 bits. */
#define COUNTER_MASK 0x7fffffffULL

/* Index of a CPU in a snapshot, or the number of its CPUs. */
static size_t find_cpu(const struct jailhouse_stats *stats, int64_t cpu)
{
	size_t n, count = jailhouse_stats_get_num_cpus(stats);

	for (n = 0; n < count && jailhouse_stats_get_cpu(stats, n) != cpu; n++)
		;
	return n;
}

/* What a CPU counted since `before`; nothing for one that was not there then. */
static uint64_t delta_of(const struct jailhouse_stats *now, const struct jailhouse_stats *before,
			 size_t n, size_t counter)
{
	size_t old = find_cpu(before, jailhouse_stats_get_cpu(now, n));

	if (old == jailhouse_stats_get_num_cpus(before))
		return 0;
	return (jailhouse_stats_get_value(now, n, counter) -
		jailhouse_stats_get_value(before, old, counter)) &
	       COUNTER_MASK;
}

static int compare(const void *a, const void *b)
{
	const struct stats_row *left = a;
	const struct stats_row *right = b;

	if (left->delta != right->delta)
		return left->delta > right->delta ? -1 : 1;
	if (left->value != right->value)
		return left->value > right->value ? -1 : 1;
	return strcmp(left->name, right->name);
}

void stats_table_make(struct stats_table *table, const struct jailhouse_stats *now,
		      const struct jailhouse_stats *before, int64_t cpu, double seconds)
{
	size_t num_cpus = jailhouse_stats_get_num_cpus(now);
	size_t counter, n;

	memset(table, 0, sizeof(*table));
	table->count = jailhouse_stats_get_num_counters(now);
	if (table->count > CLI_ARRAY_SIZE(table->row))
		table->count = CLI_ARRAY_SIZE(table->row);
	for (counter = 0; counter < table->count; counter++) {
		struct stats_row *row = &table->row[counter];

		snprintf(row->name, sizeof(row->name), "%s",
			 jailhouse_stats_get_name(now, counter));
		for (n = 0; n < num_cpus; n++) {
			if (cpu != STATS_ALL_CPUS && jailhouse_stats_get_cpu(now, n) != cpu)
				continue;
			row->value += jailhouse_stats_get_value(now, n, counter);
			if (before)
				row->delta += delta_of(now, before, n, counter);
		}
		if (seconds > 0)
			row->rate = row->delta / seconds + 0.5;
	}
	qsort(table->row, table->count, sizeof(table->row[0]), compare);
}
