/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where the parts of a configuration lie. */
#ifndef LIB_CONFIG_SECTIONS_H
#define LIB_CONFIG_SECTIONS_H

#include <stddef.h>
#include <stdint.h>

#include <jailhouse/cell-config.h>
#include <jailhouse/config.h>

/* Bytes in front of the first section. */
static inline size_t jh_head_size(uint32_t kind)
{
	return kind == JAILHOUSE_CONFIG_SYSTEM ? sizeof(struct jailhouse_system)
					       : sizeof(struct jailhouse_cell_desc);
}

/* The cell's description; of a system configuration that of the root cell. */
const struct jailhouse_cell_desc *jh_config_head(const struct jailhouse_config *config);

/* Bytes of one element. */
static inline uint32_t jh_section_element_size(uint32_t section)
{
	static const uint8_t element_size[JAILHOUSE_NUM_SECTIONS] = {
		[JAILHOUSE_SECTION_CPU_SET] = 1,
		[JAILHOUSE_SECTION_MEMORY] = sizeof(struct jailhouse_memory),
		[JAILHOUSE_SECTION_CACHE] = sizeof(struct jailhouse_cache),
		[JAILHOUSE_SECTION_IRQCHIP] = sizeof(struct jailhouse_irqchip),
		[JAILHOUSE_SECTION_PIO] = sizeof(struct jailhouse_pio),
		[JAILHOUSE_SECTION_PCI_DEVICE] = sizeof(struct jailhouse_pci_device),
		[JAILHOUSE_SECTION_PCI_CAP] = sizeof(struct jailhouse_pci_capability),
		[JAILHOUSE_SECTION_STREAM_ID] = sizeof(union jailhouse_stream_id),
	};

	return element_size[section];
}

/* Offset of the section's count in struct jailhouse_cell_desc. */
uint32_t jh_section_count_offset(uint32_t section);

/* Offset of the section from the start; with JAILHOUSE_NUM_SECTIONS of the end of all. */
static inline uint64_t jh_section_offset(uint32_t kind, const uint32_t *count, uint32_t section)
{
	uint64_t offset = jh_head_size(kind);

#define JH_BEHIND(n)         \
	if (section > (n))   \
		offset += (uint64_t)count[n] * jh_section_element_size(n)
	/* Not a loop, so that sizes are constants: it is half of what reading costs. */
	JH_BEHIND(0);
	JH_BEHIND(1);
	JH_BEHIND(2);
	JH_BEHIND(3);
	JH_BEHIND(4);
	JH_BEHIND(5);
	JH_BEHIND(6);
	JH_BEHIND(7);
#undef JH_BEHIND
	return offset;
}

/* Reads an element into its structure in <jailhouse/config.h>; see the getters. */
int jh_get_element(const struct jailhouse_config *config, uint32_t section, uint32_t index,
		   void *ret);

/* The same in the other direction; see the builder's setters. */
int jh_set_element(struct jailhouse_builder *builder, uint32_t section, uint32_t index,
		   const void *ours, struct jailhouse_error *error);

/* The builder's bytes, valid or not, and its counts. */
const uint8_t *jh_builder_data(const struct jailhouse_builder *builder);
uint32_t jh_builder_count(const struct jailhouse_builder *builder, uint32_t section);

#endif /* !LIB_CONFIG_SECTIONS_H */
