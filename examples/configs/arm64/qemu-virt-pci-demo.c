/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Cell of QEMU's "virt" machine for pci-demo: CPU 3, and QEMU's teaching device (edu) at 00:03.0. For all versions of
 * the machine, started with -device edu,addr=3. The RAM has no DMA flag: without an IOMMU nothing would enforce it.
 */

#include <jailhouse/types.h>
#include <jailhouse/cell-config.h>
#include "qemu-virt.h"

struct {
	struct jailhouse_cell_desc cell;
	__u64 cpus[1];
	struct jailhouse_memory mem_regions[4];
	struct jailhouse_irqchip irqchips[1];
	struct jailhouse_pci_device pci_devices[1];
} __attribute__((packed)) config = {
	.cell = {
		.signature = JAILHOUSE_CELL_DESC_SIGNATURE,
		.architecture = QEMU_VIRT_ARCHITECTURE,
		.revision = JAILHOUSE_CONFIG_REVISION,
		.name = "pci-demo",
		.flags = JAILHOUSE_CELL_PASSIVE_COMMREG | JAILHOUSE_CELL_VIRTUAL_CONSOLE_PERMITTED,
		.cpu_set_size = sizeof(config.cpus),
		.num_memory_regions = ARRAY_SIZE(config.mem_regions),
		.num_irqchips = ARRAY_SIZE(config.irqchips),
		.num_pci_devices = ARRAY_SIZE(config.pci_devices),
		.console = QEMU_VIRT_CONSOLE,
	},

	.cpus = {0x8},

	.mem_regions = {
		QEMU_VIRT_CELL_REGIONS(0x70100000),
		/* Registers of edu, where Linux puts them */
		QEMU_VIRT_DEVICE(0x10000000, 0x100000),
	},

	.irqchips = {
		/* Interrupt 38: INTA of slot 3 */
		{
			.address = 0x08000000,
			.pin_base = 32,
			.pin_bitmap = {1 << (38 - 32)},
		},
	},

	.pci_devices = {
		/* 00:03.0: edu. It has INTx here, no messages. */
		{
			.type = JAILHOUSE_PCI_TYPE_DEVICE,
			.bdf = 0x18,
			.bar_mask = {0xfff00000},
		},
	},
};
