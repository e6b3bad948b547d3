// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Memory on its way between the root cell and others. */
#include "testbed.h"

static int setup(void **state)
{
	struct testbed *tb = calloc(1, sizeof(*tb));

	testbed_init(tb);
	*state = tb;
	return 0;
}

static int teardown(void **state)
{
	struct testbed *tb = *state;

	testbed_stop(tb);
	free(tb);
	return 0;
}

static u64 look(const struct page_table *pt, u64 virt, unsigned int *flags)
{
	*flags = 0;
	return paging_lookup(pt, virt, flags);
}

#define assert_maps(pt, virt, to, rights)                          \
	do {                                                       \
		unsigned int flags;                                \
		assert_int_equal(look(pt, virt, &flags), to);      \
		assert_int_equal(flags & (PG_READ | PG_WRITE | PG_EXEC), rights); \
	} while (0)

#define assert_hidden(pt, virt)                                                   \
	do {                                                                      \
		unsigned int flags;                                               \
		assert_int_equal(look(pt, virt, &flags), PAGING_INVALID_PHYS);    \
	} while (0)

/* ---- what the root cell sees of the hypervisor ---- */

static void test_hypervisor_memory_reads_as_zero(void **state)
{
	struct testbed *tb = *state;
	u64 value;

	testbed_start(tb);
	for (u64 address = HV_START; address < HV_START + HV_SIZE; address += PAGE_SIZE) {
		unsigned int flags;

		assert_int_not_equal(look(&tb->m->root.stage2, address, &flags), PAGING_INVALID_PHYS);
		assert_int_equal(flags & (PG_READ | PG_WRITE | PG_EXEC), PG_READ);
	}
	/* The pool, the configuration, the image */
	assert_true(linux_load(tb, 0, HV_START + HV_SIZE - 8, 8, &value));
	assert_int_equal(value, 0);
	assert_true(linux_load(tb, 0, HV_START, 8, &value));
	assert_int_equal(value, 0);
	assert_false(linux_store(tb, 1, HV_START + HV_SIZE - 8, 8, 1));
	assert_int_equal(hosted_record(tb->hw, 1)->reason.code, JAILHOUSE_REASON_MEM_ACCESS);
	assert_int_equal(hosted_record(tb->hw, 1)->reason.arg[0], JAILHOUSE_ARG_WRITE);
}

static void test_pages_for_the_driver_are_visible(void **state)
{
	struct testbed *tb = *state;
	const struct jailhouse_image_header *header;
	u64 value;

	testbed_start(tb);
	header = tb->m->header;
	assert_true(linux_load(tb, 0, HV_START + header->info_page, 8, &value));
	assert_memory_equal(&value, JAILHOUSE_INFO_SIGNATURE, 8);
	assert_maps(&tb->m->root.stage2, HV_START + header->console_page, HV_START + header->console_page, PG_READ);
	for (unsigned int id = 0; id < 4; id++) {
		u64 record = HV_START + tb->m->info->records + id * tb->m->info->record_stride;

		assert_maps(&tb->m->root.stage2, record, record, PG_READ);
		/* Behind the record the CPU's secrets begin. */
		assert_maps(&tb->m->root.stage2, record + PAGE_SIZE, page_pool_phys(&tb->m->pool, tb->m->zero_page),
			    PG_READ);
	}
}

static void test_console_page_only_if_permitted(void **state)
{
	struct testbed *tb = *state;

	tb->root.system.flags = 0;
	testbed_start(tb);
	assert_maps(&tb->m->root.stage2, HV_START + tb->m->header->console_page,
		    page_pool_phys(&tb->m->pool, tb->m->zero_page), PG_READ);
}

/* ---- taking and giving ---- */

