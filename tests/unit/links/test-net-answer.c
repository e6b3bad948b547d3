// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The host of the net-echo inmate: what it answers, and what it does not. */
#include "../unit.h"

#include <stdlib.h>
#include <string.h>

#include "net-answer.h"

static struct net_host host;
static u8 frame[128];

static const u8 arp[42] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0x4a, 0x00, 0x00, 0x70, 0x00, 0x08, 0x06, 0x00, 0x01,
	0x08, 0x00, 0x06, 0x04, 0x00, 0x01, 0x02, 0x4a, 0x00, 0x00, 0x70, 0x00, 0xc0, 0xa8, 0x13, 0x01,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xc0, 0xa8, 0x13, 0x02,
};
/* A byte to port 7 from port 12345, with a checksum, in a frame of the smallest size */
static const u8 udp[60] = {
	0x02, 0x4a, 0x00, 0x00, 0x70, 0x01, 0x02, 0x4a, 0x00, 0x00, 0x70, 0x00, 0x08, 0x00, 0x45, 0x00,
	0x00, 0x1d, 0x00, 0x01, 0x40, 0x00, 0x40, 0x11, 0x93, 0x7b, 0xc0, 0xa8, 0x13, 0x01, 0xc0, 0xa8,
	0x13, 0x02, 0x30, 0x39, 0x00, 0x07, 0x00, 0x09, 0xe7, 0x47, 0x41,
};
/* Echo request 1 of identifier 0x1234 with 3 bytes */
static const u8 ping[45] = {
	0x02, 0x4a, 0x00, 0x00, 0x70, 0x01, 0x02, 0x4a, 0x00, 0x00, 0x70, 0x00, 0x08, 0x00, 0x45, 0x00,
	0x00, 0x1f, 0x00, 0x01, 0x00, 0x00, 0x40, 0x01, 0xd3, 0x89, 0xc0, 0xa8, 0x13, 0x01, 0xc0, 0xa8,
	0x13, 0x02, 0x08, 0x00, 0x41, 0x68, 0x12, 0x34, 0x00, 0x01, 0x61, 0x62, 0x43,
};

static int start(void **state)
{
	(void)state;
	host = (struct net_host){ .mac = { 0x02, 0x4a, 0, 0, 0x70, 1 }, .ip = { 192, 168, 19, 2 } };
	return 0;
}

static u32 answer(const u8 *to, u32 len)
{
	memcpy(frame, to, len);
	return net_answer(&host, frame, len);
}

static void says_who_it_is(void **state)
{
	(void)state;
	assert_int_equal(answer(arp, sizeof(arp)), 42);
	assert_memory_equal(frame, arp + 6, 6);
	assert_memory_equal(frame + 6, host.mac, 6);
	assert_int_equal(frame[21], 2);
	assert_memory_equal(frame + 22, host.mac, 6);
	assert_memory_equal(frame + 28, host.ip, 4);
	assert_memory_equal(frame + 32, arp + 22, 10);
	assert_int_equal(host.arps, 1);
}

static void echoes_a_datagram(void **state)
{
	(void)state;
	/* The filling of the frame does not come back. */
	assert_int_equal(answer(udp, sizeof(udp)), 43);
	assert_memory_equal(frame, udp + 6, 6);
	assert_memory_equal(frame + 6, udp, 6);
	assert_memory_equal(frame + 26, udp + 30, 4);
	assert_memory_equal(frame + 30, udp + 26, 4);
	assert_memory_equal(frame + 34, udp + 36, 2);
	assert_memory_equal(frame + 36, udp + 34, 2);
	assert_memory_equal(frame + 38, udp + 38, 5);
	assert_memory_equal(frame + 24, udp + 24, 2);
	assert_int_equal(host.datagrams, 1);
}

static void answers_a_ping(void **state)
{
	(void)state;
	assert_int_equal(answer(ping, sizeof(ping)), 45);
	assert_int_equal(frame[34], 0);
	/* The type is 8 less, so the checksum is 0x800 more. */
	assert_int_equal(frame[36] << 8 | frame[37], 0x4168 + 0x800);
	assert_memory_equal(frame + 38, ping + 38, 7);
	assert_int_equal(host.pings, 1);
}

