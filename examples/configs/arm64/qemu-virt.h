/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the boards for QEMU's "virt" machine have in common, with ARM64 and ARMv7: memory and devices of the
 * root cell. The versions of the machine differ in their interrupt controllers only.
 *
 * 0x40000000  768 MiB  Linux, booted with mem=768M
 * 0x70000000  252 MiB  cells
 * 0x7fc00000    4 MiB  hypervisor
 *
 * The UART is for all: Linux, hypervisor, cells.
 */

#ifdef __aarch64__
#define QEMU_VIRT_ARCHITECTURE JAILHOUSE_ARM64
#else
#define QEMU_VIRT_ARCHITECTURE JAILHOUSE_ARM
#endif

#define QEMU_VIRT_HYPERVISOR_MEMORY \
	{ \
		.phys_start = 0x7fc00000, \
		.size = 0x400000, \
	}

#define QEMU_VIRT_CONSOLE \
	{ \
		.address = 0x09000000, \
		.size = 0x1000, \
		.type = JAILHOUSE_CON_TYPE_PL011, \
		.flags = JAILHOUSE_CON_ACCESS_MMIO | JAILHOUSE_CON_REGDIST_4, \
	}

/* A device at its own address */
#define QEMU_VIRT_DEVICE(start, length) \
	{ \
		.phys_start = start, \
		.virt_start = start, \
		.size = length, \
		.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO, \
	}

/* With highmem=off, as ARMv7 is started, nothing is above 4 GiB. */
#ifdef __aarch64__
#define QEMU_VIRT_ECAM		   0x4010000000
#define QEMU_VIRT_LAST_BUS	   255
#define QEMU_VIRT_NUM_HIGH_REGIONS 1
#define QEMU_VIRT_HIGH_REGIONS \
	QEMU_VIRT_DEVICE(0x8000000000, 0x8000000000), /* PCI: high window */
#else
#define QEMU_VIRT_ECAM		   0x3f000000
#define QEMU_VIRT_LAST_BUS	   15
#define QEMU_VIRT_NUM_HIGH_REGIONS 0
#define QEMU_VIRT_HIGH_REGIONS
#endif

#define QEMU_VIRT_NUM_REGIONS (9 + QEMU_VIRT_NUM_HIGH_REGIONS)

/*
 * Of the firmware interface only selector and data, not the register behind them: it starts a DMA that
 * reaches all memory.
 */
#define QEMU_VIRT_REGIONS \
	QEMU_VIRT_DEVICE(0x00000000, 0x8000000), /* flash */ \
	QEMU_VIRT_DEVICE(0x09000000, 0x1000), /* PL011 */ \
	QEMU_VIRT_DEVICE(0x09010000, 0x1000), /* RTC */ \
	{ \
		.phys_start = 0x09020000, \
		.virt_start = 0x09020000, \
		.size = 0x10, \
		.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO | \
			JAILHOUSE_MEM_IO_8 | JAILHOUSE_MEM_IO_16 | JAILHOUSE_MEM_IO_32 | \
			JAILHOUSE_MEM_IO_64, \
	}, \
	QEMU_VIRT_DEVICE(0x09030000, 0x1000), /* GPIO: power button */ \
	QEMU_VIRT_DEVICE(0x0a000000, 0x4000), /* virtio */ \
	QEMU_VIRT_DEVICE(0x10000000, 0x2f000000), /* PCI: low windows */ \
	QEMU_VIRT_HIGH_REGIONS \
	/* RAM of Linux */ \
	{ \
		.phys_start = 0x40000000, \
		.virt_start = 0x40000000, \
		.size = 0x30000000, \
		.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE | \
			JAILHOUSE_MEM_DMA, \
	}, \
	/* RAM for the cells; devices of the root cell have no business there */ \
	{ \
		.phys_start = 0x70000000, \
		.virt_start = 0x70000000, \
		.size = 0xfc00000, \
		.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE, \
	}

/* The last one need not be there. A device in slot n has its INTA at interrupt 35 + n % 4. */
#define QEMU_VIRT_NUM_PCI_DEVICES 3
#define QEMU_VIRT_PCI_DEVICES \
	/* 00:00.0: host bridge */ \
	{ \
		.type = JAILHOUSE_PCI_TYPE_DEVICE, \
		.bdf = 0x0, \
	}, \
	/* 00:01.0: serial port, Linux' console */ \
	{ \
		.type = JAILHOUSE_PCI_TYPE_DEVICE, \
		.bdf = 0x8, \
		.bar_mask = {0xfffffff8}, \
	}, \
	/* 00:03.0: QEMU's teaching device (edu), or a second serial port */ \
	{ \
		.type = JAILHOUSE_PCI_TYPE_DEVICE, \
		.bdf = 0x18, \
		.bar_mask = {0xfff00000}, \
	}

/* Of a cell with an inmate: 1 MiB of RAM at 0, the UART, the communication region */
#define QEMU_VIRT_CELL_REGIONS(ram) \
	{ \
		.phys_start = ram, \
		.virt_start = 0, \
		.size = 0x100000, \
		.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE | \
			JAILHOUSE_MEM_LOADABLE, \
	}, \
	{ \
		.phys_start = 0x09000000, \
		.virt_start = 0x09000000, \
		.size = 0x1000, \
		.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO | \
			JAILHOUSE_MEM_ROOTSHARED, \
	}, \
	{ \
		.virt_start = 0x80000000, \
		.size = 0x1000, \
		.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_COMM_REGION, \
	}
