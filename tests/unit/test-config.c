/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Configurations through the public functions: read, built, and built again to the same bytes. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/config.h>
#include <jailhouse/reason.h>

#include "config-blob.h"
#include "unit.h"

#define INIT(error) struct jailhouse_error error = JAILHOUSE_ERROR_INIT

static struct jailhouse_config parsed(const void *data, size_t size)
{
	struct jailhouse_config config;
	INIT(error);

	if (jailhouse_config_parse(data, size, &config, &error) != 0)
		fail_msg("%s", error.text);
	return config;
}

static void kind_and_counts_are_found(void **state)
{
	struct system_blob system = make_system_blob();
	struct cell_blob cell = make_cell_blob();
	struct jailhouse_config config;

	(void)state;
	config = parsed(&cell, sizeof(cell));
	assert_int_equal(config.kind, JAILHOUSE_CONFIG_CELL);
	assert_int_equal(config.length, sizeof(cell));
	assert_int_equal(config.count[JAILHOUSE_SECTION_MEMORY], 2);
	assert_int_equal(jailhouse_config_next_cpu(&config, 0), 3);
	assert_int_equal(jailhouse_config_next_cpu(&config, 4), -1);
	assert_int_equal(jailhouse_config_next_cpu(&config, -1), -1);
	config = parsed(&system, sizeof(system));
	assert_int_equal(config.kind, JAILHOUSE_CONFIG_SYSTEM);
	assert_int_equal(config.trailing, 0);
}

static void expect_error(const void *data, size_t size, uint32_t reason, const char *text)
{
	struct jailhouse_config config = {.kind = 77};
	INIT(error);

	assert_int_equal(jailhouse_config_parse(data, size, &config, &error), JAILHOUSE_ERR_CONFIG);
	assert_int_equal(error.reason, reason);
	assert_string_equal(error.text, text);
	assert_int_equal(config.kind, 77);
}

static void what_is_no_configuration_is_refused(void **state)
{
	struct cell_blob cell = make_cell_blob();

	(void)state;
	expect_error("JHCL", 4, JAILHOUSE_REASON_CONFIG_KIND,
		     "this is neither a system nor a cell configuration");
	expect_error("\177ELF\2\1\1", 8, JAILHOUSE_REASON_CONFIG_KIND,
		     "this is neither a system nor a cell configuration");
	expect_error("JHSYS", 5, JAILHOUSE_REASON_CONFIG_TRUNCATED,
		     "the configuration ends after 5 bytes, its counts ask for 488");
	cell.cell.architecture = 3;
	expect_error(&cell, sizeof(cell), JAILHOUSE_REASON_CONFIG_ARCHITECTURE_UNKNOWN,
		     "there is no architecture 3");
	cell.cell.architecture = JAILHOUSE_ARM;
	cell.cell.revision = 13;
	expect_error(&cell, sizeof(cell), JAILHOUSE_REASON_CONFIG_REVISION,
		     "configuration revision 13 is not supported, only 14");
}

