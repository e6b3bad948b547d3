/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "event-ring.h"
#include "fake-driver.h"
#include "fake-logs.h"

static struct jh_event_ring ring;
static struct jailhouse_learned learned[JAILHOUSE_NUM_LEARNED];
static uint32_t num_learned;
static struct {
	const struct jailhouse_ioc_register *reg;
	uint32_t count;
	struct jailhouse_reason verdict;
} hardware;

void fake_logs_reset(void)
{
	memset(&ring, 0, sizeof(ring));
	num_learned = 0;
	memset(&hardware, 0, sizeof(hardware));
}

void fake_event(uint32_t type, uint32_t id, const char *name, int state,
		const struct jailhouse_reason *reason)
{
	struct jailhouse_ioc_event *event = jh_ring_push(&ring, type, 1000000 * ring.pushed);

	event->cell = id;
	event->state = state;
	snprintf(event->name, sizeof(event->name), "%s", name);
	if (reason)
		event->reason = *reason;
}

uint64_t fake_events_last(void)
{
	return ring.pushed;
}

int fake_events_read(uint64_t *position, struct jailhouse_ioc_read_events *arg)
{
	struct jailhouse_ioc_event *to = (void *)(uintptr_t)arg->buffer;
	uint32_t count = 0;
	uint64_t next;

	if (arg->event_size != sizeof(*to))
		return -EINVAL;
	for (; count < arg->count; count++) {
		next = jh_ring_peek(&ring, *position, &to[count]);
		if (next == *position)
			break;
		*position = next;
	}
	arg->count = count;
	return 0;
}

void fake_learn(const struct jailhouse_learned *access)
{
	learned[num_learned++] = *access;
}

void fake_learned_reset(void)
{
	num_learned = 0;
}

uint32_t fake_learned_total(void)
{
	return num_learned;
}

int fake_learned_read(struct jailhouse_ioc_learned *arg)
{
	uint32_t left = arg->start < num_learned ? num_learned - arg->start : 0;

	if (arg->count > left)
		arg->count = left;
	memcpy((void *)(uintptr_t)arg->buffer, learned + arg->start,
	       arg->count * sizeof(learned[0]));
	arg->total = num_learned;
	return 0;
}

/* ---- registers ---- */

void fake_set_hardware(const struct jailhouse_ioc_register *regs, uint32_t count,
		       const struct jailhouse_reason *verdict)
{
	hardware.reg = regs;
	hardware.count = count;
	hardware.verdict = verdict ? *verdict : (struct jailhouse_reason){0};
}

static bool belongs_to(const struct jailhouse_ioc_register *reg, uint32_t cpu)
{
	bool of_cpu = reg->kind == JAILHOUSE_HARDWARE_MSR ||
		      (reg->kind == JAILHOUSE_HARDWARE_ARM && reg->number <= JAILHOUSE_ARM_CNTFRQ);

	return of_cpu ? reg->unit == cpu : cpu == JAILHOUSE_IOC_MACHINE;
}

int fake_registers_read(struct jailhouse_ioc_hardware *arg)
{
	struct jailhouse_ioc_register *buffer = (void *)(uintptr_t)arg->buffer;
	uint32_t n, room = arg->count;

	if (!hardware.reg)
		return -ENOTTY;
	if (arg->cpu != JAILHOUSE_IOC_MACHINE && arg->cpu >= FAKE_NUM_CPUS)
		return -ENXIO;
	arg->verdict = hardware.verdict;
	arg->count = 0;
	for (n = 0; n < hardware.count; n++)
		if (belongs_to(&hardware.reg[n], arg->cpu) && arg->count++ < room)
			buffer[arg->count - 1] = hardware.reg[n];
	return 0;
}
