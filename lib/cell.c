/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The life of a cell: create, load, start, shutdown, destroy. */
#include "backend/backend.h"
#include "config/parse.h"

/* Ids travel as signed numbers, of which negative ones mean something else. */
#define MAX_ID ((uint32_t)INT32_MAX)

static int note(struct jailhouse *jh, const char *what, uint32_t id, int ret)
{
	if (ret < 0)
		jh_log(jh, JAILHOUSE_LOG_ERROR, "%s of cell %u failed: %s", what, id,
		       jailhouse_code_get_name(ret));
	else
		jh_log(jh, JAILHOUSE_LOG_INFO, "%s of cell %u done", what, id);
	return ret;
}

static int check_target(struct jailhouse *jh, uint32_t id, struct jailhouse_error *error)
{
	if (!jh)
		return jh_error_argument(error, "jh is NULL");
	if (id > MAX_ID)
		return jh_error_set(error, JAILHOUSE_ERR_NOT_FOUND, 0, "there is no cell %u", id);
	if (id == 0)
		return jh_error_from_reason(
			error,
			&(struct jailhouse_reason){.code = JAILHOUSE_REASON_CELL_IS_ROOT,
						   .item = JAILHOUSE_ITEM_CELL},
			0);
	return 0;
}

int jailhouse_cell_create(struct jailhouse *jh, const void *config, size_t size, uint32_t *ret_id,
			  struct jailhouse_error *error)
{
	struct jh_config parsed;
	uint32_t id = 0;
	int err;

	if (!jh || !config)
		return jh_error_argument(error, "jh or config is NULL");
	err = jh_config_accept(config, size, JH_CONFIG_CELL, jh->arch, &parsed, error);
	if (err)
		return err;
	if (!jh->backend->cell_create)
		return jh_not_supported(jh, "create", error);
	err = note(jh, "create", id, jh->backend->cell_create(jh, config, parsed.size, &id, error));
	if (!err && ret_id)
		*ret_id = id;
	return err;
}

int jailhouse_cell_load(struct jailhouse *jh, uint32_t id, const struct jailhouse_image *images,
			size_t num_images, struct jailhouse_error *error)
{
	size_t n;
	int err = check_target(jh, id, error);

	if (err)
		return err;
	if (!images || num_images == 0 || num_images > JAILHOUSE_MAX_IMAGES)
		return jh_error_argument(error, "num_images must be 1 to 64");
	for (n = 0; n < num_images; n++)
		if (!images[n].data && images[n].size)
			return jh_error_argument(error, "an image has a size but no data");
	if (!jh->backend->cell_load)
		return jh_not_supported(jh, "load", error);
	return note(jh, "load", id, jh->backend->cell_load(jh, id, images, num_images, error));
}

int jailhouse_cell_start(struct jailhouse *jh, uint32_t id, struct jailhouse_error *error)
{
	int err = check_target(jh, id, error);

	if (err)
		return err;
	if (!jh->backend->cell_start)
		return jh_not_supported(jh, "start", error);
	return note(jh, "start", id, jh->backend->cell_start(jh, id, error));
}

int jailhouse_cell_shutdown(struct jailhouse *jh, uint32_t id, struct jailhouse_error *error)
{
	int err = check_target(jh, id, error);

	if (err)
		return err;
	if (!jh->backend->cell_shutdown)
		return jh_not_supported(jh, "shutdown", error);
	return note(jh, "shutdown", id, jh->backend->cell_shutdown(jh, id, error));
}

int jailhouse_cell_destroy(struct jailhouse *jh, uint32_t id, struct jailhouse_error *error)
{
	int err = check_target(jh, id, error);

	if (err)
		return err;
	if (!jh->backend->cell_destroy)
		return jh_not_supported(jh, "destroy", error);
	return note(jh, "destroy", id, jh->backend->cell_destroy(jh, id, error));
}
