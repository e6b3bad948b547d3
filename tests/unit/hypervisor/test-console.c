// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <limits.h>
#include <pthread.h>
#include "testbed.h"
#include <hypervisor/arch/cpu.h>

/* ---- formats, by what arrives in the ring ---- */

static struct machine quiet; /* no UART */
static struct jailhouse_virt_console ring;

static const char *printed(void)
{
	static char text[JAILHOUSE_CONSOLE_RING_SIZE + 1];
	u32 size = MIN(ring.tail, JAILHOUSE_CONSOLE_RING_SIZE);

	for (u32 n = 0; n < size; n++)
		text[n] = ring.content[(ring.tail - size + n) % JAILHOUSE_CONSOLE_RING_SIZE];
	text[size] = '\0';
	return text;
}

static void reset_ring(void)
{
	memset(&quiet, 0, sizeof(quiet));
	memset(&ring, 0, sizeof(ring));
	quiet.console.ring = &ring;
	quiet.tsc_khz = 1000000;
}

#define expect(text, ...)                            \
	do {                                         \
		reset_ring();                        \
		printk(&quiet, __VA_ARGS__);         \
		assert_string_equal(printed(), text); \
		assert_int_equal(ring.busy, 0);      \
	} while (0)

static void test_formats(void **state)
{
	(void)state;
	expect("", "%s", "");
	expect("plain 100%\n", "plain 100%%\n");
	expect("<x>", "<%c>", 'x');
	expect("0", "%d", 0);
	expect("-1 2147483647 -2147483648", "%d %d %d", -1, INT_MAX, INT_MIN);
	expect("4294967295", "%u", UINT_MAX);
	expect("deadbeef 0", "%x %x", 0xdeadbeefU, 0U);
	expect("-9223372036854775808", "%lld", LLONG_MIN);
	expect("9223372036854775807", "%ld", LONG_MAX);
	expect("18446744073709551615 ffffffffffffffff", "%llu %lx", ULLONG_MAX, ULONG_MAX);
	expect("cell \"one\"", "cell \"%s\"", "one");
	expect("0x00000000deadbeef", "%p", (void *)0xdeadbeefUL);
	expect("0xffffffffffffffff", "%p", (void *)~0UL);
}

static void test_widths(void **state)
{
	(void)state;
	expect("[    7][00007][7]", "[%5d][%05d][%1d]", 7, 7, 7);
	expect("[   -7][-0007][-7]", "[%5d][%05d][%1d]", -7, -7, -7);
	expect("[123456]", "[%3u]", 123456U);
	expect("[00ab][  ab]", "[%04x][%4x]", 0xabU, 0xabU);
	expect("[00000000000000ab]", "[%016llx]", 0xabULL);
	expect("[ab   ][abcdef]", "[%5s][%3s]", "ab", "abcdef");
	expect("[                   1]", "[%20d]", 1);
}

/* Wrong formats print something and read no argument. */
static void test_unknown_conversions(void **state)
{
	const char *unknown = "%y %", *number = "%5";

	(void)state;
	reset_ring();
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-security"
	printk(&quiet, unknown);
	assert_string_equal(printed(), "y ");
	reset_ring();
	printk(&quiet, number);
#pragma GCC diagnostic pop
	assert_string_equal(printed(), "");
}

static void test_ring_wraps(void **state)
{
	(void)state;
	reset_ring();
	for (unsigned int n = 0; n < 1000; n++)
		printk(&quiet, "%04u\n", n);
	assert_int_equal(ring.tail, 5000);
	assert_memory_equal(printed() + JAILHOUSE_CONSOLE_RING_SIZE - 10, "0998\n0999\n", 10);
	assert_int_equal(ring.content[4999 % JAILHOUSE_CONSOLE_RING_SIZE], '\n');
	/* The count goes on over its own end. */
	ring.tail = ~0U;
	printk(&quiet, "ab");
	assert_int_equal(ring.tail, 1);
	assert_int_equal(ring.content[JAILHOUSE_CONSOLE_RING_SIZE - 1], 'a');
	assert_int_equal(ring.content[0], 'b');
}

