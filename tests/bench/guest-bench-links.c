/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Links between cells: doorbells, which the inmate doorbell-bench measures while this program
 * rings, and messages between two that are awake. On the machine's board with links
 * (tests/system/links).
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/ivshmem-peer.h>

#include "guest.h"
#include "guest-bench.h"
#include "links.h"

#define LINK        "trio" /* the first one that inmates find */
#define PEER        1
#define PATIENCE_MS 60000
#define WARM_UP     100
#define MESSAGES    1000

static struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

int setup_links(void **state)
{
	links_setup(state);
	links_load("uio");
	links_load("uio_ivshmem");
	links_enable_with(bench_arch.adjust_system);
	return 0;
}

int teardown_links(void **state)
{
	links_disable();
	return links_teardown(state);
}

/*
 * This program spins, on a CPU that comes behind the cell's: with QEMU 7.2 the emulated CPUs share a thread that begins
 * anew with the first one whenever a timer is due, and what spins before another one uses all of that up.
 */
static void come_behind(void)
{
	int last = CPU_SETSIZE - 1;
	cpu_set_t set;

	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	while (!CPU_ISSET(last, &set))
		last--;
	CPU_ZERO(&set);
	CPU_SET(last, &set);
	assert_int_equal(sched_setaffinity(0, sizeof(set), &set), 0);
}

/* Rings whenever the inmate has taken the one before, until it wants no more. */
static void ring_as_wanted(struct jailhouse_ivshmem *device)
{
	const volatile uint32_t *report = jailhouse_ivshmem_get_input(device, PEER, NULL);
	const int64_t end = guest_now_ms() + PATIENCE_MS;
	uint32_t rung = 0, wanted;

	do {
		wanted = __atomic_load_n(&report[1], __ATOMIC_ACQUIRE);
		if (rung < wanted && __atomic_load_n(&report[0], __ATOMIC_ACQUIRE) == rung) {
			guest_ok(jailhouse_ivshmem_ring(device, PEER, 0, &error), &error);
			rung++;
		}
		if (guest_now_ms() > end)
			fail_msg("%u of %u doorbells came", report[0], wanted);
	} while (rung == 0 || wanted != 0);
}

void doorbells(void **state)
{
	struct jailhouse_ivshmem *device;
	uint32_t id;

	(void)state;
	guest_ok(jailhouse_ivshmem_open(links_jh, links_address(LINK), &device, &error), &error);
	id = links_cell("tiny", "doorbell-bench", NULL);
	come_behind();
	ring_as_wanted(device);
	links_destroy(id);
	jailhouse_ivshmem_close(device);
}

static void send_and_receive(struct jailhouse_channel *channel, uint32_t number)
{
	uint32_t message[16] = {number};
	size_t size = 0;
	int ret;

	assert_int_equal(jailhouse_channel_send(channel, message, sizeof(message), 0, &error), 1);
	message[0] = ~number;
	do
		ret = jailhouse_channel_receive(channel, message, sizeof(message), &size, 0,
						&error);
	while (ret == 0);
	assert_int_equal(ret, 1);
	assert_int_equal(size, sizeof(message));
	assert_int_equal(message[0], number);
}

/* Each way; the root cell's doorbells are accesses to memory that it has not. */
void messages_between_two_that_are_awake(void **state)
{
	struct jailhouse_ivshmem *device;
	struct jailhouse_channel *channel;
	uint64_t in_cell, in_root;
	uint32_t id, n;

	(void)state;
	id = links_cell("tiny", "channel-echo", "poll");
	come_behind();
	guest_ok(jailhouse_ivshmem_open(links_jh, links_address(LINK), &device, &error), &error);
	guest_ok(jailhouse_channel_open(device, PEER, &channel, &error), &error);
	assert_int_equal(jailhouse_channel_connect(channel, PATIENCE_MS, &error), 1);
	for (n = 0; n < WARM_UP; n++)
		send_and_receive(channel, n);
	in_cell = guest_exits(links_jh, id, "vmexits_total");
	in_root = guest_exits(links_jh, 0, "vmexits_mmio");
	for (n = 0; n < MESSAGES; n++)
		send_and_receive(channel, n);
	in_root = guest_exits(links_jh, 0, "vmexits_mmio") - in_root;
	in_cell = guest_exits(links_jh, id, "vmexits_total") - in_cell;
	figure("message-exits-cell", (double)in_cell / MESSAGES);
	figure("message-exits-root-mmio", (double)in_root / MESSAGES);
	jailhouse_channel_close(channel);
	jailhouse_ivshmem_close(device);
	links_destroy(id);
}
