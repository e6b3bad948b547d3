/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Frames without copies: shared-ring NAME COUNT. Each frame is made in the memory that the peer reads, some of
 * them are shown to it at once, and what comes back is looked at where the peer has put it. For a peer that
 * echoes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/ivshmem-peer.h>

#define PEER	   1
#define BATCH	   4
#define TIMEOUT_MS 10000

static size_t frame_size;

/* Makes a batch in place. Returns 0 or an error. */
static int make_frames(struct jailhouse_channel *channel, int first, struct jailhouse_error *error)
{
	void *place;
	int n, ret;

	for (n = first; n < first + BATCH; n++) {
		ret = jailhouse_channel_reserve(channel, frame_size, &place, TIMEOUT_MS, error);
		if (ret <= 0)
			return ret ? ret : -1;
		memset(place, n, frame_size);
		jailhouse_channel_commit(channel, frame_size, NULL);
	}
	return jailhouse_channel_flush(channel, error);
}

/* The peer could change a frame while it is looked at; one that is trusted does not. */
static int is_frame(const unsigned char *data, size_t size, int number)
{
	return size == frame_size && data[0] == (unsigned char)number &&
	       memcmp(data, data + 1, size - 1) == 0;
}

/* All are valid until they are released together. Returns the number of wrong ones, or an error. */
static int check_frames(struct jailhouse_channel *channel, int first, struct jailhouse_error *error)
{
	int n, ret, wrong = 0;
	const void *data;
	size_t size;

	for (n = first; n < first + BATCH; n++) {
		ret = jailhouse_channel_peek(channel, &data, &size, TIMEOUT_MS, error);
		if (ret <= 0)
			return ret ? ret : -1;
		wrong += !is_frame(data, size, n);
	}
	ret = jailhouse_channel_release(channel, error);
	return ret ? ret : wrong;
}

static int run(struct jailhouse_channel *channel, int count, struct jailhouse_error *error)
{
	int n, ret, wrong = 0;

	/* A batch must fit, wherever in the ring it begins. */
	frame_size = jailhouse_channel_get_max_size(channel) / (BATCH + 1);
	for (n = 0; n < count; n += BATCH) {
		ret = make_frames(channel, n, error);
		if (ret == 0)
			ret = check_frames(channel, n, error);
		if (ret < 0)
			return ret;
		wrong += ret;
	}
	printf("%d frames of %zu bytes, %d wrong\n", n, frame_size, wrong);
	return wrong ? -1 : 0;
}

int main(int argc, char **argv)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_channel *channel = NULL;
	struct jailhouse_ivshmem *device = NULL;
	struct jailhouse *jh = NULL;
	int err = -1;

	if (argc != 3)
		fprintf(stderr, "usage: %s NAME COUNT\n", argv[0]);
	else if (!jailhouse_open(NULL, &jh, &error) &&
		 !jailhouse_ivshmem_open(jh, argv[1], &device, &error) &&
		 !jailhouse_channel_open(device, PEER, &channel, &error))
		err = run(channel, atoi(argv[2]), &error);
	if (error.code)
		fprintf(stderr, "%s\n", error.text);
	jailhouse_channel_close(channel);
	jailhouse_ivshmem_close(device);
	jailhouse_close(jh);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
