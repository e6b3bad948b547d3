/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Devices by name: what a cell and the root cell get of them, and what can't be handed over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/cell-config.h>

#include "tree-setup.h"
#include "unit.h"

#define MACHINE(nodes)                                                                             \
	"/dts-v1/; / { #address-cells = <2>; #size-cells = <2>; interrupt-parent = <&gic>; "       \
	"aliases { serial1 = \"/soc/uart@1000\"; }; "                                              \
	"gic: gic { compatible = \"arm,gic-v3\"; interrupt-controller; #interrupt-cells = <3>; "   \
	"#address-cells = <2>; "                                                                   \
	"reg = <0 0x8000000 0 0x10000>; }; "                                                       \
	"smmu: smmu { #iommu-cells = <1>; }; mmu500: mmu500 { #iommu-cells = <2>; }; "             \
	"gpio: gpio { interrupt-controller; #interrupt-cells = <2>; }; "                           \
	"soc { #address-cells = <1>; #size-cells = <1>; ranges = <0x0 0 0x9100000 0x10000 "        \
	"0x20000 0 0xa000000 0x100000>; "                                                          \
	"uart1: uart@1000 { reg = <0x1000 0x1000>; interrupts = <0 33 4>; }; "                     \
	"nic: nic@20000 { reg = <0x20000 0x10000 0x40000 0x100>; interrupts = <0 200 4 0 201 4 1 " \
	"9 4>; "                                                                                   \
	"iommus = <&smmu 0x17 &mmu500 0x100 0x3f>; }; " nodes " }; };"

#define ARM(cell, system)                                                                      \
	HEAD ARM_SYSTEM("", system) "cells { one { cpus = <1>; memory-regions { ram { size = " \
				    "<0x1000>; flags = " RWX "; }; }; devices { " cell         \
				    " }; }; }; };"

static struct jailhouse_config_memory last_memory(const struct text *text, size_t config,
						  uint32_t from_end)
{
	uint32_t count = text->config[config].count[JAILHOUSE_SECTION_MEMORY];
	struct jailhouse_config_memory memory;

	assert_true(count > from_end);
	jailhouse_config_get_memory(&text->config[config], count - 1 - from_end, &memory);
	return memory;
}

static void assert_memory(const struct text *text, size_t config, uint32_t from_end, uint64_t start,
			  uint64_t size, uint64_t flags)
{
	struct jailhouse_config_memory memory = last_memory(text, config, from_end);

	assert_int_equal(memory.phys_start, start);
	assert_int_equal(memory.virt_start, start);
	assert_int_equal(memory.size, size);
	assert_int_equal(memory.flags, flags);
}

static bool has_line(const struct text *text, size_t config, uint32_t line)
{
	struct jailhouse_config_irqchip chip;
	uint32_t n;

	for (n = 0; jailhouse_config_get_irqchip(&text->config[config], n, &chip) == 0; n++)
		if (chip.address == 0x8000000 && line >= chip.pin_base &&
		    line < chip.pin_base + 128 &&
		    chip.pin_bitmap[(line - chip.pin_base) / 32] >> (line - chip.pin_base) % 32 & 1)
			return true;
	return false;
}

static void assert_mistake(const char *source, const char *machine, const char *expected)
{
	struct text text = read_text(source, machine, NULL);
	char buffer[4096];

	assert_null(text.tree);
	assert_string_equal(findings(text.report, buffer, sizeof(buffer)), expected);
	free_text(&text);
}

#define MMIO (JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO)
#define ANY_WIDTH \
	(JAILHOUSE_MEM_IO_8 | JAILHOUSE_MEM_IO_16 | JAILHOUSE_MEM_IO_32 | JAILHOUSE_MEM_IO_64)

static void a_device_brings_registers_and_interrupt(void **state)
{
	static const char *const names[] = {"\"/soc/uart@1000\"", "\"serial1\"", "\"&uart1\""};
	char source[4096];
	struct text text;
	size_t n;

	(void)state;
	for (n = 0; n < ARRAY_LEN(names); n++) {
		snprintf(source, sizeof(source), ARM("uart { device = %s; };", ""), names[n]);
		text = read_sound(source, MACHINE(""), NULL);
		assert_memory(&text, 1, 0, 0x9101000, 0x1000, MMIO);
		/* The root cell had neither. */
		assert_memory(&text, 0, 0, 0x9101000, 0x1000, MMIO);
		assert_true(has_line(&text, 1, 65));
		assert_false(has_line(&text, 1, 64));
		free_text(&text);
	}
}

