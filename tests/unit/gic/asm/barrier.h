/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef ASM_BARRIER_H
#define ASM_BARRIER_H

static inline void arch_relax(void)
{
}

static inline void arch_dsb(void)
{
}

static inline void arch_isb(void)
{
}

#endif /* !ASM_BARRIER_H */
