// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the short exits of entry.S go by. Source: Arm IHI 0069, ICC_SGI1R. */
#include <asm/area.h>
#include <asm/guest.h>

/* By the CPUs that the cell has now. */
void guest_cell_changed(struct percpu *cpu)
{
	struct short_exit *facts = &cpu_area(cpu)->frame.short_exit;
	u64 own = cpu->arch.mpidr & ~0xfULL, list = 0;

	for_each_cell_cpu(id, cpu->cell) {
		u64 mpidr = machine_cpu(cpu->machine, id)->arch.mpidr;

		if ((mpidr & ~0xfULL) == own)
			list |= 1ULL << (mpidr & 0xf);
	}
	facts->sgi_cluster = (own >> 32 & 0xff) << 48 | (own >> 4 & 0xf) << 44 | (own >> 16 & 0xff) << 32 |
			     (own >> 8 & 0xff) << 16;
	facts->sgi_list = list;
	facts->irqs = cpu->cell->arch.irqs;
	facts->kick = cpu->machine->config->platform_info.arm.maintenance_irq;
}
