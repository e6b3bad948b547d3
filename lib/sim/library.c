/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The face of libjailhouse-sim.so. */
#include <errno.h>
#include <poll.h>

#include "sim.h"

static int file_open(const char *path, struct jh_sim_file **ret_file)
{
	return path ? sim_client_open(path, ret_file) : sim_local_open(ret_file);
}

static int file_reopen(struct jh_sim_file *file, enum jh_sim_use use, struct jh_sim_file **ret_file)
{
	return file->ops->reopen(file, use, ret_file);
}

static void file_close(struct jh_sim_file *file)
{
	file->ops->close(file);
}

static int file_fd(const struct jh_sim_file *file)
{
	return file->fd;
}

static int file_ioctl(struct jh_sim_file *file, unsigned long request, void *arg)
{
	return file->ops->ioctl(file, request, arg);
}

/* Readers that follow wait for text, whatever happens to the hypervisor. */
static ssize_t file_read(struct jh_sim_file *file, void *buffer, size_t size)
{
	struct pollfd pfd = {.fd = file->fd, .events = POLLIN};
	ssize_t ret;

	for (;;) {
		ret = file->ops->read(file, buffer, size);
		if (file->use != JH_SIM_FOLLOW || (ret != 0 && ret != -ENOLINK))
			return ret;
		if (poll(&pfd, 1, -1) < 0)
			return -errno;
		if (!(pfd.revents & POLLIN))
			return -ENODEV;
	}
}

__attribute__((visibility("default"))) extern const struct jh_sim_library jailhouse_sim_library;

const struct jh_sim_library jailhouse_sim_library = {
	.abi = JH_SIM_ABI,
	.open = file_open,
	.reopen = file_reopen,
	.close = file_close,
	.get_fd = file_fd,
	.ioctl = file_ioctl,
	.read = file_read,
	.register_guest = sim_guest_register,
	.unregister_guest = sim_guest_unregister,
};
