/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * No edge of an interrupt of the root cell is lost when its affinity changes while the handler runs, with other exits
 * on all CPUs: natively, which is the control, and under the hypervisor. Argument: how many pairs of edges (3000).
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "handle.h"
#include "irqtest.h"

#define LOADS 2

static unsigned long tries = 3000;

/* Processes come and go, so that the CPUs send each other SGIs. */
static pid_t load_begin(void)
{
	pid_t pid = fork(), child;

	assert_true(pid >= 0);
	while (pid == 0) {
		child = fork();
		if (child == 0)
			_exit(0);
		waitpid(child, NULL, 0);
	}
	return pid;
}

static void two_edges(const char *where)
{
	pid_t loads[LOADS];
	char parameters[64];

	for (int n = 0; n < LOADS; n++)
		loads[n] = load_begin();
	snprintf(parameters, sizeof(parameters), "test=edges tries=%lu", tries);
	irqtest_begin(parameters);
	for (int n = 0; n < LOADS; n++) {
		kill(loads[n], SIGKILL);
		waitpid(loads[n], NULL, 0);
	}
	printf("figure edges-%s-lost %lu\n", where, irqtest_result("lost"));
	printf("figure edges-%s-moved %lu\n", where, irqtest_result("moved"));
	printf("figure edges-%s-changes %lu\n", where, irqtest_result("changes"));
	fflush(stdout);
	/* Otherwise it has tested nothing: the second edge met a handler that ran, and its own ran elsewhere. */
	assert_true(irqtest_result("moved") > 0);
	assert_int_equal(irqtest_result("lost"), 0);
	irqtest_end();
}

static void natively(void **state)
{
	(void)state;
	two_edges("native");
}

static void as_root_cell(void **state)
{
	(void)state;
	guest_enable(jh, GUEST_SYSTEM);
	two_edges("root");
	guest_disable(jh);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(natively),
		cmocka_unit_test(as_root_cell),
	};

	if (argc > 1)
		tries = strtoul(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, handle_setup, handle_teardown);
}
