/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Registers of coprocessor 15, with the names that both ARM architectures can have. Source: ARM DDI 0406C, B3.17 and
 * B8.1.
 */
#ifndef INMATE_ASM_SYSREGS_H
#define INMATE_ASM_SYSREGS_H

#include <string.h>

/* Width, and operands of the instruction. A register is written as one of these wherever its name stands. */
#define CP15_32(opc1, crn, crm, opc2) 32, "p15, " #opc1 ", %0, " #crn ", " #crm ", " #opc2
#define CP15_64(opc1, crm)            64, "p15, " #opc1 ", %Q0, %R0, " #crm

#define SCTLR         CP15_32(0, c1, c0, 0)
#define CPACR         CP15_32(0, c1, c0, 2)
#define TTBCR         CP15_32(0, c2, c0, 2)
#define TTBR0         CP15_64(0, c2)
#define DFSR          CP15_32(0, c5, c0, 0)
#define IFSR          CP15_32(0, c5, c0, 1)
#define DFAR          CP15_32(0, c6, c0, 0)
#define IFAR          CP15_32(0, c6, c0, 2)
#define TLBIALLIS     CP15_32(0, c8, c3, 0)
#define MAIR          CP15_32(0, c10, c2, 0)
#define MPIDR         CP15_32(0, c0, c0, 5)
#define VBAR          CP15_32(0, c12, c0, 0)
#define CNTFRQ_EL0    CP15_32(0, c14, c0, 0)
#define CNTPCT_EL0    CP15_64(0, c14)
#define CNTVCT_EL0    CP15_64(1, c14)
#define CNTV_TVAL_EL0 CP15_32(0, c14, c3, 0)
#define CNTV_CTL_EL0  CP15_32(0, c14, c3, 1)
#define CNTV_CVAL_EL0 CP15_64(3, c14)

#define SCTLR_EL1   SCTLR
#define SCTLR_EL1_M (1 << 0)
#define SCTLR_EL1_C (1 << 2)
#define SCTLR_EL1_I (1 << 12)

#ifndef __ASSEMBLY__

#include <jailhouse/types.h>

/** arm_read_sysreg() - read a system register into a variable of any integer type */
#define arm_read_sysreg(name, var)               cp15_read(name, var)
#define cp15_read(width, operands, var)          cp15_read_##width(operands, var)
#define cp15_read_32(operands, var)              cp15_read_by("mrc " operands, u32, var)
#define cp15_read_64(operands, var)              cp15_read_by("mrrc " operands, u64, var)
#define cp15_read_by(instruction, type, var)                                   \
	do {                                                                   \
		type cp15_value;                                               \
		asm volatile(instruction : "=r"(cp15_value) : : "memory");     \
		(var) = cp15_value;                                            \
	} while (0)

/** arm_write_sysreg() - write a system register */
#define arm_write_sysreg(name, value)            cp15_write(name, value)
#define cp15_write(width, operands, value)       cp15_write_##width(operands, value)
#define cp15_write_32(operands, value)           asm volatile("mcr " operands : : "r"((u32)(value)) : "memory")
#define cp15_write_64(operands, value)           asm volatile("mcrr " operands : : "r"((u64)(value)) : "memory")

/* Those that have 64 bits here, too */
#define arm_read_sysreg64(name, var)             cp15_read(name, var)
#define arm_write_sysreg64(name, value)          cp15_write(name, value)

#endif /* !__ASSEMBLY__ */

#endif /* !INMATE_ASM_SYSREGS_H */
