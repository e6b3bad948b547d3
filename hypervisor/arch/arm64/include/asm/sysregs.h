/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* System registers of ARM64. Source: Arm DDI 0487 (Armv8-A), chapters D17 and D19. */
#ifndef ASM_SYSREGS_H
#define ASM_SYSREGS_H

#include <jailhouse/types.h>

#define read_sysreg(name)                                            \
	({                                                           \
		u64 value_;                                          \
		__asm__ volatile("mrs %0, " #name : "=r"(value_));   \
		value_;                                              \
	})
#define write_sysreg(name, value) __asm__ volatile("msr " #name ", %x0" : : "rZ"((u64)(value)))

/*
 * Loads from devices are acquiring ones: Cortex-A57 up to r1p2 may stop for ever when others are mixed with exclusive
 * accesses (erratum 832075; Linux, arch/arm64/Kconfig). They cost the others nothing.
 */
#define MMIO_LOAD __ATOMIC_ACQUIRE

#define HCR_VM	  (1UL << 0)
#define HCR_SWIO  (1UL << 1)
#define HCR_FMO	  (1UL << 3)
#define HCR_IMO	  (1UL << 4)
#define HCR_TWI	  (1UL << 13)
#define HCR_TSC	  (1UL << 19)
#define HCR_TIDCP (1UL << 20)
#define HCR_TACR  (1UL << 21)
#define HCR_RW	  (1UL << 31)
#define HCR_E2H	  (1UL << 34)

#define ID_AA64ISAR2_EL1 S3_0_C0_C6_2 /* younger than the assembler's names */

#define MPIDR_AFFINITY 0xff00ffffffUL

#define PSTATE_EL1H_MASKED 0x3c5 /* EL1, own stack pointer, all exceptions masked */
#define PSTATE_THUMB	   0x20
#define PSTATE_SVC_MASKED  0x1d3 /* AArch32 supervisor mode */

#endif /* !ASM_SYSREGS_H */
