/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a core does other than the architecture says: nothing is known that matters to this
 * hypervisor on ARMv7. */
#ifndef ASM_ERRATA_H
#define ASM_ERRATA_H

#include <hypervisor/machine.h>

static inline void errata_init(struct percpu *cpu)
{
	(void)cpu;
}

static inline bool errata_doubtful_page(const struct percpu *cpu)
{
	(void)cpu;
	return false;
}

#endif /* !ASM_ERRATA_H */
