// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Ethernet in shared memory: its layout to the byte, frames through both rings, states of two ends, a hostile peer. */
#include "../unit.h"

#include <stdio.h>

#include "net-bed.h"

#define STATE(name) JAILHOUSE_IVSHMEM_NET_STATE_##name
#define USUAL	    0x7f000 /* of JAILHOUSE_SHMEM_NET_REGIONS */

static struct net_end ends[2];

static int open_small(void **state)
{
	(void)state;
	return net_bed_open(ends, 0x10000) ? 0 : -1;
}

static int close_all(void **state)
{
	(void)state;
	net_bed_close(ends);
	return 0;
}

static void put16(u8 *section, u32 offset, u16 value)
{
	memcpy(section + offset, &value, sizeof(value));
}

static void put32(u8 *section, u32 offset, u32 value)
{
	memcpy(section + offset, &value, sizeof(value));
}

static u16 get16(const u8 *section, u32 offset)
{
	u16 value;

	memcpy(&value, section + offset, sizeof(value));
	return value;
}

/* ---- layout ---- */

static void geometry_follows_from_the_size(void **state)
{
	/* By hand from the rule: the largest ring that is smaller than an eighth of the section */
	static const struct {
		u64 size;
		u32 qlen, used, data, mtu;
	} rows[] = {
		{ 0x1000, 32, 640, 960, 196 },
		{ 0x4000, 64, 1216, 1792, 912 },
		{ 0x10000, 256, 4672, 6784, 3672 },
		{ USUAL, 2048, 36928, 53376, 16384 },
		{ 0x100000, 4096, 73792, 106624, 16384 },
		{ 0x1000000, 4096, 73792, 106624, 16384 },
	};
	struct net_geometry g;

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(rows); n++) {
		assert_int_equal(net_geometry_init(&g, rows[n].size), 0);
		assert_int_equal(g.qlen, rows[n].qlen);
		assert_int_equal(g.used, rows[n].used);
		assert_int_equal(g.data, rows[n].data);
		assert_int_equal(g.mtu, rows[n].mtu);
		assert_int_equal(g.end, rows[n].size);
	}
	assert_int_equal(net_geometry_init(&g, 0), -1);
	assert_int_equal(net_geometry_init(&g, 959), -1);
	assert_int_equal(net_geometry_init(&g, 960 + 68 * 16 - 1), -1);
	assert_int_equal(net_geometry_init(&g, 960 + 68 * 16), 0);
	assert_int_equal(net_geometry_init(&g, 0x40000001), -1);
	assert_int_equal(net_geometry_init(&g, ~0ULL), -1);
}

/* The image of docs/ivshmem-net.md: "offset: bytes", all else is 0. */
static u8 *read_image(void)
{
	FILE *file = fopen(FIXTURES "/ivshmem-net/section-two-frames.hex", "re");
	u8 *image = calloc(1, USUAL);
	unsigned int offset, byte;
	char line[256], *at;
	int len;

	assert_non_null(file);
	assert_non_null(image);
	while (fgets(line, sizeof(line), file)) {
		if (line[0] == '#')
			continue;
		assert_int_equal(sscanf(line, "%x:%n", &offset, &len), 1);
		for (at = line + len; sscanf(at, "%x%n", &byte, &len) == 1; at += len) {
			assert_true(offset < USUAL);
			image[offset++] = (u8)byte;
		}
	}
	fclose(file);
	return image;
}

