// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* MSI and MSI-X: messages that leave the cell never reach a device that may send. */
#include "fake-devices.h"

#define BDF   0x0010
#define MSI   0x50
#define MSIX  0x70
#define TABLE 0xfe002000ULL

#define FOR_CPU(id)   (0xfee00000U | (id) << 12)
#define VECTORS       4
#define CONTROL_OF(n) ((n)*4 + 3)

static const struct jailhouse_pci_capability caps[] = {
	{.id = PCI_CAP_ID_MSI, .start = MSI, .len = 24, .flags = JAILHOUSE_PCICAPS_WRITE},
	{.id = PCI_CAP_ID_MSIX, .start = MSIX, .len = 12, .flags = JAILHOUSE_PCICAPS_WRITE},
};

static struct jailhouse_pci_device device;
static const struct fake_config parts = {.pci = &device, .num_pci = 1, .caps = caps, .num_caps = 2};
static struct fake_function *function;

static u32 *table(void)
{
	return (u32 *)fake.device_memory;
}

static void prepare(bool wide)
{
	device = (struct jailhouse_pci_device){
		.type = JAILHOUSE_PCI_TYPE_DEVICE,
		.bdf = BDF,
		.num_caps = 2,
		.num_msi_vectors = 1,
		.num_msix_vectors = VECTORS,
		.msix_address = TABLE,
		.msix_region_size = 0x1000,
	};
	function = fake_add_function(BDF);
	fake_add_cap(function, MSI, PCI_CAP_ID_MSI);
	fake_put(function, MSI + 2, 2, wide ? 0x0186 : 0x0106); /* maskable, eight messages */
	fake_add_cap(function, MSIX, PCI_CAP_ID_MSIX);
	fake_put(function, MSIX + 2, 2, VECTORS - 1);
	fake_put(function, MSIX + 4, 4, 0x2000);
	for (unsigned int n = 0; n < VECTORS; n++)
		table()[CONTROL_OF(n)] = 1;
}

static void start(void)
{
	assert_int_equal(fake_start_root(&pci_unit, fake_make_config("root", 0, &parts)), 0);
}

static void start_cell(bool wide)
{
	prepare(wide);
	start();
	assert_int_equal(fake_create(&pci_unit, CELL, fake_make_config("cell", 1, &parts)), 0);
	clear_log();
}

static void stop_cell(void)
{
	fake_destroy(&pci_unit, CELL);
	fake_stop_root(&pci_unit);
}

static bool write(struct percpu *cpu, u16 reg, unsigned int size, u32 value)
{
	return pci_config_write(cpu, "config", BDF, reg, size, value);
}

static u32 read(struct percpu *cpu, u16 reg, unsigned int size)
{
	return pci_config_read(cpu, BDF, reg, size);
}

static enum mmio_result put_entry(struct percpu *cpu, unsigned int word, u32 value)
{
	u64 access = value;

	return fake_mmio(cpu, TABLE + word * 4, 4, true, &access);
}

static u32 get_entry(struct percpu *cpu, unsigned int word)
{
	u64 access = 0;

	assert_int_equal(fake_mmio(cpu, TABLE + word * 4, 4, false, &access), MMIO_HANDLED);
	return (u32)access;
}

/* ---- MSI ---- */

static void put_message(struct percpu *cpu, u32 address, u32 data)
{
	assert_true(write(cpu, MSI + 4, 4, address));
	assert_true(write(cpu, MSI + 12, 2, data));
}

static bool enable_msi(struct percpu *cpu)
{
	return write(cpu, MSI + 2, 2, 1);
}

static bool msi_is_on(void)
{
	return fake_get(function, MSI + 2, 2) & 1;
}

