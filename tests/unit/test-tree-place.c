/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Memory at any place: where it goes, and what is said if there is none. */
#include <stdlib.h>
#include <string.h>

#include "tree-setup.h"
#include "unit.h"

static struct jailhouse_config_memory memory_of(const struct text *text, size_t config,
						uint32_t index)
{
	struct jailhouse_config_memory memory;

	assert_int_equal(jailhouse_config_get_memory(&text->config[config], index, &memory), 0);
	return memory;
}

static void assert_mistake(const char *source, const char *machine, const char *iomem,
			   const char *expected)
{
	struct text text = read_text(source, machine, iomem);
	char buffer[4096];

	assert_null(text.tree);
	assert_string_equal(findings(text.report, buffer, sizeof(buffer)), expected);
	free_text(&text);
}

#define ONE_CELL(hypervisor, regions, cell)  \
	HEAD X86_SYSTEM(hypervisor, regions, \
			"") "cells { one { cpus = <1>; memory-regions { " cell " }; }; }; };"

static void a_cell_gets_the_lowest_place_of_the_pool(void **state)
{
	struct text text = read_sound(HEAD X86_SYSTEM(FIXED, X86_RAM X86_POOL,
						      "") "cells { " CELL("one", "1", "") "}; };",
				      NULL, NULL);

	(void)state;
	assert_int_equal(memory_of(&text, 1, 0).phys_start, 0xe000000);
	assert_int_equal(memory_of(&text, 1, 0).virt_start, 0);
	assert_string_equal(jailhouse_tree_get_map(text.tree),
			    "memory 0xe000000 0x100000 one ram\n");
	free_text(&text);
}

static void identity_shows_it_where_it_is(void **state)
{
	struct text text = read_sound(
		ONE_CELL(FIXED, X86_RAM X86_POOL,
			 "ram { size = <0x1000>; flags = " RWX "; };"
			 "more { size = <0x2000>; identity; flags = \"read\", \"write\"; };"
			 "last { phys-start = <0xe800000>; size = <0x1000>; identity; flags = "
			 "\"read\"; };"),
		NULL, NULL);

	(void)state;
	/* The larger one comes first. */
	assert_int_equal(memory_of(&text, 1, 1).phys_start, 0xe000000);
	assert_int_equal(memory_of(&text, 1, 1).virt_start, 0xe000000);
	assert_int_equal(memory_of(&text, 1, 0).phys_start, 0xe002000);
	assert_int_equal(memory_of(&text, 1, 0).virt_start, 0);
	assert_int_equal(memory_of(&text, 1, 2).virt_start, 0xe800000);
	free_text(&text);
}

static void two_megabytes_are_aligned_for_large_pages(void **state)
{
	struct text text = read_sound(ONE_CELL(FIXED, X86_RAM X86_POOL,
					       "fixed { phys-start = <0xe000000>; size = <0x1000>; "
					       "virt-start = <0x10000000>; "
					       "flags = \"read\"; };"
					       "ram { size = <0x200000>; flags = " RWX "; };"
					       "small { size = <0x1ff000>; virt-start = "
					       "<0x20000000>; flags = \"read\"; };"),
				      NULL, NULL);

	(void)state;
	assert_int_equal(memory_of(&text, 1, 1).phys_start, 0xe200000);
	/* In the gap in front of it. */
	assert_int_equal(memory_of(&text, 1, 2).phys_start, 0xe001000);
	free_text(&text);
}

static void without_room_for_large_pages_small_ones_do(void **state)
{
	struct text text = read_sound(
		ONE_CELL(FIXED,
			 X86_RAM
			 "reserved { phys-start = <0xe001000>; size = <0x300000>; identity; "
			 "flags = " RWX "; pool; };",
			 "ram { size = <0x2ff000>; flags = " RWX "; };"),
		NULL, NULL);

	(void)state;
	assert_int_equal(memory_of(&text, 1, 0).phys_start, 0xe001000);
	free_text(&text);
}

