// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Low power UART of NXP i.MX. Source: i.MX 8QuadXPlus Applications Processor Reference Manual, LPUART. */
#include <hypervisor/uart.h>
#include <hypervisor/arch/uart-io.h>

#define LPUART_STAT  0x14
#define LPUART_DATA  0x1c
#define STAT_TDRE    (1 << 23)

static bool lpuart_ready(struct uart *uart)
{
	return arch_uart_read(uart, LPUART_STAT, 4) & STAT_TDRE;
}

static void lpuart_write(struct uart *uart, char c)
{
	arch_uart_write(uart, LPUART_DATA, 4, (u8)c);
}

const struct uart_driver uart_imx_lpuart = {
	.type = JAILHOUSE_CON_TYPE_IMX_LPUART,
	.ready = lpuart_ready,
	.write = lpuart_write,
};
