// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A create that fails at any point leaves everything as it was. */
#include "testbed.h"
#include <hypervisor/pci.h>
#include <jailhouse/pci_defs.h>

#define BDF	   0x0010 /* 00:02.0 */
#define MSIX_PAGE  0xf0010000UL

static unsigned int inits, exits;
static u8 *function; /* its configuration space */
static u8 function_before[4096];
static bool last_fails;

static int count_init(struct cell *cell)
{
	inits += !cell_is_root(cell);
	return 0;
}

static void count_exit(struct cell *cell)
{
	exits += !cell_is_root(cell);
}

static int fail_init(struct cell *cell)
{
	if (last_fails && !cell_is_root(cell))
		return REFUSE0(cell->machine, -EIO, INTERNAL, JAILHOUSE_ITEM_NONE, 0);
	return 0;
}

/* A function with MSI-X, that cannot be reset, which would take its time. */
static void add_function(struct testbed *tb)
{
	static const u8 space[0x60] = {
		[0x00] = 0xf4, 0x1a, 0x00, 0x10, [0x04] = 0x06, 0x00, 0x10, 0x00, [0x10] = 0x00, 0x00, 0x01, 0xf0,
		[0x34] = 0x40, [0x40] = PCI_CAP_ID_MSIX, 0x50, 0x01, 0x00, [0x50] = PCI_CAP_ID_PM, [0x54] = 0x08,
	};

	function = hosted_add_pci(tb->hw, BDF, space, sizeof(space));
	assert_non_null(function);
	assert_non_null(hosted_add_registers(tb->hw, MSIX_PAGE, PAGE_SIZE));
}

static void list_function(struct config *config)
{
	config->cell.num_pci_devices = 1;
	config->pci[0] = (struct jailhouse_pci_device){
		.type = JAILHOUSE_PCI_TYPE_DEVICE,
		.bdf = BDF,
		.bar_mask = { 0xfffff000 },
		.num_msix_vectors = 2,
		.msix_region_size = PAGE_SIZE,
		.msix_address = MSIX_PAGE,
	};
}

/* A cell that needs a bit of everything. */
static void rich_cell(struct config *cell)
{
	cell_config(cell, "rich", 1, 0x6);
	/* Splits large pages of the root at both ends; its own part over several tables */
	cell->mem[0].phys_start = INMATE_START + 3 * PAGE_SIZE;
	cell->mem[0].size = 6 * MIB;
	cell->mem[1].virt_start = 0x80000000;
	add_mem(cell, INMATE_START + 9 * MIB + PAGE_SIZE, 0x7fffe00000, 2 * MIB, MEM_RWX | JAILHOUSE_MEM_LOADABLE);
	add_mem(cell, LINUX_START + 2 * MIB, 0x100000000, PAGE_SIZE, MEM_RW | JAILHOUSE_MEM_ROOTSHARED);
	add_mem(cell, SUBPAGE_1 + 0x10, 0x20000110, 0x20, MEM_RW | JAILHOUSE_MEM_IO_32);
	list_function(cell);
}

static void build(struct testbed *tb)
{
	inits = 0;
	exits = 0;
	last_fails = false;
	tb->setup.first.cell_init = count_init;
	tb->setup.first.cell_exit = count_exit;
	tb->setup.last.cell_init = fail_init;
	tb->root.system.platform_info.pci_mmconfig_base = 0xb0000000;
	tb->root.system.platform_info.pci_mmconfig_end_bus = 0;
	list_function(&tb->root);
	testbed_build(tb);
	add_function(tb);
	assert_int_equal(testbed_enable(tb), 0);
}

static u32 owner_job_value;

static void read_id(struct hosted_cpu *cpu, void *arg)
{
	*(u32 *)arg = vm_pci_read(cpu, BDF, 0, 4);
}

static void assert_root_has_function(struct testbed *tb)
{
	assert_true(hosted_run(tb->hw, 0, read_id, &owner_job_value));
	assert_int_equal(owner_job_value, 0x10001af4);
}