static void what_the_root_cell_has_is_not_added_again(void **state)
{
	struct text text = read_sound(
		ARM("uart { device = \"/soc/uart@9000000\"; flags = \"rootshared\"; };", ""),
		"/dts-v1/; / { soc { #address-cells = <1>; #size-cells = <1>; ranges; "
		"uart@9000000 { reg = <0x9000000 0x1000>; }; }; };",
		NULL);

	(void)state;
	assert_int_equal(text.config[0].count[JAILHOUSE_SECTION_MEMORY], 3);
	assert_memory(&text, 1, 0, 0x9000000, 0x1000, MMIO | JAILHOUSE_MEM_ROOTSHARED);
	free_text(&text);
}

static void all_of_a_device_comes_along(void **state)
{
	struct text text = read_sound(ARM("nic { device = \"&nic\"; };", ""), MACHINE(""), NULL);
	uint32_t id, n;
	size_t end;

	(void)state;
	assert_memory(&text, 1, 1, 0xa000000, 0x10000, MMIO);
	/* Less than a page: every access is looked at. */
	assert_memory(&text, 1, 0, 0xa020000, 0x100, MMIO | ANY_WIDTH);
	for (end = 0; end < 2; end++) {
		assert_true(has_line(&text, end, 232) && has_line(&text, end, 233));
		assert_int_equal(text.config[end].count[JAILHOUSE_SECTION_STREAM_ID], 2);
		for (n = 0; n < 2; n++) {
			assert_int_equal(jailhouse_config_get_stream_id(&text.config[end], n, &id),
					 0);
			assert_int_equal(id, n == 0 ? 0x17 : 0x3f0100);
		}
	}
	/* Those of the CPU come with the CPU. */
	assert_false(has_line(&text, 1, 41));
	free_text(&text);
}

static void a_phandle_names_a_device(void **state)
{
	struct text text = read_sound(ARM("uart { device = <0x77>; };", ""),
				      MACHINE("x@3000 { phandle = <0x77>; reg = <0x3000 0x1000>; "
					      "interrupts-extended = <&gic 0 70 4>; };"),
				      NULL);

	(void)state;
	assert_memory(&text, 1, 0, 0x9103000, 0x1000, MMIO);
	assert_true(has_line(&text, 1, 102));
	free_text(&text);
}

static void what_can_not_be_handed_over_is_told(void **state)
{
	static const struct {
		const char *device, *node, *expected;
	} cases[] = {
		{"\"/soc/none\"", "", "the machine's device tree has no node \"/soc/none\"\n"},
		{"\"serial7\"", "", "the machine's device tree has no alias \"serial7\"\n"},
		{"\"&none\"", "", "the machine's device tree has no label \"&none\"\n"},
		{"<0x99>", "", "the machine's device tree has no phandle 0x99\n"},
		{"[01 02 03]", "", "device has 3 bytes, which is not 1 number of 4 bytes\n"},
		{"\"/soc/x\"", "x { };",
		 "it has neither registers nor interrupts in the machine's device tree\n"},
		{"\"/soc/x\"", "x { reg = <0x10000 0x1000>; };",
		 "its registers 0 are not in the CPUs' address space: the device is behind another "
		 "one\n"},
		{"\"/soc/i2c/x\"",
		 "i2c { #address-cells = <1>; #size-cells = <0>; x { reg = <0x50>; }; };",
		 "its registers 0 are not in the CPUs' address space: the device is behind another "
		 "one\n"},
		{"\"/soc/x\"", "x { interrupt-parent = <&gpio>; interrupts = <3 1>; };",
		 "its interrupt goes to gpio, not to the GIC, so that it can't be handed over\n"},
		{"\"/soc/x\"", "x { interrupts = <0 992 4>; };",
		 "its interrupt <0 992> is none that a configuration can have\n"},
		{"\"/soc/x\"", "x { interrupts = <2 3 4>; };",
		 "its interrupt <2 3> is none that a configuration can have\n"},
		{"\"/soc/x\"", "x { interrupt-parent = <0x1234>; interrupts = <2 3 4>; };",
		 "its interrupts have no controller in the machine's device tree\n"},
		{"\"/soc/x\"", "x { interrupts-extended = <&gic 0 1>; };",
		 "its interrupts-extended can't be understood\n"},
		{"\"/soc/x\"", "x { reg = <0 0x1000>; iommus = <&mmu500 1>; };",
		 "its iommus can't be understood\n"},
		{"\"/soc/x\"", "x { reg = <0 0x1000>; status = \"reserved\"; };",
		 "its status in the machine's device tree is \"reserved\"\n"},
	};
	char source[4096], machine[4096], expected[256];
	size_t n;

	(void)state;
	for (n = 0; n < ARRAY_LEN(cases); n++) {
		snprintf(source, sizeof(source), ARM("d { device = %s; };", ""), cases[n].device);
		snprintf(machine, sizeof(machine), MACHINE("%s"), cases[n].node);
		snprintf(expected, sizeof(expected), "/cells/one/devices/d: %s", cases[n].expected);
		assert_mistake(source, machine, expected);
	}
}

