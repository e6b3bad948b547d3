// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Memory on its way between the root cell and others. */
#include "testbed.h"

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

/* As boards have it that give the root cell all addresses of the machine. */
static void test_root_regions_over_what_is_not_theirs(void **state)
{
	struct testbed *tb = *state;
	struct jailhouse_memory *ram = &tb->root.mem[ROOT_LINUX], *device = &tb->root.mem[ROOT_DEVICE];
	const struct page_table *pt;
	struct config cell;

	ram->phys_start = ram->virt_start = HV_START;
	ram->size += HV_SIZE;
	device->phys_start = device->virt_start = 0xfec00000 - MIB;
	device->size = 4 * MIB;
	assert_in_range(IRQCHIP, device->phys_start + PAGE_SIZE, device->phys_start + device->size - 2 * PAGE_SIZE);
	test_hypervisor_memory_reads_as_zero(state);
	pt = &tb->m->root.stage2;
	for (unsigned int n = 0; n < 2; n++) {
		assert_hidden(pt, IRQCHIP);
		assert_maps(pt, IRQCHIP - PAGE_SIZE, IRQCHIP - PAGE_SIZE, PG_READ | PG_WRITE);
		assert_maps(pt, IRQCHIP + PAGE_SIZE, IRQCHIP + PAGE_SIZE, PG_READ | PG_WRITE);
		assert_maps(pt, LINUX_START, LINUX_START, PG_READ | PG_WRITE | PG_EXEC);
		if (n > 0)
			break;
		/* A cell beside it comes and goes. */
		cell_config(&cell, "one", 1, 0x4);
		add_mem(&cell, IRQCHIP + PAGE_SIZE, IRQCHIP + PAGE_SIZE, PAGE_SIZE, MEM_RW);
		assert_int_equal(create(tb, &cell), 0);
		assert_hidden(pt, IRQCHIP + PAGE_SIZE);
		assert_int_equal(destroy(tb, 1), 0);
	}
	assert_printed(tb, "WARNING: memory region 2 (0xfeb00000-0xfeefffff) is without 0xfec00000-0xfec00fff\n");
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

/*
 * The CPUs remember what they have read, until they are told that it is gone. They keep 64 translations, so the pages
 * are chosen not to push each other out.
 */
static void test_taken_memory_is_gone_on_all_cpus(void **state)
{
	const u64 first = INMATE_START + 5 * PAGE_SIZE, last = INMATE_START + MIB - 7 * PAGE_SIZE;
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	for (unsigned int cpu = 0; cpu < 4; cpu++) {
		assert_linux_reads(tb, cpu, first);
		assert_linux_reads(tb, cpu, last);
	}
	assert_int_equal(create(tb, &cell), 0);
	/* Up to the borders all is as before. */
	assert_linux_reads(tb, 2, INMATE_START + MIB);
	assert_linux_reads(tb, 2, INMATE_START - 1);
	assert_linux_stopped(tb, 2, first);
	assert_linux_stopped(tb, 3, last);
	assert_linux_stopped(tb, 0, last);
	assert_hidden(&tb->m->root.stage2, INMATE_START);
	assert_hidden(&tb->m->root.stage2, INMATE_START + MIB - 1);
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
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, testbed_setup, testbed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(hypervisor_memory_reads_as_zero),
		TEST(root_regions_over_what_is_not_theirs),
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
		TEST(way_back_needs_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
