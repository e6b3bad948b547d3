/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/parse.h"
#include "config-blob.h"
#include "unit.h"

#define ROOT offsetof(struct jailhouse_system, root_cell)
#define CELL_FIELD(name) offsetof(struct jailhouse_cell_desc, name)

/*
 * Parses a copy that ends where the memory ends, so that the sanitizer sees a read behind it, and that
 * starts at an odd address.
 */
static int parse(const void *data, size_t size, enum jh_config_kind kind,
		 struct jailhouse_reason *reason)
{
	uint8_t *copy = malloc(size + 1);
	struct jh_config config;
	int err;

	assert_non_null(copy);
	memcpy(copy + 1, data, size);
	memset(&config, 0xee, sizeof(config));
	err = jh_config_parse(copy + 1, size, kind, &config, reason);
	if (err) {
		assert_int_equal(err, -EINVAL);
		assert_int_equal(config.size, 0xeeeeeeee);
	} else {
		assert_true(config.size <= size);
	}
	free(copy);
	return err;
}

static void expect_reason(const void *data, size_t size, enum jh_config_kind kind, uint32_t code,
			  uint32_t field, uint64_t arg0, uint64_t arg1)
{
	struct jailhouse_reason reason;

	assert_int_equal(parse(data, size, kind, &reason), -EINVAL);
	assert_int_equal(reason.code, code);
	assert_int_equal(reason.error, -EINVAL);
	assert_int_equal(reason.item, JAILHOUSE_ITEM_FIELD);
	assert_int_equal(reason.index, field);
	assert_int_equal(reason.arg[0], arg0);
	assert_int_equal(reason.arg[1], arg1);
}

static void whole_cell_is_found(void **state)
{
	struct cell_blob blob = make_cell_blob();
	struct jailhouse_reason reason;
	struct jh_config config;

	(void)state;
	assert_int_equal(jh_config_parse(&blob, sizeof(blob), JH_CONFIG_CELL, &config, &reason), 0);
	assert_null(config.system);
	assert_ptr_equal(config.cell, &blob.cell);
	assert_int_equal(config.size, sizeof(blob));
	assert_int_equal(config.architecture, JAILHOUSE_X86);
	assert_ptr_equal(config.section[JH_SECTION_CPU_SET].start, blob.arrays.cpus);
	assert_int_equal(config.section[JH_SECTION_CPU_SET].count, 8);
	assert_ptr_equal(config.section[JH_SECTION_MEMORY].start, blob.arrays.mem);
	assert_int_equal(config.section[JH_SECTION_MEMORY].count, 2);
	assert_ptr_equal(config.section[JH_SECTION_CACHE].start, blob.arrays.cache);
	assert_ptr_equal(config.section[JH_SECTION_IRQCHIP].start, blob.arrays.irqchip);
	assert_ptr_equal(config.section[JH_SECTION_PIO].start, blob.arrays.pio);
	assert_ptr_equal(config.section[JH_SECTION_PCI_DEVICE].start, blob.arrays.pci);
	assert_ptr_equal(config.section[JH_SECTION_PCI_CAP].start, blob.arrays.caps);
	assert_ptr_equal(config.section[JH_SECTION_STREAM_ID].start, blob.arrays.stream_ids);
}

static void whole_system_is_found(void **state)
{
	struct system_blob blob = make_system_blob();
	struct jailhouse_reason reason;
	struct jh_config config;

	(void)state;
	assert_int_equal(jh_config_parse(&blob, sizeof(blob), JH_CONFIG_SYSTEM, &config, &reason),
			 0);
	assert_ptr_equal(config.system, &blob.system);
	assert_ptr_equal(config.cell, &blob.system.root_cell);
	assert_ptr_equal(config.section[JH_SECTION_STREAM_ID].start, blob.arrays.stream_ids);
	assert_int_equal(config.size, sizeof(blob));
}

