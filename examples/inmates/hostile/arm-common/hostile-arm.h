/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What both ARM architectures have of hostile.h; included by their hostile-arch.h. */
#ifndef HOSTILE_ARM_H
#define HOSTILE_ARM_H

#include <gic.h>

/* Linux' RAM, the hypervisor, and the second cell of QEMU's "virt" boards */
#define ROOT_ADDRESS       0x50000000
#define HYPERVISOR_ADDRESS 0x7fc00000
#define CELL_ADDRESS       0x70100000

static inline unsigned long long now_ns(void)
{
	return timer_ticks_to_ns(timer_get_ticks());
}

/* The library has read what it needs. */
static inline void comm_region_repair(const struct jailhouse_comm_region *sane)
{
	(void)sane;
}

/** is_gicv3() - version 2 otherwise */
static inline bool is_gicv3(void)
{
	return comm_region->gic_version >= 3;
}

/* CPUs of the machine by MPIDR: all have numbers below */
#define MACHINE_CPUS 4

/** own_pin() - the shared interrupt of this cell, by the parameter pin= */
unsigned int own_pin(void);
/** gicd() - register of the distributor, mapped */
void *gicd(unsigned int reg);
/** gicc() - register of the CPU interface of GICv2, mapped */
void *gicc(unsigned int reg);
/** private_interrupts() - frame for private interrupts of this CPU; GICv2: the distributor */
unsigned long private_interrupts(void);
/** sleep_for_ever() - by WFI, with all masked */
void sleep_for_ever(void) __attribute__((noreturn));

/*
 * Exceptions as results (trap.S, trap.c)
 */

/** trap_leave() - let an exception return to trap_return, with its kind as the result of trap_call() */
void trap_leave(struct excp_frame *frame);
extern char trap_return[];
/** run_insn() - execute one instruction that may change r0. Return: kind of the exception, or NO_TRAP */
int run_insn(u32 insn, unsigned long *r0);

/*
 * Page tables with small pages (paging.c)
 */

/* A region that the library does not use, in reach of AArch32 */
#define WINDOW 0xc0000000UL

#define PTE_TABLE  3ULL
#define PTE_PAGE   (3ULL | 1ULL << 10 | 3ULL << 8) /* normal memory, accessed, inner shareable */
#define PTE_DEVICE (1ULL << 2)
#define PTE_USER   (1ULL << 6) /* EL0 may do all, EL1 may not execute */

/** map_page() - map a page at WINDOW. Return: the same byte of it */
void *map_page(unsigned long phys, u64 flags);
/** gicd_memory() - a register of the distributor as normal memory, where the CPU accepts all forms of access */
void *gicd_memory(unsigned int reg);
/** map_table() - let the last table for WINDOW lie somewhere else */
void map_table(unsigned long phys);
/**
 * user_call() - run code in EL0 until it raises an exception
 * @code: within one page, does not need memory
 * @pstate: ARM64: 0 or, for 32 bits, USER_32
 *
 * Return: kind of the exception
 */
int user_call(const void *code, unsigned long pstate);
/** user_code_ran() - was that code fetched, if this is the kind of its exception? */
bool user_code_ran(int trap);

/* state.c: interrupt controller and timers as the next owner finds them, and filled by this one */
void state_check_interrupts(void);
/** state_keep_active() - leaves interrupts of all kinds behind, then calls @end, which does not return */
void state_keep_active(void (*end)(void)) __attribute__((noreturn));

#endif /* !HOSTILE_ARM_H */
