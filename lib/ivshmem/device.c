/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Open IVSHMEM devices. What is particular to a way of reaching one is behind its operations. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "backend/backend.h"
#include "backend/sysfs.h"
#include "ivshmem/device.h"
#include "os.h"

/* ---- for the ways ---- */

int jh_ivshmem_open_file(const struct jailhouse_ivshmem *device, int flags,
			 struct jailhouse_error *error, const char *format, ...)
{
	char path[JH_SYSFS_PATH];
	int length, fd;
	va_list args;

	length = snprintf(path, sizeof(path), "%s", jh_os_root());
	va_start(args, format);
	vsnprintf(path + length, sizeof(path) - (size_t)length, format, args);
	va_end(args);
	fd = jh_os_open(path, flags);
	if (fd >= 0)
		return fd;
	if (fd == -EACCES || fd == -EPERM)
		return jh_error_set(error, JAILHOUSE_ERR_PERMISSION, fd,
				    "IVSHMEM device %s: no permission to open %s", device->name,
				    path);
	return jh_error_set(error, fd == -ENOENT ? JAILHOUSE_ERR_NO_DEVICE : JAILHOUSE_ERR_IO, fd,
			    "IVSHMEM device %s: opening %s: %s", device->name, path, strerror(-fd));
}

int jh_ivshmem_map(const struct jailhouse_ivshmem *device, struct jh_section *section, int fd,
		   uint64_t offset, uint64_t size, bool writable, const char *what,
		   struct jailhouse_error *error)
{
	void *base = MAP_FAILED;

	if (size == 0)
		return 0;
	errno = EOVERFLOW;
	if (size <= SIZE_MAX / 2 && (uint64_t)(off_t)offset == offset)
		base = mmap(NULL, (size_t)size, PROT_READ | (writable ? PROT_WRITE : 0), MAP_SHARED,
			    fd, (off_t)offset);
	if (base == MAP_FAILED)
		return jh_error_set(error,
				    errno == EPERM ? JAILHOUSE_ERR_PERMISSION : JAILHOUSE_ERR_IO,
				    errno, "IVSHMEM device %s: mapping %s (0x%llx bytes at 0x%llx): %s",
				    device->name, what, (unsigned long long)size,
				    (unsigned long long)offset, strerror(errno));
	section->base = base;
	section->size = size;
	return 0;
}

void jh_ivshmem_unmap(struct jh_section *section)
{
	if (section->base)
		munmap(section->base, (size_t)section->size);
	section->base = NULL;
}

void jh_ivshmem_unmap_all(struct jailhouse_ivshmem *device)
{
	jh_ivshmem_unmap(&device->regs);
	jh_ivshmem_unmap(&device->state_table);
	jh_ivshmem_unmap(&device->rw);
	jh_ivshmem_unmap(&device->inputs);
	jh_ivshmem_unmap(&device->output);
}

/* ---- registers ---- */

static int read_reg(struct jailhouse_ivshmem *device, uint32_t reg, uint32_t *ret_value,
		    struct jailhouse_error *error)
{
	if (device->ops->read)
		return device->ops->read(device, reg, ret_value, error);
	*ret_value = *(volatile uint32_t *)((char *)device->regs.base + reg);
	return 0;
}

/* All that was written to memory before is there first. */
static int write_reg(struct jailhouse_ivshmem *device, uint32_t reg, uint32_t value,
		     struct jailhouse_error *error)
{
	__sync_synchronize();
	if (device->ops->write)
		return device->ops->write(device, reg, value, error);
	*(volatile uint32_t *)((char *)device->regs.base + reg) = value;
	return 0;
}

/* ---- open and close ---- */

static const struct jh_ivshmem_ops *const ways[] = {
	[JAILHOUSE_IVSHMEM_ACCESS_UIO] = &jh_ivshmem_uio,
	[JAILHOUSE_IVSHMEM_ACCESS_MEMORY] = &jh_ivshmem_memory,
	[JAILHOUSE_IVSHMEM_ACCESS_SIM] = &jh_ivshmem_sim,
	[JAILHOUSE_IVSHMEM_ACCESS_VFIO] = &jh_ivshmem_vfio,
};

