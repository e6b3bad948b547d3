/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Messages between programs in the root cell and inmates (channel-echo, -pingpong, -throughput),
 * over the link "chat" of the machine's board in tests/system/links. Argument, in place of uio_ivshmem:
 * vfio, for vfio-pci, on a machine with an IOMMU; sysfs, for no driver at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <jailhouse/ivshmem-peer.h>

#include "guest.h"

#define LINK         "/tmp/links.map:chat"
#define CELL         "/tmp/tiny.cell"
#define PEER         1
#define CMDLINE_BASE 0x1000
#define PATIENCE_MS  10000 /* then it hangs */
#define ECHOES       2000
#define NAPS         100
#define AWAKE        5000
#define RESTARTS     50
#define ROUNDS       300
#define BLOCKS       500
#define BLOCK        4096

static struct jailhouse *jh;
static struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
static struct jailhouse_ivshmem *device;
static struct jailhouse_channel *channel;
static uint32_t cell;
static uint32_t access_wanted = JAILHOUSE_IVSHMEM_ACCESS_UIO;
static char warning[256]; /* of the library, the last one */

/* ---- setting up ---- */

static void insmod(const char *path, const char *parameters)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, parameters, 0) < 0)
		fail_msg("%s: %s", path, strerror(errno));
	close(fd);
}

static void load_driver_of_links(void)
{
	if (access_wanted == JAILHOUSE_IVSHMEM_ACCESS_UIO) {
		insmod("/lib/modules/uio.ko", "");
		insmod("/lib/modules/uio_ivshmem.ko", "");
	}
	if (access_wanted != JAILHOUSE_IVSHMEM_ACCESS_VFIO)
		return;
	insmod("/lib/modules/irqbypass.ko", "");
	insmod("/lib/modules/vfio_virqfd.ko", "");
	insmod("/lib/modules/vfio.ko", "");
	/* Interrupts are not remapped, as the hypervisor demands. */
	insmod("/lib/modules/vfio_iommu_type1.ko", "allow_unsafe_interrupts=1");
	insmod("/lib/modules/vfio-pci-core.ko", "");
	insmod("/lib/modules/vfio-pci.ko", "");
}

/* Gives the link's device, which has no driver, to vfio-pci, as a user does. */
static void bind_to_vfio(void)
{
	assert_int_equal(system("set -e; a=$(sed -n 's/^link chat \\([^ ]*\\) .*/\\1/p' /tmp/links.map);"
				"echo vfio-pci > /sys/bus/pci/devices/$a/driver_override;"
				"echo $a > /sys/bus/pci/drivers_probe;"
				"readlink /sys/bus/pci/devices/$a/driver | grep -x '.*/vfio-pci';"
				"readlink /sys/bus/pci/devices/$a/iommu_group;"
				"ls /sys/bus/pci/devices/$a/iommu_group/devices /dev/vfio"),
			 0);
}

static void keep_warning(void *user, int level, const char *message)
{
	(void)user;
	(void)level;
	snprintf(warning, sizeof(warning), "%s", message);
}

static int setup(void **state)
{
	struct guest_file system_config;
	char command[256];

	(void)state;
	guest_insmod();
	load_driver_of_links();
	guest_ok(jailhouse_open("device:", &jh, &error), &error);
	jailhouse_set_log_callback(jh, JAILHOUSE_LOG_WARNING, keep_warning, NULL);
	snprintf(command, sizeof(command),
		 "jailhouse config build --directory /tmp --map /tmp/links.map "
		 "/usr/share/jailhouse/links/%s%s.dtb",
		 access_wanted == JAILHOUSE_IVSHMEM_ACCESS_VFIO ? "vfio-" : "", guest_machine()->name);
	assert_int_equal(system(command), 0);
	system_config = guest_file_read("/tmp/system.cell");
	guest_ok(jailhouse_enable(jh, system_config.data, system_config.size, 0, &error), &error);
	guest_file_free(&system_config);
	if (access_wanted == JAILHOUSE_IVSHMEM_ACCESS_VFIO)
		bind_to_vfio();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	guest_ok(jailhouse_disable(jh, &error), &error);
	jailhouse_close(jh);
	return 0;
}

static void load_and_start(const char *inmate, const char *parameters)
{
	struct guest_file file = guest_inmate_read(inmate);
	struct jailhouse_image images[2] = {{0, file.data, file.size},
					    {CMDLINE_BASE, parameters, strlen(parameters) + 1}};

	guest_ok(jailhouse_cell_load(jh, cell, images, 2, &error), &error);
	guest_file_free(&file);
	guest_ok(jailhouse_cell_start(jh, cell, &error), &error);
}

