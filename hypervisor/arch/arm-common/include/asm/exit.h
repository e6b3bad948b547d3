/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Exits of guests on both ARM architectures, and the contract between arm-common/exit.c and exit.c of each. The
 * syndromes have the same layout. Source: Arm DDI 0487, ESR_EL2; DDI 0406C, B3.13.6 (HSR).
 */
#ifndef ASM_EXIT_H
#define ASM_EXIT_H

#include <hypervisor/machine.h>
#include <asm/host-regs.h>

#define ESR_CLASS(esr)	  ((unsigned int)((esr) >> 26) & 0x3f)
#define ESR_LONG	  (1UL << 25) /* 32-bit instruction */
#define EC_WFX		  0x01
#define EC_CP15_32	  0x03
#define EC_CP15_64	  0x04
#define EC_CP14_32	  0x05
#define EC_HVC32	  0x12
#define EC_SMC32	  0x13
#define EC_INSN_ABORT	  0x20
#define EC_DATA_ABORT	  0x24
#define EC_DATA_ABORT_OWN 0x25 /* of the hypervisor */

#define SYSREG_IS_READ	  1UL

/* Data aborts */
#define ISS_VALID	  (1UL << 24)
#define ISS_SIZE(esr)	  (1U << ((esr) >> 22 & 3))
#define ISS_SIZE_MASK	  (3UL << 22)
#define ISS_WORD	  (2UL << 22)
#define ISS_SIGN	  (1UL << 21)
#define ISS_REG(esr)	  ((unsigned int)((esr) >> 16) & 0x1f) /* 31: zero register */
#define ISS_WIDE	  (1UL << 15) /* a 64-bit register is filled */
#define ISS_CACHE	  (1UL << 8)
#define ISS_WRITE	  (1UL << 6)

/* ---- arm-common/exit.c ---- */

static inline void exit_count(struct percpu *cpu, unsigned int stat)
{
	cpu->stats[stat]++;
}

#define PSR_IS_AARCH32	  0x10

void guest_skip_aarch32(u64 esr);
bool guest_condition_of_aarch32(u64 esr);

static inline void guest_skip_instruction(u64 esr)
{
	if (guest_psr() & PSR_IS_AARCH32)
		guest_skip_aarch32(esr);
	else
		guest_set_pc(guest_pc() + 4);
}

/* AArch32: an instruction may trap although its condition fails, and then does nothing. */
static inline bool guest_condition_holds(u64 esr)
{
	return !(guest_psr() & PSR_IS_AARCH32) || guest_condition_of_aarch32(esr);
}

void exit_unexpected(struct percpu *cpu, u64 esr);
/* cp15.c: EC_CP15_32 and EC_CP15_64 */
void guest_cp15(struct percpu *cpu, u64 esr);

/* ---- exit.c of each architecture ---- */

/* An exit that is not the same on both. False: it is not expected at all. */
bool arch_guest_exit(struct percpu *cpu, u64 esr);
/* Registers of CP15 that a core shows to guests. False: not one of them. */
bool guest_core_register(u32 reg, u64 *value);
/* The walk of the guest's own tables has met something that is not its memory: a data abort that says so. */
void guest_inject_walk_abort(struct percpu *cpu, u64 esr);

#endif /* !ASM_EXIT_H */
