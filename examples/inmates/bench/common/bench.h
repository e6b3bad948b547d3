/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Common parts of the measuring inmates, and what each architecture has to provide. */
#ifndef BENCH_H
#define BENCH_H

#include <inmate.h>

/** bench_sort() - sort numbers, lowest first */
void bench_sort(s64 *values, unsigned int num);

/** bench_done() - tell that nothing more will come, and end the cell */
void bench_done(void) __attribute__((noreturn));

/** struct operands - values of the registers that a measured instruction uses; see operations.c */
struct operands {
	unsigned long a, b, c, d;
};

/**
 * bench_measure() - print the lowest and the median time of an operation
 * @name: of the operation
 * @sample: does it, and returns the ticks that it took
 * @op: for it
 */
void bench_measure(const char *name, u32 (*sample)(const struct operands *op),
		   const struct operands *op);

/* ---- of each architecture: clock.c ---- */

/** bench_under_jailhouse() - true if there is the hypervisor below */
bool bench_under_jailhouse(void);

/* So many short operations make a sample that is long enough for the clock. */
#ifdef __x86_64__
#define BENCH_CLOCK_REPEAT 1
#else
#define BENCH_CLOCK_REPEAT 16
#endif

/** bench_clock_init() - make the clock usable, and print its frequency */
void bench_clock_init(void);
/** bench_clock() - what the clock shows, in its ticks; wraps around */
unsigned long bench_clock(void);
/** bench_clock_to_ns() - ticks in nanoseconds; may take long, so not to be used while measuring */
s64 bench_clock_to_ns(s64 ticks);

/** bench_timer_init() - let the timer of this CPU raise bench_timer_irq; interrupts are off
 * afterwards */
void bench_timer_init(irq_handler_t handler);
extern const unsigned int bench_timer_irq;
/** bench_timer_start() - one shot, in @period nanoseconds. Return: when it will expire, by the
 * clock */
unsigned long bench_timer_start(unsigned long long period);

/* ---- of each architecture: operations.c ---- */

/** bench_empty() - a sample of nothing: what measuring itself takes */
u32 bench_empty(const struct operands *op);
/** bench_operations() - calls bench_measure() for each operation */
void bench_operations(void);

#endif /* !BENCH_H */
