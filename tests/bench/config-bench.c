/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What configurations cost the host.
 *
 * config-bench iterate FILE: parses it and looks at every element in iterate(), whose instructions
 *	callgrind counts; prints the allocations that this took
 * config-bench check REGIONS: checks a system with so many memory regions in three cells; prints
 *	milliseconds, the median of seven
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jailhouse/check.h>
#include <jailhouse/config.h>

#define NUM_RUNS  7
#define NUM_CELLS 3

static unsigned long allocations;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size)
{
	allocations++;
	return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	allocations++;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	allocations++;
	return __real_realloc(old, size);
}

static void require(int condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "config-bench: %s\n", what);
	exit(1);
}

/* Not inlined, so that callgrind finds it. */
__attribute__((noinline)) static unsigned int iterate(const void *data, size_t size)
{
	struct jailhouse_config_pci_device device;
	struct jailhouse_config_memory memory;
	struct jailhouse_config_irqchip chip;
	struct jailhouse_config_system system;
	struct jailhouse_config_iommu iommu;
	struct jailhouse_config_cache cache;
	struct jailhouse_config_pci_cap cap;
	struct jailhouse_config_cell cell;
	struct jailhouse_config_pio pio;
	struct jailhouse_config config;
	unsigned int seen = 0;
	uint32_t n, id;
	int32_t cpu;

	if (jailhouse_config_parse(data, size, &config, NULL) != 0)
		return 0;
	jailhouse_config_get_system(&config, &system);
	jailhouse_config_get_cell(&config, &cell);
	for (n = 0; jailhouse_config_get_iommu(&config, n, &iommu) == 0; n++)
		seen++;
	for (cpu = jailhouse_config_next_cpu(&config, 0); cpu >= 0;
	     cpu = jailhouse_config_next_cpu(&config, cpu + 1))
		seen++;
	for (n = 0; jailhouse_config_get_memory(&config, n, &memory) == 0; n++)
		seen++;
	for (n = 0; jailhouse_config_get_cache(&config, n, &cache) == 0; n++)
		seen++;
	for (n = 0; jailhouse_config_get_irqchip(&config, n, &chip) == 0; n++)
		seen++;
	for (n = 0; jailhouse_config_get_pio(&config, n, &pio) == 0; n++)
		seen++;
	for (n = 0; jailhouse_config_get_pci_device(&config, n, &device) == 0; n++)
		seen++;
	for (n = 0; jailhouse_config_get_pci_cap(&config, n, &cap) == 0; n++)
		seen++;
	for (n = 0; jailhouse_config_get_stream_id(&config, n, &id) == 0; n++)
		seen++;
	return seen;
}

static void run_iterate(const char *path)
{
	static unsigned char data[65536];
	FILE *file = fopen(path, "rb");
	size_t size;
	unsigned int seen;

	require(file != NULL, "the file can't be opened");
	size = fread(data, 1, sizeof(data), file);
	fclose(file);
	allocations = 0;
	seen = iterate(data, size);
	require(seen > 0, "this is no configuration");
	printf("read-allocations %lu elements %u\n", allocations, seen);
}

/* Regions of 4 KiB each: all of them in the root cell, and a part of them in each of the cells. */
static struct jailhouse_builder *make_config(uint32_t kind, unsigned int index,
					     unsigned long regions)
{
	struct jailhouse_config_cell cell = {.name = "root"};
	struct jailhouse_config_memory memory = {.size = 4096, .flags = 7};
	struct jailhouse_builder *builder;
	unsigned long n;

	require(jailhouse_builder_new(kind, 0, &builder, NULL) == 0, "no memory");
	if (kind == JAILHOUSE_CONFIG_CELL)
		snprintf(cell.name, sizeof(cell.name), "cell-%u", index);
	jailhouse_builder_set_cell(builder, &cell);
	for (n = 0; n <= NUM_CELLS; n++)
		if (kind == JAILHOUSE_CONFIG_SYSTEM || n == index)
			require(jailhouse_builder_set_cpu(builder, (uint32_t)n, 1, NULL) == 0,
				"no memory");
	for (n = 0; n < regions; n++) {
		/* Not neighbours, and not in the order of addresses. */
		memory.phys_start = 0x100000 + (n * 7919 % regions) * 8192;
		memory.virt_start = memory.phys_start;
		if (kind == JAILHOUSE_CONFIG_CELL &&
		    memory.phys_start / 8192 % NUM_CELLS != index - 1)
			continue;
		require(jailhouse_builder_set_memory(builder, JAILHOUSE_CONFIG_END, &memory,
						     NULL) == 0,
			"no memory");
	}
	return builder;
}

static double milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int by_value(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

/* Half of the regions are the root cell's, the others lie in them. */
static void run_check(unsigned long regions)
{
	struct jailhouse_builder *builder[1 + NUM_CELLS];
	struct jailhouse_config config[1 + NUM_CELLS];
	struct jailhouse_report *report;
	double took[NUM_RUNS], start;
	unsigned long total = 0;
	unsigned int n;

	for (n = 0; n <= NUM_CELLS; n++) {
		builder[n] = make_config(n == 0 ? JAILHOUSE_CONFIG_SYSTEM : JAILHOUSE_CONFIG_CELL,
					 n, regions / 2);
		require(jailhouse_builder_get_config(builder[n], &config[n], NULL, NULL) == 0,
			"no configuration");
		total += config[n].count[JAILHOUSE_SECTION_MEMORY];
	}
	require(total >= regions - 1 && total <= regions, "other regions than asked for");
	for (n = 0; n < NUM_RUNS; n++) {
		start = milliseconds();
		require(jailhouse_check(config, 1 + NUM_CELLS, NULL, &report, NULL) == 0,
			"no report");
		took[n] = milliseconds() - start;
		jailhouse_report_free(report);
	}
	qsort(took, NUM_RUNS, sizeof(took[0]), by_value);
	printf("check-%lu milliseconds %.3f\n", regions, took[NUM_RUNS / 2]);
	for (n = 0; n <= NUM_CELLS; n++)
		jailhouse_builder_free(builder[n]);
}

int main(int argc, char **argv)
{
	require(argc == 3, "iterate FILE, or check REGIONS");
	if (strcmp(argv[1], "iterate") == 0)
		run_iterate(argv[2]);
	else
		run_check(strtoul(argv[2], NULL, 10));
	return 0;
}
