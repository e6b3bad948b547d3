/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The kernel below the tests; guest-sim.c is there in its place on a simulated machine. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guest.h"

/* Of syslog(2); the C library has no name for it. */
#define KLOG_READ_ALL 3
/* What the driver logs when it can never be unloaded again */
#define STAYS_LOADED "the module stays until the next boot"

int guest_open(struct jailhouse **ret_jh, struct jailhouse_error *error)
{
	return jailhouse_open("device:", ret_jh, error);
}

bool guest_has_module(void)
{
	return true;
}

void guest_insmod(void)
{
	int fd = open(GUEST_MODULE, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0) < 0)
		fail_msg("%s: %s", GUEST_MODULE, strerror(errno));
	close(fd);
}

int guest_rmmod(void)
{
	return syscall(SYS_delete_module, "jailhouse", O_NONBLOCK) < 0 ? -errno : 0;
}

int guest_rmmod_at_end(void)
{
	static char log[1 << 20];
	int length = klogctl(KLOG_READ_ALL, log, sizeof(log) - 1), expected;

	if (length < 0)
		return -errno;
	log[length] = '\0';
	expected = strstr(log, STAYS_LOADED) ? -EWOULDBLOCK : 0;
	return guest_rmmod() == expected ? 0 : -EBUSY;
}

const char *guest_first_line(const char *path)
{
	static char line[256];
	FILE *file = fopen(path, "re");

	if (!file || !fgets(line, sizeof(line), file))
		fail_msg("%s cannot be read", path);
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

const char *guest_online_cpus(void)
{
	return guest_first_line("/sys/devices/system/cpu/online");
}
