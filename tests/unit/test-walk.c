// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* walk.c: a guest's page tables of every paging mode, read through real nested tables. */
#include "fake-x86/guest-memory.h"
#include <hypervisor/arch/memory.h>
#include <asm/paging.h>

static void assert_translation(u64 linear, u64 expected)
{
	u64 phys = 0;

	assert_true(guest_translate(CELL_CPU, linear, &phys));
	assert_int_equal(phys, expected);
}

static void assert_unmapped(u64 linear)
{
	u64 phys;

	assert_false(guest_translate(CELL_CPU, linear, &phys));
}

/* ---- paging modes ---- */

static void without_paging_addresses_are_the_same(void **state)
{
	(void)state;
	set_mode(0, ~0ULL, 0, 0);
	assert_translation(0xfee00123, 0xfee00123);
	set_mode(X86_CR0_PE, ~0ULL, X86_CR4_PAE, 0);
	assert_translation(0x123456, 0x123456);
	assert_int_equal(host.num_mapped, 0);
}

static void two_levels(void **state)
{
	(void)state;
	set_mode(PAGING, ROOT | 0x18, 0, 0);
	set32(ROOT, 0x301, TABLE(1) | 0x67);
	set32(TABLE(1), 0x3ff, 0xfee00000 | 0x1ff);
	assert_translation(0xc07ff0b0, 0xfee000b0);
	assert_unmapped(0xc07fe000);
	assert_unmapped(0xc0800000);
}

static void two_levels_large_page(void **state)
{
	(void)state;
	set_mode(PAGING, ROOT, X86_CR4_PSE, 0);
	set32(ROOT, 1, 0x00c00000 | PS | P);
	assert_translation(0x00654321, 0x00e54321);
	/* bits 39..32 in bits 20..13; bit 12 is PAT */
	set32(ROOT, 2, 0x00c00000 | 0xa5 << 13 | 0x1000 | PS | P);
	assert_translation(0x00800001, 0xa500c00001ULL);
}

static void large_page_bit_needs_pse(void **state)
{
	(void)state;
	set_mode(PAGING, ROOT, 0, 0);
	set32(ROOT, 1, TABLE(1) | PS | P);
	set32(TABLE(1), 5, CODE_PAGE | P);
	assert_translation(0x00405678, CODE_PAGE | 0x678);
}

static void pae(void **state)
{
	/* the pointer table is aligned to 32 bytes only */
	const u64 pointers = ROOT + 0x20;

	(void)state;
	set_mode(PAGING, pointers | 0x18, X86_CR4_PAE, 0);
	set64(pointers, 3, TABLE(1) | P);
	set64(TABLE(1), 1, TABLE(2) | 0x67);
	set64(TABLE(2), 2, 0x00000080fee00000ULL | 0x8000000000000000ULL | 0x67);
	assert_translation(0xc0202abc, 0x80fee00abcULL);
	set64(TABLE(1), 3, 0x00600000 | PS | P);
	assert_translation(0xc0765432, 0x00765432);
	assert_unmapped(0xc0203000);
	assert_unmapped(0xc0400000);
	assert_unmapped(0x00202abc);
}

static void four_levels(void **state)
{
	const u64 linear = 0xffff8881234567f0ULL;

	(void)state;
	set_long_mode(4);
	build_long(linear, 4, 0, CODE_PAGE | 0x8000000000000163ULL);
	assert_translation(linear, CODE_PAGE | 0x7f0);
	assert_unmapped(linear + 0x1000);
	assert_unmapped(linear + (1ULL << 21));
	assert_unmapped(linear + (1ULL << 30));
	assert_unmapped(linear ^ (1ULL << 39));
}

static void four_levels_2_mib_page(void **state)
{
	const u64 linear = 0x00007f8765412345ULL;

	(void)state;
	set_long_mode(4);
	build_long(linear, 4, 1, 0x40000000 | 0x1000 | PS | P); /* bit 12: PAT */
	assert_translation(linear, 0x40000000 | (linear & 0x1fffff));
}

