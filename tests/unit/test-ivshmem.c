/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* IVSHMEM devices and channels of the library, on a machine of files. */
#include <poll.h>
#include <string.h>

#include <jailhouse/ivshmem-peer.h>
#include <jailhouse/ivshmem-ring.h>

#include "ivshmem-tree.h"
#include "unit.h"

static struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

static struct jailhouse_ivshmem *open_uio(void)
{
	struct jailhouse_ivshmem *device = NULL;

	if (jailhouse_ivshmem_open(NULL, "uio0", &device, &error) != 0)
		fail_msg("%s", error.text);
	return device;
}

static void expect_failure(const char *name, int code, const char *text)
{
	struct jailhouse_ivshmem *device = (void *)1;

	assert_int_equal(jailhouse_ivshmem_open(NULL, name, &device, &error), code);
	assert_ptr_equal(device, (void *)1);
	if (!strstr(error.text, text))
		fail_msg("\"%s\" is not in \"%s\"", text, error.text);
}

/* ---- the driver ---- */

static void all_sections_are_mapped_by_their_names(void **state)
{
	struct jailhouse_ivshmem *device = open_uio();
	size_t size;

	(void)state;
	assert_int_equal(jailhouse_ivshmem_get_id(device), 1);
	assert_int_equal(jailhouse_ivshmem_get_max_peers(device), 2);
	assert_int_equal(jailhouse_ivshmem_get_access(device), JAILHOUSE_IVSHMEM_ACCESS_UIO);
	assert_non_null(jailhouse_ivshmem_get_state_table(device, &size));
	assert_int_equal(size, 2);
	*(uint32_t *)jailhouse_ivshmem_get_rw_section(device, &size) = 0x1234;
	assert_int_equal(size, TREE_PAGE);
	assert_int_equal(*(uint32_t *)tree_map("dev/uio0", 2), 0x1234);
	strcpy(tree_peer_output(), "from peer 0");
	assert_string_equal(jailhouse_ivshmem_get_input(device, 0, &size), "from peer 0");
	assert_int_equal(size, TREE_PAGE);
	strcpy(jailhouse_ivshmem_get_output(device, &size), "from peer 1");
	assert_string_equal(jailhouse_ivshmem_get_input(device, 1, NULL), "from peer 1");
	assert_null(jailhouse_ivshmem_get_input(device, 2, &size));
	assert_int_equal(size, 0);
	jailhouse_ivshmem_close(device);
}

static void maps_move_up_where_a_section_is_missing(void **state)
{
	struct jailhouse_ivshmem *device;
	size_t size;

	(void)state;
	tree_text("sys/class/uio/uio0/maps/map2/name", "input_sections\n");
	tree_text("sys/class/uio/uio0/maps/map2/size", "0x2000\n");
	tree_text("sys/class/uio/uio0/maps/map3/name", "output_section\n");
	tree_text("sys/class/uio/uio0/maps/map3/size", "0x1000\n");
	device = open_uio();
	assert_null(jailhouse_ivshmem_get_rw_section(device, &size));
	assert_int_equal(size, 0);
	assert_non_null(jailhouse_ivshmem_get_output(device, &size));
	assert_int_equal(size, TREE_PAGE);
	jailhouse_ivshmem_close(device);
}

static void a_driver_that_is_another_one_is_refused(void **state)
{
	(void)state;
	tree_text("sys/class/uio/uio0/maps/map1/name", "rom\n");
	expect_failure("", JAILHOUSE_ERR_PROTOCOL, "map 1 of uio0 is not \"state_table\"");
	tree_text("sys/class/uio/uio0/maps/map1/name", "state_table\n");
	tree_text("sys/class/uio/uio0/maps/map1/size", "many\n");
	expect_failure("", JAILHOUSE_ERR_PROTOCOL, "uio0/maps/map1/size");
	tree_text("sys/class/uio/uio0/maps/map1/size", "-0x1000\n");
	expect_failure("", JAILHOUSE_ERR_PROTOCOL, "uio0/maps/map1/size");
	tree_text("sys/class/uio/uio0/maps/map1/size", "0x4\n");
	expect_failure("", JAILHOUSE_ERR_PROTOCOL, "uio0/maps/map1/size");
	tree_text("sys/class/uio/uio0/maps/map1/size", "0xffffffffffff0000\n");
	expect_failure("", JAILHOUSE_ERR_IO, "state_table");
}

