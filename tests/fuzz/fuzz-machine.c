/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Any bytes as what Linux and the firmware tell about a machine. The first byte says what the rest
 * is. A device tree that is accepted is made a configuration of, which has no errors.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/generate/checklist.h"
#include "config/generate/machine.h"

static void require(int condition)
{
	if (!condition)
		abort();
}

static void as_resources(const uint8_t *data, size_t size)
{
	struct jh_resources list = {NULL, 0, 0};
	size_t n;

	if (jh_resources_parse((const char *)data, size, "iomem", &list, NULL) != 0)
		return;
	for (n = 0; n < list.count; n++) {
		require(list.resource[n].start <= list.resource[n].last);
		require(list.resource[n].parent == JH_NO_PARENT || list.resource[n].parent < n);
	}
	jh_resources_free(&list);
}

/* Two functions, a bridge and what is behind it, for the scopes of tables. */
static void as_table(uint8_t kind, const struct jh_bytes *table)
{
	static uint8_t config[2][256] = {{[0x0e] = 1, [0x19] = 1, [0x1a] = 1}};
	struct jh_pci device[2] = {{.config = config[0], .size = 256},
				   {.bdf = 0x100, .config = config[1], .size = 256}};
	struct jh_pci_list pci = {device, 2, 2};
	struct jh_acpi acpi;

	memset(&acpi, 0, sizeof(acpi));
	switch (kind) {
	case 0:
		jh_acpi_madt(table, &acpi, NULL);
		break;
	case 1:
		jh_acpi_mcfg(table, &acpi, NULL);
		break;
	case 2:
		jh_acpi_fadt(table, &acpi, NULL);
		break;
	case 3:
		jh_acpi_dmar(table, &acpi, &pci, NULL);
		break;
	default:
		jh_acpi_ivrs(table, &acpi, &pci, NULL);
		break;
	}
	require(acpi.num_ioapics <= JH_MAX_IOAPICS && acpi.num_units <= JH_MAX_UNITS);
	jh_acpi_free(&acpi);
}

/* A table with the signature and length that it should have, so that the rest is reached */
static void as_good_table(uint8_t kind, const uint8_t *data, size_t size)
{
	static const char signature[][5] = {"APIC", "MCFG", "FACP", "DMAR", "IVRS"};
	struct jh_bytes table = {malloc(size ? size : 1), size, "table"};
	uint8_t *copy = (uint8_t *)(uintptr_t)table.data;
	uint32_t length = (uint32_t)size;

	require(copy != NULL);
	memcpy(copy, data, size);
	if (size >= 8) {
		memcpy(copy, signature[kind], 4);
		memcpy(copy + 4, &length, 4);
	}
	as_table(kind, &table);
	free(copy);
}

static void check_system(struct jailhouse_builder *builder)
{
	struct jailhouse_config config;
	struct jailhouse_report *report;

	if (jailhouse_builder_get_config(builder, &config, NULL, NULL) != 0)
		return;
	require(jailhouse_check(&config, 1, NULL, &report, NULL) == 0);
	jailhouse_report_free(report);
}

static void read_tree(const void *dtb, size_t size)
{
	struct jailhouse_machine_options options = JAILHOUSE_MACHINE_OPTIONS_INIT;
	struct jailhouse_machine *machine;
	struct jailhouse_builder *builder;

	options.dtb = dtb;
	options.dtb_size = size;
	if (!size || jailhouse_machine_read(&options, &machine, NULL) != 0)
		return;
	if (jailhouse_generate_system(machine, NULL, &builder, NULL) == 0) {
		check_system(builder);
		jailhouse_builder_free(builder);
	}
	jailhouse_machine_free(machine);
}

/* In a block of its own, which is aligned and shows one byte too far. */
static void as_tree(const uint8_t *data, size_t size)
{
	void *copy = malloc(size ? size : 1);

	require(copy != NULL);
	memcpy(copy, data, size);
	read_tree(copy, size);
	free(copy);
}

static void as_text(const uint8_t *data, size_t size)
{
	static struct jh_cpuinfo info;
	struct jh_pci device = {.domain = 0};
	char *text = malloc(size + 1);
	uint64_t set[16];

	require(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	jh_cpu_list_parse(text, "cpus", set, 1024, NULL);
	jh_pci_parse_resource(text, "resource", &device, NULL);
	jh_cpuinfo_parse(text, size, &info, NULL);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	switch (data[0] % 8) {
	case 5:
		as_resources(data + 1, size - 1);
		break;
	case 6:
		as_tree(data + 1, size - 1);
		break;
	case 7:
		as_text(data + 1, size - 1);
		break;
	default:
		as_good_table(data[0] % 8, data + 1, size - 1);
		break;
	}
	return 0;
}
