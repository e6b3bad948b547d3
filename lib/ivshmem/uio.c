/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* IVSHMEM devices through the driver uio_ivshmem: maps by name, events by read(). */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/sysfs.h"
#include "ivshmem/device.h"
#include "os.h"

#define MAX_MAPS 5
#define MAPS_DIR "sys/class/uio/%s/maps/map%u/%s"

/* In the order of the driver; what is empty is left out there. */
struct map {
	const char *name;
	size_t section; /* offset in the device */
	bool writable, optional;
};

static const struct map maps[] = {
	{"registers", offsetof(struct jailhouse_ivshmem, regs), true, false},
	{"state_table", offsetof(struct jailhouse_ivshmem, state_table), false, false},
	{"rw_section", offsetof(struct jailhouse_ivshmem, rw), true, true},
	{"input_sections", offsetof(struct jailhouse_ivshmem, inputs), false, true},
	{"output_section", offsetof(struct jailhouse_ivshmem, output), true, true},
};

static int damaged(const struct jailhouse_ivshmem *device, unsigned int map, const char *file,
		   int sys_errno, struct jailhouse_error *error)
{
	return jh_error_set(error, JAILHOUSE_ERR_PROTOCOL, sys_errno,
			    "IVSHMEM device %s: /" MAPS_DIR " makes no sense", device->name,
			    device->info.node, map, file);
}

/* 0x1000, also as the kernel pads it with zeros. */
static int read_number(const struct jailhouse_ivshmem *device, unsigned int map, const char *file,
		       uint64_t *ret_value, struct jailhouse_error *error)
{
	char value[JH_SYSFS_VALUE], *end;
	int err = jh_sysfs_read(value, "%s" MAPS_DIR, jh_os_root(), device->info.node, map, file);

	if (err)
		return damaged(device, map, file, err, error);
	errno = 0;
	*ret_value = strtoull(value, &end, 16);
	if (end == value || *end || errno || value[0] == '-')
		return damaged(device, map, file, 0, error);
	return 0;
}

/* The section starts somewhere in the first page. */
static int map_one(struct jailhouse_ivshmem *device, const struct map *map, unsigned int number,
		   struct jailhouse_error *error)
{
	struct jh_section *section = (void *)((char *)device + map->section);
	uint64_t size = 0, page = (uint64_t)sysconf(_SC_PAGESIZE);
	int err = read_number(device, number, "size", &size, error);

	if (err)
		return err;
	if (size < JAILHOUSE_IVSHMEM_REG_STATE + sizeof(uint32_t))
		return damaged(device, number, "size", 0, error);
	return jh_ivshmem_map(device, section, device->fd, number * page, size, map->writable,
			      map->name, error);
}

/* What a map is, its name says: their numbers depend on what the device has. */
static int map_all(struct jailhouse_ivshmem *device, struct jailhouse_error *error)
{
	char name[JH_SYSFS_VALUE];
	unsigned int number = 0;
	size_t n;
	int err;

	for (n = 0; n < JH_ARRAY_SIZE(maps); n++) {
		err = jh_sysfs_read(name, "%s" MAPS_DIR, jh_os_root(), device->info.node, number,
				    "name");
		if (!err && strcmp(name, maps[n].name) == 0) {
			err = map_one(device, &maps[n], number++, error);
			if (err)
				return err;
		} else if (!maps[n].optional) {
			return jh_error_set(error, JAILHOUSE_ERR_PROTOCOL, err,
					    "IVSHMEM device %s: map %u of %s is not \"%s\"",
					    device->name, number, device->info.node, maps[n].name);
		}
	}
	return 0;
}

static int uio_open(struct jailhouse_ivshmem *device, struct jailhouse_error *error)
{
	int fd = jh_ivshmem_open_file(device, O_RDWR | O_NONBLOCK, error, "dev/%s",
				      device->info.node);

	if (fd < 0)
		return fd;
	device->fd = fd;
	return map_all(device, error);
}

static void uio_close(struct jailhouse_ivshmem *device)
{
	jh_ivshmem_unmap_all(device);
	if (device->fd >= 0)
		jh_os_close(device->fd);
}

static int uio_take_events(struct jailhouse_ivshmem *device, struct jailhouse_error *error)
{
	uint32_t count;
	ssize_t ret = jh_os_read(device->fd, &count, sizeof(count));

	if (ret >= 0 || ret == -EAGAIN || ret == -EINTR)
		return 0;
	return jh_error_set(error, ret == -EIO ? JAILHOUSE_ERR_NO_DEVICE : JAILHOUSE_ERR_IO,
			    (int)ret, "IVSHMEM device %s: reading %s: %s", device->name,
			    device->info.node, strerror((int)-ret));
}

const struct jh_ivshmem_ops jh_ivshmem_uio = {
	.open = uio_open,
	.close = uio_close,
	.take_events = uio_take_events,
};