static void four_levels_1_gib_page(void **state)
{
	const u64 linear = 0xffff888123456789ULL;

	(void)state;
	set_long_mode(4);
	build_long(linear, 4, 2, 0x000fffffc0000000ULL | 0x1000 | PS | P);
	assert_translation(linear, 0x000fffffc0000000ULL | (linear & 0x3fffffff));
}

static void bit_7_is_no_page_in_upper_levels(void **state)
{
	const u64 linear = 0x0000123456789abcULL;

	(void)state;
	set_long_mode(4);
	build_long(linear, 4, 0, CODE_PAGE | P);
	set64(ROOT, (linear >> 39) & 511, TABLE(1) | PS | P);
	assert_translation(linear, CODE_PAGE | 0xabc);
}

static void five_levels(void **state)
{
	const u64 linear = 0xff11888123456789ULL;

	(void)state;
	set_long_mode(5);
	build_long(linear, 5, 0, CODE_PAGE | P);
	assert_translation(linear, CODE_PAGE | 0x789);
	assert_unmapped(linear ^ (1ULL << 48));
	/* the same tables mean something else with four levels */
	set_long_mode(4);
	assert_unmapped(linear);
}

static void entries_without_present_bit_at_each_level(void **state)
{
	const u64 linear = 0x0000654321fedcbaULL;

	(void)state;
	set_long_mode(5);
	for (unsigned int table = 0; table < 5; table++) {
		build_long(linear, 5, 0, CODE_PAGE | P);
		assert_translation(linear, CODE_PAGE | 0xcba);
		set64(TABLE(table), (linear >> (48 - 9 * table)) & 511, 0xffe);
		assert_unmapped(linear);
	}
}

/* ---- what the cell may not read ---- */

static void tables_outside_the_cell_are_not_read(void **state)
{
	const u64 linear = 0x1000;
	const u64 foreign[] = { 0x100000, 0x7f000000, 0x0000ffffffffe000ULL, 0x000ffffffffff000ULL };

	(void)state;
	set_long_mode(4);
	for (size_t n = 0; n < ARRAY_LEN(foreign); n++) {
		build_long(linear, 4, 0, CODE_PAGE | P);
		set64(TABLE(1), 0, foreign[n] | P);
		assert_unmapped(linear);
		CELL_CPU->arch.vendor.cr3 = foreign[n];
		assert_unmapped(linear);
		CELL_CPU->arch.vendor.cr3 = ROOT;
	}
}

static void device_registers_are_no_tables(void **state)
{
	const u64 linear = 0x1000;

	(void)state;
	set_long_mode(4);
	build_long(linear, 4, 0, CODE_PAGE | P);
	assert_int_equal(guest_memory_map(TABLE(2), RAM_PHYS + TABLE(2), PAGE_SIZE, PG_READ | PG_WRITE | PG_DEVICE), 0);
	assert_unmapped(linear);
	assert_int_equal(guest_memory_map(TABLE(2), RAM_PHYS + TABLE(2), PAGE_SIZE, PG_READ), 0);
	assert_translation(linear, CODE_PAGE);
	assert_int_equal(paging_unmap(&fake.cell.stage2, TABLE(2), PAGE_SIZE), 0);
	guest_forget_memory(CELL_CPU);
	assert_unmapped(linear);
}

static void nested_large_pages_are_followed(void **state)
{
	const u64 linear = 0x1000, far = 0x40000000, huge = 0x200000;

	(void)state;
	/* guest-physical 1 GiB: one nested 2 MiB page, of which the host's memory repeats every 64 pages */
	assert_int_equal(guest_memory_map(far, RAM_PHYS, huge, PG_READ | PG_WRITE), 0);
	assert_true(paging_lookup(&fake.cell.stage2, far + 0x1fffff, NULL) == RAM_PHYS + 0x1fffff);
	set_long_mode(4);
	build_long(linear, 4, 0, CODE_PAGE | P);
	set64(ROOT, 0, (far + TABLE(1)) | P);
	set64(TABLE(1), 0, (far + 0x140000 + TABLE(2)) | P);
	assert_translation(linear, CODE_PAGE);
	assert_int_equal(guest_memory_map(far, RAM_PHYS, huge, PG_READ | PG_DEVICE), 0);
	assert_unmapped(linear);
}

