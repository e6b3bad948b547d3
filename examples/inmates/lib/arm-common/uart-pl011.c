/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Arm PrimeCell UART (ARM DDI 0183), chapter 3. */
#include "uart-arm.h"

#define UARTDR    0x00
#define UARTFR    0x18
#define UARTIBRD  0x24
#define UARTLCR_H 0x2c
#define UARTCR    0x30

#define FR_BUSY    (1 << 3)
#define FR_TXFF    (1 << 5)
#define LCR_H_8BIT (3 << 5)
#define CR_VALUE   0x3101 /* enabled, transmitter on, OUT1 and OUT2 */

/* Far more than a character takes */
#define MAX_BUSY_POLLS 1000000

static void pl011_init(const struct uart *uart)
{
	unsigned int n;

	mmio_write32(uart_reg(uart, UARTCR), 0);
	for (n = 0; n < MAX_BUSY_POLLS && mmio_read32(uart_reg(uart, UARTFR)) & FR_BUSY; n++)
		cpu_relax();
	mmio_write32(uart_reg(uart, UARTIBRD), uart->divider);
	mmio_write32(uart_reg(uart, UARTLCR_H), LCR_H_8BIT);
	mmio_write32(uart_reg(uart, UARTCR), CR_VALUE);
}

static bool pl011_ready(const struct uart *uart)
{
	return !(mmio_read32(uart_reg(uart, UARTFR)) & (FR_TXFF | FR_BUSY));
}

static void pl011_write(const struct uart *uart, char c)
{
	mmio_write32(uart_reg(uart, UARTDR), (u8)c);
}

const struct uart_driver uart_pl011 = {
	.name = "PL011",
	.type = JAILHOUSE_CON_TYPE_PL011,
	.init = pl011_init,
	.ready = pl011_ready,
	.write = pl011_write,
};
