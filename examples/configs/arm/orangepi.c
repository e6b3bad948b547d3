/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Orange Pi PC: Allwinner H3, four Cortex-A7, 1 GiB of RAM
 *
 * Interrupt controller, UARTs, clocks and pins are where the Banana Pi (A20) has them, so QEMU's machine "orangepi-pc"
 * stands in for it. Memory is laid out as there:
 *
 * 0x40000000  936 MiB  Linux, booted with mem=936M
 * 0x7a800000   24 MiB  cells
 * 0x7c000000    4 MiB  hypervisor
 *
 * UART0 is Linux', UART1 the hypervisor's and the cells'. The page with clocks, pins and timers is split into registers,
 * so that cells can have some of them.
 */

#include <jailhouse/types.h>
#include <jailhouse/cell-config.h>
#include "orangepi.h"

struct {
	struct jailhouse_system header;
	__u64 cpus[1];
	struct jailhouse_memory mem_regions[12];
	struct jailhouse_irqchip irqchips[1];
} __attribute__((packed)) config = {
	.header = {
		.signature = JAILHOUSE_SYSTEM_SIGNATURE,
		.architecture = JAILHOUSE_ARM,
		.revision = JAILHOUSE_CONFIG_REVISION,
		.flags = JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE,
		.hypervisor_memory = {
			.phys_start = 0x7c000000,
			.size = 0x400000,
		},
		.debug_console = ORANGEPI_CONSOLE,
		.platform_info = {
			.arm = {
				.maintenance_irq = 25,
				.gic_version = 2,
				.gicd_base = 0x01c81000,
				.gicc_base = 0x01c82000,
				.gich_base = 0x01c84000,
				.gicv_base = 0x01c86000,
			},
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
		/* Display, system control, DMA, MMC, USB */
		ORANGEPI_DEVICE(0x01000000, 0xc20000),
		/* Clocks; those of the UARTs are for all who have one. */
		ORANGEPI_REGISTERS(0x01c20000, 0x6c),
		ORANGEPI_REGISTERS(0x01c2006c, 4),
		ORANGEPI_REGISTERS(0x01c20070, 0x790),
		/* Pins: ports A to G, what port H has for the LED of a Banana Pi, and the rest; timers and watchdog */
		ORANGEPI_REGISTERS(0x01c20800, 0x108),
		ORANGEPI_REGISTERS(0x01c20908, 8),
		ORANGEPI_REGISTERS(0x01c20910, 0x6f0),
		/* PWM, audio, thermal sensor */
		ORANGEPI_DEVICE(0x01c21000, 0x7000),
		/* UARTs */
		ORANGEPI_DEVICE(0x01c28000, 0x1000),
		/* I2C, Ethernet, GPU, SPI, camera, HDMI, RTC, pins of port L; not the interrupt controller */
		ORANGEPI_DEVICE(0x01c29000, 0x57000),
		ORANGEPI_DEVICE(0x01c90000, 0x370000),
		/* RAM */
		{
			.phys_start = 0x40000000,
			.virt_start = 0x40000000,
			.size = 0x3c000000,
			.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE,
		},
	},

	.irqchips = {
		/* Interrupts 32 to 158; the last one has no wire and is the hypervisor's */
		{
			.address = 0x01c81000,
			.pin_base = 32,
			.pin_bitmap = {0xffffffff, 0xffffffff, 0xffffffff, 0x7fffffff},
		},
	},
};
