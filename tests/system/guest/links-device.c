/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Devices of links as programs see them, and peers that do what they are told. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "links.h"

/* ---- devices ---- */

static unsigned int uio_number(const char *link)
{
	unsigned int number = 0;
	struct dirent *entry;
	char path[96];
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/uio", links_address(link));
	dir = opendir(path);
	if (!dir)
		fail_msg("%s: %s", path, strerror(errno));
	do
		entry = readdir(dir);
	while (entry && sscanf(entry->d_name, "uio%u", &number) != 1);
	assert_non_null(entry);
	closedir(dir);
	return number;
}

static const char *map_file(const struct uio *uio, unsigned int map, const char *name)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/class/uio/uio%u/maps/map%u/%s", uio->number, map, name);
	return guest_first_line(path);
}

static void read_maps(struct uio *uio)
{
	char path[96];

	for (unsigned int n = 0; n < UIO_MAPS; n++) {
		snprintf(path, sizeof(path), "/sys/class/uio/uio%u/maps/map%u", uio->number, n);
		if (access(path, F_OK))
			break;
		snprintf(uio->map[n].name, sizeof(uio->map[n].name), "%s", map_file(uio, n, "name"));
		uio->map[n].address = strtoull(map_file(uio, n, "addr"), NULL, 0);
		uio->map[n].size = strtoul(map_file(uio, n, "size"), NULL, 0);
		uio->count++;
	}
}

static void *map(struct uio *uio, const char *name, int protection)
{
	void *address;

	for (unsigned int n = 0; n < uio->count; n++) {
		if (strcmp(uio->map[n].name, name))
			continue;
		address = mmap(NULL, uio->map[n].size, protection, MAP_SHARED, uio->fd, (off_t)n * getpagesize());
		if (address == MAP_FAILED)
			fail_msg("map %s: %s", name, strerror(errno));
		return address;
	}
	return NULL;
}

struct uio uio_open(const char *link)
{
	struct uio uio = { .number = uio_number(link) };
	char path[48];

	snprintf(path, sizeof(path), "/dev/uio%u", uio.number);
	uio.fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (uio.fd < 0)
		fail_msg("%s: %s", path, strerror(errno));
	read_maps(&uio);
	uio.regs = map(&uio, "registers", PROT_READ | PROT_WRITE);
	uio.table = map(&uio, "state_table", PROT_READ);
	uio.rw = map(&uio, "rw_section", PROT_READ | PROT_WRITE);
	uio.in = map(&uio, "input_sections", PROT_READ);
	uio.out = map(&uio, "output_section", PROT_READ | PROT_WRITE);
	uio.output_size = uio.map[uio.count - 1].size;
	uio.regs[REG_CONTROL] = 0;
	snprintf(path, sizeof(path), "/sys/class/uio/uio%u/event", uio.number);
	uio.events = (unsigned int)strtoul(guest_first_line(path), NULL, 10);
	uio_drain(&uio);
	return uio;
}

static void unmap(const struct uio *uio, const char *name, const volatile void *address)
{
	for (unsigned int n = 0; n < uio->count; n++)
		if (!strcmp(uio->map[n].name, name))
			munmap((void *)(uintptr_t)address, uio->map[n].size);
}

void uio_close(struct uio *uio)
{
	unmap(uio, "registers", uio->regs);
	unmap(uio, "state_table", uio->table);
	unmap(uio, "rw_section", uio->rw);
	unmap(uio, "input_sections", uio->in);
	unmap(uio, "output_section", uio->out);
	close(uio->fd);
}

void uio_arm(struct uio *uio)
{
	uio->regs[REG_CONTROL] = 1;
}

unsigned int uio_wait(struct uio *uio, int timeout_ms)
{
	struct pollfd wait = { .fd = uio->fd, .events = POLLIN };
	unsigned int before = uio->events;

	if (poll(&wait, 1, timeout_ms) != 1)
		return 0;
	assert_int_equal(wait.revents, POLLIN);
	assert_int_equal(read(uio->fd, &uio->events, sizeof(uio->events)), sizeof(uio->events));
	return uio->events - before;
}

