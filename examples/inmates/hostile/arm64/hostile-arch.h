/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ARM64 part of hostile.h. */
#ifndef HOSTILE_ARCH_H
#define HOSTILE_ARCH_H

#include <gic.h>

/* Linux' RAM, the hypervisor, and the second cell of QEMU's "virt" boards */
#define ROOT_ADDRESS       0x50000000
#define HYPERVISOR_ADDRESS 0x7fc00000
#define CELL_ADDRESS       0x70100000

/* Kinds of exceptions: their classes (ARM DDI 0487, ESR_EL1) */
#define TRAP_UNDEFINED  0x00
#define TRAP_ILLEGAL    0x0e
#define TRAP_SVC32      0x11
#define TRAP_SVC        0x15
#define TRAP_INSN_EL0   0x20
#define TRAP_INSN       0x21
#define TRAP_DATA_EL0   0x24
#define TRAP_DATA       0x25
#define TRAP_BREAKPOINT 0x31
#define TRAP_STEP       0x33

#define trap_pc() ((void *)trap_frame.elr)

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
/** mask_all() - no interrupt, SError or debug exception is taken from now on */
static inline void mask_all(void)
{
	asm volatile("msr daifset, #15" : : : "memory");
}

/** sleep_for_ever() - by WFI, with all masked */
void sleep_for_ever(void) __attribute__((noreturn));

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
/** map_table() - let the last table for WINDOW lie somewhere else */
void map_table(unsigned long phys);
/**
 * user_call() - run code in EL0 until it raises an exception
 * @code: within one page, does not need memory
 * @pstate: 0 or, for 32 bits, 0x10
 *
 * Return: kind of the exception
 */
int user_call(const void *code, unsigned long pstate);

/** run_insn() - execute one instruction that may change x0. Return: kind of the exception, or NO_TRAP */
int run_insn(u32 insn, u64 *x0);

#endif /* !HOSTILE_ARCH_H */
