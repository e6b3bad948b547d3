// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Messages to running cells: what they can veto, for how long, and what they cannot. */
#include "testbed.h"

#define CALL(tb, name) manage_once(tb, JAILHOUSE_HC_CELL_##name, 1)

static const unsigned long requests[] = {
	JAILHOUSE_HC_CELL_START, JAILHOUSE_HC_CELL_SET_LOADABLE, JAILHOUSE_HC_CELL_DESTROY
};

/* Cell 1 on CPU 1 runs this inmate-> */
static void start_inmate(struct testbed *tb, struct inmate *inmate, u32 flags, u64 timeout)
{
	struct config cell;

	if (!tb->hw)
		testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	cell.cell.flags = flags;
	cell.cell.msg_reply_timeout = timeout;
	hosted_set_program(tb->hw, 1, inmate_run, inmate);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(start(tb, 1), 0);
	assert_alive(inmate);
}

static u32 *state_of(struct testbed *tb, u32 id)
{
	return (u32 *)((u8 *)comm_of(tb, id) + offsetof(struct jailhouse_comm_region, cell_state));
}

static void write_word(u32 *word, u32 value)
{
	__atomic_store_n(word, value, __ATOMIC_SEQ_CST);
}

#define word_of(tb, id, member) \
	((u32 *)((u8 *)comm_of(tb, id) + offsetof(struct jailhouse_comm_region, member)))

static void test_approved(void **state)
{
	struct testbed *tb = *state;
	struct inmate *inmate = &tb->inmates[0];

	inmate->on_shutdown = JAILHOUSE_MSG_REQUEST_APPROVED;
	start_inmate(tb, inmate, 0, 0);
	assert_int_equal(set_loadable(tb, 1), 0);
	assert_int_equal(inmate->shutdown_seen, 1);
	/* Not running: nobody is asked. */
	assert_int_equal(set_loadable(tb, 1), 0);
	assert_int_equal(start(tb, 1), 0);
	assert_int_equal(inmate->shutdown_seen, 1);
	assert_int_equal(start(tb, 1), 0);
	assert_int_equal(inmate->shutdown_seen, 2);
	assert_int_equal(destroy(tb, 1), 0);
	assert_int_equal(inmate->shutdown_seen, 3);
}

static void expect_denied(struct testbed *tb, struct inmate *inmate, u32 reply)
{
	struct snapshot before, after;

	write_word(&inmate->on_shutdown, reply);
	take_snapshot(tb, &before);
	for (unsigned int n = 0; n < ARRAY_LEN(requests); n++) {
		assert_int_equal(manage(tb, requests[n], 1), -EPERM);
		assert_reason(tb, CELL_DENIED, JAILHOUSE_ITEM_CELL, 1);
		assert_args(tb, reply, 0, 0, 0);
		assert_alive(inmate);
		assert_unchanged(tb, &before);
		take_snapshot(tb, &after);
		assert_int_equal(after.pool_used, before.pool_used);
		assert_int_equal(comm_of(tb, 1)->cell_state, JAILHOUSE_CELL_RUNNING);
	}
}

static void test_denied(void **state)
{
	struct testbed *tb = *state;
	struct inmate *inmate = &tb->inmates[0];

	start_inmate(tb, inmate, 0, 0);
	expect_denied(tb, inmate, JAILHOUSE_MSG_REQUEST_DENIED);
	expect_denied(tb, inmate, JAILHOUSE_MSG_UNKNOWN);
	expect_denied(tb, inmate, 77);
	expect_denied(tb, inmate, 0xffffffff);
}

