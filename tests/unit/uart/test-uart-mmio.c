// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* mmio.c: accesses of each width, and the table of the drivers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <hypervisor/uart.h>
#include <hypervisor/arch/uart-io.h>

static void test_reads(void **state)
{
	static u32 registers[2] = {0x44332211, 0x88776655};
	const struct uart uart = {.base = registers};

	(void)state;
	assert_int_equal(arch_uart_read(&uart, 1, 1), 0x22);
	assert_int_equal(arch_uart_read(&uart, 6, 2), 0x8877);
	assert_int_equal(arch_uart_read(&uart, 4, 4), 0x88776655);
}

static void test_writes_touch_no_neighbour(void **state)
{
	static u32 registers[3];
	const struct uart uart = {.base = registers};

	(void)state;
	arch_uart_write(&uart, 1, 1, 0xfffffff1);
	arch_uart_write(&uart, 6, 2, 0xfffffff2);
	arch_uart_write(&uart, 8, 4, 0xfffffff3);
	assert_int_equal(registers[0], 0xf100);
	assert_int_equal(registers[1], 0xfff20000);
	assert_int_equal(registers[2], 0xfffffff3);
}

/* A configuration that says PIO: nothing to be seen, but nobody stumbles. */
static void test_without_memory_nothing_is_touched(void **state)
{
	const struct uart uart = {.base = NULL};

	(void)state;
	arch_uart_write(&uart, 0, 4, 1);
	assert_int_equal(arch_uart_read(&uart, 0, 4), 0);
}

static void test_each_type_has_one_driver(void **state)
{
	unsigned int seen[JAILHOUSE_CON_TYPE_SCIF + 1] = {0};

	(void)state;
	for (unsigned int n = 0; uart_drivers[n]; n++) {
		assert_true(uart_drivers[n]->type <= JAILHOUSE_CON_TYPE_SCIF);
		seen[uart_drivers[n]->type]++;
	}
	for (unsigned int type = JAILHOUSE_CON_TYPE_8250; type <= JAILHOUSE_CON_TYPE_SCIF; type++)
		assert_int_equal(seen[type], 1);
	assert_int_equal(seen[JAILHOUSE_CON_TYPE_NONE] + seen[JAILHOUSE_CON_TYPE_EFIFB], 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_writes_touch_no_neighbour),
		cmocka_unit_test(test_without_memory_nothing_is_touched),
		cmocka_unit_test(test_each_type_has_one_driver),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
