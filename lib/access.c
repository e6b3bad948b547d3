/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What learning mode has found. */
#include <stdlib.h>
#include <string.h>

#include "backend/backend.h"

/* Size of jailhouse_access in the first release. */
#define ACCESS_SIZE_V1 (offsetof(struct jailhouse_access, direction) + sizeof(uint32_t))

int jailhouse_access_list_get(struct jailhouse *jh, struct jailhouse_access_list **ret_list,
			      struct jailhouse_error *error)
{
	struct jailhouse_access_list *list;
	int err;

	if (!jh || !ret_list)
		return jh_error_argument(error, "jh or ret_list is NULL");
	if (!jh->backend->learned_get)
		return jh_not_supported(jh, "learning mode", error);
	list = calloc(1, sizeof(*list));
	if (!list)
		return jh_error_no_memory(error);
	err = jh->backend->learned_get(jh, list, error);
	if (err) {
		jailhouse_access_list_free(list);
		return err;
	}
	*ret_list = list;
	return 0;
}

void jailhouse_access_list_free(struct jailhouse_access_list *list)
{
	if (!list)
		return;
	free(list->access);
	free(list);
}

size_t jailhouse_access_list_get_count(const struct jailhouse_access_list *list)
{
	return list ? list->count : 0;
}

uint64_t jailhouse_access_list_get_total(const struct jailhouse_access_list *list)
{
	return list ? list->total : 0;
}

int jailhouse_access_list_get_access(const struct jailhouse_access_list *list, size_t index,
				     struct jailhouse_access *ret_access)
{
	const struct jailhouse_learned *from;
	uint32_t size;

	if (!list || index >= list->count || !ret_access || ret_access->size < ACCESS_SIZE_V1)
		return JAILHOUSE_ERR_ARGUMENT;
	from = &list->access[index];
	size = ret_access->size;
	memset(ret_access, 0, size);
	ret_access->size = size;
	ret_access->kind = from->kind;
	ret_access->address = from->address;
	ret_access->count = from->count;
	ret_access->width = from->size;
	ret_access->direction = from->write & (JAILHOUSE_ACCESS_WRITE | JAILHOUSE_ACCESS_READ);
	return 0;
}
