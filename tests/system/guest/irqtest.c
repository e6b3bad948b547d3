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

void irqtest_begin(const char *parameters)
{
	int fd = open(MODULE, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, parameters, 0) < 0)
		fail_msg("%s %s: %s", MODULE, parameters, strerror(errno));
	close(fd);
}

unsigned long irqtest_result(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/irqtest/parameters/%s", name);
	return strtoul(guest_first_line(path), NULL, 10);
}

void irqtest_end(void)
{
	assert_int_equal(syscall(SYS_delete_module, "irqtest", O_NONBLOCK), 0);
}
