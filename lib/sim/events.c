/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Changes: the last events, a sequence number, and who is told of it, as in the driver. The
 * hypervisor only counts, and a cell just writes its state, so a thread looks now and then - while
 * somebody wants to know.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include <hypervisor/machine.h>

#include "event-ring.h"
#include "sim.h"

#define INTERVAL_NS 10000000L

uint32_t sim_event_seq(struct sim_machine *m)
{
	if (!m->enabled)
		return m->event_base;
	return m->event_base + __atomic_load_n(&hosted_info(m->hw)->event_seq, __ATOMIC_ACQUIRE);
}

uint64_t sim_event_last(const struct sim_machine *m)
{
	return m->events->pushed;
}

static void tell_all(struct sim_machine *m)
{
	struct sim_local *file;

	for (file = m->files; file; file = file->next)
		sim_local_tell(file);
}

void sim_tell_files(struct sim_machine *m)
{
	pthread_mutex_lock(&m->state);
	tell_all(m);
	pthread_mutex_unlock(&m->state);
}

/* ---- reports. With .state. ---- */

static void report(struct sim_machine *m, uint32_t type, const struct sim_cell *cell, int state,
		   uint32_t cpu, const struct jailhouse_reason *reason)
{
	struct jailhouse_ioc_event *event;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	event = jh_ring_push(m->events, type,
			     (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec);
	if (cell) {
		event->cell = cell->id;
		event->state = state;
		event->cpu = cpu;
		memcpy(event->name, cell->name, sizeof(event->name));
	}
	if (reason)
		event->reason = *reason;
	m->event_base++;
}

/* Why a cell failed: the first of its CPUs that has a record, which is filled in; or -1 */
static int failed_cpu(struct sim_machine *m, const struct sim_cell *cell,
		      struct jailhouse_cpu_record *record)
{
	uint32_t cpu;

	for (cpu = 0; cpu < m->num_cpus; cpu++)
		if (cell->cpus & 1U << cpu && !sim_record(m, cpu, record) &&
		    record->kind != JAILHOUSE_RECORD_NONE && record->cell == cell->id)
			return (int)cpu;
	return -1;
}

/* Those that failed while others run on */
static void report_cpus(struct sim_machine *m, struct sim_cell *cell, uint32_t failed, int state)
{
	struct jailhouse_cpu_record record;
	uint32_t cpu;

	for (cpu = 0; cpu < m->num_cpus; cpu++)
		if (failed & ~cell->last_failed & 1U << cpu && !sim_record(m, cpu, &record)) {
			report(m, JAILHOUSE_EVENT_CPU_FAILED, cell, state, cpu, &record.reason);
			cell->last_failed |= 1U << cpu;
		}
}

/* A CPU has failed before its cell has, and that is one event if it is the last CPU: so the CPUs
 * are looked at first. */
static void look_at(struct sim_machine *m, struct sim_cell *cell)
{
	struct jailhouse_cpu_record record;
	uint32_t failed;
	int state, cpu;

	if (cell->changing)
		return;
	failed = sim_cell_failed_cpus(m, cell);
	state = sim_cell_state(m, cell);
	if (failed != cell->cpus && state != JAILHOUSE_CELL_FAILED)
		report_cpus(m, cell, failed, state);
	if (state == cell->last_state)
		return;
	cell->last_state = state;
	if (state != JAILHOUSE_CELL_FAILED && state != JAILHOUSE_CELL_FAILED_COMM_REV) {
		report(m, JAILHOUSE_EVENT_STATE, cell, state, 0, NULL);
		return;
	}
	cpu = failed_cpu(m, cell, &record);
	report(m, JAILHOUSE_EVENT_FAILED, cell, state, cpu < 0 ? 0 : (uint32_t)cpu,
	       cpu < 0 ? NULL : &record.reason);
}

/* Changes that the cells made, which the hypervisor does not see. */
static void look(struct sim_machine *m)
{
	struct sim_cell *cell;

	for (cell = m->enabled ? m->cells->next : NULL; cell; cell = cell->next)
		look_at(m, cell);
}

/* ---- changes by requests ---- */

void sim_event_begin(struct sim_machine *m, struct sim_cell *cell)
{
	pthread_mutex_lock(&m->state);
	look_at(m, cell);
	cell->changing = true;
	pthread_mutex_unlock(&m->state);
}

void sim_event_cancel(struct sim_machine *m, struct sim_cell *cell)
{
	pthread_mutex_lock(&m->state);
	cell->changing = false;
	tell_all(m);
	pthread_mutex_unlock(&m->state);
}

void sim_event(struct sim_machine *m, uint32_t type, struct sim_cell *cell, int state,
	       const struct jailhouse_reason *reason)
{
	pthread_mutex_lock(&m->state);
	report(m, type, cell, state, 0, reason);
	if (cell) {
		cell->last_state = state;
		cell->changing = false;
		if (type == JAILHOUSE_EVENT_STARTED)
			cell->last_failed = 0;
	}
	tell_all(m);
	pthread_mutex_unlock(&m->state);
}

/* ---- readers ---- */

int sim_ioc_ack_events(struct sim_local *file, struct jailhouse_ioc_events *q)
{
	file->acked = sim_event_seq(file->m);
	file->event = sim_event_last(file->m);
	q->event_seq = file->acked;
	sim_local_tell(file);
	return 0;
}

static int bad_argument(struct jailhouse_ioc_read_events *q, size_t offset, uint32_t value)
{
	return sim_refuse(&q->reason, -EINVAL, JAILHOUSE_REASON_BAD_ARGUMENT, JAILHOUSE_ITEM_NONE,
			  0, offset, value, 0, 0);
}

/* Caller and simulation are of the same release, so that events have one size. */
int sim_ioc_read_events(struct sim_local *file, struct jailhouse_ioc_read_events *q)
{
	struct jailhouse_ioc_event *to = (void *)(uintptr_t)q->buffer;
	uint32_t room = q->count;
	uint64_t next;

	q->count = 0;
	if (q->flags)
		return bad_argument(q, offsetof(struct jailhouse_ioc_read_events, flags), q->flags);
	if (q->event_size != sizeof(*to))
		return bad_argument(q, offsetof(struct jailhouse_ioc_read_events, event_size),
				    q->event_size);
	if (room && !to)
		return sim_refuse(&q->reason, -EFAULT, JAILHOUSE_REASON_FAULT, JAILHOUSE_ITEM_NONE,
				  0, 0, 0, 0, 0);
	look(file->m);
	for (; q->count < room; q->count++) {
		next = jh_ring_peek(file->m->events, file->event, &to[q->count]);
		if (next == file->event)
			break;
		file->event = next;
	}
	if (q->count < room)
		file->acked = sim_event_seq(file->m);
	tell_all(file->m);
	return 0;
}

/* ---- the thread ---- */

static void *watch(void *arg)
{
	struct sim_machine *m = arg;
	struct timespec until;

	pthread_mutex_lock(&m->state);
	while (!m->quit) {
		look(m);
		tell_all(m);
		if (!m->enabled || !m->files) {
			pthread_cond_wait(&m->wake, &m->state);
			continue;
		}
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += INTERVAL_NS;
		if (until.tv_nsec >= 1000000000L) {
			until.tv_sec++;
			until.tv_nsec -= 1000000000L;
		}
		pthread_cond_timedwait(&m->wake, &m->state, &until);
	}
	pthread_mutex_unlock(&m->state);
	return NULL;
}

/* With .state, when a file wants to be told. Returns 0 or -1. */
int sim_watch(struct sim_machine *m)
{
	sigset_t all, before;

	if (!m->watching) {
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &before);
		m->watching = pthread_create(&m->watcher, NULL, watch, m) == 0;
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	}
	pthread_cond_broadcast(&m->wake);
	return m->watching ? 0 : -1;
}

void sim_unwatch(struct sim_machine *m)
{
	bool watching;

	pthread_mutex_lock(&m->state);
	watching = m->watching;
	m->quit = true;
	pthread_cond_broadcast(&m->wake);
	pthread_mutex_unlock(&m->state);
	if (watching)
		pthread_join(m->watcher, NULL);
}
