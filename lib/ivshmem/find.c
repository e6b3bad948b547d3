/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Looking for IVSHMEM devices: PCI functions of this machine, and the cells at their other ends. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/backend.h"
#include "backend/sysfs.h"
#include "config/parse.h"
#include "ivshmem/device.h"
#include "os.h"

#define PCI_DIR	     "sys/bus/pci/devices"
#define CLASS_OTHER  0xff0000u
#define MAX_CONFIG   (1u << 20)

struct jailhouse_ivshmem_list {
	size_t count, room;
	struct jailhouse_ivshmem_info *info;
};

void jh_ivshmem_format(char name[16], const struct jailhouse_ivshmem_info *info)
{
	snprintf(name, 16, "%04x:%02x:%02x.%x", info->domain & 0xffff, info->bdf >> 8 & 0xff,
		 info->bdf >> 3 & 0x1f, info->bdf & 7);
}

static bool append(struct jailhouse_ivshmem_list *list, const struct jailhouse_ivshmem_info *info)
{
	size_t room = list->room ? 2 * list->room : 4;
	void *grown;

	if (list->count == list->room) {
		grown = realloc(list->info, room * sizeof(*info));
		if (!grown)
			return false;
		list->info = grown;
		list->room = room;
	}
	list->info[list->count++] = *info;
	return true;
}

static int append_entry(void *list, const struct jailhouse_ivshmem_info *info)
{
	return append(list, info) ? 0 : -ENOMEM;
}

/* ---- functions of this machine ---- */

#define VFIO_DRIVER "vfio-pci"

struct scan {
	struct jailhouse_ivshmem_list *list;
	const char *function; /* the one that is looked at */
	struct jailhouse_ivshmem_info info;
};

/* All of a text as a hexadecimal number, with or without "0x". */
static bool parse_hex(const char *text, uint32_t *ret_value)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 16);
	if (end == text || *end || errno || value > UINT32_MAX)
		return false;
	*ret_value = (uint32_t)value;
	return true;
}

static bool read_hex(const char *function, const char *file, uint32_t *ret_value)
{
	char value[JH_SYSFS_VALUE];

	return jh_sysfs_read(value, "%s" PCI_DIR "/%s/%s", jh_os_root(), function, file) == 0 &&
	       parse_hex(value, ret_value);
}

/* "0001:00:0e.0", or without the domain. */
bool jh_ivshmem_parse(const char *text, uint32_t *ret_domain, uint32_t *ret_bdf)
{
	unsigned int domain = 0, bus, device, function;
	int end = -1;

	if (sscanf(text, "%4x:%2x:%2x.%1x%n", &domain, &bus, &device, &function, &end) != 4 ||
	    text[end]) {
		domain = 0;
		end = -1;
		if (sscanf(text, "%2x:%2x.%1x%n", &bus, &device, &function, &end) != 3 || text[end])
			return false;
	}
	if (device > 31 || function > 7)
		return false;
	*ret_domain = domain;
	*ret_bdf = bus << 8 | device << 3 | function;
	return true;
}

static int take_node(void *context, const char *name)
{
	struct scan *scan = context;

	if (strncmp(name, "uio", 3) != 0 || strlen(name) >= sizeof(scan->info.node))
		return 0;
	strcpy(scan->info.node, name);
	scan->info.access = JAILHOUSE_IVSHMEM_ACCESS_UIO;
	return 1;
}

/* The last part of the path that a link of a function leads to, or "" if there is none. */
static void read_link(const char *function, const char *link, char *name, size_t size)
{
	char path[JH_SYSFS_PATH], target[JH_SYSFS_PATH];
	const char *last;
	ssize_t length;

	name[0] = '\0';
	if (snprintf(path, sizeof(path), "%s" PCI_DIR "/%s/%s", jh_os_root(), function, link) >=
	    (int)sizeof(path))
		return;
	length = readlink(path, target, sizeof(target) - 1);
	if (length <= 0)
		return;
	target[length] = '\0';
	last = strrchr(target, '/');
	last = last ? last + 1 : target;
	if (strlen(last) < size)
		strcpy(name, last);
}

/* By the driver that is bound to it. That of others is theirs alone: their State register is not to be touched. */
static void look_at_driver(struct scan *scan, const char *function)
{
	struct jailhouse_ivshmem_info *info = &scan->info;
	char driver[sizeof(info->node)], group[16], path[JH_SYSFS_PATH], kind[JH_SYSFS_VALUE];
	bool fake;

	if (snprintf(path, sizeof(path), "%s" PCI_DIR "/%s/uio", jh_os_root(), function) >=
	    (int)sizeof(path))
		return;
	if (jh_sysfs_list(path, take_node, scan) == 1)
		return;
	read_link(function, "driver", driver, sizeof(driver));
	if (!driver[0])
		return;
	if (strcmp(driver, VFIO_DRIVER) != 0) {
		info->access = JAILHOUSE_IVSHMEM_ACCESS_NONE;
		strcpy(info->node, driver);
		return;
	}
	read_link(function, "iommu_group", group, sizeof(group));
	info->access = JAILHOUSE_IVSHMEM_ACCESS_VFIO;
	/* As vfio names the groups that it makes where there is no IOMMU */
	fake = jh_sysfs_read(kind, "%s" PCI_DIR "/%s/iommu_group/name", jh_os_root(), function) == 0 &&
	       strcmp(kind, "vfio-noiommu") == 0;
	snprintf(info->node, sizeof(info->node), "vfio/%s%s", fake ? "noiommu-" : "", group);
}

