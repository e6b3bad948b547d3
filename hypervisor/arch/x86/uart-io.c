// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <hypervisor/arch/uart-io.h>
#include <asm/x86.h>

extern const struct uart_driver uart_8250;

const struct uart_driver *const uart_drivers[] = { &uart_8250, NULL };

u32 arch_uart_read(const struct uart *uart, unsigned int reg)
{
	const struct jailhouse_console *config = uart->config;

	if (!CON_IS_MMIO(config->flags))
		return inb((u16)(config->address + reg));
	if (CON_USES_REGDIST_1(config->flags))
		return ((const volatile u8 *)uart->base)[reg];
	return ((const volatile u32 *)uart->base)[reg];
}

void arch_uart_write(const struct uart *uart, unsigned int reg, u32 value)
{
	const struct jailhouse_console *config = uart->config;

	if (!CON_IS_MMIO(config->flags))
		outb((u8)value, (u16)(config->address + reg));
	else if (CON_USES_REGDIST_1(config->flags))
		((volatile u8 *)uart->base)[reg] = (u8)value;
	else
		((volatile u32 *)uart->base)[reg] = value;
}
