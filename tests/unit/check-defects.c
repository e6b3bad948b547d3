/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Defects, each named for the rule that must find it. */
#include <string.h>

#include <jailhouse/cell-config.h>

#include "check-setup.h"
#include "unit.h"

#define RWX (JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE)

#define ONE (&setup->cell[1])
#define TWO (&setup->cell[2])

static void overflow(struct setup *setup)
{
	ONE->memory[0].size = 1ull << 48;
	ONE->memory[0].phys_start = 0x3c000000;
	/* So that what else is wrong with that much memory is not found. */
	setup->without_system = true;
	setup->count = 2;
	ONE->num_memory = 1;
	ONE->num_pcis = 0;
}

static void page_offset(struct setup *setup)
{
	ONE->memory[0].phys_start += 0x10;
}

static void overlap_physical(struct setup *setup)
{
	ONE->memory[ONE->num_memory++] =
		(struct jailhouse_config_memory){0x3c100000, 0x10000000, 0x200000, 3};
}

static void overlap_virtual(struct setup *setup)
{
	ONE->memory[1].virt_start = 0x1ff000;
}

static void hypervisor_memory(struct setup *setup)
{
	ONE->memory[0].phys_start = 0x3ae00000;
	ONE->memory[0].size = 0x200001;
	ONE->memory[0].flags |= JAILHOUSE_MEM_IO_32;
}

static void hypervisor_memory_root(struct setup *setup)
{
	setup->cell[0].memory[0].size += 0x1000;
}

static void hypervisor_memory_form(struct setup *setup)
{
	setup->system.hypervisor_memory.size -= 1;
}

static void mmconfig(struct setup *setup)
{
	setup->system.pci_mmconfig_base = 0x3c1ff000;
	setup->system.pci_mmconfig_end_bus = 0;
}

static void iommu_window(struct setup *setup)
{
	setup->iommu.base = 0x3c100000;
}

static void interrupt_controller(struct setup *setup)
{
	ONE->memory[ONE->num_memory++] =
		(struct jailhouse_config_memory){0xfee00000, 0xfee00000, 0x1000, 3};
	setup->cell[0].memory[2] =
		(struct jailhouse_config_memory){0xfed00000, 0xfed00000, 0x1000, 3};
}

static void root_identity(struct setup *setup)
{
	setup->cell[0].memory[2].virt_start += 0x1000;
}

static void not_in_root(struct setup *setup)
{
	TWO->memory[0].phys_start = 0x3ff00000;
}

static void foreign_memory(struct setup *setup)
{
	TWO->memory[0].phys_start = 0x3c1ff000;
}

static void foreign_memory_shared_by_one(struct setup *setup)
{
	foreign_memory(setup);
	TWO->memory[0].flags |= JAILHOUSE_MEM_ROOTSHARED;
}

static void comm_region(struct setup *setup)
{
	ONE->memory[1].size = 0x2000;
}

static void comm_region_count(struct setup *setup)
{
	ONE->memory[ONE->num_memory] = ONE->memory[1];
	ONE->memory[ONE->num_memory++].virt_start = 0x400000;
}

static void memory_flags(struct setup *setup)
{
	ONE->memory[0].flags |= 0x4000;
}

static void subpage_width(struct setup *setup)
{
	ONE->memory[ONE->num_memory++] =
		(struct jailhouse_config_memory){0xfe000100, 0xfe000100, 4, 3};
}

static void page_pool(struct setup *setup)
{
	setup->system.hypervisor_memory.size = 160 * 4096;
}

static void system_ram(struct setup *setup)
{
	setup->iomem = "00000000-00000fff : Reserved\n"
		       "00100000-39ffffff : System RAM\n"
		       "  01000000-01ffffff : Kernel code\n"
		       "3c1ff000-3effffff : System RAM";
	TWO->memory[0].flags |= JAILHOUSE_MEM_ROOTSHARED;
}

static void dma(struct setup *setup)
{
	setup->iommu.base = 0;
	ONE->pci[ONE->num_pcis++] = (struct jailhouse_config_pci_device){.type = 1, .bdf = 0x10};
	setup->cell[0].pci[setup->cell[0].num_pcis++] = ONE->pci[1];
}

