/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Cells that must not be created, while the hypervisor runs and another cell exists. */
#include <errno.h>
#include <string.h>

#include "badconfig.h"
#include "badconfig-machine.h"

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

#define RAM_FLAGS                                                                                  \
	(JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE | JAILHOUSE_MEM_LOADABLE)

static struct cell_config good = {
	.cell = {
		.signature = JAILHOUSE_CELL_DESC_SIGNATURE,
		.architecture = ARCHITECTURE,
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
		{ .virt_start = COMM, .size = 0x1000,
		  .flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_COMM_REGION },
		{ .phys_start = DEVICE_PAGE, .virt_start = DEVICE_PAGE, .size = 0x1000,
		  .flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO },
	},
	.irqchip = { .address = IRQCHIP_BASE, .pin_base = FIRST_PIN, .pin_bitmap = { 1 << 21 } },
	.pio = { 0x710, 8 },
	.device = {
		{ .type = JAILHOUSE_PCI_TYPE_DEVICE, .bdf = DEVICE_A, .num_caps = 1 },
		{ .type = JAILHOUSE_PCI_TYPE_DEVICE, .bdf = DEVICE_B },
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
	{ "cell_for_another_machine", { CELL(architecture, OTHER_ARCHITECTURE) },
	  REASON(CONFIG_ARCHITECTURE, -EINVAL, FIELD, 5, OTHER_ARCHITECTURE, ARCHITECTURE) },
	{ "cell_without_name", { CELL(name[0], 0) },
	  REASON(CONFIG_NAME_EMPTY, -EINVAL, FIELD, 8) },
	{ "cell_without_cpu", { CPUS(0, 0) }, REASON(CPU_SET_EMPTY, -EINVAL, FIELD, 48) },
	{ "cell_name_of_another", { CELL(name, 0x7468746f) /* oth */, CELL(name[3], 'e'),
				    CELL(name[4], 'r') },
	  REASON(CELL_NAME_USED, -EEXIST, NONE, 0, 1) },

	/* CPUs */
	{ "cpu_of_another_cell", { CPUS(0, 0xc) }, REASON(CPU_NOT_IN_ROOT, -EBUSY, CPU, 3) },
	{ "cpu_beyond_the_machine", { CPUS(0, 0x14) },
	  REASON(CPU_NOT_IN_SYSTEM, -EBUSY, CPU, 4) },
	{ "cpu_far_beyond", { CPUS(7, 0x80) }, REASON(CPU_NOT_IN_SYSTEM, -EBUSY, CPU, 63) },

	/* Memory that belongs to somebody */
	{ "memory_of_the_hypervisor", { RANGE(0, HV_START, 0x2000) },
	  REASON(MEM_HYPERVISOR, -EINVAL, MEM_REGION, 0, HV_START, HV_START + 0x1fff,
		 HV_START, HV_LAST) },
	{ "memory_last_page_of_the_hypervisor", { RANGE(0, HV_LAST - 0xfff, 0x2000) },
	  REASON(MEM_HYPERVISOR, -EINVAL, MEM_REGION, 0, HV_LAST - 0xfff, HV_LAST + 0x1000,
		 HV_START, HV_LAST) },
	{ "memory_registers_in_the_hypervisor", { DEVICE(2, HV_START + 0x5010, 4) },
	  REASON(MEM_HYPERVISOR, -EINVAL, MEM_REGION, 2, HV_START + 0x5010, HV_START + 0x5013,
		 HV_START, HV_LAST) },
	{ "memory_shared_with_the_hypervisor",
	  { RANGE(0, HV_START, 0x2000), MEM(0, flags, RAM_FLAGS | JAILHOUSE_MEM_ROOTSHARED) },
	  REASON(MEM_HYPERVISOR, -EINVAL, MEM_REGION, 0, HV_START, HV_START + 0x1fff,
		 HV_START, HV_LAST) },
	{ "memory_of_another_cell", { RANGE(0, OTHER_RAM, 0x1000) },
	  REASON(MEM_OTHER_CELL, -EBUSY, MEM_REGION, 0, OTHER_RAM, OTHER_RAM + 0xfff, 1, 0) },
	{ "memory_around_another_cell", { RANGE(0, OTHER_RAM - 0x100000, 0x200000) },
	  REASON(MEM_OTHER_CELL, -EBUSY, MEM_REGION, 0, OTHER_RAM - 0x100000,
		 OTHER_RAM + 0xfffff, 1, 0) },
	{ "memory_shared_by_one_side_only",
	  { RANGE(0, OTHER_RAM, 0x1000), MEM(0, flags, RAM_FLAGS | JAILHOUSE_MEM_ROOTSHARED) },
	  REASON(MEM_OTHER_CELL, -EBUSY, MEM_REGION, 0, OTHER_RAM, OTHER_RAM + 0xfff, 1, 0) },
	{ "memory_of_linux", { RANGE(0, LINUX_RAM, 0x2000) },
	  REASON(MEM_SYSTEM_RAM, -EINVAL, MEM_REGION, 0, LINUX_RAM, LINUX_RAM + 0x1fff) },
	{ "memory_huge_of_linux", { RANGE(0, LINUX_RAM, 0x200000) },
	  REASON(MEM_SYSTEM_RAM, -EINVAL, MEM_REGION, 0, LINUX_RAM, LINUX_RAM + 0x1fffff) },
	{ "memory_last_page_of_linux", { RANGE(2, LINUX_LAST - 0xfff, 0x1000) },
	  REASON(MEM_SYSTEM_RAM, -EINVAL, MEM_REGION, 2, LINUX_LAST - 0xfff, LINUX_LAST) },
	{ "more_page_tables_than_pages",
	  { DEVICE(2, 0x100000000, 0x200000000), MEM(2, flags, JAILHOUSE_MEM_READ |
							       JAILHOUSE_MEM_NO_HUGEPAGES) },
	  REASON(NO_MEMORY, -ENOMEM, NONE, 0, 1, ANY, ANY) },

	/* Numbers */
	{ "memory_unaligned", { RANGE(0, TEST_RAM + 0x800, 0x1000) },
	  REASON(MEM_UNALIGNED, -EINVAL, MEM_REGION, 0, TEST_RAM + 0x800, 0) },
	{ "memory_unaligned_huge", { RANGE(0, TEST_RAM + 0x10, 0x400000),
				     MEM(0, virt_start, 0x200000) },
	  REASON(MEM_UNALIGNED, -EINVAL, MEM_REGION, 0, TEST_RAM + 0x10, 0x200000) },
	{ "memory_registers_moved_in_the_page", { RANGE(2, DEVICE_PAGE + 0x10, 4) },
	  REASON(MEM_UNALIGNED, -EINVAL, MEM_REGION, 2, DEVICE_PAGE + 0x10, DEVICE_PAGE) },
	{ "memory_half_a_page_of_the_root", { DEVICE(2, DEVICE_PAGE + 0x100, 0x10) },
	  REASON(MEM_SUBPAGE_MAPPED, -EINVAL, MEM_REGION, 2, DEVICE_PAGE + 0x100, DEVICE_PAGE + 0x10f) },
	{ "memory_wraps_around", { DEVICE(2, 0xfffffffffffff000, 0x2000) },
	  REASON(MEM_OVERFLOW, -EINVAL, MEM_REGION, 2, 0xfffffffffffff000, 0x2000, 64) },
	{ "memory_without_end", { DEVICE(2, DEVICE_PAGE, 0xfffffffffffff000) },
	  REASON(MEM_OVERFLOW, -EINVAL, MEM_REGION, 2, DEVICE_PAGE, 0xfffffffffffff000, 64) },
	{ "memory_seen_at_the_end_of_all", { MEM(2, virt_start, 0xfffffffffffff000) },
	  REASON(MEM_OVERFLOW, -EINVAL, MEM_REGION, 2, 0xfffffffffffff000, 0x1000, ANY) },
	{ "memory_beyond_the_address_bits", { DEVICE(2, 1ULL << 52, 0x1000) },
	  REASON(MEM_OVERFLOW, -EINVAL, MEM_REGION, 2, 1ULL << 52, 0x1000, ANY) },
	{ "comm_region_of_two_pages", { MEM(1, size, 0x2000) },
	  REASON(MEM_COMM_REGION, -EINVAL, MEM_REGION, 1, 0x2000, COMM) },
	{ "comm_region_unaligned", { MEM(1, virt_start, COMM + 0x800) },
	  REASON(MEM_COMM_REGION, -EINVAL, MEM_REGION, 1, 0x1000, COMM + 0x800) },
	{ "comm_region_out_of_reach", { MEM(1, virt_start, 1ULL << 60) },
	  REASON(MEM_COMM_REGION, -EINVAL, MEM_REGION, 1, 0x1000, 1ULL << 60) },
	/* Interrupts */
	{ "pins_start_in_the_middle", { IRQCHIP(0, pin_base, FIRST_PIN + 1) },
	  REASON(IRQCHIP_PIN_BASE, -EINVAL, IRQCHIP, 0, FIRST_PIN + 1) },
	{ "no_such_irqchip", { IRQCHIP(0, address, IRQCHIP_BASE + 0x1000) },
	  REASON(IRQCHIP_UNKNOWN, -EINVAL, IRQCHIP, 0, IRQCHIP_BASE + 0x1000) },

	/* PCI */
	{ "pci_unknown_type", { PCI(0, type, 77) },
	  REASON(PCI_TYPE, -EINVAL, PCI_DEVICE, 0, DEVICE_A, 77) },
	{ "pci_bridge", { PCI(0, type, JAILHOUSE_PCI_TYPE_BRIDGE) },
	  REASON(PCI_TYPE, -EINVAL, PCI_DEVICE, 0, DEVICE_A, JAILHOUSE_PCI_TYPE_BRIDGE) },
	{ "pci_caps_behind_the_array", { PCI(0, num_caps, 2) },
	  REASON(PCI_CAPS_RANGE, -EINVAL, PCI_DEVICE, 0, DEVICE_A, 0, 1, 1) },
	{ "pci_caps_far_behind", { PCI(0, caps_start, 0xffff) },
	  REASON(PCI_CAPS_RANGE, -EINVAL, PCI_DEVICE, 0, DEVICE_A, 0xffff, 0xffff, 1) },
	{ "pci_twice", { PCI(0, bdf, DEVICE_B) },
	  REASON(PCI_DUPLICATE, -EINVAL, PCI_DEVICE, 1, DEVICE_B) },
	{ "pci_twice_and_present", { PCI(1, bdf, DEVICE_A) },
	  REASON(PCI_DUPLICATE, -EINVAL, PCI_DEVICE, 1, DEVICE_A) },
	{ "pci_of_another_cell", { PCI(0, bdf, DEVICE_OTHER) },
	  REASON(PCI_OTHER_CELL, -EBUSY, PCI_DEVICE, 0, DEVICE_OTHER, 1) },
	{ "ivshmem_without_regions", { PCI(1, type, JAILHOUSE_PCI_TYPE_IVSHMEM),
				       PCI(1, shmem_regions_start, 1), PCI(1, shmem_peers, 2) },
	  REASON(IVSHMEM_REGIONS, -EINVAL, PCI_DEVICE, 1, DEVICE_B, 1, 4, 3) },
	{ "ivshmem_regions_wrap_around",
	  { PCI(1, type, JAILHOUSE_PCI_TYPE_IVSHMEM),
	    PCI(1, shmem_regions_start, 0xffffffff), PCI(1, shmem_peers, 2) },
	  REASON(IVSHMEM_REGIONS, -EINVAL, PCI_DEVICE, 1, DEVICE_B, 0xffffffff, 0x100000002,
		 3) },
	{ "ivshmem_too_many_vectors",
	  { PCI(1, type, JAILHOUSE_PCI_TYPE_IVSHMEM), PCI(1, shmem_peers, 1),
	    PCI(1, num_msix_vectors, 17) },
	  REASON(IVSHMEM_VECTORS, -EINVAL, PCI_DEVICE, 1, DEVICE_B, 17, 16) },
	{ "ivshmem_peer_of_none",
	  { PCI(1, type, JAILHOUSE_PCI_TYPE_IVSHMEM), PCI(1, shmem_peers, 1),
	    PCI(1, shmem_dev_id, 1) },
	  REASON(IVSHMEM_ID, -EINVAL, PCI_DEVICE, 1, DEVICE_B, 1, 1) },
#include "cell-rows.h"
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
	other.device[0].bdf = DEVICE_OTHER;
	other.device[1].bdf = DEVICE_NONE;
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
