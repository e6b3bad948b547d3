/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Time of operations that a hypervisor may have to handle, each one by itself in a tight loop:
 *
 *   bench NAME min TICKS median TICKS
 *
 * in ticks of the TSC, less the overhead of measuring, which stands in a line of its own. Under
 * QEMU's -icount the TSC counts nanoseconds, i.e. 2^shift ticks per instruction.
 *
 * Parameter: samples=N, default 2000
 */
#include "bench.h"

#define DEFAULT_SAMPLES 2000
#define MAX_SAMPLES     10000

#define MSR_X2APIC_TPR 0x808
#define XAPIC_PAGE     0xfee00000UL
#define XAPIC_TPR      0x80

static s64 samples[MAX_SAMPLES];
static unsigned int num_samples;

/**
 * struct operands - registers that the measured instruction uses
 * @ax: EAX, @cx: RCX, @di: RDI, @bx: RBX; EDX is 0
 */
struct operands {
	unsigned long ax, cx, di, bx;
};

/*
 * One sample of an operation. What stands between the two RDTSC besides it is the same for all, so
 * the sample without an operation is the overhead.
 */
#define OPERATION(name, insn)                                                 \
	static u32 name(const struct operands *op)                            \
	{                                                                     \
		register unsigned long ax asm("r9") = op->ax;                 \
		u32 ticks;                                                    \
		asm volatile("rdtsc\n\t"                                      \
			     "mov %%eax, %%r8d\n\t"                           \
			     "mov %%r9d, %%eax\n\t"                           \
			     "xor %%edx, %%edx\n\t" insn "\n\t"               \
			     "rdtsc\n\t"                                      \
			     "sub %%r8d, %%eax"                               \
			     : "=&a"(ticks)                                   \
			     : "r"(ax), "c"(op->cx), "D"(op->di), "b"(op->bx) \
			     : "rdx", "r8", "memory", "cc");                  \
		return ticks;                                                 \
	}

/* CPUID changes RBX and RCX. */
#define CLOBBERING_OPERATION(name, insn)                        \
	static u32 name(const struct operands *op)              \
	{                                                       \
		register unsigned long ax asm("r9") = op->ax;   \
		unsigned long bx = op->bx, cx = op->cx;         \
		u32 ticks;                                      \
		asm volatile("rdtsc\n\t"                        \
			     "mov %%eax, %%r8d\n\t"             \
			     "mov %%r9d, %%eax\n\t"             \
			     "xor %%edx, %%edx\n\t" insn "\n\t" \
			     "rdtsc\n\t"                        \
			     "sub %%r8d, %%eax"                 \
			     : "=&a"(ticks), "+b"(bx), "+c"(cx) \
			     : "r"(ax)                          \
			     : "rdx", "r8", "memory", "cc");    \
		return ticks;                                   \
	}

OPERATION(empty, "")
OPERATION(vmcall, "vmcall")
OPERATION(vmmcall, "vmmcall")
CLOBBERING_OPERATION(do_cpuid, "cpuid")
OPERATION(do_rdmsr, "rdmsr")
OPERATION(do_wrmsr, "wrmsr")
OPERATION(mmio_write, "mov %%eax, (%%rbx)")
OPERATION(mmio_read, "mov (%%rbx), %%eax")
OPERATION(port_read, "mov %%ecx, %%edx\n\tinl %%dx, %%eax")

static s64 overhead;

static void measure(const char *name, u32 (*sample)(const struct operands *op),
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

	measure("overhead", empty, &none);
	overhead = samples[num_samples / 2];
}

static void measure_hypercall(void)
{
	static const struct operands op = {
		.ax = JAILHOUSE_HC_HYPERVISOR_GET_INFO,
		.di = JAILHOUSE_INFO_NUM_CELLS,
	};

	if (!bench_under_jailhouse()) {
		printk("bench hypercall skipped\n");
		return;
	}
	measure("hypercall", jailhouse_use_vmcall ? vmcall : vmmcall, &op);
}

static void measure_cpuid(void)
{
	static const struct operands hypervisor_leaf = {.ax = JAILHOUSE_CPUID_SIGNATURE};
	static const struct operands leaf_0 = {.ax = 0}, leaf_1 = {.ax = 1};

	measure("cpuid-signature", do_cpuid, &hypervisor_leaf);
	measure("cpuid-0", do_cpuid, &leaf_0);
	measure("cpuid-1", do_cpuid, &leaf_1);
}

static void measure_apic_msrs(void)
{
	static const struct operands eoi = {.cx = X2APIC_EOI};
	static const struct operands tpr = {.cx = MSR_X2APIC_TPR};
	char mode[8];

	cmdline_parse_str("apic", mode, sizeof(mode), "msr");
	if (strcmp(mode, "mmio") == 0) {
		printk("bench wrmsr-eoi skipped\n");
		return;
	}
	measure("wrmsr-eoi", do_wrmsr, &eoi);
	measure("wrmsr-tpr", do_wrmsr, &tpr);
	measure("rdmsr-tpr", do_rdmsr, &tpr);
}

static void measure_apic_page(void)
{
	static const struct operands tpr = {.bx = XAPIC_PAGE + XAPIC_TPR};

	if (read_msr(MSR_APICBASE) & APICBASE_X2APIC) {
		printk("bench mmio-tpr skipped\n");
		return;
	}
	map_range((void *)XAPIC_PAGE, PAGE_SIZE, MAP_UNCACHED);
	measure("mmio-tpr", mmio_write, &tpr);
	measure("mmio-tpr-read", mmio_read, &tpr);
}

static void measure_pci(void)
{
	struct operands op = {.bx = comm_region->pci_mmconfig_base};

	if (op.bx == 0) {
		printk("bench mmconfig-read skipped\n");
		return;
	}
	map_range((void *)op.bx, PAGE_SIZE, MAP_UNCACHED);
	measure("mmconfig-read", mmio_read, &op);
}

static void measure_port(void)
{
	struct operands op = {.cx = comm_region->pm_timer_address};

	if (op.cx == 0) {
		printk("bench pm-timer-read skipped\n");
		return;
	}
	measure("pm-timer-read", port_read, &op);
}

void inmate_main(void)
{
	excp_reporting_init();

	num_samples = cmdline_parse_int("samples", DEFAULT_SAMPLES);
	if (num_samples == 0 || num_samples > MAX_SAMPLES)
		num_samples = DEFAULT_SAMPLES;

	printk("bench tsc-khz %lu\n", tsc_init() / 1000);
	measure_overhead();
	measure_hypercall();
	measure_cpuid();
	measure_apic_msrs();
	measure_apic_page();
	measure_pci();
	measure_port();
	bench_done();
}