/* An ARP request, and one byte of UDP in a frame of the smallest size */
static const u8 first[42] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0x4a, 0x00, 0x00, 0x70, 0x00, 0x08, 0x06, 0x00, 0x01,
	0x08, 0x00, 0x06, 0x04, 0x00, 0x01, 0x02, 0x4a, 0x00, 0x00, 0x70, 0x00, 0xc0, 0xa8, 0x13, 0x01,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xc0, 0xa8, 0x13, 0x02,
};
static const u8 second[60] = {
	0x02, 0x4a, 0x00, 0x00, 0x70, 0x01, 0x02, 0x4a, 0x00, 0x00, 0x70, 0x00, 0x08, 0x00, 0x45, 0x00,
	0x00, 0x1d, 0x00, 0x01, 0x40, 0x00, 0x40, 0x11, 0x93, 0x7b, 0xc0, 0xa8, 0x13, 0x01, 0xc0, 0xa8,
	0x13, 0x02, 0x30, 0x39, 0x00, 0x07, 0x00, 0x09, 0x00, 0x00, 0x41,
};

/* The section of peer 0, which has sent two frames, has received one of 64 bytes, and waits for the next one. */
static void section_is_as_recorded(void **state)
{
	u8 *image = read_image();
	struct net_frame frame;

	(void)state;
	assert_true(net_bed_open(ends, USUAL));
	memcpy(net_tx_begin(&ends[0].tx, sizeof(first)), first, sizeof(first));
	net_tx_commit(&ends[0].tx, sizeof(first));
	memcpy(net_tx_begin(&ends[0].tx, sizeof(second)), second, sizeof(second));
	net_tx_commit(&ends[0].tx, sizeof(second));
	assert_true(net_bed_send(&ends[1], 64, 1));
	assert_int_equal(net_rx_peek(&ends[0].rx, &frame), NET_RX_FRAME);
	net_rx_done(&ends[0].rx, &frame);
	assert_int_equal(net_rx_want(&ends[0].rx), 0);
	for (u32 n = 0; n < USUAL; n++)
		if (ends[0].section[n] != image[n])
			fail_msg("at 0x%x: 0x%02x, recorded is 0x%02x", n, ends[0].section[n], image[n]);
	free(image);
}

static void recorded_section_is_understood(void **state)
{
	u8 *image = read_image();
	struct net_frame frame;

	(void)state;
	assert_true(net_bed_open(ends, USUAL));
	assert_true(net_bed_send(&ends[1], 64, 1));
	assert_int_equal(net_tx_kick(&ends[1].tx), 1);
	memcpy(ends[0].section, image, USUAL);
	assert_int_equal(net_rx_peek(&ends[1].rx, &frame), NET_RX_FRAME);
	assert_int_equal(frame.len, sizeof(first));
	assert_memory_equal(frame.data, first, sizeof(first));
	net_rx_done(&ends[1].rx, &frame);
	assert_int_equal(net_rx_peek(&ends[1].rx, &frame), NET_RX_FRAME);
	assert_int_equal(frame.len, sizeof(second));
	assert_memory_equal(frame.data, second, sizeof(second));
	net_rx_done(&ends[1].rx, &frame);
	assert_int_equal(net_rx_peek(&ends[1].rx, &frame), NET_RX_NONE);
	assert_int_equal(net_tx_reclaim(&ends[1].tx), 1);
	/* It wants to hear of the second frame. */
	assert_true(net_bed_send(&ends[1], 64, 1));
	assert_int_equal(net_tx_kick(&ends[1].tx), 1);
	free(image);
}

static void addresses_are_stable_and_local(void **state)
{
	static const u8 expected[] = { 0x02, 0x4a, 0x01, 0x12, 0x70, 0x01 };
	u8 mac[6], other[6];

	(void)state;
	net_mac(mac, 1, 0x1270, 1);
	assert_memory_equal(mac, expected, sizeof(mac));
	net_mac(other, 1, 0x1270, 0);
	assert_memory_not_equal(mac, other, sizeof(mac));
}

/* ---- frames ---- */

