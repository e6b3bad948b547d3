/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Snapshots of exit counters. */
#include <stdlib.h>

#include "backend/backend.h"

struct jailhouse_stats *jh_stats_new(size_t num_counters, size_t num_cpus)
{
	struct jailhouse_stats *stats = calloc(1, sizeof(*stats));

	if (!stats)
		return NULL;
	stats->num_counters = num_counters;
	stats->num_cpus = num_cpus;
	/* One element more, as zero bytes may give NULL. */
	stats->name = calloc(num_counters + 1, sizeof(*stats->name));
	stats->cpu = calloc(num_cpus + 1, sizeof(*stats->cpu));
	stats->value = calloc(num_counters * num_cpus + 1, sizeof(*stats->value));
	if (!stats->name || !stats->cpu || !stats->value) {
		jailhouse_stats_free(stats);
		return NULL;
	}
	return stats;
}

int jailhouse_stats_get(struct jailhouse *jh, uint32_t id, struct jailhouse_stats **ret_stats,
			struct jailhouse_error *error)
{
	if (!jh || !ret_stats)
		return jh_error_argument(error, "jh or ret_stats is NULL");
	if (id > INT32_MAX)
		return jh_error_set(error, JAILHOUSE_ERR_NOT_FOUND, 0, "there is no cell %u", id);
	return jh->backend->stats_get(jh, id, ret_stats, error);
}

void jailhouse_stats_free(struct jailhouse_stats *stats)
{
	if (!stats)
		return;
	free(stats->name);
	free(stats->cpu);
	free(stats->value);
	free(stats);
}

size_t jailhouse_stats_get_num_counters(const struct jailhouse_stats *stats)
{
	return stats ? stats->num_counters : 0;
}

size_t jailhouse_stats_get_num_cpus(const struct jailhouse_stats *stats)
{
	return stats ? stats->num_cpus : 0;
}

const char *jailhouse_stats_get_name(const struct jailhouse_stats *stats, size_t counter)
{
	return stats && counter < stats->num_counters ? stats->name[counter] : NULL;
}

uint64_t jailhouse_stats_get_sum(const struct jailhouse_stats *stats, size_t counter)
{
	uint64_t sum = 0;
	size_t n;

	if (!stats || counter >= stats->num_counters)
		return 0;
	for (n = 0; n < stats->num_cpus; n++)
		sum += stats->value[n * stats->num_counters + counter];
	return sum;
}

int64_t jailhouse_stats_get_cpu(const struct jailhouse_stats *stats, size_t n)
{
	return stats && n < stats->num_cpus ? (int64_t)stats->cpu[n] : -1;
}

uint64_t jailhouse_stats_get_value(const struct jailhouse_stats *stats, size_t n, size_t counter)
{
	if (!stats || n >= stats->num_cpus || counter >= stats->num_counters)
		return 0;
	return stats->value[n * stats->num_counters + counter];
}
