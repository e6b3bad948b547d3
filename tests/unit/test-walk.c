// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* walk.c: a guest's page tables of every paging mode, read through real nested tables. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "fake-x86/fake.h"
#include <hypervisor/arch/memory.h>
#include <asm/paging.h>

#define GUEST_PAGES 64
#define POOL_PAGES  64
#define RAM_PHYS    0x40000000ULL /* of the host; the cell sees it from 0 on */
#define POOL_PHYS   0x80000000ULL

#define P  0x01ULL
#define PS 0x80ULL

/* Guest-physical places of the guest's tables */
#define ROOT	  0x1000
#define TABLE(n)  (ROOT + 0x1000 * (n))
#define CODE_PAGE 0x20000

#define RAM_SIZE (GUEST_PAGES * PAGE_SIZE)

static struct {
	int file;     /* the host's memory, so that it can be mapped a second time */
	u8 *ram;
	u8 *window;   /* of the CPU */
	u64 window_pte[ARCH_TEMP_PAGES];
	u8 pool_pages[POOL_PAGES][PAGE_SIZE] __attribute__((aligned(4096)));
	struct page_pool pool;
	unsigned int num_mapped;
} host;

/* Only now the processor takes notice of a changed entry of the window. */
void invlpg(const void *address)
{
	size_t n = (size_t)((const u8 *)address - host.window) / PAGE_SIZE;
	u64 phys, page;

	assert_in_range(n, 8, ARCH_TEMP_PAGES - 1);
	/* present, read-only, no code */
	assert_int_equal(host.window_pte[n] & 0x8000000000000003ULL, 0x8000000000000001ULL);
	phys = host.window_pte[n] & 0x000ffffffffff000ULL;
	page = (phys - RAM_PHYS) / PAGE_SIZE % GUEST_PAGES;
	assert_true(phys >= RAM_PHYS);
	assert_ptr_equal(mmap(host.window + n * PAGE_SIZE, PAGE_SIZE, PROT_READ, MAP_SHARED | MAP_FIXED, host.file,
			      (off_t)(page * PAGE_SIZE)),
			 host.window + n * PAGE_SIZE);
	host.num_mapped++;
}

static int map(u64 virt, u64 phys, u64 size, unsigned int flags)
{
	return paging_map(&fake.cell.stage2, virt, phys, size, flags);
}

static int setup_levels(const struct paging_format *format)
{
	fake_reset(NULL);
	memset(host.ram, 0, RAM_SIZE);
	memset(host.window_pte, 0xff, sizeof(host.window_pte));
	memset(host.pool_pages, 0, sizeof(host.pool_pages));
	host.num_mapped = 0;
	CELL_CPU->arch.temp_base = host.window;
	CELL_CPU->arch.temp_pte = host.window_pte;
	page_pool_init(&host.pool, host.pool_pages, POOL_PHYS, POOL_PAGES);
	if (paging_create(&fake.cell.stage2, format, &host.pool))
		return -1;
	return map(0, RAM_PHYS, RAM_SIZE, PG_READ | PG_WRITE | PG_EXEC);
}

static int setup(void **state)
{
	(void)state;
	return setup_levels(&x86_nested_format[0]);
}

static int setup_5_level_host(void **state)
{
	(void)state;
	return setup_levels(&x86_nested_format[1]);
}

static void store(u64 addr, const void *data, unsigned int size)
{
	memcpy(host.ram + addr, data, size);
}

static void set64(u64 table, unsigned int index, u64 entry)
{
	store(table + index * 8, &entry, 8);
}

static void set32(u64 table, unsigned int index, u32 entry)
{
	store(table + index * 4, &entry, 4);
}

static void set_mode(u64 cr0, u64 cr3, u64 cr4, u64 efer)
{
	CELL_CPU->arch.vendor.cr0 = cr0;
	CELL_CPU->arch.vendor.cr3 = cr3;
	CELL_CPU->arch.vendor.cr4 = cr4;
	CELL_CPU->arch.vendor.efer = efer;
}

#define PAGING (X86_CR0_PG | X86_CR0_PE)

static void set_long_mode(unsigned int levels)
{
	set_mode(PAGING, ROOT | 0xfff, X86_CR4_PAE | (levels == 5 ? X86_CR4_LA57 : 0),
		 X86_EFER_LMA | X86_EFER_LME);
}

/* Tables one behind the other; the entry of each level is the index that `linear` selects. */
static void build_long(u64 linear, unsigned int levels, unsigned int leaf_level, u64 leaf)
{
	unsigned int table = 0;

	for (unsigned int level = levels - 1; level > leaf_level; level--, table++)
		set64(TABLE(table), (linear >> (12 + 9 * level)) & 511, TABLE(table + 1) | 0xe67 /* P and others */);
	set64(TABLE(table), (linear >> (12 + 9 * leaf_level)) & 511, leaf);
}

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
	assert_int_equal(map(TABLE(2), RAM_PHYS + TABLE(2), PAGE_SIZE, PG_READ | PG_WRITE | PG_DEVICE), 0);
	assert_unmapped(linear);
	assert_int_equal(map(TABLE(2), RAM_PHYS + TABLE(2), PAGE_SIZE, PG_READ), 0);
	assert_translation(linear, CODE_PAGE);
	assert_int_equal(paging_unmap(&fake.cell.stage2, TABLE(2), PAGE_SIZE), 0);
	assert_unmapped(linear);
}

