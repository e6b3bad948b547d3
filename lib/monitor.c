/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Being told about changes. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/ioctl.h>

#include "backend/backend.h"
#include "os.h"

struct jailhouse_monitor {
	struct jh_channel channel;
};

int jailhouse_monitor_open(struct jailhouse *jh, struct jailhouse_monitor **ret_monitor,
			   struct jailhouse_error *error)
{
	struct jailhouse_monitor *monitor;
	int err;

	if (!jh || !ret_monitor)
		return jh_error_argument(error, "jh or ret_monitor is NULL");
	if (!jh->backend->monitor_open)
		return jh_not_supported(jh, "reporting of changes", error);
	monitor = calloc(1, sizeof(*monitor));
	if (!monitor)
		return jh_error_no_memory(error);
	err = jh->backend->monitor_open(jh, &monitor->channel, error);
	if (err) {
		free(monitor);
		return err;
	}
	*ret_monitor = monitor;
	return 0;
}

void jailhouse_monitor_close(struct jailhouse_monitor *monitor)
{
	if (!monitor)
		return;
	jh_channel_close(&monitor->channel);
	free(monitor);
}

int jailhouse_monitor_get_fd(const struct jailhouse_monitor *monitor)
{
	return monitor ? monitor->channel.fd : -1;
}

int jailhouse_monitor_get_poll_events(const struct jailhouse_monitor *monitor)
{
	return monitor ? POLLIN : 0;
}

static int gone(const struct jailhouse_monitor *monitor, int err, struct jailhouse_error *error)
{
	return jh_error_set(error, JAILHOUSE_ERR_NO_DEVICE, err, "the %s is gone",
			    monitor->channel.library ? "server of the simulation" : "driver");
}

static int failed(int err, const char *what, struct jailhouse_error *error)
{
	if (err == -EINTR)
		return jh_error_set(error, JAILHOUSE_ERR_INTERRUPTED, err,
				    "%s was interrupted by a signal", what);
	return jh_error_set(error, JAILHOUSE_ERR_IO, err, "%s: %s", what, strerror(-err));
}

int jailhouse_monitor_wait(struct jailhouse_monitor *monitor, int timeout_ms,
			   struct jailhouse_error *error)
{
	short events = 0;
	int ret;

	if (!monitor)
		return jh_error_argument(error, "monitor is NULL");
	ret = jh_os_poll(monitor->channel.fd, POLLIN, timeout_ms, &events);
	if (ret < 0)
		return failed(ret, "waiting for changes", error);
	if (ret == 0)
		return 0;
	return events & POLLIN ? 1 : gone(monitor, 0, error);
}

static int ask(struct jailhouse_monitor *monitor, unsigned long request, void *arg,
	       const struct jailhouse_reason *reason, const char *what, struct jailhouse_error *error)
{
	int ret = jh_channel_ioctl(&monitor->channel, request, arg);

	if (ret >= 0)
		return 0;
	if (reason->code)
		return jh_error_from_reason(error, reason, ret);
	return ret == -ENODEV ? gone(monitor, ret, error) : failed(ret, what, error);
}

int jailhouse_monitor_acknowledge(struct jailhouse_monitor *monitor, uint32_t *ret_seq,
				  struct jailhouse_error *error)
{
	struct jailhouse_ioc_events events = {.size = sizeof(events)};
	int err;

	if (!monitor)
		return jh_error_argument(error, "monitor is NULL");
	err = ask(monitor, JAILHOUSE_IOC_ACK_EVENTS, &events, &events.reason, "acknowledging changes",
		  error);
	if (!err && ret_seq)
		*ret_seq = events.event_seq;
	return err;
}

/* ---- events ---- */

/* Of the first release: none has less. */
#define EVENT_SIZE_V1 (offsetof(struct jailhouse_event, text) + JAILHOUSE_ERROR_TEXT_SIZE)

