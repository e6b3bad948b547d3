/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Configurations in the making. The builder holds the very bytes that it will give away, with
 * counts that always fit, so nothing has to be put together at the end, and what has no name
 * survives.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/fields.h"
#include "config/parse.h"
#include "config/sections.h"
#include "internal.h"

/* The CPU set is a string of words of this size; the hypervisor takes any, existing programs write
 * this. */
#define CPU_SET_STEP 8

struct jailhouse_builder {
	uint32_t kind;
	uint32_t architecture;
	uint32_t count[JAILHOUSE_NUM_SECTIONS];
	uint8_t *data;
	size_t size; /* trailing bytes included */
	size_t room;
};

static struct jailhouse_cell_desc *head_of(const struct jailhouse_builder *builder)
{
	return (void *)(builder->data + (builder->kind == JAILHOUSE_CONFIG_SYSTEM
						 ? offsetof(struct jailhouse_system, root_cell)
						 : 0));
}

/* End of the last section, where trailing bytes start. */
static size_t length_of(const struct jailhouse_builder *builder)
{
	return jh_section_offset(builder->kind, builder->count, JAILHOUSE_NUM_SECTIONS);
}

static int make_room(struct jailhouse_builder *builder, size_t size, struct jailhouse_error *error)
{
	size_t room = builder->room;
	uint8_t *data;

	if (size <= room)
		return 0;
	room = size + size / 2;
	data = realloc(builder->data, room);
	if (!data)
		return jh_error_no_memory(error);
	builder->data = data;
	builder->room = room;
	return 0;
}

static struct jailhouse_builder *builder_alloc(uint32_t kind, uint32_t architecture, size_t size)
{
	struct jailhouse_builder *builder = calloc(1, sizeof(*builder));

	if (!builder)
		return NULL;
	builder->kind = kind;
	builder->architecture = architecture;
	builder->size = size;
	builder->room = size;
	builder->data = calloc(1, size);
	if (!builder->data) {
		free(builder);
		return NULL;
	}
	return builder;
}

int jailhouse_builder_new(uint32_t kind, uint32_t architecture,
			  struct jailhouse_builder **ret_builder, struct jailhouse_error *error)
{
	const char *signature = kind == JAILHOUSE_CONFIG_SYSTEM ? JAILHOUSE_SYSTEM_SIGNATURE
								: JAILHOUSE_CELL_DESC_SIGNATURE;
	struct jailhouse_builder *builder;
	struct jailhouse_cell_desc *first;

	if (!ret_builder)
		return jh_error_argument(error, "ret_builder is NULL");
	if (kind > JAILHOUSE_CONFIG_CELL)
		return jh_error_argument(error, "unknown kind of configuration");
	if (architecture > JAILHOUSE_ARM64)
		return jh_error_argument(error, "unknown architecture");
	builder = builder_alloc(kind, architecture, jh_head_size(kind));
	if (!builder)
		return jh_error_no_memory(error);
	/* Signature, architecture and revision stand at the same place in both kinds. */
	first = (void *)builder->data;
	memcpy(first->signature, signature, sizeof(first->signature));
	first->architecture = architecture;
	first->revision = JAILHOUSE_CONFIG_REVISION;
	*ret_builder = builder;
	return 0;
}

int jailhouse_builder_new_from(const struct jailhouse_config *config,
			       struct jailhouse_builder **ret_builder,
			       struct jailhouse_error *error)
{
	struct jailhouse_builder *builder;
	size_t size;

	if (!config || !ret_builder)
		return jh_error_argument(error, config ? "ret_builder is NULL" : "config is NULL");
	size = (size_t)(config->length + config->trailing);
	builder = builder_alloc(config->kind, config->architecture, size);
	if (!builder)
		return jh_error_no_memory(error);
	memcpy(builder->count, config->count, sizeof(builder->count));
	memcpy(builder->data, config->data, size);
	*ret_builder = builder;
	return 0;
}

void jailhouse_builder_free(struct jailhouse_builder *builder)
{
	if (!builder)
		return;
	free(builder->data);
	free(builder);
}

int jailhouse_builder_set_system(struct jailhouse_builder *builder,
				 const struct jailhouse_config_system *system)
{
	if (!builder || !system || builder->kind != JAILHOUSE_CONFIG_SYSTEM)
		return JAILHOUSE_ERR_ARGUMENT;
	jh_fields_write(&jh_fields_system, system, builder->data);
	jh_fields_write(jh_fields_of_platform(builder->architecture), system, builder->data);
	return 0;
}

