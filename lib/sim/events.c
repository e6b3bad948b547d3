/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Changes: a sequence number, and who is told of it. The hypervisor only counts, and a cell just
 * writes its state, so a thread looks now and then - while somebody wants to know.
 */
#include <signal.h>
#include <time.h>

#include <hypervisor/machine.h>

#include "sim.h"

#define INTERVAL_NS 10000000L

uint32_t sim_event_seq(struct sim_machine *m)
{
	if (!m->enabled)
		return m->event_base;
	return m->event_base + __atomic_load_n(&hosted_info(m->hw)->event_seq, __ATOMIC_ACQUIRE);
}

static void tell_all(struct sim_machine *m)
{
	struct sim_local *file;

	for (file = m->files; file; file = file->next)
		sim_local_tell(file);
}

void sim_event(struct sim_machine *m)
{
	pthread_mutex_lock(&m->state);
	m->event_base++;
	tell_all(m);
	pthread_mutex_unlock(&m->state);
}

void sim_tell_files(struct sim_machine *m)
{
	pthread_mutex_lock(&m->state);
	tell_all(m);
	pthread_mutex_unlock(&m->state);
}

/* Changes that the cells made, which the hypervisor does not see. With .state. */
static void look_at_states(struct sim_machine *m)
{
	struct sim_cell *cell;
	bool changed = false;
	int state;

	for (cell = m->enabled ? m->cells->next : NULL; cell; cell = cell->next) {
		state = sim_cell_state(m, cell);
		changed = changed || state != cell->last_state;
		cell->last_state = state;
	}
	if (changed)
		m->event_base++;
}

static void *watch(void *arg)
{
	struct sim_machine *m = arg;
	struct timespec until;

	pthread_mutex_lock(&m->state);
	while (!m->quit) {
		look_at_states(m);
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
