/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/check-root.h"
#include "internal.h"

#define MAX_FILE   (1u << 20)
#define GROUPS	   "sys/kernel/iommu_groups"
#define PATH_ROOM  1024
/* More than a machine has; ends a tree that somebody made up. */
#define MAX_DEVICES 65536

/* Reads until the end or the limit. */
static int read_open(int fd, char **ret_text, size_t *ret_size)
{
	size_t room = 4096, length = 0;
	char *text = malloc(room);
	char *bigger;
	ssize_t got;

	while (text) {
		got = read(fd, text + length, room - length - 1);
		if (got <= 0)
			break;
		length += (size_t)got;
		if (length + 1 < room)
			continue;
		if (room > MAX_FILE)
			break;
		bigger = realloc(text, room *= 2);
		if (!bigger)
			free(text);
		text = bigger;
	}
	if (!text)
		return JAILHOUSE_ERR_NO_MEMORY;
	text[length] = '\0';
	*ret_text = text;
	*ret_size = length;
	return 0;
}

int jh_root_read(const char *root, const char *path, char **ret_text, size_t *ret_size)
{
	char full[PATH_ROOM];
	int fd = -1, ret;

	*ret_text = NULL;
	*ret_size = 0;
	if (snprintf(full, sizeof(full), "%s/%s", root, path) < (int)sizeof(full))
		fd = open(full, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	ret = read_open(fd, ret_text, ret_size);
	close(fd);
	return ret;
}

struct list {
	struct jh_group_device *device;
	size_t count, room;
};

static bool append(struct list *list, const struct jh_group_device *device)
{
	struct jh_group_device *bigger;
	size_t room = list->room ? 2 * list->room : 64;

	if (list->count == list->room) {
		bigger = realloc(list->device, room * sizeof(*bigger));
		if (!bigger)
			return false;
		list->device = bigger;
		list->room = room;
	}
	list->device[list->count++] = *device;
	return true;
}

/* Appends the devices of a group. */
static bool read_group(const char *root, const char *name, struct list *list)
{
	unsigned int domain, bus, slot, function;
	struct jh_group_device device;
	char path[PATH_ROOM], *end;
	struct dirent *entry;
	bool good = true;
	DIR *dir = NULL;

	device.group = (uint32_t)strtoul(name, &end, 10);
	if (end == name || *end)
		return true;
	if (snprintf(path, sizeof(path), "%s/" GROUPS "/%s/devices", root, name) < (int)sizeof(path))
		dir = opendir(path);
	while (dir && good && list->count < MAX_DEVICES && (entry = readdir(dir)) != NULL) {
		if (sscanf(entry->d_name, "%4x:%2x:%2x.%1x", &domain, &bus, &slot, &function) != 4)
			continue;
		device.domain = (uint16_t)domain;
		device.bdf = (uint16_t)(bus << 8 | (slot & 0x1f) << 3 | (function & 7));
		good = append(list, &device);
	}
	if (dir)
		closedir(dir);
	return good;
}

static int by_group(const void *left, const void *right)
{
	const struct jh_group_device *a = left, *b = right;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	if (a->domain != b->domain)
		return a->domain < b->domain ? -1 : 1;
	return a->bdf < b->bdf ? -1 : a->bdf > b->bdf;
}

int jh_root_groups(const char *root, struct jh_group_device **ret_devices, size_t *ret_count)
{
	struct list list = {NULL, 0, 0};
	char path[PATH_ROOM];
	struct dirent *entry;
	bool good = true;
	DIR *dir = NULL;

	if (snprintf(path, sizeof(path), "%s/" GROUPS, root) < (int)sizeof(path))
		dir = opendir(path);
	while (dir && good && (entry = readdir(dir)) != NULL)
		good = read_group(root, entry->d_name, &list);
	if (dir)
		closedir(dir);
	if (!good) {
		free(list.device);
		return JAILHOUSE_ERR_NO_MEMORY;
	}
	/* Directories have no order. */
	if (list.count > 1)
		qsort(list.device, list.count, sizeof(*list.device), by_group);
	*ret_devices = list.device;
	*ret_count = list.count;
	return 0;
}
