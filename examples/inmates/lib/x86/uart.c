/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* UARTs of x86 machines: 8250 at ports or in memory. */
#include <inmate.h>
#include <uart.h>

const struct uart_driver *const arch_uarts[] = {&uart_8250, NULL};

void arch_uart_prepare(struct uart *uart)
{
	if (cmdline_parse_bool("con-is-mmio", CON_IS_MMIO(uart->flags)))
		uart->flags |= JAILHOUSE_CON_ACCESS_MMIO;
	else
		uart->flags &= ~JAILHOUSE_CON_ACCESS_MMIO;
	if (cmdline_parse_bool("con-regdist-1", CON_USES_REGDIST_1(uart->flags)))
		uart->flags &= ~JAILHOUSE_CON_REGDIST_4;
	else
		uart->flags |= JAILHOUSE_CON_REGDIST_4;

#ifdef __x86_64__
	if (CON_IS_MMIO(uart->flags))
		map_range((void *)uart->base, PAGE_SIZE, MAP_UNCACHED);
#endif
}

u8 arch_uart_read(const struct uart *uart, unsigned int reg)
{
	if (!CON_IS_MMIO(uart->flags))
		return inb(uart->base + reg);
	if (CON_USES_REGDIST_1(uart->flags))
		return mmio_read8((void *)(uart->base + reg));
	return mmio_read32((void *)(uart->base + reg * 4));
}

void arch_uart_write(const struct uart *uart, unsigned int reg, u8 value)
{
	if (!CON_IS_MMIO(uart->flags))
		outb(value, uart->base + reg);
	else if (CON_USES_REGDIST_1(uart->flags))
		mmio_write8((void *)(uart->base + reg), value);
	else
		mmio_write32((void *)(uart->base + reg * 4), value);
}
