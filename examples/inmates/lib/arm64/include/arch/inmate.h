/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ARM64 part of inmate.h. */
#ifndef INMATE_ARCH_INMATE_H
#define INMATE_ARCH_INMATE_H

#include <arm.h>

#define BITS_PER_LONG 64

/* Offsets in struct excp_frame, for the start code */
#define EXCP_FRAME_ELR  248
#define EXCP_FRAME_ESR  264
#define EXCP_FRAME_SIZE 288

/* Bytes between the entries of the vector table */
#define VECTOR_SIZE 0x80

#ifndef __ASSEMBLY__

/*
 * Accesses to device registers: load and store with the address in a register, as hypervisors are
 * told about no other ones in full.
 */
#define ARM64_DEFINE_MMIO(bits, suffix, width)                                                       \
	static inline u##bits mmio_read##bits(void *address)                                         \
	{                                                                                            \
		u##bits value;                                                                       \
		asm volatile("ldr" suffix " %" width "0, [%1]" : "=r"(value) : "r"(address) : "memory"); \
		return value;                                                                        \
	}                                                                                            \
	static inline void mmio_write##bits(void *address, u##bits value)                            \
	{                                                                                            \
		asm volatile("str" suffix " %" width "0, [%1]" : : "r"(value), "r"(address) : "memory"); \
	}

ARM64_DEFINE_MMIO(8, "b", "w")
ARM64_DEFINE_MMIO(16, "h", "w")
ARM64_DEFINE_MMIO(32, "", "w")
ARM64_DEFINE_MMIO(64, "", "x")

/** struct excp_frame - registers at an exception */
struct excp_frame {
	u64 x[31];
	u64 elr, spsr;
	u64 esr, far;
	u64 sp;
};

JAILHOUSE_ASSERT_SIZE(struct excp_frame, EXCP_FRAME_SIZE);
JAILHOUSE_ASSERT_OFFSET(struct excp_frame, elr, EXCP_FRAME_ELR);
JAILHOUSE_ASSERT_OFFSET(struct excp_frame, esr, EXCP_FRAME_ESR);

/**
 * excp_hook - asked before an exception is reported, NULL for none
 *
 * Any exception but an interrupt sets the cell state to FAILED, prints the registers, and stops the
 * CPU, unless the hook returns true; then the CPU goes on with the registers of the frame.
 */
extern bool (*excp_hook)(struct excp_frame *frame);

#endif /* !__ASSEMBLY__ */

#endif /* !INMATE_ARCH_INMATE_H */