static void frames_go_around_many_times(void **state)
{
	u32 sent = 0, received = 0, len;
	struct net_frame frame;
	u8 expected[4096];

	(void)state;
	while (received < 200000) {
		while (sent - received < 1 + sent % 40 &&
		       net_bed_send(&ends[0], 14 + sent * 97 % (ends[0].tx.geometry.mtu + 5), sent))
			sent++;
		while (net_rx_peek(&ends[1].rx, &frame) == NET_RX_FRAME) {
			len = 14 + received * 97 % (ends[0].tx.geometry.mtu + 5);
			assert_int_equal(frame.len, len);
			net_bed_fill(expected, len, received);
			assert_memory_equal(frame.data, expected, len);
			net_rx_done(&ends[1].rx, &frame);
			received++;
		}
		assert_true(net_tx_reclaim(&ends[0].tx) >= 0);
	}
	assert_int_equal(received, sent);
}

static void sender_waits_when_all_is_full(void **state)
{
	u32 longest = ends[0].tx.geometry.mtu + NET_FRAME_MORE, sent = 0;
	struct net_frame frame;

	(void)state;
	while (net_bed_send(&ends[0], longest, sent))
		sent++;
	/* 58752 bytes of data, 3712 for each */
	assert_int_equal(sent, 15);
	assert_int_equal(net_tx_want(&ends[0].tx), 0);
	for (u32 n = 0; n < sent; n++) {
		assert_int_equal(net_rx_peek(&ends[1].rx, &frame), NET_RX_FRAME);
		net_rx_done(&ends[1].rx, &frame);
		/* one doorbell, when half of them are back */
		assert_int_equal(net_rx_kick(&ends[1].rx), n == sent / 2);
	}
	assert_null(net_tx_begin(&ends[0].tx, longest));
	assert_int_equal(net_tx_reclaim(&ends[0].tx), sent);
	assert_true(net_bed_send(&ends[0], longest, 0));
}

static void small_frames_are_limited_by_descriptors(void **state)
{
	u32 sent = 0;

	(void)state;
	while (net_bed_send(&ends[0], 14, sent))
		sent++;
	assert_int_equal(sent, ends[0].tx.geometry.qlen);
}

static void frames_of_a_bad_length_are_not_sent(void **state)
{
	(void)state;
	assert_null(net_tx_begin(&ends[0].tx, 13));
	assert_null(net_tx_begin(&ends[0].tx, ends[0].tx.geometry.mtu + NET_FRAME_MORE + 1));
	assert_null(net_tx_begin(&ends[0].tx, ~0U));
}

static void doorbells_ring_only_for_who_sleeps(void **state)
{
	struct net_frame frame;

	(void)state;
	assert_true(net_bed_send(&ends[0], 64, 0));
	assert_int_equal(net_tx_kick(&ends[0].tx), 1);
	/* It is awake until it says that it wants one. */
	for (u32 n = 1; n < 5; n++) {
		assert_true(net_bed_send(&ends[0], 64, n));
		assert_int_equal(net_tx_kick(&ends[0].tx), 0);
	}
	assert_int_equal(net_rx_want(&ends[1].rx), 1);
	while (net_rx_peek(&ends[1].rx, &frame) == NET_RX_FRAME)
		net_rx_done(&ends[1].rx, &frame);
	assert_int_equal(net_rx_want(&ends[1].rx), 0);
	assert_true(net_bed_send(&ends[0], 64, 5));
	assert_true(net_bed_send(&ends[0], 64, 6));
	assert_int_equal(net_tx_kick(&ends[0].tx), 1);
}

static void frames_may_come_back_in_any_order(void **state)
{
	struct net_geometry g = ends[0].tx.geometry;

	(void)state;
	for (u32 n = 0; n < 3; n++)
		assert_true(net_bed_send(&ends[0], 64, n));
	for (u32 n = 0; n < 3; n++) {
		put32(ends[1].section, g.used + 4 + n * 8, 2 - n);
		put16(ends[1].section, g.used + 2, (u16)(n + 1));
		assert_int_equal(net_tx_reclaim(&ends[0].tx), 1);
		assert_int_equal(ends[0].tx.oldest, n == 2 ? 3 : 0);
	}
}

/* ---- a peer that does not keep to the rules ---- */

