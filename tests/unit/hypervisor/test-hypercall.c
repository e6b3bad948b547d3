// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* All hypercalls from all kinds of callers, with their errors in order. */
#include "testbed.h"

struct call {
	unsigned long code, arg1, arg2;
	long result;
	u32 done;
};

static struct call cell_call;

static void call_run(struct hosted_cpu *cpu, void *arg)
{
	struct call *call = arg;

	call->result = vm_call(cpu, call->code, call->arg1, call->arg2);
	__atomic_store_n(&call->done, 1, __ATOMIC_SEQ_CST);
}

/* Cell 1 on CPU 1 exists and does not run; cell 2 has CPUs 2 and 3. */
static void start_cells(struct testbed *tb)
{
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "caller", 1, 0x2);
	cell.cell.flags = JAILHOUSE_CELL_PASSIVE_COMMREG;
	hosted_set_program(tb->hw, 1, call_run, &cell_call);
	assert_int_equal(create(tb, &cell), 0);
	cell_config(&cell, "other", 2, 0xc);
	assert_int_equal(create(tb, &cell), 0);
}

static long call_from_cell(struct testbed *tb, unsigned long code, unsigned long arg1, unsigned long arg2)
{
	cell_call = (struct call){ code, arg1, arg2, 0, 0 };
	assert_int_equal(start(tb, 1), 0);
	wait_for(&cell_call.done, 1);
	return cell_call.result;
}

static void test_unknown_calls(void **state)
{
	static const unsigned long codes[] = { 9, 10, 0x80000000, 0xffffffff, 0x100000000, 0x100000001, ~0UL };
	struct testbed *tb = *state;
	struct snapshot before;

	start_cells(tb);
	take_snapshot(tb, &before);
	for (unsigned int n = 0; n < ARRAY_LEN(codes); n++) {
		assert_int_equal(hosted_call(tb->hw, 0, codes[n], 1, 2), -ENOSYS);
		assert_unchanged(tb, &before);
	}
	assert_int_equal(call_from_cell(tb, 9, 0, 0), -ENOSYS);
}

/* Refused before anything is looked at, and without a trace. */
static void test_cells_cannot_manage(void **state)
{
	static const unsigned long codes[] = {
		JAILHOUSE_HC_DISABLE, JAILHOUSE_HC_CELL_CREATE, JAILHOUSE_HC_CELL_START, JAILHOUSE_HC_CELL_SET_LOADABLE,
		JAILHOUSE_HC_CELL_DESTROY, JAILHOUSE_HC_CELL_GET_STATE
	};
	struct testbed *tb = *state;
	struct config cell;

	start_cells(tb);
	/* One that would be good */
	cell_config(&cell, "new", 3, 0x8);
	put_config(tb, &cell);
	for (unsigned int n = 0; n < ARRAY_LEN(codes); n++) {
		assert_int_equal(call_from_cell(tb, codes[n], codes[n] == 1 ? CONFIG_ADDRESS : 2, 0), -EPERM);
		assert_int_equal(call_from_cell(tb, codes[n], ~0UL, ~0UL), -EPERM);
		assert_int_equal(hosted_info(tb->hw)->reason.code, JAILHOUSE_REASON_NONE);
		assert_int_equal(tb->m->num_cells, 3);
	}
}

static void test_statistics_of_hypercalls(void **state)
{
	struct testbed *tb = *state;
	const u32 *stats;
	u32 total, calls;

	testbed_start(tb);
	stats = machine_cpu(tb->m, 0)->stats;
	total = stats[JAILHOUSE_CPU_STAT_VMEXITS_TOTAL];
	calls = stats[JAILHOUSE_CPU_STAT_VMEXITS_HYPERCALL];
	for (unsigned int n = 0; n < 5; n++)
		hosted_call(tb->hw, 0, JAILHOUSE_HC_HYPERVISOR_GET_INFO, 0, 0);
	assert_int_equal(stats[JAILHOUSE_CPU_STAT_VMEXITS_HYPERCALL], calls + 5);
	assert_int_equal(stats[JAILHOUSE_CPU_STAT_VMEXITS_TOTAL], total + 5);
}

