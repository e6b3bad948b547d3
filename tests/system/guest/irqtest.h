/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Runs of the kernel module of tests/system/module, which only machines with a GIC have. */
#ifndef TESTS_SYSTEM_IRQTEST_H
#define TESTS_SYSTEM_IRQTEST_H

/* Loads it with these parameters, which is the test, and leaves it there for its results. */
void irqtest_begin(const char *parameters);
unsigned long irqtest_result(const char *name);
void irqtest_end(void);

#endif /* !TESTS_SYSTEM_IRQTEST_H */
