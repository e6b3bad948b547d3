/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the board and the cells of the Orange Pi PC have in common */

/* UART1 and its clock */
#define ORANGEPI_CONSOLE \
	{ \
		.address = 0x01c28400, \
		.size = 0x400, \
		.type = JAILHOUSE_CON_TYPE_8250, \
		.flags = JAILHOUSE_CON_ACCESS_MMIO | JAILHOUSE_CON_REGDIST_4, \
		.gate_nr = 17, \
		.clock_reg = 0x01c2006c, \
	}

/* A device at its own address */
#define ORANGEPI_DEVICE(start, length) \
	{ \
		.phys_start = start, \
		.virt_start = start, \
		.size = length, \
		.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO, \
	}

/* Some registers of a page */
#define ORANGEPI_REGISTERS_WITH(start, length, more_flags) \
	{ \
		.phys_start = start, \
		.virt_start = start, \
		.size = length, \
		.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO | JAILHOUSE_MEM_IO_32 | \
			(more_flags), \
	}
#define ORANGEPI_REGISTERS(start, length) ORANGEPI_REGISTERS_WITH(start, length, 0)

/* Of a cell with an inmate: clocks and registers of the UART, which Linux keeps as well */
#define ORANGEPI_CELL_UART \
	ORANGEPI_REGISTERS_WITH(0x01c2006c, 4, JAILHOUSE_MEM_ROOTSHARED), \
	ORANGEPI_REGISTERS_WITH(0x01c28400, 0x400, JAILHOUSE_MEM_ROOTSHARED)

/* RAM at 0, communication region */
#define ORANGEPI_CELL_MEMORY(ram, length) \
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
