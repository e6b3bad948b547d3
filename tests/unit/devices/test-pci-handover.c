// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The way of a PCI function from the root cell to another one and back: resets, ownership,
 * failures. */
#include "fake-devices.h"

#define BDF      0x00d8
#define UNLISTED 0x0028
#define CMD_OFF  0x0400

static const struct jailhouse_pci_capability caps[] = {
	{.id = 0, .start = 0x40, .len = 0x80, .flags = JAILHOUSE_PCICAPS_WRITE},
};

static struct jailhouse_pci_device device = {
	.type = JAILHOUSE_PCI_TYPE_DEVICE,
	.bdf = BDF,
	.num_caps = 1,
	.bar_mask = {0xffff0000},
};

static const struct fake_config parts = {.pci = &device, .num_pci = 1, .caps = caps, .num_caps = 1};

static struct fake_function *function;

static void prepare(void)
{
	device.domain = 0;
	device.msix_address = 0;
	device.num_msix_vectors = 0;
	function = fake_add_function(BDF);
}

static void start(void)
{
	assert_int_equal(fake_start_root(&pci_unit, fake_make_config("root", 0, &parts)), 0);
	clear_log();
}

static int create(void)
{
	return fake_create(&pci_unit, CELL, fake_make_config("cell", 1, &parts));
}

static u32 read(struct percpu *cpu, u16 reg, unsigned int size)
{
	return pci_config_read(cpu, BDF, reg, size);
}

static void a_function_goes_to_a_cell_and_back(void **state)
{
	(void)state;
	prepare();
	start();
	assert_int_equal(create(), 0);
	assert_log("Removing PCI device 00:1b.0 from cell \"root\"\n"
		   "Adding PCI device 00:1b.0 to cell \"cell\"\n");
	assert_log("WARNING: PCI device 00:1b.0 cannot be reset, it keeps its state\n");
	assert_int_equal(fake_get(function, 4, 2), CMD_OFF);
	assert_int_equal(read(ROOT_CPU, 0, 4), ~0U);
	assert_int_equal(read(CELL_CPU, 0, 4), 0x12348086);
	assert_int_equal(read(CELL_CPU, 0x10, 4), 0xfe000000);
	assert_true(pci_config_write(ROOT_CPU, "config", BDF, 4, 2, 7));
	assert_int_equal(fake_get(function, 4, 2), CMD_OFF);
	assert_true(pci_config_write(CELL_CPU, "config", BDF, 4, 2, 6));
	assert_int_equal(fake_get(function, 4, 2), 6);

	clear_log();
	fake_destroy(&pci_unit, CELL);
	assert_log("Removing PCI device 00:1b.0 from cell \"cell\"\n"
		   "Adding PCI device 00:1b.0 to cell \"root\"\n");
	assert_int_equal(fake_get(function, 4, 2), CMD_OFF);
	assert_int_equal(read(ROOT_CPU, 0, 4), 0x12348086);
	fake_stop_root(&pci_unit);
}

static void enable_changes_nothing(void **state)
{
	u8 before[4096];

	(void)state;
	prepare();
	fake_put(function, fake_add_cap(function, 0x40, PCI_CAP_ID_PM) + 4, 2, 3);
	memcpy(before, function->space, sizeof(before));
	start();
	fake_stop_root(&pci_unit);
	assert_int_equal(function->writes, 0);
	assert_memory_equal(function->space, before, sizeof(before));
}

static void disable_writes_addresses_that_linux_has_moved(void **state)
{
	(void)state;
	prepare();
	start();
	assert_true(pci_config_write(ROOT_CPU, "config", BDF, 0x10, 4, 0xfd000000));
	assert_int_equal(fake_get(function, 0x10, 4), 0xfe000000);
	fake_stop_root(&pci_unit);
	assert_int_equal(fake_get(function, 0x10, 4), 0xfd000000);
}

