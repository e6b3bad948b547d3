/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What operations.c has to know of ARM64: instructions and registers, as text. */
#ifndef BENCH_ARCH_H
#define BENCH_ARCH_H

#include <arch/gic.h>

#define ICC_DIR_EL1 S3_0_C12_C11_1

/* Operand n, and its lower half */
#define BENCH_REG(n)    "x" #n
#define BENCH_REG32(n)  "w" #n
/* What the caller of the hypervisor or the firmware may lose (SMCCC) */
#define BENCH_CLOBBERED                                                                        \
	"x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", \
		"x14", "x15", "x16", "x17"

/* The virtual counter, to a register of the width of a long */
#define BENCH_COUNT(to)   "mrs " to ", cntvct_el0"
#define BENCH_SMC         "smc #0"
#define BENCH_WRITE_SGI1R "msr " __stringify(ICC_SGI1R_EL1) ", x0"
#define BENCH_WRITE_DIR   "msr " __stringify(ICC_DIR_EL1) ", x0"

#endif /* !BENCH_ARCH_H */
