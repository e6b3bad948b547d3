// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Configuration space: what guests read and what of their writes gets through; acceptance of
 * configurations. */
#include "fake-devices.h"

#define ENDPOINT 0x0010
#define BRIDGE   0x0018
#define ABSENT   0x0020
#define LINK     0x0100
#define UNLISTED 0x0028

#define CAP_PM  0x40
#define CAP_RO  0x60
#define CAP_RAW 0x80

static const struct jailhouse_pci_capability caps[] = {
	{.id = PCI_CAP_ID_PM, .start = CAP_PM, .len = 8, .flags = JAILHOUSE_PCICAPS_WRITE},
	{.id = PCI_CAP_ID_VNDR, .start = CAP_RO, .len = 4},
	{.id = 0, .start = CAP_RAW, .len = 6, .flags = JAILHOUSE_PCICAPS_WRITE},
	{.id = PCI_EXT_CAP_ID_ERR | JAILHOUSE_PCI_EXT_CAP,
	 .start = 0x100,
	 .len = 4,
	 .flags = JAILHOUSE_PCICAPS_WRITE},
};

static const struct jailhouse_pci_device root_list[] = {
	/* not in order */
	{.type = JAILHOUSE_PCI_TYPE_IVSHMEM, .bdf = LINK, .shmem_peers = 3},
	{.type = JAILHOUSE_PCI_TYPE_BRIDGE, .bdf = BRIDGE, .num_caps = 4},
	{.type = JAILHOUSE_PCI_TYPE_DEVICE, .bdf = ABSENT},
	{.type = JAILHOUSE_PCI_TYPE_DEVICE,
	 .bdf = ENDPOINT,
	 .num_caps = 4,
	 .bar_mask = {0xffff0000, 0, 0xfffffff0, 0xffffffff}},
};

static const struct jailhouse_memory mem[5];

static const struct fake_config root_parts = {
	.mem = mem,
	.num_mem = 5,
	.pci = root_list,
	.num_pci = 4,
	.caps = caps,
	.num_caps = 4,
};

static struct fake_function *endpoint, *bridge;

static void start(void)
{
	endpoint = fake_add_function(ENDPOINT);
	bridge = fake_add_function(BRIDGE);
	fake_put(bridge, 0x0e, 1, 0x81);
	for (unsigned int reg = 0x40; reg < 0x1000; reg++)
		endpoint->space[reg] = (u8)reg;
	fake_put(endpoint, 0x30, 4, 0xfff00001);
	assert_int_equal(fake_start_root(&pci_unit, fake_make_config("root", 0, &root_parts)), 0);
}

static void stop(void)
{
	fake_stop_root(&pci_unit);
}

static bool write(struct fake_function *function, unsigned int reg, unsigned int size, u32 value)
{
	return pci_config_write(ROOT_CPU, "config", function->bdf, (u16)reg, size, value);
}

static u32 read(struct fake_function *function, unsigned int reg, unsigned int size)
{
	return pci_config_read(ROOT_CPU, function->bdf, (u16)reg, size);
}

/* 'w' passes, '.' is dropped, '-' is a violation, one for each byte. */
static void check_header(struct fake_function *function, const char *expected)
{
	for (unsigned int reg = 0; reg < 0x40; reg++) {
		u8 old = function->space[reg], value = (u8)~old;
		bool ok = write(function, reg, 1, value);

		if (expected[reg] == '-') {
			assert_false(ok);
			assert_violation(PCI_ACCESS);
			assert_int_equal(fake.violation.arg[1], function->bdf);
			assert_int_equal(fake.violation.arg[2], reg);
			assert_int_equal(fake.violation.arg[3], value);
		} else {
			assert_true(ok);
		}
		assert_int_equal(function->space[reg], expected[reg] == 'w' ? value : old);
		function->space[reg] = old;
	}
}

