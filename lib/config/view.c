/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Getters of a configuration that lies in the caller's buffer. */
#include <errno.h>
#include <string.h>

#include "config/fields.h"
#include "config/parse.h"
#include "config/sections.h"
#include "internal.h"

static const char *const section_names[JAILHOUSE_NUM_SECTIONS] = {
	[JAILHOUSE_SECTION_CPU_SET] = "CPU set",
	[JAILHOUSE_SECTION_MEMORY] = "memory region",
	[JAILHOUSE_SECTION_CACHE] = "cache region",
	[JAILHOUSE_SECTION_IRQCHIP] = "interrupt chip",
	[JAILHOUSE_SECTION_PIO] = "port range",
	[JAILHOUSE_SECTION_PCI_DEVICE] = "PCI device",
	[JAILHOUSE_SECTION_PCI_CAP] = "PCI capability",
	[JAILHOUSE_SECTION_STREAM_ID] = "stream ID",
};

const char *jailhouse_section_get_name(uint32_t section)
{
	return section < JAILHOUSE_NUM_SECTIONS ? section_names[section] : NULL;
}

static int find_kind(const void *data, size_t size, enum jh_config_kind *ret_kind)
{
	const struct jailhouse_cell_desc *head = data;

	if (size < sizeof(head->signature))
		return -EINVAL;
	if (memcmp(head->signature, JAILHOUSE_SYSTEM_SIGNATURE, sizeof(head->signature)) == 0)
		*ret_kind = JH_CONFIG_SYSTEM;
	else if (memcmp(head->signature, JAILHOUSE_CELL_DESC_SIGNATURE, sizeof(head->signature)) ==
		 0)
		*ret_kind = JH_CONFIG_CELL;
	else
		return -EINVAL;
	return 0;
}

int jailhouse_config_parse(const void *data, size_t size, struct jailhouse_config *ret_config,
			   struct jailhouse_error *error)
{
	struct jailhouse_reason reason;
	struct jh_config parts;
	enum jh_config_kind kind;
	unsigned int n;
	int err;

	if (!data || !ret_config)
		return jh_error_argument(error, data ? "ret_config is NULL" : "data is NULL");
	if (find_kind(data, size, &kind) != 0) {
		jh_config_refuse(&reason, JAILHOUSE_REASON_CONFIG_KIND, 0, 0, 0);
		return jh_error_from_reason(error, &reason, 0);
	}
	err = jh_config_parse(data, size, kind, &parts, &reason);
	if (!err)
		err = jh_config_check_architecture(&parts, &reason);
	if (err)
		return jh_error_from_reason(error, &reason, 0);
	memset(ret_config, 0, sizeof(*ret_config));
	ret_config->kind =
		kind == JH_CONFIG_SYSTEM ? JAILHOUSE_CONFIG_SYSTEM : JAILHOUSE_CONFIG_CELL;
	ret_config->architecture = parts.architecture;
	ret_config->length = parts.size;
	ret_config->trailing = size - parts.size;
	for (n = 0; n < JH_NUM_SECTIONS; n++)
		ret_config->count[n] = parts.section[n].count;
	ret_config->data = data;
	return 0;
}

int jh_config_accept(const void *data, size_t size, enum jh_config_kind kind, unsigned int arch,
		     struct jh_config *ret_config, struct jailhouse_error *error)
{
	struct jailhouse_reason reason;

	if (jh_config_parse(data, size, kind, ret_config, &reason) ||
	    jh_config_check_machine(ret_config, arch, &reason))
		return jh_error_from_reason(error, &reason, 0);
	return 0;
}

const struct jailhouse_cell_desc *jh_config_head(const struct jailhouse_config *config)
{
	return config->kind == JAILHOUSE_CONFIG_SYSTEM
		       ? &((const struct jailhouse_system *)config->data)->root_cell
		       : config->data;
}

/* All of `ret` is written, as the structures of elements have no other members. */
int jh_get_element(const struct jailhouse_config *config, uint32_t section, uint32_t index,
		   void *ret)
{
	const struct jh_fields *fields = jh_fields_of_section(section);

	if (!config || !ret || index >= config->count[section])
		return JAILHOUSE_ERR_ARGUMENT;
	jh_fields_read(fields, ret,
		       (const uint8_t *)config->data +
			       jh_section_offset(config->kind, config->count, section) +
			       (size_t)index * fields->their_size);
	return 0;
}

