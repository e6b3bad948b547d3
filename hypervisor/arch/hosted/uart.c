// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A 16550 whose output is kept as text. */
#include <stdlib.h>
#include <string.h>
#include <hypervisor/uart.h>
#include <hypervisor/arch/uart-io.h>
#include "hosted-internal.h"

#define REG_DATA 0 /* divider: low byte */
#define REG_IER	 1 /* divider: high byte */
#define REG_LCR	 3
#define REG_LSR	 5
#define LCR_DLAB 0x80
#define LSR_THRE 0x20

const struct uart_driver *const uart_drivers[] = { &uart_8250, NULL };

static struct hosted_machine *uart_hw(const struct uart *uart)
{
	return machine_hw(container_of(uart, struct machine, console.uart));
}

static void add_text(struct hosted_machine *hw, char c)
{
	pthread_mutex_lock(&hw->lock);
	if (hw->text_size + 1 >= hw->text_room) {
		size_t room = hw->text_room ? 2 * hw->text_room : 4096;
		char *text = realloc(hw->text, room);

		if (text) {
			hw->text = text;
			hw->text_room = room;
		}
	}
	if (hw->text_size + 1 < hw->text_room)
		hw->text[hw->text_size++] = c;
	pthread_mutex_unlock(&hw->lock);
}

u32 arch_uart_read(const struct uart *uart, unsigned int offset, unsigned int width)
{
	if (offset / width != REG_LSR)
		return 0;
	return uart_hw(uart)->faults.uart_dead ? 0 : LSR_THRE;
}

void arch_uart_write(const struct uart *uart, unsigned int offset, unsigned int width, u32 value)
{
	struct hosted_machine *hw = uart_hw(uart);
	unsigned int reg = offset / width;

	if (reg == REG_LCR)
		hw->uart_lcr = (u8)value;
	else if (hw->uart_lcr & LCR_DLAB && (reg == REG_DATA || reg == REG_IER))
		hw->uart_divider[reg] = (u8)value;
	else if (reg == REG_DATA && !hw->setup.no_text)
		add_text(hw, (char)value);
	hw->counters.uart_divider = hw->uart_divider[0] | (unsigned int)hw->uart_divider[1] << 8;
}

char *hosted_take_text(struct hosted_machine *hw)
{
	char *text;

	pthread_mutex_lock(&hw->lock);
	text = hw->text ? hw->text : calloc(1, 1);
	if (hw->text)
		text[hw->text_size] = '\0';
	hw->text = NULL;
	hw->text_size = 0;
	hw->text_room = 0;
	pthread_mutex_unlock(&hw->lock);
	return text;
}
