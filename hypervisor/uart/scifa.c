// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Renesas SCIFA, see scif-family.h. */
#include "scif-family.h"

#define SCASSR	0x14
#define SCAFCR	0x18
#define SCAFTDR 0x20

static void scifa_init(struct uart *uart)
{
	scif_set_rate(uart, SCAFCR, 0);
}

static bool scifa_ready(struct uart *uart)
{
	return arch_uart_read(uart, SCASSR, 2) & SCIF_TDFE;
}

static void scifa_write(struct uart *uart, char c)
{
	scif_write_char(uart, SCAFTDR, SCASSR, c);
}

const struct uart_driver uart_scifa = {
	.type = JAILHOUSE_CON_TYPE_SCIFA,
	.init = scifa_init,
	.ready = scifa_ready,
	.write = scifa_write,
};
