/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the tests of links share: the machine's board with links (tests/system/links), its devices as uio_ivshmem has
 * them, and peers that do what they are told (the inmate link-peer). All end the running test if something fails.
 */
#ifndef TESTS_SYSTEM_LINKS_H
#define TESTS_SYSTEM_LINKS_H

#include <jailhouse/cell-config.h>
#include "guest.h"
#include "../../../examples/inmates/tests/common/link-peer.h"

/* Ids of the peers of the link "trio" */
#define ROOT  0u
#define TINY  1u
#define ECHO  2u
#define PEERS 3u

/* Registers as words */
#define REG_ID	    0
#define REG_PEERS   1
#define REG_CONTROL 2
#define REG_RING    3
#define REG_STATE   4

/* Longest time until something is seen that must happen; time in which nothing may */
#define SOON_MS	 10000
#define QUIET_MS 200

extern struct jailhouse *links_jh;

/* ---- kernel ---- */

/* Loads a module of /lib/modules if it is not there yet. */
void links_load(const char *module);
/* Result: 0 or a negative errno */
int links_unload(const char *module);
/* Writes a line to a file of sysfs or procfs. Result: 0 or a negative errno */
int links_write_file(const char *path, const char *text);

/* ---- the board ---- */

/* Reads the text of the machine; once. */
void links_read_board(void);
void links_enable(void);
/* The same with changes to the configuration. */
void links_enable_with(void (*adjust)(struct jailhouse_system *config));
void links_disable(void);
/* PCI address of a link: "0000:00:0e.0" */
const char *links_address(const char *link);
/* The same as an inmate knows it */
unsigned int links_bdf(const char *link);
/* Creates a cell of the board, loads an inmate with its parameters (or NULL), and starts it. */
uint32_t links_cell(const char *cell, const char *inmate, const char *parameters);
void links_load_cell(uint32_t id, const char *inmate, const char *parameters);
void links_start(uint32_t id);
void links_destroy(uint32_t id);

/* ---- devices ---- */

#define UIO_MAPS 5

struct uio_map {
	char name[32];
	uint64_t address;
	size_t size;
};

struct uio {
	int fd;
	unsigned int number; /* of /dev/uioN */
	unsigned int count;  /* of maps */
	struct uio_map map[UIO_MAPS];
	unsigned int events; /* counter as read last */
	volatile uint32_t *regs;
	const volatile uint32_t *table;
	volatile uint32_t *rw;	  /* or NULL */
	const unsigned char *in; /* all output sections */
	unsigned char *out;
	size_t output_size;
};

/* Opens the device of a link and maps all of it. */
struct uio uio_open(const char *link);
/* Takes the maps away and closes it. */
void uio_close(struct uio *uio);
/* Enables the next interrupt. */
void uio_arm(struct uio *uio);
/* Waits for interrupts. Result: how many there were, 0 if none came in that time */
unsigned int uio_wait(struct uio *uio, int timeout_ms);
/* No interrupt is left, whether it had been read or not. */
void uio_drain(struct uio *uio);
void uio_ring(struct uio *uio, uint32_t peer, uint32_t vector);
/* Waits until a peer has that state. */
void uio_wait_state(struct uio *uio, uint32_t peer, uint32_t state);

/* ---- peers ---- */

/* Creates and starts the cell of a peer of "trio" with the inmate link-peer, and waits until it listens. */
uint32_t peer_make(struct uio *trio, uint32_t peer);
/* Starts it once more, with or without a load. */
void peer_restart(struct uio *trio, uint32_t peer, uint32_t id, bool load);
/* Gives an order and does not wait. */
void peer_order(struct uio *trio, uint32_t peer, enum link_op op, uint32_t device, uint32_t a, uint32_t b, uint32_t c);
void peer_wait_done(struct uio *trio, uint32_t peer);
/* Gives an order and waits until it is done. */
void peer_do(struct uio *trio, uint32_t peer, enum link_op op, uint32_t device, uint32_t a, uint32_t b, uint32_t c);
const volatile struct link_report *peer_report(const struct uio *trio, uint32_t peer);
/* Interrupts of a device of the peer, all vectors */
uint32_t peer_irqs(const struct uio *trio, uint32_t peer, uint32_t device);
/* Waits until it has had so many, and sees that it gets no more. */
void peer_expect_irqs(const struct uio *trio, uint32_t peer, uint32_t device, uint32_t count);

/* ---- tests, and what is around each ---- */

int links_setup(void **state);
int links_teardown(void **state);
/* Enabled, the modules are there; in the end no cell is left. */
int links_begin(void **state);
int links_end(void **state);

extern const struct CMUnitTest links_uio_tests[], links_peer_tests[], links_hostile_tests[];
extern const size_t links_uio_count, links_peer_count, links_hostile_count;

#endif /* !TESTS_SYSTEM_LINKS_H */