static void used_frames_that_were_not_sent(void **state)
{
	struct net_geometry g = ends[0].tx.geometry;
	static const u32 ids[] = { 3, 255, 256, 0x10000, ~0U };

	(void)state;
	put16(ends[1].section, g.used + 2, 1);
	assert_int_equal(net_tx_reclaim(&ends[0].tx), -1);
	for (size_t n = 0; n < ARRAY_LEN(ids); n++) {
		net_bed_start(ends, &g);
		assert_true(net_bed_send(&ends[0], 64, 0));
		put32(ends[1].section, g.used + 4, ids[n]);
		put16(ends[1].section, g.used + 2, 1);
		assert_int_equal(net_tx_reclaim(&ends[0].tx), -1);
	}
}

static void the_same_frame_used_twice(void **state)
{
	struct net_geometry g = ends[0].tx.geometry;

	(void)state;
	assert_true(net_bed_send(&ends[0], 64, 0));
	assert_true(net_bed_send(&ends[0], 64, 1));
	put32(ends[1].section, g.used + 4, 1);
	put32(ends[1].section, g.used + 12, 1);
	put16(ends[1].section, g.used + 2, 2);
	assert_int_equal(net_tx_reclaim(&ends[0].tx), -1);
}

static void more_frames_than_descriptors(void **state)
{
	struct net_geometry g = ends[0].rx.geometry;
	struct net_frame frame;

	(void)state;
	put16(ends[1].section, g.qlen * 16 + 2, (u16)(g.qlen + 1));
	assert_int_equal(net_rx_peek(&ends[0].rx, &frame), NET_RX_BROKEN);
	put16(ends[1].section, g.qlen * 16 + 2, 1);
	put16(ends[1].section, g.qlen * 16 + 4, (u16)g.qlen);
	assert_int_equal(net_rx_peek(&ends[0].rx, &frame), NET_RX_BROKEN);
}

static void descriptors_that_lead_outside(void **state)
{
	struct net_geometry g = ends[0].rx.geometry;
	const struct {
		u32 start, high, len, flags;
	} bad[] = {
		{ 0, 0, 64, 0 },		     /* in the rings */
		{ g.data - 1, 0, 64, 0 },	     /* half in the rings */
		{ g.end, 0, 64, 0 },		     /* behind the end */
		{ g.end - 63, 0, 64, 0 },	     /* across the end */
		{ ~0U, 0, 64, 0 },		     /* overflow */
		{ g.data, 1, 64, 0 },		     /* beyond 4 GiB */
		{ g.data, 0, ~0U, 0 },		     /* endless */
		{ g.data, 0, 13, 0 },		     /* no header */
		{ g.data, 0, 0, 0 },		     /* nothing */
		{ g.data, 0, g.mtu + 19, 0 },	     /* longer than any frame */
		{ g.data, 0, 64, 1 },		     /* a chain */
		{ g.data, 0, 64, 4 },		     /* indirect */
	};
	struct net_frame frame;

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(bad); n++) {
		put32(ends[1].section, 0, bad[n].start);
		put32(ends[1].section, 4, bad[n].high);
		put32(ends[1].section, 8, bad[n].len);
		put32(ends[1].section, 12, bad[n].flags);
		put16(ends[1].section, g.qlen * 16 + 2, (u16)(n + 1));
		assert_int_equal(net_rx_peek(&ends[0].rx, &frame), NET_RX_INVALID);
		/* It is given back all the same. */
		net_rx_done(&ends[0].rx, &frame);
		assert_int_equal(get16(ends[0].section, g.used + 2), n + 1);
	}
	put32(ends[1].section, 8, g.mtu + 18);
	put32(ends[1].section, 0, g.end - g.mtu - 18);
	put32(ends[1].section, 12, 0);
	put16(ends[1].section, g.qlen * 16 + 2, (u16)(ARRAY_LEN(bad) + 1));
	assert_int_equal(net_rx_peek(&ends[0].rx, &frame), NET_RX_FRAME);
}

/* ---- states ---- */

