/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The parsers below `config create`, each with tables that are not what they should be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "config/generate/checklist.h"
#include "config/generate/machine.h"
#include "test-generate.h"

static struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

static void put(uint8_t *data, size_t offset, uint64_t value, size_t size)
{
	for (size_t n = 0; n < size; n++)
		data[offset + n] = (uint8_t)(value >> (8 * n));
}

/* A table of exactly that size on the heap, so that a sanitizer sees each byte too far. */
static struct jh_bytes table(const char *signature, size_t size)
{
	uint8_t *data = test_calloc(1, size);

	memcpy(data, signature, 4);
	put(data, 4, size, 4);
	return (struct jh_bytes){data, size, "TABLE"};
}

static uint8_t *bytes(const struct jh_bytes *table)
{
	return (uint8_t *)(uintptr_t)table->data;
}

static void expect_error(int result, int code, const char *text)
{
	if (result != code || !strstr(error.text, text))
		fail_msg("%d \"%s\", expected %d \"%s\"", result, error.text, code, text);
}

/* ---- /proc/iomem and CPU lists ---- */

static int parse_resources(const char *text)
{
	struct jh_resources list = {NULL, 0, 0};
	int err = jh_resources_parse(text, strlen(text), "FILE", &list, &error);

	jh_resources_free(&list);
	return err;
}

static void resources_nest(void **state)
{
	static const char text[] =
		"00000000-00000fff : a\n  00000010-0000001f : b\n    00000010-00000010 : c\n"
		"00001000-00001fff : d";
	struct jh_resources list = {NULL, 0, 0};

	(void)state;
	assert_int_equal(jh_resources_parse(text, sizeof(text) - 1, "FILE", &list, &error), 0);
	assert_int_equal(list.count, 4);
	assert_int_equal(list.resource[1].parent, 0);
	assert_int_equal(list.resource[2].parent, 1);
	assert_int_equal(list.resource[3].parent, JH_NO_PARENT);
	assert_false(list.resource[1].leaf);
	assert_true(list.resource[2].leaf);
	assert_string_equal(list.resource[3].name, "d");
	jh_resources_free(&list);
}

static void resources_that_are_none(void **state)
{
	(void)state;
	expect_error(parse_resources("0-1 : a\nnonsense\n"), JAILHOUSE_ERR_CONFIG,
		     "FILE: line 2: not of");
	expect_error(parse_resources("2-1 : a\n"), JAILHOUSE_ERR_CONFIG, "line 1: ends before");
	expect_error(parse_resources("  0-1 : a\n"), JAILHOUSE_ERR_CONFIG, "indented more");
	expect_error(parse_resources("0-1 : a\n    0-1 : b\n"), JAILHOUSE_ERR_CONFIG,
		     "line 2: indented more");
	expect_error(parse_resources("0-1 : a\n  0-2 : b\n"), JAILHOUSE_ERR_CONFIG, "not within");
	expect_error(parse_resources("00000000000000001-1 : a\n"), JAILHOUSE_ERR_CONFIG, "not of");
	expect_error(parse_resources("0-1"), JAILHOUSE_ERR_CONFIG, "not of");
}

static void cpu_lists(void **state)
{
	static const char *const bad[] = {"",   "a",  "1-",          "3-1", "1,",
					  "1 ", "64", "99999999999", "0-64"};
	uint64_t set = 0;

	(void)state;
	assert_int_equal(jh_cpu_list_parse("0-2,5\n", "FILE", &set, 64, &error), 0);
	assert_int_equal(set, 0x27);
	for (size_t n = 0; n < JH_ARRAY_SIZE(bad); n++)
		expect_error(jh_cpu_list_parse(bad[n], "FILE", &set, 64, &error),
			     JAILHOUSE_ERR_CONFIG, "not a list of CPUs");
}

/* ---- regions ---- */

