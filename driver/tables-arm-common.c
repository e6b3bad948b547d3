// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Both ARMs: boot tables, with which the image switches the MMU on at EL2 (stage 1, 4 KiB granule,
 * long descriptors). They map the hypervisor memory at the image's link address, and identically,
 * so that the instruction after the one that switches the MMU on, or off, is found.
 *
 * They are read with caches off, so they are cleaned to memory.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/bits.h>
#include <linux/io.h>
#include <linux/mm.h>

#include "arch.h"
#include "arch-arm-common.h"
#include "tables.h"

/* Descriptors of tables and pages: valid, not a block */
#define DESC_TABLE	 0x3ULL
#define PAGE_AP1	 BIT_ULL(6)	  /* reads as one where there is but one range of addresses */
#define PAGE_INNER_SHARE (3ULL << 8)
#define PAGE_ACCESSED	 BIT_ULL(10)

/* Memory attribute 0; readable, writable, executable */
static struct jh_tables tables = {
	.table_flags = DESC_TABLE,
	.page_flags = DESC_TABLE | PAGE_AP1 | PAGE_INNER_SHARE | PAGE_ACCESSED,
};

phys_addr_t jh_entry_root(void)
{
	return virt_to_phys(tables.root);
}

static int no_slot(struct jailhouse_reason *r)
{
	return jh_refuse_item(r, -EINVAL, JAILHOUSE_REASON_ENTRY_SLOT, JAILHOUSE_ITEM_NONE, 0);
}

static bool in_reach(u64 start, u64 size, unsigned int bits)
{
	const u64 limit = BIT_ULL(bits);

	return start < limit && size <= limit - start;
}

/* False if one of them lies where its address does not fit into a descriptor. */
static bool clean_tables(void)
{
	struct page *page;
	const unsigned int bits = jh_table_format.address_bits;

	if (!in_reach(jh_entry_root(), PAGE_SIZE, bits))
		return false;
	jh_clean_to_memory(tables.root, PAGE_SIZE);
	list_for_each_entry(page, &tables.pages, lru) {
		if (!in_reach(page_to_phys(page), PAGE_SIZE, bits))
			return false;
		jh_clean_to_memory(page_address(page), PAGE_SIZE);
	}
	return true;
}

int jh_arch_prepare(struct jailhouse_reason *r)
{
	u64 virt = jh.mem.header.link_base, phys = jh.mem.phys, size = jh.mem.size;
	int err;

	if (!in_reach(virt, size, jh_table_format.virt_bits) ||
	    !in_reach(phys, size, jh_table_format.virt_bits) || (virt < phys + size && phys < virt + size))
		return no_slot(r);
	err = jh_watch_stubs(r);
	if (err)
		return err;
	tables.levels = jh_table_format.levels;
	err = jh_tables_init(&tables);
	if (!err)
		err = jh_tables_map(&tables, virt, phys, size);
	if (!err)
		err = jh_tables_map(&tables, phys, phys, size);
	if (err) {
		jh_arch_release();
		return jh_refuse_args(r, err, JAILHOUSE_REASON_NO_KERNEL_MEMORY, 0, 0);
	}
	if (!clean_tables()) {
		jh_arch_release();
		return no_slot(r);
	}
	return 0;
}

void jh_arch_release(void)
{
	jh_tables_free(&tables);
	jh_unwatch_stubs();
}
