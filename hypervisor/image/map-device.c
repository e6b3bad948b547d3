// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Registers of devices in the hypervisor's own address space. */
#include <hypervisor/arch/memory.h>

#define LARGE_PAGE 0x200000UL

/*
 * No address is given out twice, so no CPU has to flush. But a table that is freed may live on in the caches of other
 * CPUs: nothing new comes into the range that it was for.
 */
static void forget(struct machine *m, u64 virt, u64 bytes)
{
	paging_unmap(&m->arch.hv_table, virt, bytes);
	paging_tidy(&m->arch.hv_table, virt, bytes, true);
	m->arch.remap_next = ALIGN_UP(m->arch.remap_next, LARGE_PAGE);
}

void *arch_map_device(struct machine *m, u64 phys, unsigned long size)
{
	u64 start = ALIGN_DOWN(phys, PAGE_SIZE);
	u64 bytes = ALIGN_UP(phys + size, PAGE_SIZE) - start;
	u64 virt = m->arch.remap_next;

	/* Large devices in large entries, if they are aligned; small ones share their tables. */
	if (bytes >= LARGE_PAGE)
		virt = ALIGN_UP(virt, LARGE_PAGE) + (start & (LARGE_PAGE - 1));
	m->arch.remap_next = virt + bytes;
	/* 32-bit machines: the addresses are used up. */
	if (virt + bytes - 1 > (unsigned long)-1)
		return NULL;
	if (paging_map(&m->arch.hv_table, virt, start, bytes, PG_READ | PG_WRITE | PG_DEVICE)) {
		forget(m, virt, bytes);
		return NULL;
	}
	return (u8 *)(unsigned long)virt + (phys - start);
}

void arch_unmap_device(struct machine *m, void *virt, unsigned long size)
{
	u64 start = ALIGN_DOWN((unsigned long)virt, PAGE_SIZE);

	forget(m, start, ALIGN_UP((u64)(unsigned long)virt + size, PAGE_SIZE) - start);
}