static int take_function(void *context, const char *name)
{
	struct scan *scan = context;
	uint32_t vendor, device, class;

	if (!read_hex(name, "vendor", &vendor) || vendor != JAILHOUSE_IVSHMEM_VENDOR_ID ||
	    !read_hex(name, "device", &device) || device != JAILHOUSE_IVSHMEM_DEVICE_ID ||
	    !read_hex(name, "class", &class) || (class & 0xff0000) != CLASS_OTHER)
		return 0;
	scan->info = (struct jailhouse_ivshmem_info){
		.size = sizeof(scan->info),
		.access = JAILHOUSE_IVSHMEM_ACCESS_MEMORY,
		.protocol = class & 0xffff,
	};
	if (!jh_ivshmem_parse(name, &scan->info.domain, &scan->info.bdf))
		return 0;
	look_at_driver(scan, name);
	return append(scan->list, &scan->info) ? 0 : -ENOMEM;
}

/* No such directory: no functions. */
static int scan_machine(struct jailhouse_ivshmem_list *list, struct jailhouse_error *error)
{
	struct scan scan = {.list = list};
	char path[JH_SYSFS_PATH];

	if (!jh_os_root())
		return 0;
	snprintf(path, sizeof(path), "%s" PCI_DIR, jh_os_root());
	return jh_sysfs_list(path, take_function, &scan) == -ENOMEM ? jh_error_no_memory(error) : 0;
}

/* ---- the cells at the other ends ---- */

static void add_cell(struct jailhouse_ivshmem_info *info, const char *name)
{
	size_t length = strlen(info->cells);

	if (length + 1 + strlen(name) < sizeof(info->cells))
		snprintf(info->cells + length, sizeof(info->cells) - length, "%s%s",
			 length ? "," : "", name);
}

/* Ends with the same address are on one link, whatever their domains are. */
static void add_ends(struct jailhouse_ivshmem_list *list, const char *cell, const void *data,
		     size_t size)
{
	const struct jailhouse_pci_device *pci;
	struct jailhouse_reason reason;
	struct jh_config config;
	uint32_t n;
	size_t k;

	if (size > UINT32_MAX ||
	    jh_config_parse(data, (uint32_t)size, JH_CONFIG_CELL, &config, &reason) != 0)
		return;
	pci = config.section[JH_SECTION_PCI_DEVICE].start;
	for (n = 0; n < config.section[JH_SECTION_PCI_DEVICE].count; n++)
		for (k = 0; k < list->count; k++)
			if (pci[n].type == JAILHOUSE_PCI_TYPE_IVSHMEM &&
			    pci[n].bdf == list->info[k].bdf)
				add_cell(&list->info[k], cell);
}

static int add_cell_ends(struct jailhouse *jh, const struct jailhouse_cell *cell,
			 struct jailhouse_ivshmem_list *list, struct jailhouse_error *error)
{
	size_t size = 0;
	void *data;

	/* Cells come and go: one that is no longer there has no ends. */
	if (jailhouse_cell_get_id(cell) == 0 ||
	    (jailhouse_cell_get_config(jh, jailhouse_cell_get_id(cell), NULL, 0, &size, NULL) !=
		     0 &&
	     !size) ||
	    size > MAX_CONFIG)
		return 0;
	data = malloc(size);
	if (!data)
		return jh_error_no_memory(error);
	if (jailhouse_cell_get_config(jh, jailhouse_cell_get_id(cell), data, size, &size, NULL) ==
	    0)
		add_ends(list, jailhouse_cell_get_name(cell), data, size);
	free(data);
	return 0;
}

static int name_cells(struct jailhouse *jh, struct jailhouse_ivshmem_list *list,
		      struct jailhouse_error *error)
{
	struct jailhouse_cells *cells;
	int err = 0;
	size_t n;

	if (!jh || !list->count || !(jailhouse_get_features(jh) & JAILHOUSE_FEATURE_CONFIG) ||
	    jailhouse_cells_get(jh, &cells, NULL) != 0)
		return 0;
	for (n = 0; n < jailhouse_cells_get_count(cells) && !err; n++)
		err = add_cell_ends(jh, jailhouse_cells_get_cell(cells, n), list, error);
	jailhouse_cells_free(cells);
	return err;
}

/* ---- public ---- */

static int compare(const void *a, const void *b)
{
	const struct jailhouse_ivshmem_info *x = a, *y = b;

	if (x->domain != y->domain)
		return x->domain < y->domain ? -1 : 1;
	return x->bdf < y->bdf ? -1 : x->bdf > y->bdf;
}