static void an_alignment_that_was_asked_for_is_kept(void **state)
{
	struct text text = read_sound(
		ONE_CELL(FIXED, X86_RAM X86_POOL,
			 "first { size = <0x1000>; flags = " RWX "; };"
			 "ram { size = <0x1000>; alignment = <0x800000>; virt-start = <0x10000>; "
			 "flags = \"read\"; };"
			 "small { size = <0x400000>; virt-start = <0x10000000>; "
			 "flags = \"read\", \"no-hugepages\"; };"),
		NULL, NULL);

	(void)state;
	assert_int_equal(memory_of(&text, 1, 1).phys_start, 0xe000000);
	assert_int_equal(memory_of(&text, 1, 2).phys_start, 0xe001000);
	assert_int_equal(memory_of(&text, 1, 0).phys_start, 0xe401000);
	free_text(&text);
	assert_mistake(
		ONE_CELL(FIXED, X86_RAM X86_POOL,
			 "ram { size = <0x1000>; alignment = <0x10000000>; flags = " RWX "; };"),
		NULL, NULL,
		"/cells/one/memory-regions/ram: 0x1000 bytes, aligned to 0x10000000, do not fit; "
		"free is 0xe000000-0xeffffff\n");
	assert_mistake(
		ONE_CELL(FIXED, X86_RAM X86_POOL,
			 "ram { size = <0x1000>; alignment = <0x1800>; flags = " RWX "; };"),
		NULL, NULL,
		"/cells/one/memory-regions/ram: alignment: 0x1800 is not a power of two of at "
		"least 4096\n");
}

static void fixed_memory_of_other_cells_is_left_alone(void **state)
{
	struct text text =
		read_sound(HEAD X86_SYSTEM(FIXED, X86_RAM X86_POOL, "") "cells { " CELL(
				   "one", "1", "") "two { cpus = <2>; memory-regions { ram { "
						   "phys-start = <0xe000000>; size = <0x80000>; "
						   "flags = " RWX "; }; }; }; }; };",
			   NULL, NULL);

	(void)state;
	assert_int_equal(memory_of(&text, 1, 0).phys_start, 0xe080000);
	free_text(&text);
}

static void the_hypervisor_is_cut_out_of_the_root_cell(void **state)
{
	struct text text = read_sound(
		HEAD X86_SYSTEM("", X86_RAM X86_POOL, "") "cells { " CELL("one", "1", "") "}; };",
		NULL, NULL);
	struct jailhouse_config_system system;

	(void)state;
	assert_int_equal(jailhouse_config_get_system(&text.config[0], &system), 0);
	assert_int_equal(system.hypervisor_memory.phys_start, 0xe000000);
	assert_int_equal(memory_of(&text, 0, 1).phys_start, 0xe400000);
	assert_int_equal(memory_of(&text, 0, 1).virt_start, 0xe400000);
	assert_int_equal(memory_of(&text, 0, 1).size, 0xc00000);
	assert_int_equal(memory_of(&text, 1, 0).phys_start, 0xe400000);
	free_text(&text);
}

/* Also if it is in the middle of a region, or is all of one that a device of the root cell is
 * behind. */
static void the_root_cell_stays_consistent(void **state)
{
	struct text text = read_sound(
		HEAD X86_SYSTEM("alignment = <0x800000>;",
				X86_RAM
				"reserved { phys-start = <0xe400000>; size = <0xc00000>; identity; "
				"flags = " RWX "; pool; };",
				"") "};",
		NULL, NULL);
	struct jailhouse_config_pci_device device;

	(void)state;
	assert_int_equal(memory_of(&text, 0, 1).size, 0x400000);
	assert_int_equal(memory_of(&text, 0, 2).phys_start, 0xec00000);
	assert_int_equal(memory_of(&text, 0, 2).size, 0x400000);
	free_text(&text);
	text = read_text(HEAD X86_SYSTEM("",
					 "reserved { phys-start = <0xe000000>; size = <0x400000>; "
					 "identity; flags = " RWX
					 "; pool; };" X86_RAM REGION("state", "0xf000000", "0x1000",
								     "\"read\", \"rootshared\""),
					 "pci-devices { own { type = \"ivshmem\"; "
					 "shmem-regions-start = <2>; }; };") "};",
			 NULL, NULL);
	assert_non_null(text.tree);
	assert_int_equal(jailhouse_config_get_pci_device(&text.config[0], 0, &device), 0);
	assert_int_equal(device.shmem_regions_start, 1);
	assert_int_equal(memory_of(&text, 0, 1).phys_start, 0xf000000);
	free_text(&text);
}

