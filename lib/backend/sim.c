/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Simulated machines. All of it is in libjailhouse-sim.so, which is loaded when it is needed first;
 * here are the way to it and the words for its errors. What the backend does is the same as for the
 * driver.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "os.h"
#include "sim-library.h"

/* Whatever the library's directory is, the simulation lies beside it. */
static void *load_beside(void)
{
	static const char name[] = "/" JH_SIM_SONAME;
	const char *slash;
	void *handle = NULL;
	Dl_info info;
	char *path;
	size_t len;

	if (!dladdr((void *)(uintptr_t)jailhouse_open, &info) || !info.dli_fname)
		return NULL;
	slash = strrchr(info.dli_fname, '/');
	if (!slash)
		return NULL;
	len = slash - info.dli_fname;
	path = malloc(len + sizeof(name));
	if (!path)
		return NULL;
	memcpy(path, info.dli_fname, len);
	memcpy(path + len, name, sizeof(name));
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	free(path);
	return handle;
}

/* Stays loaded: its threads and guests may end long after the last connection. */
static const struct jh_sim_library *get_library(struct jailhouse_error *error)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static const struct jh_sim_library *library;
	const struct jh_sim_library *found;
	void *handle;

	pthread_mutex_lock(&lock);
	if (!library) {
		handle = load_beside();
		if (!handle)
			handle = dlopen(JH_SIM_SONAME, RTLD_NOW | RTLD_LOCAL);
		if (handle)
			library = dlsym(handle, JH_SIM_SYMBOL);
		if (handle && (!library || library->abi != JH_SIM_ABI)) {
			library = NULL;
			dlclose(handle);
		}
	}
	found = library;
	pthread_mutex_unlock(&lock);
	if (!found)
		jh_error_set(error, JAILHOUSE_ERR_NO_BACKEND, 0,
			     "the simulation is not installed: %s, which belongs to this library, "
			     "was not found",
			     JH_SIM_SONAME);
	return found;
}

static int refused(const char *path, int err, struct jailhouse_error *error)
{
	switch (err) {
	case -ENOMEM:
		return jh_error_no_memory(error);
	case -ENOENT:
	case -ECONNREFUSED:
	case -ENODEV:
		return jh_error_set(error, JAILHOUSE_ERR_NO_DEVICE, err,
				    "there is no server of a simulation at %s", path);
	case -EPERM:
	case -EACCES:
		return jh_error_set(error, JAILHOUSE_ERR_PERMISSION, err,
				    "the simulation at %s belongs to somebody else", path);
	case -ENAMETOOLONG:
		return jh_error_set(error, JAILHOUSE_ERR_URI, err,
				    "the path of the simulation is too long for a socket: %.80s...",
				    path);
	case -EPROTO:
		return jh_error_set(error, JAILHOUSE_ERR_PROTOCOL, err,
				    "what listens at %s is no simulation of this release", path);
	default:
		return jh_error_set(error, JAILHOUSE_ERR_IO, err,
				    "connecting with the simulation%s%s: %s", path ? " at " : "",
				    path ? path : "", strerror(-err));
	}
}

int jh_sim_open(struct jailhouse *jh, const char *path, struct jailhouse_error *error)
{
	const struct jh_sim_library *library = get_library(error);
	int err;

	if (!library)
		return JAILHOUSE_ERR_NO_BACKEND;
	err = library->open(path, &jh->channel.file);
	if (err)
		return refused(path, err, error);
	jh->channel.library = library;
	jh->arch = JH_ARCH_SIM;
	jh->backend = &jh_backend_sim;
	return 0;
}

static int reopen(struct jailhouse *jh, enum jh_sim_use use, struct jh_channel *ret_channel,
		  struct jailhouse_error *error)
{
	struct jh_channel channel = {.library = jh->channel.library};
	int err = channel.library->reopen(jh->channel.file, use, &channel.file);

	if (err)
		return refused(jh->node, err, error);
	channel.fd = channel.library->get_fd(channel.file);
	*ret_channel = channel;
	return 0;
}

int jh_sim_console_open(struct jailhouse *jh, bool follow, struct jh_channel *ret_channel,
			struct jailhouse_error *error)
{
	return reopen(jh, follow ? JH_SIM_FOLLOW : JH_SIM_CONSOLE, ret_channel, error);
}

