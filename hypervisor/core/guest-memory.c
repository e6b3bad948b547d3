// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <hypervisor/arch/memory.h>

bool guest_read(struct percpu *cpu, struct cell *cell, u64 addr, void *buf, unsigned int size)
{
	u8 *to = buf;

	while (size > 0) {
		unsigned int offset = (unsigned int)(addr & PAGE_OFFS_MASK);
		unsigned int chunk = MIN(size, (unsigned int)PAGE_SIZE - offset);
		unsigned int flags;
		u64 phys = paging_lookup(&cell->stage2, addr, &flags);
		const u8 *from;

		/* Reading device registers can have effects, so they do not count as memory. */
		if (phys == PAGING_INVALID_PHYS || !(flags & PG_READ) || (flags & PG_DEVICE))
			return false;
		from = arch_map_temp(cpu, phys & PAGE_MASK, 1);
		memcpy(to, from + offset, chunk);
		addr += chunk;
		to += chunk;
		size -= chunk;
	}
	return true;
}
