/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Checking of a configuration against what runs on this machine. */
#include <stdlib.h>

#include <jailhouse/check.h>

#include "backend/backend.h"
#include "config/check.h"
#include "config/parse.h"
#include "os.h"

/* The configurations of system and cells, each in memory of its own. */
struct set {
	size_t count;
	struct jailhouse_config *config; /* one more than there are cells */
	void **data;
};

static void free_set(struct set *set)
{
	size_t n;

	for (n = 0; n < set->count; n++)
		free(set->data[n]);
	free(set->config);
	free(set->data);
}

static int check_set(struct jailhouse *jh, const struct jailhouse_config *configs, size_t count,
		     struct jailhouse_report **ret_report, struct jailhouse_error *error)
{
	struct jailhouse_check_options options = JAILHOUSE_CHECK_OPTIONS_INIT;

	options.root = jh->backend->on_host ? jh_os_root() : NULL;
	return jailhouse_check(configs, count, &options, ret_report, error);
}

int jailhouse_check_enable(struct jailhouse *jh, const void *config, size_t size,
			   struct jailhouse_report **ret_report, struct jailhouse_error *error)
{
	struct jailhouse_config parsed;
	struct jh_config accepted;
	int err;

	if (!jh || !config || !ret_report)
		return jh_error_argument(error, "jh, config or ret_report is NULL");
	err = jh_config_accept(config, size, JH_CONFIG_SYSTEM, jh->arch, &accepted, error);
	if (!err)
		err = jailhouse_config_parse(config, size, &parsed, error);
	return err ? err : check_set(jh, &parsed, 1, ret_report, error);
}

/* As jailhouse_cell_get_config(), in allocated memory. */
static int read_config(struct jailhouse *jh, uint32_t id, void **ret_data, size_t *ret_size,
		       struct jailhouse_error *error)
{
	size_t size = 0;
	void *data;
	int err = id == 0 ? jailhouse_get_system_config(jh, NULL, 0, &size, error)
			  : jailhouse_cell_get_config(jh, id, NULL, 0, &size, error);

	if (err)
		return err;
	data = malloc(size ? size : 1);
	if (!data)
		return jh_error_no_memory(error);
	err = id == 0 ? jailhouse_get_system_config(jh, data, size, ret_size, error)
		      : jailhouse_cell_get_config(jh, id, data, size, ret_size, error);
	if (err) {
		free(data);
		return err;
	}
	*ret_data = data;
	return 0;
}

/* Adds the configuration of a cell, 0: the system. A cell that has gone meanwhile is left out. */
static int add_config(struct jailhouse *jh, uint32_t id, struct set *set,
		      struct jailhouse_error *error)
{
	struct jailhouse_error problem = JAILHOUSE_ERROR_INIT;
	void *data = NULL;
	size_t size = 0;
	int err = read_config(jh, id, &data, &size, &problem);

	if (err == JAILHOUSE_ERR_NOT_FOUND && id != 0)
		return 0;
	if (!err)
		err = jailhouse_config_parse(data, size, &set->config[set->count], &problem);
	if (err) {
		free(data);
		return jh_error_copy(error, &problem);
	}
	set->data[set->count++] = data;
	return 0;
}

/* What the hypervisor has at present, with room for one more. */
static int read_set(struct jailhouse *jh, struct set *set, struct jailhouse_error *error)
{
	struct jailhouse_cells *cells = NULL;
	size_t n, count;
	int err;

	err = jailhouse_cells_get(jh, &cells, error);
	if (err)
		return err;
	count = jailhouse_cells_get_count(cells);
	set->config = calloc(count + 2, sizeof(*set->config));
	set->data = calloc(count + 2, sizeof(*set->data));
	err = set->config && set->data ? add_config(jh, 0, set, error) : jh_error_no_memory(error);
	for (n = 1; !err && n < count; n++)
		err = add_config(jh, jailhouse_cell_get_id(jailhouse_cells_get_cell(cells, n)), set,
				 error);
	jailhouse_cells_free(cells);
	return err;
}

/* Checks the set with the cell at its end, and takes out what is found without it, too. */
static int check_last(struct jailhouse *jh, const struct set *set,
		      struct jailhouse_report **ret_report, struct jailhouse_error *error)
{
	struct jailhouse_report *known, *report;
	int err = check_set(jh, set->config, set->count + 1, &report, error);

	if (err)
		return err;
	if (set->count > 0) {
		err = check_set(jh, set->config, set->count, &known, error);
		if (err) {
			jailhouse_report_free(report);
			return err;
		}
		jh_report_subtract(report, known);
		jailhouse_report_free(known);
	}
	*ret_report = report;
	return 0;
}

int jailhouse_check_create(struct jailhouse *jh, const void *config, size_t size,
			   struct jailhouse_report **ret_report, struct jailhouse_error *error)
{
	struct jailhouse_config alone;
	struct set set = {0, &alone, NULL};
	struct jh_config accepted;
	int err;

	if (!jh || !config || !ret_report)
		return jh_error_argument(error, "jh, config or ret_report is NULL");
	err = jh_config_accept(config, size, JH_CONFIG_CELL, jh->arch, &accepted, error);
	if (err)
		return err;
	if (!jh->backend->get_config) {
		err = jailhouse_config_parse(config, size, &alone, error);
		return err ? err : check_last(jh, &set, ret_report, error);
	}
	set.config = NULL;
	err = read_set(jh, &set, error);
	if (!err)
		err = jailhouse_config_parse(config, size, &set.config[set.count], error);
	if (!err)
		err = check_last(jh, &set, ret_report, error);
	free_set(&set);
	return err;
}
