/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * System configurations that must not be enabled: those that only the hypervisor itself can refuse,
 * at the end of a bring-up that has to be undone on all CPUs. What the driver refuses before, with
 * an image of its own, is in driver-enable.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "badconfig.h"

/* Regions of examples/configs/x86/qemu-q35.c */
#define BIOS	   2
#define RAM	   3
#define PCI_WINDOW 7
#define HIGH_WINDOW 8
#define CHIPSET	   10

static const struct bad_config rows[] = {
	{ "system_wrong_signature", { SYSTEM(signature[0], 'j') },
	  REASON(CONFIG_SIGNATURE, -EINVAL, FIELD, 0, 0x6d6574737973 /* system */) },
	{ "system_older_revision", { SYSTEM(revision, 13) },
	  REASON(CONFIG_REVISION, -EINVAL, FIELD, 6, 13, 14) },
	{ "system_for_arm", { SYSTEM(architecture, JAILHOUSE_ARM) },
	  REASON(CONFIG_ARCHITECTURE, -EINVAL, FIELD, 5, JAILHOUSE_ARM, JAILHOUSE_X86) },
	{ "root_without_its_cpu_3", { CPUS(0, 7) }, REASON(CPU_UNEXPECTED, -EINVAL, CPU, 3) },
	{ "root_with_cpu_4", { CPUS(0, 0x1f) }, REASON(CPU_MISSING, -EINVAL, CPU, 4) },

	{ "root_has_memory_elsewhere", { MEM(BIOS, virt_start, 0xd0000) },
	  REASON(MEM_ROOT_NOT_IDENTITY, -EINVAL, MEM_REGION, BIOS, 0xc0000, 0xd0000) },
	{ "root_memory_unaligned", { MEM(BIOS, virt_start, 0xc0800) },
	  REASON(MEM_UNALIGNED, -EINVAL, MEM_REGION, BIOS, 0xc0000, 0xc0800) },
	{ "root_memory_wraps_around", { MEM(CHIPSET, size, 0xfffffffffffff000) },
	  REASON(MEM_OVERFLOW, -EINVAL, MEM_REGION, CHIPSET, 0xfed1c000, 0xfffffffffffff000,
		 ANY) },
	{ "root_has_a_part_of_the_local_apic",
	  { MEM(CHIPSET, phys_start, 0xfee00080), MEM(CHIPSET, virt_start, 0xfee00080),
	    MEM(CHIPSET, size, 0x10) },
	  REASON(MEM_INTERCEPTED, -EINVAL, MEM_REGION, CHIPSET, 0xfee00080, 0xfee0008f,
		 0xfee00000, 0xfee00fff) },
	{ "root_has_a_comm_region",
	  { MEM(CHIPSET, flags, JAILHOUSE_MEM_READ | JAILHOUSE_MEM_COMM_REGION) },
	  REASON(MEM_COMM_REGION, -EINVAL, MEM_REGION, CHIPSET, 0x4000, 0xfed1c000) },

	{ "iommu_that_nobody_drives",
	  { SYSTEM(platform_info.iommu_units[0].type, JAILHOUSE_IOMMU_AMD),
	    SYSTEM(platform_info.iommu_units[0].base, 0xfed80000),
	    SYSTEM(platform_info.iommu_units[0].size, 0x1000) },
	  REASON(IOMMU_TYPE, -EINVAL, IOMMU, 0, JAILHOUSE_IOMMU_AMD) },
	{ "apic_in_another_mode",
	  { SYSTEM(platform_info.x86.apic_mode, JAILHOUSE_APIC_MODE_X2APIC) },
	  REASON(APIC_MODE, -EIO, CPU, (uint32_t)ANY, 0x434950413278 /* x2APIC */,
		 0x4349504178 /* xAPIC */) },
	{ "root_pins_do_not_start_at_0", { IRQCHIP(0, pin_base, 32) },
	  REASON(IRQCHIP_PIN_BASE, -EINVAL, IRQCHIP, 0, 32) },
	{ "root_ports_beyond_the_last", { PIO(3, base, 0xfffe), PIO(3, length, 3) },
	  REASON(PIO_OVERFLOW, -EINVAL, PIO_REGION, 3, 0xfffe, 3) },
	{ "root_pci_twice", { PCI(2, bdf, 0x18) },
	  REASON(PCI_DUPLICATE, -EINVAL, PCI_DEVICE, 2, 0x18) },
	{ "root_pci_unknown_type", { PCI(4, type, 0) },
	  REASON(PCI_TYPE, -EINVAL, PCI_DEVICE, 4, 0xfb, 0) },
	{ "root_pci_caps_behind_the_array", { PCI(3, caps_start, 3) },
	  REASON(PCI_CAPS_RANGE, -EINVAL, PCI_DEVICE, 3, 0xfa, 3, 5, 5) },
	{ "root_pci_bus_behind_the_last",
	  { SYSTEM(platform_info.pci_mmconfig_end_bus, 0), PCI(1, bdf, 0x100) },
	  REASON(PCI_BUS_RANGE, -EINVAL, PCI_DEVICE, 1, 0x100, 0) },
	{ "root_pci_msix_table_unaligned",
	  { PCI(1, num_msix_vectors, 1), PCI(1, msix_region_size, 0x1000),
	    PCI(1, msix_address, 0xfe000010) },
	  REASON(PCI_MSIX_TABLE, -EINVAL, PCI_DEVICE, 1, 0x18, 0xfe000010, 0x1000) },
};

