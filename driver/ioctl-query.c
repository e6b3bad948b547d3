// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * ioctls that only look. They take jh.state, so that none of them waits for a management request.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "driver.h"

static int not_enabled(struct jailhouse_reason *r)
{
	return jh_refuse_item(r, -EINVAL, JAILHOUSE_REASON_NOT_ENABLED, JAILHOUSE_ITEM_NONE, 0);
}

/* What is only known while the hypervisor runs */
static void fill_running(struct jailhouse_ioc_info *q)
{
	const struct jailhouse_image_header *header = &jh.mem.header;
	const struct jailhouse_info *info = jh_info();

	q->state = JAILHOUSE_IOC_ENABLED | (jh.permissive ? JAILHOUSE_IOC_PERMISSIVE : 0);
	q->isolation = READ_ONCE(info->isolation);
	q->features = header->features;
	memcpy(q->build_id, header->build_id, sizeof(q->build_id));
	q->num_cells = jh_hypervisor_info(JAILHOUSE_INFO_NUM_CELLS);
	q->max_cpus = header->max_cpus;
	q->tsc_khz = header->tsc_khz;
	q->mem_pool_size = jh_hypervisor_info(JAILHOUSE_INFO_MEM_POOL_SIZE);
	q->mem_pool_used = jh_hypervisor_info(JAILHOUSE_INFO_MEM_POOL_USED);
	q->core_size = header->core_size;
	q->percpu_size = header->percpu_size;
	q->stop_last = READ_ONCE(info->stop_last);
	q->stop_max = READ_ONCE(info->stop_max);
	q->learned_total = READ_ONCE(info->learned_total);
	q->dropped_nmis = READ_ONCE(info->dropped_nmis);
	q->dropped_pci_writes = READ_ONCE(info->dropped_pci_writes);
	q->denied_msrs = READ_ONCE(info->denied_msrs);
	q->suppressed_lines = READ_ONCE(info->suppressed_lines);
}

int jh_query_info(struct jailhouse_ioc_info *q)
{
	u32 size = q->size;

	memset(q, 0, sizeof(*q));
	q->size = size;
	q->abi = JAILHOUSE_IOC_ABI;
	strscpy(q->driver_version, JH_VERSION, sizeof(q->driver_version));
	down_read(&jh.state);
	q->event_seq = jh_event_seq();
	if (jh.enabled)
		fill_running(q);
	up_read(&jh.state);
	return 0;
}

/* A copy of a configuration, so that no lock is held while user memory is written */
static void *copy_config(struct jailhouse_ioc_get_config *q, int *err)
{
	const struct jh_cell *cell;
	const void *config;
	void *copy;

	if (!jh.enabled) {
		*err = not_enabled(&q->reason);
		return NULL;
	}
	if (q->cell == JAILHOUSE_IOC_SYSTEM_CONFIG) {
		config = jh.config;
		q->config_size = jh.config_size;
	} else {
		cell = jh_cell_by_id(q->cell);
		if (!cell || cell == jh.root) {
			*err = jh_refuse_item(&q->reason, cell ? -EINVAL : -ENOENT,
					      cell ? JAILHOUSE_REASON_CELL_IS_ROOT :
						     JAILHOUSE_REASON_CELL_UNKNOWN,
					      JAILHOUSE_ITEM_CELL, q->cell);
			return NULL;
		}
		config = cell->config;
		q->config_size = cell->config_size;
	}
	if (q->buffer_size < q->config_size) {
		*err = -ERANGE;
		return NULL;
	}
	copy = kvmalloc(q->config_size, GFP_KERNEL);
	if (copy)
		memcpy(copy, config, q->config_size);
	else
		*err = jh_refuse_args(&q->reason, -ENOMEM, JAILHOUSE_REASON_NO_KERNEL_MEMORY, 0, 0);
	return copy;
}