static void test_taken_memory_is_gone_on_all_cpus(void **state)
{
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	for (unsigned int cpu = 0; cpu < 4; cpu++) {
		assert_linux_reads(tb, cpu, INMATE_START);
		assert_linux_reads(tb, cpu, INMATE_START + MIB - 1);
		assert_linux_reads(tb, cpu, INMATE_START + MIB);
		assert_linux_reads(tb, cpu, INMATE_START - 1);
	}
	assert_int_equal(create(tb, &cell), 0);
	assert_linux_reads(tb, 2, INMATE_START + MIB);
	assert_linux_reads(tb, 2, INMATE_START - 1);
	assert_linux_stopped(tb, 2, INMATE_START);
	assert_linux_stopped(tb, 3, INMATE_START + MIB - 1);
	assert_linux_stopped(tb, 0, INMATE_START + MIB - 1);
}

static void test_given_back_with_the_rights_of_the_root(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;

	tb->root.mem[ROOT_INMATE].flags = MEM_RW | JAILHOUSE_MEM_DMA;
	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	take_snapshot(tb, &before);
	assert_int_equal(create(tb, &cell), 0);
	assert_maps(&cell_by_id(tb->m, 1)->stage2, 0, INMATE_START, PG_READ | PG_WRITE | PG_EXEC);
	assert_int_equal(destroy(tb, 1), 0);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_maps(&tb->m->root.stage2, INMATE_START, INMATE_START, PG_READ | PG_WRITE);
	assert_linux_reads(tb, 0, INMATE_START);
	assert_unchanged(tb, &before);
}

static void test_a_cell_sees_nothing_else(void **state)
{
	struct testbed *tb = *state;
	struct translation seen;
	struct config cell;
	struct cell *one;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	add_mem(&cell, DEVICE_PAGE, 0x40000000, PAGE_SIZE, JAILHOUSE_MEM_READ | JAILHOUSE_MEM_IO);
	assert_int_equal(create(tb, &cell), 0);
	one = cell_by_id(tb->m, 1);
	translate_all(&one->stage2, &seen);
	assert_int_equal(seen.count, 3);
	assert_int_equal(seen.runs[0].virt, 0);
	assert_int_equal(seen.runs[0].phys, INMATE_START);
	assert_int_equal(seen.runs[0].size, MIB);
	assert_int_equal(seen.runs[1].virt, MIB);
	assert_int_equal(seen.runs[1].phys, one->comm_phys);
	assert_int_equal(seen.runs[1].size, PAGE_SIZE);
	assert_int_equal(seen.runs[2].virt, 0x40000000);
	assert_int_equal(seen.runs[2].phys, DEVICE_PAGE);
	assert_int_equal(seen.runs[2].flags, PG_READ | PG_DEVICE);
	assert_hidden(&tb->m->root.stage2, DEVICE_PAGE);
}

static void test_shared_memory_stays_with_the_root(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	add_mem(&cell, INMATE_START + 8 * MIB, 8 * MIB, MIB, MEM_RW | JAILHOUSE_MEM_ROOTSHARED);
	take_snapshot(tb, &before);
	assert_int_equal(create(tb, &cell), 0);
	assert_maps(&cell_by_id(tb->m, 1)->stage2, 8 * MIB, INMATE_START + 8 * MIB, PG_READ | PG_WRITE);
	assert_linux_reads(tb, 0, INMATE_START + 8 * MIB);
	assert_linux_reads(tb, 0, INMATE_START + 9 * MIB - 1);
	assert_int_equal(destroy(tb, 1), 0);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_unchanged(tb, &before);
}

