/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Orange Pi PC: Allwinner H3, four Cortex-A7, 1 GiB of RAM
 *
 * QEMU's machine "orangepi-pc" stands in for the Banana Pi. UART0 is Linux', UART1 the hypervisor's and the cells'.
 */

#include <jailhouse/types.h>
#include <jailhouse/cell-config.h>
#include "allwinner.h"

struct {
	struct jailhouse_system header;
	__u64 cpus[1];
	struct jailhouse_memory mem_regions[ALLWINNER_NUM_REGIONS];
	struct jailhouse_irqchip irqchips[1];
} __attribute__((packed)) config = {
	.header = {
		.signature = JAILHOUSE_SYSTEM_SIGNATURE,
		.architecture = JAILHOUSE_ARM,
		.revision = JAILHOUSE_CONFIG_REVISION,
		.flags = JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE,
		.hypervisor_memory = ALLWINNER_HYPERVISOR_MEMORY,
		.debug_console = ALLWINNER_CONSOLE(1),
		.platform_info = {
			.arm = ALLWINNER_GIC,
		},
		.root_cell = {
			.name = "Orange-Pi-PC",
			.cpu_set_size = sizeof(config.cpus),
			.num_memory_regions = ARRAY_SIZE(config.mem_regions),
			.num_irqchips = ARRAY_SIZE(config.irqchips),
		},
	},

	.cpus = {0xf},

	.mem_regions = {
		ALLWINNER_REGIONS,
	},

	.irqchips = {
		ALLWINNER_IRQCHIP,
	},
};
