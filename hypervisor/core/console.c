// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdarg.h>
#include <hypervisor/arch/cpu.h>

/* A character that the UART does not take within this time ends its use: no clock, no device, or no flow. */
#define UART_TIMEOUT_MS 10
/* Longest time for which anybody alive keeps the lock. */
#define LINE_TIMEOUT_MS 2000

/* What console_enter() found: the ticket of the lock, or one of these. */
#define CONSOLE_SILENT -1 /* another CPU reports a panic */
#define CONSOLE_PANIC  -2 /* this one does, without the lock */

void rate_limit_init(struct rate_limit *limit, u32 burst, u32 per_second)
{
	limit->last = arch_time();
	limit->tokens = burst;
	limit->burst = burst;
	limit->per_second = per_second;
}

bool rate_limit_allows(const struct machine *m, struct rate_limit *limit)
{
	u32 tokens = __atomic_load_n(&limit->tokens, __ATOMIC_RELAXED);
	u64 now, gained;

	/* Several CPUs of a cell may race here: a token more or less does no harm, but none may go below zero. */
	if (tokens == 0) {
		now = arch_time();
		gained = (now - __atomic_load_n(&limit->last, __ATOMIC_RELAXED)) / m->tsc_khz * limit->per_second /
			 1000;
		if (gained == 0)
			return false;
		tokens = (u32)MIN(gained, (u64)limit->burst);
		__atomic_store_n(&limit->last, now, __ATOMIC_RELAXED);
	}
	__atomic_store_n(&limit->tokens, tokens - 1, __ATOMIC_RELAXED);
	return true;
}

static void uart_wait_and_write(struct machine *m, struct uart *uart, char c)
{
	u64 deadline = 0;

	while (!uart->driver->ready(uart)) {
		if (deadline == 0)
			deadline = deadline_ms(m, UART_TIMEOUT_MS);
		if (deadline_passed(deadline)) {
			uart->dead = true;
			return;
		}
		arch_relax();
	}
	uart->driver->write(uart, c);
}

static void uart_putc(struct machine *m, struct uart *uart, char c)
{
	if (!uart->driver || uart->dead)
		return;
	if (c == '\n')
		uart_wait_and_write(m, uart, '\r');
	if (!uart->dead)
		uart_wait_and_write(m, uart, c);
}

void console_init(struct machine *m, const struct jailhouse_console *config, void *base)
{
	struct uart *uart = &m->console.uart;

	uart->config = config;
	uart->base = base;
	for (unsigned int n = 0; uart_drivers[n]; n++)
		if (uart_drivers[n]->type == config->type)
			uart->driver = uart_drivers[n];
	if (uart->driver && CON_IS_MMIO(config->flags) && !base)
		uart->driver = NULL;
	if (uart->driver && uart->driver->init && config->divider)
		uart->driver->init(uart);
}

static void emit(struct machine *m, char c)
{
	struct jailhouse_virt_console *ring = m->console.ring;

	ring->content[ring->tail % JAILHOUSE_CONSOLE_RING_SIZE] = c;
	__atomic_store_n(&ring->tail, ring->tail + 1, __ATOMIC_RELEASE);
	uart_putc(m, &m->console.uart, c);
}

/* While a CPU reports a panic, others are silent: the lock may be held by the one that failed. */
static int console_enter(struct console *console, const struct percpu *cpu)
{
	struct percpu *panicking = __atomic_load_n(&console->panicking, __ATOMIC_ACQUIRE);

	if (panicking)
		return panicking == cpu ? CONSOLE_PANIC : CONSOLE_SILENT;
	spin_lock(&console->lock);
	__atomic_store_n(&console->ring->busy, 1, __ATOMIC_SEQ_CST);
	return console->lock.owner;
}

/* Unlocks once for each ticket, whoever does it. */
static void console_leave(struct console *console, int ticket)
{
	u16 owner = (u16)ticket;

	if (ticket < 0)
		return;
	__atomic_store_n(&console->ring->busy, 0, __ATOMIC_RELEASE);
	__atomic_compare_exchange_n(&console->lock.owner, &owner, (u16)(owner + 1), false, __ATOMIC_RELEASE,
				    __ATOMIC_RELAXED);
}

void console_panic_begin(struct percpu *cpu)
{
	struct percpu *nobody = NULL;

	__atomic_compare_exchange_n(&cpu->machine->console.panicking, &nobody, cpu, false, __ATOMIC_ACQ_REL,
				    __ATOMIC_RELAXED);
}

