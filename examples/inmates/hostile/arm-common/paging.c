/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One more page, wherever it lies, and code in EL0: both architectures have the same tables. */
#include "hostile.h"

#define ENTRIES 512
#define L1_SHIFT 30

extern u64 mem_root[ENTRIES];
void user_enter(unsigned long pc, unsigned long pstate) __attribute__((noreturn));

static u64 second[ENTRIES] __attribute__((aligned(4096)));
static u64 third[ENTRIES] __attribute__((aligned(4096)));

static void link_tables(unsigned long last)
{
	second[0] = last | PTE_TABLE;
	mem_root[WINDOW >> L1_SHIFT] = (unsigned long)second | PTE_TABLE;
	dsb(ish);
	arch_flush_tlb();
}

void *map_page(unsigned long phys, u64 flags)
{
	third[0] = (phys & PAGE_MASK) | flags;
	link_tables((unsigned long)third);
	return (void *)(WINDOW | (unsigned long)(phys & ~PAGE_MASK));
}

void *gicd_memory(unsigned int reg)
{
	return map_page((unsigned long)comm_region->gicd_base + reg, PTE_PAGE);
}

void map_table(unsigned long phys)
{
	link_tables(phys);
}

static void do_user(unsigned long pc, unsigned long pstate)
{
	user_enter(pc, pstate);
}

int user_call(const void *code, unsigned long pstate)
{
	unsigned long pc = (unsigned long)map_page((unsigned long)code, PTE_PAGE | PTE_USER);

	return trap_call(do_user, pc, pstate);
}
