/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * IVSHMEM devices without a driver: registers through sysfs, sections through /dev/mem, at the addresses in
 * the vendor capability. There are no interrupts; a timer stands in for them.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "backend/sysfs.h"
#include "ivshmem/device.h"
#include "os.h"

#define FUNCTION_DIR "sys/bus/pci/devices/%s/%s"
#define POLL_NS	     1000000

static int read_capability(const struct jailhouse_ivshmem *device,
			   struct jailhouse_ivshmem_vendor_cap *cap, struct jailhouse_error *error)
{
	uint8_t config[JAILHOUSE_IVSHMEM_CFG_SIZE];
	ssize_t got;
	int fd = jh_ivshmem_open_file(device, O_RDONLY, error, FUNCTION_DIR, device->name,
				      "config");

	if (fd < 0)
		return fd;
	got = jh_os_read(fd, config, sizeof(config));
	jh_os_close(fd);
	if (got != sizeof(config))
		return jh_error_set(error, got < 0 ? JAILHOUSE_ERR_IO : JAILHOUSE_ERR_PERMISSION,
				    got < 0 ? (int)got : 0,
				    "IVSHMEM device %s: its configuration space may not be read",
				    device->name);
	memcpy(cap, config + JAILHOUSE_IVSHMEM_CFG_VENDOR_CAP, sizeof(*cap));
	return 0;
}

/* Memory decoding on, then the registers. */
static int map_registers(struct jailhouse_ivshmem *device, struct jailhouse_error *error)
{
	int fd = jh_ivshmem_open_file(device, O_WRONLY, error, FUNCTION_DIR, device->name,
				      "enable");
	int err;

	if (fd < 0)
		return fd;
	if (write(fd, "1", 1) != 1) {
		err = errno;
		jh_os_close(fd);
		return jh_error_set(error, JAILHOUSE_ERR_IO, err,
				    "IVSHMEM device %s can't be enabled: %s", device->name,
				    strerror(err));
	}
	jh_os_close(fd);
	fd = jh_ivshmem_open_file(device, O_RDWR, error, FUNCTION_DIR, device->name, "resource0");
	if (fd < 0)
		return fd;
	err = jh_ivshmem_map(device, &device->regs, fd, 0, (uint64_t)sysconf(_SC_PAGESIZE), true,
			     "the registers", error);
	jh_os_close(fd);
	return err;
}

/* Sections follow each other without gaps. The own id and the number of peers are in the registers. */
static int map_parts(struct jailhouse_ivshmem *device, int fd,
		     const struct jailhouse_ivshmem_vendor_cap *cap,
		     struct jailhouse_error *error)
{
	const volatile struct jailhouse_ivshmem_regs *regs = device->regs.base;
	uint32_t id = regs->id, peers = regs->max_peers;
	uint64_t base = cap->base_address, inputs, limit = UINT64_MAX / 4;
	int err;

	if (peers == 0 || peers > JH_IVSHMEM_MAX_PEERS || id >= peers || base > limit ||
	    cap->rw_section_size > limit || cap->output_section_size > limit / peers)
		return jh_error_set(error, JAILHOUSE_ERR_PROTOCOL, 0,
				    "IVSHMEM device %s: the sizes in its vendor capability make no "
				    "sense",
				    device->name);
	inputs = base + cap->state_table_size + cap->rw_section_size;
	err = jh_ivshmem_map(device, &device->state_table, fd, base, cap->state_table_size, false,
			     "the state table", error);
	if (!err)
		err = jh_ivshmem_map(device, &device->rw, fd, base + cap->state_table_size,
				     cap->rw_section_size, true, "the common section", error);
	if (!err)
		err = jh_ivshmem_map(device, &device->inputs, fd, inputs,
				     cap->output_section_size * peers, false,
				     "the output sections", error);
	if (!err)
		err = jh_ivshmem_map(device, &device->output, fd,
				     inputs + cap->output_section_size * id,
				     cap->output_section_size, true, "the own output section",
				     error);
	return err;
}

int jh_ivshmem_map_sections(struct jailhouse_ivshmem *device,
			    const struct jailhouse_ivshmem_vendor_cap *cap,
			    struct jailhouse_error *error)
{
	int err, fd;

	if (cap->id != 0x09 || cap->length < sizeof(*cap))
		return jh_error_set(error, JAILHOUSE_ERR_PROTOCOL, 0,
				    "IVSHMEM device %s: the vendor capability is missing",
				    device->name);
	fd = jh_ivshmem_open_file(device, O_RDWR, error, "dev/mem");
	if (fd < 0)
		return fd;
	err = map_parts(device, fd, cap, error);
	jh_os_close(fd);
	return err;
}

static int map_all(struct jailhouse_ivshmem *device, struct jailhouse_error *error)
{
	struct jailhouse_ivshmem_vendor_cap cap = {0};
	int err = read_capability(device, &cap, error);

	if (!err)
		err = map_registers(device, error);
	return err ? err : jh_ivshmem_map_sections(device, &cap, error);
}

static int memory_open(struct jailhouse_ivshmem *device, struct jailhouse_error *error)
{
	int err = map_all(device, error);

	if (err)
		return err;
	device->fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (device->fd < 0)
		return jh_error_set(error, JAILHOUSE_ERR_IO, errno, "IVSHMEM device %s: no timer: %s",
				    device->name, strerror(errno));
	if (device->jh)
		jh_log(device->jh, JAILHOUSE_LOG_WARNING,
		       "IVSHMEM device %s: the driver uio_ivshmem is not bound to it, so there are "
		       "no interrupts; it is polled",
		       device->name);
	return 0;
}

static void memory_close(struct jailhouse_ivshmem *device)
{
	if (device->regs.base && device->announced)
		((volatile struct jailhouse_ivshmem_regs *)device->regs.base)->state = 0;
	jh_ivshmem_unmap_all(device);
	if (device->fd >= 0)
		close(device->fd);
}

/* The next event is in a while. */
static int memory_take_events(struct jailhouse_ivshmem *device, struct jailhouse_error *error)
{
	const struct itimerspec soon = {.it_value = {.tv_nsec = POLL_NS}};

	if (timerfd_settime(device->fd, 0, &soon, NULL) == 0)
		return 0;
	return jh_error_set(error, JAILHOUSE_ERR_IO, errno, "IVSHMEM device %s: the timer: %s",
			    device->name, strerror(errno));
}

const struct jh_ivshmem_ops jh_ivshmem_memory = {
	.open = memory_open,
	.close = memory_close,
	.take_events = memory_take_events,
};