static void surplus_behind_the_counts_is_ignored(void **state)
{
	struct cell_blob blob = make_cell_blob();
	struct jailhouse_reason reason;
	struct jh_config config;

	(void)state;
	blob.cell.num_stream_ids = 0;
	assert_int_equal(jh_config_parse(&blob, sizeof(blob), JH_CONFIG_CELL, &config, &reason), 0);
	assert_int_equal(config.size, sizeof(blob) - 4);
}

/* At every length that is too short, whatever ends there. */
static void each_truncation_of_a_cell_is_refused(void **state)
{
	struct cell_blob blob = make_cell_blob();
	size_t size;

	(void)state;
	for (size = 0; size < sizeof(blob); size++)
		expect_reason(&blob, size, JH_CONFIG_CELL, JAILHOUSE_REASON_CONFIG_TRUNCATED, size,
			      size, size < 132 ? 132 : sizeof(blob));
}

static void each_truncation_of_a_system_is_refused(void **state)
{
	struct system_blob blob = make_system_blob();
	size_t size;

	(void)state;
	for (size = 0; size < sizeof(blob); size++)
		expect_reason(&blob, size, JH_CONFIG_SYSTEM, JAILHOUSE_REASON_CONFIG_TRUNCATED,
			      size, size, size < 488 ? 488 : sizeof(blob));
}

static void wrong_signature_is_refused(void **state)
{
	struct cell_blob blob = make_cell_blob();

	(void)state;
	blob.cell.signature[4] = 'x';
	expect_reason(&blob, sizeof(blob), JH_CONFIG_CELL, JAILHOUSE_REASON_CONFIG_SIGNATURE, 0,
		      0x6c6c6563 /* "cell" */, 0);
}

static void cell_in_place_of_a_system_is_named_so(void **state)
{
	struct cell_blob blob = make_cell_blob();

	(void)state;
	expect_reason(&blob, sizeof(blob), JH_CONFIG_SYSTEM, JAILHOUSE_REASON_CONFIG_SIGNATURE, 0,
		      0x6d6574737973 /* "system" */, 0);
	/* Also if it is shorter than a system's head. */
	expect_reason(&blob, 132, JH_CONFIG_SYSTEM, JAILHOUSE_REASON_CONFIG_SIGNATURE, 0,
		      0x6d6574737973, 0);
}

static void system_in_place_of_a_cell_is_refused(void **state)
{
	struct system_blob blob = make_system_blob();

	(void)state;
	expect_reason(&blob, sizeof(blob), JH_CONFIG_CELL, JAILHOUSE_REASON_CONFIG_SIGNATURE, 0,
		      0x6c6c6563, 0);
}

static void other_revisions_are_refused_by_number(void **state)
{
	struct cell_blob blob = make_cell_blob();

	(void)state;
	blob.cell.revision = 13;
	expect_reason(&blob, sizeof(blob), JH_CONFIG_CELL, JAILHOUSE_REASON_CONFIG_REVISION, 6, 13,
		      14);
	blob.cell.revision = 15;
	expect_reason(&blob, sizeof(blob), JH_CONFIG_CELL, JAILHOUSE_REASON_CONFIG_REVISION, 6, 15,
		      14);
}

static void revision_of_the_root_cell_does_not_matter(void **state)
{
	struct system_blob blob = make_system_blob();
	struct jailhouse_reason reason;

	(void)state;
	blob.system.root_cell.revision = 99;
	blob.system.root_cell.architecture = 99;
	assert_int_equal(parse(&blob, sizeof(blob), JH_CONFIG_SYSTEM, &reason), 0);
}

static void root_cell_without_name_is_accepted(void **state)
{
	struct system_blob blob = make_system_blob();
	struct jailhouse_reason reason;

	(void)state;
	blob.system.root_cell.name[0] = '\0';
	assert_int_equal(parse(&blob, sizeof(blob), JH_CONFIG_SYSTEM, &reason), 0);
}

