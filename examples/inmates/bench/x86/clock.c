/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Clock and timer: TSC and local APIC. */
#include "bench.h"

#define TIMER_VECTOR 32

const unsigned int bench_timer_irq = TIMER_VECTOR;

/* "Jail" and "hous"; without a hypervisor the leaf may hold anything else. */
bool bench_under_jailhouse(void)
{
	unsigned int eax = JAILHOUSE_CPUID_SIGNATURE, ebx, ecx = 0, edx;

	if (!(cpuid_ecx(1, 0) & 1U << 31))
		return false;
	cpuid(&eax, &ebx, &ecx, &edx);
	return ebx == 0x6c69614a && ecx == 0x73756f68;
}

void bench_clock_init(void)
{
	excp_reporting_init();
	printk("bench tsc-khz %lu\n", tsc_init() / 1000);
}

unsigned long bench_clock(void)
{
	return tsc_read_ns();
}

s64 bench_clock_to_ns(s64 ticks)
{
	return ticks;
}

void bench_timer_init(irq_handler_t handler)
{
	irq_init(handler);
	printk("bench timer-khz %lu\n", apic_timer_init(TIMER_VECTOR));
	disable_irqs();
}

unsigned long bench_timer_start(unsigned long long period)
{
	unsigned long expiry = tsc_read_ns() + period;

	apic_timer_set(period);
	return expiry;
}
