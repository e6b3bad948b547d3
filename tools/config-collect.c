/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jailhouse/generate.h>

#include "commands.h"
#include "tar.h"

/* Larger than any of these files; sysfs has no other end for some. */
#define MAX_SIZE (16 << 20)

struct collect {
	struct cli *cli;
	const char *root;
	FILE *archive;
	size_t count;
	size_t failed;
};

/* Returns an errno. */
static int read_file(const char *path, char **ret_data, size_t *ret_size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	size_t size = 0, room = 0;
	char *data = NULL, *bigger;
	ssize_t ret = fd < 0 ? -1 : 1;
	int error = errno;

	while (ret > 0) {
		if (size == room) {
			room = room ? 2 * room : 4096;
			bigger = room <= MAX_SIZE ? realloc(data, room) : NULL;
			if (!bigger) {
				ret = -1;
				error = room <= MAX_SIZE ? ENOMEM : EFBIG;
				break;
			}
			data = bigger;
		}
		ret = read(fd, data + size, room - size);
		error = errno;
		size += ret > 0 ? (size_t)ret : 0;
	}
	if (fd >= 0)
		close(fd);
	if (ret < 0) {
		free(data);
		return error;
	}
	*ret_data = data;
	*ret_size = size;
	return 0;
}

/* What can't be read is said, and left out. */
static int add_file(void *user, const char *name)
{
	struct collect *collect = user;
	char path[1024], printable[256];
	char *data = NULL;
	size_t size = 0;
	int err;

	if (snprintf(path, sizeof(path), "%s/%s", collect->root, name) >= (int)sizeof(path))
		err = ENAMETOOLONG;
	else
		err = read_file(path, &data, &size);
	if (!err && !tar_add(collect->archive, name, data, size)) {
		free(data);
		err = ENAMETOOLONG;
	} else if (!err) {
		free(data);
		collect->count++;
	}
	if (err) {
		cli_error(collect->cli, "%s: %s%s",
			  cli_printable(name, printable, sizeof(printable)), strerror(err),
			  err == EACCES || err == EPERM ? " (it is for root)" : "");
		collect->failed++;
	}
	return 0;
}

static enum cli_result write_archive(struct collect *collect, const char *target)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	enum cli_result result = CLI_FAILED;
	char *all = NULL;
	size_t size = 0;
	int err;

	collect->archive = open_memstream(&all, &size);
	if (!collect->archive)
		return cli_no_memory(collect->cli);
	err = jailhouse_machine_list_files(collect->root, add_file, collect, &error);
	tar_end(collect->archive);
	if (fclose(collect->archive) != 0)
		result = cli_no_memory(collect->cli);
	else if (err)
		result = cli_report(collect->cli, NULL, &error);
	else if (collect->count == 0)
		cli_error(collect->cli, "there is nothing to collect below %s", collect->root);
	else if (cli_file_write(collect->cli, target, all, size))
		result = collect->failed ? CLI_FAILED : CLI_OK;
	free(all);
	return result;
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	const char *root = cli_args_value(args, 'r');
	struct collect collect = {cli, root ? root : "/", NULL, 0, 0};

	if (!root && geteuid() != 0)
		fprintf(cli->err,
			"note: without the rights of root, addresses in proc/iomem are 0 and PCI "
			"functions incomplete\n");
	return write_archive(&collect, cli_args_word(args, 0));
}

static const struct cli_option options[] = {
	{"root", 'r', true, "DIR", "collect below DIR (default: /)"},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_config_collect = {
	.name = "collect",
	.group = "config",
	.synopsis = "[--root DIR] FILE.TAR",
	.summary = "Pack what \"config create\" has to know of this machine.",
	.details = "Unpack the archive on any machine, and use \"config create --root DIR\" there.",
	.options = options,
	.min_words = 1,
	.max_words = 1,
	.run = run,
};