int jailhouse_ivshmem_list_get(struct jailhouse *jh, struct jailhouse_ivshmem_list **ret_list,
			       struct jailhouse_error *error)
{
	struct jailhouse_ivshmem_list *list;
	int err;

	if (!ret_list)
		return jh_error_argument(error, "ret_list is NULL");
	list = calloc(1, sizeof(*list));
	if (!list)
		return jh_error_no_memory(error);
	if (jh && jh->channel.library)
		err = jh_ivshmem_sim_list(jh, append_entry, list, error);
	else
		err = scan_machine(list, error);
	if (!err)
		err = name_cells(jh, list, error);
	if (err) {
		jailhouse_ivshmem_list_free(list);
		return err;
	}
	/* A simulation is another machine. */
	if (!(jh && jh->channel.library))
		jh_ivshmem_name_links(list->info, list->count);
	if (list->count)
		qsort(list->info, list->count, sizeof(*list->info), compare);
	*ret_list = list;
	return 0;
}

void jailhouse_ivshmem_list_free(struct jailhouse_ivshmem_list *list)
{
	if (!list)
		return;
	free(list->info);
	free(list);
}

size_t jailhouse_ivshmem_list_get_count(const struct jailhouse_ivshmem_list *list)
{
	return list ? list->count : 0;
}

static void copy_info(struct jailhouse_ivshmem_info *to, const struct jailhouse_ivshmem_info *from)
{
	uint32_t size = to->size;

	memset(to, 0, size);
	memcpy(to, from, size < sizeof(*from) ? size : sizeof(*from));
	to->size = size;
}

int jailhouse_ivshmem_list_get_info(const struct jailhouse_ivshmem_list *list, size_t index,
				    struct jailhouse_ivshmem_info *ret_info)
{
	if (!list || index >= list->count || !ret_info || ret_info->size < sizeof(uint32_t))
		return JAILHOUSE_ERR_ARGUMENT;
	copy_info(ret_info, &list->info[index]);
	return 0;
}

/* One of the names between commas. */
static bool is_cell_of(const struct jailhouse_ivshmem_info *info, const char *name)
{
	const char *place = info->cells;
	size_t length = strlen(name);

	while (length && (place = strstr(place, name)) != NULL) {
		if ((place == info->cells || place[-1] == ',') &&
		    (!place[length] || place[length] == ','))
			return true;
		place++;
	}
	return false;
}

static bool matches(const struct jailhouse_ivshmem_info *info, const char *name)
{
	uint32_t domain, bdf;

	if (!*name || strcmp(info->node, name) == 0 || strcmp(info->link, name) == 0 ||
	    is_cell_of(info, name))
		return true;
	return jh_ivshmem_parse(name, &domain, &bdf) && domain == info->domain && bdf == info->bdf;
}

static int several(const struct jailhouse_ivshmem_info *a, const struct jailhouse_ivshmem_info *b,
		   const char *name, struct jailhouse_error *error)
{
	char first[16], second[16];

	jh_ivshmem_format(first, a);
	jh_ivshmem_format(second, b);
	return jh_error_set(error, JAILHOUSE_ERR_EXISTS, 0,
			    "there are several IVSHMEM devices \"%s\": %s, %s", name, first, second);
}

/* Whoever names a cell means the link for programs, not that for Ethernet beside it. */
static bool is_for_programs(const struct jailhouse_ivshmem_info *info)
{
	return info->protocol == JAILHOUSE_SHMEM_PROTO_UNDEFINED;
}

static int pick(const struct jailhouse_ivshmem_list *list, const char *name,
		struct jailhouse_ivshmem_info *ret_info, struct jailhouse_error *error)
{
	const struct jailhouse_ivshmem_info *found = NULL, *other = NULL, *info;
	size_t n;

	for (n = 0; n < list->count; n++) {
		info = &list->info[n];
		if (!matches(info, name))
			continue;
		if (!found || (is_for_programs(info) && !is_for_programs(found))) {
			found = info;
			other = NULL;
		} else if (is_for_programs(info) == is_for_programs(found)) {
			other = info;
		}
	}
	if (other)
		return several(found, other, name, error);
	if (!found)
		return jh_error_set(error, JAILHOUSE_ERR_NOT_FOUND, 0,
				    "there is no IVSHMEM device%s%s%s", *name ? " \"" : "", name,
				    *name ? "\"" : "");
	copy_info(ret_info, found);
	return 0;
}

int jailhouse_ivshmem_find(struct jailhouse *jh, const char *name,
			   struct jailhouse_ivshmem_info *ret_info, struct jailhouse_error *error)
{
	struct jailhouse_ivshmem_list *list;
	char address[16];
	int err;

	if (!name || !ret_info || ret_info->size < sizeof(uint32_t))
		return jh_error_argument(error, "name or ret_info is NULL, or has no size");
	err = jh_ivshmem_resolve(name, address, error);
	if (err < 0)
		return err;
	if (err > 0)
		name = address;
	err = jailhouse_ivshmem_list_get(jh, &list, error);
	if (err)
		return err;
	err = pick(list, name, ret_info, error);
	jailhouse_ivshmem_list_free(list);
	return err;
}
