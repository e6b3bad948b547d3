/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <string.h>

#include <jailhouse/cell-config.h>

#include "config/fields.h"
#include "internal.h"

/* Members are copied as they are. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the format is little-endian");

#define SAME_SIZE(our_type, ours, their_type, theirs) \
	(sizeof(char[sizeof(((our_type *)0)->ours) == sizeof(((their_type *)0)->theirs) ? 1 : -1]))
#define MEMBER(our_type, ours, their_type, theirs)                            \
	{                                                                     \
		offsetof(our_type, ours), offsetof(their_type, theirs),       \
			sizeof(((our_type *)0)->ours) *                       \
				SAME_SIZE(our_type, ours, their_type, theirs) \
	}
#define FIELDS(table, our_type, their_type)                                       \
	{                                                                         \
		table, JH_ARRAY_SIZE(table), sizeof(our_type), sizeof(their_type), \
			false                                                     \
	}
/* Both are the same, so that all can be copied at once; SAME() of each member proves it. */
#define SAME_FIELDS(table, our_type, their_type)                                           \
	{                                                                                  \
		table, JH_ARRAY_SIZE(table),                                               \
			sizeof(char[sizeof(our_type) == sizeof(their_type) ? 1 : -1]) *    \
				sizeof(our_type),                                          \
			sizeof(their_type), true                                           \
	}
