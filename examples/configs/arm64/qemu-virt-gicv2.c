/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * QEMU "virt" machine, four CPUs, 1 GiB of RAM, GICv2
 *
 * 64 bit: qemu-system-aarch64 -M virt,virtualization=on,gic-version=2 -cpu cortex-a57 -smp 4 -m 1G
 * 32 bit: qemu-system-arm -M virt,virtualization=on,gic-version=2,highmem=off -cpu cortex-a15 -smp 4 -m 1G
 * Linux booted with mem=768M.
 */

#include <jailhouse/types.h>
#include <jailhouse/cell-config.h>
#include "qemu-virt.h"

struct {
	struct jailhouse_system header;
	__u64 cpus[1];
	struct jailhouse_memory mem_regions[QEMU_VIRT_NUM_REGIONS + 1];
	struct jailhouse_irqchip irqchips[2];
	struct jailhouse_pci_device pci_devices[QEMU_VIRT_NUM_PCI_DEVICES];
} __attribute__((packed)) config = {
	.header = {
		.signature = JAILHOUSE_SYSTEM_SIGNATURE,
		.architecture = QEMU_VIRT_ARCHITECTURE,
		.revision = JAILHOUSE_CONFIG_REVISION,
		.flags = JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE,
		.hypervisor_memory = QEMU_VIRT_HYPERVISOR_MEMORY,
		.debug_console = QEMU_VIRT_CONSOLE,
		.platform_info = {
			.pci_mmconfig_base = QEMU_VIRT_ECAM,
			.pci_mmconfig_end_bus = QEMU_VIRT_LAST_BUS,
			.arm = {
				.maintenance_irq = 25,
				.gic_version = 2,
				.gicd_base = 0x08000000,
				.gicc_base = 0x08010000,
				.gich_base = 0x08030000,
				.gicv_base = 0x08040000,
			},
		},
		.root_cell = {
			.name = "QEMU-virt",
			.cpu_set_size = sizeof(config.cpus),
			.num_memory_regions = ARRAY_SIZE(config.mem_regions),
			.num_irqchips = ARRAY_SIZE(config.irqchips),
			.num_pci_devices = ARRAY_SIZE(config.pci_devices),
		},
	},

	.cpus = {0xf},

	.mem_regions = {
		QEMU_VIRT_REGIONS,
		/* GICv2m: the page where messages of PCI devices become interrupts */
		QEMU_VIRT_DEVICE(0x08020000, 0x1000),
	},

	.irqchips = {
		/* Interrupts 32 to 159 */
		{
			.address = 0x08000000,
			.pin_base = 32,
			.pin_bitmap = {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
		},
		/* Interrupts 160 to 286; the last one has no wire and is the hypervisor's */
		{
			.address = 0x08000000,
			.pin_base = 160,
			.pin_bitmap = {0xffffffff, 0xffffffff, 0xffffffff, 0x7fffffff},
		},
	},

	.pci_devices = {
		QEMU_VIRT_PCI_DEVICES,
	},
};
