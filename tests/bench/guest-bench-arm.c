/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Memory only: this Linux cannot run where instructions are counted (scripts/lib/bench.sh). */
#include "guest-bench.h"

/* The processor tells the frequency of its counter. */
static void adjust_system(struct jailhouse_system *config)
{
	(void)config;
}

const struct bench_arch bench_arch = {
	.cell_4m = "qemu-virt-big",
	.trace_clock = "mono",
	.has_direct_idle = true,
	.adjust_system = adjust_system,
};
