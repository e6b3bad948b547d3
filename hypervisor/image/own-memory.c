// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The hypervisor's own address space: itself, and a window to memory for each CPU. */
#include <hypervisor/image.h>
#include <asm/area.h>

static int map_own(struct machine *m, const void *start, const void *end, unsigned int flags)
{
	if (end <= start)
		return 0;
	return paging_map(&m->arch.hv_table, (unsigned long)start, hv_virt_to_phys(m, start),
			  (unsigned long)end - (unsigned long)start, flags);
}

/* Code is not writable, data is not executable, and a stack that runs over hits a hole. */
static int map_hypervisor(struct machine *m)
{
	u8 *end = m->hv_base + m->hv_size;
	int err = map_own(m, m->hv_base, end, PG_READ | PG_WRITE);

	if (!err)
		err = map_own(m, __text_start, __text_end, PG_READ | PG_EXEC);
	if (!err)
		err = map_own(m, __rodata_start, __rodata_end, PG_READ);
	for (unsigned int id = 0; id < m->max_cpus && !err; id++)
		err = paging_unmap(&m->arch.hv_table, (unsigned long)cpu_area(machine_cpu(m, id))->guard, PAGE_SIZE);
	return err;
}

/* The entries of a CPU's window have to lie in one table. */
_Static_assert(WINDOW_PAGES >= ARCH_TEMP_PAGES && !(WINDOW_PAGES & (WINDOW_PAGES - 1)), "wrong size of windows");

static int map_windows(struct machine *m)
{
	unsigned long size = WINDOW_PAGES * PAGE_SIZE;
	int err = 0;

	for (unsigned int id = 0; id < m->max_cpus && !err; id++) {
		struct percpu *cpu = machine_cpu(m, id);

		cpu->arch.temp_base = (u8 *)TEMP_BASE + id * size;
		err = paging_map(&m->arch.hv_table, (unsigned long)cpu->arch.temp_base, m->hv_phys, size,
				 PG_READ | PG_NO_HUGE);
		if (!err)
			cpu->arch.temp_pte = paging_entry(&m->arch.hv_table, (unsigned long)cpu->arch.temp_base);
	}
	return err;
}

int own_memory_init(struct machine *m)
{
	int err = paging_create(&m->arch.hv_table, own_memory_format(m), &m->pool);

	m->arch.remap_next = REMAP_BASE;
	if (!err)
		err = map_hypervisor(m);
	return err ? err : map_windows(m);
}

u8 *own_memory_window(struct percpu *cpu, u64 phys, unsigned int pages, unsigned int flags)
{
	const struct paging_format *format = own_memory_format(cpu->machine);

	for (unsigned int n = 0; n < pages; n++) {
		u64 entry = format->leaf(phys + n * PAGE_SIZE, PG_READ | PG_WRITE | PG_NO_HUGE | flags, 0);

		if (cpu->arch.temp_pte[n] != entry) {
			*(volatile u64 *)&cpu->arch.temp_pte[n] = entry;
			own_memory_flush(cpu->arch.temp_base + n * PAGE_SIZE);
		}
	}
	return cpu->arch.temp_base;
}

void *arch_map_temp(struct percpu *cpu, u64 phys, unsigned int pages)
{
	return own_memory_window(cpu, phys, pages, 0);
}
