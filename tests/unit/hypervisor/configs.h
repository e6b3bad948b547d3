/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Configurations to start from, for tests and fuzz targets of the hypervisor. */
#ifndef CONFIGS_H
#define CONFIGS_H

#include <hypervisor/base.h>
#include <jailhouse/cell-config.h>

/* ---- the machine: 4 CPUs, 32 MiB of RAM ---- */

#define KIB 1024UL
#define MIB (1024 * KIB)

#define RAM_START    0x1000000UL
#define RAM_SIZE     (32 * MIB)
#define HV_START     RAM_START
#define HV_SIZE	     (1 * MIB)
#define LINUX_START  (HV_START + HV_SIZE)
#define LINUX_SIZE   (15 * MIB)
#define INMATE_START 0x2000000UL /* aligned to 2 MiB */
#define INMATE_SIZE  (16 * MIB)
#define DEVICE_PAGE  0xf0000000UL /* registers that are plain memory */
#define SUBPAGE_1    0xf0001100UL /* two windows in one page of registers */
#define SUBPAGE_1_SIZE 0x100UL
#define SUBPAGE_2    0xf0001800UL
#define SUBPAGE_2_SIZE 0x80UL
#define IRQCHIP      0xfec00000UL

/* Indices of the root cell's regions */
enum { ROOT_LINUX, ROOT_INMATE, ROOT_DEVICE, ROOT_SUBPAGE_1, ROOT_SUBPAGE_2, NUM_ROOT_REGIONS };

#define CONFIG_ADDRESS (LINUX_START + 0x10) /* where Linux puts the configuration of a new cell */

#define MEM_RWX (JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE | JAILHOUSE_MEM_DMA)
#define MEM_RW	(JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE)

/* ---- configurations ---- */

#define MAX_ITEMS 24

struct config {
	struct jailhouse_system system; /* head; its root_cell is the cell that is described */
	struct jailhouse_cell_desc cell;
	u8 cpus[16];
	struct jailhouse_memory mem[MAX_ITEMS];
	struct jailhouse_irqchip chips[4];
	struct jailhouse_pci_device pci[4];
	struct jailhouse_pci_capability caps[4];
};

#define MAX_BLOB 16384

/* A system configuration for the machine above, all CPUs in the root cell. */
void root_config(struct config *config);
/* A cell with 1 MiB of loadable RAM at 0, a communication region at 1 MiB, and the CPUs of the bit mask. */
void cell_config(struct config *config, const char *name, u32 id, u32 cpus);
/* Appends a region and returns it. */
struct jailhouse_memory *add_mem(struct config *config, u64 phys, u64 virt, u64 size, u64 flags);
/* Writes the binary form; returns its size. */
u32 write_cell(const struct config *config, void *blob);
u32 write_system(const struct config *config, void *blob);

#endif /* !CONFIGS_H */