static void regions_are_cut_and_merged(void **state)
{
	struct jh_regions regions = {NULL, 0, 0, false};

	(void)state;
	jh_regions_add(&regions, 0, UINT64_MAX, 1);
	jh_regions_cut(&regions, 0x1000, 0x1fff);
	jh_regions_cut(&regions, 0, 0xfff);
	jh_regions_cut(&regions, UINT64_MAX, UINT64_MAX);
	assert_int_equal(regions.count, 1);
	assert_true(regions.region[0].start == 0x2000 && regions.region[0].last == UINT64_MAX - 1);
	jh_regions_add(&regions, 0x1000, 0x1fff, 1);
	jh_regions_add(&regions, 0, 0xfff, 2);
	jh_regions_merge(&regions);
	assert_int_equal(regions.count, 2);
	assert_true(regions.region[1].start == 0x1000);
	jh_regions_free(&regions);
}

/* Against a map of which one came first, address by address */
static void regions_are_filled(void **state)
{
	struct jh_regions regions = {NULL, 0, 0, false};
	uint64_t owner[64] = {0}, start, last, flags, at;
	size_t n, step;

	(void)state;
	srand(1);
	for (step = 0; step < 2000; step++) {
		if (step % 20 == 0) {
			jh_regions_free(&regions);
			memset(owner, 0, sizeof(owner));
		}
		start = (uint64_t)rand() % 64;
		last = start + (uint64_t)rand() % (64 - start);
		flags = 1 + (uint64_t)rand() % 3;
		jh_regions_fill(&regions, start, last, flags);
		for (at = start; at <= last; at++)
			owner[at] = owner[at] ? owner[at] : flags;
		for (at = n = 0; n < regions.count; n++) {
			for (; at < regions.region[n].start; at++)
				assert_true(owner[at] == 0);
			for (; at <= regions.region[n].last; at++)
				assert_true(owner[at] == regions.region[n].flags);
		}
		for (; at < JH_ARRAY_SIZE(owner); at++)
			assert_true(owner[at] == 0);
	}
	jh_regions_free(&regions);
	jh_regions_fill(&regions, UINT64_MAX, UINT64_MAX, 1);
	jh_regions_fill(&regions, 0, UINT64_MAX, 2);
	jh_regions_fill(&regions, 0, UINT64_MAX, 3);
	assert_int_equal(regions.count, 2);
	assert_true(regions.region[0].last == UINT64_MAX - 1 && regions.region[1].flags == 1);
	jh_regions_free(&regions);
}

/* ---- ACPI ---- */

static int madt(const struct jh_bytes *table, struct jh_acpi *acpi)
{
	memset(acpi, 0, sizeof(*acpi));
	return jh_acpi_madt(table, acpi, &error);
}

static void madt_entries(void **state)
{
	struct jh_bytes t = table("APIC", 44 + 12);
	struct jh_acpi acpi;

	(void)state;
	put(bytes(&t), 44, 1, 1);
	put(bytes(&t), 45, 12, 1);
	put(bytes(&t), 48, 0xfec00000, 4);
	assert_int_equal(madt(&t, &acpi), 0);
	assert_int_equal(acpi.num_ioapics, 1);
	put(bytes(&t), 48, 0xfec00004, 4);
	expect_error(madt(&t, &acpi), JAILHOUSE_ERR_CONFIG,
		     "TABLE: offset 48: the IOAPIC's address");
	put(bytes(&t), 45, 11, 1);
	expect_error(madt(&t, &acpi), JAILHOUSE_ERR_CONFIG, "offset 45");
	put(bytes(&t), 45, 13, 1);
	expect_error(madt(&t, &acpi), JAILHOUSE_ERR_CONFIG, "an entry has 13 bytes");
	put(bytes(&t), 45, 0, 1);
	expect_error(madt(&t, &acpi), JAILHOUSE_ERR_CONFIG, "an entry has 0 bytes");
	put(bytes(&t), 4, 55, 4);
	expect_error(madt(&t, &acpi), JAILHOUSE_ERR_CONFIG, "offset 4: the length is 55");
	put(bytes(&t), 0, 'X', 1);
	expect_error(madt(&t, &acpi), JAILHOUSE_ERR_CONFIG, "offset 0: the signature");
	t.size = 35;
	expect_error(madt(&t, &acpi), JAILHOUSE_ERR_CONFIG, "the table ends");
	test_free(bytes(&t));
}

