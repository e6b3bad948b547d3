/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include <jailhouse/cell-config.h>

#include "config/schema.h"
#include "internal.h"

#define ALL 7
#define X86 (1 << JAILHOUSE_X86)
#define ARM (1 << JAILHOUSE_ARM | 1 << JAILHOUSE_ARM64)

#define NAMES(table, prefix_text)                        \
	{                                                \
		prefix_text, JH_ARRAY_SIZE(table), table \
	}
#define V(prefix, name)             \
	{                           \
		prefix##name, #name \
	}

static const struct jh_value_name arch_values[] = {
	{JAILHOUSE_X86, "X86"},
	{JAILHOUSE_ARM, "ARM"},
	{JAILHOUSE_ARM64, "ARM64"},
};
const struct jh_names jh_arch_names = NAMES(arch_values, "JAILHOUSE_");

#define MEM(name) V(JAILHOUSE_MEM_, name)
static const struct jh_value_name memory_flags[] = {
	MEM(READ),        MEM(WRITE),    MEM(EXECUTE),    MEM(DMA),          MEM(IO),
	MEM(COMM_REGION), MEM(LOADABLE), MEM(ROOTSHARED), MEM(NO_HUGEPAGES), MEM(IO_UNALIGNED),
	MEM(IO_8),        MEM(IO_16),    MEM(IO_32),      MEM(IO_64),        MEM(NO_SCRUB),
};
const struct jh_names jh_memory_names = NAMES(memory_flags, "JAILHOUSE_MEM_");

#define CELL(name) V(JAILHOUSE_CELL_, name)
static const struct jh_value_name cell_flags[] = {
	CELL(PASSIVE_COMMREG),
	CELL(TEST_DEVICE),
	CELL(AARCH32),
	CELL(NO_SCRUB),
	CELL(DIRECT_IDLE),
	CELL(SMC_ALLOW),
	CELL(VIRTUAL_CONSOLE_PERMITTED),
	CELL(VIRTUAL_CONSOLE_ACTIVE),
};
static const struct jh_names cell_names = NAMES(cell_flags, "JAILHOUSE_CELL_");

static const struct jh_value_name system_flags[] = {
	V(JAILHOUSE_SYS_, VIRTUAL_DEBUG_CONSOLE),
};
static const struct jh_names system_names = NAMES(system_flags, "JAILHOUSE_SYS_");

#define TYPE(name) V(JAILHOUSE_CON_TYPE_, name)
static const struct jh_value_name console_types[] = {
	TYPE(NONE),  TYPE(EFIFB), TYPE(8250), TYPE(PL011),      TYPE(XUARTPS), TYPE(MVEBU),
	TYPE(HSCIF), TYPE(SCIFA), TYPE(IMX),  TYPE(IMX_LPUART), TYPE(SCIF),
};
static const struct jh_names console_type_names = NAMES(console_types, "JAILHOUSE_CON_TYPE_");

static const struct jh_value_name console_flags[] = {
	V(JAILHOUSE_CON_, ACCESS_MMIO),  V(JAILHOUSE_CON_, REGDIST_4),
	V(JAILHOUSE_CON_, FB_1920x1080), V(JAILHOUSE_CON_, INVERTED_GATE),
	V(JAILHOUSE_CON_, MDR_QUIRK),
};
static const struct jh_names console_flag_names = NAMES(console_flags, "JAILHOUSE_CON_");

static const struct jh_value_name apic_modes[] = {
	V(JAILHOUSE_APIC_MODE_, AUTO),
	V(JAILHOUSE_APIC_MODE_, XAPIC),
	V(JAILHOUSE_APIC_MODE_, X2APIC),
};
static const struct jh_names apic_names = NAMES(apic_modes, "JAILHOUSE_APIC_MODE_");

static const struct jh_value_name iommu_types[] = {
	V(JAILHOUSE_IOMMU_, AMD), V(JAILHOUSE_IOMMU_, INTEL),      V(JAILHOUSE_IOMMU_, SMMUV3),
	V(JAILHOUSE_IOMMU_, PVU), V(JAILHOUSE_IOMMU_, ARM_MMU500),
};
static const struct jh_names iommu_names = NAMES(iommu_types, "JAILHOUSE_IOMMU_");

