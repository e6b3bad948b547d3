/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Cell of the Orange Pi PC for gic-demo: CPU 3 */

#include <jailhouse/types.h>
#include <jailhouse/cell-config.h>
#include "allwinner.h"

struct {
	struct jailhouse_cell_desc cell;
	__u64 cpus[1];
	struct jailhouse_memory mem_regions[4];
} __attribute__((packed)) config = {
	.cell = {
		.signature = JAILHOUSE_CELL_DESC_SIGNATURE,
		.architecture = JAILHOUSE_ARM,
		.revision = JAILHOUSE_CONFIG_REVISION,
		.name = "gic-demo",
		.cpu_set_size = sizeof(config.cpus),
		.num_memory_regions = ARRAY_SIZE(config.mem_regions),
		.console = ALLWINNER_CONSOLE(1),
	},

	.cpus = {0x8},

	.mem_regions = {
		ALLWINNER_CELL_MEMORY(0x7b800000, 0x100000),
		ALLWINNER_CELL_UART(1),
	},
};