/* ---- UARTs ---- */

static bool busy_seen;

static void probe_write(struct uart *uart, char c)
{
	(void)uart;
	(void)c;
	/* The reader has to know that the text is not complete. */
	busy_seen = ring.busy;
}

static bool probe_ready(struct uart *uart)
{
	(void)uart;
	return true;
}

static void test_ring_is_marked_while_written(void **state)
{
	static const struct uart_driver probe = { .ready = probe_ready, .write = probe_write };

	(void)state;
	reset_ring();
	quiet.console.uart.driver = &probe;
	busy_seen = false;
	printk(&quiet, "x");
	assert_true(busy_seen);
	assert_int_equal(ring.busy, 0);
}

static void test_line_ends_for_terminals(void **state)
{
	struct testbed *tb = *state;
	char *text;

	testbed_start(tb);
	free(hosted_take_text(tb->hw));
	printk(tb->m, "one\ntwo\n");
	text = hosted_take_text(tb->hw);
	assert_string_equal(text, "one\r\ntwo\r\n");
	free(text);
	assert_memory_equal(&tb->m->console.ring->content[(tb->m->console.ring->tail - 8) %
							  JAILHOUSE_CONSOLE_RING_SIZE],
			    "one\ntwo\n", 8);
}

static void test_divider_is_programmed(void **state)
{
	struct testbed *tb = *state;
	char *text;

	tb->root.system.debug_console.divider = 0x1234;
	testbed_start(tb);
	assert_int_equal(hosted_counters(tb->hw)->uart_divider, 0x1234);
	text = hosted_take_text(tb->hw);
	assert_non_null(strstr(text, "Activating hypervisor\r\n"));
	free(text);
}

static void test_uart_is_left_as_it_is(void **state)
{
	struct testbed *tb = *state;

	testbed_start(tb);
	assert_int_equal(hosted_counters(tb->hw)->uart_divider, 0);
}

static void expect_no_uart(struct testbed *tb)
{
	char *text;

	testbed_start(tb);
	assert_null(tb->m->console.uart.driver);
	text = hosted_take_text(tb->hw);
	assert_string_equal(text, "");
	free(text);
	assert_true(tb->m->console.ring->tail > 100);
}

static void test_unknown_uart(void **state)
{
	struct testbed *tb = *state;

	tb->root.system.debug_console.type = JAILHOUSE_CON_TYPE_MVEBU;
	expect_no_uart(tb);
}

static void test_no_uart(void **state)
{
	struct testbed *tb = *state;

	tb->root.system.debug_console.type = JAILHOUSE_CON_TYPE_NONE;
	tb->root.system.debug_console.flags = JAILHOUSE_CON_ACCESS_MMIO;
	expect_no_uart(tb);
	assert_int_equal(hosted_counters(tb->hw)->mapped_devices, 0);
}

static void test_uart_in_memory_is_mapped(void **state)
{
	struct testbed *tb = *state;

	tb->root.system.debug_console.flags = JAILHOUSE_CON_ACCESS_MMIO;
	tb->root.system.debug_console.address = DEVICE_PAGE;
	testbed_start(tb);
	assert_int_equal(hosted_counters(tb->hw)->mapped_devices, 1);
	assert_ptr_equal(tb->m->console.uart.base, tb->registers);
	assert_printed(tb, "Activating hypervisor\n");
}