static const struct jh_value_name cache_types[] = {
	V(JAILHOUSE_CACHE_, L3_CODE),
	V(JAILHOUSE_CACHE_, L3_DATA),
	V(JAILHOUSE_CACHE_, L3),
};
static const struct jh_names cache_type_names = NAMES(cache_types, "JAILHOUSE_CACHE_");
static const struct jh_value_name cache_flags[] = {
	V(JAILHOUSE_CACHE_, ROOTSHARED),
};
static const struct jh_names cache_flag_names = NAMES(cache_flags, "JAILHOUSE_CACHE_");

static const struct jh_value_name pci_types[] = {
	V(JAILHOUSE_PCI_TYPE_, DEVICE),
	V(JAILHOUSE_PCI_TYPE_, BRIDGE),
	V(JAILHOUSE_PCI_TYPE_, IVSHMEM),
};
static const struct jh_names pci_type_names = NAMES(pci_types, "JAILHOUSE_PCI_TYPE_");

static const struct jh_value_name cap_flags[] = {
	V(JAILHOUSE_PCICAPS_, WRITE),
};
static const struct jh_names cap_names = NAMES(cap_flags, "JAILHOUSE_PCICAPS_");

/* A member whose name in C is that of the library's structure */
#define ATTR(type, member, word, form, archs, names)                                         \
	{                                                                                    \
#member, word, offsetof(type, member), sizeof(((type *)0)->member), 1, form, \
			archs, names, NULL                                                   \
	}
#define NAMED(type, member, c_name, word, form, archs, names)                                      \
	{                                                                                          \
		c_name, word, offsetof(type, member), sizeof(((type *)0)->member), 1, form, archs, \
			names, NULL                                                                \
	}
#define ARRAY(type, member, word, form)                                                \
	{                                                                              \
#member, word, offsetof(type, member), sizeof(((type *)0)->member[0]), \
			JH_ARRAY_SIZE(((type *)0)->member), form, ALL, NULL, NULL      \
	}
#define INSIDE(type, member, word, inner)                                                        \
	{                                                                                        \
#member, word, offsetof(type, member), 0, 1, JH_ATTR_STRUCT, ALL, NULL, &(inner) \
	}
#define SCHEMA(table, type)                               \
	{                                                 \
		table, JH_ARRAY_SIZE(table), sizeof(type) \
	}

#define T struct jailhouse_config_console
static const struct jh_attr console_attrs[] = {
	ATTR(T, address, "address", JH_ATTR_HEX, ALL, NULL),
	ATTR(T, size, "size", JH_ATTR_HEX, ALL, NULL),
	ATTR(T, type, "type", JH_ATTR_ENUM, ALL, &console_type_names),
	ATTR(T, flags, "flags", JH_ATTR_FLAGS, ALL, &console_flag_names),
	ATTR(T, divider, "divider", JH_ATTR_DEC, ALL, NULL),
	ATTR(T, gate_nr, "gate-nr", JH_ATTR_DEC, ALL, NULL),
	ATTR(T, clock_reg, "clock-reg", JH_ATTR_HEX, ALL, NULL),
};
const struct jh_schema jh_schema_console = SCHEMA(console_attrs, T);
#undef T

#define T struct jailhouse_config_memory
static const struct jh_attr memory_attrs[] = {
	ATTR(T, phys_start, "phys-start", JH_ATTR_HEX, ALL, NULL),
	ATTR(T, virt_start, "virt-start", JH_ATTR_HEX, ALL, NULL),
	ATTR(T, size, "size", JH_ATTR_HEX, ALL, NULL),
	ATTR(T, flags, "flags", JH_ATTR_FLAGS, ALL, &jh_memory_names),
};
const struct jh_schema jh_schema_memory = SCHEMA(memory_attrs, T);
#undef T