static void test_place_holders_and_overlaps_inside_a_cell(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;
	struct cell *one;

	testbed_start(tb);
	take_snapshot(tb, &before);
	cell_config(&cell, "one", 1, 0x2);
	add_mem(&cell, INMATE_START, 0, 0, MEM_RWX);
	/* The last region wins. */
	add_mem(&cell, INMATE_START + 4 * MIB, PAGE_SIZE, PAGE_SIZE, JAILHOUSE_MEM_READ);
	/* The same memory at a second place */
	add_mem(&cell, INMATE_START, 64 * MIB, PAGE_SIZE, JAILHOUSE_MEM_READ);
	assert_int_equal(create(tb, &cell), 0);
	one = cell_by_id(tb->m, 1);
	assert_maps(&one->stage2, 0, INMATE_START, PG_READ | PG_WRITE | PG_EXEC);
	assert_maps(&one->stage2, PAGE_SIZE, INMATE_START + 4 * MIB, PG_READ);
	assert_maps(&one->stage2, 2 * PAGE_SIZE, INMATE_START + 2 * PAGE_SIZE, PG_READ | PG_WRITE | PG_EXEC);
	assert_maps(&one->stage2, 64 * MIB, INMATE_START, PG_READ);
	assert_int_equal(destroy(tb, 1), 0);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_unchanged(tb, &before);
}

/* What the root never had it does not get. */
static void test_memory_beyond_the_root(void **state)
{
	const u64 end = INMATE_START + INMATE_SIZE;
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;

	testbed_start(tb);
	take_snapshot(tb, &before);
	cell_config(&cell, "one", 1, 0x2);
	add_mem(&cell, end - 2 * PAGE_SIZE, 2 * MIB, 5 * PAGE_SIZE, MEM_RW | JAILHOUSE_MEM_LOADABLE);
	assert_int_equal(create(tb, &cell), 0);
	assert_printed(tb, "WARNING: memory region 2 (0x2ffe000-0x3002fff) is not part of the root cell\n");
	assert_maps(&cell_by_id(tb->m, 1)->stage2, 2 * MIB + 4 * PAGE_SIZE, end + 2 * PAGE_SIZE, PG_READ | PG_WRITE);
	assert_hidden(&tb->m->root.stage2, end - PAGE_SIZE);
	assert_int_equal(set_loadable(tb, 1), 0);
	assert_linux_reads(tb, 0, end - PAGE_SIZE);
	assert_hidden(&tb->m->root.stage2, end);
	assert_int_equal(destroy(tb, 1), 0);
	assert_hidden(&tb->m->root.stage2, end);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_unchanged(tb, &before);
}

static void test_region_over_two_of_the_root(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;

	tb->root.mem[ROOT_LINUX].flags = MEM_RW | JAILHOUSE_MEM_DMA;
	testbed_start(tb);
	take_snapshot(tb, &before);
	cell_config(&cell, "one", 1, 0x2);
	cell.mem[0].phys_start = INMATE_START - 3 * PAGE_SIZE;
	assert_int_equal(create(tb, &cell), 0);
	assert_hidden(&tb->m->root.stage2, INMATE_START - PAGE_SIZE);
	assert_hidden(&tb->m->root.stage2, INMATE_START);
	assert_int_equal(set_loadable(tb, 1), 0);
	assert_maps(&tb->m->root.stage2, INMATE_START - PAGE_SIZE, INMATE_START - PAGE_SIZE, PG_READ | PG_WRITE);
	assert_maps(&tb->m->root.stage2, INMATE_START, INMATE_START, PG_READ | PG_WRITE | PG_EXEC);
	assert_int_equal(start(tb, 1), 0);
	assert_hidden(&tb->m->root.stage2, INMATE_START - PAGE_SIZE);
	assert_hidden(&tb->m->root.stage2, INMATE_START);
	comm_of(tb, 1)->cell_state = JAILHOUSE_CELL_SHUT_DOWN;
	assert_int_equal(destroy(tb, 1), 0);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_unchanged(tb, &before);
}

static void test_small_pages_on_request(void **state)
{
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "large", 1, 0x2);
	cell.mem[0].phys_start = INMATE_START;
	cell.mem[0].size = 4 * MIB;
	cell.mem[1].virt_start = 8 * MIB;
	assert_int_equal(create(tb, &cell), 0);
	assert_null(paging_entry(&cell_by_id(tb->m, 1)->stage2, 0));
	cell_config(&cell, "small", 2, 0x4);
	cell.mem[0].phys_start = INMATE_START + 4 * MIB;
	cell.mem[0].size = 4 * MIB;
	cell.mem[0].flags |= JAILHOUSE_MEM_NO_HUGEPAGES;
	cell.mem[1].virt_start = 8 * MIB;
	assert_int_equal(create(tb, &cell), 0);
	assert_non_null(paging_entry(&cell_by_id(tb->m, 2)->stage2, 0));
}

