// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* UART of NXP i.MX. Source: i.MX 8M Mini Applications Processor Reference Manual, section 16.2. */
#include <hypervisor/uart.h>
#include <hypervisor/arch/uart-io.h>

#define UTXD	     0x40
#define UCR1	     0x80
#define UTS	     0xb4
#define UCR1_UARTEN  (1 << 0)
#define UTS_TXEMPTY  (1 << 6)

static bool imx_ready(struct uart *uart)
{
	return arch_uart_read(uart, UTS, 4) & UTS_TXEMPTY;
}

/* A write to a UART that is switched off ends in a bus error. */
static void imx_write(struct uart *uart, char c)
{
	if (arch_uart_read(uart, UCR1, 4) & UCR1_UARTEN)
		arch_uart_write(uart, UTXD, 4, (u8)c);
}

const struct uart_driver uart_imx = {
	.type = JAILHOUSE_CON_TYPE_IMX,
	.ready = imx_ready,
	.write = imx_write,
};