#define T                            struct jailhouse_config_system
#define PLATFORM(m)                  "platform_info." #m
#define ON_X86(m, word, form, names) NAMED(T, m, PLATFORM(x86.m), word, form, X86, names)
#define ON_ARM(m, word, form)        NAMED(T, m, PLATFORM(arm.m), word, form, ARM, NULL)
static const struct jh_attr system_attrs[] = {
	ATTR(T, flags, "system-flags", JH_ATTR_FLAGS, ALL, &system_names),
	INSIDE(T, hypervisor_memory, "hypervisor-memory", jh_schema_memory),
	INSIDE(T, debug_console, "debug-console", jh_schema_console),
	NAMED(T, pci_mmconfig_base, PLATFORM(pci_mmconfig_base), "pci-mmconfig-base", JH_ATTR_HEX,
	      ALL, NULL),
	NAMED(T, pci_mmconfig_end_bus, PLATFORM(pci_mmconfig_end_bus), "pci-mmconfig-end-bus",
	      JH_ATTR_HEX, ALL, NULL),
	NAMED(T, pci_is_virtual, PLATFORM(pci_is_virtual), "pci-is-virtual", JH_ATTR_DEC, ALL,
	      NULL),
	NAMED(T, pci_domain, PLATFORM(pci_domain), "pci-domain", JH_ATTR_HEX, ALL, NULL),
	ON_X86(pm_timer_address, "pm-timer-address", JH_ATTR_HEX, NULL),
	ON_X86(apic_mode, "apic-mode", JH_ATTR_ENUM, &apic_names),
	ON_X86(vtd_interrupt_limit, "vtd-interrupt-limit", JH_ATTR_DEC, NULL),
	ON_X86(tsc_khz, "tsc-khz", JH_ATTR_DEC, NULL),
	ON_X86(apic_khz, "apic-khz", JH_ATTR_DEC, NULL),
	ON_ARM(maintenance_irq, "maintenance-irq", JH_ATTR_DEC),
	ON_ARM(gic_version, "gic-version", JH_ATTR_DEC),
	ON_ARM(gicd_base, "gicd-base", JH_ATTR_HEX),
	ON_ARM(gicc_base, "gicc-base", JH_ATTR_HEX),
	ON_ARM(gich_base, "gich-base", JH_ATTR_HEX),
	ON_ARM(gicv_base, "gicv-base", JH_ATTR_HEX),
	ON_ARM(gicr_base, "gicr-base", JH_ATTR_HEX),
};
const struct jh_schema jh_schema_system = SCHEMA(system_attrs, T);
#undef T

#define T struct jailhouse_config_iommu
static const struct jh_attr iommu_attrs[] = {
	ATTR(T, type, "type", JH_ATTR_ENUM, ALL, &iommu_names),
	ATTR(T, base, "base", JH_ATTR_HEX, ALL, NULL),
	ATTR(T, size, "size", JH_ATTR_HEX, ALL, NULL),
	NAMED(T, bdf, "amd.bdf", "bdf", JH_ATTR_HEX, ALL, NULL),
	NAMED(T, base_cap, "amd.base_cap", "base-cap", JH_ATTR_HEX, ALL, NULL),
	NAMED(T, msi_cap, "amd.msi_cap", "msi-cap", JH_ATTR_HEX, ALL, NULL),
	NAMED(T, features, "amd.features", "features", JH_ATTR_HEX, ALL, NULL),
	NAMED(T, tlb_base, "tipvu.tlb_base", "tlb-base", JH_ATTR_HEX, ALL, NULL),
	NAMED(T, tlb_size, "tipvu.tlb_size", "tlb-size", JH_ATTR_HEX, ALL, NULL),
};
const struct jh_schema jh_schema_iommu = SCHEMA(iommu_attrs, T);
#undef T

#define T struct jailhouse_config_cell
static const struct jh_attr cell_attrs[] = {
	/* "name" has a meaning of its own in device trees. */
	ATTR(T, name, "cell-name", JH_ATTR_TEXT, ALL, NULL),
	ATTR(T, id, "id", JH_ATTR_DEC, ALL, NULL),
	ATTR(T, flags, "flags", JH_ATTR_FLAGS, ALL, &cell_names),
	ATTR(T, vpci_irq_base, "vpci-irq-base", JH_ATTR_DEC, ALL, NULL),
	ATTR(T, cpu_reset_address, "cpu-reset-address", JH_ATTR_HEX, ALL, NULL),
	ATTR(T, msg_reply_timeout, "msg-reply-timeout", JH_ATTR_DEC, ALL, NULL),
	INSIDE(T, console, "console", jh_schema_console),
};
const struct jh_schema jh_schema_cell = SCHEMA(cell_attrs, T);
#undef T

