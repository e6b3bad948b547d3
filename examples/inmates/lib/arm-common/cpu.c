/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The boot CPU, between the start code and inmate_main(). */
#include <inmate.h>

#define AFFINITY_0_TO_2 0xffffff

unsigned int cpu_id(void)
{
	unsigned long mpidr;

	arm_read_sysreg(MPIDR, mpidr);
	return mpidr & AFFINITY_0_TO_2;
}

void cell_fail(void)
{
	comm_region->cell_state = JAILHOUSE_CELL_FAILED;
	stop();
}

/* Called by the start code once MMU and caches are on. */
void arch_cpu_init(void);
void arch_cpu_init(void)
{
	if (memcmp(comm_region->signature, COMM_REGION_MAGIC, sizeof(comm_region->signature)) != 0 ||
	    comm_region->revision != COMM_REGION_ABI_REVISION) {
		comm_region->cell_state = JAILHOUSE_CELL_FAILED_COMM_REV;
		stop();
	}
	smp_num_cpus = 1;
	smp_cpu_ids[0] = cpu_id();
}