/* ---- pages that stay mapped ---- */

static void pages_are_found_again(void **state)
{
	const u64 linear = 0x0000123456789000ULL;

	(void)state;
	set_long_mode(4);
	build_long(linear, 4, 0, CODE_PAGE | P);
	assert_translation(linear, CODE_PAGE);
	assert_int_equal(host.num_mapped, 4);
	/* the place is remembered, not the content */
	build_long(linear, 4, 0, (CODE_PAGE + 0x1000) | P);
	assert_translation(linear, CODE_PAGE + 0x1000);
	set64(TABLE(1), (linear >> 30) & 511, 0);
	assert_unmapped(linear);
	assert_int_equal(host.num_mapped, 4);
}

static void pages_that_the_cell_has_lost_are_forgotten(void **state)
{
	(void)state;
	set_long_mode(4);
	build_long(0, 4, 0, CODE_PAGE | P);
	for (unsigned int table = 0; table < 4; table++) {
		assert_translation(0, CODE_PAGE);
		assert_int_equal(paging_unmap(&fake.cell.stage2, TABLE(table), PAGE_SIZE), 0);
		guest_forget_memory(CELL_CPU);
		assert_unmapped(0);
		assert_int_equal(guest_memory_map(TABLE(table), RAM_PHYS + TABLE(table), PAGE_SIZE, PG_READ), 0);
	}
}

/* ---- fetching code ---- */

static u8 code_byte(unsigned int n)
{
	return (u8)(0x30 + n);
}

static void write_code(u64 addr, unsigned int first, unsigned int size)
{
	for (unsigned int n = 0; n < size; n++)
		host.ram[addr + n] = code_byte(first + n);
}

static struct guest_trail trail;

static void assert_fetched(u64 linear, unsigned int expected)
{
	u8 buf[16];

	memset(buf, 0xee, sizeof(buf));
	memset(&trail, 0xee, sizeof(trail));
	assert_int_equal(guest_fetch(CELL_CPU, linear, buf, 15, &trail), expected);
	for (unsigned int n = 0; n < sizeof(buf); n++)
		assert_int_equal(buf[n], n < expected ? code_byte(n) : 0xee);
}

static void code_inside_a_page(void **state)
{
	const u64 linear = 0xffffffff81000000ULL;

	(void)state;
	set_long_mode(4);
	build_long(linear, 4, 0, CODE_PAGE | P);
	for (unsigned int offset = 0; offset <= PAGE_SIZE - 15; offset += 13) {
		write_code(CODE_PAGE + offset, 0, 15);
		assert_fetched(linear + offset, 15);
	}
	write_code(CODE_PAGE + PAGE_SIZE - 15, 0, 15);
	assert_fetched(linear + PAGE_SIZE - 15, 15);
	/* four tables once, and the code for each place of an instruction */
	assert_int_equal(host.num_mapped, 4 + X86_KNOWN_INSNS);
}

static void code_across_pages_that_lie_apart(void **state)
{
	const u64 linear = 0x0000000000401000ULL;

	(void)state;
	set_long_mode(4);
	build_long(linear, 4, 0, CODE_PAGE | P);
	set64(TABLE(3), 2, (CODE_PAGE + 0x5000) | P);
	for (unsigned int before = 1; before < 15; before++) {
		write_code(CODE_PAGE + PAGE_SIZE - before, 0, before);
		write_code(CODE_PAGE + 0x5000, before, 15 - before);
		assert_fetched(linear + PAGE_SIZE - before, 15);
	}
}

