/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Links: what both ends get, on x86 and ARM, and mistakes. read_sound() asks the checker as well.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <jailhouse/cell-config.h>

#include "tree-setup.h"
#include "unit.h"

#define READ  (JAILHOUSE_MEM_READ | JAILHOUSE_MEM_ROOTSHARED)
#define WRITE (READ | JAILHOUSE_MEM_WRITE)

#define X86(nodes, links)                                                               \
	HEAD X86_SYSTEM(FIXED, X86_RAM X86_POOL, nodes) "cells { " CELL("one", "1", "") \
		CELL("two", "2", "") "}; links { " links " }; };"
#define ARM(properties, links)                                          \
	HEAD ARM_SYSTEM(properties, "") "cells { " CELL("one", "1", "") \
		CELL("two", "2", "") "}; links { " links " }; };"

#define REAL_HOST " / { system { pci-is-virtual = <0>; }; };"

static struct jailhouse_config_pci_device last_device(const struct text *text, size_t config)
{
	struct jailhouse_config_pci_device device;
	uint32_t count = text->config[config].count[JAILHOUSE_SECTION_PCI_DEVICE];

	assert_true(count > 0);
	assert_int_equal(jailhouse_config_get_pci_device(&text->config[config], count - 1, &device),
			 0);
	assert_int_equal(device.type, JAILHOUSE_PCI_TYPE_IVSHMEM);
	return device;
}

static struct jailhouse_config_memory section_of(const struct text *text, size_t config,
						 uint32_t section)
{
	struct jailhouse_config_memory memory;

	assert_int_equal(jailhouse_config_get_memory(
				 &text->config[config],
				 last_device(text, config).shmem_regions_start + section, &memory),
			 0);
	return memory;
}

static void assert_section(const struct text *text, size_t config, uint32_t section, uint64_t start,
			   uint64_t size, uint64_t flags)
{
	struct jailhouse_config_memory memory = section_of(text, config, section);

	assert_int_equal(memory.phys_start, start);
	assert_int_equal(memory.size, size);
	assert_int_equal(memory.flags, flags);
}

static void assert_mistake(const char *source, const char *expected)
{
	struct text text = read_text(source, NULL, NULL);
	char buffer[4096];

	assert_null(text.tree);
	assert_string_equal(findings(text.report, buffer, sizeof(buffer)), expected);
	free_text(&text);
}

static bool has_line(const struct text *text, size_t config, uint32_t line)
{
	struct jailhouse_config_irqchip chip;
	uint32_t n;

	for (n = 0; jailhouse_config_get_irqchip(&text->config[config], n, &chip) == 0; n++)
		if (line >= chip.pin_base && line < chip.pin_base + 128 &&
		    chip.pin_bitmap[(line - chip.pin_base) / 32] >> (line - chip.pin_base) % 32 & 1)
			return true;
	return false;
}

static void both_ends_have_a_device_and_its_sections(void **state)
{
	struct text text = read_sound(
		X86("", "chat { peers = \"system\", \"one\"; rw-size = <0x2000>; };"), NULL, NULL);
	struct jailhouse_config_pci_device device;
	size_t end;

	(void)state;
	for (end = 0; end < 2; end++) {
		device = last_device(&text, end);
		assert_int_equal(device.bdf, 14 << 3);
		assert_int_equal(device.bar_mask[0], 0xfffff000);
		assert_int_equal(device.bar_mask[1], 0xfffff000);
		assert_int_equal(device.num_msix_vectors, 16);
		assert_int_equal(device.shmem_dev_id, end);
		assert_int_equal(device.shmem_peers, 2);
		assert_int_equal(device.shmem_protocol, 0);
		/* Behind the RAM of both cells. */
		assert_section(&text, end, 0, 0xe200000, 0x1000, READ);
		assert_section(&text, end, 1, 0xe201000, 0x2000, WRITE);
		assert_section(&text, end, 2, 0xe203000, 0x10000, end == 0 ? WRITE : READ);
		assert_section(&text, end, 3, 0xe213000, 0x10000, end == 1 ? WRITE : READ);
		assert_int_equal(section_of(&text, end, 3).virt_start, 0xe213000);
	}
	assert_int_equal(text.config[2].count[JAILHOUSE_SECTION_PCI_DEVICE], 0);
	assert_string_equal(jailhouse_tree_get_map(text.tree),
			    "memory 0xe000000 0x100000 one ram\nmemory 0xe100000 0x100000 two ram\n"
			    "link chat 0000:00:0e.0 0x0000 0xe200000 0x23000\n"
			    "peer chat 0 0xe200000 system\npeer chat 1 0xe200000 one\n");
	free_text(&text);
}

