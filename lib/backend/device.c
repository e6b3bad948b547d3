/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Our own driver: everything goes through its ioctls, and each refusal brings its reason. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/ioctl.h>

#include "device.h"
#include "os.h"

JAILHOUSE_STATIC_ASSERT(JAILHOUSE_MAX_IMAGES == JAILHOUSE_IOC_MAX_IMAGES);

int jh_device_call(struct jailhouse *jh, unsigned long request, void *arg,
		   const struct jailhouse_reason *reason, const char *what,
		   struct jailhouse_error *error)
{
	int ret = jh_channel_ioctl(&jh->channel, request, arg);

	jh_log(jh, JAILHOUSE_LOG_DEBUG, "%s: result %d, reason %u", what, ret,
	       ret < 0 ? reason->code : 0);
	if (ret >= 0)
		return 0;
	if (reason->code)
		return jh_error_from_reason(error, reason, ret);
	switch (ret) {
	case -EINTR:
		return jh_error_set(error, JAILHOUSE_ERR_INTERRUPTED, ret,
				    "%s: interrupted by a signal", what);
	case -EPERM:
	case -EACCES:
		return jh_error_set(error, JAILHOUSE_ERR_PERMISSION, ret, "%s: no permission", what);
	case -ENOTTY:
		return jh_error_set(error, JAILHOUSE_ERR_NOT_SUPPORTED, ret,
				    "%s: the driver behind %s does not support this", what,
				    jh->node);
	case -ENODEV:
		return jh_error_set(error, JAILHOUSE_ERR_NO_DEVICE, ret, "%s: the %s is going away",
				    what, jh->channel.library ? "simulation" : "driver");
	case -ENOENT:
		return jh_error_set(error, JAILHOUSE_ERR_NOT_FOUND, ret, "%s: not found", what);
	default:
		return jh_error_set(error, JAILHOUSE_ERR_REFUSED, ret, "%s: %s", what, strerror(-ret));
	}
}

int jh_device_probe(struct jailhouse *jh, struct jailhouse_error *error)
{
	struct jailhouse_ioc_info info = {.size = sizeof(info)};
	int ret = jh_channel_ioctl(&jh->channel, JAILHOUSE_IOC_GET_INFO, &info);

	/* What an old driver says to a number that it does not know. */
	if (ret == -ENOTTY || ret == -EINVAL)
		return 0;
	if (ret < 0)
		return jh_error_set(error, JAILHOUSE_ERR_IO, ret, "asking the driver for its version: %s",
				    strerror(-ret));
	if (info.abi == 0)
		return jh_error_set(error, JAILHOUSE_ERR_PROTOCOL, 0,
				    "the driver behind %s does not tell its version", jh->node);
	return 1;
}

static uint64_t ticks_to_ns(uint64_t ticks, uint32_t khz)
{
	if (!khz)
		return 0;
	/* In two steps, because ticks * 1000000 may not fit. */
	return ticks / khz * 1000000 + ticks % khz * 1000000 / khz;
}

static int device_get_info(struct jailhouse *jh, struct jailhouse_system_info *info,
			   struct jailhouse_error *error)
{
	struct jailhouse_ioc_info from = {.size = sizeof(from)};
	int err = jh_device_call(jh, JAILHOUSE_IOC_GET_INFO, &from, &from.reason, "info", error);

	if (err)
		return err;
	info->enabled = !!(from.state & JAILHOUSE_IOC_ENABLED);
	info->permissive = !!(from.state & JAILHOUSE_IOC_PERMISSIVE);
	info->isolation = info->enabled ? from.isolation : 0;
	info->num_cells = from.num_cells;
	info->max_cpus = from.max_cpus;
	info->driver_abi = from.abi;
	info->mem_pool_size = from.mem_pool_size;
	info->mem_pool_used = from.mem_pool_used;
	info->event_seq = from.event_seq;
	info->learned_total = from.learned_total;
	info->tsc_khz = from.tsc_khz;
	info->core_size = from.core_size;
	info->percpu_size = from.percpu_size;
	info->image_features = from.features;
	info->stop_last_ns = ticks_to_ns(from.stop_last, from.tsc_khz);
	info->stop_max_ns = ticks_to_ns(from.stop_max, from.tsc_khz);
	info->dropped_nmis = from.dropped_nmis;
	info->dropped_pci_writes = from.dropped_pci_writes;
	info->denied_msrs = from.denied_msrs;
	info->suppressed_lines = from.suppressed_lines;
	memcpy(info->build_id, from.build_id, sizeof(info->build_id));
	jh_copy_name(info->driver_version, sizeof(info->driver_version), from.driver_version,
		     sizeof(from.driver_version));
	return 0;
}