static void arm_is_noticed(void **state)
{
	struct jh_bytes t = table("APIC", 44 + 80);
	struct jh_acpi acpi;

	(void)state;
	put(bytes(&t), 44, 11, 1);
	put(bytes(&t), 45, 80, 1);
	assert_int_equal(madt(&t, &acpi), 0);
	assert_true(acpi.is_arm);
	put(bytes(&t), 44, 9, 1);
	assert_int_equal(madt(&t, &acpi), 0);
	assert_false(acpi.is_arm);
	test_free(bytes(&t));
}

static void put_window(const struct jh_bytes *t, size_t at, uint64_t base, uint32_t segment,
		       uint32_t buses)
{
	put(bytes(t), at, base, 8);
	put(bytes(t), at + 8, segment, 2);
	put(bytes(t), at + 10, buses, 2);
}

static int mcfg(const struct jh_bytes *table, struct jh_acpi *acpi)
{
	int err;

	memset(acpi, 0, sizeof(*acpi));
	err = jh_acpi_mcfg(table, acpi, &error);
	if (err)
		jh_regions_free(&acpi->other_windows);
	return err;
}

static void mcfg_windows(void **state)
{
	struct jh_bytes t = table("MCFG", 60);
	struct jh_acpi acpi;

	(void)state;
	put_window(&t, 44, 0xe0000000, 0, 63 << 8);
	assert_int_equal(mcfg(&t, &acpi), 0);
	assert_true(acpi.mmconfig == 0xe0000000 && acpi.last_bus == 63);
	put_window(&t, 44, 0xe0000001, 0, 63 << 8);
	expect_error(mcfg(&t, &acpi), JAILHOUSE_ERR_CONFIG, "offset 44: the window's address");
	put_window(&t, 44, 0xe0000000, 0, 63 << 8 | 64);
	expect_error(mcfg(&t, &acpi), JAILHOUSE_ERR_CONFIG, "offset 55: the last bus is before");
	put_window(&t, 44, 0xe0000000, 1, 63 << 8);
	expect_error(mcfg(&t, &acpi), JAILHOUSE_ERR_NOT_SUPPORTED, "no window has bus 0 of");
	put_window(&t, 44, 0xe0000000, 0, 63 << 8 | 1);
	expect_error(mcfg(&t, &acpi), JAILHOUSE_ERR_NOT_SUPPORTED, "no window has bus 0 of");
	test_free(bytes(&t));
	t = table("MCFG", 59);
	expect_error(mcfg(&t, &acpi), JAILHOUSE_ERR_CONFIG, "cut off");
	test_free(bytes(&t));
}

/* In any order; the other ones stay with Linux. */
static void mcfg_windows_of_more_hosts(void **state)
{
	struct jh_bytes t = table("MCFG", 92);
	struct jh_acpi acpi;

	(void)state;
	put_window(&t, 44, 0xd0000000, 1, 0xf << 8);
	put_window(&t, 60, 0xe0000000, 0, 0x7f << 8);
	put_window(&t, 76, 0xe0000000, 0, 0xff << 8 | 0x80);
	assert_int_equal(mcfg(&t, &acpi), 0);
	assert_true(acpi.mmconfig == 0xe0000000 && acpi.last_bus == 0x7f);
	assert_int_equal(acpi.other_windows.count, 2);
	assert_true(acpi.other_windows.region[0].start == 0xd0000000 &&
		    acpi.other_windows.region[0].last == 0xd0ffffff);
	assert_true(acpi.other_windows.region[1].start == 0xe8000000 &&
		    acpi.other_windows.region[1].last == 0xefffffff);
	jh_regions_free(&acpi.other_windows);
	put_window(&t, 76, 0xf0000000, 0, 1 << 8);
	expect_error(mcfg(&t, &acpi), JAILHOUSE_ERR_CONFIG,
		     "offset 76: a second window with bus 0");
	test_free(bytes(&t));
}

