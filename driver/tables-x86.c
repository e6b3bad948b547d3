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

#include <linux/mm.h>

#include <asm/io.h>
#include <asm/pgtable.h>
#include <asm/processor-flags.h>
#include <asm/special_insns.h>

#include "arch.h"
#include "arch-x86.h"
#include "tables.h"

#define KERNEL_HALF (JH_TABLE_ENTRIES / 2)
/* The remapped LDT of one process, in tables that go with the process */
#define LDT_SLOT (LDT_PGD_ENTRY & (JH_TABLE_ENTRIES - 1))

/* Not global: entries of the lower half must not survive the switch back. */
static struct jh_tables tables = {
	.root_order = 1,
	.table_flags = _PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED,
	.page_flags = _PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY,
};

/* Takes over the kernel's half from the tables in use, which are complete in every process. */
void jh_entry_refresh(void)
{
	const u64 *current_root = phys_to_virt(__native_read_cr3() & CR3_ADDR_MASK);
	unsigned int n;

	for (n = KERNEL_HALF; n < JH_TABLE_ENTRIES; n++)
		tables.root[n] = n == LDT_SLOT ? 0 : current_root[n];
}

/* With PCID 0, which Linux gives to no process, and without any other bit */
u64 jh_entry_cr3(void)
{
	return virt_to_phys(tables.root);
}

int jh_arch_prepare(struct jailhouse_reason *r)
{
	/* All of it: configuration and page pool are used before the hypervisor has own tables. */
	u64 virt = jh.mem.header.link_base, size = jh.mem.size;
	int err;

	/* Page 0 stays free, so that a NULL pointer is one. 47 bits on all levels. */
	if (!virt || virt >> 47 || size > (1ULL << 47) - virt)
		return jh_refuse_item(r, -EINVAL, JAILHOUSE_REASON_ENTRY_SLOT, JAILHOUSE_ITEM_NONE,
				      0);
	tables.levels = native_read_cr4() & X86_CR4_LA57 ? 5 : 4;
	err = jh_tables_init(&tables);
	if (!err)
		err = jh_tables_map(&tables, virt, jh.mem.phys, size);
	if (!err)
		return 0;
	jh_arch_release();
	return jh_refuse_args(r, err, JAILHOUSE_REASON_NO_KERNEL_MEMORY, 0, 0);
}

void jh_arch_release(void)
{
	jh_tables_free(&tables);
}
