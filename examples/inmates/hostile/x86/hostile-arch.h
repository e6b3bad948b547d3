/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* x86 part of hostile.h. */
#ifndef HOSTILE_ARCH_H
#define HOSTILE_ARCH_H

#include <inmate.h>

/* Linux' kernel image usually lies here; the hypervisor and the second cell of the lab's machine. */
#define ROOT_ADDRESS       0x01000000
#define HYPERVISOR_ADDRESS 0x3a000000
#define CELL_ADDRESS       0x3ef00000

/* Kinds of exceptions: their vectors */
#define TRAP_DB  1
#define TRAP_NMI 2
#define TRAP_UD  6
#define TRAP_GP  13
#define TRAP_PF  14
#define TRAP_AC  17

#define trap_pc() ((void *)trap_frame.ip)

static inline unsigned long long now_ns(void)
{
	return pm_timer_read();
}

/* What the library reads again and again */
static inline void comm_region_repair(const struct jailhouse_comm_region *sane)
{
	comm_region->pm_timer_address = sane->pm_timer_address;
	comm_region->num_cpus = sane->num_cpus;
}

/** try_rdmsr() - Return: vector or NO_TRAP */
int try_rdmsr(u32 msr, u64 *value);
int try_wrmsr(u32 msr, u64 value);

/*
 * Page tables with small pages (paging.c)
 */

/* A region that the library does not use */
#define WINDOW 0x4000000000UL

#define PTE_PRESENT (PAGE_FLAG_PRESENT | PAGE_FLAG_RW | PAGE_FLAG_US)

/** map_page() - map one page of 4 KiB at @virt. Return: its entry */
unsigned long *map_page(unsigned long virt, unsigned long entry);
/** map_table() - let the table below the 2 MiB around @virt lie at the physical address @phys */
void map_table(unsigned long virt, unsigned long phys);
/** load_tss() - load a TSS. @ist1: stack for gates that ask for the first one of the table */
void load_tss(unsigned long ist1);
/**
 * user_call() - run code in ring 3 until it raises an exception
 * @fn: may not use the stack of the caller; ends e.g. by UD2
 * @flags: RFLAGS
 *
 * Makes the first 2 MiB accessible from ring 3. Return: vector
 */
int user_call(void (*fn)(void), unsigned long flags);

#endif /* !HOSTILE_ARCH_H */
