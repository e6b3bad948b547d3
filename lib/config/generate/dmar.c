/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* VT-d: the DMAR table (Intel Virtualization Technology for Directed I/O 4.1, chapter 8). */
#include <string.h>

#include "config/generate/machine.h"

#define ENTRIES          48
#define TYPE_DRHD        0
#define TYPE_RMRR        1
#define DRHD_SCOPES      16
#define RMRR_SCOPES      24
#define DRHD_INCLUDE_ALL 0x1
#define SCOPE_PATH       6

#define SCOPE_ENDPOINT 1
#define SCOPE_BRIDGE   2
#define SCOPE_IOAPIC   3

#define SECONDARY_BUS   0x19
#define SUBORDINATE_BUS 0x1a

/* The function at the end of a path of bridges. -1: a bridge on the way is not known. */
static int32_t walk_path(const struct jh_bytes *table, size_t at, size_t end,
			 const struct jh_pci_list *pci)
{
	uint32_t bus = table->data[at + 5];
	const struct jh_pci *bridge;
	uint32_t bdf = 0;
	size_t step;

	for (step = at + SCOPE_PATH; step + 2 <= end; step += 2) {
		bdf = bus << 8 | (table->data[step] & 0x1fu) << 3 | (table->data[step + 1] & 7u);
		if (step + 4 > end)
			break;
		bridge = jh_pci_find(pci, 0, bdf);
		if (!bridge || !jh_pci_is_bridge(bridge))
			return -1;
		bus = bridge->config[SECONDARY_BUS];
	}
	return (int32_t)bdf;
}

static void take_device(struct jh_pci *device, uint32_t unit)
{
	device->iommu = (uint8_t)unit;
	device->has_iommu = true;
}

/* A bridge and all that is behind it */
static void take_bridge(struct jh_pci_list *pci, uint32_t bdf, uint32_t unit)
{
	const struct jh_pci *bridge = jh_pci_find(pci, 0, bdf);
	size_t n;

	if (!bridge || !jh_pci_is_bridge(bridge))
		return;
	for (n = 0; n < pci->count; n++)
		if (pci->device[n].domain == 0 &&
		    (pci->device[n].bdf == bdf ||
		     (pci->device[n].bdf >> 8 >= bridge->config[SECONDARY_BUS] &&
		      pci->device[n].bdf >> 8 <= bridge->config[SUBORDINATE_BUS])))
			take_device(&pci->device[n], unit);
}

static void take_scope(const struct jh_bytes *table, size_t at, uint32_t bdf, uint32_t unit,
		       struct jh_acpi *acpi, struct jh_pci_list *pci)
{
	struct jh_pci *device;
	uint32_t n;

	switch (table->data[at]) {
	case SCOPE_ENDPOINT:
		device = (struct jh_pci *)jh_pci_find(pci, 0, bdf);
		if (device)
			take_device(device, unit);
		break;
	case SCOPE_BRIDGE:
		take_bridge(pci, bdf, unit);
		break;
	case SCOPE_IOAPIC:
		for (n = 0; n < acpi->num_ioapics; n++)
			if (acpi->ioapic[n].id == table->data[at + 4]) {
				acpi->ioapic[n].bdf = (uint16_t)bdf;
				acpi->ioapic[n].iommu = (uint8_t)unit;
				acpi->ioapic[n].has_bdf = true;
			}
		break;
	default: /* HPETs and devices of ACPI's namespace have no place in a configuration. */
		break;
	}
}

static int parse_scopes(const struct jh_bytes *table, size_t at, size_t end, uint32_t unit,
			struct jh_acpi *acpi, struct jh_pci_list *pci,
			struct jailhouse_error *error)
{
	size_t length;
	int32_t bdf;

	for (; at < end; at += length) {
		if (end - at < SCOPE_PATH)
			return jh_malformed(table, at, error, "a device scope is cut off");
		length = table->data[at + 1];
		if (length < SCOPE_PATH + 2 || length > end - at || length % 2)
			return jh_malformed(table, at + 1, error, "a device scope has %zu bytes",
					    length);
		bdf = walk_path(table, at, at + length, pci);
		if (bdf >= 0)
			take_scope(table, at, (uint32_t)bdf, unit, acpi, pci);
	}
	return 0;
}

static int parse_unit(const struct jh_bytes *table, size_t at, size_t length, struct jh_acpi *acpi,
		      struct jh_pci_list *pci, struct jailhouse_error *error)
{
	const struct jh_acpi_unit place = {at, at + 6, at + 8, JH_PAGE};
	struct jailhouse_config_iommu *unit;
	int err;

	if (length < DRHD_SCOPES)
		return jh_malformed(table, at + 2, error, "a unit has %zu bytes", length);
	err = jh_acpi_new_unit(table, &place, acpi, &unit, error);
	if (err)
		return err;
	unit->type = JAILHOUSE_IOMMU_INTEL;
	/* A number of pages, as power of two; 0 in tables that don't know it yet */
	unit->size = (uint32_t)JH_PAGE << (table->data[at + 5] & 0xf);
	if (table->data[at + 4] & DRHD_INCLUDE_ALL)
		acpi->all_unit = acpi->num_units;
	return parse_scopes(table, at + DRHD_SCOPES, at + length, acpi->num_units++, acpi, pci,
			    error);
}

static int parse_memory(const struct jh_bytes *table, size_t at, size_t length,
			struct jh_acpi *acpi, struct jailhouse_error *error)
{
	uint64_t start, last;

	if (length < RMRR_SCOPES)
		return jh_malformed(table, at + 2, error, "a memory region has %zu bytes", length);
	start = jh_le64(table, at + 8);
	last = jh_le64(table, at + 16);
	if (last < start || last >> 52)
		return jh_malformed(table, at + 8, error, "a memory region ends before it starts");
	return jh_acpi_add_ram(acpi, start, last, error);
}

/* Functions and IOAPICs that no unit names belong to the one that includes all. */
static void take_rest(struct jh_acpi *acpi, struct jh_pci_list *pci)
{
	size_t n;

	if (acpi->all_unit >= acpi->num_units)
		return;
	for (n = 0; n < pci->count; n++)
		if (!pci->device[n].has_iommu && pci->device[n].domain == 0)
			take_device(&pci->device[n], acpi->all_unit);
}

static int take_entry(const struct jh_bytes *table, size_t at, size_t length, struct jh_acpi *acpi,
		      struct jh_pci_list *pci, struct jailhouse_error *error)
{
	switch (jh_le16(table, at)) {
	case TYPE_DRHD:
		return parse_unit(table, at, length, acpi, pci, error);
	case TYPE_RMRR:
		return parse_memory(table, at, length, acpi, error);
	default:
		return 0;
	}
}

int jh_acpi_dmar(const struct jh_bytes *table, struct jh_acpi *acpi, struct jh_pci_list *pci,
		 struct jailhouse_error *error)
{
	static const struct jh_acpi_form form = {"DMAR", ENTRIES, 2, 4, "an entry"};
	int err;

	acpi->all_unit = JH_MAX_UNITS;
	err = jh_acpi_walk(table, &form, take_entry, acpi, pci, error);
	if (!err)
		take_rest(acpi, pci);
	return err;
}
