/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * IVSHMEM devices through vfio-pci, for machines without uio_ivshmem: registers and interrupts by
 * VFIO. The sections are in no BAR, so they come from /dev/mem, at the addresses in the vendor
 * capability.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "ivshmem/device.h"
#include "os.h"

#define NOIOMMU_NODE "vfio/noiommu-"

struct vfio {
	int container, group, device;
	uint64_t config; /* offset of the configuration space in the device's file */
	bool masks;      /* INTx: off after each interrupt, until it is told to go on */
};

/* With the descriptors for the messages that a device can have behind it */
union irq_set {
	struct vfio_irq_set head;
	char bytes[sizeof(struct vfio_irq_set) + JAILHOUSE_IVSHMEM_MAX_VECTORS * sizeof(int32_t)];
};

static int failed(const struct jailhouse_ivshmem *device, const char *what, int err,
		  struct jailhouse_error *error)
{
	int code = err == -EACCES || err == -EPERM ? JAILHOUSE_ERR_PERMISSION
		   : err == -EBUSY                 ? JAILHOUSE_ERR_BUSY
						   : JAILHOUSE_ERR_IO;

	return jh_error_set(error, code, err, "IVSHMEM device %s: VFIO: %s: %s", device->name, what,
			    strerror(-err));
}

/* An ioctl() whose failure ends it all. Returns what it returns, 0 or more, or an error. */
static int ask(const struct jailhouse_ivshmem *device, int fd, unsigned long request, void *arg,
	       const char *what, struct jailhouse_error *error)
{
	int ret = jh_os_ioctl(fd, request, arg);

	return ret < 0 ? failed(device, what, ret, error) : ret;
}

/* ---- container, group, device ---- */

static int open_group(struct jailhouse_ivshmem *device, struct vfio *vfio,
		      struct jailhouse_error *error)
{
	struct vfio_group_status status = {.argsz = sizeof(status)};
	int err;

	vfio->group = jh_ivshmem_open_file(device, O_RDWR, error, "dev/%s", device->info.node);
	if (vfio->group < 0)
		return vfio->group;
	err = ask(device, vfio->group, VFIO_GROUP_GET_STATUS, &status, "state of the group", error);
	if (err < 0)
		return err;
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		return jh_error_set(
			error, JAILHOUSE_ERR_BUSY, 0,
			"IVSHMEM device %s: VFIO: the group %s has functions that are not "
			"bound to vfio-pci",
			device->name, device->info.node);
	return ask(device, vfio->group, VFIO_GROUP_SET_CONTAINER, &vfio->container,
		   "group to container", error);
}

static int open_container(struct jailhouse_ivshmem *device, struct vfio *vfio,
			  struct jailhouse_error *error)
{
	bool fake = strncmp(device->info.node, NOIOMMU_NODE, strlen(NOIOMMU_NODE)) == 0;
	int version, err;

	vfio->container = jh_ivshmem_open_file(device, O_RDWR, error, "dev/vfio/vfio");
	if (vfio->container < 0)
		return vfio->container;
	version = ask(device, vfio->container, VFIO_GET_API_VERSION, NULL, "version", error);
	if (version < 0)
		return version;
	if (version != VFIO_API_VERSION)
		return jh_error_set(error, JAILHOUSE_ERR_NOT_SUPPORTED, 0,
				    "IVSHMEM device %s: version %d of VFIO is not known",
				    device->name, version);
	err = open_group(device, vfio, error);
	if (err < 0)
		return err;
	/* The number itself is the argument. */
	return ask(device, vfio->container, VFIO_SET_IOMMU,
		   (void *)(uintptr_t)(fake ? VFIO_NOIOMMU_IOMMU : VFIO_TYPE1v2_IOMMU),
		   "kind of IOMMU", error);
}

