/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Talks to a peer line by line: channel-chat NAME [PEER]. NAME is a cell, a link, a PCI address or a node (uio0) of an
 * IVSHMEM link. Ends with its input, after the peer has taken all.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jailhouse/ivshmem-peer.h>

static struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

static int fail(void)
{
	fprintf(stderr, "%s\n", error.text);
	return -1;
}

/* Prints all messages that are there. A peer that went away may come back. */
static int print_messages(struct jailhouse_channel *channel)
{
	char text[4096];
	size_t size;
	int ret;

	while ((ret = jailhouse_channel_receive(channel, text, sizeof(text), &size, 0, &error)) > 0)
		printf("< %.*s\n", (int)size, text);
	if (ret == JAILHOUSE_ERR_PEER)
		printf("(the peer has left)\n");
	fflush(stdout);
	return ret < 0 && ret != JAILHOUSE_ERR_PEER ? fail() : 0;
}

/* Reads what there is, sends it line by line. Returns 1 at the end of the input. */
static int send_lines(struct jailhouse_channel *channel)
{
	char text[1024], *line, *save;
	ssize_t got = read(STDIN_FILENO, text, sizeof(text) - 1);

	if (got <= 0)
		return 1;
	text[got] = '\0';
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (jailhouse_channel_send(channel, line, strlen(line), -1, &error) < 0)
			return fail();
	return 0;
}

/* Both descriptors in one loop; before each poll() the peer learns that a doorbell is wanted. */
static int chat(struct jailhouse_ivshmem *device, struct jailhouse_channel *channel)
{
	struct pollfd pfd[2];
	int ret = 0;

	memset(pfd, 0, sizeof(pfd));
	pfd[0].fd = STDIN_FILENO;
	pfd[1].fd = jailhouse_ivshmem_get_fd(device);
	pfd[0].events = pfd[1].events = POLLIN;
	while (ret == 0) {
		ret = jailhouse_channel_prepare(channel, JAILHOUSE_CHANNEL_READ, &error);
		if (ret < 0 && ret != JAILHOUSE_ERR_PEER)
			return fail();
		if (poll(pfd, 2, ret == 0 ? -1 : 0) < 0)
			return -1;
		ret = print_messages(channel);
		if (ret == 0 && pfd[0].revents)
			ret = send_lines(channel);
	}
	if (ret > 0)
		jailhouse_channel_drain(channel, 5000, NULL);
	/* Answers to what was sent last */
	usleep(100000);
	return ret > 0 ? print_messages(channel) : ret;
}

int main(int argc, char **argv)
{
	struct jailhouse_channel *channel = NULL;
	struct jailhouse_ivshmem *device = NULL;
	struct jailhouse *jh = NULL;
	int ret = -1;

	if (argc < 2)
		fprintf(stderr, "usage: %s NAME [PEER]\n", argv[0]);
	else if (jailhouse_open(NULL, &jh, &error) < 0 ||
		 jailhouse_ivshmem_open(jh, argv[1], &device, &error) < 0 ||
		 jailhouse_channel_open(device, argc > 2 ? (uint32_t)atoi(argv[2]) : 1, &channel,
					&error) < 0)
		fail();
	else
		ret = chat(device, channel);
	jailhouse_channel_close(channel);
	jailhouse_ivshmem_close(device);
	jailhouse_close(jh);
	return ret < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
