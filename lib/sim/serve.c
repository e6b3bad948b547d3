/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One connection of the server: a file of the machine for a client, which is not trusted: every
 * number is bounded before it is used.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "ioctl-arg.h"
#include "serve.h"
#include "wire.h"

/* A client that has nothing to say is not waited for. */
#define HELLO_SECONDS 5

/* Received piece by piece, so that what is only announced costs nothing. */
#define CHUNK (1U << 20)

union argument {
	union jh_ioctl_arg driver;
	struct jh_sim_access access;
	struct jh_sim_link link;
	struct jh_sim_link_reg link_reg;
	struct sim_wire_read read;
};

struct request {
	const struct sim_wire_call *call;
	union argument arg;
	char *in;  /* what the request brings */
	char *out; /* what the answer takes along */
	uint64_t in_size, out_size;
	uint64_t pointer[2]; /* as the client has them */
};

/* ---- hello ---- */

static bool send_welcome(int fd, int error, int pass_fd)
{
	struct sim_welcome welcome = {.abi = JH_SIM_ABI, .error = error};
	char control[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec iov = {&welcome, sizeof(welcome)};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	struct cmsghdr *cmsg;
	ssize_t sent;

	memcpy(welcome.magic, SIM_WIRE_MAGIC, sizeof(welcome.magic));
	if (pass_fd >= 0) {
		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cmsg), &pass_fd, sizeof(int));
	}
	do
		sent = sendmsg(fd, &msg, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == sizeof(welcome);
}

static void set_timeout(int fd, int seconds)
{
	const struct timeval time = {.tv_sec = seconds};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
}

static struct jh_sim_file *welcome_client(int fd, struct jh_sim_file *machine)
{
	struct jh_sim_file *file = NULL;
	struct sim_hello hello;
	int err;

	set_timeout(fd, HELLO_SECONDS);
	if (!sim_wire_receive(fd, &hello, sizeof(hello)))
		return NULL;
	set_timeout(fd, 0);
	if (memcmp(hello.magic, SIM_WIRE_MAGIC, sizeof(hello.magic)) != 0 ||
	    hello.abi != JH_SIM_ABI || hello.use >= JH_SIM_NUM_USES)
		err = -EPROTO;
	else
		err = machine->ops->reopen(machine, hello.use, &file);
	if (!send_welcome(fd, err, file ? file->fd : -1) && file) {
		file->ops->close(file);
		file = NULL;
	}
	return file;
}

/* ---- requests ---- */

static bool receive_payload(int fd, struct request *q)
{
	uint64_t done = 0, size;
	char *bigger;

	while (done < q->in_size) {
		size = q->in_size - done < CHUNK ? q->in_size - done : CHUNK;
		bigger = realloc(q->in, done + size);
		if (!bigger)
			return false;
		q->in = bigger;
		if (!sim_wire_receive(fd, q->in + done, size))
			return false;
		done += size;
	}
	return true;
}

/* The bytes of the images lie behind the array, and fill what is left. */
static bool place_images(struct request *q, uint64_t count, uint64_t unit)
{
	struct jailhouse_preload_image *image = (void *)q->in;
	uint64_t at = count * unit, n;

	if (count > JAILHOUSE_IOC_MAX_IMAGES)
		return false;
	for (n = 0; n < count; n++) {
		if (image[n].size > q->in_size - at)
			return false;
		image[n].source_address = (uintptr_t)(q->in + at);
		at += image[n].size;
	}
	return at == q->in_size;
}

static bool place_in(struct request *q, const struct sim_wire_part *part, uint64_t bytes)
{
	if (bytes > q->in_size || (!part->images && bytes != q->in_size) ||
	    (part->images && !place_images(q, bytes / part->unit, part->unit)))
		return false;
	/* Nothing was sent: there is still something to point to. */
	sim_wire_set_pointer(&q->arg, part, q->in ? (uintptr_t)q->in : (uintptr_t)&q->arg);
	return true;
}

/* Pointers become ours. False: it makes no sense. */
static bool place_parts(struct request *q)
{
	uint64_t bytes[2], out = 0;
	unsigned int p;

	for (p = 0; p < 2; p++) {
		const struct sim_wire_part *part = &q->call->part[p];

		q->pointer[p] = part->unit ? sim_wire_pointer(&q->arg, part) : 0;
		bytes[p] = part->in || q->pointer[p] ? sim_wire_bytes(&q->arg, part) : 0;
		if (part->in) {
			if (!place_in(q, part, bytes[p]))
				return false;
			bytes[p] = 0;
		}
		q->out_size += bytes[p];
	}
	if ((!q->call->part[0].in && q->in_size) || q->out_size > SIM_WIRE_MAX_OUT)
		return false;
	q->out = calloc(1, q->out_size + 1);
	if (!q->out)
		return false;
	for (p = 0; p < 2; p++) {
		const struct sim_wire_part *part = &q->call->part[p];

		if (part->unit && !part->in)
			sim_wire_set_pointer(&q->arg, part,
					     q->pointer[p] ? (uintptr_t)(q->out + out) : 0);
		out += bytes[p];
	}
	return true;
}

static bool receive_request(int fd, struct request *q)
{
	struct sim_head head;

	if (!sim_wire_receive(fd, &head, sizeof(head)) || head.call >= sim_wire_num_calls ||
	    head.payload > SIM_WIRE_MAX_IN)
		return false;
	q->call = &sim_wire_calls[head.call];
	q->in_size = head.payload;
	return sim_wire_receive(fd, &q->arg, q->call->size) && receive_payload(fd, q) &&
	       place_parts(q);
}

static bool answer(int fd, struct request *q, int result)
{
	struct sim_head head = {
		.call = (uint32_t)(q->call - sim_wire_calls),
		.result = result,
		.payload = q->out_size,
	};
	struct iovec iov[] = {
		{&head, sizeof(head)}, {&q->arg, q->call->size}, {q->out, q->out_size}};
	unsigned int p;

	/* Ours are nobody's business. */
	for (p = 0; p < 2; p++)
		if (q->call->part[p].unit)
			sim_wire_set_pointer(&q->arg, &q->call->part[p], q->pointer[p]);
	return sim_wire_send(fd, iov, 3);
}

static int run(struct jh_sim_file *file, struct request *q)
{
	const struct sim_wire_read *read = &q->arg.read;

	if (q->call->request != SIM_WIRE_READ)
		return file->ops->ioctl(file, q->call->request, &q->arg);
	if (file->use != JH_SIM_CONSOLE && file->use != JH_SIM_FOLLOW)
		return -EINVAL;
	if (!read->count || !read->buffer)
		return 0;
	return (int)file->ops->read(file, (void *)(uintptr_t)read->buffer, read->count);
}

void sim_serve(int fd, struct jh_sim_file *machine)
{
	struct jh_sim_file *file = welcome_client(fd, machine);
	bool alive = file;

	while (alive) {
		struct request q = {.call = NULL};

		alive = receive_request(fd, &q);
		if (alive)
			alive = answer(fd, &q, run(file, &q));
		free(q.in);
		free(q.out);
	}
	if (file)
		file->ops->close(file);
}