static int get_device(struct jailhouse_ivshmem *device, struct vfio *vfio,
		      struct jailhouse_error *error)
{
	vfio->device =
		ask(device, vfio->group, VFIO_GROUP_GET_DEVICE_FD, device->name, "device", error);
	return vfio->device < 0 ? vfio->device : 0;
}

/* ---- registers and configuration space ---- */

static int get_region(struct jailhouse_ivshmem *device, struct vfio *vfio, uint32_t index,
		      struct vfio_region_info *ret_info, struct jailhouse_error *error)
{
	*ret_info = (struct vfio_region_info){.argsz = sizeof(*ret_info), .index = index};
	return ask(device, vfio->device, VFIO_DEVICE_GET_REGION_INFO, ret_info, "region", error);
}

static int map_registers(struct jailhouse_ivshmem *device, struct vfio *vfio,
			 struct jailhouse_error *error)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	struct vfio_region_info info;
	int err = get_region(device, vfio, VFIO_PCI_BAR0_REGION_INDEX, &info, error);

	if (err < 0)
		return err;
	if (!(info.flags & VFIO_REGION_INFO_FLAG_MMAP) || info.size < page)
		return jh_error_set(
			error, JAILHOUSE_ERR_NOT_SUPPORTED, 0,
			"IVSHMEM device %s: VFIO does not map its registers (0x%llx bytes)",
			device->name, (unsigned long long)info.size);
	return jh_ivshmem_map(device, &device->regs, vfio->device, info.offset, page, true,
			      "the registers", error);
}

static int access_config(struct jailhouse_ivshmem *device, struct vfio *vfio, bool write,
			 uint32_t where, void *data, size_t size, struct jailhouse_error *error)
{
	off_t place = (off_t)(vfio->config + where);
	ssize_t done = write ? pwrite(vfio->device, data, size, place)
			     : pread(vfio->device, data, size, place);

	if (done == (ssize_t)size)
		return 0;
	return failed(device, "configuration space", done < 0 ? -errno : -EIO, error);
}

/* Its memory and messages on; each event disables interrupts. */
static int set_up_config(struct jailhouse_ivshmem *device, struct vfio *vfio,
			 struct jailhouse_ivshmem_vendor_cap *cap, struct jailhouse_error *error)
{
	uint8_t once = JAILHOUSE_IVSHMEM_PRIV_ONESHOT;
	struct vfio_region_info info;
	uint16_t command;
	int err = get_region(device, vfio, VFIO_PCI_CONFIG_REGION_INDEX, &info, error);

	if (err < 0)
		return err;
	vfio->config = info.offset;
	err = access_config(device, vfio, false, PCI_COMMAND, &command, sizeof(command), error);
	command |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	if (!err)
		err = access_config(device, vfio, true, PCI_COMMAND, &command, sizeof(command),
				    error);
	if (!err)
		err = access_config(device, vfio, false, JAILHOUSE_IVSHMEM_CFG_VENDOR_CAP, cap,
				    sizeof(*cap), error);
	if (!err)
		err = access_config(device, vfio, true, JAILHOUSE_IVSHMEM_CFG_PRIV_CNTL, &once,
				    sizeof(once), error);
	return err;
}

/* ---- interrupts ---- */

static int get_irqs(struct jailhouse_ivshmem *device, struct vfio *vfio, uint32_t index,
		    struct vfio_irq_info *ret_info, struct jailhouse_error *error)
{
	*ret_info = (struct vfio_irq_info){.argsz = sizeof(*ret_info), .index = index};
	return ask(device, vfio->device, VFIO_DEVICE_GET_IRQ_INFO, ret_info, "interrupts", error);
}

static int set_up_irqs(struct jailhouse_ivshmem *device, struct vfio *vfio,
		       struct jailhouse_error *error)
{
	struct vfio_irq_info info;
	union irq_set set;
	uint32_t n;
	int err = get_irqs(device, vfio, VFIO_PCI_MSIX_IRQ_INDEX, &info, error);

