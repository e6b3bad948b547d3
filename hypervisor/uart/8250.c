// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* 16550 compatible UARTs behind ports or in memory. Source: National Semiconductor PC16550D data sheet, section 8. */
#include <hypervisor/uart.h>
#include <hypervisor/arch/uart-io.h>

#define REG_THR	     0
#define REG_DLL	     0
#define REG_DLM	     1
#define REG_LCR	     3
#define REG_LSR	     5
#define LCR_8N1	     0x03
#define LCR_DLAB     0x80
#define LSR_THRE     0x20

/* Registers in memory may be 4 bytes apart, and have that width then. */
static unsigned int reg_width(const struct uart *uart)
{
	const unsigned int far = JAILHOUSE_CON_ACCESS_MMIO | JAILHOUSE_CON_REGDIST_4;

	return (uart->config->flags & far) == far ? 4 : 1;
}

static void write_reg(const struct uart *uart, unsigned int reg, u32 value)
{
	unsigned int width = reg_width(uart);

	arch_uart_write(uart, reg * width, width, value);
}

static void uart_8250_init(struct uart *uart)
{
	write_reg(uart, REG_LCR, LCR_DLAB);
	write_reg(uart, REG_DLL, uart->config->divider & 0xff);
	write_reg(uart, REG_DLM, (uart->config->divider >> 8) & 0xff);
	write_reg(uart, REG_LCR, LCR_8N1);
}

static bool uart_8250_ready(struct uart *uart)
{
	unsigned int width = reg_width(uart);

	return arch_uart_read(uart, REG_LSR * width, width) & LSR_THRE;
}

static void uart_8250_write(struct uart *uart, char c)
{
	write_reg(uart, REG_THR, (u8)c);
}

const struct uart_driver uart_8250 = {
	.type = JAILHOUSE_CON_TYPE_8250,
	.init = uart_8250_init,
	.ready = uart_8250_ready,
	.write = uart_8250_write,
};
