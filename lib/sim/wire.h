/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How a file is reached through a socket. Each connection is a file. The client says hello, the
 * server welcomes it, with a descriptor to poll if the file is for reading or events. Then the
 * client makes requests, one at a time: a head, the structure of the ioctl, and what its pointers
 * point to; the answer looks the same. Both run on the same machine and are of the same release, so
 * structures go as they are.
 */
#ifndef LIB_SIM_WIRE_H
#define LIB_SIM_WIRE_H

#include <sys/uio.h>

#include "sim.h"

#define SIM_WIRE_MAGIC "JHSIM\r\n\001" /* with the NUL: 9, of which 8 are sent */

struct sim_hello {
	char magic[8];
	uint32_t abi; /* JH_SIM_ABI */
	uint32_t use; /* enum jh_sim_use */
};

struct sim_welcome {
	char magic[8];
	uint32_t abi;
	int32_t error; /* 0 or a negative errno */
};

struct sim_head {
	uint32_t call;    /* index in sim_wire_calls */
	int32_t result;   /* of the answer */
	uint64_t payload; /* bytes behind the structure */
};

/* A read of the console; the text is the payload of the answer. */
struct sim_wire_read {
	uint32_t size;
	uint32_t count;                 /* bytes that are wanted */
	uint64_t buffer;                /* not sent */
	struct jailhouse_reason reason; /* not used; for the same form as the others */
};
#define SIM_WIRE_READ _IOWR(0xBD, 1, struct sim_wire_read)

/* Most that one request brings along, and one answer. */
#define SIM_WIRE_MAX_IN  (256ULL << 20)
#define SIM_WIRE_MAX_OUT (1ULL << 20)

/* A pointer in a structure and the number of elements there. */
struct sim_wire_part {
	uint16_t pointer, count; /* offsets */
	uint16_t unit;           /* bytes of an element, 0: there is no such part */
	bool in;                 /* goes to the server; else it comes back */
	bool images;             /* elements are images, whose bytes follow */
};

struct sim_wire_call {
	unsigned long request;
	uint32_t size;
	struct sim_wire_part part[2];
};

extern const struct sim_wire_call sim_wire_calls[];
extern const uint32_t sim_wire_num_calls;

/* Of a structure: where a pointer points, and the bytes there, whether or not it is 0. */
uint64_t sim_wire_pointer(const void *arg, const struct sim_wire_part *part);
void sim_wire_set_pointer(void *arg, const struct sim_wire_part *part, uint64_t pointer);
uint64_t sim_wire_bytes(const void *arg, const struct sim_wire_part *part);

/* All of it. False: the other side is gone. */
bool sim_wire_send(int fd, struct iovec *iov, size_t count);
bool sim_wire_receive(int fd, void *buffer, size_t size);

/* Is the other side of a socket a process of this user? */
bool sim_wire_same_user(int fd);

#endif /* !LIB_SIM_WIRE_H */
