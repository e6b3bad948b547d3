/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Files of a machine that a server has. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "wire.h"

/* Head, structure, and what pointers point to: an array of images and each of them. */
#define MAX_IOV (3 + JAILHOUSE_IOC_MAX_IMAGES)

struct remote {
	struct jh_sim_file file;
	pthread_mutex_t lock; /* one request at a time */
	int socket;
	bool broken;
	struct sockaddr_un address; /* for more files */
};

static struct remote *remote(struct jh_sim_file *file)
{
	return (struct remote *)file;
}

/* ---- hello ---- */

/* With the descriptor that comes along, if one does. */
static bool receive_welcome(int fd, struct sim_welcome *welcome, int *ret_fd)
{
	char control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = {welcome, sizeof(*welcome)};
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg;
	ssize_t got;

	do
		got = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC | MSG_WAITALL);
	while (got < 0 && errno == EINTR);
	cmsg = got > 0 ? CMSG_FIRSTHDR(&msg) : NULL;
	if (cmsg && cmsg->cmsg_level == SOL_SOCKET && cmsg->cmsg_type == SCM_RIGHTS &&
	    cmsg->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(ret_fd, CMSG_DATA(cmsg), sizeof(int));
	return got == sizeof(*welcome);
}

static int greet(struct remote *r)
{
	struct sim_hello hello = {.abi = JH_SIM_ABI, .use = r->file.use};
	struct iovec iov = {&hello, sizeof(hello)};
	struct sim_welcome welcome;

	memcpy(hello.magic, SIM_WIRE_MAGIC, sizeof(hello.magic));
	/* It goes away between two looks, perhaps: then somebody else may serve. */
	if (!sim_wire_send(r->socket, &iov, 1) ||
	    !receive_welcome(r->socket, &welcome, &r->file.fd))
		return -ECONNREFUSED;
	if (memcmp(welcome.magic, SIM_WIRE_MAGIC, sizeof(welcome.magic)) != 0 ||
	    welcome.abi != JH_SIM_ABI)
		return -EPROTO;
	if (welcome.error)
		return welcome.error < 0 && welcome.error > -4096 ? welcome.error : -EPROTO;
	return (r->file.use == JH_SIM_CONTROL) == (r->file.fd < 0) ? 0 : -EPROTO;
}

static int connect_to(struct remote *r)
{
	r->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (r->socket < 0)
		return -errno;
	while (connect(r->socket, (struct sockaddr *)&r->address, sizeof(r->address)) < 0)
		if (errno != EINTR)
			return -errno;
	return sim_wire_same_user(r->socket) ? greet(r) : -EPERM;
}

static int open_file(const struct sockaddr_un *address, enum jh_sim_use use,
		     struct jh_sim_file **ret_file);

/* ---- requests ---- */

/* The pieces of a request. Returns their number; *ret_bytes is all behind the structure. */
static size_t gather(const struct sim_wire_call *call, void *arg, struct iovec *iov,
		     uint64_t *ret_bytes)
{
	const struct jailhouse_preload_image *image;
	size_t count = 0, n, p;

	*ret_bytes = 0;
	for (p = 0; p < 2; p++) {
		const struct sim_wire_part *part = &call->part[p];
		uint64_t bytes = part->in ? sim_wire_bytes(arg, part) : 0;

		if (!bytes)
			continue;
		image = (void *)(uintptr_t)sim_wire_pointer(arg, part);
		iov[count++] = (struct iovec){(void *)image, bytes};
		*ret_bytes += bytes;
		for (n = 0; part->images && n < bytes / part->unit; n++) {
			iov[count++] = (struct iovec){(void *)(uintptr_t)image[n].source_address,
						      image[n].size};
			*ret_bytes += image[n].size;
		}
	}
	return count;
}

/* What one answer can't bring is asked for later, or is too much in any case. */
static void cap_answer(const struct sim_wire_call *call, void *arg)
{
	const struct sim_wire_part *part = &call->part[0];
	uint32_t count;

	if (part->in || sim_wire_bytes(arg, part) <= SIM_WIRE_MAX_OUT / 2)
		return;
	count = (uint32_t)(SIM_WIRE_MAX_OUT / 2 / part->unit);
	memcpy((char *)arg + part->count, &count, sizeof(count));
}