static void reset_address(struct setup *setup)
{
	ONE->head.cpu_reset_address = 0x200000;
}

static void config_ports(struct setup *setup)
{
	ONE->pio[ONE->num_pios++] = (struct jailhouse_config_pio){0xcff, 1};
	setup->cell[0].pio[1].base = 0xcff;
}

static void foreign_ports(struct setup *setup)
{
	TWO->pio[TWO->num_pios++] = (struct jailhouse_config_pio){0x2ef, 1};
}

static void ports_not_in_root(struct setup *setup)
{
	setup->cell[0].pio[0].length = 0x2ef;
	setup->cell[0].pio[1].base = 0x3e8;
}

static void uart_shared(struct setup *setup)
{
	setup->system.debug_console.address = 0x2e8;
}

static void foreign_line(struct setup *setup)
{
	TWO->chip[0].pin_bitmap[0] |= 0x10;
}

static void line_not_in_root(struct setup *setup)
{
	ONE->chip[0].pin_bitmap[1] = 1;
}

static void unknown_irqchip(struct setup *setup)
{
	ONE->chip[0].address = 0xfec01000;
}

static void pci_type(struct setup *setup)
{
	ONE->pci[ONE->num_pcis++] = (struct jailhouse_config_pci_device){.type = 4, .bdf = 0x10};
	setup->cell[0].pci[0] = ONE->pci[1];
	setup->cell[0].pci[0].type = 1;
	setup->cell[0].num_pcis = 1;
}

static void pci_capabilities(struct setup *setup)
{
	ONE->pci[0].caps_start = 1;
	ONE->pci[0].num_caps = 2;
}

static void pci_twice(struct setup *setup)
{
	struct jailhouse_config_pci_device device = {.type = 1, .bdf = 0x10};

	setup->cell[0].pci[setup->cell[0].num_pcis++] = device;
	ONE->pci[ONE->num_pcis++] = device;
	TWO->pci[TWO->num_pcis++] = device;
}

static void pci_bus(struct setup *setup)
{
	setup->system.pci_mmconfig_end_bus = 3;
	setup->cell[0].pci[setup->cell[0].num_pcis++] =
		(struct jailhouse_config_pci_device){.type = 1, .bdf = 0x410};
}

static void pci_not_in_root(struct setup *setup)
{
	ONE->pci[ONE->num_pcis++] = (struct jailhouse_config_pci_device){.type = 1, .bdf = 0x10};
}

static void msix_table(struct setup *setup)
{
	setup->cell[0].pci[setup->cell[0].num_pcis++] = (struct jailhouse_config_pci_device){
		.type = 1,
		.bdf = 0x10,
		.num_msix_vectors = 3,
		.msix_region_size = 0x1000,
		.msix_address = 0xfe00f000,
	};
}

static void ivshmem_regions(struct setup *setup)
{
	TWO->pci[0].shmem_regions_start = 3;
}

static void ivshmem_regions_form(struct setup *setup)
{
	ONE->memory[5].size = TWO->memory[5].size = 0x1010;
	ONE->memory[5].flags |= JAILHOUSE_MEM_IO_32;
	TWO->memory[5].flags |= JAILHOUSE_MEM_IO_32;
}

static void ivshmem_id(struct setup *setup)
{
	TWO->pci[0].shmem_dev_id = 0;
	TWO->memory[4].flags |= JAILHOUSE_MEM_WRITE;
	TWO->memory[5].flags &= ~(uint64_t)JAILHOUSE_MEM_WRITE;
}

static void ivshmem_peers(struct setup *setup)
{
	TWO->memory[4].size += 0x1000;
	TWO->memory[5].phys_start += 0x1000;
	TWO->memory[5].virt_start += 0x1000;
}

static void ivshmem_protocol(struct setup *setup)
{
	TWO->pci[0].shmem_protocol = 1;
}

static void ivshmem_output(struct setup *setup)
{
	ONE->memory[5].flags |= JAILHOUSE_MEM_WRITE;
}

