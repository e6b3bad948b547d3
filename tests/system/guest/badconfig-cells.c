/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Cells that must not be created, while the hypervisor runs and another cell exists. */
#include <errno.h>
#include <string.h>

#include "badconfig.h"

/* What a cell of this test asks for. Linux has no use for any of it. */
struct cell_config {
	struct jailhouse_cell_desc cell;
	uint8_t cpus[8];
	struct jailhouse_memory memory[3];
	struct jailhouse_irqchip irqchip;
	struct jailhouse_pio pio;
	struct jailhouse_pci_device device[2];
	struct jailhouse_pci_capability cap;
} JAILHOUSE_PACKED;

#define IOAPIC	   0xfec00000
#define CHIPSET	   0xfed1c000
#define AHCI	   0xfa
#define SMBUS	   0xfb
#define NO_DEVICE  0x18
#define OTHER_RAM  0x3a700000
#define RAM_FLAGS                                                                                  \
	(JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE | JAILHOUSE_MEM_LOADABLE)
#define HV_LAST	   (Q35_HV_MEMORY + Q35_HV_SIZE - 1)

static struct cell_config good = {
	.cell = {
		.signature = JAILHOUSE_CELL_DESC_SIGNATURE,
		.architecture = JAILHOUSE_X86,
		.revision = JAILHOUSE_CONFIG_REVISION,
		.name = "bad",
		.cpu_set_size = 8,
		.num_memory_regions = 3,
		.num_irqchips = 1,
		.num_pio_regions = 1,
		.num_pci_devices = 2,
		.num_pci_caps = 1,
	},
	.cpus = { 1 << 2 },
	.memory = {
		{ .phys_start = TEST_RAM, .size = TEST_RAM_SIZE, .flags = RAM_FLAGS },
		{ .virt_start = 0x100000, .size = 0x1000,
		  .flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_COMM_REGION },
		{ .phys_start = CHIPSET, .virt_start = CHIPSET, .size = 0x1000,
		  .flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO },
	},
	.irqchip = { .address = IOAPIC, .pin_bitmap = { 1 << 21 } },
	.pio = { 0x710, 8 },
	.device = {
		{ .type = JAILHOUSE_PCI_TYPE_DEVICE, .bdf = AHCI, .num_caps = 1 },
		{ .type = JAILHOUSE_PCI_TYPE_DEVICE, .bdf = NO_DEVICE },
	},
	.cap = { .start = 0x90, .len = 4 },
};

/* phys_start, and virt_start where it has to end in the same bits */
#define RANGE(n, start, length) MEM(n, phys_start, start), MEM(n, size, length)
#define DEVICE(n, start, length) RANGE(n, start, length), MEM(n, virt_start, start)