static void fill(struct jailhouse_event *event, const struct jailhouse_ioc_event *from)
{
	unsigned int n;

	event->type = from->type;
	event->seq = from->seq;
	event->time_ns = from->time;
	event->lost = from->lost;
	event->cell = from->cell;
	event->state = from->state < 0 ? JAILHOUSE_CELL_STATE_INVALID : from->state;
	event->cpu = from->cpu;
	jh_copy_name(event->name, sizeof(event->name), from->name, sizeof(from->name));
	if (!from->reason.code)
		return;
	event->reason = from->reason.code;
	event->item = from->reason.item;
	event->index = from->reason.index;
	for (n = 0; n < 4; n++)
		event->arg[n] = from->reason.arg[n];
	jh_reason_format(event->text, sizeof(event->text), &from->reason);
}

int jailhouse_monitor_read(struct jailhouse_monitor *monitor, struct jailhouse_event *ret_event,
			   struct jailhouse_error *error)
{
	struct jailhouse_ioc_event from;
	struct jailhouse_ioc_read_events arg = {
		.size = sizeof(arg),
		.buffer = (uintptr_t)&from,
		.event_size = sizeof(from),
		.count = 1, /* the descriptor knows nothing of more that would lie here */
	};
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;
	uint32_t size;
	int err;

	if (!monitor || !ret_event || ret_event->size < EVENT_SIZE_V1)
		return jh_error_argument(error, "monitor or ret_event is NULL, or its size is not set");
	memset(&from, 0, sizeof(from));
	err = ask(monitor, JAILHOUSE_IOC_READ_EVENTS, &arg, &arg.reason, "reading an event", error);
	if (err)
		return err;
	if (arg.count == 0)
		return 0;
	if (arg.count != 1 || from.type == 0)
		return jh_error_set(error, JAILHOUSE_ERR_PROTOCOL, 0,
				    "the driver gave an event that makes no sense");
	fill(&event, &from);
	size = ret_event->size;
	memset(ret_event, 0, size);
	memcpy(ret_event, &event, size < sizeof(event) ? size : sizeof(event));
	ret_event->size = size;
	return 1;
}

const char *jailhouse_event_get_type_name(uint32_t type)
{
	static const char *const names[] = {
		[JAILHOUSE_EVENT_LOST] = "lost",
		[JAILHOUSE_EVENT_ENABLED] = "enabled",
		[JAILHOUSE_EVENT_DISABLED] = "disabled",
		[JAILHOUSE_EVENT_CREATED] = "created",
		[JAILHOUSE_EVENT_LOADED] = "loaded",
		[JAILHOUSE_EVENT_STARTED] = "started",
		[JAILHOUSE_EVENT_STATE] = "state",
		[JAILHOUSE_EVENT_FAILED] = "failed",
		[JAILHOUSE_EVENT_DESTROYED] = "destroyed",
		[JAILHOUSE_EVENT_CPU_FAILED] = "cpu-failed",
	};

	return type < JH_ARRAY_SIZE(names) && names[type] ? names[type] : "unknown";
}

/* ---- the monitor of a connection ---- */

/* With monitor_lock. */
static int open_own(struct jailhouse *jh, struct jailhouse_error *error)
{
	return jh->monitor ? 0 : jailhouse_monitor_open(jh, &jh->monitor, error);
}

int jailhouse_get_event_fd(struct jailhouse *jh, struct jailhouse_error *error)
{
	int ret;

	if (!jh)
		return jh_error_argument(error, "jh is NULL");
	pthread_mutex_lock(&jh->monitor_lock);
	ret = open_own(jh, error);
	if (!ret)
		ret = jailhouse_monitor_get_fd(jh->monitor);
	pthread_mutex_unlock(&jh->monitor_lock);
	return ret;
}

int jailhouse_read_event(struct jailhouse *jh, struct jailhouse_event *ret_event,
			 struct jailhouse_error *error)
{
	int ret;

	if (!jh)
		return jh_error_argument(error, "jh is NULL");
	pthread_mutex_lock(&jh->monitor_lock);
	ret = open_own(jh, error);
	if (!ret)
		ret = jailhouse_monitor_read(jh->monitor, ret_event, error);
	pthread_mutex_unlock(&jh->monitor_lock);
	return ret;
}
