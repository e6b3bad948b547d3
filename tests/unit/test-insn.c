// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * insn.c: a decoded instruction is kept, and is decoded again after each change that can make it another one. The
 * decoder is the test's: it takes the first byte of the code as the value, and counts.
 */
#include "fake-x86/guest-memory.h"
#include <hypervisor/arch/memory.h>

#define LINEAR 0x0000123456789120ULL
#define OFFSET 0x120
#define INDEX(level) ((unsigned int)(LINEAR >> (12 + 9 * (level)) & 511))
#define OTHER_CODE   (CODE_PAGE + 0x2000)
#define COPY(n)	     (0x30000 + 0x1000 * (n)) /* of TABLE(n) */

static struct {
	unsigned int count, avail, bits;
	bool write, fail;
} decoder;

bool decode_mmio(const u8 *bytes, unsigned int avail, unsigned int bits, struct mmio_insn *insn)
{
	decoder.count++;
	decoder.avail = avail;
	decoder.bits = bits;
	*insn = (struct mmio_insn){ .value = bytes[0] | (u64)bytes[15] << 8, .length = 2, .size = 4,
				    .write = decoder.write };
	return avail > 0 && !decoder.fail;
}

static void write_code(u64 addr, u8 first, u8 last)
{
	memset(host.ram + addr, 0x90, 16);
	host.ram[addr] = first;
	host.ram[addr + 15] = last;
}

static void set_cs(u16 rights)
{
	CELL_CPU->arch.vendor.cs_rights = rights;
}

static void set_rip(u64 rip)
{
	CELL_CPU->arch.vendor.rip = rip;
}

static int setup(void **state)
{
	if (guest_memory_setup(state))
		return -1;
	memset(&decoder, 0, sizeof(decoder));
	set_long_mode(4);
	set_cs(SEGMENT_LONG);
	set_rip(LINEAR);
	build_long(LINEAR, 4, 0, CODE_PAGE | P);
	write_code(CODE_PAGE + OFFSET, 1, 2);
	write_code(OTHER_CODE + OFFSET, 3, 4);
	return 0;
}

static void assert_insn(u64 value, unsigned int decoded)
{
	const struct mmio_insn *insn = guest_insn(CELL_CPU, decoder.write);

	assert_non_null(insn);
	assert_int_equal(insn->value, value);
	assert_int_equal(decoder.count, decoded);
}

static void the_same_instruction_is_decoded_once(void **state)
{
	(void)state;
	for (unsigned int n = 0; n < 3; n++)
		assert_insn(0x201, 1);
	assert_int_equal(host.num_mapped, 5);
	assert_int_equal(decoder.avail, 16);
	assert_int_equal(decoder.bits, 64);
}

static void as_many_as_there_are_places(void **state)
{
	(void)state;
	for (unsigned int n = 0; n < X86_KNOWN_INSNS; n++)
		write_code(CODE_PAGE + OFFSET + 16 * n, (u8)(0x10 + n), 0);
	for (unsigned int round = 0; round < 3; round++)
		for (unsigned int n = 0; n < X86_KNOWN_INSNS; n++) {
			set_rip(LINEAR + 16 * n);
			assert_insn(0x10 + n, round ? X86_KNOWN_INSNS : n + 1);
		}
	/* two for one place */
	write_code(CODE_PAGE + OFFSET + 16 * X86_KNOWN_INSNS, 0x20, 0);
	set_rip(LINEAR + 16 * X86_KNOWN_INSNS);
	assert_insn(0x20, X86_KNOWN_INSNS + 1);
	set_rip(LINEAR);
	assert_insn(0x10, X86_KNOWN_INSNS + 2);
}

static void any_byte_may_change(void **state)
{
	(void)state;
	assert_insn(0x201, 1);
	for (unsigned int n = 0; n < 16; n++) {
		u8 *byte = host.ram + CODE_PAGE + OFFSET + n;

		*byte ^= 0x40;
		assert_insn(n == 0 ? 0x241 : n == 15 ? 0x4201 : 0x201, 2 * n + 2);
		*byte ^= 0x40;
		assert_insn(0x201, 2 * n + 3);
	}
}