static const struct bad_config rows[] = {
	/* Head */
	{ "cell_wrong_signature", { CELL(signature[2], 'X') },
	  REASON(CONFIG_SIGNATURE, -EINVAL, FIELD, 0, 0x6c6c6563 /* cell */) },
	{ "cell_is_a_system", { CELL(signature[2], 'S'), CELL(signature[3], 'Y'),
				CELL(signature[4], 'S') },
	  REASON(CONFIG_SIGNATURE, -EINVAL, FIELD, 0, 0x6c6c6563) },
	{ "cell_older_revision", { CELL(revision, 13) },
	  REASON(CONFIG_REVISION, -EINVAL, FIELD, 6, 13, 14) },
	{ "cell_for_arm64", { CELL(architecture, JAILHOUSE_ARM64) },
	  REASON(CONFIG_ARCHITECTURE, -EINVAL, FIELD, 5, JAILHOUSE_ARM64, JAILHOUSE_X86) },
	{ "cell_without_name", { CELL(name[0], 0) },
	  REASON(CONFIG_NAME_EMPTY, -EINVAL, FIELD, 8) },
	{ "cell_without_cpu", { CPUS(0, 0) }, REASON(CPU_SET_EMPTY, -EINVAL, FIELD, 48) },
	{ "cell_name_of_another", { CELL(name, 0x7468746f) /* oth */, CELL(name[3], 'e'),
				    CELL(name[4], 'r') },
	  REASON(CELL_NAME_USED, -EEXIST, NONE, 0, 1) },

	/* CPUs */
	{ "cpu_of_another_cell", { CPUS(0, 0xc) }, REASON(CPU_NOT_IN_ROOT, -EBUSY, CPU, 3) },
	{ "cpu_0", { CPUS(0, 1) }, REASON(CPU_IS_BOOT, -EINVAL, CPU, 0) },
	{ "cpu_0_and_a_good_one", { CPUS(0, 5) }, REASON(CPU_IS_BOOT, -EINVAL, CPU, 0) },
	{ "cpu_beyond_the_machine", { CPUS(0, 0x14) },
	  REASON(CPU_NOT_IN_SYSTEM, -EBUSY, CPU, 4) },
	{ "cpu_far_beyond", { CPUS(7, 0x80) }, REASON(CPU_NOT_IN_SYSTEM, -EBUSY, CPU, 63) },

	/* Memory that belongs to somebody */
	{ "memory_of_the_hypervisor", { RANGE(0, Q35_HV_MEMORY, 0x2000) },
	  REASON(MEM_HYPERVISOR, -EINVAL, MEM_REGION, 0, Q35_HV_MEMORY, Q35_HV_MEMORY + 0x1fff,
		 Q35_HV_MEMORY, HV_LAST) },
	{ "memory_last_page_of_the_hypervisor", { RANGE(0, HV_LAST - 0xfff, 0x2000) },
	  REASON(MEM_HYPERVISOR, -EINVAL, MEM_REGION, 0, HV_LAST - 0xfff, HV_LAST + 0x1000,
		 Q35_HV_MEMORY, HV_LAST) },
	{ "memory_registers_in_the_hypervisor", { DEVICE(2, Q35_HV_MEMORY + 0x5010, 4) },
	  REASON(MEM_HYPERVISOR, -EINVAL, MEM_REGION, 2, Q35_HV_MEMORY + 0x5010, Q35_HV_MEMORY + 0x5013,
		 Q35_HV_MEMORY, HV_LAST) },
	{ "memory_shared_with_the_hypervisor",
	  { RANGE(0, Q35_HV_MEMORY, 0x2000), MEM(0, flags, RAM_FLAGS | JAILHOUSE_MEM_ROOTSHARED) },
	  REASON(MEM_HYPERVISOR, -EINVAL, MEM_REGION, 0, Q35_HV_MEMORY, Q35_HV_MEMORY + 0x1fff,
		 Q35_HV_MEMORY, HV_LAST) },
	{ "memory_of_another_cell", { RANGE(0, OTHER_RAM, 0x1000) },
	  REASON(MEM_OTHER_CELL, -EBUSY, MEM_REGION, 0, OTHER_RAM, OTHER_RAM + 0xfff, 1, 0) },
	{ "memory_around_another_cell", { RANGE(0, OTHER_RAM - 0x100000, 0x200000) },
	  REASON(MEM_OTHER_CELL, -EBUSY, MEM_REGION, 0, OTHER_RAM - 0x100000,
		 OTHER_RAM + 0xfffff, 1, 0) },
	{ "memory_shared_by_one_side_only",
	  { RANGE(0, OTHER_RAM, 0x1000), MEM(0, flags, RAM_FLAGS | JAILHOUSE_MEM_ROOTSHARED) },
	  REASON(MEM_OTHER_CELL, -EBUSY, MEM_REGION, 0, OTHER_RAM, OTHER_RAM + 0xfff, 1, 0) },
	{ "memory_of_linux", { RANGE(0, 0x10000000, 0x2000) },
	  REASON(MEM_SYSTEM_RAM, -EINVAL, MEM_REGION, 0, 0x10000000, 0x10001fff) },
	{ "memory_huge_of_linux", { RANGE(0, 0x10000000, 0x200000) },
	  REASON(MEM_SYSTEM_RAM, -EINVAL, MEM_REGION, 0, 0x10000000, 0x101fffff) },
	{ "memory_last_page_of_linux", { RANGE(2, Q35_HV_MEMORY - 0x1000, 0x1000) },
	  REASON(MEM_SYSTEM_RAM, -EINVAL, MEM_REGION, 2, Q35_HV_MEMORY - 0x1000, Q35_HV_MEMORY - 1) },

	/* Devices that the hypervisor keeps */
	{ "memory_of_the_local_apic", { DEVICE(2, 0xfee00000, 0x1000) },
	  REASON(MEM_INTERCEPTED, -EINVAL, MEM_REGION, 2, 0xfee00000, 0xfee00fff, 0xfee00000,
		 0xfee00fff) },
	{ "memory_one_register_of_the_local_apic", { DEVICE(2, 0xfee00300, 4) },
	  REASON(MEM_INTERCEPTED, -EINVAL, MEM_REGION, 2, 0xfee00300, 0xfee00303, 0xfee00000,
		 0xfee00fff) },
	{ "memory_of_the_ioapic", { DEVICE(2, IOAPIC, 0x1000) },
	  REASON(MEM_INTERCEPTED, -EINVAL, MEM_REGION, 2, IOAPIC, IOAPIC + 0xfff, IOAPIC,
		 IOAPIC + 0xfff) },
	{ "memory_pci_configuration", { DEVICE(2, 0xb00fa000, 0x1000) },
	  REASON(MEM_INTERCEPTED, -EINVAL, MEM_REGION, 2, 0xb00fa000, 0xb00fafff, 0xb0000000,
		 0xbfffffff) },

	/* Numbers */
	{ "memory_unaligned", { RANGE(0, TEST_RAM + 0x800, 0x1000) },
	  REASON(MEM_UNALIGNED, -EINVAL, MEM_REGION, 0, TEST_RAM + 0x800, 0) },
	{ "memory_unaligned_huge", { RANGE(0, TEST_RAM + 0x10, 0x400000),
				     MEM(0, virt_start, 0x200000) },
	  REASON(MEM_UNALIGNED, -EINVAL, MEM_REGION, 0, TEST_RAM + 0x10, 0x200000) },
	{ "memory_registers_moved_in_the_page", { RANGE(2, CHIPSET + 0x10, 4) },
	  REASON(MEM_UNALIGNED, -EINVAL, MEM_REGION, 2, CHIPSET + 0x10, CHIPSET) },
	{ "memory_half_a_page_of_the_root", { DEVICE(2, CHIPSET + 0x100, 0x10) },
	  REASON(MEM_SUBPAGE_MAPPED, -EINVAL, MEM_REGION, 2, CHIPSET + 0x100, CHIPSET + 0x10f) },
	{ "memory_wraps_around", { DEVICE(2, 0xfffffffffffff000, 0x2000) },
	  REASON(MEM_OVERFLOW, -EINVAL, MEM_REGION, 2, 0xfffffffffffff000, 0x2000, 64) },
	{ "memory_without_end", { DEVICE(2, CHIPSET, 0xfffffffffffff000) },
	  REASON(MEM_OVERFLOW, -EINVAL, MEM_REGION, 2, CHIPSET, 0xfffffffffffff000, 64) },
	{ "memory_seen_at_the_end_of_all", { MEM(2, virt_start, 0xfffffffffffff000) },
	  REASON(MEM_OVERFLOW, -EINVAL, MEM_REGION, 2, 0xfffffffffffff000, 0x1000, ANY) },
	{ "memory_beyond_the_address_bits", { DEVICE(2, 1ULL << 52, 0x1000) },
	  REASON(MEM_OVERFLOW, -EINVAL, MEM_REGION, 2, 1ULL << 52, 0x1000, ANY) },
	{ "comm_region_of_two_pages", { MEM(1, size, 0x2000) },
	  REASON(MEM_COMM_REGION, -EINVAL, MEM_REGION, 1, 0x2000, 0x100000) },
	{ "comm_region_unaligned", { MEM(1, virt_start, 0x100800) },
	  REASON(MEM_COMM_REGION, -EINVAL, MEM_REGION, 1, 0x1000, 0x100800) },
	{ "comm_region_out_of_reach", { MEM(1, virt_start, 1ULL << 60) },
	  REASON(MEM_COMM_REGION, -EINVAL, MEM_REGION, 1, 0x1000, 1ULL << 60) },
	{ "more_page_tables_than_pages",
	  { DEVICE(2, 0x100000000, 0x200000000), MEM(2, flags, JAILHOUSE_MEM_READ |
							       JAILHOUSE_MEM_NO_HUGEPAGES) },
	  REASON(NO_MEMORY, -ENOMEM, NONE, 0, 1, ANY, ANY) },

	/* Ports */
	{ "ports_of_pci_configuration", { PIO(0, base, 0xcf0), PIO(0, length, 0x20) },
	  REASON(PIO_FORBIDDEN, -EINVAL, PIO_REGION, 0, 0xcf8, 0xcff) },
	{ "port_of_fast_reset", { PIO(0, base, 0x92), PIO(0, length, 1) },
	  REASON(PIO_FORBIDDEN, -EINVAL, PIO_REGION, 0, 0x92, 0x92) },
	{ "ports_of_smi", { PIO(0, base, 0xb0) },
	  REASON(PIO_FORBIDDEN, -EINVAL, PIO_REGION, 0, 0xb2, 0xb3) },
	{ "ports_of_power_off", { PIO(0, base, 0x600) },
	  REASON(PIO_FORBIDDEN, -EINVAL, PIO_REGION, 0, 0x604, 0x605) },
	{ "ports_beyond_the_last", { PIO(0, base, 0xfff8), PIO(0, length, 9) },
	  REASON(PIO_OVERFLOW, -EINVAL, PIO_REGION, 0, 0xfff8, 9) },
	{ "ports_of_another_cell", { PIO(0, base, 0x707), PIO(0, length, 4) },
	  REASON(PIO_OTHER_CELL, -EBUSY, PIO_REGION, 0, 0x707, 0x707, 1) },

	/* Interrupts */
	{ "pins_do_not_start_at_0", { IRQCHIP(0, pin_base, 32) },
	  REASON(IRQCHIP_PIN_BASE, -EINVAL, IRQCHIP, 0, 32) },
	{ "no_such_irqchip", { IRQCHIP(0, address, IOAPIC + 0x1000) },
	  REASON(IRQCHIP_UNKNOWN, -EINVAL, IRQCHIP, 0, IOAPIC + 0x1000) },
	{ "pin_of_another_cell", { IRQCHIP(0, pin_bitmap[0], 7 << 20) },
	  REASON(MEM_OTHER_CELL, -EBUSY, IRQCHIP, 0, 20, 20, 1, 0) },

	/* PCI */
	{ "pci_unknown_type", { PCI(0, type, 77) },
	  REASON(PCI_TYPE, -EINVAL, PCI_DEVICE, 0, AHCI, 77) },
	{ "pci_bridge", { PCI(0, type, JAILHOUSE_PCI_TYPE_BRIDGE) },
	  REASON(PCI_TYPE, -EINVAL, PCI_DEVICE, 0, AHCI, JAILHOUSE_PCI_TYPE_BRIDGE) },
	{ "pci_caps_behind_the_array", { PCI(0, num_caps, 2) },
	  REASON(PCI_CAPS_RANGE, -EINVAL, PCI_DEVICE, 0, AHCI, 0, 1, 1) },
	{ "pci_caps_far_behind", { PCI(0, caps_start, 0xffff) },
	  REASON(PCI_CAPS_RANGE, -EINVAL, PCI_DEVICE, 0, AHCI, 0xffff, 0xffff, 1) },
	{ "pci_twice", { PCI(0, bdf, NO_DEVICE) },
	  REASON(PCI_DUPLICATE, -EINVAL, PCI_DEVICE, 1, NO_DEVICE) },
	{ "pci_twice_and_present", { PCI(1, bdf, AHCI) },
	  REASON(PCI_DUPLICATE, -EINVAL, PCI_DEVICE, 1, AHCI) },
	{ "pci_of_another_cell", { PCI(0, bdf, SMBUS) },
	  REASON(PCI_OTHER_CELL, -EBUSY, PCI_DEVICE, 0, SMBUS, 1) },
	{ "pci_msix_table_unaligned",
	  { PCI(1, num_msix_vectors, 1), PCI(1, msix_region_size, 0x1000),
	    PCI(1, msix_address, 0xc0000800) },
	  REASON(PCI_MSIX_TABLE, -EINVAL, PCI_DEVICE, 1, NO_DEVICE, 0xc0000800, 0x1000) },
	{ "pci_msix_table_in_the_hypervisor",
	  { PCI(1, num_msix_vectors, 1), PCI(1, msix_region_size, 0x1000),
	    PCI(1, msix_address, Q35_HV_MEMORY) },
	  REASON(PCI_MSIX_TABLE, -EINVAL, PCI_DEVICE, 1, NO_DEVICE, Q35_HV_MEMORY, 0x1000) },
	{ "pci_msix_table_in_a_region",
	  { PCI(1, num_msix_vectors, 1), PCI(1, msix_region_size, 0x1000),
	    PCI(1, msix_address, CHIPSET) },
	  REASON(MEM_INTERCEPTED, -EINVAL, MEM_REGION, 2, CHIPSET, CHIPSET + 0xfff, CHIPSET,
		 CHIPSET + 0xfff) },
	{ "ivshmem_without_regions", { PCI(1, type, JAILHOUSE_PCI_TYPE_IVSHMEM),
				       PCI(1, shmem_regions_start, 1), PCI(1, shmem_peers, 2) },
	  REASON(IVSHMEM_REGIONS, -EINVAL, PCI_DEVICE, 1, NO_DEVICE, 1, 4, 3) },
	{ "ivshmem_regions_wrap_around",
	  { PCI(1, type, JAILHOUSE_PCI_TYPE_IVSHMEM),
	    PCI(1, shmem_regions_start, 0xffffffff), PCI(1, shmem_peers, 2) },
	  REASON(IVSHMEM_REGIONS, -EINVAL, PCI_DEVICE, 1, NO_DEVICE, 0xffffffff, 0x100000002,
		 3) },
	{ "ivshmem_too_many_vectors",
	  { PCI(1, type, JAILHOUSE_PCI_TYPE_IVSHMEM), PCI(1, shmem_peers, 1),
	    PCI(1, num_msix_vectors, 17) },
	  REASON(IVSHMEM_VECTORS, -EINVAL, PCI_DEVICE, 1, NO_DEVICE, 17, 16) },
	{ "ivshmem_peer_of_none",
	  { PCI(1, type, JAILHOUSE_PCI_TYPE_IVSHMEM), PCI(1, shmem_peers, 1),
	    PCI(1, shmem_dev_id, 1) },
	  REASON(IVSHMEM_ID, -EINVAL, PCI_DEVICE, 1, NO_DEVICE, 1, 1) },
};

