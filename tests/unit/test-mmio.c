// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* mmio.c: from a trapped access to the window that answers it, and the reports when none does. */
#include "fake-x86/fake.h"

#define WINDOW 0xfec00000ULL

static struct {
	enum mmio_result result;
	struct mmio_access access; /* as seen by the window */
	u64 read_value;
	unsigned int calls;
} window;

enum mmio_result mmio_dispatch(struct percpu *cpu, struct mmio_access *access)
{
	const struct mmio_map *map = &cpu->cell->mmio;

	if (!range_contains(map->windows[0].start, map->windows[0].size, access->address, access->size))
		return MMIO_UNHANDLED;
	window.calls++;
	window.access = *access;
	if (!access->write)
		access->value = window.read_value;
	return window.result;
}

bool mmio_is_trapped(struct cell *cell, u64 address)
{
	const struct mmio_window *only = &cell->mmio.windows[0];

	return range_contains(only->start, only->size, address, 1);
}

static int setup(void **state)
{
	static struct mmio_window windows[1] = { { .start = WINDOW, .size = 0x2000 } };

	fake_reset(state);
	memset(&window, 0, sizeof(window));
	window.result = MMIO_HANDLED;
	fake.cell.mmio = (struct mmio_map){ .windows = windows, .count = 1 };
	fake.machine.root.mmio = fake.cell.mmio;
	CELL_CPU->arch.vendor.rip = ROOT_CPU->arch.vendor.rip = 0x7c00;
	for (unsigned int n = 0; n < 16; n++)
		fake.regs[0].r[n] = fake.regs[2].r[n] = 0x1111111111111111ULL * n;
	CELL_CPU->arch.vendor.rsp = 0x5555aaaa12345678ULL;
	return 0;
}

#define CODE(bits, ...)                                                                            \
	do {                                                                                       \
		const u8 code_bytes[] = { __VA_ARGS__ };                                           \
		fake_code(bits, code_bytes, sizeof(code_bytes));                                   \
	} while (0)

static u64 *reg(unsigned int n)
{
	return &fake.regs[2].r[n];
}

static void assert_done(unsigned int length)
{
	assert_int_equal(window.calls, 1);
	assert_int_equal(CELL_CPU->arch.vendor.skipped, length);
	assert_int_equal(fake.violations, 0);
	assert_no_log();
	assert_int_equal(CELL_CPU->stats[JAILHOUSE_CPU_STAT_VMEXITS_MMIO], 1);
}

static void assert_written(u64 value, unsigned int size)
{
	assert_true(window.access.write);
	assert_int_equal(window.access.size, size);
	assert_int_equal(window.access.value, value);
}

/* ---- values ---- */

static void write_of_a_register(void **state)
{
	(void)state;
	CODE(64, 0x89, 0x0f); /* mov %ecx,(%rdi) */
	*reg(REG_RCX) = 0xffffffff87654321ULL;
	assert_true(guest_mmio(CELL_CPU, WINDOW + 0x10, true));
	assert_int_equal(window.access.address, WINDOW + 0x10);
	assert_written(0x87654321, 4);
	assert_done(2);
}

static void write_of_a_high_byte(void **state)
{
	(void)state;
	CODE(64, 0x88, 0x2f); /* mov %ch,(%rdi) */
	*reg(REG_RCX) = 0xab42cd;
	assert_true(guest_mmio(CELL_CPU, WINDOW, true));
	assert_written(0x42, 1);
	assert_done(2);
}

static void write_of_the_stack_pointer(void **state)
{
	(void)state;
	CODE(64, 0x48, 0x89, 0x27); /* mov %rsp,(%rdi) */
	assert_true(guest_mmio(CELL_CPU, WINDOW, true));
	assert_written(0x5555aaaa12345678ULL, 8);
	assert_done(3);
}

static void write_of_an_immediate(void **state)
{
	(void)state;
	CODE(64, 0x48, 0xc7, 0x07, 0xfe, 0xff, 0xff, 0xff); /* movq $-2,(%rdi) */
	assert_true(guest_mmio(CELL_CPU, WINDOW, true));
	assert_written(~1ULL, 8);
	assert_done(7);
}

struct load {
	const char *text;
	u8 length;
	u8 code[4];
	u8 reg;
	u64 before, device, after;
};

