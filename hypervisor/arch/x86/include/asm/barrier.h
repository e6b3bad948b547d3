/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef ASM_BARRIER_H
#define ASM_BARRIER_H

static inline void arch_relax(void)
{
	__asm__ volatile("pause" : : : "memory");
}

static inline void memory_barrier(void)
{
	__asm__ volatile("mfence" : : : "memory");
}

#endif /* !ASM_BARRIER_H */