/* Time passes for nobody but the silent cell: the root goes on in between. */
static void expect_given_up(struct testbed *tb, unsigned long code, u64 limit)
{
	assert_int_equal(manage_once(tb, code, 1), -EAGAIN);
	assert_int_equal(hosted_info(tb->hw)->progress_phase, JAILHOUSE_PHASE_VOTE);
	assert_int_equal(hosted_info(tb->hw)->progress_cell, 1);
	/* A busy host takes time as well, so the margin is wide. */
	skip_ms(tb, limit - limit / 4);
	assert_int_equal(manage_once(tb, code, 1), -EAGAIN);
	assert_linux_reads(tb, 2, LINUX_START);
	assert_int_equal(comm_of(tb, 1)->cell_state, JAILHOUSE_CELL_RUNNING);
	skip_ms(tb, limit / 4 + 1);
	assert_int_equal(manage(tb, code, 1), 0);
	assert_reason(tb, REPLY_TIMEOUT, JAILHOUSE_ITEM_CELL, 1);
	assert_args(tb, limit, 0, 0, 0);
	assert_int_equal(hosted_info(tb->hw)->reason.error, 0);
	assert_printed(tb, "Timeout expired while waiting for reply from target cell\n");
}

static void test_silent(void **state)
{
	struct testbed *tb = *state;
	struct inmate *inmate = &tb->inmates[0];

	start_inmate(tb, inmate, 0, 0);
	expect_given_up(tb, JAILHOUSE_HC_CELL_SET_LOADABLE, 1000);
	assert_int_equal(start(tb, 1), 0);
	assert_alive(inmate);
	expect_given_up(tb, JAILHOUSE_HC_CELL_START, 1000);
	assert_alive(inmate);
	assert_int_equal(comm_of(tb, 1)->cell_state, JAILHOUSE_CELL_RUNNING);
	expect_given_up(tb, JAILHOUSE_HC_CELL_DESTROY, 1000);
	assert_null(cell_by_id(tb->m, 1));
}

static void test_timeout_of_the_configuration(void **state)
{
	struct testbed *tb = *state;
	struct inmate *inmate = &tb->inmates[0];

	start_inmate(tb, inmate, 0, 300);
	expect_given_up(tb, JAILHOUSE_HC_CELL_DESTROY, 300);
}

static void test_timeout_has_a_limit(void **state)
{
	struct testbed *tb = *state;
	struct inmate *inmate = &tb->inmates[0];

	start_inmate(tb, inmate, 0, ~0ULL);
	expect_given_up(tb, JAILHOUSE_HC_CELL_DESTROY, 60000);
}

static void test_a_cell_may_stop_itself(void **state)
{
	static const u32 states[] = {
		JAILHOUSE_CELL_SHUT_DOWN, JAILHOUSE_CELL_FAILED, JAILHOUSE_CELL_FAILED_COMM_REV
	};
	struct testbed *tb = *state;
	struct inmate *inmate = &tb->inmates[0];

	start_inmate(tb, inmate, 0, 0);
	for (unsigned int n = 0; n < ARRAY_LEN(states); n++) {
		/* Before it is asked, and while it is asked */
		write_word(state_of(tb, 1), states[n]);
		assert_int_equal(CALL(tb, START), 0);
		assert_alive(inmate);
		assert_int_equal(CALL(tb, START), -EAGAIN);
		write_word(state_of(tb, 1), states[n]);
		assert_int_equal(CALL(tb, START), 0);
		assert_alive(inmate);
	}
	assert_int_equal(inmate->shutdown_seen, 0);
}

static void test_its_state_counts_before_a_refusal(void **state)
{
	struct testbed *tb = *state;
	struct inmate *inmate = &tb->inmates[0];

	start_inmate(tb, inmate, 0, 0);
	assert_int_equal(CALL(tb, START), -EAGAIN);
	write_word(word_of(tb, 1, reply_from_cell), JAILHOUSE_MSG_REQUEST_DENIED);
	write_word(state_of(tb, 1), JAILHOUSE_CELL_SHUT_DOWN);
	assert_int_equal(CALL(tb, START), 0);
}

/* A state that does not exist stops nothing and grants nothing. */
static void test_undefined_state(void **state)
{
	struct testbed *tb = *state;
	struct inmate *inmate = &tb->inmates[0];

	inmate->on_shutdown = JAILHOUSE_MSG_REQUEST_DENIED;
	start_inmate(tb, inmate, 0, 0);
	write_word(state_of(tb, 1), 0x80000002);
	assert_int_equal(hosted_call(tb->hw, 0, JAILHOUSE_HC_CELL_GET_STATE, 1, 0), -EINVAL);
	assert_int_equal(destroy(tb, 1), -EPERM);
	assert_reason(tb, CELL_DENIED, JAILHOUSE_ITEM_CELL, 1);
	assert_alive(inmate);
}

