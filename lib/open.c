/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Opening and closing of connections. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/backend.h"
#include "os.h"

/* Opens the node for all; without the right to do so, looking at sysfs must be possible at least. */
static int open_node(struct jailhouse *jh, struct jailhouse_error *error)
{
	jh->fd = jh_os_open(jh->node, O_RDWR);
	if (jh->fd >= 0)
		return 0;
	jh->fd_error = jh->fd;
	jh->fd = -1;

	switch (jh->fd_error) {
	case -EACCES:
	case -EPERM:
		if (access(jh->sysfs, R_OK | X_OK) == 0)
			return 0;
		return jh_error_set(error, JAILHOUSE_ERR_PERMISSION, jh->fd_error,
				    "no permission to open %s", jh->node);
	case -ENOENT:
	case -ENXIO:
	case -ENODEV:
		return jh_error_set(error, JAILHOUSE_ERR_NO_DEVICE, jh->fd_error,
				    "there is no device %s", jh->node);
	default:
		return jh_error_set(error, JAILHOUSE_ERR_IO, jh->fd_error, "opening %s: %s", jh->node,
				    strerror(-jh->fd_error));
	}
}

static int choose_backend(struct jailhouse *jh, struct jailhouse_error *error)
{
	int ret = 0;

	if (jh->fd >= 0)
		ret = jh_device_probe(jh, error);
	if (ret < 0)
		return ret;
	jh->backend = ret ? &jh_backend_device : &jh_backend_legacy;
	return 0;
}

static int find_arch(struct jailhouse *jh, struct jailhouse_error *error)
{
	char machine[65];
	int ret = jh_os_machine(machine, sizeof(machine));

	if (ret < 0)
		return jh_error_set(error, JAILHOUSE_ERR_IO, ret, "uname: %s", strerror(-ret));
	ret = jh_arch_from_machine(machine);
	if (ret < 0)
		return jh_error_set(error, JAILHOUSE_ERR_MACHINE, 0,
				    "machine type \"%s\" is not supported", machine);
	jh->arch = ret;
	return 0;
}

int jailhouse_open(const char *uri, struct jailhouse **ret_jh, struct jailhouse_error *error)
{
	struct jailhouse *jh;
	struct jh_uri parts;
	int err;

	if (!ret_jh)
		return jh_error_argument(error, "ret_jh is NULL");
	err = jh_uri_parse(uri, &parts, error);
	if (err)
		return err;
	jh = calloc(1, sizeof(*jh));
	if (!jh) {
		jh_uri_free(&parts);
		return jh_error_no_memory(error);
	}
	jh->node = parts.node;
	jh->sysfs = parts.sysfs;
	jh->fd = -1;
	pthread_mutex_init(&jh->log_lock, NULL);

	err = find_arch(jh, error);
	if (!err)
		err = open_node(jh, error);
	if (!err)
		err = choose_backend(jh, error);
	if (err) {
		jailhouse_close(jh);
		return err;
	}
	*ret_jh = jh;
	return 0;
}

void jailhouse_close(struct jailhouse *jh)
{
	if (!jh)
		return;
	if (jh->fd >= 0)
		jh_os_close(jh->fd);
	pthread_mutex_destroy(&jh->log_lock);
	free(jh->node);
	free(jh->sysfs);
	free(jh);
}

uint64_t jailhouse_get_features(const struct jailhouse *jh)
{
	uint64_t features;

	if (!jh)
		return 0;
	features = jh->backend->features;
	if (jh->fd < 0)
		features &= ~(uint64_t)JAILHOUSE_FEATURE_MANAGE;
	return features;
}

const char *jailhouse_get_backend_name(const struct jailhouse *jh)
{
	return jh ? jh->backend->name : "";
}

int jh_not_supported(const struct jailhouse *jh, const char *what, struct jailhouse_error *error)
{
	return jh_error_set(error, JAILHOUSE_ERR_NOT_SUPPORTED, 0,
			    "%s: the driver behind %s does not support this", what, jh->node);
}

int jh_node_open(struct jailhouse *jh, int flags, int *ret_fd, struct jailhouse_error *error)
{
	int fd = jh_os_open(jh->node, flags);

	if (fd == -EACCES || fd == -EPERM)
		return jh_error_set(error, JAILHOUSE_ERR_PERMISSION, fd, "no permission to open %s",
				    jh->node);
	if (fd < 0)
		return jh_error_set(error, JAILHOUSE_ERR_IO, fd, "opening %s: %s", jh->node,
				    strerror(-fd));
	*ret_fd = fd;
	return 0;
}
