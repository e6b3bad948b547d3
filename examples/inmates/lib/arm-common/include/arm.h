/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What inmate.h has on both ARM architectures; included by their arch/inmate.h. */
#ifndef INMATE_ARM_H
#define INMATE_ARM_H

#define COMM_REGION_BASE 0x80000000

#define PAGE_SIZE      4096ULL
#define HUGE_PAGE_SIZE (2 * 1024 * 1024ULL)
#define PAGE_MASK      (~(PAGE_SIZE - 1))
#define HUGE_PAGE_MASK (~(HUGE_PAGE_SIZE - 1))

#define SMP_MAX_CPUS 64

/* Interrupt that a CPU of the cell may raise on another one (an SGI, so 0 to 15) */
#define INMATE_IPI 8

#ifndef __ASSEMBLY__

#include <asm/processor.h>
#include <asm/sysregs.h>

/** halt() - sleep for ever, except for interrupts if they are on */
static inline void __attribute__((noreturn)) halt(void)
{
	while (1)
		asm volatile("wfi" : : : "memory");
}

/** stop() - sleep for ever */
static inline void __attribute__((noreturn)) stop(void)
{
	disable_irqs();
	halt();
}

/** arch_mmu_enable() - switch MMU and caches on; done before inmate_main() */
void arch_mmu_enable(void);

/** timer_get_frequency() - of the architected timer, in Hz */
unsigned long timer_get_frequency(void);
/** timer_get_ticks() - the physical counter */
u64 timer_get_ticks(void);
/** timer_ticks_to_ns() - exact, rounded down */
u64 timer_ticks_to_ns(u64 ticks);
/**
 * timer_start() - let the virtual timer of this CPU raise TIMER_IRQ
 * @timeout: ticks from now on, less than 2^31
 *
 * The interrupt stays until the timer is started again.
 */
void timer_start(u64 timeout);

/** cpu_id() - affinity levels 0 to 2 of this CPU, as in MPIDR */
unsigned int cpu_id(void);

/** irq_send_ipi() - raise an SGI on a CPU that has called irq_init(). @cpu_id: its cpu_id() */
void irq_send_ipi(unsigned int cpu_id, unsigned int irq);

/* CPUs of the cell, the first one is the boot CPU; the others stand here after smp_wait_for_all_cpus() */
extern volatile u32 smp_num_cpus;
extern unsigned int smp_cpu_ids[SMP_MAX_CPUS];

/**
 * smp_wait_for_all_cpus() - find the other CPUs of the cell
 *
 * Nothing tells an inmate which they are, so PSCI is asked for all that may be there: up to 16
 * clusters of up to 16 CPUs.
 */
void smp_wait_for_all_cpus(void);
/**
 * smp_start_cpu() - start another CPU by PSCI
 * @cpu_id: its cpu_id()
 * @entry: runs on it with a stack of one page from the heap, interrupts on
 *
 * Returns when the CPU has begun. If PSCI refuses, the cell fails.
 */
void smp_start_cpu(unsigned int cpu_id, void (*entry)(void));

/**
 * psci_call() - call the firmware, by SMC or, with the parameter psci=hvc, by HVC
 * @function: PSCI function id
 *
 * Return: a value or a negative PSCI error
 */
long psci_call(unsigned long function, unsigned long arg0, unsigned long arg1, unsigned long arg2);

/** cell_fail() - set the state of the cell to FAILED and stop this CPU */
void __attribute__((noreturn)) cell_fail(void);

/* Between the parts of the library */
unsigned long arch_irq_save(void);
void arch_irq_restore(unsigned long flags);
long arch_psci_call(bool hvc, unsigned long function, unsigned long arg0, unsigned long arg1,
		    unsigned long arg2);
void arch_flush_tlb(void);
void irq_dispatch(void);
unsigned int smp_cpu_index(unsigned int cpu_id);

#endif /* !__ASSEMBLY__ */

#endif /* !INMATE_ARM_H */
