/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Choice of the consoles: a UART, the hypervisor's virtual console, both or none. The command line
 * goes before what the communication region says.
 */
#include <inmate.h>
#include <uart.h>

/* How often the UART must look idle in a row before the first character, see idle_wait(). */
#define IDLE_POLLS 100

/* Polls before a UART counts as dead, so that no inmate hangs on a gated clock. */
#define MAX_POLLS 1000000

static const struct uart_driver *driver;
static struct uart uart;
static bool virtual_console;
static bool initialized;
static bool lock_broken;
static volatile u32 lock;

static bool wait_ready(void)
{
	unsigned int n;

	for (n = 0; n < MAX_POLLS; n++) {
		if (driver->ready(&uart))
			return true;
		cpu_relax();
	}
	driver = NULL;
	return false;
}

/*
 * Without a divider the UART may still be in use by the hypervisor: let its text drain before ours
 * starts.
 */
static void idle_wait(void)
{
	unsigned int n;

	for (n = 0; n < IDLE_POLLS; n++)
		if (!wait_ready())
			return;
}

static void choose_uart(void)
{
	const struct jailhouse_console *console = &comm_region->console;
	const struct uart_driver *const *candidate;
	char name[32];

	cmdline_parse_str("con-type", name, sizeof(name), "");
	for (candidate = arch_uarts; *candidate; candidate++)
		if (name[0] ? strcmp(name, (*candidate)->name) == 0
			    : (*candidate)->type == console->type)
			break;
	if (!*candidate)
		return;

	uart.base = cmdline_parse_int("con-base", console->address);
	uart.divider = cmdline_parse_int("con-divider", console->divider);
	uart.flags = console->flags;
	arch_uart_prepare(&uart);

	driver = *candidate;
	if (uart.divider && driver->init)
		driver->init(&uart);
	else if (!uart.divider)
		idle_wait();
}

static void console_init(void)
{
	u32 flags = comm_region->flags;

	initialized = true;
	if (flags & JAILHOUSE_COMM_FLAG_DBG_PUTC_PERMITTED)
		virtual_console = cmdline_parse_bool(
			"con-virtual", !!(flags & JAILHOUSE_COMM_FLAG_DBG_PUTC_ACTIVE));
	choose_uart();
}

static void put_raw(char c)
{
	if (driver && wait_ready())
		driver->write(&uart, c);
	if (virtual_console)
		jailhouse_call_arg1(JAILHOUSE_HC_DEBUG_CONSOLE_PUTC, (u8)c);
}

void console_putc(char c)
{
	if (c == '\n')
		put_raw('\r');
	put_raw(c);
}

/* Interrupts are off while the lock is held: a handler that prints would wait for itself. */
unsigned long console_lock(void)
{
	unsigned long cookie = arch_irq_save();

	if (!lock_broken)
		while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
			cpu_relax();
	if (!initialized)
		console_init();
	return cookie;
}

void console_unlock(unsigned long cookie)
{
	__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
	arch_irq_restore(cookie);
}

void console_break_lock(void)
{
	lock_broken = true;
}
