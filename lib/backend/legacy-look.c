/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Old drivers, or no right to open the node: cells and counters as sysfs shows them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "legacy.h"
#include "sysfs.h"

static int unreadable(struct jailhouse *jh, const char *what, int err,
		      struct jailhouse_error *error)
{
	return jh_error_set(error, JAILHOUSE_ERR_IO, err, "reading %s below %s: %s", what, jh->sysfs,
			    strerror(-err));
}

int jh_legacy_get_info(struct jailhouse *jh, struct jailhouse_system_info *info,
		       struct jailhouse_error *error)
{
	uint64_t enabled, size = 0, used = 0;
	size_t count;
	uint32_t *ids;
	int err;

	err = jh_sysfs_read_u64(&enabled, "%s/enabled", jh->sysfs);
	if (!err)
		err = jh_sysfs_read_u64(&size, "%s/mem_pool_size", jh->sysfs);
	if (!err)
		err = jh_sysfs_read_u64(&used, "%s/mem_pool_used", jh->sysfs);
	if (err)
		return unreadable(jh, "the hypervisor's state", err, error);
	err = jh_legacy_cell_ids(jh, &ids, &count, error);
	if (err)
		return err;
	free(ids);
	info->enabled = enabled != 0;
	info->isolation = info->enabled ? JAILHOUSE_ISOLATION_UNKNOWN : 0;
	info->num_cells = count;
	info->mem_pool_size = size;
	info->mem_pool_used = used;
	return 0;
}

struct id_list {
	uint32_t *ids;
	size_t count;
	size_t room;
};

static int add_id(void *context, const char *name)
{
	struct id_list *list = context;
	uint32_t id;

	if (!jh_sysfs_number(name, INT32_MAX, &id))
		return 0;
	return jh_ids_append(&list->ids, &list->count, &list->room, id) ? 0 : -ENOMEM;
}