static int send_request(struct remote *r, uint32_t index, void *arg)
{
	const struct sim_wire_call *call = &sim_wire_calls[index];
	struct sim_head head = {.call = index};
	struct iovec iov[MAX_IOV] = {{&head, sizeof(head)}, {arg, call->size}};
	size_t count;

	cap_answer(call, arg);
	count = 2 + gather(call, arg, iov + 2, &head.payload);
	if (head.payload > SIM_WIRE_MAX_IN)
		return -E2BIG;
	return sim_wire_send(r->socket, iov, count) ? 0 : -ENODEV;
}

/* What comes back goes where the caller's pointers say; his structure keeps these. */
static bool receive_answer(struct remote *r, uint32_t index, void *arg, int *ret_result)
{
	const struct sim_wire_call *call = &sim_wire_calls[index];
	uint64_t pointer[2], bytes[2];
	struct sim_head head;
	size_t p;

	for (p = 0; p < 2; p++) {
		pointer[p] = call->part[p].unit ? sim_wire_pointer(arg, &call->part[p]) : 0;
		bytes[p] =
			call->part[p].in || !pointer[p] ? 0 : sim_wire_bytes(arg, &call->part[p]);
	}
	if (!sim_wire_receive(r->socket, &head, sizeof(head)) || head.call != index ||
	    head.payload != bytes[0] + bytes[1] || head.result < -4095 ||
	    !sim_wire_receive(r->socket, arg, call->size))
		return false;
	for (p = 0; p < 2; p++) {
		if (call->part[p].unit)
			sim_wire_set_pointer(arg, &call->part[p], pointer[p]);
		if (!sim_wire_receive(r->socket, (void *)(uintptr_t)pointer[p], bytes[p]))
			return false;
	}
	*ret_result = head.result;
	return true;
}

static int find_call(unsigned long request, uint32_t *ret_index)
{
	uint32_t n;

	for (n = 0; n < sim_wire_num_calls; n++) {
		if (sim_wire_calls[n].request != request)
			continue;
		*ret_index = n;
		return 0;
	}
	return -ENOTTY;
}

/* After half a request or answer nothing that follows makes sense. */
static int remote_ioctl(struct jh_sim_file *file, unsigned long request, void *arg)
{
	struct remote *r = remote(file);
	uint32_t index;
	int result = -ENODEV;
	int err = find_call(request, &index);

	if (err)
		return err;
	pthread_mutex_lock(&r->lock);
	err = r->broken ? -ENODEV : send_request(r, index, arg);
	if (!err && !receive_answer(r, index, arg, &result))
		err = -ENODEV;
	r->broken = err == -ENODEV;
	pthread_mutex_unlock(&r->lock);
	return err ? err : result;
}

static ssize_t remote_read(struct jh_sim_file *file, void *buffer, size_t size)
{
	struct sim_wire_read q = {
		.size = sizeof(q),
		.count = size > JAILHOUSE_CONSOLE_RING_SIZE ? JAILHOUSE_CONSOLE_RING_SIZE
							    : (uint32_t)size,
	};
	char text[JAILHOUSE_CONSOLE_RING_SIZE];
	int ret;

	/* Not the caller's own: only what was read is to be written there. */
	q.buffer = (uintptr_t)text;
	ret = remote_ioctl(file, SIM_WIRE_READ, &q);
	if (ret > 0 && (size_t)ret > size)
		return -ENODEV;
	if (ret > 0)
		memcpy(buffer, text, (size_t)ret);
	return ret;
}

static void remote_close(struct jh_sim_file *file)
{
	struct remote *r = remote(file);

	if (r->socket >= 0)
		close(r->socket);
	if (file->fd >= 0)
		close(file->fd);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

static int remote_reopen(struct jh_sim_file *file, enum jh_sim_use use,
			 struct jh_sim_file **ret_file)
{
	return open_file(&remote(file)->address, use, ret_file);
}

static const struct sim_file_ops remote_ops = {
	.reopen = remote_reopen,
	.close = remote_close,
	.ioctl = remote_ioctl,
	.read = remote_read,
};

static int open_file(const struct sockaddr_un *address, enum jh_sim_use use,
		     struct jh_sim_file **ret_file)
{
	struct remote *r = calloc(1, sizeof(*r));
	int err;

	if (!r)
		return -ENOMEM;
	r->file.ops = &remote_ops;
	r->file.use = use;
	r->file.fd = -1;
	r->address = *address;
	pthread_mutex_init(&r->lock, NULL);
	err = connect_to(r);
	if (err)
		remote_close(&r->file);
	else
		*ret_file = &r->file;
	return err;
}

int sim_client_open(const char *path, struct jh_sim_file **ret_file)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	return open_file(&address, JH_SIM_CONTROL, ret_file);
}
