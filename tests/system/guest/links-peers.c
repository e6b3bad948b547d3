/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Peers that come, go, start anew and die: what the others see of it. */
#include <string.h>
#include <unistd.h>

#include "links.h"

#define RESTARTS 50
#define TEXT	 256

/* Arms, and waits for the interrupt of a change of state that comes by then or has come meanwhile. */
static void wait_notice(struct uio *uio, uint32_t peer, uint32_t state)
{
	uio_wait_state(uio, peer, state);
	assert_int_equal(uio_wait(uio, SOON_MS), 1);
	uio_arm(uio);
	assert_int_equal(uio_wait(uio, QUIET_MS), 0);
}

static void destroyed_peer_is_state_0(void **state)
{
	struct uio trio = uio_open("trio");
	uint32_t id = peer_make(&trio, TINY);

	(void)state;
	peer_do(&trio, TINY, LINK_STATE, 0, 3, 1, 0);
	uio_arm(&trio);
	links_destroy(id);
	wait_notice(&trio, TINY, 0);
	/* Nobody hears. */
	uio_ring(&trio, TINY, 0);
	/* Its memory stays what it was until it is created again. */
	assert_int_equal(peer_report(&trio, TINY)->magic, LINK_PEER_MAGIC);
	links_cell("tiny", NULL, NULL);
	assert_int_equal(peer_report(&trio, TINY)->magic, 0);
	assert_int_equal(uio_wait(&trio, QUIET_MS), 0);
	uio_close(&trio);
}

/* A peer dies in the middle of a message. */
static void crash_in_a_message(void **state)
{
	struct uio trio = uio_open("trio");
	uint32_t id = peer_make(&trio, TINY);
	const unsigned char *text = trio.in + TINY * trio.output_size + LINK_PEER_TEXT;

	(void)state;
	peer_do(&trio, TINY, LINK_STATE, 0, 3, 1, 0);
	peer_do(&trio, TINY, LINK_WRITE, 0, TEXT, 0, 0);
	uio_arm(&trio);
	peer_order(&trio, TINY, LINK_FAULT, 0, 0, 0, 0);
	wait_notice(&trio, TINY, 0);
	guest_cell_wait_state(links_jh, id, JAILHOUSE_CELL_FAILED);
	/* Half a message, to be looked at, and not more */
	for (unsigned int n = 0; n < TEXT; n++)
		assert_int_equal(text[n], n);
	uio_ring(&trio, TINY, 0);
	assert_int_equal(uio_wait(&trio, QUIET_MS), 0);
	/* It starts anew with an empty section, and hears nothing of before. */
	peer_restart(&trio, TINY, id, true);
	assert_int_equal(text[TEXT - 1], 0);
	peer_expect_irqs(&trio, TINY, 0, 0);
	assert_int_equal(uio_wait(&trio, 0), 0);
	uio_close(&trio);
}

/* One that only stops is there still, and others are not held up by it. */
static void peer_that_hangs(void **state)
{
	struct uio trio = uio_open("trio");
	uint32_t id = peer_make(&trio, TINY);

	(void)state;
	peer_make(&trio, ECHO);
	peer_do(&trio, TINY, LINK_STATE, 0, 3, 1, 0);
	peer_order(&trio, TINY, LINK_PARK, 0, 0, 0, 0);
	for (uint32_t n = 0; n < 100; n++) {
		uio_ring(&trio, TINY, 0);
		trio.regs[REG_STATE] = n + 1;
	}
	assert_int_equal(trio.table[TINY], 3);
	peer_do(&trio, ECHO, LINK_REGISTERS, 0, 0, 0, 0);
	assert_int_equal(peer_report(&trio, ECHO)->words[5], 100);
	/* Interrupts that it never took are gone when it starts again. */
	peer_restart(&trio, TINY, id, true);
	peer_expect_irqs(&trio, TINY, 0, 0);
	assert_int_equal(trio.table[TINY], 0);
	uio_close(&trio);
}

