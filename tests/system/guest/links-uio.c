/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a program of the root cell has of a link: docs/ivshmem-uio.md and docs/ivshmem-device.md, line by line. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "links.h"

#define DRIVER	"/sys/bus/pci/drivers/uio_ivshmem"
#define DEVICES "/sys/bus/pci/devices"

/* From enable on, before there is a cell at the other end: the state of everybody is 0. */
static void ends_exist_from_enable_on(void **state)
{
	struct uio trio = uio_open("trio"), chat = uio_open("chat");

	(void)state;
	assert_int_equal(trio.regs[REG_ID], ROOT);
	assert_int_equal(trio.regs[REG_PEERS], PEERS);
	assert_int_equal(chat.regs[REG_PEERS], 2);
	for (uint32_t n = 0; n < PEERS; n++)
		assert_int_equal(trio.table[n], 0);
	/* A link without the root cell has no device here. */
	char path[96];
	snprintf(path, sizeof(path), DEVICES "/%s", links_address("pair"));
	assert_int_equal(access(path, F_OK), -1);
	uio_close(&chat);
	uio_close(&trio);
}

static void maps_are_in_order_and_have_their_sizes(void **state)
{
	static const struct {
		const char *name;
		size_t size;
	} expected[UIO_MAPS] = {
		{ "registers", 0x10000 }, { "state_table", 0x1000 },	  { "rw_section", 0x1000 },
		{ "input_sections", 3 * 0x2000 }, { "output_section", 0x2000 },
	};
	struct uio trio = uio_open("trio"), chat = uio_open("chat");

	(void)state;
	assert_int_equal(trio.map[0].address % trio.map[0].size, 0);
	assert_int_equal(chat.map[0].size, 0x1000);
	assert_true(chat.map[0].address + chat.map[0].size <= trio.map[0].address ||
		    trio.map[0].address + trio.map[0].size <= chat.map[0].address);
	uio_close(&chat);
	assert_int_equal(trio.count, UIO_MAPS);
	for (unsigned int n = 0; n < UIO_MAPS; n++) {
		assert_string_equal(trio.map[n].name, expected[n].name);
		assert_int_equal(trio.map[n].size, expected[n].size);
	}
	/* State table, common section and outputs follow each other; the root's is the first output. */
	assert_int_equal(trio.map[2].address, trio.map[1].address + 0x1000);
	assert_int_equal(trio.map[3].address, trio.map[2].address + 0x1000);
	assert_int_equal(trio.map[4].address, trio.map[3].address);
	strcpy((char *)trio.out, "what is written is what the others see");
	assert_string_equal((const char *)trio.in, "what is written is what the others see");
	uio_close(&trio);
}

static void refuse_map(const struct uio *uio, unsigned int map, size_t size, int protection, int flags, int expected)
{
	void *address = mmap(NULL, size, protection, flags, uio->fd, (off_t)map * getpagesize());

	assert_ptr_equal(address, MAP_FAILED);
	assert_int_equal(errno, expected);
}

static void maps_keep_their_rights(void **state)
{
	struct uio trio = uio_open("trio");

	(void)state;
	for (unsigned int n = 0; n < UIO_MAPS; n++) {
		const int read_only = n == 1 || n == 3;

		if (read_only)
			refuse_map(&trio, n, 0x1000, PROT_READ | PROT_WRITE, MAP_SHARED, EACCES);
		refuse_map(&trio, n, 0x1000, PROT_READ | PROT_EXEC, MAP_SHARED, EACCES);
		refuse_map(&trio, n, 0x1000, PROT_READ, MAP_PRIVATE, EINVAL);
		refuse_map(&trio, n, trio.map[n].size + 0x1000, PROT_READ, MAP_SHARED, EINVAL);
	}
	refuse_map(&trio, UIO_MAPS, 0x1000, PROT_READ, MAP_SHARED, EINVAL);
	assert_int_equal(mprotect((void *)(uintptr_t)trio.table, 0x1000, PROT_READ | PROT_WRITE), -1);
	assert_int_equal(errno, EACCES);
	assert_int_equal(mprotect((void *)(uintptr_t)trio.in, 0x1000, PROT_READ | PROT_WRITE), -1);
	assert_int_equal(mprotect(trio.out, 0x1000, PROT_READ | PROT_EXEC), -1);
	assert_int_equal(errno, EACCES);
	uio_close(&trio);
}

