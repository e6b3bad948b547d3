/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Ends of the machine while the hypervisor is enabled and a cell runs: whatever Linux does to get
 * reset or switched off reaches the machine. Row of the threat model: T34.
 *
 * The argument names the end. The result is that the machine ends by itself, after the lines that
 * runs.list expects: one of this program, printed when all was well, and the last one of the
 * hypervisor. A machine that should be switched off is run such that a reset would start it again.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "driver-util.h"
#include "heart.h"

static void sysrq(char command)
{
	int fd = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, &command, 1), 1);
	close(fd);
}

/* At once: no notifier, no CPU is stopped */
static void end_sysrq_b(void)
{
	sysrq('b');
}

/* The other CPUs are stopped, then panic=-1 asks for a reset. */
static void end_panic(void)
{
	sysrq('c');
}

/* Ordered: the cell is destroyed and the hypervisor leaves first. */
static void end_reboot(void)
{
	reboot(RB_AUTOBOOT);
}

static void end_poweroff(void)
{
	reboot(RB_POWER_OFF);
}

static const struct {
	const char *name;
	void (*act)(void);
} ends[] = {
	{ "sysrq-b", end_sysrq_b },
	{ "panic", end_panic },
	{ "reboot", end_reboot },
	{ "poweroff", end_poweroff },
};

static void prepare(void)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse *jh;

	guest_insmod();
	guest_ok(jailhouse_open("device:", &jh, &error), &error);
	guest_enable(jh, GUEST_SYSTEM);
	heart_start(jh);
	assert_int_equal(jailhouse_is_enabled(jh, NULL), 1);
}

int main(int argc, char **argv)
{
	char line[64];

	for (size_t n = 0; n < sizeof(ends) / sizeof(ends[0]); n++) {
		if (argc != 2 || strcmp(argv[1], ends[n].name))
			continue;
		prepare();
		snprintf(line, sizeof(line), "%s with a running cell", ends[n].name);
		klog_line(line);
		ends[n].act();
		/* Whoever runs this would switch the machine off, which is no end of its own. */
		for (;;)
			pause();
	}
	fprintf(stderr, "which end?\n");
	return 2;
}