static void msi_inside_the_cell(void **state)
{
	(void)state;
	start_cell(true);
	assert_true(write(CELL_CPU, MSI + 4, 4, FOR_CPU(2)));
	assert_true(write(CELL_CPU, MSI + 8, 4, 0));
	assert_true(write(CELL_CPU, MSI + 12, 2, 0x41));
	assert_false(msi_is_on());
	assert_true(enable_msi(CELL_CPU));
	assert_int_equal(fake_get(function, MSI + 4, 4), FOR_CPU(2) | 1);
	assert_int_equal(fake_get(function, MSI + 12, 2), 0x41);
	assert_int_equal(fake_get(function, MSI + 2, 2), 0x0187);
	/* what the guest sees is its own */
	assert_int_equal(read(CELL_CPU, MSI + 4, 4), FOR_CPU(2));
	assert_int_equal(read(CELL_CPU, MSI + 2, 2), 0x0187);
	assert_int_equal(read(CELL_CPU, MSI, 1), PCI_CAP_ID_MSI);
	assert_int_equal(read(CELL_CPU, MSI + 5, 1), 0x20);
	/* while it is on */
	assert_true(write(CELL_CPU, MSI + 4, 4, FOR_CPU(3)));
	assert_int_equal(fake_get(function, MSI + 4, 4), FOR_CPU(3) | 1);
	assert_true(write(CELL_CPU, MSI + 2, 2, 0));
	assert_false(msi_is_on());
	stop_cell();
}

static void msi_with_a_narrow_address(void **state)
{
	(void)state;
	start_cell(false);
	assert_true(write(CELL_CPU, MSI + 4, 4, FOR_CPU(2)));
	assert_true(write(CELL_CPU, MSI + 8, 4, 0xabcd0042));
	assert_true(enable_msi(CELL_CPU));
	assert_int_equal(fake_get(function, MSI + 8, 4), 0x42);
	assert_int_equal(read(CELL_CPU, MSI + 8, 2), 0x42);
	/* mask bits follow, which the hardware has */
	assert_true(write(CELL_CPU, MSI + 12, 4, 0x55));
	assert_int_equal(fake_get(function, MSI + 12, 4), 0x55);
	stop_cell();
}

static void msi_to_a_foreign_cpu_stops_the_cell(void **state)
{
	(void)state;
	start_cell(true);
	put_message(CELL_CPU, FOR_CPU(0), 0x41);
	assert_false(enable_msi(CELL_CPU));
	assert_violation(MSI_TARGET);
	assert_int_equal(fake.violation.arg[0], BDF);
	assert_int_equal(fake.violation.arg[1], FOR_CPU(0));
	assert_int_equal(fake.violation.arg[2], 0x41);
	assert_log(
		"FATAL: MSI of PCI device 00:02.0 leaves the cell, address: fee00000 data: 41\n");
	assert_false(msi_is_on());
	stop_cell();
}

static void msi_redirected_while_on_stops_the_cell(void **state)
{
	(void)state;
	start_cell(true);
	put_message(CELL_CPU, FOR_CPU(2), 0x41);
	assert_true(enable_msi(CELL_CPU));
	/* one byte is enough */
	assert_false(write(CELL_CPU, MSI + 5, 1, 0x10));
	assert_violation(MSI_TARGET);
	assert_false(msi_is_on());
	stop_cell();
}

static void upper_address_half_counts(void **state)
{
	(void)state;
	start_cell(true);
	assert_true(write(CELL_CPU, MSI + 4, 4, FOR_CPU(2)));
	assert_true(write(CELL_CPU, MSI + 8, 4, 1));
	assert_true(write(CELL_CPU, MSI + 12, 2, 0x41));
	assert_false(enable_msi(CELL_CPU));
	assert_violation(MSI_TARGET);
	assert_int_equal(fake.violation.arg[1], 1ULL << 32 | FOR_CPU(2));
	stop_cell();
}

static void an_unwritten_message_is_no_interrupt(void **state)
{
	(void)state;
	start_cell(true);
	assert_true(enable_msi(CELL_CPU));
	assert_true(write(CELL_CPU, MSI + 4, 4, FOR_CPU(2)));
	assert_false(msi_is_on());
	assert_int_equal(read(CELL_CPU, MSI + 2, 2) & 1, 1);
	assert_true(write(CELL_CPU, MSI + 12, 2, 0x41));
	assert_true(msi_is_on());
	stop_cell();
}

