// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * x86: page tables on which the hypervisor's image can be called.
 *
 * Linux maps no memory of ours as executable, so there is a root table of our own: its upper half
 * is the kernel's, so that stack, code, interrupt and NMI handlers are where they always are; its
 * lower half, where user space is otherwise, maps the hypervisor memory at the image's link address.
 * The tables stay while the hypervisor runs, since it leaves through them as well.
 *
 * The root takes two pages and is aligned to them: with page-table isolation, Linux' NMI entry
 * tells the kernel's table from the user's by bit 12 of CR3.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/list.h>
#include <linux/mm.h>

#include <asm/io.h>
#include <asm/pgtable.h>
#include <asm/processor-flags.h>
#include <asm/special_insns.h>

#include "arch-x86.h"

#define ENTRIES	    512
#define KERNEL_HALF (ENTRIES / 2)
/* The remapped LDT of one process, in tables that go with the process */
#define LDT_SLOT (LDT_PGD_ENTRY & (ENTRIES - 1))

/* Not global: entries of the lower half must not survive the switch back. */
#define TABLE_FLAGS (_PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED)
#define PAGE_FLAGS  (_PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY)

/* Written as plain numbers, as the kernel's accessors may be paravirtualised. */
static u64 *root;
static LIST_HEAD(tables);	/* struct page of the others */

static unsigned int levels(void)
{
	return native_read_cr4() & X86_CR4_LA57 ? 5 : 4;
}

/* The next table below an entry, made if there is none */
static u64 *next_table(u64 *entry)
{
	struct page *page;

	if (*entry & _PAGE_PRESENT)
		return phys_to_virt(*entry & CR3_ADDR_MASK);
	page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!page)
		return NULL;
	list_add(&page->lru, &tables);
	*entry = page_to_phys(page) | TABLE_FLAGS;
	return page_address(page);
}

static int map_page(u64 virt, phys_addr_t phys)
{
	unsigned int level;
	u64 *table = root;

	for (level = levels(); level > 1; level--) {
		table = next_table(&table[(virt >> (12 + 9 * (level - 1))) % ENTRIES]);
		if (!table)
			return -ENOMEM;
	}
	table[(virt >> 12) % ENTRIES] = phys | PAGE_FLAGS;
	return 0;
}

/* Takes over the kernel's half from the tables in use, which are complete in every process. */
void jh_tables_refresh(void)
{
	const u64 *current_root = phys_to_virt(__native_read_cr3() & CR3_ADDR_MASK);
	unsigned int n;

	for (n = KERNEL_HALF; n < ENTRIES; n++)
		root[n] = n == LDT_SLOT ? 0 : current_root[n];
}

/* With PCID 0, which Linux gives to no process, and without any other bit */
u64 jh_tables_cr3(void)
{
	return virt_to_phys(root);
}

/**
 * jh_tables_build() - map the hypervisor memory
 * @virt: link address of the image, in the lower half
 * @phys: where the memory lies
 * @size: bytes, page multiple
 * @r: filled in on failure
 */
int jh_tables_build(u64 virt, phys_addr_t phys, u64 size, struct jailhouse_reason *r)
{
	u64 offset;

	/* Page 0 stays free, so that a NULL pointer is one. 47 bits on all levels. */
	if (!virt || virt >> 47 || size > (1ULL << 47) - virt)
		return jh_refuse_item(r, -EINVAL, JAILHOUSE_REASON_ENTRY_SLOT, JAILHOUSE_ITEM_NONE,
				      0);
	root = (u64 *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, 1);
	if (!root)
		goto no_memory;
	for (offset = 0; offset < size; offset += PAGE_SIZE)
		if (map_page(virt + offset, phys + offset))
			goto no_memory;
	return 0;

no_memory:
	jh_tables_free();
	return jh_refuse_args(r, -ENOMEM, JAILHOUSE_REASON_NO_KERNEL_MEMORY, 0, 0);
}

void jh_tables_free(void)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, &tables, lru) {
		list_del(&page->lru);
		__free_page(page);
	}
	free_pages((unsigned long)root, 1);
	root = NULL;
}
