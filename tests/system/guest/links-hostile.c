/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Peers that do what they should not: what it costs the others is bounded, and nothing of theirs is changed. */
#include <string.h>
#include <unistd.h>

#include "links.h"

#define FLOOD  50000
#define WILD   20000
#define SEED   0x4a48
#define ROUNDS 5

/* However often it rings: one interrupt for each time that they were enabled. */
static void flood_of_doorbells(void **state)
{
	struct uio trio = uio_open("trio");
	unsigned int arms = 0, events = 0;

	(void)state;
	peer_make(&trio, TINY);
	uio_arm(&trio);
	peer_do(&trio, TINY, LINK_RING, 0, ROOT, 0, FLOOD);
	assert_int_equal(uio_wait(&trio, SOON_MS), 1);
	assert_int_equal(uio_wait(&trio, QUIET_MS), 0);
	/* The same while the receiver enables them again and again */
	peer_order(&trio, TINY, LINK_RING, 0, ROOT, 0, FLOOD);
	while (peer_report(&trio, TINY)->done != ((volatile struct link_command *)trio.out)[TINY].number) {
		uio_arm(&trio);
		arms++;
		events += uio_wait(&trio, 1);
	}
	events += uio_wait(&trio, QUIET_MS);
	assert_in_range(events, 1, arms);
	uio_close(&trio);
}

/* And the last one is not lost. */
static void flood_of_states(void **state)
{
	struct uio trio = uio_open("trio");

	(void)state;
	peer_make(&trio, TINY);
	uio_arm(&trio);
	peer_do(&trio, TINY, LINK_STATE, 0, 1, 2000, 0);
	assert_int_equal(uio_wait(&trio, SOON_MS), 1);
	assert_int_equal(uio_wait(&trio, QUIET_MS), 0);
	assert_int_equal(trio.table[TINY], 1);
	/* Without one-shot mode, too: the other cell hears at most ten times in a millisecond, and of the last one. */
	peer_make(&trio, ECHO);
	const int64_t begin = guest_now_ms();
	peer_do(&trio, TINY, LINK_STATE, 0, 2, 2000, 0);
	const int64_t took = guest_now_ms() - begin + 1;
	usleep(QUIET_MS * 1000);
	assert_in_range(peer_irqs(&trio, ECHO, 0), 1, 10 * took + 10);
	peer_do(&trio, ECHO, LINK_REGISTERS, 0, 0, 0, 0);
	assert_int_equal(peer_report(&trio, ECHO)->words[6], 2);
	uio_close(&trio);
}

static void wild_values(void **state)
{
	struct uio trio = uio_open("trio");
	unsigned char before[256];

	(void)state;
	peer_make(&trio, TINY);
	peer_make(&trio, ECHO);
	for (size_t n = 0; n < sizeof(before); n++)
		before[n] = trio.out[LINK_PEER_TEXT + n] = (unsigned char)(n * 7);
	trio.regs[REG_STATE] = 77;
	for (uint32_t n = 0; n < ROUNDS; n++) {
		uio_drain(&trio);
		uio_arm(&trio);
		peer_do(&trio, TINY, LINK_WILD, 0, WILD, SEED + n, 0);
		assert_in_range(uio_wait(&trio, QUIET_MS), 0, 1);
		peer_do(&trio, TINY, LINK_WILD, 1, WILD, SEED + n, 0);
		/* Nothing of others has changed. */
		assert_int_equal(trio.table[ROOT], 77);
		assert_int_equal(trio.table[ECHO], 0);
		assert_int_equal(trio.regs[REG_STATE], 77);
		assert_memory_equal(trio.out + LINK_PEER_TEXT, before, sizeof(before));
		peer_do(&trio, ECHO, LINK_REGISTERS, 0, 0, 0, 0);
		assert_int_equal(peer_report(&trio, ECHO)->words[REG_CONTROL], 1);
	}
	/* Both ends are as good as before. */
	uio_drain(&trio);
	uio_arm(&trio);
	peer_do(&trio, ECHO, LINK_RING, 0, ROOT, 0, 1);
	assert_int_equal(uio_wait(&trio, SOON_MS), 1);
	uio_close(&trio);
}

/* Stage 2 keeps what belongs to others: the one who tries is stopped. */
static void write_to_others(enum link_op op, uint32_t device, uint32_t target)
{
	struct uio trio = uio_open("trio");
	uint32_t id = peer_make(&trio, TINY);

	peer_make(&trio, ECHO);
	peer_do(&trio, TINY, LINK_STATE, 0, 3, 1, 0);
	uio_drain(&trio);
	uio_arm(&trio);
	peer_order(&trio, TINY, op, device, target, 0, 0);
	guest_cell_wait_state(links_jh, id, JAILHOUSE_CELL_FAILED);
	assert_int_equal(uio_wait(&trio, SOON_MS), 1);
	assert_int_equal(trio.table[TINY], 0);
	assert_int_equal(*(const volatile uint32_t *)(const void *)(trio.in + trio.output_size * ROOT), 0);
	peer_do(&trio, ECHO, LINK_REGISTERS, 0, 0, 0, 0);
	links_destroy(id);
	uio_close(&trio);
}

static void output_of_the_root_is_not_to_be_written(void **state)
{
	(void)state;
	write_to_others(LINK_WRITE_TO, 0, ROOT);
}

static void output_of_a_cell_is_not_to_be_written(void **state)
{
	(void)state;
	write_to_others(LINK_WRITE_TO, 1, 1);
}

static void state_table_is_not_to_be_written(void **state)
{
	(void)state;
	write_to_others(LINK_WRITE_TABLE, 0, 0);
}

#define IN_LINK(name) cmocka_unit_test_setup_teardown(name, links_begin, links_end)

const struct CMUnitTest links_hostile_tests[] = {
	IN_LINK(flood_of_doorbells),
	IN_LINK(flood_of_states),
	IN_LINK(wild_values),
	IN_LINK(output_of_the_root_is_not_to_be_written),
	IN_LINK(output_of_a_cell_is_not_to_be_written),
	IN_LINK(state_table_is_not_to_be_written),
};
const size_t links_hostile_count = sizeof(links_hostile_tests) / sizeof(links_hostile_tests[0]);
