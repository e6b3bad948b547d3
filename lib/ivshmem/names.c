/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Names of links: from a map that `jailhouse config build --map` has written, as configurations
 * have none. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "backend/sysfs.h"
#include "ivshmem/device.h"
#include "os.h"

#define DEFAULT_MAP "etc/jailhouse/links.map"
#define MAX_LINE    1024

/* One line "link NAME ADDRESS ...". Returns false for every other one. */
static bool parse_line(char *line, const char **ret_name, const char **ret_address)
{
	char *save;
	const char *word = strtok_r(line, " \n", &save);

	if (!word || strcmp(word, "link") != 0)
		return false;
	*ret_name = strtok_r(NULL, " \n", &save);
	*ret_address = *ret_name ? strtok_r(NULL, " \n", &save) : NULL;
	return *ret_address != NULL;
}

static void name_link(struct jailhouse_ivshmem_info *info, size_t count, const char *name,
		      const char *address)
{
	uint32_t domain, bdf;
	size_t n;

	if (!jh_ivshmem_parse(address, &domain, &bdf))
		return;
	for (n = 0; n < count; n++)
		if (info[n].domain == domain && info[n].bdf == bdf &&
		    strlen(name) < sizeof(info[n].link))
			strcpy(info[n].link, name);
}

/* A machine that has no map has no names. */
void jh_ivshmem_name_links(struct jailhouse_ivshmem_info *info, size_t count)
{
	char path[JH_SYSFS_PATH], line[MAX_LINE];
	const char *name, *address;
	FILE *map;

	if (!jh_os_root() || !count)
		return;
	snprintf(path, sizeof(path), "%s" DEFAULT_MAP, jh_os_root());
	map = fopen(path, "re");
	if (!map)
		return;
	while (fgets(line, sizeof(line), map))
		if (parse_line(line, &name, &address))
			name_link(info, count, name, address);
	fclose(map);
}

static bool look_up(FILE *map, const char *link, char address[16])
{
	char line[MAX_LINE];
	const char *name, *place;
	uint32_t domain, bdf;

	while (fgets(line, sizeof(line), map))
		if (parse_line(line, &name, &place) && strcmp(name, link) == 0 &&
		    strlen(place) < 16 && jh_ivshmem_parse(place, &domain, &bdf)) {
			strcpy(address, place);
			return true;
		}
	return false;
}

int jh_ivshmem_resolve(const char *name, char address[16], struct jailhouse_error *error)
{
	const char *colon = strrchr(name, ':');
	char path[JH_SYSFS_PATH];
	bool found;
	FILE *map;

	/* All other names are without a slash. */
	if (!colon || !memchr(name, '/', (size_t)(colon - name)))
		return 0;
	if (snprintf(path, sizeof(path), "%.*s", (int)(colon - name), name) >= (int)sizeof(path))
		return jh_error_argument(error, "the name of the map of links is too long");
	map = fopen(path, "re");
	if (!map)
		return jh_error_set(
			error, errno == EACCES ? JAILHOUSE_ERR_PERMISSION : JAILHOUSE_ERR_NOT_FOUND,
			errno, "the map of links %s: %s", path, strerror(errno));
	found = look_up(map, colon + 1, address);
	fclose(map);
	if (found)
		return 1;
	return jh_error_set(error, JAILHOUSE_ERR_NOT_FOUND, 0,
			    "the map of links %s has no link \"%s\"", path, colon + 1);
}
