/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The UART drivers of uart/. An architecture links some of them and lists these in uart_drivers[]. */
#ifndef HYPERVISOR_UART_H
#define HYPERVISOR_UART_H

#include <hypervisor/console.h>

extern const struct uart_driver uart_8250;
extern const struct uart_driver uart_pl011;
extern const struct uart_driver uart_xuartps;
extern const struct uart_driver uart_mvebu;
extern const struct uart_driver uart_imx;
extern const struct uart_driver uart_imx_lpuart;
extern const struct uart_driver uart_scif;
extern const struct uart_driver uart_scifa;
extern const struct uart_driver uart_hscif;

#endif /* !HYPERVISOR_UART_H */
