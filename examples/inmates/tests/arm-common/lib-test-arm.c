/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Tests of the guest library: interrupts, clocks and page tables of ARM. */
#include <test.h>
#include <gic.h>

#define MSEC_TICKS (timer_get_frequency() / 1000)

/* A place in an area without page tables; nothing is accessed there. */
#define FAR_ADDRESS 0xc0000000UL

#define NO_IRQ 99

static volatile unsigned int seen_irq = NO_IRQ;
static u64 seen_time;

static void irq_handler(unsigned int irq)
{
	seen_time = timer_get_ticks();
	seen_irq = irq;
	/* Level-triggered, so it has to be taken away. */
	if (irq == TIMER_IRQ)
		timer_start(0x7fffffff);
}

static void wait_for_irq(unsigned int irq)
{
	u64 start = timer_get_ticks();

	while (seen_irq != irq && timer_get_ticks() - start < 1000 * MSEC_TICKS)
		cpu_relax();
}

static void test_irqs(void)
{
	u64 start;

	irq_init(irq_handler);
	irq_enable(0);
	irq_enable(15);
	enable_irqs();
	irq_send_ipi(cpu_id(), 15);
	wait_for_irq(15);
	EXPECT_EQUAL(seen_irq, 15);
	irq_send_ipi(cpu_id(), 0);
	wait_for_irq(0);
	EXPECT_EQUAL(seen_irq, 0);

	/* Not enabled: does not come. */
	seen_irq = NO_IRQ;
	timer_start(0);
	delay_us(20000);
	EXPECT_EQUAL(seen_irq, NO_IRQ);

	/* It may come late on a busy host, but not early. */
	irq_enable(TIMER_IRQ);
	start = timer_get_ticks();
	seen_irq = NO_IRQ;
	timer_start(20 * MSEC_TICKS);
	wait_for_irq(TIMER_IRQ);
	EXPECT_EQUAL(seen_irq, TIMER_IRQ);
	EXPECT_EQUAL(seen_time - start >= 20 * MSEC_TICKS, true);

	/* Held back while interrupts are off. */
	disable_irqs();
	seen_irq = NO_IRQ;
	irq_send_ipi(cpu_id(), 15);
	delay_us(20000);
	EXPECT_EQUAL(seen_irq, NO_IRQ);
	enable_irqs();
	wait_for_irq(15);
	EXPECT_EQUAL(seen_irq, 15);
	disable_irqs();
}

static void test_clocks(void)
{
	unsigned long hz = timer_get_frequency();
	u64 start = timer_get_ticks();

	delay_us(50000);
	EXPECT_EQUAL(timer_ticks_to_ns(timer_get_ticks() - start) >= 50 * NS_PER_MSEC, true);
	EXPECT_EQUAL(timer_ticks_to_ns(0), 0);
	EXPECT_EQUAL(timer_ticks_to_ns(hz), NS_PER_SEC);
	EXPECT_EQUAL(timer_ticks_to_ns(1), NS_PER_SEC / hz);
	/* A year */
	EXPECT_EQUAL(timer_ticks_to_ns(hz * 31536000ULL + hz / 2),
		     31536000ULL * NS_PER_SEC + NS_PER_SEC / 2);
}

/* Over an existing mapping, then at a place that needs a new table, then there again. */
static void test_mapping(void)
{
	unsigned long before;

	map_range(comm_region, PAGE_SIZE, MAP_CACHED);
	EXPECT_EQUAL(comm_region->revision, COMM_REGION_ABI_REVISION);
	before = heap_pos;
	map_range((void *)FAR_ADDRESS, HUGE_PAGE_SIZE + 1, MAP_UNCACHED);
	EXPECT_EQUAL(heap_pos - before >= PAGE_SIZE, true);
	before = heap_pos;
	map_range((void *)FAR_ADDRESS, PAGE_SIZE, MAP_UNCACHED);
	EXPECT_EQUAL(heap_pos, before);
}

static void test_pci(void)
{
	pci_init();
	/* Buses that the window of a cell does not have */
	EXPECT_EQUAL(pci_read_config(0x100, PCI_CFG_VENDOR_ID, 4), 0xffffffff);
	if (!comm_region->pci_mmconfig_base)
		EXPECT_EQUAL(pci_find_device(PCI_ID_ANY, PCI_ID_ANY, 0), -1);
}

void test_exceptions(void);
void test_arch(void);
void test_arch(void)
{
	test_irqs();
	test_clocks();
	test_mapping();
	test_pci();
	test_exceptions();
}
