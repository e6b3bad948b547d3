// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Arm PrimeCell UART. Source: PL011 Technical Reference Manual (ARM DDI 0183), chapter 3. */
#include <hypervisor/uart.h>
#include <hypervisor/arch/uart-io.h>

#define UARTDR	     0x00
#define UARTFR	     0x18
#define UARTIBRD     0x24
#define UARTLCR_H    0x2c
#define UARTCR	     0x30
#define FR_BUSY	     (1 << 3)
#define FR_TXFF	     (1 << 5)
#define LCR_H_8BIT   (3 << 5)
#define CR_UARTEN    (1 << 0)
#define CR_TXE	     (1 << 8)
#define CR_OUT1	     (1 << 12)
#define CR_OUT2	     (1 << 13)

/* Far more than a character takes at the lowest rate in use. */
#define MAX_BUSY_POLLS 1000000

static u32 read_reg(const struct uart *uart, unsigned int reg)
{
	return arch_uart_read(uart, reg, 4);
}

static void write_reg(const struct uart *uart, unsigned int reg, u32 value)
{
	arch_uart_write(uart, reg, 4, value);
}

/* The character on its way is to be sent out before the rate changes (section 3.3.8). */
static void pl011_init(struct uart *uart)
{
	unsigned int n;

	write_reg(uart, UARTCR, 0);
	for (n = 0; n < MAX_BUSY_POLLS && read_reg(uart, UARTFR) & FR_BUSY; n++)
		;
	write_reg(uart, UARTIBRD, uart->config->divider);
	write_reg(uart, UARTLCR_H, LCR_H_8BIT);
	write_reg(uart, UARTCR, CR_UARTEN | CR_TXE | CR_OUT1 | CR_OUT2);
}

/* Waits for an idle line, not only for room in the FIFO, so that little is lost when the UART changes hands. */
static bool pl011_ready(struct uart *uart)
{
	return !(read_reg(uart, UARTFR) & (FR_TXFF | FR_BUSY));
}

static void pl011_write(struct uart *uart, char c)
{
	write_reg(uart, UARTDR, (u8)c);
}

const struct uart_driver uart_pl011 = {
	.type = JAILHOUSE_CON_TYPE_PL011,
	.init = pl011_init,
	.ready = pl011_ready,
	.write = pl011_write,
};