static void a_device_that_contradicts_itself_is_refused(void **state)
{
	struct jailhouse_ivshmem_regs *regs = tree_regs();

	(void)state;
	regs->id = 2;
	expect_failure("", JAILHOUSE_ERR_PROTOCOL, "own id 0x2");
	regs->id = 0;
	regs->max_peers = 0;
	expect_failure("", JAILHOUSE_ERR_PROTOCOL, "number of peers 0x0");
	regs->max_peers = 0xffffffff;
	expect_failure("", JAILHOUSE_ERR_PROTOCOL, "number of peers 0xffffffff");
	regs->max_peers = 1025;
	expect_failure("", JAILHOUSE_ERR_PROTOCOL, "state table 0x1000");
	regs->max_peers = 3;
	expect_failure("", JAILHOUSE_ERR_PROTOCOL, "output sections 0x2000");
}

static void a_node_that_is_missing_is_named(void **state)
{
	(void)state;
	tree_remove("dev/uio0");
	expect_failure("", JAILHOUSE_ERR_NO_DEVICE, "dev/uio0");
}

static void states_and_doorbells_reach_the_registers(void **state)
{
	struct jailhouse_ivshmem *device = open_uio();
	struct jailhouse_ivshmem_regs *regs = tree_regs();
	uint32_t value;

	(void)state;
	assert_int_equal(jailhouse_ivshmem_set_state(device, 77, &error), 0);
	assert_int_equal(regs->state, 77);
	tree_states()[0] = 5;
	assert_int_equal(jailhouse_ivshmem_get_state(device, 0, &value, &error), 0);
	assert_int_equal(value, 5);
	assert_int_equal(jailhouse_ivshmem_get_state(device, 2, &value, &error),
			 JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_ivshmem_ring(device, 1, 3, &error), 0);
	assert_int_equal(regs->doorbell, 0x10003);
	assert_int_equal(jailhouse_ivshmem_ring(device, 0, 16, &error), JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_ivshmem_ring(device, 2, 0, &error), JAILHOUSE_ERR_ARGUMENT);
	assert_text(error, "IVSHMEM device 0001:00:0e.0: there is no peer 2, ids are below 2");
	assert_int_equal(jailhouse_ivshmem_arm(device, &error), 0);
	assert_int_equal(regs->int_control, 1);
	jailhouse_ivshmem_close(device);
}

/* ---- without a driver ---- */

static void without_a_driver_memory_is_mapped_and_a_timer_stands_in(void **state)
{
	struct jailhouse_ivshmem *device = NULL;
	size_t size;

	(void)state;
	tree_add_memory();
	if (jailhouse_ivshmem_open(NULL, TREE_MEMORY, &device, &error) != 0)
		fail_msg("%s", error.text);
	assert_int_equal(*(char *)tree_map("sys/bus/pci/devices/" TREE_MEMORY "/enable", 0), '1');
	assert_int_equal(jailhouse_ivshmem_get_access(device), JAILHOUSE_IVSHMEM_ACCESS_MEMORY);
	assert_int_equal(jailhouse_ivshmem_get_max_peers(device), 3);
	assert_null(jailhouse_ivshmem_get_rw_section(device, NULL));
	strcpy(tree_map("dev/mem", TREE_BASE / TREE_PAGE + 3), "peer 2");
	assert_string_equal(jailhouse_ivshmem_get_input(device, 2, &size), "peer 2");
	assert_int_equal(size, TREE_PAGE);
	strcpy(jailhouse_ivshmem_get_output(device, NULL), "peer 0");
	assert_string_equal(tree_map("dev/mem", TREE_BASE / TREE_PAGE + 1), "peer 0");
	assert_int_equal(jailhouse_ivshmem_wait(device, 0, &error), 0);
	assert_int_equal(jailhouse_ivshmem_arm(device, &error), 0);
	assert_int_equal(jailhouse_ivshmem_wait(device, -1, &error), 1);
	jailhouse_ivshmem_set_state(device, 9, NULL);
	jailhouse_ivshmem_close(device);
	assert_int_equal(((struct jailhouse_ivshmem_regs *)tree_map(
				  "sys/bus/pci/devices/" TREE_MEMORY "/resource0", 0))
				 ->state,
			 0);
}

