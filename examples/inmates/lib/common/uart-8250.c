/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* UARTs that are compatible with the 8250. */
#include <inmate.h>
#include <uart.h>

#define UART_TX   0x0
#define UART_DLL  0x0
#define UART_DLM  0x1
#define UART_LCR  0x3
#define UART_LSR  0x5
#define UART_MDR1 0x8 /* TI OMAP */

#define UART_LCR_8N1  0x03
#define UART_LCR_DLAB 0x80
#define UART_LSR_THRE 0x20

static void uart_8250_init(const struct uart *uart)
{
	arch_uart_write(uart, UART_LCR, UART_LCR_DLAB);
	arch_uart_write(uart, UART_DLL, uart->divider & 0xff);
	arch_uart_write(uart, UART_DLM, uart->divider >> 8 & 0xff);
	arch_uart_write(uart, UART_LCR, UART_LCR_8N1);
	if (CON_HAS_MDR_QUIRK(uart->flags))
		arch_uart_write(uart, UART_MDR1, 0);
}

static bool uart_8250_ready(const struct uart *uart)
{
	return arch_uart_read(uart, UART_LSR) & UART_LSR_THRE;
}

static void uart_8250_write(const struct uart *uart, char c)
{
	arch_uart_write(uart, UART_TX, c);
}

const struct uart_driver uart_8250 = {
	.name = "8250",
	.type = JAILHOUSE_CON_TYPE_8250,
	.init = uart_8250_init,
	.ready = uart_8250_ready,
	.write = uart_8250_write,
};
