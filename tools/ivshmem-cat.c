/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "ivshmem.h"

#define MAX_CHUNK  65536
#define LEAVE_MS   5000
#define NO_PEER	   UINT32_MAX

/* Bytes go as messages; an empty one says that there will be no more. */
struct pipe {
	struct cli *cli;
	struct jailhouse_ivshmem *device;
	struct jailhouse_channel *channel;
	struct jailhouse_error error;
	bool input_ended, peer_ended; /* all of it was sent; all of it was received */
	bool pending;		      /* `chunk` waits for room */
	size_t chunk_size, limit;
	char chunk[MAX_CHUNK];
};

static enum cli_result io_error(struct pipe *pipe, const char *what)
{
	cli_error(pipe->cli, "%s: %s", what, strerror(errno));
	return CLI_FAILED;
}

static enum cli_result take_input(struct pipe *pipe)
{
	ssize_t got = read(STDIN_FILENO, pipe->chunk, pipe->limit);

	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? CLI_OK : io_error(pipe, "standard input");
	pipe->chunk_size = (size_t)got;
	pipe->pending = true;
	return CLI_OK;
}

static enum cli_result send_chunk(struct pipe *pipe)
{
	int ret = jailhouse_channel_send(pipe->channel, pipe->chunk, pipe->chunk_size, 0,
					 &pipe->error);

	if (ret < 0)
		return cli_report(pipe->cli, NULL, &pipe->error);
	if (ret) {
		pipe->pending = false;
		pipe->input_ended = pipe->chunk_size == 0;
	}
	return CLI_OK;
}

/* In place: a peer that changes it meanwhile has sent what it likes anyway. */
static enum cli_result put_output(struct pipe *pipe)
{
	const void *data;
	size_t size;
	int ret = jailhouse_channel_peek(pipe->channel, &data, &size, 0, &pipe->error);

	if (ret < 0)
		return cli_report(pipe->cli, NULL, &pipe->error);
	if (ret == 0)
		return CLI_OK;
	pipe->peer_ended = size == 0;
	if (fwrite(data, 1, size, pipe->cli->out) != size || fflush(pipe->cli->out) != 0)
		return io_error(pipe, "standard output");
	ret = jailhouse_channel_release(pipe->channel, &pipe->error);
	return ret ? cli_report(pipe->cli, NULL, &pipe->error) : CLI_OK;
}

/* Waits for one of both, or only looks at the input. */
static enum cli_result wait_for_any(struct pipe *pipe, bool look_only)
{
	struct pollfd pfd[2] = {
		{.fd = pipe->pending || pipe->input_ended ? -1 : STDIN_FILENO, .events = POLLIN},
		{.fd = look_only ? -1 : jailhouse_ivshmem_get_fd(pipe->device), .events = POLLIN},
	};

	if (poll(pfd, 2, look_only ? 0 : -1) < 0)
		return errno == EINTR ? CLI_OK : io_error(pipe, "waiting");
	return pfd[0].revents ? take_input(pipe) : CLI_OK;
}

static enum cli_result step(struct pipe *pipe)
{
	uint32_t wanted = (pipe->peer_ended ? 0 : JAILHOUSE_CHANNEL_READ) |
			  (pipe->pending ? JAILHOUSE_CHANNEL_WRITE : 0);
	int can = jailhouse_channel_prepare(pipe->channel, wanted, &pipe->error);
	enum cli_result result = CLI_OK;

	if (can < 0)
		return cli_report(pipe->cli, NULL, &pipe->error);
	if (can & JAILHOUSE_CHANNEL_READ)
		result = put_output(pipe);
	if (result == CLI_OK && can & JAILHOUSE_CHANNEL_WRITE)
		result = send_chunk(pipe);
	return result == CLI_OK ? wait_for_any(pipe, can != 0) : result;
}

/* The peer leaves when it has all: then it may be gone before it is seen that it has. */
static enum cli_result copy(struct pipe *pipe)
{
	enum cli_result result = CLI_OK;
	int ret;

	while (result == CLI_OK && !(pipe->input_ended && pipe->peer_ended))
		result = step(pipe);
	if (result != CLI_OK)
		return result;
	ret = jailhouse_channel_drain(pipe->channel, LEAVE_MS, &pipe->error);
	if (ret > 0 || ret == JAILHOUSE_ERR_PEER)
		return CLI_OK;
	if (ret < 0)
		return cli_report(pipe->cli, NULL, &pipe->error);
	cli_error(pipe->cli, "the peer has not taken all that was sent");
	return CLI_FAILED;
}

/* --peer, or NO_PEER. */
static bool read_peer(struct cli *cli, const struct cli_args *args, uint32_t *ret_peer)
{
	const char *text = cli_args_value(args, 'p');
	unsigned long peer;
	char *end;

	*ret_peer = NO_PEER;
	if (!text)
		return true;
	errno = 0;
	peer = strtoul(text, &end, 0);
	if (end == text || *end || errno || peer > 0xffff) {
		cli_usage_error(cli, "\"%s\" is not the id of a peer", text);
		return false;
	}
	*ret_peer = (uint32_t)peer;
	return true;
}

static enum cli_result open_and_copy(struct pipe *pipe, const char *name, uint32_t peer)
{
	enum cli_result result;

	if (jailhouse_ivshmem_open(pipe->cli->jh, name, &pipe->device, &pipe->error) != 0)
		return cli_report(pipe->cli, NULL, &pipe->error);
	if (jailhouse_ivshmem_get_access(pipe->device) == JAILHOUSE_IVSHMEM_ACCESS_MEMORY)
		cli_error(pipe->cli, "%s has no interrupts, so it is polled", name);
	/* The lowest id that is not the own one */
	if (peer == NO_PEER)
		peer = jailhouse_ivshmem_get_id(pipe->device) == 0;
	if (jailhouse_channel_open(pipe->device, peer, &pipe->channel, &pipe->error) != 0) {
		result = cli_report(pipe->cli, NULL, &pipe->error);
	} else {
		pipe->limit = jailhouse_channel_get_max_size(pipe->channel);
		if (pipe->limit > MAX_CHUNK)
			pipe->limit = MAX_CHUNK;
		result = copy(pipe);
		jailhouse_channel_close(pipe->channel);
	}
	jailhouse_ivshmem_close(pipe->device);
	return result;
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	struct pipe *pipe;
	enum cli_result result;
	uint32_t peer;

	/* What is typed wrong is said before the machine is looked at. */
	if (!read_peer(cli, args, &peer))
		return CLI_USAGE;
	if (!cli_ivshmem_connect(cli))
		return CLI_FAILED;
	pipe = calloc(1, sizeof(*pipe));
	if (!pipe)
		return cli_no_memory(cli);
	pipe->cli = cli;
	pipe->error.size = sizeof(pipe->error);
	result = open_and_copy(pipe, cli_args_word(args, 0), peer);
	free(pipe);
	return result;
}

static const struct cli_option options[] = {
	{"peer", 'p', true, "ID", "which peer; default: the lowest id that is not the own one"},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_ivshmem_cat = {
	.name = "cat",
	.group = "ivshmem",
	.synopsis = "NAME [-p | --peer ID]",
	.summary = "Pipe standard input and output through a message channel.",
	.details = "NAME is a cell at the other end, a link (or FILE:LINK, with the file that\n"
		   "'config build --map FILE' has written), a PCI address or a node (uio0). Bytes\n"
		   "go as messages of any length; an empty message is the end of the input. The\n"
		   "command waits for the peer, and ends when both sides have reached the end.",
	.options = options,
	.min_words = 1,
	.max_words = 1,
	.run = run,
};
