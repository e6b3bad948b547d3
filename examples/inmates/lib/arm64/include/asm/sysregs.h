/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* System registers, with the names that both ARM architectures can have. */
#ifndef INMATE_ASM_SYSREGS_H
#define INMATE_ASM_SYSREGS_H

#include <string.h>

#define SCTLR SCTLR_EL1
#define MAIR  MAIR_EL1
#define TTBR0 TTBR0_EL1
#define TCR   TCR_EL1
#define MPIDR MPIDR_EL1
#define VBAR  VBAR_EL1

#define SCTLR_EL1_M (1 << 0)
#define SCTLR_EL1_C (1 << 2)
#define SCTLR_EL1_I (1 << 12)

#ifndef __ASSEMBLY__

#include <jailhouse/types.h>

/** arm_read_sysreg() - read a system register into a variable of any integer type */
#define arm_read_sysreg(name, var)                                                      \
	do {                                                                            \
		u64 sysreg_value;                                                       \
		asm volatile("mrs %0, " __stringify(name) : "=r"(sysreg_value) : : "memory"); \
		(var) = sysreg_value;                                                   \
	} while (0)

/** arm_write_sysreg() - write a system register */
#define arm_write_sysreg(name, value) \
	asm volatile("msr " __stringify(name) ", %0" : : "r"((u64)(value)) : "memory")

/* Those that have 64 bits on ARMv7, too */
#define arm_read_sysreg64(name, var)    arm_read_sysreg(name, var)
#define arm_write_sysreg64(name, value) arm_write_sysreg(name, value)

#endif /* !__ASSEMBLY__ */

#endif /* !INMATE_ASM_SYSREGS_H */
