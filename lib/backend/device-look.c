/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Our own driver: what can be seen of cells, counters and failures. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/ioctl.h>

#include "device.h"
#include "os.h"

/* Words to try first: 256 CPUs in one go. */
#define FIRST_WORDS 4

/* Each of them is many looks of the driver at the record. */
#define RECORD_TRIES 10

static int bad_answer(struct jailhouse_error *error, const char *what)
{
	return jh_error_set(error, JAILHOUSE_ERR_PROTOCOL, 0, "the driver's answer makes no sense: %s",
			    what);
}

/* One attempt with the room that `cell` has; *words is what the driver needs. */
static int ask_cell(struct jailhouse *jh, uint32_t id, const char *name,
		    struct jailhouse_cell *cell, size_t *words, struct jailhouse_error *error)
{
	struct jailhouse_ioc_cell_info info = {
		.size = sizeof(info),
		.cell_id.id = name ? JAILHOUSE_CELL_ID_UNUSED : (int32_t)id,
		.cpu_mask_words = cell->words,
		.cpu_mask = (uintptr_t)cell->masks,
		.failed_mask = (uintptr_t)(cell->masks + cell->words),
	};
	int err;

	if (name)
		jh_copy_name(info.cell_id.name, sizeof(info.cell_id.name), name, strlen(name));
	err = jh_device_call(jh, JAILHOUSE_IOC_CELL_INFO, &info, &info.reason, "cell info", error);
	if (err)
		return err;
	if (info.cell_id.id < 0)
		return bad_answer(error, "a cell has a negative id");
	*words = info.cpu_mask_words;
	cell->id = info.cell_id.id;
	cell->state = info.state;
	if (cell->state < JAILHOUSE_CELL_RUNNING || cell->state > JAILHOUSE_CELL_FAILED_COMM_REV)
		cell->state = JAILHOUSE_CELL_STATE_INVALID;
	cell->flags = info.flags;
	cell->isolation = info.isolation;
	jh_copy_name(cell->name, sizeof(cell->name), info.cell_id.name, sizeof(info.cell_id.name));
	return 0;
}

int jh_device_cell_get(struct jailhouse *jh, uint32_t id, const char *name,
		       struct jailhouse_cell **ret_cell, struct jailhouse_error *error)
{
	size_t words = FIRST_WORDS;
	struct jailhouse_cell *cell;
	size_t room;
	int err;

	do {
		room = words;
		cell = jh_cell_new(room);
		if (!cell)
			return jh_error_no_memory(error);
		err = ask_cell(jh, id, name, cell, &words, error);
		if (!err && words > JH_MAX_CPU_WORDS)
			err = bad_answer(error, "a CPU set is too large");
		if (err || words > room)
			jailhouse_cell_free(cell);
	} while (!err && words > room);
	if (!err)
		*ret_cell = cell;
	return err;
}

/* The next id from *id on. Returns 1 and the id, 0 at the end. */
static int next_cell(struct jailhouse *jh, uint32_t *id, struct jailhouse_error *error)
{
	struct jailhouse_ioc_next_cell next = {.size = sizeof(next), .cell = *id};
	struct jailhouse_error problem = JAILHOUSE_ERROR_INIT;
	int err = jh_device_call(jh, JAILHOUSE_IOC_NEXT_CELL, &next, &next.reason, "list of cells",
				 &problem);

	if (err == JAILHOUSE_ERR_NOT_FOUND || err == JAILHOUSE_ERR_NOT_ENABLED)
		return 0;
	if (err)
		return jh_error_copy(error, &problem);
	if (next.cell < *id || next.cell > INT32_MAX)
		return bad_answer(error, "cells are not in order");
	*id = next.cell;
	return 1;
}

int jh_device_cell_ids(struct jailhouse *jh, uint32_t **ret_ids, size_t *ret_count,
		       struct jailhouse_error *error)
{
	uint32_t *ids = NULL;
	size_t count = 0, room = 0;
	uint32_t id = 0;
	int ret;

	while ((ret = next_cell(jh, &id, error)) > 0) {
		if (!jh_ids_append(&ids, &count, &room, id)) {
			ret = jh_error_no_memory(error);
			break;
		}
		id++;
	}
	if (ret < 0) {
		free(ids);
		return ret;
	}
	*ret_ids = ids;
	*ret_count = count;
	return 0;
}

/* ---- statistics ---- */

static int ask_cpu_stats(struct jailhouse *jh, uint32_t cpu, struct jailhouse_ioc_cpu_stats *stats,
			 struct jailhouse_error *error)
{
	int err;

	memset(stats, 0, sizeof(*stats));
	stats->size = sizeof(*stats);
	stats->cpu = cpu;
	err = jh_device_call(jh, JAILHOUSE_IOC_CPU_STATS, stats, &stats->reason, "statistics",
			     error);
	if (!err && stats->num_stats > JAILHOUSE_IOC_MAX_STATS)
		err = bad_answer(error, "too many counters");
	return err;
}

static unsigned int count_cpus(const struct jailhouse_cell *cell)
{
	unsigned int count = 0;
	size_t n;

	for (n = 0; n < cell->words; n++)
		count += __builtin_popcountll(cell->masks[n]);
	return count;
}

static struct jailhouse_stats *new_named_stats(struct jailhouse *jh, size_t num_cpus)
{
	struct jailhouse_stats *stats = jh_stats_new(JAILHOUSE_IOC_MAX_STATS, num_cpus);
	unsigned int n;