static void the_root_cell_writes_only_its_own_output(void **state)
{
	struct text text =
		read_sound(X86("", "chat { peers = \"one\", \"system\"; };"), NULL, NULL);
	struct jailhouse_config_memory memory;
	uint32_t n;

	(void)state;
	for (n = 0; jailhouse_config_get_memory(&text.config[0], n, &memory) == 0; n++)
		if (memory.flags & JAILHOUSE_MEM_WRITE && memory.phys_start <= 0xe201000 &&
		    memory.phys_start + memory.size > 0xe200000)
			fail_msg("region %u lets it write", n);
	assert_int_equal(last_device(&text, 0).shmem_dev_id, 1);
	assert_section(&text, 0, 3, 0xe211000, 0x10000, WRITE);
	free_text(&text);
}

static void between_cells_the_root_cell_reads(void **state)
{
	struct text text = read_sound(X86("", "chat { peers = \"one\", \"two\"; };"), NULL, NULL);
	struct jailhouse_config_memory memory;
	uint32_t count = text.config[0].count[JAILHOUSE_SECTION_MEMORY];

	(void)state;
	assert_int_equal(text.config[0].count[JAILHOUSE_SECTION_PCI_DEVICE], 0);
	jailhouse_config_get_memory(&text.config[0], count - 1, &memory);
	assert_int_equal(memory.phys_start, 0xe200000);
	assert_int_equal(memory.size, 0x21000);
	assert_int_equal(memory.flags, READ);
	free_text(&text);
}

static void lines_on_arm_are_spare_and_of_each_cell(void **state)
{
	struct text text =
		read_sound(ARM("spare-spis = <112 8>;", "a { peers = \"system\", \"two\"; };"
							"b { peers = \"two\", \"system\"; };"),
			   NULL, NULL);
	struct jailhouse_config_cell root, two;

	(void)state;
	jailhouse_config_get_cell(&text.config[0], &root);
	jailhouse_config_get_cell(&text.config[2], &two);
	assert_int_equal(root.vpci_irq_base, 112);
	assert_int_equal(two.vpci_irq_base, 116);
	/* The first two slots, so two lines. */
	assert_int_equal(last_device(&text, 0).bdf, 1 << 3);
	assert_int_equal(last_device(&text, 2).domain, 1);
	assert_int_equal(last_device(&text, 2).num_msix_vectors, 0);
	assert_int_equal(last_device(&text, 2).bar_mask[1], 0);
	assert_true(has_line(&text, 0, 144) && has_line(&text, 0, 145));
	assert_true(has_line(&text, 2, 148) && has_line(&text, 2, 149));
	assert_false(has_line(&text, 2, 150));
	assert_false(has_line(&text, 2, 144));
	assert_true(has_line(&text, 0, 148));
	free_text(&text);
}

static void lines_that_are_said_are_kept(void **state)
{
	struct text text = read_sound(
		HEAD ARM_SYSTEM(
			"vpci-irq-base = <100>;",
			"") "cells { one { cpus = <1>; vpci-irq-base = <104>; "
			    "memory-regions { ram { size = <0x1000>; flags = " RWX "; }; }; }; };"
			    "links { a { peers = \"system\", \"one\"; bdf = \"00:02.0\"; }; }; };",
		NULL, NULL);

	(void)state;
	assert_true(has_line(&text, 0, 134));
	assert_true(has_line(&text, 1, 138));
	free_text(&text);
}