static struct guest_file file;

static int enable(const void *config, size_t size, struct jailhouse_error *error)
{
	return jailhouse_enable(jh, config, size, 0, error);
}

static const struct jailhouse_cell_desc *root_of(const void *config)
{
	return &((const struct jailhouse_system *)config)->root_cell;
}

static struct submission system_kind = { NULL, 0, enable, try_enable, root_of };

static void row_is_refused(void **state)
{
	submit_row(&system_kind, *state);
}

static void good_system_is_accepted(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	file = guest_config_read(GUEST_SYSTEM);
	system_kind.good = file.data;
	system_kind.size = jailhouse_system_config_length(file.data);
	guest_enable(jh, GUEST_SYSTEM);
	guest_ok(jailhouse_disable(jh, &error), &error);
}

/* Regions over the hypervisor's memory, PCI configuration, IOAPIC and local APIC, as some boards have it */
static void root_has_all_addresses(void **state)
{
	static const struct { unsigned int region; uint64_t size; } changes[] = {
		{ RAM, Q35_HV_MEMORY + Q35_HV_SIZE - 0x100000 }, { PCI_WINDOW, 0x80000000 },
		{ HIGH_WINDOW, 0x3ef00000 },
	};
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_system *config = malloc(file.size);
	struct jailhouse_memory *mem;

	(void)state;
	memcpy(config, file.data, file.size);
	mem = (void *)(uintptr_t)jailhouse_cell_mem_regions(&config->root_cell);
	for (size_t n = 0; n < sizeof(changes) / sizeof(changes[0]); n++)
		mem[changes[n].region].size = changes[n].size;
	if (enable(config, file.size, &error) != 0)
		fail_msg("%s", error.text);
	/* INIT and SIPI by the local APIC, and the disk's interrupts by the IOAPIC, go on. */
	cpu_online(3, 0);
	cpu_online(3, 1);
	assert_string_equal(guest_online_cpus(), "0-3");
	guest_ok(jailhouse_disable(jh, &error), &error);
	free(config);
}

static void truncated_system(void **state)
{
	(void)state;
	submit_truncated(&system_kind, sizeof(struct jailhouse_system));
}

static void counts_of_a_system(void **state)
{
	(void)state;
	submit_overflowing_counts(&system_kind, offsetof(struct jailhouse_system, root_cell));
}

/* From what the driver lets pass up, a few pages at a time: each time something else is missing. */
static void memory_of_the_hypervisor_runs_out(void **state)
{
	static const unsigned int more[] = { 1, 2, 3, 5, 8, 12, 18 };
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_system *config = malloc(file.size);
	struct jailhouse_reason reason;
	uint64_t needed;

	(void)state;
	memcpy(config, file.data, file.size);
	config->hypervisor_memory.size = 0x10000;
	assert_int_equal(enable(config, file.size, &error), JAILHOUSE_ERR_RESOURCES);
	assert_string_equal(jailhouse_reason_get_name(error.reason), "HYPERVISOR_MEMORY_SMALL");
	assert_int_equal(error.arg[0], 0x10000);
	needed = error.arg[1];
	assert_in_range(needed, 0x20000, Q35_HV_SIZE);
	for (size_t n = 0; n < sizeof(more) / sizeof(more[0]); n++) {
		config->hypervisor_memory.size = needed + more[n] * 0x1000;
		assert_int_equal(enable(config, file.size, &error), JAILHOUSE_ERR_RESOURCES);
		assert_int_equal(error.sys_errno, ENOMEM);
		assert_int_equal(try_enable(config, file.size, &reason), -ENOMEM);
		assert_string_equal(guest_online_cpus(), "0-3");
		assert_int_equal(jailhouse_is_enabled(jh, NULL), 0);
	}
	free(config);
}

size_t add_system_tests(struct CMUnitTest *tests)
{
	const struct CMUnitTest first[] = {
		cmocka_unit_test(good_system_is_accepted),
		cmocka_unit_test(root_has_all_addresses),
		cmocka_unit_test(truncated_system),
		cmocka_unit_test(counts_of_a_system),
		cmocka_unit_test(memory_of_the_hypervisor_runs_out),
	};
	size_t count = sizeof(first) / sizeof(first[0]);

	memcpy(tests, first, sizeof(first));
	for (size_t n = 0; n < sizeof(rows) / sizeof(rows[0]); n++)
		tests[count++] = (struct CMUnitTest){ rows[n].name, row_is_refused, NULL, NULL,
						      (void *)(uintptr_t)&rows[n] };
	return count;
}
