/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Memory and registers that the root cell of a PC gets. Windows of the PCI host below 4 GiB are
 * taken whole, so that Linux may move a device; above there are only the devices themselves.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/generate/machine.h"

#define APIC_FIRST 0xfee00000ull /* the APIC's page, and the rest of where messages go */
#define APIC_LAST  0xfeefffffull
#define BELOW_4G   0x100000000ull
#define VGA        0xa0000ull
#define ROMS       0xc0000ull

#define LPC_CLASS 0x0601
#define LPC_RCBA  0xf0 /* base of the chipset's registers, bit 0: enabled */

static bool starts(const struct jh_resource *resource, const char *text)
{
	return strncasecmp(resource->name, text, strlen(text)) == 0;
}

static void add_pages(struct jailhouse_machine *machine, const struct jh_resource *resource,
		      uint64_t flags)
{
	jh_regions_add(&machine->devices, resource->start & ~(JH_PAGE - 1),
		       resource->last | (JH_PAGE - 1), flags);
}

/* Parts of the firmware that Linux calls or shares a lock with lie in what is reserved else. */
static bool is_firmware(const struct jailhouse_machine *machine, const struct jh_resource *resource)
{
	const struct jh_acpi *acpi = &machine->acpi;

	return (acpi->facs >= resource->start && acpi->facs <= resource->last && acpi->facs) ||
	       (acpi->dsdt >= resource->start && acpi->dsdt <= resource->last && acpi->dsdt);
}

/* Registers that the hypervisor keeps, whatever their form */
static bool is_intercepted(const struct jh_resource *resource)
{
	return starts(resource, "PCI MMCONFIG") || starts(resource, "PCI ECAM") ||
	       starts(resource, "IOAPIC") || starts(resource, "Local APIC") ||
	       starts(resource, "dmar") || starts(resource, "amd_iommu");
}

/* A leaf below a window or reservation: a device that somebody drives. */
static void add_leaf(struct jailhouse_machine *machine, const struct jh_resource *resource)
{
	if (!resource->leaf || is_intercepted(resource) || starts(resource, "PCI Bus") ||
	    starts(resource, "reserved") || starts(resource, "pnp "))
		return;
	add_pages(machine, resource, JH_MMIO);
}

/* Returns whether what is below it is to be looked at as well. */
static bool add_top(struct jailhouse_machine *machine, const struct jh_resource *resource)
{
	if (resource->last < JH_MIB)
		return false;
	if (starts(resource, "System RAM") || starts(resource, "Persistent Memory")) {
		add_pages(machine, resource, JH_RAM | JAILHOUSE_MEM_DMA);
		return false;
	}
	if (starts(resource, "reserved") && is_firmware(machine, resource)) {
		add_pages(machine, resource, JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE);
		return false;
	}
	if (starts(resource, "ACPI ") || starts(resource, "Unknown E820 type")) {
		add_pages(machine, resource, JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE);
		return false;
	}
	if (starts(resource, "RAM buffer") || starts(resource, "Unusable memory") ||
	    is_intercepted(resource))
		return false;
	if (starts(resource, "PCI Bus") && resource->last < BELOW_4G) {
		add_pages(machine, resource, JH_MMIO);
		return false;
	}
	add_leaf(machine, resource);
	return true;
}

static void add_resources(struct jailhouse_machine *machine)
{
	const struct jh_resource *resource;
	bool deeper = false;
	size_t n;

	for (n = 0; n < machine->iomem.count; n++) {
		resource = &machine->iomem.resource[n];
		if (resource->depth == 0)
			deeper = add_top(machine, resource);
		else if (deeper)
			add_leaf(machine, resource);
	}
}

/* What the BIOS has left below 1 MiB */
static void add_low_memory(struct jailhouse_machine *machine)
{
	jh_regions_add(&machine->devices, 0, VGA - 1, JH_RAM | JAILHOUSE_MEM_DMA);
	jh_regions_add(&machine->devices, VGA, ROMS - 1, JH_MMIO);
	jh_regions_add(&machine->devices, ROMS, JH_MIB - 1, JAILHOUSE_MEM_READ);
}

