/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The hypervisor's console for its readers, as the driver gives it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <hypervisor/machine.h>

#include "sim.h"

#define RING_SIZE JAILHOUSE_CONSOLE_RING_SIZE

/* Rounds in which a ring that is being written is read again */
#define MAX_RETRIES 1000

enum source {
	SOURCE_NONE,
	SOURCE_LIVE,
	SOURCE_STORED,
	SOURCE_DENIED, /* the hypervisor runs without virtual console */
};

static enum source find_source(const struct sim_machine *m)
{
	if (m->enabled)
		return SYS_FLAGS_VIRTUAL_DEBUG_CONSOLE(m->config->flags) ? SOURCE_LIVE
									 : SOURCE_DENIED;
	return m->snapshot.has_console ? SOURCE_STORED : SOURCE_NONE;
}

static const struct jailhouse_virt_console *find_ring(const struct sim_machine *m,
						      enum source source)
{
	return source == SOURCE_LIVE ? hosted_core(m->hw)->console.ring : &m->snapshot.console;
}

static uint32_t load(const __u32 *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/* A torn line is better than none. */
void sim_console_copy(struct jailhouse_virt_console *copy,
		      const struct jailhouse_virt_console *ring)
{
	int retries = MAX_RETRIES;

	do {
		copy->tail = load(&ring->tail);
		sim_copy(copy->content, ring->content, RING_SIZE);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	} while (--retries && (load(&ring->busy) || load(&ring->tail) != copy->tail));
	copy->busy = 0;
}

/* Up to `count` characters from position `head` on */
static void ring_copy(char *to, const struct jailhouse_virt_console *ring, uint32_t head,
		      uint32_t count)
{
	uint32_t n;

	for (n = 0; n < count; n++)
		to[n] = ring->content[(head + n) % RING_SIZE];
}

/* A position belongs to a session; each session starts at 0. */
static void adopt_session(struct sim_machine *m, struct sim_console *c)
{
	if (c->session == m->session)
		return;
	*c = (struct sim_console){.session = m->session};
}

static ssize_t take_text(struct sim_console *c, const struct jailhouse_virt_console *from, char *to,
			 size_t size)
{
	struct jailhouse_virt_console copy;
	uint32_t lag;
	int length;

	sim_console_copy(&copy, from);
	lag = copy.tail - c->head;
	if (lag > RING_SIZE) {
		lag -= RING_SIZE;
		c->head += lag;
		length = snprintf(to, size, "<missed %u bytes of console log>\n", lag);
		return (size_t)length < size ? length : (ssize_t)size - 1;
	}
	if (size < lag)
		lag = (uint32_t)size;
	ring_copy(to, &copy, c->head, lag);
	c->head += lag;
	return lag;
}

ssize_t sim_console_read(struct sim_machine *m, struct sim_console *c, void *buffer, size_t size)
{
	enum source source = find_source(m);
	ssize_t length = 0;

	adopt_session(m, c);
	if (source == SOURCE_DENIED)
		return -EPERM;
	if (source == SOURCE_NONE || c->log_end)
		return -ENOLINK;
	if (!c->log_read)
		length = take_text(c, find_ring(m, source), buffer, size);
	/* The end of a stored log is shown once; then it is as if there were none. */
	if (length == 0 && source == SOURCE_STORED)
		c->log_read = c->log_end = true;
	return length;
}

bool sim_console_readable(struct sim_machine *m, struct sim_console *c)
{
	enum source source = find_source(m);

	adopt_session(m, c);
	if (source == SOURCE_DENIED)
		return true;
	if (source == SOURCE_NONE || c->log_read)
		return false;
	return load(&find_ring(m, source)->tail) != c->head;
}