static void test_hypervisor_get_info(void **state)
{
	struct testbed *tb = *state;

	start_cells(tb);
#define INFO(type) hosted_call(tb->hw, 0, JAILHOUSE_HC_HYPERVISOR_GET_INFO, type, 0)
	assert_int_equal(INFO(JAILHOUSE_INFO_MEM_POOL_SIZE), tb->m->pool.pages);
	assert_int_equal(INFO(JAILHOUSE_INFO_MEM_POOL_USED), tb->m->pool.used);
	assert_int_equal(INFO(JAILHOUSE_INFO_REMAP_POOL_SIZE), 0);
	assert_int_equal(INFO(JAILHOUSE_INFO_REMAP_POOL_USED), 0);
	assert_int_equal(INFO(JAILHOUSE_INFO_NUM_CELLS), 3);
	assert_int_equal(INFO(5), -EINVAL);
	assert_int_equal(INFO(0x100000004), -EINVAL);
	assert_int_equal(INFO(~0UL), -EINVAL);
	assert_int_equal(call_from_cell(tb, JAILHOUSE_HC_HYPERVISOR_GET_INFO, JAILHOUSE_INFO_NUM_CELLS, 0), 3);
}

static void test_cell_get_state(void **state)
{
	static const u32 values[] = { 5, 0x7fffffff, 0x80000000, 0xffffffff };
	struct testbed *tb = *state;

	start_cells(tb);
#define STATE(id) hosted_call(tb->hw, 0, JAILHOUSE_HC_CELL_GET_STATE, id, 0)
	assert_int_equal(STATE(0), JAILHOUSE_CELL_RUNNING);
	assert_int_equal(STATE(1), JAILHOUSE_CELL_SHUT_DOWN);
	assert_int_equal(STATE(3), -ENOENT);
	assert_int_equal(STATE(0x100000001), -ENOENT);
	assert_int_equal(STATE(~0UL), -ENOENT);
	for (u32 value = 0; value <= JAILHOUSE_CELL_FAILED_COMM_REV; value++) {
		comm_of(tb, 1)->cell_state = value;
		assert_int_equal(STATE(1), value);
	}
	for (unsigned int n = 0; n < ARRAY_LEN(values); n++) {
		comm_of(tb, 1)->cell_state = values[n];
		assert_int_equal(STATE(1), -EINVAL);
	}
}

static void test_cpu_get_info(void **state)
{
	struct testbed *tb = *state;

	start_cells(tb);
#define CPU(id, type) hosted_call(tb->hw, 0, JAILHOUSE_HC_CPU_GET_INFO, id, type)
	for (unsigned int id = 0; id < 4; id++)
		assert_int_equal(CPU(id, JAILHOUSE_CPU_INFO_STATE), JAILHOUSE_CPU_RUNNING);
	/* First the CPU, then the permission, then the type */
	assert_int_equal(CPU(4, JAILHOUSE_CPU_INFO_STATE), -EINVAL);
	assert_int_equal(CPU(0x100000000, JAILHOUSE_CPU_INFO_STATE), -EINVAL);
	assert_int_equal(CPU(~0UL, JAILHOUSE_CPU_INFO_STATE), -EINVAL);
	assert_int_equal(CPU(0, 1), -EINVAL);
	assert_int_equal(CPU(0, 999), -EINVAL);
	assert_int_equal(CPU(0, JAILHOUSE_CPU_INFO_STAT_BASE + JAILHOUSE_NUM_CPU_STATS), -EINVAL);
	assert_int_equal(CPU(0, ~0UL), -EINVAL);
	assert_int_equal(CPU(0, 0x100000000), -EINVAL);
	for (unsigned int n = 0; n < JAILHOUSE_NUM_CPU_STATS; n++) {
		machine_cpu(tb->m, 3)->stats[n] = 0xfffffff0 + n;
		assert_int_equal(CPU(3, JAILHOUSE_CPU_INFO_STAT_BASE + n), 0x7ffffff0 + n);
	}
}

static void test_cpu_get_info_from_a_cell(void **state)
{
	struct testbed *tb = *state;

	start_cells(tb);
	assert_int_equal(call_from_cell(tb, JAILHOUSE_HC_CPU_GET_INFO, 1, JAILHOUSE_CPU_INFO_STATE), 0);
	assert_int_equal(call_from_cell(tb, JAILHOUSE_HC_CPU_GET_INFO, 0, JAILHOUSE_CPU_INFO_STATE), -EPERM);
	assert_int_equal(call_from_cell(tb, JAILHOUSE_HC_CPU_GET_INFO, 2, JAILHOUSE_CPU_INFO_STATE), -EPERM);
	assert_int_equal(call_from_cell(tb, JAILHOUSE_HC_CPU_GET_INFO, 2, 77), -EPERM);
	assert_int_equal(call_from_cell(tb, JAILHOUSE_HC_CPU_GET_INFO, 4, 77), -EINVAL);
	assert_int_equal(call_from_cell(tb, JAILHOUSE_HC_CPU_GET_INFO, 1, 77), -EINVAL);
}

