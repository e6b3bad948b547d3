/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Any bytes as a configuration of both kinds: what the parser accepts lies inside the buffer, to
 * the last byte of each section, and what it refuses has a reason that makes a sentence. A builder
 * gives back what it got, also after elements came and went. The checker survives all of it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/config.h>
#include <jailhouse/reason-text.h>

#include "config/parse.h"

static const uint32_t element_size[JH_NUM_SECTIONS] = {
	[JH_SECTION_CPU_SET] = 1,
	[JH_SECTION_MEMORY] = sizeof(struct jailhouse_memory),
	[JH_SECTION_CACHE] = sizeof(struct jailhouse_cache),
	[JH_SECTION_IRQCHIP] = sizeof(struct jailhouse_irqchip),
	[JH_SECTION_PIO] = sizeof(struct jailhouse_pio),
	[JH_SECTION_PCI_DEVICE] = sizeof(struct jailhouse_pci_device),
	[JH_SECTION_PCI_CAP] = sizeof(struct jailhouse_pci_capability),
	[JH_SECTION_STREAM_ID] = sizeof(union jailhouse_stream_id),
};

static void require(int condition)
{
	if (!condition)
		abort();
}

/* The sections follow each other without a gap and end where the size says. Reads every byte. */
static void check_sections(const struct jh_config *config, const uint8_t *data, size_t size)
{
	const uint8_t *at = (const uint8_t *)(config->cell + 1);
	size_t sum = 0;
	size_t n, i;

	for (n = 0; n < JH_NUM_SECTIONS; n++) {
		size_t bytes = (size_t)config->section[n].count * element_size[n];

		require(config->section[n].start == at);
		require(bytes <= size - (size_t)(at - data));
		for (i = 0; i < bytes; i++)
			sum += at[i];
		at += bytes;
	}
	require((size_t)(at - data) == config->size && config->size <= size);
	/* So that the compiler reads, too. */
	require(sum <= size * 255);
}

static void parse(const uint8_t *data, size_t size, enum jh_config_kind kind)
{
	char text[JAILHOUSE_REASON_TEXT_SIZE];
	struct jailhouse_reason reason;
	struct jh_config config;

	if (jh_config_parse(data, size, kind, &config, &reason) == 0) {
		require((config.system != NULL) == (kind == JH_CONFIG_SYSTEM));
		check_sections(&config, data, size);
		/* One byte less must be noticed. */
		require(jh_config_parse(data, config.size - 1, kind, &config, &reason) != 0);
	}
	if (jh_config_parse(data, size, kind, &config, &reason) != 0) {
		require(reason.code != 0 && reason.error < 0);
		require(jailhouse_reason_format(text, sizeof(text), &reason) < sizeof(text));
	}
}

/* Every getter reads up to its last element, and not behind it. */
static void read_all(const struct jailhouse_config *config)
{
	const uint32_t *count = config->count;
	struct jailhouse_config_pci_device device;
	struct jailhouse_config_memory memory;
	struct jailhouse_config_system system;
	struct jailhouse_config_pci_cap cap;
	struct jailhouse_config_cell cell;
	struct jailhouse_config_pio pio;
	uint32_t n, id;
	int32_t cpu;

	for (n = 0; jailhouse_config_get_memory(config, n, &memory) == 0; n++)
		;
	require(n == count[JAILHOUSE_SECTION_MEMORY]);
	for (n = 0; jailhouse_config_get_pci_device(config, n, &device) == 0; n++)
		;
	require(n == count[JAILHOUSE_SECTION_PCI_DEVICE]);
	for (n = 0; jailhouse_config_get_pci_cap(config, n, &cap) == 0; n++)
		;
	require(n == count[JAILHOUSE_SECTION_PCI_CAP]);
	for (n = 0; jailhouse_config_get_pio(config, n, &pio) == 0; n++)
		;
	require(n == count[JAILHOUSE_SECTION_PIO]);
	for (n = 0; jailhouse_config_get_stream_id(config, n, &id) == 0; n++)
		;
	require(n == count[JAILHOUSE_SECTION_STREAM_ID]);
	cpu = jailhouse_config_next_cpu(config, 0);
	require(cpu >= 0 && cpu < (int32_t)(count[JAILHOUSE_SECTION_CPU_SET] * 8));
	require(jailhouse_config_get_cell(config, &cell) == 0);
	require((jailhouse_config_get_system(config, &system) == 0) ==
		(config->kind == JAILHOUSE_CONFIG_SYSTEM));
}

static void build(const uint8_t *data, size_t size)
{
	struct jailhouse_config config, again;
	struct jailhouse_builder *builder;
	struct jailhouse_report *report;
	size_t again_size;
	uint32_t section;

	if (jailhouse_config_parse(data, size, &config, NULL) != 0)
		return;
	read_all(&config);
	require(jailhouse_check(&config, 1, NULL, &report, NULL) == 0);
	jailhouse_report_free(report);
	require(jailhouse_builder_new_from(&config, &builder, NULL) == 0);
	for (section = 0; section < JAILHOUSE_NUM_SECTIONS; section++) {
		uint32_t place = config.count[section] / 2;

		require(jailhouse_builder_insert(builder, section, place, 3, NULL) == 0);
		require(jailhouse_builder_remove(builder, section, place, 3) == 0);
	}
	require(jailhouse_builder_get_config(builder, &again, &again_size, NULL) == 0);
	require(again_size == size && memcmp(again.data, data, size) == 0);
	jailhouse_builder_free(builder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	parse(data, size, JH_CONFIG_CELL);
	parse(data, size, JH_CONFIG_SYSTEM);
	build(data, size);
	return 0;
}
