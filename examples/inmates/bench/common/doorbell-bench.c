/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Doorbells, on the first link with protocol "undefined":
 *
 *   bench doorbell-overhead min NS median NS
 *   bench doorbell min NS median NS
 *   bench doorbell-exits-awake TOTAL rings N
 *   bench doorbell-exits-armed TOTAL rings N
 *
 * The first two lines are of so many rings each as the clock needs (BENCH_CLOCK_REPEAT), from the
 * access to the register to the first instructions of the handler: this CPU rings its own doorbell,
 * so all that the sender and the receiver execute stands in one row, and the sender's way back from
 * the hypervisor besides.
 *
 * Then peer 0 rings whenever it finds in the first word of this one's output section that all of its
 * interrupts came, and in the second one that there are to be more; 0 there ends it. RINGS times the
 * device is enabled all the time, and RINGS more in one-shot mode, enabled anew after each. Those
 * are exits of this CPU meanwhile.
 *
 * Parameters: samples=N, default 500; cpu=N, the logical number of this CPU for the count of exits,
 * default its cpu_id()
 */
#include <ivshmem.h>
#include <jailhouse/cell-config.h>
#include "bench.h"

#define NAME        "doorbell-bench"
#define RINGS       64
#define MAX_SAMPLES 10000
#define RINGER      0

static struct ivshmem link;
static volatile u32 *report;
static s64 samples[MAX_SAMPLES];
static unsigned int num_samples, cpu;
static volatile unsigned int came;
static volatile unsigned long arrival;

static void handler(unsigned int irq)
{
	unsigned long now = bench_clock();

	if (irq < link.irq || irq >= link.irq + link.vectors)
		return;
	arrival = now;
	came++;
}

/*
 * The clock may have longer ticks than instructions, so samples begin anywhere in them: by chance, as
 * any pattern may fit the length of what is measured. However long a compiler makes the rounds of these
 * loops, those of one of them are an odd number of instructions.
 */
static void dither(void)
{
	static u32 number;
	u32 n;

	number = number * 1664525 + 1013904223; /* Knuth, The Art of Computer Programming 2, 3.3.4 */
	for (n = number >> 28; n; n--)
		asm volatile("nop" : : : "memory");
	for (n = number >> 24 & 0xf; n; n--)
		asm volatile("nop\n\tnop" : : : "memory");
}

static long ring_own(void)
{
	const unsigned int before = came;
	unsigned long start = bench_clock();

	mmio_write32(link.regs + JAILHOUSE_IVSHMEM_REG_DOORBELL,
		     JAILHOUSE_IVSHMEM_DOORBELL(link.at.id, 0));
	while (came == before)
		cpu_relax();
	return arrival - start;
}

static long ring_nobody(void)
{
	unsigned long start = bench_clock();

	return bench_clock() - start;
}

static void measure(const char *name, long (*ring)(void))
{
	unsigned int n, k;

	for (n = 0; n < num_samples; n++)
		for (samples[n] = 0, k = 0; k < BENCH_CLOCK_REPEAT; k++) {
			dither();
			samples[n] += ring();
		}
	bench_sort(samples, num_samples);
	printk("bench %s min %lld median %lld\n", name, bench_clock_to_ns(samples[0]),
	       bench_clock_to_ns(samples[num_samples / 2]));
}

static int count_exits(void)
{
	return jailhouse_call_arg2(JAILHOUSE_HC_CPU_GET_INFO, cpu,
				   JAILHOUSE_CPU_INFO_STAT_BASE + JAILHOUSE_CPU_STAT_VMEXITS_TOTAL);
}

/* Nothing but the interrupts may be an exit here. The second count counts itself. */
static void take(const char *name, bool oneshot, unsigned int first)
{
	unsigned int n;
	int before, after;

	pci_write_config(link.bdf, JAILHOUSE_IVSHMEM_CFG_PRIV_CNTL,
			 oneshot ? JAILHOUSE_IVSHMEM_PRIV_ONESHOT : 0, 1);
	ivshmem_arm(&link);
	came = 0;
	before = count_exits();
	__atomic_store_n(&report[1], first + RINGS, __ATOMIC_RELEASE);
	for (n = 1; n <= RINGS; n++) {
		while (came < n)
			cpu_relax();
		if (oneshot)
			ivshmem_arm(&link);
		__atomic_store_n(&report[0], first + n, __ATOMIC_RELEASE);
	}
	after = count_exits();
	printk("bench %s %d rings %u\n", name, after - before - 1, RINGS);
}

void inmate_main(void)
{
	const char *wrong;
	int bdf;

	num_samples = cmdline_parse_int("samples", 500);
	if (num_samples == 0 || num_samples > MAX_SAMPLES)
		num_samples = MAX_SAMPLES;
	cpu = cmdline_parse_int("cpu", cpu_id());

	pci_init();
	bdf = ivshmem_find(JAILHOUSE_SHMEM_PROTO_UNDEFINED);
	wrong = bdf < 0 ? "there is no link" : ivshmem_open(&link, bdf);
	if (wrong) {
		printk(NAME ": refused: %s\n", wrong);
		stop();
	}
	report = ivshmem_output(&link, link.at.id);
	bench_clock_init();
	ivshmem_irq_handle(&link, 0, handler);
	pci_write_config(bdf, JAILHOUSE_IVSHMEM_CFG_PRIV_CNTL, 0, 1);
	ivshmem_arm(&link);
	enable_irqs();
	measure("doorbell-overhead", ring_nobody);
	measure("doorbell", ring_own);
	printk("bench doorbell-repeat repeat %u\n", BENCH_CLOCK_REPEAT);
	take("doorbell-exits-awake", false, 0);
	take("doorbell-exits-armed", true, RINGS);
	__atomic_store_n(&report[1], 0, __ATOMIC_RELEASE);
	/* Its communication region may be one that it can't write to. */
	printk("bench done\n");
	stop();
}
