/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef ASM_BARRIER_H
#define ASM_BARRIER_H

/* More simulated CPUs than real ones: waiting means letting others run. */
void arch_relax(void);

static inline void memory_barrier(void)
{
	__sync_synchronize();
}

#endif /* !ASM_BARRIER_H */