	if (err >= 0 && !info.count)
		err = get_irqs(device, vfio, VFIO_PCI_INTX_IRQ_INDEX, &info, error);
	if (err < 0)
		return err;
	if (!info.count || !(info.flags & VFIO_IRQ_INFO_EVENTFD))
		return jh_error_set(error, JAILHOUSE_ERR_NOT_SUPPORTED, 0,
				    "IVSHMEM device %s: VFIO: it has no interrupts", device->name);
	device->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (device->fd < 0)
		return failed(device, "eventfd", -errno, error);
	vfio->masks = (info.flags & VFIO_IRQ_INFO_AUTOMASKED) != 0;
	if (info.count > JAILHOUSE_IVSHMEM_MAX_VECTORS)
		info.count = JAILHOUSE_IVSHMEM_MAX_VECTORS;
	set.head = (struct vfio_irq_set){
		.argsz = (uint32_t)(sizeof(set.head) + info.count * sizeof(int32_t)),
		.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
		.index = info.index,
		.count = info.count,
	};
	for (n = 0; n < info.count; n++)
		memcpy(set.head.data + n * sizeof(int32_t), &device->fd, sizeof(int32_t));
	err = ask(device, vfio->device, VFIO_DEVICE_SET_IRQS, &set, "interrupts to a descriptor",
		  error);
	return err < 0 ? err : 0;
}

static int vfio_take_events(struct jailhouse_ivshmem *device, struct jailhouse_error *error)
{
	struct vfio_irq_set set = {
		.argsz = sizeof(set),
		.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_UNMASK,
		.index = VFIO_PCI_INTX_IRQ_INDEX,
		.count = 1,
	};
	struct vfio *vfio = device->own;
	uint64_t count;
	ssize_t got = jh_os_read(device->fd, &count, sizeof(count));
	int err;

	if (got < 0 && got != -EAGAIN && got != -EINTR)
		return failed(device, "events", (int)got, error);
	if (!vfio->masks)
		return 0;
	err = ask(device, vfio->device, VFIO_DEVICE_SET_IRQS, &set, "next interrupt", error);
	return err < 0 ? err : 0;
}

/* ---- open and close ---- */

static int vfio_open(struct jailhouse_ivshmem *device, struct jailhouse_error *error)
{
	struct jailhouse_ivshmem_vendor_cap cap = {0};
	struct vfio *vfio = malloc(sizeof(*vfio));
	int err;

	if (!vfio)
		return jh_error_no_memory(error);
	*vfio = (struct vfio){.container = -1, .group = -1, .device = -1};
	device->own = vfio;
	err = open_container(device, vfio, error);
	if (err >= 0)
		err = get_device(device, vfio, error);
	if (err >= 0)
		err = set_up_config(device, vfio, &cap, error);
	if (err >= 0)
		err = map_registers(device, vfio, error);
	if (err >= 0)
		err = jh_ivshmem_map_sections(device, &cap, error);
	if (err >= 0)
		err = set_up_irqs(device, vfio, error);
	return err < 0 ? err : 0;
}

/* Nobody else can have it open. */
static void vfio_close(struct jailhouse_ivshmem *device)
{
	volatile struct jailhouse_ivshmem_regs *regs = device->regs.base;
	struct vfio *vfio = device->own;

	if (regs) {
		regs->int_control = 0;
		regs->state = 0;
	}
	jh_ivshmem_unmap_all(device);
	if (device->fd >= 0)
		jh_os_close(device->fd);
	if (!vfio)
		return;
	if (vfio->device >= 0)
		jh_os_close(vfio->device);
	if (vfio->group >= 0)
		jh_os_close(vfio->group);
	if (vfio->container >= 0)
		jh_os_close(vfio->container);
	free(vfio);
}

const struct jh_ivshmem_ops jh_ivshmem_vfio = {
	.open = vfio_open,
	.close = vfio_close,
	.take_events = vfio_take_events,
};