static int compare_ids(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a;
	uint32_t right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

static int list_numbers(struct jailhouse *jh, const char *path, struct id_list *list,
			int (*entry)(void *context, const char *name),
			struct jailhouse_error *error)
{
	int err = jh_sysfs_list(path, entry, list);

	if (err == 0) {
		if (list->count)
			qsort(list->ids, list->count, sizeof(*list->ids), compare_ids);
		return 0;
	}
	free(list->ids);
	list->ids = NULL;
	if (err == -ENOMEM)
		return jh_error_no_memory(error);
	return unreadable(jh, "a directory", err, error);
}

int jh_legacy_cell_ids(struct jailhouse *jh, uint32_t **ret_ids, size_t *ret_count,
		       struct jailhouse_error *error)
{
	struct id_list list = {NULL, 0, 0};
	char path[JH_SYSFS_PATH];
	int err;

	if (snprintf(path, sizeof(path), "%s/cells", jh->sysfs) >= (int)sizeof(path))
		return unreadable(jh, "cells", -ENAMETOOLONG, error);
	err = list_numbers(jh, path, &list, add_id, error);
	if (err)
		return err;
	*ret_ids = list.ids;
	*ret_count = list.count;
	return 0;
}

static int parse_state(const char *text)
{
	int state;

	for (state = JAILHOUSE_CELL_RUNNING; state <= JAILHOUSE_CELL_FAILED_COMM_REV; state++)
		if (strcmp(text, jailhouse_state_get_name(state)) == 0)
			return state;
	return JAILHOUSE_CELL_STATE_INVALID;
}

/* Only our own driver has this file; one line for each thing that is missing. */
static uint32_t read_isolation(struct jailhouse *jh, uint32_t id, char value[JH_SYSFS_VALUE])
{
	uint32_t missing = 0;

	if (jh_sysfs_read(value, "%s/cells/%u/isolation", jh->sysfs, id) != 0)
		return JAILHOUSE_ISOLATION_UNKNOWN;
	if (strstr(value, "no DMA protection"))
		missing |= JAILHOUSE_ISOLATION_NO_DMA;
	if (strstr(value, "no MSI remapping"))
		missing |= JAILHOUSE_ISOLATION_NO_MSI_REMAP;
	if (!missing && strcmp(value, "full") != 0)
		missing = JAILHOUSE_ISOLATION_UNKNOWN;
	return missing;
}

static int read_mask(struct jailhouse *jh, uint32_t id, const char *file, uint64_t *mask,
		     size_t words, char value[JH_SYSFS_VALUE])
{
	int ret = jh_sysfs_read(value, "%s/cells/%u/%s", jh->sysfs, id, file);

	return ret ? ret : jh_sysfs_parse_cpus(value, mask, words);
}

/* Fills a cell that is there. Returns 0 or a negative errno. */
static int read_cell(struct jailhouse *jh, uint32_t id, struct jailhouse_cell *cell)
{
	char value[JH_SYSFS_VALUE];
	int ret;

	cell->id = id;
	cell->isolation = read_isolation(jh, id, value);
	ret = jh_sysfs_read(value, "%s/cells/%u/name", jh->sysfs, id);
	if (ret)
		return ret;
	jh_copy_name(cell->name, sizeof(cell->name), value, sizeof(value));
	ret = jh_sysfs_read(value, "%s/cells/%u/state", jh->sysfs, id);
	if (ret)
		return ret;
	cell->state = parse_state(value);
	ret = read_mask(jh, id, "cpus_assigned_list", cell->masks, cell->words, value);
	if (ret >= 0)
		ret = read_mask(jh, id, "cpus_failed_list", cell->masks + cell->words, cell->words,
				value);
	return ret < 0 ? ret : 0;
}

static int get_by_id(struct jailhouse *jh, uint32_t id, struct jailhouse_cell **ret_cell,
		     struct jailhouse_error *error)
{
	/* Old drivers do not say how many CPUs there may be; this is small enough to ask for all. */
	struct jailhouse_cell *cell = jh_cell_new(JH_MAX_CPU_WORDS);
	int err;

	if (!cell)
		return jh_error_no_memory(error);
	err = read_cell(jh, id, cell);
	if (!err) {
		*ret_cell = cell;
		return 0;
	}
	jailhouse_cell_free(cell);
	if ((err == -ENOENT || err == -ENODEV) && !jh_legacy_enabled(jh))
		return jh_error_set(error, JAILHOUSE_ERR_NOT_ENABLED, err,
				    "the hypervisor is not enabled");
	if (err == -ENOENT || err == -ENODEV)
		return jh_error_set(error, JAILHOUSE_ERR_NOT_FOUND, err, "there is no cell %u", id);
	if (err == -EINVAL)
		return jh_error_set(error, JAILHOUSE_ERR_PROTOCOL, 0,
				    "the CPU lists of cell %u below %s make no sense", id, jh->sysfs);
	return unreadable(jh, "a cell", err, error);
}

int jh_legacy_cell_get(struct jailhouse *jh, uint32_t id, const char *name,
		       struct jailhouse_cell **ret_cell, struct jailhouse_error *error)
{
	struct jailhouse_cell *cell;
	size_t count, n;
	uint32_t *ids;
	int err;

	if (!name)
		return get_by_id(jh, id, ret_cell, error);
	err = jh_legacy_cell_ids(jh, &ids, &count, error);
	if (err)
		return err;
	for (n = 0; n < count; n++) {
		err = get_by_id(jh, ids[n], &cell, error);
		if (err == JAILHOUSE_ERR_NOT_FOUND || err == JAILHOUSE_ERR_NOT_ENABLED)
			continue;
		if (err || strcmp(cell->name, name) == 0)
			break;
		jailhouse_cell_free(cell);
	}
	free(ids);
	if (n < count) {
		if (!err)
			*ret_cell = cell;
		return err;
	}
	if (!jh_legacy_enabled(jh))
		return jh_error_set(error, JAILHOUSE_ERR_NOT_ENABLED, 0,
				    "the hypervisor is not enabled");
	return jh_error_set(error, JAILHOUSE_ERR_NOT_FOUND, 0, "there is no cell \"%s\"", name);
}

/* ---- statistics ---- */

#define STAT_PREFIX  "vmexits_"
#define MAX_COUNTERS 64

struct counter_list {
	size_t count;
	char name[MAX_COUNTERS][JH_STAT_NAME_SIZE];
};

static int add_counter(void *context, const char *name)
{
	struct counter_list *list = context;

	if (strncmp(name, STAT_PREFIX, strlen(STAT_PREFIX)) != 0 ||
	    strlen(name) >= JH_STAT_NAME_SIZE || list->count == MAX_COUNTERS)
		return 0;
	strcpy(list->name[list->count++], name);
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Into the order of the counters' numbers, as far as they are known; others follow by name. */
static void sort_counters(struct jailhouse *jh, struct counter_list *list)
{
	char full[JH_STAT_NAME_SIZE];
	size_t done = 0, n;
	unsigned int number;
	const char *name;

	qsort(list->name, list->count, sizeof(list->name[0]), compare_names);
	for (number = 0; (name = jh_arch_stat_name(jh->arch, number)) != NULL; number++) {
		snprintf(full, sizeof(full), STAT_PREFIX "%s", name);
		for (n = done; n < list->count && strcmp(list->name[n], full) != 0; n++)
			;
		if (n == list->count)
			continue;
		memmove(list->name[done + 1], list->name[done],
			(n - done) * sizeof(list->name[0]));
		strcpy(list->name[done++], full);
	}
}

static int add_cpu(void *context, const char *name)
{
	struct id_list *list = context;
	uint32_t cpu;

	if (strncmp(name, "cpu", 3) != 0 || !jh_sysfs_number(name + 3, JH_MAX_CPUS - 1, &cpu))
		return 0;
	return jh_ids_append(&list->ids, &list->count, &list->room, cpu) ? 0 : -ENOMEM;
}

static int read_stats(struct jailhouse *jh, uint32_t id, struct jailhouse_stats *stats,
		      struct jailhouse_error *error)
{
	size_t cpu, counter;
	int err;

	for (cpu = 0; cpu < stats->num_cpus; cpu++) {
		for (counter = 0; counter < stats->num_counters; counter++) {
			uint64_t *value = &stats->value[cpu * stats->num_counters + counter];

			err = jh_sysfs_read_u64(value, "%s/cells/%u/statistics/cpu%u/%s", jh->sysfs,
						id, stats->cpu[cpu], stats->name[counter]);
			/* A CPU that moves to another cell takes its directory along. */
			if (err == -ENOENT || err == -ENODEV)
				*value = 0;
			else if (err)
				return unreadable(jh, stats->name[counter], err, error);
		}
	}
	return 0;
}

int jh_legacy_stats_get(struct jailhouse *jh, uint32_t id, struct jailhouse_stats **ret_stats,
			struct jailhouse_error *error)
{
	struct counter_list counters = {.count = 0};
	struct id_list cpus = {NULL, 0, 0};
	struct jailhouse_stats *stats;
	struct jailhouse_cell *cell;
	char path[JH_SYSFS_PATH];
	int err;

	/* For the errors: is there such a cell at all? */
	err = get_by_id(jh, id, &cell, error);
	if (err)
		return err;
	jailhouse_cell_free(cell);

	if (snprintf(path, sizeof(path), "%s/cells/%u/statistics", jh->sysfs, id) >=
	    (int)sizeof(path))
		return unreadable(jh, "statistics", -ENAMETOOLONG, error);
	err = jh_sysfs_list(path, add_counter, &counters);
	if (err)
		return unreadable(jh, "statistics", err, error);
	sort_counters(jh, &counters);
	err = list_numbers(jh, path, &cpus, add_cpu, error);
	if (err)
		return err;

	stats = jh_stats_new(counters.count, cpus.count);
	if (!stats) {
		free(cpus.ids);
		return jh_error_no_memory(error);
	}
	memcpy(stats->name, counters.name, counters.count * sizeof(counters.name[0]));
	if (cpus.count)
		memcpy(stats->cpu, cpus.ids, cpus.count * sizeof(*cpus.ids));
	free(cpus.ids);
	err = read_stats(jh, id, stats, error);
	if (err)
		jailhouse_stats_free(stats);
	else
		*ret_stats = stats;
	return err;
}
