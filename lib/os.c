/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The real operating system below the library; see os.h. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "os.h"

int jh_os_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

void jh_os_close(int fd)
{
	close(fd);
}

int jh_os_ioctl(int fd, unsigned long request, void *arg)
{
	int ret = ioctl(fd, request, arg);

	return ret < 0 ? -errno : ret;
}

ssize_t jh_os_read(int fd, void *buffer, size_t size)
{
	ssize_t ret = read(fd, buffer, size);

	return ret < 0 ? -errno : ret;
}

int jh_os_poll(int fd, short events, int timeout_ms, short *ret_revents)
{
	struct pollfd pfd = {.fd = fd, .events = events};
	int ret = poll(&pfd, 1, timeout_ms);

	if (ret < 0)
		return -errno;
	if (ret > 0)
		*ret_revents = pfd.revents;
	return ret;
}

const char *jh_os_root(void)
{
	return "/";
}

int jh_os_machine(char *buffer, size_t size)
{
	struct utsname uts;

	if (uname(&uts) < 0)
		return -errno;
	if (strlen(uts.machine) >= size)
		return -ENAMETOOLONG;
	strcpy(buffer, uts.machine);
	return 0;
}
