/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* In place of the real one: registers of the model. */
#ifndef ASM_MMIO_ACCESS_H
#define ASM_MMIO_ACCESS_H

#include <hypervisor/base.h>

u64 model_read(const u8 *address, unsigned int size);
void model_write(u8 *address, unsigned int size, u64 value);

#define DEFINE_MMIO_ACCESS(bits)                                               \
	static inline u##bits mmio_read##bits(const void *base, u64 offset)    \
	{                                                                      \
		return (u##bits)model_read((const u8 *)base + offset, bits / 8); \
	}                                                                      \
	static inline void mmio_write##bits(void *base, u64 offset, u##bits value) \
	{                                                                      \
		model_write((u8 *)base + offset, bits / 8, value);             \
	}
DEFINE_MMIO_ACCESS(8)
DEFINE_MMIO_ACCESS(32)
DEFINE_MMIO_ACCESS(64)
#undef DEFINE_MMIO_ACCESS

#endif /* !ASM_MMIO_ACCESS_H */
