/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The parser of system and cell configurations; see parse.h. */
#include <errno.h>
#include <string.h>

#include "config/parse.h"
#include "config/sections.h"
#include "internal.h"

/* The hypervisor's limit for a CPU set, in bytes. */
#define MAX_CPU_SET_SIZE 4096

#define COUNT(field) offsetof(struct jailhouse_cell_desc, field)

/* Offsets of the counts in struct jailhouse_cell_desc */
static const uint32_t count_offset[JH_NUM_SECTIONS] = {
	[JH_SECTION_CPU_SET] = COUNT(cpu_set_size),
	[JH_SECTION_MEMORY] = COUNT(num_memory_regions),
	[JH_SECTION_CACHE] = COUNT(num_cache_regions),
	[JH_SECTION_IRQCHIP] = COUNT(num_irqchips),
	[JH_SECTION_PIO] = COUNT(num_pio_regions),
	[JH_SECTION_PCI_DEVICE] = COUNT(num_pci_devices),
	[JH_SECTION_PCI_CAP] = COUNT(num_pci_caps),
	[JH_SECTION_STREAM_ID] = COUNT(num_stream_ids),
};

int jh_config_refuse(struct jailhouse_reason *reason, uint32_t code, uint32_t field, uint64_t arg0,
		     uint64_t arg1)
{
	memset(reason, 0, sizeof(*reason));
	reason->code = code;
	reason->error = -EINVAL;
	reason->item = JAILHOUSE_ITEM_FIELD;
	reason->index = field;
	reason->arg[0] = arg0;
	reason->arg[1] = arg1;
	return -EINVAL;
}

/* Up to eight characters as one argument, for the sentences. */
static uint64_t text_arg(const char *text)
{
	uint64_t arg = 0;
	unsigned int n;

	for (n = 0; n < 8 && text[n]; n++)
		arg |= (uint64_t)(unsigned char)text[n] << (8 * n);
	return arg;
}

/* Signature, architecture and revision stand at the same place in both kinds. */
static int check_head(const struct jailhouse_cell_desc *head, enum jh_config_kind kind,
		      struct jailhouse_reason *reason)
{
	const char *signature = JAILHOUSE_CELL_DESC_SIGNATURE;
	const char *name = "cell";

	if (kind == JH_CONFIG_SYSTEM) {
		signature = JAILHOUSE_SYSTEM_SIGNATURE;
		name = "system";
	}
	if (memcmp(head->signature, signature, sizeof(head->signature)) != 0)
		return jh_config_refuse(reason, JAILHOUSE_REASON_CONFIG_SIGNATURE, COUNT(signature),
					text_arg(name), 0);
	if (head->revision != JAILHOUSE_CONFIG_REVISION)
		return jh_config_refuse(reason, JAILHOUSE_REASON_CONFIG_REVISION, COUNT(revision),
					head->revision, JAILHOUSE_CONFIG_REVISION);
	return 0;
}

/*
 * Lays out the arrays that start at `offset`. The whole must be expressible in 32 bits, which is
 * what driver and hypervisor count with.
 */
static int place_sections(const uint8_t *data, size_t size, uint32_t cell_offset, uint32_t offset,
			  struct jh_config *config, struct jailhouse_reason *reason)
{
	uint64_t end = offset;
	unsigned int n;
	uint32_t count;

	for (n = 0; n < JH_NUM_SECTIONS; n++) {
		memcpy(&count, (const uint8_t *)config->cell + count_offset[n],
		       sizeof(count));
		if (count > (UINT32_MAX - end) / jh_section_element_size(n)) {
			jh_config_refuse(reason, JAILHOUSE_REASON_CONFIG_COUNTS,
					 cell_offset + count_offset[n],
					 cell_offset + count_offset[n], count);
			reason->arg[2] = (UINT32_MAX - end) / jh_section_element_size(n);
			return -EINVAL;
		}
		config->section[n].count = count;
		/* Beyond the buffer this is refused below, before anyone sees it. */
		config->section[n].start = end <= size ? data + end : NULL;
		end += (uint64_t)count * jh_section_element_size(n);
	}
	if (end > size)
		return jh_config_refuse(reason, JAILHOUSE_REASON_CONFIG_TRUNCATED, size, size, end);
	config->size = end;
	return 0;
}

static int check_cpu_set(const struct jh_config *config, uint32_t cell_offset,
			 struct jailhouse_reason *reason)
{
	uint32_t size = config->section[JH_SECTION_CPU_SET].count;
	const uint8_t *set = config->section[JH_SECTION_CPU_SET].start;
	uint32_t field = cell_offset + COUNT(cpu_set_size);
	uint32_t n;

	if (size > MAX_CPU_SET_SIZE)
		return jh_config_refuse(reason, JAILHOUSE_REASON_CPU_SET_TOO_LARGE, field, size,
					MAX_CPU_SET_SIZE);
	for (n = 0; n < size; n++)
		if (set[n])
			return 0;
	return jh_config_refuse(reason, JAILHOUSE_REASON_CPU_SET_EMPTY, field, 0, 0);
}

int jh_config_parse(const void *data, size_t size, enum jh_config_kind kind,
		    struct jh_config *ret_config, struct jailhouse_reason *reason)
{
	uint32_t head_size = sizeof(struct jailhouse_cell_desc);
	uint32_t cell_offset = 0;
	struct jh_config config = {0};
	int err;

	if (kind == JH_CONFIG_SYSTEM) {
		head_size = sizeof(struct jailhouse_system);
		cell_offset = offsetof(struct jailhouse_system, root_cell);
	}
	/* Too short for the kind but with the other's signature: say rather that than "truncated".
	 */
	if (size >= sizeof(struct jailhouse_cell_desc)) {
		err = check_head(data, kind, reason);
		if (err)
			return err;
	}
	if (size < head_size)
		return jh_config_refuse(reason, JAILHOUSE_REASON_CONFIG_TRUNCATED, size, size,
					head_size);

	config.cell = (const void *)((const uint8_t *)data + cell_offset);
	if (kind == JH_CONFIG_SYSTEM)
		config.system = data;
	config.architecture = ((const struct jailhouse_cell_desc *)data)->architecture;

	err = place_sections(data, size, cell_offset, head_size, &config, reason);
	if (!err)
		err = check_cpu_set(&config, cell_offset, reason);
	if (!err && kind == JH_CONFIG_CELL && config.cell->name[0] == '\0')
		err = jh_config_refuse(reason, JAILHOUSE_REASON_CONFIG_NAME_EMPTY, COUNT(name), 0,
				       0);
	if (!err)
		*ret_config = config;
	return err;
}

uint32_t jh_section_count_offset(uint32_t section)
{
	return count_offset[section];
}

int jh_config_check_architecture(const struct jh_config *config, struct jailhouse_reason *reason)
{
	if (config->architecture <= JAILHOUSE_ARM64)
		return 0;
	return jh_config_refuse(reason, JAILHOUSE_REASON_CONFIG_ARCHITECTURE_UNKNOWN,
				COUNT(architecture), config->architecture, 0);
}

int jh_config_check_machine(const struct jh_config *config, unsigned int arch,
			    struct jailhouse_reason *reason)
{
	if (arch == JH_ARCH_SIM)
		return jh_config_check_architecture(config, reason);
	if (config->architecture == arch)
		return 0;
	return jh_config_refuse(reason, JAILHOUSE_REASON_CONFIG_ARCHITECTURE, COUNT(architecture),
				config->architecture, arch);
}
