// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* I/O ports: who reaches which, and what the hypervisor does with the others. */
#include "fake-ports.h"

static const struct jailhouse_pio root_ranges[] = {
	PIO_RANGE(0x40, 4),  PIO_RANGE(0x60, 2),     PIO_RANGE(0x64, 1),       PIO_RANGE(0x92, 1),
	PIO_RANGE(0x2f8, 8), PIO_RANGE(0x600, 0x40), PIO_RANGE(0xcf0, 0xf310),
};
static const struct jailhouse_pio cell_ranges[] = {
	PIO_RANGE(0x2f8, 8), PIO_RANGE(0x3f8, 8), PIO_RANGE(0x64, 1),
	PIO_RANGE(0x600, 4), PIO_RANGE(0, 0),
};

static const struct fake_config root_parts = {.pio = root_ranges,
					      .num_pio = ARRAY_SIZE(root_ranges)};
static const struct fake_config cell_parts = {.pio = cell_ranges,
					      .num_pio = ARRAY_SIZE(cell_ranges)};

static void start(void)
{
	assert_int_equal(fake_start_root(&pio_unit, fake_make_config("root", 0, &root_parts)), 0);
}

static void stop(void)
{
	fake_stop_root(&pio_unit);
}

static int create(const struct fake_config *parts)
{
	return fake_create(&pio_unit, CELL, fake_make_config("cell", 1, parts));
}

static bool trapped(const struct cell *cell, unsigned int port)
{
	return test_bit(port, cell->arch.io_bitmap);
}

static bool out(struct percpu *cpu, u16 port, unsigned int size, u32 value)
{
	cpu->arch.regs->r[REG_RAX] = value;
	return guest_pio(cpu, port, size, false, false);
}

/* RAX after it; 0 if the guest was stopped. */
static u64 in(struct percpu *cpu, u16 port, unsigned int size, u64 rax)
{
	cpu->arch.regs->r[REG_RAX] = rax;
	return guest_pio(cpu, port, size, true, false) ? cpu->arch.regs->r[REG_RAX] : 0;
}

static void granted_ports_are_direct(void **state)
{
	(void)state;
	start();
	assert_false(trapped(ROOT, 0x40));
	assert_false(trapped(ROOT, 0x43));
	assert_true(trapped(ROOT, 0x44));
	assert_true(trapped(ROOT, 0x3f8));
	assert_false(trapped(ROOT, 0xffff));
	/* what an access at the end of the ports wraps to */
	assert_true(trapped(ROOT, 0x10000));
	assert_true(trapped(ROOT, 0x10002));
	stop();
}

static void some_ports_trap_always(void **state)
{
	(void)state;
	start();
	assert_true(trapped(ROOT, 0x64));
	assert_true(trapped(ROOT, 0x92));
	for (unsigned int port = 0xcf8; port < 0xd00; port++)
		assert_true(trapped(ROOT, port));
	assert_false(trapped(ROOT, 0xcf7));
	assert_false(trapped(ROOT, 0xd00));
	stop();
}

static void the_timer_is_for_everybody(void **state)
{
	const struct fake_config none = {0};

	(void)state;
	start();
	assert_int_equal(create(&none), 0);
	for (unsigned int port = 0x608; port < 0x60c; port++) {
		assert_false(trapped(CELL, port));
		assert_false(trapped(ROOT, port));
	}
	assert_true(trapped(CELL, 0x607));
	assert_true(trapped(CELL, 0x60c));
	fake_destroy(&pio_unit, CELL);
	stop();
}

static void no_timer_opens_nothing(void **state)
{
	const struct fake_config none = {0};

	(void)state;
	fake.system.platform_info.x86.pm_timer_address = 0;
	start();
	assert_int_equal(create(&none), 0);
	for (unsigned int port = 0; port < 0x10000; port++)
		assert_true(trapped(CELL, port));
	fake_destroy(&pio_unit, CELL);
	stop();
}

