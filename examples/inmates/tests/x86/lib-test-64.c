/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Tests of the guest library: interrupts, clocks and page tables of x86. */
#include <test.h>

static volatile unsigned int seen_vector;
static unsigned long long seen_time;

static void irq_handler(unsigned int vector)
{
	seen_time = pm_timer_read();
	seen_vector = vector;
}

static void wait_for_vector(unsigned int vector)
{
	unsigned long long start = pm_timer_read();

	while (seen_vector != vector && pm_timer_read() - start < NS_PER_SEC)
		cpu_relax();
}

static void test_irqs(void)
{
	unsigned long long start;

	irq_init(irq_handler);
	irq_enable(63);
	enable_irqs();
	irq_send_ipi(cpu_id(), 63);
	wait_for_vector(63);
	EXPECT_EQUAL(seen_vector, 63);
	irq_send_ipi(cpu_id(), 32);
	wait_for_vector(32);
	EXPECT_EQUAL(seen_vector, 32);

	/* It may come late on a busy host, but not early. */
	EXPECT_EQUAL(apic_timer_init(40) > 0, true);
	start = pm_timer_read();
	apic_timer_set(20 * NS_PER_MSEC);
	wait_for_vector(40);
	EXPECT_EQUAL(seen_vector, 40);
	EXPECT_EQUAL(seen_time - start >= 19 * NS_PER_MSEC, true);
	disable_irqs();
}

static void test_clocks(void)
{
	unsigned long long pm = pm_timer_read();
	unsigned long tsc_hz = tsc_init(), tsc = tsc_read_ns();
	long long difference;

	EXPECT_EQUAL(tsc_hz, comm_region->tsc_khz * 1000UL);
	delay_us(50000);
	pm = pm_timer_read() - pm;
	difference = (tsc_read_ns() - tsc) - pm;
	EXPECT_EQUAL(pm >= 50 * NS_PER_MSEC, true);
	EXPECT_EQUAL(difference < (long long)pm / 4 && difference > -(long long)pm / 4, true);
}

/* Over an existing mapping, then at a place that needs new tables; nothing is accessed there. */
static void test_mapping(void)
{
	unsigned long before;

	map_range((void *)0, HUGE_PAGE_SIZE, MAP_CACHED);
	EXPECT_EQUAL(comm_region->revision, COMM_REGION_ABI_REVISION);
	before = heap_pos;
	map_range((void *)0x8000000000UL, HUGE_PAGE_SIZE + 1, MAP_UNCACHED);
	EXPECT_EQUAL(heap_pos - before >= 2 * PAGE_SIZE, true);
	before = heap_pos;
	map_range((void *)0x8000000000UL, PAGE_SIZE, MAP_UNCACHED);
	EXPECT_EQUAL(heap_pos, before);
}

void test_arch(void);
void test_arch(void)
{
	test_irqs();
	test_clocks();
	test_mapping();
}
