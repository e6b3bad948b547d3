// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Whoever does what it may not is stopped, and nobody else. */
#include <unistd.h>
#include "testbed.h"
#include <hypervisor/arch/cpu.h>

#define NOWHERE 0x70000000UL

/* Where a test waits for a time limit, and the others still have to meet it. */
#define REAL_TIME 1000000

static void offend(struct hosted_cpu *cpu, void *arg)
{
	(void)arg;
	vm_store(cpu, NOWHERE, 4, 0xbad);
}

static void offend_when_told(struct hosted_cpu *cpu, void *arg)
{
	struct testbed *tb = arg;

	while (!(__atomic_load_n(&tb->flag, __ATOMIC_SEQ_CST) & 1U << vm_cpu_id(cpu)))
		vm_relax(cpu);
	vm_store(cpu, NOWHERE, 4, 0xbad);
}

/* Cell 1 with CPUs 1 and 2, that offend as soon as their bit in tb->flag is set; cell 2 on CPU 3 is an inmate. */
static void start_cells(struct testbed *tb)
{
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x6);
	hosted_set_program(tb->hw, 1, offend_when_told, tb);
	hosted_set_program(tb->hw, 2, offend_when_told, tb);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(start(tb, 1), 0);
	cell_config(&cell, "two", 2, 0x8);
	tb->inmates[0].on_shutdown = JAILHOUSE_MSG_REQUEST_APPROVED;
	hosted_set_program(tb->hw, 3, inmate_run, &tb->inmates[0]);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(start(tb, 2), 0);
	for (unsigned int cpu = 1; cpu <= 3; cpu++)
		assert_true(hosted_wait_state(tb->hw, cpu, HOSTED_PROGRAM, 10000));
}

static u32 num_events(struct testbed *tb)
{
	return __atomic_load_n(&hosted_info(tb->hw)->event_seq, __ATOMIC_SEQ_CST);
}

/* The event is the last that comes of it, unless all CPUs of the cell have failed. */
static void tell(struct testbed *tb, unsigned int cpu)
{
	u32 events = num_events(tb);

	__atomic_fetch_or(&tb->flag, 1U << cpu, __ATOMIC_SEQ_CST);
	for (unsigned int n = 0; n < 100000 && num_events(tb) == events; n++)
		usleep(100);
	assert_int_not_equal(num_events(tb), events);
	assert_true(__atomic_load_n(&machine_cpu(tb->m, cpu)->failed, __ATOMIC_SEQ_CST));
	assert_int_equal(hosted_cpu_state(tb->hw, cpu), HOSTED_PARKED);
}

static long cpu_state(struct testbed *tb, unsigned int cpu)
{
	return hosted_call(tb->hw, 0, JAILHOUSE_HC_CPU_GET_INFO, cpu, JAILHOUSE_CPU_INFO_STATE);
}

static void test_stops_its_cpu_only(void **state)
{
	struct testbed *tb = *state;

	start_cells(tb);
	tell(tb, 1);
	assert_int_equal(cpu_state(tb, 1), JAILHOUSE_CPU_FAILED);
	assert_int_equal(cpu_state(tb, 2), JAILHOUSE_CPU_RUNNING);
	assert_int_equal(hosted_cpu_state(tb->hw, 2), HOSTED_PROGRAM);
	assert_int_equal(comm_of(tb, 1)->cell_state, JAILHOUSE_CELL_RUNNING);
	assert_alive(&tb->inmates[0]);
	assert_linux_reads(tb, 0, LINUX_START);
	assert_int_equal(hosted_counters(tb->hw)->machine_resets, 0);
}

static void test_all_cpus_of_a_cell(void **state)
{
	struct testbed *tb = *state;

	start_cells(tb);
	tell(tb, 2);
	tell(tb, 1);
	wait_for((u32 *)((u8 *)comm_of(tb, 1) + offsetof(struct jailhouse_comm_region, cell_state)),
		 JAILHOUSE_CELL_FAILED);
	assert_int_equal(hosted_call(tb->hw, 0, JAILHOUSE_HC_CELL_GET_STATE, 1, 0), JAILHOUSE_CELL_FAILED);
	assert_alive(&tb->inmates[0]);
	/* Nobody is left to be asked. */
	assert_int_equal(destroy(tb, 1), 0);
	assert_int_equal(cpu_state(tb, 1), JAILHOUSE_CPU_RUNNING);
	/* The CPU ends that itself. */
	assert_true(hosted_wait_idle(tb->hw, 1, 10000));
	assert_int_equal(hosted_record(tb->hw, 1)->kind, JAILHOUSE_RECORD_NONE);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_linux_reads(tb, 1, LINUX_START);
}

