// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Events: a ring of the last ones for readers, a sequence number for poll(), and uevents of the misc device.
 *
 * The hypervisor cannot interrupt the root cell, it only counts in its info page. While somebody
 * waits - in poll(), or in a blocking read of the console - that number, the states of the cells and
 * the console are looked at every 50 ms; otherwise nothing runs. Who reads events has the states
 * looked at first, and so does each request that changes a cell: so what a cell did by itself is told
 * before what is done to it, but if nobody waits or reads it may be told late.
 *
 * A cell whose request is under way is not looked at: the request reports how it ends.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/kobject.h>
#include <linux/ktime.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "driver.h"
#include "event-ring.h"

#define WATCH_INTERVAL msecs_to_jiffies(50)

DECLARE_WAIT_QUEUE_HEAD(jh_wait);

static void watch(struct work_struct *work);
static DECLARE_DELAYED_WORK(watch_work, watch);

/* One looks at a time, so that nothing is reported twice. Taken after jh.state. */
static DEFINE_MUTEX(look_lock);

static struct jh_event_ring ring;
/* Protects the ring and the positions of its readers. Innermost. */
static DEFINE_SPINLOCK(ring_lock);

/* Called with jh.lock or jh.state. */
u32 jh_event_seq(void)
{
	u32 seq = atomic_read(&jh.event_base);

	return jh.enabled ? seq + READ_ONCE(jh_info()->event_seq) : seq;
}

static const char *event_name(u32 type, int state)
{
	switch (type) {
	case JAILHOUSE_EVENT_ENABLED:
		return "enabled";
	case JAILHOUSE_EVENT_DISABLED:
		return "disabled";
	case JAILHOUSE_EVENT_CREATED:
		return "created";
	case JAILHOUSE_EVENT_LOADED:
		return "loaded";
	case JAILHOUSE_EVENT_STARTED:
		return "started";
	case JAILHOUSE_EVENT_DESTROYED:
		return "destroyed";
	case JAILHOUSE_EVENT_CPU_FAILED:
		return "cpu-failed";
	case JAILHOUSE_EVENT_STATE:
		if (state == JAILHOUSE_CELL_RUNNING)
			return "running";
		if (state == JAILHOUSE_CELL_RUNNING_LOCKED)
			return "locked";
		if (state == JAILHOUSE_CELL_SHUT_DOWN)
			return "shutdown";
		fallthrough;
	default:
		return "failed";
	}
}