static int contradiction(const struct jailhouse_ivshmem *device, const char *what, uint64_t value,
			 struct jailhouse_error *error)
{
	return jh_error_set(error, JAILHOUSE_ERR_PROTOCOL, 0,
			    "IVSHMEM device %s contradicts itself: %s 0x%llx", device->name, what,
			    (unsigned long long)value);
}

/* Nothing that comes from the device is used as an index before it was looked at here. */
static int check(struct jailhouse_ivshmem *device, struct jailhouse_error *error)
{
	if (device->max_peers < 1 || device->max_peers > JH_IVSHMEM_MAX_PEERS)
		return contradiction(device, "number of peers", device->max_peers, error);
	if (device->id >= device->max_peers)
		return contradiction(device, "own id", device->id, error);
	if (device->state_table.size / sizeof(uint32_t) < device->max_peers)
		return contradiction(device, "bytes of the state table", device->state_table.size,
				     error);
	device->output_size = device->output.size;
	if (device->inputs.size != device->output_size * device->max_peers)
		return contradiction(device, "bytes of all output sections", device->inputs.size,
				     error);
	return 0;
}

static int open_device(struct jailhouse_ivshmem *device, struct jailhouse_error *error)
{
	int err;

	if (!device->ops)
		return jh_error_set(error, JAILHOUSE_ERR_BUSY, 0,
				    "IVSHMEM device %s: the driver %s has it", device->name,
				    device->info.node);
	err = device->ops->open(device, error);
	if (!err)
		err = read_reg(device, JAILHOUSE_IVSHMEM_REG_ID, &device->id, error);
	if (!err)
		err = read_reg(device, JAILHOUSE_IVSHMEM_REG_MAX_PEERS, &device->max_peers, error);
	return err ? err : check(device, error);
}

int jailhouse_ivshmem_open(struct jailhouse *jh, const char *name,
			   struct jailhouse_ivshmem **ret_device, struct jailhouse_error *error)
{
	struct jailhouse_ivshmem *device;
	int err;

	if (!ret_device)
		return jh_error_argument(error, "ret_device is NULL");
	device = calloc(1, sizeof(*device));
	if (!device)
		return jh_error_no_memory(error);
	device->jh = jh;
	device->fd = -1;
	device->info.size = sizeof(device->info);
	err = jailhouse_ivshmem_find(jh, name, &device->info, error);
	if (!err) {
		jh_ivshmem_format(device->name, &device->info);
		device->ops = ways[device->info.access];
		err = open_device(device, error);
	}
	if (err) {
		jailhouse_ivshmem_close(device);
		return err;
	}
	*ret_device = device;
	return 0;
}

void jailhouse_ivshmem_close(struct jailhouse_ivshmem *device)
{
	if (!device)
		return;
	if (device->ops)
		device->ops->close(device);
	free(device);
}

uint32_t jailhouse_ivshmem_get_access(const struct jailhouse_ivshmem *device)
{
	return device ? device->info.access : 0;
}

uint32_t jailhouse_ivshmem_get_id(const struct jailhouse_ivshmem *device)
{
	return device ? device->id : 0;
}

uint32_t jailhouse_ivshmem_get_max_peers(const struct jailhouse_ivshmem *device)
{
	return device ? device->max_peers : 0;
}

/* ---- memory ---- */

static void *give(void *base, uint64_t size, size_t *ret_size)
{
	if (ret_size)
		*ret_size = base ? (size_t)size : 0;
	return base;
}

const uint32_t *jailhouse_ivshmem_get_state_table(const struct jailhouse_ivshmem *device,
						  size_t *ret_count)
{
	if (!device)
		return give(NULL, 0, ret_count);
	return give(device->state_table.base, device->max_peers, ret_count);
}

void *jailhouse_ivshmem_get_rw_section(const struct jailhouse_ivshmem *device, size_t *ret_size)
{
	return device ? give(device->rw.base, device->rw.size, ret_size) : give(NULL, 0, ret_size);
}