static void writes_to_the_header_of_an_endpoint(void **state)
{
	(void)state;
	start();
	check_header(endpoint, "----wwww----wwww................"
			       "........--------....--------w---");
	stop();
}

static void writes_to_the_header_of_a_bridge(void **state)
{
	(void)state;
	start();
	check_header(bridge, "----wwww----wwww------------..--"
			     "....................--------w-ww");
	stop();
}

static void header_of_a_bridge_reads_from_hardware(void **state)
{
	(void)state;
	start();
	fake_put(bridge, 0x18, 4, 0x00020100);
	fake_put(bridge, 0x30, 4, 0x11223344);
	assert_int_equal(read(bridge, 0x18, 4), 0x00020100);
	assert_int_equal(read(bridge, 0x19, 1), 0x01);
	assert_int_equal(read(bridge, 0x30, 4), 0x11223344);
	stop();
}

static void base_addresses_are_sized_but_not_moved(void **state)
{
	unsigned int writes;

	(void)state;
	start();
	writes = endpoint->writes;
	assert_int_equal(read(endpoint, 0x10, 4), 0xfe000000);
	assert_true(write(endpoint, 0x10, 4, ~0U));
	assert_int_equal(read(endpoint, 0x10, 4), 0xffff0000);
	assert_true(write(endpoint, 0x12, 2, 0x1234));
	assert_int_equal(read(endpoint, 0x10, 4), 0x12340000);
	assert_int_equal(read(endpoint, 0x13, 1), 0x12);
	assert_true(write(endpoint, 0x10, 4, 0xfe000000));
	/* no bits are writable */
	assert_true(write(endpoint, 0x14, 4, ~0U));
	assert_int_equal(read(endpoint, 0x14, 4), 0);
	assert_int_equal(endpoint->writes, writes);
	stop();
}

static void rom_reads_as_none(void **state)
{
	(void)state;
	start();
	assert_int_equal(read(endpoint, 0x30, 4), 0);
	assert_int_equal(read(endpoint, 0x32, 2), 0);
	stop();
}

static void capabilities_need_the_write_flag(void **state)
{
	(void)state;
	start();
	assert_true(write(endpoint, CAP_PM + 2, 2, 0xabcd));
	assert_int_equal(fake_get(endpoint, CAP_PM + 2, 2), 0xabcd);
	assert_true(write(endpoint, 0x100, 4, 0x5555));
	assert_int_equal(fake_get(endpoint, 0x100, 4), 0x5555);

	assert_false(write(endpoint, CAP_RO, 1, 0));
	assert_violation(PCI_ACCESS);
	assert_false(write(endpoint, CAP_PM + 8, 1, 0));
	assert_violation(PCI_ACCESS);
	assert_false(write(endpoint, 0xfff, 1, 0));
	assert_violation(PCI_ACCESS);
	assert_log("FATAL: Invalid PCI config write, device 00:02.0, reg: 0xfff, size: 1\n");
	stop();
}

static void a_write_into_two_parts_is_judged_as_a_whole(void **state)
{
	u32 old;

	(void)state;
	start();
	/* the range ends in the middle of this word */
	old = fake_get(endpoint, CAP_RAW + 4, 4);
	assert_false(write(endpoint, CAP_RAW + 4, 4, 0));
	assert_violation(PCI_ACCESS);
	assert_int_equal(fake_get(endpoint, CAP_RAW + 4, 4), old);
	assert_true(write(endpoint, CAP_RAW + 4, 2, 0));
	assert_false(write(endpoint, 0x3c, 2, 0));
	assert_violation(PCI_ACCESS);
	stop();
}

static void functions_of_others_read_as_ones(void **state)
{
	(void)state;
	start();
	assert_int_equal(pci_config_read(ROOT_CPU, UNLISTED, 0, 4), ~0U);
	assert_int_equal(pci_config_read(ROOT_CPU, UNLISTED, 2, 2), 0xffff);
	assert_int_equal(pci_config_read(ROOT_CPU, ABSENT, 3, 1), 0xff);
	assert_int_equal(pci_config_read(ROOT_CPU, LINK, 0, 4), ~0U);
	assert_log("WARNING: PCI device 00:04.0 is absent, skipped\n");
	stop();
}