static const struct load loads[] = {
	{ "mov (%rdi),%eax", 2, { 0x8b, 0x07 }, 0, ~0ULL, 0xffffffff80000001ULL, 0x80000001ULL },
	{ "mov (%rdi),%rax", 3, { 0x48, 0x8b, 0x07 }, 0, 0, 0x8000000000000001ULL, 0x8000000000000001ULL },
	{ "mov (%rdi),%ax", 3, { 0x66, 0x8b, 0x07 }, 0, ~0ULL, 0x12345, 0xffffffffffff2345ULL },
	{ "mov (%rdi),%al", 2, { 0x8a, 0x07 }, 0, ~0ULL, 0x1234, 0xffffffffffffff34ULL },
	{ "mov (%rdi),%ah", 2, { 0x8a, 0x27 }, 0, ~0ULL, 0x1234, 0xffffffffffff34ffULL },
	{ "mov (%rdi),%r9b", 3, { 0x44, 0x8a, 0x0f }, 9, ~0ULL, 0, 0xffffffffffffff00ULL },
	{ "movzbl (%rdi),%eax", 3, { 0x0f, 0xb6, 0x07 }, 0, ~0ULL, 0xfff0, 0xf0 },
	{ "movzbw (%rdi),%ax", 4, { 0x66, 0x0f, 0xb6, 0x07 }, 0, ~0ULL, 0xf0, 0xffffffffffff00f0ULL },
	{ "movzwq (%rdi),%rax", 4, { 0x48, 0x0f, 0xb7, 0x07 }, 0, ~0ULL, 0x18000, 0x8000 },
	{ "movsbl (%rdi),%eax", 3, { 0x0f, 0xbe, 0x07 }, 0, 0, 0x80, 0xffffff80 },
	{ "movsbl (%rdi),%eax, positive", 3, { 0x0f, 0xbe, 0x07 }, 0, ~0ULL, 0xff7f, 0x7f },
	{ "movsbq (%rdi),%rax", 4, { 0x48, 0x0f, 0xbe, 0x07 }, 0, 0, 0x80, 0xffffffffffffff80ULL },
	{ "movsbw (%rdi),%ax", 4, { 0x66, 0x0f, 0xbe, 0x07 }, 0, 0, 0x80, 0xff80 },
	{ "movswq (%rdi),%rax", 4, { 0x48, 0x0f, 0xbf, 0x07 }, 0, 0, 0x8000, 0xffffffffffff8000ULL },
};

static void reads_change_what_they_should_of_a_register(void **state)
{
	for (size_t n = 0; n < ARRAY_LEN(loads); n++) {
		const struct load *load = &loads[n];

		setup(state);
		fake_code(64, load->code, load->length);
		*reg(load->reg) = load->before;
		window.read_value = load->device;
		assert_true(guest_mmio(CELL_CPU, WINDOW, false));
		assert_done(load->length);
		if (*reg(load->reg) != load->after)
			fail_msg("%s: %#llx", load->text, *reg(load->reg));
	}
}

/* ---- refusals ---- */

static void refused_by_the_window(void **state)
{
	(void)state;
	CODE(64, 0x8b, 0x07);
	window.result = MMIO_ERROR;
	*reg(0) = 7;
	assert_false(guest_mmio(CELL_CPU, WINDOW, false));
	assert_int_equal(*reg(0), 7);
	assert_int_equal(CELL_CPU->arch.vendor.skipped, 0);
	assert_int_equal(fake.violations, 0); /* the window has reported */
}

static void assert_mem_access(u64 address, bool write, unsigned int size)
{
	assert_violation(MEM_ACCESS);
	assert_int_equal(fake.violation_address, address);
	assert_int_equal(fake.violation.arg[0], write ? JAILHOUSE_ARG_WRITE : JAILHOUSE_ARG_READ);
	assert_int_equal(fake.violation.arg[1], address);
	assert_int_equal(fake.violation.arg[2], size);
	assert_int_equal(CELL_CPU->arch.vendor.skipped, 0);
}

static void nobody_is_responsible(void **state)
{
	(void)state;
	CODE(64, 0x89, 0x07);
	assert_false(guest_mmio(CELL_CPU, 0x12345678, true));
	assert_string_equal(fake.log, "FATAL: Invalid MMIO/RAM write, addr: 0x0000000012345678 size: 4\n");
	assert_mem_access(0x12345678, true, 4);
}

static void access_across_pages(void **state)
{
	(void)state;
	CODE(64, 0x48, 0x8b, 0x07);
	assert_false(guest_mmio(CELL_CPU, WINDOW + 0xffc, false));
	assert_int_equal(window.calls, 0);
	assert_mem_access(WINDOW + 0xffc, false, 8);
	assert_log("FATAL: Invalid MMIO/RAM read, addr: 0x00000000fec00ffc size: 8\n");
}

static void access_that_ends_with_the_page(void **state)
{
	(void)state;
	CODE(64, 0x48, 0x8b, 0x07);
	assert_true(guest_mmio(CELL_CPU, WINDOW + 0xff8, false));
	assert_done(3);
}

static void exotic_instruction_on_foreign_memory(void **state)
{
	(void)state;
	CODE(64, 0xf3, 0xaa); /* rep stosb */
	assert_false(guest_mmio(CELL_CPU, 0x1000, true));
	assert_log("FATAL: unsupported instruction (0xf3 0xaa 0x00 0x00)\n");
	assert_log("FATAL: Invalid MMIO/RAM write, addr: 0x0000000000001000 size: 0\n");
	assert_mem_access(0x1000, true, 0);
}

