/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Any bytes as a configuration of both kinds: what the parser accepts lies inside the buffer, to the
 * last byte of each section, and what it refuses has a reason that makes a sentence.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	parse(data, size, JH_CONFIG_CELL);
	parse(data, size, JH_CONFIG_SYSTEM);
	return 0;
}
