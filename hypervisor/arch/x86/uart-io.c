// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <hypervisor/uart.h>
#include <hypervisor/arch/uart-io.h>
#include <asm/x86.h>

const struct uart_driver *const uart_drivers[] = { &uart_8250, NULL };

u32 arch_uart_read(const struct uart *uart, unsigned int offset, unsigned int width)
{
	const volatile u8 *reg = (const volatile u8 *)uart->base + offset;

	if (!uart->base)
		return inb((u16)(uart->config->address + offset));
	return width == 1 ? *reg : *(const volatile u32 *)reg;
}

void arch_uart_write(const struct uart *uart, unsigned int offset, unsigned int width, u32 value)
{
	volatile u8 *reg = (volatile u8 *)uart->base + offset;

	if (!uart->base)
		outb((u8)value, (u16)(uart->config->address + offset));
	else if (width == 1)
		*reg = (u8)value;
	else
		*(volatile u32 *)reg = value;
}