static int create(const void *config, size_t size, struct jailhouse_error *error)
{
	return jailhouse_cell_create(jh, config, size, NULL, error);
}

static const struct jailhouse_cell_desc *whole(const void *config)
{
	return config;
}

static const struct submission cells = { &good, sizeof(good), create, try_create, whole };

static void row_is_refused(void **state)
{
	submit_row(&cells, *state);
}

/* Its resources are wanted by others, in vain. */
static void other_cell_is_created(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct cell_config other = good;
	uint32_t id;

	(void)state;
	guest_enable(jh, GUEST_SYSTEM);
	strcpy(other.cell.name, "other");
	other.cpus[0] = 1 << 3;
	other.cell.num_memory_regions = 3;
	other.memory[0].phys_start = OTHER_RAM;
	other.memory[2].size = 0;
	other.irqchip.pin_bitmap[0] = 1 << 20;
	other.pio.base = 0x700;
	other.device[0].bdf = SMBUS;
	other.device[1].type = JAILHOUSE_PCI_TYPE_DEVICE;
	other.device[1].bdf = 0x20;
	guest_ok(jailhouse_cell_create(jh, &other, sizeof(other), &id, &error), &error);
	assert_int_equal(id, 1);
}

/* Each row differs from this one in its mistake only, so that is why it is refused. */
static void good_one_is_accepted(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	const uint32_t used = guest_pool_used(jh);
	uint32_t id;

	(void)state;
	test_ram_fill();
	guest_ok(jailhouse_cell_create(jh, &good, sizeof(good), &id, &error), &error);
	assert_int_equal(id, 2);
	assert_string_equal(guest_online_cpus(), "0-1");
	guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
	assert_int_equal(guest_pool_used(jh), used);
	assert_string_equal(guest_online_cpus(), "0-2");
	/* Zeroed on its way, unlike after a refusal */
	for (size_t n = 0; n < TEST_RAM_SIZE; n++)
		assert_int_equal(test_ram[n], 0);
	test_ram_fill();
}

