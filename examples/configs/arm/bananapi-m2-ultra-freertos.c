/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Cell of the Banana Pi M2 Ultra with the layout of the FreeRTOS cell of the Banana Pi: CPU 1, 16 MiB of RAM at 0,
 * UARTs 4 to 7 and the clocks of all, the two registers of port H that are its LED, UART7's interrupt and another one.
 * It is not asked. The communication region is for inmates of the library, FreeRTOS does not want it.
 */

#include <jailhouse/types.h>
#include <jailhouse/cell-config.h>
#include "allwinner.h"

struct {
	struct jailhouse_cell_desc cell;
	__u64 cpus[1];
	struct jailhouse_memory mem_regions[5];
	struct jailhouse_irqchip irqchips[1];
} __attribute__((packed)) config = {
	.cell = {
		.signature = JAILHOUSE_CELL_DESC_SIGNATURE,
		.architecture = JAILHOUSE_ARM,
		.revision = JAILHOUSE_CONFIG_REVISION,
		.name = "FreeRTOS",
		.flags = JAILHOUSE_CELL_PASSIVE_COMMREG,
		.cpu_set_size = sizeof(config.cpus),
		.num_memory_regions = ARRAY_SIZE(config.mem_regions),
		.num_irqchips = ARRAY_SIZE(config.irqchips),
		.console = ALLWINNER_CONSOLE(7),
	},

	.cpus = {0x2},

	.mem_regions = {
		ALLWINNER_CELL_MEMORY(0x7a800000, 0x1000000),
		ALLWINNER_REGISTERS_WITH(0x01c2006c, 4, JAILHOUSE_MEM_ROOTSHARED),
		ALLWINNER_REGISTERS(0x01c29000, 0x1000),
		/* Port H: configuration of pins 24 to 27, and data */
		ALLWINNER_REGISTERS(0x01c20908, 8),
	},

	.irqchips = {
		/* Interrupts 52 and 155 */
		{
			.address = 0x01c81000,
			.pin_base = 32,
			.pin_bitmap = {1 << 20, 0, 0, 1 << 27},
		},
	},
};
