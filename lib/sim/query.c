/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ioctls that only look. They take .state, so that none of them waits for a management request. */
#include <errno.h>
#include <string.h>

#include <hypervisor/machine.h>

#include "sim.h"

/* CPU sets have 32 bits here. */
#define MASK_WORDS 1

static uint32_t hypervisor_info(struct sim_machine *m, uint32_t type)
{
	long value = sim_call(m, 0, JAILHOUSE_HC_HYPERVISOR_GET_INFO, type, 0);

	return value < 0 ? 0 : (uint32_t)value;
}

static uint64_t load(const __u64 *value)
{
	return __atomic_load_n(value, __ATOMIC_RELAXED);
}

/* What is only known while the hypervisor runs */
static void fill_running(struct sim_machine *m, struct jailhouse_ioc_info *q)
{
	const struct jailhouse_image_header *header = hosted_core(m->hw)->header;
	const struct jailhouse_info *info = hosted_info(m->hw);

	q->state = JAILHOUSE_IOC_ENABLED | (m->permissive ? JAILHOUSE_IOC_PERMISSIVE : 0);
	q->isolation = info->isolation;
	q->num_cells = hypervisor_info(m, JAILHOUSE_INFO_NUM_CELLS);
	q->max_cpus = header->max_cpus;
	q->tsc_khz = header->tsc_khz;
	q->mem_pool_size = hypervisor_info(m, JAILHOUSE_INFO_MEM_POOL_SIZE);
	q->mem_pool_used = hypervisor_info(m, JAILHOUSE_INFO_MEM_POOL_USED);
	q->core_size = header->core_size;
	q->percpu_size = header->percpu_size;
	q->stop_last = load(&info->stop_last);
	q->stop_max = load(&info->stop_max);
	q->learned_total = __atomic_load_n(&info->learned_total, __ATOMIC_RELAXED);
	q->dropped_nmis = load(&info->dropped_nmis);
	q->dropped_pci_writes = load(&info->dropped_pci_writes);
	q->denied_msrs = load(&info->denied_msrs);
	q->suppressed_lines = load(&info->suppressed_lines);
}

int sim_ioc_info(struct sim_machine *m, struct jailhouse_ioc_info *q)
{
	memset(q, 0, sizeof(*q));
	q->size = sizeof(*q);
	q->abi = JAILHOUSE_IOC_ABI;
	strncpy(q->driver_version, JAILHOUSE_VERSION " (simulation)",
		sizeof(q->driver_version) - 1);
	pthread_mutex_lock(&m->state);
	q->event_seq = sim_event_seq(m);
	if (m->enabled)
		fill_running(m, q);
	pthread_mutex_unlock(&m->state);
	return 0;
}

/* ---- configurations ---- */

static int find_config(struct sim_machine *m, struct jailhouse_ioc_get_config *q,
		       const void **config)
{
	const struct jailhouse_cell_id id = {.id = (int32_t)q->cell};
	const struct sim_cell *cell;

	if (!m->enabled)
		return sim_refuse_not_enabled(&q->reason);
	if (q->cell == JAILHOUSE_IOC_SYSTEM_CONFIG) {
		*config = m->config;
		q->config_size = m->config_size;
		return 0;
	}
	cell = sim_cell_find(m, &id);
	if (!cell)
		return sim_cell_unknown(&id, &q->reason);
	if (cell == m->cells)
		return SIM_REFUSE(&q->reason, -EINVAL, CELL_IS_ROOT, CELL, 0);
	*config = cell->config;
	q->config_size = cell->config_size;
	return 0;
}

int sim_ioc_get_config(struct sim_machine *m, struct jailhouse_ioc_get_config *q)
{
	const void *config = NULL;
	int err;

	q->config_size = 0;
	pthread_mutex_lock(&m->state);
	err = find_config(m, q, &config);
	if (!err && (!q->buffer || q->buffer_size < q->config_size))
		err = -ERANGE;
	if (!err)
		memcpy((void *)(uintptr_t)q->buffer, config, q->config_size);
	pthread_mutex_unlock(&m->state);
	return err;
}

/* ---- cells ---- */

static void put_mask(uint64_t address, uint32_t words, uint32_t mask)
{
	uint64_t *to = (uint64_t *)(uintptr_t)address;

	if (to && words)
		*to = mask;
}

static int fill_cell(struct sim_machine *m, struct jailhouse_ioc_cell_info *q)
{
	const struct sim_cell *cell;
	uint32_t failed;

	if (!m->enabled)
		return sim_refuse_not_enabled(&q->reason);
	cell = sim_cell_find(m, &q->cell_id);
	if (!cell)
		return sim_cell_unknown(&q->cell_id, &q->reason);
	failed = sim_cell_failed_cpus(m, cell);
	q->cell_id.id = (int32_t)cell->id;
	memset(q->cell_id.name, 0, sizeof(q->cell_id.name));
	memcpy(q->cell_id.name, cell->name, sizeof(q->cell_id.name));
	q->state = sim_cell_state(m, cell);
	q->flags = cell->config->flags;
	q->num_cpus = (uint32_t)__builtin_popcount(cell->cpus);
	q->num_failed_cpus = (uint32_t)__builtin_popcount(failed);
	q->isolation = hosted_info(m->hw)->isolation;
	put_mask(q->cpu_mask, q->cpu_mask_words, cell->cpus);
	put_mask(q->failed_mask, q->cpu_mask_words, failed);
	q->cpu_mask_words = MASK_WORDS;
	return 0;
}

