/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The smallest inmate that shows something: prints the time of the timer's counter for ten seconds. */
#include <inmate.h>

void inmate_main(void)
{
	unsigned int n;

	printk("Hello from this tiny cell!\n");

	for (n = 0; n < 10; n++) {
		delay_us(1000 * 1000);
		printk("Timer: %11llu\n", timer_ticks_to_ns(timer_get_ticks()));
	}
}