#define T struct jailhouse_config_cache
static const struct jh_attr cache_attrs[] = {
	ATTR(T, start, "start", JH_ATTR_DEC, ALL, NULL),
	ATTR(T, size, "size", JH_ATTR_DEC, ALL, NULL),
	ATTR(T, type, "type", JH_ATTR_ENUM, ALL, &cache_type_names),
	ATTR(T, padding, "padding", JH_ATTR_HEX, ALL, NULL),
	ATTR(T, flags, "flags", JH_ATTR_FLAGS, ALL, &cache_flag_names),
};
#undef T

#define T struct jailhouse_config_irqchip
static const struct jh_attr irqchip_attrs[] = {
	ATTR(T, address, "address", JH_ATTR_HEX, ALL, NULL),
	ATTR(T, id, "id", JH_ATTR_HEX, ALL, NULL),
	ATTR(T, pin_base, "pin-base", JH_ATTR_DEC, ALL, NULL),
	ARRAY(T, pin_bitmap, "pin-bitmap", JH_ATTR_BITS),
};
#undef T

#define T struct jailhouse_config_pio
static const struct jh_attr pio_attrs[] = {
	ATTR(T, base, "base", JH_ATTR_HEX, ALL, NULL),
	ATTR(T, length, "length", JH_ATTR_HEX, ALL, NULL),
};
#undef T

#define T struct jailhouse_config_pci_device
static const struct jh_attr pci_device_attrs[] = {
	ATTR(T, type, "type", JH_ATTR_ENUM, ALL, &pci_type_names),
	ATTR(T, iommu, "iommu", JH_ATTR_DEC, ALL, NULL),
	ATTR(T, domain, "domain", JH_ATTR_HEX, ALL, NULL),
	ATTR(T, bdf, "bdf", JH_ATTR_ADDRESS, ALL, NULL),
	ARRAY(T, bar_mask, "bar-mask", JH_ATTR_HEX),
	ATTR(T, caps_start, "caps-start", JH_ATTR_DEC, ALL, NULL),
	ATTR(T, num_caps, "num-caps", JH_ATTR_DEC, ALL, NULL),
	ATTR(T, num_msi_vectors, "num-msi-vectors", JH_ATTR_DEC, ALL, NULL),
	/* In C the two bits have names of their own, see dump-c.c. */
	ATTR(T, msi_flags, "msi-flags", JH_ATTR_HEX, ALL, NULL),
	ATTR(T, num_msix_vectors, "num-msix-vectors", JH_ATTR_DEC, ALL, NULL),
	ATTR(T, msix_region_size, "msix-region-size", JH_ATTR_HEX, ALL, NULL),
	ATTR(T, msix_address, "msix-address", JH_ATTR_HEX, ALL, NULL),
	ATTR(T, shmem_regions_start, "shmem-regions-start", JH_ATTR_DEC, ALL, NULL),
	ATTR(T, shmem_dev_id, "shmem-dev-id", JH_ATTR_DEC, ALL, NULL),
	ATTR(T, shmem_peers, "shmem-peers", JH_ATTR_DEC, ALL, NULL),
	ATTR(T, shmem_protocol, "shmem-protocol", JH_ATTR_HEX, ALL, NULL),
};
#undef T

#define T struct jailhouse_config_pci_cap
static const struct jh_attr pci_cap_attrs[] = {
	ATTR(T, id, "id", JH_ATTR_HEX, ALL, NULL),
	ATTR(T, start, "start", JH_ATTR_HEX, ALL, NULL),
	ATTR(T, len, "len", JH_ATTR_DEC, ALL, NULL),
	ATTR(T, flags, "flags", JH_ATTR_FLAGS, ALL, &cap_names),
};
#undef T

