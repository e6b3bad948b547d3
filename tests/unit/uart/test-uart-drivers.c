// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Each UART driver on a model of its registers: every access must hit a register in its width, no text may be lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <hypervisor/uart.h>
#include <hypervisor/arch/uart-io.h>

#define FIFO_SIZE 4
#define NO_REG	  0xffff

struct reg {
	unsigned int offset, width;
};

/* What is known about a kind of UART. Status bits show that there is room if set, or that there is none. */
struct kind {
	const char *name;
	const struct uart_driver *driver;
	u16 type, flags;
	struct reg regs[8]; /* all that may be touched */
	unsigned int data, status;
	u32 room_bits, full_bits, idle_bits;
	bool sticky;	       /* status bits are cleared by hand */
	unsigned int enable; /* register that has to have bit 0 set, or NO_REG */
	u32 divider;
	const char *setup;   /* the writes that set the divider */
};

static struct model {
	const struct kind *kind;
	struct jailhouse_console config;
	struct uart uart;
	u32 values[0x100];
	unsigned int in_fifo, busy_reads;
	char text[256], log[512];
} model;

static u32 *value_of(unsigned int offset)
{
	assert_true(offset < sizeof(model.values) / sizeof(model.values[0]));
	return &model.values[offset];
}

static void check_reg(unsigned int offset, unsigned int width)
{
	const struct reg *reg = model.kind->regs;

	while (reg->width && reg->offset != offset)
		reg++;
	if (reg->width != width)
		fail_msg("%s: access of %u bytes to 0x%x", model.kind->name, width, offset);
}

static void update_status(void)
{
	const struct kind *kind = model.kind;
	u32 *status = value_of(kind->status);

	if (!kind->sticky)
		*status &= ~(kind->room_bits | kind->full_bits | kind->idle_bits);
	if (model.in_fifo < FIFO_SIZE)
		*status |= kind->room_bits;
	else
		*status |= kind->full_bits;
	if (model.in_fifo == 0)
		*status |= kind->idle_bits;
}

static void send_one(void)
{
	assert_true(model.in_fifo > 0);
	model.in_fifo--;
	update_status();
}

u32 arch_uart_read(const struct uart *uart, unsigned int offset, unsigned int width)
{
	assert_ptr_equal(uart, &model.uart);
	check_reg(offset, width);
	if (model.busy_reads && --model.busy_reads == 0)
		send_one();
	return *value_of(offset);
}

static void take_char(u32 value)
{
	size_t len = strlen(model.text);

	if (model.in_fifo >= FIFO_SIZE)
		fail_msg("%s: overrun", model.kind->name);
	if (model.kind->enable != NO_REG && !(*value_of(model.kind->enable) & 1))
		fail_msg("%s: write to a UART that is off", model.kind->name);
	assert_true(value <= 0xff && len + 1 < sizeof(model.text));
	model.text[len] = (char)value;
	model.in_fifo++;
	update_status();
}

/* The 8250 has its divider where the data register is, too. */
static bool divider_is_open(unsigned int width)
{
	return model.kind->type == JAILHOUSE_CON_TYPE_8250 && *value_of(3 * width) & 0x80;
}

void arch_uart_write(const struct uart *uart, unsigned int offset, unsigned int width, u32 value)
{
	size_t len = strlen(model.log);

	assert_ptr_equal(uart, &model.uart);
	check_reg(offset, width);
	snprintf(model.log + len, sizeof(model.log) - len, "%x=%x ", offset, value);
	if (offset == model.kind->data && !divider_is_open(width)) {
		take_char(value);
	} else if (offset == model.kind->status) {
		/* Bits can be cleared only; the hardware sets them again where it has reason to. */
		*value_of(offset) &= value;
		update_status();
	} else {
		*value_of(offset) = value;
	}
}

static void power_on(const struct kind *kind)
{
	memset(&model, 0, sizeof(model));
	model.kind = kind;
	model.config.type = kind->type;
	model.config.flags = kind->flags;
	model.uart.config = &model.config;
	model.uart.driver = kind->driver;
	if (kind->flags & JAILHOUSE_CON_ACCESS_MMIO)
		model.uart.base = &model;
	if (kind->enable != NO_REG)
		*value_of(kind->enable) = 1;
	update_status();
}

/* As the console does it; the line sends a character when the driver has to wait. Returns how often it waited. */
static unsigned int print(const char *text)
{
	unsigned int waits = 0;

	for (; *text; text++) {
		while (!model.kind->driver->ready(&model.uart)) {
			send_one();
			waits++;
		}
		model.kind->driver->write(&model.uart, *text);
	}
	return waits;
}

static void test_type(void **state)
{
	const struct kind *kind = *state;

	assert_int_equal(kind->driver->type, kind->type);
}

static void test_text_is_sent(void **state)
{
	const char *text = "What is longer than the FIFO has to wait.\r\n\xff";

	power_on(*state);
	assert_true(print(text) >= strlen(text) - FIFO_SIZE);
	assert_string_equal(model.text, text);
}