static void reserved_lines_of_iomem_are_used(void **state)
{
	static const char iomem[] = "00001000-0009ffff : System RAM\n"
				    "0e000000-0e7fffff : Reserved\n"
				    "  0e000000-0e0fffff : pnp 00:01\n"
				    "  0e100000-0e17ffff : Reserved\n"
				    "0e800000-0effffff : System RAM\n"
				    "  0e900000-0e9fffff : reserved\n"
				    "100000000-1ffffffff : Reserved\n";
	struct text text = read_sound(
		HEAD X86_SYSTEM(FIXED, X86_RAM REGION("high", "0xe000000", "0x1000000", RWX),
				"") "cells { " CELL("one", "1", "") "}; };",
		NULL, iomem);

	(void)state;
	/* Not what a device uses, not what Linux has reserved for itself. */
	assert_int_equal(memory_of(&text, 1, 0).phys_start, 0xe180000);
	free_text(&text);
	assert_mistake(ONE_CELL(FIXED, X86_RAM REGION("high", "0xe000000", "0x1000000", RWX),
				"ram { size = <0x800000>; flags = " RWX "; };"),
		       NULL, iomem,
		       "/cells/one/memory-regions/ram: 0x800000 bytes do not fit; free is "
		       "0xe180000-0xe7fffff\n");
}

static void iomem_without_addresses_is_noticed(void **state)
{
	(void)state;
	assert_mistake(
		ONE_CELL(FIXED, X86_RAM X86_POOL, "ram { size = <0x1000>; flags = " RWX "; };"),
		NULL, "00000000-00000000 : Reserved\n00000000-00000000 : System RAM\n",
		"/: the given iomem has no addresses; /proc/iomem must be read as root\n");
}

static void only_memory_of_the_root_cell_is_used(void **state)
{
	(void)state;
	/* Reserved, but not listed; listed, but not as RAM. */
	assert_mistake(
		ONE_CELL(FIXED,
			 X86_RAM REGION("rom", "0xe000000", "0x100000", "\"read\", \"write\""),
			 "ram { size = <0x1000>; flags = " RWX "; };"),
		NULL, "0e000000-0fffffff : Reserved\n",
		"/cells/one/memory-regions/ram: 0x1000 bytes have no phys-start, and no memory is "
		"reserved: give --iomem or --dtb, or mark a region of the system as pool\n");
}

#define MACHINE(nodes)                                                                             \
	"/dts-v1/; / { #address-cells = <2>; #size-cells = <2>; reserved-memory { #address-cells " \
	"= <2>; "                                                                                  \
	"#size-cells = <2>; ranges; " nodes " }; device { memory-region = <&firmware>; }; };"

static void reserved_memory_of_the_machine_is_used(void **state)
{
	struct text text = read_sound(
		HEAD X86_SYSTEM(FIXED, X86_RAM REGION("high", "0xe000000", "0x1000000", RWX),
				"") "cells { " CELL("one", "1", "") "}; };",
		MACHINE("firmware: a { reg = <0 0xe000000 0 0x100000>; no-map; };"
			"b { reg = <0 0xe100000 0 0x100000>; };"
			"c { reg = <0 0xe300000 0 0x80000 0 0xe400000 0 0x200000>; no-map; };"),
		NULL);

	(void)state;
	assert_int_equal(memory_of(&text, 1, 0).phys_start, 0xe400000);
	free_text(&text);
}

static void what_does_not_fit_is_told_with_what_is_free(void **state)
{
	(void)state;
	assert_mistake(ONE_CELL(FIXED, X86_RAM X86_POOL,
				"fixed { phys-start = <0xe100000>; size = <0xd00000>; flags = " RWX
				"; };"
				"ram { size = <0x180000>; flags = " RWX "; };"
				"more { size = <0x180000>; flags = " RWX "; };"),
		       NULL, NULL,
		       "/cells/one/memory-regions/more: 0x180000 bytes do not fit; free is "
		       "0xe000000-0xe0fffff, 0xef80000-0xeffffff\n");
}

static void regions_that_have_a_place_must_say_it(void **state)
{
	(void)state;
	assert_mistake(
		ONE_CELL(FIXED, "low { size = <0x1000>; flags = " RWX "; };", ""), NULL, NULL,
		"/system/memory-regions/low: phys-start is needed: the root cell's memory is where "
		"it is\n");
	assert_mistake(
		ONE_CELL(FIXED, X86_RAM X86_POOL, "uart { size = <0x1000>; flags = " RW_IO "; };"),
		NULL, NULL,
		"/cells/one/memory-regions/uart: phys-start is needed: a device's registers are "
		"where they are\n");
	assert_mistake(
		ONE_CELL(FIXED, X86_RAM X86_POOL, "ram { size = <0x1800>; flags = " RWX "; };"),
		NULL, NULL,
		"/cells/one/memory-regions/ram: size: 0x1800 bytes are not whole pages, so "
		"phys-start is needed\n");
}