static void test_record_and_report(void **state)
{
	struct testbed *tb = *state;
	const struct jailhouse_cpu_record *record;
	char *text;

	start_cells(tb);
	free(hosted_take_text(tb->hw));
	tell(tb, 1);
	record = hosted_record(tb->hw, 1);
	assert_int_equal(record->seq % 2, 0);
	assert_int_not_equal(record->seq, 0);
	assert_int_equal(record->kind, JAILHOUSE_RECORD_VIOLATION);
	assert_int_equal(record->cpu, 1);
	assert_int_equal(record->cell, 1);
	assert_int_equal(record->address, NOWHERE);
	assert_int_equal(record->reason.code, JAILHOUSE_REASON_MEM_ACCESS);
	assert_int_equal(record->reason.error, 0);
	assert_int_equal(record->reason.item, JAILHOUSE_ITEM_CPU);
	assert_int_equal(record->reason.index, 1);
	assert_int_equal(record->reason.arg[0], JAILHOUSE_ARG_WRITE);
	assert_int_equal(record->reason.arg[1], NOWHERE);
	assert_int_equal(record->reason.arg[2], 4);
	assert_int_equal(record->num_regs, 2);
	assert_int_equal(record->regs[0], NOWHERE);
	assert_int_equal(record->regs[1], 0xbad);
	text = hosted_take_text(tb->hw);
	assert_string_equal(text, "FATAL: Invalid MMIO/RAM write, addr: 0x0000000070000000 size: 4\r\n"
				  "address: 0000000070000000 value: 0000000000000bad\r\n"
				  "Parking CPU 1 (Cell: \"one\")\r\n");
	free(text);
}

static void test_started_again_after_a_failure(void **state)
{
	struct testbed *tb = *state;

	start_cells(tb);
	tell(tb, 1);
	tell(tb, 2);
	__atomic_store_n(&tb->flag, 0, __ATOMIC_SEQ_CST);
	assert_int_equal(start(tb, 1), 0);
	assert_true(hosted_wait_state(tb->hw, 1, HOSTED_PROGRAM, 10000));
	assert_true(hosted_wait_state(tb->hw, 2, HOSTED_PROGRAM, 10000));
	assert_int_equal(cpu_state(tb, 1), JAILHOUSE_CPU_RUNNING);
	assert_int_equal(hosted_record(tb->hw, 1)->kind, JAILHOUSE_RECORD_NONE);
	assert_int_equal(comm_of(tb, 1)->cell_state, JAILHOUSE_CELL_RUNNING);
}

static void wake_job(struct hosted_cpu *cpu, void *arg)
{
	*(u32 *)arg = vm_wake(cpu, 1);
}

/* Not even its own cell can let a failed CPU run on. */
static void test_failed_cpus_stay_stopped(void **state)
{
	struct testbed *tb = *state;

	testbed_start(tb);
	assert_linux_stopped(tb, 1, NOWHERE);
	assert_true(hosted_run(tb->hw, 2, wake_job, &tb->flag));
	assert_false(hosted_wait_state(tb->hw, 1, HOSTED_LINUX, 20));
	assert_int_equal(hosted_cpu_state(tb->hw, 1), HOSTED_PARKED);
}

/* One that was sent and is not handled before the CPU is stopped: as it waits, it looks at its requests when kicked. */
static void send_wakeup(struct testbed *tb)
{
	assert_true(hosted_wait_idle(tb->hw, 1, 10000));
	__atomic_fetch_or(&machine_cpu(tb->m, 1)->requests, CPU_REQ_ARCH, __ATOMIC_SEQ_CST);
}

static void assert_stays_parked(struct testbed *tb)
{
	assert_true(hosted_wait_idle(tb->hw, 1, 10000));
	assert_int_equal(machine_cpu(tb->m, 1)->requests, 0);
	assert_int_equal(hosted_cpu_state(tb->hw, 1), HOSTED_PARKED);
}

