// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Renesas HSCIF, see scif-family.h. */
#include "scif-family.h"

#define HSFTDR	0x0c
#define HSFSR	0x10
#define HSTTRGR 0x58

/* Room in the FIFO is told from this number of free places on. */
#define TX_TRIGGER 64

static void hscif_init(struct uart *uart)
{
	scif_set_rate(uart, HSTTRGR, TX_TRIGGER);
}

static bool hscif_ready(struct uart *uart)
{
	return arch_uart_read(uart, HSFSR, 2) & SCIF_TDFE;
}

static void hscif_write(struct uart *uart, char c)
{
	scif_write_char(uart, HSFTDR, HSFSR, c);
}

const struct uart_driver uart_hscif = {
	.type = JAILHOUSE_CON_TYPE_HSCIF,
	.init = hscif_init,
	.ready = hscif_ready,
	.write = hscif_write,
};