static void fadt_ports(void **state)
{
	struct jh_bytes t = table("FACP", 244);
	struct jh_acpi acpi = {.num_units = 0};

	(void)state;
	put(bytes(&t), 48, 0xb2, 4);
	put(bytes(&t), 76, 0x608, 4);
	put(bytes(&t), 91, 4, 1);
	put(bytes(&t), 112, 0x400, 4);
	put(bytes(&t), 116, 1, 1);
	put(bytes(&t), 120, 0xcf9, 8);
	put(bytes(&t), 56, 0xfffe, 4); /* reaches beyond the last port */
	put(bytes(&t), 88, 4, 1);
	assert_int_equal(jh_acpi_fadt(&t, &acpi, &error), 0);
	assert_true(acpi.smi_port == 0xb2 && acpi.reset_port == 0xcf9 && acpi.pm_timer == 0x608);
	assert_int_equal(acpi.pm_ports.count, 0);
	put(bytes(&t), 76, 0xfffd, 4);
	expect_error(jh_acpi_fadt(&t, &acpi, &error), JAILHOUSE_ERR_CONFIG, "offset 76");
	t.size = 115;
	expect_error(jh_acpi_fadt(&t, &acpi, &error), JAILHOUSE_ERR_CONFIG, "the table ends");
	test_free(bytes(&t));
}

static int dmar(const struct jh_bytes *table)
{
	struct jh_pci_list pci = {NULL, 0, 0};
	struct jh_acpi acpi = {.num_units = 0};
	int err = jh_acpi_dmar(table, &acpi, &pci, &error);

	jh_regions_free(&acpi.firmware_ram);
	return err;
}

static void dmar_entries(void **state)
{
	struct jh_bytes t = table("DMAR", 48 + 16 + 8);

	(void)state;
	put(bytes(&t), 50, 24, 2);
	put(bytes(&t), 56, 0xfed90000, 8);
	put(bytes(&t), 64, 1, 1);
	put(bytes(&t), 65, 8, 1);
	assert_int_equal(dmar(&t), 0);
	put(bytes(&t), 65, 7, 1);
	expect_error(dmar(&t), JAILHOUSE_ERR_CONFIG, "offset 65: a device scope has 7");
	put(bytes(&t), 65, 10, 1);
	expect_error(dmar(&t), JAILHOUSE_ERR_CONFIG, "offset 65: a device scope has 10");
	put(bytes(&t), 56, 0xfed90001, 8);
	expect_error(dmar(&t), JAILHOUSE_ERR_CONFIG, "offset 56");
	put(bytes(&t), 54, 1, 2);
	expect_error(dmar(&t), JAILHOUSE_ERR_NOT_SUPPORTED, "segment 1");
	put(bytes(&t), 50, 12, 2);
	expect_error(dmar(&t), JAILHOUSE_ERR_CONFIG, "a unit has 12");
	put(bytes(&t), 48, 1, 2);
	expect_error(dmar(&t), JAILHOUSE_ERR_CONFIG, "a memory region has 12");
	put(bytes(&t), 50, 24, 2);
	put(bytes(&t), 56, 0x2000, 8);
	put(bytes(&t), 64, 0x1000, 8);
	expect_error(dmar(&t), JAILHOUSE_ERR_CONFIG, "ends before it starts");
	put(bytes(&t), 50, 3, 2);
	expect_error(dmar(&t), JAILHOUSE_ERR_CONFIG, "an entry has 3");
	put(bytes(&t), 50, 25, 2);
	expect_error(dmar(&t), JAILHOUSE_ERR_CONFIG, "an entry has 25");
	test_free(bytes(&t));
}

