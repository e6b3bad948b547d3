/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Barriers, interrupts, and the ids of PSCI functions. */
#ifndef INMATE_ASM_PROCESSOR_H
#define INMATE_ASM_PROCESSOR_H

#define PSCI_CPU_ON        0x84000003
#define PSCI_AFFINITY_INFO 0x84000004

#define dmb(domain) asm volatile("dmb " #domain : : : "memory")
#define dsb(domain) asm volatile("dsb " #domain : : : "memory")

#define memory_barrier()          dmb(ish)
#define synchronization_barrier() dsb(ish)
#define instruction_barrier()     asm volatile("isb" : : : "memory")

static inline void cpu_relax(void)
{
	asm volatile("yield" : : : "memory");
}

static inline void enable_irqs(void)
{
	asm volatile("cpsie i" : : : "memory");
}

static inline void disable_irqs(void)
{
	asm volatile("cpsid i" : : : "memory");
}

#endif /* !INMATE_ASM_PROCESSOR_H */
