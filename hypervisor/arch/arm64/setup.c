// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* From the entry to the first guest instruction on each CPU, and back to Linux. */
#include <hypervisor/arch/cpu.h>
#include <hypervisor/image.h>
#include <asm/area.h>
#include <asm/gic.h>
#include <asm/guest.h>
#include <asm/paging.h>
#include <asm/sysregs.h>

#define PA_RANGE_MASK 0xf
#define PA_RANGE_MAX  5

const struct paging_format *own_memory_format(const struct machine *m)
{
	(void)m;
	return &arm_host_format;
}

void own_memory_flush(const void *virt)
{
	__asm__ volatile("dsb ishst; tlbi vae2, %0; dsb nsh; isb" : : "r"((u64)virt >> PAGE_SHIFT) : "memory");
}

static void use_own_tables(const struct machine *m)
{
	write_sysreg(ttbr0_el2, m->arch.hv_table.root_phys);
	__asm__ volatile("isb; tlbi alle2; dsb nsh; isb" : : : "memory");
}

int entry_main(struct percpu *cpu)
{
	image_find_machine(cpu);
	cpu->arch.regs = &cpu_area(cpu)->frame.regs;
	cpu->arch.mpidr = read_sysreg(mpidr_el1) & MPIDR_AFFINITY;
	return bringup(cpu);
}

/* The page in which the MMU goes off has its physical address, too. */
static int map_identity(struct machine *m)
{
	u64 phys = hv_virt_to_phys(m, arm64_identity) & PAGE_MASK;

	if (m->hv_phys + m->hv_size > LINK_BASE)
		return REFUSE3(m, -EINVAL, HYPERVISOR_MEMORY, JAILHOUSE_ITEM_NONE, 0, m->hv_phys,
			       m->hv_phys + m->hv_size, LINK_BASE);
	return paging_map(&m->arch.hv_table, phys, phys, PAGE_SIZE, PG_READ | PG_EXEC | PG_NO_HUGE) ?
	       refuse_no_memory(m, 1) : 0;
}

int arch_machine_init(struct machine *m)
{
	unsigned int pa_range = read_sysreg(id_aa64mmfr0_el1) & PA_RANGE_MASK;
	int err;

	stage2_init(m, pa_range);
	if (own_memory_init(m))
		return refuse_no_memory(m, 1);
	err = map_identity(m);
	for (unsigned int id = 0; id < m->max_cpus && !err; id++)
		if (machine_cpu(m, id)->present)
			err = stage2_cpu_alloc(machine_cpu(m, id));
	if (err)
		return err;
	use_own_tables(m);
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
	unsigned int pa_range = read_sysreg(id_aa64mmfr0_el1) & PA_RANGE_MASK;

	use_own_tables(m);
	if (MIN(pa_range, PA_RANGE_MAX) < (m->arch.vtcr >> 16 & 7))
		return REFUSE2(m, -ENODEV, PHYS_BITS, JAILHOUSE_ITEM_CPU, cpu->id, 32, m->arch.phys_bits);
	return m->arch.gic->cpu_init(cpu);
}

void arch_cpu_exit(struct percpu *cpu)
{
	cpu->machine->arch.gic->cpu_exit(cpu);
}

void __noreturn arch_cpu_activate(struct percpu *cpu)
{
	struct guest_frame *frame = &cpu_area(cpu)->frame;

	frame->regs.x[0] = 0;
	write_sysreg(elr_el2, frame->linux_state.elr);
	write_sysreg(spsr_el2, frame->linux_state.spsr);
	guest_enter_cell(cpu);
	guest_prepare(cpu);
	arm64_resume(cpu);
}

u64 arch_time(void)
{
	arch_isb();
	return read_sysreg(cntpct_el0);
}

void __noreturn arch_cpu_stop(void)
{
	for (;;)
		__asm__ volatile("wfi" : : : "memory");
}

void arch_memory_written(const void *start, unsigned long size)
{
	unsigned long line = 4UL << (read_sysreg(ctr_el0) >> 16 & 0xf);
	const u8 *end = (const u8 *)start + size;

	for (const u8 *p = (const u8 *)ALIGN_DOWN((u64)start, line); p < end; p += line)
		__asm__ volatile("dc civac, %0" : : "r"(p) : "memory");
	arch_dsb();
}
