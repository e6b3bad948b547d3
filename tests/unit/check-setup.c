/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include <jailhouse/cell-config.h>

#include "check-setup.h"
#include "unit.h"

#define RWX  (JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE)
#define LINK (JAILHOUSE_MEM_READ | JAILHOUSE_MEM_ROOTSHARED)

static struct jailhouse_config_pci_device ivshmem(uint8_t id, uint32_t regions)
{
	return (struct jailhouse_config_pci_device){
		.type = JAILHOUSE_PCI_TYPE_IVSHMEM,
		.bdf = 0x0e << 3,
		.bar_mask = {0xfffff000},
		.shmem_regions_start = regions,
		.shmem_dev_id = id,
		.shmem_peers = 2,
	};
}

/* The four sections of a link between "one" and "two". */
static void add_link(struct cell *cell, uint8_t id)
{
	uint32_t first = cell->num_memory;

	cell->memory[first] =
		(struct jailhouse_config_memory){0x3f000000, 0x3f000000, 0x1000, LINK};
	cell->memory[first + 1] = (struct jailhouse_config_memory){0};
	cell->memory[first + 2] = (struct jailhouse_config_memory){
		0x3f001000, 0x3f001000, 0x1000, LINK | (id == 0 ? JAILHOUSE_MEM_WRITE : 0)};
	cell->memory[first + 3] = (struct jailhouse_config_memory){
		0x3f002000, 0x3f002000, 0x1000, LINK | (id == 1 ? JAILHOUSE_MEM_WRITE : 0)};
	cell->num_memory += 4;
	cell->pci[cell->num_pcis++] = ivshmem(id, first);
}

static struct cell make_cell(const char *name, unsigned int number)
{
	uint64_t ram = 0x3c000000 + number * 0x1000000ull;
	struct cell cell = {
		.cpus = 2u << number,
		.head = {.flags = JAILHOUSE_CELL_PASSIVE_COMMREG},
		.memory =
			{
				{ram, 0, 0x200000, RWX | JAILHOUSE_MEM_LOADABLE},
				{0, 0x300000, 0x1000,
				 JAILHOUSE_MEM_READ | JAILHOUSE_MEM_COMM_REGION},
			},
		.num_memory = 2,
		.pio = {{(uint16_t)(0x2e8 + number * 0x100), 8}},
		.num_pios = 1,
		.chip = {{.address = 0xfec00000, .pin_bitmap = {0x10u << number}}},
		.num_chips = 1,
		.num_caps = 2,
	};

	snprintf(cell.head.name, sizeof(cell.head.name), "%s", name);
	cell.head.console = (struct jailhouse_config_console){.address = cell.pio[0].base,
							      .type = JAILHOUSE_CON_TYPE_8250};
	add_link(&cell, (uint8_t)number);
	return cell;
}

struct setup make_setup(void)
{
	struct setup setup = {
		.count = 3,
		.system =
			{
				.hypervisor_memory = {0x3a000000, 0, 0x1000000, 0},
				.debug_console = {.address = 0x3f8,
						  .type = JAILHOUSE_CON_TYPE_8250},
				.pci_mmconfig_base = 0xb0000000,
				.pci_mmconfig_end_bus = 0xff,
				.pm_timer_address = 0x608,
			},
		.iommu = {.type = JAILHOUSE_IOMMU_INTEL, .base = 0xfed90000, .size = 0x1000},
		.cell =
			{
				{
					.head = {.name = "root"},
					.cpus = 0xf,
					.memory =
						{
							{0, 0, 0x3a000000, RWX | JAILHOUSE_MEM_DMA},
							{0x3b000000, 0x3b000000, 0x5000000, RWX},
							{0xfe000000, 0xfe000000, 0x10000, 3},
						},
					.num_memory = 3,
					.pio = {{0, 0xcf8}, {0xd00, 0xf300}},
					.num_pios = 2,
					.chip = {{.address = 0xfec00000, .pin_bitmap = {0xffffff}}},
					.num_chips = 1,
				},
				make_cell("one", 0),
				make_cell("two", 1),
			},
	};

	return setup;
}

struct jailhouse_builder *build(const struct setup *setup, size_t index)
{
	const struct cell *cell = &setup->cell[index];
	static const char zeros[256];
	struct jailhouse_config_pci_cap cap = {0};
	struct jailhouse_builder *b;
	uint32_t n;

	assert_int_equal(
		jailhouse_builder_new(index == 0 ? JAILHOUSE_CONFIG_SYSTEM : JAILHOUSE_CONFIG_CELL,
				      cell->architecture, &b, NULL),
		0);
	if (index == 0) {
		jailhouse_builder_set_system(b, &setup->system);
		jailhouse_builder_set_iommu(b, 0, &setup->iommu);
	}
	jailhouse_builder_set_cell(b, &cell->head);
	for (n = 0; n < 64; n++)
		if (cell->cpus >> n & 1)
			jailhouse_builder_set_cpu(b, n, 1, NULL);
	for (n = 0; n < cell->num_memory; n++)
		jailhouse_builder_set_memory(b, JAILHOUSE_CONFIG_END, &cell->memory[n], NULL);
	for (n = 0; n < cell->num_chips; n++)
		jailhouse_builder_set_irqchip(b, JAILHOUSE_CONFIG_END, &cell->chip[n], NULL);
	for (n = 0; n < cell->num_pios; n++)
		jailhouse_builder_set_pio(b, JAILHOUSE_CONFIG_END, &cell->pio[n], NULL);
	for (n = 0; n < cell->num_pcis; n++)
		jailhouse_builder_set_pci_device(b, JAILHOUSE_CONFIG_END, &cell->pci[n], NULL);
	for (n = 0; n < cell->num_caps; n++)
		jailhouse_builder_set_pci_cap(b, JAILHOUSE_CONFIG_END, &cap, NULL);
	if (cell->trailing)
		jailhouse_builder_set_trailing(b, zeros, cell->trailing, NULL);
	return b;
}

struct jailhouse_report *check(const struct setup *setup)
{
	struct jailhouse_check_options options = JAILHOUSE_CHECK_OPTIONS_INIT;
	size_t first = setup->without_system ? 1 : 0;
	struct jailhouse_builder *builder[3];
	struct jailhouse_config config[3];
	struct jailhouse_report *report;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	size_t n;

	for (n = first; n < setup->count; n++) {
		builder[n] = build(setup, n);
		if (jailhouse_builder_get_config(builder[n], &config[n], NULL, &error) != 0)
			fail_msg("%s", error.text);
	}
	options.iomem = setup->iomem;
	options.root = setup->root;
	options.iomem_size = setup->iomem ? strlen(setup->iomem) : 0;
	if (jailhouse_check(config + first, setup->count - first, &options, &report, &error) != 0)
		fail_msg("%s", error.text);
	for (n = first; n < setup->count; n++)
		jailhouse_builder_free(builder[n]);
	return report;
}