static void exotic_instruction_on_a_window(void **state)
{
	(void)state;
	CODE(64, 0xf0, 0x01, 0x07, 0x90, 0x90); /* lock add %eax,(%rdi) */
	assert_false(guest_mmio(CELL_CPU, WINDOW + 8, true));
	assert_int_equal(window.calls, 0);
	assert_log("FATAL: unsupported instruction (0xf0 0x01 0x07 0x90)\n");
	assert_violation(INSTRUCTION);
	assert_int_equal(fake.violation.arg[0], 0xf001079090ULL);
	assert_int_equal(fake.violation.arg[1], 5);
	assert_int_equal(fake.violation.arg[2], 0x7c00);
	assert_int_equal(fake.violation.arg[3], WINDOW + 8);
}

static void code_that_cannot_be_read(void **state)
{
	(void)state;
	fake_code(64, "", 0);
	assert_false(guest_mmio(CELL_CPU, WINDOW, false));
	assert_log("FATAL: unable to get MMIO instruction\n");
	assert_violation(INSTRUCTION);
}

static void code_that_ends_too_early(void **state)
{
	(void)state;
	CODE(64, 0x89); /* the page behind is not mapped */
	assert_false(guest_mmio(CELL_CPU, WINDOW, true));
	assert_log("FATAL: unsupported instruction (0x89 0x00 0x00 0x00)\n");
	assert_violation(INSTRUCTION);
}

static void direction_must_agree(void **state)
{
	(void)state;
	CODE(64, 0x89, 0x07);
	assert_false(guest_mmio(CELL_CPU, WINDOW, false));
	assert_log("FATAL: inconsistent access, expected read instruction\n");
	assert_violation(INSTRUCTION);
	setup(state);
	CODE(64, 0x8b, 0x07);
	assert_false(guest_mmio(CELL_CPU, WINDOW, true));
	assert_log("FATAL: inconsistent access, expected write instruction\n");
	assert_violation(INSTRUCTION);
	assert_int_equal(window.calls, 0);
}

/* ---- learning mode ---- */

static void root_learns_a_read(void **state)
{
	(void)state;
	fake.learning = true;
	CODE(64, 0x8b, 0x07);
	assert_true(guest_mmio(ROOT_CPU, 0xfed40000, false));
	assert_int_equal(fake.regs[0].r[0], 0xffffffff);
	assert_int_equal(ROOT_CPU->arch.vendor.skipped, 2);
	assert_int_equal(fake.violations, 0);
	assert_int_equal(fake.learned.kind, JAILHOUSE_LEARNED_MEM);
	assert_int_equal(fake.learned.address, 0xfed40000);
	assert_int_equal(fake.learned.size, 4);
	assert_int_equal(fake.learned.write, 2);
}

static void root_learns_a_write(void **state)
{
	(void)state;
	fake.learning = true;
	CODE(64, 0x89, 0x07);
	assert_true(guest_mmio(ROOT_CPU, 0xfed40000, true));
	assert_int_equal(ROOT_CPU->arch.vendor.skipped, 2);
	assert_int_equal(fake.learned.write, 1);
	assert_int_equal(fake.violations, 0);
}

static void without_a_length_even_learning_stops(void **state)
{
	(void)state;
	fake.learning = true;
	CODE(64, 0xf3, 0xaa);
	assert_false(guest_mmio(ROOT_CPU, 0xfed40000, true));
	assert_int_equal(fake.learned.count, 1);
	assert_int_equal(fake.learned.size, 0);
	assert_violation(MEM_ACCESS);
}

static void other_cells_learn_nothing(void **state)
{
	(void)state;
	fake.learning = true;
	CODE(64, 0x89, 0x07);
	assert_false(guest_mmio(CELL_CPU, 0xfed40000, true));
	assert_violation(MEM_ACCESS);
}

/* ---- where the code is ---- */

static void assert_fetched_at(unsigned int bits, u64 base, u64 rip, u64 linear)
{
	CODE(bits, 0x88, 0x07);
	CELL_CPU->arch.vendor.cs_base = base;
	CELL_CPU->arch.vendor.rip = rip;
	assert_non_null(guest_mmio_decode(CELL_CPU, WINDOW, true));
	assert_int_equal(fake.fetched, linear);
}

static void base_of_the_code_segment_counts(void **state)
{
	(void)state;
	assert_fetched_at(16, 0xf0000, 0xfff0, 0xffff0);
	assert_fetched_at(32, 0xffff0000, 0x12000, 0x2000);
	assert_fetched_at(32, 0x1000, 0xfffff000, 0);
	assert_fetched_at(64, 0x1000, 0xffffffff81000000ULL, 0xffffffff81000000ULL);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(write_of_a_register),
		TEST(write_of_a_high_byte),
		TEST(write_of_the_stack_pointer),
		TEST(write_of_an_immediate),
		TEST(reads_change_what_they_should_of_a_register),
		TEST(refused_by_the_window),
		TEST(nobody_is_responsible),
		TEST(access_across_pages),
		TEST(access_that_ends_with_the_page),
		TEST(exotic_instruction_on_foreign_memory),
		TEST(exotic_instruction_on_a_window),
		TEST(code_that_cannot_be_read),
		TEST(code_that_ends_too_early),
		TEST(direction_must_agree),
		TEST(root_learns_a_read),
		TEST(root_learns_a_write),
		TEST(without_a_length_even_learning_stops),
		TEST(other_cells_learn_nothing),
		TEST(base_of_the_code_segment_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
