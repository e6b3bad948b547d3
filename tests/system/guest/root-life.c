/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Linux does what it does on any machine while the hypervisor is enabled and a cell runs: CPUs go
 * and come, memory gets scarce, clocks ring, drivers are loaded and devices looked at. Nothing of it
 * stops the root cell, and the cell's heart beats through all of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "generated.h"
#include "root-life.h"

#define MAX_TESTS 32

static struct jailhouse *jh;
static uint32_t heart;
static uint64_t beats_before;
static int is_generated;

int load_module(const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/lib/modules/%s.ko", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (syscall(SYS_finit_module, fd, "", 0))
		fail_msg("%s: %s", path, strerror(errno));
	close(fd);
	return 1;
}

void unload_module(const char *name)
{
	if (syscall(SYS_delete_module, name, O_NONBLOCK))
		fail_msg("%s does not unload: %s", name, strerror(errno));
}

void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		fail_msg("%s: %s", path, strerror(errno));
	close(fd);
}

static int setup(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	if (driver_setup(state))
		return -1;
	machine_devices_setup();
	if (is_generated)
		guest_generate(guest_machine()->heart, HEART_CPU);
	pci_remember();
	guest_ok(jailhouse_open("device:", &jh, &error), &error);
	guest_enable(jh, GUEST_SYSTEM);
	heart = heart_start(jh);
	return 0;
}

int remember_beats(void **state)
{
	(void)state;
	beats_before = heart_beats();
	return 0;
}

/* After each test: the root cell is whole, and so is the other one. */
int all_alive(void **state)
{
	(void)state;
	assert_string_equal(guest_online_cpus(), "0-2");
	assert_string_equal(guest_first_line(SYSFS "/cells/0/state"), "running");
	assert_string_equal(guest_first_line(SYSFS "/cells/0/cpus_failed_list"), "");
	heart_must_beat();
	assert_int_equal(guest_cell_state(jh, heart), JAILHOUSE_CELL_RUNNING);
	return 0;
}

/* ---- CPUs ---- */

static void pin_nowhere(void)
{
	cpu_set_t set;

	memset(&set, 0xff, sizeof(set));
	assert_int_equal(sched_setaffinity(0, sizeof(set), &set), 0);
}

static void go_and_come(int rounds)
{
	const int64_t start = guest_now_ms();
	unsigned int here;

	for (int n = 0; n < rounds; n++) {
		cpu_online(1, 0);
		assert_string_equal(guest_online_cpus(), "0,2");
		cpu_online(2, 0);
		assert_string_equal(guest_online_cpus(), "0");
		cpu_online(1 + n % 2, 1);
		cpu_online(2 - n % 2, 1);
		assert_string_equal(guest_online_cpus(), "0-2");
		/* They also do something. */
		for (unsigned int cpu = 1; cpu <= 2; cpu++) {
			guest_pin(cpu);
			assert_int_equal(syscall(SYS_getcpu, &here, NULL, NULL), 0);
			assert_int_equal(here, cpu);
		}
		pin_nowhere();
	}
	/* The cell ran all the while, at least a quarter of its beats of 100 ms. */
	assert_true((int64_t)(heart_beats() - beats_before) >= (guest_now_ms() - start) / 400);
}

static void cpus_go_and_come(void **state)
{
	(void)state;
	go_and_come(8);
}

static volatile int stop;

static void on_term(int number)
{
	(void)number;
	stop = 1;
}

/* Keeps busy, each in its way, until it is told to stop; 0 if all went well. */
static int busy(unsigned int kind)
{
	const struct timespec pause = {0, 500000};
	volatile double sum = 0;
	char *page;

	signal(SIGTERM, on_term);
	while (!stop) {
		switch (kind % 3) {
		case 0:
			for (int n = 1; n < 10000; n++)
				sum += 1.0 / n;
			if (sum <= 0)
				return 1;
			break;
		case 1:
			page = mmap(NULL, 65536, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			memset(page, 1, 65536);
			if (page[4096] != 1 || mprotect(page, 65536, PROT_READ) ||
			    munmap(page, 65536))
				return 1;
			break;
		default:
			nanosleep(&pause, NULL);
		}
	}
	return 0;
}

static void cpus_go_and_come_under_load(void **state)
{
	pid_t child[6];
	int status;

	(void)state;
	for (unsigned int n = 0; n < 6; n++) {
		child[n] = fork();
		if (!child[n])
			_exit(busy(n));
	}
	go_and_come(4);
	for (unsigned int n = 0; n < 6; n++) {
		kill(child[n], SIGTERM);
		assert_int_equal(waitpid(child[n], &status, 0), child[n]);
		assert_int_equal(status, 0);
	}
}

/* Another cell takes one that is offline, and gives it back. */
static void cpu_goes_to_a_cell_between(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t id;

	(void)state;
	for (int n = 0; n < 3; n++) {
		cpu_online(1, 0);
		id = guest_cell_make_from(jh, &guest_machine()->tiny);
		guest_ok(jailhouse_cell_start(jh, id, &error), &error);
		cpu_online(1, 1);
		guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
		assert_string_equal(guest_online_cpus(), "0-2");
	}
}

/* ---- interrupts and clocks ---- */

/* Interrupts to all CPUs at once, while each of them has work */
static void cpus_interrupt_each_other(void **state)
{
	pid_t child[3];
	int status;

	(void)state;
	for (unsigned int cpu = 0; cpu < 3; cpu++) {
		child[cpu] = fork();
		if (child[cpu])
			continue;
		guest_pin(cpu);
		for (int n = 0; n < 100; n++)
			if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0))
				_exit(1);
		_exit(0);
	}
	for (unsigned int cpu = 0; cpu < 3; cpu++) {
		assert_int_equal(waitpid(child[cpu], &status, 0), child[cpu]);
		assert_int_equal(status, 0);
	}
}

