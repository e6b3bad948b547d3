/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* UARTs of ARM boards, all of them in memory. */
#include "uart-arm.h"

const struct uart_driver *const arch_uarts[] = {
	&uart_8250, &uart_hscif, &uart_imx,   &uart_imx_lpuart, &uart_mvebu,
	&uart_pl011, &uart_scif, &uart_scifa, &uart_xuartps,    NULL,
};

/* The UART may hang behind a clock that nobody else has switched on. */
static void enable_clock(const struct uart *uart)
{
	const struct jailhouse_console *console = &comm_region->console;
	unsigned long reg = cmdline_parse_int("con-clock-reg", console->clock_reg);
	u32 gate = 1U << (cmdline_parse_int("con-gate-nr", console->gate_nr) & 31);
	u32 value;

	if (!reg)
		return;
	map_range((void *)reg, sizeof(u32), MAP_UNCACHED);
	value = mmio_read32((void *)reg);
	if (cmdline_parse_bool("con-gate-inverted", CON_HAS_INVERTED_GATE(uart->flags)))
		value &= ~gate;
	else
		value |= gate;
	mmio_write32((void *)reg, value);
}

void arch_uart_prepare(struct uart *uart)
{
	if (cmdline_parse_bool("con-regdist-1", CON_USES_REGDIST_1(uart->flags)))
		uart->flags &= ~JAILHOUSE_CON_REGDIST_4;
	else
		uart->flags |= JAILHOUSE_CON_REGDIST_4;

	enable_clock(uart);
	map_range((void *)uart->base, PAGE_SIZE, MAP_UNCACHED);
}

u8 arch_uart_read(const struct uart *uart, unsigned int reg)
{
	if (CON_USES_REGDIST_1(uart->flags))
		return mmio_read8(uart_reg(uart, reg));
	return mmio_read32(uart_reg(uart, reg * 4));
}

void arch_uart_write(const struct uart *uart, unsigned int reg, u8 value)
{
	if (CON_USES_REGDIST_1(uart->flags))
		mmio_write8(uart_reg(uart, reg), value);
	else
		mmio_write32(uart_reg(uart, reg * 4), value);
}
