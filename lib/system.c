/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The hypervisor as a whole: enable, disable, what it tells about itself. */
#include <string.h>

#include <jailhouse/ioctl.h>

#include "backend/backend.h"
#include "config/parse.h"

/* Size of jailhouse_system_info in the first release. */
#define INFO_SIZE_V1                                                                               \
	(offsetof(struct jailhouse_system_info, reserved) + sizeof(uint32_t))

/* Notes a failure for the log. Returns ret as it is. */
static int log_failure(struct jailhouse *jh, const char *what, int ret)
{
	if (ret < 0)
		jh_log(jh, JAILHOUSE_LOG_ERROR, "%s failed: %s", what, jailhouse_code_get_name(ret));
	else
		jh_log(jh, JAILHOUSE_LOG_INFO, "%s done", what);
	return ret;
}

int jailhouse_enable(struct jailhouse *jh, const void *config, size_t size, uint32_t flags,
		     struct jailhouse_error *error)
{
	struct jh_config parsed;
	int err;

	if (!jh || !config)
		return jh_error_argument(error, "jh or config is NULL");
	if (flags & ~(uint32_t)JAILHOUSE_ENABLE_FLAG_PERMISSIVE)
		return jh_error_argument(error, "unknown flag for enable");
	err = jh_config_accept(config, size, JH_CONFIG_SYSTEM, jh->arch, &parsed, error);
	if (err)
		return err;
	if (!jh->backend->enable)
		return jh_not_supported(jh, "enable", error);
	return log_failure(jh, "enable",
			   jh->backend->enable(jh, config, parsed.size, flags, error));
}

int jailhouse_disable(struct jailhouse *jh, struct jailhouse_error *error)
{
	if (!jh)
		return jh_error_argument(error, "jh is NULL");
	if (!jh->backend->disable)
		return jh_not_supported(jh, "disable", error);
	return log_failure(jh, "disable", jh->backend->disable(jh, error));
}

int jailhouse_get_system_info(struct jailhouse *jh, struct jailhouse_system_info *info,
			      struct jailhouse_error *error)
{
	struct jailhouse_system_info mine;
	uint32_t size;
	int err;

	if (!jh || !info)
		return jh_error_argument(error, "jh or info is NULL");
	size = info->size;
	if (size < INFO_SIZE_V1)
		return jh_error_argument(error, "info->size is not set");
	memset(&mine, 0, sizeof(mine));
	err = jh->backend->get_info(jh, &mine, error);
	if (err)
		return err;
	/* A caller of a later release has members that this one does not know. */
	memset(info, 0, size);
	memcpy(info, &mine, size < sizeof(mine) ? size : sizeof(mine));
	info->size = size;
	return 0;
}

int jailhouse_is_enabled(struct jailhouse *jh, struct jailhouse_error *error)
{
	struct jailhouse_system_info info = JAILHOUSE_SYSTEM_INFO_INIT;
	int err = jailhouse_get_system_info(jh, &info, error);

	return err ? err : (int)info.enabled;
}

static int get_config(struct jailhouse *jh, uint32_t cell, void *buffer, size_t buffer_size,
		      size_t *ret_size, struct jailhouse_error *error)
{
	if (!jh || !ret_size)
		return jh_error_argument(error, "jh or ret_size is NULL");
	if (!buffer && buffer_size)
		return jh_error_argument(error, "buffer is NULL but has a size");
	if (!jh->backend->get_config)
		return jh_not_supported(jh, "reading a configuration back", error);
	return jh->backend->get_config(jh, cell, buffer, buffer_size, ret_size, error);
}

int jailhouse_get_system_config(struct jailhouse *jh, void *buffer, size_t buffer_size,
				size_t *ret_size, struct jailhouse_error *error)
{
	return get_config(jh, JAILHOUSE_IOC_SYSTEM_CONFIG, buffer, buffer_size, ret_size, error);
}

int jailhouse_cell_get_config(struct jailhouse *jh, uint32_t id, void *buffer, size_t buffer_size,
			      size_t *ret_size, struct jailhouse_error *error)
{
	if (id == 0 || id == JAILHOUSE_IOC_SYSTEM_CONFIG)
		return jh_error_argument(error, "id is that of the root cell or impossible");
	return get_config(jh, id, buffer, buffer_size, ret_size, error);
}
