/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Tables of ACPI 6.5 (chapter 5) and MCFG (PCI Firmware Specification 3.3, 4.1.2). */
#include <string.h>

#include "config/generate/machine.h"

#define HEADER          36
#define MADT_ENTRIES    44
#define MADT_IOAPIC     1
#define MADT_GICC       11
#define MCFG_ENTRIES    44
#define MCFG_ENTRY_SIZE 16
/* Generic Address Structure: space, width, offset, size, address */
#define GAS_SIZE      12
#define GAS_SYSTEM_IO 1

int jh_acpi_header(const struct jh_bytes *table, const char *signature, size_t least,
		   struct jailhouse_error *error)
{
	if (table->size < HEADER || table->size < least)
		return jh_malformed(table, table->size, error, "the table ends, it needs %zu bytes",
				    least < HEADER ? (size_t)HEADER : least);
	if (memcmp(table->data, signature, 4) != 0)
		return jh_malformed(table, 0, error, "the signature is not %s", signature);
	if (jh_le32(table, 4) != table->size)
		return jh_malformed(table, 4, error, "the length is %u, but there are %zu bytes",
				    jh_le32(table, 4), table->size);
	return 0;
}

static int add_ioapic(const struct jh_bytes *table, size_t at, struct jh_acpi *acpi,
		      struct jailhouse_error *error)
{
	struct jh_ioapic *ioapic = &acpi->ioapic[acpi->num_ioapics];

	if (table->data[at + 1] < 12)
		return jh_malformed(table, at + 1, error, "an IOAPIC entry has %u bytes, not 12",
				    table->data[at + 1]);
	if (acpi->num_ioapics == JH_MAX_IOAPICS)
		return jh_malformed(table, at, error, "more than %u IOAPICs", JH_MAX_IOAPICS);
	memset(ioapic, 0, sizeof(*ioapic));
	ioapic->id = table->data[at + 2];
	ioapic->address = jh_le32(table, at + 4);
	ioapic->gsi = jh_le32(table, at + 8);
	if (ioapic->address == 0 || ioapic->address % JH_PAGE)
		return jh_malformed(table, at + 4, error, "the IOAPIC's address 0x%llx is no page",
				    (unsigned long long)ioapic->address);
	acpi->num_ioapics++;
	return 0;
}

int jh_acpi_walk(const struct jh_bytes *table, const struct jh_acpi_form *form,
		 jh_acpi_entry_func take, struct jh_acpi *acpi, struct jh_pci_list *pci,
		 struct jailhouse_error *error)
{
	int err = jh_acpi_header(table, form->signature, form->start, error);
	size_t at, length;

	for (at = form->start; !err && at < table->size; at += length) {
		if (!jh_has(table, at, form->least))
			return jh_malformed(table, at, error, "%s is cut off", form->what);
		length = form->length_at == 1 ? table->data[at + 1] : jh_le16(table, at + 2);
		if (length < form->least || !jh_has(table, at, length))
			return jh_malformed(table, at + form->length_at, error, "%s has %zu bytes",
					    form->what, length);
		err = take(table, at, length, acpi, pci, error);
	}
	return err;
}

int jh_acpi_new_unit(const struct jh_bytes *table, const struct jh_acpi_unit *place,
		     struct jh_acpi *acpi, struct jailhouse_config_iommu **ret_unit,
		     struct jailhouse_error *error)
{
	struct jailhouse_config_iommu *unit = &acpi->unit[acpi->num_units];
	uint16_t segment = jh_le16(table, place->segment_at);

	if (segment != 0)
		return jh_error_set(error, JAILHOUSE_ERR_NOT_SUPPORTED, 0,
				    "%s: offset %zu: a unit of PCI segment %u", table->name,
				    place->segment_at, segment);
	if (acpi->num_units == JH_MAX_UNITS)
		return jh_error_set(error, JAILHOUSE_ERR_NOT_SUPPORTED, 0,
				    "%s: offset %zu: more than %u units", table->name, place->at,
				    JH_MAX_UNITS);
	memset(unit, 0, sizeof(*unit));
	unit->base = jh_le64(table, place->base_at);
	if (unit->base == 0 || unit->base % place->alignment || unit->base >> 52)
		return jh_malformed(table, place->base_at, error,
				    "the unit's address 0x%llx can't be",
				    (unsigned long long)unit->base);
	*ret_unit = unit;
	return 0;
}

int jh_acpi_add_ram(struct jh_acpi *acpi, uint64_t start, uint64_t last,
		    struct jailhouse_error *error)
{
	jh_regions_add(&acpi->firmware_ram, start & ~(JH_PAGE - 1), last | (JH_PAGE - 1), 0);
	return acpi->firmware_ram.no_memory ? jh_error_no_memory(error) : 0;
}

static int take_madt(const struct jh_bytes *table, size_t at, size_t length, struct jh_acpi *acpi,
		     struct jh_pci_list *pci, struct jailhouse_error *error)
{
	(void)length;
	(void)pci;
	if (table->data[at] == MADT_GICC)
		acpi->is_arm = true;
	return table->data[at] == MADT_IOAPIC ? add_ioapic(table, at, acpi, error) : 0;
}