static void the_root_cell_may_write_to_unlisted_functions_in_vain(void **state)
{
	struct fake_function *unlisted = fake_add_function(UNLISTED);
	u8 before[sizeof(unlisted->space)];

	(void)state;
	memcpy(before, unlisted->space, sizeof(before));
	start();
	assert_true(write(unlisted, 4, 2, 0x7));
	assert_true(write(unlisted, 0x40, 4, 0));
	assert_int_equal(fake.info.dropped_pci_writes, 2);
	assert_memory_equal(unlisted->space, before, sizeof(before));

	fake.learning = true;
	assert_true(write(unlisted, 0x44, 2, 0));
	assert_int_equal(fake.learned.count, 1);
	assert_int_equal(fake.learned.kind, JAILHOUSE_LEARNED_PCI);
	assert_int_equal(fake.learned.address, UNLISTED << 12 | 0x44);
	stop();
}

static void learning_mode_answers_instead_of_stopping(void **state)
{
	u8 old;

	(void)state;
	start();
	fake.learning = true;
	old = endpoint->space[CAP_RO];
	assert_true(write(endpoint, CAP_RO, 1, (u8)~old));
	assert_int_equal(endpoint->space[CAP_RO], old);
	assert_int_equal(fake.learned.address, ENDPOINT << 12 | CAP_RO);
	stop();
}

static void a_cell_is_stopped_by_a_write_to_foreign_functions(void **state)
{
	const struct fake_config none = {0};

	(void)state;
	start();
	assert_int_equal(fake_create(&pci_unit, CELL, fake_make_config("cell", 1, &none)), 0);
	assert_int_equal(pci_config_read(CELL_CPU, ENDPOINT, 0, 4), ~0U);
	fake.learning = true;
	assert_false(pci_config_write(CELL_CPU, "config", ENDPOINT, 4, 2, 0));
	assert_violation(PCI_ACCESS);
	assert_int_equal(fake.info.dropped_pci_writes, 0);
	fake_destroy(&pci_unit, CELL);
	stop();
}

static void switching_on_decoding_restores_lost_addresses(void **state)
{
	(void)state;
	start();
	/* as after a reset that the guest has caused by means of its own */
	fake_put(endpoint, 0x10, 4, 0);
	assert_true(write(endpoint, 4, 2, 0x0400));
	assert_int_equal(fake_get(endpoint, 0x10, 4), 0);
	assert_true(write(endpoint, 4, 2, 0x0006));
	assert_int_equal(fake_get(endpoint, 0x10, 4), 0xfe000000);
	assert_int_equal(fake_get(endpoint, 4, 2), 0x0006);
	stop();
}

