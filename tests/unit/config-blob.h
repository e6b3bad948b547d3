/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Small configurations to start from: valid, for x86, with one of everything, and nothing that the
 * checker would find.
 */
#ifndef TESTS_CONFIG_BLOB_H
#define TESTS_CONFIG_BLOB_H

#include <jailhouse/cell-config.h>

struct blob_arrays {
	__u64 cpus[1];
	struct jailhouse_memory mem[2];
	struct jailhouse_cache cache[1];
	struct jailhouse_irqchip irqchip[1];
	struct jailhouse_pio pio[1];
	struct jailhouse_pci_device pci[1];
	struct jailhouse_pci_capability caps[1];
	union jailhouse_stream_id stream_ids[1];
} JAILHOUSE_PACKED;

struct cell_blob {
	struct jailhouse_cell_desc cell;
	struct blob_arrays arrays;
} JAILHOUSE_PACKED;

struct system_blob {
	struct jailhouse_system system;
	struct blob_arrays arrays;
} JAILHOUSE_PACKED;

#define BLOB_COUNTS                                                                                \
	.cpu_set_size = 8, .num_memory_regions = 2, .num_cache_regions = 1, .num_irqchips = 1,     \
	.num_pio_regions = 1, .num_pci_devices = 1, .num_pci_caps = 1, .num_stream_ids = 1

/* The cell "guest" with CPU 3 and 1 MiB of loadable memory at 0. */
static inline struct cell_blob make_cell_blob(void)
{
	return (struct cell_blob){
		.cell = {
			.signature = JAILHOUSE_CELL_DESC_SIGNATURE,
			.architecture = JAILHOUSE_X86,
			.revision = JAILHOUSE_CONFIG_REVISION,
			.name = "guest",
			.flags = JAILHOUSE_CELL_PASSIVE_COMMREG,
			BLOB_COUNTS,
		},
		.arrays = {
			.cpus = {0x8},
			.mem = {
				{
					.phys_start = 0x3a600000,
					.virt_start = 0,
					.size = 0x100000,
					.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE |
						 JAILHOUSE_MEM_EXECUTE | JAILHOUSE_MEM_LOADABLE,
				},
			},
			.irqchip = {{.address = 0xfec00000, .pin_bitmap = {0x10}}},
			.pio = {{.base = 0x2e8, .length = 8}},
			.pci = {{.type = JAILHOUSE_PCI_TYPE_DEVICE, .bdf = 0x10}},
		},
	};
}

/* The root cell "machine" with CPUs 0 to 3. */
static inline struct system_blob make_system_blob(void)
{
	return (struct system_blob){
		.system = {
			.signature = JAILHOUSE_SYSTEM_SIGNATURE,
			.architecture = JAILHOUSE_X86,
			.revision = JAILHOUSE_CONFIG_REVISION,
			.flags = JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE,
			.hypervisor_memory = {.phys_start = 0x3a000000, .size = 0x600000},
			.platform_info.iommu_units = {{
				.type = JAILHOUSE_IOMMU_INTEL,
				.base = 0xfed90000,
				.size = 0x1000,
			}},
			.root_cell = {.name = "machine", BLOB_COUNTS},
		},
		.arrays = {
			.cpus = {0xf},
			.mem = {
				{
					.size = 0x3a000000,
					.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE |
						 JAILHOUSE_MEM_EXECUTE | JAILHOUSE_MEM_DMA,
				},
				{
					.phys_start = 0x3a600000,
					.virt_start = 0x3a600000,
					.size = 0x5a00000,
					.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,
				},
			},
			.irqchip = {{.address = 0xfec00000, .pin_bitmap = {0xffffff}}},
			.pio = {{.base = 0x2e8, .length = 8}},
			.pci = {{.type = JAILHOUSE_PCI_TYPE_DEVICE, .bdf = 0x10}},
		},
	};
}

/* Gives a cell what the first one leaves: CPU 1, other memory, and nothing else. */
static inline void move_cell_blob(struct cell_blob *blob)
{
	blob->arrays.cpus[0] = 2;
	blob->arrays.mem[0].phys_start += 0x100000;
	blob->arrays.irqchip[0].pin_bitmap[0] = 0;
	blob->arrays.pio[0].length = 0;
	blob->arrays.pci[0].bdf = 0x18;
}

#endif /* !TESTS_CONFIG_BLOB_H */