/* The code stays the same, so that only the entry can tell. */
static void any_table_entry_may_change(void **state)
{
	(void)state;
	memcpy(host.ram + OTHER_CODE, host.ram + CODE_PAGE, PAGE_SIZE);
	assert_insn(0x201, 1);
	for (unsigned int level = 0; level < 4; level++) {
		u64 entry, other;
		unsigned int before;

		memcpy(&entry, host.ram + TABLE(3 - level) + INDEX(level) * 8, sizeof(entry));
		other = (level ? COPY(4 - level) : OTHER_CODE) | P;
		memcpy(host.ram + COPY(4 - level), host.ram + TABLE(4 - level), PAGE_SIZE);
		before = decoder.count;
		set64(TABLE(3 - level), INDEX(level), other);
		assert_insn(0x201, before + 1);
		/* and what lies there is seen from now on */
		assert_insn(0x201, before + 1);
		set64(TABLE(3 - level), INDEX(level), entry);
		assert_insn(0x201, before + 2);
		set64(TABLE(3 - level), INDEX(level), 0);
		assert_null(guest_insn(CELL_CPU, false));
		assert_log("FATAL: unable to get MMIO instruction\n");
		set64(TABLE(3 - level), INDEX(level), entry);
		fake.log[0] = 0;
		assert_insn(0x201, before + 4);
	}
}

static void another_page_of_code(void **state)
{
	(void)state;
	assert_insn(0x201, 1);
	set64(TABLE(3), INDEX(0), OTHER_CODE | P);
	assert_insn(0x403, 2);
}

static void another_root_of_the_tables(void **state)
{
	(void)state;
	assert_insn(0x201, 1);
	memcpy(host.ram + COPY(0), host.ram + ROOT, PAGE_SIZE);
	CELL_CPU->arch.vendor.cr3 = COPY(0);
	assert_insn(0x201, 2);
	CELL_CPU->arch.vendor.cr3 = ROOT | 0xfff;
	assert_insn(0x201, 3);
}

static void more_levels(void **state)
{
	(void)state;
	assert_insn(0x201, 1);
	/* the same root means something else */
	set_long_mode(5);
	assert_null(guest_insn(CELL_CPU, false));
	build_long(LINEAR, 5, 0, OTHER_CODE | P);
	assert_insn(0x403, 3);
	assert_insn(0x403, 3);
}

static void other_modes_are_not_kept(void **state)
{
	(void)state;
	/* compatibility mode: the segment's base counts */
	set_rip(0x7c00);
	set_cs(SEGMENT_BIG);
	build_long(0x7c00, 4, 0, CODE_PAGE | P);
	write_code(CODE_PAGE + 0xc00, 5, 6);
	assert_insn(0x605, 1);
	assert_insn(0x605, 2);
	assert_int_equal(decoder.bits, 32);
	CELL_CPU->arch.vendor.cs_base = 0x10;
	write_code(CODE_PAGE + 0xc10, 7, 8);
	assert_insn(0x807, 3);
	/* 64-bit code at the same place, which is kept, and the mode again */
	set_cs(SEGMENT_LONG);
	assert_insn(0x605, 4);
	assert_insn(0x605, 4);
	assert_int_equal(decoder.bits, 64);
	set_cs(SEGMENT_BIG);
	assert_insn(0x807, 5);
	set_cs(0);
	assert_insn(0x807, 6);
	assert_int_equal(decoder.bits, 16);
	/* without paging */
	set_mode(0, 0, 0, 0);
	write_code(0x7c10, 9, 10);
	assert_insn(0xa09, 7);
	assert_insn(0xa09, 8);
}