static void a_block_of_messages_is_judged_by_its_first(void **state)
{
	(void)state;
	start_cell(true);
	put_message(CELL_CPU, FOR_CPU(2), 0x47);
	assert_true(write(CELL_CPU, MSI + 2, 2, 0x0031)); /* eight */
	assert_int_equal(fake_get(function, MSI + 12, 2), 0x40);
	assert_int_equal(fake_get(function, MSI + 2, 2), 0x01b7);
	stop_cell();
}

static void the_root_cell_only_loses_the_interrupt(void **state)
{
	(void)state;
	start_cell(true);
	fake_destroy(&pci_unit, CELL);
	fake_give_cpus(OTHER);
	put_message(ROOT_CPU, FOR_CPU(3), 0x41);
	assert_true(enable_msi(ROOT_CPU));
	assert_log("WARNING: MSI of PCI device 00:02.0 leaves the root cell");
	assert_false(msi_is_on());
	assert_true(write(ROOT_CPU, MSI + 4, 4, FOR_CPU(1)));
	assert_true(msi_is_on());
	fake_give_cpus(ROOT);
	fake_stop_root(&pci_unit);
}

/* ---- MSI-X ---- */

static void msix_inside_the_cell(void **state)
{
	(void)state;
	start_cell(true);
	assert_true(write(CELL_CPU, MSIX + 2, 2, 0xc000));
	assert_int_equal(fake_get(function, MSIX + 2, 2), 0xc000 | (VECTORS - 1));
	assert_int_equal(put_entry(CELL_CPU, 4, FOR_CPU(3)), MMIO_HANDLED);
	assert_int_equal(put_entry(CELL_CPU, 5, 0), MMIO_HANDLED);
	assert_int_equal(put_entry(CELL_CPU, 6, 0x51), MMIO_HANDLED);
	assert_int_equal(table()[CONTROL_OF(1)], 1);
	assert_int_equal(put_entry(CELL_CPU, CONTROL_OF(1), 0), MMIO_HANDLED);
	assert_int_equal(table()[4], FOR_CPU(3) | 1);
	assert_int_equal(table()[6], 0x51);
	assert_int_equal(table()[CONTROL_OF(1)], 0);
	assert_int_equal(get_entry(CELL_CPU, 4), FOR_CPU(3));
	assert_int_equal(get_entry(CELL_CPU, CONTROL_OF(1)), 0);
	assert_int_equal(get_entry(CELL_CPU, CONTROL_OF(0)), 1);
	assert_true(write(CELL_CPU, MSIX + 2, 2, 0x8000));
	assert_int_equal(read(CELL_CPU, MSIX + 2, 2), 0x8000 | (VECTORS - 1));
	/* where the table is stays a fact */
	assert_true(write(CELL_CPU, MSIX, 1, 0xff));
	assert_int_equal(read(CELL_CPU, MSIX, 1), PCI_CAP_ID_MSIX);
	stop_cell();
}

static void msix_to_a_foreign_cpu_stops_the_cell(void **state)
{
	(void)state;
	start_cell(true);
	assert_int_equal(put_entry(CELL_CPU, 0, FOR_CPU(1)), MMIO_HANDLED);
	assert_int_equal(put_entry(CELL_CPU, 2, 0x51), MMIO_HANDLED);
	assert_int_equal(put_entry(CELL_CPU, 3, 0), MMIO_ERROR);
	assert_violation(MSI_TARGET);
	assert_int_equal(table()[3], 1);

	/* an entry in use */
	assert_int_equal(put_entry(CELL_CPU, 3, 1), MMIO_HANDLED);
	assert_int_equal(put_entry(CELL_CPU, 0, FOR_CPU(2)), MMIO_HANDLED);
	assert_int_equal(put_entry(CELL_CPU, 3, 0), MMIO_HANDLED);
	assert_int_equal(table()[3], 0);
	assert_int_equal(put_entry(CELL_CPU, 0, FOR_CPU(0)), MMIO_ERROR);
	assert_violation(MSI_TARGET);
	assert_int_equal(table()[3], 1);
	stop_cell();
}