static void a_capability_that_makes_no_sense_is_refused(void **state)
{
	unsigned char *config, head[64] = {0};

	(void)state;
	tree_add_memory();
	config = tree_map("sys/bus/pci/devices/" TREE_MEMORY "/config", 0);
	config[0x40] = 5;
	expect_failure(TREE_MEMORY, JAILHOUSE_ERR_PROTOCOL, "vendor capability is missing");
	config[0x40] = 9;
	config[0x57] = 0xff;
	expect_failure(TREE_MEMORY, JAILHOUSE_ERR_PROTOCOL, "sizes");
	config[0x57] = 0;
	config[0x5f] = 0xff;
	expect_failure(TREE_MEMORY, JAILHOUSE_ERR_PROTOCOL, "sizes");
	tree_file("sys/bus/pci/devices/" TREE_MEMORY "/config", head, sizeof(head));
	expect_failure(TREE_MEMORY, JAILHOUSE_ERR_PERMISSION, TREE_MEMORY);
}

/* ---- channels ---- */

struct channel_test {
	struct jailhouse_ivshmem *device;
	struct jailhouse_channel *channel;
	struct jailhouse_ring peer;
};

static void start_peer(struct channel_test *t)
{
	jailhouse_ring_init(&t->peer, tree_peer_output(), tree_own_output(), TREE_PAGE, NULL, 1);
	tree_states()[0] = JAILHOUSE_RING_STATE_READY;
}

static void open_channel(struct channel_test *t)
{
	t->device = open_uio();
	if (jailhouse_channel_open(t->device, 0, &t->channel, &error) != 0)
		fail_msg("%s", error.text);
}

static void connect_peer(struct channel_test *t)
{
	jailhouse_channel_connect(t->channel, 0, NULL);
	jailhouse_ring_poll(&t->peer);
	assert_int_equal(jailhouse_channel_connect(t->channel, 1000, &error), 1);
	assert_int_equal(jailhouse_ring_poll(&t->peer), JAILHOUSE_RING_UP);
}

static void setup(struct channel_test *t)
{
	open_channel(t);
	start_peer(t);
	connect_peer(t);
}

static void teardown(struct channel_test *t)
{
	jailhouse_channel_close(t->channel);
	jailhouse_ivshmem_close(t->device);
}

static void peer_sends(struct channel_test *t, const char *text)
{
	assert_int_equal(jailhouse_ring_send(&t->peer, text, (uint32_t)strlen(text) + 1), 1);
	jailhouse_ring_publish(&t->peer);
}

static void nothing_is_sent_before_the_peer_is_there(void **state)
{
	struct channel_test t;
	size_t size;
	char buffer[16];

	(void)state;
	open_channel(&t);
	assert_int_equal(tree_regs()->state, JAILHOUSE_RING_STATE_READY);
	assert_int_equal(jailhouse_channel_send(t.channel, "x", 1, 0, &error), 0);
	assert_int_equal(jailhouse_channel_receive(t.channel, buffer, 16, &size, 20, &error), 0);
	assert_int_equal(jailhouse_channel_connect(t.channel, 0, &error), 0);
	assert_int_equal(jailhouse_channel_prepare(t.channel, JAILHOUSE_CHANNEL_READ, &error), 0);
	teardown(&t);
}

static void messages_pass_both_ways(void **state)
{
	struct channel_test t;
	char buffer[64];
	uint32_t length;
	size_t size;

	(void)state;
	setup(&t);
	peer_sends(&t, "ping");
	assert_int_equal(
		jailhouse_channel_receive(t.channel, buffer, sizeof(buffer), &size, 0, &error), 1);
	assert_int_equal(size, 5);
	assert_string_equal(buffer, "ping");
	assert_int_equal(
		jailhouse_channel_receive(t.channel, buffer, sizeof(buffer), &size, 0, &error), 0);
	assert_int_equal(jailhouse_channel_send(t.channel, "pong", 5, 0, &error), 1);
	assert_int_equal(jailhouse_ring_receive(&t.peer, buffer, sizeof(buffer), &length), 1);
	assert_string_equal(buffer, "pong");
	teardown(&t);
}

static void a_doorbell_is_rung_only_while_the_peer_sleeps(void **state)
{
	struct channel_test t;

	(void)state;
	setup(&t);
	tree_regs()->doorbell = 0x55;
	assert_int_equal(jailhouse_channel_send(t.channel, "x", 1, 0, &error), 1);
	assert_int_equal(tree_regs()->doorbell, 0x55);
	jailhouse_ring_is_readable(&t.peer);
	t.peer.read = t.peer.peer_tail;
	jailhouse_ring_release(&t.peer);
	assert_true(jailhouse_ring_sleep_for_message(&t.peer));
	assert_int_equal(jailhouse_channel_send(t.channel, "x", 1, 0, &error), 1);
	assert_int_equal(tree_regs()->doorbell, 0);
	teardown(&t);
}