/* ---- loadable regions ---- */

static void test_loadable_only_until_started(void **state)
{
	struct testbed *tb = *state;
	struct snapshot created;
	struct config cell;
	u64 value;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	cell.cell.flags = JAILHOUSE_CELL_PASSIVE_COMMREG;
	add_mem(&cell, INMATE_START + 8 * MIB, 8 * MIB, MIB, MEM_RWX);
	assert_int_equal(create(tb, &cell), 0);
	take_snapshot(tb, &created);
	assert_hidden(&tb->m->root.stage2, INMATE_START);

	assert_int_equal(set_loadable(tb, 1), 0);
	assert_printed(tb, "Cell \"one\" can be loaded\n");
	assert_hidden(&tb->m->root.stage2, INMATE_START + 8 * MIB);
	assert_true(linux_store(tb, 0, INMATE_START + 8, 8, 0x1122334455667788));
	assert_linux_reads(tb, 2, INMATE_START + 8);
	assert_linux_reads(tb, 3, INMATE_START + MIB - 1);

	/* A second time there is nothing to do. */
	assert_int_equal(set_loadable(tb, 1), 0);
	assert_true(linux_load(tb, 0, INMATE_START + 8, 8, &value));
	assert_int_equal(value, 0x1122334455667788);

	assert_int_equal(start(tb, 1), 0);
	memcpy(&value, hosted_ram(tb->hw, INMATE_START + 8, 8), 8);
	assert_int_equal(value, 0x1122334455667788);
	assert_linux_stopped(tb, 2, INMATE_START + 8);
	assert_linux_stopped(tb, 3, INMATE_START + MIB - 1);
	assert_int_equal(set_loadable(tb, 1), 0);
	assert_int_equal(start(tb, 1), 0);
	assert_int_equal(tb->m->pool.used, created.pool_used);
}

/* ---- sub-page regions of the root ---- */

static const struct mmio_window *window_at(const struct testbed *tb, u64 start)
{
	const struct mmio_map *map = &tb->m->root.mmio;

	for (unsigned int n = 0; n < map->count; n++)
		if (map->windows[n].start == start)
			return &map->windows[n];
	return NULL;
}

static void test_subpage_windows_do_what_they_allow(void **state)
{
	struct testbed *tb = *state;
	u64 value;

	testbed_start(tb);
	assert_hidden(&tb->m->root.stage2, SUBPAGE_1);
	tb->registers[SUBPAGE_1 - DEVICE_PAGE] = 0x5a;
	assert_true(linux_load(tb, 0, SUBPAGE_1, 1, &value));
	assert_int_equal(value, 0x5a);
	assert_true(linux_store(tb, 0, SUBPAGE_1 + SUBPAGE_1_SIZE - 4, 4, 0x12345678));
	assert_memory_equal(tb->registers + (SUBPAGE_1 - DEVICE_PAGE) + SUBPAGE_1_SIZE - 4, "\x78\x56\x34\x12", 4);
}

static void expect_violation(struct testbed *tb, u64 address, unsigned int size, bool write, u32 code)
{
	const struct jailhouse_cpu_record *record;
	u64 value;

	testbed_start(tb);
	memset(tb->registers, 0x77, 2 * PAGE_SIZE);
	assert_false(write ? linux_store(tb, 3, address, size, 0) : linux_load(tb, 3, address, size, &value));
	record = hosted_record(tb->hw, 3);
	assert_int_equal(record->kind, JAILHOUSE_RECORD_VIOLATION);
	assert_int_equal(record->reason.code, code);
	if (code == JAILHOUSE_REASON_SUBPAGE_ACCESS) {
		assert_int_equal(record->reason.arg[0], write ? JAILHOUSE_ARG_WRITE : JAILHOUSE_ARG_READ);
		assert_int_equal(record->reason.arg[1], address);
		assert_int_equal(record->reason.arg[2], size);
		assert_printed(tb, write ? "FATAL: Invalid MMIO write, address: " : "FATAL: Invalid MMIO read, address: ");
	}
	for (unsigned int n = 0; n < 2 * PAGE_SIZE; n++)
		assert_int_equal(tb->registers[n], 0x77);
	testbed_stop(tb);
}