#define SAME(our_type, their_type, name)                                                   \
	_Static_assert(offsetof(our_type, name) == offsetof(their_type, name), #name)

#define CONSOLE(our_type, ours, their_type, theirs)                         \
	MEMBER(our_type, ours.address, their_type, theirs.address),         \
		MEMBER(our_type, ours.size, their_type, theirs.size),       \
		MEMBER(our_type, ours.type, their_type, theirs.type),       \
		MEMBER(our_type, ours.flags, their_type, theirs.flags),     \
		MEMBER(our_type, ours.divider, their_type, theirs.divider), \
		MEMBER(our_type, ours.gate_nr, their_type, theirs.gate_nr), \
		MEMBER(our_type, ours.clock_reg, their_type, theirs.clock_reg)

#define CELL(ours, theirs) \
	MEMBER(struct jailhouse_config_cell, ours, struct jailhouse_cell_desc, theirs)
static const struct jh_field cell_fields[] = {
	CELL(name, name),
	CELL(id, id),
	CELL(flags, flags),
	CELL(vpci_irq_base, vpci_irq_base),
	CELL(cpu_reset_address, cpu_reset_address),
	CELL(msg_reply_timeout, msg_reply_timeout),
	CONSOLE(struct jailhouse_config_cell, console, struct jailhouse_cell_desc, console),
};
const struct jh_fields jh_fields_cell =
	FIELDS(cell_fields, struct jailhouse_config_cell, struct jailhouse_cell_desc);

#define SYSTEM(ours, theirs) \
	MEMBER(struct jailhouse_config_system, ours, struct jailhouse_system, theirs)
static const struct jh_field system_fields[] = {
	SYSTEM(flags, flags),
	SYSTEM(hypervisor_memory.phys_start, hypervisor_memory.phys_start),
	SYSTEM(hypervisor_memory.virt_start, hypervisor_memory.virt_start),
	SYSTEM(hypervisor_memory.size, hypervisor_memory.size),
	SYSTEM(hypervisor_memory.flags, hypervisor_memory.flags),
	CONSOLE(struct jailhouse_config_system, debug_console, struct jailhouse_system,
		debug_console),
	SYSTEM(pci_mmconfig_base, platform_info.pci_mmconfig_base),
	SYSTEM(pci_mmconfig_end_bus, platform_info.pci_mmconfig_end_bus),
	SYSTEM(pci_is_virtual, platform_info.pci_is_virtual),
	SYSTEM(pci_domain, platform_info.pci_domain),
};
const struct jh_fields jh_fields_system =
	FIELDS(system_fields, struct jailhouse_config_system, struct jailhouse_system);

static const struct jh_field x86_fields[] = {
	SYSTEM(pm_timer_address, platform_info.x86.pm_timer_address),
	SYSTEM(apic_mode, platform_info.x86.apic_mode),
	SYSTEM(vtd_interrupt_limit, platform_info.x86.vtd_interrupt_limit),
	SYSTEM(tsc_khz, platform_info.x86.tsc_khz),
	SYSTEM(apic_khz, platform_info.x86.apic_khz),
};
static const struct jh_field arm_fields[] = {
	SYSTEM(maintenance_irq, platform_info.arm.maintenance_irq),
	SYSTEM(gic_version, platform_info.arm.gic_version),
	SYSTEM(gicd_base, platform_info.arm.gicd_base),
	SYSTEM(gicc_base, platform_info.arm.gicc_base),
	SYSTEM(gich_base, platform_info.arm.gich_base),
	SYSTEM(gicv_base, platform_info.arm.gicv_base),
	SYSTEM(gicr_base, platform_info.arm.gicr_base),
};
static const struct jh_fields x86 =
	FIELDS(x86_fields, struct jailhouse_config_system, struct jailhouse_system);
static const struct jh_fields arm =
	FIELDS(arm_fields, struct jailhouse_config_system, struct jailhouse_system);

const struct jh_fields *jh_fields_of_platform(uint32_t architecture)
{
	return architecture == JAILHOUSE_X86 ? &x86 : &arm;
}

#define IOMMU(ours, theirs) \
	MEMBER(struct jailhouse_config_iommu, ours, struct jailhouse_iommu, theirs)
static const struct jh_field iommu_fields[] = {
	IOMMU(type, type),
	IOMMU(base, base),
	IOMMU(size, size),
};
static const struct jh_field amd_fields[] = {
	IOMMU(bdf, amd.bdf),
	IOMMU(base_cap, amd.base_cap),
	IOMMU(msi_cap, amd.msi_cap),
	IOMMU(features, amd.features),
};
static const struct jh_field pvu_fields[] = {
	IOMMU(tlb_base, tipvu.tlb_base),
	IOMMU(tlb_size, tipvu.tlb_size),
};
const struct jh_fields jh_fields_iommu =
	FIELDS(iommu_fields, struct jailhouse_config_iommu, struct jailhouse_iommu);
static const struct jh_fields amd =
	FIELDS(amd_fields, struct jailhouse_config_iommu, struct jailhouse_iommu);
static const struct jh_fields pvu =
	FIELDS(pvu_fields, struct jailhouse_config_iommu, struct jailhouse_iommu);

const struct jh_fields *jh_fields_of_iommu(uint32_t type)
{
	switch (type) {
	case JAILHOUSE_IOMMU_AMD:
		return &amd;
	case JAILHOUSE_IOMMU_PVU:
		return &pvu;
	}
	return NULL;
}

#define MEMORY(name) MEMBER(struct jailhouse_config_memory, name, struct jailhouse_memory, name)
static const struct jh_field memory_fields[] = {
	MEMORY(phys_start),
	MEMORY(virt_start),
	MEMORY(size),
	MEMORY(flags),
};

#define CACHE(name) MEMBER(struct jailhouse_config_cache, name, struct jailhouse_cache, name)
static const struct jh_field cache_fields[] = {
	CACHE(start), CACHE(size), CACHE(type), CACHE(padding), CACHE(flags),
};

#define IRQCHIP(name) MEMBER(struct jailhouse_config_irqchip, name, struct jailhouse_irqchip, name)
static const struct jh_field irqchip_fields[] = {
	IRQCHIP(address),
	IRQCHIP(id),
	IRQCHIP(pin_base),
	IRQCHIP(pin_bitmap),
};

#define PIO(name) MEMBER(struct jailhouse_config_pio, name, struct jailhouse_pio, name)
static const struct jh_field pio_fields[] = {
	PIO(base),
	PIO(length),
};

#define PCI_DEVICE(name) \
	MEMBER(struct jailhouse_config_pci_device, name, struct jailhouse_pci_device, name)
/* Two that follow each other in both */
#define PCI_DEVICE_PAIR(first, second)                                                             \
	{                                                                                          \
		offsetof(struct jailhouse_config_pci_device, first),                               \
			offsetof(struct jailhouse_pci_device, first),                              \
			PAIR_SIZE(struct jailhouse_config_pci_device, first, second) *             \
				sizeof(char[PAIR_SIZE(struct jailhouse_config_pci_device, first,   \
						      second) ==                                   \
							    PAIR_SIZE(struct jailhouse_pci_device, \
								      first, second)               \
						    ? 1                                            \
						    : -1])                                         \
	}
#define PAIR_SIZE(type, first, second) \
	(offsetof(type, second) + sizeof(((type *)0)->second) - offsetof(type, first))
static const struct jh_field pci_device_fields[] = {
	PCI_DEVICE_PAIR(type, iommu),
	PCI_DEVICE_PAIR(domain, bdf),
	PCI_DEVICE(bar_mask),
	PCI_DEVICE_PAIR(caps_start, num_caps),
	PCI_DEVICE(num_msi_vectors),
	/* Bit-fields have no offset: the byte between its neighbours. */
	{offsetof(struct jailhouse_config_pci_device, msi_flags),
	 offsetof(struct jailhouse_pci_device, num_msi_vectors) + 1, 1},
	PCI_DEVICE_PAIR(num_msix_vectors, msix_region_size),
	PCI_DEVICE(msix_address),
	PCI_DEVICE(shmem_regions_start),
	PCI_DEVICE_PAIR(shmem_dev_id, shmem_peers),
	PCI_DEVICE(shmem_protocol),
};

#define PCI_CAP(name) \
	MEMBER(struct jailhouse_config_pci_cap, name, struct jailhouse_pci_capability, name)
static const struct jh_field pci_cap_fields[] = {
	PCI_CAP(id),
	PCI_CAP(start),
	PCI_CAP(len),
	PCI_CAP(flags),
};

static const struct jh_field stream_id_fields[] = {
	{0, 0, sizeof(uint32_t)},
};

SAME(struct jailhouse_config_memory, struct jailhouse_memory, phys_start);
SAME(struct jailhouse_config_memory, struct jailhouse_memory, virt_start);
SAME(struct jailhouse_config_memory, struct jailhouse_memory, size);
SAME(struct jailhouse_config_memory, struct jailhouse_memory, flags);
SAME(struct jailhouse_config_irqchip, struct jailhouse_irqchip, address);
SAME(struct jailhouse_config_irqchip, struct jailhouse_irqchip, id);
SAME(struct jailhouse_config_irqchip, struct jailhouse_irqchip, pin_base);
SAME(struct jailhouse_config_irqchip, struct jailhouse_irqchip, pin_bitmap);
SAME(struct jailhouse_config_pio, struct jailhouse_pio, base);
SAME(struct jailhouse_config_pio, struct jailhouse_pio, length);
SAME(struct jailhouse_config_pci_cap, struct jailhouse_pci_capability, id);
SAME(struct jailhouse_config_pci_cap, struct jailhouse_pci_capability, start);
SAME(struct jailhouse_config_pci_cap, struct jailhouse_pci_capability, len);
SAME(struct jailhouse_config_pci_cap, struct jailhouse_pci_capability, flags);

static const struct jh_fields section_fields[JAILHOUSE_NUM_SECTIONS] = {
	[JAILHOUSE_SECTION_MEMORY] =
		SAME_FIELDS(memory_fields, struct jailhouse_config_memory, struct jailhouse_memory),
	[JAILHOUSE_SECTION_CACHE] =
		FIELDS(cache_fields, struct jailhouse_config_cache, struct jailhouse_cache),
	[JAILHOUSE_SECTION_IRQCHIP] =
		SAME_FIELDS(irqchip_fields, struct jailhouse_config_irqchip, struct jailhouse_irqchip),
	[JAILHOUSE_SECTION_PIO] =
		SAME_FIELDS(pio_fields, struct jailhouse_config_pio, struct jailhouse_pio),
	[JAILHOUSE_SECTION_PCI_DEVICE] = FIELDS(
		pci_device_fields, struct jailhouse_config_pci_device, struct jailhouse_pci_device),
	[JAILHOUSE_SECTION_PCI_CAP] = SAME_FIELDS(pci_cap_fields, struct jailhouse_config_pci_cap,
					     struct jailhouse_pci_capability),
	[JAILHOUSE_SECTION_STREAM_ID] =
		FIELDS(stream_id_fields, uint32_t, union jailhouse_stream_id),
};

const struct jh_fields *jh_fields_of_section(uint32_t section)
{
	return section != JAILHOUSE_SECTION_CPU_SET && section < JAILHOUSE_NUM_SECTIONS
		       ? &section_fields[section]
		       : NULL;
}

/* Sizes that nearly all members have, without a call: reading a board is little else than this. */
static inline void copy_member(void *to, const void *from, size_t size)
{
	if (size == 4)
		memcpy(to, from, 4);
	else if (size == 2)
		memcpy(to, from, 2);
	else if (size == 8)
		memcpy(to, from, 8);
	else if (size == 1)
		memcpy(to, from, 1);
	else
		memcpy(to, from, size);
}

void jh_fields_read(const struct jh_fields *fields, void *ours, const void *theirs)
{
	const struct jh_field *field, *end;

	if (!fields)
		return;
	if (fields->same_layout) {
		memcpy(ours, theirs, fields->our_size);
		return;
	}
	end = fields->field + fields->count;
	for (field = fields->field; field < end; field++)
		copy_member((char *)ours + field->ours, (const char *)theirs + field->theirs,
			    field->size);
}

void jh_fields_write(const struct jh_fields *fields, const void *ours, void *theirs)
{
	unsigned int n;

	for (n = 0; fields && n < fields->count; n++)
		memcpy((char *)theirs + fields->field[n].theirs,
		       (const char *)ours + fields->field[n].ours, fields->field[n].size);
}
