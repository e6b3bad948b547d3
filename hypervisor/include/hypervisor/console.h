/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Log and debug console: ring in the console page first, then the UART, each with bounded effort. */
#ifndef HYPERVISOR_CONSOLE_H
#define HYPERVISOR_CONSOLE_H

#include <jailhouse/console.h>
#include <hypervisor/base.h>

struct machine;
struct percpu;
struct cell;

/* Allows `burst` items at once and `per_second` on average. */
struct rate_limit {
	u64 last;	/* arch_time() of the last refill */
	u32 tokens;
	u32 burst;
	u32 per_second;
};

void rate_limit_init(struct rate_limit *limit, u32 burst, u32 per_second);
bool rate_limit_allows(const struct machine *m, struct rate_limit *limit);

struct uart;

struct uart_driver {
	u16 type;	/* JAILHOUSE_CON_TYPE_... */
	/* Sets the UART up; called once, if the configuration has a divider. NULL: it is always left as it is. */
	void (*init)(struct uart *uart);
	bool (*ready)(struct uart *uart);
	void (*write)(struct uart *uart, char c);
};

struct uart {
	const struct uart_driver *driver; /* NULL: none */
	const struct jailhouse_console *config;
	void *base;	/* mapped registers, NULL for ports */
	bool dead;	/* did not become ready in time */
};

struct console {
	spinlock_t lock;
	struct jailhouse_virt_console *ring;
	struct uart uart;
	struct percpu *panicking; /* only this CPU may write */
};

/* Drivers that this build has, in a table ended by NULL (uart/). */
extern const struct uart_driver *const uart_drivers[];

/* `base`: mapped registers for an MMIO console. */
void console_init(struct machine *m, const struct jailhouse_console *config, void *base);
void console_putc(struct machine *m, struct percpu *cpu, char c);

/*
 * Formats: %c %d %u %x %s %p %% with l, ll, width and zero fill. `cpu` may be NULL before there is one.
 */
void printk(struct machine *m, const char *format, ...) __printf_like(2, 3);
/* The same for reports of one CPU, which get through while this CPU panics. */
void cpu_printk(struct percpu *cpu, const char *format, ...) __printf_like(2, 3);
/* A line that a guest provokes: dropped and counted beyond the cell's limit. */
void guest_printk(struct percpu *cpu, const char *format, ...) __printf_like(2, 3);
/* While set, only `cpu` gets through. */
void console_panic_begin(struct percpu *cpu);
void console_panic_end(struct percpu *cpu);
/* For a CPU that stops for good: it may have failed in the middle of a line, and then nobody else would unlock. */
void console_abandon(struct percpu *cpu);

#endif /* !HYPERVISOR_CONSOLE_H */
