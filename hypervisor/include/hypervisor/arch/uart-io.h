/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Contract: registers of a UART, for its driver. Any CPU, under the lock of the console.
 *
 * `offset` is in bytes from the start of the registers; `width`, the size of the access in bytes, is 1, 2 or 4.
 * Behind ports there is only width 1. An architecture that has no ports takes uart/mmio.c for all of this.
 */
#ifndef HYPERVISOR_ARCH_UART_IO_H
#define HYPERVISOR_ARCH_UART_IO_H

#include <hypervisor/console.h>

u32 arch_uart_read(const struct uart *uart, unsigned int offset, unsigned int width);
void arch_uart_write(const struct uart *uart, unsigned int offset, unsigned int width, u32 value);

#endif /* !HYPERVISOR_ARCH_UART_IO_H */
