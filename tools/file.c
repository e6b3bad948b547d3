/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reading and writing of whole files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

/* Larger than any configuration, image or initial RAM disk that makes sense. */
#define MAX_FILE_SIZE (2ULL << 30)

#define FIRST_ROOM (64 << 10)

static void failed(const struct cli *cli, const char *what, const char *path)
{
	char buffer[256];
	int error = errno;

	cli_error(cli, "%s %s: %s", what, cli_printable(path, buffer, sizeof(buffer)),
		  strerror(error));
}

/*
 * Reads up to the end, whatever stat() may say: pipes and files that grow are read as well. Returns
 * false with errno set.
 */
static bool read_all(int fd, struct cli_file *file)
{
	struct stat status;
	size_t room = 0;
	ssize_t ret;

	/* Not found out by reading all of it */
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > (off_t)MAX_FILE_SIZE) {
		errno = EFBIG;
		return false;
	}
	for (;;) {
		if (file->size == room) {
			unsigned char *bigger;

			room = room ? 2 * room : FIRST_ROOM;
			if (room > MAX_FILE_SIZE) {
				errno = EFBIG;
				return false;
			}
			bigger = realloc(file->data, room);
			if (!bigger)
				return false;
			file->data = bigger;
		}
		ret = read(fd, file->data + file->size, room - file->size);
		if (ret == 0)
			return true;
		if (ret < 0 && errno != EINTR)
			return false;
		if (ret > 0)
			file->size += ret;
	}
}

bool cli_file_read(const struct cli *cli, const char *path, struct cli_file *ret_file)
{
	struct cli_file file = {NULL, 0};
	int fd;

	if (!*path) {
		cli_error(cli, "the name of a file is empty");
		return false;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		failed(cli, "opening", path);
		return false;
	}
	if (!read_all(fd, &file)) {
		failed(cli, "reading", path);
		close(fd);
		cli_file_free(&file);
		return false;
	}
	close(fd);
	*ret_file = file;
	return true;
}

/* Writes all of it. Returns false with errno set. */
static bool write_all(int fd, const unsigned char *data, size_t size)
{
	ssize_t ret;

	while (size > 0) {
		ret = write(fd, data, size);
		if (ret < 0 && errno != EINTR)
			return false;
		if (ret > 0) {
			data += ret;
			size -= ret;
		}
	}
	return true;
}

/*
 * What is no plain file is written as it is: a FIFO, a terminal, /dev/null. The same if a link leads to what has no
 * name. Returns false with errno set.
 */
static bool write_through(const char *path, const void *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY | O_CLOEXEC, 0666);
	bool ok;

	if (fd < 0)
		return false;
	ok = write_all(fd, data, size);
	if (close(fd) != 0)
		ok = false;
	return ok;
}

/* A new file in place of that at the path, if there is one. Returns false with errno set. */
static bool replace(const char *path, const void *data, size_t size)
{
	/* Beside it, but not longer than its name may be */
	const char *slash = strrchr(path, '/');
	int length = slash ? (int)(slash - path) + 1 : 0;
	size_t room = (size_t)length + sizeof(".XXXXXX");
	char *temporary = malloc(room);
	mode_t mask;
	bool ok;
	int fd, error;

	if (!temporary)
		return false;
	snprintf(temporary, room, "%.*s.XXXXXX", length, path);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		free(temporary);
		return false;
	}
	/* mkostemp() gives it to nobody else. */
	mask = umask(0);
	umask(mask);
	ok = write_all(fd, data, size) && fchmod(fd, 0666 & ~mask) == 0;
	if (close(fd) != 0)
		ok = false;
	ok = ok && rename(temporary, path) == 0;
	error = errno;
	if (!ok)
		unlink(temporary);
	free(temporary);
	errno = error;
	return ok;
}

bool cli_file_write(const struct cli *cli, const char *path, const void *data, size_t size)
{
	bool there, is_link;
	struct stat status;
	char *target = NULL;
	bool ok;

	is_link = lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
	there = stat(path, &status) == 0;
	/* A link stays, and what it leads to is replaced. */
	if (is_link && there && S_ISREG(status.st_mode))
		target = realpath(path, NULL);
	if ((there && !S_ISREG(status.st_mode)) || (is_link && !target))
		ok = write_through(path, data, size);
	else
		ok = replace(target ? target : path, data, size);
	if (!ok)
		failed(cli, "writing", path);
	free(target);
	return ok;
}

/* Without links and dots; of a file that is yet to be written, its directory has to be there. Free it; may be NULL. */
static char *canonical(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *full = realpath(path, NULL);
	char *named, *dir;

	if (full)
		return full;
	named = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	dir = named ? realpath(named, NULL) : NULL;
	if (dir && asprintf(&full, "%s/%s", dir, slash ? slash + 1 : path) < 0)
		full = NULL;
	free(named);
	free(dir);
	return full;
}

bool cli_file_is_same(const char *path, const char *other)
{
	char *one = canonical(path), *two = canonical(other);
	bool same = one && two && strcmp(one, two) == 0;

	free(one);
	free(two);
	return same;
}

void cli_file_free(struct cli_file *file)
{
	free(file->data);
	file->data = NULL;
	file->size = 0;
}
