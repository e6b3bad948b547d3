/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Message interrupts of the root cell's devices through an ITS: an NVMe disk has a queue for each CPU, whose interrupts
 * come to that CPU as LPIs. They come natively, under the hypervisor, beside a cell, to the CPU that the cell has given
 * back, and natively again. A request whose interrupt does not come takes 30 s, and is not counted as one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jailhouse/cell-config.h>

#include "driver-util.h"

#define DISK	 "/dev/nvme0n1"
#define READS	 16
#define SIZE	 4096
#define ROUNDS	 2
#define MAX_CPUS 16

static struct jailhouse *jh;
static int disk;
static void *buffer;

static int setup(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	if (driver_setup(state))
		return -1;
	guest_ok(jailhouse_open("device:", &jh, &error), &error);
	disk = open(DISK, O_RDONLY | O_DIRECT | O_CLOEXEC);
	if (disk < 0)
		fail_msg("%s: %s", DISK, strerror(errno));
	return posix_memalign(&buffer, SIZE, SIZE);
}

static int teardown(void **state)
{
	(void)state;
	close(disk);
	free(buffer);
	jailhouse_close(jh);
	close(node);
	return guest_rmmod_at_end();
}

/* All interrupts of the disk's queues that this CPU has had, by the ITS */
static unsigned long messages_at(int cpu)
{
	FILE *file = fopen("/proc/interrupts", "re");
	unsigned long sum = 0, count;
	char line[512], *at;
	int before = 0, n;

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	/* There is a column for each CPU that is online. */
	for (at = strstr(line, "CPU"); at && atoi(at + 3) != cpu; at = strstr(at + 3, "CPU"))
		before++;
	assert_non_null(at);
	while (fgets(line, sizeof(line), file)) {
		if (!strstr(line, "ITS") || !strstr(line, "nvme0q"))
			continue;
		at = strchr(line, ':') + 1;
		for (count = strtoul(at, &at, 10), n = 0; n < before; n++)
			count = strtoul(at, &at, 10);
		sum += count;
	}
	fclose(file);
	return sum;
}

static void read_on(int cpu, const char *when)
{
	unsigned long before;
	int n;

	guest_pin((unsigned int)cpu);
	before = messages_at(cpu);
	for (n = 0; n < READS; n++)
		assert_int_equal(pread(disk, buffer, SIZE, (off_t)n * SIZE), SIZE);
	if (messages_at(cpu) < before + READS)
		fail_msg("CPU %d got %lu of %d messages %s", cpu, messages_at(cpu) - before, READS, when);
}

/* By each CPU of Linux but one */
static void all_read(int but, const char *when)
{
	int cpus = (int)sysconf(_SC_NPROCESSORS_CONF), cpu;

	assert_in_range(cpus, 2, MAX_CPUS);
	for (cpu = 0; cpu < cpus; cpu++)
		if (cpu != but)
			read_on(cpu, when);
}

/* The only CPU of the small cell */
static int cell_cpu(void)
{
	struct guest_file config = guest_config_read(guest_machine()->tiny.config);
	const unsigned char *set = jailhouse_cell_cpu_set(config.data);
	int cpu = 0;

	while (!(set[cpu / 8] & 1 << cpu % 8))
		cpu++;
	guest_file_free(&config);
	return cpu;
}

static void messages_come(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	const int given = cell_cpu();
	uint32_t id;
	int n;

	(void)state;
	all_read(-1, "before enable");
	for (n = 0; n < ROUNDS; n++) {
		guest_enable(jh, GUEST_SYSTEM);
		all_read(-1, "under the hypervisor");
		id = guest_cell_make_from(jh, &guest_machine()->tiny);
		guest_ok(jailhouse_cell_start(jh, id, &error), &error);
		all_read(given, "beside a cell");
		guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
		assert_string_equal(guest_online_cpus(), guest_machine()->cpus);
		all_read(-1, "after the cell");
		/* Linux alone, off and on */
		cpu_online((unsigned int)given, 0);
		all_read(given, "without a CPU");
		cpu_online((unsigned int)given, 1);
		all_read(-1, "with that CPU again");
		guest_ok(jailhouse_disable(jh, &error), &error);
		all_read(-1, "after disable");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_come),
		cmocka_unit_test(kernel_does_not_complain),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