static int device_enable(struct jailhouse *jh, const void *config, uint32_t size, uint32_t flags,
			 struct jailhouse_error *error)
{
	struct jailhouse_ioc_enable arg = {
		.size = sizeof(arg),
		.config_address = (uintptr_t)config,
		.config_size = size,
	};

	if (flags & JAILHOUSE_ENABLE_FLAG_PERMISSIVE)
		arg.flags |= JAILHOUSE_IOC_ENABLE_PERMISSIVE;
	return jh_device_call(jh, JAILHOUSE_IOC_ENABLE, &arg, &arg.reason, "enable", error);
}

static int device_disable(struct jailhouse *jh, struct jailhouse_error *error)
{
	struct jailhouse_ioc_disable arg = {.size = sizeof(arg)};

	return jh_device_call(jh, JAILHOUSE_IOC_DISABLE, &arg, &arg.reason, "disable", error);
}

static int device_get_config(struct jailhouse *jh, uint32_t cell, void *buffer, size_t buffer_size,
			     size_t *ret_size, struct jailhouse_error *error)
{
	struct jailhouse_ioc_get_config arg = {
		.size = sizeof(arg),
		.cell = cell,
		.buffer = (uintptr_t)buffer,
		.buffer_size = buffer_size > UINT32_MAX ? UINT32_MAX : buffer_size,
	};
	int err = jh_channel_ioctl(&jh->channel, JAILHOUSE_IOC_GET_CONFIG, &arg);

	/* Without a buffer only the size is wanted. */
	if (err == -ERANGE && buffer)
		return jh_error_set(error, JAILHOUSE_ERR_TOO_SMALL, err,
				    "the configuration has %u bytes, the buffer %zu",
				    arg.config_size, buffer_size);
	if (err == -ERANGE)
		err = 0;
	if (err < 0 && arg.reason.code)
		return jh_error_from_reason(error, &arg.reason, err);
	if (err < 0)
		return jh_error_set(error,
				    err == -ENOENT ? JAILHOUSE_ERR_NOT_FOUND : JAILHOUSE_ERR_REFUSED,
				    err, "reading a configuration back: %s", strerror(-err));
	*ret_size = arg.config_size;
	return 0;
}

static int device_cell_create(struct jailhouse *jh, const void *config, uint32_t size,
			      uint32_t *ret_id, struct jailhouse_error *error)
{
	struct jailhouse_ioc_cell_create arg = {
		.size = sizeof(arg),
		.config_address = (uintptr_t)config,
		.config_size = size,
	};
	int err = jh_device_call(jh, JAILHOUSE_IOC_CELL_CREATE, &arg, &arg.reason, "create", error);

	if (!err)
		*ret_id = arg.id;
	return err;
}

static int device_cell_load(struct jailhouse *jh, uint32_t id,
			    const struct jailhouse_image *images, size_t num_images,
			    struct jailhouse_error *error)
{
	struct jailhouse_preload_image list[JAILHOUSE_IOC_MAX_IMAGES];
	struct jailhouse_ioc_cell_load arg = {
		.size = sizeof(arg),
		.cell_id.id = id,
		.images = (uintptr_t)list,
		.num_images = num_images,
	};
	size_t n;

	for (n = 0; n < num_images; n++)
		list[n] = (struct jailhouse_preload_image){
			.source_address = (uintptr_t)images[n].data,
			.size = images[n].size,
			.target_address = images[n].address,
		};
	return jh_device_call(jh, JAILHOUSE_IOC_CELL_LOAD, &arg, &arg.reason, "load", error);
}

static int call_cell(struct jailhouse *jh, unsigned long request, uint32_t id, const char *what,
		     struct jailhouse_error *error)
{
	struct jailhouse_ioc_cell arg = {.size = sizeof(arg), .cell_id.id = id};

	return jh_device_call(jh, request, &arg, &arg.reason, what, error);
}

static int device_cell_start(struct jailhouse *jh, uint32_t id, struct jailhouse_error *error)
{
	return call_cell(jh, JAILHOUSE_IOC_CELL_START, id, "start", error);
}

