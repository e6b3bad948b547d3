/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Defects of the later rules, and of those about the files of a machine. */
#include <jailhouse/cell-config.h>

#include "check-setup.h"
#include "unit.h"

#define RWX (JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE)

#define ONE (&setup->cell[1])
#define TWO (&setup->cell[2])

static void subpage_mapped(struct setup *setup)
{
	ONE->memory[ONE->num_memory++] = (struct jailhouse_config_memory){
		0xfe000100, 0xfe000100, 4, JAILHOUSE_MEM_READ | JAILHOUSE_MEM_IO_32};
}

static void large_pages(struct setup *setup)
{
	ONE->memory[0].size = 0x800000;
	ONE->memory[0].phys_start = 0x3c001000;
	ONE->memory[1].virt_start = 0x1000000;
}

static void comm_region_write(struct setup *setup)
{
	TWO->memory[1].flags |= JAILHOUSE_MEM_WRITE;
}

/* A device in the root cell's list and another one of a cell */
static void add_devices(struct setup *setup)
{
	struct jailhouse_config_pci_device mine = {.type = 1, .bdf = 0x10};
	struct jailhouse_config_pci_device other = {.type = 1, .bdf = 0x18};

	setup->cell[0].pci[setup->cell[0].num_pcis++] = mine;
	setup->cell[0].pci[setup->cell[0].num_pcis++] = other;
	ONE->pci[ONE->num_pcis++] = mine;
}

static void msix_table_of_other(struct setup *setup)
{
	add_devices(setup);
	setup->cell[0].pci[1].num_msix_vectors = 1;
	setup->cell[0].pci[1].msix_region_size = 0x1000;
	setup->cell[0].pci[1].msix_address = 0x3c0ff000;
	setup->cell[0].memory[1] =
		(struct jailhouse_config_memory){0x3d000000, 0x3d000000, 0x3000000, RWX};
}

static void vpci_collision(struct setup *setup)
{
	make_arm(setup);
	ONE->head.vpci_irq_base = TWO->head.vpci_irq_base;
	ONE->chip[0].pin_bitmap[0] = 0;
	ONE->chip[0].address = TWO->chip[0].address;
	/* A device of its own: that of the link must agree with the other end. */
	TWO->pci[0].bdf = ONE->pci[0].bdf;
	ONE->chip[0].pin_bitmap[0] = 1u << 12;
	TWO->chip[0].pin_bitmap[0] = 1u << 12;
}

static void iommu_group(struct setup *setup)
{
	setup->root = FIXTURES "/check-root";
	add_devices(setup);
}

static void iommu_group_of_two_cells(struct setup *setup)
{
	iommu_group(setup);
	TWO->pci[TWO->num_pcis++] = setup->cell[0].pci[1];
}

static void core_split(struct setup *setup)
{
	setup->root = FIXTURES "/check-root";
	/* Two that belong together. */
	ONE->cpus |= 3u << 4;
	setup->cell[0].cpus |= 3u << 4;
	TWO->cpus = 1u << 3;
}

static void system_ram_of_root(struct setup *setup)
{
	setup->root = FIXTURES "/check-root";
	TWO->memory[0].phys_start = 0x3e000000;
}

static void pin_base(struct setup *setup)
{
	ONE->chip[0].pin_base = 24;
	ONE->chip[0].pin_bitmap[0] = 0;
}

static void pin_base_arm(struct setup *setup)
{
	make_arm(setup);
	setup->cell[0].chip[setup->cell[0].num_chips++] =
		(struct jailhouse_config_irqchip){.address = 0x8000000, .pin_base = 48};
}

static void pci_iommu(struct setup *setup)
{
	add_devices(setup);
	setup->cell[0].pci[1].iommu = 1;
}

static void console_clash(struct setup *setup)
{
	setup->cell[0].memory[2].size = 0x11000;
	ONE->memory[ONE->num_memory++] = TWO->memory[TWO->num_memory++] =
		(struct jailhouse_config_memory){0xfe010000, 0xfe010000, 0x1000,
						 3 | JAILHOUSE_MEM_ROOTSHARED};
	TWO->memory[TWO->num_memory - 1].virt_start = 0x90000000;
	ONE->head.console.flags = TWO->head.console.flags = JAILHOUSE_CON_ACCESS_MMIO;
	ONE->head.console.address = 0xfe010040;
	TWO->head.console.address = 0x90000040;
}