static void code_at_the_end_of_a_page(void **state)
{
	const u64 offset = PAGE_SIZE - 16;

	(void)state;
	write_code(CODE_PAGE + offset, 5, 6);
	set_rip((LINEAR & PAGE_MASK) + offset);
	assert_insn(0x605, 1);
	assert_insn(0x605, 1);
	/* across the end nothing is kept */
	set64(TABLE(3), INDEX(0) + 1, OTHER_CODE | P);
	host.ram[OTHER_CODE] = 7;
	set_rip((LINEAR & PAGE_MASK) + offset + 1);
	assert_insn(0x790, 2);
	assert_insn(0x790, 3);
}

static void pages_of_the_window_with_other_contents(void **state)
{
	const u64 far = LINEAR ^ (1ULL << 39);

	(void)state;
	assert_insn(0x201, 1);
	/* tables of another address take the places, the entries are the same but for their index */
	set64(ROOT, (unsigned int)(far >> 39 & 511), COPY(1) | P);
	memcpy(host.ram + COPY(1), host.ram + TABLE(1), PAGE_SIZE);
	assert_true(guest_translate(CELL_CPU, far, &(u64){ 0 }));
	assert_insn(0x201, 2);
	/* another page of code takes the place of that of this instruction, and only of this one */
	write_code(CODE_PAGE + OFFSET + 16, 5, 6);
	set_rip(LINEAR + 16);
	assert_insn(0x605, 3);
	set64(TABLE(3), INDEX(0) + 1, OTHER_CODE | P);
	assert_int_equal(guest_fetch(CELL_CPU, LINEAR + PAGE_SIZE, (u8[16]){ 0 }, 16, &(struct guest_trail){ 0 }), 16);
	assert_insn(0x605, 3);
	set_rip(LINEAR);
	assert_insn(0x201, 4);
}

static void memory_that_the_cell_has_lost(void **state)
{
	(void)state;
	assert_insn(0x201, 1);
	assert_int_equal(paging_unmap(&fake.cell.stage2, CODE_PAGE, PAGE_SIZE), 0);
	guest_forget_memory(CELL_CPU);
	assert_null(guest_insn(CELL_CPU, false));
}

static void direction_counts_for_known_ones_too(void **state)
{
	(void)state;
	assert_insn(0x201, 1);
	assert_null(guest_insn(CELL_CPU, true));
	assert_log("FATAL: inconsistent access, expected write instruction\n");
	decoder.write = true;
	assert_insn(0x201, 3);
	assert_insn(0x201, 3);
}

static void what_cannot_be_decoded_is_not_kept(void **state)
{
	(void)state;
	assert_insn(0x201, 1);
	decoder.fail = true;
	host.ram[CODE_PAGE + OFFSET] = 9;
	assert_null(guest_insn(CELL_CPU, false));
	assert_null(guest_insn(CELL_CPU, false));
	assert_log("FATAL: unsupported instruction (0x09 0x90 0x90 0x90)\n");
	decoder.fail = false;
	assert_insn(0x209, 4);
}

static void bytes_for_reports(void **state)
{
	u8 bytes[15];

	(void)state;
	assert_int_equal(guest_code(CELL_CPU, bytes, sizeof(bytes)), sizeof(bytes));
	assert_int_equal(bytes[0], 1);
	set_rip(LINEAR + PAGE_SIZE);
	assert_int_equal(guest_code(CELL_CPU, bytes, sizeof(bytes)), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_same_instruction_is_decoded_once),
		TEST(as_many_as_there_are_places),
		TEST(any_byte_may_change),
		TEST(any_table_entry_may_change),
		TEST(another_page_of_code),
		TEST(another_root_of_the_tables),
		TEST(more_levels),
		TEST(other_modes_are_not_kept),
		TEST(code_at_the_end_of_a_page),
		TEST(pages_of_the_window_with_other_contents),
		TEST(memory_that_the_cell_has_lost),
		TEST(direction_counts_for_known_ones_too),
		TEST(what_cannot_be_decoded_is_not_kept),
		TEST(bytes_for_reports),
	};

	return cmocka_run_group_tests(tests, guest_memory_setup_host, NULL);
}