static void names_may_be_references(void **state)
{
	struct text text =
		read_sound(HEAD X86_SYSTEM(FIXED, X86_RAM X86_POOL, "") "cells { " CELL(
				   "first: one", "1",
				   "") "}; links { chat { peers = <&{/system} &first>; }; }; };",
			   NULL, NULL);

	(void)state;
	assert_int_equal(last_device(&text, 1).shmem_dev_id, 1);
	free_text(&text);
}

static void ethernet_has_the_layout_that_everyone_has(void **state)
{
	struct text text =
		read_sound(X86("", "net { peers = \"system\", \"one\"; protocol = \"veth\"; "
				   "phys-start = <0xe800000>; };"),
			   NULL, NULL);

	(void)state;
	assert_int_equal(last_device(&text, 0).shmem_protocol, JAILHOUSE_SHMEM_PROTO_VETH);
	assert_int_equal(last_device(&text, 0).num_msix_vectors, 2);
	/* JAILHOUSE_SHMEM_NET_REGIONS */
	assert_section(&text, 1, 0, 0xe800000, 0x1000, READ);
	assert_section(&text, 1, 1, 0, 0, 0);
	assert_section(&text, 1, 2, 0xe801000, 0x7f000, READ);
	assert_section(&text, 1, 3, 0xe880000, 0x7f000, WRITE);
	free_text(&text);
}

static void virtio_has_two_different_ends(void **state)
{
	struct text text = read_sound(
		X86("", "disk { peers = \"system\", \"one\"; protocol = \"virtio-block\"; "
			"rw-size = <0x100000>; output-size = <0>; };"),
		NULL, NULL);

	(void)state;
	assert_int_equal(last_device(&text, 0).shmem_protocol, 0xc002);
	assert_int_equal(last_device(&text, 1).shmem_protocol, 0x8002);
	assert_int_equal(last_device(&text, 1).num_msix_vectors, 3);
	assert_section(&text, 1, 2, 0, 0, 0);
	free_text(&text);
}

static void an_end_can_say_what_is_its_own(void **state)
{
	struct text text = read_sound(X86("", "chat { peers = \"system\", \"one\"; bar-size = "
					      "<0x10000>; msix-vectors = <4>; bdf = \"01:02.3\"; "
					      "one { virt-start = <0x40000000>; msix-vectors = "
					      "<0>; bar-size = <0x1000>; iommu = <0>; "
					      "protocol = <0>; }; };"),
				      NULL, NULL);

	(void)state;
	assert_int_equal(last_device(&text, 0).bdf, 0x113);
	assert_int_equal(last_device(&text, 0).num_msix_vectors, 4);
	assert_int_equal(last_device(&text, 0).bar_mask[0], 0xffff0000);
	assert_int_equal(last_device(&text, 0).bar_mask[1], 0xffff0000);
	assert_int_equal(last_device(&text, 1).num_msix_vectors, 0);
	assert_int_equal(last_device(&text, 1).bar_mask[0], 0xfffff000);
	assert_int_equal(last_device(&text, 1).bar_mask[1], 0);
	assert_int_equal(section_of(&text, 1, 3).virt_start, 0x40011000);
	free_text(&text);
}

