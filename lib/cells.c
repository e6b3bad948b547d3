/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Snapshots of cells. */
#include <stdlib.h>
#include <string.h>

#include "backend/backend.h"

void jh_copy_name(char *dest, size_t size, const char *src, size_t src_size)
{
	size_t len = strnlen(src, src_size);

	if (len >= size)
		len = size - 1;
	memcpy(dest, src, len);
	memset(dest + len, 0, size - len);
}

struct jailhouse_cell *jh_cell_new(size_t words)
{
	struct jailhouse_cell *cell = calloc(1, sizeof(*cell) + 2 * words * sizeof(uint64_t));

	if (cell)
		cell->words = words;
	return cell;
}

bool jh_ids_append(uint32_t **ids, size_t *count, size_t *room, uint32_t id)
{
	if (*count == *room) {
		size_t new_room = *room ? 2 * *room : 8;
		uint32_t *bigger = realloc(*ids, new_room * sizeof(**ids));

		if (!bigger)
			return false;
		*ids = bigger;
		*room = new_room;
	}
	(*ids)[(*count)++] = id;
	return true;
}

int jailhouse_cell_get_by_id(struct jailhouse *jh, uint32_t id, struct jailhouse_cell **ret_cell,
			     struct jailhouse_error *error)
{
	if (!jh || !ret_cell)
		return jh_error_argument(error, "jh or ret_cell is NULL");
	if (id > INT32_MAX)
		return jh_error_set(error, JAILHOUSE_ERR_NOT_FOUND, 0, "there is no cell %u", id);
	return jh->backend->cell_get(jh, id, NULL, ret_cell, error);
}

int jailhouse_cell_get_by_name(struct jailhouse *jh, const char *name,
			       struct jailhouse_cell **ret_cell, struct jailhouse_error *error)
{
	size_t len;

	if (!jh || !name || !ret_cell)
		return jh_error_argument(error, "jh, name or ret_cell is NULL");
	len = strlen(name);
	if (len == 0)
		return jh_error_argument(error, "the name is empty");
	if (len > 31)
		return jh_error_set(error, JAILHOUSE_ERR_NOT_FOUND, 0,
				    "there is no cell \"%.40s\": names have at most 31 bytes", name);
	return jh->backend->cell_get(jh, 0, name, ret_cell, error);
}

void jailhouse_cell_free(struct jailhouse_cell *cell)
{
	free(cell);
}

/* Fills the list from ids. A cell that vanished meanwhile is left out. */
static int fill_list(struct jailhouse *jh, struct jailhouse_cells *cells, const uint32_t *ids,
		     size_t count, struct jailhouse_error *error)
{
	struct jailhouse_error problem = JAILHOUSE_ERROR_INIT;
	size_t n;
	int err;

	for (n = 0; n < count; n++) {
		err = jh->backend->cell_get(jh, ids[n], NULL, &cells->cell[cells->count],
					    &problem);
		if (err == JAILHOUSE_ERR_NOT_FOUND || err == JAILHOUSE_ERR_NOT_ENABLED)
			continue;
		if (err)
			return jh_error_copy(error, &problem);
		cells->count++;
	}
	return 0;
}

int jailhouse_cells_get(struct jailhouse *jh, struct jailhouse_cells **ret_cells,
			struct jailhouse_error *error)
{
	struct jailhouse_cells *cells;
	uint32_t *ids = NULL;
	size_t count = 0;
	int err;

	if (!jh || !ret_cells)
		return jh_error_argument(error, "jh or ret_cells is NULL");
	err = jh->backend->cell_ids(jh, &ids, &count, error);
	if (err)
		return err;
	cells = calloc(1, sizeof(*cells));
	if (cells)
		cells->cell = calloc(count ? count : 1, sizeof(struct jailhouse_cell *));
	if (!cells || !cells->cell)
		err = jh_error_no_memory(error);
	else
		err = fill_list(jh, cells, ids, count, error);
	free(ids);
	if (err) {
		jailhouse_cells_free(cells);
		return err;
	}
	*ret_cells = cells;
	return 0;
}

void jailhouse_cells_free(struct jailhouse_cells *cells)
{
	size_t n;

	if (!cells)
		return;
	for (n = 0; n < cells->count; n++)
		jailhouse_cell_free(cells->cell[n]);
	free(cells->cell);
	free(cells);
}

size_t jailhouse_cells_get_count(const struct jailhouse_cells *cells)
{
	return cells ? cells->count : 0;
}

const struct jailhouse_cell *jailhouse_cells_get_cell(const struct jailhouse_cells *cells,
						      size_t index)
{
	return cells && index < cells->count ? cells->cell[index] : NULL;
}

uint32_t jailhouse_cell_get_id(const struct jailhouse_cell *cell)
{
	return cell ? cell->id : 0;
}

const char *jailhouse_cell_get_name(const struct jailhouse_cell *cell)
{
	return cell ? cell->name : "";
}

int jailhouse_cell_get_state(const struct jailhouse_cell *cell)
{
	return cell ? cell->state : JAILHOUSE_CELL_STATE_INVALID;
}

uint32_t jailhouse_cell_get_flags(const struct jailhouse_cell *cell)
{
	return cell ? cell->flags : 0;
}

uint32_t jailhouse_cell_get_isolation(const struct jailhouse_cell *cell)
{
	return cell ? cell->isolation : JAILHOUSE_ISOLATION_UNKNOWN;
}

/* `which`: 0 for the assigned CPUs, 1 for the failed ones. */
static size_t copy_mask(const struct jailhouse_cell *cell, unsigned int which, uint64_t *mask,
			size_t num_words)
{
	const uint64_t *source;
	size_t needed = 0;
	size_t n;

	if (!cell || (!mask && num_words))
		return 0;
	source = cell->masks + which * cell->words;
	for (n = 0; n < cell->words; n++)
		if (source[n])
			needed = n + 1;
	for (n = 0; n < num_words; n++)
		mask[n] = n < cell->words ? source[n] : 0;
	return needed;
}

size_t jailhouse_cell_get_cpus(const struct jailhouse_cell *cell, uint64_t *mask, size_t num_words)
{
	return copy_mask(cell, 0, mask, num_words);
}

size_t jailhouse_cell_get_failed_cpus(const struct jailhouse_cell *cell, uint64_t *mask,
				      size_t num_words)
{
	return copy_mask(cell, 1, mask, num_words);
}

const char *jailhouse_state_get_name(int state)
{
	switch (state) {
	case JAILHOUSE_CELL_RUNNING:
		return "running";
	case JAILHOUSE_CELL_RUNNING_LOCKED:
		return "running/locked";
	case JAILHOUSE_CELL_SHUT_DOWN:
		return "shut down";
	case JAILHOUSE_CELL_FAILED:
		return "failed";
	case JAILHOUSE_CELL_FAILED_COMM_REV:
		return "Comm ABI mismatch";
	default:
		return "invalid";
	}
}
