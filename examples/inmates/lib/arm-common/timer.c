/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The architected timer. */
#include <gic.h>

#define CTL_ENABLE 1

unsigned long timer_get_frequency(void)
{
	unsigned long frequency;

	arm_read_sysreg(CNTFRQ_EL0, frequency);
	return frequency;
}

u64 timer_get_ticks(void)
{
	u64 ticks;

	/* Not before what precedes it in the program */
	instruction_barrier();
	arm_read_sysreg64(CNTPCT_EL0, ticks);
	return ticks;
}

u64 timer_ticks_to_ns(u64 ticks)
{
	unsigned long frequency = timer_get_frequency();

	/* Split, as the product of ticks and 10^9 does not fit for long. */
	return ticks / frequency * NS_PER_SEC + ticks % frequency * NS_PER_SEC / frequency;
}

u64 clock_ns(void)
{
	return timer_ticks_to_ns(timer_get_ticks());
}

void timer_start(u64 timeout)
{
	arm_write_sysreg(CNTV_TVAL_EL0, timeout);
	arm_write_sysreg(CNTV_CTL_EL0, CTL_ENABLE);
	instruction_barrier();
}

void delay_us(unsigned long microsecs)
{
	u64 start = timer_get_ticks();
	u64 wait = (u64)microsecs * timer_get_frequency() / 1000000;

	while (timer_get_ticks() - start < wait)
		cpu_relax();
}