static void function_level_reset(void **state)
{
	u64 begin;

	(void)state;
	prepare();
	fake_add_cap(function, 0x40, PCI_CAP_ID_EXP);
	fake_put(function, 0x44, 4, 1U << 28);
	fake_put(function, 0x48, 2, 0x2810);
	start();

	begin = fake.now;
	assert_int_equal(create(), 0);
	assert_not_log("cannot be reset");
	assert_int_equal(function->resets, 1);
	assert_int_equal(function->command_at_reset, CMD_OFF);
	/* nobody waits ... */
	assert_in_range(fake.now - begin, 0, 10);
	assert_int_equal(fake_get(function, 0x10, 4), 0);
	/* ... not even the start, for nobody has touched it ... */
	pci_unit.cell_reset(CELL);
	assert_int_equal(function->resets, 1);
	assert_in_range(fake.now - begin, 0, 10);
	/* ... but the first access */
	assert_int_equal(read(CELL_CPU, 0, 2), 0x8086);
	assert_in_range(fake.now - begin, 100, 120);
	assert_int_equal(function->disturbed, 0);
	assert_int_equal(fake_get(function, 0x10, 4), 0xfe000000);
	assert_int_equal(fake_get(function, 0x0c, 4), 0x10);
	assert_int_equal(fake_get(function, 0x3c, 1), 11);
	assert_int_equal(fake_get(function, 0x48, 2), 0x2810);
	assert_int_equal(fake_get(function, 4, 2), CMD_OFF);

	assert_true(pci_config_write(CELL_CPU, "config", BDF, 4, 2, 6));
	pci_unit.cell_reset(CELL);
	assert_int_equal(function->resets, 2);
	/* destroyed while that reset goes on */
	fake_destroy(&pci_unit, CELL);
	assert_int_equal(function->resets, 2);
	assert_int_equal(read(ROOT_CPU, 0, 2), 0x8086);
	assert_int_equal(fake_get(function, 0x10, 4), 0xfe000000);
	assert_int_equal(function->disturbed, 0);
	fake_stop_root(&pci_unit);
}

static void a_function_moves_on_in_the_middle_of_a_reset(void **state)
{
	(void)state;
	prepare();
	fake_add_cap(function, 0x40, PCI_CAP_ID_AF);
	fake_put(function, 0x43, 1, 3);
	start();
	assert_int_equal(create(), 0);
	assert_int_equal(read(CELL_CPU, 0, 2), 0x8086);
	fake_destroy(&pci_unit, CELL);
	assert_int_equal(function->resets, 2);
	assert_int_equal(create(), 0);
	assert_int_equal(function->resets, 2);
	fake_destroy(&pci_unit, CELL);
	/* disable waits */
	fake_stop_root(&pci_unit);
	assert_int_equal(function->resets, 2);
	assert_int_equal(function->disturbed, 0);
	assert_int_equal(fake_get(function, 0x10, 4), 0xfe000000);
}

static void reset_by_power_states(void **state)
{
	(void)state;
	prepare();
	fake_add_cap(function, 0x40, PCI_CAP_ID_PM);
	start();
	assert_int_equal(create(), 0);
	assert_int_equal(fake_get(function, 0x44, 2), 3);
	assert_int_equal(read(CELL_CPU, 0, 2), 0x8086);
	assert_int_equal(function->resets, 1);
	assert_int_equal(fake_get(function, 0x44, 2), 0);
	assert_int_equal(fake_get(function, 0x10, 4), 0xfe000000);
	assert_int_equal(function->disturbed, 0);
	fake_destroy(&pci_unit, CELL);
	fake_stop_root(&pci_unit);
}

static void power_states_that_reset_nothing(void **state)
{
	(void)state;
	prepare();
	fake_put(function, fake_add_cap(function, 0x40, PCI_CAP_ID_PM) + 4, 2, 8);
	start();
	assert_int_equal(create(), 0);
	assert_log("cannot be reset");
	assert_int_equal(fake_get(function, 0x44, 2), 8);
	fake_destroy(&pci_unit, CELL);
	fake_stop_root(&pci_unit);
}

