/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Two UARTs that need no more than a look before each character. */
#include "uart-arm.h"

/* Zynq and Zynq UltraScale+ (UG585, appendix B.33) */
#define XUARTPS_SR   0x2c
#define XUARTPS_FIFO 0x30
#define SR_TXEMPTY   (1 << 3)

/* Marvell Armada 37xx */
#define MVEBU_TSH      0x04
#define MVEBU_STAT     0x0c
#define STAT_TX_FULL   (1 << 11)

static bool xuartps_ready(const struct uart *uart)
{
	return mmio_read32(uart_reg(uart, XUARTPS_SR)) & SR_TXEMPTY;
}

static void xuartps_write(const struct uart *uart, char c)
{
	mmio_write32(uart_reg(uart, XUARTPS_FIFO), (u8)c);
}

static bool mvebu_ready(const struct uart *uart)
{
	return !(mmio_read32(uart_reg(uart, MVEBU_STAT)) & STAT_TX_FULL);
}

static void mvebu_write(const struct uart *uart, char c)
{
	mmio_write32(uart_reg(uart, MVEBU_TSH), (u8)c);
}

const struct uart_driver uart_xuartps = {
	.name = "XUARTPS",
	.type = JAILHOUSE_CON_TYPE_XUARTPS,
	.ready = xuartps_ready,
	.write = xuartps_write,
};

const struct uart_driver uart_mvebu = {
	.name = "MVEBU",
	.type = JAILHOUSE_CON_TYPE_MVEBU,
	.ready = mvebu_ready,
	.write = mvebu_write,
};
