// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Page tables of the simulated machine: as deep as those of x86, with all flags of the engine in an entry, so that what
 * comes back is what went in.
 */
#include "hosted-internal.h"

#define ENTRY_VALID	  0x001ULL
#define ENTRY_LEAF	  0x002ULL
#define ENTRY_FLAGS_SHIFT 2
#define ENTRY_FLAGS	  0x1fcULL /* seven flags */
#define ENTRY_ADDRESS	  0x000ffffffffff000ULL

static u64 leaf(u64 phys, unsigned int flags, unsigned int level)
{
	u64 entry = phys | ENTRY_LEAF | ((u64)flags << ENTRY_FLAGS_SHIFT & ENTRY_FLAGS);

	(void)level;
	return flags & (PG_READ | PG_WRITE | PG_EXEC) ? entry | ENTRY_VALID : entry;
}

static u64 table(u64 phys)
{
	return phys | ENTRY_VALID;
}

static bool is_valid(u64 entry)
{
	return entry & ENTRY_VALID;
}

static bool is_leaf(u64 entry, unsigned int level)
{
	(void)level;
	return entry & ENTRY_LEAF;
}

static unsigned int entry_flags(u64 entry, unsigned int level)
{
	(void)level;
	return (unsigned int)((entry & ENTRY_FLAGS) >> ENTRY_FLAGS_SHIFT);
}

#define FORMAT(num_levels, largest)                                                                            \
	{                                                                                                      \
		.levels = num_levels, .root_pages = 1, .max_leaf = largest, .address = ENTRY_ADDRESS,          \
		.leaf = leaf, .table = table,                                                                  \
		.is_valid = is_valid, .is_leaf = is_leaf, .flags = entry_flags,                                \
	}
#define FORMATS(num_levels) { FORMAT(num_levels, 0), FORMAT(num_levels, 1), FORMAT(num_levels, 2) }

const struct paging_format hosted_formats[2][3] = { FORMATS(4), FORMATS(5) };
