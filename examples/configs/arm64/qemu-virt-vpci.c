/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The machine of qemu-virt-gicv2, 64 bit, with a virtual PCI host beside the real one, which is the root cell's alone
 * and not moderated
 */

#include <jailhouse/types.h>
#include <jailhouse/cell-config.h>
#include "qemu-virt.h"

struct {
	struct jailhouse_system header;
	__u64 cpus[1];
	struct jailhouse_memory mem_regions[QEMU_VIRT_NUM_REGIONS + 2];
	struct jailhouse_irqchip irqchips[2];
} __attribute__((packed)) config = {
	.header = {
		.signature = JAILHOUSE_SYSTEM_SIGNATURE,
		.architecture = QEMU_VIRT_ARCHITECTURE,
		.revision = JAILHOUSE_CONFIG_REVISION,
		.flags = JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE,
		.hypervisor_memory = QEMU_VIRT_HYPERVISOR_MEMORY,
		.debug_console = QEMU_VIRT_CONSOLE,
		.platform_info = {
			.pci_mmconfig_base = 0x0c000000,
			.pci_mmconfig_end_bus = 0,
			.pci_is_virtual = 1,
			.pci_domain = 1,
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
			/* Interrupts from 144 on, which nothing is wired to */
			.vpci_irq_base = 112,
		},
	},

	.cpus = {0xf},

	.mem_regions = {
		QEMU_VIRT_REGIONS,
		QEMU_VIRT_DEVICE(QEMU_VIRT_ECAM, 0x10000000),
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
};
