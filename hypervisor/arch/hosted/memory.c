// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Physical memory and devices of the simulated machine, and what the core wants to know about memory. */
#include <string.h>
#include <hypervisor/arch/memory.h>
#include "hosted-internal.h"

unsigned int arch_phys_bits(const struct machine *m)
{
	return machine_hw(m)->setup.phys_bits;
}

void *hosted_ram(const struct hosted_machine *hw, __u64 phys, __u64 size)
{
	if (!range_contains(hw->setup.ram_start, hw->setup.ram_size, phys, size))
		return NULL;
	return hw->ram + (phys - hw->setup.ram_start);
}

const struct hosted_io *hosted_find_device(const struct hosted_machine *hw, u64 phys, unsigned int size)
{
	for (unsigned int n = 0; n < hw->num_devices; n++)
		if (range_contains(hw->devices[n].start, hw->devices[n].size, phys, size))
			return &hw->devices[n];
	return NULL;
}

/* One access to host memory, as a whole where the host can do that. */
void hosted_memory_access(u8 *host, struct mmio_access *access)
{
	if (!IS_ALIGNED((unsigned long)host, access->size)) {
		if (access->write)
			memcpy(host, &access->value, access->size);
		else
			memcpy(&access->value, host, access->size);
		return;
	}
	switch (access->size | (unsigned int)access->write << 8) {
	case 0x001:
		access->value = __atomic_load_n(host, __ATOMIC_SEQ_CST);
		break;
	case 0x002:
		access->value = __atomic_load_n((u16 *)host, __ATOMIC_SEQ_CST);
		break;
	case 0x004:
		access->value = __atomic_load_n((u32 *)host, __ATOMIC_SEQ_CST);
		break;
	case 0x008:
		access->value = __atomic_load_n((u64 *)host, __ATOMIC_SEQ_CST);
		break;
	case 0x101:
		__atomic_store_n(host, (u8)access->value, __ATOMIC_SEQ_CST);
		break;
	case 0x102:
		__atomic_store_n((u16 *)host, (u16)access->value, __ATOMIC_SEQ_CST);
		break;
	case 0x104:
		__atomic_store_n((u32 *)host, (u32)access->value, __ATOMIC_SEQ_CST);
		break;
	case 0x108:
		__atomic_store_n((u64 *)host, access->value, __ATOMIC_SEQ_CST);
		break;
	}
}

void hosted_device_access(struct hosted_machine *hw, u64 phys, struct mmio_access *access, bool cached)
{
	const struct hosted_io *io = hosted_find_device(hw, phys, access->size);
	u8 *ram = hosted_ram(hw, phys, access->size);

	if (ram)
		hosted_cache_access(hw, ram, access, cached);
	else if (io && io->device)
		io->device(io->arg, phys - io->start, access->size, access->write, &access->value);
	else if (io)
		hosted_memory_access(io->memory + (phys - io->start), access);
	else if (!access->write)
		access->value = ~0ULL;
}

void arch_device_access(struct percpu *cpu, u64 phys, struct mmio_access *access)
{
	hosted_device_access(machine_hw(cpu->machine), phys, access, false);
}

void *arch_map_temp(struct percpu *cpu, u64 phys, unsigned int pages)
{
	struct hosted_cpu *hc = cpu->arch.hw;
	const struct hosted_setup *setup = &hc->hw->setup;
	u64 margin = ARCH_TEMP_PAGES * PAGE_SIZE, size = pages * PAGE_SIZE;

	while (__atomic_load_n(&hc->hw->faults.slow_memory, __ATOMIC_ACQUIRE) & 1U << hc->id)
		arch_relax();
	/* RAM has a margin, so that a window over its end works; what is written there is lost. */
	if (range_contains(setup->ram_start - margin, setup->ram_size + 2 * margin, phys, size)) {
		hosted_cache_touch(hc->hw, hc->hw->ram + (s64)(phys - setup->ram_start), size);
		return hc->hw->ram + (s64)(phys - setup->ram_start);
	}
	memset(hc->nowhere, 0xff, margin);
	return hc->nowhere;
}