/* Counted since the CPU came to its cell, not since the last start. */
static void test_statistics_belong_to_the_owner(void **state)
{
	const unsigned long calls = JAILHOUSE_CPU_INFO_STAT_BASE + JAILHOUSE_CPU_STAT_VMEXITS_HYPERCALL;
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	hosted_call(tb->hw, 1, JAILHOUSE_HC_HYPERVISOR_GET_INFO, 0, 0);
	cell_config(&cell, "caller", 1, 0x2);
	cell.cell.flags = JAILHOUSE_CELL_PASSIVE_COMMREG;
	hosted_set_program(tb->hw, 1, call_run, &cell_call);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(CPU(1, calls), 0);
	call_from_cell(tb, JAILHOUSE_HC_HYPERVISOR_GET_INFO, 0, 0);
	call_from_cell(tb, JAILHOUSE_HC_HYPERVISOR_GET_INFO, 0, 0);
	assert_int_equal(CPU(1, calls), 2);
	assert_int_equal(destroy(tb, 1), 0);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_int_equal(CPU(1, calls), 0);
}

static void test_debug_console_putc(void **state)
{
	struct testbed *tb = *state;
	struct config cell;
	char *text;

	tb->root.cell.flags = JAILHOUSE_CELL_VIRTUAL_CONSOLE_PERMITTED;
	testbed_start(tb);
	free(hosted_take_text(tb->hw));
	assert_int_equal(hosted_call(tb->hw, 2, JAILHOUSE_HC_DEBUG_CONSOLE_PUTC, 'a', 0), 0);
	assert_int_equal(hosted_call(tb->hw, 2, JAILHOUSE_HC_DEBUG_CONSOLE_PUTC, '\n', 0), 0);
	/* The low byte counts. */
	assert_int_equal(hosted_call(tb->hw, 2, JAILHOUSE_HC_DEBUG_CONSOLE_PUTC, 0xdeadbe00UL | 'b', 0), 0);
	text = hosted_take_text(tb->hw);
	assert_string_equal(text, "a\r\nb");
	free(text);

	/* Active is not permitted. */
	cell_config(&cell, "caller", 1, 0x2);
	cell.cell.flags = JAILHOUSE_CELL_PASSIVE_COMMREG | JAILHOUSE_CELL_VIRTUAL_CONSOLE_ACTIVE;
	hosted_set_program(tb->hw, 1, call_run, &cell_call);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(call_from_cell(tb, JAILHOUSE_HC_DEBUG_CONSOLE_PUTC, 'x', 0), -EPERM);
	assert_int_equal(destroy(tb, 1), 0);
	cell.cell.flags = JAILHOUSE_CELL_PASSIVE_COMMREG | JAILHOUSE_CELL_VIRTUAL_CONSOLE_PERMITTED;
	assert_int_equal(create(tb, &cell), 0);
	free(hosted_take_text(tb->hw));
	assert_int_equal(call_from_cell(tb, JAILHOUSE_HC_DEBUG_CONSOLE_PUTC, 'y', 0), 0);
	/* "Started cell" may come before or after. */
	text = hosted_take_text(tb->hw);
	assert_non_null(strchr(text, 'y'));
	free(text);
}

static void flood(struct hosted_cpu *cpu, void *arg)
{
	(void)arg;
	for (unsigned int n = 0; n < 8000; n++)
		if (vm_call(cpu, JAILHOUSE_HC_DEBUG_CONSOLE_PUTC, '#', 0))
			return;
}

static void test_characters_are_limited(void **state)
{
	struct testbed *tb = *state;
	unsigned int count = 0;
	char *text;

	/* So slow that no new ones come. */
	tb->setup.tsc_khz = 4000000000U;
	tb->root.cell.flags = JAILHOUSE_CELL_VIRTUAL_CONSOLE_PERMITTED;
	testbed_start(tb);
	free(hosted_take_text(tb->hw));
	assert_true(hosted_run(tb->hw, 2, flood, NULL));
	text = hosted_take_text(tb->hw);
	for (const char *at = text; *at; at++)
		count += *at == '#';
	free(text);
	/* The burst, and 20 a millisecond of four seconds each. */
	assert_true(count >= 4096 && count <= 4096 + 100);
	assert_int_equal(hosted_info(tb->hw)->suppressed_lines, 8000 - count);
}

/* ---- the order of refusals ---- */

static void expect_create(struct testbed *tb, unsigned long address, int error, u32 code)
{
	struct snapshot before;

	take_snapshot(tb, &before);
	assert_int_equal(manage(tb, JAILHOUSE_HC_CELL_CREATE, address), error);
	assert_int_equal(hosted_info(tb->hw)->reason.code, code);
	assert_unchanged(tb, &before);
}

