/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Guests that come with the simulation and talk to the root cell through an IVSHMEM link. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/ivshmem-ring.h>
#include <jailhouse/ivshmem.h>

#include "sim.h"

#define MS	       1000000ULL
#define IDLE_NS	       (1000 * MS)
#define REGISTERS      0xfe000000u
#define MSIX_TABLE     0xfe010000u
#define COMMAND	       0x04
#define COMMAND_ON     0x6
#define BAR(n)	       (0x10 + 4 * (n))
#define MSI_ADDRESS    0xfee00000u
#define VECTOR	       0x40
#define MSIX_ENABLE    0x8000
#define DEVICE_ID      (JAILHOUSE_IVSHMEM_DEVICE_ID << 16 | JAILHOUSE_IVSHMEM_VENDOR_ID)
#define NUM_BDFS       0x1000 /* buses 0 to 15 */

struct guest {
	struct jailhouse_sim_cpu *cpu;
	uint16_t bdf;
	struct jailhouse_ring ring;
};

/* ---- the device ---- */

static bool find_device(struct guest *guest)
{
	uint32_t id, bdf;

	for (bdf = 0; bdf < NUM_BDFS; bdf++) {
		if (jailhouse_sim_cpu_pci_read(guest->cpu, (uint16_t)bdf, 0, 4, &id))
			return false;
		guest->bdf = (uint16_t)bdf;
		if (id == DEVICE_ID)
			return true;
	}
	return false;
}

static uint32_t config(struct guest *guest, uint16_t reg, uint32_t width)
{
	uint32_t value = 0;

	jailhouse_sim_cpu_pci_read(guest->cpu, guest->bdf, reg, width, &value);
	return value;
}

static uint64_t config64(struct guest *guest, uint16_t reg)
{
	return config(guest, reg, 4) | (uint64_t)config(guest, reg + 4, 4) << 32;
}

static void set_config(struct guest *guest, uint16_t reg, uint32_t width, uint32_t value)
{
	jailhouse_sim_cpu_pci_write(guest->cpu, guest->bdf, reg, width, value);
}

static uint32_t get_register(struct guest *guest, uint32_t reg)
{
	uint64_t value = 0;

	jailhouse_sim_cpu_read(guest->cpu, REGISTERS + reg, 4, &value);
	return (uint32_t)value;
}

static void set_register(struct guest *guest, uint32_t reg, uint32_t value)
{
	jailhouse_sim_cpu_write(guest->cpu, REGISTERS + reg, 4, value);
}

static void switch_on(struct guest *guest)
{
	uint32_t apic_id = jailhouse_sim_cpu_get_id(guest->cpu);

	set_config(guest, BAR(0), 4, REGISTERS);
	set_config(guest, BAR(1), 4, MSIX_TABLE);
	set_config(guest, JAILHOUSE_IVSHMEM_CFG_PRIV_CNTL, 1, JAILHOUSE_IVSHMEM_PRIV_ONESHOT);
	set_config(guest, COMMAND, 2, COMMAND_ON);
	if (config(guest, JAILHOUSE_IVSHMEM_CFG_MSIX_CAP, 1) != 0x11)
		return;
	jailhouse_sim_cpu_write(guest->cpu, MSIX_TABLE, 4, MSI_ADDRESS | apic_id << 12);
	jailhouse_sim_cpu_write(guest->cpu, MSIX_TABLE + 8, 4, VECTOR);
	jailhouse_sim_cpu_write(guest->cpu, MSIX_TABLE + 12, 4, 0);
	set_config(guest, JAILHOUSE_IVSHMEM_CFG_MSIX_CTRL, 2, MSIX_ENABLE);
}

/* An end of a channel with peer 0 that begins with nothing. */
static bool open_channel(struct guest *guest)
{
	uint32_t id, peers, bytes;
	uint64_t section, fixed;
	__u64 own, other;
	char *base;

	if (!find_device(guest))
		return false;
	switch_on(guest);
	id = get_register(guest, JAILHOUSE_IVSHMEM_REG_ID);
	peers = get_register(guest, JAILHOUSE_IVSHMEM_REG_MAX_PEERS);
	section = config64(guest, JAILHOUSE_IVSHMEM_CFG_OUTPUT_SZ);
	fixed = config(guest, JAILHOUSE_IVSHMEM_CFG_STATE_SZ, 4) +
		config64(guest, JAILHOUSE_IVSHMEM_CFG_RW_SZ);
	bytes = jailhouse_ring_locate(section, peers, id, 0, &own);
	if (!bytes || !jailhouse_ring_locate(section, peers, 0, id, &other))
		return false;
	base = jailhouse_sim_cpu_map(guest->cpu, config64(guest, JAILHOUSE_IVSHMEM_CFG_ADDRESS),
				     fixed + section * peers);
	if (!base)
		return false;
	jailhouse_ring_init(&guest->ring, base + fixed + section * id + own, base + fixed + other,
			    bytes, (uint32_t *)(void *)base,
			    (uint32_t)jailhouse_sim_cpu_get_time(guest->cpu));
	set_register(guest, JAILHOUSE_IVSHMEM_REG_STATE, JAILHOUSE_RING_STATE_READY);
	return true;
}

