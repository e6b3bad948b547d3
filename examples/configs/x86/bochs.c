/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The emulated Intel machine of the tests: Bochs with the i440FX chipset, two CPUs, 512 MiB of RAM,
 * no PCI Express, no IOMMU
 *
 * Linux is booted with console=ttyS1 memmap=80M$0x1a000000 idle=halt.
 *
 * 0x1a000000   6 MiB  hypervisor
 * 0x1a600000  74 MiB  cells
 *
 * The first UART (0x3f8) is for the hypervisor and the cells, Linux keeps the second one. The disk
 * controller masters the bus and nothing holds it back; this machine is for tests.
 */

#include <jailhouse/types.h>
#include <jailhouse/cell-config.h>

struct {
	struct jailhouse_system header;
	__u64 cpus[1];
	struct jailhouse_memory mem_regions[9];
	struct jailhouse_irqchip irqchips[1];
	struct jailhouse_pio pio_regions[17];
	struct jailhouse_pci_device pci_devices[5];
	struct jailhouse_pci_capability pci_caps[2];
} __attribute__((packed)) config = {
	.header = {
		.signature = JAILHOUSE_SYSTEM_SIGNATURE,
		.architecture = JAILHOUSE_X86,
		.revision = JAILHOUSE_CONFIG_REVISION,
		.flags = JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE,
		.hypervisor_memory = {
			.phys_start = 0x1a000000,
			.size = 0x600000,
		},
		.debug_console = {
			.address = 0x3f8,
			.type = JAILHOUSE_CON_TYPE_8250,
			.flags = JAILHOUSE_CON_ACCESS_PIO | JAILHOUSE_CON_REGDIST_1,
			.divider = 1, /* nobody else has set up this UART */
		},
		.platform_info = {
			.x86 = {
				.pm_timer_address = 0xb008,
			},
		},
		.root_cell = {
			.name = "Bochs",
			.cpu_set_size = sizeof(config.cpus),
			.num_memory_regions = ARRAY_SIZE(config.mem_regions),
			.num_irqchips = ARRAY_SIZE(config.irqchips),
			.num_pio_regions = ARRAY_SIZE(config.pio_regions),
			.num_pci_devices = ARRAY_SIZE(config.pci_devices),
			.num_pci_caps = ARRAY_SIZE(config.pci_caps),
		},
	},

	.cpus = {0x3},

	.mem_regions = {
		/* Low RAM, up to the VGA window */
		{
			.phys_start = 0,
			.virt_start = 0,
			.size = 0xa0000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* VGA window */
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
			.size = 0x19f00000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* RAM for the cells; devices of the root cell have no business there */
		{
			.phys_start = 0x1a600000,
			.virt_start = 0x1a600000,
			.size = 0x4a00000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE,
		},
		/* RAM behind it */
		{
			.phys_start = 0x1f000000,
			.virt_start = 0x1f000000,
			.size = 0xff0000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* ACPI tables, with the lock that Linux and the firmware share */
		{
			.phys_start = 0x1fff0000,
			.virt_start = 0x1fff0000,
			.size = 0x10000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* PCI window, up to the IOAPIC */
		{
			.phys_start = 0xc0000000,
			.virt_start = 0xc0000000,
			.size = 0x3ec00000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO,
		},
		/* HPET */
		{
			.phys_start = 0xfed00000,
			.virt_start = 0xfed00000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO,
		},
	},

	.irqchips = {
		/* IOAPIC, all 24 pins */
		{
			.address = 0xfec00000,
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
		PIO_RANGE(0x170, 8), /* IDE 2 */
		PIO_RANGE(0x1f0, 8), /* IDE 1 */
		PIO_RANGE(0x2f8, 8), /* second UART: console of Linux */
		PIO_RANGE(0x376, 1), /* IDE 2 */
		PIO_RANGE(0x3b0, 0x30), /* VGA */
		PIO_RANGE(0x3f6, 1), /* IDE 1 */
		PIO_RANGE(0x4d0, 2), /* trigger modes of the interrupt controllers */
		PIO_RANGE(0xb000, 0x40), /* ACPI: events, power-off, PM timer */
		PIO_RANGE(0xb100, 0x10), /* SMBus */
		PIO_RANGE(0xc000, 0x10), /* IDE bus master */
		PIO_RANGE(0xc020, 0x20), /* UHCI */
	},

	.pci_devices = {
		/* 00:00.0: host bridge */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x0,
		},
		/* 00:01.0: ISA bridge */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x8,
		},
		/* 00:01.1: IDE */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x9,
			.bar_mask = {0, 0, 0, 0, 0xfffffff0},
			.caps_start = 0,
			.num_caps = 1,
		},
		/* 00:01.2: UHCI */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0xa,
			.bar_mask = {0, 0, 0, 0, 0xffffffe0},
			.caps_start = 1,
			.num_caps = 1,
		},
		/* 00:01.3: ACPI and SMBus */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0xb,
		},
	},

	.pci_caps = {
		/* 00:01.1: timings */
		{.start = 0x40, .len = 12, .flags = JAILHOUSE_PCICAPS_WRITE},
		/* 00:01.2: hand-over from the firmware */
		{.start = 0xc0, .len = 2, .flags = JAILHOUSE_PCICAPS_WRITE},
	},
};