static void ports_go_to_a_cell_and_back(void **state)
{
	static u8 before[IO_BITMAP_PAGES * PAGE_SIZE];

	(void)state;
	start();
	memcpy(before, ROOT->arch.io_bitmap, sizeof(before));
	assert_int_equal(create(&cell_parts), 0);
	assert_log("WARNING: ports 3f8-3ff are not part of the root cell\n");
	assert_false(trapped(CELL, 0x2f8));
	assert_true(trapped(ROOT, 0x2f8));
	assert_true(trapped(ROOT, 0x2ff));
	assert_false(trapped(CELL, 0x3f8));
	assert_true(trapped(ROOT, 0x600));
	assert_false(trapped(ROOT, 0x604));
	assert_true(trapped(CELL, 0x64));
	fake_destroy(&pio_unit, CELL);
	assert_memory_equal(ROOT->arch.io_bitmap, before, sizeof(before));
	assert_true(trapped(ROOT, 0x3f8));
	assert_true(trapped(ROOT, 0x64));
	stop();
}

static void a_range_over_the_timer_leaves_it_to_root(void **state)
{
	static const struct jailhouse_pio range = PIO_RANGE(0x606, 4);
	const struct fake_config parts = {.pio = &range, .num_pio = 1};

	(void)state;
	start();
	assert_int_equal(create(&parts), 0);
	assert_true(trapped(ROOT, 0x607));
	assert_false(trapped(ROOT, 0x608));
	fake_destroy(&pio_unit, CELL);
	assert_false(trapped(ROOT, 0x607));
	stop();
}

/* ---- configurations ---- */

static int check(u16 base, u16 length)
{
	const struct jailhouse_pio range = PIO_RANGE(base, length);
	const struct fake_config parts = {.pio = &range, .num_pio = 1};

	return pio_unit.cell_check(&fake.machine, fake_make_config("other", 2, &parts), false);
}

static void ranges_beyond_the_end(void **state)
{
	(void)state;
	start();
	assert_int_equal(check(0xfff0, 0x10), 0);
	assert_refused(check(0xfff0, 0x11), EINVAL, PIO_OVERFLOW);
	assert_refused(check(0xffff, 0xffff), EINVAL, PIO_OVERFLOW);
	assert_int_equal(fake.refusal.item, JAILHOUSE_ITEM_PIO_REGION);
	stop();
}

static void forbidden_ports(void **state)
{
	(void)state;
	start();
	assert_refused(check(0x90, 4), EINVAL, PIO_FORBIDDEN);
	assert_int_equal(fake.refusal.arg[0], 0x92);
	assert_refused(check(0xb3, 1), EINVAL, PIO_FORBIDDEN);
	assert_refused(check(0xb0, 0x10), EINVAL, PIO_FORBIDDEN);
	assert_refused(check(0xcf9, 1), EINVAL, PIO_FORBIDDEN);
	assert_refused(check(0xc00, 0x400), EINVAL, PIO_FORBIDDEN);
	assert_refused(check(0x600, 5), EINVAL, PIO_FORBIDDEN); /* PM1 control */
	assert_refused(check(0x605, 1), EINVAL, PIO_FORBIDDEN);
	assert_int_equal(check(0x600, 4), 0);
	assert_int_equal(check(0x606, 2), 0);
	stop();
}

static void ports_of_another_cell(void **state)
{
	(void)state;
	start();
	assert_int_equal(create(&cell_parts), 0);
	assert_refused(check(0x2ff, 4), EBUSY, PIO_OTHER_CELL);
	assert_int_equal(fake.refusal.arg[0], 0x2ff);
	assert_int_equal(fake.refusal.arg[1], 0x2ff);
	assert_int_equal(fake.refusal.arg[2], 1);
	/* nobody's ports can be shared */
	clear_log();
	assert_int_equal(check(0x3f8, 8), 0);
	assert_log("WARNING: ports 3f8-3ff are shared with cell \"cell\"\n");
	fake_destroy(&pio_unit, CELL);
	stop();
}

static void too_little_memory(void **state)
{
	(void)state;
	fake.machine.pool.fail_at = 1;
	assert_refused(fake_start_root(&pio_unit, fake_make_config("root", 0, &root_parts)), ENOMEM,
		       NO_MEMORY);
	start();
	fake.machine.pool.fail_at = 1;
	assert_refused(create(&cell_parts), ENOMEM, NO_MEMORY);
	assert_false(trapped(ROOT, 0x2f8));
	stop();
}

/* ---- accesses ---- */

