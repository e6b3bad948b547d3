/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ARMv7 and ARM64 */
#include <stddef.h>

#include "guest-bench.h"

#define REPEAT 16 /* operations in a sample of exit-bench */

/* The processor tells the frequency of its counter. */
static void adjust_system(struct jailhouse_system *config)
{
	(void)config;
}

const struct bench_arch bench_arch = {
	.cell_4m = "qemu-virt-big",
	/* On ARMv7 CPUs do not come online in time while that tracer is on. */
	.trace_clock = sizeof(long) == 8 ? "mono" : NULL,
	.has_direct_idle = true,
	.adjust_system = adjust_system,
	.operations =
		{
			{"vmexits_hypercall", 2 * REPEAT *EXIT_SAMPLES},
			{"vmexits_mmio", 2 * REPEAT *EXIT_SAMPLES},
			{"vmexits_psci", REPEAT *EXIT_SAMPLES},
			/* And SGI sent and interrupt deactivated, which are accesses of another class with GICv2 */
			{"vmexits_total", 7 * REPEAT *EXIT_SAMPLES},
		},
};