static void test_wakeups_end_with_the_owner(void **state)
{
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	send_wakeup(tb);
	assert_int_equal(create(tb, &cell), 0);
	assert_stays_parked(tb);
	send_wakeup(tb);
	assert_int_equal(set_loadable(tb, 1), 0);
	assert_stays_parked(tb);
	send_wakeup(tb);
	assert_int_equal(destroy(tb, 1), 0);
	assert_stays_parked(tb);
}

/* ---- the root cell ---- */

static void test_one_cpu_of_the_root(void **state)
{
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	assert_linux_stopped(tb, 2, NOWHERE);
	assert_int_equal(cpu_state(tb, 2), JAILHOUSE_CPU_FAILED);
	assert_int_equal(hosted_call(tb->hw, 0, JAILHOUSE_HC_CELL_GET_STATE, 0, 0), 0);
	assert_int_equal(hosted_counters(tb->hw)->machine_resets, 0);
	/* The rest goes on working. */
	cell_config(&cell, "one", 1, 0x2);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(destroy(tb, 1), 0);
}

static void test_all_cpus_of_the_root_reset_the_machine(void **state)
{
	struct testbed *tb = *state;

	testbed_start(tb);
	for (unsigned int cpu = 0; cpu < 3; cpu++)
		assert_linux_stopped(tb, cpu, NOWHERE);
	assert_int_equal(hosted_counters(tb->hw)->machine_resets, 0);
	assert_linux_stopped(tb, 3, NOWHERE);
	assert_int_equal(hosted_counters(tb->hw)->machine_resets, 1);
	assert_int_equal(tb->m->root.comm->cell_state, JAILHOUSE_CELL_FAILED);
	assert_printed(tb, "All CPUs of the root cell have failed, resetting the machine\n");
}

static void test_reset_although_cells_run(void **state)
{
	struct testbed *tb = *state;

	start_cells(tb);
	assert_linux_stopped(tb, 0, NOWHERE);
	assert_int_equal(hosted_counters(tb->hw)->machine_resets, 1);
}

static void fetch_job(struct hosted_cpu *cpu, void *arg)
{
	vm_fetch(cpu, *(u64 *)arg);
}

static void test_right_to_execute(void **state)
{
	struct testbed *tb = *state;
	u64 address = LINUX_START;

	testbed_start(tb);
	assert_true(hosted_run(tb->hw, 1, fetch_job, &address));
	address = DEVICE_PAGE;
	assert_false(hosted_run(tb->hw, 1, fetch_job, &address));
	assert_int_equal(hosted_record(tb->hw, 1)->reason.arg[0], JAILHOUSE_ARG_EXEC);
	address = HV_START;
	assert_false(hosted_run(tb->hw, 2, fetch_job, &address));
}

/* ---- learning mode ---- */

static const struct jailhouse_learned *learned(struct testbed *tb, u64 address)
{
	const struct jailhouse_info *info = hosted_info(tb->hw);

	for (unsigned int n = 0; n < info->learned_count; n++)
		if (info->learned[n].address == address)
			return &info->learned[n];
	return NULL;
}

static void test_learning_mode(void **state)
{
	struct testbed *tb = *state;
	u64 value;

	tb->setup.permissive = true;
	testbed_start(tb);
	assert_true(linux_load(tb, 0, NOWHERE, 2, &value));
	assert_int_equal(value, 0xffff);
	assert_true(linux_load(tb, 1, NOWHERE, 2, &value));
	assert_true(linux_store(tb, 2, NOWHERE, 2, 1));
	assert_true(linux_store(tb, 2, NOWHERE, 4, 1));
	assert_int_equal(hosted_info(tb->hw)->learned_count, 2);
	assert_int_equal(hosted_info(tb->hw)->learned_total, 2);
	assert_int_equal(learned(tb, NOWHERE)->kind, JAILHOUSE_LEARNED_MEM);
	assert_int_equal(learned(tb, NOWHERE)->size, 2);
	assert_int_equal(learned(tb, NOWHERE)->write, 3);
	assert_int_equal(learned(tb, NOWHERE)->count, 3);
	/* The table is full at last, and the count goes on. */
	for (unsigned int n = 1; n < 150; n++)
		assert_true(linux_load(tb, 0, NOWHERE + n, 1, &value));
	assert_int_equal(hosted_info(tb->hw)->learned_count, JAILHOUSE_NUM_LEARNED);
	assert_int_equal(hosted_info(tb->hw)->learned_total, 151);
	assert_null(learned(tb, NOWHERE + 149));
}

