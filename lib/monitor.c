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
	if (!monitor)
		return 0;
	return monitor->channel.library ? POLLIN : POLLPRI;
}

static int gone(int err, struct jailhouse_error *error)
{
	return jh_error_set(error, JAILHOUSE_ERR_NO_DEVICE, err, "the server of the simulation is gone");
}

static int failed(int err, const char *what, struct jailhouse_error *error)
{
	if (err == -EINTR)
		return jh_error_set(error, JAILHOUSE_ERR_INTERRUPTED, err,
				    "%s was interrupted by a signal", what);
	return jh_error_set(error, JAILHOUSE_ERR_IO, err, "%s: %s", what, strerror(-err));
}

/*
 * POLLHUP and POLLERR tell of the console, but if a driver has them they are reported unasked. One
 * that sends them to those who wait for changes only would make them spin.
 */
static int no_wait(short events, struct jailhouse_error *error)
{
	if (events & POLLHUP)
		return jh_error_set(error, JAILHOUSE_ERR_NOT_ENABLED, 0,
				    "the hypervisor is not enabled");
	return jh_error_set(error, JAILHOUSE_ERR_NOT_SUPPORTED, 0,
			    "this driver reports changes only if the system configuration switches on "
			    "the virtual debug console");
}

int jailhouse_monitor_wait(struct jailhouse_monitor *monitor, int timeout_ms,
			   struct jailhouse_error *error)
{
	short events = 0, wanted;
	int ret;

	if (!monitor)
		return jh_error_argument(error, "monitor is NULL");
	wanted = (short)jailhouse_monitor_get_poll_events(monitor);
	ret = jh_os_poll(monitor->channel.fd, wanted, timeout_ms, &events);
	if (ret < 0)
		return failed(ret, "waiting for changes", error);
	if (ret == 0)
		return 0;
	if (events & wanted)
		return 1;
	return monitor->channel.library ? gone(0, error) : no_wait(events, error);
}

int jailhouse_monitor_acknowledge(struct jailhouse_monitor *monitor, uint32_t *ret_seq,
				  struct jailhouse_error *error)
{
	struct jailhouse_ioc_events events = {.size = sizeof(events)};
	int ret;

	if (!monitor)
		return jh_error_argument(error, "monitor is NULL");
	ret = jh_channel_ioctl(&monitor->channel, JAILHOUSE_IOC_ACK_EVENTS, &events);
	if (ret < 0 && events.reason.code)
		return jh_error_from_reason(error, &events.reason, ret);
	if (ret == -ENODEV && monitor->channel.library)
		return gone(ret, error);
	if (ret < 0)
		return failed(ret, "acknowledging changes", error);
	if (ret_seq)
		*ret_seq = events.event_seq;
	return 0;
}
