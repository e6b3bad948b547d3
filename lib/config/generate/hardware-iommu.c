/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the IOMMUs of a PC can do. Intel Virtualization Technology for Directed I/O 4.1, chapter 11; AMD I/O
 * Virtualization Technology 3.08, chapter 3.
 */
#include <stdio.h>
#include <string.h>

#include <jailhouse/ioctl.h>

#include "config/generate/checklist.h"

#define VTD_CAP  0x08
#define VTD_ECAP 0x10

#define AMD_CAP_EFR	  (1u << 27) /* of the capability's header */
#define AMD_BASE_ENABLE	  1u	     /* locks the address, too */
#define AMD_EFR		  0x30
#define AMD_SMI_FILTER	  0x60
#define AMD_MAX_FILTERS	  16
#define AMD_SMI_LOCKED	  (1ull << 17 | 1ull << 16)
#define AMD_SMI_FIELD	  (3ull << 16)

static bool unit_row(struct jailhouse_checklist *list, const struct jh_kernel *kernel, uint32_t kind,
		     const char *what, uint32_t unit)
{
	char name[32], found[32];
	uint64_t base;

	if (!jh_kernel_get(kernel, kind, unit, JAILHOUSE_HARDWARE_BASE, &base))
		return false;
	snprintf(name, sizeof(name), "%s (IOMMU #%u)", what, unit);
	snprintf(found, sizeof(found), "at 0x%llx", (unsigned long long)base);
	jh_row(list, base ? JAILHOUSE_CHECKLIST_OK : JAILHOUSE_CHECKLIST_MISSING, name, found,
	       "the ACPI table does not say where its registers are");
	return true;
}

/* Rows for bits of registers of a unit */
static void unit_bits(struct jailhouse_checklist *list, const struct jh_kernel *kernel, uint32_t kind,
		      uint32_t unit, const struct jh_cpuinfo *info, const struct jh_msr_check *check,
		      size_t count)
{
	char found[48];
	uint64_t value;
	size_t n;

	for (n = 0; n < count; n++) {
		if (!jh_kernel_get(kernel, kind, unit, check[n].msr, &value)) {
			jh_row(list,
			       check[n].optional ? JAILHOUSE_CHECKLIST_NOTE : JAILHOUSE_CHECKLIST_UNKNOWN,
			       check[n].name, "", "register 0x%x of IOMMU #%u can't be read", check[n].msr,
			       unit);
			continue;
		}
		snprintf(found, sizeof(found), "register 0x%x: 0x%llx", check[n].msr,
			 (unsigned long long)value);
		jh_bits_row(list, info, &check[n], value, found);
	}
}

/* Without the driver, and where it has found no unit: is there the table of ACPI? */
static void table_row(struct jailhouse_checklist *list, const char *root, const char *table)
{
	char name[64];

	snprintf(name, sizeof(name), "sys/firmware/acpi/tables/%s", table);
	jh_row(list, jh_file_exists(root, name) ? JAILHOUSE_CHECKLIST_OK : JAILHOUSE_CHECKLIST_NOTE,
	       strcmp(table, "DMAR") == 0 ? "IOMMU (ACPI table DMAR)" : "IOMMU (ACPI table IVRS)", "",
	       "without it devices of a cell reach all memory");
}

void jh_hardware_vtd(struct jailhouse_checklist *list, const struct jh_msrs *msrs,
		     const struct jh_cpuinfo *info)
{
	static const struct jh_msr_check checks[] = {
		{.name = "  39-bit or 48-bit AGAW", .msr = VTD_CAP, .bits = 3 << 9, .any = true},
		{.name = "  2M pages", .msr = VTD_CAP, .bits = 1ull << 34, .optional = true},
		{.name = "  1G pages", .msr = VTD_CAP, .bits = 1ull << 35, .optional = true},
		{.name = "  Queued invalidation", .msr = VTD_ECAP, .bits = 1 << 1},
		{.name = "  Interrupt remapping", .msr = VTD_ECAP, .bits = 1 << 3},
		{.name = "  Extended interrupt mode", .msr = VTD_ECAP, .bits = 1 << 4, .if_flag = "x2apic"},
	};
	uint32_t unit = 0;

	list->section = "VT-d";
	for (; msrs->kernel && unit_row(list, msrs->kernel, JAILHOUSE_HARDWARE_VTD, "VT-d", unit); unit++)
		unit_bits(list, msrs->kernel, JAILHOUSE_HARDWARE_VTD, unit, info, checks,
			  JH_ARRAY_SIZE(checks));
	if (unit == 0)
		table_row(list, msrs->root, "DMAR");
}