static int ivrs(const struct jh_bytes *table)
{
	struct jh_pci_list pci = {NULL, 0, 0};
	struct jh_acpi acpi = {.num_units = 0};
	int err = jh_acpi_ivrs(table, &acpi, &pci, &error);

	jh_regions_free(&acpi.firmware_ram);
	return err;
}

static void ivrs_blocks(void **state)
{
	struct jh_bytes t = table("IVRS", 48 + 24 + 8);

	(void)state;
	put(bytes(&t), 48, 0x10, 1);
	put(bytes(&t), 50, 32, 2);
	put(bytes(&t), 56, 0xfeb80000, 8);
	put(bytes(&t), 72, 2, 1);
	assert_int_equal(ivrs(&t), 0);
	put(bytes(&t), 76, 4, 1);
	expect_error(ivrs(&t), JAILHOUSE_ERR_CONFIG, "offset 76: a range ends");
	put(bytes(&t), 76, 72, 1);
	expect_error(ivrs(&t), JAILHOUSE_ERR_CONFIG, "offset 76: a device entry is cut off");
	put(bytes(&t), 76, 240, 1);
	expect_error(ivrs(&t), JAILHOUSE_ERR_CONFIG, "offset 76: a device entry is cut off");
	put(bytes(&t), 56, 0xfeb81000, 8);
	expect_error(ivrs(&t), JAILHOUSE_ERR_CONFIG, "offset 56");
	put(bytes(&t), 48, 0x11, 1);
	expect_error(ivrs(&t), JAILHOUSE_ERR_CONFIG, "a unit has 32");
	put(bytes(&t), 48, 0x21, 1);
	put(bytes(&t), 72, 0, 8);
	expect_error(ivrs(&t), JAILHOUSE_ERR_CONFIG, "a memory block has an address");
	put(bytes(&t), 50, 31, 2);
	expect_error(ivrs(&t), JAILHOUSE_ERR_CONFIG, "a memory block has 31");
	put(bytes(&t), 50, 5, 2);
	expect_error(ivrs(&t), JAILHOUSE_ERR_CONFIG, "a block has 5");
	put(bytes(&t), 50, 33, 2);
	expect_error(ivrs(&t), JAILHOUSE_ERR_CONFIG, "a block has 33");
	test_free(bytes(&t));
}

/* ---- PCI ---- */

static void pci_resources(void **state)
{
	struct jh_pci device = {.domain = 0};

	(void)state;
	assert_int_equal(jh_pci_parse_resource("0x1000 0x1fff 0x200\n", "FILE", &device, &error),
			 0);
	assert_true(device.start[0] == 0x1000 && device.last[0] == 0x1fff);
	expect_error(jh_pci_parse_resource("0x1000 0x1fff\n", "FILE", &device, &error),
		     JAILHOUSE_ERR_CONFIG, "FILE: line 1: not three");
	expect_error(jh_pci_parse_resource("0x2000 0x1fff 0\n", "FILE", &device, &error),
		     JAILHOUSE_ERR_CONFIG, "ends before");
}

/* A chain of capabilities that leads back to itself */
static void pci_capabilities_in_a_loop(void **state)
{
	uint8_t config[256] = {[0x06] = 0x10, [0x34] = 0x40, [0x40] = 1, [0x41] = 0x40};
	struct jh_pci device = {.config = config, .size = sizeof(config)};
	uint64_t address;
	uint32_t size, vectors;

	(void)state;
	assert_int_equal(jh_pci_find_cap(&device, 1), 0x40);
	assert_int_equal(jh_pci_find_cap(&device, 5), 0);
	/* MSI-X in the last bytes, with a table in a base address that is not there */
	config[0x34] = 0xf8;
	config[0xf8] = 0x11;
	config[0xf9] = 0;
	assert_false(jh_pci_msix(&device, &address, &size, &vectors));
}

