/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef FAKE_BARRIER_H
#define FAKE_BARRIER_H

void arch_relax(void);
void arch_dsb(void);
/* Does not return: who is stopped for good comes out at assert_leaves(). */
void arch_wfi(void);

static inline void arch_isb(void)
{
}

#endif /* !FAKE_BARRIER_H */