static void words_of_the_pool_are_checked(void **state)
{
	(void)state;
	assert_mistake(
		ONE_CELL(FIXED, X86_RAM,
			 "ram { phys-start = <0>; size = <0x1000>; flags = " RWX "; pool; };"),
		NULL, NULL,
		"/cells/one/memory-regions/ram: pool: only memory of the root cell can be given "
		"away\n");
	assert_mistake(
		ONE_CELL(FIXED, "rom { phys-start = <0x1000>; size = <0x1000>; pool; };", ""), NULL,
		NULL,
		"/system/memory-regions/rom: pool: the flags are not those of RAM: \"read\", "
		"\"write\", \"execute\"\n");
	assert_mistake(
		ONE_CELL(FIXED, X86_RAM,
			 "ram { phys-start = <0>; virt-start = <1>; size = <0x1000>; identity = "
			 "<1>; "
			 "flags = " RWX "; };"),
		NULL, NULL,
		"/cells/one/memory-regions/ram: identity has no value\n"
		"/cells/one/memory-regions/ram: identity and virt-start exclude each other\n");
}

static void the_order_of_the_text_decides_between_equals(void **state)
{
	struct text text = read_sound(HEAD X86_SYSTEM(FIXED, X86_RAM X86_POOL, "") "cells { " CELL(
					      "b", "1", "") CELL("a", "2", "") "}; };",
				      NULL, NULL);

	(void)state;
	assert_int_equal(memory_of(&text, 1, 0).phys_start, 0xe000000);
	assert_int_equal(memory_of(&text, 2, 0).phys_start, 0xe100000);
	free_text(&text);
}

/* libfdt would crash. */
static void an_ancient_blob_is_refused(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_report *report = NULL;
	struct jailhouse_tree *tree = NULL;
	size_t size;
	uint8_t *blob = compile(HEAD "};", &size);

	(void)state;
	/* Version, and the oldest one that it is compatible with */
	blob[23] = 3;
	blob[27] = 2;
	assert_int_equal(jailhouse_tree_new(blob, size, &tree, &report, &error),
			 JAILHOUSE_ERR_CONFIG);
	assert_text(error, "this is not a valid device tree blob: FDT_ERR_BADVERSION");
	assert_int_equal(jailhouse_tree_new(blob, 20, &tree, &report, &error),
			 JAILHOUSE_ERR_CONFIG);
	assert_text(error, "this is not a valid device tree blob: FDT_ERR_TRUNCATED");
	free(blob);
}

/* libfdt 1.6.1 would come to the same place again and again. */
static void a_property_that_leads_back_is_refused(void **state)
{
	static const uint8_t tag[8] = {0, 0, 0, 3, 0, 0, 0, 4}; /* a property of 4 bytes */
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_report *report = NULL;
	struct jailhouse_tree *tree = NULL;
	size_t size;
	uint8_t *blob = compile(HEAD "a = <0>; };", &size), *property;

	(void)state;
	property = memmem(blob, size, tag, sizeof(tag));
	assert_non_null(property);
	for (unsigned int back = 1; back < 40; back++) {
		memset(property + 4, 0xff, 4);
		property[7] = (uint8_t)-back;
		assert_int_equal(jailhouse_tree_new(blob, size, &tree, &report, &error),
				 JAILHOUSE_ERR_CONFIG);
		assert_text(error, "this is not a valid device tree blob: FDT_ERR_BADSTRUCTURE");
	}
	free(blob);
}

static void an_unaligned_blob_is_refused(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_report *report = NULL;
	struct jailhouse_tree *tree = NULL;
	size_t size;
	void *blob = compile(HEAD "};", &size);
	char *moved = malloc(size + 1);

	(void)state;
	assert_non_null(moved);
	memcpy(moved + 1, blob, size);
	assert_int_equal(jailhouse_tree_new(moved + 1, size, &tree, &report, &error),
			 JAILHOUSE_ERR_CONFIG);
	assert_text(error, "this is not a valid device tree blob: it does not begin at a multiple "
			   "of 8 bytes");
	free(moved);
	free(blob);
}

