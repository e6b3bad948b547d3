/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Time of a memory access that misses, and of one that hits the caches. */
#include <inmate.h>

#define ROUNDS 10000000UL

static int variable __attribute__((aligned(64)));

static inline u64 time_overhead(void)
{
	u64 start;

	asm volatile("lfence" : : : "memory");
	start = rdtsc();
	asm volatile("lfence" : : : "memory");
	return rdtsc() - start;
}

static inline u64 time_access(void)
{
	u64 start;
	int value;

	asm volatile("lfence" : : : "memory");
	start = rdtsc();
	asm volatile("movl (%1), %0\n\tlfence" : "=r"(value) : "r"(&variable) : "memory");
	return rdtsc() - start;
}

static u64 average_overhead(void)
{
	unsigned long n;
	u64 sum = 0;

	for (n = 0; n < ROUNDS; n++)
		sum += time_overhead();
	return sum / ROUNDS;
}

static u64 average_access(bool flush, u64 overhead)
{
	unsigned long n;
	u64 sum = 0;

	for (n = 0; n < ROUNDS; n++) {
		if (flush)
			asm volatile("clflush (%0)\n\tmfence" : : "r"(&variable) : "memory");
		sum += time_access();
	}
	sum /= ROUNDS;
	return sum > overhead ? sum - overhead : 0;
}

void inmate_main(void)
{
	u64 overhead;

	printk("Measurement rounds: %lu\n", ROUNDS);

	printk("Determining measurement overhead...\n");
	overhead = average_overhead();
	printk("  -> Average measurement overhead: %llu cycles\n", overhead);

	printk("Measuring uncached memory access...\n");
	printk("  -> Average uncached memory access: %llu cycles\n",
	       average_access(true, overhead));

	printk("Measuring cached memory access...\n");
	printk("  -> Average cached memory access: %llu cycles\n", average_access(false, overhead));
}