static void test_full_fifo_is_not_ready(void **state)
{
	unsigned int n;

	power_on(*state);
	assert_true(model.kind->driver->ready(&model.uart));
	for (n = 0; n < FIFO_SIZE && model.kind->driver->ready(&model.uart); n++)
		model.kind->driver->write(&model.uart, 'x');
	assert_true(n > 0);
	assert_false(model.kind->driver->ready(&model.uart));
	while (model.in_fifo)
		send_one();
	assert_true(model.kind->driver->ready(&model.uart));
}

static void test_setup(void **state)
{
	power_on(*state);
	model.config.divider = model.kind->divider;
	if (!model.kind->setup) {
		assert_null(model.kind->driver->init);
		return;
	}
	model.kind->driver->init(&model.uart);
	assert_string_equal(model.log, model.kind->setup);
	print("up");
	assert_string_equal(model.text, "up");
}

static const struct kind kinds[] = {
	{
		.name = "8250_behind_ports", .driver = &uart_8250, .type = JAILHOUSE_CON_TYPE_8250,
		/* The distance counts in memory only. */
		.flags = JAILHOUSE_CON_ACCESS_PIO | JAILHOUSE_CON_REGDIST_4,
		.regs = {{0, 1}, {1, 1}, {3, 1}, {5, 1}}, .data = 0, .status = 5, .room_bits = 0x20,
		.enable = NO_REG, .divider = 0x1234, .setup = "3=80 0=34 1=12 3=3 ",
	},
	{
		.name = "8250_in_memory", .driver = &uart_8250, .type = JAILHOUSE_CON_TYPE_8250,
		.flags = JAILHOUSE_CON_ACCESS_MMIO | JAILHOUSE_CON_REGDIST_1,
		.regs = {{0, 1}, {1, 1}, {3, 1}, {5, 1}}, .data = 0, .status = 5, .room_bits = 0x20,
		.enable = NO_REG, .divider = 13, .setup = "3=80 0=d 1=0 3=3 ",
	},
	{
		.name = "8250_with_wide_registers", .driver = &uart_8250, .type = JAILHOUSE_CON_TYPE_8250,
		.flags = JAILHOUSE_CON_ACCESS_MMIO | JAILHOUSE_CON_REGDIST_4,
		.regs = {{0, 4}, {4, 4}, {0xc, 4}, {0x14, 4}}, .data = 0, .status = 0x14, .room_bits = 0x20,
		.enable = NO_REG, .divider = 13, .setup = "c=80 0=d 4=0 c=3 ",
	},
	{
		.name = "PL011", .driver = &uart_pl011, .type = JAILHOUSE_CON_TYPE_PL011,
		.flags = JAILHOUSE_CON_ACCESS_MMIO,
		.regs = {{0, 4}, {0x18, 4}, {0x24, 4}, {0x2c, 4}, {0x30, 4}}, .data = 0, .status = 0x18,
		.full_bits = 0x20, .enable = NO_REG, .divider = 0x27, .setup = "30=0 24=27 2c=60 30=3101 ",
	},
	{
		.name = "XUARTPS", .driver = &uart_xuartps, .type = JAILHOUSE_CON_TYPE_XUARTPS,
		.flags = JAILHOUSE_CON_ACCESS_MMIO, .regs = {{0x2c, 4}, {0x30, 4}}, .data = 0x30, .status = 0x2c,
		.idle_bits = 8, .enable = NO_REG,
	},
	{
		.name = "MVEBU", .driver = &uart_mvebu, .type = JAILHOUSE_CON_TYPE_MVEBU,
		.flags = JAILHOUSE_CON_ACCESS_MMIO, .regs = {{4, 4}, {0xc, 4}}, .data = 4, .status = 0xc,
		.full_bits = 0x800, .enable = NO_REG,
	},
	{
		.name = "IMX", .driver = &uart_imx, .type = JAILHOUSE_CON_TYPE_IMX, .flags = JAILHOUSE_CON_ACCESS_MMIO,
		.regs = {{0x40, 4}, {0x80, 4}, {0xb4, 4}}, .data = 0x40, .status = 0xb4, .idle_bits = 0x40,
		.enable = 0x80,
	},
	{
		.name = "IMX_LPUART", .driver = &uart_imx_lpuart, .type = JAILHOUSE_CON_TYPE_IMX_LPUART,
		.flags = JAILHOUSE_CON_ACCESS_MMIO, .regs = {{0x14, 4}, {0x1c, 4}}, .data = 0x1c, .status = 0x14,
		.room_bits = 0x800000, .enable = NO_REG,
	},
	{
		.name = "SCIF", .driver = &uart_scif, .type = JAILHOUSE_CON_TYPE_SCIF,
		.flags = JAILHOUSE_CON_ACCESS_MMIO,
		.regs = {{0xc, 1}, {0x10, 2}}, .data = 0xc, .status = 0x10, .room_bits = 0x20, .idle_bits = 0x40,
		.sticky = true, .enable = NO_REG,
	},
	{
		.name = "SCIFA", .driver = &uart_scifa, .type = JAILHOUSE_CON_TYPE_SCIFA,
		.flags = JAILHOUSE_CON_ACCESS_MMIO,
		.regs = {{4, 1}, {8, 2}, {0x14, 2}, {0x18, 2}, {0x20, 1}}, .data = 0x20, .status = 0x14,
		.room_bits = 0x20, .idle_bits = 0x40, .sticky = true, .enable = NO_REG,
		.divider = 0x22, .setup = "8=0 4=22 18=0 8=20 ",
	},
	{
		.name = "HSCIF", .driver = &uart_hscif, .type = JAILHOUSE_CON_TYPE_HSCIF,
		.flags = JAILHOUSE_CON_ACCESS_MMIO,
		.regs = {{4, 1}, {8, 2}, {0xc, 1}, {0x10, 2}, {0x58, 2}}, .data = 0xc, .status = 0x10,
		.room_bits = 0x20, .idle_bits = 0x40, .sticky = true, .enable = NO_REG,
		.divider = 0x19, .setup = "8=0 4=19 58=40 8=20 ",
	},
};

