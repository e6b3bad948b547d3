/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Serial interfaces with FIFO of Renesas (RZ/G Series manual, chapters SCIF, SCIFA, HSCIF). */
#include "uart-arm.h"

/* All three */
#define SCIF_BRR 0x04
#define SCIF_SCR 0x08
#define SCR_RE   (1 << 4)
#define SCR_TE   (1 << 5)
#define SR_TDFE  (1 << 5) /* there is room in the FIFO */
#define SR_TEND  (1 << 6) /* all has been sent */

/* SCIF and HSCIF */
#define SCIF_TDR      0x0c
#define SCIF_SR       0x10
#define HSCIF_TTRGR   0x58
#define HSCIF_TRIGGER 64

#define SCIFA_SR  0x14
#define SCIFA_FCR 0x18
#define SCIFA_TDR 0x20

/* The rate may change only while nothing is sent or received. */
static void set_rate(const struct uart *uart, unsigned int fifo_reg, u16 fifo_value)
{
	u16 control = mmio_read16(uart_reg(uart, SCIF_SCR)) & ~(SCR_RE | SCR_TE);

	mmio_write16(uart_reg(uart, SCIF_SCR), control);
	mmio_write8(uart_reg(uart, SCIF_BRR), uart->divider);
	mmio_write16(uart_reg(uart, fifo_reg), fifo_value);
	mmio_write16(uart_reg(uart, SCIF_SCR), control | SCR_TE);
}

/* The status bits stay until they are cleared, even if the FIFO is full by then. */
static void put(const struct uart *uart, unsigned int data_reg, unsigned int status_reg, char c)
{
	u16 status;

	mmio_write8(uart_reg(uart, data_reg), c);
	status = mmio_read16(uart_reg(uart, status_reg));
	mmio_write16(uart_reg(uart, status_reg), status & ~(SR_TDFE | SR_TEND));
}

static void hscif_init(const struct uart *uart)
{
	set_rate(uart, HSCIF_TTRGR, HSCIF_TRIGGER);
}

static void scifa_init(const struct uart *uart)
{
	set_rate(uart, SCIFA_FCR, 0);
}

static bool hscif_ready(const struct uart *uart)
{
	return mmio_read16(uart_reg(uart, SCIF_SR)) & SR_TDFE;
}

static bool scif_ready(const struct uart *uart)
{
	return mmio_read16(uart_reg(uart, SCIF_SR)) & (SR_TDFE | SR_TEND);
}

static bool scifa_ready(const struct uart *uart)
{
	return mmio_read16(uart_reg(uart, SCIFA_SR)) & SR_TDFE;
}

static void scif_write(const struct uart *uart, char c)
{
	put(uart, SCIF_TDR, SCIF_SR, c);
}

static void scifa_write(const struct uart *uart, char c)
{
	put(uart, SCIFA_TDR, SCIFA_SR, c);
}

const struct uart_driver uart_hscif = {
	.name = "HSCIF",
	.type = JAILHOUSE_CON_TYPE_HSCIF,
	.init = hscif_init,
	.ready = hscif_ready,
	.write = scif_write,
};

const struct uart_driver uart_scif = {
	.name = "SCIF",
	.type = JAILHOUSE_CON_TYPE_SCIF,
	.ready = scif_ready,
	.write = scif_write,
};

const struct uart_driver uart_scifa = {
	.name = "SCIFA",
	.type = JAILHOUSE_CON_TYPE_SCIFA,
	.init = scifa_init,
	.ready = scifa_ready,
	.write = scifa_write,
};
