// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Events: a sequence number for poll(), and uevents of the misc device.
 *
 * The hypervisor cannot interrupt the root cell, it only counts in its info page. While somebody
 * waits - in poll(), or in a blocking read of the console - that number and the console are looked
 * at every 50 ms; otherwise nothing runs. So a change that a cell makes by itself gives a uevent
 * only while there is such a waiter; changes that the driver makes give one always.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/kobject.h>
#include <linux/workqueue.h>

#include "driver.h"

#define WATCH_INTERVAL msecs_to_jiffies(50)

DECLARE_WAIT_QUEUE_HEAD(jh_wait);

static void watch(struct work_struct *work);
static DECLARE_DELAYED_WORK(watch_work, watch);

/* Called with jh.lock or jh.state. */
u32 jh_event_seq(void)
{
	u32 seq = atomic_read(&jh.event_base);

	return jh.enabled ? seq + READ_ONCE(jh_info()->event_seq) : seq;
}

static void send_uevent(const char *event, const struct jh_cell *cell, u32 reason_code)
{
	char event_env[40], id_env[24], name_env[48], reason_env[24];
	char *env[] = { event_env, NULL, NULL, NULL, NULL };
	int n = 1;

	snprintf(event_env, sizeof(event_env), "JAILHOUSE_EVENT=%s", event);
	if (cell) {
		snprintf(id_env, sizeof(id_env), "CELL_ID=%u", cell->id);
		env[n++] = id_env;
		snprintf(name_env, sizeof(name_env), "CELL_NAME=%s", cell->name);
		env[n++] = name_env;
	}
	if (reason_code) {
		snprintf(reason_env, sizeof(reason_env), "REASON=%u", reason_code);
		env[n++] = reason_env;
	}
	/* Nobody may be listening; that is no error. */
	kobject_uevent_env(&jh.misc.this_device->kobj, KOBJ_CHANGE, env);
}

/* Reports a change that the driver has made. Called with jh.lock. */
void jh_event(const char *event, const struct jh_cell *cell, u32 reason_code)
{
	atomic_inc(&jh.event_base);
	send_uevent(event, cell, reason_code);
	wake_up_all(&jh_wait);
}

/* Why a cell failed: the reason of the first of its CPUs that has a record */
static u32 failure_code(const struct jh_cell *cell)
{
	struct jailhouse_cpu_record record;
	unsigned int cpu;

	for_each_cpu(cpu, cell->cpus)
		if (!jh_info_record(cpu, &record) && record.kind != JAILHOUSE_RECORD_NONE &&
		    record.cell == cell->id)
			return record.reason.code;
	return 0;
}

static void report_state(struct jh_cell *cell, int state)
{
	switch (state) {
	case JAILHOUSE_CELL_RUNNING:
		send_uevent("running", cell, 0);
		break;
	case JAILHOUSE_CELL_RUNNING_LOCKED:
		send_uevent("locked", cell, 0);
		break;
	case JAILHOUSE_CELL_SHUT_DOWN:
		send_uevent("shutdown", cell, 0);
		break;
	default:
		send_uevent("failed", cell, failure_code(cell));
	}
}

/*
 * Changes that the cells made, which the hypervisor does not see if a cell only writes its state. Called with jh.state,
 * by the worker only. True: there were some.
 */
static bool report_states(void)
{
	bool changed = false;
	struct jh_cell *cell;
	int state;

	list_for_each_entry(cell, &jh.cells, entry) {
		state = jh_cell_state(cell);
		if (state == READ_ONCE(cell->last_state))
			continue;
		WRITE_ONCE(cell->last_state, state);
		report_state(cell, state);
		changed = true;
	}
	return changed;
}

static void watch(struct work_struct *work)
{
	static u32 last_seq, last_tail;
	bool moved;
	u32 seq;

	down_read(&jh.state);
	moved = jh_console_moved(&last_tail);
	if (jh.enabled && report_states())
		atomic_inc(&jh.event_base);
	seq = jh_event_seq();
	if (seq != last_seq) {
		last_seq = seq;
		moved = true;
	}
	up_read(&jh.state);

	if (moved)
		wake_up_all(&jh_wait);
	smp_mb(); /* A waiter queues itself, then calls jh_events_watch(). */
	if (waitqueue_active(&jh_wait))
		jh_events_watch();
}

/* To be called by whoever has put itself into jh_wait, before it sleeps. */
void jh_events_watch(void)
{
	schedule_delayed_work(&watch_work, WATCH_INTERVAL);
}

void jh_events_exit(void)
{
	cancel_delayed_work_sync(&watch_work);
}