/* Its PCI capability: has it the register of features, and is it where the table says, or can be put there? */
static void capability_rows(struct jailhouse_checklist *list, const char *root,
			    const struct jailhouse_config_iommu *unit)
{
	struct jh_blob blob = {NULL, 0};
	struct jh_bytes config;
	uint64_t base;
	char name[64];
	bool ok;

	snprintf(name, sizeof(name), "sys/bus/pci/devices/0000:%02x:%02x.%x/config", unit->bdf >> 8,
		 unit->bdf >> 3 & 0x1f, unit->bdf & 7);
	ok = jh_file_read(root, name, true, &blob, NULL) == 0;
	config = (struct jh_bytes){.data = blob.data, .size = blob.size, .name = name};
	if (!ok || !jh_has(&config, unit->base_cap, 12)) {
		jh_row(list, JAILHOUSE_CHECKLIST_UNKNOWN, "  PCI capability", "", "%s can't be read: be root",
		       name);
	} else {
		jh_row(list,
		       jh_le32(&config, unit->base_cap) & AMD_CAP_EFR ? JAILHOUSE_CHECKLIST_OK
								      : JAILHOUSE_CHECKLIST_MISSING,
		       "  Extended features", "", NULL);
		base = jh_le64(&config, unit->base_cap + 4u);
		ok = !(base & AMD_BASE_ENABLE) || (base & ~(uint64_t)0x3fff) == unit->base;
		jh_row(list, ok ? JAILHOUSE_CHECKLIST_OK : JAILHOUSE_CHECKLIST_MISSING, "  Base register", "",
		       "the firmware has locked it at 0x%llx, its table says 0x%llx",
		       (unsigned long long)(base & ~(uint64_t)0x3fff), (unsigned long long)unit->base);
	}
	jh_blob_free(&blob);
}

/* SMIs are no business of cells; the filter must be there, and be free. */
static void filter_rows(struct jailhouse_checklist *list, const struct jh_kernel *kernel, uint32_t unit)
{
	uint64_t efr, filter;
	bool ok;
	int n;

	if (!jh_kernel_get(kernel, JAILHOUSE_HARDWARE_AMD_VI, unit, AMD_EFR, &efr))
		return;
	ok = (efr & AMD_SMI_FIELD) == 1ull << 16;
	jh_row(list, ok ? JAILHOUSE_CHECKLIST_OK : JAILHOUSE_CHECKLIST_MISSING, "  SMI filter", "", NULL);
	for (n = 0; n < AMD_MAX_FILTERS; n++) {
		if (!jh_kernel_get(kernel, JAILHOUSE_HARDWARE_AMD_VI, unit, AMD_SMI_FILTER + 8u * (unsigned)n,
				   &filter))
			break;
		ok = (filter & AMD_SMI_LOCKED) != AMD_SMI_LOCKED;
		if (!ok)
			jh_row(list, JAILHOUSE_CHECKLIST_MISSING, "  SMI filter not locked", "",
			       "the firmware uses filter %d and has locked it", n);
	}
}

/* The units of the table, by the addresses of their registers */
static void add_capability(struct jailhouse_checklist *list, const struct jh_msrs *msrs, uint32_t unit,
			   const struct jh_acpi *acpi)
{
	uint64_t base;
	uint32_t n;

	jh_kernel_get(msrs->kernel, JAILHOUSE_HARDWARE_AMD_VI, unit, JAILHOUSE_HARDWARE_BASE, &base);
	for (n = 0; n < acpi->num_units; n++)
		if (acpi->unit[n].base == base)
			capability_rows(list, msrs->root, &acpi->unit[n]);
}

static void read_ivrs(const char *root, struct jh_acpi *acpi)
{
	struct jh_blob blob = {NULL, 0};
	struct jh_pci_list none;
	struct jh_bytes table;

	memset(&none, 0, sizeof(none));
	if (jh_file_read(root, "sys/firmware/acpi/tables/IVRS", true, &blob, NULL) != 0)
		return;
	table = (struct jh_bytes){.data = blob.data, .size = blob.size, .name = "IVRS"};
	if (jh_acpi_ivrs(&table, acpi, &none, NULL) != 0)
		acpi->num_units = 0;
	jh_blob_free(&blob);
}

void jh_hardware_amd_vi(struct jailhouse_checklist *list, const struct jh_msrs *msrs,
			const struct jh_cpuinfo *info)
{
	static const struct jh_msr_check checks[] = {
		{.name = "  Hardware events", .msr = AMD_EFR, .bits = 1 << 8, .optional = true},
	};
	struct jh_acpi acpi;
	uint32_t unit = 0;

	memset(&acpi, 0, sizeof(acpi));
	list->section = "AMD-Vi";
	if (msrs->kernel)
		read_ivrs(msrs->root, &acpi);
	for (; msrs->kernel && unit_row(list, msrs->kernel, JAILHOUSE_HARDWARE_AMD_VI, "AMD-Vi", unit);
	     unit++) {
		add_capability(list, msrs, unit, &acpi);
		filter_rows(list, msrs->kernel, unit);
		unit_bits(list, msrs->kernel, JAILHOUSE_HARDWARE_AMD_VI, unit, info, checks,
			  JH_ARRAY_SIZE(checks));
	}
	if (unit == 0)
		table_row(list, msrs->root, "IVRS");
	jh_acpi_free(&acpi);
}
