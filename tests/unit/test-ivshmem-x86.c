// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* ivshmem.c of x86: what a guest's message becomes, and who gets the interrupt. */
#include "fake-x86/fake.h"
#include <hypervisor/arch/ivshmem.h>

#define MSI(cpu_id) (0xfee00000U | FAKE_APIC_ID(cpu_id) << 12)
#define LOGICAL     4U
#define INVALID     MSI(1)

/* With its destination in logical mode, or not at all */
bool arch_msi_translate(struct cell *cell, u64 address, u32 data, u64 *ret_address, u32 *ret_data)
{
	(void)cell;
	*ret_address = address;
	*ret_data = data;
	return address != INVALID;
}

u32 cell_logical_bit(const struct cell *cell, const struct percpu *cpu)
{
	(void)cell;
	return 1U << cpu->id;
}

static void a_message_becomes_an_ipi(void **state)
{
	u32 irq = arch_ivshmem_message(&fake.cell, MSI(3), 0x4051);

	(void)state;
	assert_int_not_equal(irq, IVSHMEM_IRQ_NONE);
	assert_int_not_equal(irq, IVSHMEM_IRQ_INVALID);
	arch_ivshmem_raise(ROOT_CPU, &fake.cell, irq);
	assert_int_equal(fake.num_icr_sent, 1);
	assert_int_equal(fake.icr_sent >> 32, FAKE_APIC_ID(3));
	/* Whatever else the message asks for: fixed, edge triggered, its vector */
	assert_int_equal((u32)fake.icr_sent & ~0x4000U, 0x51);
}

static void one_of_several_cpus_gets_it(void **state)
{
	u32 irq = arch_ivshmem_message(&fake.cell, 0xfee00000U | LOGICAL | 0xf << 12, 0x51);

	(void)state;
	arch_ivshmem_raise(ROOT_CPU, &fake.cell, irq);
	assert_int_equal(fake.num_icr_sent, 1);
	assert_int_equal(fake.icr_sent >> 32, FAKE_APIC_ID(2));
	irq = arch_ivshmem_message(&fake.cell, 0xfee00000U | LOGICAL | 1 << 3 << 12, 0x51);
	arch_ivshmem_raise(ROOT_CPU, &fake.cell, irq);
	assert_int_equal(fake.icr_sent >> 32, FAKE_APIC_ID(3));
}

static void foreign_cpus_get_nothing(void **state)
{
	(void)state;
	assert_int_equal(arch_ivshmem_message(&fake.cell, INVALID, 0x51), IVSHMEM_IRQ_INVALID);
	assert_int_equal(arch_ivshmem_message(&fake.cell, MSI(0), 0x51), IVSHMEM_IRQ_NONE);
	assert_int_equal(arch_ivshmem_message(&fake.cell, 0xfee00000U | LOGICAL | 3 << 12, 0x51),
			 IVSHMEM_IRQ_NONE);
	assert_int_equal(arch_ivshmem_message(&fake.cell, 0xfeeff000U, 0x51), IVSHMEM_IRQ_NONE);
}

static void a_cpu_that_was_given_away_gets_nothing(void **state)
{
	u32 irq = arch_ivshmem_message(&fake.machine.root, MSI(0), 0x51);

	(void)state;
	fake_cpu(0)->cell = &fake.cell;
	arch_ivshmem_raise(CELL_CPU, &fake.machine.root, irq);
	assert_int_equal(fake.num_icr_sent, 0);
	fake_cpu(0)->cell = &fake.machine.root;
	arch_ivshmem_raise(CELL_CPU, &fake.machine.root, irq);
	assert_int_equal(fake.num_icr_sent, 1);
	assert_int_equal(fake.icr_sent >> 32, FAKE_APIC_ID(0));
}

static void there_are_no_lines(void **state)
{
	(void)state;
	for (unsigned int pin = 1; pin <= 4; pin++)
		assert_int_equal(arch_ivshmem_intx(&fake.cell, pin), IVSHMEM_IRQ_NONE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, fake_reset)
	const struct CMUnitTest tests[] = {
		TEST(a_message_becomes_an_ipi), TEST(one_of_several_cpus_gets_it),
		TEST(foreign_cpus_get_nothing), TEST(a_cpu_that_was_given_away_gets_nothing),
		TEST(there_are_no_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