/* ---- registers of processors ---- */

static bool fake_msr(const struct jh_msrs *msrs, uint32_t cpu, uint32_t number, uint64_t *ret_value)
{
	(void)msrs;
	*ret_value = number == 0x10 ? 3 : cpu;
	return number != 0x30;
}

static void msr_rows(void **state)
{
	static const struct jh_msr_check checks[] = {
		{.name = "there", .msr = 0x10, .bits = 3},
		{.name = "half", .msr = 0x10, .bits = 6},
		{.name = "optional", .msr = 0x10, .bits = 4, .optional = true},
		{.name = "clear", .msr = 0x10, .bits = 4, .inverted = true},
		{.name = "differs", .msr = 0x20, .bits = 1},
		{.name = "unreadable", .msr = 0x30, .bits = 1},
	};
	static const uint32_t expected[] = {
		JAILHOUSE_CHECKLIST_OK, JAILHOUSE_CHECKLIST_MISSING, JAILHOUSE_CHECKLIST_NOTE,
		JAILHOUSE_CHECKLIST_OK, JAILHOUSE_CHECKLIST_MISSING, JAILHOUSE_CHECKLIST_UNKNOWN};
	struct jailhouse_checklist *list = calloc(1, sizeof(*list));
	const struct jh_msrs msrs = {fake_msr, "", NULL};
	struct jailhouse_checklist_row row = {.size = sizeof(row)};
	static struct jh_cpuinfo info = {.ids = {3}};

	(void)state;
	assert_non_null(list);
	jh_msr_rows(list, &msrs, &info, checks, JH_ARRAY_SIZE(checks));
	assert_int_equal(jailhouse_checklist_get_count(list), JH_ARRAY_SIZE(expected));
	for (size_t n = 0; n < JH_ARRAY_SIZE(expected); n++) {
		assert_int_equal(jailhouse_checklist_get(list, n, &row), 0);
		if (row.result != expected[n])
			fail_msg("%s: %u", row.name, row.result);
	}
	assert_int_equal(jailhouse_checklist_get(list, 6, &row), JAILHOUSE_ERR_ARGUMENT);
	jailhouse_checklist_free(list);
}

static void processors_that_differ(void **state)
{
	static const char text[] =
		"processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: lm vmx\n\n"
		"processor\t: 1\nvendor_id\t: GenuineIntel\nflags\t\t: lm\n";
	static struct jh_cpuinfo info;

	(void)state;
	assert_int_equal(jh_cpuinfo_parse(text, sizeof(text) - 1, &info, &error), 0);
	assert_int_equal(info.count, 2);
	assert_true(jh_cpu_flag(&info, "vmx"));
	assert_false(jh_cpu_flag(&info, "vm"));
	assert_int_equal(info.odd_flags, 1);
	assert_int_equal(info.odd_vendor, 0);
	expect_error(jh_cpuinfo_parse("nothing", 7, &info, &error), JAILHOUSE_ERR_CONFIG,
		     "no processor");
}

/* ---- what gzip has packed ---- */

/* Options of a kernel by gzip -9 */
static struct jh_blob packed_options(void)
{
	struct jh_blob blob;

	assert_int_equal(jh_file_read(FIXTURES, "options.gz", false, &blob, &error), 0);
	return blob;
}

#define OPTIONS_SIZE 3050