int jailhouse_builder_set_iommu(struct jailhouse_builder *builder, uint32_t index,
				const struct jailhouse_config_iommu *iommu)
{
	struct jailhouse_iommu *unit;

	if (!builder || !iommu || builder->kind != JAILHOUSE_CONFIG_SYSTEM ||
	    index >= JAILHOUSE_CONFIG_NUM_IOMMUS)
		return JAILHOUSE_ERR_ARGUMENT;
	unit = &((struct jailhouse_system *)builder->data)->platform_info.iommu_units[index];
	jh_fields_write(&jh_fields_iommu, iommu, unit);
	jh_fields_write(jh_fields_of_iommu(iommu->type), iommu, unit);
	return 0;
}

int jailhouse_builder_set_cell(struct jailhouse_builder *builder,
			       const struct jailhouse_config_cell *cell)
{
	if (!builder || !cell)
		return JAILHOUSE_ERR_ARGUMENT;
	jh_fields_write(&jh_fields_cell, cell, head_of(builder));
	return 0;
}

static void set_count(struct jailhouse_builder *builder, uint32_t section, uint32_t count)
{
	builder->count[section] = count;
	memcpy((uint8_t *)head_of(builder) + jh_section_count_offset(section), &count,
	       sizeof(count));
}

int jailhouse_builder_insert(struct jailhouse_builder *builder, uint32_t section, uint32_t index,
			     uint32_t count, struct jailhouse_error *error)
{
	uint64_t bytes;
	uint8_t *at;
	int err;

	if (!builder)
		return jh_error_argument(error, "builder is NULL");
	if (section >= JAILHOUSE_NUM_SECTIONS)
		return jh_error_argument(error, "no such section");
	if (index == JAILHOUSE_CONFIG_END)
		index = builder->count[section];
	if (index > builder->count[section])
		return jh_error_argument(error, "index is behind the last element");
	bytes = (uint64_t)count * jh_section_element_size(section);
	if (bytes > UINT32_MAX - length_of(builder))
		return jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0,
				    "%u more elements of section \"%s\" make it larger than the "
				    "format can express",
				    count, jailhouse_section_get_name(section));
	err = make_room(builder, builder->size + bytes, error);
	if (err)
		return err;
	at = builder->data + jh_section_offset(builder->kind, builder->count, section) +
	     (size_t)index * jh_section_element_size(section);
	memmove(at + bytes, at, builder->size - (size_t)(at - builder->data));
	memset(at, 0, bytes);
	builder->size += bytes;
	set_count(builder, section, builder->count[section] + count);
	return 0;
}

int jailhouse_builder_remove(struct jailhouse_builder *builder, uint32_t section, uint32_t index,
			     uint32_t count)
{
	size_t bytes;
	uint8_t *at;

	if (!builder || section >= JAILHOUSE_NUM_SECTIONS || index > builder->count[section] ||
	    count > builder->count[section] - index)
		return JAILHOUSE_ERR_ARGUMENT;
	bytes = (size_t)count * jh_section_element_size(section);
	at = builder->data + jh_section_offset(builder->kind, builder->count, section) +
	     (size_t)index * jh_section_element_size(section);
	builder->size -= bytes;
	memmove(at, at + bytes, builder->size - (size_t)(at - builder->data));
	set_count(builder, section, builder->count[section] - count);
	return 0;
}

int jailhouse_builder_set_cpu(struct jailhouse_builder *builder, uint32_t cpu, int member,
			      struct jailhouse_error *error)
{
	uint32_t have, need;
	uint8_t *byte;
	int err;

	if (!builder)
		return jh_error_argument(error, "builder is NULL");
	if (cpu >= JH_MAX_CPUS)
		return jh_error_argument(error, "there is no CPU with such a number");
	have = builder->count[JAILHOUSE_SECTION_CPU_SET];
	need = (cpu / (8 * CPU_SET_STEP) + 1) * CPU_SET_STEP;
	if (cpu / 8 >= have) {
		if (!member)
			return 0;
		err = jailhouse_builder_insert(builder, JAILHOUSE_SECTION_CPU_SET,
					       JAILHOUSE_CONFIG_END, need - have, error);
		if (err)
			return err;
	}
	byte = builder->data +
	       jh_section_offset(builder->kind, builder->count, JAILHOUSE_SECTION_CPU_SET) +
	       cpu / 8;
	if (member)
		*byte |= 1u << (cpu % 8);
	else
		*byte &= ~(1u << (cpu % 8));
	return 0;
}

/* Writes an element; it is added first if `index` is the end. */
int jh_set_element(struct jailhouse_builder *builder, uint32_t section, uint32_t index,
		   const void *ours, struct jailhouse_error *error)
{
	const struct jh_fields *fields = jh_fields_of_section(section);
	int err;

	if (!builder || !ours)
		return jh_error_argument(error, builder ? "element is NULL" : "builder is NULL");
	if (index == JAILHOUSE_CONFIG_END) {
		index = builder->count[section];
		err = jailhouse_builder_insert(builder, section, index, 1, error);
		if (err)
			return err;
	}
	if (index >= builder->count[section])
		return jh_error_argument(error, "index is behind the last element");
	jh_fields_write(fields, ours,
			builder->data + jh_section_offset(builder->kind, builder->count, section) +
				(size_t)index * fields->their_size);
	return 0;
}

