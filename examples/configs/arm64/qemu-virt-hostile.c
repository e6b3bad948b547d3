/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Cell of QEMU's "virt" machine for the hostile inmate: CPU 2, one shared interrupt, devices that do not answer.
 * For all versions of the machine
 *
 * It is asked before it is shut down, as some attacks are wrong answers.
 */

#include <jailhouse/types.h>
#include <jailhouse/cell-config.h>
#include "qemu-virt.h"

struct {
	struct jailhouse_cell_desc cell;
	__u64 cpus[1];
	struct jailhouse_memory mem_regions[5];
	struct jailhouse_irqchip irqchips[1];
} __attribute__((packed)) config = {
	.cell = {
		.signature = JAILHOUSE_CELL_DESC_SIGNATURE,
		.architecture = QEMU_VIRT_ARCHITECTURE,
		.revision = JAILHOUSE_CONFIG_REVISION,
		.name = "hostile",
		.flags = JAILHOUSE_CELL_VIRTUAL_CONSOLE_PERMITTED,
		.cpu_set_size = sizeof(config.cpus),
		.num_memory_regions = ARRAY_SIZE(config.mem_regions),
		.num_irqchips = ARRAY_SIZE(config.irqchips),
		.console = QEMU_VIRT_CONSOLE,
	},

	.cpus = {0x4},

	.mem_regions = {
		QEMU_VIRT_CELL_REGIONS(0x70400000),
		/* Nothing answers here: single registers, and a page */
		{
			.phys_start = 0x0b000000,
			.virt_start = 0x0b000000,
			.size = 0x10,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO |
				JAILHOUSE_MEM_IO_32,
		},
		QEMU_VIRT_DEVICE(0x0b001000, 0x1000),
	},

	.irqchips = {
		/* Interrupt 200, which has no wire */
		{
			.address = 0x08000000,
			.pin_base = 160,
			.pin_bitmap = {0, 1 << 8},
		},
	},
};
