/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A CPU of the root cell that was stopped answers nobody any more: disable names it and is refused
 * at once, instead of waiting for it for ever, and the machine can still be reset.
 *
 * Much of Linux waits for all CPUs, so this program makes as few system calls as it can. Its result
 * is the line that runs.list expects.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <time.h>
#include <unistd.h>

#include "driver-util.h"

#define NOBODYS_PORT 0x1234
#define VICTIM	     3

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		abort();
}

/* Without a system call */
static void spin(double seconds)
{
	struct timespec start, now;

	clock_gettime(CLOCK_MONOTONIC, &start);
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while ((double)(now.tv_sec - start.tv_sec) + (double)(now.tv_nsec - start.tv_nsec) / 1e9 <
	       seconds);
}

static void run(void **state)
{
	struct guest_file file;
	struct jailhouse_reason reason;
	struct jailhouse_ioc_disable disable = { .size = sizeof(disable) };
	pid_t child;
	int err;

	driver_setup(state);
	file = guest_config_read(GUEST_SYSTEM);
	assert_int_equal(try_enable(file.data, file.size, &reason), 0);
	pin(0);
	/* Its own address space, so that no flush of ours goes to its CPU */
	child = fork();
	if (!child) {
		pin(VICTIM);
		if (ioperm(NOBODYS_PORT, 1, 1) && iopl(3))
			_exit(1);
		spin(0.3);
		outb(0, NOBODYS_PORT);
		_exit(2);
	}
	spin(1);
	err = call(JAILHOUSE_IOC_DISABLE, &disable);
	if (err == -EBUSY && disable.reason.code == JAILHOUSE_REASON_ROOT_CPU_FAILED &&
	    disable.reason.index == VICTIM)
		err = call(JAILHOUSE_DISABLE, NULL);
	else
		err = 0;
	if (err == -EBUSY)
		klog_line("disable was refused because of the CPU");
	reboot(RB_AUTOBOOT);
}

int main(void)
{
	run(NULL);
	return 1;
}