static void second_page_unmapped_gives_the_bytes_before(void **state)
{
	const u64 linear = 0x0000000000401000ULL;

	(void)state;
	set_long_mode(4);
	build_long(linear, 4, 0, CODE_PAGE | P);
	for (unsigned int before = 1; before < 15; before++) {
		write_code(CODE_PAGE + PAGE_SIZE - before, 0, before);
		/* in the guest's tables, in the nested ones, and a device */
		set64(TABLE(3), 2, 0);
		assert_fetched(linear + PAGE_SIZE - before, before);
		set64(TABLE(3), 2, 0x7f000000 | P);
		assert_fetched(linear + PAGE_SIZE - before, before);
	}
	assert_fetched(linear + PAGE_SIZE, 0);
}

static void code_in_real_mode(void **state)
{
	(void)state;
	set_mode(0, 0, 0, 0);
	write_code(0x7c00, 0, 15);
	assert_fetched(0x7c00, 15);
	/* beyond the cell's memory */
	write_code(RAM_SIZE - 4, 0, 4);
	assert_fetched(RAM_SIZE - 4, 4);
}

static void code_wraps_at_4_gib_outside_long_mode(void **state)
{
	(void)state;
	set_mode(PAGING, ROOT, 0, 0);
	set32(ROOT, 0x3ff, TABLE(1) | P);
	set32(ROOT, 0, TABLE(2) | P);
	set32(TABLE(1), 0x3ff, CODE_PAGE | P);
	set32(TABLE(2), 0, (CODE_PAGE + 0x3000) | P);
	write_code(CODE_PAGE + PAGE_SIZE - 6, 0, 6);
	write_code(CODE_PAGE + 0x3000, 6, 9);
	assert_fetched(0xfffffffa, 15);
}

/* ---- the trail ---- */

static void assert_trail(unsigned int levels, unsigned int leaf_level, u64 linear)
{
	assert_int_equal(trail.count, levels - leaf_level);
	for (unsigned int n = 0; n < trail.count; n++) {
		u64 index = linear >> (12 + 9 * (levels - 1 - n)) & 511, entry;

		memcpy(&entry, host.ram + TABLE(n) + index * 8, sizeof(entry));
		assert_int_equal(trail.value[n], entry);
		assert_int_equal(*trail.entry[n], entry);
		/* What it points to is the entry itself, not a copy of it. */
		set64(TABLE(n), (unsigned int)index, entry ^ 0x200);
		assert_int_equal(*trail.entry[n], entry ^ 0x200);
		set64(TABLE(n), (unsigned int)index, entry);
	}
	assert_int_equal(trail.code[0], code_byte(0));
	assert_int_equal(trail.code[14], code_byte(14));
}

static void trail_of_each_depth(void **state)
{
	const u64 linear = 0x0000123456400000ULL;

	for (unsigned int levels = 4; levels <= 5; levels++)
		for (unsigned int leaf = 0; leaf < 3; leaf++) {
			guest_memory_setup(state);
			set_long_mode(levels);
			/* the cell's memory begins at 0, and so does the large page */
			build_long(linear, levels, leaf, leaf ? PS | P : CODE_PAGE | P);
			u64 code = leaf ? linear & ((1ULL << (12 + 9 * leaf)) - 1) : CODE_PAGE;
			if (code >= RAM_SIZE)
				assert_int_equal(guest_memory_map(code, RAM_PHYS + CODE_PAGE, PAGE_SIZE, PG_READ), 0);
			write_code(code >= RAM_SIZE ? CODE_PAGE : code, 0, 15);
			assert_fetched(linear, 15);
			assert_trail(levels, leaf, linear);
		}
}