/* In the cell its RAM is where the link's memory is. */
static void what_is_in_the_way_is_gone_around(void **state)
{
	struct text text = read_sound(
		HEAD X86_SYSTEM(
			FIXED, X86_RAM X86_POOL,
			"") "cells { one { cpus = <1>; memory-regions { "
			    "ram { size = <0x800000>; virt-start = <0xdc00000>; flags = " RWX "; };"
			    "low { size = <0x1000>; flags = " RWX "; }; "
			    "high { size = <0x1000>; virt-start = <0xe901000>; flags = " RWX
			    "; }; }; }; };"
			    "links { chat { peers = \"system\", \"one\"; }; }; };",
		NULL, NULL);

	(void)state;
	assert_section(&text, 1, 0, 0xe800000, 0x1000, READ);
	assert_int_equal(section_of(&text, 1, 0).virt_start, 0xe800000);
	free_text(&text);
	text = read_sound(
		HEAD X86_SYSTEM(
			FIXED, X86_RAM X86_POOL,
			"") "cells { one { cpus = <1>; memory-regions { "
			    "low { size = <0x1000>; flags = " RWX "; };"
			    "ram { size = <0x100000>; virt-start = <0xe100000>; flags = " RWX
			    "; }; }; }; };"
			    "links { chat { peers = \"system\", \"one\"; }; }; };",
		NULL, NULL);
	assert_section(&text, 1, 0, 0xe100000, 0x1000, READ);
	assert_int_equal(section_of(&text, 1, 0).virt_start, 0xe200000);
	free_text(&text);
}

static void slots_of_devices_are_left_alone(void **state)
{
	struct text text =
		read_sound(X86("pci-devices { x { type = \"device\"; bdf = \"00:0e.1\"; }; }; ",
			       "a { peers = \"system\", \"one\"; }; b { peers = \"system\", "
			       "\"two\"; bdf = \"00:0f.0\"; };"
			       "c { peers = \"one\", \"two\"; };"),
			   NULL, NULL);
	struct jailhouse_config_pci_device device;

	(void)state;
	assert_int_equal(jailhouse_config_get_pci_device(&text.config[0], 1, &device), 0);
	assert_int_equal(device.bdf, 16 << 3);
	assert_int_equal(last_device(&text, 0).bdf, 15 << 3);
	assert_int_equal(last_device(&text, 1).bdf, 17 << 3);
	free_text(&text);
	assert_mistake(X86("pci-devices { x { type = \"device\"; bdf = \"00:0e.1\"; }; }; ",
			   "a { peers = \"system\", \"one\"; bdf = \"00:0e.1\"; };"),
		       "/links/a: bdf: system has a device there\n");
}

__attribute__((format(printf, 3, 4))) static void append(char *text, size_t size,
							 const char *format, ...)
{
	size_t length = strlen(text);
	va_list args;

	va_start(args, format);
	assert_true(vsnprintf(text + length, size - length, format, args) < (int)(size - length));
	va_end(args);
}

static void twelve_peers_are_the_most(void **state)
{
	char source[8192];
	struct text text;
	unsigned int n, peers;

	(void)state;
	for (peers = 3; peers <= 13; peers += peers == 3 ? 9 : 1) {
		source[0] = '\0';
		append(source, sizeof(source),
		       HEAD "architecture = \"x86\"; system { cell-name = \"root\"; "
			    "cpus = <0 1 2 3 4 5 6 7 8 9 10 11 12 13 14>; "
			    "hypervisor-memory { " FIXED
			    " size = <0x400000>; }; memory-regions { " X86_RAM X86_POOL
			    " }; }; cells { ");
		for (n = 1; n < peers; n++)
			append(source, sizeof(source),
			       "c%u { cpus = <%u>; memory-regions { ram { size = <0x1000>; "
			       "flags = " RWX "; }; }; }; ",
			       n, n);
		append(source, sizeof(source), "}; links { all { peers = \"system\"");
		for (n = 1; n < peers; n++)
			append(source, sizeof(source), ", \"c%u\"", n);
		append(source, sizeof(source), "; }; }; };");
		if (peers > 12) {
			assert_mistake(source, "/links/all: peers: a link has at most 12\n");
			continue;
		}
		text = read_sound(source, NULL, NULL);
		for (n = 0; n < peers; n++) {
			assert_int_equal(last_device(&text, n).shmem_peers, peers);
			assert_int_equal(last_device(&text, n).shmem_dev_id, n);
			assert_int_equal(section_of(&text, n, 1 + peers).flags,
					 n == peers - 1 ? WRITE : READ);
			assert_int_equal(section_of(&text, n, 2 + n).flags, WRITE);
		}
		free_text(&text);
	}
}

