/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * By how much timer interrupts come late, in nanoseconds, from the expiry of the timer to the first
 * instructions of the handler; and how many exits to the hypervisor a tick costs:
 *
 *   bench timer-jitter min NS median NS max NS ticks N
 *   bench timer-exits TOTAL ticks N
 *
 * Parameters: ticks=N, default 1000; period-us=N, default 1000; cpu=N, the logical number of this
 * CPU for the count of exits, default its cpu_id()
 */
#include "bench.h"

#define DEFAULT_TICKS     1000
#define MAX_TICKS         100000
#define DEFAULT_PERIOD_US 1000

/* A few more, which are not counted */
#define WARM_UP_TICKS 10

static s64 *jitter;
static unsigned int num_ticks;
static volatile unsigned int tick;
static unsigned long expected_time;
static unsigned long long period;

static void start_timer(void)
{
	expected_time = bench_timer_start(period);
}

static void timer_handler(unsigned int irq)
{
	unsigned long now = bench_clock();

	if (irq != bench_timer_irq)
		return;
	if (tick >= WARM_UP_TICKS)
		jitter[tick - WARM_UP_TICKS] = (long)(now - expected_time);
	tick++;
	if (tick < num_ticks + WARM_UP_TICKS)
		start_timer();
}

static void wait_for_tick(unsigned int number)
{
	while (tick < number)
		irq_wait();
}

static int count_exits(unsigned int cpu)
{
	return jailhouse_call_arg2(JAILHOUSE_HC_CPU_GET_INFO, cpu,
				   JAILHOUSE_CPU_INFO_STAT_BASE + JAILHOUSE_CPU_STAT_VMEXITS_TOTAL);
}

void inmate_main(void)
{
	bool jailhouse = bench_under_jailhouse();
	unsigned int cpu = cmdline_parse_int("cpu", cpu_id());
	int exits_before = 0, exits_after = 0;

	num_ticks = cmdline_parse_int("ticks", DEFAULT_TICKS);
	if (num_ticks == 0 || num_ticks > MAX_TICKS)
		num_ticks = DEFAULT_TICKS;
	period = cmdline_parse_int("period-us", DEFAULT_PERIOD_US) * NS_PER_USEC;
	jitter = alloc(num_ticks * sizeof(*jitter), sizeof(*jitter));

	bench_clock_init();
	bench_timer_init(timer_handler);

	start_timer();
	wait_for_tick(WARM_UP_TICKS);
	if (jailhouse)
		exits_before = count_exits(cpu);
	wait_for_tick(num_ticks + WARM_UP_TICKS);
	if (jailhouse)
		exits_after = count_exits(cpu);

	bench_sort(jitter, num_ticks);
	printk("bench timer-jitter min %lld median %lld max %lld ticks %u\n",
	       bench_clock_to_ns(jitter[0]), bench_clock_to_ns(jitter[num_ticks / 2]),
	       bench_clock_to_ns(jitter[num_ticks - 1]), num_ticks);
	if (!jailhouse)
		printk("bench timer-exits skipped\n");
	else if (exits_before < 0 || exits_after < 0)
		printk("bench timer-exits failed: %d\n", exits_before);
	else
		/* The second call counts itself. */
		printk("bench timer-exits %d ticks %u\n", exits_after - exits_before - 1,
		       num_ticks);
	bench_done();
}