static void unassigned_ports_stop_the_guest(void **state)
{
	(void)state;
	start();
	assert_int_equal(create(&cell_parts), 0);
	assert_false(out(CELL_CPU, 0x20, 1, 0));
	assert_violation(PIO_ACCESS);
	assert_int_equal(fake.violation.arg[0], JAILHOUSE_ARG_WRITE);
	assert_int_equal(fake.violation.arg[1], 0x20);
	assert_int_equal(fake.violation_address, 0x20);
	assert_log("FATAL: Invalid PIO write, port: 20 size: 1\n");
	assert_int_equal(in(CELL_CPU, 0x44, 4, 1), 0);
	assert_violation(PIO_ACCESS);
	assert_log("FATAL: Invalid PIO read, port: 44 size: 4\n");
	assert_int_equal(in(ROOT_CPU, 0x3f8, 1, 1), 0);
	assert_violation(PIO_ACCESS);
	assert_int_equal(ports.reads + ports.writes, 0);
	fake_destroy(&pio_unit, CELL);
	stop();
}

static void learning_mode_answers_the_root_cell(void **state)
{
	(void)state;
	start();
	assert_int_equal(create(&cell_parts), 0);
	fake.learning = true;
	assert_int_equal(in(ROOT_CPU, 0x3f8, 1, 0x1122334455667788), 0x11223344556677ff);
	assert_int_equal(fake.learned.kind, JAILHOUSE_LEARNED_PIO);
	assert_int_equal(fake.learned.address, 0x3f8);
	assert_int_equal(in(ROOT_CPU, 0xb0, 4, 0x1122334455667788), 0xffffffff);
	assert_true(out(ROOT_CPU, 0xb2, 1, 0));
	assert_int_equal(ports.writes, 0);
	/* nothing could answer this one */
	assert_false(guest_pio(ROOT_CPU, 0x3f8, 1, true, true));
	assert_violation(PIO_ACCESS);
	assert_false(out(CELL_CPU, 0x20, 1, 0));
	assert_violation(PIO_ACCESS);
	fake_destroy(&pio_unit, CELL);
	stop();
}

static void the_delay_port_does_nothing(void **state)
{
	(void)state;
	start();
	assert_true(out(ROOT_CPU, 0x80, 1, 0x12));
	assert_int_equal(in(ROOT_CPU, 0x80, 1, 0x77), 0x77);
	assert_int_equal(in(ROOT_CPU, 0x80, 2, 0x77), 0);
	assert_violation(PIO_ACCESS);
	assert_false(guest_pio(ROOT_CPU, 0x80, 1, false, true));
	assert_violation(PIO_ACCESS);
	assert_int_equal(ports.reads + ports.writes, 0);
	stop();
}

static void keyboard_controller_of_a_cell(void **state)
{
	static const u8 forbidden[] = {0xd1, 0xf0, 0xfe, 0xff};

	(void)state;
	start();
	assert_int_equal(create(&cell_parts), 0);
	ports.bytes[0x64] = 0x1c;
	assert_int_equal(in(CELL_CPU, 0x64, 1, 0xabcd00), 0xabcd1c);
	assert_true(out(CELL_CPU, 0x64, 1, 0xff60));
	assert_int_equal(ports.bytes[0x64], 0x60);
	for (unsigned int n = 0; n < sizeof(forbidden); n++) {
		assert_false(out(CELL_CPU, 0x64, 1, forbidden[n]));
		assert_violation(I8042_ACCESS);
		assert_int_equal(fake.violation.arg[0], forbidden[n]);
	}
	assert_log("FATAL: Invalid write to i8042 controller port\n");
	assert_int_equal(in(CELL_CPU, 0x64, 2, 1), 0);
	assert_violation(PIO_ACCESS);
	assert_int_equal(ports.writes, 1);
	assert_int_equal(fake.num_resets, 0);
	/* root has given it away, but for asking for a reset */
	assert_false(out(ROOT_CPU, 0x64, 1, 0x60));
	assert_violation(PIO_ACCESS);
	assert_int_equal(in(ROOT_CPU, 0x64, 1, 0xff01), 0xff00);
	fake_destroy(&pio_unit, CELL);
	assert_true(out(ROOT_CPU, 0x64, 1, 0x20));
	assert_int_equal(ports.writes, 2);
	stop();
}

