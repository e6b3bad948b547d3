/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Failure records and what learning mode found, from our own driver. */
#include <string.h>

#include "open-mock.h"

static void answer_violation(void *arg)
{
	struct jailhouse_ioc_cpu_record *get = arg;
	struct jailhouse_cpu_record *record = &get->record;

	assert_int_equal(get->size, sizeof(*get));
	assert_int_equal(get->cpu, 3);
	record->kind = JAILHOUSE_RECORD_VIOLATION;
	record->cpu = 3;
	record->cell = 1;
	record->reason.code = JAILHOUSE_REASON_MEM_ACCESS;
	record->reason.arg[0] = JAILHOUSE_ARG_WRITE;
	record->reason.arg[1] = 0xfed00000;
	record->reason.arg[2] = 4;
	record->address = 0xfed00000;
	record->insn_len = 2;
	record->insn[0] = 0x89;
	record->insn[1] = 0x07;
	record->num_regs = 25;
	record->regs[JAILHOUSE_REG_X86_RAX] = 0xaa;
	record->regs[JAILHOUSE_REG_X86_RIP] = 0x1234;
}

static void record_is_told_in_full(void **state)
{
	struct jailhouse_failure *failure;
	const uint8_t *bytes;
	size_t size;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CPU_RECORD, answer_violation, 0);
	assert_int_equal(jailhouse_failure_get(*state, 3, &failure, NULL), 1);
	assert_int_equal(jailhouse_failure_get_kind(failure), JAILHOUSE_RECORD_VIOLATION);
	assert_int_equal(jailhouse_failure_get_cpu(failure), 3);
	assert_int_equal(jailhouse_failure_get_cell(failure), 1);
	assert_int_equal(jailhouse_failure_get_reason(failure), JAILHOUSE_REASON_MEM_ACCESS);
	assert_string_equal(jailhouse_failure_get_text(failure),
			    "write of unassigned address 0xfed00000, 4 bytes");
	assert_int_equal(jailhouse_failure_get_address(failure), 0xfed00000);
	bytes = jailhouse_failure_get_instruction(failure, &size);
	assert_int_equal(size, 2);
	assert_int_equal(bytes[0], 0x89);
	assert_int_equal(jailhouse_failure_get_num_registers(failure), 25);
	assert_string_equal(jailhouse_failure_get_register_name(failure, 0), "rax");
	assert_string_equal(jailhouse_failure_get_register_name(failure, 15), "r15");
	assert_string_equal(jailhouse_failure_get_register_name(failure, 16), "rip");
	assert_string_equal(jailhouse_failure_get_register_name(failure, 24), "cs_base");
	assert_null(jailhouse_failure_get_register_name(failure, 25));
	assert_int_equal(jailhouse_failure_get_register(failure, 0), 0xaa);
	assert_int_equal(jailhouse_failure_get_register(failure, 16), 0x1234);
	assert_int_equal(jailhouse_failure_get_register(failure, 36), 0);
	jailhouse_failure_free(failure);
}

static void answer_with_all_registers(void *arg)
{
	answer_violation(arg);
	((struct jailhouse_ioc_cpu_record *)arg)->record.num_regs = JAILHOUSE_NUM_REGS;
}

static void every_register_has_a_name(void **state)
{
	struct jailhouse_failure *failure;
	size_t n;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CPU_RECORD, answer_with_all_registers, 0);
	assert_int_equal(jailhouse_failure_get(*state, 3, &failure, NULL), 1);
	for (n = 0; n < JAILHOUSE_NUM_REGS; n++)
		assert_non_null(jailhouse_failure_get_register_name(failure, n));
	jailhouse_failure_free(failure);
}

static void healthy_cpu_has_no_record(void **state)
{
	struct jailhouse_failure *failure = (void *)state;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CPU_RECORD, NULL, 0);
	assert_int_equal(jailhouse_failure_get(*state, 0, &failure, NULL), 0);
	assert_ptr_equal(failure, state);
}

