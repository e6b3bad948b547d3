/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Cell of QEMU's "virt" machine for gic-demo: CPU 3, answers messages. For all versions of the machine
 */

#include <jailhouse/types.h>
#include <jailhouse/cell-config.h>
#include "qemu-virt.h"

struct {
	struct jailhouse_cell_desc cell;
	__u64 cpus[1];
	struct jailhouse_memory mem_regions[3];
} __attribute__((packed)) config = {
	.cell = {
		.signature = JAILHOUSE_CELL_DESC_SIGNATURE,
		.architecture = QEMU_VIRT_ARCHITECTURE,
		.revision = JAILHOUSE_CONFIG_REVISION,
		.name = "gic-demo",
		.flags = JAILHOUSE_CELL_VIRTUAL_CONSOLE_PERMITTED,
		.cpu_set_size = sizeof(config.cpus),
		.num_memory_regions = ARRAY_SIZE(config.mem_regions),
		.console = QEMU_VIRT_CONSOLE,
	},

	.cpus = {0x8},

	.mem_regions = {
		QEMU_VIRT_CELL_REGIONS(0x70100000),
	},
};
