/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The command line tool as a program of its own on the model of the driver, with the hypervisor enabled
 * and the cell "guest" on CPU 3. For tests that need a process: terminals, pipes, completion. Counters
 * move each time they are read.
 */
#include <stdlib.h>

#include <jailhouse/jailhouse.h>
#include <jailhouse/ioctl.h>

#include "cli.h"
#include "config-blob.h"
#include "fake-driver.h"
#include "os.h"

int __real_jh_os_ioctl(int fd, unsigned long request, void *arg);

int __wrap_jh_os_ioctl(int fd, unsigned long request, void *arg)
{
	static uint32_t count;
	unsigned int cpu;

	if (request == JAILHOUSE_IOC_CPU_STATS) {
		count += 10;
		for (cpu = 0; cpu < FAKE_NUM_CPUS; cpu++) {
			fake_count(cpu, 0, 100 + count * (cpu + 1));
			fake_count(cpu, 3, count);
			fake_count(cpu, 7, 5);
		}
	}
	return __real_jh_os_ioctl(fd, request, arg);
}

int main(int argc, char **argv)
{
	struct system_blob system = make_system_blob();
	struct cell_blob cell = make_cell_blob();
	struct jailhouse *jh;

	fake_reset();
	if (jailhouse_open(NULL, &jh, NULL) < 0 ||
	    jailhouse_enable(jh, &system, sizeof(system), 0, NULL) < 0 ||
	    jailhouse_cell_create(jh, &cell, sizeof(cell), NULL, NULL) < 0)
		return EXIT_FAILURE;
	jailhouse_close(jh);
	return cli_main(argc, argv, stdout, stderr);
}