/* Both ends, one step of either at a time, until nothing changes. */
static u32 settle(u32 own[2], const int up[2], unsigned int order)
{
	u32 steps = 0, next;
	int quiet = 0;

	while (quiet < 2 && steps < 100) {
		unsigned int n = order++ & 1;

		next = net_next_state(own[n], own[!n], up[n]);
		quiet = next == own[n] ? quiet + 1 : 0;
		own[n] = next;
		steps++;
	}
	return steps;
}

static void two_ends_meet_whoever_comes_first(void **state)
{
	static const int both[2] = { 1, 1 }, one[2] = { 1, 0 };

	(void)state;
	for (unsigned int order = 0; order < 2; order++) {
		u32 own[2] = { 0, 0 };

		assert_true(settle(own, both, order) < 20);
		assert_int_equal(own[0], STATE(RUN));
		assert_int_equal(own[1], STATE(RUN));
		/* An interface goes down: its end starts anew, and so does the other one. */
		own[0] = net_next_state(own[0], own[1], 0);
		assert_int_equal(own[0], STATE(RESET));
		assert_int_equal(net_next_state(own[0], own[1], 1), STATE(RESET));
		settle(own, one, order);
		assert_int_equal(own[0], STATE(RUN));
		assert_int_equal(own[1], STATE(READY));
		settle(own, both, order);
		assert_int_equal(own[1], STATE(RUN));
	}
}

/* From all pairs of states, as after a crash at any time; nobody stays where the other one waits for him. */
static void two_ends_meet_from_any_states(void **state)
{
	static const int both[2] = { 1, 1 };

	(void)state;
	for (u32 start = 0; start < 32; start++) {
		u32 own[2] = { start & 3, start >> 2 & 3 };

		assert_true(settle(own, both, start >> 4) < 30);
		assert_int_equal(own[0], STATE(RUN));
		assert_int_equal(own[1], STATE(RUN));
	}
}

static void states_without_a_meaning(void **state)
{
	(void)state;
	assert_int_equal(net_next_state(STATE(RESET), ~0U, 1), STATE(RESET));
	assert_int_equal(net_next_state(STATE(RUN), ~0U, 1), STATE(RUN));
	assert_int_equal(net_next_state(STATE(READY), 4, 1), STATE(RUN));
	assert_int_equal(net_next_state(STATE(RUN), STATE(INIT), 1), STATE(RESET));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(geometry_follows_from_the_size),
		cmocka_unit_test_teardown(section_is_as_recorded, close_all),
		cmocka_unit_test_teardown(recorded_section_is_understood, close_all),
		cmocka_unit_test(addresses_are_stable_and_local),
		cmocka_unit_test_setup_teardown(frames_go_around_many_times, open_small, close_all),
		cmocka_unit_test_setup_teardown(sender_waits_when_all_is_full, open_small, close_all),
		cmocka_unit_test_setup_teardown(small_frames_are_limited_by_descriptors, open_small, close_all),
		cmocka_unit_test_setup_teardown(frames_of_a_bad_length_are_not_sent, open_small, close_all),
		cmocka_unit_test_setup_teardown(doorbells_ring_only_for_who_sleeps, open_small, close_all),
		cmocka_unit_test_setup_teardown(frames_may_come_back_in_any_order, open_small, close_all),
		cmocka_unit_test_setup_teardown(used_frames_that_were_not_sent, open_small, close_all),
		cmocka_unit_test_setup_teardown(the_same_frame_used_twice, open_small, close_all),
		cmocka_unit_test_setup_teardown(more_frames_than_descriptors, open_small, close_all),
		cmocka_unit_test_setup_teardown(descriptors_that_lead_outside, open_small, close_all),
		cmocka_unit_test(two_ends_meet_whoever_comes_first),
		cmocka_unit_test(two_ends_meet_from_any_states),
		cmocka_unit_test(states_without_a_meaning),
	};

	return cmocka_run_group_tests_name("net-ring", tests, NULL, NULL);
}