static void test_learning_mode_is_for_the_root_only(void **state)
{
	struct testbed *tb = *state;
	struct config cell;

	tb->setup.permissive = true;
	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	hosted_set_program(tb->hw, 1, offend, NULL);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(start(tb, 1), 0);
	assert_true(hosted_wait_state(tb->hw, 1, HOSTED_PARKED, 10000));
	wait_for((u32 *)((u8 *)comm_of(tb, 1) + offsetof(struct jailhouse_comm_region, cell_state)),
		 JAILHOUSE_CELL_FAILED);
	assert_int_equal(hosted_info(tb->hw)->learned_count, 0);
}

/* ---- failures of the hypervisor itself ---- */

static void break_job(struct hosted_cpu *cpu, void *arg)
{
	(void)arg;
	vm_break_hypervisor(cpu);
}

static void test_panic(void **state)
{
	struct testbed *tb = *state;
	const struct jailhouse_cpu_record *record;

	testbed_start(tb);
	assert_false(hosted_run(tb->hw, 2, break_job, NULL));
	assert_int_equal(hosted_cpu_state(tb->hw, 2), HOSTED_STOPPED);
	record = hosted_record(tb->hw, 2);
	assert_int_equal(record->kind, JAILHOUSE_RECORD_PANIC);
	assert_int_equal(record->reason.code, JAILHOUSE_REASON_HYPERVISOR_FAULT);
	assert_int_equal(record->seq % 2, 0);
	assert_int_equal(cpu_state(tb, 2), JAILHOUSE_CPU_FAILED);
	assert_printed(tb, "Stopping CPU 2 (Cell: \"root\")\n");
	/* The console is free for others. */
	printk(tb->m, "alive\n");
	assert_printed(tb, "alive\n");
}

/* Not while it is still on its way to where it waits: there it would see a request without a kick. */
static void go_deaf(struct testbed *tb, unsigned int cpu)
{
	assert_true(hosted_wait_idle(tb->hw, cpu, 10000));
	hosted_faults(tb->hw)->deaf = 1U << cpu;
}

/* A CPU that is lost makes requests fail, and they change nothing. */
static void test_requests_without_a_lost_cpu(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;

	tb->setup.tsc_khz = REAL_TIME;
	testbed_start(tb);
	go_deaf(tb, 2);
	take_snapshot(tb, &before);
	cell_config(&cell, "one", 1, 0x2);
	assert_int_equal(create(tb, &cell), -EBUSY);
	assert_reason(tb, CPU_LOST, JAILHOUSE_ITEM_CPU, 2);
	assert_args(tb, 1000, 0, 0, 0);
	assert_unchanged(tb, &before);
	hosted_faults(tb->hw)->deaf = 0;
	arch_cpu_kick(machine_cpu(tb->m, 2));
	assert_linux_reads(tb, 2, LINUX_START);
	assert_int_equal(create(tb, &cell), 0);
}

/*
 * A cell that approves but does not stop is neither started nor given away. It has failed, and if the CPU answers after
 * all, it runs nothing until a request finds it.
 */
static void test_lost_cpu_of_a_cell(void **state)
{
	static const unsigned long requests[] = {
		JAILHOUSE_HC_CELL_START, JAILHOUSE_HC_CELL_SET_LOADABLE, JAILHOUSE_HC_CELL_DESTROY
	};
	struct testbed *tb = *state;
	struct config cell;

	tb->setup.tsc_khz = REAL_TIME;
	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x6);
	cell.cell.flags = JAILHOUSE_CELL_PASSIVE_COMMREG;
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(start(tb, 1), 0);
	assert_true(hosted_wait_state(tb->hw, 2, HOSTED_ENDED, 10000));
	go_deaf(tb, 2);
	for (unsigned int n = 0; n < ARRAY_LEN(requests); n++) {
		assert_int_equal(manage(tb, requests[n], 1), -EBUSY);
		assert_reason(tb, CPU_LOST, JAILHOUSE_ITEM_CPU, 2);
		assert_non_null(cell_by_id(tb->m, 1));
		assert_int_equal(comm_of(tb, 1)->cell_state, JAILHOUSE_CELL_FAILED);
		assert_int_equal(paging_lookup(&tb->m->root.stage2, INMATE_START, NULL), PAGING_INVALID_PHYS);
	}
	hosted_faults(tb->hw)->deaf = 0;
	arch_cpu_kick(machine_cpu(tb->m, 2));
	wait_for(&machine_cpu(tb->m, 2)->stopped, 1);
	assert_int_equal(start(tb, 1), 0);
	assert_int_equal(comm_of(tb, 1)->cell_state, JAILHOUSE_CELL_RUNNING);
	assert_true(hosted_wait_state(tb->hw, 2, HOSTED_ENDED, 10000));
	assert_int_equal(destroy(tb, 1), 0);
}