#define PLAIN " { cpus = <1>; }; "

/* Each is a file of its name: none may take the place of another. */
static void names_are_those_of_files(void **state)
{
	(void)state;
	assert_mistake(HEAD X86_SYSTEM(FIXED, X86_RAM, "") "cells { system" PLAIN "}; };", NULL, NULL,
		       "/cells/system: another configuration is called \"system\", too\n");
	assert_mistake(HEAD "architecture = \"x86\"; cell" PLAIN "cells { cell" PLAIN "}; };", NULL, NULL,
		       "/cells/cell: another configuration is called \"cell\", too\n");
	assert_mistake(HEAD "architecture = \"x86\"; cells { a234567890123456789012345678901b" PLAIN
			    "a23456789012345678901234567890" PLAIN "}; };",
		       NULL, NULL,
		       "/cells/a234567890123456789012345678901b: the name is longer than 31 characters\n");
}

static void a_name_does_not_lead_elsewhere(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_report *report = NULL;
	struct jailhouse_tree *tree = NULL;
	char *blob, *name, buffer[256];
	size_t size;

	(void)state;
	blob = compile(HEAD "architecture = \"x86\"; cells { X_name" PLAIN "}; };", &size);
	name = memmem(blob, size, "X_name", 6);
	assert_non_null(name);
	memcpy(name, "../out", 6);
	assert_int_equal(jailhouse_tree_new(blob, size, &tree, &report, &error), JAILHOUSE_ERR_CONFIG);
	assert_string_equal(findings(report, buffer, sizeof(buffer)),
			    "/cells/../out: there is a slash in the name\n");
	jailhouse_report_free(report);
	free(blob);
}

static void options_are_checked(void **state)
{
	struct jailhouse_tree_options options = JAILHOUSE_TREE_OPTIONS_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_report *report = NULL;
	struct jailhouse_tree *tree = NULL;
	size_t size;
	void *blob = compile(HEAD "};", &size);

	(void)state;
	options.machine_dtb = "no device tree at all, I am afraid, and long enough for a head";
	options.machine_dtb_size = 50;
	assert_int_equal(
		jailhouse_tree_new_with_options(blob, size, &options, &tree, &report, &error),
		JAILHOUSE_ERR_CONFIG);
	assert_text(error, "the machine's device tree is not a valid blob: FDT_ERR_BADMAGIC");
	options.size -= 8;
	assert_int_equal(
		jailhouse_tree_new_with_options(blob, size, &options, &tree, &report, &error),
		JAILHOUSE_ERR_ARGUMENT);
	assert_null(tree);
	assert_null(report);
	assert_null(jailhouse_tree_get_map(NULL));
	free(blob);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_gets_the_lowest_place_of_the_pool),
		cmocka_unit_test(identity_shows_it_where_it_is),
		cmocka_unit_test(two_megabytes_are_aligned_for_large_pages),
		cmocka_unit_test(without_room_for_large_pages_small_ones_do),
		cmocka_unit_test(an_alignment_that_was_asked_for_is_kept),
		cmocka_unit_test(fixed_memory_of_other_cells_is_left_alone),
		cmocka_unit_test(the_hypervisor_is_cut_out_of_the_root_cell),
		cmocka_unit_test(the_root_cell_stays_consistent),
		cmocka_unit_test(reserved_lines_of_iomem_are_used),
		cmocka_unit_test(iomem_without_addresses_is_noticed),
		cmocka_unit_test(only_memory_of_the_root_cell_is_used),
		cmocka_unit_test(reserved_memory_of_the_machine_is_used),
		cmocka_unit_test(what_does_not_fit_is_told_with_what_is_free),
		cmocka_unit_test(regions_that_have_a_place_must_say_it),
		cmocka_unit_test(words_of_the_pool_are_checked),
		cmocka_unit_test(the_order_of_the_text_decides_between_equals),
		cmocka_unit_test(an_ancient_blob_is_refused),
		cmocka_unit_test(a_property_that_leads_back_is_refused),
		cmocka_unit_test(an_unaligned_blob_is_refused),
		cmocka_unit_test(names_are_those_of_files),
		cmocka_unit_test(a_name_does_not_lead_elsewhere),
		cmocka_unit_test(options_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