static void cell_without_name_is_refused(void **state)
{
	struct cell_blob blob = make_cell_blob();

	(void)state;
	blob.cell.name[0] = '\0';
	expect_reason(&blob, sizeof(blob), JH_CONFIG_CELL, JAILHOUSE_REASON_CONFIG_NAME_EMPTY, 8, 0,
		      0);
}

static void count_beyond_the_file_is_refused(void **state)
{
	struct cell_blob blob = make_cell_blob();

	(void)state;
	blob.cell.num_memory_regions = 1000;
	expect_reason(&blob, sizeof(blob), JH_CONFIG_CELL, JAILHOUSE_REASON_CONFIG_TRUNCATED,
		      sizeof(blob), sizeof(blob), sizeof(blob) + 998 * 32);
}

/* Each count alone, with the number that makes a 32-bit product small again. */
static void each_count_that_overflows_is_named(void **state)
{
	static const struct {
		size_t field;
		uint32_t element;
	} counts[] = {
		{CELL_FIELD(num_memory_regions), 32}, {CELL_FIELD(num_cache_regions), 12},
		{CELL_FIELD(num_irqchips), 32},	      {CELL_FIELD(num_pio_regions), 4},
		{CELL_FIELD(num_pci_devices), 56},    {CELL_FIELD(num_pci_caps), 8},
		{CELL_FIELD(num_stream_ids), 4},
	};
	struct system_blob system;
	struct cell_blob cell;
	uint32_t count;
	size_t n;

	(void)state;
	for (n = 0; n < ARRAY_LEN(counts); n++) {
		count = (1ULL << 32) / counts[n].element + 1;
		cell = make_cell_blob();
		memcpy((char *)&cell.cell + counts[n].field, &count, 4);
		expect_reason(&cell, sizeof(cell), JH_CONFIG_CELL, JAILHOUSE_REASON_CONFIG_COUNTS,
			      counts[n].field, counts[n].field, count);
		system = make_system_blob();
		memcpy((char *)&system.system.root_cell + counts[n].field, &count, 4);
		expect_reason(&system, sizeof(system), JH_CONFIG_SYSTEM,
			      JAILHOUSE_REASON_CONFIG_COUNTS, ROOT + counts[n].field,
			      ROOT + counts[n].field, count);
	}
}

static void sum_that_overflows_is_refused(void **state)
{
	struct cell_blob blob = make_cell_blob();

	(void)state;
	/* Each fits, together they do not. */
	blob.cell.num_memory_regions = 0x4000000;
	blob.cell.num_irqchips = 0x4000000;
	expect_reason(&blob, sizeof(blob), JH_CONFIG_CELL, JAILHOUSE_REASON_CONFIG_COUNTS,
		      CELL_FIELD(num_irqchips), CELL_FIELD(num_irqchips), 0x4000000);
}

static void largest_cpu_set_size_is_refused(void **state)
{
	struct cell_blob blob = make_cell_blob();

	(void)state;
	blob.cell.cpu_set_size = 0xffffffff;
	expect_reason(&blob, sizeof(blob), JH_CONFIG_CELL, JAILHOUSE_REASON_CONFIG_COUNTS,
		      CELL_FIELD(cpu_set_size), CELL_FIELD(cpu_set_size), 0xffffffff);
}

static void cpu_set_over_4096_bytes_is_refused(void **state)
{
	static struct {
		struct jailhouse_cell_desc cell;
		uint8_t rest[8192];
	} JAILHOUSE_PACKED big;
	struct jailhouse_reason reason;

	(void)state;
	big.cell = make_cell_blob().cell;
	big.rest[4095] = 1;
	big.cell.cpu_set_size = 4097;
	expect_reason(&big, sizeof(big), JH_CONFIG_CELL, JAILHOUSE_REASON_CPU_SET_TOO_LARGE,
		      CELL_FIELD(cpu_set_size), 4097, 4096);
	big.cell.cpu_set_size = 4096;
	assert_int_equal(parse(&big, sizeof(big), JH_CONFIG_CELL, &reason), 0);
}

