/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Runs of the kernel module of tests/system/module, which only machines with a GIC have. */
#ifndef TESTS_SYSTEM_IRQTEST_H
#define TESTS_SYSTEM_IRQTEST_H

#include <stdbool.h>

/* Loads it with these parameters, which is the test, and leaves it there for its results. */
void irqtest_begin(const char *parameters);
/* The same, for a process beside the test; returns 0 or a negative errno, when the module is through with it. */
int irqtest_load(const char *parameters);
/* Does it do something already? From then on, results can be read and parameters changed. */
bool irqtest_is_there(void);
unsigned long irqtest_result(const char *name);
void irqtest_tell(const char *name, const char *value);
void irqtest_end(void);

#endif /* !TESTS_SYSTEM_IRQTEST_H */
