/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <test.h>

bool all_passed = true;

void expect_equal(u64 a, u64 b, unsigned int line)
{
	if (a == b) {
		printk("Test at line #%d passed\n", line);
		return;
	}
	printk("Test at line #%d FAILED\n", line);
	printk(" %llx != %llx\n", a, b);
	all_passed = false;
}
