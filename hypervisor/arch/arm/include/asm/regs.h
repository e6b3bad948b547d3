/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Registers of a guest on ARMv7, and what the entry finds in those of Hyp mode. */
#ifndef ASM_REGS_H
#define ASM_REGS_H

#include <jailhouse/types.h>

/*
 * At the top of the stack while the CPU is in the hypervisor; order known to entry.S. These are the registers that Hyp
 * mode shares with User mode; those that are banked stay where they are.
 */
struct guest_regs {
	u32 r[13];
	u32 usr_lr;
};

/* Order known to entry.S. */
struct linux_state {
	u32 hsctlr, sp; /* given back when the MMU is off */
	u32 hvbar, elr, spsr;
	u32 hcr, vtcr, hcptr, cnthctl, hdcr, hstr, vpidr, vmpidr;
	u32 reserved;
	u32 vttbr[2], cntvoff[2];
};

static inline bool linux_state_fits(const struct linux_state *found)
{
	(void)found;
	return true;
}

/* guest.c: the register of this number in the guest's mode. 15 is none. */
u64 guest_reg(const struct guest_regs *regs, unsigned int n);
void guest_set_reg(struct guest_regs *regs, unsigned int n, u64 value);

#endif /* !ASM_REGS_H */