static void the_gic_must_be_the_same(void **state)
{
	(void)state;
	assert_mistake(
		ARM("d { device = \"/d\"; };", ""),
		"/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; interrupt-parent = <&gic>; "
		"gic: gic { compatible = \"arm,cortex-a15-gic\"; interrupt-controller; "
		"#interrupt-cells = <3>; "
		"reg = <0x1000 0x1000>; }; d { interrupts = <0 1 4>; }; };",
		"/cells/one/devices/d: the GIC is at 0x1000 in the machine's device tree, but at "
		"0x8000000 in "
		"the system\n");
}

static void names_are_needed(void **state)
{
	(void)state;
	assert_mistake(ARM("d { device = \"/d\"; };", ""), NULL,
		       "/cells/one/devices/d: the machine's device tree is not given, see --dtb\n");
	assert_mistake(ARM("d { };", ""), MACHINE(""),
		       "/cells/one/devices/d: one of device and pci is needed, to tell which "
		       "device it is\n");
	assert_mistake(ARM("d { device = \"/soc\"; pci = \"1.0\"; driver = \"x\"; e { }; };", ""),
		       MACHINE(""),
		       "/cells/one/devices/d: there is no property \"driver\"\n"
		       "/cells/one/devices/d/e: a device has no nodes\n"
		       "/cells/one/devices/d: one of device and pci is needed, to tell which "
		       "device it is\n");
	assert_mistake(ARM("x = <1>;", ""), NULL,
		       "/cells/one/devices: there is no property \"x\"\n");
}

#define X86_PCI                                                                                    \
	"pci-devices { nic { type = \"device\"; bdf = \"00:02.0\"; bar-mask = <0xfffe0000 "        \
	"0xffffffe0 0xffffc000 "                                                                   \
	"0xffffffff>; caps-start = <1>; num-caps = <2>; num-msix-vectors = <5>; msix-region-size " \
	"= <0x1000>; "                                                                             \
	"msix-address = <0xfeb81000>; }; uart { type = \"device\"; bdf = \"00:03.0\"; bar-mask = " \
	"<0xfffff000>; }; }; "                                                                     \
	"pci-caps { a { id = <1>; start = <0x40>; len = <8>; }; b { id = <5>; start = <0x50>; "    \
	"len = <14>; flags = "                                                                     \
	"\"write\"; }; c { id = <0x11>; start = <0x70>; len = <12>; flags = \"write\"; }; }; "
#define X86(device)                                                                              \
	HEAD X86_SYSTEM(FIXED, X86_RAM X86_POOL REGION("pci", "0xf0000000", "0xeb00000", RW_IO), \
			X86_PCI) "cells { one { cpus = <1>; memory-regions { ram { size = "      \
				 "<0x1000>; flags = " RWX "; }; }; "                             \
				 "pci-caps { own { id = <1>; }; }; devices { " device            \
				 " }; }; }; };"

