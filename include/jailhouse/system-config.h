/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Second half of the configuration format: what describes the whole machine, and access to the
 * arrays behind a cell's description. <jailhouse/cell-config.h> includes this file.
 */
#ifndef JAILHOUSE_SYSTEM_CONFIG_H
#define JAILHOUSE_SYSTEM_CONFIG_H

#include <jailhouse/cell-config.h>

/* jailhouse_platform_x86.apic_mode */
#define JAILHOUSE_APIC_MODE_AUTO   0 /* what Linux uses; cells get x2APIC where it exists */
#define JAILHOUSE_APIC_MODE_XAPIC  1
#define JAILHOUSE_APIC_MODE_X2APIC 2

/* Elements of jailhouse_platform_info.iommu_units */
#define JAILHOUSE_MAX_IOMMU_UNITS 8

/* jailhouse_iommu.type */
#define JAILHOUSE_IOMMU_AMD        1
#define JAILHOUSE_IOMMU_INTEL      2
#define JAILHOUSE_IOMMU_SMMUV3     3
#define JAILHOUSE_IOMMU_PVU        4 /* TI peripheral virtualisation unit */
#define JAILHOUSE_IOMMU_ARM_MMU500 5

/**
 * struct jailhouse_iommu_amd - what is special about an AMD IOMMU
 * @bdf: its PCI function
 * @base_cap: offset of the IOMMU capability in its configuration space
 * @msi_cap: offset of the MSI capability there
 * @features: features as the firmware reports them, for units without the feature register
 */
struct jailhouse_iommu_amd {
	__u16 bdf;
	__u8 base_cap;
	__u8 msi_cap;
	__u32 features;
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(struct jailhouse_iommu_amd, 8);

/**
 * struct jailhouse_iommu_tipvu - what is special about a TI PVU
 * @tlb_base: physical address of the TLB window
 * @tlb_size: its size in bytes
 */
struct jailhouse_iommu_tipvu {
	__u64 tlb_base;
	__u32 tlb_size;
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(struct jailhouse_iommu_tipvu, 12);

/**
 * struct jailhouse_iommu - an IOMMU
 * @type: JAILHOUSE_IOMMU_*
 * @base: physical address of its registers; 0 ends the list of units
 * @size: bytes of the register window
 * @amd: for JAILHOUSE_IOMMU_AMD
 * @tipvu: for JAILHOUSE_IOMMU_PVU
 */
struct jailhouse_iommu {
	__u32 type;
	__u64 base;
	__u32 size;
	__extension__ union {
		struct jailhouse_iommu_amd amd;
		struct jailhouse_iommu_tipvu tipvu;
	} JAILHOUSE_PACKED;
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(struct jailhouse_iommu, 28);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_iommu, type, 0);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_iommu, base, 4);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_iommu, size, 12);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_iommu, amd.bdf, 16);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_iommu, amd.base_cap, 18);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_iommu, amd.msi_cap, 19);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_iommu, amd.features, 20);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_iommu, tipvu.tlb_base, 16);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_iommu, tipvu.tlb_size, 24);

/**
 * struct jailhouse_platform_x86 - x86 part of the platform
 * @pm_timer_address: port of the ACPI PM timer, which every cell may read; 0 for none
 * @apic_mode: JAILHOUSE_APIC_MODE_*
 * @padding: 0
 * @vtd_interrupt_limit: interrupts to provide in the remapping tables of VT-d
 * @tsc_khz: TSC frequency, 0 to take what Linux measured
 * @apic_khz: input frequency of the APIC timer, likewise
 */
