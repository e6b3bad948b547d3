/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* For tests that run on a machine of a server as well. */
#ifndef TESTS_SIM_SERVER_START_H
#define TESTS_SIM_SERVER_START_H

#include <unistd.h>

#include "sim-setup.h"

/* Starts the server at that path. Returns the URI of its machine, or NULL. It puts itself into the
 * background as soon as it can be reached. */
static inline const char *sim_start_server(const char *server)
{
	static char path[64] = "/tmp/jailhouse-test-XXXXXX", uri[128];
	char command[512];

	if (!mkdtemp(path))
		return NULL;
	snprintf(uri, sizeof(uri), "sim:%s/s", path);
	snprintf(command, sizeof(command), "%s --idle-ms 2000 %s/s", server, path);
	return system(command) ? NULL : uri;
}

/* Removes what it left there. For "sim:" there is nothing to be done. */
static inline void sim_remove_directory(const char *uri)
{
	char path[128];

	if (strcmp(uri, "sim:") == 0)
		return;
	snprintf(path, sizeof(path), "%s.lock", uri + 4);
	unlink(path);
	unlink(uri + 4);
	*strrchr(path, '/') = '\0';
	rmdir(path);
}

#endif /* !TESTS_SIM_SERVER_START_H */
