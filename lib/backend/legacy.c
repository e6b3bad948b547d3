/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An old driver: six ioctls that answer with an errno alone. Also taken when the node may not be
 * opened, for looking only; all that can be seen stands in sysfs (legacy-look.c).
 *
 * EINVAL means many things there, among them "not enabled". Where sysfs can tell more, it is asked.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/cell-config.h>
#include <jailhouse/ioctl.h>

#include "legacy.h"
#include "os.h"
#include "sysfs.h"

bool jh_legacy_enabled(struct jailhouse *jh)
{
	uint64_t enabled;

	return jh_sysfs_read_u64(&enabled, "%s/enabled", jh->sysfs) == 0 && enabled;
}

static int refused(struct jailhouse *jh, const char *what, int ret, struct jailhouse_error *error)
{
	struct jailhouse_reason reason = {.error = ret};

	switch (ret) {
	case -EINTR:
		reason.code = JAILHOUSE_REASON_INTERRUPTED;
		return jh_error_from_reason(error, &reason, ret);
	case -EINVAL:
		if (jh_legacy_enabled(jh))
			break;
		reason.code = JAILHOUSE_REASON_NOT_ENABLED;
		return jh_error_from_reason(error, &reason, ret);
	case -ENOENT:
		return jh_error_set(error, JAILHOUSE_ERR_NOT_FOUND, ret, "%s: there is no such cell",
				    what);
	case -EPERM:
		return jh_error_set(error, JAILHOUSE_ERR_DENIED, ret,
				    "%s: denied by this cell, or another cell is locked", what);
	case -EEXIST:
		return jh_error_set(error, JAILHOUSE_ERR_EXISTS, ret,
				    "%s: a cell of this name exists already", what);
	case -EBUSY:
		return jh_error_set(error, JAILHOUSE_ERR_BUSY, ret,
				    "%s: a CPU or another resource is in use or offline", what);
	case -ENOMEM:
	case -E2BIG:
		return jh_error_set(error, JAILHOUSE_ERR_RESOURCES, ret,
				    "%s: the hypervisor's memory or a table is too small", what);
	default:
		break;
	}
	return jh_error_set(error, JAILHOUSE_ERR_REFUSED, ret,
			    "%s: %s; this driver tells no reason, see the kernel log", what,
			    strerror(-ret));
}

/* For the calls that need the node. */
static int call(struct jailhouse *jh, unsigned long request, void *arg)
{
	int ret;

	if (jh->channel.fd < 0)
		return jh->fd_error;
	ret = jh_os_ioctl(jh->channel.fd, request, arg);
	jh_log(jh, JAILHOUSE_LOG_DEBUG, "old ioctl 0x%lx: result %d", request, ret);
	return ret < 0 ? ret : 0;
}

/*
 * The first number of ENABLE has the size of a pointer in it, so that it is another one for programs of 32 bits, and
 * an old driver knows only that of its kernel. Such a program can't tell which kernel it runs on; a number that the
 * driver does not know changes nothing. What the second attempt says counts unless it was the unknown one.
 */
#define ENABLE_64 _IOC(_IOC_WRITE, 0, 0, 8)

int jh_legacy_call_enable(struct jailhouse *jh, unsigned long number, const void *config)
{
	int ret = call(jh, number, (void *)config), again;

	if (number == ENABLE_64 || (ret != -EINVAL && ret != -ENOTTY))
		return ret;
	again = call(jh, ENABLE_64, (void *)config);
	return again == -EINVAL || again == -ENOTTY ? ret : again;
}

static int no_permission(struct jailhouse *jh, struct jailhouse_error *error)
{
	return jh_error_set(error, JAILHOUSE_ERR_PERMISSION, jh->fd_error,
			    "no permission to open %s", jh->node);
}

static int legacy_enable(struct jailhouse *jh, const void *config, uint32_t size, uint32_t flags,
			 struct jailhouse_error *error)
{
	int ret;

	(void)size; /* The old driver trusts the counts. */
	if (jh->channel.fd < 0)
		return no_permission(jh, error);
	if (flags & JAILHOUSE_ENABLE_FLAG_PERMISSIVE)
		return jh_not_supported(jh, "learning mode", error);
	ret = jh_legacy_call_enable(jh, JAILHOUSE_ENABLE, config);
	switch (ret) {
	case 0:
		return 0;
	case -EBUSY:
		if (jh_legacy_enabled(jh))
			return jh_error_set(error, JAILHOUSE_ERR_ENABLED, ret,
					    "the hypervisor runs already");
		break;
	case -ENODEV:
		return jh_error_set(error, JAILHOUSE_ERR_MACHINE, ret,
				    "enable: no usable hardware virtualization, or another device is "
				    "missing");
	case -ENOENT:
		return jh_error_set(error, JAILHOUSE_ERR_MACHINE, ret,
				    "enable: the hypervisor image was not found in the firmware path");
	case -EINVAL:
		return jh_error_set(error, JAILHOUSE_ERR_REFUSED, ret,
				    "enable: %s; this driver tells no reason, see the kernel log",
				    strerror(-ret));
	default:
		break;
	}
	return refused(jh, "enable", ret, error);
}