int jh_acpi_madt(const struct jh_bytes *table, struct jh_acpi *acpi, struct jailhouse_error *error)
{
	static const struct jh_acpi_form form = {"APIC", MADT_ENTRIES, 1, 2, "an entry"};

	return jh_acpi_walk(table, &form, take_madt, acpi, NULL, error);
}

void jh_acpi_free(struct jh_acpi *acpi)
{
	jh_regions_free(&acpi->pm_ports);
	jh_regions_free(&acpi->firmware_ram);
	jh_regions_free(&acpi->other_windows);
}

/*
 * A configuration has room for one window: that of segment 0 with bus 0. What other hosts have is
 * Linux' own.
 */
static int add_window(const struct jh_bytes *table, size_t at, struct jh_acpi *acpi,
		      struct jailhouse_error *error)
{
	uint64_t base = jh_le64(table, at), size;
	uint8_t first = table->data[at + 10], last = table->data[at + 11];
	bool ours = jh_le16(table, at + 8) == 0 && first == 0;

	if (base == 0 || base % JH_MIB || base >> 52)
		return jh_malformed(table, at, error, "the window's address 0x%llx can't be",
				    (unsigned long long)base);
	if (last < first)
		return jh_malformed(table, at + 11, error, "the last bus is before the first one");
	if (ours && acpi->mmconfig)
		return jh_malformed(table, at, error, "a second window with bus 0 of segment 0");
	if (ours) {
		acpi->mmconfig = base;
		acpi->last_bus = last;
		return 0;
	}
	/* The address is that of bus 0, whether that is there or not. */
	base += (uint64_t)first * JH_MIB;
	size = (last - first + 1ull) * JH_MIB;
	jh_regions_add(&acpi->other_windows, base, base + size - 1, JH_MMIO);
	return acpi->other_windows.no_memory ? jh_error_no_memory(error) : 0;
}

int jh_acpi_mcfg(const struct jh_bytes *table, struct jh_acpi *acpi, struct jailhouse_error *error)
{
	int err = jh_acpi_header(table, "MCFG", MCFG_ENTRIES, error);
	size_t at;

	if (!err && (table->size - MCFG_ENTRIES) % MCFG_ENTRY_SIZE)
		return jh_malformed(table, table->size, error, "the last entry is cut off");
	for (at = MCFG_ENTRIES; !err && at < table->size; at += MCFG_ENTRY_SIZE)
		err = add_window(table, at, acpi, error);
	if (!err && !acpi->mmconfig && acpi->other_windows.count)
		return jh_error_set(error, JAILHOUSE_ERR_NOT_SUPPORTED, 0,
				    "%s: no window has bus 0 of segment 0", table->name);
	return err;
}

/* A block of ports: the old field, and from revision 2 on the new one if it names ports. */
static void add_ports(const struct jh_bytes *table, struct jh_acpi *acpi, size_t old,
		      size_t length_at, size_t extended)
{
	uint64_t port = jh_le32(table, old);
	uint8_t length = table->data[length_at];

	if (extended && jh_has(table, extended, GAS_SIZE) &&
	    table->data[extended] == GAS_SYSTEM_IO && jh_le64(table, extended + 4))
		port = jh_le64(table, extended + 4);
	if (port && length && port + length <= 0x10000)
		jh_regions_add(&acpi->pm_ports, port, port + length - 1, 0);
}

int jh_acpi_fadt(const struct jh_bytes *table, struct jh_acpi *acpi, struct jailhouse_error *error)
{
	/* Old field, its length, extended field: PM1a/b event, PM1a/b control, PM2, GPE0/1 */
	static const uint16_t block[][3] = {{56, 88, 148}, {60, 88, 160}, {64, 89, 172},
					    {68, 89, 184}, {72, 90, 196}, {80, 92, 220},
					    {84, 93, 232}};
	const size_t timer = 208;
	uint64_t port;
	size_t n;
	int err = jh_acpi_header(table, "FACP", 116, error);

	if (err)
		return err;
	acpi->facs = jh_le32(table, 36);
	acpi->dsdt = jh_le32(table, 40);
	if (jh_has(table, 132, 16)) {
		if (jh_le64(table, 132))
			acpi->facs = jh_le64(table, 132);
		if (jh_le64(table, 140))
			acpi->dsdt = jh_le64(table, 140);
	}
	acpi->smi_port = (uint16_t)jh_le32(table, 48);
	/* Only where the flag RESET_REG_SUP says that it is one */
	if (jh_has(table, 116, GAS_SIZE) && jh_le32(table, 112) & 0x400 &&
	    table->data[116] == GAS_SYSTEM_IO)
		acpi->reset_port = (uint16_t)jh_le64(table, 120);
	for (n = 0; n < JH_ARRAY_SIZE(block); n++)
		add_ports(table, acpi, block[n][0], block[n][1], block[n][2]);
	port = jh_le32(table, 76);
	if (jh_has(table, timer, GAS_SIZE) && table->data[timer] == GAS_SYSTEM_IO &&
	    jh_le64(table, timer + 4))
		port = jh_le64(table, timer + 4);
	/* The length is 4, or 0 if there is none. */
	if (table->data[91] == 0)
		port = 0;
	if (port > 0xfffc)
		return jh_malformed(table, 76, error, "the PM timer's port 0x%llx can't be",
				    (unsigned long long)port);
	acpi->pm_timer = (uint16_t)port;
	return acpi->pm_ports.no_memory ? jh_error_no_memory(error) : 0;
}