static int device_cell_shutdown(struct jailhouse *jh, uint32_t id, struct jailhouse_error *error)
{
	return call_cell(jh, JAILHOUSE_IOC_CELL_SHUTDOWN, id, "shutdown", error);
}

static int device_cell_destroy(struct jailhouse *jh, uint32_t id, struct jailhouse_error *error)
{
	return call_cell(jh, JAILHOUSE_IOC_CELL_DESTROY, id, "destroy", error);
}

static int device_hardware(struct jailhouse *jh, uint32_t cpu, struct jailhouse_ioc_register *regs,
			   uint32_t *count, struct jailhouse_reason *ret_verdict,
			   struct jailhouse_error *error)
{
	struct jailhouse_ioc_hardware arg = {
		.size = sizeof(arg),
		.cpu = cpu,
		.buffer = (uintptr_t)regs,
		.count = *count,
	};
	int err = jh_device_call(jh, JAILHOUSE_IOC_HARDWARE, &arg, &arg.reason, "hardware check", error);

	if (err)
		return err;
	*count = arg.count;
	*ret_verdict = arg.verdict;
	return 0;
}

/* The node once more, for reading in a mode. */
static int open_in_mode(struct jailhouse *jh, int flags, uint32_t mode, const char *what,
			struct jh_channel *ret_channel, struct jailhouse_error *error)
{
	struct jailhouse_ioc_mode arg = {.size = sizeof(arg), .mode = mode};
	struct jh_channel channel;
	int err = jh_node_open(jh, flags, &channel, error);

	if (err)
		return err;
	err = jh_channel_ioctl(&channel, JAILHOUSE_IOC_SET_MODE, &arg);
	if (err < 0) {
		jh_channel_close(&channel);
		return jh_error_set(error, JAILHOUSE_ERR_IO, err, "preparing the %s: %s",
				    what, strerror(-err));
	}
	*ret_channel = channel;
	return 0;
}

static int device_console_open(struct jailhouse *jh, bool follow, struct jh_channel *ret_channel,
			       struct jailhouse_error *error)
{
	return open_in_mode(jh, O_RDONLY | (follow ? 0 : O_NONBLOCK), JAILHOUSE_MODE_EAGAIN, "console",
			    ret_channel, error);
}

static int device_monitor_open(struct jailhouse *jh, struct jh_channel *ret_channel,
			       struct jailhouse_error *error)
{
	return open_in_mode(jh, O_RDONLY, JAILHOUSE_MODE_EVENTS, "monitor", ret_channel, error);
}

/* What works on any channel that knows the driver's ioctls. */
#define DEVICE_OPERATIONS                                                                          \
	.enable = device_enable, .disable = device_disable, .get_info = device_get_info,           \
	.get_config = device_get_config, .cell_create = device_cell_create,                        \
	.cell_load = device_cell_load, .cell_start = device_cell_start,                            \
	.cell_shutdown = device_cell_shutdown, .cell_destroy = device_cell_destroy,                \
	.cell_get = jh_device_cell_get, .cell_ids = jh_device_cell_ids,                            \
	.stats_get = jh_device_stats_get, .record_get = jh_device_record_get,                      \
	.learned_get = jh_device_learned_get
#define DEVICE_FEATURES                                                                            \
	(JAILHOUSE_FEATURE_MANAGE | JAILHOUSE_FEATURE_REASONS | JAILHOUSE_FEATURE_CONFIG |         \
	 JAILHOUSE_FEATURE_FAILURES | JAILHOUSE_FEATURE_LEARNING | JAILHOUSE_FEATURE_POLL |        \
	 JAILHOUSE_FEATURE_INFO | JAILHOUSE_FEATURE_EVENTS)

const struct jh_backend jh_backend_device = {
	.name = "device",
	.on_host = true,
	.features = DEVICE_FEATURES | JAILHOUSE_FEATURE_HARDWARE,
	DEVICE_OPERATIONS,
	.hardware = device_hardware,
	.console_open = device_console_open,
	.monitor_open = device_monitor_open,
};

const struct jh_backend jh_backend_sim = {
	.name = "sim",
	.features = DEVICE_FEATURES,
	DEVICE_OPERATIONS,
	.console_open = jh_sim_console_open,
	.monitor_open = jh_sim_monitor_open,
};