static void truncated_cell(void **state)
{
	(void)state;
	submit_truncated(&cells, sizeof(good.cell));
}

static void counts_of_a_cell(void **state)
{
	(void)state;
	submit_overflowing_counts(&cells, 0);
}

static void all_cells_go(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	guest_ok(jailhouse_disable(jh, &error), &error);
	assert_string_equal(guest_online_cpus(), "0-3");
}

size_t add_cell_tests(struct CMUnitTest *tests)
{
	const struct CMUnitTest first[] = {
		cmocka_unit_test(other_cell_is_created),
		cmocka_unit_test(good_one_is_accepted),
		cmocka_unit_test(truncated_cell),
		cmocka_unit_test(counts_of_a_cell),
	};
	const struct CMUnitTest last[] = {
		{ "good_one_is_accepted_still", good_one_is_accepted, NULL, NULL, NULL },
		cmocka_unit_test(all_cells_go),
	};
	size_t count = sizeof(first) / sizeof(first[0]);

	memcpy(tests, first, sizeof(first));
	for (size_t n = 0; n < sizeof(rows) / sizeof(rows[0]); n++)
		tests[count++] = (struct CMUnitTest){ rows[n].name, row_is_refused, NULL, NULL,
						      (void *)(uintptr_t)&rows[n] };
	memcpy(tests + count, last, sizeof(last));
	return count + sizeof(last) / sizeof(last[0]);
}