static void test_subpage_rights(void **state)
{
	struct testbed *tb = *state;

	expect_violation(tb, SUBPAGE_1, 2, false, JAILHOUSE_REASON_SUBPAGE_ACCESS); /* width */
	expect_violation(tb, SUBPAGE_1, 8, true, JAILHOUSE_REASON_SUBPAGE_ACCESS);
	expect_violation(tb, SUBPAGE_1 + 2, 4, false, JAILHOUSE_REASON_SUBPAGE_ACCESS); /* alignment */
	expect_violation(tb, SUBPAGE_1 - 2, 4, false, JAILHOUSE_REASON_MEM_ACCESS); /* over the start */
	expect_violation(tb, SUBPAGE_1 + SUBPAGE_1_SIZE, 1, false, JAILHOUSE_REASON_MEM_ACCESS); /* behind */
	tb->root.mem[ROOT_SUBPAGE_1].flags &= ~(u64)JAILHOUSE_MEM_WRITE;
	expect_violation(tb, SUBPAGE_1, 4, true, JAILHOUSE_REASON_SUBPAGE_ACCESS);
	tb->root.mem[ROOT_SUBPAGE_1].flags = JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO_32;
	expect_violation(tb, SUBPAGE_1, 4, false, JAILHOUSE_REASON_SUBPAGE_ACCESS);
	/* Larger than a page, and an access over the border of two pages */
	tb->root.mem[ROOT_SUBPAGE_2] = (struct jailhouse_memory){
		0xf0000800, 0xf0000800, 0x900, MEM_RW | JAILHOUSE_MEM_IO_32 | JAILHOUSE_MEM_IO_UNALIGNED
	};
	tb->root.mem[ROOT_DEVICE].size = 0;
	expect_violation(tb, 0xf0000ffe, 4, true, JAILHOUSE_REASON_SUBPAGE_ACCESS);
}

static void test_subpage_unaligned_if_permitted(void **state)
{
	struct testbed *tb = *state;
	u64 value;

	tb->root.mem[ROOT_SUBPAGE_1].flags |= JAILHOUSE_MEM_IO_UNALIGNED;
	testbed_start(tb);
	memcpy(tb->registers + (SUBPAGE_1 + 2 - DEVICE_PAGE), "\x01\x02\x03\x04", 4);
	assert_true(linux_load(tb, 0, SUBPAGE_1 + 2, 4, &value));
	assert_int_equal(value, 0x04030201);
}

static void test_subpage_cut_and_joined_again(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;

	testbed_start(tb);
	take_snapshot(tb, &before);
	cell_config(&cell, "one", 1, 0x2);
	add_mem(&cell, SUBPAGE_1 + 0x40, SUBPAGE_1 + 0x40, 0x20, MEM_RW | JAILHOUSE_MEM_IO_32);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(window_at(tb, SUBPAGE_1)->size, 0x40);
	assert_int_equal(window_at(tb, SUBPAGE_1 + 0x60)->size, SUBPAGE_1_SIZE - 0x60);
	assert_int_equal(tb->m->root.mmio.count, before.num_windows + 1);
	assert_linux_reads(tb, 0, SUBPAGE_1 + 0x3f);
	assert_linux_reads(tb, 0, SUBPAGE_1 + 0x60);
	assert_linux_stopped(tb, 2, SUBPAGE_1 + 0x40);
	assert_linux_stopped(tb, 3, SUBPAGE_1 + 0x5f);
	assert_int_equal(destroy(tb, 1), 0);
	assert_int_equal(tb->m->root.mmio.count, before.num_windows);
	assert_int_equal(window_at(tb, SUBPAGE_1)->size, SUBPAGE_1_SIZE);
	assert_linux_reads(tb, 0, SUBPAGE_1 + 0x40);
}