static void a_full_channel_says_so_and_a_long_message_never_fits(void **state)
{
	struct channel_test t;
	char block[TREE_PAGE] = {0};
	size_t max;
	int n;

	(void)state;
	setup(&t);
	max = jailhouse_channel_get_max_size(t.channel);
	assert_int_equal(max, (TREE_PAGE - 512) / 2 - JAILHOUSE_RING_HEAD);
	assert_int_equal(jailhouse_channel_send(t.channel, block, max + 1, 0, &error),
			 JAILHOUSE_ERR_ARGUMENT);
	assert_text(error, "a message of 1729 bytes is too long for the channel: at most 1728");
	for (n = 0; jailhouse_channel_send(t.channel, block, 1000, 0, &error) == 1; n++)
		;
	assert_int_equal(n, 3);
	assert_int_equal(jailhouse_channel_send(t.channel, block, 1000, 30, &error), 0);
	assert_int_equal(jailhouse_channel_prepare(t.channel, JAILHOUSE_CHANNEL_WRITE, &error), 0);
	t.peer.peer_tail = t.peer.own->head;
	assert_true(jailhouse_ring_is_readable(&t.peer));
	t.peer.read = t.peer.peer_tail;
	assert_true(jailhouse_ring_release(&t.peer));
	assert_int_equal(jailhouse_channel_prepare(t.channel, JAILHOUSE_CHANNEL_WRITE, &error),
			 JAILHOUSE_CHANNEL_WRITE);
	assert_int_equal(jailhouse_channel_send(t.channel, block, 1000, 0, &error), 1);
	teardown(&t);
}

static void a_message_in_place_may_be_shorter_than_reserved(void **state)
{
	struct channel_test t;
	const void *data;
	uint32_t length;
	void *place;
	size_t size;

	(void)state;
	setup(&t);
	assert_int_equal(jailhouse_channel_commit(t.channel, 0, &error), JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_channel_reserve(t.channel, 100, &place, 0, &error), 1);
	memcpy(place, "place", 6);
	assert_int_equal(jailhouse_channel_commit(t.channel, 101, &error), JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_channel_commit(t.channel, 6, &error), 0);
	assert_null(jailhouse_ring_peek(&t.peer, &length));
	assert_int_equal(jailhouse_channel_flush(t.channel, &error), 0);
	assert_string_equal(jailhouse_ring_peek(&t.peer, &length), "place");
	peer_sends(&t, "one");
	peer_sends(&t, "three");
	assert_int_equal(jailhouse_channel_peek(t.channel, &data, &size, 0, &error), 1);
	assert_string_equal(data, "one");
	assert_int_equal(jailhouse_channel_peek(t.channel, &data, &size, 0, &error), 1);
	assert_int_equal(size, 6);
	assert_int_equal(jailhouse_channel_peek(t.channel, &data, &size, 0, &error), 0);
	assert_int_equal(jailhouse_channel_release(t.channel, &error), 0);
	teardown(&t);
}

static void what_was_sent_is_drained_when_the_peer_has_taken_it(void **state)
{
	struct channel_test t;
	char buffer[16];
	uint32_t length;

	(void)state;
	setup(&t);
	assert_int_equal(jailhouse_channel_drain(t.channel, 0, &error), 1);
	assert_int_equal(jailhouse_channel_send(t.channel, "last", 5, 0, &error), 1);
	assert_int_equal(jailhouse_channel_drain(t.channel, 20, &error), 0);
	assert_int_equal(jailhouse_ring_receive(&t.peer, buffer, sizeof(buffer), &length), 1);
	assert_int_equal(jailhouse_channel_drain(t.channel, 0, &error), 0);
	jailhouse_ring_release(&t.peer);
	assert_int_equal(jailhouse_channel_drain(t.channel, 0, &error), 1);
	teardown(&t);
}

static void a_buffer_that_is_too_small_leaves_the_message(void **state)
{
	struct channel_test t;
	char buffer[8];
	size_t size;

	(void)state;
	setup(&t);
	peer_sends(&t, "1234567");
	assert_int_equal(jailhouse_channel_receive(t.channel, buffer, 7, &size, 0, &error),
			 JAILHOUSE_ERR_TOO_SMALL);
	assert_int_equal(size, 8);
	assert_int_equal(jailhouse_channel_receive(t.channel, buffer, 8, &size, 0, &error), 1);
	teardown(&t);
}