static void no_trail_where_it_does_not_tell_all(void **state)
{
	const u64 linear = 0x0000000000401000ULL;

	(void)state;
	set_long_mode(4);
	build_long(linear, 4, 0, CODE_PAGE | P);
	set64(TABLE(3), 2, (CODE_PAGE + 0x1000) | P);
	write_code(CODE_PAGE + PAGE_SIZE - 14, 0, 15);
	assert_fetched(linear + PAGE_SIZE - 14, 15);
	assert_int_equal(trail.count, 0);
	/* the second page is missing */
	set64(TABLE(3), 2, 0);
	assert_fetched(linear + PAGE_SIZE - 14, 14);
	assert_int_equal(trail.count, 0);
	/* nothing is mapped, or no memory */
	assert_fetched(linear + PAGE_SIZE, 0);
	assert_int_equal(trail.count, 0);
	set64(TABLE(3), 2, 0x7f000000 | P);
	assert_fetched(linear + PAGE_SIZE, 0);
	assert_int_equal(trail.count, 0);
	/* other modes: what lies between is not told */
	set_mode(0, 0, 0, 0);
	write_code(0x7c00, 0, 15);
	assert_fetched(0x7c00, 15);
	assert_int_equal(trail.count, 0);
	set_mode(PAGING, ROOT, X86_CR4_PAE, 0);
	set64(ROOT, 0, TABLE(1) | P);
	set64(TABLE(1), 0, PS | P);
	assert_fetched(0x7c00, 15);
	assert_int_equal(trail.count, 0);
	set_mode(PAGING, ROOT, X86_CR4_PSE, 0);
	set32(ROOT, 0, PS | P);
	assert_fetched(0x7c00, 15);
	assert_int_equal(trail.count, 0);
}

/* ---- mode and privilege ---- */

static void set_cs(u16 selector, u16 rights)
{
	CELL_CPU->arch.vendor.cs_selector = selector;
	CELL_CPU->arch.vendor.cs_rights = rights;
}

static void code_bits_follow_cs(void **state)
{
	(void)state;
	set_mode(0, 0, 0, 0);
	set_cs(0xf000, 0x9b);
	assert_int_equal(guest_code_bits(CELL_CPU), 16);
	set_cs(0x08, 0xc9b);
	assert_int_equal(guest_code_bits(CELL_CPU), 32);
	set_cs(0x10, 0xa9b);
	assert_int_equal(guest_code_bits(CELL_CPU), 16); /* L counts in long mode only */
	set_long_mode(4);
	assert_int_equal(guest_code_bits(CELL_CPU), 64);
	set_cs(0x08, 0xc9b);
	assert_int_equal(guest_code_bits(CELL_CPU), 32);
	set_cs(0x08, 0x89b);
	assert_int_equal(guest_code_bits(CELL_CPU), 16);
}

#define TEST(name) cmocka_unit_test_setup(name, guest_memory_setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_paging_addresses_are_the_same),
		TEST(two_levels),
		TEST(two_levels_large_page),
		TEST(large_page_bit_needs_pse),
		TEST(pae),
		TEST(four_levels),
		TEST(four_levels_2_mib_page),
		TEST(four_levels_1_gib_page),
		TEST(bit_7_is_no_page_in_upper_levels),
		TEST(five_levels),
		cmocka_unit_test_setup(five_levels, guest_memory_setup_5_levels),
		cmocka_unit_test_setup(two_levels, guest_memory_setup_5_levels),
		TEST(entries_without_present_bit_at_each_level),
		TEST(tables_outside_the_cell_are_not_read),
		cmocka_unit_test_setup(tables_outside_the_cell_are_not_read, guest_memory_setup_5_levels),
		TEST(device_registers_are_no_tables),
		TEST(nested_large_pages_are_followed),
		TEST(pages_are_found_again),
		TEST(pages_that_the_cell_has_lost_are_forgotten),
		TEST(code_inside_a_page),
		TEST(code_across_pages_that_lie_apart),
		TEST(second_page_unmapped_gives_the_bytes_before),
		TEST(code_in_real_mode),
		TEST(code_wraps_at_4_gib_outside_long_mode),
		TEST(trail_of_each_depth),
		TEST(no_trail_where_it_does_not_tell_all),
		TEST(code_bits_follow_cs),
	};

	return cmocka_run_group_tests(tests, guest_memory_setup_host, NULL);
}
