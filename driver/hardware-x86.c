// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* x86: MSRs that tell what virtualization can do, and registers of IOMMUs. */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/acpi.h>
#include <linux/io.h>

#include <asm/msr.h>
#include <asm/processor.h>

#include "arch.h"

/* Intel VT-d 4.1, chapter 11 */
#define VTD_SIZE 0x1000
#define VTD_CAP	 0x08
#define VTD_ECAP 0x10

/* AMD I/O Virtualization Technology 3.08, section 3.4 */
#define AMD_VI_SIZE	   0x1000
#define AMD_VI_EFR	   0x30
#define AMD_VI_SMI_FILTER  0x60
#define AMD_VI_MAX_FILTERS 16
#define EFR_SMI_FILTERS(efr)	(((efr) >> 16 & 3) == 1)
#define EFR_SMI_NUM_FILTERS(efr) (1u << ((efr) >> 18 & 7))

static void read_msrs(struct jh_registers *list, u32 cpu, u32 first, u32 last)
{
	u64 value;
	u32 msr;

	for (msr = first; msr <= last; msr++)
		if (!rdmsrl_safe_on_cpu(cpu, msr, &value))
			jh_register(list, JAILHOUSE_HARDWARE_MSR, cpu, msr, value);
}

int jh_arch_cpu_registers(struct jh_registers *list, u32 cpu)
{
	if (!cpu_online(cpu))
		return -ENXIO;
	if (boot_cpu_data.x86_vendor == X86_VENDOR_INTEL) {
		read_msrs(list, cpu, MSR_IA32_FEAT_CTL, MSR_IA32_FEAT_CTL);
		read_msrs(list, cpu, MSR_IA32_VMX_BASIC, MSR_IA32_VMX_VMFUNC);
	} else if (boot_cpu_data.x86_vendor == X86_VENDOR_AMD) {
		read_msrs(list, cpu, MSR_VM_CR, MSR_VM_CR);
	}
	return 0;
}

#ifdef CONFIG_ACPI

static void read_vtd(struct jh_registers *list, u32 unit, const void __iomem *regs)
{
	jh_register(list, JAILHOUSE_HARDWARE_VTD, unit, VTD_CAP, readq(regs + VTD_CAP));
	jh_register(list, JAILHOUSE_HARDWARE_VTD, unit, VTD_ECAP, readq(regs + VTD_ECAP));
}

static void read_amd_vi(struct jh_registers *list, u32 unit, const void __iomem *regs)
{
	u64 efr = readq(regs + AMD_VI_EFR);
	u32 n;

	jh_register(list, JAILHOUSE_HARDWARE_AMD_VI, unit, AMD_VI_EFR, efr);
	if (!EFR_SMI_FILTERS(efr))
		return;
	for (n = 0; n < min_t(u32, EFR_SMI_NUM_FILTERS(efr), AMD_VI_MAX_FILTERS); n++)
		jh_register(list, JAILHOUSE_HARDWARE_AMD_VI, unit, AMD_VI_SMI_FILTER + 8 * n,
			    readq(regs + AMD_VI_SMI_FILTER + 8 * n));
}

static void read_unit(struct jh_registers *list, u32 unit, u64 base, size_t size,
		      u32 kind,
		      void (*read)(struct jh_registers *list, u32 unit, const void __iomem *regs))
{
	void __iomem *regs = base ? ioremap(base, size) : NULL;

	jh_register(list, kind, unit, JAILHOUSE_HARDWARE_BASE, base);
	if (!regs)
		return;
	read(list, unit, regs);
	iounmap(regs);
}

static void take_drhd(struct jh_registers *list, const void *entry, u32 size, u32 *unit)
{
	const struct acpi_dmar_hardware_unit *drhd = entry;

	if (drhd->header.type == ACPI_DMAR_TYPE_HARDWARE_UNIT && size >= sizeof(*drhd))
		read_unit(list, (*unit)++, drhd->address, VTD_SIZE, JAILHOUSE_HARDWARE_VTD, read_vtd);
}

/* Blocks of type 0x10 are there for each unit, others only say more of it. */
static void take_ivhd(struct jh_registers *list, const void *entry, u32 size, u32 *unit)
{
	const struct acpi_ivrs_hardware_10 *ivhd = entry;

	if (ivhd->header.type == ACPI_IVRS_TYPE_HARDWARE1 && size >= sizeof(*ivhd))
		read_unit(list, (*unit)++, ivhd->base_address, AMD_VI_SIZE, JAILHOUSE_HARDWARE_AMD_VI,
			  read_amd_vi);
}

/* Entries of both tables have their length behind a type of two bytes, or a type and flags. */
static void walk(struct jh_registers *list, char *signature, u32 start,
		 void (*take)(struct jh_registers *list, const void *entry, u32 size, u32 *unit))
{
	struct acpi_table_header *table;
	u32 at, size, unit = 0;

	if (ACPI_FAILURE(acpi_get_table(signature, 0, &table)))
		return;
	for (at = start; at + 4 <= table->length; at += size) {
		size = *(u16 *)((u8 *)table + at + 2);
		if (size < 4 || size > table->length - at)
			break;
		take(list, (u8 *)table + at, size, &unit);
	}
	acpi_put_table(table);
}

void jh_arch_machine_registers(struct jh_registers *list)
{
	walk(list, ACPI_SIG_DMAR, sizeof(struct acpi_table_dmar), take_drhd);
	walk(list, ACPI_SIG_IVRS, sizeof(struct acpi_table_ivrs), take_ivhd);
}

#else

void jh_arch_machine_registers(struct jh_registers *list)
{
}

#endif