static void a_sleeping_function_is_woken(void **state)
{
	(void)state;
	prepare();
	fake_put(function, fake_add_cap(function, 0x40, PCI_CAP_ID_PM) + 4, 2, 3);
	start();
	assert_int_equal(create(), 0);
	assert_int_equal(read(CELL_CPU, 0x10, 4), 0xfe000000);
	assert_int_equal(fake_get(function, 0x44, 2) & 3, 0);
	assert_int_equal(fake_get(function, 4, 2), CMD_OFF);
	fake_destroy(&pci_unit, CELL);
	fake_stop_root(&pci_unit);
}

static void transactions_that_never_end(void **state)
{
	u64 begin;

	(void)state;
	prepare();
	fake_add_cap(function, 0x40, PCI_CAP_ID_EXP);
	fake_put(function, 0x44, 4, 1U << 28);
	start();
	function->stuck = true;
	begin = fake.now;
	assert_int_equal(create(), 0);
	assert_in_range(fake.now - begin, 1, 20);
	assert_log("WARNING: PCI device 00:1b.0 does not finish its transactions\n");
	assert_int_equal(function->resets, 1);
	fake_destroy(&pci_unit, CELL);
	fake_stop_root(&pci_unit);
}

static void virtual_functions_are_warned_of(void **state)
{
	(void)state;
	prepare();
	fake_add_cap(function, 0x40, PCI_CAP_ID_EXP);
	fake_put(function, 0x100, 4, 0x14010001);
	fake_put(function, 0x140, 4, 0x00010010);
	start();
	assert_int_equal(create(), 0);
	assert_log("WARNING: PCI device 00:1b.0 controls virtual functions\n");
	fake_destroy(&pci_unit, CELL);
	fake_stop_root(&pci_unit);
}

static void endless_capability_lists(void **state)
{
	(void)state;
	prepare();
	fake_add_cap(function, 0x40, PCI_CAP_ID_EXP);
	function->space[0x41] = 0x40;
	fake_put(function, 0x100, 4, 0x10010001);
	start();
	assert_int_equal(read(ROOT_CPU, 0, 2), 0x8086);
	fake_stop_root(&pci_unit);
}

static void a_function_that_root_does_not_list(void **state)
{
	const struct fake_config none = {0};

	(void)state;
	prepare();
	fake_add_cap(function, 0x40, PCI_CAP_ID_EXP);
	fake_put(function, 0x44, 4, 1U << 28);
	assert_int_equal(fake_start_root(&pci_unit, fake_make_config("root", 0, &none)), 0);
	assert_int_equal(create(), 0);
	assert_int_equal(read(CELL_CPU, 0, 2), 0x8086);
	assert_true(pci_config_write(CELL_CPU, "config", BDF, 4, 2, 6));
	fake_destroy(&pci_unit, CELL);
	assert_int_equal(fake_get(function, 4, 2), CMD_OFF);
	assert_int_equal(read(ROOT_CPU, 0, 4), ~0U);
	/* created and destroyed without any access: the reset has to end all the same */
	assert_int_equal(create(), 0);
	fake_destroy(&pci_unit, CELL);
	assert_int_equal(fake_get(function, 0x10, 4), 0xfe000000);
	assert_int_equal(function->disturbed, 0);
	fake_stop_root(&pci_unit);
}

static void another_domain_does_not_come_back(void **state)
{
	(void)state;
	prepare();
	start();
	device.domain = 1;
	assert_int_equal(create(), 0);
	assert_int_equal(read(ROOT_CPU, 0, 4), ~0U);
	fake_destroy(&pci_unit, CELL);
	assert_int_equal(read(ROOT_CPU, 0, 4), ~0U);
	fake_stop_root(&pci_unit);
}

static void an_absent_function_is_skipped(void **state)
{
	(void)state;
	prepare();
	function->present = false;
	start();
	assert_int_equal(create(), 0);
	assert_log("WARNING: PCI device 00:1b.0 is absent, skipped\n");
	assert_int_equal(read(CELL_CPU, 0, 4), ~0U);
	fake_destroy(&pci_unit, CELL);
	assert_int_equal(read(ROOT_CPU, 0, 4), ~0U);
	fake_stop_root(&pci_unit);
}

