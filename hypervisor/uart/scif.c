// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Renesas SCIF, see scif-family.h. */
#include "scif-family.h"

#define SCFTDR 0x0c
#define SCFSR  0x10

static bool scif_ready(struct uart *uart)
{
	return arch_uart_read(uart, SCFSR, 2) & (SCIF_TDFE | SCIF_TEND);
}

static void scif_write(struct uart *uart, char c)
{
	scif_write_char(uart, SCFTDR, SCFSR, c);
}

const struct uart_driver uart_scif = {
	.type = JAILHOUSE_CON_TYPE_SCIF,
	.ready = scif_ready,
	.write = scif_write,
};