static const struct jh_attr stream_id_attrs[] = {
	{"id", "id", 0, sizeof(uint32_t), 1, JH_ATTR_HEX, ALL, NULL, NULL},
};

static const struct jh_section_schema sections[JAILHOUSE_NUM_SECTIONS] = {
	[JAILHOUSE_SECTION_MEMORY] = {"mem_regions", "struct jailhouse_memory",
				      "num_memory_regions", "memory-regions", "region",
				      SCHEMA(memory_attrs, struct jailhouse_config_memory)},
	[JAILHOUSE_SECTION_CACHE] = {"cache_regions", "struct jailhouse_cache", "num_cache_regions",
				     "cache-regions", "region",
				     SCHEMA(cache_attrs, struct jailhouse_config_cache)},
	[JAILHOUSE_SECTION_IRQCHIP] = {"irqchips", "struct jailhouse_irqchip", "num_irqchips",
				       "irqchips", "irqchip",
				       SCHEMA(irqchip_attrs, struct jailhouse_config_irqchip)},
	[JAILHOUSE_SECTION_PIO] = {"pio_regions", "struct jailhouse_pio", "num_pio_regions",
				   "pio-regions", "region",
				   SCHEMA(pio_attrs, struct jailhouse_config_pio)},
	[JAILHOUSE_SECTION_PCI_DEVICE] = {"pci_devices", "struct jailhouse_pci_device",
					  "num_pci_devices", "pci-devices", "device",
					  SCHEMA(pci_device_attrs,
						 struct jailhouse_config_pci_device)},
	[JAILHOUSE_SECTION_PCI_CAP] = {"pci_caps", "struct jailhouse_pci_capability",
				       "num_pci_caps", "pci-caps", "capability",
				       SCHEMA(pci_cap_attrs, struct jailhouse_config_pci_cap)},
	[JAILHOUSE_SECTION_STREAM_ID] = {"stream_ids", "union jailhouse_stream_id",
					 "num_stream_ids", "stream-ids", "stream-id",
					 SCHEMA(stream_id_attrs, uint32_t)},
};

const struct jh_section_schema *jh_section_schema(uint32_t section)
{
	return section < JAILHOUSE_NUM_SECTIONS && sections[section].c_name ? &sections[section]
									    : NULL;
}

uint64_t jh_attr_get(const struct jh_attr *attr, const void *structure, uint32_t index)
{
	const char *at = (const char *)structure + attr->offset + index * attr->size;
	uint64_t value = 0;

	if (attr->form == JH_ATTR_TEXT)
		return 0;
	/* Little-endian, as the whole library. */
	memcpy(&value, at, attr->size);
	return value;
}

int jh_attr_set(const struct jh_attr *attr, void *structure, uint32_t index, uint64_t value)
{
	if (attr->size < sizeof(value) && value >> (8 * attr->size))
		return -ERANGE;
	memcpy((char *)structure + attr->offset + index * attr->size, &value, attr->size);
	return 0;
}

const char *jh_name_of(const struct jh_names *names, uint64_t value)
{
	uint32_t n;

	for (n = 0; n < names->count; n++)
		if (names->name[n].value == value)
			return names->name[n].name;
	return NULL;
}

const struct jh_value_name *jh_take_flag(const struct jh_names *names, uint64_t *flags)
{
	uint32_t n;

	for (n = 0; n < names->count; n++)
		if (*flags & names->name[n].value) {
			*flags &= ~names->name[n].value;
			return &names->name[n];
		}
	return NULL;
}

const char *jh_word_of(const char *name, char *buffer, size_t size)
{
	size_t n;

	for (n = 0; name[n] && n + 1 < size; n++)
		buffer[n] = name[n] == '_' ? '-' : (char)tolower((unsigned char)name[n]);
	buffer[n] = '\0';
	return buffer;
}

int jh_value_of_word(const struct jh_names *names, const char *word, uint64_t *ret_value)
{
	char buffer[64];
	uint32_t n;

	for (n = 0; n < names->count; n++)
		if (strcmp(jh_word_of(names->name[n].name, buffer, sizeof(buffer)), word) == 0) {
			*ret_value = names->name[n].value;
			return 0;
		}
	return -ENOENT;
}