const void *jailhouse_ivshmem_get_input(const struct jailhouse_ivshmem *device, uint32_t peer,
					size_t *ret_size)
{
	if (!device || peer >= device->max_peers || !device->inputs.base)
		return give(NULL, 0, ret_size);
	return give((char *)device->inputs.base + device->output_size * peer, device->output_size,
		    ret_size);
}

void *jailhouse_ivshmem_get_output(const struct jailhouse_ivshmem *device, size_t *ret_size)
{
	if (!device)
		return give(NULL, 0, ret_size);
	return give(device->output.base, device->output.size, ret_size);
}

/* ---- states and doorbells ---- */

static int check_peer(const struct jailhouse_ivshmem *device, uint32_t peer,
		      struct jailhouse_error *error)
{
	if (!device)
		return jh_error_argument(error, "device is NULL");
	if (peer >= device->max_peers)
		return jh_error_set(error, JAILHOUSE_ERR_ARGUMENT, 0,
				    "IVSHMEM device %s: there is no peer %u, ids are below %u",
				    device->name, peer, device->max_peers);
	return 0;
}

int jailhouse_ivshmem_get_state(const struct jailhouse_ivshmem *device, uint32_t peer,
				uint32_t *ret_state, struct jailhouse_error *error)
{
	int err = check_peer(device, peer, error);

	if (err || !ret_state)
		return err ? err : jh_error_argument(error, "ret_state is NULL");
	*ret_state = __atomic_load_n((const uint32_t *)device->state_table.base + peer,
				     __ATOMIC_ACQUIRE);
	return 0;
}

int jailhouse_ivshmem_set_state(struct jailhouse_ivshmem *device, uint32_t state,
				struct jailhouse_error *error)
{
	if (!device)
		return jh_error_argument(error, "device is NULL");
	device->announced = true;
	return write_reg(device, JAILHOUSE_IVSHMEM_REG_STATE, state, error);
}

int jailhouse_ivshmem_ring(struct jailhouse_ivshmem *device, uint32_t peer, uint32_t vector,
			   struct jailhouse_error *error)
{
	int err = check_peer(device, peer, error);

	if (err)
		return err;
	if (vector >= JAILHOUSE_IVSHMEM_MAX_VECTORS)
		return jh_error_set(error, JAILHOUSE_ERR_ARGUMENT, 0,
				    "IVSHMEM device %s: there is no vector %u, they are below %u",
				    device->name, vector, JAILHOUSE_IVSHMEM_MAX_VECTORS);
	return write_reg(device, JAILHOUSE_IVSHMEM_REG_DOORBELL,
			 JAILHOUSE_IVSHMEM_DOORBELL(peer, vector), error);
}

int jailhouse_ivshmem_get_fd(const struct jailhouse_ivshmem *device)
{
	return device ? device->fd : -1;
}

int jailhouse_ivshmem_arm(struct jailhouse_ivshmem *device, struct jailhouse_error *error)
{
	int err;

	if (!device)
		return jh_error_argument(error, "device is NULL");
	err = device->ops->take_events(device, error);
	if (!err)
		err = write_reg(device, JAILHOUSE_IVSHMEM_REG_INT_CTRL,
				JAILHOUSE_IVSHMEM_INT_ENABLE, error);
	__sync_synchronize();
	return err;
}

int jailhouse_ivshmem_wait(struct jailhouse_ivshmem *device, int timeout_ms,
			   struct jailhouse_error *error)
{
	short revents = 0;
	int ret;

	if (!device)
		return jh_error_argument(error, "device is NULL");
	ret = jh_os_poll(device->fd, POLLIN, timeout_ms, &revents);
	if (ret == -EINTR)
		return jh_error_set(error, JAILHOUSE_ERR_INTERRUPTED, ret,
				    "IVSHMEM device %s: a signal came", device->name);
	if (ret < 0)
		return jh_error_set(error, JAILHOUSE_ERR_IO, ret,
				    "IVSHMEM device %s: waiting: %s", device->name, strerror(-ret));
	if (ret > 0 && !(revents & POLLIN))
		return jh_error_set(error, JAILHOUSE_ERR_NO_DEVICE, 0,
				    "IVSHMEM device %s is gone", device->name);
	return ret;
}
