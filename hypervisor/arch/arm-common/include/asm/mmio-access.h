/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Registers of devices that the hypervisor has mapped. Each access is exactly one of this width. */
#ifndef ASM_MMIO_ACCESS_H
#define ASM_MMIO_ACCESS_H

#include <hypervisor/base.h>
#include <asm/sysregs.h>

#define DEFINE_MMIO_ACCESS(bits)                                                       \
	static inline u##bits mmio_read##bits(const void *base, u64 offset)            \
	{                                                                              \
		return __atomic_load_n((const volatile u##bits *)((const u8 *)base + offset), MMIO_LOAD); \
	}                                                                              \
	static inline void mmio_write##bits(void *base, u64 offset, u##bits value)     \
	{                                                                              \
		*(volatile u##bits *)((u8 *)base + offset) = value;                    \
	}
DEFINE_MMIO_ACCESS(8)
DEFINE_MMIO_ACCESS(32)
DEFINE_MMIO_ACCESS(64)
#undef DEFINE_MMIO_ACCESS

#endif /* !ASM_MMIO_ACCESS_H */
