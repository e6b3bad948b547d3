/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Linux under the hypervisor and back again, as often as it is told, with a cell each time. With
 * "load", Linux is busy on all CPUs meanwhile, each CPU has to show after each step that it still
 * takes its timer's interrupts and those of the other CPUs, and every fifth round and the last one
 * have a cell; with "active" behind it, the interrupt controller must not have one for in service
 * then that nobody serves. With "generated", configurations are made on the spot; with "text", an example in text
 * form is built. Without all: any board, as published.
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "generated.h"
#include "guest.h"
#include "irqtest.h"

#define MAX_CPUS      16
#define GENERATED_CPU 1
#define CHURNERS      2
#define PAIRS         2
#define MAX_WORKERS   (MAX_CPUS + CHURNERS + PAIRS)
#define ALIVE_SECONDS 20
#define ALIVE_STEPS   5
#define WORKERS_NICE  10
#define CELL_EVERY    5

static struct jailhouse *jh;
static int cycles;
static int busy;
static int active;
static int all_every = 1; /* in how many rounds there is a cell, and a look at the interrupt controller */
static int is_generated;
static const char *text; /* name of an example whose configurations are used */

/* Shared with the workers: how far each has got */
static volatile unsigned long *progress;
static pid_t workers[MAX_WORKERS];
static int num_workers;

/* Counts what it has slept on its CPU. A CPU that goes to a cell loses the ones that are bound to
 * it. */
static void sleep_on(int cpu, volatile unsigned long *count)
{
	const struct timespec pause = {0, 2000000};
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	for (;;) {
		sched_setaffinity(0, sizeof(set), &set);
		nanosleep(&pause, NULL);
		if (sched_getcpu() == cpu)
			(*count)++;
	}
}

/* Processes and address spaces that come and go: page tables, and interrupts to make the others
 * forget them */
static void churn(int unused, volatile unsigned long *count)
{
	const size_t size = 1 << 20;
	char *memory;

	(void)unused;
	for (;; (*count)++) {
		memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			      0);
		if (memory != MAP_FAILED) {
			memset(memory, 1, size);
			munmap(memory, size);
		}
		if (fork() == 0)
			_exit(0);
		wait(NULL);
	}
}

static void pass_on(int in, int out, volatile unsigned long *count)
{
	char byte = 0;

	while (read(in, &byte, 1) == 1 && write(out, &byte, 1) == 1)
		(*count)++;
	_exit(0);
}

/* Two processes that wake each other */
static void play(int unused, volatile unsigned long *count)
{
	int there[2], back[2];

	(void)unused;
	if (pipe(there) < 0 || pipe(back) < 0 || write(back[1], "", 1) != 1)
		_exit(1);
	if (fork() == 0) {
		close(there[1]);
		close(back[0]);
		pass_on(there[0], back[1], count);
	}
	close(there[0]);
	close(back[1]);
	pass_on(back[0], there[1], count);
}

static void add_worker(void (*work)(int argument, volatile unsigned long *count), int argument)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		/* No CPU is ever idle, but what is tested need not wait for its turn behind all of them. */
		setpriority(PRIO_PROCESS, 0, WORKERS_NICE);
		work(argument, &progress[num_workers]);
	}
	workers[num_workers++] = pid;
}

static void begin_load(void)
{
	int cpus = (int)sysconf(_SC_NPROCESSORS_CONF);
	int n;

	assert_in_range(cpus, 1, MAX_CPUS);
	for (n = 0; n < cpus; n++)
		add_worker(sleep_on, n);
	for (n = 0; n < CHURNERS; n++)
		add_worker(churn, 0);
	for (n = 0; n < PAIRS; n++)
		add_worker(play, 0);
}

static void end_load(void)
{
	while (num_workers > 0) {
		kill(workers[--num_workers], SIGKILL);
		waitpid(workers[num_workers], NULL, 0);
	}
}

/* Each worker gets on by some steps from now on, each sleeper on its own CPU. */
static void all_get_on(const char *when)
{
	const struct timespec pause = {0, 2000000};
	time_t end = time(NULL) + ALIVE_SECONDS;
	unsigned long before[MAX_WORKERS];
	int n;

	for (n = 0; n < num_workers; n++)
		before[n] = progress[n];
	for (n = 0; n < num_workers; n++) {
		while (progress[n] < before[n] + ALIVE_STEPS && time(NULL) < end)
			nanosleep(&pause, NULL);
		if (progress[n] < before[n] + ALIVE_STEPS)
			fail_msg("worker %d stands still %s", n, when);
	}
}

/* The interrupt by which Linux entered the hypervisor, or left it, would be such a one. */
static void none_stays_active(const char *when)
{
	unsigned long stuck;

	if (!active)
		return;
	irqtest_begin("test=active");
	stuck = irqtest_result("stuck");
	irqtest_end();
	if (stuck)
		fail_msg("%lu interrupts are active for ever %s", stuck, when);
}

static int setup(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	progress = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (progress == MAP_FAILED)
		return -1;
	guest_insmod();
	if (is_generated)
		guest_generate(guest_machine()->tiny.config, GENERATED_CPU);
	if (text)
		guest_build_text(text, guest_machine()->tiny.config);
	guest_ok(jailhouse_open("device:", &jh, &error), &error);
	if (busy)
		begin_load();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	end_load();
	jailhouse_close(jh);
	return guest_rmmod_at_end();
}

static void life_of_a_cell(void)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t id = guest_cell_make_from(jh, &guest_machine()->tiny);

	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	assert_int_equal(guest_cell_state(jh, id), JAILHOUSE_CELL_RUNNING);
	guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
	assert_string_equal(guest_online_cpus(), guest_machine()->cpus);
	all_get_on("after a cell");
}

/* How long it took, for whoever wants to know how many rounds fit into a night */
static int64_t told(const char *what, int64_t since)
{
	int64_t now = guest_now_ms();

	printf(" %s %lld ms", what, (long long)(now - since));
	return now;
}

static void again_and_again(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	int64_t since;
	bool all;
	int n;

	(void)state;
	for (n = 1; n <= cycles; n++) {
		/* What stays active does so until it is looked for. */
		all = n % all_every == 0 || n == cycles;
		printf("round %d:", n);
		since = guest_now_ms();
		guest_enable(jh, GUEST_SYSTEM);
		since = told("enable", since);
		all_get_on("under the hypervisor");
		since = told("load", since);
		if (all) {
			none_stays_active("under the hypervisor");
			life_of_a_cell();
			none_stays_active("after a cell");
			since = told("cell", since);
		}
		guest_ok(jailhouse_disable(jh, &error), &error);
		since = told("disable", since);
		all_get_on("after disable");
		if (all)
			none_stays_active("after disable");
		told("load", since);
		printf("\n");
		fflush(stdout);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(again_and_again),
	};

	cycles = argc > 1 ? atoi(argv[1]) : 0;
	busy = argc > 2 && !strcmp(argv[2], "load");
	active = busy && argc > 3 && !strcmp(argv[3], "active");
	if (busy)
		all_every = CELL_EVERY;
	is_generated = argc > 2 && !strcmp(argv[2], "generated");
	text = argc > 3 && !strcmp(argv[2], "text") ? argv[3] : NULL;
	if (cycles <= 0) {
		print_error("usage: cycles NUMBER [load [active] | generated | text EXAMPLE]\n");
		return EXIT_FAILURE;
	}
	return cmocka_run_group_tests(tests, setup, teardown);
}