int jh_sim_monitor_open(struct jailhouse *jh, struct jh_channel *ret_channel,
			struct jailhouse_error *error)
{
	return reopen(jh, JH_SIM_MONITOR, ret_channel, error);
}

int jh_sim_link_open(struct jailhouse *jh, struct jh_channel *ret_channel,
		     struct jailhouse_error *error)
{
	return reopen(jh, JH_SIM_LINK, ret_channel, error);
}

/* ---- guests ---- */

static bool is_name(const char *name)
{
	size_t len = name ? strlen(name) : 0;

	return len > 0 && len <= JAILHOUSE_SIM_NAME_MAX && strcspn(name, " \t\r\n") == len;
}

int jailhouse_sim_register(const char *name, jailhouse_sim_guest guest, void *user,
			   struct jailhouse_error *error)
{
	const struct jh_sim_library *library;
	int err;

	if (!is_name(name) || !guest)
		return jh_error_argument(
			error, "name is not 1 to 31 bytes without blanks, or guest is NULL");
	library = get_library(error);
	if (!library)
		return JAILHOUSE_ERR_NO_BACKEND;
	err = library->register_guest(name, guest, user);
	if (err == -EEXIST)
		return jh_error_set(error, JAILHOUSE_ERR_EXISTS, err,
				    "there is a guest \"%s\" already", name);
	return err ? jh_error_no_memory(error) : 0;
}

int jailhouse_sim_unregister(const char *name, struct jailhouse_error *error)
{
	const struct jh_sim_library *library;
	int err;

	if (!is_name(name))
		return jh_error_argument(error, "name is not 1 to 31 bytes without blanks");
	library = get_library(error);
	if (!library)
		return JAILHOUSE_ERR_NO_BACKEND;
	err = library->unregister_guest(name);
	if (err == -EBUSY)
		return jh_error_set(error, JAILHOUSE_ERR_BUSY, err,
				    "a cell is loaded with guest \"%s\"", name);
	if (err)
		return jh_error_set(error, JAILHOUSE_ERR_NOT_FOUND, err,
				    "no guest \"%s\" is registered", name);
	return 0;
}

/* ---- the root cell ---- */

static int root_access(struct jailhouse *jh, struct jh_sim_access *access,
		       struct jailhouse_error *error)
{
	int ret;

	if (!jh ||
	    (access->width != 1 && access->width != 2 && access->width != 4 && access->width != 8))
		return jh_error_argument(error, "jh is NULL, or width is not 1, 2, 4 or 8");
	if (!jh->channel.library)
		return jh_not_supported(jh, "an access by the root cell", error);
	access->size = sizeof(*access);
	ret = jh_channel_ioctl(&jh->channel, JH_SIM_IOC_ACCESS, access);
	if (ret < 0 && access->reason.code == JAILHOUSE_REASON_CPU_NOT_IN_SYSTEM)
		return jh_error_set(error, JAILHOUSE_ERR_NOT_FOUND, ret, "there is no CPU %u",
				    access->cpu);
	if (ret < 0 && access->reason.code)
		return jh_error_from_reason(error, &access->reason, ret);
	if (ret == -ENOENT)
		return jh_error_set(error, JAILHOUSE_ERR_NOT_FOUND, ret,
				    "CPU %u does not run the root cell", access->cpu);
	if (ret == -EIO)
		return jh_error_set(error, JAILHOUSE_ERR_STOPPED, ret, "CPU %u was stopped",
				    access->cpu);
	if (ret == -ENODEV)
		return refused(jh->node, ret, error);
	return ret < 0 ? jh_error_set(error, JAILHOUSE_ERR_IO, ret, "access: %s", strerror(-ret))
		       : 0;
}

int jailhouse_sim_root_read(struct jailhouse *jh, uint32_t cpu, uint64_t address, uint32_t width,
			    uint64_t *ret_value, struct jailhouse_error *error)
{
	struct jh_sim_access access = {.cpu = cpu, .address = address, .width = width};
	int err;

	if (!ret_value)
		return jh_error_argument(error, "ret_value is NULL");
	err = root_access(jh, &access, error);
	if (!err)
		*ret_value = access.value;
	return err;
}

int jailhouse_sim_root_write(struct jailhouse *jh, uint32_t cpu, uint64_t address, uint32_t width,
			     uint64_t value, struct jailhouse_error *error)
{
	struct jh_sim_access access = {
		.cpu = cpu, .address = address, .width = width, .write = 1, .value = value};

	return root_access(jh, &access, error);
}
