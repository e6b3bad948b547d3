// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Entries of long-mode page tables. Source: AMD APM vol. 2, sections 5.3 and 15.25; Intel SDM vol. 3, 4.5. */
#include <asm/paging.h>

#define PTE_PRESENT  0x001ULL
#define PTE_WRITE    0x002ULL
#define PTE_USER     0x004ULL
#define PTE_PWT	     0x008ULL
#define PTE_PCD	     0x010ULL
#define PTE_ACCESSED 0x020ULL
#define PTE_DIRTY    0x040ULL
#define PTE_LARGE    0x080ULL
/* Free for software: remember what the engine must not forget. */
#define PTE_NO_HUGE  0x200ULL
#define PTE_DEVICE   0x400ULL
#define PTE_NO_JOIN  0x800ULL
#define PTE_NX	     0x8000000000000000ULL
#define PTE_ADDRESS  0x000ffffffffff000ULL

/* Accessed and dirty are set from the start, so that the processor never changes an entry that we compare. */
static u64 common_leaf(u64 phys, unsigned int flags, unsigned int level)
{
	u64 entry = phys | PTE_ACCESSED | PTE_DIRTY;

	if (flags & (PG_READ | PG_WRITE | PG_EXEC))
		entry |= PTE_PRESENT;
	if (flags & PG_WRITE)
		entry |= PTE_WRITE;
	if (!(flags & PG_EXEC))
		entry |= PTE_NX;
	if (flags & PG_NO_HUGE)
		entry |= PTE_NO_HUGE;
	if (flags & PG_NO_JOIN)
		entry |= PTE_NO_JOIN;
	if (flags & PG_DEVICE)
		entry |= PTE_DEVICE;
	if (level > 0)
		entry |= PTE_LARGE;
	return entry;
}

static u64 host_leaf(u64 phys, unsigned int flags, unsigned int level)
{
	/* Index 3 of the page attribute table is uncached after reset and in Linux. */
	return common_leaf(phys, flags, level) | (flags & PG_DEVICE ? PTE_PCD | PTE_PWT : 0);
}

static u64 nested_leaf(u64 phys, unsigned int flags, unsigned int level)
{
	/* Nested walks are user accesses. Write-back: the guest's PAT and the machine's MTRRs decide. */
	return common_leaf(phys, flags, level) | PTE_USER;
}

static u64 host_table(u64 phys)
{
	return phys | PTE_PRESENT | PTE_WRITE | PTE_ACCESSED;
}

static u64 nested_table(u64 phys)
{
	return phys | PTE_PRESENT | PTE_WRITE | PTE_USER | PTE_ACCESSED;
}

static bool is_valid(u64 entry)
{
	return entry & PTE_PRESENT;
}

static bool is_leaf(u64 entry, unsigned int level)
{
	return level == 0 || (entry & PTE_LARGE);
}

static unsigned int entry_flags(u64 entry, unsigned int level)
{
	unsigned int flags = PG_READ;

	(void)level;
	if (entry & PTE_WRITE)
		flags |= PG_WRITE;
	if (!(entry & PTE_NX))
		flags |= PG_EXEC;
	if (entry & PTE_NO_HUGE)
		flags |= PG_NO_HUGE;
	if (entry & PTE_NO_JOIN)
		flags |= PG_NO_JOIN;
	if (entry & PTE_DEVICE)
		flags |= PG_DEVICE;
	return flags;
}

#define FORMAT(num_levels, kind)                                                                                     \
	{                                                                                                            \
		.levels = num_levels, .root_pages = 1, .max_leaf = 1, .address = PTE_ADDRESS,                        \
		.leaf = kind##_leaf, .table = kind##_table,                                                          \
		.is_valid = is_valid, .is_leaf = is_leaf, .flags = entry_flags,                                      \
	}

/* 2 MiB at most: 1 GiB entries save little here and are missing on older processors. */
const struct paging_format x86_host_format[2] = { FORMAT(4, host), FORMAT(5, host) };
const struct paging_format x86_nested_format[2] = { FORMAT(4, nested), FORMAT(5, nested) };
