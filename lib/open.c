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
	jh->channel.fd = jh_os_open(jh->node, O_RDWR);
	if (jh->channel.fd >= 0)
		return 0;
	jh->fd_error = jh->channel.fd;
	jh->channel.fd = -1;

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

	if (jh->channel.fd >= 0)
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

/* A program that runs with rights that its caller has not is not told by that one what to use. */
static const char *default_uri(void)
{
	const char *uri = secure_getenv("JAILHOUSE_BACKEND");

	return uri && *uri ? uri : NULL;
}

static int open_device(struct jailhouse *jh, struct jailhouse_error *error)
{
	int err = find_arch(jh, error);

	if (!err)
		err = open_node(jh, error);
	return err ? err : choose_backend(jh, error);
}

int jailhouse_open(const char *uri, struct jailhouse **ret_jh, struct jailhouse_error *error)
{
	struct jailhouse *jh;
	struct jh_uri parts;
	int err;

	if (!ret_jh)
		return jh_error_argument(error, "ret_jh is NULL");
	err = jh_uri_parse(uri ? uri : default_uri(), &parts, error);
	if (err)
		return err;
	jh = calloc(1, sizeof(*jh));
	if (!jh) {
		jh_uri_free(&parts);
		return jh_error_no_memory(error);
	}
	jh->node = parts.node;
	jh->sysfs = parts.sysfs;
	jh->channel.fd = -1;
	pthread_mutex_init(&jh->monitor_lock, NULL);
	pthread_mutex_init(&jh->log_lock, NULL);

	err = parts.sim ? jh_sim_open(jh, jh->node, error) : open_device(jh, error);
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
	jailhouse_monitor_close(jh->monitor);
	jh_channel_close(&jh->channel);
	pthread_mutex_destroy(&jh->monitor_lock);
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
	if (!jh->channel.library && jh->channel.fd < 0)
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
			    "%s: the driver behind %s does not support this", what,
			    jh->node ? jh->node : "the simulation");
}

int jh_node_open(struct jailhouse *jh, int flags, struct jh_channel *ret_channel,
		 struct jailhouse_error *error)
{
	int fd = jh_os_open(jh->node, flags);

	if (fd == -EACCES || fd == -EPERM)
		return jh_error_set(error, JAILHOUSE_ERR_PERMISSION, fd, "no permission to open %s",
				    jh->node);
	if (fd < 0)
		return jh_error_set(error, JAILHOUSE_ERR_IO, fd, "opening %s: %s", jh->node,
				    strerror(-fd));
	*ret_channel = (struct jh_channel){.fd = fd};
	return 0;
}
