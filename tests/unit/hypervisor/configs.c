// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>
#include "configs.h"

static void set_head(struct jailhouse_cell_desc *cell, const char *name, u32 id)
{
	memcpy(cell->signature, JAILHOUSE_CELL_DESC_SIGNATURE, sizeof(cell->signature));
	cell->architecture = JAILHOUSE_X86;
	cell->revision = JAILHOUSE_CONFIG_REVISION;
	strcpy(cell->name, name);
	cell->id = id;
	cell->cpu_set_size = 8;
}

struct jailhouse_memory *add_mem(struct config *config, u64 phys, u64 virt, u64 size, u64 flags)
{
	struct jailhouse_memory *mem = &config->mem[config->cell.num_memory_regions++];

	mem->phys_start = phys;
	mem->virt_start = virt;
	mem->size = size;
	mem->flags = flags;
	return mem;
}

void root_config(struct config *config)
{
	struct jailhouse_system *system = &config->system;

	memset(config, 0, sizeof(*config));
	memcpy(system->signature, JAILHOUSE_SYSTEM_SIGNATURE, sizeof(system->signature));
	system->architecture = JAILHOUSE_X86;
	system->revision = JAILHOUSE_CONFIG_REVISION;
	system->flags = JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE;
	system->hypervisor_memory.phys_start = HV_START;
	system->hypervisor_memory.size = HV_SIZE;
	system->debug_console.type = JAILHOUSE_CON_TYPE_8250;
	system->debug_console.address = 0x3f8;
	set_head(&config->cell, "root", 0);
	config->cpus[0] = 0x0f;
	add_mem(config, LINUX_START, LINUX_START, LINUX_SIZE, MEM_RWX);
	add_mem(config, INMATE_START, INMATE_START, INMATE_SIZE, MEM_RWX);
	add_mem(config, DEVICE_PAGE, DEVICE_PAGE, PAGE_SIZE, MEM_RW | JAILHOUSE_MEM_IO);
	add_mem(config, SUBPAGE_1, SUBPAGE_1, SUBPAGE_1_SIZE, MEM_RW | JAILHOUSE_MEM_IO_32 | JAILHOUSE_MEM_IO_8);
	add_mem(config, SUBPAGE_2, SUBPAGE_2, SUBPAGE_2_SIZE, MEM_RW | JAILHOUSE_MEM_IO_32);
	config->cell.num_irqchips = 1;
	config->chips[0].address = IRQCHIP;
}

void cell_config(struct config *config, const char *name, u32 id, u32 cpus)
{
	memset(config, 0, sizeof(*config));
	set_head(&config->cell, name, id);
	memcpy(config->cpus, &cpus, sizeof(cpus));
	add_mem(config, INMATE_START + (id - 1) * 2 * MIB, 0, MIB, MEM_RWX | JAILHOUSE_MEM_LOADABLE);
	add_mem(config, 0, MIB, PAGE_SIZE, MEM_RW | JAILHOUSE_MEM_COMM_REGION);
}

static u8 *put(u8 *to, const void *from, size_t size)
{
	memcpy(to, from, size);
	return to + size;
}

static u8 *put_arrays(const struct config *config, u8 *to)
{
	const struct jailhouse_cell_desc *cell = &config->cell;

	to = put(to, config->cpus, cell->cpu_set_size);
	to = put(to, config->mem, cell->num_memory_regions * sizeof(config->mem[0]));
	to = put(to, config->chips, cell->num_irqchips * sizeof(config->chips[0]));
	to = put(to, config->pci, cell->num_pci_devices * sizeof(config->pci[0]));
	return put(to, config->caps, cell->num_pci_caps * sizeof(config->caps[0]));
}

u32 write_cell(const struct config *config, void *blob)
{
	return (u32)(put_arrays(config, put(blob, &config->cell, sizeof(config->cell))) - (u8 *)blob);
}

u32 write_system(const struct config *config, void *blob)
{
	struct jailhouse_system head = config->system;

	head.root_cell = config->cell;
	return (u32)(put_arrays(config, put(blob, &head, sizeof(head))) - (u8 *)blob);
}
