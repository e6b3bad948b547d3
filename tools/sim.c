/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Starts the server of a simulated machine when nobody listens at its socket: the library must not.
 */
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "cli.h"

#define SCHEME "sim:"

extern char **environ;

static bool start_server(const struct cli *cli, const char *path)
{
	const char *other = secure_getenv("JAILHOUSE_SIM_SERVER");
	const char *program = other && *other ? other : CLI_SIM_SERVER;
	char *argv[] = {(char *)program, (char *)path, NULL};
	int status, err;
	pid_t pid;

	err = posix_spawn(&pid, program, NULL, NULL, argv, environ);
	if (err) {
		fprintf(cli->err, "%s: starting %s: %s\n", cli->program, program, strerror(err));
		return false;
	}
	/* It returns when the socket is there, and has told what is wrong otherwise. */
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

const char *cli_sim_uri(const struct cli *cli)
{
	const char *uri = cli->uri ? cli->uri : secure_getenv("JAILHOUSE_BACKEND");

	return uri && strncmp(uri, SCHEME, strlen(SCHEME)) == 0 ? uri + strlen(SCHEME) : NULL;
}

int cli_open(struct cli *cli, struct jailhouse_error *error)
{
	const char *path = cli_sim_uri(cli);
	int err;

	if (cli->jh)
		return 0;
	err = jailhouse_open(cli->uri, &cli->jh, error);
	if (err != JAILHOUSE_ERR_NO_DEVICE || !path || !*path || !start_server(cli, path))
		return err;
	return jailhouse_open(cli->uri, &cli->jh, error);
}
