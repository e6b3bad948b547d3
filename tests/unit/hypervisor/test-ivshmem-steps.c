// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A peer is reset while another one uses its registers, in each order that there is: one of both
 * runs instruction by instruction, and behind instruction n the other one runs as far as it gets,
 * which is to its end or to a lock.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <ucontext.h>
#include <unistd.h>
#include <hypervisor/unit.h>
#include "ivshmem-internal.h"
#include "ivshmem-bed.h"

#define VECTORS   2
#define PEERS     3
#define TRAP_FLAG 0x100
#define STEPPED   0 /* CPUs of the root cell that stand for those of a request and of a peer */
#define BESIDE    3
#define PATIENCE  200 /* us in which the other one comes to its end if nothing holds it */

/* In one sequence; a stride makes it so. A sanitizer has five instructions for one. */
#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define MAX_STOPS 40
#else
#define MAX_STOPS 200
#endif

/* As everything that cells use, it lives as long as the machine. */
static struct {
	struct testbed *tb;
	struct end root, one, two;
	struct ivshmem_device *dev_two;
	u32 state;
	struct percpu *accessor;
	unsigned int after_reset; /* interrupts of peer 1 until the reset had come to its end */
} bed;

/* ---- what runs ---- */

static void reset_one(void)
{
	ivshmem_unit.cell_reset(cell_by_id(bed.tb->m, 1));
	bed.after_reset = hosted_interrupts(bed.tb->hw, 1);
}

static void write_register(u32 reg, u32 value)
{
	struct mmio_access access = {
		.address = BAR0 + reg, .size = 4, .write = true, .value = value};

	ivshmem_register(bed.accessor, bed.dev_two, &access);
}

static void ring_one(void)
{
	write_register(JAILHOUSE_IVSHMEM_REG_DOORBELL, JAILHOUSE_IVSHMEM_DOORBELL(1, 1));
}

static void tell_state(void)
{
	write_register(JAILHOUSE_IVSHMEM_REG_STATE, bed.state);
}

/* ---- one in steps, the other one beside it ---- */

static struct {
	void (*stepped)(void), (*beside)(void);
	unsigned int stop_at, steps;
	u32 go, done; /* atomic */
} run;

static void beside_job(struct hosted_cpu *cpu, void *arg)
{
	(void)cpu;
	(void)arg;
	while (!__atomic_load_n(&run.go, __ATOMIC_ACQUIRE))
		usleep(1);
	run.beside();
	__atomic_store_n(&run.done, 1, __ATOMIC_RELEASE);
}

