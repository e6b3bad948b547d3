/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A PC: its files and tables. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/generate/machine.h"

#define TABLES "sys/firmware/acpi/tables/"

/* Reads a table and hands it to its parser; one that is not there gives NOT_FOUND if `optional`. */
static int with_table(struct jailhouse_machine *machine, const char *name, bool optional,
		      int (*parse)(const struct jh_bytes *table, struct jailhouse_machine *machine,
				   struct jailhouse_error *error),
		      struct jailhouse_error *error)
{
	struct jh_bytes table;
	struct jh_blob blob;
	int err = jh_file_read(machine->root, name, optional, &blob, error);

	if (err)
		return err == JAILHOUSE_ERR_NOT_FOUND ? 0 : err;
	table = (struct jh_bytes){blob.data, blob.size, name};
	err = parse(&table, machine, error);
	jh_blob_free(&blob);
	return err;
}

static int parse_madt(const struct jh_bytes *table, struct jailhouse_machine *machine,
		      struct jailhouse_error *error)
{
	return jh_acpi_madt(table, &machine->acpi, error);
}

static int parse_mcfg(const struct jh_bytes *table, struct jailhouse_machine *machine,
		      struct jailhouse_error *error)
{
	return jh_acpi_mcfg(table, &machine->acpi, error);
}

static int parse_fadt(const struct jh_bytes *table, struct jailhouse_machine *machine,
		      struct jailhouse_error *error)
{
	return jh_acpi_fadt(table, &machine->acpi, error);
}

static int parse_dmar(const struct jh_bytes *table, struct jailhouse_machine *machine,
		      struct jailhouse_error *error)
{
	return jh_acpi_dmar(table, &machine->acpi, &machine->pci, error);
}

static int parse_ivrs(const struct jh_bytes *table, struct jailhouse_machine *machine,
		      struct jailhouse_error *error)
{
	return jh_acpi_ivrs(table, &machine->acpi, &machine->pci, error);
}

static int read_tables(struct jailhouse_machine *machine, struct jailhouse_error *error)
{
	int err = with_table(machine, TABLES "APIC", false, parse_madt, error);

	if (!err && machine->acpi.is_arm)
		return jh_error_set(error, JAILHOUSE_ERR_NOT_SUPPORTED, 0,
				    TABLES "APIC: an ARM machine. A configuration is made from its "
					   "device tree: boot Linux with acpi=off, or give the "
					   "tree with --dtb");
	if (!err)
		err = with_table(machine, TABLES "MCFG", true, parse_mcfg, error);
	/* Trees that others have collected have none. */
	if (!err)
		err = with_table(machine, TABLES "FACP", true, parse_fadt, error);
	if (!err)
		err = with_table(machine, TABLES "DMAR", true, parse_dmar, error);
	if (!err)
		err = with_table(machine, TABLES "IVRS", true, parse_ivrs, error);
	return err;
}

/* The firmware may have said less than Linux has found out. */
static void enlarge_units(struct jailhouse_machine *machine)
{
	const struct jh_resource *resource;
	struct jailhouse_config_iommu *unit;
	uint64_t size;
	size_t n;
	uint32_t i;

	for (n = 0; n < machine->iomem.count; n++) {
		resource = &machine->iomem.resource[n];
		size = resource->last - resource->start + 1;
		if (strncmp(resource->name, "dmar", 4) != 0 &&
		    strncmp(resource->name, "amd_iommu", 9) != 0)
			continue;
		for (i = 0; i < machine->acpi.num_units; i++) {
			unit = &machine->acpi.unit[i];
			if (unit->base == resource->start && size > unit->size &&
			    size <= 16 * JH_MIB)
				unit->size = (uint32_t)((size + JH_PAGE - 1) & ~(JH_PAGE - 1));
		}
	}
}

static void pm_timer_from_ports(struct jailhouse_machine *machine)
{
	const struct jh_resource *port;
	size_t n;

	for (n = 0; n < machine->ioports.count; n++) {
		port = &machine->ioports.resource[n];
		if (strcmp(port->name, "ACPI PM_TMR") == 0 && port->start <= 0xfffc)
			machine->acpi.pm_timer = (uint16_t)port->start;
	}
}

static int read_ports(struct jailhouse_machine *machine, struct jailhouse_error *error)
{
	struct jh_blob blob;
	int err = jh_file_read(machine->root, "proc/ioports", false, &blob, error);

	if (err)
		return err;
	err = jh_resources_parse((const char *)blob.data, blob.size, "proc/ioports",
				 &machine->ioports, error);
	jh_blob_free(&blob);
	if (!err && machine->ioports.count > 1 && machine->ioports.resource[0].last == 0)
		return jh_error_set(
			error, JAILHOUSE_ERR_PERMISSION, 0,
			"proc/ioports: all addresses are 0; they are shown to root only");
	return err;
}

static void read_name(struct jailhouse_machine *machine)
{
	char vendor[100], product[100];

	jh_file_line(machine->root, "sys/class/dmi/id/sys_vendor", vendor, sizeof(vendor));
	jh_file_line(machine->root, "sys/class/dmi/id/product_name", product, sizeof(product));
	snprintf(machine->name, sizeof(machine->name), "%s%s%s", vendor,
		 vendor[0] && product[0] ? " " : "", product);
}

/* CPUs of a tree that others have collected: one directory each. */
static int count_cpus(struct jailhouse_machine *machine, struct jailhouse_error *error)
{
	struct jh_file_names names = {NULL, 0, 0};
	uint32_t cpu;
	size_t n;
	int length, err = jh_directory_read(machine->root, "sys/devices/system/cpu", &names, error);

	for (n = 0; !err && n < names.count; n++) {
		length = 0;
		if (sscanf(names.name[n], "cpu%5u%n", &cpu, &length) == 1 &&
		    names.name[n][length] == '\0' && cpu < JH_MAX_CPUS) {
			machine->cpus[cpu / 64] |= 1ull << (cpu % 64);
			machine->num_cpus++;
		}
	}
	jh_file_names_free(&names);
	if (machine->num_cpus == 0)
		return jh_error_set(error, JAILHOUSE_ERR_IO, 0,
				    "sys/devices/system/cpu: there are no CPUs");
	return err;
}

int jh_machine_read_x86(struct jailhouse_machine *machine, struct jailhouse_error *error)
{
	bool found = false;
	int err;

	read_name(machine);
	err = jh_machine_read_cpus(machine, &found, error);
	if (!err && !found)
		err = count_cpus(machine, error);
	if (!err)
		err = jh_machine_read_iomem(machine, false, error);
	if (!err)
		err = read_ports(machine, error);
	if (!err)
		err = jh_pci_read(machine->root, &machine->pci, machine, error);
	if (!err)
		err = read_tables(machine, error);
	if (err)
		return err;
	enlarge_units(machine);
	if (machine->acpi.pm_timer == 0)
		pm_timer_from_ports(machine);
	if (machine->acpi.pm_timer == 0)
		jh_note(machine, "there is no ACPI PM timer");
	err = jh_uarts_read_ttys(machine, error);
	if (err)
		return err;
	jh_reserved_from_memmap(machine);
	return jh_x86_collect_regions(machine, error);
}