static void cpu_that_is_not_there_is_not_found(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_failure *failure;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CPU_RECORD, NULL, -EINVAL);
	assert_int_equal(jailhouse_failure_get(*state, 9, &failure, &error),
			 JAILHOUSE_ERR_NOT_FOUND);
	assert_text(error, "there is no CPU 9");
}

static void record_in_the_making_is_read_again(void **state)
{
	struct jailhouse_failure *failure;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CPU_RECORD, answer_violation, -EAGAIN);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CPU_RECORD, NULL, -EAGAIN);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CPU_RECORD, answer_violation, 0);
	assert_int_equal(jailhouse_failure_get(*state, 3, &failure, NULL), 1);
	assert_int_equal(jailhouse_failure_get_cpu(failure), 3);
	jailhouse_failure_free(failure);
}

static void record_is_not_waited_for_for_ever(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_failure *failure = (void *)state;
	int n;

	for (n = 0; n < 10; n++)
		mock_ioctl(NODE_FD, JAILHOUSE_IOC_CPU_RECORD, NULL, -EAGAIN);
	assert_int_equal(jailhouse_failure_get(*state, 3, &failure, &error), JAILHOUSE_ERR_BUSY);
	assert_text(error, "the failure record of CPU 3 is being written");
	assert_ptr_equal(failure, state);
}

static void answer_long_instruction(void *arg)
{
	answer_violation(arg);
	((struct jailhouse_ioc_cpu_record *)arg)->record.insn_len = 17;
}

static void answer_too_many_registers(void *arg)
{
	answer_violation(arg);
	((struct jailhouse_ioc_cpu_record *)arg)->record.num_regs = JAILHOUSE_NUM_REGS + 1;
}

static void damaged_record_is_not_believed(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_failure *failure;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CPU_RECORD, answer_long_instruction, 0);
	assert_int_equal(jailhouse_failure_get(*state, 3, &failure, &error),
			 JAILHOUSE_ERR_PROTOCOL);
	assert_text(error, "the failure record of CPU 3 is damaged");
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_CPU_RECORD, answer_too_many_registers, 0);
	assert_int_equal(jailhouse_failure_get(*state, 3, &failure, NULL), JAILHOUSE_ERR_PROTOCOL);
}

static void getters_of_failures_take_null(void **state)
{
	size_t size = 9;

	(void)state;
	jailhouse_failure_free(NULL);
	assert_int_equal(jailhouse_failure_get_kind(NULL), 0);
	assert_int_equal(jailhouse_failure_get_reason(NULL), 0);
	assert_string_equal(jailhouse_failure_get_text(NULL), "");
	assert_null(jailhouse_failure_get_instruction(NULL, &size));
	assert_int_equal(size, 0);
	assert_int_equal(jailhouse_failure_get_num_registers(NULL), 0);
}

/* ---- learning mode ---- */

static struct jailhouse_learned *table(void *arg)
{
	return (void *)(uintptr_t)((struct jailhouse_ioc_learned *)arg)->buffer;
}

static void answer_two(void *arg)
{
	struct jailhouse_ioc_learned *get = arg;

	assert_int_equal(get->size, sizeof(*get));
	assert_int_equal(get->start, 0);
	assert_int_equal(get->count, JAILHOUSE_NUM_LEARNED);
	table(arg)[0] = (struct jailhouse_learned){JAILHOUSE_LEARNED_PIO, 1, 3, 0x70, 5};
	table(arg)[1] = (struct jailhouse_learned){JAILHOUSE_LEARNED_MEM, 4, 2, 0xfed00000, 6};
	get->count = 2;
	get->total = 200;
}

