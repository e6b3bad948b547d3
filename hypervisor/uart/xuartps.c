// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Cadence UART of Zynq and Zynq UltraScale+. Source: Zynq-7000 Technical Reference Manual (UG585), appendix B.33. */
#include <hypervisor/uart.h>
#include <hypervisor/arch/uart-io.h>

#define UART_SR	     0x2c
#define UART_FIFO    0x30
#define SR_TXEMPTY   (1 << 3)

static bool xuartps_ready(struct uart *uart)
{
	return arch_uart_read(uart, UART_SR, 4) & SR_TXEMPTY;
}

static void xuartps_write(struct uart *uart, char c)
{
	arch_uart_write(uart, UART_FIFO, 4, (u8)c);
}

/* The rate takes two dividers that depend on each other, so what the boot loader has set up is kept. */
const struct uart_driver uart_xuartps = {
	.type = JAILHOUSE_CON_TYPE_XUARTPS,
	.ready = xuartps_ready,
	.write = xuartps_write,
};
