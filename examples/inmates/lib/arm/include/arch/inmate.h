/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ARMv7 part of inmate.h. */
#ifndef INMATE_ARCH_INMATE_H
#define INMATE_ARCH_INMATE_H

#include <arm.h>

#define BITS_PER_LONG 32

/* Offsets in struct excp_frame, for the start code */
#define EXCP_FRAME_SP   52
#define EXCP_FRAME_PC   80
#define EXCP_FRAME_SIZE 88

/* Numbers of the vectors */
#define VECTOR_UNDEFINED      1
#define VECTOR_SVC            2
#define VECTOR_PREFETCH_ABORT 3
#define VECTOR_DATA_ABORT     4
#define VECTOR_FIQ            7

#ifndef __ASSEMBLY__

/*
 * Accesses to device registers: load and store with the address in a register, as hypervisors are
 * told about no other ones in full.
 */
#define ARM_DEFINE_MMIO(bits, suffix)                                                                \
	static inline u##bits mmio_read##bits(void *address)                                         \
	{                                                                                            \
		u##bits value;                                                                       \
		asm volatile("ldr" suffix " %0, [%1]" : "=r"(value) : "r"(address) : "memory");      \
		return value;                                                                        \
	}                                                                                            \
	static inline void mmio_write##bits(void *address, u##bits value)                            \
	{                                                                                            \
		asm volatile("str" suffix " %0, [%1]" : : "r"(value), "r"(address) : "memory");      \
	}

ARM_DEFINE_MMIO(8, "b")
ARM_DEFINE_MMIO(16, "h")
ARM_DEFINE_MMIO(32, "")

/* The lower half first */
static inline u64 mmio_read64(void *address)
{
	u64 low = mmio_read32(address);

	return low | (u64)mmio_read32((u8 *)address + 4) << 32;
}

/** struct excp_frame - registers at an exception */
struct excp_frame {
	u32 r[13];
	u32 sp, lr;
	u32 dfsr, dfar;
	u32 ifsr, ifar;
	u32 vector;
	u32 pc, cpsr;
};

JAILHOUSE_ASSERT_SIZE(struct excp_frame, EXCP_FRAME_SIZE);
JAILHOUSE_ASSERT_OFFSET(struct excp_frame, sp, EXCP_FRAME_SP);
JAILHOUSE_ASSERT_OFFSET(struct excp_frame, pc, EXCP_FRAME_PC);

/**
 * excp_hook - asked before an exception is reported, NULL for none
 *
 * Any exception but an interrupt sets the cell state to FAILED, prints the registers, and stops the
 * CPU, unless the hook returns true; then the CPU goes on with the registers of the frame (but the
 * stack pointer). The frame's pc is that of the instruction which caused it.
 */
extern bool (*excp_hook)(struct excp_frame *frame);

#endif /* !__ASSEMBLY__ */

#endif /* !INMATE_ARCH_INMATE_H */
