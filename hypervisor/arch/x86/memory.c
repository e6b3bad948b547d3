// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Address spaces: what the hypervisor's own needs of the processor, and the tables of cells. */
#include <hypervisor/arch/cpu.h>
#include <hypervisor/arch/memory.h>
#include <asm/area.h>
#include <asm/guest.h>
#include <asm/io.h>
#include <asm/paging.h>
#include <asm/x86.h>

#define CPUID_PHYS_BITS 0x80000008

static const u8 parking_code[] = { 0xfa, 0xf4, 0xeb, 0xfc }; /* cli; 1: hlt; jmp 1b */

unsigned int arch_phys_bits(const struct machine *m)
{
	return m->arch.phys_bits;
}

const struct paging_format *own_memory_format(const struct machine *m)
{
	return &x86_host_format[m->arch.paging_levels - 4];
}

void own_memory_flush(const void *virt)
{
	invlpg(virt);
}

int arch_machine_init(struct machine *m)
{
	unsigned int format = m->arch.paging_levels - 4;
	u32 bits = 36;
	int err;

	if (cpuid_eax(0x80000000, 0) >= CPUID_PHYS_BITS)
		bits = cpuid_eax(CPUID_PHYS_BITS, 0) & 0xff;
	m->arch.phys_bits = MIN(bits, 48U + (m->arch.paging_levels - 4) * 4);

	err = own_memory_init(m);
	m->arch.parking_page = page_alloc(&m->pool, 1);
	if (!err)
		err = m->arch.parking_page ? 0 : -ENOMEM;
	if (!err)
		err = paging_create(&m->arch.parking_table, &x86_nested_format[format], &m->pool);
	if (!err)
		err = paging_map(&m->arch.parking_table, 0, page_pool_phys(&m->pool, m->arch.parking_page), PAGE_SIZE,
				 PG_READ | PG_EXEC);
	if (err)
		return refuse_no_memory(m, 1);
	memcpy(m->arch.parking_page, parking_code, sizeof(parking_code));
	write_cr3(m->arch.hv_table.root_phys);

	return apic_init(m);
}

int arch_machine_init_late(struct machine *m)
{
	int err = vendor_machine_init_late(m);

	printk(m, "Using %s, cells use %s\n", m->arch.x2apic ? "x2APIC" : "xAPIC",
	       m->arch.has_x2apic ? "x2APIC" : "xAPIC");
	return err ? err : x86_pci_init(m);
}

void arch_machine_exit(struct machine *m)
{
	(void)m;
}

void arch_device_access(struct percpu *cpu, u64 phys, struct mmio_access *access)
{
	void *reg = own_memory_window(cpu, phys & PAGE_MASK, 1, PG_DEVICE) + (phys & PAGE_OFFS_MASK);

	if (access->size == 8 && access->write)
		*(volatile u64 *)reg = access->value;
	else if (access->size == 8)
		access->value = *(volatile u64 *)reg;
	else if (access->write)
		reg_write(reg, access->size, (u32)access->value);
	else
		access->value = reg_read(reg, access->size);
}

int arch_cell_init(struct cell *cell)
{
	struct machine *m = cell->machine;
	int err;

	cell->arch.x2apic = cell_is_root(cell) ? m->arch.x2apic : m->arch.has_x2apic;
	err = paging_create(&cell->stage2, &x86_nested_format[m->arch.paging_levels - 4], &m->pool);
	/* Reads of the xAPIC page are direct. In x2APIC mode there is nothing behind it and any
	 * access is a violation. */
	if (!err && !cell->arch.x2apic)
		err = paging_map(&cell->stage2, XAPIC_BASE, XAPIC_BASE, PAGE_SIZE, PG_READ | PG_NO_HUGE | PG_DEVICE);
	if (err)
		return refuse_no_memory(m, 1);
	return vendor_cell_init(cell);
}

void arch_cell_exit(struct cell *cell)
{
	paging_destroy(&cell->stage2);
}

unsigned int arch_region_flags(const struct jailhouse_memory *mem)
{
	return region_access(mem) | (region_may_be_device(mem) ? PG_DEVICE : 0);
}

void arch_memory_written(const void *start, unsigned long size)
{
	(void)start;
	(void)size;
}

void arch_comm_init(struct cell *cell)
{
	const struct jailhouse_system *config = cell->machine->config;

	cell->comm->pm_timer_address = config->platform_info.x86.pm_timer_address;
	cell->comm->num_cpus = (u16)cell->num_cpus;
	cell->comm->tsc_khz = config->platform_info.x86.tsc_khz ? config->platform_info.x86.tsc_khz :
			      cell->machine->tsc_khz;
	cell->comm->apic_khz = config->platform_info.x86.apic_khz ? config->platform_info.x86.apic_khz :
			       cell->machine->arch.apic_khz;
}

bool arch_intercepted_range(const struct machine *m, unsigned int n, u64 *start, u64 *size)
{
	const struct jailhouse_system *config = m->config;
	const struct jailhouse_irqchip *chips = jailhouse_cell_irqchips(m->root.config);

	if (n == 0) {
		*start = XAPIC_BASE;
		*size = PAGE_SIZE;
		return true;
	}
	if (n == 1) {
		*start = config->platform_info.pci_mmconfig_base;
		*size = *start ? ((u64)config->platform_info.pci_mmconfig_end_bus + 1) << 20 : 0;
		return true;
	}
	n -= 2;
	if (n < m->root.config->num_irqchips) {
		*start = chips[n].address;
		*size = PAGE_SIZE;
		return true;
	}
	n -= m->root.config->num_irqchips;
	if (n < JAILHOUSE_MAX_IOMMU_UNITS && config->platform_info.iommu_units[n].base) {
		*start = config->platform_info.iommu_units[n].base;
		*size = config->platform_info.iommu_units[n].size;
		return true;
	}
	return false;
}

int arch_config_check(struct machine *m, const struct jailhouse_cell_desc *config, bool root)
{
	const struct jailhouse_iommu *units = m->config->platform_info.iommu_units;

	if (!root) {
		/* INIT to the boot processor restarts the firmware. */
		if (config->cpu_set_size > 0 && test_bit(0, jailhouse_cell_cpu_set(config)))
			return REFUSE0(m, -EINVAL, CPU_IS_BOOT, JAILHOUSE_ITEM_CPU, 0);
		return 0;
	}
	/* No IOMMU driver is part of this image, and pretending would be worse than saying so. */
	if (units[0].base)
		return REFUSE1(m, -EINVAL, IOMMU_TYPE, JAILHOUSE_ITEM_IOMMU, 0, units[0].type);
	m->info->isolation = JAILHOUSE_ISOLATION_NO_DMA | JAILHOUSE_ISOLATION_NO_MSI_REMAP;
	printk(m, "WARNING: no IOMMU: no protection against DMA of devices\n");
	return 0;
}

u64 arch_time(void)
{
	return rdtsc();
}