/* What stood in the region before the request is no answer to it. */
static void test_reply_in_advance(void **state)
{
	struct testbed *tb = *state;
	struct inmate *inmate = &tb->inmates[0];

	start_inmate(tb, inmate, 0, 0);
	write_word(word_of(tb, 1, reply_from_cell), JAILHOUSE_MSG_REQUEST_APPROVED);
	assert_int_equal(CALL(tb, DESTROY), -EAGAIN);
	assert_int_equal(CALL(tb, DESTROY), -EAGAIN);
	assert_int_equal(*word_of(tb, 1, reply_from_cell), JAILHOUSE_MSG_NONE);
	assert_int_equal(*word_of(tb, 1, msg_to_cell), JAILHOUSE_MSG_SHUTDOWN_REQUEST);
	write_word(word_of(tb, 1, reply_from_cell), JAILHOUSE_MSG_REQUEST_APPROVED);
	assert_int_equal(destroy(tb, 1), 0);
}

static void test_passive_cells_are_not_asked(void **state)
{
	struct testbed *tb = *state;
	struct inmate *inmate = &tb->inmates[0];
	struct config two;

	inmate->on_shutdown = JAILHOUSE_MSG_REQUEST_DENIED;
	start_inmate(tb, inmate, JAILHOUSE_CELL_PASSIVE_COMMREG, 0);
	cell_config(&two, "two", 2, 0x4);
	assert_int_equal(create(tb, &two), 0);
	assert_int_equal(*word_of(tb, 1, msg_to_cell), JAILHOUSE_MSG_NONE);
	assert_int_equal(CALL(tb, START), 0);
	assert_alive(inmate);
	assert_int_equal(destroy(tb, 1), 0);
	assert_int_equal(inmate->shutdown_seen, 0);
	assert_int_equal(inmate->info_seen, 0);
}

static void test_locked_cell(void **state)
{
	struct testbed *tb = *state;
	struct inmate *inmate = &tb->inmates[0];
	struct snapshot before;
	struct config cell;

	inmate->on_shutdown = JAILHOUSE_MSG_REQUEST_APPROVED;
	start_inmate(tb, inmate, 0, 0);
	cell_config(&cell, "two", 2, 0x4);
	assert_int_equal(create(tb, &cell), 0);
	wait_for(&inmate->info_seen, 1);
	take_snapshot(tb, &before);
	write_word(state_of(tb, 1), JAILHOUSE_CELL_RUNNING_LOCKED);
	assert_int_equal(hosted_call(tb->hw, 0, JAILHOUSE_HC_CELL_GET_STATE, 1, 0), JAILHOUSE_CELL_RUNNING_LOCKED);

	cell_config(&cell, "three", 3, 0x8);
	assert_int_equal(create(tb, &cell), -EPERM);
	assert_reason(tb, CELL_LOCKED, JAILHOUSE_ITEM_CELL, 1);
	assert_int_equal(destroy(tb, 2), -EPERM);
	assert_reason(tb, CELL_LOCKED, JAILHOUSE_ITEM_CELL, 1);
	assert_unchanged(tb, &before);
	assert_alive(inmate);

	/* Others can be started and loaded, and the locked one decides about itself. */
	assert_int_equal(set_loadable(tb, 2), 0);
	assert_int_equal(start(tb, 2), 0);
	write_word(&inmate->on_shutdown, JAILHOUSE_MSG_REQUEST_DENIED);
	assert_int_equal(destroy(tb, 1), -EPERM);
	assert_reason(tb, CELL_DENIED, JAILHOUSE_ITEM_CELL, 1);
	write_word(&inmate->on_shutdown, JAILHOUSE_MSG_REQUEST_APPROVED);
	assert_int_equal(destroy(tb, 1), 0);
	assert_int_equal(create(tb, &cell), 0);
}

