/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Serial interfaces with FIFO of Renesas: SCIF, SCIFA and HSCIF work alike but for the places of their registers.
 * Source: RZ/G Series User's Manual: Hardware, chapters SCIF, SCIFA, HSCIF.
 */
#ifndef HYPERVISOR_SCIF_FAMILY_H
#define HYPERVISOR_SCIF_FAMILY_H

#include <hypervisor/uart.h>
#include <hypervisor/arch/uart-io.h>

#define SCIF_TDFE (1 << 5) /* status: there is room in the FIFO */
#define SCIF_TEND (1 << 6) /* status: all has been sent */

#define SCIF_SCR   0x08 /* control */
#define SCIF_BRR   0x04 /* bit rate */
#define SCIF_SCR_RE (1 << 4)
#define SCIF_SCR_TE (1 << 5)

/* The status bits stay until they are cleared, even if the FIFO is full by then. */
static inline void scif_write_char(const struct uart *uart, unsigned int data_reg, unsigned int status_reg, char c)
{
	arch_uart_write(uart, data_reg, 1, (u8)c);
	arch_uart_write(uart, status_reg, 2, arch_uart_read(uart, status_reg, 2) & ~(u32)(SCIF_TDFE | SCIF_TEND));
}

/* The rate may change only while nothing is sent or received; `fifo_reg` := `fifo_value` meanwhile. */
static inline void scif_set_rate(const struct uart *uart, unsigned int fifo_reg, u32 fifo_value)
{
	u32 control = arch_uart_read(uart, SCIF_SCR, 2) & ~(u32)(SCIF_SCR_RE | SCIF_SCR_TE);

	arch_uart_write(uart, SCIF_SCR, 2, control);
	arch_uart_write(uart, SCIF_BRR, 1, uart->config->divider);
	arch_uart_write(uart, fifo_reg, 2, fifo_value);
	arch_uart_write(uart, SCIF_SCR, 2, control | SCIF_SCR_TE);
}

#endif /* !HYPERVISOR_SCIF_FAMILY_H */
