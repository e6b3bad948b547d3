/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Not a test of ours: that the emulator's CPUs reach their devices while another CPU changes the map of memory, by
 * which Debian's QEMU loses an EOI now and then (docs/SUPPORT.md). One CPU switches the BARs of a PCI device off and
 * on, the others take timer interrupts. A CPU that has lost an EOI gets no more of them.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

#define DEVICES	       "/sys/bus/pci/devices"
#define IO_MEMORY      0x200 /* IORESOURCE_MEM */
#define PCI_COMMAND    4
#define COMMAND_MEMORY 2
#define DURATION_MS    8000

static int has_memory(const char *device)
{
	unsigned long long start, end, flags;
	char path[300], line[100];
	int found = 0;
	FILE *file;

	snprintf(path, sizeof(path), DEVICES "/%s/resource", device);
	file = fopen(path, "r");
	assert_non_null(file);
	while (!found && fgets(line, sizeof(line), file))
		found = sscanf(line, "%llx %llx %llx", &start, &end, &flags) == 3 && start && flags & IO_MEMORY;
	fclose(file);
	return found;
}

/* The configuration space of a device whose BARs are in memory */
static int open_device(void)
{
	DIR *dir = opendir(DEVICES);
	struct dirent *entry;
	char path[300] = "";
	int fd;

	assert_non_null(dir);
	while (!*path && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && has_memory(entry->d_name))
			snprintf(path, sizeof(path), DEVICES "/%s/config", entry->d_name);
	closedir(dir);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fail_msg("no device with memory: %s", path);
	printf("switches %s\n", path);
	return fd;
}

static void switch_memory(int fd)
{
	uint16_t command;

	assert_int_equal(pread(fd, &command, sizeof(command), PCI_COMMAND), sizeof(command));
	command ^= COMMAND_MEMORY;
	assert_int_equal(pwrite(fd, &command, sizeof(command), PCI_COMMAND), sizeof(command));
	command ^= COMMAND_MEMORY;
	assert_int_equal(pwrite(fd, &command, sizeof(command), PCI_COMMAND), sizeof(command));
}

static pid_t take_interrupts(unsigned int cpu, uint32_t *taken)
{
	const struct timespec soon = { .tv_nsec = 50000 };
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	guest_pin(cpu);
	for (;;) {
		nanosleep(&soon, NULL);
		__atomic_fetch_add(taken, 1, __ATOMIC_RELAXED);
	}
}

/* Counts its own sleeps, not time: if the host stands still, nobody has had a chance. */
static void expect_interrupts(unsigned int cpu, const uint32_t *taken)
{
	const uint32_t before = __atomic_load_n(taken, __ATOMIC_RELAXED);

	for (unsigned int n = 0; n < 300 && __atomic_load_n(taken, __ATOMIC_RELAXED) == before; n++)
		usleep(10000);
	if (__atomic_load_n(taken, __ATOMIC_RELAXED) == before)
		fail_msg("CPU %u has no timer any more, after %u interrupts", cpu, before);
	printf("CPU %u: %u interrupts\n", cpu, before);
}

static void timers_go_on(void **state)
{
	unsigned int cpus = (unsigned int)sysconf(_SC_NPROCESSORS_ONLN), switched = 0;
	uint32_t *taken = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int fd = open_device();
	pid_t pids[64];
	int64_t end;

	(void)state;
	assert_ptr_not_equal(taken, MAP_FAILED);
	assert_in_range(cpus, 2, 64);
	guest_pin(0);
	for (unsigned int cpu = 1; cpu < cpus; cpu++)
		pids[cpu] = take_interrupts(cpu, &taken[cpu]);
	for (end = guest_now_ms() + DURATION_MS; guest_now_ms() < end; switched++)
		switch_memory(fd);
	printf("%u times off and on\n", switched);
	for (unsigned int cpu = 1; cpu < cpus; cpu++) {
		expect_interrupts(cpu, &taken[cpu]);
		kill(pids[cpu], SIGKILL);
	}
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timers_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