int jailhouse_builder_set_memory(struct jailhouse_builder *builder, uint32_t index,
				 const struct jailhouse_config_memory *memory,
				 struct jailhouse_error *error)
{
	return jh_set_element(builder, JAILHOUSE_SECTION_MEMORY, index, memory, error);
}

int jailhouse_builder_set_cache(struct jailhouse_builder *builder, uint32_t index,
				const struct jailhouse_config_cache *cache,
				struct jailhouse_error *error)
{
	return jh_set_element(builder, JAILHOUSE_SECTION_CACHE, index, cache, error);
}

int jailhouse_builder_set_irqchip(struct jailhouse_builder *builder, uint32_t index,
				  const struct jailhouse_config_irqchip *irqchip,
				  struct jailhouse_error *error)
{
	return jh_set_element(builder, JAILHOUSE_SECTION_IRQCHIP, index, irqchip, error);
}

int jailhouse_builder_set_pio(struct jailhouse_builder *builder, uint32_t index,
			      const struct jailhouse_config_pio *pio, struct jailhouse_error *error)
{
	return jh_set_element(builder, JAILHOUSE_SECTION_PIO, index, pio, error);
}

int jailhouse_builder_set_pci_device(struct jailhouse_builder *builder, uint32_t index,
				     const struct jailhouse_config_pci_device *device,
				     struct jailhouse_error *error)
{
	return jh_set_element(builder, JAILHOUSE_SECTION_PCI_DEVICE, index, device, error);
}

int jailhouse_builder_set_pci_cap(struct jailhouse_builder *builder, uint32_t index,
				  const struct jailhouse_config_pci_cap *cap,
				  struct jailhouse_error *error)
{
	return jh_set_element(builder, JAILHOUSE_SECTION_PCI_CAP, index, cap, error);
}

int jailhouse_builder_set_stream_id(struct jailhouse_builder *builder, uint32_t index, uint32_t id,
				    struct jailhouse_error *error)
{
	return jh_set_element(builder, JAILHOUSE_SECTION_STREAM_ID, index, &id, error);
}

int jailhouse_builder_set_trailing(struct jailhouse_builder *builder, const void *data, size_t size,
				   struct jailhouse_error *error)
{
	size_t length;
	int err;

	if (!builder || (!data && size > 0))
		return jh_error_argument(error, builder ? "data is NULL" : "builder is NULL");
	length = length_of(builder);
	if (size > SIZE_MAX / 2 - length)
		return jh_error_no_memory(error);
	err = make_room(builder, length + size, error);
	if (err)
		return err;
	if (size > 0)
		memcpy(builder->data + length, data, size);
	builder->size = length + size;
	return 0;
}

/* Does [offset, offset + size) touch [start, end)? */
static int touches(uint32_t offset, uint32_t size, uint32_t start, uint32_t end)
{
	return offset < end && start < offset + size;
}

int jailhouse_builder_set_bytes(struct jailhouse_builder *builder, uint32_t offset,
				const void *data, uint32_t size)
{
	uint32_t cell, n, count;

	if (!builder || !data || offset > jh_head_size(builder->kind) ||
	    size > jh_head_size(builder->kind) - offset)
		return JAILHOUSE_ERR_ARGUMENT;
	if (touches(offset, size, 0, offsetof(struct jailhouse_cell_desc, name)))
		return JAILHOUSE_ERR_ARGUMENT;
	cell = (uint32_t)((uint8_t *)head_of(builder) - builder->data);
	for (n = 0; n < JAILHOUSE_NUM_SECTIONS; n++) {
		count = cell + jh_section_count_offset(n);
		if (touches(offset, size, count, count + sizeof(count)))
			return JAILHOUSE_ERR_ARGUMENT;
	}
	memcpy(builder->data + offset, data, size);
	return 0;
}

const uint8_t *jh_builder_data(const struct jailhouse_builder *builder)
{
	return builder->data;
}

uint32_t jh_builder_count(const struct jailhouse_builder *builder, uint32_t section)
{
	return builder->count[section];
}

int jailhouse_builder_get_config(const struct jailhouse_builder *builder,
				 struct jailhouse_config *ret_config, size_t *ret_size,
				 struct jailhouse_error *error)
{
	int err;

	if (!builder || !ret_config)
		return jh_error_argument(error, builder ? "ret_config is NULL" : "builder is NULL");
	err = jailhouse_config_parse(builder->data, builder->size, ret_config, error);
	if (!err && ret_size)
		*ret_size = builder->size;
	return err;
}
