/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Time of operations that a hypervisor may have to handle, in a tight loop:
 *
 *   bench NAME min TICKS median TICKS
 *
 * in ticks of the clock, less the overhead of measuring, which stands in a line of its own. A
 * sample is one operation, or several of the same kind where the clock is coarse: see
 * bench_operations() of the architecture. Under QEMU's -icount the clock counts instructions,
 * 2^shift nanoseconds each.
 *
 * Parameters: samples=N, default 2000; see operations.c for those of an architecture
 */
#include "bench.h"

#define DEFAULT_SAMPLES 2000
#define MAX_SAMPLES     10000

static s64 samples[MAX_SAMPLES];
static unsigned int num_samples;
static s64 overhead;

void bench_measure(const char *name, u32 (*sample)(const struct operands *op),
		   const struct operands *op)
{
	unsigned int n;

	/* The first ones pay for empty caches. */
	for (n = 0; n < num_samples / 16; n++)
		sample(op);
	for (n = 0; n < num_samples; n++)
		samples[n] = sample(op) - overhead;

	bench_sort(samples, num_samples);
	printk("bench %s min %lld median %lld\n", name, samples[0], samples[num_samples / 2]);
}

static void measure_overhead(void)
{
	static const struct operands none;

	bench_measure("overhead", bench_empty, &none);
	overhead = samples[num_samples / 2];
}

void inmate_main(void)
{
	num_samples = cmdline_parse_int("samples", DEFAULT_SAMPLES);
	if (num_samples == 0 || num_samples > MAX_SAMPLES)
		num_samples = DEFAULT_SAMPLES;

	bench_clock_init();
	measure_overhead();
	bench_operations();
	bench_done();
}
