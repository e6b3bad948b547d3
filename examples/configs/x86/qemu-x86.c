/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * QEMU Q35 with KVM: four CPUs, 1 GiB of RAM, VT-d, e1000e, HD audio, a PCIe-to-PCI bridge
 *
 * qemu-system-x86_64 -machine q35,kernel_irqchip=split -smp 4 -m 1G -enable-kvm -cpu host
 * 	-device intel-iommu,intremap=on,x-buggy-eim=on
 * 	-netdev user,id=net -device e1000e,addr=2.0,netdev=net
 * 	-device intel-hda,addr=1b.0 -device hda-duplex -device pcie-pci-bridge
 * Linux is booted with memmap=82M$0x3a000000 intel_iommu=off.
 */

#include <jailhouse/types.h>
#include <jailhouse/cell-config.h>

struct {
	struct jailhouse_system header;
	__u64 cpus[1];
	struct jailhouse_memory mem_regions[31];
	struct jailhouse_irqchip irqchips[1];
	struct jailhouse_pio pio_regions[13];
	struct jailhouse_pci_device pci_devices[12];
	struct jailhouse_pci_capability pci_caps[16];
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
			.iommu_units = {
				{
					.type = JAILHOUSE_IOMMU_INTEL,
					.base = 0xfed90000,
					.size = 0x1000,
				},
			},
			.x86 = {
				.pm_timer_address = 0x608,
				.vtd_interrupt_limit = 256,
			},
		},
		.root_cell = {
			.name = "QEMU-VM",
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
		/* Shared memory of 01:0c.0: state table */
		{
			.phys_start = 0x3f000000,
			.virt_start = 0x3f000000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ,
		},
		/* 01:0c.0: common section */
		{
			.phys_start = 0x3f001000,
			.virt_start = 0x3f001000,
			.size = 0xdf000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* 01:0c.0: output of peer 0 */
		{0},
		/* 01:0c.0: output of peer 1 */
		{0},
		/* Shared memory of 01:0d.0: state table */
		{
			.phys_start = 0x3f0e0000,
			.virt_start = 0x3f0e0000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ,
		},
		/* 01:0d.0: common section */
		{
			.phys_start = 0x3f0e1000,
			.virt_start = 0x3f0e1000,
			.size = 0xf000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* 01:0d.0: output of peer 0 */
		{0},
		/* 01:0d.0: output of peer 1 */
		{0},
		/* Shared memory of 01:0e.0: state table */
		{
			.phys_start = 0x3f0f0000,
			.virt_start = 0x3f0f0000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ,
		},
		/* 01:0e.0: common section */
		{
			.phys_start = 0x3f0f1000,
			.virt_start = 0x3f0f1000,
			.size = 0x9000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* 01:0e.0: output of peer 0 */
		{
			.phys_start = 0x3f0fa000,
			.virt_start = 0x3f0fa000,
			.size = 0x2000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* 01:0e.0: output of peer 1 */
		{
			.phys_start = 0x3f0fc000,
			.virt_start = 0x3f0fc000,
			.size = 0x2000,
			.flags = JAILHOUSE_MEM_READ,
		},
		/* 01:0e.0: output of peer 2 */
		{
			.phys_start = 0x3f0fe000,
			.virt_start = 0x3f0fe000,
			.size = 0x2000,
			.flags = JAILHOUSE_MEM_READ,
		},
		/* Shared memory of 01:0f.0, a network link */
		JAILHOUSE_SHMEM_NET_REGIONS(0x3f100000, 0),
		/* RAM */
		{
			.phys_start = 0,
			.virt_start = 0,
			.size = 0x3a000000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* RAM for inmates */
		{
			.phys_start = 0x3a600000,
			.virt_start = 0x3a600000,
			.size = 0x4a00000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* RAM */
		{
			.phys_start = 0x3f200000,
			.virt_start = 0x3f200000,
			.size = 0xddf000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_DMA,
		},
		/* ACPI */
		{
			.phys_start = 0x3ffdf000,
			.virt_start = 0x3ffdf000,
			.size = 0x21000,
			.flags = JAILHOUSE_MEM_READ,
		},
		/* VGA framebuffer */
		{
			.phys_start = 0xfd000000,
			.virt_start = 0xfd000000,
			.size = 0x1000000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* Virtio-9p BAR */
		{
			.phys_start = 0xfe200000,
			.virt_start = 0xfe200000,
			.size = 0x4000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* Device 00:02.0 */
		{
			.phys_start = 0xfea00000,
			.virt_start = 0xfea00000,
			.size = 0x40000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* E1000e */
		{
			.phys_start = 0xfea40000,
			.virt_start = 0xfea40000,
			.size = 0x20000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* E1000e */
		{
			.phys_start = 0xfea60000,
			.virt_start = 0xfea60000,
			.size = 0x20000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* E1000e (part of BAR3 behind MSI-X page) */
		{
			.phys_start = 0xfea91000,
			.virt_start = 0xfea91000,
			.size = 0x3000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* HD audio */
		{
			.phys_start = 0xfea94000,
			.virt_start = 0xfea94000,
			.size = 0x4000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* VGA MMIO */
		{
			.phys_start = 0xfea98000,
			.virt_start = 0xfea98000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* AHCI */
		{
			.phys_start = 0xfea9a000,
			.virt_start = 0xfea9a000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
		/* HPET */
		{
			.phys_start = 0xfed00000,
			.virt_start = 0xfed00000,
			.size = 0x1000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
		},
	},

	.irqchips = {
		/* IOAPIC, pins 0 to 23 */
		{
			.address = 0xfec00000,
			.id = 0xff00,
			.pin_bitmap = {0x00ffffff},
		},
	},

	.pio_regions = {
		PIO_RANGE(0x0, 0x1f), /* Legacy DMA */
		PIO_RANGE(0x40, 0x4), /* PIT */
		PIO_RANGE(0x60, 0x2), /* NMI status/keyboard data */
		PIO_RANGE(0x64, 0x1), /* I8042 command */
		PIO_RANGE(0x70, 0x2), /* RTC */
		PIO_RANGE(0x1ce, 0x3), /* VBE */
		PIO_RANGE(0x2f8, 0x8), /* Serial 2 */
		PIO_RANGE(0x3b0, 0x30), /* VGA */
		PIO_RANGE(0x3f0, 0x8), /* Floppy */
		PIO_RANGE(0x402, 0x1), /* Debug port 0x402 */
		PIO_RANGE(0xcd0, 0x8), /* QEMU ACPI hotplug */
		PIO_RANGE(0x5658, 0x4), /* Vmport */
		PIO_RANGE(0xd000, 0xff), /* PCI devices */
	},

	.pci_devices = {
		/* 00:01.0: VGA */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x8,
		},
		/* 00:02.0: e1000e */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x10,
			.bar_mask = {0xfffe0000, 0xfffe0000, 0xffffffe0, 0xffffc000},
			.caps_start = 5,
			.num_caps = 6,
			.num_msi_vectors = 1,
			.msi_64bits = 1,
			.num_msix_vectors = 5,
			.msix_region_size = 0x1000,
			.msix_address = 0xfea90000,
		},
		/* 00:03.0: PCIe-PCI bridge */
		{
			.type = JAILHOUSE_PCI_TYPE_BRIDGE,
			.bdf = 0x18,
			.bar_mask = {0xffffff00},
			.caps_start = 11,
			.num_caps = 5,
			.num_msi_vectors = 1,
			.msi_64bits = 1,
			.msi_maskable = 1,
		},
		/* 00:1b.0: HD audio */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0xd8,
			.num_caps = 2,
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
			.caps_start = 2,
			.num_caps = 2,
			.num_msi_vectors = 1,
			.msi_64bits = 1,
		},
		/* 00:1f.3: SMBus */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0xfb,
		},
		/* 00:1f.7: virtio-9p */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0xff,
			.bar_mask = {0xffffffe0, 0xfffff000, 0, 0, 0xffffc000, 0xffffffff},
			.caps_start = 4,
			.num_caps = 1,
			.num_msix_vectors = 2,
			.msix_region_size = 0x1000,
			.msix_address = 0xfea9b000,
		},
		/* 01:0c.0 */
		{
			.type = JAILHOUSE_PCI_TYPE_IVSHMEM,
			.bdf = 0x160,
			.bar_mask = JAILHOUSE_IVSHMEM_BAR_MASK_MSIX,
			.num_msix_vectors = 2,
			.shmem_regions_start = 0,
			.shmem_dev_id = 0,
			.shmem_peers = 2,
			.shmem_protocol = JAILHOUSE_SHMEM_PROTO_VIRTIO_BACK + VIRTIO_DEV_BLOCK,
		},
		/* 01:0d.0 */
		{
			.type = JAILHOUSE_PCI_TYPE_IVSHMEM,
			.bdf = 0x168,
			.bar_mask = JAILHOUSE_IVSHMEM_BAR_MASK_MSIX,
			.num_msix_vectors = 3,
			.shmem_regions_start = 4,
			.shmem_dev_id = 0,
			.shmem_peers = 2,
			.shmem_protocol = JAILHOUSE_SHMEM_PROTO_VIRTIO_BACK + VIRTIO_DEV_CONSOLE,
		},
		/* 01:0e.0 */
		{
			.type = JAILHOUSE_PCI_TYPE_IVSHMEM,
			.bdf = 0x170,
			.bar_mask = JAILHOUSE_IVSHMEM_BAR_MASK_MSIX,
			.num_msix_vectors = 16,
			.shmem_regions_start = 8,
			.shmem_dev_id = 0,
			.shmem_peers = 3,
			.shmem_protocol = JAILHOUSE_SHMEM_PROTO_UNDEFINED,
		},
		/* 01:0f.0 */
		{
			.type = JAILHOUSE_PCI_TYPE_IVSHMEM,
			.bdf = 0x178,
			.bar_mask = JAILHOUSE_IVSHMEM_BAR_MASK_MSIX,
			.num_msix_vectors = 2,
			.shmem_regions_start = 13,
			.shmem_dev_id = 0,
			.shmem_peers = 2,
			.shmem_protocol = JAILHOUSE_SHMEM_PROTO_VETH,
		},
	},

	.pci_caps = {
		/* 00:1b.0 */
		{.id = PCI_CAP_ID_MSI, .start = 0x60, .len = 14, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.start = 0x40, .len = 16, .flags = JAILHOUSE_PCICAPS_WRITE},
		/* 00:1f.2 */
		{.id = PCI_CAP_ID_SATA, .start = 0xa8, .len = 2},
		{.id = PCI_CAP_ID_MSI, .start = 0x80, .len = 14, .flags = JAILHOUSE_PCICAPS_WRITE},
		/* 00:1f.7 */
		{.id = PCI_CAP_ID_MSIX, .start = 0x98, .len = 12, .flags = JAILHOUSE_PCICAPS_WRITE},
		/* 00:02.0 */
		{.id = PCI_CAP_ID_PM, .start = 0xc8, .len = 8, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.id = PCI_CAP_ID_MSI, .start = 0xd0, .len = 14, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.id = PCI_CAP_ID_EXP, .start = 0xe0, .len = 20, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.id = PCI_CAP_ID_MSIX, .start = 0xa0, .len = 12, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.id = PCI_EXT_CAP_ID_ERR | JAILHOUSE_PCI_EXT_CAP, .start = 0x100, .len = 4},
		{.id = PCI_EXT_CAP_ID_DSN | JAILHOUSE_PCI_EXT_CAP, .start = 0x140, .len = 4},
		/* 00:03.0 */
		{.id = PCI_CAP_ID_MSI, .start = 0x8c, .len = 24, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.id = PCI_CAP_ID_PM, .start = 0x84, .len = 8, .flags = JAILHOUSE_PCICAPS_WRITE},
		{.id = PCI_CAP_ID_EXP, .start = 0x48, .len = 60},
		/* Hot-plug controller */
		{.id = 0xc, .start = 0x40, .len = 2},
		{.id = PCI_EXT_CAP_ID_ERR | JAILHOUSE_PCI_EXT_CAP, .start = 0x100, .len = 64},
	},
};
