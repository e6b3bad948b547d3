/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* UARTs of NXP: i.MX (i.MX 8M Mini manual, 16.2) and the low power one (i.MX 8QuadXPlus manual). */
#include "uart-arm.h"

#define IMX_UTXD    0x40
#define IMX_UCR1    0x80
#define IMX_UTS     0xb4
#define UCR1_UARTEN (1 << 0)
#define UTS_TXEMPTY (1 << 6)

#define LPUART_STAT 0x14
#define LPUART_DATA 0x1c
#define STAT_TDRE   (1 << 23)

static bool imx_ready(const struct uart *uart)
{
	return mmio_read32(uart_reg(uart, IMX_UTS)) & UTS_TXEMPTY;
}

/* A write to a UART that is switched off ends in a bus error. */
static void imx_write(const struct uart *uart, char c)
{
	if (mmio_read32(uart_reg(uart, IMX_UCR1)) & UCR1_UARTEN)
		mmio_write32(uart_reg(uart, IMX_UTXD), (u8)c);
}

static bool lpuart_ready(const struct uart *uart)
{
	return mmio_read32(uart_reg(uart, LPUART_STAT)) & STAT_TDRE;
}

static void lpuart_write(const struct uart *uart, char c)
{
	mmio_write32(uart_reg(uart, LPUART_DATA), (u8)c);
}

const struct uart_driver uart_imx = {
	.name = "IMX",
	.type = JAILHOUSE_CON_TYPE_IMX,
	.ready = imx_ready,
	.write = imx_write,
};

const struct uart_driver uart_imx_lpuart = {
	.name = "IMX-LPUART",
	.type = JAILHOUSE_CON_TYPE_IMX_LPUART,
	.ready = lpuart_ready,
	.write = lpuart_write,
};