static void test_dead_uart_costs_one_timeout(void **state)
{
	struct testbed *tb = *state;
	u64 before;
	char *text;

	tb->setup.tsc_khz = 1000000;
	testbed_start(tb);
	hosted_faults(tb->hw)->uart_dead = true;
	free(hosted_take_text(tb->hw));
	before = arch_time();
	printk(tb->m, "%1000s\n", "");
	printk(tb->m, "%1000s\n", "");
	/* 10 ms for one character, and not for 2000; wide enough for a busy host. */
	assert_true(arch_time() - before < 5000000000ULL);
	assert_true(tb->m->console.uart.dead);
	hosted_faults(tb->hw)->uart_dead = false;
	printk(tb->m, "end\n");
	text = hosted_take_text(tb->hw);
	assert_string_equal(text, "");
	free(text);
	assert_memory_equal(&tb->m->console.ring->content[(tb->m->console.ring->tail - 4) %
							  JAILHOUSE_CONSOLE_RING_SIZE],
			    "end\n", 4);
}

/* ---- limits ---- */

static void test_rate_limit(void **state)
{
	struct rate_limit limit;
	unsigned int allowed = 0;

	(void)state;
	reset_ring();
	rate_limit_init(&limit, 5, 10);
	for (unsigned int n = 0; n < 20; n++)
		allowed += rate_limit_allows(&quiet, &limit);
	assert_int_equal(allowed, 5);
	hosted_skip_time(100000000); /* 0.1 s: one more */
	allowed = 0;
	for (unsigned int n = 0; n < 20; n++)
		allowed += rate_limit_allows(&quiet, &limit);
	assert_int_equal(allowed, 1);
	hosted_skip_time(1000000000000ULL); /* long silence does not add up */
	allowed = 0;
	for (unsigned int n = 0; n < 20; n++)
		allowed += rate_limit_allows(&quiet, &limit);
	assert_int_equal(allowed, 5);
}

struct hammer {
	struct rate_limit limit;
	unsigned int allowed;
};

static void *hammer_limit(void *arg)
{
	struct hammer *hammer = arg;

	for (unsigned int n = 0; n < 300000; n++)
		if (rate_limit_allows(&quiet, &hammer->limit))
			__atomic_fetch_add(&hammer->allowed, 1, __ATOMIC_RELAXED);
	return NULL;
}

/* CPUs of one cell that race for the last token must not get four billion. */
static void test_rate_limit_of_several_cpus(void **state)
{
	pthread_t threads[4];
	struct hammer hammer = { .allowed = 0 };

	(void)state;
	reset_ring();
	/* One token a millisecond, so that the race for it is run often. */
	rate_limit_init(&hammer.limit, 1, 1000);
	for (unsigned int n = 0; n < 4; n++)
		assert_int_equal(pthread_create(&threads[n], NULL, hammer_limit, &hammer), 0);
	for (unsigned int n = 0; n < 4; n++)
		pthread_join(threads[n], NULL);
	assert_true(hammer.limit.tokens <= 1);
	assert_true(hammer.allowed < 300000);
}

static void guest_lines(struct hosted_cpu *cpu, void *arg)
{
	struct testbed *tb = arg;

	for (unsigned int n = 0; n < 200; n++)
		guest_printk(machine_cpu(tb->m, vm_cpu_id(cpu)), "line %u\n", n);
}

static void test_lines_that_guests_provoke(void **state)
{
	struct testbed *tb = *state;
	char *text;

	testbed_start(tb);
	free(hosted_take_text(tb->hw));
	assert_true(hosted_run(tb->hw, 0, guest_lines, tb));
	text = hosted_take_text(tb->hw);
	assert_non_null(strstr(text, "line 63\r\n"));
	assert_null(strstr(text, "line 199\r\n"));
	free(text);
	assert_true(tb->m->info->suppressed_lines >= 100);
}

/* ---- panic ---- */

