/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Registers of a guest on ARM64, and what the entry finds in those of EL2. */
#ifndef ASM_REGS_H
#define ASM_REGS_H

#include <jailhouse/types.h>

/* At the top of the stack while the CPU is in the hypervisor; order known to entry.S. */
struct guest_regs {
	u64 x[31];
	u64 reserved;
};

/* Order known to entry.S. */
struct linux_state {
	u64 sctlr, tcr, mair, ttbr0; /* given back when the MMU is off */
	u64 vbar, elr, spsr, sp, tpidr;
	u64 hcr, vtcr, vttbr, cptr, cnthctl, cntvoff, mdcr, hstr, vpidr, vmpidr;
};

/* With E2H (bit 34) the registers of EL2 have other layouts than those that this hypervisor knows. */
static inline bool linux_state_fits(const struct linux_state *found)
{
	return !(found->hcr >> 34 & 1);
}

static inline u64 guest_reg(const struct guest_regs *regs, unsigned int n)
{
	return n == 31 ? 0 : regs->x[n];
}

static inline void guest_set_reg(struct guest_regs *regs, unsigned int n, u64 value)
{
	if (n != 31)
		regs->x[n] = value;
}

#endif /* !ASM_REGS_H */
