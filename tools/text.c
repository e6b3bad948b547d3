/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Text for people. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "json.h"

const char *cli_printable(const char *text, char *buffer, size_t size)
{
	size_t used = 0;

	for (; *text; text++) {
		unsigned char c = *text;
		char piece[8];
		size_t len;

		if (c >= 0x20 && c < 0x7f)
			len = snprintf(piece, sizeof(piece), "%c", c);
		else
			len = snprintf(piece, sizeof(piece), "\\x%02x", c);
		if (used + len >= size)
			break;
		memcpy(buffer + used, piece, len);
		used += len;
	}
	buffer[used] = '\0';
	return buffer;
}

static bool has_cpu(const uint64_t *mask, size_t words, size_t cpu)
{
	return cpu < words * 64 && mask[cpu / 64] >> (cpu % 64) & 1;
}

char *cli_cpu_list(const uint64_t *mask, size_t words)
{
	char *list = NULL;
	size_t size, cpu, last;
	FILE *to = open_memstream(&list, &size);

	if (!to)
		return NULL;
	for (cpu = 0; cpu < words * 64; cpu = last + 1) {
		last = cpu;
		if (!has_cpu(mask, words, cpu))
			continue;
		while (has_cpu(mask, words, last + 1))
			last++;
		fprintf(to, "%s%zu", ftell(to) > 0 ? "," : "", cpu);
		if (last > cpu)
			fprintf(to, "-%zu", last);
	}
	if (fclose(to) != 0) {
		free(list);
		return NULL;
	}
	return list;
}

uint64_t *cli_cell_mask(const struct jailhouse_cell *cell, bool failed, size_t *ret_words)
{
	size_t (*get)(const struct jailhouse_cell *, uint64_t *, size_t) =
		failed ? jailhouse_cell_get_failed_cpus : jailhouse_cell_get_cpus;
	size_t words = get(cell, NULL, 0);
	uint64_t *mask = calloc(words + 1, sizeof(*mask));

	if (!mask)
		return NULL;
	get(cell, mask, words);
	*ret_words = words;
	return mask;
}

const char *cli_isolation(uint32_t isolation, char *buffer, size_t size)
{
	static const struct {
		uint32_t bit;
		const char *text;
	} bits[] = {
		{JAILHOUSE_ISOLATION_NO_DMA, "no DMA protection"},
		{JAILHOUSE_ISOLATION_NO_MSI_REMAP, "no MSI remapping"},
	};
	size_t n, used = 0;

	if (isolation & JAILHOUSE_ISOLATION_UNKNOWN)
		return "unknown";
	buffer[0] = '\0';
	for (n = 0; n < CLI_ARRAY_SIZE(bits) && used < size; n++)
		if (isolation & bits[n].bit)
			used += snprintf(buffer + used, size - used, "%s%s", used ? ", " : "",
					 bits[n].text);
	return used ? buffer : "complete";
}

bool cli_json_cell(struct json *json, const struct jailhouse_cell *cell)
{
	size_t cpu_words = 0, failed_words = 0;
	uint64_t *cpus = cli_cell_mask(cell, false, &cpu_words);
	uint64_t *failed = cli_cell_mask(cell, true, &failed_words);
	uint32_t isolation = jailhouse_cell_get_isolation(cell);
	bool ok = cpus && failed;

	if (ok) {
		json_number(json, "id", jailhouse_cell_get_id(cell));
		json_string(json, "name", jailhouse_cell_get_name(cell));
		json_string(json, "state",
			    jailhouse_state_get_name(jailhouse_cell_get_state(cell)));
		json_mask(json, "cpus_assigned", cpus, cpu_words);
		json_mask(json, "cpus_failed", failed, failed_words);
		json_hex(json, "flags", jailhouse_cell_get_flags(cell));
		cli_json_isolation(json, isolation);
	}
	free(cpus);
	free(failed);
	return ok;
}

void cli_json_isolation(struct json *json, uint32_t isolation)
{
	if (isolation & JAILHOUSE_ISOLATION_UNKNOWN) {
		json_string(json, "isolation", "unknown");
		return;
	}
	json_open_object(json, "isolation");
	json_bool(json, "dma", !(isolation & JAILHOUSE_ISOLATION_NO_DMA));
	json_bool(json, "msi_remapping", !(isolation & JAILHOUSE_ISOLATION_NO_MSI_REMAP));
	json_close_object(json);
}