void make_arm(struct setup *setup)
{
	size_t n;

	for (n = 0; n < 3; n++) {
		setup->cell[n].architecture = JAILHOUSE_ARM64;
		setup->cell[n].num_pios = 0;
		setup->cell[n].chip[0].address = 0x8000000;
		setup->cell[n].chip[0].pin_base = 32;
		setup->cell[n].head.console.type = JAILHOUSE_CON_TYPE_NONE;
		/* INTC by the device's number. */
		setup->cell[n].head.vpci_irq_base = 8;
		if (n > 0)
			setup->cell[n].chip[0].pin_bitmap[0] |= 1u << (10 + n);
		setup->cell[n].head.vpci_irq_base += (uint32_t)(n > 0 ? n - 1 + 1 : 0);
	}
	setup->cell[0].memory[0] =
		(struct jailhouse_config_memory){0x9000000, 0x9000000, 0x1000, 3};
	setup->cell[0].memory[2] =
		(struct jailhouse_config_memory){0xfe000000, 0xfe000000, 0x1000, 3};
	setup->system.gic_version = 3;
	setup->system.gicd_base = 0x8000000;
	setup->system.gicr_base = 0x80a0000;
	setup->system.debug_console.type = JAILHOUSE_CON_TYPE_NONE;
}

static void vpci_lines(struct setup *setup)
{
	make_arm(setup);
	ONE->head.vpci_irq_base = 20;
}

static void interrupt_controller_arm(struct setup *setup)
{
	make_arm(setup);
	/* The redistributor of the fourth CPU. */
	ONE->memory[ONE->num_memory++] =
		(struct jailhouse_config_memory){0x811f000, 0x811f000, 0x1000, 3};
	setup->cell[0].memory[3] =
		(struct jailhouse_config_memory){0x8120000, 0x8120000, 0x1000, 3};
	setup->cell[0].num_memory = 4;
	ONE->memory[ONE->num_memory++] =
		(struct jailhouse_config_memory){0x8120000, 0x8120000, 0x1000, 3};
}

static void architecture(struct setup *setup)
{
	TWO->architecture = JAILHOUSE_ARM;
}

static void cell_name(struct setup *setup)
{
	memset(TWO->head.name, 'x', sizeof(TWO->head.name));
}

static void cell_name_twice(struct setup *setup)
{
	memcpy(TWO->head.name, ONE->head.name, sizeof(TWO->head.name));
}

static void cell_flags(struct setup *setup)
{
	TWO->head.flags |= 0x10;
}

static void cpu_not_in_root(struct setup *setup)
{
	TWO->cpus |= 1ull << 33;
}

static void boot_cpu(struct setup *setup)
{
	TWO->cpus |= 1;
}

static void cpu_shared(struct setup *setup)
{
	TWO->cpus |= 2;
}

static void root_cpu_left(struct setup *setup)
{
	setup->cell[0].cpus = 6;
}

static void console(struct setup *setup)
{
	TWO->head.console.address = 0x2f8;
}

static void console_mmio(struct setup *setup)
{
	TWO->head.console.address = 0xfe000000;
	TWO->head.console.flags = JAILHOUSE_CON_ACCESS_MMIO;
}