static void empty_cpu_set_is_refused(void **state)
{
	struct system_blob system = make_system_blob();
	struct cell_blob blob = make_cell_blob();

	(void)state;
	blob.arrays.cpus[0] = 0;
	expect_reason(&blob, sizeof(blob), JH_CONFIG_CELL, JAILHOUSE_REASON_CPU_SET_EMPTY,
		      CELL_FIELD(cpu_set_size), 0, 0);
	blob.cell.cpu_set_size = 0;
	expect_reason(&blob, sizeof(blob), JH_CONFIG_CELL, JAILHOUSE_REASON_CPU_SET_EMPTY,
		      CELL_FIELD(cpu_set_size), 0, 0);
	system.arrays.cpus[0] = 0;
	expect_reason(&system, sizeof(system), JH_CONFIG_SYSTEM, JAILHOUSE_REASON_CPU_SET_EMPTY,
		      ROOT + CELL_FIELD(cpu_set_size), 0, 0);
}

static void all_architectures_can_be_read(void **state)
{
	struct cell_blob blob = make_cell_blob();
	struct jailhouse_reason reason;
	struct jh_config config;
	unsigned int arch;

	(void)state;
	for (arch = JAILHOUSE_X86; arch <= JAILHOUSE_ARM64; arch++) {
		blob.cell.architecture = arch;
		assert_int_equal(jh_config_parse(&blob, sizeof(blob), JH_CONFIG_CELL, &config,
						 &reason),
				 0);
		assert_int_equal(jh_config_check_machine(&config, arch, &reason), 0);
	}
}

static void other_architecture_is_not_for_this_machine(void **state)
{
	struct cell_blob blob = make_cell_blob();
	struct jailhouse_reason reason;
	struct jh_config config;

	(void)state;
	blob.cell.architecture = JAILHOUSE_ARM64;
	assert_int_equal(jh_config_parse(&blob, sizeof(blob), JH_CONFIG_CELL, &config, &reason), 0);
	assert_int_equal(jh_config_check_machine(&config, JAILHOUSE_X86, &reason), -EINVAL);
	assert_int_equal(reason.code, JAILHOUSE_REASON_CONFIG_ARCHITECTURE);
	assert_int_equal(reason.index, 5);
	assert_int_equal(reason.arg[0], JAILHOUSE_ARM64);
	assert_int_equal(reason.arg[1], JAILHOUSE_X86);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_cell_is_found),
		cmocka_unit_test(whole_system_is_found),
		cmocka_unit_test(surplus_behind_the_counts_is_ignored),
		cmocka_unit_test(each_truncation_of_a_cell_is_refused),
		cmocka_unit_test(each_truncation_of_a_system_is_refused),
		cmocka_unit_test(wrong_signature_is_refused),
		cmocka_unit_test(cell_in_place_of_a_system_is_named_so),
		cmocka_unit_test(system_in_place_of_a_cell_is_refused),
		cmocka_unit_test(other_revisions_are_refused_by_number),
		cmocka_unit_test(revision_of_the_root_cell_does_not_matter),
		cmocka_unit_test(root_cell_without_name_is_accepted),
		cmocka_unit_test(cell_without_name_is_refused),
		cmocka_unit_test(count_beyond_the_file_is_refused),
		cmocka_unit_test(each_count_that_overflows_is_named),
		cmocka_unit_test(sum_that_overflows_is_refused),
		cmocka_unit_test(largest_cpu_set_size_is_refused),
		cmocka_unit_test(cpu_set_over_4096_bytes_is_refused),
		cmocka_unit_test(empty_cpu_set_is_refused),
		cmocka_unit_test(all_architectures_can_be_read),
		cmocka_unit_test(other_architecture_is_not_for_this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