static void behind_the_table(void **state)
{
	u64 value = 0;

	(void)state;
	start_cell(true);
	table()[VECTORS * 4] = 0xfeed;
	assert_int_equal(get_entry(CELL_CPU, VECTORS * 4), 0xfeed);
	assert_int_equal(put_entry(CELL_CPU, VECTORS * 4, 0), MMIO_ERROR);
	assert_violation(MSIX_ACCESS);
	assert_int_equal(fake.violation.arg[1], VECTORS * 16);
	assert_log("FATAL: Invalid PCI MSI-X table/PBA access, device 00:02.0\n");
	assert_int_equal(table()[VECTORS * 4], 0xfeed);
	/* wrong widths */
	assert_int_equal(fake_mmio(CELL_CPU, TABLE, 1, false, &value), MMIO_ERROR);
	assert_violation(MSIX_ACCESS);
	assert_int_equal(fake_mmio(CELL_CPU, TABLE, 8, true, &value), MMIO_ERROR);
	assert_violation(MSIX_ACCESS);
	assert_int_equal(fake_mmio(CELL_CPU, TABLE + 2, 4, true, &value), MMIO_ERROR);
	assert_violation(MSIX_ACCESS);
	/* the root cell has lost the window with the function */
	assert_int_equal(fake_mmio(ROOT_CPU, TABLE, 4, false, &value), MMIO_UNHANDLED);
	stop_cell();
}

static void learning_mode_answers_in_the_table(void **state)
{
	u64 value = 0;

	(void)state;
	prepare(true);
	start();
	fake.learning = true;
	assert_int_equal(put_entry(ROOT_CPU, VECTORS * 4, 0), MMIO_HANDLED);
	assert_int_equal(fake.learned.address, TABLE + VECTORS * 16);
	assert_int_equal(fake_mmio(ROOT_CPU, TABLE, 2, false, &value), MMIO_HANDLED);
	assert_int_equal(value, 0xffff);
	fake_stop_root(&pci_unit);
}

static void fewer_vectors_than_configured(void **state)
{
	(void)state;
	prepare(true);
	fake_put(function, MSIX + 2, 2, 1); /* two */
	start();
	assert_int_equal(put_entry(ROOT_CPU, 4, FOR_CPU(0)), MMIO_HANDLED);
	assert_int_equal(put_entry(ROOT_CPU, 8, FOR_CPU(0)), MMIO_ERROR);
	assert_violation(MSIX_ACCESS);
	fake_stop_root(&pci_unit);
}

static void without_a_table_a_cell_gets_no_msix(void **state)
{
	(void)state;
	prepare(true);
	device.msix_address = 0;
	start();
	assert_true(write(ROOT_CPU, MSIX + 2, 2, 0x8000));
	assert_int_equal(fake_get(function, MSIX + 2, 2) & 0x8000, 0x8000);
	assert_int_equal(fake_create(&pci_unit, CELL, fake_make_config("cell", 1, &parts)), 0);
	assert_true(write(CELL_CPU, MSIX + 2, 2, 0x8000));
	assert_int_equal(fake_get(function, MSIX + 2, 2) & 0x8000, 0);
	stop_cell();
}

static void table_in_the_middle_of_a_page(void **state)
{
	(void)state;
	prepare(true);
	fake_put(function, MSIX + 4, 4, 0x2100);
	table()[0x100 / 4 + 3] = 1;
	table()[0] = 0xcafe;
	start();
	assert_int_equal(get_entry(ROOT_CPU, 0), 0xcafe);
	assert_int_equal(put_entry(ROOT_CPU, 0, 1), MMIO_ERROR);
	assert_violation(MSIX_ACCESS);
	assert_int_equal(put_entry(ROOT_CPU, 0x100 / 4 + 0, FOR_CPU(1)), MMIO_HANDLED);
	assert_int_equal(put_entry(ROOT_CPU, 0x100 / 4 + 2, 0x61), MMIO_HANDLED);
	assert_int_equal(put_entry(ROOT_CPU, 0x100 / 4 + 3, 0), MMIO_HANDLED);
	assert_int_equal(table()[0x100 / 4], FOR_CPU(1));
	assert_int_equal(table()[0x100 / 4 + 3], 0);
	assert_int_equal(table()[0], 0xcafe);
	fake_stop_root(&pci_unit);
}

