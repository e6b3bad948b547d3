/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Operations on ARM. Ticks of the counter are long, so a sample is REPEAT operations. Operands: a to
 * c: registers 0 to 2 before each of them.
 *
 * Parameter: cpu=N, the logical number of this CPU for CPU_GET_INFO, default its cpu_id()
 */
#include <gic.h>
#include "bench.h"
#include "bench-arch.h"

#define REPEAT BENCH_CLOCK_REPEAT

#define PSCI_VERSION 0x84000000
#define GICD_TYPER   0x004
#define GICD_SIZE    0x1000
#define CTLR_EOIMODE 2
#define GICC_CTLR    0x0000
#define GICC_DIR     0x1000
#define GICC_EOIMODE (1 << 9)
#define GICC_SIZE    0x2000
#define SGI1R_IRQ    24
#define SGIR_SELF    (2 << 24)
/* Of interrupts 32 to 63: in GICv3 the distributor has no others */
#define GICD_ISENABLER1 (GICD_ISENABLER + 4)

#define OPERATION(name, insn)                                                                     \
	static u32 name(const struct operands *op)                                                \
	{                                                                                         \
		unsigned long start, end;                                                         \
		asm volatile("isb\n\t" BENCH_COUNT("%0") "\n\t"                                  \
			     ".rept " __stringify(REPEAT) "\n\t"                                  \
			     "mov " BENCH_REG(0) ", %2\n\t"                                       \
			     "mov " BENCH_REG(1) ", %3\n\t"                                       \
			     "mov " BENCH_REG(2) ", %4\n\t" insn "\n\t"                           \
			     ".endr\n\t"                                                          \
			     "isb\n\t" BENCH_COUNT("%1")                                          \
			     : "=&r"(start), "=&r"(end)                                           \
			     : "r"(op->a), "r"(op->b), "r"(op->c)                                 \
			     : BENCH_CLOBBERED, "memory");                                        \
		return end - start;                                                               \
	}

OPERATION(nothing, "")
OPERATION(hypercall, JAILHOUSE_HVC)
OPERATION(firmware_call, BENCH_SMC)
OPERATION(write_sgi1r, BENCH_WRITE_SGI1R)
OPERATION(write_dir, BENCH_WRITE_DIR)
OPERATION(read_register, "ldr " BENCH_REG32(0) ", [" BENCH_REG(1) "]")
OPERATION(write_register, "str " BENCH_REG32(0) ", [" BENCH_REG(1) "]")

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

/*
 * Interrupts are off, so the one that this CPU sends itself just stays pending. What is deactivated are those of which
 * the end of interrupt only drops the priority.
 */
static void measure_interface_v2(void)
{
	unsigned long base = comm_region->gicc_base;
	const struct operands sgi = {.a = SGIR_SELF | INMATE_IPI, .b = comm_region->gicd_base + GICD_SGIR};
	const struct operands dir = {.a = TIMER_IRQ, .b = base + GICC_DIR};
	u32 control;

	bench_measure("sgi", write_register, &sgi);
	map_range((void *)base, GICC_SIZE, MAP_UNCACHED);
	control = mmio_read32((void *)(base + GICC_CTLR));
	mmio_write32((void *)(base + GICC_CTLR), control | GICC_EOIMODE);
	bench_measure("dir", write_register, &dir);
	mmio_write32((void *)(base + GICC_CTLR), control);
}

static void measure_interface_v3(void)
{
	static const struct operands dir = {.a = TIMER_IRQ};
	unsigned int cpu = cpu_id();
	u64 value = (u64)(cpu >> 16 & 0xff) << 32 | INMATE_IPI << SGI1R_IRQ |
		    (cpu >> 8 & 0xff) << 16 | 1U << (cpu & 0xf);
	/* In one register or in two */
	const struct operands sgi = {.a = value, .b = value >> 32};

	bench_measure("sgi", write_sgi1r, &sgi);
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

	map_range((void *)base, GICD_SIZE, MAP_UNCACHED);
	bench_measure("gicd-typer", read_register, &typer);
	bench_measure("gicd-isenabler", read_register, &enable);
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
	else
		measure_interface_v2();
	/* One that is still pending would not let this CPU sleep. */
	enable_irqs();
	instruction_barrier();
}
