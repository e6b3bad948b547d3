// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The hypervisor's console: a ring of 2048 characters, read while it runs or from what is kept of
 * the last session.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "driver.h"

#define RING_SIZE JAILHOUSE_CONSOLE_RING_SIZE

/* Rounds in which a ring that is being written is read again */
#define MAX_RETRIES 1000

enum source {
	SOURCE_NONE,
	SOURCE_LIVE,
	SOURCE_STORED,
	SOURCE_DENIED, /* the hypervisor runs without virtual console */
};

/* All of these are called with jh.lock or jh.state. */

static enum source console_source(void)
{
	if (jh.enabled)
		return SYS_FLAGS_VIRTUAL_DEBUG_CONSOLE(jh.config->flags) ? SOURCE_LIVE :
									   SOURCE_DENIED;
	return jh.snapshot && jh.snapshot->has_console ? SOURCE_STORED : SOURCE_NONE;
}

static const struct jailhouse_virt_console *console_ring(enum source source)
{
	if (source == SOURCE_LIVE)
		return jh.mem.base + jh.mem.header.console_page;
	return &jh.snapshot->console;
}

/* A consistent copy, if the writer lets us; a torn line is better than none. */
void jh_console_snapshot(struct jailhouse_virt_console *copy,
			 const struct jailhouse_virt_console *ring)
{
	int retries = MAX_RETRIES;

	do {
		while (READ_ONCE(ring->busy) && --retries > 0)
			cpu_relax();
		copy->tail = smp_load_acquire(&ring->tail);
		memcpy(copy->content, ring->content, RING_SIZE);
		smp_rmb(); /* the text before the second look */
	} while ((READ_ONCE(ring->busy) || READ_ONCE(ring->tail) != copy->tail) && --retries > 0);
	copy->busy = 0;
}

/* Has anything been written since @tail? */
bool jh_console_moved(u32 *tail)
{
	enum source source = console_source();
	u32 now;

	if (source != SOURCE_LIVE)
		return false;
	now = READ_ONCE(console_ring(source)->tail);
	if (now == *tail)
		return false;
	*tail = now;
	return true;
}

/* Up to @count characters from position @head on */
static void ring_copy(char *buf, const struct jailhouse_virt_console *ring, u32 head, u32 count)
{
	u32 start = head % RING_SIZE;
	u32 first = min(count, RING_SIZE - start);

	memcpy(buf, ring->content + start, first);
	memcpy(buf + first, ring->content, count - first);
}

/* The whole ring, oldest character first, for sysfs; @buf has a page. Length or negative errno. */
ssize_t jh_console_copy(char *buf)
{
	enum source source = console_source();
	struct jailhouse_virt_console *copy;
	u32 length;

	if (source != SOURCE_LIVE)
		return source == SOURCE_DENIED ? -EPERM : 0;
	copy = kmalloc(sizeof(*copy), GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	jh_console_snapshot(copy, console_ring(SOURCE_LIVE));
	length = min_t(u32, copy->tail, RING_SIZE);
	ring_copy(buf, copy, copy->tail - length, length);
	kfree(copy);
	return length;
}

/* A file's position belongs to a session; each session starts at 0. */
static void adopt_session(struct jh_file *f)
{
	if (f->session == jh.session)
		return;
	f->session = jh.session;
	WRITE_ONCE(f->head, 0);
	WRITE_ONCE(f->log_read, false);
	f->log_end = false;
}

/*
 * Text from the file's position on. Sets @next to the position behind it. Returns its length, 0 if
 * there is none, or -EPERM.
 */
static int fetch(struct jh_file *f, struct jailhouse_virt_console *copy, char *buf, u32 count,
		 enum source *source, u32 *next)
{
	u32 lag;
	int length;

	*source = console_source();
	adopt_session(f);
	*next = f->head;
	if (*source == SOURCE_DENIED)
		return -EPERM;
	if (*source == SOURCE_NONE || (*source == SOURCE_STORED && f->log_read))
		return 0;
	jh_console_snapshot(copy, console_ring(*source));
	lag = copy->tail - f->head;
	if (lag > RING_SIZE) {
		lag -= RING_SIZE;
		*next = f->head + lag;
		length = snprintf(buf, RING_SIZE, "<missed %u bytes of console log>\n", lag);
		return min_t(u32, length, count);
	}
	count = min(count, lag);
	ring_copy(buf, copy, f->head, count);
	*next = f->head + count;
	if (!count && *source == SOURCE_STORED)
		WRITE_ONCE(f->log_read, true);
	return count;
}

/* One attempt: text, 0 for "nothing now", or an error. Sets @wait if a blocking reader waits. */
static ssize_t read_once(struct jh_file *f, char __user *buf, size_t count, bool *wait)
{
	struct {
		struct jailhouse_virt_console copy;
		char text[RING_SIZE];
	} *tmp;
	enum source source;
	ssize_t length;
	u32 next;

	*wait = false;
	tmp = kmalloc(sizeof(*tmp), GFP_KERNEL);
	if (!tmp)
		return -ENOMEM;
	down_read(&jh.state);
	length = fetch(f, &tmp->copy, tmp->text, min_t(size_t, count, RING_SIZE), &source, &next);
	up_read(&jh.state);

	if (length > 0) {
		if (copy_to_user(buf, tmp->text, length))
			length = -EFAULT;
		else
			WRITE_ONCE(f->head, next);
	} else if (!length && count) {
		*wait = true;
		/* The end of a stored log is shown once; then it is as if there were none. */
		if (source == SOURCE_NONE || f->log_end || f->mode & JAILHOUSE_MODE_EAGAIN)
			length = -EAGAIN;
		if (source == SOURCE_STORED)
			f->log_end = true;
	}
	kfree(tmp);
	return length;
}

/* Sleeps until there is something to read, or to fail with. Called without locks. */
static int wait_readable(struct jh_file *f)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	__poll_t mask;
	int err = 0;

	add_wait_queue(&jh_wait, &wait);
	for (;;) {
		jh_events_watch();
		down_read(&jh.state);
		mask = jh_console_poll(f);
		up_read(&jh.state);
		if (mask & (EPOLLIN | EPOLLERR))
			break;
		if (signal_pending(current)) {
			err = -EINTR;
			break;
		}
		wait_woken(&wait, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
	}
	remove_wait_queue(&jh_wait, &wait);
	return err;
}

ssize_t jh_console_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct jh_file *f = file->private_data;
	ssize_t length;
	bool wait;
	int err;

	if (READ_ONCE(f->mode) & JAILHOUSE_MODE_EVENTS)
		return -EINVAL;
	for (;;) {
		if (mutex_lock_interruptible(&f->lock))
			return -EINTR;
		length = read_once(f, buf, count, &wait);
		mutex_unlock(&f->lock);
		if (!wait || file->f_flags & O_NONBLOCK)
			return length;
		err = wait_readable(f);
		if (err)
			return err;
	}
}

/* What poll() says about the console. Called with jh.state; a reader may be at work. */
__poll_t jh_console_poll(struct jh_file *f)
{
	enum source source = console_source();
	bool current_session = READ_ONCE(f->session) == jh.session;
	u32 head = current_session ? READ_ONCE(f->head) : 0;

	if (source == SOURCE_DENIED)
		return EPOLLERR;
	if (source == SOURCE_NONE)
		return EPOLLHUP;
	if (source == SOURCE_STORED && current_session && READ_ONCE(f->log_read))
		return EPOLLHUP;
	if (READ_ONCE(console_ring(source)->tail) != head)
		return EPOLLIN | EPOLLRDNORM;
	return source == SOURCE_STORED ? EPOLLHUP : 0;
}