/* The same between zeroing and giving back: the others do not stay behind, waiting. */
static void test_lost_cpu_at_the_end(void **state)
{
	struct hosted_faults *faults;
	struct testbed *tb = *state;
	struct config cell;

	tb->setup.tsc_khz = REAL_TIME;
	testbed_start(tb);
	faults = hosted_faults(tb->hw);
	cell_config(&cell, "one", 1, 0x6);
	assert_int_equal(create(tb, &cell), 0);
	__atomic_store_n(&faults->slow_memory, 0x2, __ATOMIC_SEQ_CST);
	assert_int_equal(manage_once(tb, JAILHOUSE_HC_CELL_DESTROY, 1), -EAGAIN);
	go_deaf(tb, 2);
	__atomic_store_n(&faults->slow_memory, 0, __ATOMIC_SEQ_CST);
	assert_int_equal(destroy(tb, 1), -EBUSY);
	assert_reason(tb, CPU_LOST, JAILHOUSE_ITEM_CPU, 2);
	assert_int_equal(__atomic_load_n(&machine_cpu(tb->m, 1)->requests, __ATOMIC_SEQ_CST) & CPU_REQ_STOP, 0);
	assert_non_null(cell_by_id(tb->m, 1));
	faults->deaf = 0;
	assert_int_equal(destroy(tb, 1), 0);
}

/* Without a CPU of the root nothing moves between it and a cell, and the cell stays as it is, too. */
static void test_lost_cpu_of_the_root(void **state)
{
	struct hosted_faults *faults;
	struct testbed *tb = *state;
	struct config cell;

	tb->setup.tsc_khz = REAL_TIME;
	testbed_start(tb);
	faults = hosted_faults(tb->hw);
	cell_config(&cell, "one", 1, 0x2);
	cell.cell.flags = JAILHOUSE_CELL_PASSIVE_COMMREG;
	assert_int_equal(create(tb, &cell), 0);
	go_deaf(tb, 3);
	assert_int_equal(set_loadable(tb, 1), -EBUSY);
	assert_reason(tb, CPU_LOST, JAILHOUSE_ITEM_CPU, 3);
	assert_int_equal(paging_lookup(&tb->m->root.stage2, INMATE_START, NULL), PAGING_INVALID_PHYS);
	faults->deaf = 0;
	assert_int_equal(set_loadable(tb, 1), 0);
	go_deaf(tb, 3);
	assert_int_equal(start(tb, 1), -EBUSY);
	assert_linux_reads(tb, 0, INMATE_START);
	assert_int_equal(hosted_cpu_state(tb->hw, 1), HOSTED_PARKED);
	assert_int_equal(cell_by_id(tb->m, 1)->arch.starts, 0);
	assert_int_equal(destroy(tb, 1), -EBUSY);
	assert_int_equal(hosted_cpu_state(tb->hw, 1), HOSTED_PARKED);
	assert_non_null(cell_by_id(tb->m, 1));
	faults->deaf = 0;
	assert_int_equal(start(tb, 1), 0);
	assert_int_equal(destroy(tb, 1), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, testbed_setup, testbed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(stops_its_cpu_only),
		TEST(all_cpus_of_a_cell),
		TEST(record_and_report),
		TEST(started_again_after_a_failure),
		TEST(failed_cpus_stay_stopped),
		TEST(wakeups_end_with_the_owner),
		TEST(one_cpu_of_the_root),
		TEST(all_cpus_of_the_root_reset_the_machine),
		TEST(reset_although_cells_run),
		TEST(right_to_execute),
		TEST(learning_mode),
		TEST(learning_mode_is_for_the_root_only),
		TEST(panic),
		TEST(requests_without_a_lost_cpu),
		TEST(lost_cpu_of_a_cell),
		TEST(lost_cpu_at_the_end),
		TEST(lost_cpu_of_the_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
