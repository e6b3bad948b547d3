/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <string.h>

#include "small-cells.h"

struct small_cell small_cell(const char *name, unsigned int cpu)
{
	struct small_cell config;

	memset(&config, 0, sizeof(config));
	memcpy(config.cell.signature, JAILHOUSE_CELL_DESC_SIGNATURE, 5);
	config.cell.architecture = test_arch.number;
	config.cell.revision = JAILHOUSE_CONFIG_REVISION;
	strcpy(config.cell.name, name);
	config.cell.cpu_set_size = sizeof(config.cpus);
	config.cell.num_memory_regions = 2;
	config.cell.msg_reply_timeout = 100;
	config.cpus[0] = (uint8_t)(1U << cpu);
	config.memory[0].phys_start = guest_machine()->cells + cpu * 0x1000;
	config.memory[0].size = 0x1000;
	config.memory[0].flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
				 JAILHOUSE_MEM_LOADABLE;
	config.memory[1].virt_start = 0x1000;
	config.memory[1].size = 0x1000;
	config.memory[1].flags =
		JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_COMM_REGION;
	return config;
}