static void send_uevent(u32 type, const struct jh_cell *cell, int state, u32 reason_code)
{
	char event_env[40], id_env[24], name_env[48], reason_env[24];
	char *env[] = { event_env, NULL, NULL, NULL, NULL };
	int n = 1;

	snprintf(event_env, sizeof(event_env), "JAILHOUSE_EVENT=%s", event_name(type, state));
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

static void report(u32 type, const struct jh_cell *cell, int state, u32 cpu, const struct jailhouse_reason *reason)
{
	struct jailhouse_ioc_event *event;

	spin_lock(&ring_lock);
	event = jh_ring_push(&ring, type, ktime_get_ns());
	if (cell) {
		event->cell = cell->id;
		event->state = state;
		event->cpu = cpu;
		strscpy(event->name, cell->name, sizeof(event->name));
	}
	if (reason)
		event->reason = *reason;
	spin_unlock(&ring_lock);
	atomic_inc(&jh.event_base);
	send_uevent(type, cell, state, reason ? reason->code : 0);
}

/* Why a cell failed: the first of its CPUs that has a record, which is filled in; or -1 */
static int failed_cpu(const struct jh_cell *cell, struct jailhouse_cpu_record *record)
{
	unsigned int cpu;

	for_each_cpu(cpu, cell->cpus)
		if (!jh_info_record(cpu, record) && record->kind != JAILHOUSE_RECORD_NONE &&
		    record->cell == cell->id)
			return cpu;
	return -1;
}

static void report_state(struct jh_cell *cell, int state)
{
	struct jailhouse_cpu_record record;
	int cpu;

	if (state != JAILHOUSE_CELL_FAILED && state != JAILHOUSE_CELL_FAILED_COMM_REV) {
		report(JAILHOUSE_EVENT_STATE, cell, state, 0, NULL);
		return;
	}
	cpu = failed_cpu(cell, &record);
	report(JAILHOUSE_EVENT_FAILED, cell, state, max(cpu, 0), cpu < 0 ? NULL : &record.reason);
}

/* Has it a record? That costs no exit; with one, the hypervisor is asked. */
static bool cpu_failed(const struct jh_cell *cell, unsigned int cpu, struct jailhouse_cpu_record *record)
{
	return !jh_info_record(cpu, record) && record->kind != JAILHOUSE_RECORD_NONE && record->cell == cell->id &&
	       jh_cpu_failed(cpu);
}

/* Finds those that have failed. True: others run on. */
static bool find_failed(struct jh_cell *cell)
{
	struct jailhouse_cpu_record record;
	unsigned int cpu;

	cpumask_clear(cell->failed);
	for_each_cpu(cpu, cell->cpus)
		if (cpu_failed(cell, cpu, &record))
			cpumask_set_cpu(cpu, cell->failed);
	return !cpumask_equal(cell->failed, cell->cpus);
}

static bool report_cpus(struct jh_cell *cell, int state)
{
	struct jailhouse_cpu_record record;
	bool reported = false;
	unsigned int cpu;

	for_each_cpu(cpu, cell->failed)
		if (!cpumask_test_cpu(cpu, cell->last_failed) && !jh_info_record(cpu, &record)) {
			report(JAILHOUSE_EVENT_CPU_FAILED, cell, state, cpu, &record.reason);
			cpumask_set_cpu(cpu, cell->last_failed);
			reported = true;
		}
	return reported;
}

/*
 * A CPU has failed before its cell has, and that is one event if it is the last CPU: so the CPUs are looked at first.
 * Called with jh.state and look_lock, or with jh.state for writing. True: there was a change.
 */
static bool look_at(struct jh_cell *cell)
{
	bool others, changed = false;
	int state;

	if (cell->changing)
		return false;
	others = find_failed(cell);
	state = jh_cell_state(cell);
	if (others && state != JAILHOUSE_CELL_FAILED)
		changed = report_cpus(cell, state);
	if (state == cell->last_state)
		return changed;
	cell->last_state = state;
	report_state(cell, state);
	return true;
}

/*
 * Changes that the cells made, which the hypervisor does not see if a cell only writes its state. Called with jh.state.
 * True: there were some.
 */
static bool look(void)
{
	struct jh_cell *cell;
	bool changed = false;

	if (!jh.enabled)
		return false;
	mutex_lock(&look_lock);
	list_for_each_entry(cell, &jh.cells, entry)
		changed |= look_at(cell);
	mutex_unlock(&look_lock);
	return changed;
}

/* Before a request for a cell that may change its state. Called with jh.lock. */
void jh_event_begin(struct jh_cell *cell)
{
	down_write(&jh.state);
	look_at(cell);
	cell->changing = true;
	up_write(&jh.state);
}

/* The request was refused: nothing has changed. Called with jh.lock. */
void jh_event_cancel(struct jh_cell *cell)
{
	down_write(&jh.state);
	cell->changing = false;
	up_write(&jh.state);
}

/*
 * Reports a change that the driver has made, and the state that the cell, if there is one, got by that. Called with
 * jh.lock.
 */
void jh_event(u32 type, struct jh_cell *cell, int state, const struct jailhouse_reason *reason)
{
	down_write(&jh.state);
	report(type, cell, state, 0, reason);
	if (cell) {
		cell->last_state = state;
		cell->changing = false;
		if (type == JAILHOUSE_EVENT_STARTED)
			cpumask_clear(cell->last_failed);
	}
	up_write(&jh.state);
	wake_up_all(&jh_wait);
}

/* A file begins with what comes after it was opened. */
void jh_events_open(struct jh_file *f)
{
	spin_lock(&ring_lock);
	f->event = ring.pushed;
	spin_unlock(&ring_lock);
	f->acked = jh_event_seq();
}

u32 jh_events_acknowledge(struct jh_file *f)
{
	u32 seq;

	down_read(&jh.state);
	seq = jh_event_seq();
	spin_lock(&ring_lock);
	f->event = ring.pushed;
	spin_unlock(&ring_lock);
	WRITE_ONCE(f->acked, seq);
	up_read(&jh.state);
	return seq;
}

/* Called with jh.state. */
bool jh_events_pending(const struct jh_file *f)
{
	bool unread;

	spin_lock(&ring_lock);
	unread = f->event != ring.pushed;
	spin_unlock(&ring_lock);
	return unread || jh_event_seq() != READ_ONCE(f->acked);
}

static int copy_event(const struct jailhouse_ioc_read_events *q, const struct jailhouse_ioc_event *event)
{
	u64 address = q->buffer + (u64)q->count * q->event_size;

	if (copy_to_user(u64_to_user_ptr(address), event, sizeof(*event)) ||
	    clear_user(u64_to_user_ptr(address + sizeof(*event)), q->event_size - sizeof(*event)))
		return -EFAULT;
	return 0;
}

/* The next event, which is taken when it has reached the caller. Returns 1, 0 if there is none, or an error. */
static int take_event(struct jh_file *f, const struct jailhouse_ioc_read_events *q)
{
	struct jailhouse_ioc_event event;
	u64 from, to;

	spin_lock(&ring_lock);
	from = f->event;
	to = jh_ring_peek(&ring, from, &event);
	spin_unlock(&ring_lock);
	if (to == from)
		return 0;
	if (copy_event(q, &event))
		return -EFAULT;
	spin_lock(&ring_lock);
	if (f->event == from) /* else somebody has acknowledged meanwhile */
		f->event = to;
	spin_unlock(&ring_lock);
	return 1;
}

/* @q is checked. Fills in how many there were. */
int jh_events_read(struct jh_file *f, struct jailhouse_ioc_read_events *q)
{
	/* Not for ever, if others make events as fast as they are read. */
	u32 room = min_t(u32, q->count, JH_RING_EVENTS + 1), seq;
	int ret = 1;

	q->count = 0;
	if (mutex_lock_interruptible(&f->lock))
		return jh_refuse_item(&q->reason, -EINTR, JAILHOUSE_REASON_INTERRUPTED, JAILHOUSE_ITEM_NONE, 0);
	down_read(&jh.state);
	seq = jh_event_seq();
	if (look())
		seq = jh_event_seq();
	up_read(&jh.state);
	while (q->count < room) {
		ret = take_event(f, q);
		if (ret <= 0)
			break;
		q->count++;
	}
	if (!ret)
		WRITE_ONCE(f->acked, seq);
	mutex_unlock(&f->lock);
	if (ret < 0 && !q->count)
		return jh_refuse_args(&q->reason, ret, JAILHOUSE_REASON_FAULT, q->buffer, 0);
	return 0;
}

static void watch(struct work_struct *work)
{
	static u32 last_seq, last_tail;
	bool moved;
	u32 seq;

	down_read(&jh.state);
	moved = jh_console_moved(&last_tail);
	look();
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