static int legacy_disable(struct jailhouse *jh, struct jailhouse_error *error)
{
	int ret;

	if (jh->channel.fd < 0)
		return no_permission(jh, error);
	ret = call(jh, JAILHOUSE_DISABLE, NULL);
	return ret ? refused(jh, "disable", ret, error) : 0;
}

/*
 * The old driver does not return the id, and may report success without creating anything. Only sysfs
 * shows what happened.
 */
static int find_created(struct jailhouse *jh, const struct jailhouse_cell_desc *config,
			uint32_t *ret_id, struct jailhouse_error *error)
{
	struct jailhouse_cell *cell;
	char name[sizeof(config->name)];
	int err;

	jh_copy_name(name, sizeof(name), config->name, sizeof(config->name));
	err = jh_legacy_cell_get(jh, 0, name, &cell, error);
	if (err == JAILHOUSE_ERR_NOT_FOUND)
		return jh_error_set(error, JAILHOUSE_ERR_REFUSED, 0,
				    "create: the driver reported success but created no cell \"%s\"",
				    name);
	if (err)
		return err;
	*ret_id = cell->id;
	jailhouse_cell_free(cell);
	return 0;
}

static int legacy_cell_create(struct jailhouse *jh, const void *config, uint32_t size,
			      uint32_t *ret_id, struct jailhouse_error *error)
{
	struct jailhouse_cell_create arg = {
		.config_address = (uintptr_t)config,
		.config_size = size,
	};
	int ret;

	if (jh->channel.fd < 0)
		return no_permission(jh, error);
	ret = call(jh, JAILHOUSE_CELL_CREATE, &arg);
	if (ret)
		return refused(jh, "create", ret, error);
	return find_created(jh, config, ret_id, error);
}

static int legacy_cell_load(struct jailhouse *jh, uint32_t id,
			    const struct jailhouse_image *images, size_t num_images,
			    struct jailhouse_error *error)
{
	struct jailhouse_cell_load *arg;
	size_t n;
	int ret;

	if (jh->channel.fd < 0)
		return no_permission(jh, error);
	arg = calloc(1, sizeof(*arg) + num_images * sizeof(arg->image[0]));
	if (!arg)
		return jh_error_no_memory(error);
	arg->cell_id.id = id;
	arg->num_preload_images = num_images;
	for (n = 0; n < num_images; n++) {
		arg->image[n].source_address = (uintptr_t)images[n].data;
		arg->image[n].size = images[n].size;
		arg->image[n].target_address = images[n].address;
	}
	ret = call(jh, JAILHOUSE_CELL_LOAD, arg);
	free(arg);
	return ret ? refused(jh, num_images ? "load" : "shutdown", ret, error) : 0;
}

static int legacy_cell_shutdown(struct jailhouse *jh, uint32_t id, struct jailhouse_error *error)
{
	return legacy_cell_load(jh, id, NULL, 0, error);
}

static int call_cell(struct jailhouse *jh, unsigned long request, uint32_t id, const char *what,
		     struct jailhouse_error *error)
{
	struct jailhouse_cell_id arg = {.id = id};
	int ret;

	if (jh->channel.fd < 0)
		return no_permission(jh, error);
	ret = call(jh, request, &arg);
	return ret ? refused(jh, what, ret, error) : 0;
}

static int legacy_cell_start(struct jailhouse *jh, uint32_t id, struct jailhouse_error *error)
{
	return call_cell(jh, JAILHOUSE_CELL_START, id, "start", error);
}

static int legacy_cell_destroy(struct jailhouse *jh, uint32_t id, struct jailhouse_error *error)
{
	return call_cell(jh, JAILHOUSE_CELL_DESTROY, id, "destroy", error);
}

static int legacy_console_open(struct jailhouse *jh, bool follow, struct jh_channel *ret_channel,
			       struct jailhouse_error *error)
{
	return jh_node_open(jh, O_RDONLY | (follow ? 0 : O_NONBLOCK), ret_channel, error);
}

const struct jh_backend jh_backend_legacy = {
	.name = "device-legacy",
	.on_host = true,
	.features = JAILHOUSE_FEATURE_MANAGE,
	.enable = legacy_enable,
	.disable = legacy_disable,
	.get_info = jh_legacy_get_info,
	.cell_create = legacy_cell_create,
	.cell_load = legacy_cell_load,
	.cell_start = legacy_cell_start,
	.cell_shutdown = legacy_cell_shutdown,
	.cell_destroy = legacy_cell_destroy,
	.cell_get = jh_legacy_cell_get,
	.cell_ids = jh_legacy_cell_ids,
	.stats_get = jh_legacy_stats_get,
	.console_open = legacy_console_open,
};
