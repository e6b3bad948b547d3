/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Prints a line for each thing that happens to the hypervisor and its cells, until it is disabled. Waits
 * with poll(), so that it would fit into any event loop.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/jailhouse.h>

static void print(const struct jailhouse_event *event)
{
	if (event->type == JAILHOUSE_EVENT_LOST)
		printf("%u events were lost", (unsigned int)event->lost);
	else
		printf("%s %s", event->name, jailhouse_event_get_type_name(event->type));
	if (event->type == JAILHOUSE_EVENT_STATE)
		printf(": %s", jailhouse_state_get_name(event->state));
	if (event->reason)
		printf(": %s", event->text);
	putchar('\n');
	fflush(stdout);
}

/* Returns 0 when the hypervisor was disabled, or an error. */
static int watch(struct jailhouse *jh, struct jailhouse_error *error)
{
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;
	struct pollfd pfd;
	int ret;

	memset(&pfd, 0, sizeof(pfd));
	pfd.events = POLLIN;
	/* First the events, then the question, so that no change gets lost. */
	pfd.fd = jailhouse_get_event_fd(jh, error);
	ret = pfd.fd < 0 ? pfd.fd : jailhouse_is_enabled(jh, error);
	if (ret <= 0)
		return ret;
	do {
		ret = jailhouse_read_event(jh, &event, error);
		if (ret == 1)
			print(&event);
		if (ret == 1 && event.type == JAILHOUSE_EVENT_DISABLED)
			return 0;
	} while (ret == 1 || (ret == 0 && poll(&pfd, 1, -1) >= 0));
	return ret;
}

int main(void)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse *jh;
	int err;

	if (jailhouse_open(NULL, &jh, &error) < 0) {
		fprintf(stderr, "%s\n", error.text);
		return EXIT_FAILURE;
	}
	err = watch(jh, &error);
	if (err)
		fprintf(stderr, "%s\n", error.text);
	jailhouse_close(jh);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
