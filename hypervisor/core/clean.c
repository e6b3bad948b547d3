// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Memory of cells on architectures whose guests begin with caches off. */
#include <hypervisor/arch/cpu.h>
#include <hypervisor/arch/memory.h>

#define PIECE ((u64)ARCH_TEMP_PAGES * PAGE_SIZE)

/* What comes behind the first `done` bytes of the cell's memory, inside one region. False: nothing. */
static bool next_piece(const struct cell *cell, u64 done, u64 *phys, u64 *size)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(cell->config);

	for (unsigned int n = 0; n < cell->config->num_memory_regions; n++) {
		if (mem[n].flags & (JAILHOUSE_MEM_IO | JAILHOUSE_MEM_COMM_REGION))
			continue;
		if (done < mem[n].size) {
			*phys = mem[n].phys_start + done;
			*size = MIN(mem[n].size - done, PIECE - (*phys & PAGE_OFFS_MASK));
			return true;
		}
		done -= mem[n].size;
	}
	return false;
}

bool cell_clean_memory(struct percpu *cpu)
{
	u64 phys, size, offset;
	u8 *memory;

	while (next_piece(cpu->cell, cpu->cleaned, &phys, &size)) {
		if (__atomic_load_n(&cpu->requests, __ATOMIC_ACQUIRE) & CPU_REQ_STOP) {
			__atomic_fetch_or(&cpu->requests, CPU_REQ_RESET, __ATOMIC_ACQ_REL);
			return false;
		}
		offset = phys & PAGE_OFFS_MASK;
		memory = arch_map_temp(cpu, phys - offset, (unsigned int)PAGES(offset + size));
		arch_memory_written(memory + offset, size);
		cpu->cleaned += size;
		/* The root cell's CPU may be a thread of the same core. */
		arch_relax();
	}
	arch_memory_written(cpu->cell->comm, PAGE_SIZE);
	cpu->cleaned = 0;
	return true;
}