static void each_field_of_a_device_comes_through(void **state)
{
	struct cell_blob cell = make_cell_blob();
	struct jailhouse_pci_device *raw = &cell.arrays.pci[0];
	struct jailhouse_config_pci_device device;
	struct jailhouse_config config;

	(void)state;
	*raw = (struct jailhouse_pci_device){
		.type = 3,
		.iommu = 7,
		.domain = 0x1122,
		.bdf = 0x3344,
		.bar_mask = {1, 2, 3, 4, 5, 6},
		.caps_start = 0x5566,
		.num_caps = 0x7788,
		.num_msi_vectors = 0x99,
		.msi_maskable = 1,
		.num_msix_vectors = 0xaabb,
		.msix_region_size = 0xccdd,
		.msix_address = 0x1234567890abcdef,
		.shmem_regions_start = 0xdeadbeef,
		.shmem_dev_id = 0x12,
		.shmem_peers = 0x34,
		.shmem_protocol = 0x4321,
	};
	config = parsed(&cell, sizeof(cell));
	memset(&device, 0xee, sizeof(device));
	assert_int_equal(jailhouse_config_get_pci_device(&config, 0, &device), 0);
	assert_int_equal(device.type, 3);
	assert_int_equal(device.iommu, 7);
	assert_int_equal(device.domain, 0x1122);
	assert_int_equal(device.bdf, 0x3344);
	assert_int_equal(device.bar_mask[5], 6);
	assert_int_equal(device.caps_start, 0x5566);
	assert_int_equal(device.num_caps, 0x7788);
	assert_int_equal(device.num_msi_vectors, 0x99);
	assert_int_equal(device.msi_flags, 2);
	assert_int_equal(device.num_msix_vectors, 0xaabb);
	assert_int_equal(device.msix_region_size, 0xccdd);
	assert_int_equal(device.msix_address, 0x1234567890abcdef);
	assert_int_equal(device.shmem_regions_start, 0xdeadbeef);
	assert_int_equal(device.shmem_dev_id, 0x12);
	assert_int_equal(device.shmem_peers, 0x34);
	assert_int_equal(device.shmem_protocol, 0x4321);
	assert_int_equal(jailhouse_config_get_pci_device(&config, 1, &device),
			 JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(device.type, 3);
}

static void members_of_other_architectures_are_zero(void **state)
{
	struct system_blob blob = make_system_blob();
	struct jailhouse_config_system system;
	struct jailhouse_config config;

	(void)state;
	blob.system.platform_info.arm.gic_version = 3;
	blob.system.platform_info.arm.maintenance_irq = 25;
	blob.system.platform_info.arm.gicr_base = 0x80a0000;
	blob.system.architecture = JAILHOUSE_ARM64;
	config = parsed(&blob, sizeof(blob));
	memset(&system, 0xee, sizeof(system));
	assert_int_equal(jailhouse_config_get_system(&config, &system), 0);
	assert_int_equal(system.gic_version, 3);
	assert_int_equal(system.maintenance_irq, 25);
	assert_int_equal(system.gicr_base, 0x80a0000);
	assert_int_equal(system.pm_timer_address, 0);
	blob.system.architecture = JAILHOUSE_X86;
	config = parsed(&blob, sizeof(blob));
	assert_int_equal(jailhouse_config_get_system(&config, &system), 0);
	assert_int_equal(system.gic_version, 0);
	assert_int_equal(system.pm_timer_address, 25 + (3 << 8));
}

static void a_cell_has_no_system(void **state)
{
	struct cell_blob cell = make_cell_blob();
	struct jailhouse_config config = parsed(&cell, sizeof(cell));
	struct jailhouse_config_system system;
	struct jailhouse_config_iommu iommu;
	struct jailhouse_builder *builder;

	(void)state;
	memset(&system, 0, sizeof(system));
	memset(&iommu, 0, sizeof(iommu));
	assert_int_equal(jailhouse_config_get_system(&config, &system), JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_config_get_iommu(&config, 0, &iommu), JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_builder_new_from(&config, &builder, NULL), 0);
	assert_int_equal(jailhouse_builder_set_system(builder, &system), JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_builder_set_iommu(builder, 0, &iommu), JAILHOUSE_ERR_ARGUMENT);
	jailhouse_builder_free(builder);
}

static void building_from_nothing_gives_a_valid_cell(void **state)
{
	struct jailhouse_config_memory ram = {0x3a600000, 0, 0x100000, 0x47};
	struct jailhouse_config_cell cell = {.name = "new", .flags = 1};
	struct jailhouse_builder *builder;
	struct jailhouse_config config;
	size_t size = 0;
	INIT(error);

	(void)state;
	assert_int_equal(
		jailhouse_builder_new(JAILHOUSE_CONFIG_CELL, JAILHOUSE_ARM64, &builder, &error), 0);
	assert_int_equal(jailhouse_builder_get_config(builder, &config, &size, &error),
			 JAILHOUSE_ERR_CONFIG);
	assert_int_equal(error.reason, JAILHOUSE_REASON_CPU_SET_EMPTY);
	assert_int_equal(jailhouse_builder_set_cell(builder, &cell), 0);
	assert_int_equal(jailhouse_builder_set_memory(builder, JAILHOUSE_CONFIG_END, &ram, &error),
			 0);
	assert_int_equal(jailhouse_builder_set_cpu(builder, 70, 1, &error), 0);
	assert_int_equal(jailhouse_builder_set_cpu(builder, 1, 1, &error), 0);
	assert_int_equal(jailhouse_builder_set_cpu(builder, 1, 0, &error), 0);
	assert_int_equal(jailhouse_builder_set_cpu(builder, 200, 0, &error), 0);
	assert_int_equal(jailhouse_builder_set_cpu(builder, 32768, 1, &error),
			 JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_builder_get_config(builder, &config, &size, &error), 0);
	assert_int_equal(size, 132 + 16 + 32);
	assert_int_equal(config.count[JAILHOUSE_SECTION_CPU_SET], 16);
	assert_int_equal(jailhouse_config_next_cpu(&config, 0), 70);
	memset(&ram, 0, sizeof(ram));
	assert_int_equal(jailhouse_config_get_memory(&config, 0, &ram), 0);
	assert_int_equal(ram.phys_start, 0x3a600000);
	jailhouse_builder_free(builder);
	jailhouse_builder_free(NULL);
}

static void elements_are_inserted_and_removed(void **state)
{
	struct cell_blob cell = make_cell_blob();
	struct jailhouse_config config = parsed(&cell, sizeof(cell));
	struct jailhouse_config_pio pio = {0x3f8, 8};
	struct jailhouse_builder *builder;
	size_t size;
	INIT(error);

	(void)state;
	assert_int_equal(jailhouse_builder_new_from(&config, &builder, &error), 0);
	assert_int_equal(jailhouse_builder_insert(builder, JAILHOUSE_SECTION_PIO, 0, 3, &error), 0);
	assert_int_equal(jailhouse_builder_set_pio(builder, 1, &pio, &error), 0);
	assert_int_equal(jailhouse_builder_set_pio(builder, 4, &pio, &error),
			 JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_builder_insert(builder, JAILHOUSE_SECTION_PIO, 5, 1, &error),
			 JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_builder_insert(builder, 8, 0, 1, &error),
			 JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(
		jailhouse_builder_insert(builder, JAILHOUSE_SECTION_MEMORY, 0, 0xfffffff0, &error),
		JAILHOUSE_ERR_CONFIG);
	assert_int_equal(jailhouse_builder_get_config(builder, &config, &size, &error), 0);
	assert_int_equal(size, sizeof(cell) + 3 * 4);
	memset(&pio, 0, sizeof(pio));
	assert_int_equal(jailhouse_config_get_pio(&config, 1, &pio), 0);
	assert_int_equal(pio.base, 0x3f8);
	assert_int_equal(jailhouse_builder_remove(builder, JAILHOUSE_SECTION_PIO, 2, 3),
			 JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_builder_remove(builder, JAILHOUSE_SECTION_PIO, 0, 3), 0);
	assert_int_equal(jailhouse_builder_get_config(builder, &config, &size, &error), 0);
	assert_int_equal(size, sizeof(cell));
	assert_memory_equal(config.data, &cell, sizeof(cell));
	jailhouse_builder_free(builder);
}

static void counts_and_signature_are_safe_from_bytes(void **state)
{
	struct system_blob blob = make_system_blob();
	struct jailhouse_config config = parsed(&blob, sizeof(blob));
	uint32_t root = offsetof(struct jailhouse_system, root_cell);
	struct jailhouse_builder *builder;
	uint8_t byte = 0x5a;
	uint32_t offset;

	(void)state;
	assert_int_equal(jailhouse_builder_new_from(&config, &builder, NULL), 0);
	for (offset = 0; offset <= sizeof(struct jailhouse_system); offset++) {
		int refused = offset < 8 || offset == sizeof(struct jailhouse_system) ||
			      (offset >= root + 48 && offset < root + 80);

		assert_int_equal(jailhouse_builder_set_bytes(builder, offset, &byte, 1),
				 refused ? JAILHOUSE_ERR_ARGUMENT : 0);
	}
	assert_int_equal(jailhouse_builder_set_bytes(builder, 480, &byte, 0xfffffff0),
			 JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_builder_get_config(builder, &config, NULL, NULL), 0);
	assert_int_equal(config.length, sizeof(blob));
	jailhouse_builder_free(builder);
}

/* Everything that has a name goes through the structures into a new builder; the rest by its bytes.
 */
static struct jailhouse_builder *rebuild(const struct jailhouse_config *from)
{
	struct jailhouse_config_pci_device device;
	struct jailhouse_config_irqchip irqchip;
	struct jailhouse_config_system system;
	struct jailhouse_config_memory memory;
	struct jailhouse_config_iommu iommu;
	struct jailhouse_config_cache cache;
	struct jailhouse_config_pci_cap cap;
	struct jailhouse_config_cell cell;
	struct jailhouse_config_pio pio;
	struct jailhouse_builder *b;
	uint32_t n, id;
	int32_t cpu;

	assert_int_equal(jailhouse_builder_new(from->kind, from->architecture, &b, NULL), 0);
	assert_int_equal(jailhouse_config_get_cell(from, &cell), 0);
	assert_int_equal(jailhouse_builder_set_cell(b, &cell), 0);
	for (n = 0; from->kind == JAILHOUSE_CONFIG_SYSTEM && n < JAILHOUSE_CONFIG_NUM_IOMMUS; n++) {
		assert_int_equal(jailhouse_config_get_iommu(from, n, &iommu), 0);
		assert_int_equal(jailhouse_builder_set_iommu(b, n, &iommu), 0);
	}
	if (from->kind == JAILHOUSE_CONFIG_SYSTEM) {
		assert_int_equal(jailhouse_config_get_system(from, &system), 0);
		assert_int_equal(jailhouse_builder_set_system(b, &system), 0);
	}
#define COPY(section, kind, element)                                                             \
	for (n = 0; jailhouse_config_get_##kind(from, n, &(element)) == 0; n++)                  \
		assert_int_equal(                                                                \
			jailhouse_builder_set_##kind(b, JAILHOUSE_CONFIG_END, &(element), NULL), \
			0);                                                                      \
	assert_int_equal(n, from->count[JAILHOUSE_SECTION_##section])
	COPY(MEMORY, memory, memory);
	COPY(CACHE, cache, cache);
	COPY(IRQCHIP, irqchip, irqchip);
	COPY(PIO, pio, pio);
	COPY(PCI_DEVICE, pci_device, device);
	COPY(PCI_CAP, pci_cap, cap);
#undef COPY
	for (n = 0; jailhouse_config_get_stream_id(from, n, &id) == 0; n++)
		assert_int_equal(jailhouse_builder_set_stream_id(b, JAILHOUSE_CONFIG_END, id, NULL),
				 0);
	assert_int_equal(jailhouse_builder_insert(b, JAILHOUSE_SECTION_CPU_SET, 0,
						  from->count[JAILHOUSE_SECTION_CPU_SET], NULL),
			 0);
	for (cpu = jailhouse_config_next_cpu(from, 0); cpu >= 0;
	     cpu = jailhouse_config_next_cpu(from, cpu + 1))
		assert_int_equal(jailhouse_builder_set_cpu(b, cpu, 1, NULL), 0);
	assert_int_equal(jailhouse_builder_set_trailing(b, (const char *)from->data + from->length,
							from->trailing, NULL),
			 0);
	return b;
}

static void *read_file(const char *path, size_t *ret_size)
{
	FILE *file = fopen(path, "rb");
	char *data = malloc(1 << 20);

	assert_non_null(file);
	assert_non_null(data);
	*ret_size = fread(data, 1, 1 << 20, file);
	fclose(file);
	return data;
}

static int is_cell_file(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 5 && strcmp(entry->d_name + length - 5, ".cell") == 0;
}

static unsigned int check_boards(const char *directory)
{
	struct jailhouse_config config, again;
	struct jailhouse_builder *builder;
	unsigned int count = 0;
	struct dirent **entry;
	char path[4096];
	size_t size, new_size;
	void *data;
	int n;

	n = scandir(directory, &entry, is_cell_file, alphasort);
	while (n-- > 0) {
		snprintf(path, sizeof(path), "%s/%s", directory, entry[n]->d_name);
		data = read_file(path, &size);
		config = parsed(data, size);
		builder = rebuild(&config);
		assert_int_equal(jailhouse_builder_get_config(builder, &again, &new_size, NULL), 0);
		assert_int_equal(new_size, size);
		if (memcmp(again.data, data, size) != 0)
			fail_msg("%s: built to other bytes", path);
		jailhouse_builder_free(builder);
		free(data);
		free(entry[n]);
		count++;
	}
	if (count > 0)
		free(entry);
	return count;
}

static void each_board_is_built_to_the_same_bytes(void **state)
{
	(void)state;
	assert_true(check_boards(BOARDS "/x86") >= 5);
	/* Those of other machines are there if a compiler for them is. */
	check_boards(BOARDS "/arm");
	check_boards(BOARDS "/arm64");
}

static void sections_have_names(void **state)
{
	(void)state;
	assert_string_equal(jailhouse_section_get_name(JAILHOUSE_SECTION_PIO), "port range");
	assert_null(jailhouse_section_get_name(JAILHOUSE_NUM_SECTIONS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kind_and_counts_are_found),
		cmocka_unit_test(what_is_no_configuration_is_refused),
		cmocka_unit_test(each_field_of_a_device_comes_through),
		cmocka_unit_test(members_of_other_architectures_are_zero),
		cmocka_unit_test(a_cell_has_no_system),
		cmocka_unit_test(building_from_nothing_gives_a_valid_cell),
		cmocka_unit_test(elements_are_inserted_and_removed),
		cmocka_unit_test(counts_and_signature_are_safe_from_bytes),
		cmocka_unit_test(each_board_is_built_to_the_same_bytes),
		cmocka_unit_test(sections_have_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