static void mmconfig_window(void **state)
{
	u64 base = FAKE_MMCONFIG + (ENDPOINT << 12), value = 0;

	(void)state;
	start();
	assert_int_equal(fake_mmio(ROOT_CPU, base, 4, false, &value), MMIO_HANDLED);
	assert_int_equal(value, 0x12348086);
	assert_int_equal(fake_mmio(ROOT_CPU, base + 3, 1, false, &value), MMIO_HANDLED);
	assert_int_equal(value, 0x12);
	value = 0x77;
	assert_int_equal(fake_mmio(ROOT_CPU, base + 0x100, 2, true, &value), MMIO_HANDLED);
	assert_int_equal(fake_get(endpoint, 0x100, 2), 0x77);
	/* beyond a word */
	assert_int_equal(fake_mmio(ROOT_CPU, base, 8, false, &value), MMIO_UNHANDLED);
	assert_int_equal(fake_mmio(ROOT_CPU, base + 2, 4, false, &value), MMIO_UNHANDLED);
	/* end of the last bus */
	value = 0;
	assert_int_equal(fake_mmio(ROOT_CPU, FAKE_MMCONFIG + 0x1ffffc, 4, false, &value),
			 MMIO_HANDLED);
	assert_int_equal(value, 0xffffffff);
	assert_int_equal(fake_mmio(ROOT_CPU, FAKE_MMCONFIG + 0x200000, 4, false, &value),
			 MMIO_UNHANDLED);

	assert_int_equal(fake_mmio(ROOT_CPU, base + 0xff8, 4, true, &value), MMIO_ERROR);
	assert_violation(PCI_ACCESS);
	assert_int_equal(fake.violation_address, ENDPOINT << 12 | 0xff8);
	assert_log("FATAL: Invalid PCI MMCONFIG write, device 00:02.0, reg: 0xff8, size: 4\n");
	stop();
}

static void machine_without_mmconfig(void **state)
{
	u64 value;

	(void)state;
	fake.system.platform_info.pci_mmconfig_base = 0;
	start();
	assert_int_equal(fake_mmio(ROOT_CPU, FAKE_MMCONFIG, 4, false, &value), MMIO_UNHANDLED);
	assert_int_equal(read(endpoint, 0, 4), 0x12348086);
	stop();
}

static void a_virtual_host_has_no_hardware(void **state)
{
	(void)state;
	fake.system.platform_info.pci_is_virtual = 1;
	start();
	assert_int_equal(read(endpoint, 0, 4), ~0U);
	stop();
}

static void lookup_among_many(void **state)
{
	struct jailhouse_pci_device list[60] = {0};
	const struct fake_config parts = {.pci = list, .num_pci = 60};

	(void)state;
	for (unsigned int n = 0; n < 60; n++) {
		list[n].type = JAILHOUSE_PCI_TYPE_DEVICE;
		list[n].bdf = (u16)(n * 7 % 60);
	}
	fake_add_function(0);
	fake_add_function(31);
	fake_add_function(59);
	fake_add_function(60);
	assert_int_equal(fake_start_root(&pci_unit, fake_make_config("root", 0, &parts)), 0);
	for (u16 bdf = 0; bdf < 70; bdf++)
		assert_int_equal(pci_config_read(ROOT_CPU, bdf, 0, 4),
				 bdf == 0 || bdf == 31 || bdf == 59 ? 0x12348086 : ~0U);
	stop();
}

/* ---- acceptance of configurations ---- */

static int check_cell(const struct jailhouse_pci_device *list, unsigned int num)
{
	static const struct jailhouse_memory regions[6] = {
		{.phys_start = 0x100000, .virt_start = 0, .size = 0x10000},
	};
	const struct fake_config parts = {
		.mem = regions,
		.num_mem = 6,
		.pci = list,
		.num_pci = num,
		.caps = caps,
		.num_caps = 4,
	};

	return pci_unit.cell_check(&fake.machine, fake_make_config("cell", 1, &parts), false);
}

#define assert_device_refused(device, err, name) assert_refused(check_cell(&(device), 1), err, name)