static void test_subpage_cut_at_the_edges(void **state)
{
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	add_mem(&cell, SUBPAGE_1, SUBPAGE_1, 0x10, MEM_RW | JAILHOUSE_MEM_IO_32);
	add_mem(&cell, SUBPAGE_1 + 0xf0, SUBPAGE_1 + 0xf0, 0x10, MEM_RW | JAILHOUSE_MEM_IO_32);
	/* From the end of one window to the other, over what the root does not have */
	add_mem(&cell, SUBPAGE_2, SUBPAGE_2, SUBPAGE_2_SIZE + 0x10, MEM_RW | JAILHOUSE_MEM_IO_32);
	assert_int_equal(create(tb, &cell), 0);
	assert_null(window_at(tb, SUBPAGE_1));
	assert_int_equal(window_at(tb, SUBPAGE_1 + 0x10)->size, 0xe0);
	assert_null(window_at(tb, SUBPAGE_2));
	assert_int_equal(tb->m->root.mmio.count, 1);
	assert_int_equal(destroy(tb, 1), 0);
	assert_int_equal(tb->m->root.mmio.count, 2);
	assert_int_equal(window_at(tb, SUBPAGE_1)->size, SUBPAGE_1_SIZE);
	assert_int_equal(window_at(tb, SUBPAGE_2)->size, SUBPAGE_2_SIZE);
}

static void test_subpage_of_two_cells(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;

	testbed_start(tb);
	take_snapshot(tb, &before);
	cell_config(&cell, "one", 1, 0x2);
	add_mem(&cell, SUBPAGE_1 + 0x40, SUBPAGE_1 + 0x40, 0x20, MEM_RW | JAILHOUSE_MEM_IO_32);
	assert_int_equal(create(tb, &cell), 0);
	cell_config(&cell, "two", 2, 0x4);
	add_mem(&cell, SUBPAGE_1 + 0x60, SUBPAGE_1 + 0x60, 0x20, MEM_RW | JAILHOUSE_MEM_IO_32);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(destroy(tb, 1), 0);
	assert_int_equal(window_at(tb, SUBPAGE_1)->size, 0x60);
	assert_int_equal(window_at(tb, SUBPAGE_1 + 0x80)->size, 0x80);
	assert_int_equal(destroy(tb, 2), 0);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_true(hosted_online(tb->hw, 0, 2));
	assert_unchanged(tb, &before);
}

/* A whole page of registers of which the root only has windows: they go as well. */
static void test_page_takes_subpage_windows(void **state)
{
	const u64 page = SUBPAGE_1 & PAGE_MASK;
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;

	testbed_start(tb);
	take_snapshot(tb, &before);
	cell_config(&cell, "one", 1, 0x2);
	add_mem(&cell, page, page, PAGE_SIZE, MEM_RW | JAILHOUSE_MEM_IO);
	assert_int_equal(create(tb, &cell), 0);
	assert_linux_stopped(tb, 2, SUBPAGE_1);
	assert_linux_stopped(tb, 3, SUBPAGE_2);
	assert_int_equal(tb->m->root.mmio.count, 0);
	assert_int_equal(destroy(tb, 1), 0);
	assert_int_equal(tb->m->root.mmio.count, before.num_windows);
	assert_linux_reads(tb, 0, SUBPAGE_1);
}

/* Two regions for the same registers give them back once. */
static void test_subpage_region_twice(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;

	testbed_start(tb);
	take_snapshot(tb, &before);
	cell_config(&cell, "one", 1, 0x2);
	add_mem(&cell, SUBPAGE_1 + 0x40, 0x20000140, 0x20, MEM_RW | JAILHOUSE_MEM_IO_32);
	add_mem(&cell, SUBPAGE_1 + 0x50, 0x20001150, 0x20, MEM_RW | JAILHOUSE_MEM_IO_32);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(destroy(tb, 1), 0);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_unchanged(tb, &before);
}