static void nested_large_pages_are_followed(void **state)
{
	const u64 linear = 0x1000, far = 0x40000000, huge = 0x200000;

	(void)state;
	/* guest-physical 1 GiB: one nested 2 MiB page, of which the host's memory repeats every 64 pages */
	assert_int_equal(map(far, RAM_PHYS, huge, PG_READ | PG_WRITE), 0);
	assert_true(paging_lookup(&fake.cell.stage2, far + 0x1fffff, NULL) == RAM_PHYS + 0x1fffff);
	set_long_mode(4);
	build_long(linear, 4, 0, CODE_PAGE | P);
	set64(ROOT, 0, (far + TABLE(1)) | P);
	set64(TABLE(1), 0, (far + 0x140000 + TABLE(2)) | P);
	assert_translation(linear, CODE_PAGE);
	assert_int_equal(map(far, RAM_PHYS, huge, PG_READ | PG_DEVICE), 0);
	assert_unmapped(linear);
}

/* ---- pages that stay mapped ---- */

static void pages_are_found_again(void **state)
{
	const u64 linear = 0x0000123456789000ULL;

	(void)state;
	guest_forget_memory(CELL_CPU);
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

static void nothing_is_kept_without_a_promise_to_tell_of_changes(void **state)
{
	(void)state;
	set_long_mode(4);
	build_long(0, 4, 0, CODE_PAGE | P);
	assert_translation(0, CODE_PAGE);
	assert_int_equal(paging_unmap(&fake.cell.stage2, TABLE(2), PAGE_SIZE), 0);
	assert_unmapped(0);
}

static void pages_that_the_cell_has_lost_are_forgotten(void **state)
{
	(void)state;
	guest_forget_memory(CELL_CPU);
	set_long_mode(4);
	build_long(0, 4, 0, CODE_PAGE | P);
	for (unsigned int table = 0; table < 4; table++) {
		assert_translation(0, CODE_PAGE);
		assert_int_equal(paging_unmap(&fake.cell.stage2, TABLE(table), PAGE_SIZE), 0);
		guest_forget_memory(CELL_CPU);
		assert_unmapped(0);
		assert_int_equal(map(TABLE(table), RAM_PHYS + TABLE(table), PAGE_SIZE, PG_READ), 0);
	}
}

static void others_may_use_the_window(void **state)
{
	(void)state;
	guest_forget_memory(CELL_CPU);
	set_long_mode(4);
	build_long(0, 4, 0, CODE_PAGE | P);
	assert_translation(0, CODE_PAGE);
	for (unsigned int n = 0; n < ARCH_TEMP_PAGES; n++) {
		host.window_pte[n] = (RAM_PHYS + CODE_PAGE) | 0x8000000000000063ULL;
		if (n >= 8)
			memset(mmap(host.window + n * PAGE_SIZE, PAGE_SIZE, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), 0xff, PAGE_SIZE);
	}
	assert_translation(0, CODE_PAGE);
	assert_int_equal(host.num_mapped, 8);
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

static void assert_fetched(u64 linear, unsigned int expected)
{
	u8 buf[16];

	memset(buf, 0xee, sizeof(buf));
	assert_int_equal(guest_fetch(CELL_CPU, linear, buf, 15), expected);
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
	/* four tables and the code, once */
	assert_int_equal(host.num_mapped, 5);
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

static int setup_host(void **state)
{
	(void)state;
	host.file = memfd_create("ram", 0);
	if (host.file < 0 || ftruncate(host.file, RAM_SIZE))
		return -1;
	host.ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, host.file, 0);
	host.window = mmap(NULL, ARCH_TEMP_PAGES * PAGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return host.ram == MAP_FAILED || host.window == MAP_FAILED ? -1 : 0;
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

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
		cmocka_unit_test_setup(five_levels, setup_5_level_host),
		cmocka_unit_test_setup(two_levels, setup_5_level_host),
		TEST(entries_without_present_bit_at_each_level),
		TEST(tables_outside_the_cell_are_not_read),
		cmocka_unit_test_setup(tables_outside_the_cell_are_not_read, setup_5_level_host),
		TEST(device_registers_are_no_tables),
		TEST(nested_large_pages_are_followed),
		TEST(pages_are_found_again),
		TEST(nothing_is_kept_without_a_promise_to_tell_of_changes),
		TEST(pages_that_the_cell_has_lost_are_forgotten),
		TEST(others_may_use_the_window),
		TEST(code_inside_a_page),
		TEST(code_across_pages_that_lie_apart),
		TEST(second_page_unmapped_gives_the_bytes_before),
		TEST(code_in_real_mode),
		TEST(code_wraps_at_4_gib_outside_long_mode),
		TEST(code_bits_follow_cs),
	};

	return cmocka_run_group_tests(tests, setup_host, NULL);
}