static const struct defect defects[] = {
	{"overflow", overflow, 1,
	 "cell one: memory region 0 (0x3c000000, seen at 0x0) of 0x1000000000000 bytes ends behind "
	 "the 48th bit of address"},
	{"page-offset", page_offset, 1,
	 "cell one: memory region 0 starts at 0x3c000010, but is seen at 0x0, elsewhere in the "
	 "page"},
	{"overlap-physical", overlap_physical, 1,
	 "cell one: memory region 0 (0x3c000000-0x3c1fffff) has the same memory as memory region 6 "
	 "(0x3c100000-0x3c2fffff)"},
	{"overlap-virtual", overlap_virtual, 1,
	 "cell one: memory region 0 (0x0-0x1fffff) is seen at the addresses of memory region 1 "
	 "(0x1ff000-0x1fffff)"},
	{"hypervisor-memory", hypervisor_memory, 1,
	 "cell one: memory region 0 (0x3ae00000-0x3b000000) reaches into the hypervisor's memory "
	 "(0x3a000000-0x3affffff)"},
	{"carved-from-root", hypervisor_memory_root, 1,
	 "root cell: memory region 0 (0x0-0x3a000fff) reaches into the hypervisor's memory "
	 "(0x3a000000-0x3affffff)"},
	{"hypervisor-memory-form", hypervisor_memory_form, 1,
	 "the hypervisor's memory (0x3a000000, 0xffffff bytes) is not some whole pages"},
	{"carved-from-root", iommu_window, 1,
	 "root cell: memory region 1 (0x3b000000-0x3fffffff) reaches into the registers of an "
	 "IOMMU "
	 "(0x3c100000-0x3c100fff)"},
	{"iommu-window", iommu_window, 1,
	 "cell one: memory region 0 (0x3c000000-0x3c1fffff) reaches into the registers of an IOMMU "
	 "(0x3c100000-0x3c100fff)"},
	{"mmconfig", mmconfig, 1,
	 "cell one: memory region 0 (0x3c000000-0x3c1fffff) reaches into the PCI configuration "
	 "window (0x3c1ff000-0x3c2fefff)"},
	{"interrupt-controller", interrupt_controller, 1,
	 "cell one: memory region 6 (0xfee00000-0xfee00fff) reaches into the registers of the APIC "
	 "(0xfee00000-0xfee00fff)"},
	{"interrupt-controller", interrupt_controller_arm, 1,
	 "cell one: memory region 6 (0x811f000-0x811ffff) reaches into the GIC's redistributors "
	 "(0x80a0000-0x811ffff)"},
	{"root-identity", root_identity, 1,
	 "root cell: memory region 2 starts at 0xfe000000, but is seen at 0xfe001000"},
	{"not-in-root", not_in_root, 1,
	 "cell two: memory region 0 (0x3ff00000-0x400fffff) is not part of the root cell from "
	 "0x40000000 on"},
	{"foreign-memory", foreign_memory, 1,
	 "cell one: memory region 0 (0x3c000000-0x3c1fffff) has the same memory as memory region 0 "
	 "(0x3c1ff000-0x3c3fefff) of cell two"},
	{"foreign-memory", foreign_memory_shared_by_one, 1,
	 "cell one: memory region 0 (0x3c000000-0x3c1fffff) has the same memory as memory region 0 "
	 "(0x3c1ff000-0x3c3fefff) of cell two"},
	{"comm-region", comm_region, 1,
	 "cell one: memory region 1 (seen at 0x300000, 0x2000 bytes) can't be the communication "
	 "region: it must have 0x1000 bytes"},
	{"comm-region-count", comm_region_count, 1,
	 "cell one: memory region 6 is another communication region"},
	{"memory-flags", memory_flags, 1, "cell one: memory region 0 has unknown flags: 0x4000"},
	{"subpage-width", subpage_width, 1,
	 "cell one: memory region 6 (0xfe000100, 0x4 bytes) is smaller than its pages, and has no "
	 "width of access"},
	{"page-pool", page_pool, 1,
	 "page tables may need up to 188 pages, the hypervisor's memory has 160"},
	{"system-ram", system_ram, 1,
	 "cell one: memory region 0 (0x3c000000-0x3c1fffff) is used by Linux "
	 "(0x3c1ff000-0x3effffff)"},
	{"dma", dma, 1,
	 "cell one: PCI device 0000:00:02.0 reaches all memory, as the system describes no IOMMU"},
	{"reset-address", reset_address, 1,
	 "cell one: no executable memory at its reset address 0x200000"},
	{"config-ports", config_ports, 1,
	 "cell one: port range 1 (0xcff-0xcff) holds the ports of PCI configuration"},
	{"foreign-ports", foreign_ports, 1,
	 "cell two: port range 1 (0x2ef-0x2ef) collides with range 0 (0x2e8-0x2ef) of cell one"},
	{"ports-not-in-root", ports_not_in_root, 1,
	 "cell one: port range 0 (0x2e8-0x2ef): port 0x2ef is not part of the root cell"},
	{"uart-shared", uart_shared, 1,
	 "cell one: port range 0 holds the hypervisor's UART at port 0x2e8"},
	{"foreign-line", foreign_line, 1,
	 "cell two: interrupt line 4 of the controller at 0xfec00000 belongs to cell one"},
	{"line-not-in-root", line_not_in_root, 1,
	 "cell one: interrupt line 32 of the controller at 0xfec00000 is not part of the root "
	 "cell"},
	{"unknown-irqchip", unknown_irqchip, 1,
	 "cell one: interrupt controller 0 at 0xfec01000 is not one of the root cell"},
	{"pci-type", pci_type, 1, "cell one: PCI device 1 (0000:00:02.0) has the unknown type 4"},
	{"pci-capabilities", pci_capabilities, 1,
	 "cell one: PCI device 0 (0000:00:0e.0) has capabilities 1 to 2, of 2"},
	{"pci-twice", pci_twice, 1,
	 "cell two: PCI device 1 (0000:00:02.0) stands in cell one: PCI device 1 (0000:00:02.0), "
	 "too"},
	{"pci-bus", pci_bus, 1,
	 "root cell: PCI device 0 (0000:04:02.0) is on a bus behind the last one, 3"},
	{"pci-not-in-root", pci_not_in_root, 1,
	 "cell one: PCI device 1 (0000:00:02.0) is not listed by the root cell"},
	{"msix-table", msix_table, 1,
	 "root cell: PCI device 0 (0000:00:02.0): its MSI-X table (0xfe00f000-0xfe00ffff) is "
	 "covered "
	 "by memory region 2 (0xfe000000-0xfe00ffff)"},
	{"ivshmem-regions", ivshmem_regions, 1,
	 "cell two: PCI device 0 (0000:00:0e.0) needs memory regions 3 to 6, of 6"},
	{"ivshmem-regions", ivshmem_regions_form, 2,
	 "cell one: PCI device 0 (0000:00:0e.0): its memory region 5 (0x3f002000, 0x1010 bytes) "
	 "does "
	 "not consist of whole pages"},
	{"ivshmem-id", ivshmem_id, 1,
	 "cell two: PCI device 0 (0000:00:0e.0) and cell one: PCI device 0 (0000:00:0e.0) are both "
	 "peer 0"},
	{"ivshmem-peers", ivshmem_peers, 2,
	 "cell two: PCI device 0 (0000:00:0e.0): section 2 is 0x3f001000, 0x2000 bytes, but of "
	 "cell "
	 "one 0x3f001000, 0x1000 bytes"},
	{"ivshmem-peers", ivshmem_protocol, 1,
	 "cell two: PCI device 0 (0000:00:0e.0): 2 peers, protocol 0x1, but cell one: 2 peers, "
	 "protocol 0x0"},
	{"ivshmem-output", ivshmem_output, 1,
	 "cell one: PCI device 0 (0000:00:0e.0): it may write to the output section of another "
	 "peer"},
	{"vpci-lines", vpci_lines, 1,
	 "cell one: PCI device 0 (0000:00:0e.0) raises interrupt 54, which the cell does not have"},
	{"architecture", architecture, 1, "cell two is for ARM, root cell for x86"},
	{"cell-name", cell_name, 1, "cell xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: its name has no end"},
	{"cell-name", cell_name_twice, 1, "cell one: another one has this name"},
	{"cell-flags", cell_flags, 1, "cell two has unknown flags: 0x10"},
	{"cpu-not-in-root", cpu_not_in_root, 1,
	 "cell two: CPU 33 does not belong to the root cell"},
	{"boot-cpu", boot_cpu, 1, "cell two: CPU 0 is the boot CPU"},
	{"cpu-shared", cpu_shared, 1, "cell two: cell one has CPU 1, too"},
	{"root-cpu-left", root_cpu_left, 1, "root cell: the cells take all of its CPUs"},
	{"console", console, 1, "cell two: its console is at port 0x2f8, which it can't reach"},
	{"console", console_mmio, 1,
	 "cell two: its console is at 0xfe000000, which it can't reach"},
	{"carved-from-root", mmconfig, 1,
	 "root cell: memory region 1 (0x3b000000-0x3fffffff) reaches into the PCI configuration "
	 "window (0x3c1ff000-0x3c2fefff)"},
};

const struct defect *defect_get(size_t index)
{
	return index < ARRAY_LEN(defects) ? &defects[index]
					  : defect_get_more(index - ARRAY_LEN(defects));
}