static void packed_options_are_read(void **state)
{
	struct jh_blob packed = packed_options(), text;

	(void)state;
	assert_true(jh_gunzip(packed.data, packed.size, 65536, &text));
	assert_int_equal(text.size, OPTIONS_SIZE);
	assert_int_equal(strlen((char *)text.data), OPTIONS_SIZE);
	assert_non_null(strstr((char *)text.data, "\nCONFIG_HOTPLUG_CPU=y\n"));
	jh_blob_free(&text);
	/* As many bytes as are allowed, with the zero behind them, and one too many */
	assert_true(jh_gunzip(packed.data, packed.size, OPTIONS_SIZE + 1, &text));
	jh_blob_free(&text);
	assert_false(jh_gunzip(packed.data, packed.size, OPTIONS_SIZE, &text));
	jh_blob_free(&packed);
}

static void blocks_that_are_stored_or_have_the_fixed_code(void **state)
{
	static const uint8_t stored[] = {0x1f, 0x8b, 8,   0,   0,   0, 0, 0, 0, 3, 1, 3, 0,
					 0xfc, 0xff, 'a', 'b', 'c', 0, 0, 0, 0, 3, 0, 0, 0};
	/* "aaaaaaaaaaaa": one byte and a copy of eleven; with a name, a comment and a field in the
	 * header */
	static const uint8_t fixed[] = {0x1f, 0x8b, 8,   0x1e, 0,    0,    0,    0,  0, 3,    2,
					0,    'x',  'y', 'n',  0,    'c',  0,    9,  9, 0x4b, 0x4c,
					0x44, 0,    0,   0x76, 0x0a, 0xe3, 0xf6, 12, 0, 0,    0};
	struct jh_blob text;

	(void)state;
	assert_true(jh_gunzip(stored, sizeof(stored), 100, &text));
	assert_string_equal((char *)text.data, "abc");
	jh_blob_free(&text);
	assert_true(jh_gunzip(fixed, sizeof(fixed), 100, &text));
	assert_string_equal((char *)text.data, "aaaaaaaaaaaa");
	jh_blob_free(&text);
}

/* Cut off anywhere, and with any bit wrong: refused or other text, and nothing outside is touched.
 */
static void packed_options_that_are_damaged(void **state)
{
	struct jh_blob packed = packed_options(), text;
	uint8_t *copy;

	(void)state;
	for (size_t size = 0; size < packed.size - 8; size++) {
		copy = malloc(size ? size : 1);
		assert_non_null(copy);
		memcpy(copy, packed.data, size);
		if (jh_gunzip(copy, size, 65536, &text))
			fail_msg("%zu bytes are enough", size);
		free(copy);
	}
	for (size_t bit = 0; bit < 8 * packed.size; bit++) {
		packed.data[bit / 8] ^= 1 << bit % 8;
		if (jh_gunzip(packed.data, packed.size, 65536, &text))
			jh_blob_free(&text);
		packed.data[bit / 8] ^= 1 << bit % 8;
	}
	jh_blob_free(&packed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packed_options_are_read),
		cmocka_unit_test(blocks_that_are_stored_or_have_the_fixed_code),
		cmocka_unit_test(packed_options_that_are_damaged),
		cmocka_unit_test(resources_nest),
		cmocka_unit_test(resources_that_are_none),
		cmocka_unit_test(cpu_lists),
		cmocka_unit_test(regions_are_cut_and_merged),
		cmocka_unit_test(regions_are_filled),
		cmocka_unit_test(madt_entries),
		cmocka_unit_test(arm_is_noticed),
		cmocka_unit_test(mcfg_windows),
		cmocka_unit_test(mcfg_windows_of_more_hosts),
		cmocka_unit_test(fadt_ports),
		cmocka_unit_test(dmar_entries),
		cmocka_unit_test(ivrs_blocks),
		cmocka_unit_test(pci_resources),
		cmocka_unit_test(pci_capabilities_in_a_loop),
		cmocka_unit_test(msr_rows),
		cmocka_unit_test(processors_that_differ),
		cmocka_unit_test(live_tree_gives_the_same),
		cmocka_unit_test(tree_with_too_many_ranges),
		cmocka_unit_test(live_tree_that_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
