/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reading of the hypervisor's console. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "backend/backend.h"
#include "os.h"

struct jailhouse_console_reader {
	struct jh_channel channel;
	bool can_poll;
};

int jailhouse_console_open(struct jailhouse *jh, uint32_t flags,
			   struct jailhouse_console_reader **ret_reader,
			   struct jailhouse_error *error)
{
	struct jailhouse_console_reader *reader;
	int err;

	if (!jh || !ret_reader)
		return jh_error_argument(error, "jh or ret_reader is NULL");
	if (flags & ~(uint32_t)JAILHOUSE_CONSOLE_FOLLOW)
		return jh_error_argument(error, "unknown flag for console_open");
	reader = calloc(1, sizeof(*reader));
	if (!reader)
		return jh_error_no_memory(error);
	err = jh->backend->console_open(jh, flags & JAILHOUSE_CONSOLE_FOLLOW, &reader->channel,
					error);
	if (err) {
		free(reader);
		return err;
	}
	reader->can_poll = jh->backend->features & JAILHOUSE_FEATURE_POLL;
	*ret_reader = reader;
	return 0;
}

void jailhouse_console_close(struct jailhouse_console_reader *reader)
{
	if (!reader)
		return;
	jh_channel_close(&reader->channel);
	free(reader);
}

int jailhouse_console_get_fd(const struct jailhouse_console_reader *reader)
{
	return reader ? reader->channel.fd : -1;
}

static int not_permitted(struct jailhouse_error *error)
{
	const struct jailhouse_reason reason = {
		.code = JAILHOUSE_REASON_CONSOLE_NOT_PERMITTED,
		.error = -EPERM,
	};

	return jh_error_from_reason(error, &reason, 0);
}

static int not_enabled(struct jailhouse_error *error)
{
	const struct jailhouse_reason reason = {
		.code = JAILHOUSE_REASON_NOT_ENABLED,
		.error = -EAGAIN,
	};

	return jh_error_from_reason(error, &reason, 0);
}

/*
 * EAGAIN: nothing new, or nothing there at all. Our driver tells which by POLLHUP. An old one has no
 * poll() and sends EAGAIN in the second case only.
 */
static int nothing_to_read(struct jailhouse_console_reader *reader, struct jailhouse_error *error)
{
	short events = 0;
	int ret;

	if (!reader->can_poll)
		return not_enabled(error);
	ret = jh_os_poll(reader->channel.fd, POLLIN, 0, &events);
	if (ret == 0)
		return 0;
	if (ret < 0)
		return jh_error_set(error, JAILHOUSE_ERR_IO, ret, "polling the console: %s",
				    strerror(-ret));
	/* It arrived in between; the next read has it. */
	if (events & POLLIN)
		return 0;
	if (events & POLLERR)
		return not_permitted(error);
	return not_enabled(error);
}

int jailhouse_console_read(struct jailhouse_console_reader *reader, void *buffer, size_t size,
			   struct jailhouse_error *error)
{
	ssize_t ret;

	if (!reader || !buffer || size == 0)
		return jh_error_argument(error, "reader or buffer is NULL, or size is 0");
	if (size > INT_MAX)
		size = INT_MAX;
	ret = jh_channel_read(&reader->channel, buffer, size);
	switch (ret) {
	case -EAGAIN:
		return nothing_to_read(reader, error);
	case -EPERM:
		return not_permitted(error);
	case -ENOLINK: /* of a simulation only */
		return not_enabled(error);
	case -ENODEV:
		return jh_error_set(error, JAILHOUSE_ERR_NO_DEVICE, ret,
				    "reading the console: the driver or simulation is gone");
	case -EINTR:
		return jh_error_set(error, JAILHOUSE_ERR_INTERRUPTED, EINTR,
				    "reading the console was interrupted by a signal");
	default:
		if (ret < 0)
			return jh_error_set(error, JAILHOUSE_ERR_IO, ret, "reading the console: %s",
					    strerror(-ret));
		return ret;
	}
}