static void loaded_again(void **state)
{
	struct uio trio = uio_open("trio");
	uint32_t id = peer_make(&trio, TINY);

	(void)state;
	peer_do(&trio, TINY, LINK_STATE, 0, 3, 1, 0);
	uio_arm(&trio);
	peer_restart(&trio, TINY, id, true);
	wait_notice(&trio, TINY, 0);
	peer_do(&trio, TINY, LINK_RING, 0, ROOT, 0, 1);
	assert_int_equal(uio_wait(&trio, SOON_MS), 1);
	uio_ring(&trio, TINY, 0);
	peer_expect_irqs(&trio, TINY, 0, 1);
	uio_close(&trio);
}

/* The memory of the cell is that of its last life then. */
static void started_again_without_a_load(void **state)
{
	struct uio trio = uio_open("trio");
	uint32_t id = peer_make(&trio, TINY);

	(void)state;
	for (unsigned int n = 0; n < 3; n++) {
		peer_do(&trio, TINY, LINK_STATE, 0, 3, 1, 0);
		peer_restart(&trio, TINY, id, false);
		assert_int_equal(trio.table[TINY], 0);
		uio_drain(&trio);
		uio_arm(&trio);
		peer_do(&trio, TINY, LINK_RING, 0, ROOT, 0, 1);
		assert_int_equal(uio_wait(&trio, SOON_MS), 1);
		uio_ring(&trio, TINY, 0);
		peer_expect_irqs(&trio, TINY, 0, 1);
	}
	uio_close(&trio);
}

static void both_ends_restart_50_times(void **state)
{
	struct uio trio = uio_open("trio");
	uint32_t id = peer_make(&trio, TINY);
	uint32_t used = guest_pool_used(links_jh);

	(void)state;
	for (unsigned int n = 0; n < RESTARTS; n++) {
		trio.regs[REG_STATE] = n + 1;
		peer_do(&trio, TINY, LINK_REGISTERS, 0, 0, 0, 0);
		assert_int_equal(peer_report(&trio, TINY)->words[5], n + 1);
		uio_drain(&trio);
		uio_arm(&trio);
		peer_do(&trio, TINY, LINK_STATE, 0, n + 1, 1, 0);
		assert_int_equal(uio_wait(&trio, SOON_MS), 1);
		assert_int_equal(trio.table[TINY], n + 1);
		if (n % 2) {
			uio_close(&trio);
			trio = uio_open("trio");
			assert_int_equal(trio.table[ROOT], 0);
		}
		if (n % 10 == 9) {
			links_destroy(id);
			id = peer_make(&trio, TINY);
		} else {
			peer_restart(&trio, TINY, id, true);
		}
		assert_int_equal(trio.table[TINY], 0);
	}
	assert_int_equal(guest_pool_used(links_jh), used);
	uio_close(&trio);
}

static void three_peers(void **state)
{
	struct uio trio = uio_open("trio");
	uint32_t tiny = peer_make(&trio, TINY), echo = peer_make(&trio, ECHO);

	(void)state;
	/* Between cells, past the root cell */
	uio_arm(&trio);
	peer_do(&trio, TINY, LINK_RING, 0, ECHO, 0, 1);
	peer_expect_irqs(&trio, ECHO, 0, 1);
	peer_do(&trio, ECHO, LINK_RING, 0, TINY, 0, 1);
	peer_expect_irqs(&trio, TINY, 0, 1);
	assert_int_equal(uio_wait(&trio, 0), 0);
	/* A state is for all. */
	peer_do(&trio, ECHO, LINK_STATE, 0, 4, 1, 0);
	peer_expect_irqs(&trio, TINY, 0, 2);
	peer_expect_irqs(&trio, ECHO, 0, 1);
	wait_notice(&trio, ECHO, 4);
	peer_do(&trio, TINY, LINK_REGISTERS, 0, 0, 0, 0);
	assert_int_equal(peer_report(&trio, TINY)->words[7], 4);
	/* One goes, and the other two go on. */
	links_destroy(echo);
	wait_notice(&trio, ECHO, 0);
	peer_expect_irqs(&trio, TINY, 0, 3);
	uio_ring(&trio, TINY, 0);
	peer_expect_irqs(&trio, TINY, 0, 4);
	links_destroy(tiny);
	uio_close(&trio);
}

