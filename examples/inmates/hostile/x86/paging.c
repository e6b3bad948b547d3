/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Small pages, and code in ring 3. */
#include "hostile.h"

#define ENTRIES       512
#define ENTRY_ADDRESS 0x000ffffffffff000UL

/* Selectors behind those of the library */
#define USER_DS      0x20
#define USER_CS      0x28
#define TSS_SELECTOR 0x30
#define RPL_USER     3

#define STACK_SIZE 4096

extern unsigned long boot_pml4[ENTRIES];

static unsigned long *entry_of(unsigned long *table, unsigned long virt, unsigned int shift)
{
	return &table[(virt >> shift) % ENTRIES];
}

static unsigned long *next_table(unsigned long *entry)
{
	if (!(*entry & PAGE_FLAG_PRESENT))
		*entry = (unsigned long)zalloc(PAGE_SIZE, PAGE_SIZE) | PTE_PRESENT;
	return (unsigned long *)(*entry & ENTRY_ADDRESS);
}

static unsigned long *pd_entry(unsigned long virt)
{
	unsigned long *table = next_table(entry_of(boot_pml4, virt, 39));

	table = next_table(entry_of(table, virt, 30));
	return entry_of(table, virt, 21);
}

unsigned long *map_page(unsigned long virt, unsigned long entry)
{
	unsigned long *pte = entry_of(next_table(pd_entry(virt)), virt, 12);

	*pte = entry;
	write_cr3(read_cr3());
	return pte;
}

void map_table(unsigned long virt, unsigned long phys)
{
	*pd_entry(virt) = phys | PTE_PRESENT;
	write_cr3(read_cr3());
}

static void allow_user(void)
{
	*pd_entry(0) |= PAGE_FLAG_US;
	write_cr3(read_cr3());
}

/* 64-bit TSS: only the stack for exceptions from ring 3 is used. */
static struct {
	u32 reserved1;
	u64 rsp[3];
	u64 reserved2;
	u64 ist[7];
	u64 reserved3;
	u16 reserved4;
	u16 iomap_base;
} __attribute__((packed)) tss;

static u64 gdt[] = {
	[INMATE_CS32 / 8] = 0x00cf9b000000ffff,
	[INMATE_CS64 / 8] = 0x00af9b000000ffff,
	[INMATE_DS32 / 8] = 0x00cf93000000ffff,
	[USER_DS / 8] = 0x00cff3000000ffff,
	[USER_CS / 8] = 0x00affb000000ffff,
	/* 64-bit TSS, available; filled in at run time */
	[TSS_SELECTOR / 8] = 0x0000890000000000 | (sizeof(tss) - 1),
	[TSS_SELECTOR / 8 + 1] = 0,
};

static char kernel_stack[STACK_SIZE] __attribute__((aligned(16)));
static char user_stack[STACK_SIZE] __attribute__((aligned(16)));

void load_tss(unsigned long ist1)
{
	u64 base = (u64)&tss;
	struct {
		u16 limit;
		u64 base;
	} __attribute__((packed)) descriptor = {sizeof(gdt) - 1, (u64)gdt};

	tss.rsp[0] = (u64)kernel_stack + sizeof(kernel_stack);
	tss.ist[0] = ist1;
	tss.iomap_base = sizeof(tss);

	/* Loading the TSS marks it busy, so it is made anew each time. */
	gdt[TSS_SELECTOR / 8] = 0x0000890000000000 | (sizeof(tss) - 1) | (base & 0xffffff) << 16 |
				(base >> 24 & 0xff) << 56;
	gdt[TSS_SELECTOR / 8 + 1] = base >> 32;

	asm volatile("lgdt %0" : : "m"(descriptor));
	asm volatile("ltr %w0" : : "r"(TSS_SELECTOR));
}

static void enter_user(unsigned long entry, unsigned long flags)
{
	asm volatile("push %0\n\t"
		     "push %1\n\t"
		     "push %2\n\t"
		     "push %3\n\t"
		     "push %4\n\t"
		     "iretq"
		     :
		     : "r"((unsigned long)USER_DS | RPL_USER),
		       "r"((unsigned long)user_stack + sizeof(user_stack)), "r"(flags),
		       "r"((unsigned long)USER_CS | RPL_USER), "r"(entry)
		     : "memory");
}

int user_call(void (*fn)(void), unsigned long flags)
{
	allow_user();
	load_tss(0);
	return trap_call(enter_user, (unsigned long)fn, flags);
}
