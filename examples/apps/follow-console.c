/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Prints what hypervisor and cells print, until it is interrupted. Waits with poll(), so that it would fit
 * into any event loop; a driver that cannot be polled is asked by reads that wait.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include <jailhouse/jailhouse.h>

/* Returns an error; it does not end otherwise. */
static int follow(struct jailhouse_console_reader *reader, int can_poll,
		  struct jailhouse_error *error)
{
	struct pollfd pfd;
	char text[512];
	int size;

	pfd.fd = jailhouse_console_get_fd(reader);
	pfd.events = POLLIN;
	for (;;) {
		if (can_poll && poll(&pfd, 1, -1) < 0)
			return JAILHOUSE_ERR_INTERRUPTED;
		size = jailhouse_console_read(reader, text, sizeof(text), error);
		if (size < 0)
			return size;
		/* It is text of cells, too: fit for a file, not for a terminal as it is. */
		fwrite(text, 1, size, stdout);
		fflush(stdout);
	}
}

int main(void)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_console_reader *reader;
	struct jailhouse *jh;
	int can_poll;

	if (jailhouse_open(NULL, &jh, &error) < 0) {
		fprintf(stderr, "%s\n", error.text);
		return EXIT_FAILURE;
	}
	can_poll = (jailhouse_get_features(jh) & JAILHOUSE_FEATURE_POLL) != 0;
	if (jailhouse_console_open(jh, can_poll ? 0 : JAILHOUSE_CONSOLE_FOLLOW, &reader, &error) == 0) {
		follow(reader, can_poll, &error);
		jailhouse_console_close(reader);
	}
	jailhouse_close(jh);
	fprintf(stderr, "%s\n", error.text);
	return EXIT_FAILURE;
}