	if (!stats)
		return NULL;
	for (n = 0; n < JAILHOUSE_IOC_MAX_STATS; n++) {
		const char *name = jh_arch_stat_name(jh->arch, n);

		if (name)
			snprintf(stats->name[n], sizeof(stats->name[n]), "vmexits_%s", name);
		else
			snprintf(stats->name[n], sizeof(stats->name[n]), "vmexits_%u", n);
	}
	return stats;
}

/* Values are laid out for all possible counters first and moved together at the end. */
static void shrink(struct jailhouse_stats *stats, size_t num_cpus, size_t num_counters)
{
	size_t cpu, n;

	for (cpu = 0; cpu < num_cpus; cpu++)
		for (n = 0; n < num_counters; n++)
			stats->value[cpu * num_counters + n] =
				stats->value[cpu * stats->num_counters + n];
	stats->num_cpus = num_cpus;
	stats->num_counters = num_counters;
}

static int fill_stats(struct jailhouse *jh, const struct jailhouse_cell *cell,
		      struct jailhouse_stats *stats, struct jailhouse_error *error)
{
	struct jailhouse_ioc_cpu_stats from;
	size_t num_cpus = 0, num_counters = 0;
	uint32_t cpu, n;
	int err;

	for (cpu = 0; cpu < cell->words * 64; cpu++) {
		if (!(cell->masks[cpu / 64] >> (cpu % 64) & 1))
			continue;
		err = ask_cpu_stats(jh, cpu, &from, error);
		if (err)
			return err;
		/* It may have moved on since the cell was asked. */
		if (from.cell != cell->id)
			continue;
		stats->cpu[num_cpus] = cpu;
		for (n = 0; n < from.num_stats; n++)
			stats->value[num_cpus * stats->num_counters + n] = from.stats[n];
		if (from.num_stats > num_counters)
			num_counters = from.num_stats;
		num_cpus++;
	}
	shrink(stats, num_cpus, num_counters);
	return 0;
}

int jh_device_stats_get(struct jailhouse *jh, uint32_t id, struct jailhouse_stats **ret_stats,
			struct jailhouse_error *error)
{
	struct jailhouse_stats *stats;
	struct jailhouse_cell *cell;
	int err;

	err = jh_device_cell_get(jh, id, NULL, &cell, error);
	if (err)
		return err;
	stats = new_named_stats(jh, count_cpus(cell));
	err = stats ? fill_stats(jh, cell, stats, error) : jh_error_no_memory(error);
	jailhouse_cell_free(cell);
	if (err)
		jailhouse_stats_free(stats);
	else
		*ret_stats = stats;
	return err;
}

/* ---- failures and learning mode ---- */

int jh_device_record_get(struct jailhouse *jh, uint32_t cpu, struct jailhouse_cpu_record *record,
			 struct jailhouse_error *error)
{
	struct jailhouse_ioc_cpu_record arg;
	int ret = -EAGAIN;
	int tries;

	for (tries = 0; ret == -EAGAIN && tries < RECORD_TRIES; tries++) {
		arg = (struct jailhouse_ioc_cpu_record){.size = sizeof(arg), .cpu = cpu};
		ret = jh_channel_ioctl(&jh->channel, JAILHOUSE_IOC_CPU_RECORD, &arg);
	}
	if (ret == -EAGAIN)
		return jh_error_set(error, JAILHOUSE_ERR_BUSY, ret,
				    "the failure record of CPU %u is being written", cpu);
	if (ret == -EINVAL &&
	    (!arg.reason.code || arg.reason.code == JAILHOUSE_REASON_CPU_NOT_IN_SYSTEM))
		return jh_error_set(error, JAILHOUSE_ERR_NOT_FOUND, ret, "there is no CPU %u", cpu);
	if (ret < 0 && arg.reason.code)
		return jh_error_from_reason(error, &arg.reason, ret);
	if (ret < 0)
		return jh_error_set(error, JAILHOUSE_ERR_IO, ret, "failure record: %s",
				    strerror(-ret));
	*record = arg.record;
	return 0;
}

/* Asks for the entries from list->count on. Returns 1 if there were some, 0 at the end. */
static int ask_learned(struct jailhouse *jh, struct jailhouse_access_list *list,
		       struct jailhouse_error *error)
{
	struct jailhouse_ioc_learned arg = {
		.size = sizeof(arg),
		.start = list->count,
		.count = JAILHOUSE_NUM_LEARNED,
	};
	struct jailhouse_learned *bigger;
	int err;

	bigger = realloc(list->access, (list->count + JAILHOUSE_NUM_LEARNED) * sizeof(*bigger));
	if (!bigger)
		return jh_error_no_memory(error);
	list->access = bigger;
	arg.buffer = (uintptr_t)(bigger + list->count);
	err = jh_device_call(jh, JAILHOUSE_IOC_LEARNED, &arg, &arg.reason, "learned accesses", error);
	if (err)
		return err;
	if (arg.count > JAILHOUSE_NUM_LEARNED)
		return bad_answer(error, "more accesses than there is room for");
	list->total = arg.total;
	list->count += arg.count;
	return arg.count == JAILHOUSE_NUM_LEARNED;
}

int jh_device_learned_get(struct jailhouse *jh, struct jailhouse_access_list *list,
			  struct jailhouse_error *error)
{
	int ret;

	do {
		ret = ask_learned(jh, list, error);
		/* A driver that never ends is not believed. */
		if (ret > 0 && list->count > 64 * JAILHOUSE_NUM_LEARNED)
			ret = bad_answer(error, "the list of accesses has no end");
	} while (ret > 0);
	return ret;
}
