/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What client and server share; see wire.h. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire.h"

#define CALL(number, type, ...)                                                         \
	{                                                                               \
		.request = number, .size = sizeof(struct type), .part = { __VA_ARGS__ } \
	}
#define PART(type, pointer_field, count_field, bytes, ...)                              \
	{                                                                               \
		.pointer = offsetof(struct type, pointer_field),                        \
		.count = offsetof(struct type, count_field), .unit = bytes, __VA_ARGS__ \
	}

const struct sim_wire_call sim_wire_calls[] = {
	CALL(JAILHOUSE_IOC_GET_INFO, jailhouse_ioc_info, {0}),
	CALL(JAILHOUSE_IOC_ENABLE, jailhouse_ioc_enable,
	     PART(jailhouse_ioc_enable, config_address, config_size, 1, .in = true)),
	CALL(JAILHOUSE_IOC_DISABLE, jailhouse_ioc_disable, {0}),
	CALL(JAILHOUSE_IOC_CELL_CREATE, jailhouse_ioc_cell_create,
	     PART(jailhouse_ioc_cell_create, config_address, config_size, 1, .in = true)),
	CALL(JAILHOUSE_IOC_CELL_LOAD, jailhouse_ioc_cell_load,
	     PART(jailhouse_ioc_cell_load, images, num_images,
		  sizeof(struct jailhouse_preload_image), .in = true, .images = true)),
	CALL(JAILHOUSE_IOC_CELL_START, jailhouse_ioc_cell, {0}),
	CALL(JAILHOUSE_IOC_CELL_SHUTDOWN, jailhouse_ioc_cell, {0}),
	CALL(JAILHOUSE_IOC_CELL_DESTROY, jailhouse_ioc_cell, {0}),
	CALL(JAILHOUSE_IOC_GET_CONFIG, jailhouse_ioc_get_config,
	     PART(jailhouse_ioc_get_config, buffer, buffer_size, 1, .in = false)),
	CALL(JAILHOUSE_IOC_CELL_INFO, jailhouse_ioc_cell_info,
	     PART(jailhouse_ioc_cell_info, cpu_mask, cpu_mask_words, 8, .in = false),
	     PART(jailhouse_ioc_cell_info, failed_mask, cpu_mask_words, 8, .in = false)),
	CALL(JAILHOUSE_IOC_NEXT_CELL, jailhouse_ioc_next_cell, {0}),
	CALL(JAILHOUSE_IOC_CPU_STATS, jailhouse_ioc_cpu_stats, {0}),
	CALL(JAILHOUSE_IOC_CPU_RECORD, jailhouse_ioc_cpu_record, {0}),
	CALL(JAILHOUSE_IOC_LEARNED, jailhouse_ioc_learned,
	     PART(jailhouse_ioc_learned, buffer, count, sizeof(struct jailhouse_learned),
		  .in = false)),
	CALL(JAILHOUSE_IOC_ACK_EVENTS, jailhouse_ioc_events, {0}),
	CALL(JH_SIM_IOC_ACCESS, jh_sim_access, {0}),
	CALL(JAILHOUSE_IOC_READ_EVENTS, jailhouse_ioc_read_events,
	     PART(jailhouse_ioc_read_events, buffer, count, sizeof(struct jailhouse_ioc_event),
		  .in = false)),
	CALL(JH_SIM_IOC_LINK, jh_sim_link, {0}),
	CALL(JH_SIM_IOC_LINK_REG, jh_sim_link_reg, {0}),
	CALL(SIM_WIRE_READ, sim_wire_read, PART(sim_wire_read, buffer, count, 1, .in = false)),
};

const uint32_t sim_wire_num_calls = sizeof(sim_wire_calls) / sizeof(sim_wire_calls[0]);

uint64_t sim_wire_pointer(const void *arg, const struct sim_wire_part *part)
{
	uint64_t pointer;

	memcpy(&pointer, (const char *)arg + part->pointer, sizeof(pointer));
	return pointer;
}

void sim_wire_set_pointer(void *arg, const struct sim_wire_part *part, uint64_t pointer)
{
	memcpy((char *)arg + part->pointer, &pointer, sizeof(pointer));
}

uint64_t sim_wire_bytes(const void *arg, const struct sim_wire_part *part)
{
	uint32_t count;

	if (!part->unit)
		return 0;
	memcpy(&count, (const char *)arg + part->count, sizeof(count));
	return (uint64_t)count * part->unit;
}

/* Takes what has been sent off the front. */
static void advance(struct iovec **iov, size_t *count, size_t sent)
{
	while (*count && sent >= (*iov)->iov_len) {
		sent -= (*iov)->iov_len;
		(*iov)++;
		(*count)--;
	}
	if (*count) {
		(*iov)->iov_base = (char *)(*iov)->iov_base + sent;
		(*iov)->iov_len -= sent;
	}
}

bool sim_wire_send(int fd, struct iovec *iov, size_t count)
{
	struct msghdr msg = {.msg_iov = iov};
	ssize_t sent;

	advance(&iov, &count, 0);
	while (count) {
		msg.msg_iov = iov;
		msg.msg_iovlen = count;
		sent = sendmsg(fd, &msg, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return false;
		advance(&iov, &count, (size_t)sent);
	}
	return true;
}

bool sim_wire_receive(int fd, void *buffer, size_t size)
{
	char *to = buffer;
	ssize_t got;

	while (size) {
		got = recv(fd, to, size, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		to += got;
		size -= (size_t)got;
	}
	return true;
}

bool sim_wire_same_user(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid();
}