static void mistakes_are_told(void **state)
{
	static const struct {
		const char *link;
		const char *expected;
	} cases[] = {
		{"a { };", "/links/a: peers: a link has at least 2\n"},
		{"a { peers = \"system\", \"tree\"; };",
		 "/links/a: peers: there is no configuration \"tree\"\n/links/a: peers: a link has "
		 "at least 2\n"},
		{"a { peers = <1 0xffff>; };",
		 "/links/a: peers: there is no configuration \"0x1\"\n"
		 "/links/a: peers: there is no configuration \"0xffff\"\n/links/a: peers: a link "
		 "has at least 2\n"},
		{"a { peers = [01 02 03]; };", "/links/a: peers is neither a list of names nor of "
					       "references\n/links/a: peers: a link has at "
					       "least 2\n"},
		{"a { peers = \"one\", \"one\", \"two\"; };",
		 "/links/a: peers: one is there twice\n"},
		{"a { peers = \"one\", \"two\"; output-size = <0x800>; rw-size = /bits/ 64 "
		 "<0x20000000000>; };",
		 "/links/a: output-size: 0x800 bytes are not whole pages of at most 1 TiB\n"
		 "/links/a: rw-size: 0x20000000000 bytes are not whole pages of at most 1 TiB\n"},
		{"a { peers = \"one\", \"two\"; bar-size = <0x1800>; msix-vectors = <17>; "
		 "phys-start = <0x800>; };",
		 "/links/a: bar-size: 0x1800 is not a power of two of at least 4096\n"
		 "/links/a: msix-vectors: 17 are more than 16\n/links/a: phys-start: 0x800 is not "
		 "the start of a page\n"},
		{"a { peers = \"one\", \"two\"; phys-start = /bits/ 64 <0x800000000000>; };",
		 "/links/a: phys-start: 0x800000000000 is behind what can be mapped\n"},
		{"a { peers = \"one\", \"two\"; protocol = \"carrier-pigeon\"; size = <1>; };",
		 "/links/a: protocol: there is no \"carrier-pigeon\"\n/links/a: there is no "
		 "property \"size\"\n"},
		{"a { peers = \"one\", \"two\", \"system\"; protocol = \"virtio-net\"; };",
		 "/links/a: virtio has two ends: the device's driver and the device\n"},
		{"a { peers = \"one\", \"two\"; system { }; one { bdf = \"1.0\"; virt-start = <8>; "
		 "msix-vectors = <20>; }; };",
		 "/links/a/system: this is not one of the peers\n/links/a/one: there is no "
		 "property \"bdf\"\n"
		 "/links/a/one: msix-vectors: 20 are more than 16\n"
		 "/links/a/one: virt-start: 0x8 is not the start of a page\n"},
		{"x = <1>;", "/links: there is no property \"x\"\n"},
		{"a { peers = \"system\", \"two\"; system { virt-start = <0x1000>; }; };",
		 "/links/a: virt-start: the root cell sees memory where it is\n"},
		{"a { peers = \"one\", \"two\"; output-size = <0x1000000>; };",
		 "/links/a: 0x2001000 bytes do not fit; free is 0xe000000-0xeffffff\n"},
	};
	char source[4096];
	size_t n;

	(void)state;
	for (n = 0; n < ARRAY_LEN(cases); n++) {
		snprintf(source, sizeof(source), X86("", "%s"), cases[n].link);
		assert_mistake(source, cases[n].expected);
	}
}