static void create_cell(const char *inmate, const char *parameters)
{
	struct guest_file config = guest_file_read(CELL);

	guest_ok(jailhouse_cell_create(jh, config.data, config.size, &cell, &error), &error);
	guest_file_free(&config);
	load_and_start(inmate, parameters);
}

static void open_channel(void)
{
	guest_ok(jailhouse_ivshmem_open(jh, LINK, &device, &error), &error);
	assert_int_equal(jailhouse_ivshmem_get_access(device), access_wanted);
	guest_ok(jailhouse_channel_open(device, PEER, &channel, &error), &error);
}

static void close_channel(void)
{
	jailhouse_channel_close(channel);
	jailhouse_ivshmem_close(device);
}

static void must_be_one(int ret, const char *what, uint32_t number)
{
	if (ret < 0)
		fail_msg("%s %u: %s", what, number, error.text);
	if (ret == 0)
		fail_msg("%s %u: nothing for %d ms", what, number, PATIENCE_MS);
}

static void connect_to(const char *inmate, const char *parameters)
{
	create_cell(inmate, parameters);
	open_channel();
	must_be_one(jailhouse_channel_connect(channel, PATIENCE_MS, &error), "connect", 0);
}

static void end(void)
{
	close_channel();
	guest_ok(jailhouse_cell_destroy(jh, cell, &error), &error);
}

/* ---- messages ---- */

/* As channel_demo_word() of the inmates */
static void fill(uint32_t *message, uint32_t number, size_t size)
{
	size_t n;

	for (n = 0; n < (size + 3) / 4; n++)
		message[n] = number * 0x9e3779b1u + (uint32_t)n;
}

static void expect_message(const uint32_t *message, uint32_t number, size_t size)
{
	uint32_t right[BLOCK / 4];

	assert_true(size <= sizeof(right));
	fill(right, number, size);
	if (memcmp(message, right, size) != 0)
		fail_msg("message %u is not what was sent", number);
}

/* Lengths of all kinds, 0 among them */
static size_t length_of(uint32_t number)
{
	return number * 977u % (BLOCK + 1);
}

static void send_message(uint32_t number)
{
	uint32_t message[BLOCK / 4];
	size_t size = length_of(number);

	fill(message, number, size);
	must_be_one(jailhouse_channel_send(channel, message, size, PATIENCE_MS, &error), "send",
		    number);
}

static void receive_message(uint32_t number)
{
	uint32_t message[BLOCK / 4];
	size_t size = 0;

	must_be_one(jailhouse_channel_receive(channel, message, sizeof(message), &size, PATIENCE_MS,
					      &error),
		    "receive", number);
	assert_int_equal(size, length_of(number));
	expect_message(message, number, size);
}

/* The library and the tool say whether events are waited for or looked for. */
static void whether_it_is_polled_is_said(void **state)
{
	static const char *const words[] = {[JAILHOUSE_IVSHMEM_ACCESS_UIO] = "uio",
					    [JAILHOUSE_IVSHMEM_ACCESS_MEMORY] = "polled",
					    [JAILHOUSE_IVSHMEM_ACCESS_VFIO] = "vfio"};
	const bool polled = access_wanted == JAILHOUSE_IVSHMEM_ACCESS_MEMORY;
	char command[256];

	(void)state;
	warning[0] = '\0';
	connect_to("channel-echo", "");
	assert_int_equal(strstr(warning, "there are no interrupts; it is polled") != NULL, polled);
	close_channel();
	snprintf(command, sizeof(command), "jailhouse ivshmem list | grep -q ' %s  *0x0000'",
		 words[access_wanted]);
	assert_int_equal(system(command), 0);
	assert_int_equal(system("echo through the tool | jailhouse ivshmem cat " LINK
				" >/tmp/out 2>/tmp/err && grep -qx 'through the tool' /tmp/out"),
			 0);
	assert_int_equal(system("grep -q 'has no interrupts, so it is polled' /tmp/err") == 0, polled);
	guest_ok(jailhouse_cell_destroy(jh, cell, &error), &error);
}

static void messages_come_back_as_they_were(void **state)
{
	uint32_t n;

	(void)state;
	connect_to("channel-echo", "");
	for (n = 0; n < ECHOES; n++) {
		send_message(n);
		receive_message(n);
	}
	end();
}