/* Runtime services of EFI, which the memory map calls reserved */
static int add_efi_runtime(struct jailhouse_machine *machine, struct jailhouse_error *error)
{
	static const char directory[] = "sys/firmware/efi/runtime-map";
	struct jh_file_names names = {NULL, 0, 0};
	uint64_t start, pages, type;
	char path[128];
	size_t n;
	int err = jh_directory_read(machine->root, directory, &names, error);

	for (n = 0; !err && n < names.count; n++) {
		snprintf(path, sizeof(path), "%s/%.40s/phys_addr", directory, names.name[n]);
		if (!jh_file_number(machine->root, path, &start))
			continue;
		snprintf(path, sizeof(path), "%s/%.40s/num_pages", directory, names.name[n]);
		if (!jh_file_number(machine->root, path, &pages) || pages == 0 || pages >> 36)
			continue;
		snprintf(path, sizeof(path), "%s/%.40s/type", directory, names.name[n]);
		/* Runtime code and data; the rest are registers, which are resources. */
		if (jh_file_number(machine->root, path, &type) && (type == 5 || type == 6))
			jh_regions_add(&machine->devices, start & ~(JH_PAGE - 1),
				       (start & ~(JH_PAGE - 1)) + pages * JH_PAGE - 1, JH_RAM);
	}
	jh_file_names_free(&names);
	return err == JAILHOUSE_ERR_NOT_FOUND ? 0 : err;
}

/* The chipset's registers, of which no driver of Linux makes a resource before it is loaded */
static void add_chipset(struct jailhouse_machine *machine)
{
	const struct jh_pci *device;
	struct jh_bytes config;
	uint32_t base;
	size_t n;

	for (n = 0; n < machine->pci.count; n++) {
		device = &machine->pci.device[n];
		config = (struct jh_bytes){device->config, device->size, device->name};
		if (jh_le16(&config, 0) != 0x8086 || jh_pci_class(device) >> 8 != LPC_CLASS)
			continue;
		base = jh_le32(&config, LPC_RCBA);
		if (base & 1 && base >> 20 == 0xfed)
			jh_regions_add(&machine->devices, base & ~0x3fffu,
				       (base & ~0x3fffu) + 0x3fff, JH_MMIO);
	}
}

/* Drivers of devices behind other hosts read their configuration there. */
static void add_other_windows(struct jailhouse_machine *machine)
{
	const struct jh_regions *windows = &machine->acpi.other_windows;
	size_t n;

	for (n = 0; n < windows->count; n++) {
		jh_note(machine,
			"the PCI configuration at 0x%llx is Linux' own: a system can name one "
			"window",
			(unsigned long long)windows->region[n].start);
		jh_regions_add(&machine->devices, windows->region[n].start, windows->region[n].last,
			       windows->region[n].flags);
	}
}

static void forbid(struct jailhouse_machine *machine, uint64_t start, uint64_t size)
{
	jh_regions_add(&machine->forbidden, start & ~(JH_PAGE - 1),
		       (start + size - 1) | (JH_PAGE - 1), 0);
}

static void collect_forbidden(struct jailhouse_machine *machine)
{
	const struct jh_acpi *acpi = &machine->acpi;
	uint32_t size, vectors, i;
	uint64_t address;
	size_t n;

	jh_regions_add(&machine->forbidden, APIC_FIRST, APIC_LAST, 0);
	for (i = 0; i < acpi->num_ioapics; i++)
		forbid(machine, acpi->ioapic[i].address, JH_PAGE);
	for (i = 0; i < acpi->num_units; i++)
		forbid(machine, acpi->unit[i].base, acpi->unit[i].size);
	if (acpi->mmconfig)
		forbid(machine, acpi->mmconfig, (acpi->last_bus + 1ull) << 20);
	for (n = 0; n < machine->pci.count; n++)
		if (jh_pci_msix(&machine->pci.device[n], &address, &size, &vectors) && size)
			forbid(machine, address, size);
	for (n = 0; n < machine->reserved.count; n++)
		jh_regions_add(&machine->forbidden, machine->reserved.region[n].start,
			       machine->reserved.region[n].last, 0);
}

int jh_x86_collect_regions(struct jailhouse_machine *machine, struct jailhouse_error *error)
{
	const struct jh_regions *ram = &machine->acpi.firmware_ram;
	size_t n;
	int err;

	add_low_memory(machine);
	add_resources(machine);
	add_chipset(machine);
	add_other_windows(machine);
	err = add_efi_runtime(machine, error);
	for (n = 0; n < ram->count; n++)
		jh_regions_add(&machine->devices, ram->region[n].start, ram->region[n].last,
			       JH_RAM | JAILHOUSE_MEM_DMA);
	collect_forbidden(machine);
	return err;
}
