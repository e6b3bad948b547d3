/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The emulated machine of demo and tests: QEMU Q35 without default devices, four CPUs, 1 GiB of RAM,
 * no IOMMU
 *
 * qemu-system-x86_64 -cpu qemu64,+svm,+npt -M q35 -smp 4 -m 1G -nodefaults \
 *	-serial file:hv.log -serial file:linux.log [-device edu,addr=3,dma_mask=0xffffffff]
 * Linux is booted with console=ttyS1 memmap=82M$0x3a000000.
 *
 * 0x3a000000   6 MiB  hypervisor
 * 0x3a600000  76 MiB  cells
 *
 * The first UART (0x3f8) is for the hypervisor and the cells, Linux keeps the second one. Left out on
 * purpose, as none of it is needed to run and all of it reaches beyond the root cell: port 0x510 (the
 * firmware interface writes any memory by DMA), 0xb2 (raises SMIs), 0xcc0 to 0xce3 (take out CPUs and
 * devices), 0xcf9 (reset), and the legacy DMA controllers.
 */

#include <jailhouse/types.h>
#include <jailhouse/cell-config.h>

struct {
	struct jailhouse_system header;
	__u64 cpus[1];
	struct jailhouse_memory mem_regions[11];
	struct jailhouse_irqchip irqchips[1];
	struct jailhouse_pio pio_regions[12];
	struct jailhouse_pci_device pci_devices[5];
	struct jailhouse_pci_capability pci_caps[5];
} __attribute__((packed)) config = {
	.header = {
		.signature = JAILHOUSE_SYSTEM_SIGNATURE,
		.architecture = JAILHOUSE_X86,
		.revision = JAILHOUSE_CONFIG_REVISION,
		.flags = JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE,
		.hypervisor_memory = {
			.phys_start = 0x3a000000,
			.size = 0x600000,
		},
		.debug_console = {
			.address = 0x3f8,
			.type = JAILHOUSE_CON_TYPE_8250,
			.flags = JAILHOUSE_CON_ACCESS_PIO | JAILHOUSE_CON_REGDIST_1,
		},
		.platform_info = {
			.pci_mmconfig_base = 0xb0000000,
			.pci_mmconfig_end_bus = 0xff,
			.x86 = {
				.pm_timer_address = 0x608,
			},
		},
		.root_cell = {
			.name = "QEMU-Q35",
			.cpu_set_size = sizeof(config.cpus),
			.num_memory_regions = ARRAY_SIZE(config.mem_regions),
			.num_irqchips = ARRAY_SIZE(config.irqchips),
			.num_pio_regions = ARRAY_SIZE(config.pio_regions),
			.num_pci_devices = ARRAY_SIZE(config.pci_devices),
			.num_pci_caps = ARRAY_SIZE(config.pci_caps),
		},
	},

	.cpus = {0xf},

	.mem_regions = {
		/* Low RAM, up to the VGA window */
		{
			.phys_start = 0,
			.virt_start = 0,
			.size = 0xa0000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* VGA window: no card is there, but Linux looks for one */
		{
			.phys_start = 0x000a0000,
			.virt_start = 0x000a0000,
			.size = 0x20000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* BIOS */
		{
			.phys_start = 0x000c0000,
			.virt_start = 0x000c0000,
			.size = 0x40000,
			.flags = JAILHOUSE_MEM_READ,
		},
		/* RAM up to the hypervisor */
		{
			.phys_start = 0x00100000,
			.virt_start = 0x00100000,
			.size = 0x39f00000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* RAM for the cells; devices of the root cell have no business there */
		{
			.phys_start = 0x3a600000,
			.virt_start = 0x3a600000,
			.size = 0x4c00000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE,
		},
		/* RAM behind it */
		{
			.phys_start = 0x3f200000,
			.virt_start = 0x3f200000,
			.size = 0xde0000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* ACPI tables, with the lock that Linux and the firmware share */
		{
			.phys_start = 0x3ffe0000,
			.virt_start = 0x3ffe0000,
			.size = 0x20000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* PCI window below the configuration space at 0xb0000000 */
		{
			.phys_start = 0x40000000,
			.virt_start = 0x40000000,
			.size = 0x70000000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO,
		},
		/* PCI window between configuration space and IOAPIC */
		{
			.phys_start = 0xc0000000,
			.virt_start = 0xc0000000,
			.size = 0x3ec00000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO,
		},
		/* HPET, which is also the clock of Linux here */
		{
			.phys_start = 0xfed00000,
			.virt_start = 0xfed00000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO,
		},
		/* Root complex registers of the chipset */
		{
			.phys_start = 0xfed1c000,
			.virt_start = 0xfed1c000,
			.size = 0x4000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO,
		},
	},

	.irqchips = {
		/* IOAPIC, all 24 pins */
		{
			.address = 0xfec00000,
			.id = 0xff00,
			.pin_bitmap = {0x00ffffff},
		},
	},

	.pio_regions = {
		PIO_RANGE(0x20, 2), /* interrupt controller 1: masked at power-off */
		PIO_RANGE(0x40, 4), /* PIT */
		PIO_RANGE(0x60, 2), /* keyboard data, NMI status */
		PIO_RANGE(0x64, 1), /* keyboard controller */
		PIO_RANGE(0x70, 2), /* RTC */
		PIO_RANGE(0xa0, 2), /* interrupt controller 2 */
		PIO_RANGE(0x2f8, 8), /* second UART: console of Linux */
		PIO_RANGE(0x3b0, 0x30), /* VGA: Linux moves a cursor, card or not */
		PIO_RANGE(0x4d0, 2), /* trigger modes of the interrupt controllers */
		PIO_RANGE(0x600, 0x80), /* ACPI: events, power-off, PM timer, GPE, TCO */
		PIO_RANGE(0x700, 0x40), /* SMBus */
		PIO_RANGE(0xc000, 0x1000), /* PCI devices: AHCI at 0xc040 */
	},

	.pci_devices = {
		/* 00:00.0: host bridge */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x0,
		},
		/* 00:03.0: QEMU's teaching device, if it is there */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x18,
			.bar_mask = {0xfff00000},
			.caps_start = 0,
			.num_caps = 1,
			.num_msi_vectors = 1,
			.msi_64bits = 1,
		},
		/* 00:1f.0: ISA bridge */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0xf8,
		},
		/* 00:1f.2: AHCI */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0xfa,
			.bar_mask = {0, 0, 0, 0, 0xffffffe0, 0xfffff000},
			.caps_start = 1,
			.num_caps = 3,
			.num_msi_vectors = 1,
			.msi_64bits = 1,
		},
		/* 00:1f.3: SMBus */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0xfb,
			.bar_mask = {0, 0, 0, 0, 0xffffffc0},
			.caps_start = 4,
			.num_caps = 1,
		},
	},

	.pci_caps = {
		/* 00:03.0 */
		{.id = PCI_CAP_ID_MSI, .start = 0x40, .len = 14, .flags = JAILHOUSE_PCICAPS_WRITE},
		/* 00:1f.2; the second one enables the ports */
		{.id = PCI_CAP_ID_MSI, .start = 0x80, .len = 14, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.start = 0x90, .len = 4, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.id = PCI_CAP_ID_SATA, .start = 0xa8, .len = 8},
		/* 00:1f.3: host configuration */
		{.start = 0x40, .len = 4, .flags = JAILHOUSE_PCICAPS_WRITE},
	},
};
