/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ARM64 part of hostile.h. */
#ifndef HOSTILE_ARCH_H
#define HOSTILE_ARCH_H

#include "hostile-arm.h"

/* Kinds of exceptions: their classes (ARM DDI 0487, ESR_EL1) */
#define TRAP_UNDEFINED  0x00
#define TRAP_ILLEGAL    0x0e
#define TRAP_SVC32      0x11
#define TRAP_SVC        0x15
#define TRAP_INSN_EL0   0x20
#define TRAP_INSN       0x21
#define TRAP_DATA_EL0   0x24
#define TRAP_DATA       0x25
#define TRAP_BREAKPOINT 0x31
#define TRAP_STEP       0x33

#define trap_pc() ((void *)trap_frame.elr)

/** mask_all() - no interrupt, SError or debug exception is taken from now on */
static inline void mask_all(void)
{
	asm volatile("msr daifset, #15" : : : "memory");
}

/* Registers under names that the library does not have */
#define ICC_DIR_EL1    S3_0_C12_C11_1
#define ICC_SGI0R_EL1  S3_0_C12_C11_7
#define ICC_ASGI1R_EL1 S3_0_C12_C11_6
#define ICC_BPR1_EL1   S3_0_C12_C12_3
#define ICC_AP1R0_EL1  S3_0_C12_C9_0
#define ICC_RPR_EL1    S3_0_C12_C11_3

#define SCTLR_RESET	0x30d00800 /* MMU and caches off */
#define VECTORS_NOWHERE 0x7f00000000 /* mapped by no table */

static inline void undefined_instruction(void)
{
	asm volatile(".inst 0" : : : "memory");
}

static inline void hvc_1(void)
{
	asm volatile("hvc #1" : : : "memory");
}

/** smc_with_numbers() - the same call three times, with numbers in the instruction. Return: the last result */
static inline unsigned long smc_with_numbers(unsigned long function)
{
	register unsigned long x0 asm("x0") = function;

	asm volatile("smc #1\n\tmov x0, %1\n\tsmc #0x4a48\n\tmov x0, %1\n\tsmc #0xffff"
		     : "+r"(x0)
		     : "r"(function)
		     : "x1", "x2", "x3", "memory");
	return x0;
}

/** code_written() - the next fetch sees what has been written to this cache line */
static inline void code_written(const void *line)
{
	asm volatile("dc cvau, %0\n\tdsb ish\n\tic ivau, %0\n\tdsb ish\n\tisb" : : "r"(line) : "memory");
}

/* PSTATE of EL0 in AArch32 */
#define USER_32 0x10

/** user_has_32() - does the CPU have AArch32 in EL0? */
static inline bool user_has_32(void)
{
	u64 features;

	arm_read_sysreg(ID_AA64PFR0_EL1, features);
	return (features & 0xf) == 2;
}

#endif /* !HOSTILE_ARCH_H */
