/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Contracts between the files of the ARM architectures: what a guest does. Handlers run on the CPU whose guest has
 * exited; cpu->arch.regs holds its registers.
 */
#ifndef ASM_GUEST_H
#define ASM_GUEST_H

#include <hypervisor/machine.h>

/* ---- stage2.c: what guests may reach, and taking that away ---- */

/* Address bits of guests for a PARange: at most 48. */
unsigned int stage2_bits(unsigned int pa_range);
/* The formats and VTCR, for the smallest PARange (ID_AA64MMFR0_EL1, same values on ARMv7: 2, 40 bits) of all CPUs. */
void stage2_init(struct machine *m, unsigned int pa_range);
/* The top level of this CPU. on: the CPU that initializes the machine, before the others are up. */
int stage2_cpu_alloc(struct percpu *cpu);
u64 stage2_vttbr(const struct percpu *cpu);
/* Takes stage 2 away from the target and sets its kick pending. on: any other. */
void stage2_revoke(struct percpu *target);
/* Gives the CPU its cell's tables if they were taken away or have changed. on: self. */
void stage2_restore(struct percpu *cpu);
/* The next stage2_restore() takes the cell's tables anew. on: self. */
void stage2_renew(struct percpu *cpu);

/* ---- cpu.c of each architecture ---- */

/* Registers of the guest as after reset, and where it starts. */
void guest_reset(struct percpu *cpu, u64 entry, u64 context);
/* Nothing of the last owner is left in registers that no trap switches. */
void guest_wipe(struct percpu *cpu);
/* The tables of this CPU's cell or its set of CPUs have changed; called whenever it gets its tables back. */
void guest_cell_changed(struct percpu *cpu);
/* HCR and tables of cpu->cell become active. */
void guest_enter_cell(struct percpu *cpu);
/* Does what was asked for; on return the CPU may run its guest. Does not return while it is parked. */
void guest_prepare(struct percpu *cpu);

/* ---- psci.c: SMC, and HVC #0. Source: Arm DEN 0022 (PSCI), DEN 0028 (SMCCC) ---- */

#define SMCCC_ARCH_FEATURES 0x80000001U
#define SMCCC_WORKAROUND_1  0x80008000U
#define SMCCC_WORKAROUND_3  0x80003fffU

/* The call in the argument registers; results are put there. The instruction is skipped by the caller. */
void guest_smc(struct percpu *cpu);
void guest_hvc(struct percpu *cpu);
/* CPU_REQ_ARCH: a CPU_ON may be waiting. */
void psci_handle_request(struct percpu *cpu);
/* Calls the firmware; given by the architecture. x[0..3] are replaced by the results. */
void arch_firmware_call(u64 x[18]);

/* ---- mmio.c ---- */

/* A data abort whose syndrome describes the access. True: done, skip the instruction. False: violation() was called. */
bool guest_mmio(struct percpu *cpu, u64 address, u64 esr);

#endif /* !ASM_GUEST_H */
