/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * QEMU "virt" machine, 64 bit: four Cortex-A57, 1 GiB of RAM, GICv3 with ITS
 *
 * qemu-system-aarch64 -M virt,virtualization=on,gic-version=3 -cpu cortex-a57 -smp 4 -m 1G
 * Linux booted with mem=768M.
 */

#include <jailhouse/types.h>
#include <jailhouse/cell-config.h>
#include "qemu-virt.h"

/* Registers of the first page; without WRITE they stay what Linux has made them before. */
#define ITS_REGISTERS(start, length, rights) \
	{ \
		.phys_start = start, \
		.virt_start = start, \
		.size = length, \
		.flags = (rights) | JAILHOUSE_MEM_IO | JAILHOUSE_MEM_IO_32 | JAILHOUSE_MEM_IO_64, \
	}
#define READ_ONLY  JAILHOUSE_MEM_READ
#define READ_WRITE (JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE)

struct {
	struct jailhouse_system header;
	__u64 cpus[1];
	struct jailhouse_memory mem_regions[QEMU_VIRT_NUM_REGIONS + 6];
	struct jailhouse_irqchip irqchips[2];
	struct jailhouse_pci_device pci_devices[QEMU_VIRT_NUM_PCI_DEVICES];
} __attribute__((packed)) config = {
	.header = {
		.signature = JAILHOUSE_SYSTEM_SIGNATURE,
		.architecture = QEMU_VIRT_ARCHITECTURE,
		.revision = JAILHOUSE_CONFIG_REVISION,
		.flags = JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE,
		.hypervisor_memory = QEMU_VIRT_HYPERVISOR_MEMORY,
		.debug_console = QEMU_VIRT_CONSOLE,
		.platform_info = {
			.pci_mmconfig_base = QEMU_VIRT_ECAM,
			.pci_mmconfig_end_bus = QEMU_VIRT_LAST_BUS,
			.arm = {
				.maintenance_irq = 25,
				.gic_version = 3,
				.gicd_base = 0x08000000,
				.gicr_base = 0x080a0000,
			},
		},
		.root_cell = {
			.name = "QEMU-virt",
			.cpu_set_size = sizeof(config.cpus),
			.num_memory_regions = ARRAY_SIZE(config.mem_regions),
			.num_irqchips = ARRAY_SIZE(config.irqchips),
			.num_pci_devices = ARRAY_SIZE(config.pci_devices),
		},
	},

	.cpus = {0xf},

	.mem_regions = {
		QEMU_VIRT_REGIONS,
		/*
		 * ITS: Linux goes on to use it for its own devices. But where its tables and its queue of commands lie,
		 * which the ITS reads and writes past all protection of memory, cannot be changed any more.
		 */
		ITS_REGISTERS(0x08080000, 0x80, READ_WRITE),
		ITS_REGISTERS(0x08080080, 0x8, READ_ONLY), /* GITS_CBASER */
		ITS_REGISTERS(0x08080088, 0x78, READ_WRITE), /* GITS_CWRITER, GITS_CREADR */
		ITS_REGISTERS(0x08080100, 0x40, READ_ONLY), /* GITS_BASER0 to 7 */
		ITS_REGISTERS(0x08080140, 0xec0, READ_WRITE),
		QEMU_VIRT_DEVICE(0x08081000, 0x1f000),
	},

	.irqchips = {
		/* Interrupts 32 to 159 */
		{
			.address = 0x08000000,
			.pin_base = 32,
			.pin_bitmap = {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
		},
		/* Interrupts 160 to 287 */
		{
			.address = 0x08000000,
			.pin_base = 160,
			.pin_bitmap = {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
		},
	},

	.pci_devices = {
		QEMU_VIRT_PCI_DEVICES,
	},
};
