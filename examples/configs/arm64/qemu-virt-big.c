/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Cell of QEMU's "virt" machine for measuring: CPU 2, 4 MiB of RAM, is not asked. For all versions of the machine
 */

#include <jailhouse/types.h>
#include <jailhouse/cell-config.h>
#include "qemu-virt.h"

struct {
	struct jailhouse_cell_desc cell;
	__u64 cpus[1];
	struct jailhouse_memory mem_regions[4];
} __attribute__((packed)) config = {
	.cell = {
		.signature = JAILHOUSE_CELL_DESC_SIGNATURE,
		.architecture = QEMU_VIRT_ARCHITECTURE,
		.revision = JAILHOUSE_CONFIG_REVISION,
		.name = "big",
		.flags = JAILHOUSE_CELL_PASSIVE_COMMREG | JAILHOUSE_CELL_VIRTUAL_CONSOLE_PERMITTED,
		.cpu_set_size = sizeof(config.cpus),
		.num_memory_regions = ARRAY_SIZE(config.mem_regions),
		.console = QEMU_VIRT_CONSOLE,
	},

	.cpus = {0x4},

	.mem_regions = {
		QEMU_VIRT_CELL_REGIONS(0x70000000),
		/* High RAM */
		{
			.phys_start = 0x70200000,
			.virt_start = 0x00200000,
			.size = 0x300000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				JAILHOUSE_MEM_LOADABLE,
		},
	},
};