static void bad_devices_are_refused(void **state)
{
	const struct jailhouse_pci_device good = {
		.type = JAILHOUSE_PCI_TYPE_DEVICE,
		.bdf = ENDPOINT,
		.caps_start = 1,
		.num_caps = 3,
	};
	struct jailhouse_pci_device bad, two[2] = {good, good};

	(void)state;
	start();
	assert_int_equal(check_cell(&good, 1), 0);
	bad = good;
	bad.type = 0;
	assert_device_refused(bad, EINVAL, PCI_TYPE);
	bad.type = 4;
	assert_device_refused(bad, EINVAL, PCI_TYPE);
	bad.type = JAILHOUSE_PCI_TYPE_BRIDGE;
	assert_device_refused(bad, EINVAL, PCI_TYPE);
	bad = good;
	bad.bdf = 0x200;
	assert_device_refused(bad, EINVAL, PCI_BUS_RANGE);
	assert_int_equal(fake.refusal.arg[1], 1);
	bad = good;
	bad.num_caps = 4;
	assert_device_refused(bad, EINVAL, PCI_CAPS_RANGE);
	bad.caps_start = 0xffff;
	bad.num_caps = 0xffff;
	assert_device_refused(bad, EINVAL, PCI_CAPS_RANGE);
	assert_refused(check_cell(two, 2), EINVAL, PCI_DUPLICATE);
	assert_int_equal(fake.refusal.index, 1);
	assert_int_equal(fake.refusal.item, JAILHOUSE_ITEM_PCI_DEVICE);
	stop();
}

static void bad_msix_tables_are_refused(void **state)
{
	const struct jailhouse_pci_device good = {
		.type = JAILHOUSE_PCI_TYPE_DEVICE,
		.bdf = ENDPOINT,
		.num_msix_vectors = 256,
		.msix_address = 0xfe000000,
		.msix_region_size = 0x1000,
	};
	struct jailhouse_pci_device bad = good;

	(void)state;
	start();
	assert_int_equal(check_cell(&good, 1), 0);
	bad.num_msix_vectors = 257;
	assert_device_refused(bad, EINVAL, PCI_MSIX_TABLE);
	bad = good;
	bad.msix_address += 8;
	assert_device_refused(bad, EINVAL, PCI_MSIX_TABLE);
	bad = good;
	bad.msix_region_size = 0;
	assert_device_refused(bad, EINVAL, PCI_MSIX_TABLE);
	bad.msix_region_size = 0x1800;
	assert_device_refused(bad, EINVAL, PCI_MSIX_TABLE);
	bad = good;
	bad.msix_address = 1ULL << 40;
	assert_device_refused(bad, EINVAL, PCI_MSIX_TABLE);
	bad.msix_address = ~0xfffULL;
	assert_device_refused(bad, EINVAL, PCI_MSIX_TABLE);
	bad.msix_address = FAKE_HV_PHYS + 0x5ff000;
	assert_device_refused(bad, EINVAL, PCI_MSIX_TABLE);
	/* what memory regions map must not trap: by physical and by the cell's own address */
	bad.msix_address = 0x10f000;
	assert_device_refused(bad, EINVAL, MEM_INTERCEPTED);
	bad.msix_address = 0xf000;
	assert_device_refused(bad, EINVAL, MEM_INTERCEPTED);
	stop();
}

static void memory_may_not_cover_a_table_of_another_cell(void **state)
{
	static const struct jailhouse_pci_device list = {
		.type = JAILHOUSE_PCI_TYPE_DEVICE,
		.bdf = 0x0030,
		.num_msix_vectors = 2,
		.msix_address = 0xfe000000,
		.msix_region_size = 0x1000,
	};
	static const struct jailhouse_memory region = {
		.phys_start = 0xfdfff000,
		.virt_start = 0x200000,
		.size = 0x2000,
	};
	const struct fake_config parts = {.pci = &list, .num_pci = 1};
	const struct fake_config thief = {.mem = &region, .num_mem = 1};

	(void)state;
	assert_int_equal(fake_start_root(&pci_unit, fake_make_config("root", 0, &parts)), 0);
	assert_refused(
		pci_unit.cell_check(&fake.machine, fake_make_config("thief", 1, &thief), false),
		EINVAL, MEM_INTERCEPTED);
	assert_int_equal(fake.refusal.item, JAILHOUSE_ITEM_MEM_REGION);
	assert_int_equal(fake.refusal.arg[2], 0xfe000000);
	stop();
}

