/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <fcntl.h>
#include <stdlib.h>

#include "cli.h"

/*
 * Who has closed a standard descriptor gets one that refuses its use. Else it would be taken by what is opened next: a
 * connection, which would be read as standard input, or get what is printed.
 */
static void keep_standard_descriptors(void)
{
	static const int refuses[] = {O_WRONLY, O_RDONLY, O_RDONLY};
	int fd;

	for (fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", refuses[fd]) != fd)
			exit(CLI_FAILED);
}

int main(int argc, char **argv)
{
	keep_standard_descriptors();
	return cli_main(argc, argv, stdout, stderr);
}