void uio_drain(struct uio *uio)
{
	uio->regs[REG_CONTROL] = 0;
	while (uio_wait(uio, 0))
		;
}

void uio_ring(struct uio *uio, uint32_t peer, uint32_t vector)
{
	uio->regs[REG_RING] = peer << 16 | vector;
}

void uio_wait_state(struct uio *uio, uint32_t peer, uint32_t state)
{
	const int64_t end = guest_now_ms() + SOON_MS;

	while (uio->table[peer] != state) {
		if (guest_now_ms() > end)
			fail_msg("the state of peer %u is %u, not %u", peer, uio->table[peer], state);
		usleep(1000);
	}
}

/* ---- peers ---- */

const volatile struct link_report *peer_report(const struct uio *trio, uint32_t peer)
{
	return (const volatile struct link_report *)(trio->in + peer * trio->output_size);
}

static volatile struct link_command *command_of(const struct uio *trio, uint32_t peer)
{
	return (volatile struct link_command *)trio->out + peer;
}

void peer_order(struct uio *trio, uint32_t peer, enum link_op op, uint32_t device, uint32_t a, uint32_t b, uint32_t c)
{
	volatile struct link_command *command = command_of(trio, peer);

	command->op = op;
	command->device = device;
	command->arg[0] = a;
	command->arg[1] = b;
	command->arg[2] = c;
	__atomic_store_n(&command->number, command->number + 1, __ATOMIC_RELEASE);
}

void peer_wait_done(struct uio *trio, uint32_t peer)
{
	const int64_t end = guest_now_ms() + SOON_MS;

	while (__atomic_load_n(&peer_report(trio, peer)->done, __ATOMIC_ACQUIRE) != command_of(trio, peer)->number) {
		if (guest_now_ms() > end)
			fail_msg("peer %u does not come to the end of order %u", peer, command_of(trio, peer)->op);
		usleep(100);
	}
}

void peer_do(struct uio *trio, uint32_t peer, enum link_op op, uint32_t device, uint32_t a, uint32_t b, uint32_t c)
{
	peer_order(trio, peer, op, device, a, b, c);
	peer_wait_done(trio, peer);
}

static void wait_ready(struct uio *trio, uint32_t peer)
{
	const int64_t end = guest_now_ms() + SOON_MS;

	while (__atomic_load_n(&peer_report(trio, peer)->magic, __ATOMIC_ACQUIRE) != LINK_PEER_MAGIC ||
	       peer_report(trio, peer)->life != command_of(trio, peer)->life) {
		if (guest_now_ms() > end)
			fail_msg("peer %u does not begin to listen", peer);
		usleep(1000);
	}
}

static const char *peer_parameters(void)
{
	static char parameters[64];

	snprintf(parameters, sizeof(parameters), "dev0=0x%x dev1=0x%x", links_bdf("trio"), links_bdf("pair"));
	return parameters;
}

uint32_t peer_make(struct uio *trio, uint32_t peer)
{
	uint32_t id;

	command_of(trio, peer)->life++;
	id = links_cell(peer == TINY ? "tiny" : "echo", "link-peer", peer_parameters());
	wait_ready(trio, peer);
	return id;
}

void peer_restart(struct uio *trio, uint32_t peer, uint32_t id, bool load)
{
	if (load)
		links_load_cell(id, "link-peer", peer_parameters());
	/* Its section is emptied by its own CPU, which may take its time. */
	command_of(trio, peer)->life++;
	links_start(id);
	wait_ready(trio, peer);
}

uint32_t peer_irqs(const struct uio *trio, uint32_t peer, uint32_t device)
{
	uint32_t sum = 0;

	for (unsigned int n = 0; n < LINK_PEER_VECTORS; n++)
		sum += peer_report(trio, peer)->irqs[device][n];
	return sum;
}

void peer_expect_irqs(const struct uio *trio, uint32_t peer, uint32_t device, uint32_t count)
{
	const int64_t end = guest_now_ms() + SOON_MS;

	while (peer_irqs(trio, peer, device) < count && guest_now_ms() < end)
		usleep(1000);
	usleep(QUIET_MS * 1000);
	assert_int_equal(peer_irqs(trio, peer, device), count);
}