int jh_query_config(struct jailhouse_ioc_get_config *q)
{
	int err = 0;
	void *copy;

	q->config_size = 0;
	down_read(&jh.state);
	copy = copy_config(q, &err);
	up_read(&jh.state);
	if (!copy)
		return err;
	if (copy_to_user(u64_to_user_ptr(q->buffer), copy, q->config_size))
		err = jh_refuse_args(&q->reason, -EFAULT, JAILHOUSE_REASON_FAULT, q->buffer, 0);
	kvfree(copy);
	return err;
}

/* Writes a mask as 64-bit words; @words is what the caller has room for. */
static int put_mask(u64 address, u32 words, const struct cpumask *mask, struct jailhouse_reason *r)
{
	u32 n, bit;
	u64 word;

	for (n = 0; address && n < words; n++) {
		word = 0;
		for (bit = 0; bit < 64 && n * 64 + bit < nr_cpu_ids; bit++)
			if (cpumask_test_cpu(n * 64 + bit, mask))
				word |= 1ULL << bit;
		if (put_user(word, (u64 __user *)u64_to_user_ptr(address) + n))
			return jh_refuse_args(r, -EFAULT, JAILHOUSE_REASON_FAULT, address, 0);
	}
	return 0;
}

/* Called with jh.state. */
static int fill_cell(struct jailhouse_ioc_cell_info *q, struct cpumask *cpus,
		     struct cpumask *failed)
{
	const struct jh_cell *cell;
	unsigned int cpu;

	if (!jh.enabled)
		return not_enabled(&q->reason);
	cell = jh_cell_find(&q->cell_id);
	if (!cell)
		return jh_cell_unknown(&q->cell_id, &q->reason);
	q->cell_id.id = cell->id;
	memset(q->cell_id.name, 0, sizeof(q->cell_id.name));
	strscpy(q->cell_id.name, cell->name, sizeof(q->cell_id.name));
	q->state = jh_cell_state(cell);
	q->flags = cell->config->flags;
	q->isolation = READ_ONCE(jh_info()->isolation);
	cpumask_copy(cpus, cell->cpus);
	for_each_cpu(cpu, cpus)
		if (jh_cpu_failed(cpu))
			cpumask_set_cpu(cpu, failed);
	q->num_cpus = cpumask_weight(cpus);
	q->num_failed_cpus = cpumask_weight(failed);
	return 0;
}

int jh_query_cell(struct jailhouse_ioc_cell_info *q)
{
	u32 needed = DIV_ROUND_UP(nr_cpu_ids, 64);
	u32 words = min(q->cpu_mask_words, needed);
	cpumask_var_t cpus, failed;
	int err;

	if (!zalloc_cpumask_var(&cpus, GFP_KERNEL))
		goto no_memory;
	if (!zalloc_cpumask_var(&failed, GFP_KERNEL)) {
		free_cpumask_var(cpus);
		goto no_memory;
	}
	down_read(&jh.state);
	err = fill_cell(q, cpus, failed);
	up_read(&jh.state);
	if (!err) {
		q->cpu_mask_words = needed;
		err = put_mask(q->cpu_mask, words, cpus, &q->reason);
	}
	if (!err)
		err = put_mask(q->failed_mask, words, failed, &q->reason);
	free_cpumask_var(cpus);
	free_cpumask_var(failed);
	return err;

no_memory:
	return jh_refuse_args(&q->reason, -ENOMEM, JAILHOUSE_REASON_NO_KERNEL_MEMORY, 0, 0);
}

int jh_query_next_cell(struct jailhouse_ioc_next_cell *q)
{
	const struct jh_cell *cell, *best = NULL;
	int err = 0;

	down_read(&jh.state);
	if (!jh.enabled) {
		err = not_enabled(&q->reason);
		goto out;
	}
	list_for_each_entry(cell, &jh.cells, entry)
		if (cell->id >= q->cell && (!best || cell->id < best->id))
			best = cell;
	if (best)
		q->cell = best->id;
	else
		err = -ENOENT;
out:
	up_read(&jh.state);
	return err;
}

