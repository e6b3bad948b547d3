/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* AMD-Vi: the IVRS table (AMD I/O Virtualization Technology 3.08, section 5.2). */
#include <string.h>

#include "config/generate/machine.h"

#define ENTRIES    48
#define IVHD_OLD   0x10 /* superseded by the next one for the same unit */
#define IVHD_EFR   0x11
#define IVHD_ACPI  0x40 /* the same with ACPI devices */
#define IVMD_FIRST 0x20
#define IVMD_LAST  0x22
#define IVMD_SIZE  32

#define DEVICE_ALL           1
#define DEVICE_SELECT        2
#define DEVICE_RANGE         3
#define DEVICE_END           4
#define DEVICE_ALIAS         66
#define DEVICE_ALIAS_RANGE   67
#define DEVICE_EXT           70
#define DEVICE_EXT_RANGE     71
#define DEVICE_SPECIAL       72
#define DEVICE_ACPI          240
#define SPECIAL_IOAPIC       1
#define PERFORMANCE_COUNTERS 0x1e000 /* of the features */

/* Entries have 4 bytes below 64, then 8, 16, 32; one has a length of its own. 0: cut off. */
static size_t entry_size(const struct jh_bytes *table, size_t at, size_t end)
{
	size_t size = (size_t)4 << (table->data[at] >> 6);

	if (table->data[at] == DEVICE_ACPI)
		size = end - at < 22 ? end : 22u + table->data[at + 21];
	return size <= end - at ? size : 0;
}

static void take_range(struct jh_pci_list *pci, uint32_t first, uint32_t last, uint32_t unit)
{
	struct jh_pci *device;
	size_t n;

	for (n = 0; n < pci->count; n++) {
		device = &pci->device[n];
		if (device->domain == 0 && device->bdf >= first && device->bdf <= last) {
			device->iommu = (uint8_t)unit;
			device->has_iommu = true;
		}
	}
}

static void take_special(const struct jh_bytes *table, size_t at, struct jh_acpi *acpi,
			 uint32_t unit)
{
	uint32_t n;

	if (table->data[at + 7] != SPECIAL_IOAPIC)
		return;
	for (n = 0; n < acpi->num_ioapics; n++)
		if (acpi->ioapic[n].id == table->data[at + 4]) {
			acpi->ioapic[n].bdf = jh_le16(table, at + 5);
			acpi->ioapic[n].iommu = (uint8_t)unit;
			acpi->ioapic[n].has_bdf = true;
		}
}

static int parse_devices(const struct jh_bytes *table, size_t at, size_t end, uint32_t unit,
			 struct jh_acpi *acpi, struct jh_pci_list *pci,
			 struct jailhouse_error *error)
{
	int32_t first = -1;
	size_t size;

	for (; at < end; at += size) {
		size = entry_size(table, at, end);
		if (size == 0)
			return jh_malformed(table, at, error, "a device entry is cut off");
		switch (table->data[at]) {
		case DEVICE_ALL:
			take_range(pci, 0, 0xffff, unit);
			break;
		case DEVICE_SELECT:
		case DEVICE_ALIAS:
		case DEVICE_EXT:
			take_range(pci, jh_le16(table, at + 1), jh_le16(table, at + 1), unit);
			break;
		case DEVICE_RANGE:
		case DEVICE_ALIAS_RANGE:
		case DEVICE_EXT_RANGE:
			first = jh_le16(table, at + 1);
			break;
		case DEVICE_END:
			if (first < 0)
				return jh_malformed(table, at, error,
						    "a range ends that has not "
						    "started");
			take_range(pci, (uint32_t)first, jh_le16(table, at + 1), unit);
			first = -1;
			break;
		case DEVICE_SPECIAL:
			take_special(table, at, acpi, unit);
			break;
		default: /* padding, and devices without a place on a bus */
			break;
		}
	}
	return 0;
}

/* Is there a later description of the same unit that says more? */
static bool is_superseded(const struct jh_bytes *table, size_t at, size_t length)
{
	const uint8_t type = table->data[at];
	const uint16_t id = jh_le16(table, at + 4);

	for (at = ENTRIES; jh_has(table, at, 6); at += length) {
		length = jh_le16(table, at + 2);
		if (length < 4 || !jh_has(table, at, length))
			return false;
		if ((table->data[at] == IVHD_EFR ||
		     (table->data[at] == IVHD_OLD && type == IVHD_ACPI)) &&
		    table->data[at] != type && jh_le16(table, at + 4) == id)
			return true;
	}
	return false;
}

static int parse_unit(const struct jh_bytes *table, size_t at, size_t length, struct jh_acpi *acpi,
		      struct jh_pci_list *pci, struct jailhouse_error *error)
{
	const struct jh_acpi_unit place = {at, at + 16, at + 8, 16 << 10};
	size_t head = table->data[at] == IVHD_OLD ? 24 : 40;
	struct jailhouse_config_iommu *unit;
	const struct jh_pci *device;
	int err;

	if (length < head)
		return jh_malformed(table, at + 2, error, "a unit has %zu bytes", length);
	if (is_superseded(table, at, length))
		return 0;
	err = jh_acpi_new_unit(table, &place, acpi, &unit, error);
	if (err)
		return err;
	unit->type = JAILHOUSE_IOMMU_AMD;
	unit->bdf = jh_le16(table, at + 4);
	unit->base_cap = (uint8_t)jh_le16(table, at + 6);
	unit->size = jh_le32(table, at + 20) & PERFORMANCE_COUNTERS ? 512 << 10 : 16 << 10;
	if (table->data[at] == IVHD_OLD)
		unit->features = jh_le32(table, at + 20) | 1;
	device = jh_pci_find(pci, 0, unit->bdf);
	if (device)
		unit->msi_cap = (uint8_t)jh_pci_find_cap(device, 0x05);
	return parse_devices(table, at + head, at + length, acpi->num_units++, acpi, pci, error);
}

static int parse_memory(const struct jh_bytes *table, size_t at, size_t length,
			struct jh_acpi *acpi, struct jailhouse_error *error)
{
	uint64_t start, size;

	if (length < IVMD_SIZE)
		return jh_malformed(table, at + 2, error, "a memory block has %zu bytes", length);
	start = jh_le64(table, at + 16);
	size = jh_le64(table, at + 24);
	if (size == 0 || start >> 52 || size >> 52)
		return jh_malformed(table, at + 16, error,
				    "a memory block has an address or size "
				    "that can't be");
	return jh_acpi_add_ram(acpi, start, start + size - 1, error);
}

static int take_block(const struct jh_bytes *table, size_t at, size_t length, struct jh_acpi *acpi,
		      struct jh_pci_list *pci, struct jailhouse_error *error)
{
	uint8_t type = table->data[at];

	if (type == IVHD_OLD || type == IVHD_EFR || type == IVHD_ACPI)
		return parse_unit(table, at, length, acpi, pci, error);
	if (type >= IVMD_FIRST && type <= IVMD_LAST)
		return parse_memory(table, at, length, acpi, error);
	return 0;
}

int jh_acpi_ivrs(const struct jh_bytes *table, struct jh_acpi *acpi, struct jh_pci_list *pci,
		 struct jailhouse_error *error)
{
	static const struct jh_acpi_form form = {"IVRS", ENTRIES, 2, 6, "a block"};

	return jh_acpi_walk(table, &form, take_block, acpi, pci, error);
}
