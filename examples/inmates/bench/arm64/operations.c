/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Operations on ARM64. Ticks of the counter are long, so a sample is REPEAT operations. Operands: a
 * to c: registers 0 to 2 before each of them.
 *
 * Parameter: cpu=N, the logical number of this CPU for CPU_GET_INFO, default its cpu_id()
 */
#include <gic.h>
#include "bench.h"

#define REPEAT BENCH_CLOCK_REPEAT

#define PSCI_VERSION 0x84000000
#define GICD_TYPER   0x004
#define GICD_SIZE    0x1000
#define ICC_DIR_EL1  S3_0_C12_C11_1
#define CTLR_EOIMODE 2
#define SGI1R_IRQ    24
#define SGIR_SELF    (2 << 24)
/* Of interrupts 32 to 63: in GICv3 the distributor has no others */
#define GICD_ISENABLER1 (GICD_ISENABLER + 4)

#define OPERATION(name, insn)                                                                     \
	static u32 name(const struct operands *op)                                                \
	{                                                                                         \
		u64 start, end;                                                                   \
		asm volatile("isb\n\t"                                                            \
			     "mrs %0, cntvct_el0\n\t"                                             \
			     ".rept " __stringify(REPEAT) "\n\t"                                  \
							  "mov x0, %2\n\t"                        \
							  "mov x1, %3\n\t"                        \
							  "mov x2, %4\n\t" insn "\n\t"            \
							  ".endr\n\t"                             \
							  "isb\n\t"                               \
							  "mrs %1, cntvct_el0"                    \
			     : "=&r"(start), "=&r"(end)                                           \
			     : "r"(op->a), "r"(op->b), "r"(op->c)                                 \
			     : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", \
			       "x11", "x12", "x13", "x14", "x15", "x16", "x17", "memory");        \
		return end - start;                                                               \
	}

OPERATION(nothing, "")
OPERATION(hypercall, JAILHOUSE_HVC)
OPERATION(firmware_call, "smc #0")
OPERATION(write_sgi1r, "msr " __stringify(ICC_SGI1R_EL1) ", x0")
OPERATION(write_dir, "msr " __stringify(ICC_DIR_EL1) ", x0")
OPERATION(read_register, "ldr w0, [x1]")
OPERATION(write_register, "str w0, [x1]")

u32 bench_empty(const struct operands *op)
{
	return nothing(op);
}

static void measure_calls(void)
{
	static const struct operands get_info = {
		.a = JAILHOUSE_HC_HYPERVISOR_GET_INFO,
		.b = JAILHOUSE_INFO_NUM_CELLS,
	};
	static const struct operands version = {.a = PSCI_VERSION};
	struct operands cpu_info = {
		.a = JAILHOUSE_HC_CPU_GET_INFO,
		.c = JAILHOUSE_CPU_INFO_STAT_BASE + JAILHOUSE_CPU_STAT_VMEXITS_TOTAL,
	};

	cpu_info.b = cmdline_parse_int("cpu", cpu_id());
	bench_measure("psci-version", firmware_call, &version);
	if (!bench_under_jailhouse()) {
		printk("bench hypercall skipped\nbench cpu-get-info skipped\n");
		return;
	}
	bench_measure("hypercall", hypercall, &get_info);
	bench_measure("cpu-get-info", hypercall, &cpu_info);
}

/* Interrupts are off, so the one that this CPU sends itself just stays pending. */
static void measure_interface_v3(void)
{
	struct operands sgi = {.a = (u64)INMATE_IPI << SGI1R_IRQ};
	static const struct operands dir = {.a = TIMER_IRQ};
	unsigned int cpu = cpu_id();

	sgi.a |= (u64)(cpu >> 16 & 0xff) << 32 | (cpu >> 8 & 0xff) << 16 | 1U << (cpu & 0xf);
	bench_measure("sgi", write_sgi1r, &sgi);
	/* As those use it whose end of interrupt only drops the priority */
	arm_write_sysreg(ICC_CTLR_EL1, CTLR_EOIMODE);
	instruction_barrier();
	bench_measure("dir", write_dir, &dir);
	arm_write_sysreg(ICC_CTLR_EL1, 0);
	instruction_barrier();
}

static void measure_distributor(void)
{
	unsigned long base = comm_region->gicd_base;
	const struct operands typer = {.b = base + GICD_TYPER};
	const struct operands enable = {.b = base + GICD_ISENABLER1};
	const struct operands sgi = {.a = SGIR_SELF | INMATE_IPI, .b = base + GICD_SGIR};

	map_range((void *)base, GICD_SIZE, MAP_UNCACHED);
	bench_measure("gicd-typer", read_register, &typer);
	bench_measure("gicd-isenabler", read_register, &enable);
	if (comm_region->gic_version < 3)
		bench_measure("sgi", write_register, &sgi);
}

static void no_interrupt(unsigned int irq)
{
	(void)irq;
}

void bench_operations(void)
{
	disable_irqs();
	irq_init(no_interrupt);
	printk("bench repeat %u\n", REPEAT);
	measure_calls();
	measure_distributor();
	if (comm_region->gic_version >= 3)
		measure_interface_v3();
	/* One that is still pending would not let this CPU sleep. */
	enable_irqs();
	instruction_barrier();
}