struct jailhouse_platform_x86 {
	__u16 pm_timer_address;
	__u8 apic_mode;
	__u8 padding;
	__u32 vtd_interrupt_limit;
	__u32 tsc_khz;
	__u32 apic_khz;
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(struct jailhouse_platform_x86, 16);

/**
 * struct jailhouse_platform_arm - part of the platform for both ARM architectures
 * @maintenance_irq: PPI of the GIC's maintenance interrupt; belongs to the hypervisor
 * @gic_version: 2 or 3
 * @padding: 0
 * @gicd_base: distributor
 * @gicc_base: GICv2: CPU interface
 * @gich_base: GICv2: hypervisor control interface
 * @gicv_base: GICv2: virtual CPU interface
 * @gicr_base: GICv3: first redistributor
 */
struct jailhouse_platform_arm {
	__u8 maintenance_irq;
	__u8 gic_version;
	__u8 padding[2];
	__u64 gicd_base;
	__u64 gicc_base;
	__u64 gich_base;
	__u64 gicv_base;
	__u64 gicr_base;
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(struct jailhouse_platform_arm, 44);

/**
 * struct jailhouse_platform_info - facts about the machine that concern all cells
 * @pci_mmconfig_base: address of the PCI configuration window (ECAM), 0 for none
 * @pci_mmconfig_end_bus: last bus in the window, which is (@pci_mmconfig_end_bus + 1) MiB large
 * @pci_is_virtual: there is no PCI host behind the window; a host for IVSHMEM is emulated
 * @pci_domain: domain of the virtual host in Linux, 0xffff to let Linux choose
 * @iommu_units: used ones first; a unit with base 0 ends the list
 * @x86: for JAILHOUSE_X86
 * @arm: for JAILHOUSE_ARM and JAILHOUSE_ARM64
 */
struct jailhouse_platform_info {
	__u64 pci_mmconfig_base;
	__u8 pci_mmconfig_end_bus;
	__u8 pci_is_virtual;
	__u16 pci_domain;
	struct jailhouse_iommu iommu_units[JAILHOUSE_MAX_IOMMU_UNITS];
	__extension__ union {
		struct jailhouse_platform_x86 x86;
		struct jailhouse_platform_arm arm;
	} JAILHOUSE_PACKED;
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(struct jailhouse_platform_info, 280);

/* jailhouse_system.flags: keep the hypervisor's messages where the root cell can read them. */
#define JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE 0x0001

#define SYS_FLAGS_VIRTUAL_DEBUG_CONSOLE(flags) (!!(JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE & (flags)))

/* jailhouse_system.signature, stored without the NUL */
#define JAILHOUSE_SYSTEM_SIGNATURE "JHSYS"

/**
 * struct jailhouse_system - head of a system configuration
 * @signature: JAILHOUSE_SYSTEM_SIGNATURE
 * @architecture: JAILHOUSE_X86, JAILHOUSE_ARM or JAILHOUSE_ARM64
 * @revision: JAILHOUSE_CONFIG_REVISION
 * @flags: JAILHOUSE_SYS_*
 * @hypervisor_memory: RAM that Linux does not use; virt_start and flags have no meaning
 * @debug_console: where the hypervisor prints
 * @platform_info: the machine
 * @root_cell: what Linux keeps; its CPU set equals the CPUs that are online
 */
struct jailhouse_system {
	char signature[5] JAILHOUSE_NONSTRING;
	__u8 architecture;
	__u16 revision;
	__u32 flags;
	struct jailhouse_memory hypervisor_memory;
	struct jailhouse_console debug_console;
	struct jailhouse_platform_info platform_info;
	struct jailhouse_cell_desc root_cell;
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(struct jailhouse_system, 488);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, signature, 0);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, architecture, 5);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, revision, 6);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, flags, 8);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, hypervisor_memory, 12);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, debug_console, 44);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info, 76);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.pci_mmconfig_base, 76);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.pci_mmconfig_end_bus, 84);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.pci_is_virtual, 85);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.pci_domain, 86);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.iommu_units, 88);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.x86.pm_timer_address, 312);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.x86.apic_mode, 314);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.x86.padding, 315);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.x86.vtd_interrupt_limit, 316);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.x86.tsc_khz, 320);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.x86.apic_khz, 324);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.arm.maintenance_irq, 312);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.arm.gic_version, 313);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.arm.padding, 314);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.arm.gicd_base, 316);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.arm.gicc_base, 324);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.arm.gich_base, 332);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.arm.gicv_base, 340);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, platform_info.arm.gicr_base, 348);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_system, root_cell, 356);

/**
 * jailhouse_cell_config_length() - length of a cell's description with all its arrays
 * @cell: at least its fixed part is readable
 *
 * For counts that nobody has checked yet: exact for all values, it can't overflow.
 *
 * Return: bytes
 */