static int no_cpu(struct jailhouse_reason *r, u32 cpu)
{
	return jh_refuse_item(r, -EINVAL, JAILHOUSE_REASON_CPU_NOT_IN_SYSTEM, JAILHOUSE_ITEM_CPU,
			      cpu);
}

/* Called with jh.state. */
static int fill_stats(struct jailhouse_ioc_cpu_stats *q)
{
	const struct jh_cell *cell;
	u32 n;

	if (!jh.enabled)
		return not_enabled(&q->reason);
	if (q->cpu >= nr_cpu_ids || !cpumask_test_cpu(q->cpu, &jh.system))
		return no_cpu(&q->reason, q->cpu);
	q->cell = 0;
	list_for_each_entry(cell, &jh.cells, entry)
		if (cpumask_test_cpu(q->cpu, cell->cpus))
			q->cell = cell->id;
	BUILD_BUG_ON(JAILHOUSE_NUM_CPU_STATS > JAILHOUSE_IOC_MAX_STATS);
	memset(q->stats, 0, sizeof(q->stats));
	q->num_stats = JAILHOUSE_NUM_CPU_STATS;
	for (n = 0; n < JAILHOUSE_NUM_CPU_STATS; n++)
		q->stats[n] = jh_cpu_stat(q->cpu, n);
	return 0;
}

int jh_query_stats(struct jailhouse_ioc_cpu_stats *q)
{
	int err;

	down_read(&jh.state);
	err = fill_stats(q);
	up_read(&jh.state);
	return err;
}

int jh_query_record(struct jailhouse_ioc_cpu_record *q)
{
	int err;

	down_read(&jh.state);
	if (jh.enabled && (q->cpu >= nr_cpu_ids || !cpumask_test_cpu(q->cpu, &jh.system)))
		err = -EINVAL;
	else
		err = jh_info_record(q->cpu, &q->record);
	if (err == -EINVAL && !jh.enabled && (!jh.snapshot || !jh.snapshot->has_info))
		not_enabled(&q->reason);
	else if (err == -EINVAL)
		no_cpu(&q->reason, q->cpu);
	up_read(&jh.state);
	return err;
}

/* Copies the table of learned accesses; called with jh.state. Returns the valid entries. */
static u32 copy_learned(struct jailhouse_learned *table, u32 *total)
{
	const struct jailhouse_info *info;
	u32 count;

	if (jh.enabled)
		info = jh_info();
	else if (jh.snapshot && jh.snapshot->has_info)
		info = &jh.snapshot->info;
	else
		return 0;
	/* Entries are appended and never move; one whose counter just changes may be torn. */
	count = min_t(u32, smp_load_acquire(&info->learned_count), JAILHOUSE_NUM_LEARNED);
	memcpy(table, info->learned, count * sizeof(*table));
	*total = READ_ONCE(info->learned_total);
	return count;
}

int jh_query_learned(struct jailhouse_ioc_learned *q)
{
	struct jailhouse_learned *table;
	u32 valid, count = 0;
	int err = 0;

	table = kmalloc_array(JAILHOUSE_NUM_LEARNED, sizeof(*table), GFP_KERNEL);
	if (!table)
		return jh_refuse_args(&q->reason, -ENOMEM, JAILHOUSE_REASON_NO_KERNEL_MEMORY, 0, 0);
	q->total = 0;
	down_read(&jh.state);
	valid = copy_learned(table, &q->total);
	up_read(&jh.state);

	if (q->start < valid)
		count = min(q->count, valid - q->start);
	if (count && copy_to_user(u64_to_user_ptr(q->buffer), table + q->start,
				  count * sizeof(*table))) {
		err = jh_refuse_args(&q->reason, -EFAULT, JAILHOUSE_REASON_FAULT, q->buffer, 0);
		count = 0;
	}
	q->count = count;
	kfree(table);
	return err;
}
