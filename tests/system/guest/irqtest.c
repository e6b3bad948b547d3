/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guest.h"
#include "irqtest.h"

#define MODULE "/lib/modules/irqtest.ko"

#define PARAMETERS "/sys/module/irqtest/parameters/"

int irqtest_load(const char *parameters)
{
	int fd = open(MODULE, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, parameters, 0) < 0)
		return -errno;
	close(fd);
	return 0;
}

void irqtest_begin(const char *parameters)
{
	int err = irqtest_load(parameters);

	if (err)
		fail_msg("%s %s: %s", MODULE, parameters, strerror(-err));
}

bool irqtest_is_there(void)
{
	return access(PARAMETERS, F_OK) == 0;
}

unsigned long irqtest_result(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), PARAMETERS "%s", name);
	return strtoul(guest_first_line(path), NULL, 10);
}

void irqtest_tell(const char *name, const char *value)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), PARAMETERS "%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		fail_msg("%s: %s", path, strerror(errno));
	close(fd);
}

void irqtest_end(void)
{
	assert_int_equal(syscall(SYS_delete_module, "irqtest", O_NONBLOCK), 0);
}
