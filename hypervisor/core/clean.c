// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Memory of cells on architectures whose guests begin with caches off. */
#include <hypervisor/arch/memory.h>

void cell_clean_memory(struct percpu *cpu)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(cpu->cell->config);

	for (unsigned int n = 0; n < cpu->cell->config->num_memory_regions; n++) {
		u64 end = mem[n].phys_start + mem[n].size;

		if (mem[n].flags & (JAILHOUSE_MEM_IO | JAILHOUSE_MEM_COMM_REGION))
			continue;
		for (u64 phys = mem[n].phys_start; phys < end;) {
			u64 page = ALIGN_DOWN(phys, PAGE_SIZE);
			u64 size = MIN(end - page, (u64)ARCH_TEMP_PAGES * PAGE_SIZE);

			arch_memory_written(arch_map_temp(cpu, page, (unsigned int)PAGES(size)), size);
			phys = page + size;
		}
	}
	arch_memory_written(cpu->cell->comm, PAGE_SIZE);
}
