/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Starts the other CPUs of the cell one after the other and interrupts each of them. */
#include <inmate.h>

static volatile unsigned int cpus_ready;

static void ipi_handler(unsigned int irq)
{
	if (irq == INMATE_IPI)
		printk("Received IPI on %d\n", cpu_id());
}

static void secondary_main(void)
{
	printk("Hello from CPU %d!\n", cpu_id());

	irq_init(ipi_handler);
	irq_enable(INMATE_IPI);
	enable_irqs();
	__atomic_add_fetch(&cpus_ready, 1, __ATOMIC_SEQ_CST);
	halt();
}

void inmate_main(void)
{
	unsigned int n;

	printk("SMP demo, primary CPU: %d\n", cpu_id());
	irq_init(ipi_handler);

	printk("Waiting for the rest...\n");
	smp_wait_for_all_cpus();
	printk("Found %d other CPU(s)\n", smp_num_cpus - 1);

	for (n = 1; n < smp_num_cpus; n++) {
		printk(" Starting CPU %d\n", smp_cpu_ids[n]);
		smp_start_cpu(smp_cpu_ids[n], secondary_main);
		while (cpus_ready < n)
			cpu_relax();
		irq_send_ipi(smp_cpu_ids[n], INMATE_IPI);
	}
}
