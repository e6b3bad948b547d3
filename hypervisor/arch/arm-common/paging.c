// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Entries of translation tables in the long-descriptor format, 4 KiB granule. Source: Arm DDI 0487, D8.3 (stage 1 of
 * EL2, stage 2); DDI 0406C, B3.6 (ARMv7).
 */
#include <asm/area.h>
#include <asm/paging.h>

#define PTE_VALID      0x001ULL
#define PTE_TABLE      0x002ULL /* of upper levels; of the last level: page */
#define PTE_ATTR_INDEX 0x004ULL /* stage 1: attribute 1, device */
#define PTE_AP_EL0     0x040ULL /* stage 1 of EL2: RES1 */
#define PTE_READ_ONLY  0x080ULL /* stage 1: AP[2] */
#define PTE_S2_DEVICE  0x004ULL /* MemAttr 0001: device nGnRE */
#define PTE_S2_NORMAL  0x03cULL /* MemAttr 1111: write-back */
#define PTE_S2_READ    0x040ULL
#define PTE_S2_WRITE   0x080ULL
#define PTE_SHARED     0x300ULL /* inner shareable */
#define PTE_ACCESSED   0x400ULL
#define PTE_XN	       (1ULL << 54)
/* Ignored by hardware: remember what the engine must not forget. */
#define PTE_NO_HUGE    (1ULL << 55)
#define PTE_NO_JOIN    (1ULL << 56)
#define PTE_DEVICE     (1ULL << 57)
#define PTE_ADDRESS    0x0000fffffffff000ULL

static u64 common_leaf(u64 phys, unsigned int flags, unsigned int level)
{
	u64 entry = phys | PTE_ACCESSED;

	if (flags & (PG_READ | PG_WRITE | PG_EXEC))
		entry |= PTE_VALID;
	if (level == 0)
		entry |= PTE_TABLE;
	if (!(flags & PG_EXEC))
		entry |= PTE_XN;
	if (flags & PG_NO_HUGE)
		entry |= PTE_NO_HUGE;
	if (flags & PG_NO_JOIN)
		entry |= PTE_NO_JOIN;
	entry |= flags & PG_DEVICE ? PTE_DEVICE : PTE_SHARED;
	return entry;
}

static u64 host_leaf(u64 phys, unsigned int flags, unsigned int level)
{
	return common_leaf(phys, flags, level) | PTE_AP_EL0 | (flags & PG_WRITE ? 0 : PTE_READ_ONLY) |
	       (flags & PG_DEVICE ? PTE_ATTR_INDEX : 0);
}

static u64 stage2_leaf(u64 phys, unsigned int flags, unsigned int level)
{
	return common_leaf(phys, flags, level) | (flags & PG_DEVICE ? PTE_S2_DEVICE : PTE_S2_NORMAL) |
	       (flags & (PG_READ | PG_EXEC) ? PTE_S2_READ : 0) | (flags & PG_WRITE ? PTE_S2_WRITE : 0);
}

static u64 table(u64 phys)
{
	return phys | PTE_TABLE | PTE_VALID;
}

static bool is_valid(u64 entry)
{
	return entry & PTE_VALID;
}

static bool is_leaf(u64 entry, unsigned int level)
{
	return level == 0 || !(entry & PTE_TABLE);
}

static unsigned int common_flags(u64 entry)
{
	unsigned int flags = 0;

	if (!(entry & PTE_XN))
		flags |= PG_EXEC;
	if (entry & PTE_NO_HUGE)
		flags |= PG_NO_HUGE;
	if (entry & PTE_NO_JOIN)
		flags |= PG_NO_JOIN;
	if (entry & PTE_DEVICE)
		flags |= PG_DEVICE;
	return flags;
}

static unsigned int host_flags(u64 entry, unsigned int level)
{
	(void)level;
	return common_flags(entry) | PG_READ | (entry & PTE_READ_ONLY ? 0 : PG_WRITE);
}

static unsigned int stage2_flags(u64 entry, unsigned int level)
{
	(void)level;
	return common_flags(entry) | (entry & PTE_S2_READ ? PG_READ : 0) | (entry & PTE_S2_WRITE ? PG_WRITE : 0);
}

/* The hypervisor maps little, guests all of their memory and large windows of PCI. */
const struct paging_format arm_host_format = {
	.levels = HOST_LEVELS, .root_pages = 1, .max_leaf = 1, .address = PTE_ADDRESS,
	.leaf = host_leaf, .table = table, .is_valid = is_valid, .is_leaf = is_leaf, .flags = host_flags,
};

const struct paging_format arm_stage2_format = {
	.levels = 4, .root_pages = 1, .max_leaf = 2, .address = PTE_ADDRESS,
	.leaf = stage2_leaf, .table = table, .is_valid = is_valid, .is_leaf = is_leaf, .flags = stage2_flags,
};