int jailhouse_config_get_system(const struct jailhouse_config *config,
				struct jailhouse_config_system *ret_system)
{
	if (!config || !ret_system || config->kind != JAILHOUSE_CONFIG_SYSTEM)
		return JAILHOUSE_ERR_ARGUMENT;
	memset(ret_system, 0, sizeof(*ret_system));
	jh_fields_read(&jh_fields_system, ret_system, config->data);
	jh_fields_read(jh_fields_of_platform(config->architecture), ret_system, config->data);
	return 0;
}

int jailhouse_config_get_iommu(const struct jailhouse_config *config, uint32_t index,
			       struct jailhouse_config_iommu *ret_iommu)
{
	const struct jailhouse_system *system;
	const struct jailhouse_iommu *unit;

	if (!config || !ret_iommu || config->kind != JAILHOUSE_CONFIG_SYSTEM ||
	    index >= JAILHOUSE_CONFIG_NUM_IOMMUS)
		return JAILHOUSE_ERR_ARGUMENT;
	system = config->data;
	unit = &system->platform_info.iommu_units[index];
	memset(ret_iommu, 0, sizeof(*ret_iommu));
	jh_fields_read(&jh_fields_iommu, ret_iommu, unit);
	jh_fields_read(jh_fields_of_iommu(ret_iommu->type), ret_iommu, unit);
	return 0;
}

int jailhouse_config_get_cell(const struct jailhouse_config *config,
			      struct jailhouse_config_cell *ret_cell)
{
	if (!config || !ret_cell)
		return JAILHOUSE_ERR_ARGUMENT;
	memset(ret_cell, 0, sizeof(*ret_cell));
	jh_fields_read(&jh_fields_cell, ret_cell, jh_config_head(config));
	return 0;
}

int jailhouse_config_get_memory(const struct jailhouse_config *config, uint32_t index,
				struct jailhouse_config_memory *ret_memory)
{
	return jh_get_element(config, JAILHOUSE_SECTION_MEMORY, index, ret_memory);
}

int jailhouse_config_get_cache(const struct jailhouse_config *config, uint32_t index,
			       struct jailhouse_config_cache *ret_cache)
{
	return jh_get_element(config, JAILHOUSE_SECTION_CACHE, index, ret_cache);
}

int jailhouse_config_get_irqchip(const struct jailhouse_config *config, uint32_t index,
				 struct jailhouse_config_irqchip *ret_irqchip)
{
	return jh_get_element(config, JAILHOUSE_SECTION_IRQCHIP, index, ret_irqchip);
}

int jailhouse_config_get_pio(const struct jailhouse_config *config, uint32_t index,
			     struct jailhouse_config_pio *ret_pio)
{
	return jh_get_element(config, JAILHOUSE_SECTION_PIO, index, ret_pio);
}

int jailhouse_config_get_pci_device(const struct jailhouse_config *config, uint32_t index,
				    struct jailhouse_config_pci_device *ret_device)
{
	return jh_get_element(config, JAILHOUSE_SECTION_PCI_DEVICE, index, ret_device);
}

int jailhouse_config_get_pci_cap(const struct jailhouse_config *config, uint32_t index,
				 struct jailhouse_config_pci_cap *ret_cap)
{
	return jh_get_element(config, JAILHOUSE_SECTION_PCI_CAP, index, ret_cap);
}

int jailhouse_config_get_stream_id(const struct jailhouse_config *config, uint32_t index,
				   uint32_t *ret_id)
{
	return jh_get_element(config, JAILHOUSE_SECTION_STREAM_ID, index, ret_id);
}

int32_t jailhouse_config_next_cpu(const struct jailhouse_config *config, int32_t cpu)
{
	const uint8_t *set;
	int32_t end;

	if (!config || cpu < 0)
		return -1;
	set = (const uint8_t *)config->data +
	      jh_section_offset(config->kind, config->count, JAILHOUSE_SECTION_CPU_SET);
	end = (int32_t)(config->count[JAILHOUSE_SECTION_CPU_SET] * 8);
	for (; cpu < end; cpu++)
		if (set[cpu / 8] >> (cpu % 8) & 1)
			return cpu;
	return -1;
}
