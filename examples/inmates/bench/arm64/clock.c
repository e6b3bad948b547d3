/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Clock and timer: the architected ones, virtual count. */
#include <gic.h>
#include "bench.h"

#define CTL_ENABLE  1
#define CTL_ISTATUS 4

const unsigned int bench_timer_irq = TIMER_IRQ;

static irq_handler_t timer_handler;

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
	arm_read_sysreg(CNTVCT_EL0, count);
	return count;
}

unsigned long bench_clock_ns(void)
{
	return timer_ticks_to_ns(ticks());
}

/* The interrupt is there for as long as the timer has expired, so one that is not started again is
 * stopped. */
static void handle(unsigned int irq)
{
	u64 control;

	timer_handler(irq);
	arm_read_sysreg(CNTV_CTL_EL0, control);
	if (control & CTL_ISTATUS)
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
	u64 expiry = ticks() + period * timer_get_frequency() / NS_PER_SEC;

	arm_write_sysreg(CNTV_CVAL_EL0, expiry);
	arm_write_sysreg(CNTV_CTL_EL0, CTL_ENABLE);
	instruction_barrier();
	return timer_ticks_to_ns(expiry);
}