/* Nobody takes what comes back, so both rings fill up, and the cell waits as well. */
static void a_full_channel_holds_the_sender_back_and_loses_nothing(void **state)
{
	uint32_t message[BLOCK / 4], sent = 0, n;
	int ret;

	(void)state;
	connect_to("channel-echo", "");
	do {
		fill(message, sent, length_of(sent));
		ret = jailhouse_channel_send(channel, message, length_of(sent), 500, &error);
		sent += ret > 0;
	} while (ret > 0 && sent < ECHOES);
	assert_int_equal(ret, 0);
	/* More than one ring's worth is under way. */
	print_message("%u messages fill both rings\n", sent);
	assert_true(sent > 16);
	for (n = 0; n < sent; n++)
		receive_message(n);
	send_message(n);
	receive_message(n);
	end();
}

static void a_batch_arrives_in_order(void **state)
{
	uint32_t n, k;
	void *place;

	(void)state;
	connect_to("channel-echo", "");
	for (n = 0; n < ECHOES; n += 8) {
		for (k = n; k < n + 8; k++) {
			must_be_one(jailhouse_channel_reserve(channel, length_of(k), &place,
							      PATIENCE_MS, &error),
				    "reserve", k);
			fill(place, k, length_of(k) & ~(size_t)3);
			memcpy((char *)place + (length_of(k) & ~(size_t)3),
			       &(uint32_t){k * 0x9e3779b1u + (uint32_t)length_of(k) / 4},
			       length_of(k) & 3);
			guest_ok(jailhouse_channel_commit(channel, length_of(k), &error), &error);
		}
		guest_ok(jailhouse_channel_flush(channel, &error), &error);
		for (k = n; k < n + 8; k++)
			receive_message(k);
	}
	end();
}

static void whoever_sleeps_is_woken(void **state)
{
	uint32_t n;

	(void)state;
	connect_to("channel-echo", "");
	for (n = 0; n < NAPS; n++) {
		/* Long enough for the cell to sleep; it wakes this program in turn. */
		usleep(5000);
		send_message(n);
		receive_message(n);
	}
	end();
}

/* ---- exits ---- */

static void poll_echo(uint32_t number)
{
	uint32_t message[BLOCK / 4];
	size_t size = 0;
	int ret;

	fill(message, number, 64);
	must_be_one(jailhouse_channel_send(channel, message, 64, PATIENCE_MS, &error), "send",
		    number);
	do
		ret = jailhouse_channel_receive(channel, message, sizeof(message), &size, 0,
						&error);
	while (ret == 0);
	must_be_one(ret, "receive", number);
	expect_message(message, number, size);
}

static void messages_cost_no_exits_while_both_are_awake(void **state)
{
	uint64_t cell_before, root_before, in_cell, in_root;
	uint32_t n;

	(void)state;
	connect_to("channel-echo", "poll");
	for (n = 0; n < 100; n++)
		poll_echo(n);
	cell_before = guest_exits(jh, cell, "vmexits_total");
	root_before = guest_exits(jh, 0, "vmexits_mmio");
	for (n = 0; n < AWAKE; n++)
		poll_echo(n);
	in_root = guest_exits(jh, 0, "vmexits_mmio") - root_before;
	in_cell = guest_exits(jh, cell, "vmexits_total") - cell_before;
	print_message(
		"%u messages each way: %llu exits of the cell, %llu MMIO exits of the root cell\n",
		AWAKE, (unsigned long long)in_cell, (unsigned long long)in_root);
	assert_int_equal(in_cell, 0);
	/* Doorbells are such exits; Linux has its own reasons for some. */
	assert_true(in_root < AWAKE / 20);
	end();
}

/* ---- ends and beginnings ---- */

static void a_peer_that_dies_in_the_middle_of_a_message_is_told_of(void **state)
{
	uint32_t n;
	void *place;
	int ret;

	(void)state;
	connect_to("channel-echo", "");
	for (n = 0; n < 3; n++)
		send_message(n);
	must_be_one(jailhouse_channel_reserve(channel, 1000, &place, PATIENCE_MS, &error),
		    "reserve", n);
	guest_ok(jailhouse_cell_destroy(jh, cell, &error), &error);
	/* Its memory is still here. */
	memset(place, 0x55, 1000);
	guest_ok(jailhouse_channel_commit(channel, 1000, &error), &error);
	ret = jailhouse_channel_drain(channel, PATIENCE_MS, &error);
	assert_int_equal(ret, JAILHOUSE_ERR_PEER);
	assert_int_equal(jailhouse_channel_connect(channel, 100, &error), 0);
	create_cell("channel-echo", "");
	must_be_one(jailhouse_channel_connect(channel, PATIENCE_MS, &error), "connect", 1);
	for (n = 0; n < 10; n++) {
		send_message(n);
		receive_message(n);
	}
	end();
}