/* The root cell has no part in it. */
static void cell_to_cell(void **state)
{
	struct uio trio = uio_open("trio");
	uint32_t echo;

	(void)state;
	peer_make(&trio, TINY);
	peer_do(&trio, TINY, LINK_REGISTERS, 1, 0, 0, 0);
	assert_int_equal(peer_report(&trio, TINY)->words[REG_ID], 0);
	assert_int_equal(peer_report(&trio, TINY)->words[REG_PEERS], 2);
	echo = peer_make(&trio, ECHO);
	uio_arm(&trio);
	peer_do(&trio, TINY, LINK_STATE, 1, 7, 1, 0);
	peer_expect_irqs(&trio, ECHO, 1, 1);
	peer_do(&trio, ECHO, LINK_REGISTERS, 1, 0, 0, 0);
	assert_int_equal(peer_report(&trio, ECHO)->words[REG_ID], 1);
	assert_int_equal(peer_report(&trio, ECHO)->words[5], 7);
	peer_do(&trio, ECHO, LINK_RING, 1, 0, 0, 1);
	peer_expect_irqs(&trio, TINY, 1, 1);
	/* It dies with a state: the other one hears of it, and only there. */
	peer_do(&trio, ECHO, LINK_STATE, 1, 8, 1, 0);
	peer_expect_irqs(&trio, TINY, 1, 2);
	peer_order(&trio, ECHO, LINK_FAULT, 0, 0, 0, 0);
	peer_expect_irqs(&trio, TINY, 1, 3);
	peer_do(&trio, TINY, LINK_REGISTERS, 1, 0, 0, 0);
	assert_int_equal(peer_report(&trio, TINY)->words[6], 0);
	links_destroy(echo);
	peer_expect_irqs(&trio, TINY, 1, 3);
	assert_int_equal(peer_irqs(&trio, TINY, 0), 0);
	assert_int_equal(uio_wait(&trio, 0), 0);
	uio_close(&trio);
}

/* The demonstration: what it prints, the run's line expects. */
static void demo_at_both_ends(void **state)
{
	struct uio trio = uio_open("trio");
	const uint32_t *out[PEERS];
	uint32_t before;

	(void)state;
	for (uint32_t n = 0; n < PEERS; n++)
		out[n] = (const uint32_t *)(const void *)(trio.in + n * trio.output_size);
	trio.regs[REG_STATE] = 1;
	uio_arm(&trio);
	links_cell("tiny", "ivshmem-demo", NULL);
	wait_notice(&trio, TINY, TINY + 1);
	/* The first one rings the second one by itself, the second one as it is told. */
	links_cell("echo", "ivshmem-demo", "target=0");
	uio_wait_state(&trio, ECHO, ECHO + 1);
	for (unsigned int n = 0; n < 3; n++) {
		uio_drain(&trio);
		uio_arm(&trio);
		assert_int_equal(uio_wait(&trio, SOON_MS), 1);
	}
	assert_in_range(trio.rw[ECHO], 1, 100);
	assert_in_range(*(const volatile uint32_t *)out[ECHO], 10, 1000);
	before = trio.rw[TINY];
	uio_ring(&trio, TINY, 0);
	for (unsigned int n = 0; n < SOON_MS && trio.rw[TINY] == before; n++)
		usleep(1000);
	assert_int_equal(trio.rw[TINY], before + 1);
	sleep(1);
	assert_int_equal(*(const volatile uint32_t *)out[TINY], 10 * trio.rw[TINY]);
	uio_close(&trio);
}

#define IN_LINK(name) cmocka_unit_test_setup_teardown(name, links_begin, links_end)

const struct CMUnitTest links_peer_tests[] = {
	IN_LINK(destroyed_peer_is_state_0),
	IN_LINK(crash_in_a_message),
	IN_LINK(peer_that_hangs),
	IN_LINK(loaded_again),
	IN_LINK(three_peers),
	IN_LINK(cell_to_cell),
	IN_LINK(demo_at_both_ends),
	IN_LINK(both_ends_restart_50_times),
	IN_LINK(started_again_without_a_load),
};
const size_t links_peer_count = sizeof(links_peer_tests) / sizeof(links_peer_tests[0]);