static void a_cell_without_keyboard_controller(void **state)
{
	const struct fake_config none = {0};

	(void)state;
	start();
	assert_int_equal(create(&none), 0);
	assert_int_equal(in(CELL_CPU, 0x64, 1, 1), 0);
	assert_violation(PIO_ACCESS);
	assert_false(out(CELL_CPU, 0x64, 1, 0xfe));
	assert_violation(PIO_ACCESS);
	assert_false(out(CELL_CPU, 0xcf9, 1, 6));
	assert_violation(PIO_ACCESS);
	assert_false(out(CELL_CPU, 0x92, 1, 1));
	assert_violation(PIO_ACCESS);
	assert_int_equal(fake.num_resets, 0);
	fake_destroy(&pio_unit, CELL);
	stop();
}

static void the_root_cell_resets_the_machine(void **state)
{
	(void)state;
	start();
	assert_true(out(ROOT_CPU, 0x64, 1, 0xfe));
	assert_int_equal(fake.num_resets, 1);
	assert_log("The root cell resets the machine, port: 64\n");
	assert_int_equal(in(ROOT_CPU, 0xcf9, 1, 0x12ff), 0x1200);
	assert_true(out(ROOT_CPU, 0xcf9, 1, 2));
	assert_int_equal(fake.num_resets, 1);
	assert_true(out(ROOT_CPU, 0xcf9, 1, 6));
	assert_int_equal(fake.num_resets, 2);
	assert_true(out(ROOT_CPU, 0x92, 1, 2));
	assert_int_equal(ports.bytes[0x92], 2);
	assert_true(out(ROOT_CPU, 0x92, 1, 3));
	assert_int_equal(fake.num_resets, 3);
	assert_int_equal(ports.bytes[0x92], 2);
	assert_false(out(ROOT_CPU, 0xcf9, 2, 6));
	assert_violation(PIO_ACCESS);
	stop();
}

static void accesses_that_reach_into_trapped_ports(void **state)
{
	(void)state;
	start();
	assert_int_equal(in(ROOT_CPU, 0xcf6, 4, 1), 0);
	assert_violation(PIO_ACCESS);
	assert_int_equal(in(ROOT_CPU, 0xcfe, 4, 1), 0);
	assert_violation(PIO_ACCESS);
	assert_int_equal(in(ROOT_CPU, 0x61, 4, 1), 0);
	assert_violation(PIO_ACCESS);
	assert_int_equal(ports.reads, 0);
	stop();
}

static void results_keep_the_rest_of_the_register(void **state)
{
	(void)state;
	start();
	ports.config.value = 0x89abcdef;
	assert_int_equal(in(ROOT_CPU, 0xcfc, 1, 0x1122334455667788), 0x11223344556677ef);
	assert_int_equal(in(ROOT_CPU, 0xcfc, 2, 0x1122334455667788), 0x112233445566cdef);
	assert_int_equal(in(ROOT_CPU, 0xcfc, 4, 0x1122334455667788), 0x89abcdef);
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PORTS_TEST(granted_ports_are_direct),
		PORTS_TEST(some_ports_trap_always),
		PORTS_TEST(the_timer_is_for_everybody),
		PORTS_TEST(no_timer_opens_nothing),
		PORTS_TEST(ports_go_to_a_cell_and_back),
		PORTS_TEST(a_range_over_the_timer_leaves_it_to_root),
		PORTS_TEST(ranges_beyond_the_end),
		PORTS_TEST(forbidden_ports),
		PORTS_TEST(ports_of_another_cell),
		PORTS_TEST(too_little_memory),
		PORTS_TEST(unassigned_ports_stop_the_guest),
		PORTS_TEST(learning_mode_answers_the_root_cell),
		PORTS_TEST(the_delay_port_does_nothing),
		PORTS_TEST(keyboard_controller_of_a_cell),
		PORTS_TEST(a_cell_without_keyboard_controller),
		PORTS_TEST(the_root_cell_resets_the_machine),
		PORTS_TEST(accesses_that_reach_into_trapped_ports),
		PORTS_TEST(results_keep_the_rest_of_the_register),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