/* The session ends for this side, too, which is told once; then it goes on. */
static void send_after_restart(uint32_t number)
{
	int ret = jailhouse_channel_connect(channel, PATIENCE_MS, &error);

	if (ret == JAILHOUSE_ERR_PEER)
		ret = jailhouse_channel_connect(channel, PATIENCE_MS, &error);
	must_be_one(ret, "connect", number);
	send_message(number);
	receive_message(number);
}

static void both_ends_may_start_anew_fifty_times(void **state)
{
	uint32_t n;

	(void)state;
	connect_to("channel-echo", "");
	for (n = 0; n < RESTARTS; n++) {
		send_message(n);
		load_and_start("channel-echo", "");
		send_after_restart(n + 1);
		close_channel();
		open_channel();
		send_after_restart(n + 2);
	}
	end();
}

/* ---- inmates that measure ---- */

/* What they found out, the run's line expects. */
static void expect_leave(void)
{
	uint32_t message;
	size_t size;

	assert_int_equal(jailhouse_channel_receive(channel, &message, sizeof(message), &size,
						   PATIENCE_MS, &error),
			 JAILHOUSE_ERR_PEER);
}

static void an_inmate_plays_ping_pong(void **state)
{
	uint32_t message[BLOCK / 4];
	size_t size = 0;
	unsigned int n;

	(void)state;
	connect_to("channel-pingpong", "count=300 size=64");
	for (n = 0; n < ROUNDS; n++) {
		must_be_one(jailhouse_channel_receive(channel, message, sizeof(message), &size,
						      PATIENCE_MS, &error),
			    "receive", n);
		assert_int_equal(size, 64);
		expect_message(message, n, size);
		must_be_one(jailhouse_channel_send(channel, message, size, PATIENCE_MS, &error),
			    "send", n);
	}
	expect_leave();
	end();
}

static void an_inmate_sends_as_fast_as_it_can(void **state)
{
	uint32_t message[BLOCK / 4];
	size_t size = 0;
	unsigned int n;

	(void)state;
	connect_to("channel-throughput", "count=500 size=4096 batch=4");
	for (n = 0; n <= BLOCKS; n++) {
		must_be_one(jailhouse_channel_receive(channel, message, sizeof(message), &size,
						      PATIENCE_MS, &error),
			    "receive", n);
		assert_int_equal(size, n < BLOCKS ? BLOCK : 0);
		expect_message(message, n, size);
	}
	expect_leave();
	end();
}

static void an_inmate_takes_what_comes_as_fast_as_it_can(void **state)
{
	uint32_t message[BLOCK / 4];
	unsigned int n;

	(void)state;
	connect_to("channel-throughput", "take");
	for (n = 0; n < BLOCKS; n++) {
		fill(message, n, BLOCK);
		must_be_one(jailhouse_channel_send(channel, message, BLOCK, PATIENCE_MS, &error),
			    "send", n);
	}
	must_be_one(jailhouse_channel_send(channel, NULL, 0, PATIENCE_MS, &error), "send", n);
	expect_leave();
	end();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whether_it_is_polled_is_said),
		cmocka_unit_test(messages_come_back_as_they_were),
		cmocka_unit_test(a_batch_arrives_in_order),
		cmocka_unit_test(a_full_channel_holds_the_sender_back_and_loses_nothing),
		cmocka_unit_test(whoever_sleeps_is_woken),
		cmocka_unit_test(messages_cost_no_exits_while_both_are_awake),
		cmocka_unit_test(a_peer_that_dies_in_the_middle_of_a_message_is_told_of),
		cmocka_unit_test(both_ends_may_start_anew_fifty_times),
		cmocka_unit_test(an_inmate_plays_ping_pong),
		cmocka_unit_test(an_inmate_sends_as_fast_as_it_can),
		cmocka_unit_test(an_inmate_takes_what_comes_as_fast_as_it_can),
	};

	if (argc > 1 && *argv[1])
		access_wanted = strcmp(argv[1], "vfio") == 0 ? JAILHOUSE_IVSHMEM_ACCESS_VFIO
							     : JAILHOUSE_IVSHMEM_ACCESS_MEMORY;
	return cmocka_run_group_tests(tests, setup, teardown);
}
