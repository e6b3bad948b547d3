/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Contract: byte-wide registers of an 8250, by port or in memory, 1 or 4 bytes apart as the configuration says. */
#ifndef HYPERVISOR_ARCH_UART_IO_H
#define HYPERVISOR_ARCH_UART_IO_H

#include <hypervisor/console.h>

u32 arch_uart_read(const struct uart *uart, unsigned int reg);
void arch_uart_write(const struct uart *uart, unsigned int reg, u32 value);

#endif /* !HYPERVISOR_ARCH_UART_IO_H */