/* ---- information that waits for its answer ---- */

static void create_two(struct testbed *tb)
{
	struct config cell;

	cell_config(&cell, "two", 2, 0x4);
	assert_int_equal(create(tb, &cell), 0);
}

static void test_request_waits_for_open_information(void **state)
{
	struct testbed *tb = *state;
	struct inmate *inmate = &tb->inmates[0];

	inmate->on_shutdown = JAILHOUSE_MSG_REQUEST_APPROVED;
	inmate->silent_on_info = 1;
	start_inmate(tb, inmate, 0, 0);
	create_two(tb);
	assert_int_equal(*word_of(tb, 1, msg_to_cell), JAILHOUSE_MSG_RECONFIG_COMPLETED);
	assert_int_equal(CALL(tb, DESTROY), -EAGAIN);
	assert_int_equal(CALL(tb, DESTROY), -EAGAIN);
	assert_int_equal(*word_of(tb, 1, msg_to_cell), JAILHOUSE_MSG_RECONFIG_COMPLETED);
	write_word(&inmate->silent_on_info, 0);
	wait_for(&inmate->info_seen, 1);
	assert_int_equal(destroy(tb, 1), 0);
	assert_int_equal(inmate->shutdown_seen, 1);
}

/* Nobody is stopped for not listening to news, and the answer that comes late is not that to a request. */
static void test_late_answer_to_information(void **state)
{
	struct testbed *tb = *state;
	struct inmate *inmate = &tb->inmates[0];

	inmate->silent_on_info = 1;
	start_inmate(tb, inmate, 0, 0);
	create_two(tb);
	skip_ms(tb, 2000);
	assert_int_equal(comm_of(tb, 1)->cell_state, JAILHOUSE_CELL_RUNNING);
	assert_alive(inmate);
	assert_int_equal(CALL(tb, DESTROY), -EAGAIN);
	assert_int_equal(*word_of(tb, 1, msg_to_cell), JAILHOUSE_MSG_SHUTDOWN_REQUEST);
	write_word(word_of(tb, 1, reply_from_cell), JAILHOUSE_MSG_RECEIVED);
	assert_int_equal(CALL(tb, DESTROY), -EAGAIN);
	assert_int_equal(CALL(tb, DESTROY), -EAGAIN);
	write_word(&inmate->on_shutdown, JAILHOUSE_MSG_REQUEST_APPROVED);
	assert_int_equal(destroy(tb, 1), 0);
}

/* ---- another request comes in between ---- */

static void test_vote_is_given_up_for_another_request(void **state)
{
	struct testbed *tb = *state;
	struct inmate *inmate = &tb->inmates[0];

	start_inmate(tb, inmate, 0, 0);
	create_two(tb);
	wait_for(&inmate->info_seen, 1);
	assert_int_equal(CALL(tb, DESTROY), -EAGAIN);
	/* Another cell, then another request to the same one, which gets its whole time. */
	assert_int_equal(set_loadable(tb, 2), 0);
	assert_int_equal(hosted_info(tb->hw)->progress_phase, JAILHOUSE_PHASE_IDLE);
	assert_int_equal(CALL(tb, DESTROY), -EAGAIN);
	skip_ms(tb, 900);
	assert_int_equal(CALL(tb, START), -EAGAIN);
	skip_ms(tb, 900);
	assert_int_equal(CALL(tb, START), -EAGAIN);
	assert_alive(inmate);
	skip_ms(tb, 200);
	assert_int_equal(CALL(tb, START), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, testbed_setup, testbed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(approved),
		TEST(denied),
		TEST(silent),
		TEST(timeout_of_the_configuration),
		TEST(timeout_has_a_limit),
		TEST(a_cell_may_stop_itself),
		TEST(its_state_counts_before_a_refusal),
		TEST(undefined_state),
		TEST(reply_in_advance),
		TEST(passive_cells_are_not_asked),
		TEST(locked_cell),
		TEST(request_waits_for_open_information),
		TEST(late_answer_to_information),
		TEST(vote_is_given_up_for_another_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
