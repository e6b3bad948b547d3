// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* 16550 compatible UARTs behind ports or in memory. Source: National Semiconductor PC16550D data sheet, section 8. */
#include <hypervisor/console.h>
#include <hypervisor/arch/uart-io.h>

#define REG_THR	     0
#define REG_DLL	     0
#define REG_DLM	     1
#define REG_LCR	     3
#define REG_LSR	     5
#define LCR_8N1	     0x03
#define LCR_DLAB     0x80
#define LSR_THRE     0x20

static void uart_8250_init(struct uart *uart)
{
	arch_uart_write(uart, REG_LCR, LCR_DLAB);
	arch_uart_write(uart, REG_DLL, uart->config->divider & 0xff);
	arch_uart_write(uart, REG_DLM, (uart->config->divider >> 8) & 0xff);
	arch_uart_write(uart, REG_LCR, LCR_8N1);
}

static bool uart_8250_ready(struct uart *uart)
{
	return arch_uart_read(uart, REG_LSR) & LSR_THRE;
}

static void uart_8250_write(struct uart *uart, char c)
{
	arch_uart_write(uart, REG_THR, (u8)c);
}

const struct uart_driver uart_8250 = {
	.type = JAILHOUSE_CON_TYPE_8250,
	.init = uart_8250_init,
	.ready = uart_8250_ready,
	.write = uart_8250_write,
};
