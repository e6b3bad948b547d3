/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A device node or its like. */
#include "backend.h"
#include "os.h"
#include "sim-library.h"

int jh_channel_ioctl(const struct jh_channel *channel, unsigned long request, void *arg)
{
	if (channel->library)
		return channel->library->ioctl(channel->file, request, arg);
	return jh_os_ioctl(channel->fd, request, arg);
}

ssize_t jh_channel_read(const struct jh_channel *channel, void *buffer, size_t size)
{
	if (channel->library)
		return channel->library->read(channel->file, buffer, size);
	return jh_os_read(channel->fd, buffer, size);
}

void jh_channel_close(const struct jh_channel *channel)
{
	if (channel->library)
		channel->library->close(channel->file);
	else if (channel->fd >= 0)
		jh_os_close(channel->fd);
}