#define REASON(name) JAILHOUSE_REASON_##name

static void test_order_of_create(void **state)
{
	struct testbed *tb = *state;
	struct jailhouse_cell_desc *head;
	struct config cell;

	start_cells(tb);
	/* A configuration with everything wrong, that is put right from the first check on. */
	cell_config(&cell, "caller", 3, 0x1);
	cell.mem[0].phys_start = HV_START;
	put_config(tb, &cell);
	head = hosted_ram(tb->hw, CONFIG_ADDRESS, sizeof(*head));
	head->num_memory_regions = 3000;

	comm_of(tb, 2)->cell_state = JAILHOUSE_CELL_RUNNING_LOCKED;
	expect_create(tb, 0x60000000, -EPERM, REASON(CELL_LOCKED));
	comm_of(tb, 2)->cell_state = JAILHOUSE_CELL_SHUT_DOWN;
	expect_create(tb, 0x60000000, -ENOMEM, REASON(NOT_READABLE));
	expect_create(tb, CONFIG_ADDRESS, -EEXIST, REASON(CELL_NAME_USED));
	strcpy(head->name, "new");
	head->id = 2;
	expect_create(tb, CONFIG_ADDRESS, -EEXIST, REASON(CELL_ID_USED));
	head->id = 3;
	expect_create(tb, CONFIG_ADDRESS, -E2BIG, REASON(CONFIG_TOO_LARGE));
	head->num_memory_regions = 2;
	head->cpu_set_size = 4097;
	tb->m->pool.fail_at = 1;
	expect_create(tb, CONFIG_ADDRESS, -ENOMEM, REASON(NO_MEMORY));
	expect_create(tb, CONFIG_ADDRESS, -EINVAL, REASON(CPU_SET_TOO_LARGE));
	head->cpu_set_size = 8;
	expect_create(tb, CONFIG_ADDRESS, -EBUSY, REASON(CPU_IS_CALLER));
	((u8 *)(head + 1))[0] = 0x2;
	expect_create(tb, CONFIG_ADDRESS, -EBUSY, REASON(CPU_NOT_IN_ROOT));
}

/* The head can be read and the rest cannot. */
static void test_config_at_the_end_of_memory(void **state)
{
	const u64 end = RAM_START + RAM_SIZE;
	struct testbed *tb = *state;
	struct config cell;
	u8 blob[MAX_BLOB];
	u32 size;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	size = write_cell(&cell, blob);
	memcpy(hosted_ram(tb->hw, end - size, size), blob, size);
	assert_int_equal(manage(tb, JAILHOUSE_HC_CELL_CREATE, end - size), 0);
	assert_int_equal(destroy(tb, 1), 0);
	memcpy(hosted_ram(tb->hw, end - size + 1, size - 1), blob, size - 1);
	expect_create(tb, end - size + 1, -ENOMEM, REASON(NOT_READABLE));
	expect_create(tb, end - sizeof(struct jailhouse_cell_desc) + 1, -ENOMEM, REASON(NOT_READABLE));
	assert_args(tb, end - sizeof(struct jailhouse_cell_desc) + 1, 0, 0, 0);
	expect_create(tb, ~0UL, -ENOMEM, REASON(NOT_READABLE));
	expect_create(tb, ~0UL - 64, -ENOMEM, REASON(NOT_READABLE));
	expect_create(tb, DEVICE_PAGE, -ENOMEM, REASON(NOT_READABLE));
	expect_create(tb, SUBPAGE_1, -ENOMEM, REASON(NOT_READABLE));
}

static void test_order_of_destroy(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;

	start_cells(tb);
	comm_of(tb, 2)->cell_state = JAILHOUSE_CELL_RUNNING_LOCKED;
	take_snapshot(tb, &before);
	/* No such cell, the root, only then the lock of another one */
	assert_int_equal(destroy(tb, 9), -ENOENT);
	assert_int_equal(destroy(tb, 0), -EINVAL);
	assert_int_equal(destroy(tb, 1), -EPERM);
	assert_reason(tb, CELL_LOCKED, JAILHOUSE_ITEM_CELL, 2);
	assert_unchanged(tb, &before);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, testbed_setup, testbed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(unknown_calls),
		TEST(cells_cannot_manage),
		TEST(statistics_of_hypercalls),
		TEST(hypervisor_get_info),
		TEST(cell_get_state),
		TEST(cpu_get_info),
		TEST(cpu_get_info_from_a_cell),
		TEST(statistics_belong_to_the_owner),
		TEST(debug_console_putc),
		TEST(characters_are_limited),
		TEST(order_of_create),
		TEST(config_at_the_end_of_memory),
		TEST(order_of_destroy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
