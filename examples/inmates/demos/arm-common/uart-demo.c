/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Prints a line again and again, with nothing in between but a busy wait. */
#include <inmate.h>

void inmate_main(void)
{
	unsigned int n;

	for (n = 1;; n++) {
		printk("Hello %d from cell!\n", n);
		delay_us(500 * 1000);
	}
}
