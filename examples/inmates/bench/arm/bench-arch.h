/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What operations.c has to know of ARMv7: instructions and registers, as text. */
#ifndef BENCH_ARCH_H
#define BENCH_ARCH_H

/* Operand n, which has 32 bits */
#define BENCH_REG(n)    "r" #n
#define BENCH_REG32(n)  "r" #n
/* What the caller of the hypervisor or the firmware may lose (SMCCC) */
#define BENCH_CLOBBERED "r0", "r1", "r2", "r3", "r12"

/* CNTVCT, its lower half */
#define BENCH_COUNT(to)   "mrrc p15, 1, " to ", r12, c14"
#define BENCH_SMC         ".arch_extension sec\n\tsmc #0"
/* ICC_SGI1R, ICC_DIR (ARM IHI 0069, 12.3) */
#define BENCH_WRITE_SGI1R "mcrr p15, 0, r0, r1, c12"
#define BENCH_WRITE_DIR   "mcr p15, 0, r0, c12, c11, 1"

#endif /* !BENCH_ARCH_H */