void console_panic_end(struct percpu *cpu)
{
	struct percpu *me = cpu;

	__atomic_compare_exchange_n(&cpu->machine->console.panicking, &me, NULL, false, __ATOMIC_RELEASE,
				    __ATOMIC_RELAXED);
}

void console_abandon(struct percpu *cpu)
{
	struct console *console = &cpu->machine->console;
	u16 owner = __atomic_load_n(&console->lock.owner, __ATOMIC_ACQUIRE);
	u64 deadline = deadline_ms(cpu->machine, LINE_TIMEOUT_MS);

	while (__atomic_load_n(&console->lock.next, __ATOMIC_ACQUIRE) != owner &&
	       __atomic_load_n(&console->lock.owner, __ATOMIC_ACQUIRE) == owner) {
		if (deadline_passed(deadline))
			console_leave(console, owner);
		arch_relax();
	}
}

void console_putc(struct machine *m, struct percpu *cpu, char c)
{
	int ticket = console_enter(&m->console, cpu);

	if (ticket == CONSOLE_SILENT)
		return;
	emit(m, c);
	console_leave(&m->console, ticket);
}

static void emit_text(struct machine *m, const char *text, int width)
{
	for (; *text; text++, width--)
		emit(m, *text);
	for (; width > 0; width--)
		emit(m, ' ');
}

static void emit_number(struct machine *m, unsigned long long value, unsigned int base, bool negative,
			unsigned int width, char fill)
{
	char digits[24];
	unsigned int n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value > 0);

	if (negative && fill == '0')
		emit(m, '-');
	for (unsigned int len = n + negative; len < width; len++)
		emit(m, fill);
	if (negative && fill != '0')
		emit(m, '-');
	while (n > 0)
		emit(m, digits[--n]);
}

static unsigned long long number_arg(va_list *ap, unsigned int longs, bool is_signed)
{
	if (longs >= 2)
		return va_arg(*ap, unsigned long long);
	if (longs == 1)
		return is_signed ? (unsigned long long)va_arg(*ap, long) : va_arg(*ap, unsigned long);
	return is_signed ? (unsigned long long)va_arg(*ap, int) : va_arg(*ap, unsigned int);
}

/* One conversion behind '%'; returns the position behind it. */
static const char *emit_conversion(struct machine *m, const char *format, va_list *ap)
{
	unsigned int width = 0, longs = 0;
	char fill = ' ';
	long long number;

	if (*format == '0') {
		fill = '0';
		format++;
	}
	while (*format >= '0' && *format <= '9')
		width = width * 10 + (unsigned int)(*format++ - '0');
	while (*format == 'l') {
		longs++;
		format++;
	}

	switch (*format) {
	case 'c':
		emit(m, (char)va_arg(*ap, int));
		break;
	case 'd':
		number = (long long)number_arg(ap, longs, true);
		emit_number(m, number < 0 ? 0ULL - (unsigned long long)number : (unsigned long long)number, 10,
			    number < 0, width, fill);
		break;
	case 'u':
		emit_number(m, number_arg(ap, longs, false), 10, false, width, fill);
		break;
	case 'x':
		emit_number(m, number_arg(ap, longs, false), 16, false, width, fill);
		break;
	case 'p':
		emit_text(m, "0x", 0);
		emit_number(m, (unsigned long)va_arg(*ap, void *), 16, false, 2 * sizeof(void *), '0');
		break;
	case 's':
		emit_text(m, va_arg(*ap, const char *), (int)width);
		break;
	case '\0':
		return format;
	default:
		emit(m, *format);
	}
	return format + 1;
}

static void vprintk(struct machine *m, const struct percpu *cpu, const char *format, va_list *ap)
{
	int ticket = console_enter(&m->console, cpu);

	if (ticket == CONSOLE_SILENT)
		return;
	while (*format) {
		if (*format == '%')
			format = emit_conversion(m, format + 1, ap);
		else
			emit(m, *format++);
	}
	console_leave(&m->console, ticket);
}

void printk(struct machine *m, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vprintk(m, NULL, format, &ap);
	va_end(ap);
}

void guest_printk(struct percpu *cpu, const char *format, ...)
{
	va_list ap;

	if (!rate_limit_allows(cpu->machine, &cpu->cell->lines)) {
		__atomic_fetch_add(&cpu->machine->info->suppressed_lines, 1, __ATOMIC_RELAXED);
		return;
	}
	va_start(ap, format);
	vprintk(cpu->machine, cpu, format, &ap);
	va_end(ap);
}

void cpu_printk(struct percpu *cpu, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vprintk(cpu->machine, cpu, format, &ap);
	va_end(ap);
}
