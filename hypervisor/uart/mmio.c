// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * For architectures without ports: all UARTs are in memory. A console whose configuration gives no memory has no base;
 * core/console.c asks for one only if it says MMIO, so that is looked at here.
 */
#include <hypervisor/uart.h>
#include <hypervisor/arch/uart-io.h>

const struct uart_driver *const uart_drivers[] = {
	&uart_8250, &uart_pl011, &uart_xuartps, &uart_mvebu, &uart_hscif, &uart_scifa, &uart_imx, &uart_imx_lpuart,
	&uart_scif, NULL,
};

u32 arch_uart_read(const struct uart *uart, unsigned int offset, unsigned int width)
{
	const volatile u8 *reg;

	if (!uart->base)
		return 0;
	reg = (const volatile u8 *)uart->base + offset;
	if (width == 1)
		return *reg;
	return width == 2 ? *(const volatile u16 *)reg : *(const volatile u32 *)reg;
}

void arch_uart_write(const struct uart *uart, unsigned int offset, unsigned int width, u32 value)
{
	volatile u8 *reg;

	if (!uart->base)
		return;
	reg = (volatile u8 *)uart->base + offset;
	if (width == 1)
		*reg = (u8)value;
	else if (width == 2)
		*(volatile u16 *)reg = (u16)value;
	else
		*(volatile u32 *)reg = value;
}
