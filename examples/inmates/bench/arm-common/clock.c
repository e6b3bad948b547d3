/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Clock and timer: the architected ones, virtual count. */
#include <gic.h>
#include "bench.h"

#define CTL_ENABLE 1

const unsigned int bench_timer_irq = TIMER_IRQ;

static irq_handler_t timer_handler;
static bool started;

bool bench_under_jailhouse(void)
{
	return (long)jailhouse_call_arg1(JAILHOUSE_HC_HYPERVISOR_GET_INFO,
					 JAILHOUSE_INFO_NUM_CELLS) > 0;
}

void bench_clock_init(void)
{
	printk("bench clock-khz %lu\n", timer_get_frequency() / 1000);
}

static u64 ticks(void)
{
	u64 count;

	instruction_barrier();
	arm_read_sysreg64(CNTVCT_EL0, count);
	return count;
}

unsigned long bench_clock(void)
{
	return ticks();
}

s64 bench_clock_to_ns(s64 ticks)
{
	return ticks < 0 ? -(s64)timer_ticks_to_ns(-ticks) : (s64)timer_ticks_to_ns(ticks);
}

/* The interrupt is there for as long as the timer has expired, so one that is not started again is
 * stopped. One that was may have expired again by now. */
static void handle(unsigned int irq)
{
	started = false;
	timer_handler(irq);
	if (!started)
		arm_write_sysreg(CNTV_CTL_EL0, 0);
	instruction_barrier();
}

void bench_timer_init(irq_handler_t handler)
{
	disable_irqs();
	timer_handler = handler;
	irq_init(handle);
	irq_enable(TIMER_IRQ);
}

unsigned long bench_timer_start(unsigned long long period)
{
	/* First: ARMv7 has no instruction for it. */
	u64 expiry = period * timer_get_frequency() / NS_PER_SEC;

	expiry += ticks();
	arm_write_sysreg64(CNTV_CVAL_EL0, expiry);
	arm_write_sysreg(CNTV_CTL_EL0, CTL_ENABLE);
	instruction_barrier();
	started = true;
	return expiry;
}