/* ---- what both do ---- */

static void ring_bell(struct guest *guest, int wanted)
{
	if (wanted)
		set_register(guest, JAILHOUSE_IVSHMEM_REG_DOORBELL, JAILHOUSE_IVSHMEM_DOORBELL(0, 0));
}

/* Is there a session? One that was broken by the peer begins anew. */
static bool connected(struct guest *guest)
{
	uint32_t state = jailhouse_ring_poll(&guest->ring);

	if (state == JAILHOUSE_RING_BROKEN)
		jailhouse_ring_reset(&guest->ring);
	ring_bell(guest, jailhouse_ring_wants_doorbell(&guest->ring));
	return state == JAILHOUSE_RING_UP;
}

/* True: go on. */
static bool answer(struct guest *guest, int message)
{
	while (jailhouse_sim_cpu_take_interrupt(guest->cpu) >= 0)
		;
	if (message == JAILHOUSE_MSG_SHUTDOWN_REQUEST) {
		jailhouse_sim_cpu_set_state(guest->cpu, JAILHOUSE_CELL_SHUT_DOWN);
		jailhouse_sim_cpu_reply(guest->cpu, JAILHOUSE_MSG_REQUEST_APPROVED);
		return false;
	}
	if (message > 0)
		return jailhouse_sim_cpu_reply(guest->cpu,
					       message == JAILHOUSE_MSG_RECONFIG_COMPLETED
						       ? JAILHOUSE_MSG_RECEIVED
						       : JAILHOUSE_MSG_UNKNOWN) == 0;
	return message == 0;
}

static bool begin(struct guest *guest, struct jailhouse_sim_cpu *cpu)
{
	memset(guest, 0, sizeof(*guest));
	guest->cpu = cpu;
	if (jailhouse_sim_cpu_get_index(cpu))
		return false;
	if (open_channel(guest))
		return true;
	jailhouse_sim_cpu_print(cpu, "no IVSHMEM link with room for a channel\n");
	return false;
}

/* ---- echo ---- */

/* The next message goes back. False: there is none, or no room for it. */
static bool echo_one(struct guest *guest)
{
	uint32_t before = guest->ring.read, length;
	const void *message = jailhouse_ring_peek(&guest->ring, &length);
	bool sent = message && jailhouse_ring_send(&guest->ring, message, length);

	if (message && !sent)
		guest->ring.read = before;
	return sent;
}

/* Returns whether to sleep. */
static bool echo_all(struct guest *guest)
{
	bool sleep;

	set_register(guest, JAILHOUSE_IVSHMEM_REG_INT_CTRL, JAILHOUSE_IVSHMEM_INT_ENABLE);
	jailhouse_ring_awake_for_message(&guest->ring);
	jailhouse_ring_awake_for_room(&guest->ring);
	if (!connected(guest))
		return true;
	while (echo_one(guest))
		;
	ring_bell(guest, jailhouse_ring_publish(&guest->ring));
	ring_bell(guest, jailhouse_ring_release(&guest->ring));
	sleep = jailhouse_ring_is_readable(&guest->ring)
			? jailhouse_ring_sleep_for_room(&guest->ring,
							jailhouse_ring_max_send(&guest->ring))
			: jailhouse_ring_sleep_for_message(&guest->ring);
	return sleep;
}

void sim_guest_channel_echo(struct jailhouse_sim_cpu *cpu, void *user)
{
	struct guest guest;
	bool sleep;

	(void)user;
	if (!begin(&guest, cpu))
		return;
	do
		sleep = echo_all(&guest);
	while (answer(&guest, jailhouse_sim_cpu_wait(cpu, sleep ? IDLE_NS : 0)));
}

/* ---- a number at a time ---- */

static void send_number(struct guest *guest, unsigned long number)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "%lu\n", number);

	if (connected(guest) && jailhouse_ring_send(&guest->ring, text, (uint32_t)length))
		ring_bell(guest, jailhouse_ring_publish(&guest->ring));
}

void sim_guest_channel_count(struct jailhouse_sim_cpu *cpu, void *user)
{
	unsigned long period = strtoul(jailhouse_sim_cpu_get_arguments(cpu), NULL, 0), number = 0;
	uint64_t next = jailhouse_sim_cpu_get_time(cpu), now;
	struct guest guest;

	(void)user;
	if (!begin(&guest, cpu))
		return;
	do {
		set_register(&guest, JAILHOUSE_IVSHMEM_REG_INT_CTRL, JAILHOUSE_IVSHMEM_INT_ENABLE);
		connected(&guest);
		now = jailhouse_sim_cpu_get_time(cpu);
		if (now >= next) {
			next += (period ? period : 100) * MS;
			send_number(&guest, ++number);
		}
	} while (answer(&guest, jailhouse_sim_cpu_wait(cpu, next > now ? next - now : 0)));
}