static void test_only_the_panicking_cpu_is_heard(void **state)
{
	struct testbed *tb = *state;
	struct percpu *one, *two;
	char *text;

	testbed_start(tb);
	one = machine_cpu(tb->m, 1);
	two = machine_cpu(tb->m, 2);
	free(hosted_take_text(tb->hw));
	console_panic_begin(one);
	console_panic_begin(two);
	cpu_printk(two, "no\n");
	printk(tb->m, "no\n");
	console_putc(tb->m, two, 'n');
	cpu_printk(one, "yes\n");
	console_panic_end(two);
	cpu_printk(two, "no\n");
	cpu_printk(one, "yes\n");
	console_panic_end(one);
	cpu_printk(two, "again\n");
	text = hosted_take_text(tb->hw);
	assert_string_equal(text, "yes\r\nyes\r\nagain\r\n");
	free(text);
}

/* Another CPU is in the middle of a line when one begins and ends its report. */
static struct percpu *reporting;

static void report_write(struct uart *uart, char c)
{
	struct percpu *cpu = reporting;

	(void)uart;
	(void)c;
	reporting = NULL;
	if (!cpu)
		return;
	console_panic_begin(cpu);
	cpu_printk(cpu, "report\n");
	console_panic_end(cpu);
}

static void test_report_in_the_middle_of_a_line(void **state)
{
	static const struct uart_driver driver = { .ready = probe_ready, .write = report_write };
	struct percpu cpu = { .machine = &quiet };

	(void)state;
	reset_ring();
	quiet.console.uart.driver = &driver;
	reporting = &cpu;
	printk(&quiet, "line\n");
	/* The lock is free again, once. */
	assert_int_equal(quiet.console.lock.next, quiet.console.lock.owner);
	printk(&quiet, "next\n");
	assert_non_null(strstr(printed(), "report\n"));
	assert_non_null(strstr(printed(), "next\n"));
}

static void dying_write(struct uart *uart, char c)
{
	struct percpu *cpu = reporting;

	(void)uart;
	(void)c;
	reporting = NULL;
	if (!cpu)
		return;
	/* An exception in printk itself: the CPU that holds the lock never comes back. */
	console_panic_begin(cpu);
	cpu_printk(cpu, "dying\n");
	console_panic_end(cpu);
	console_abandon(cpu);
	pthread_exit(NULL);
}

static void *die_in_printk(void *arg)
{
	(void)arg;
	printk(&quiet, "line\n");
	return NULL;
}

static void test_lock_of_a_dead_cpu_is_broken(void **state)
{
	static const struct uart_driver driver = { .ready = probe_ready, .write = dying_write };
	struct percpu cpu = { .machine = &quiet };
	pthread_t thread;

	(void)state;
	reset_ring();
	quiet.tsc_khz = 10000; /* hurry up */
	quiet.console.uart.driver = &driver;
	reporting = &cpu;
	assert_int_equal(pthread_create(&thread, NULL, die_in_printk, NULL), 0);
	pthread_join(thread, NULL);
	printk(&quiet, "alive\n");
	assert_non_null(strstr(printed(), "dying\n"));
	assert_non_null(strstr(printed(), "alive\n"));
	assert_int_equal(quiet.console.lock.next, quiet.console.lock.owner);
}

int main(void)
{
#define TEST(name) cmocka_unit_test(test_##name)
#define MACHINE_TEST(name) cmocka_unit_test_setup_teardown(test_##name, testbed_setup, testbed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(formats),
		TEST(widths),
		TEST(unknown_conversions),
		TEST(ring_wraps),
		TEST(ring_is_marked_while_written),
		MACHINE_TEST(line_ends_for_terminals),
		MACHINE_TEST(divider_is_programmed),
		MACHINE_TEST(uart_is_left_as_it_is),
		MACHINE_TEST(unknown_uart),
		MACHINE_TEST(no_uart),
		MACHINE_TEST(uart_in_memory_is_mapped),
		MACHINE_TEST(dead_uart_costs_one_timeout),
		TEST(rate_limit),
		TEST(rate_limit_of_several_cpus),
		MACHINE_TEST(lines_that_guests_provoke),
		MACHINE_TEST(only_the_panicking_cpu_is_heard),
		TEST(report_in_the_middle_of_a_line),
		TEST(lock_of_a_dead_cpu_is_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
