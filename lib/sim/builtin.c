/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Guests that come with the simulation, written as any other one; see docs/simulation.md. */
#include <stdio.h>
#include <stdlib.h>

#include "sim.h"

#define MS         1000000ULL
#define FOREVER_NS (1000 * MS)

/* Far beyond what any machine has, and not at the end of the address space */
#define NOWHERE 0x7fff00000000ULL

/* The first number of the arguments, or what holds without. */
static unsigned long number(const struct jailhouse_sim_cpu *cpu, unsigned long otherwise)
{
	const char *text = jailhouse_sim_cpu_get_arguments(cpu);
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	return end == text ? otherwise : value;
}

/* Only the first CPU of a cell does anything: the others return, and halt. */

/* Answers a message. False: the guest is to end, or was stopped. */
static bool answer(struct jailhouse_sim_cpu *cpu, int message)
{
	if (message < 0)
		return false;
	if (message == JAILHOUSE_MSG_SHUTDOWN_REQUEST) {
		jailhouse_sim_cpu_print(cpu, "shutdown\n");
		jailhouse_sim_cpu_set_state(cpu, JAILHOUSE_CELL_SHUT_DOWN);
		jailhouse_sim_cpu_reply(cpu, JAILHOUSE_MSG_REQUEST_APPROVED);
		return false;
	}
	if (message == JAILHOUSE_MSG_RECONFIG_COMPLETED)
		return jailhouse_sim_cpu_reply(cpu, JAILHOUSE_MSG_RECEIVED) == 0;
	return message == 0 || jailhouse_sim_cpu_reply(cpu, JAILHOUSE_MSG_UNKNOWN) == 0;
}

/* Waits for a moment and answers messages meanwhile. */
static bool serve_until(struct jailhouse_sim_cpu *cpu, uint64_t end)
{
	uint64_t now;

	while ((now = jailhouse_sim_cpu_get_time(cpu)) < end)
		if (!answer(cpu, jailhouse_sim_cpu_wait(cpu, end - now)))
			return false;
	return true;
}

static void idle(struct jailhouse_sim_cpu *cpu, void *user)
{
	(void)user;
	if (jailhouse_sim_cpu_get_index(cpu))
		return;
	while (serve_until(cpu, jailhouse_sim_cpu_get_time(cpu) + FOREVER_NS))
		;
}

static void timer(struct jailhouse_sim_cpu *cpu, void *user)
{
	uint64_t period = number(cpu, 1000) * MS, next = jailhouse_sim_cpu_get_time(cpu);
	unsigned long count = 0;
	char line[64];

	(void)user;
	if (jailhouse_sim_cpu_get_index(cpu))
		return;
	jailhouse_sim_cpu_print(cpu, "timer: hello\n");
	for (;;) {
		next += period ? period : MS;
		if (!serve_until(cpu, next))
			return;
		snprintf(line, sizeof(line), "timer: %lu\n", ++count);
		if (jailhouse_sim_cpu_print(cpu, line) == JAILHOUSE_ERR_STOPPED)
			return;
	}
}

/* Locks the system, and denies to be shut down as often as it is told, once without. */
static void locked(struct jailhouse_sim_cpu *cpu, void *user)
{
	unsigned long denials = number(cpu, 1);
	int message;

	(void)user;
	if (jailhouse_sim_cpu_get_index(cpu))
		return;
	jailhouse_sim_cpu_set_state(cpu, JAILHOUSE_CELL_RUNNING_LOCKED);
	for (;;) {
		message = jailhouse_sim_cpu_wait(cpu, FOREVER_NS);
		if (message == JAILHOUSE_MSG_SHUTDOWN_REQUEST && denials) {
			denials--;
			jailhouse_sim_cpu_print(cpu, "shutdown denied\n");
			if (jailhouse_sim_cpu_reply(cpu, JAILHOUSE_MSG_REQUEST_DENIED))
				return;
		} else if (!answer(cpu, message)) {
			return;
		}
	}
}

/* A CPU that halts for good answers no messages. */
static void silent(struct jailhouse_sim_cpu *cpu, void *user)
{
	(void)cpu;
	(void)user;
}

/* Leaves its cell after some milliseconds, at once without. */
static void crash(struct jailhouse_sim_cpu *cpu, void *user)
{
	uint64_t value;

	(void)user;
	if (jailhouse_sim_cpu_get_index(cpu))
		return;
	jailhouse_sim_cpu_print(cpu, "crash: about to leave the cell\n");
	if (serve_until(cpu, jailhouse_sim_cpu_get_time(cpu) + number(cpu, 0) * MS))
		jailhouse_sim_cpu_read(cpu, NOWHERE, 4, &value);
}

/* Gives up in an orderly way. */
static void fail(struct jailhouse_sim_cpu *cpu, void *user)
{
	(void)user;
	if (jailhouse_sim_cpu_get_index(cpu))
		return;
	if (serve_until(cpu, jailhouse_sim_cpu_get_time(cpu) + number(cpu, 0) * MS))
		jailhouse_sim_cpu_set_state(cpu, JAILHOUSE_CELL_FAILED);
}

const struct sim_builtin sim_builtins[] = {
	{"channel-count", sim_guest_channel_count},
	{"channel-echo", sim_guest_channel_echo},
	{"crash", crash},   {"fail", fail},     {"idle", idle},
	{"locked", locked}, {"silent", silent}, {"timer", timer},
};

const size_t sim_num_builtins = sizeof(sim_builtins) / sizeof(sim_builtins[0]);
