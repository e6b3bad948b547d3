/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Lists the cells of this machine, and why their CPUs have failed. */
#include <stdio.h>
#include <stdlib.h>

#include <jailhouse/jailhouse.h>

/* Enough for the CPUs of most machines; the library tells if there are more. */
#define MASK_WORDS 4

static void print_failure(struct jailhouse *jh, unsigned int cpu)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_failure *failure;

	switch (jailhouse_failure_get(jh, cpu, &failure, &error)) {
	case 1:
		printf("\tCPU %u failed: %s\n", cpu, jailhouse_failure_get_text(failure));
		jailhouse_failure_free(failure);
		break;
	case 0:
		break;
	default:
		printf("\tCPU %u failed (%s)\n", cpu, error.text);
		break;
	}
}

static void print_cell(struct jailhouse *jh, const struct jailhouse_cell *cell)
{
	uint64_t cpus[MASK_WORDS], failed[MASK_WORDS];
	unsigned int cpu;

	jailhouse_cell_get_cpus(cell, cpus, MASK_WORDS);
	jailhouse_cell_get_failed_cpus(cell, failed, MASK_WORDS);
	printf("%u %s: %s, CPUs", jailhouse_cell_get_id(cell), jailhouse_cell_get_name(cell),
	       jailhouse_state_get_name(jailhouse_cell_get_state(cell)));
	for (cpu = 0; cpu < MASK_WORDS * 64; cpu++)
		if (cpus[cpu / 64] >> (cpu % 64) & 1)
			printf(" %u", cpu);
	printf("\n");
	for (cpu = 0; cpu < MASK_WORDS * 64; cpu++)
		if (failed[cpu / 64] >> (cpu % 64) & 1)
			print_failure(jh, cpu);
}

int main(void)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_cells *cells;
	struct jailhouse *jh;
	size_t n;

	if (jailhouse_open(NULL, &jh, &error) < 0 || jailhouse_cells_get(jh, &cells, &error) < 0) {
		fprintf(stderr, "%s\n", error.text);
		return EXIT_FAILURE;
	}
	for (n = 0; n < jailhouse_cells_get_count(cells); n++)
		print_cell(jh, jailhouse_cells_get_cell(cells, n));
	jailhouse_cells_free(cells);
	jailhouse_close(jh);
	return EXIT_SUCCESS;
}