static void fail_each_allocation(struct testbed *tb)
{
	struct snapshot before;
	struct config cell;
	unsigned long n;
	long err = -ENOMEM;

	build(tb);
	rich_cell(&cell);
	take_snapshot(tb, &before);
	memcpy(function_before, function, sizeof(function_before));
	for (n = 1; err == -ENOMEM; n++) {
		assert_true(n < 100);
		tb->m->pool.fail_at = n;
		err = create(tb, &cell);
		if (err == -ENOMEM) {
			assert_int_equal(tb->m->pool.fail_at, 0);
			assert_reason(tb, NO_MEMORY, JAILHOUSE_ITEM_NONE, 0);
			assert_unchanged(tb, &before);
			assert_int_equal(inits, exits);
			assert_root_has_function(tb);
			/* Nobody has even tried to reset it, which would switch it off. */
			assert_memory_equal(function, function_before, sizeof(function_before));
			assert_linux_reads(tb, 3, INMATE_START + MIB);
		}
		tb->m->pool.fail_at = 0;
	}
	assert_int_equal(err, 0);
	/* As many as there are: configuration, cell, communication region, tables, windows, PCI, splits */
	assert_true(n > 15);
	assert_int_equal(destroy(tb, 1), 0);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_true(hosted_online(tb->hw, 0, 2));
	assert_unchanged(tb, &before);
	assert_int_equal(inits, exits);
	assert_root_has_function(tb);
}

static void test_each_allocation(void **state)
{
	fail_each_allocation(*state);
}

static void test_each_allocation_with_5_levels(void **state)
{
	struct testbed *tb = *state;

	tb->setup.levels = 5;
	tb->setup.max_leaf = 2;
	fail_each_allocation(tb);
}

static void test_a_unit_says_no(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;

	build(tb);
	rich_cell(&cell);
	take_snapshot(tb, &before);
	last_fails = true;
	assert_int_equal(create(tb, &cell), -EIO);
	assert_reason(tb, INTERNAL, JAILHOUSE_ITEM_NONE, 0);
	assert_int_equal(inits, 1);
	assert_int_equal(exits, 1);
	assert_unchanged(tb, &before);
	assert_root_has_function(tb);
	last_fails = false;
	assert_int_equal(create(tb, &cell), 0);
}

/* Nothing was given away yet that a refused create could have left zeroed. */
static void test_memory_keeps_its_contents(void **state)
{
	struct testbed *tb = *state;
	struct config cell;
	const u8 *memory;

	build(tb);
	memset(hosted_ram(tb->hw, INMATE_START, INMATE_SIZE), 0x5a, INMATE_SIZE);
	rich_cell(&cell);
	last_fails = true;
	assert_int_equal(create(tb, &cell), -EIO);
	memory = hosted_ram(tb->hw, INMATE_START, INMATE_SIZE);
	for (u64 n = 0; n < INMATE_SIZE; n++)
		assert_int_equal(memory[n], 0x5a);
}

static void test_root_without_windows(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;

	tb->root.mem[ROOT_SUBPAGE_1].size = 0;
	tb->root.mem[ROOT_SUBPAGE_2].size = 0;
	testbed_start(tb);
	assert_int_equal(tb->m->root.mmio.pages, 0);
	take_snapshot(tb, &before);
	cell_config(&cell, "one", 1, 0x2);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(destroy(tb, 1), 0);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_unchanged(tb, &before);
}

/* All that destroy needs is there already. */
static void test_destroy_needs_no_memory(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;

	build(tb);
	rich_cell(&cell);
	take_snapshot(tb, &before);
	assert_int_equal(create(tb, &cell), 0);
	tb->m->pool.fail_at = 1;
	assert_int_equal(set_loadable(tb, 1), 0);
	assert_int_equal(start(tb, 1), 0);
	comm_of(tb, 1)->cell_state = JAILHOUSE_CELL_FAILED;
	assert_int_equal(destroy(tb, 1), 0);
	assert_int_equal(tb->m->pool.fail_at, 1);
	tb->m->pool.fail_at = 0;
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_true(hosted_online(tb->hw, 0, 2));
	assert_unchanged(tb, &before);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, testbed_setup, testbed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(each_allocation),
		TEST(each_allocation_with_5_levels),
		TEST(a_unit_says_no),
		TEST(memory_keeps_its_contents),
		TEST(root_without_windows),
		TEST(destroy_needs_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
