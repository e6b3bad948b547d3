/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reading the driver's sysfs tree; see sysfs.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"
#include "sysfs.h"

/* Reads until the end or until the buffer is full. */
static ssize_t read_all(int fd, char *buffer, size_t size)
{
	size_t have = 0;
	ssize_t ret;

	while (have < size) {
		ret = read(fd, buffer + have, size - have);
		if (ret < 0 && errno == EINTR)
			continue;
		if (ret < 0)
			return -errno;
		if (ret == 0)
			break;
		have += ret;
	}
	return have;
}

static int read_path(char value[JH_SYSFS_VALUE], const char *format, va_list args)
{
	char path[JH_SYSFS_PATH];
	ssize_t len;
	int fd;

	if (vsnprintf(path, sizeof(path), format, args) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read_all(fd, value, JH_SYSFS_VALUE);
	close(fd);
	if (len < 0)
		return len;
	if (len == JH_SYSFS_VALUE)
		return -EOVERFLOW;
	if (len && value[len - 1] == '\n')
		len--;
	value[len] = '\0';
	return 0;
}

int jh_sysfs_read(char value[JH_SYSFS_VALUE], const char *format, ...)
{
	va_list args;
	int err;

	va_start(args, format);
	err = read_path(value, format, args);
	va_end(args);
	return err;
}

/* Digits only: no sign, no blanks. Returns false on overflow as well. */
static bool parse_u64(const char *text, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		unsigned int digit = (unsigned char)*text - '0';

		if (digit > 9 || value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*ret_value = value;
	return true;
}

int jh_sysfs_read_u64(uint64_t *ret_value, const char *format, ...)
{
	char value[JH_SYSFS_VALUE];
	va_list args;
	int err;

	va_start(args, format);
	err = read_path(value, format, args);
	va_end(args);
	if (err)
		return err;
	return parse_u64(value, ret_value) ? 0 : -EINVAL;
}

bool jh_sysfs_number(const char *text, uint32_t max, uint32_t *ret_number)
{
	uint64_t value;

	if (!parse_u64(text, &value) || value > max)
		return false;
	*ret_number = value;
	return true;
}

/* Takes a number from *text. Returns -1 if there is none below JH_MAX_CPUS. */
static int take_cpu(const char **text)
{
	const char *start = *text;
	int value = 0;

	for (; **text >= '0' && **text <= '9'; (*text)++) {
		value = value * 10 + (**text - '0');
		if (value >= JH_MAX_CPUS)
			return -1;
	}
	return *text == start ? -1 : value;
}

int jh_sysfs_parse_cpus(const char *text, uint64_t *mask, size_t words)
{
	int first, last, cpu;
	int end = 0;

	memset(mask, 0, words * sizeof(*mask));
	while (*text) {
		first = take_cpu(&text);
		last = first;
		if (first >= 0 && *text == '-') {
			text++;
			last = take_cpu(&text);
		}
		if (first < 0 || last < first)
			return -EINVAL;
		for (cpu = first; cpu <= last && (size_t)cpu < words * 64; cpu++)
			mask[cpu / 64] |= 1ULL << (cpu % 64);
		if (last >= end)
			end = last + 1;
		if (*text == ',' && text[1])
			text++;
		else if (*text)
			return -EINVAL;
	}
	return end;
}

int jh_sysfs_list(const char *path, int (*entry)(void *context, const char *name), void *context)
{
	DIR *dir = opendir(path);
	struct dirent *next;
	int ret = 0;

	if (!dir)
		return -errno;
	while (ret == 0 && (next = readdir(dir)) != NULL)
		if (next->d_name[0] != '.')
			ret = entry(context, next->d_name);
	closedir(dir);
	return ret;
}