static void arm_needs_a_host_and_lines(void **state)
{
	(void)state;
	assert_mistake(ARM("", "a { peers = \"system\", \"one\"; };"),
		       "/system: link a needs vpci-irq-base here, or four more lines in spare-spis "
		       "of the system\n"
		       "/cells/one: link a needs vpci-irq-base here, or four more lines in "
		       "spare-spis of the "
		       "system\n");
	assert_mistake(ARM("spare-spis = <990 5 1>;", "a { peers = \"system\", \"one\"; };"),
		       "/system: spare-spis is not a list of pairs of first SPI and number\n"
		       "/system: spare-spis: there are no SPIs 990 to 994\n");
	assert_mistake(HEAD
		       "architecture = \"arm\"; system { cell-name = \"r\"; cpus = <0 1>; }; cells "
		       "{ " CELL("one", "1", "") "}; links { a { peers = \"system\", \"one\"; "
						 "phys-start = <0x1000>; }; }; };",
		       "/links/a: the system needs pci-mmconfig-base for links, most likely with "
		       "pci-is-virtual\n");
	assert_mistake(ARM("spare-spis = <112 8>;", "a { peers = \"system\", \"one\"; };") REAL_HOST,
		       "/links/a: lines of a real PCI host are not the hypervisor's to raise: the "
		       "system needs one with pci-is-virtual, or the link msix-vectors\n");
	assert_mistake(HEAD "architecture = \"x86\"; cells { " CELL("one", "1", "") CELL(
			       "two", "2", "") "}; links { a { peers = \"two\", \"one\"; }; }; };",
		       "/links: links need the system in the same file: it has the memory, and the "
		       "addresses that "
		       "are taken\n");
}

/* Where messages of devices become lines, or where the root cell has no end, a real host will do. */
static void a_real_host_of_arm_has_messages(void **state)
{
	struct text text = read_sound(ARM("spare-spis = <112 8>;",
					  "a { peers = \"system\", \"one\"; msix-vectors = <1>; };"
					  "b { peers = \"one\", \"two\"; };") REAL_HOST,
				      NULL, NULL);

	(void)state;
	assert_int_equal(last_device(&text, 0).num_msix_vectors, 1);
	assert_int_equal(last_device(&text, 1).num_msix_vectors, 0);
	/* Slot 15 */
	assert_true(has_line(&text, 1, 32 + 112 + 3));
	assert_true(has_line(&text, 2, 32 + 116 + 3));
	free_text(&text);
}

static void no_slot_is_left(void **state)
{
	char devices[2048], *at = devices, source[4096];
	unsigned int n;

	(void)state;
	for (n = 0; n < 32; n++)
		at += sprintf(at, "d%u { type = \"device\"; bdf = \"%02x.0\"; }; ", n, n);
	snprintf(source, sizeof(source),
		 X86("pci-devices { %s }; ", "a { peers = \"system\", \"one\"; };"), devices);
	assert_mistake(source, "/links/a: all 32 slots of PCI bus 0 are taken\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ends_have_a_device_and_its_sections),
		cmocka_unit_test(the_root_cell_writes_only_its_own_output),
		cmocka_unit_test(between_cells_the_root_cell_reads),
		cmocka_unit_test(lines_on_arm_are_spare_and_of_each_cell),
		cmocka_unit_test(lines_that_are_said_are_kept),
		cmocka_unit_test(names_may_be_references),
		cmocka_unit_test(ethernet_has_the_layout_that_everyone_has),
		cmocka_unit_test(virtio_has_two_different_ends),
		cmocka_unit_test(an_end_can_say_what_is_its_own),
		cmocka_unit_test(what_is_in_the_way_is_gone_around),
		cmocka_unit_test(slots_of_devices_are_left_alone),
		cmocka_unit_test(twelve_peers_are_the_most),
		cmocka_unit_test(mistakes_are_told),
		cmocka_unit_test(arm_needs_a_host_and_lines),
		cmocka_unit_test(a_real_host_of_arm_has_messages),
		cmocka_unit_test(no_slot_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
