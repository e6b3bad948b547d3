// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* UART of Marvell Armada 3700. Source: Armada 37xx Functional Specifications, UART registers. */
#include <hypervisor/uart.h>
#include <hypervisor/arch/uart-io.h>

#define UART_TSH	0x04
#define UART_STATUS	0x0c
#define STATUS_TX_FULL	(1 << 11)

static bool mvebu_ready(struct uart *uart)
{
	return !(arch_uart_read(uart, UART_STATUS, 4) & STATUS_TX_FULL);
}

static void mvebu_write(struct uart *uart, char c)
{
	arch_uart_write(uart, UART_TSH, 4, (u8)c);
}

const struct uart_driver uart_mvebu = {
	.type = JAILHOUSE_CON_TYPE_MVEBU,
	.ready = mvebu_ready,
	.write = mvebu_write,
};