static void a_pci_function_comes_with_capabilities_and_bars(void **state)
{
	struct text text = read_text(X86("nic { pci = \"00:02.0\"; bar-start = /bits/ 64 "
					 "<0xfeb80000 0xc000 0x800000000>; };"),
				     NULL, NULL);
	struct jailhouse_config_pci_device device;
	struct jailhouse_config_pci_cap cap;
	struct jailhouse_config_pio pio;

	(void)state;
	assert_non_null(text.tree);
	assert_int_equal(jailhouse_config_get_pci_device(&text.config[1], 0, &device), 0);
	assert_int_equal(device.bdf, 0x10);
	assert_int_equal(device.caps_start, 1);
	assert_int_equal(device.num_caps, 2);
	assert_int_equal(device.num_msix_vectors, 5);
	assert_int_equal(jailhouse_config_get_pci_cap(&text.config[1], 1, &cap), 0);
	assert_int_equal(cap.start, 0x50);
	assert_int_equal(jailhouse_config_get_pci_cap(&text.config[1], 2, &cap), 0);
	assert_int_equal(cap.start, 0x70);
	/* Around the table of MSI-X */
	assert_memory(&text, 1, 2, 0xfeb80000, 0x1000, MMIO);
	assert_memory(&text, 1, 1, 0xfeb82000, 0x1e000, MMIO);
	/* 64 bits, which the root cell did not have */
	assert_memory(&text, 1, 0, 0x800000000, 0x4000, MMIO);
	assert_memory(&text, 0, 0, 0x800000000, 0x4000, MMIO);
	assert_int_equal(jailhouse_config_get_pio(&text.config[1], 0, &pio), 0);
	assert_int_equal(pio.base, 0xc000);
	assert_int_equal(pio.length, 32);
	assert_int_equal(text.config[0].count[JAILHOUSE_SECTION_PCI_DEVICE], 2);
	free_text(&text);
}

static void a_pci_function_must_be_known(void **state)
{
	(void)state;
	assert_mistake(X86("d { pci = \"00:04.0\"; };"), NULL,
		       "/cells/one/devices/d: the system does not list PCI device 0000:00:04.0, "
		       "and the machine's sysfs is not given, see "
		       "--root\n");
	assert_mistake(X86("d { pci = \"00:02.0\"; bar-start = /bits/ 64 <0xfeb80000>; };"), NULL,
		       "/cells/one/devices/d: bar-start is needed up to BAR 1: without --root "
		       "nobody knows where it points\n");
	assert_mistake(X86("d { pci = \"00:03.0\"; bar-start = <0xfeb80000>; };"), NULL,
		       "/cells/one/devices/d: bar-start has 4 bytes, which is not up to 6 numbers "
		       "of 8 bytes\n"
		       "/cells/one/devices/d: bar-start is needed up to BAR 0: without --root "
		       "nobody knows where it points\n");
	assert_mistake(X86("d { pci = \"00:03.0\"; bar-start = /bits/ 64 <0x1000000000000>; };"),
		       NULL,
		       "/cells/one/devices/d: its registers (0x1000000000000, 0x1000 bytes) are "
		       "behind what can be "
		       "mapped\n");
}

static void write_file(const char *root, const char *name, const void *data, size_t size)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/sys/bus/pci/devices/%s", root, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	fclose(file);
}

