/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Measures by how much timer interrupts come late, and shows how a cell takes part in its own
 * shutdown: it is locked while it runs, and denies the first request.
 *
 * Parameters: led-reg and led-pin name a bit of a device register that is toggled with each
 * interrupt.
 */
#include <inmate.h>
#include <gic.h>
#include "../common/timer-demo.h"

#define TICKS_PER_SECOND 10

static u64 expected_ticks, period;
static unsigned long min_jitter = ~0UL, max_jitter;

static void start_timer(void)
{
	expected_ticks = timer_get_ticks() + period;
	timer_start(period);
}

static void timer_handler(unsigned int irq)
{
	unsigned long jitter;

	if (irq != TIMER_IRQ)
		return;

	jitter = timer_ticks_to_ns(timer_get_ticks() - expected_ticks);
	if (jitter < min_jitter)
		min_jitter = jitter;
	if (jitter > max_jitter)
		max_jitter = jitter;
	printk("Timer fired, jitter: %6ld ns, min: %6ld ns, max: %6ld ns\n", jitter, min_jitter,
	       max_jitter);

	led_toggle();
	start_timer();
}

void inmate_main(void)
{
	comm_region->cell_state = JAILHOUSE_CELL_RUNNING_LOCKED;

	led_init();

	printk("Initializing the GIC...\n");
	irq_init(timer_handler);
	irq_enable(TIMER_IRQ);

	printk("Initializing the timer...\n");
	period = timer_get_frequency() / TICKS_PER_SECOND;
	start_timer();
	enable_irqs();

	while (handle_message())
		asm volatile("wfi" : : : "memory");

	disable_irqs();
	printk("Stopped GIC demo\n");
	comm_region->cell_state = JAILHOUSE_CELL_SHUT_DOWN;
}