static void ivshmem_table(struct setup *setup)
{
	ONE->memory[2].flags |= JAILHOUSE_MEM_WRITE;
}

/* Not by the section of the device, but by one more mapping of the same memory */
static void map_once_more(struct setup *setup, size_t section)
{
	struct jailhouse_config_memory more = ONE->memory[section];

	more.virt_start = 0x90000000;
	more.flags |= JAILHOUSE_MEM_WRITE;
	ONE->memory[ONE->num_memory++] = more;
}

static void ivshmem_output_mapped(struct setup *setup)
{
	map_once_more(setup, 5);
}

static void ivshmem_table_mapped(struct setup *setup)
{
	map_once_more(setup, 2);
}

/* A device behind the regions, and num_pci_devices was forgotten */
static void not_announced(struct setup *setup)
{
	TWO->trailing = 104;
}

static const struct defect defects[] = {
	{"subpage-mapped", subpage_mapped, 1,
	 "cell one: memory region 6 (0xfe000100-0xfe000103) is a part of a page that region 2 "
	 "(0xfe000000-0xfe00ffff) maps for the root cell"},
	{"large-pages", large_pages, 1,
	 "cell one: memory region 0 (0x3c001000, seen at 0x0) needs up to 5 pages of tables, as "
	 "the addresses have different offsets in 2 MiB"},
	{"comm-region-write", comm_region_write, 1,
	 "cell two: memory region 1, the communication region, can be written, though the cell is "
	 "passive"},
	{"msix-table", msix_table_of_other, 1,
	 "root cell: PCI device 1 (0000:00:03.0): its MSI-X table (0x3c0ff000-0x3c0fffff) is "
	 "covered by memory region 0 (0x3c000000-0x3c1fffff) of cell one"},
	{"vpci-collision", vpci_collision, 1,
	 "cell two: PCI device 0 (0000:00:0e.0) raises interrupt 44, and so does cell one: PCI "
	 "device 0 (0000:00:0e.0)"},
	{"iommu-group", iommu_group, 1,
	 "cell one: PCI device 1 (0000:00:02.0) is in IOMMU group 5 with 0000:00:03.0, which "
	 "belongs to the root cell"},
	{"iommu-group", iommu_group_of_two_cells, 1,
	 "cell two: PCI device 1 (0000:00:03.0) is in IOMMU group 5 with 0000:00:02.0, which "
	 "belongs to cell one"},
	{"core-split", core_split, 1,
	 "cell two: CPU 3 shares its core with CPU 7, which is not the cell's"},
	{"system-ram", system_ram_of_root, 1,
	 "cell two: memory region 0 (0x3e000000-0x3e1fffff) is used by Linux "
	 "(0x3e000000-0x3effffff)"},
	{"pin-base", pin_base, 1,
	 "cell one: interrupt controller 0 at 0xfec00000 starts with line 24"},
	{"pin-base", pin_base_arm, 1,
	 "root cell: interrupt controller 1 at 0x8000000 starts with line 48"},
	{"pci-iommu", pci_iommu, 1,
	 "root cell: PCI device 1 (0000:00:03.0) is behind IOMMU 1, which the system does not "
	 "describe"},
	{"ivshmem-output", ivshmem_table, 1,
	 "cell one: PCI device 0 (0000:00:0e.0): it may write to the state table"},
	{"ivshmem-output", ivshmem_output_mapped, 1,
	 "cell one: PCI device 0 (0000:00:0e.0): it may write to the output section of another peer"},
	{"ivshmem-output", ivshmem_table_mapped, 1,
	 "cell one: PCI device 0 (0000:00:0e.0): it may write to the state table"},
	{"not-announced", not_announced, 1, "cell two: no count announces the last 104 bytes"},
	{"console-clash", console_clash, 1,
	 "cell two: its console at 0xfe010040 is that of cell one, too"},
};

const struct defect *defect_get_more(size_t index)
{
	return index < ARRAY_LEN(defects) ? &defects[index] : NULL;
}
