/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef ASM_BARRIER_H
#define ASM_BARRIER_H

/* In loops that wait for another CPU. */
static inline void arch_relax(void)
{
	__asm__ volatile("yield" : : : "memory");
}

/* Stores are complete for all CPUs and devices. */
static inline void arch_dsb(void)
{
	__asm__ volatile("dsb sy" : : : "memory");
}

static inline void arch_isb(void)
{
	__asm__ volatile("isb" : : : "memory");
}

static inline void arch_wfi(void)
{
	__asm__ volatile("wfi" : : : "memory");
}

#endif /* !ASM_BARRIER_H */