static void registers_take_what_they_should(void **state)
{
	struct uio trio = uio_open("trio");

	(void)state;
	trio.regs[REG_ID] = 7;
	trio.regs[REG_PEERS] = 7;
	trio.regs[0x100 / 4] = 7;
	trio.regs[0xfffc / 4] = 7;
	trio.regs[0xf000 / 4 + REG_STATE] = 7;
	trio.regs[REG_CONTROL] = ~0U;
	assert_int_equal(trio.regs[REG_ID], ROOT);
	assert_int_equal(trio.regs[REG_PEERS], PEERS);
	/* Of 64 KiB the first words are registers, and nothing is there a second time. */
	assert_int_equal(trio.regs[0x100 / 4], 0);
	for (unsigned int page = 1; page < 16; page++)
		for (unsigned int n = 0; n <= REG_STATE; n++)
			assert_int_equal(trio.regs[page * 0x1000 / 4 + n], 0);
	assert_int_equal(trio.regs[0xfffc / 4], 0);
	assert_int_equal(trio.regs[REG_CONTROL], 1);
	assert_int_equal(trio.regs[REG_RING], 0);
	trio.regs[REG_STATE] = 0x12345678;
	assert_int_equal(trio.regs[REG_STATE], 0x12345678);
	assert_int_equal(trio.table[ROOT], 0x12345678);
	uio_close(&trio);
}

static void ring_goes_both_ways(void **state)
{
	struct uio trio = uio_open("trio");
	uint32_t vector;

	(void)state;
	peer_make(&trio, TINY);
	/* On ARM there is one line, on x86 there are 16 vectors; further ones are nothing. */
	for (vector = 0; vector <= LINK_PEER_VECTORS; vector++)
		uio_ring(&trio, TINY, vector);
	peer_expect_irqs(&trio, TINY, 0, guest_machine()->hypervisor == 0x3a000000 ? LINK_PEER_VECTORS : 1);
	for (vector = 0; vector < LINK_PEER_VECTORS; vector++)
		assert_in_range(peer_report(&trio, TINY)->irqs[0][vector], 0, 1);
	/* Nobody is there, or can be. */
	uio_ring(&trio, ECHO, 0);
	uio_ring(&trio, PEERS, 0);
	uio_ring(&trio, 0xffff, 0);

	uio_arm(&trio);
	peer_do(&trio, TINY, LINK_RING, 0, ROOT, 0, 1);
	assert_int_equal(uio_wait(&trio, SOON_MS), 1);
	/* To oneself */
	uio_arm(&trio);
	uio_ring(&trio, ROOT, 0);
	assert_int_equal(uio_wait(&trio, SOON_MS), 1);
	uio_close(&trio);
}

/* One interrupt for each time that they are enabled; what comes meanwhile is lost. */
static void one_shot_until_armed_again(void **state)
{
	struct uio trio = uio_open("trio");

	(void)state;
	peer_make(&trio, TINY);
	peer_do(&trio, TINY, LINK_RING, 0, ROOT, 0, 3);
	assert_int_equal(uio_wait(&trio, QUIET_MS), 0);
	uio_arm(&trio);
	assert_int_equal(uio_wait(&trio, QUIET_MS), 0);
	for (unsigned int n = 0; n < 3; n++) {
		uio_arm(&trio);
		assert_int_equal(trio.regs[REG_CONTROL], 1);
		peer_do(&trio, TINY, LINK_RING, 0, ROOT, 0, 10);
		assert_int_equal(uio_wait(&trio, SOON_MS), 1);
		assert_int_equal(trio.regs[REG_CONTROL], 0);
		assert_int_equal(uio_wait(&trio, QUIET_MS), 0);
	}
	uio_close(&trio);
}

