/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Gigabyte GA-F2A88XM-HD3: AMD A10-7800, four CPUs, AMD IOMMU
 *
 * Linux is booted with memmap=82M$0x3a000000.
 */

#include <jailhouse/types.h>
#include <jailhouse/cell-config.h>

struct {
	struct jailhouse_system header;
	__u64 cpus[1];
	struct jailhouse_memory mem_regions[35];
	struct jailhouse_irqchip irqchips[2];
	struct jailhouse_pio pio_regions[8];
	struct jailhouse_pci_device pci_devices[26];
	struct jailhouse_pci_capability pci_caps[24];
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
			.pci_mmconfig_base = 0xe0000000,
			.pci_mmconfig_end_bus = 0xff,
			.iommu_units = {
				{
					.type = JAILHOUSE_IOMMU_AMD,
					.base = 0xfeb80000,
					.size = 0x80000,
					.amd.bdf = 0x2, /* 00:00.2 */
					.amd.base_cap = 0x40,
					.amd.msi_cap = 0x54,
					.amd.features = 0x80048824,
				},
			},
			.x86 = {
				.pm_timer_address = 0x808,
			},
		},
		.root_cell = {
			.name = "F2A88XM-HD3",
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
		/* Low RAM */
		{
			.phys_start = 0,
			.virt_start = 0,
			.size = 0x9f000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* VGA memory */
		{
			.phys_start = 0x000a0000,
			.virt_start = 0x000a0000,
			.size = 0x20000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* Video BIOS */
		{
			.phys_start = 0x000c0000,
			.virt_start = 0x000c0000,
			.size = 0x10000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* System BIOS */
		{
			.phys_start = 0x000e0000,
			.virt_start = 0x000e0000,
			.size = 0x20000,
			.flags = JAILHOUSE_MEM_READ,
		},
		/* RAM */
		{
			.phys_start = 0x00100000,
			.virt_start = 0x00100000,
			.size = 0xf00000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* RAM */
		{
			.phys_start = 0x01000000,
			.virt_start = 0x01000000,
			.size = 0x1000000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* RAM up to the reserved part */
		{
			.phys_start = 0x02000000,
			.virt_start = 0x02000000,
			.size = 0x39000000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* RAM behind it */
		{
			.phys_start = 0x3f200000,
			.virt_start = 0x3f200000,
			.size = 0x2c6ed000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* RAM */
		{
			.phys_start = 0x6b91d000,
			.virt_start = 0x6b91d000,
			.size = 0x2c3000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* Firmware, ACPI */
		{
			.phys_start = 0x6bbe0000,
			.virt_start = 0x6bbe0000,
			.size = 0xce000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* RAM */
		{
			.phys_start = 0x6d1c9000,
			.virt_start = 0x6d1c9000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* Firmware, ACPI */
		{
			.phys_start = 0x6d1ca000,
			.virt_start = 0x6d1ca000,
			.size = 0x206000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* RAM */
		{
			.phys_start = 0x6d3d0000,
			.virt_start = 0x6d3d0000,
			.size = 0x481000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* RAM */
		{
			.phys_start = 0x6dfe2000,
			.virt_start = 0x6dfe2000,
			.size = 0x1e000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* RAM */
		{
			.phys_start = 0x6e000000,
			.virt_start = 0x6e000000,
			.size = 0x2000000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* Graphics frame buffer */
		{
			.phys_start = 0xc0000000,
			.virt_start = 0xc0000000,
			.size = 0x10000000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* Graphics doorbells */
		{
			.phys_start = 0xd0000000,
			.virt_start = 0xd0000000,
			.size = 0x800000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* Ethernet */
		{
			.phys_start = 0xd0801000,
			.virt_start = 0xd0801000,
			.size = 0x3000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* Ethernet */
		{
			.phys_start = 0xfea00000,
			.virt_start = 0xfea00000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* Graphics registers */
		{
			.phys_start = 0xfeb00000,
			.virt_start = 0xfeb00000,
			.size = 0x40000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* Graphics ROM */
		{
			.phys_start = 0xfeb40000,
			.virt_start = 0xfeb40000,
			.size = 0x20000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* HDMI audio */
		{
			.phys_start = 0xfeb60000,
			.virt_start = 0xfeb60000,
			.size = 0x4000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* HD audio */
		{
			.phys_start = 0xfeb64000,
			.virt_start = 0xfeb64000,
			.size = 0x4000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* XHCI 00:10.1 */
		{
			.phys_start = 0xfeb68000,
			.virt_start = 0xfeb68000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* XHCI 00:10.0 */
		{
			.phys_start = 0xfeb6a000,
			.virt_start = 0xfeb6a000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* SATA and USB */
		{
			.phys_start = 0xfeb6c000,
			.virt_start = 0xfeb6c000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* SATA and USB */
		{
			.phys_start = 0xfeb6d000,
			.virt_start = 0xfeb6d000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* SATA and USB */
		{
			.phys_start = 0xfeb6e000,
			.virt_start = 0xfeb6e000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* SATA and USB */
		{
			.phys_start = 0xfeb6f000,
			.virt_start = 0xfeb6f000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* SATA and USB */
		{
			.phys_start = 0xfeb70000,
			.virt_start = 0xfeb70000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* SATA and USB */
		{
			.phys_start = 0xfeb71000,
			.virt_start = 0xfeb71000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* IOMMU */
		{
			.phys_start = 0xfeb80000,
			.virt_start = 0xfeb80000,
			.size = 0x80000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* HPET */
		{
			.phys_start = 0xfed00000,
			.virt_start = 0xfed00000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* TPM and chipset */
		{
			.phys_start = 0xfed61000,
			.virt_start = 0xfed61000,
			.size = 0x10000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* Shared memory */
		{
			.phys_start = 0x3f000000,
			.virt_start = 0x3f000000,
			.size = 0x200000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
	},

	.irqchips = {
		/* IOAPIC, pins 0 to 23 */
		{
			.address = 0xfec00000,
			.pin_bitmap = {0x00ffffff},
		},
		/* IOAPIC, pins 0 to 23 */
		{
			.address = 0xfec01000,
			.pin_bitmap = {0x00ffffff},
		},
	},

	.pio_regions = {
		PIO_RANGE(0x20, 0x8), /* Interrupt controllers */
		PIO_RANGE(0x40, 0x4), /* PIT */
		PIO_RANGE(0x60, 0x2), /* Keyboard data, NMI status */
		PIO_RANGE(0x64, 0x1), /* Keyboard controller */
		PIO_RANGE(0x70, 0x2), /* RTC */
		PIO_RANGE(0x3b0, 0x30), /* VGA */
		PIO_RANGE(0x3e0, 0x918), /* Chipset, ACPI and the rest below PCI configuration */
		PIO_RANGE(0xd00, 0xf300), /* PCI devices */
	},

	.pci_devices = {
		/* 00:00.0: host bridge */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x0,
		},
		/* 00:01.0: graphics */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x8,
			.num_caps = 4,
			.num_msi_vectors = 1,
			.msi_64bits = 1,
		},
		/* 00:01.1: HDMI audio */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x9,
			.num_caps = 4,
			.num_msi_vectors = 1,
			.msi_64bits = 1,
		},
		/* 00:02.0: host bridge */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x10,
		},
		/* 00:03.0: host bridge */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x18,
		},
		/* 00:03.1: PCIe root port */
		{
			.type = JAILHOUSE_PCI_TYPE_BRIDGE,
			.bdf = 0x19,
			.caps_start = 4,
			.num_caps = 5,
			.num_msi_vectors = 1,
			.msi_64bits = 1,
		},
		/* 00:04.0: host bridge */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x20,
		},
		/* 00:10.0: xHCI */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x80,
			.caps_start = 9,
			.num_caps = 4,
			.num_msi_vectors = 8,
			.msi_64bits = 1,
			.num_msix_vectors = 8,
			.msix_region_size = 0x1000,
			.msix_address = 0xfeb6b000,
		},
		/* 00:10.1: xHCI */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x81,
			.caps_start = 9,
			.num_caps = 4,
			.num_msi_vectors = 8,
			.msi_64bits = 1,
			.num_msix_vectors = 8,
			.msix_region_size = 0x1000,
			.msix_address = 0xfeb69000,
		},
		/* 00:11.0: SATA */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x88,
			.caps_start = 13,
			.num_caps = 2,
			.num_msi_vectors = 8,
			.msi_64bits = 1,
		},
		/* 00:12.0: OHCI */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x90,
		},
		/* 00:12.2: EHCI */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x92,
			.caps_start = 15,
			.num_caps = 2,
		},
		/* 00:13.0: OHCI */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x98,
		},
		/* 00:13.2: EHCI */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x9a,
			.caps_start = 15,
			.num_caps = 2,
		},
		/* 00:14.0: SMBus */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0xa0,
		},
		/* 00:14.2: HD audio */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0xa2,
			.caps_start = 17,
			.num_caps = 1,
		},
		/* 00:14.3: LPC bridge */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0xa3,
		},
		/* 00:14.4: PCI bridge */
		{
			.type = JAILHOUSE_PCI_TYPE_BRIDGE,
			.bdf = 0xa4,
		},
		/* 00:14.5: OHCI */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0xa5,
		},
		/* 00:18.0: northbridge */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0xc0,
		},
		/* 00:18.1: northbridge */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0xc1,
		},
		/* 00:18.2: northbridge */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0xc2,
		},
		/* 00:18.3: northbridge */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0xc3,
			.caps_start = 18,
			.num_caps = 1,
		},
		/* 00:18.4: northbridge */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0xc4,
		},
		/* 00:18.5: northbridge */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0xc5,
		},
		/* 01:00.0: Ethernet */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x100,
			.caps_start = 19,
			.num_caps = 5,
			.num_msi_vectors = 1,
			.msi_64bits = 1,
			.num_msix_vectors = 4,
			.msix_region_size = 0x1000,
			.msix_address = 0xd0800000,
		},
	},

	.pci_caps = {
		/* 00:01.0, 00:01.1 */
		{.id = PCI_CAP_ID_VNDR, .start = 0x48, .len = 2},
		{.id = PCI_CAP_ID_PM, .start = 0x50, .len = 8, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.id = PCI_CAP_ID_EXP, .start = 0x58, .len = 2},
		{.id = PCI_CAP_ID_MSI, .start = 0xa0, .len = 14, .flags = JAILHOUSE_PCICAPS_WRITE},
		/* 00:03.1 */
		{.id = PCI_CAP_ID_PM, .start = 0x50, .len = 8, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.id = PCI_CAP_ID_EXP, .start = 0x58, .len = 2},
		{.id = PCI_CAP_ID_MSI, .start = 0xa0, .len = 14, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.id = PCI_CAP_ID_SSVID, .start = 0xb0, .len = 2},
		{.id = PCI_CAP_ID_HT, .start = 0xb8, .len = 2},
		/* 00:10.0, 00:10.1 */
		{.id = PCI_CAP_ID_PM, .start = 0x50, .len = 8, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.id = PCI_CAP_ID_MSI, .start = 0x70, .len = 14, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.id = PCI_CAP_ID_MSIX, .start = 0x90, .len = 12, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.id = PCI_CAP_ID_EXP, .start = 0xa0, .len = 2},
		/* 00:11.0 */
		{.id = PCI_CAP_ID_MSI, .start = 0x50, .len = 14, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.id = PCI_CAP_ID_SATA, .start = 0x70, .len = 2},
		/* 00:12.2, 00:13.2 */
		{.id = PCI_CAP_ID_PM, .start = 0xc0, .len = 8, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.id = PCI_CAP_ID_DBG, .start = 0xe4, .len = 2},
		/* 00:14.2 */
		{.id = PCI_CAP_ID_PM, .start = 0x50, .len = 8, .flags = JAILHOUSE_PCICAPS_WRITE},
		/* 00:18.3 */
		{.id = PCI_CAP_ID_SECDEV, .start = 0xf0, .len = 2},
		/* 01:00.0 */
		{.id = PCI_CAP_ID_PM, .start = 0x40, .len = 8, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.id = PCI_CAP_ID_MSI, .start = 0x50, .len = 14, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.id = PCI_CAP_ID_EXP, .start = 0x70, .len = 2},
		{.id = PCI_CAP_ID_MSIX, .start = 0xb0, .len = 12, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.id = PCI_CAP_ID_VPD, .start = 0xd0, .len = 2},
	},
};