struct change {
	const u8 *frame;
	u32 len, at;
	u8 value;
};

static void is_silent_where_something_is_wrong(void **state)
{
	static const struct change changes[] = {
		{ arp, 41, 0, 0xff },		/* short */
		{ arp, 42, 41, 3 },		/* for another one */
		{ arp, 42, 21, 2 },		/* an answer */
		{ arp, 42, 18, 5 },		/* other addresses */
		{ arp, 42, 6, 3 },		/* from a group */
		{ arp, 42, 12, 9 },		/* another protocol */
		{ arp, 13, 0, 0xff },		/* no header */
		{ udp, 60, 5, 2 },		/* another receiver */
		{ udp, 60, 33, 3 },		/* another address, and a wrong checksum */
		{ udp, 60, 14, 0x65 },		/* version 6 */
		{ udp, 60, 14, 0x44 },		/* a short header */
		{ udp, 60, 14, 0x4f },		/* a header beyond the end */
		{ udp, 60, 17, 0x60 },		/* longer than the frame */
		{ udp, 60, 42, 0x42 },		/* not what was sent */
		{ udp, 60, 39, 0x08 },		/* lengths that differ */
		{ udp, 33, 0, 2 },		/* short */
		{ udp, 60, 37, 9 },		/* another port */
		{ ping, 45, 44, 0x64 },		/* not what was sent */
		{ ping, 45, 34, 13 },		/* another question */
		{ ping, 44, 0, 2 },		/* short */
	};
	u8 changed[64];

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(changes); n++) {
		memcpy(changed, changes[n].frame, changes[n].len);
		changed[changes[n].at] = changes[n].value;
		if (answer(changed, changes[n].len))
			fail_msg("change %zu has an answer", n);
		assert_int_equal(host.others, n + 1);
	}
	assert_int_equal(host.arps + host.pings + host.datagrams, 0);
}

static void fix_header(u8 *ip)
{
	u32 sum = 0;

	ip[10] = 0;
	ip[11] = 0;
	for (int n = 0; n < 20; n += 2)
		sum += (u32)ip[n] << 8 | ip[n + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~(sum + (sum >> 16));
	ip[10] = (u8)(sum >> 8);
	ip[11] = (u8)sum;
}

static void is_silent_for_fragments_and_itself(void **state)
{
	u8 changed[60];

	(void)state;
	memcpy(changed, udp, sizeof(udp));
	changed[20] = 0x20; /* more follows */
	fix_header(changed + 14);
	assert_int_equal(answer(changed, sizeof(udp)), 0);
	memcpy(changed, udp, sizeof(udp));
	memcpy(changed + 34, changed + 36, 2); /* from an echo */
	changed[40] = 0;
	changed[41] = 0;
	assert_int_equal(answer(changed, sizeof(udp)), 0);
	/* The same from another port, still without a checksum, is fine. */
	changed[35] = 8;
	assert_int_equal(answer(changed, sizeof(udp)), 43);
}

/* On the heap with its exact size, so that the sanitizer sees each byte too many. */
static void frames_of_any_length_and_content(void **state)
{
	u32 seed = 1;

	(void)state;
	for (u32 round = 0; round < 100000; round++) {
		u32 len = round % 60;
		u8 *exact = malloc(len ? len : 1);

		assert_non_null(exact);
		memcpy(exact, round & 1 ? udp : ping, len < 45 ? len : 45);
		for (u32 n = 45; n < len; n++)
			exact[n] = 0;
		for (u32 n = 0; len && n < round % 4; n++) {
			seed = seed * 1103515245 + 12345;
			exact[(seed >> 16) % len] = (u8)(seed >> 8);
		}
		assert_true(net_answer(&host, exact, len) <= len);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(says_who_it_is, start),
		cmocka_unit_test_setup(echoes_a_datagram, start),
		cmocka_unit_test_setup(answers_a_ping, start),
		cmocka_unit_test_setup(is_silent_where_something_is_wrong, start),
		cmocka_unit_test_setup(is_silent_for_fragments_and_itself, start),
		cmocka_unit_test_setup(frames_of_any_length_and_content, start),
	};

	return cmocka_run_group_tests_name("net-answer", tests, NULL, NULL);
}
