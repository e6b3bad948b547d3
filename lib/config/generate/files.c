/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reading of files below a directory, and of numbers in them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/generate/machine.h"

/* Larger than any of the files that are read here: the largest is a device tree or a DSDT. */
#define MAX_FILE  (8u << 20)
#define MAX_PATH  4096
#define MAX_NAMES 65536

static bool make_path(const char *root, const char *name, char *path)
{
	return snprintf(path, MAX_PATH, "%s/%s", strcmp(root, "/") == 0 ? "" : root, name) <
	       MAX_PATH;
}

static int read_failed(const char *name, int number, struct jailhouse_error *error)
{
	return jh_error_set(error,
			    number == EACCES || number == EPERM ? JAILHOUSE_ERR_PERMISSION
								: JAILHOUSE_ERR_IO,
			    number, "%s: %s", name, strerror(number));
}

/* Up to the end, whatever stat() says: sizes in procfs are 0. Returns 0 or an errno. */
static int read_all(int fd, struct jh_blob *blob)
{
	size_t room = 0;
	uint8_t *bigger;
	ssize_t ret;

	for (;;) {
		if (blob->size + 1 >= room) {
			room = room ? 2 * room : 4096;
			if (room > MAX_FILE)
				return EFBIG;
			bigger = realloc(blob->data, room);
			if (!bigger)
				return ENOMEM;
			blob->data = bigger;
		}
		ret = read(fd, blob->data + blob->size, room - 1 - blob->size);
		if (ret < 0 && errno != EINTR)
			return errno;
		if (ret == 0)
			break;
		if (ret > 0)
			blob->size += (size_t)ret;
	}
	blob->data[blob->size] = 0;
	return 0;
}

int jh_file_read(const char *root, const char *name, bool optional, struct jh_blob *ret_blob,
		 struct jailhouse_error *error)
{
	struct jh_blob blob = {NULL, 0};
	char path[MAX_PATH];
	int fd, err;

	if (!make_path(root, name, path))
		return jh_error_set(error, JAILHOUSE_ERR_IO, ENAMETOOLONG,
				    "%s: the path is too long", name);
	/* A FIFO in a tree from elsewhere must not stop us. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && optional && (errno == ENOENT || errno == ENOTDIR))
		return JAILHOUSE_ERR_NOT_FOUND;
	if (fd < 0)
		return read_failed(name, errno, error);
	err = read_all(fd, &blob);
	close(fd);
	if (err) {
		free(blob.data);
		return err == ENOMEM ? jh_error_no_memory(error) : read_failed(name, err, error);
	}
	*ret_blob = blob;
	return 0;
}

void jh_blob_free(struct jh_blob *blob)
{
	free(blob->data);
	memset(blob, 0, sizeof(*blob));
}

void jh_file_line(const char *root, const char *name, char *line, size_t size)
{
	struct jh_blob blob;
	size_t n;

	line[0] = '\0';
	if (jh_file_read(root, name, true, &blob, NULL) != 0)
		return;
	for (n = 0; n + 1 < size && n < blob.size && blob.data[n] && blob.data[n] != '\n'; n++)
		line[n] = blob.data[n] >= 0x20 && blob.data[n] < 0x7f ? (char)blob.data[n] : '?';
	line[n] = '\0';
	jh_blob_free(&blob);
}

bool jh_file_number(const char *root, const char *name, uint64_t *ret_number)
{
	char line[32];
	char *end;

	jh_file_line(root, name, line, sizeof(line));
	errno = 0;
	*ret_number = strtoull(line, &end, 0);
	return line[0] && *end == '\0' && errno == 0;
}

bool jh_file_exists(const char *root, const char *name)
{
	char path[MAX_PATH];
	struct stat st;

	return make_path(root, name, path) && stat(path, &st) == 0;
}

static int by_name(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

void jh_file_names_free(struct jh_file_names *names)
{
	size_t n;

	for (n = 0; n < names->count; n++)
		free(names->name[n]);
	free(names->name);
	memset(names, 0, sizeof(*names));
}

static bool add_name(struct jh_file_names *names, const char *name)
{
	if (!jh_grow(&names->name, &names->room, names->count, sizeof(*names->name)))
		return false;
	names->name[names->count] = strdup(name);
	return names->name[names->count] && ++names->count;
}

int jh_directory_read(const char *root, const char *name, struct jh_file_names *ret_names,
		      struct jailhouse_error *error)
{
	struct jh_file_names names = {NULL, 0, 0};
	char path[MAX_PATH];
	struct dirent *entry;
	DIR *dir;

	dir = make_path(root, name, path) ? opendir(path) : NULL;
	if (!dir)
		return JAILHOUSE_ERR_NOT_FOUND;
	for (entry = readdir(dir); entry && names.count < MAX_NAMES; entry = readdir(dir)) {
		if (entry->d_name[0] == '.')
			continue;
		if (!add_name(&names, entry->d_name)) {
			closedir(dir);
			jh_file_names_free(&names);
			return jh_error_no_memory(error);
		}
	}
	closedir(dir);
	if (names.count > 1)
		qsort(names.name, names.count, sizeof(*names.name), by_name);
	*ret_names = names;
	return 0;
}

bool jh_directory_is(const char *root, const char *name)
{
	char path[MAX_PATH];
	struct stat st;

	return make_path(root, name, path) && lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool jh_has(const struct jh_bytes *bytes, size_t offset, size_t size)
{
	return offset <= bytes->size && size <= bytes->size - offset;
}

uint16_t jh_le16(const struct jh_bytes *bytes, size_t offset)
{
	return (uint16_t)(bytes->data[offset] | bytes->data[offset + 1] << 8);
}

uint32_t jh_le32(const struct jh_bytes *bytes, size_t offset)
{
	return jh_le16(bytes, offset) | (uint32_t)jh_le16(bytes, offset + 2) << 16;
}

uint64_t jh_le64(const struct jh_bytes *bytes, size_t offset)
{
	return jh_le32(bytes, offset) | (uint64_t)jh_le32(bytes, offset + 4) << 32;
}

int jh_malformed(const struct jh_bytes *bytes, size_t offset, struct jailhouse_error *error,
		 const char *format, ...)
{
	char text[160];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0, "%s: offset %zu: %s", bytes->name,
			    offset, text);
}