static void timers_fire_everywhere(void **state)
{
	const struct itimerspec often = { {0, 2000000}, {0, 2000000} };
	uint64_t ticks, sum;
	int64_t start;
	int fd;

	(void)state;
	for (unsigned int cpu = 0; cpu < 3; cpu++) {
		guest_pin(cpu);
		fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
		start = guest_now_ms();
		assert_int_equal(timerfd_settime(fd, 0, &often, NULL), 0);
		for (sum = 0; sum < 200; sum += ticks)
			assert_int_equal(read(fd, &ticks, sizeof(ticks)), sizeof(ticks));
		/* Not early, and not as late as a lost interrupt would make it */
		assert_in_range(guest_now_ms() - start, 399, 5000);
		close(fd);
	}
	pin_nowhere();
}

/* By the timer interrupt: this CPU model has no counters. */
static void profiler_samples(void **state)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr), .config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_period = 1000000, .sample_type = PERF_SAMPLE_IP,
	};
	struct perf_event_mmap_page *page;
	const int64_t end = guest_now_ms() + 10000;
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);

	(void)state;
	assert_true(fd >= 0);
	page = mmap(NULL, 9 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(page, MAP_FAILED);
	/* Takes 17 ms, more where this machine has to wait for its CPUs. */
	while (*(volatile __u64 *)&page->data_head <= 16 * sizeof(struct perf_event_header))
		assert_true(guest_now_ms() < end);
	munmap(page, 9 * 4096);
	close(fd);
}

/* ---- memory and modules ---- */

static uint64_t available_memory(void)
{
	FILE *file = fopen("/proc/meminfo", "re");
	unsigned long long kilobytes = 0;
	char line[128];

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "MemAvailable: %llu kB", &kilobytes) == 1)
			break;
	fclose(file);
	assert_true(kilobytes > 0);
	return kilobytes * 1024;
}

/* Nearly all there is, with a number in each page that must still be there at the end */
static void memory_gets_scarce(void **state)
{
	const size_t size = (available_memory() - (48 << 20)) / 4096 * 4096;
	uint64_t *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_ptr_not_equal(memory, MAP_FAILED);
	assert_in_range(size, 200 << 20, 1 << 30);
	for (size_t n = 0; n < size / 8; n += 512)
		memory[n] = ~n;
	heart_must_beat();
	for (size_t n = 0; n < size / 8; n += 512)
		if (memory[n] != ~n)
			fail_msg("page %zu lost its number", n / 512);
	munmap(memory, size);
}

/* Patches code of all CPUs each time, and starts and stops threads of the kernel. */
static void modules_load_and_unload(void **state)
{
	(void)state;
	for (int n = 0; n < 5; n++) {
		for (size_t m = 0; m < NUM_SPARE_MODULES; m++)
			assert_true(load_module(spare_modules[m]));
		for (size_t m = NUM_SPARE_MODULES; m > 0; m--)
			unload_module(spare_modules[m - 1]);
	}
}

static void programs_start(void **state)
{
	int status;
	pid_t child;

	(void)state;
	for (int n = 0; n < 40; n++) {
		child = fork();
		if (!child) {
			execl("/bin/busybox", "true", NULL);
			_exit(1);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
}

static void all_end(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	heart_stop(jh, heart);
	guest_ok(jailhouse_disable(jh, &error), &error);
	assert_string_equal(guest_online_cpus(), "0-3");
	jailhouse_close(jh);
	module_unloads(state);
}

static int has_argument(char **argv, const char *name)
{
	for (; *argv; argv++)
		if (!strcmp(*argv, name))
			return 1;
	return 0;
}

/* Arguments: "disk" if the machine has one, "generated" to make its configuration on the spot. */
int main(int argc, char **argv)
{
	const struct CMUnitTest common[] = {
		ROOT_LIFE_TEST(pci_looks_as_before),
		ROOT_LIFE_TEST(clock_rings),
		ROOT_LIFE_TEST(cpus_go_and_come),
		ROOT_LIFE_TEST(cpus_go_and_come_under_load),
		ROOT_LIFE_TEST(cpu_goes_to_a_cell_between),
		ROOT_LIFE_TEST(cpus_interrupt_each_other),
		ROOT_LIFE_TEST(timers_fire_everywhere),
		ROOT_LIFE_TEST(profiler_samples),
		ROOT_LIFE_TEST(memory_gets_scarce),
		ROOT_LIFE_TEST(modules_load_and_unload),
		ROOT_LIFE_TEST(programs_start),
		cmocka_unit_test(all_end),
		cmocka_unit_test(kernel_does_not_complain),
	};
	struct CMUnitTest tests[MAX_TESTS];
	size_t count = add_device_tests(tests, has_argument(argv, "disk"));

	(void)argc;
	is_generated = has_argument(argv, "generated");
	memcpy(tests + count, common, sizeof(common));
	count += sizeof(common) / sizeof(common[0]);
	return _cmocka_run_group_tests("root-life", tests, count, setup, NULL);
}