static void change_of_state_is_seen_by_the_others(void **state)
{
	struct uio trio = uio_open("trio");

	(void)state;
	peer_make(&trio, TINY);
	trio.regs[REG_STATE] = 5;
	trio.regs[REG_STATE] = 5;
	peer_expect_irqs(&trio, TINY, 0, 1);
	assert_int_equal(peer_report(&trio, TINY)->irqs[0][0], 1);
	peer_do(&trio, TINY, LINK_REGISTERS, 0, 0, 0, 0);
	assert_int_equal(peer_report(&trio, TINY)->words[5], 5);
	assert_int_equal(peer_report(&trio, TINY)->words[REG_ID], TINY);

	uio_arm(&trio);
	peer_do(&trio, TINY, LINK_STATE, 0, 9, 1, 0);
	assert_int_equal(uio_wait(&trio, SOON_MS), 1);
	assert_int_equal(trio.table[TINY], 9);
	uio_arm(&trio);
	peer_do(&trio, TINY, LINK_STATE, 0, 9, 1, 0);
	assert_int_equal(uio_wait(&trio, QUIET_MS), 0);
	uio_close(&trio);
}

static void last_close_is_state_0(void **state)
{
	struct uio trio = uio_open("trio"), again;

	(void)state;
	peer_make(&trio, TINY);
	trio.regs[REG_STATE] = 5;
	peer_expect_irqs(&trio, TINY, 0, 1);
	again = uio_open("trio");
	uio_close(&trio);
	assert_int_equal(again.table[ROOT], 5);
	assert_int_equal(peer_irqs(&again, TINY, 0), 1);
	uio_close(&again);
	trio = uio_open("trio");
	assert_int_equal(trio.table[ROOT], 0);
	peer_expect_irqs(&trio, TINY, 0, 2);
	uio_close(&trio);
}

/* ---- the device goes while it is open ---- */

static sigjmp_buf on_sigbus;

static void jump(int signal)
{
	(void)signal;
	siglongjmp(on_sigbus, 1);
}

/* Reads a word. Result: whether that gives SIGBUS */
static bool gives_sigbus(const volatile void *place)
{
	struct sigaction action = { .sa_handler = jump }, before;
	volatile bool result = true;

	sigaction(SIGBUS, &action, &before);
	if (!sigsetjmp(on_sigbus, 1)) {
		(void)*(const volatile uint32_t *)place;
		result = false;
	}
	sigaction(SIGBUS, &before, NULL);
	return result;
}

static void must_be_dead(struct uio *uio)
{
	struct pollfd wait = { .fd = uio->fd, .events = POLLIN };
	unsigned int events;

	assert_int_equal(read(uio->fd, &events, sizeof(events)), -1);
	assert_int_equal(errno, EIO);
	assert_int_equal(poll(&wait, 1, 0), 1);
	assert_true(wait.revents & (POLLERR | POLLHUP));
	assert_true(gives_sigbus(uio->regs));
	assert_true(gives_sigbus(uio->table));
	assert_true(gives_sigbus(uio->rw));
	assert_true(gives_sigbus(uio->in));
	assert_true(gives_sigbus(uio->out));
	assert_ptr_equal(mmap(NULL, 0x1000, PROT_READ, MAP_SHARED, uio->fd, 0), MAP_FAILED);
}

static void module_stays_while_open(void **state)
{
	struct uio trio = uio_open("trio");

	(void)state;
	assert_int_equal(links_unload("uio_ivshmem"), -EWOULDBLOCK);
	assert_false(gives_sigbus(trio.regs));
	uio_close(&trio);
	assert_int_equal(links_unload("uio_ivshmem"), 0);
	links_load("uio_ivshmem");
	trio = uio_open("trio");
	assert_int_equal(trio.regs[REG_PEERS], PEERS);
	uio_close(&trio);
}