/* A page of the pool stands for the page tables that a mapping costs. */
void *arch_map_device(struct machine *m, u64 phys, unsigned long size)
{
	struct hosted_machine *hw = machine_hw(m);
	const struct hosted_io *io = size <= ~0U ? hosted_find_device(hw, phys, (unsigned int)size) : NULL;
	struct hosted_mapping *mapping = NULL;

	for (unsigned int n = 0; n < HOSTED_MAX_MAPPED && !mapping; n++)
		if (!hw->mapped[n].virt)
			mapping = &hw->mapped[n];
	if (!mapping)
		return NULL;
	mapping->cost = page_alloc(&m->pool, 1);
	if (!mapping->cost)
		return NULL;
	if (hosted_ram(hw, phys, size))
		mapping->virt = hosted_ram(hw, phys, size);
	else
		mapping->virt = io && io->memory ? io->memory + (phys - io->start) : hw->nowhere;
	hw->counters.mapped_devices++;
	return mapping->virt;
}

void arch_unmap_device(struct machine *m, void *virt, unsigned long size)
{
	struct hosted_machine *hw = machine_hw(m);

	(void)size;
	for (unsigned int n = 0; n < HOSTED_MAX_MAPPED; n++) {
		if (hw->mapped[n].virt != virt)
			continue;
		page_free(&m->pool, hw->mapped[n].cost, 1);
		hw->mapped[n].virt = NULL;
		hw->counters.mapped_devices--;
		return;
	}
}

int arch_machine_init(struct machine *m)
{
	(void)m;
	return 0;
}

int arch_machine_init_late(struct machine *m)
{
	if (machine_hw(m)->faults.machine_init_late)
		return REFUSE0(m, -ENODEV, INTERNAL, JAILHOUSE_ITEM_NONE, 0);
	return 0;
}

void arch_machine_exit(struct machine *m)
{
	machine_hw(m)->counters.machine_exits++;
}

int arch_cell_init(struct cell *cell)
{
	const struct hosted_setup *setup = &machine_hw(cell->machine)->setup;
	int err = paging_create(&cell->stage2, &hosted_formats[setup->levels - 4][setup->max_leaf],
				&cell->machine->pool);

	return err ? refuse_no_memory(cell->machine, 1) : 0;
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
	hosted_cache_clean(hosted_current(), start, size);
}

void arch_comm_init(struct cell *cell)
{
	hosted_fill_comm(cell);
}

bool arch_intercepted_range(const struct machine *m, unsigned int n, u64 *start, u64 *size)
{
	const struct jailhouse_platform_info *platform = &m->config->platform_info;
	const struct jailhouse_irqchip *chips = jailhouse_cell_irqchips(m->root.config);

	if (n == 0) {
		*start = platform->pci_mmconfig_base;
		*size = *start ? ((u64)platform->pci_mmconfig_end_bus + 1) << 20 : 0;
		return true;
	}
	n--;
	if (n >= m->root.config->num_irqchips)
		return false;
	*start = chips[n].address;
	*size = PAGE_SIZE;
	return true;
}

int arch_config_check(struct machine *m, const struct jailhouse_cell_desc *config, bool root)
{
	const struct jailhouse_iommu *units = m->config->platform_info.iommu_units;

	if (!root && config->architecture == JAILHOUSE_X86 && config->cpu_set_size > 0 &&
	    test_bit(0, jailhouse_cell_cpu_set(config)))
		return REFUSE0(m, -EINVAL, CPU_IS_BOOT, JAILHOUSE_ITEM_CPU, 0);
	if (root && units[0].base && !machine_hw(m)->setup.any_iommu)
		return REFUSE1(m, -EINVAL, IOMMU_TYPE, JAILHOUSE_ITEM_IOMMU, 0, units[0].type);
	return 0;
}

/* ---- translation as a CPU does it ---- */

void hosted_flush(struct hosted_cpu *hc)
{
	memset(hc->tlb, 0, sizeof(hc->tlb));
}

/* False: the tables or the rights say no, so the access traps. */
bool hosted_translate(struct hosted_cpu *hc, u64 address, unsigned int right, u64 *phys)
{
	u64 page = address & PAGE_MASK;
	struct tlb_entry *entry = &hc->tlb[(page >> PAGE_SHIFT) % TLB_SIZE];

	if (!entry->valid || entry->page != page) {
		entry->phys = paging_lookup(&hc->cpu->cell->stage2, page, &entry->flags);
		entry->page = page;
		/* Only what exists is remembered. */
		entry->valid = entry->phys != PAGING_INVALID_PHYS;
	}
	if (!entry->valid || !(entry->flags & right))
		return false;
	*phys = entry->phys + (address & PAGE_OFFS_MASK);
	return true;
}
