/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Start of the other CPUs of the cell. */
#include <inmate.h>

#define ICR_INIT (5 << 8)
#define ICR_SIPI (6 << 8)

static void (*cpu_entry)(void);
static volatile bool cpu_running;

void smp_wait_for_all_cpus(void)
{
	while (smp_num_cpus < comm_region->num_cpus)
		cpu_relax();
}

/* Called by start-64.S on a CPU that has taken its stack. */
void smp_cpu_main(void);
void smp_cpu_main(void)
{
	void (*entry)(void) = cpu_entry;

	arch_cpu_init();
	idt_init();
	apic_init();
	cpu_running = true;
	entry();
}

void smp_start_cpu(unsigned int cpu_id, void (*entry)(void))
{
	void *memory = alloc(PAGE_SIZE, PAGE_SIZE);

	cpu_running = false;
	cpu_entry = entry;
	__atomic_store_n(&stack, (char *)memory + PAGE_SIZE, __ATOMIC_RELEASE);

	/* Times of the MultiProcessor Specification, B.4. The SIPI vector 0 is __reset_entry. */
	apic_send_ipi(cpu_id, APIC_LVL_ASSERT | ICR_INIT);
	delay_us(10000);
	apic_send_ipi(cpu_id, APIC_LVL_ASSERT | ICR_SIPI);
	delay_us(200);
	apic_send_ipi(cpu_id, APIC_LVL_ASSERT | ICR_SIPI);

	while (!cpu_running)
		cpu_relax();
}