static void unbound_while_open(void **state)
{
	struct uio trio = uio_open("trio"), chat = uio_open("chat"), again;

	(void)state;
	peer_make(&trio, TINY);
	trio.regs[REG_STATE] = 5;
	peer_expect_irqs(&trio, TINY, 0, 1);
	uio_arm(&trio);
	assert_int_equal(links_write_file(DRIVER "/unbind", links_address("trio")), 0);
	must_be_dead(&trio);
	/* Others are not concerned. */
	assert_false(gives_sigbus(chat.table));
	assert_int_equal(links_write_file(DRIVER "/bind", links_address("trio")), 0);
	again = uio_open("trio");
	assert_int_equal(again.table[ROOT], 0);
	peer_expect_irqs(&again, TINY, 0, 2);
	must_be_dead(&trio);
	again.regs[REG_STATE] = 6;
	uio_close(&trio);
	/* The end of the old one is nothing to the new one. */
	assert_int_equal(again.table[ROOT], 6);
	uio_arm(&again);
	peer_do(&again, TINY, LINK_RING, 0, ROOT, 0, 1);
	assert_int_equal(uio_wait(&again, SOON_MS), 1);
	uio_close(&again);
	uio_close(&chat);
}

static void disabled_while_open(void **state)
{
	struct uio trio = uio_open("trio"), again;

	(void)state;
	peer_make(&trio, TINY);
	trio.regs[REG_STATE] = 5;
	uio_arm(&trio);
	links_disable();
	must_be_dead(&trio);
	links_enable();
	again = uio_open("trio");
	must_be_dead(&trio);
	uio_close(&trio);
	/* All is new, the memory, too. */
	for (uint32_t n = 0; n < PEERS; n++)
		assert_int_equal(again.table[n], 0);
	for (size_t n = 0; n < PEERS * again.output_size; n++)
		assert_int_equal(again.in[n], 0);
	peer_make(&again, TINY);
	uio_close(&again);
}

/* Device types that are bound by hand */
static void network_link_can_be_bound(void **state)
{
	char path[96];
	struct uio net;

	(void)state;
	assert_int_equal(links_write_file(DRIVER "/new_id", "110a 4106 110a 4106 ff0001 ffffff"), 0);
	net = uio_open("net");
	/* No common section, so the numbers go on without a gap. */
	assert_int_equal(net.count, 4);
	assert_string_equal(net.map[2].name, "input_sections");
	assert_string_equal(net.map[3].name, "output_section");
	assert_int_equal(net.map[3].size, 0x7f000);
	uio_close(&net);
	assert_int_equal(links_write_file(DRIVER "/remove_id", "110a 4106 110a 4106 ff0001 ffffff"), 0);
	snprintf(path, sizeof(path), "%s", links_address("net"));
	assert_int_equal(links_write_file(DRIVER "/unbind", path), 0);
}

#define IN_LINK(name) cmocka_unit_test_setup_teardown(name, links_begin, links_end)

const struct CMUnitTest links_uio_tests[] = {
	IN_LINK(ends_exist_from_enable_on),
	IN_LINK(maps_are_in_order_and_have_their_sizes),
	IN_LINK(maps_keep_their_rights),
	IN_LINK(registers_take_what_they_should),
	IN_LINK(ring_goes_both_ways),
	IN_LINK(one_shot_until_armed_again),
	IN_LINK(change_of_state_is_seen_by_the_others),
	IN_LINK(last_close_is_state_0),
	IN_LINK(module_stays_while_open),
	IN_LINK(unbound_while_open),
	IN_LINK(disabled_while_open),
	IN_LINK(network_link_can_be_bound),
};
const size_t links_uio_count = sizeof(links_uio_tests) / sizeof(links_uio_tests[0]);
