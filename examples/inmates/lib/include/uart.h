/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* UARTs of the guest library: one driver per kind, the list of drivers belongs to the architecture.
 */
#ifndef INMATE_UART_H
#define INMATE_UART_H

#include <inmate.h>

/**
 * struct uart - the UART in use, as the driver sees it
 * @base: port number or address
 * @divider: baud rate divider, 0 to keep what is programmed
 * @flags: JAILHOUSE_CON_*
 */
struct uart {
	unsigned long base;
	u32 divider;
	u16 flags;
};

/**
 * struct uart_driver - one kind of UART
 * @name: value of the parameter con-type that selects it
 * @type: JAILHOUSE_CON_TYPE_* that selects it
 * @init: program the divider; called only if there is one. May be NULL
 * @ready: true if a character can be written
 * @write: write one character, called when ready
 */
struct uart_driver {
	const char *name;
	u16 type;
	void (*init)(const struct uart *uart);
	bool (*ready)(const struct uart *uart);
	void (*write)(const struct uart *uart, char c);
};

extern const struct uart_driver uart_8250;

/** arch_uarts - drivers of this architecture, ends with NULL */
extern const struct uart_driver *const arch_uarts[];

/** arch_uart_prepare() - let the architecture complete the choice, e.g. map registers */
void arch_uart_prepare(struct uart *uart);

/** arch_uart_read() - read a register of an 8250 */
u8 arch_uart_read(const struct uart *uart, unsigned int reg);
void arch_uart_write(const struct uart *uart, unsigned int reg, u8 value);

/** console_putc() - write one character to all consoles of the cell */
void console_putc(char c);

/**
 * console_lock() - keep other CPUs and interrupts away from the console
 *
 * Return: what console_unlock() needs
 */
unsigned long console_lock(void);
void console_unlock(unsigned long cookie);

/**
 * console_break_lock() - print without the lock from now on
 *
 * For a CPU that is about to stop and may hold the lock already.
 */
void console_break_lock(void);

#endif /* !INMATE_UART_H */