static void accesses_are_listed(void **state)
{
	struct jailhouse_access access = JAILHOUSE_ACCESS_INIT;
	struct jailhouse_access_list *list;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_LEARNED, answer_two, 0);
	assert_int_equal(jailhouse_access_list_get(*state, &list, NULL), 0);
	assert_int_equal(jailhouse_access_list_get_count(list), 2);
	assert_int_equal(jailhouse_access_list_get_total(list), 200);
	assert_int_equal(jailhouse_access_list_get_access(list, 0, &access), 0);
	assert_int_equal(access.kind, JAILHOUSE_LEARNED_PIO);
	assert_int_equal(access.address, 0x70);
	assert_int_equal(access.width, 1);
	assert_int_equal(access.direction, JAILHOUSE_ACCESS_READ | JAILHOUSE_ACCESS_WRITE);
	assert_int_equal(access.count, 5);
	assert_int_equal(jailhouse_access_list_get_access(list, 1, &access), 0);
	assert_int_equal(access.direction, JAILHOUSE_ACCESS_READ);
	assert_int_equal(jailhouse_access_list_get_access(list, 2, &access),
			 JAILHOUSE_ERR_ARGUMENT);
	access.size = 0;
	assert_int_equal(jailhouse_access_list_get_access(list, 0, &access),
			 JAILHOUSE_ERR_ARGUMENT);
	jailhouse_access_list_free(list);
}

static void answer_full_table(void *arg)
{
	struct jailhouse_ioc_learned *get = arg;

	get->total = JAILHOUSE_NUM_LEARNED + 1;
}

static void answer_rest(void *arg)
{
	struct jailhouse_ioc_learned *get = arg;

	assert_int_equal(get->start, JAILHOUSE_NUM_LEARNED);
	table(arg)[0].address = 0x42;
	get->count = 1;
	get->total = JAILHOUSE_NUM_LEARNED + 1;
}

static void long_list_is_fetched_in_parts(void **state)
{
	struct jailhouse_access access = JAILHOUSE_ACCESS_INIT;
	struct jailhouse_access_list *list;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_LEARNED, answer_full_table, 0);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_LEARNED, answer_rest, 0);
	assert_int_equal(jailhouse_access_list_get(*state, &list, NULL), 0);
	assert_int_equal(jailhouse_access_list_get_count(list), JAILHOUSE_NUM_LEARNED + 1);
	assert_int_equal(
		jailhouse_access_list_get_access(list, JAILHOUSE_NUM_LEARNED, &access), 0);
	assert_int_equal(access.address, 0x42);
	jailhouse_access_list_free(list);
}

static void answer_more_than_asked(void *arg)
{
	((struct jailhouse_ioc_learned *)arg)->count = JAILHOUSE_NUM_LEARNED + 1;
}

static void more_than_asked_for_is_not_believed(void **state)
{
	struct jailhouse_access_list *list;

	mock_ioctl(NODE_FD, JAILHOUSE_IOC_LEARNED, answer_more_than_asked, 0);
	assert_int_equal(jailhouse_access_list_get(*state, &list, NULL), JAILHOUSE_ERR_PROTOCOL);
}

static void endless_list_is_not_believed(void **state)
{
	struct jailhouse_access_list *list;
	int n;

	for (n = 0; n < 65; n++)
		mock_ioctl(NODE_FD, JAILHOUSE_IOC_LEARNED, answer_full_table, 0);
	assert_int_equal(jailhouse_access_list_get(*state, &list, NULL), JAILHOUSE_ERR_PROTOCOL);
}

static void getters_of_lists_take_null(void **state)
{
	struct jailhouse_access access = JAILHOUSE_ACCESS_INIT;

	(void)state;
	jailhouse_access_list_free(NULL);
	assert_int_equal(jailhouse_access_list_get_count(NULL), 0);
	assert_int_equal(jailhouse_access_list_get_total(NULL), 0);
	assert_int_equal(jailhouse_access_list_get_access(NULL, 0, &access),
			 JAILHOUSE_ERR_ARGUMENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, device_setup, device_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(record_is_told_in_full),
		TEST(every_register_has_a_name),
		TEST(healthy_cpu_has_no_record),
		TEST(cpu_that_is_not_there_is_not_found),
		TEST(record_in_the_making_is_read_again),
		TEST(record_is_not_waited_for_for_ever),
		TEST(damaged_record_is_not_believed),
		TEST(getters_of_failures_take_null),
		TEST(accesses_are_listed),
		TEST(long_list_is_fetched_in_parts),
		TEST(more_than_asked_for_is_not_believed),
		TEST(endless_list_is_not_believed),
		TEST(getters_of_lists_take_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
