/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Common parts of the measuring inmates. */
#ifndef BENCH_H
#define BENCH_H

#include <inmate.h>

/** bench_sort() - sort numbers, lowest first */
void bench_sort(s64 *values, unsigned int num);

/** bench_under_jailhouse() - true if the hypervisor below answers to its CPUID leaf */
bool bench_under_jailhouse(void);

/** bench_done() - tell that nothing more will come, and end the cell */
void bench_done(void) __attribute__((noreturn));

#endif /* !BENCH_H */
