/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Follows values that an inmate sends in its own time: sensor-stream NAME COUNT. Each message is a decimal
 * number. If the cell is restarted, the stream goes on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/ivshmem-peer.h>

#define SENSOR	   1 /* id of the peer */
#define PATIENCE_MS 10000

/* From a copy: it is checked where nobody else can change it. Returns 1, 0 if it is no number. */
static int parse(const char *message, size_t size, long *ret_value)
{
	char text[32], *end;

	if (size >= sizeof(text))
		return 0;
	memcpy(text, message, size);
	text[size] = '\0';
	*ret_value = strtol(text, &end, 10);
	return end != text && (*end == '\0' || *end == '\n');
}

static int follow(struct jailhouse_channel *channel, int count, struct jailhouse_error *error)
{
	char message[64];
	size_t size;
	long value;
	int ret;

	while (count > 0) {
		ret = jailhouse_channel_receive(channel, message, sizeof(message), &size,
						PATIENCE_MS, error);
		if (ret == JAILHOUSE_ERR_PEER) {
			printf("the sensor starts anew\n");
			continue;
		}
		if (ret < 0)
			return ret;
		if (ret == 0) {
			printf("no value for %d ms\n", PATIENCE_MS);
			return 0;
		}
		if (!parse(message, size, &value)) {
			printf("what came is no value\n");
			continue;
		}
		printf("value %ld\n", value);
		fflush(stdout);
		count--;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_channel *channel = NULL;
	struct jailhouse_ivshmem *device = NULL;
	struct jailhouse *jh = NULL;
	int err;

	if (argc != 3) {
		fprintf(stderr, "usage: %s NAME COUNT\n", argv[0]);
		return EXIT_FAILURE;
	}
	err = jailhouse_open(NULL, &jh, &error);
	if (!err)
		err = jailhouse_ivshmem_open(jh, argv[1], &device, &error);
	if (!err)
		err = jailhouse_channel_open(device, SENSOR, &channel, &error);
	if (!err)
		err = follow(channel, atoi(argv[2]), &error);
	if (err)
		fprintf(stderr, "%s\n", error.text);
	jailhouse_channel_close(channel);
	jailhouse_ivshmem_close(device);
	jailhouse_close(jh);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