static const struct kind *kind_of(const struct uart_driver *driver)
{
	const struct kind *kind = kinds;

	while (kind->driver != driver)
		kind++;
	return kind;
}

#define PL011_BUSY 0x8

static void test_pl011_waits_for_an_idle_line(void **state)
{
	(void)state;
	power_on(kind_of(&uart_pl011));
	*value_of(0x18) |= PL011_BUSY;
	assert_false(uart_pl011.ready(&model.uart));
}

static void pl011_set_idle(const struct kind *idle)
{
	static struct kind busy;

	busy = *idle;
	busy.full_bits |= PL011_BUSY;
	power_on(&busy);
}

static void test_pl011_setup_waits_for_the_last_character(void **state)
{
	(void)state;
	pl011_set_idle(kind_of(&uart_pl011));
	model.in_fifo = FIFO_SIZE;
	update_status();
	model.busy_reads = 10;
	model.config.divider = 1;
	uart_pl011.init(&model.uart);
	assert_int_equal(model.busy_reads, 0);
	assert_string_equal(model.log, "30=0 24=1 2c=60 30=3101 ");
}

static void test_pl011_setup_ends_if_the_line_is_stuck(void **state)
{
	(void)state;
	pl011_set_idle(kind_of(&uart_pl011));
	model.in_fifo = FIFO_SIZE;
	update_status();
	model.config.divider = 1;
	uart_pl011.init(&model.uart);
	assert_string_equal(model.log, "30=0 24=1 2c=60 30=3101 ");
}

static void test_imx_that_is_off_is_not_written(void **state)
{
	(void)state;
	power_on(kind_of(&uart_imx));
	*value_of(0x80) = 0;
	print("lost");
	assert_string_equal(model.text, "");
}

static void test_setup_of_renesas_keeps_other_control_bits(void **state)
{
	(void)state;
	power_on(kind_of(&uart_scifa));
	*value_of(8) = 0xf2;
	model.config.divider = 5;
	uart_scifa.init(&model.uart);
	assert_string_equal(model.log, "8=c2 4=5 18=0 8=e2 ");
}

static void test_renesas_clears_no_other_status(void **state)
{
	(void)state;
	power_on(kind_of(&uart_hscif));
	*value_of(0x10) |= 0x83;
	print("x");
	assert_int_equal(*value_of(0x10) & 0x83, 0x83);
}

#define PER_KIND  4
#define NUM_KINDS (sizeof(kinds) / sizeof(kinds[0]))

int main(void)
{
	static const struct CMUnitTest each[PER_KIND] = {
		{.name = "type", .test_func = test_type},
		{.name = "text_is_sent", .test_func = test_text_is_sent},
		{.name = "full_fifo_is_not_ready", .test_func = test_full_fifo_is_not_ready},
		{.name = "setup", .test_func = test_setup},
	};
	static const struct CMUnitTest special[] = {
		cmocka_unit_test(test_pl011_waits_for_an_idle_line),
		cmocka_unit_test(test_pl011_setup_waits_for_the_last_character),
		cmocka_unit_test(test_pl011_setup_ends_if_the_line_is_stuck),
		cmocka_unit_test(test_imx_that_is_off_is_not_written),
		cmocka_unit_test(test_setup_of_renesas_keeps_other_control_bits),
		cmocka_unit_test(test_renesas_clears_no_other_status),
	};
	static struct CMUnitTest tests[NUM_KINDS * PER_KIND];
	static char names[NUM_KINDS * PER_KIND][64];

	for (unsigned int n = 0; n < NUM_KINDS * PER_KIND; n++) {
		tests[n] = each[n % PER_KIND];
		snprintf(names[n], sizeof(names[n]), "%s_%s", kinds[n / PER_KIND].name, tests[n].name);
		tests[n].name = names[n];
		tests[n].initial_state = (void *)&kinds[n / PER_KIND];
	}
	return cmocka_run_group_tests(tests, NULL, NULL) + cmocka_run_group_tests(special, NULL, NULL);
}
