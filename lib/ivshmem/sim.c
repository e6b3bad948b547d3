/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* IVSHMEM devices of the root cell of a simulated machine. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/backend.h"
#include "backend/sim-library.h"
#include "config/parse.h"
#include "ivshmem/device.h"
#include "os.h"

/* ---- looking for them ---- */

static int list_config(const void *data, size_t size,
		       int (*entry)(void *context, const struct jailhouse_ivshmem_info *info),
		       void *context)
{
	const struct jailhouse_pci_device *pci;
	struct jailhouse_ivshmem_info info;
	struct jailhouse_reason reason;
	struct jh_config config;
	int err = 0;
	uint32_t n;

	if (jh_config_parse(data, size, JH_CONFIG_SYSTEM, &config, &reason) != 0)
		return 0;
	pci = config.section[JH_SECTION_PCI_DEVICE].start;
	for (n = 0; n < config.section[JH_SECTION_PCI_DEVICE].count && !err; n++) {
		if (pci[n].type != JAILHOUSE_PCI_TYPE_IVSHMEM)
			continue;
		info = (struct jailhouse_ivshmem_info){
			.size = sizeof(info),
			.access = JAILHOUSE_IVSHMEM_ACCESS_SIM,
			.domain = pci[n].domain,
			.bdf = pci[n].bdf,
			.protocol = pci[n].shmem_protocol,
		};
		err = entry(context, &info);
	}
	return err;
}

/* While it is not enabled there are none. */
int jh_ivshmem_sim_list(struct jailhouse *jh,
			int (*entry)(void *context, const struct jailhouse_ivshmem_info *info),
			void *context, struct jailhouse_error *error)
{
	size_t size = 0;
	void *data;
	int err;

	err = jailhouse_get_system_config(jh, NULL, 0, &size, error);
	if (err == JAILHOUSE_ERR_NOT_ENABLED)
		return 0;
	if (err)
		return err;
	data = malloc(size);
	if (!data)
		return jh_error_no_memory(error);
	err = jailhouse_get_system_config(jh, data, size, &size, error);
	if (!err && list_config(data, size, entry, context) != 0)
		err = jh_error_no_memory(error);
	free(data);
	return err;
}

/* ---- open ---- */

static int refused(const struct jailhouse_ivshmem *device, int err, struct jailhouse_error *error)
{
	switch (err) {
	case -ENODEV:
		return jh_error_set(error, JAILHOUSE_ERR_NO_DEVICE, err,
				    "IVSHMEM device %s is gone: the simulation is disabled",
				    device->name);
	case -EOPNOTSUPP:
		return jh_error_set(error, JAILHOUSE_ERR_NOT_SUPPORTED, err,
				    "IVSHMEM device %s: the simulation can't share its memory, whose "
				    "sections do not follow each other in the machine's memory",
				    device->name);
	case -EIO:
		return jh_error_set(error, JAILHOUSE_ERR_STOPPED, err,
				    "IVSHMEM device %s: the root cell's CPU was stopped",
				    device->name);
	default:
		return jh_error_set(error, JAILHOUSE_ERR_IO, err, "IVSHMEM device %s: %s",
				    device->name, strerror(-err));
	}
}

/* Through a name in /proc, since it is of another process, of the same user. */
static int open_memory(const struct jailhouse_ivshmem *device, const struct jh_sim_link *link,
		       struct jailhouse_error *error)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/fd/%u", link->pid, link->fd);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return jh_error_set(error, JAILHOUSE_ERR_IO, errno,
				    "IVSHMEM device %s: opening %s: %s", device->name, path,
				    strerror(errno));
	return fd;
}

static int map_sections(struct jailhouse_ivshmem *device, const struct jh_sim_link *link, int fd,
			uint32_t id, struct jailhouse_error *error)
{
	uint64_t rw = link->state_table_size, inputs = rw + link->rw_section_size;
	int err = jh_ivshmem_map(device, &device->state_table, fd, 0, rw, false, "the state table",
				 error);

	if (!err)
		err = jh_ivshmem_map(device, &device->rw, fd, rw, link->rw_section_size, true,
				     "the common section", error);
	if (!err)
		err = jh_ivshmem_map(device, &device->inputs, fd, inputs,
				     link->output_section_size * link->max_peers, false,
				     "the output sections", error);
	if (!err)
		err = jh_ivshmem_map(device, &device->output, fd,
				     inputs + link->output_section_size * id,
				     link->output_section_size, true, "the own output section",
				     error);
	return err;
}

static int access_reg(struct jailhouse_ivshmem *device, struct jh_sim_link_reg *q,
		      struct jailhouse_error *error)
{
	int err;

	q->size = sizeof(*q);
	err = jh_channel_ioctl(device->own, JH_SIM_IOC_LINK_REG, q);
	return err ? refused(device, err, error) : 0;
}

static int sim_read(struct jailhouse_ivshmem *device, uint32_t reg, uint32_t *ret_value,
		    struct jailhouse_error *error)
{
	struct jh_sim_link_reg q = {.reg = reg};
	int err = access_reg(device, &q, error);

	if (!err)
		*ret_value = q.value;
	return err;
}

static int sim_write(struct jailhouse_ivshmem *device, uint32_t reg, uint32_t value,
		     struct jailhouse_error *error)
{
	struct jh_sim_link_reg q = {.reg = reg, .value = value, .write = 1};

	return access_reg(device, &q, error);
}

static int sim_open(struct jailhouse_ivshmem *device, struct jailhouse_error *error)
{
	struct jh_sim_link link = {
		.size = sizeof(link),
		.domain = device->info.domain,
		.bdf = device->info.bdf,
	};
	struct jh_channel *channel = calloc(1, sizeof(*channel));
	uint32_t id = 0;
	int err, fd;

	if (!channel)
		return jh_error_no_memory(error);
	err = jh_sim_link_open(device->jh, channel, error);
	if (err) {
		free(channel);
		return err;
	}
	device->own = channel;
	device->fd = channel->fd;
	err = jh_channel_ioctl(channel, JH_SIM_IOC_LINK, &link);
	if (err)
		return refused(device, err, error);
	err = sim_read(device, JAILHOUSE_IVSHMEM_REG_ID, &id, error);
	if (err)
		return err;
	fd = open_memory(device, &link, error);
	if (fd < 0)
		return fd;
	err = map_sections(device, &link, fd, id, error);
	jh_os_close(fd);
	return err;
}

static void sim_close(struct jailhouse_ivshmem *device)
{
	jh_ivshmem_unmap_all(device);
	if (device->own)
		jh_channel_close(device->own);
	free(device->own);
}

/* A byte for each event, as many as were not taken. */
static int sim_take_events(struct jailhouse_ivshmem *device, struct jailhouse_error *error)
{
	char bytes[64];
	ssize_t got;

	do
		got = jh_os_read(device->fd, bytes, sizeof(bytes));
	while (got == (ssize_t)sizeof(bytes));
	/* Nobody writes to it any more. */
	return got == 0 ? refused(device, -ENODEV, error) : 0;
}

const struct jh_ivshmem_ops jh_ivshmem_sim = {
	.open = sim_open,
	.close = sim_close,
	.read = sim_read,
	.write = sim_write,
	.take_events = sim_take_events,
};