/* It may have stopped with any lock in the hands of its thread, so it takes none. */
static void on_step(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	if (run.steps++ != run.stop_at)
		return;
	((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] &= ~TRAP_FLAG;
	__atomic_store_n(&run.go, 1, __ATOMIC_RELEASE);
	for (unsigned int us = 0; us < PATIENCE && !__atomic_load_n(&run.done, __ATOMIC_ACQUIRE);
	     us += 10)
		usleep(10);
}

/* Below the red zone */
static inline void set_flags(unsigned long clear, unsigned long set)
{
	asm volatile("lea -128(%%rsp), %%rsp\n\t"
		     "pushfq\n\t"
		     "and %0, (%%rsp)\n\t"
		     "or %1, (%%rsp)\n\t"
		     "popfq\n\t"
		     "lea 128(%%rsp), %%rsp"
		     :
		     : "r"(~clear), "r"(set)
		     : "memory", "cc");
}

static void stepped_job(struct hosted_cpu *cpu, void *arg)
{
	(void)cpu;
	(void)arg;
	set_flags(0, TRAP_FLAG);
	run.stepped();
	set_flags(TRAP_FLAG, 0);
	/* Behind the last instruction of all */
	__atomic_store_n(&run.go, 1, __ATOMIC_RELEASE);
}

static void step(void (*stepped)(void), void (*beside)(void), unsigned int stop_at)
{
	memset(&run, 0, sizeof(run));
	run.stepped = stepped;
	run.beside = beside;
	run.stop_at = stop_at;
	bed.tb->m->request.holder = machine_cpu(bed.tb->m, stepped == reset_one ? STEPPED : BESIDE);
	bed.accessor = machine_cpu(bed.tb->m, stepped == reset_one ? BESIDE : STEPPED);
	assert_true(hosted_begin(bed.tb->hw, BESIDE, beside_job, NULL));
	assert_true(hosted_begin(bed.tb->hw, STEPPED, stepped_job, NULL));
	assert_true(hosted_finish(bed.tb->hw, STEPPED));
	assert_true(hosted_finish(bed.tb->hw, BESIDE));
}

static void prepare(void)
{
	end_open(&bed.one, VECTORS);
	assert_true(reg_write(&bed.one, JAILHOUSE_IVSHMEM_REG_STATE, 7));
	bed.state++;
	for (unsigned int cpu = 0; cpu < 3; cpu++) {
		while (hosted_take_interrupt(bed.tb->hw, cpu) >= 0)
			;
		raised(bed.tb, cpu);
	}
}

static void check(void (*other)(void))
{
	unsigned int at_one = raised(bed.tb, 1);

	/* Nothing comes to who has been reset, whatever was under way. */
	assert_int_equal(hosted_interrupts(bed.tb->hw, 1), bed.after_reset);
	assert_true(at_one <= 1);
	assert_int_equal(cell_by_id(bed.tb->m, 1)->ivshmem->devices[0].int_control, 0);
	assert_int_equal(table_entry(bed.tb, 1), 0);
	/* The change of state, and that of the other one */
	assert_true(raised(bed.tb, 0) >= 1);
	assert_int_equal(raised(bed.tb, 2), 1);
	if (other != tell_state)
		return;
	assert_int_equal(table_entry(bed.tb, 2), bed.state);
	assert_int_equal(bed.dev_two->state, bed.state);
}

static void in_each_order(void (*stepped)(void), void (*beside)(void))
{
	void (*other)(void) = stepped == reset_one ? beside : stepped;
	unsigned int total, stops = 0;

	prepare();
	step(stepped, beside, ~0U);
	check(other);
	total = run.steps;
	for (unsigned int n = 0; n < total; n += 1 + total / MAX_STOPS) {
		prepare();
		step(stepped, beside, n);
		check(other);
		stops++;
	}
	print_message("%u instructions, %u stops\n", total, stops);
	assert_true(stops > MAX_STOPS / 4);
}

static void start_bed(void **state)
{
	struct sigaction action = {.sa_sigaction = on_step, .sa_flags = SA_SIGINFO};

	bed.tb = *state;
	ivshmem_root(bed.tb, PEERS, VECTORS);
	testbed_start(bed.tb);
	end_init(bed.tb, &bed.root, 0, true);
	start_peer(bed.tb, &bed.one, 1, PEERS, VECTORS);
	start_peer(bed.tb, &bed.two, 2, PEERS, VECTORS);
	end_open(&bed.root, VECTORS);
	end_open(&bed.two, VECTORS);
	bed.dev_two = ivshmem_find(cell_by_id(bed.tb->m, 2), LINK);
	assert_int_equal(sigaction(SIGTRAP, &action, NULL), 0);
}

static void test_reset_in_steps_beside_a_doorbell(void **state)
{
	start_bed(state);
	in_each_order(reset_one, ring_one);
}

static void test_doorbell_in_steps_beside_a_reset(void **state)
{
	start_bed(state);
	in_each_order(ring_one, reset_one);
}

static void test_reset_in_steps_beside_a_change_of_state(void **state)
{
	start_bed(state);
	in_each_order(reset_one, tell_state);
}

static void test_change_of_state_in_steps_beside_a_reset(void **state)
{
	start_bed(state);
	in_each_order(tell_state, reset_one);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, testbed_setup, testbed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(reset_in_steps_beside_a_doorbell),
		TEST(doorbell_in_steps_beside_a_reset),
		TEST(reset_in_steps_beside_a_change_of_state),
		TEST(change_of_state_in_steps_beside_a_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