int sim_ioc_cell_info(struct sim_machine *m, struct jailhouse_ioc_cell_info *q)
{
	int err;

	pthread_mutex_lock(&m->state);
	err = fill_cell(m, q);
	pthread_mutex_unlock(&m->state);
	return err;
}

int sim_ioc_next_cell(struct sim_machine *m, struct jailhouse_ioc_next_cell *q)
{
	const struct sim_cell *cell, *best = NULL;
	int err = -ENOENT;

	pthread_mutex_lock(&m->state);
	if (!m->enabled)
		err = sim_refuse_not_enabled(&q->reason);
	for (cell = m->cells; cell; cell = cell->next)
		if (cell->id >= q->cell && (!best || cell->id < best->id))
			best = cell;
	if (best) {
		q->cell = best->id;
		err = 0;
	}
	pthread_mutex_unlock(&m->state);
	return err;
}

/* ---- CPUs ---- */

static int no_cpu(struct jailhouse_reason *r, uint32_t cpu)
{
	return SIM_REFUSE(r, -EINVAL, CPU_NOT_IN_SYSTEM, CPU, cpu);
}

static bool has_cpu(const struct sim_machine *m, uint32_t cpu)
{
	return cpu < m->num_cpus && m->cpus & 1U << cpu;
}

static int fill_stats(struct sim_machine *m, struct jailhouse_ioc_cpu_stats *q)
{
	const struct sim_cell *cell;
	long value;
	uint32_t n;

	if (!m->enabled)
		return sim_refuse_not_enabled(&q->reason);
	if (!has_cpu(m, q->cpu))
		return no_cpu(&q->reason, q->cpu);
	for (cell = m->cells; cell; cell = cell->next)
		if (cell->cpus & 1U << q->cpu)
			q->cell = cell->id;
	memset(q->stats, 0, sizeof(q->stats));
	q->num_stats = JAILHOUSE_GENERIC_CPU_STATS;
	for (n = 0; n < q->num_stats; n++) {
		value = sim_call(m, 0, JAILHOUSE_HC_CPU_GET_INFO, q->cpu,
				 JAILHOUSE_CPU_INFO_STAT_BASE + n);
		q->stats[n] = value < 0 ? 0 : (uint32_t)value;
	}
	return 0;
}

int sim_ioc_stats(struct sim_machine *m, struct jailhouse_ioc_cpu_stats *q)
{
	int err;

	pthread_mutex_lock(&m->state);
	err = fill_stats(m, q);
	pthread_mutex_unlock(&m->state);
	return err;
}

int sim_ioc_record(struct sim_machine *m, struct jailhouse_ioc_cpu_record *q)
{
	int err;

	pthread_mutex_lock(&m->state);
	err = m->enabled && !has_cpu(m, q->cpu) ? -EINVAL : sim_record(m, q->cpu, &q->record);
	if (err == -EINVAL && !m->enabled && !m->snapshot.has_info)
		sim_refuse_not_enabled(&q->reason);
	else if (err == -EINVAL)
		no_cpu(&q->reason, q->cpu);
	pthread_mutex_unlock(&m->state);
	return err;
}

int sim_ioc_learned(struct sim_machine *m, struct jailhouse_ioc_learned *q)
{
	const struct jailhouse_info *info;
	uint32_t valid = 0, count = 0;

	pthread_mutex_lock(&m->state);
	info = m->snapshot.has_info ? &m->snapshot.info : NULL;
	if (m->enabled)
		info = hosted_info(m->hw);
	q->total = 0;
	if (info) {
		/* Entries are appended and never move; one whose counter just changes may be torn.
		 */
		valid = MIN(__atomic_load_n(&info->learned_count, __ATOMIC_ACQUIRE),
			    JAILHOUSE_NUM_LEARNED);
		q->total = __atomic_load_n(&info->learned_total, __ATOMIC_RELAXED);
	}
	if (q->buffer && q->start < valid)
		count = MIN(q->count, valid - q->start);
	if (count)
		sim_copy((void *)(uintptr_t)q->buffer, info->learned + q->start,
			 count * sizeof(*info->learned));
	q->count = count;
	pthread_mutex_unlock(&m->state);
	return 0;
}

/* ---- Linux itself ---- */

static void do_access(struct hosted_cpu *cpu, void *arg)
{
	struct jh_sim_access *q = arg;

	if (q->write)
		vm_store(cpu, q->address, q->width, q->value);
	else
		q->value = vm_load(cpu, q->address, q->width);
}

static int access_locked(struct sim_machine *m, struct jh_sim_access *q)
{
	int err = 0;

	if (!m->enabled)
		return sim_refuse_not_enabled(&q->reason);
	if (q->width != 1 && q->width != 2 && q->width != 4 && q->width != 8)
		return sim_refuse(&q->reason, -EINVAL, JAILHOUSE_REASON_BAD_ARGUMENT,
				  JAILHOUSE_ITEM_NONE, 0, offsetof(struct jh_sim_access, width),
				  q->width, 0, 0);
	if (!has_cpu(m, q->cpu))
		return no_cpu(&q->reason, q->cpu);
	pthread_mutex_lock(&m->calls);
	if (!hosted_begin(m->hw, q->cpu, do_access, q))
		err = -ENOENT;
	else if (!hosted_finish(m->hw, q->cpu))
		err = -EIO;
	pthread_mutex_unlock(&m->calls);
	return err;
}

int sim_ioc_access(struct sim_machine *m, struct jh_sim_access *q)
{
	int err;

	pthread_mutex_lock(&m->state);
	err = access_locked(m, q);
	pthread_mutex_unlock(&m->state);
	sim_tell_files(m);
	return err;
}