/* ---- hand-over ---- */

static void prepare_msi(u32 address, u32 data, bool enabled)
{
	prepare(true);
	fake_put(function, MSI + 4, 4, address);
	fake_put(function, MSI + 12, 2, data);
	fake_put(function, MSI + 2, 2, 0x0186 | enabled);
}

/* Linux uses both. */
static void prepare_in_use(void)
{
	prepare_msi(FOR_CPU(1), 0x31, true);
	table()[0] = FOR_CPU(0);
	table()[2] = 0x32;
	table()[3] = 0;
	fake_put(function, MSIX + 2, 2, 0x8000 | (VECTORS - 1));
}

static void linux_state_is_taken_over_and_given_back(void **state)
{
	u8 before[4096];

	(void)state;
	prepare_in_use();
	memcpy(before, function->space, sizeof(before));
	start();
	assert_int_equal(read(ROOT_CPU, MSI + 4, 4), FOR_CPU(1));
	assert_int_equal(get_entry(ROOT_CPU, 2), 0x32);
	assert_int_equal(get_entry(ROOT_CPU, 3), 0);
	/* Linux programs what is off for later */
	assert_int_equal(put_entry(ROOT_CPU, 4, FOR_CPU(3)), MMIO_HANDLED);
	assert_int_equal(put_entry(ROOT_CPU, 6, 0x33), MMIO_HANDLED);
	fake_stop_root(&pci_unit);
	assert_memory_equal(function->space, before, sizeof(before));
	assert_int_equal(table()[0], FOR_CPU(0));
	assert_int_equal(table()[3], 0);
	assert_int_equal(table()[4], FOR_CPU(3));
	assert_int_equal(table()[6], 0x33);
	assert_int_equal(table()[CONTROL_OF(1)], 1);
}

static void the_new_owner_finds_everything_off(void **state)
{
	(void)state;
	prepare_in_use();
	start();
	assert_int_equal(fake_create(&pci_unit, CELL, fake_make_config("cell", 1, &parts)), 0);
	assert_false(msi_is_on());
	assert_int_equal(fake_get(function, MSIX + 2, 2) & 0x8000, 0);
	assert_int_equal(table()[3], 1);
	assert_int_equal(read(CELL_CPU, MSI + 4, 4), 0);
	assert_int_equal(read(CELL_CPU, MSI + 2, 2), 0x0186);
	assert_int_equal(get_entry(CELL_CPU, 0), 0);
	assert_int_equal(get_entry(CELL_CPU, 3), 1);
	stop_cell();
}

static void messages_of_root_to_a_cpu_given_away_are_masked(void **state)
{
	const struct fake_config none = {0};

	(void)state;
	prepare_msi(FOR_CPU(2), 0x31, true);
	for (unsigned int n = 0; n < 2; n++) {
		table()[n * 4] = FOR_CPU(n * 3);
		table()[n * 4 + 2] = 0x32;
		table()[n * 4 + 3] = 0;
	}
	start();
	assert_int_equal(fake_create(&pci_unit, CELL, fake_make_config("cell", 1, &none)), 0);
	pci_unit.cell_reset(CELL);
	assert_log("WARNING: MSI of PCI device 00:02.0 left its cell, masked\n");
	assert_false(msi_is_on());
	assert_int_equal(table()[CONTROL_OF(0)], 0);
	assert_int_equal(table()[CONTROL_OF(1)], 1);
	assert_int_equal(read(ROOT_CPU, MSI + 2, 2) & 1, 1);
	stop_cell();
	assert_true(msi_is_on());
	assert_int_equal(fake_get(function, MSI + 4, 4), FOR_CPU(2));
	assert_int_equal(table()[CONTROL_OF(1)], 0);
}

