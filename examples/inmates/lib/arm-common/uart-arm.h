/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Drivers for the UARTs of ARM boards. */
#ifndef INMATE_UART_ARM_H
#define INMATE_UART_ARM_H

#include <uart.h>

extern const struct uart_driver uart_hscif;
extern const struct uart_driver uart_imx;
extern const struct uart_driver uart_imx_lpuart;
extern const struct uart_driver uart_mvebu;
extern const struct uart_driver uart_pl011;
extern const struct uart_driver uart_scif;
extern const struct uart_driver uart_scifa;
extern const struct uart_driver uart_xuartps;

/** uart_reg() - address of a register. @offset: in bytes */
static inline void *uart_reg(const struct uart *uart, unsigned int offset)
{
	return (void *)(uart->base + offset);
}

#endif /* !INMATE_UART_ARM_H */
