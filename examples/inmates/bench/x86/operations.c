/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Operations on x86, each one by itself between two reads of the TSC. Operands: a: EAX, b: RBX, c:
 * RCX, d: RDI; EDX is 0.
 */
#include "bench.h"

#define MSR_X2APIC_TPR 0x808
#define XAPIC_PAGE     0xfee00000UL
#define XAPIC_TPR      0x80

/*
 * One sample of an operation. What stands between the two RDTSC besides it is the same for all, so
 * the sample without an operation is the overhead.
 */
#define OPERATION(name, insn)                                              \
	static u32 name(const struct operands *op)                         \
	{                                                                  \
		register unsigned long ax asm("r9") = op->a;               \
		u32 ticks;                                                 \
		asm volatile("rdtsc\n\t"                                   \
			     "mov %%eax, %%r8d\n\t"                        \
			     "mov %%r9d, %%eax\n\t"                        \
			     "xor %%edx, %%edx\n\t" insn "\n\t"            \
			     "rdtsc\n\t"                                   \
			     "sub %%r8d, %%eax"                            \
			     : "=&a"(ticks)                                \
			     : "r"(ax), "c"(op->c), "D"(op->d), "b"(op->b) \
			     : "rdx", "r8", "memory", "cc");               \
		return ticks;                                              \
	}

/* CPUID changes RBX and RCX. */
#define CLOBBERING_OPERATION(name, insn)                        \
	static u32 name(const struct operands *op)              \
	{                                                       \
		register unsigned long ax asm("r9") = op->a;    \
		unsigned long bx = op->b, cx = op->c;           \
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

OPERATION(vmcall, "vmcall")
OPERATION(vmmcall, "vmmcall")
CLOBBERING_OPERATION(do_cpuid, "cpuid")
OPERATION(do_rdmsr, "rdmsr")
OPERATION(do_wrmsr, "wrmsr")
OPERATION(mmio_write, "mov %%eax, (%%rbx)")
OPERATION(mmio_read, "mov (%%rbx), %%eax")
OPERATION(port_read, "mov %%ecx, %%edx\n\tinl %%dx, %%eax")

OPERATION(nothing, "")

u32 bench_empty(const struct operands *op)
{
	return nothing(op);
}

static void measure_hypercall(void)
{
	static const struct operands op = {
		.a = JAILHOUSE_HC_HYPERVISOR_GET_INFO,
		.d = JAILHOUSE_INFO_NUM_CELLS,
	};

	if (!bench_under_jailhouse()) {
		printk("bench hypercall skipped\n");
		return;
	}
	bench_measure("hypercall", jailhouse_use_vmcall ? vmcall : vmmcall, &op);
}

static void measure_cpuid(void)
{
	static const struct operands hypervisor_leaf = {.a = JAILHOUSE_CPUID_SIGNATURE};
	static const struct operands leaf_0 = {.a = 0}, leaf_1 = {.a = 1};

	bench_measure("cpuid-signature", do_cpuid, &hypervisor_leaf);
	bench_measure("cpuid-0", do_cpuid, &leaf_0);
	bench_measure("cpuid-1", do_cpuid, &leaf_1);
}

static void measure_apic_msrs(void)
{
	static const struct operands eoi = {.c = X2APIC_EOI};
	static const struct operands tpr = {.c = MSR_X2APIC_TPR};
	char mode[8];

	cmdline_parse_str("apic", mode, sizeof(mode), "msr");
	if (strcmp(mode, "mmio") == 0) {
		printk("bench wrmsr-eoi skipped\n");
		return;
	}
	bench_measure("wrmsr-eoi", do_wrmsr, &eoi);
	bench_measure("wrmsr-tpr", do_wrmsr, &tpr);
	bench_measure("rdmsr-tpr", do_rdmsr, &tpr);
}

static void measure_apic_page(void)
{
	static const struct operands tpr = {.b = XAPIC_PAGE + XAPIC_TPR};

	if (read_msr(MSR_APICBASE) & APICBASE_X2APIC) {
		printk("bench mmio-tpr skipped\n");
		return;
	}
	map_range((void *)XAPIC_PAGE, PAGE_SIZE, MAP_UNCACHED);
	bench_measure("mmio-tpr", mmio_write, &tpr);
	bench_measure("mmio-tpr-read", mmio_read, &tpr);
}

static void measure_pci(void)
{
	struct operands op = {.b = comm_region->pci_mmconfig_base};

	if (op.b == 0) {
		printk("bench mmconfig-read skipped\n");
		return;
	}
	map_range((void *)op.b, PAGE_SIZE, MAP_UNCACHED);
	bench_measure("mmconfig-read", mmio_read, &op);
}

static void measure_port(void)
{
	struct operands op = {.c = comm_region->pm_timer_address};

	if (op.c == 0) {
		printk("bench pm-timer-read skipped\n");
		return;
	}
	bench_measure("pm-timer-read", port_read, &op);
}

void bench_operations(void)
{
	measure_hypercall();
	measure_cpuid();
	measure_apic_msrs();
	measure_apic_page();
	measure_pci();
	measure_port();
}