JAILHOUSE_INLINE __u64 jailhouse_cell_config_length(const struct jailhouse_cell_desc *cell)
{
	return sizeof(*cell) + (__u64)cell->cpu_set_size +
	       cell->num_memory_regions * (__u64)sizeof(struct jailhouse_memory) +
	       cell->num_cache_regions * (__u64)sizeof(struct jailhouse_cache) +
	       cell->num_irqchips * (__u64)sizeof(struct jailhouse_irqchip) +
	       cell->num_pio_regions * (__u64)sizeof(struct jailhouse_pio) +
	       cell->num_pci_devices * (__u64)sizeof(struct jailhouse_pci_device) +
	       cell->num_pci_caps * (__u64)sizeof(struct jailhouse_pci_capability) +
	       cell->num_stream_ids * (__u64)sizeof(union jailhouse_stream_id);
}

/**
 * jailhouse_system_config_length() - length of a system configuration with all its arrays
 * @system: at least its fixed part is readable
 *
 * Return: bytes, exact for all values of the counts
 */
JAILHOUSE_INLINE __u64 jailhouse_system_config_length(const struct jailhouse_system *system)
{
	return sizeof(*system) - sizeof(system->root_cell) +
	       jailhouse_cell_config_length(&system->root_cell);
}

/**
 * jailhouse_cell_config_size() - size of a cell's description whose counts were checked
 * @cell: its jailhouse_cell_config_length() fits 32 bits, else the result is cut
 *
 * Return: bytes
 */
JAILHOUSE_INLINE __u32 jailhouse_cell_config_size(const struct jailhouse_cell_desc *cell)
{
	return (__u32)jailhouse_cell_config_length(cell);
}

/**
 * jailhouse_system_config_size() - size of a system configuration whose counts were checked
 * @system: its jailhouse_system_config_length() fits 32 bits, else the result is cut
 *
 * Return: bytes
 */
JAILHOUSE_INLINE __u32 jailhouse_system_config_size(const struct jailhouse_system *system)
{
	return (__u32)jailhouse_system_config_length(system);
}

/*
 * Pointers to the arrays behind a cell's description. Only after a check that the whole
 * jailhouse_cell_config_length() lies in the buffer; else the result may point anywhere.
 * The number of elements stands in the description, an array may be empty.
 */

/* The CPU set, as bytes, because nothing behind the description is aligned */
JAILHOUSE_INLINE const __u8 *jailhouse_cell_cpu_set(const struct jailhouse_cell_desc *cell)
{
	return (const __u8 *)cell + sizeof(*cell);
}

JAILHOUSE_INLINE const struct jailhouse_memory *
jailhouse_cell_mem_regions(const struct jailhouse_cell_desc *cell)
{
	return (const struct jailhouse_memory *)(jailhouse_cell_cpu_set(cell) + cell->cpu_set_size);
}

JAILHOUSE_INLINE const struct jailhouse_cache *
jailhouse_cell_cache_regions(const struct jailhouse_cell_desc *cell)
{
	return (const struct jailhouse_cache *)(jailhouse_cell_mem_regions(cell) +
						cell->num_memory_regions);
}

JAILHOUSE_INLINE const struct jailhouse_irqchip *
jailhouse_cell_irqchips(const struct jailhouse_cell_desc *cell)
{
	return (const struct jailhouse_irqchip *)(jailhouse_cell_cache_regions(cell) +
						  cell->num_cache_regions);
}

JAILHOUSE_INLINE const struct jailhouse_pio *
jailhouse_cell_pio(const struct jailhouse_cell_desc *cell)
{
	return (const struct jailhouse_pio *)(jailhouse_cell_irqchips(cell) + cell->num_irqchips);
}

JAILHOUSE_INLINE const struct jailhouse_pci_device *
jailhouse_cell_pci_devices(const struct jailhouse_cell_desc *cell)
{
	return (const struct jailhouse_pci_device *)(jailhouse_cell_pio(cell) +
						     cell->num_pio_regions);
}

JAILHOUSE_INLINE const struct jailhouse_pci_capability *
jailhouse_cell_pci_caps(const struct jailhouse_cell_desc *cell)
{
	return (const struct jailhouse_pci_capability *)(jailhouse_cell_pci_devices(cell) +
							 cell->num_pci_devices);
}

JAILHOUSE_INLINE const union jailhouse_stream_id *
jailhouse_cell_stream_ids(const struct jailhouse_cell_desc *cell)
{
	return (const union jailhouse_stream_id *)(jailhouse_cell_pci_caps(cell) +
						   cell->num_pci_caps);
}

#endif /* !JAILHOUSE_SYSTEM_CONFIG_H */
