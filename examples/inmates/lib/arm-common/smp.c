/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The other CPUs of the cell, through PSCI (ARM DEN 0022). */
#include "smp.h"

#define PSCI_ON      0
#define PSCI_PENDING 2 /* on its way; OFF is between the two */

#define MAX_PER_LEVEL 16

volatile u32 smp_num_cpus = 1;
unsigned int smp_cpu_ids[SMP_MAX_CPUS];

static volatile bool cpu_running;

long psci_call(unsigned long function, unsigned long arg0, unsigned long arg1, unsigned long arg2)
{
	char conduit[8];

	cmdline_parse_str("psci", conduit, sizeof(conduit), "smc");
	return arch_psci_call(strcmp(conduit, "hvc") == 0, function, arg0, arg1, arg2);
}

unsigned int smp_cpu_index(unsigned int cpu_id)
{
	unsigned int n;

	for (n = smp_num_cpus - 1; n > 0; n--)
		if (smp_cpu_ids[n] == cpu_id)
			break;
	return n;
}

static bool belongs_to_cell(unsigned int cpu_id)
{
	long state = psci_call(PSCI_AFFINITY_INFO, cpu_id, 0, 0);

	return state >= PSCI_ON && state <= PSCI_PENDING;
}

void smp_wait_for_all_cpus(void)
{
	unsigned int id, aff0, aff1, count = 1;

	for (aff1 = 0; aff1 < MAX_PER_LEVEL; aff1++) {
		for (aff0 = 0; aff0 < MAX_PER_LEVEL; aff0++) {
			id = aff1 << 8 | aff0;
			if (id != cpu_id() && count < SMP_MAX_CPUS && belongs_to_cell(id))
				smp_cpu_ids[count++] = id;
		}
	}
	smp_num_cpus = count;
}

/* Called by the start code of another CPU, on its own stack. */
void smp_cpu_main(void (*entry)(void))
{
	cpu_running = true;
	entry();
}

void smp_start_cpu(unsigned int cpu_id, void (*entry)(void))
{
	struct smp_start *start = alloc(sizeof(*start), sizeof(long) * 2);
	char *stack = alloc(PAGE_SIZE, PAGE_SIZE);
	long result;

	start->stack_top = stack + PAGE_SIZE;
	start->entry = entry;
	cpu_running = false;
	/* The other CPU reads this with its caches on. */
	dsb(ish);

	result = psci_call(PSCI_CPU_ON, cpu_id, (unsigned long)smp_entry, (unsigned long)start);
	if (result != 0) {
		printk("CPU %x cannot be started: PSCI error %ld\n", cpu_id, result);
		cell_fail();
	}
	while (!cpu_running)
		cpu_relax();
}