static void test_subpage_region_of_a_cell(void **state)
{
	struct testbed *tb = *state;
	struct config cell;
	struct cell *one;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	add_mem(&cell, SUBPAGE_1, 0x20000100, 0x20, MEM_RW | JAILHOUSE_MEM_IO_32);
	assert_int_equal(create(tb, &cell), 0);
	one = cell_by_id(tb->m, 1);
	assert_hidden(&one->stage2, 0x20000100);
	assert_int_equal(one->mmio.count, 1);
	assert_int_equal(one->mmio.windows[0].start, 0x20000100);
	assert_int_equal(one->mmio.windows[0].size, 0x20);
}

/* ---- without memory ---- */

struct hoard {
	void *pages[512];
	unsigned int count;
};

static void take_all_pages(struct page_pool *pool, struct hoard *hoard)
{
	hoard->count = 0;
	while ((hoard->pages[hoard->count] = page_alloc(pool, 1)))
		hoard->count++;
}

static void free_all_pages(struct page_pool *pool, struct hoard *hoard)
{
	for (unsigned int n = 0; n < hoard->count; n++)
		page_free(pool, hoard->pages[n], 1);
}

/* After create nothing may need memory, whatever was joined in the root's tables before. */
static void test_way_back_needs_no_memory(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;
	struct hoard hoard;

	/* Two regions that look like one large page once they have been given back. */
	tb->root.mem[ROOT_INMATE].size = MIB;
	add_mem(&tb->root, INMATE_START + MIB, INMATE_START + MIB, INMATE_SIZE - MIB, MEM_RWX);
	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	cell.cell.flags = JAILHOUSE_CELL_PASSIVE_COMMREG;
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(destroy(tb, 1), 0);
	assert_true(hosted_online(tb->hw, 0, 1));
	take_snapshot(tb, &before);

	cell.mem[0].size = 2 * MIB;
	cell.mem[1].virt_start = 2 * MIB;
	assert_int_equal(create(tb, &cell), 0);
	take_all_pages(&tb->m->pool, &hoard);
	assert_int_equal(set_loadable(tb, 1), 0);
	assert_linux_reads(tb, 0, INMATE_START);
	assert_linux_reads(tb, 0, INMATE_START + 2 * MIB - 1);
	assert_int_equal(start(tb, 1), 0);
	assert_hidden(&tb->m->root.stage2, INMATE_START);
	assert_int_equal(destroy(tb, 1), 0);
	assert_linux_reads(tb, 0, INMATE_START);
	assert_linux_reads(tb, 0, INMATE_START + 2 * MIB - 1);
	free_all_pages(&tb->m->pool, &hoard);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_unchanged(tb, &before);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(hypervisor_memory_reads_as_zero),
		TEST(pages_for_the_driver_are_visible),
		TEST(console_page_only_if_permitted),
		TEST(taken_memory_is_gone_on_all_cpus),
		TEST(given_back_with_the_rights_of_the_root),
		TEST(a_cell_sees_nothing_else),
		TEST(shared_memory_stays_with_the_root),
		TEST(place_holders_and_overlaps_inside_a_cell),
		TEST(memory_beyond_the_root),
		TEST(region_over_two_of_the_root),
		TEST(small_pages_on_request),
		TEST(loadable_only_until_started),
		TEST(subpage_windows_do_what_they_allow),
		TEST(subpage_rights),
		TEST(subpage_unaligned_if_permitted),
		TEST(subpage_cut_and_joined_again),
		TEST(subpage_cut_at_the_edges),
		TEST(subpage_of_two_cells),
		TEST(page_takes_subpage_windows),
		TEST(subpage_region_twice),
		TEST(subpage_region_of_a_cell),
		TEST(way_back_needs_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
