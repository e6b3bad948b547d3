// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Cells and their memory on both ARM architectures. */
#include <hypervisor/arch/cpu.h>
#include <hypervisor/arch/memory.h>
#include <hypervisor/pci.h>
#include <hypervisor/ivshmem.h>
#include <hypervisor/unit.h>
#include <asm/gic.h>
#include <asm/guest.h>

#define MAX_VMID 255

const struct unit *const arch_units[] = { &irqchip_unit, &pci_unit, &ivshmem_unit, NULL };

unsigned int arch_phys_bits(const struct machine *m)
{
	return m->arch.phys_bits;
}

static bool vmid_is_used(struct machine *m, unsigned int vmid)
{
	for_each_cell(cell, m)
		if (cell->arch.vmid == vmid)
			return true;
	return false;
}

int arch_cell_init(struct cell *cell)
{
	struct machine *m = cell->machine;
	unsigned int vmid = 0;

	while (!cell_is_root(cell) && vmid <= MAX_VMID && vmid_is_used(m, vmid))
		vmid++;
	/* Each cell has a CPU of its own, so this takes more than 255 CPUs. */
	if (vmid > MAX_VMID)
		return refuse_no_memory(m, 0);
	cell->arch.vmid = (u8)vmid;
	return paging_create(&cell->stage2, &m->arch.stage2_format, &m->pool) ? refuse_no_memory(m, 1) : 0;
}

void arch_cell_exit(struct cell *cell)
{
	paging_destroy(&cell->stage2);
}

unsigned int arch_region_flags(const struct jailhouse_memory *mem)
{
	unsigned int flags = region_access(mem);

	/* Configurations for ARM take it for granted that what can be read can be executed. */
	if ((mem->flags & (JAILHOUSE_MEM_READ | JAILHOUSE_MEM_IO)) == JAILHOUSE_MEM_READ)
		flags |= PG_EXEC;
	if (mem->flags & JAILHOUSE_MEM_IO)
		flags |= PG_DEVICE;
	return flags;
}

void arch_comm_init(struct cell *cell)
{
	const struct jailhouse_platform_arm *arm = &cell->machine->config->platform_info.arm;

	cell->comm->gic_version = arm->gic_version;
	cell->comm->gicd_base = arm->gicd_base;
	cell->comm->gicc_base = arm->gicc_base;
	cell->comm->gicr_base = arm->gicr_base;
	cell->comm->vpci_irq_base = cell->config->vpci_irq_base;
}

bool arch_intercepted_range(const struct machine *m, unsigned int n, u64 *start, u64 *size)
{
	const struct jailhouse_iommu *units = m->config->platform_info.iommu_units;
	unsigned int count = 0;

	while (count < JAILHOUSE_MAX_IOMMU_UNITS && units[count].base)
		count++;
	if (n < count) {
		*start = units[n].base;
		*size = units[n].size;
		return true;
	}
	n -= count;
	if (m->config->platform_info.pci_mmconfig_base && n-- == 0) {
		*start = m->config->platform_info.pci_mmconfig_base;
		*size = (m->config->platform_info.pci_mmconfig_end_bus + 1ULL) << 20;
		return true;
	}
	return gic_range(m, n, start, size);
}

int arch_config_check(struct machine *m, const struct jailhouse_cell_desc *config, bool root)
{
	const struct jailhouse_iommu *units = m->config->platform_info.iommu_units;

	(void)config;
	if (!root)
		return 0;
	/* No IOMMU driver is part of this image, and pretending would be worse than saying so. */
	if (units[0].base)
		return REFUSE1(m, -EINVAL, IOMMU_TYPE, JAILHOUSE_ITEM_IOMMU, 0, units[0].type);
	m->info->isolation = JAILHOUSE_ISOLATION_NO_DMA | JAILHOUSE_ISOLATION_NO_MSI_REMAP;
	printk(m, "WARNING: no IOMMU: no protection against DMA of devices\n");
	return 0;
}

/* ---- CPUs ---- */

void arch_cpu_kick(struct percpu *target)
{
	stage2_revoke(target);
}

void arch_cpu_flush_guest(struct percpu *cpu)
{
	stage2_renew(cpu);
}

void arch_cpu_set_cell(struct percpu *cpu)
{
	cpu->machine->arch.gic->cpu_reset(cpu);
	guest_wipe(cpu);
	guest_enter_cell(cpu);
}

/* The first CPU of a cell that starts says itself when it is on. */
void arch_cpu_drop_wakeups(struct percpu *cpu, bool starts)
{
	(void)starts;
	__atomic_store_n(&cpu->arch.power, CPU_OFF, __ATOMIC_RELEASE);
}

/* After a violation nobody in the cell can wake it: psci.c looks at percpu.failed. */
void arch_cpu_park(struct percpu *cpu)
{
	cpu->machine->arch.gic->cpu_reset(cpu);
	cpu->arch.parked = true;
}

/* The first CPU of the cell starts, the others wait to be switched on. */
static bool starts_cell(const struct percpu *cpu)
{
	for_each_cell_cpu(id, cpu->cell)
		return id == cpu->id;
	return false;
}

void arch_cpu_reset(struct percpu *cpu)
{
	cpu->machine->arch.gic->cpu_reset(cpu);
	guest_wipe(cpu);
	cpu->arch.parked = true;
	if (!starts_cell(cpu) || !cell_clean_memory(cpu))
		return;
	cpu->arch.parked = false;
	guest_reset(cpu, cpu->cell->config->cpu_reset_address, 0);
	__atomic_store_n(&cpu->arch.power, CPU_ON, __ATOMIC_RELEASE);
}

void arch_cpu_handle_request(struct percpu *cpu)
{
	psci_handle_request(cpu);
}

/* A request that is made after the last look finds the tables taken away: the guest exits at once. */
void guest_prepare(struct percpu *cpu)
{
	for (;;) {
		cpu_handle_requests(cpu);
		stage2_restore(cpu);
		if (__atomic_load_n(&cpu->requests, __ATOMIC_SEQ_CST))
			continue;
		if (!cpu->arch.parked)
			return;
		gic_wait(cpu, false);
	}
}

u64 arch_cpu_hw_id(const struct percpu *cpu)
{
	return cpu->arch.mpidr;
}

void arch_machine_reset(struct machine *m)
{
	u64 x[18] = { 0x84000009U }; /* PSCI SYSTEM_RESET */

	(void)m;
	arch_firmware_call(x);
}
