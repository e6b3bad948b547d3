// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Calls into the hypervisor. Only while it runs: the caller holds jh.lock or jh.state and has seen
 * jh.enabled.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>

#include "driver.h"

/* Time between two lines about a request that takes long */
#define PROGRESS_INTERVAL (5 * HZ)

static void report_progress(void)
{
	const struct jailhouse_info *info = jh_info();
	u64 done = READ_ONCE(info->progress_done), total = READ_ONCE(info->progress_total);
	u32 cell = READ_ONCE(info->progress_cell);

	switch (READ_ONCE(info->progress_phase)) {
	case JAILHOUSE_PHASE_VOTE:
		pr_info("waiting for an answer of cell %u\n", cell);
		break;
	case JAILHOUSE_PHASE_SCRUB:
		pr_info("memory of cell %u is being zeroed: %llu of %llu MiB\n", cell, done >> 20,
			total >> 20);
		break;
	}
}

/**
 * jh_request() - management hypercall
 * @code: JAILHOUSE_HC_CELL_...
 * @arg: its argument
 * @r: filled in if the hypervisor refuses
 *
 * Repeats the call while the hypervisor waits for a cell or zeroes memory; it bounds both. Linux
 * goes on in between. Signals do not end this, as half of a request cannot be taken back. Needs
 * jh.lock.
 */
int jh_request(u32 code, unsigned long arg, struct jailhouse_reason *r)
{
	unsigned long next_report = jiffies + PROGRESS_INTERVAL;
	unsigned int pause = 1;
	int result;

	while ((result = (int)jailhouse_call_arg1(code, arg)) == -EAGAIN) {
		/* A vote or a small cell is done after 1 or 2 ms, a large cell takes seconds. */
		usleep_range(pause * 1000, pause * 1500);
		pause = min(pause + 1, 10U);
		if (time_after(jiffies, next_report)) {
			report_progress();
			next_report = jiffies + PROGRESS_INTERVAL;
		}
	}
	if (result >= 0)
		return 0;
	jh_info_reason(r, result);
	return result;
}

/* JAILHOUSE_CELL_..., or a negative error, -EINVAL for a number that the cell made up */
int jh_cell_state(const struct jh_cell *cell)
{
	return (int)jailhouse_call_arg1(JAILHOUSE_HC_CELL_GET_STATE, cell->id);
}

bool jh_cpu_failed(u32 cpu)
{
	return (int)jailhouse_call_arg2(JAILHOUSE_HC_CPU_GET_INFO, cpu,
					JAILHOUSE_CPU_INFO_STATE) == JAILHOUSE_CPU_FAILED;
}

u32 jh_cpu_stat(u32 cpu, u32 stat)
{
	int value = (int)jailhouse_call_arg2(JAILHOUSE_HC_CPU_GET_INFO, cpu,
					     JAILHOUSE_CPU_INFO_STAT_BASE + stat);

	return max(value, 0);
}

u32 jh_hypervisor_info(u32 type)
{
	int value = (int)jailhouse_call_arg1(JAILHOUSE_HC_HYPERVISOR_GET_INFO, type);

	return max(value, 0);
}