static int start_with_msi(u32 address, u32 data, bool enabled)
{
	prepare_msi(address, data, enabled);
	return fake_start_root(&pci_unit, fake_make_config("root", 0, &parts));
}

static void remapped_messages_are_refused(void **state)
{
	(void)state;
	assert_refused(start_with_msi(0xfee00018, 0x31, true), EBUSY, IOMMU_ACTIVE);
	assert_log("FATAL: Unsupported MSI/MSI-X state, device 00:02.0, cap 80\n");
}

static void other_kinds_of_messages_are_refused(void **state)
{
	(void)state;
	assert_refused(start_with_msi(FOR_CPU(0), 0x0231, true), EINVAL, MSI_STATE);
	assert_int_equal(fake.refusal.arg[0], BDF);
	assert_int_equal(fake.refusal.arg[1], MSI);
}

static void messages_that_are_off_do_not_matter(void **state)
{
	(void)state;
	assert_int_equal(start_with_msi(0xfee00018, 0x0231, false), 0);
	fake_stop_root(&pci_unit);
}

static void remapped_messages_in_the_table_are_refused(void **state)
{
	(void)state;
	prepare(true);
	table()[8] = 0xfee00010;
	table()[10] = 0x31;
	table()[CONTROL_OF(2)] = 0;
	/* off */
	start();
	fake_stop_root(&pci_unit);
	table()[CONTROL_OF(2)] = 0;
	fake_put(function, MSIX + 2, 2, 0x8000 | (VECTORS - 1));
	assert_refused(fake_start_root(&pci_unit, fake_make_config("root", 0, &parts)), EBUSY,
		       IOMMU_ACTIVE);
}

static void a_table_out_of_reach_is_taken_over_later(void **state)
{
	(void)state;
	prepare(true);
	table()[0] = FOR_CPU(1);
	table()[2] = 0x31;
	table()[3] = 0;
	fake_put(function, 4, 2, 0); /* does not decode */
	start();
	assert_true(write(ROOT_CPU, 4, 2, 2));
	assert_int_equal(get_entry(ROOT_CPU, 0), FOR_CPU(1));
	assert_int_equal(get_entry(ROOT_CPU, 3), 0);
	fake_stop_root(&pci_unit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DEVICE_TEST(msi_inside_the_cell),
		DEVICE_TEST(msi_with_a_narrow_address),
		DEVICE_TEST(msi_to_a_foreign_cpu_stops_the_cell),
		DEVICE_TEST(msi_redirected_while_on_stops_the_cell),
		DEVICE_TEST(upper_address_half_counts),
		DEVICE_TEST(an_unwritten_message_is_no_interrupt),
		DEVICE_TEST(a_block_of_messages_is_judged_by_its_first),
		DEVICE_TEST(the_root_cell_only_loses_the_interrupt),
		DEVICE_TEST(msix_inside_the_cell),
		DEVICE_TEST(msix_to_a_foreign_cpu_stops_the_cell),
		DEVICE_TEST(behind_the_table),
		DEVICE_TEST(learning_mode_answers_in_the_table),
		DEVICE_TEST(fewer_vectors_than_configured),
		DEVICE_TEST(without_a_table_a_cell_gets_no_msix),
		DEVICE_TEST(table_in_the_middle_of_a_page),
		DEVICE_TEST(linux_state_is_taken_over_and_given_back),
		DEVICE_TEST(the_new_owner_finds_everything_off),
		DEVICE_TEST(messages_of_root_to_a_cpu_given_away_are_masked),
		DEVICE_TEST(remapped_messages_are_refused),
		DEVICE_TEST(other_kinds_of_messages_are_refused),
		DEVICE_TEST(messages_that_are_off_do_not_matter),
		DEVICE_TEST(remapped_messages_in_the_table_are_refused),
		DEVICE_TEST(a_table_out_of_reach_is_taken_over_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
