/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Two CPUs that send INIT to each other at the same moment, over and over. Who survives starts the
 * other again. A hypervisor that waits on one CPU for the other must not lock up; that both end up
 * waiting for SIPI is correct.
 */
#include "hostile.h"

#define ROUNDS   50
#define ICR_INIT (5 << 8)

/* Counts the CPUs that stand ready in a round. */
static volatile unsigned int ready;
static volatile unsigned int round;
static volatile u32 leader_of_next_round;

static unsigned int other_cpu(void)
{
	return smp_cpu_ids[0] == cpu_id() ? smp_cpu_ids[1] : smp_cpu_ids[0];
}

static void lead(void);

static void fight(void)
{
	unsigned int opponent = other_cpu();

	__atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
	while (ready < 2)
		cpu_relax();
	apic_send_ipi(opponent, APIC_LVL_ASSERT | ICR_INIT);

	/* Give the opponent's INIT time to arrive. */
	delay_us(5000);
	if (__atomic_exchange_n(&leader_of_next_round, 1, __ATOMIC_SEQ_CST) != 0)
		stop();
}

static void follow(void)
{
	fight();
	lead();
}

static void lead(void)
{
	while (round < ROUNDS) {
		round++;
		ready = 0;
		leader_of_next_round = 0;
		smp_start_cpu(other_cpu(), follow);
		fight();
	}
	SURVIVED("%u rounds, the last winner is CPU %u", round, cpu_id());
	heartbeat();
}

void mutual_init(void)
{
	smp_wait_for_all_cpus();
	if (smp_num_cpus < 2) {
		UNEXPECTED("needs 2 CPUs");
		return;
	}
	lead();
}
