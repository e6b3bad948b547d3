/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What boards with Allwinner's chips, as QEMU has them, have in common, and their cells: 1 GiB of RAM, and registers
 * where the Banana Pi (A20) has them. Memory is laid out as there:
 *
 * 0x40000000  936 MiB  Linux, booted with mem=936M
 * 0x7a800000   24 MiB  cells
 * 0x7c000000    4 MiB  hypervisor
 *
 * The page with clocks, pins and timers is split into registers, so that cells can have some of them.
 */

#define ALLWINNER_HYPERVISOR_MEMORY \
	{ \
		.phys_start = 0x7c000000, \
		.size = 0x400000, \
	}

#define ALLWINNER_GIC \
	{ \
		.maintenance_irq = 25, \
		.gic_version = 2, \
		.gicd_base = 0x01c81000, \
		.gicc_base = 0x01c82000, \
		.gich_base = 0x01c84000, \
		.gicv_base = 0x01c86000, \
	}

/* Interrupts 32 to 158; the last one has no wire and is the hypervisor's */
#define ALLWINNER_IRQCHIP \
	{ \
		.address = 0x01c81000, \
		.pin_base = 32, \
		.pin_bitmap = {0xffffffff, 0xffffffff, 0xffffffff, 0x7fffffff}, \
	}

/* A UART, by its number, and its clock */
#define ALLWINNER_UART(number) (0x01c28000 + 0x400 * (number))
#define ALLWINNER_CONSOLE(number) \
	{ \
		.address = ALLWINNER_UART(number), \
		.size = 0x400, \
		.type = JAILHOUSE_CON_TYPE_8250, \
		.flags = JAILHOUSE_CON_ACCESS_MMIO | JAILHOUSE_CON_REGDIST_4, \
		.gate_nr = 16 + (number), \
		.clock_reg = 0x01c2006c, \
	}

/* A device at its own address */
#define ALLWINNER_DEVICE(start, length) \
	{ \
		.phys_start = start, \
		.virt_start = start, \
		.size = length, \
		.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO, \
	}

/* Some registers of a page */
#define ALLWINNER_REGISTERS_WITH(start, length, more_flags) \
	{ \
		.phys_start = start, \
		.virt_start = start, \
		.size = length, \
		.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO | JAILHOUSE_MEM_IO_32 | \
			(more_flags), \
	}
#define ALLWINNER_REGISTERS(start, length) ALLWINNER_REGISTERS_WITH(start, length, 0)

#define ALLWINNER_NUM_REGIONS 13

/* Of the root cell */
#define ALLWINNER_REGIONS \
	/* Display, system control, DMA, MMC, USB, SATA */ \
	ALLWINNER_DEVICE(0x01000000, 0xc20000), \
	/* Clocks; those of the UARTs are for all who have one. */ \
	ALLWINNER_REGISTERS(0x01c20000, 0x6c), \
	ALLWINNER_REGISTERS(0x01c2006c, 4), \
	ALLWINNER_REGISTERS(0x01c20070, 0x790), \
	/* Pins: ports A to G, what port H has for the LED of a Banana Pi, and the rest; timers and watchdog */ \
	ALLWINNER_REGISTERS(0x01c20800, 0x108), \
	ALLWINNER_REGISTERS(0x01c20908, 8), \
	ALLWINNER_REGISTERS(0x01c20910, 0x6f0), \
	/* PWM, audio, thermal sensor */ \
	ALLWINNER_DEVICE(0x01c21000, 0x7000), \
	/* UARTs 0 to 3, and 4 to 7 */ \
	ALLWINNER_DEVICE(0x01c28000, 0x1000), \
	ALLWINNER_DEVICE(0x01c29000, 0x1000), \
	/* I2C, Ethernet, GPU, SPI, camera, HDMI, what stays on in sleep; not the interrupt controller */ \
	ALLWINNER_DEVICE(0x01c2a000, 0x56000), \
	ALLWINNER_DEVICE(0x01c90000, 0x370000), \
	/* RAM */ \
	{ \
		.phys_start = 0x40000000, \
		.virt_start = 0x40000000, \
		.size = 0x3c000000, \
		.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE, \
	}

/* Of a cell with an inmate: clocks and registers of a UART, which Linux keeps as well */
#define ALLWINNER_CELL_UART(number) \
	ALLWINNER_REGISTERS_WITH(0x01c2006c, 4, JAILHOUSE_MEM_ROOTSHARED), \
	ALLWINNER_REGISTERS_WITH(ALLWINNER_UART(number), 0x400, JAILHOUSE_MEM_ROOTSHARED)

/* RAM at 0, communication region */
#define ALLWINNER_CELL_MEMORY(ram, length) \
	{ \
		.phys_start = ram, \
		.virt_start = 0, \
		.size = length, \
		.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE | \
			JAILHOUSE_MEM_LOADABLE, \
	}, \
	{ \
		.virt_start = 0x80000000, \
		.size = 0x1000, \
		.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_COMM_REGION, \
	}