/* Of a network card: a BAR of memory, one of ports, MSI. */
static void a_pci_function_comes_from_sysfs(void **state)
{
	static const char resource[] = "0x00000000f1000000 0x00000000f1000fff 0x0000000000040200\n"
				       "0x000000000000c000 0x000000000000c01f 0x0000000000040101\n";
	uint8_t config[256] = {0x86,      0x80,          0x0e,       0x10,       [6] = 0x10,
			       [0xb] = 2, [0x34] = 0x50, [0x3d] = 1, [0x50] = 5, [0x52] = 0x80};
	char root[] = "/tmp/test-tree-XXXXXX", command[128];
	struct jailhouse_config_pci_device device;
	struct jailhouse_config_pci_cap cap;
	struct jailhouse_config_pio pio;
	struct text text;
	size_t end;

	(void)state;
	assert_non_null(mkdtemp(root));
	snprintf(command, sizeof(command), "mkdir -p %s/sys/bus/pci/devices/0000:00:05.0", root);
	assert_int_equal(system(command), 0);
	write_file(root, "0000:00:05.0/config", config, sizeof(config));
	write_file(root, "0000:00:05.0/resource", resource, sizeof(resource) - 1);
	read_root = root;
	text = read_text(X86("nic { pci = \"00:05.0\"; };"), NULL, NULL);
	assert_non_null(text.tree);
	/* The root cell did not have it, either. */
	for (end = 0; end < 2; end++) {
		assert_int_equal(jailhouse_config_get_pci_device(&text.config[end],
								 end == 0 ? 2 : 0, &device),
				 0);
		assert_int_equal(device.bdf, 0x28);
		assert_int_equal(device.bar_mask[0], 0xfffff000);
		assert_int_equal(device.bar_mask[1], 0xffffffe0);
		assert_int_equal(device.num_msi_vectors, 1);
		assert_int_equal(device.num_caps, 1);
		assert_int_equal(
			jailhouse_config_get_pci_cap(&text.config[end], device.caps_start, &cap),
			0);
		assert_int_equal(cap.start, 0x50);
		assert_int_equal(jailhouse_config_get_pio(&text.config[end], 0, &pio), 0);
		assert_int_equal(pio.base, 0xc000);
	}
	assert_memory(&text, 1, 0, 0xf1000000, 0x1000, MMIO);
	free_text(&text);
	text = read_text(X86("d { pci = \"00:06.0\"; };"), NULL, NULL);
	assert_null(text.tree);
	free_text(&text);
	read_root = NULL;
	snprintf(command, sizeof(command), "rm -r %s", root);
	assert_int_equal(system(command), 0);
}

static void lines_and_streams_of_a_function_come_from_the_host(void **state)
{
	/* The checker would miss the IOMMU. */
	struct text text = read_text(
		ARM("d { pci = \"3.0\"; domain = <0>; bar-start = /bits/ 64 <0x10000000>; };",
		    "pci-devices { x { type = \"device\"; bdf = \"00:03.0\"; bar-mask = "
		    "<0xfff00000>; }; };"),
		MACHINE("") " / { pcie: pcie { device_type = \"pci\"; reg = <0x40 0x10000000 0 "
			    "0x10000000>; "
			    "#address-cells = <3>; #size-cells = <2>; #interrupt-cells = <1>; "
			    "iommu-map = <0x0 &smmu 0x1000 0x100>; interrupt-map-mask = <0x1800 0 "
			    "0 7>; interrupt-map = "
			    "<0x0 0 0 1 &gic 0 0 0 3 4>, <0x1800 0 0 2 &gic 0 0 0 7 4>, <0x1800 0 "
			    "0 1 &gic 0 0 0 6 4>; }; };",
		NULL);
	uint32_t id;

	(void)state;
	assert_non_null(text.tree);
	assert_true(has_line(&text, 1, 38));
	assert_false(has_line(&text, 1, 35));
	assert_int_equal(jailhouse_config_get_stream_id(&text.config[1], 0, &id), 0);
	assert_int_equal(id, 0x1018);
	assert_memory(&text, 1, 0, 0x10000000, 0x100000, MMIO);
	free_text(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_brings_registers_and_interrupt),
		cmocka_unit_test(what_the_root_cell_has_is_not_added_again),
		cmocka_unit_test(all_of_a_device_comes_along),
		cmocka_unit_test(a_phandle_names_a_device),
		cmocka_unit_test(what_can_not_be_handed_over_is_told),
		cmocka_unit_test(the_gic_must_be_the_same),
		cmocka_unit_test(names_are_needed),
		cmocka_unit_test(a_pci_function_comes_with_capabilities_and_bars),
		cmocka_unit_test(a_pci_function_must_be_known),
		cmocka_unit_test(a_pci_function_comes_from_sysfs),
		cmocka_unit_test(lines_and_streams_of_a_function_come_from_the_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