static void the_end_of_a_session_is_told_once(void **state)
{
	struct channel_test t;
	char buffer[8];
	size_t size;
	int n;

	(void)state;
	setup(&t);
	for (n = 0; n < 50; n++) {
		start_peer(&t);
		assert_int_equal(jailhouse_channel_receive(t.channel, buffer, 8, &size, 0, &error),
				 JAILHOUSE_ERR_PEER);
		assert_text(error, "IVSHMEM device 0001:00:0e.0: peer 0 went away or started anew");
		assert_int_equal(jailhouse_channel_receive(t.channel, buffer, 8, &size, 0, &error),
				 0);
		connect_peer(&t);
		peer_sends(&t, "again");
		assert_int_equal(jailhouse_channel_receive(t.channel, buffer, 8, &size, 0, &error),
				 1);
	}
	tree_states()[0] = 0;
	assert_int_equal(jailhouse_channel_send(t.channel, "x", 1, 100, &error),
			 JAILHOUSE_ERR_PEER);
	assert_int_equal(jailhouse_channel_send(t.channel, "x", 1, 10, &error), 0);
	teardown(&t);
}

static void a_peer_that_breaks_the_rules_is_named_until_the_reset(void **state)
{
	struct channel_test t;
	char buffer[8];
	size_t size;

	(void)state;
	setup(&t);
	((struct jailhouse_ring_area *)tree_peer_output())->tail = 0xdead;
	assert_int_equal(jailhouse_channel_receive(t.channel, buffer, 8, &size, -1, &error),
			 JAILHOUSE_ERR_PROTOCOL);
	assert_text(error,
		    "IVSHMEM device 0001:00:0e.0: peer 0 broke the rules of the channel: its "
		    "tail is 0xdead");
	assert_int_equal(jailhouse_channel_send(t.channel, "x", 1, 0, &error),
			 JAILHOUSE_ERR_PROTOCOL);
	assert_int_equal(jailhouse_channel_reset(t.channel, &error), 0);
	start_peer(&t);
	connect_peer(&t);
	assert_int_equal(jailhouse_channel_send(t.channel, "x", 1, 0, &error), 1);
	teardown(&t);
}

static void channels_that_cannot_be_are_refused(void **state)
{
	struct jailhouse_channel *channel;
	struct jailhouse_ivshmem *device = open_uio();

	(void)state;
	assert_int_equal(jailhouse_channel_open(device, 1, &channel, &error),
			 JAILHOUSE_ERR_ARGUMENT);
	assert_text(error,
		    "IVSHMEM device 0001:00:0e.0: there is no other peer 1; ids are below 2, "
		    "and the own one is 1");
	assert_int_equal(jailhouse_channel_open(device, 2, &channel, &error),
			 JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_channel_open(NULL, 0, &channel, &error), JAILHOUSE_ERR_ARGUMENT);
	jailhouse_ivshmem_close(device);
}

int main(void)
{
#define TREE(name) cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)
	const struct CMUnitTest tests[] = {
		TREE(all_sections_are_mapped_by_their_names),
		TREE(maps_move_up_where_a_section_is_missing),
		TREE(a_driver_that_is_another_one_is_refused),
		TREE(a_device_that_contradicts_itself_is_refused),
		TREE(a_node_that_is_missing_is_named),
		TREE(states_and_doorbells_reach_the_registers),
		TREE(without_a_driver_memory_is_mapped_and_a_timer_stands_in),
		TREE(a_capability_that_makes_no_sense_is_refused),
		TREE(nothing_is_sent_before_the_peer_is_there),
		TREE(messages_pass_both_ways),
		TREE(a_doorbell_is_rung_only_while_the_peer_sleeps),
		TREE(a_full_channel_says_so_and_a_long_message_never_fits),
		TREE(a_message_in_place_may_be_shorter_than_reserved),
		TREE(what_was_sent_is_drained_when_the_peer_has_taken_it),
		TREE(a_buffer_that_is_too_small_leaves_the_message),
		TREE(the_end_of_a_session_is_told_once),
		TREE(a_peer_that_breaks_the_rules_is_named_until_the_reset),
		TREE(channels_that_cannot_be_are_refused),
	};

	return cmocka_run_group_tests_name("ivshmem", tests, NULL, NULL);
}
