// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* From the entry to the first guest instruction on each CPU, on both ARM architectures. */
#include <hypervisor/arch/cpu.h>
#include <hypervisor/image.h>
#include <asm/area.h>
#include <asm/errata.h>
#include <asm/gic.h>
#include <asm/guest.h>
#include <asm/host-regs.h>
#include <asm/paging.h>

const struct paging_format *own_memory_format(const struct machine *m)
{
	(void)m;
	return &arm_host_format;
}

void own_memory_flush(const void *virt)
{
	host_flush_page(virt);
}

int entry_main(struct percpu *cpu)
{
	image_find_machine(cpu);
	cpu->arch.regs = &cpu_area(cpu)->frame.regs;
	cpu->arch.mpidr = host_mpidr();
	return bringup(cpu);
}

/* The page in which the MMU goes off has its physical address, too. */
static int map_identity(struct machine *m)
{
	u64 phys = hv_virt_to_phys(m, host_identity) & PAGE_MASK;

	if (m->hv_phys + m->hv_size > LINK_BASE || m->hv_size > TEMP_BASE - LINK_BASE)
		return REFUSE3(m, -EINVAL, HYPERVISOR_MEMORY, JAILHOUSE_ITEM_NONE, 0, m->hv_phys,
			       m->hv_phys + m->hv_size, LINK_BASE);
	return paging_map(&m->arch.hv_table, phys, phys, PAGE_SIZE, PG_READ | PG_EXEC | PG_NO_HUGE) ?
	       refuse_no_memory(m, 1) : 0;
}

int arch_machine_init(struct machine *m)
{
	int err;

	stage2_init(m, host_pa_range());
	if (own_memory_init(m))
		return refuse_no_memory(m, 1);
	err = map_identity(m);
	for (unsigned int id = 0; id < m->max_cpus && !err; id++)
		if (machine_cpu(m, id)->present)
			err = stage2_cpu_alloc(machine_cpu(m, id));
	if (err)
		return err;
	host_set_tables(m->arch.hv_table.root_phys);
	return gic_init(m);
}

int arch_machine_init_late(struct machine *m)
{
	printk(m, "Using GICv%u, guests take interrupts directly\n", m->config->platform_info.arm.gic_version);
	return 0;
}

void arch_machine_exit(struct machine *m)
{
	(void)m;
}

int arch_cpu_init(struct percpu *cpu)
{
	struct machine *m = cpu->machine;

	host_set_tables(m->arch.hv_table.root_phys);
	errata_init(cpu);
	if (!linux_state_fits(&cpu_area(cpu)->frame.linux_state))
		return REFUSE1(m, -ENODEV, EL2_HOST, JAILHOUSE_ITEM_CPU, cpu->id, cpu_area(cpu)->frame.linux_state.hcr);
	if (stage2_bits(host_pa_range()) < m->arch.phys_bits)
		return REFUSE2(m, -ENODEV, PHYS_BITS, JAILHOUSE_ITEM_CPU, cpu->id, stage2_bits(host_pa_range()),
			       m->arch.phys_bits);
	return m->arch.gic->cpu_init(cpu);
}

void arch_cpu_exit(struct percpu *cpu)
{
	cpu->machine->arch.gic->cpu_exit(cpu);
}

void __noreturn arch_cpu_activate(struct percpu *cpu)
{
	struct guest_frame *frame = &cpu_area(cpu)->frame;

	guest_set_reg(&frame->regs, 0, 0);
	guest_set_pc(frame->linux_state.elr);
	guest_set_psr(frame->linux_state.spsr);
	guest_enter_cell(cpu);
	guest_prepare(cpu);
	guest_resume(cpu);
}

u64 arch_time(void)
{
	return host_counter();
}

void __noreturn arch_cpu_stop(void)
{
	for (;;)
		arch_wfi();
}

void arch_memory_written(const void *start, unsigned long size)
{
	unsigned long line = host_cache_line();
	const u8 *end = (const u8 *)start + size;

	for (const u8 *p = (const u8 *)ALIGN_DOWN((unsigned long)start, line); p < end; p += line)
		host_clean_line(p);
	arch_dsb();
}
