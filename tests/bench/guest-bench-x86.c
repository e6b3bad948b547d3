/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "guest-bench.h"

/* What -icount shift=2 makes of both clocks */
#define CLOCK_KHZ 1000000

static void adjust_system(struct jailhouse_system *config)
{
	config->platform_info.x86.tsc_khz = CLOCK_KHZ;
	config->platform_info.x86.apic_khz = CLOCK_KHZ;
}

const struct bench_arch bench_arch = {
	.cell_4m = "qemu-q35-big",
	.trace_clock = "x86-tsc",
	.adjust_system = adjust_system,
	.operations =
		{
			{"vmexits_hypercall", EXIT_SAMPLES},
			{"vmexits_cpuid", 3 * EXIT_SAMPLES},
			{"vmexits_xapic", EXIT_SAMPLES},
		},
};