static void add_msix(u64 address)
{
	fake_add_cap(function, 0x70, PCI_CAP_ID_MSIX);
	fake_put(function, 0x72, 2, 3);      /* four vectors */
	fake_put(function, 0x74, 4, 0x2000); /* BAR 0 */
	device.msix_address = address;
	device.msix_region_size = 0x1000;
	device.num_msix_vectors = 4;
}

/* Each allocation in turn fails; root keeps the function as it was. */
static void failures_leave_everything_as_it_was(void **state)
{
	unsigned int writes;

	(void)state;
	prepare();
	add_msix(0xfe002000);
	start();
	writes = function->writes;
	for (unsigned int n = 1; n <= 3; n++) {
		fake.machine.pool.fail_at = n;
		assert_refused(create(), ENOMEM, NO_MEMORY);
		assert_int_equal(fake.machine.pool.fail_at, 0);
		assert_int_equal(function->writes, writes);
		assert_int_equal(read(ROOT_CPU, 0, 2), 0x8086);
	}
	assert_int_equal(create(), 0);
	fake_destroy(&pci_unit, CELL);
	fake_stop_root(&pci_unit);
}

static void failures_at_enable(void **state)
{
	(void)state;
	prepare();
	add_msix(0xfe002000);
	for (unsigned int n = 1; n <= 3; n++) {
		fake.machine.pool.fail_at = n;
		assert_refused(fake_start_root(&pci_unit, fake_make_config("root", 0, &parts)),
			       ENOMEM, NO_MEMORY);
	}
	assert_int_equal(function->writes, 0);
	start();
	fake_stop_root(&pci_unit);
}

static void a_table_elsewhere_is_refused(void **state)
{
	(void)state;
	prepare();
	add_msix(0xfe003000);
	assert_refused(fake_start_root(&pci_unit, fake_make_config("root", 0, &parts)), EINVAL,
		       PCI_MSIX_TABLE);
	assert_int_equal(fake.refusal.arg[1], 0xfe003000);
}

static void two_windows_at_one_place_are_refused(void **state)
{
	struct jailhouse_pci_device two[2];
	const struct fake_config both = {.pci = two, .num_pci = 2};

	(void)state;
	prepare();
	add_msix(0xfe002000);
	two[0] = two[1] = device;
	two[0].num_caps = two[1].num_caps = 0;
	two[1].bdf = UNLISTED;
	function = fake_add_function(UNLISTED);
	add_msix(0xfe002000);
	assert_refused(fake_start_root(&pci_unit, fake_make_config("root", 0, &both)), EINVAL,
		       PCI_MSIX_TABLE);
}

static void a_virtual_function_needs_the_word_of_the_root_cell(void **state)
{
	(void)state;
	prepare();
	fake_put(function, 0x10, 4, 0);
	add_msix(0xfe008000);
	start();
	assert_int_equal(create(), 0);
	fake_destroy(&pci_unit, CELL);
	device.msix_address = 0x1000;
	assert_refused(create(), EINVAL, PCI_MSIX_TABLE);
	fake_stop_root(&pci_unit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DEVICE_TEST(a_function_goes_to_a_cell_and_back),
		DEVICE_TEST(enable_changes_nothing),
		DEVICE_TEST(disable_writes_addresses_that_linux_has_moved),
		DEVICE_TEST(function_level_reset),
		DEVICE_TEST(a_function_moves_on_in_the_middle_of_a_reset),
		DEVICE_TEST(reset_by_power_states),
		DEVICE_TEST(power_states_that_reset_nothing),
		DEVICE_TEST(a_sleeping_function_is_woken),
		DEVICE_TEST(transactions_that_never_end),
		DEVICE_TEST(virtual_functions_are_warned_of),
		DEVICE_TEST(endless_capability_lists),
		DEVICE_TEST(a_function_that_root_does_not_list),
		DEVICE_TEST(another_domain_does_not_come_back),
		DEVICE_TEST(an_absent_function_is_skipped),
		DEVICE_TEST(failures_leave_everything_as_it_was),
		DEVICE_TEST(failures_at_enable),
		DEVICE_TEST(a_table_elsewhere_is_refused),
		DEVICE_TEST(two_windows_at_one_place_are_refused),
		DEVICE_TEST(a_virtual_function_needs_the_word_of_the_root_cell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
