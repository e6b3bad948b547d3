/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ARMv7 part of hostile.h. */
#ifndef HOSTILE_ARCH_H
#define HOSTILE_ARCH_H

#include "hostile-arm.h"

/* Kinds of exceptions: their vectors */
#define TRAP_UNDEFINED VECTOR_UNDEFINED
#define TRAP_SVC32     VECTOR_SVC
#define TRAP_INSN      VECTOR_PREFETCH_ABORT
#define TRAP_DATA      VECTOR_DATA_ABORT
#define TRAP_ILLEGAL   0x0e /* only on ARM64 */

#define trap_pc() ((void *)trap_frame.pc)

/** mask_all() - no interrupt or asynchronous abort is taken from now on */
static inline void mask_all(void)
{
	asm volatile("cpsid aif" : : : "memory");
}

/* In two halves, as a hypervisor is not told about STRD in full */
static inline void mmio_write64(void *address, u64 value)
{
	mmio_write32(address, value);
	mmio_write32((u8 *)address + 4, value >> 32);
}

/* Registers that the library does not have, and names as on ARM64 */
#define ICC_DIR_EL1    CP15_32(0, c12, c11, 1)
#define ICC_RPR_EL1    CP15_32(0, c12, c11, 3)
#define ICC_SGI0R_EL1  CP15_64(2, c12)
#define ICC_ASGI1R_EL1 CP15_64(1, c12)
#define ICC_BPR1_EL1   CP15_32(0, c12, c12, 3)
#define ICC_AP1R0_EL1  CP15_32(0, c12, c9, 0)
#define CNTP_CTL_EL0   CP15_32(0, c14, c2, 1)
#define CNTP_CVAL_EL0  CP15_64(2, c14)
#define TTBR0_EL1      TTBR0

#define CPACR_FP    (0xf << 20)
#define FPEXC_EN    (1 << 30)
#define CPSR_MASKED (7 << 6)

/* Asynchronous aborts, FIQs and interrupts masked */
#define USER_32 (CPSR_MASKED | 0x10)

#define SCTLR_RESET	0x00c50838 /* MMU and caches off */
#define VECTORS_NOWHERE 0x7f000000 /* mapped by no table */

static inline void undefined_instruction(void)
{
	asm volatile("udf #0" : : : "memory");
}

static inline void hvc_1(void)
{
	asm volatile(".arch_extension virt\n\thvc #1" : : : "memory");
}

/** smc_with_numbers() - the same call three times, with numbers in the instruction. Return: the last result */
static inline unsigned long smc_with_numbers(unsigned long function)
{
	register unsigned long r0 asm("r0") = function;

	asm volatile(".arch_extension sec\n\tsmc #1\n\tmov r0, %1\n\tsmc #5\n\tmov r0, %1\n\tsmc #15"
		     : "+r"(r0)
		     : "r"(function)
		     : "r1", "r2", "r3", "r12", "memory");
	return r0;
}

static inline void fpu_enable(void)
{
	arm_write_sysreg(CPACR, CPACR_FP);
	instruction_barrier();
	asm volatile(".fpu neon\n\tvmsr fpexc, %0" : : "r"(FPEXC_EN));
}

/** code_written() - the next fetch sees what has been written to this cache line */
static inline void code_written(const void *line)
{
	asm volatile("mcr p15, 0, %0, c7, c11, 1\n\t" /* DCCMVAU */
		     "dsb\n\t"
		     "mcr p15, 0, %0, c7, c5, 1\n\t" /* ICIMVAU */
		     "mcr p15, 0, %0, c7, c5, 6\n\t" /* BPIALL */
		     "dsb\n\t"
		     "isb"
		     :
		     : "r"(line)
		     : "memory");
}

static inline bool user_has_32(void)
{
	return true;
}

#endif /* !HOSTILE_ARCH_H */