static void bad_links_are_refused(void **state)
{
	const struct jailhouse_pci_device good = {
		.type = JAILHOUSE_PCI_TYPE_IVSHMEM,
		.bdf = LINK,
		.shmem_dev_id = 1,
		.shmem_peers = 3,
		.shmem_regions_start = 1,
		.num_msix_vectors = 16,
	};
	struct jailhouse_pci_device bad = good;

	(void)state;
	start();
	assert_int_equal(check_cell(&good, 1), 0);
	bad.shmem_regions_start = 2;
	assert_device_refused(bad, EINVAL, IVSHMEM_REGIONS);
	bad.shmem_regions_start = ~0U;
	assert_device_refused(bad, EINVAL, IVSHMEM_REGIONS);
	bad = good;
	bad.num_msix_vectors = 17;
	assert_device_refused(bad, EINVAL, IVSHMEM_VECTORS);
	bad = good;
	bad.shmem_dev_id = 3;
	assert_device_refused(bad, EINVAL, IVSHMEM_ID);
	bad = good;
	bad.shmem_dev_id = 0; /* the root cell's */
	assert_device_refused(bad, EBUSY, IVSHMEM_USED);
	stop();
}

static void a_function_of_another_cell_is_refused(void **state)
{
	const struct jailhouse_pci_device device = {.type = JAILHOUSE_PCI_TYPE_DEVICE,
						    .bdf = ENDPOINT};
	const struct fake_config parts = {.pci = &device, .num_pci = 1};

	(void)state;
	start();
	assert_int_equal(fake_create(&pci_unit, CELL, fake_make_config("first", 7, &parts)), 0);
	assert_device_refused(device, EBUSY, PCI_OTHER_CELL);
	assert_int_equal(fake.refusal.arg[1], 7);
	fake_destroy(&pci_unit, CELL);
	assert_int_equal(check_cell(&device, 1), 0);
	stop();
}

static void a_bridge_in_disguise_is_refused(void **state)
{
	const struct jailhouse_pci_device device = {.type = JAILHOUSE_PCI_TYPE_DEVICE,
						    .bdf = 0x0030};
	const struct fake_config parts = {.pci = &device, .num_pci = 1};

	(void)state;
	start();
	fake_put(fake_add_function(0x0030), 0x0e, 1, 1);
	assert_refused(fake_create(&pci_unit, CELL, fake_make_config("cell", 1, &parts)), EINVAL,
		       PCI_TYPE);
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DEVICE_TEST(writes_to_the_header_of_an_endpoint),
		DEVICE_TEST(writes_to_the_header_of_a_bridge),
		DEVICE_TEST(header_of_a_bridge_reads_from_hardware),
		DEVICE_TEST(base_addresses_are_sized_but_not_moved),
		DEVICE_TEST(rom_reads_as_none),
		DEVICE_TEST(capabilities_need_the_write_flag),
		DEVICE_TEST(a_write_into_two_parts_is_judged_as_a_whole),
		DEVICE_TEST(functions_of_others_read_as_ones),
		DEVICE_TEST(the_root_cell_may_write_to_unlisted_functions_in_vain),
		DEVICE_TEST(learning_mode_answers_instead_of_stopping),
		DEVICE_TEST(a_cell_is_stopped_by_a_write_to_foreign_functions),
		DEVICE_TEST(switching_on_decoding_restores_lost_addresses),
		DEVICE_TEST(mmconfig_window),
		DEVICE_TEST(machine_without_mmconfig),
		DEVICE_TEST(a_virtual_host_has_no_hardware),
		DEVICE_TEST(lookup_among_many),
		DEVICE_TEST(bad_devices_are_refused),
		DEVICE_TEST(bad_msix_tables_are_refused),
		DEVICE_TEST(memory_may_not_cover_a_table_of_another_cell),
		DEVICE_TEST(bad_links_are_refused),
		DEVICE_TEST(a_function_of_another_cell_is_refused),
		DEVICE_TEST(a_bridge_in_disguise_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
