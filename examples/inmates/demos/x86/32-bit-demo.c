/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Shows that an inmate may stay in 32-bit mode. */
#include <inmate.h>

void inmate_main(void)
{
	printk("This runs in 32-bit mode (EFER: %llx)\n", read_msr(MSR_EFER));
}
